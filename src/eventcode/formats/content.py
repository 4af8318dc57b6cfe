"""The content hash of a table: what it says, whatever program, version or machine wrote the file.

Version 1, so that anybody can compute it in any language:

1. Columns: first those of the primary key, in its order, then all others by name in the order of code points.
2. Each row becomes a JSON array of its cells in that order, written as RFC 8785 (JCS) writes it: no spaces, UTF-8, the shortest
   escapes, numbers in their shortest form. A cell is written as

   | cell | written |
   |---|---|
   | null | `null`; so is a list without members, which means the same here. An empty text is `""`, and not null |
   | text, code | a string in Unicode NFC |
   | whole number | its decimal digits |
   | number | the shortest digits that read back as the same 64-bit float, as RFC 8785 has it: `0.1`, `1` for 1.0, `1e+21`; −0.0 is `0` |
   | truth | `true`, `false` |
   | date | `"2025-06-16"` |
   | time | in UTC to the microsecond, `"2025-06-16T10:00:00.000000Z"`; without a zone it is taken as UTC |
   | list of texts | an array of strings in NFC; all but the column `via` are sets: sorted by code point, each member once |

3. The first line is the RFC 8785 form of `{"columns":[…],"key":[…],"version":1}` with the names in the order of step 1.
4. The rows' lines follow, sorted as UTF-8 bytes; as they begin with the primary key, that puts them in its order.
5. Every line ends in one line feed. The hash is `sha256:` and the hexadecimal sha256 of all these bytes.

NaN and the infinities have no place in a table and are refused. Types, chunks, encodings, labels and other metadata do not enter:
a table read back from CSV with its nulls intact has the hash of its Parquet file.
"""

from __future__ import annotations

import hashlib
import json
import math
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from eventcode.errors import DatasetError
from eventcode.identity import canonical_json

if TYPE_CHECKING:
    import pyarrow as pa

VERSION = 1
ORDERED = ("via",)  # the lists that are no sets
CHUNK = 65_536  # rows serialised at a time

Write = Callable[[Any], str]
_JSON = json.JSONEncoder(ensure_ascii=False).encode  # of a text, the same as RFC 8785


def content_hash(table: pa.Table, key: Sequence[str]) -> str:
    """The content hash of a table with the primary key `key`, as the module describes it.

    Raises DatasetError for NaN, infinities, a missing key column, a column twice, and types that no table of events has.
    """
    names = _order(table.column_names, key)
    total = hashlib.sha256(_header(names, key))
    for part in _lines(table.select(names), key):
        total.update(part.encode())
    return f"sha256:{total.hexdigest()}"


def _order(names: Sequence[str], key: Sequence[str]) -> list[str]:
    missing = [name for name in key if name not in names]
    if missing:
        raise DatasetError(
            f"the key column '{missing[0]}' is not in the table", f"it has: {', '.join(names)}"
        )
    if len({*names}) < len(names):
        raise DatasetError("a column stands twice in the table", "rename one of them")
    return [*key, *sorted(name for name in names if name not in key)]


def _header(names: Sequence[str], key: Sequence[str]) -> bytes:
    return canonical_json({"columns": [*names], "key": [*key], "version": VERSION}) + b"\n"


def _lines(table: pa.Table, key: Sequence[str]) -> Iterator[str]:
    """The rows' lines, sorted, in parts. Only the keys are sorted as a whole; rows are laid out a part at a time."""
    import pyarrow as pa
    import pyarrow.compute as pc

    end = "," if table.num_columns > len(key) else "]"
    heads = pa.chunked_array(_rows(table.select([*key]), end) if key else [], pa.string())
    if not key or pc.count_distinct(heads).as_py() < len(heads):
        yield "".join(sorted(line for part in _rows(table) for line in part.to_pylist()))
        return
    order, wide = pc.sort_indices(heads), _widened(table)
    for start in range(0, len(order), CHUNK):
        for part in _rows(wide.take(order.slice(start, CHUNK))):
            yield "".join(part.to_pylist())


def _widened(table: pa.Table) -> pa.Table:
    """The table with room for more than 2 GB of text in a column, so that rows can be picked in any order."""
    import pyarrow as pa

    fields = [f.with_type(pa.large_string()) if pa.types.is_string(f.type) else f for f in table.schema]
    return table.cast(pa.schema(fields))


def _rows(table: pa.Table, end: str = "]") -> Iterator[pa.Array]:
    """The lines of a table, in its order, in parts of CHUNK rows."""
    import pyarrow as pa
    import pyarrow.compute as pc

    writers = [_writer(field.type, field.name) for field in table.schema]
    for start in range(0, table.num_rows, CHUNK):
        part = table.slice(start, CHUNK)
        cells = [_cells(part, i, write) for i, write in enumerate(writers)]
        body = pc.binary_join_element_wise(*cells, ",") if len(cells) > 1 else cells[0]
        yield pc.binary_join_element_wise(pa.scalar("["), body, pa.scalar(f"{end}\n"), "")


def _cells(table: pa.Table, i: int, write: Write) -> pa.Array:
    """The cells of a column as JSON texts; a value that repeats is written once."""
    import pyarrow as pa

    column, name = table.column(i), table.column_names[i]
    if write in (ordered, unordered):
        known = {value: write(value) if value else "null" for value in {*map(_tuple, column.to_pylist())}}
        return pa.array([known[_tuple(value)] for value in column.to_pylist()], pa.string())
    encoded = _instants(column, name).combine_chunks().dictionary_encode()
    encoded = encoded.combine_chunks() if isinstance(encoded, pa.ChunkedArray) else encoded
    try:
        texts = pa.array([write(value) for value in encoded.dictionary.to_pylist()], pa.string())
    except ValueError as error:
        raise DatasetError(_where(error, table, i), "write null where there is no number") from None
    return texts.take(encoded.indices).fill_null("null")


def _tuple(value: list[Any] | None) -> tuple[Any, ...]:
    return tuple(value or ())


def _instants(column: pa.ChunkedArray, name: str) -> pa.ChunkedArray:
    """Times in UTC, to the microsecond; other columns as they are, without a dictionary."""
    import pyarrow as pa

    if pa.types.is_dictionary(column.type):
        return column.cast(column.type.value_type)
    if not pa.types.is_timestamp(column.type):
        return column
    try:
        return column.cast(pa.timestamp("us", "UTC"))
    except pa.ArrowInvalid as error:
        raise DatasetError(
            f"column '{name}' holds a time finer than a microsecond", "round it first"
        ) from error


def _where(error: ValueError, table: pa.Table, i: int) -> str:
    """Which cell is no number, and the first cell of its row, which is the key's."""
    values = table.column(i).to_pylist()
    bad = next(row for row, value in enumerate(values) if value is not None and not math.isfinite(value))
    key = f" in the row with {table.column_names[0]} '{table.column(0)[bad].as_py()}'" if i else ""
    return f"column '{table.column_names[i]}' holds {error}{key}"


def _writer(kind: pa.DataType, name: str) -> Write:
    """How the cells of an Arrow type are written."""
    import pyarrow as pa

    is_ = pa.types
    if is_.is_dictionary(kind):
        return _writer(kind.value_type, name)
    if is_.is_string(kind) or is_.is_large_string(kind) or str(kind) == "string_view":
        return text
    listed = is_.is_list(kind) or is_.is_large_list(kind) or is_.is_fixed_size_list(kind)
    if listed and _writer(kind.value_type, name) in (text, _null):
        return ordered if name in ORDERED else unordered
    for test, write in _WRITERS.items():
        if getattr(is_, test)(kind):
            return write
    hint = "use text, whole or other numbers, truth, dates, times or lists of text"
    raise DatasetError(f"column '{name}' is of the type {kind}, which has no place in a table", hint)


def text(value: str) -> str:
    """A text as JSON, in NFC."""
    if not unicodedata.is_normalized("NFC", value):
        value = unicodedata.normalize("NFC", value)
    return _JSON(value)


def number(value: float) -> str:
    """A float in its shortest form; ValueError for NaN and the infinities."""
    if not math.isfinite(value):
        raise ValueError("NaN" if math.isnan(value) else str(value))
    return canonical_json(float(value)).decode()


def time(value: datetime) -> str:
    """A time that is in UTC, to the microsecond."""
    return f'"{value.replace(tzinfo=None).isoformat(timespec="microseconds")}Z"'


def ordered(value: Iterable[str | None]) -> str:
    """A list of texts as it stands."""
    return "[" + ",".join("null" if item is None else text(item) for item in value) + "]"


def unordered(value: Iterable[str | None]) -> str:
    """A set of texts: sorted by code point, each once."""
    members = {None if item is None else unicodedata.normalize("NFC", item) for item in value}
    return ordered(sorted(members, key=lambda item: (item is not None, item or "")))


def _truth(value: bool) -> str:
    return "true" if value else "false"


def _day(value: date) -> str:
    return f'"{value.isoformat()}"'


def _null(value: None) -> str:
    return "null"


_WRITERS: dict[str, Write] = {
    "is_boolean": _truth, "is_integer": str, "is_floating": number, "is_date": _day, "is_timestamp": time, "is_null": _null,
}  # fmt: skip
