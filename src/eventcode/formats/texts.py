"""A foreign table as columns of text: Parquet or CSV in, every value as it would be written, nothing for nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eventcode.errors import DatasetError

if TYPE_CHECKING:
    import pyarrow as pa

SUFFIXES = (".parquet", ".csv", ".tsv")


@dataclass(frozen=True, slots=True)
class TextTable:
    """Columns of text, all of one length, and the line on which the first row stands (2 below a header)."""

    columns: dict[str, list[str | None]]
    first_line: int

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()), []))


def read(path: Path) -> TextTable:
    """The table of a Parquet, CSV or TSV file (UTF-8, comma or tab, with a header); DatasetError where it is none.

    Whole numbers have no `.0`, dates are ISO 8601, truth is `true` or `false`. NaN is null, as missing numbers are in
    files that pandas or R wrote; an empty text stays an empty text.
    """
    import pyarrow as pa

    if path.suffix not in SUFFIXES:
        raise DatasetError(
            f"{path.name} is no table that can be mapped", f"use a file that ends in {', '.join(SUFFIXES)}"
        )
    try:
        table = _parquet(path) if path.suffix == ".parquet" else _csv(path)
    except OSError as error:
        raise DatasetError(
            f"{path} cannot be read: {error.strerror or error}", "check the name and the rights"
        ) from error
    except (pa.ArrowInvalid, UnicodeDecodeError) as error:
        reason = str(error).splitlines()[0]
        raise DatasetError(
            f"{path.name} cannot be read: {reason}", "fetch it again, as its origin says"
        ) from error
    return TextTable(_columns(table, path), 1 if path.suffix == ".parquet" else 2)


def _columns(table: pa.Table, path: Path) -> dict[str, list[str | None]]:
    names = table.column_names
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise DatasetError(f"{path.name} has the column '{twice[0]}' twice", "rename one of them")
    return {name: _texts(table.column(name), name, path) for name in names}


def _parquet(path: Path) -> pa.Table:
    import pyarrow.parquet as pq

    return pq.ParquetFile(path).read()


def _csv(path: Path) -> pa.Table:
    import pyarrow as pa
    from pyarrow import csv

    parse = csv.ParseOptions(delimiter="\t" if path.suffix == ".tsv" else ",", newlines_in_values=True)
    with csv.open_csv(path, parse_options=parse) as reader:
        names = reader.schema.names
    convert = csv.ConvertOptions(
        column_types={name: pa.string() for name in names}, strings_can_be_null=False
    )
    return csv.read_csv(path, parse_options=parse, convert_options=convert)


def _texts(column: Any, name: str, path: Path) -> list[str | None]:
    import pyarrow as pa

    kind = column.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return list(column.to_pylist())
    if pa.types.is_dictionary(kind):
        return _texts(column.cast(kind.value_type), name, path)
    if pa.types.is_nested(kind) or pa.types.is_binary(kind):
        raise DatasetError(
            f"{path.name}: the column '{name}' holds {kind}, not single values", "flatten it before mapping"
        )
    return [_text(value) for value in column.to_pylist()]


def _text(value: Any) -> str | None:
    if value is None or value != value:
        return None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
