"""A table as CSV that reads back as the same table: UTF-8, RFC 4180, days in ISO 8601, and nothing told by guesses.

Null is a cell with nothing in it; an empty text is `""`. The items of a list are joined by `;`: a semicolon or backslash in an item has a
backslash before it, an empty item is `\\e`, a null one `\\N`, and a list without items is `""`.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eventcode.errors import DatasetError, Problem, refuse

if TYPE_CHECKING:
    import pyarrow as pa

ROWS = 65_536  # written at a time
SPECIAL = '[",\r\n]'
_PART = re.compile(r"(?:[^;\\]|\\.)*", re.DOTALL)


def write(path: Path, table: pa.Table) -> None:
    """The table into a file that is not there yet; columns are text, numbers, truth, days and lists of text."""
    with path.open("wb") as file:
        file.write((",".join(_quoted(name) for name in table.column_names) + "\r\n").encode())
        for start in range(0, table.num_rows, ROWS):
            file.write(_lines(table.slice(start, ROWS).combine_chunks()))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"' if not name or re.search(SPECIAL, name) else name


def _lines(table: pa.Table) -> bytes:
    import pyarrow.compute as pc

    cells = [_cells(column.combine_chunks()) for column in table.columns]
    rows = pc.binary_join_element_wise(*cells, _scalar(","))
    lines = pc.binary_join_element_wise(rows, _scalar(""), _scalar("\r\n"))
    length, data = pc.sum(pc.binary_length(lines)).as_py(), lines.buffers()[2]
    return (
        bytes(memoryview(data)[:length]) if length else b""
    )  # the texts of an array lie one after the other


def _scalar(text: str) -> Any:
    import pyarrow as pa

    return pa.scalar(text, pa.large_string())


def _cells(values: pa.Array) -> pa.Array:
    """The cells of a column: nothing for null, quoted where RFC 4180 asks for it and where a text is empty."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_list(values.type):
        texts = pa.array([_joined(value) for value in values.to_pylist()], pa.large_string())
    elif pa.types.is_string(values.type):
        texts = values.cast(pa.large_string())
    else:
        return pc.fill_null(values.cast(pa.string()).cast(pa.large_string()), _scalar(""))
    special = pc.or_(pc.match_substring_regex(texts, SPECIAL), pc.equal(texts, ""))
    doubled = pc.replace_substring(texts, '"', '""')
    quoted = pc.binary_join_element_wise(_scalar('"'), doubled, _scalar('"'), _scalar(""))
    return pc.fill_null(pc.if_else(special, quoted, texts), _scalar(""))


def _joined(value: list[str | None] | None) -> str | None:
    return None if value is None else ";".join(_item(item) for item in value)


def _item(item: str | None) -> str:
    if item is None:
        return "\\N"
    return item.replace("\\", "\\\\").replace(";", "\\;") if item else "\\e"


# ── reading ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def read(path: Path, schema: pa.Schema) -> pa.Table:
    """The table that was written; DatasetError where the file has other columns, or a value is not of its column's type."""
    import pyarrow as pa
    from pyarrow import csv

    data = path.read_bytes()
    try:
        texts = csv.read_csv(
            io.BytesIO(data),
            read_options=csv.ReadOptions(use_threads=False, block_size=max(1 << 20, len(data) + 1)),
            parse_options=csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
            convert_options=csv.ConvertOptions(
                column_types=dict.fromkeys(schema.names, pa.string()), null_values=[""], strings_can_be_null=True,
                quoted_strings_can_be_null=False,
            ),
        )  # fmt: skip
    except pa.ArrowException as error:
        raise DatasetError(f"{path} is no CSV: {str(error).splitlines()[0]}", "export it again") from error
    if texts.column_names != schema.names:
        raise DatasetError(
            f"{path} has the columns {', '.join(texts.column_names)}",
            f"its schema has {', '.join(schema.names)}",
        )
    problems: list[Problem] = []
    columns = [_typed(texts[field.name], field, path, problems) for field in schema]
    refuse(DatasetError, f"{path} is not what its schema says", problems)
    return pa.table(columns, schema=schema)


def _typed(texts: Any, field: pa.Field, path: Path, problems: list[Problem]) -> Any:
    import pyarrow as pa

    if pa.types.is_list(field.type):
        return pa.array([items(text) for text in texts.to_pylist()], field.type)
    try:
        return texts.cast(field.type)
    except pa.ArrowException as error:
        problems.append(
            Problem(str(error).splitlines()[0], f"it holds {field.type}", path.name, path=field.name)
        )
        return pa.nulls(len(texts), field.type)


def items(text: str | None) -> list[str | None] | None:
    """The list that a cell holds."""
    if text is None:
        return None
    if not text:
        return []
    parts, at = [], 0
    while at <= len(text):
        found = _PART.match(text, at)
        assert found is not None
        parts.append(found[0])
        at = found.end() + 1
    return [_plain(part) for part in parts]


def _plain(part: str) -> str | None:
    if part in ("\\e", "\\N"):
        return "" if part == "\\e" else None
    return re.sub(r"\\(.)", r"\1", part, flags=re.DOTALL)


# ── the types beside it ───────────────────────────────────────────────────────────────────────────────────────────────

DIALECT = {
    "delimiter": ",",
    "lineTerminator": "\r\n",
    "quoteChar": '"',
    "doubleQuote": True,
    "header": True,
    "skipInitialSpace": False,
}
LISTS = {"type": "list", "itemType": "string", "delimiter": ";", "escape": "\\"}


def resource(described: Mapping[str, Any], schema: pa.Schema) -> dict[str, Any]:
    """A resource of a data package for a table as CSV, from the one that describes it as Parquet (or from its columns alone)."""
    known = {field["name"]: field for field in described.get("schema", {}).get("fields", ())}
    fields = [_field(known.get(column.name, {"name": column.name}), column.type) for column in schema]
    kept = {
        key: value
        for key, value in described.items()
        if key not in ("format", "mediatype", "path", "bytes", "hash", "contentHash")
    }
    return {
        **kept, "format": "csv", "mediatype": "text/csv", "encoding": "utf-8", "dialect": DIALECT,
        "schema": {**described.get("schema", {}), "fields": fields, "missingValues": [""]},
    }  # fmt: skip


def _field(known: Mapping[str, Any], kind: pa.DataType) -> dict[str, Any]:
    types = {
        "string": "string",
        "int64": "integer",
        "double": "number",
        "bool": "boolean",
        "date32[day]": "date",
    }
    if not str(kind).startswith("list"):
        return {**known, "type": types[str(kind)]}
    constraints = {k: v for k, v in known.get("constraints", {}).items() if k != "jsonSchema"}
    plain = {key: value for key, value in known.items() if key != "constraints"}
    return {**plain, **LISTS, **({"constraints": constraints} if constraints else {})}


def schema_of(resource: Mapping[str, Any]) -> pa.Schema:
    """The Arrow schema of a table from its resource."""
    import pyarrow as pa

    kinds = {"string": pa.string(), "integer": pa.int64(), "number": pa.float64(), "boolean": pa.bool_(), "date": pa.date32(),
             "list": pa.list_(pa.string())}  # fmt: skip
    return pa.schema([(field["name"], kinds[field["type"]]) for field in resource["schema"]["fields"]])
