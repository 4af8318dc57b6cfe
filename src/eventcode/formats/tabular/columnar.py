"""Parquet and workbooks as rows of text: every value as it would be written, nothing for nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from eventcode.errors import DatasetError
from eventcode.formats.tabular.delimited import check_names
from eventcode.formats.tabular.packed import check_workbook
from eventcode.formats.tabular.tables import Batch, ForeignTable, Reading, Texts
from eventcode.identity import LARGEST


def open_parquet(path: Path, reading: Reading) -> ForeignTable:
    """A Parquet file. Whole numbers have no `.0`, days are ISO 8601, truth is `true` or `false`, NaN is nothing."""
    with _refusing(path):
        schema = _file(path).schema_arrow
    check_names(path.name, tuple(schema.names))
    for field in schema:
        _single(field.type, field.name, path)
    return ForeignTable(
        path.name, tuple(schema.names), lambda size: _parquet_batches(path, frozenset(reading.nulls), size)
    )


def _file(path: Path) -> Any:
    import pyarrow.parquet as pq

    return pq.ParquetFile(path)


@contextmanager
def _refusing(path: Path) -> Iterator[None]:
    """DatasetError for everything that Arrow has to say against a file."""
    import pyarrow as pa

    try:
        yield
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        reason = (getattr(error, "strerror", None) or str(error) or type(error).__name__).splitlines()[0]
        absent = isinstance(error, FileNotFoundError | PermissionError | IsADirectoryError)
        hint = "check the name and the rights" if absent else "fetch it again from its origin"
        raise DatasetError(f"{path.name} cannot be read: {reason}", hint) from error


def _parquet_batches(path: Path, nulls: frozenset[str], size: int) -> Iterator[Batch]:
    first = 1
    with _refusing(path):
        for batch in _file(path).iter_batches(batch_size=size):
            columns = [texts(column) for column in batch.columns]
            if nulls:
                columns = [[None if text in nulls else text for text in column] for column in columns]
            rows = [list(row) for row in zip(*columns, strict=True)]
            yield Batch(rows, list(range(first, first + len(rows))))
            first += len(rows)


def _single(kind: Any, name: str, path: Path) -> None:
    import pyarrow as pa

    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    if pa.types.is_nested(kind) or _is_bytes(kind):
        raise DatasetError(
            f"{path.name}: the column '{name}' holds {kind}, not single values", "flatten it before mapping"
        )


def _is_bytes(kind: Any) -> bool:
    import pyarrow as pa

    return bool(
        pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind)
    )


def texts(column: Any) -> Texts:
    """An Arrow array as texts."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = column.type
    if pa.types.is_dictionary(kind):
        return texts(column.cast(kind.value_type))
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return list(column.to_pylist())
    if pa.types.is_integer(kind):
        return list(column.cast(pa.string()).to_pylist())
    if pa.types.is_floating(kind):
        whole = _whole(column)
        return [_text(value) for value in column.to_pylist()] if whole is None else texts(whole)
    if pa.types.is_timestamp(kind) and not kind.tz:
        try:
            return list(pc.strftime(column.cast(pa.timestamp("s")), "%Y-%m-%dT%H:%M:%S").to_pylist())
        except pa.ArrowInvalid:
            return [_text(value) for value in pc.cast(column, pa.timestamp("us"), safe=False).to_pylist()]
    return [_text(value) for value in column.to_pylist()]


def _whole(column: Any) -> Any:
    """A column of floats as whole numbers, where all of them are; NaN is nothing."""
    import pyarrow as pa
    import pyarrow.compute as pc

    known = pc.if_else(pc.is_nan(column), pa.scalar(None, column.type), column)
    span = pc.min_max(known).as_py()
    if span["min"] is not None and (span["min"] <= -LARGEST or span["max"] >= LARGEST):
        return None
    try:
        return known.cast(pa.int64())
    except pa.ArrowInvalid:
        return None


def _text(value: Any) -> str | None:
    if value is None or value != value:
        return None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < LARGEST else repr(value)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def open_workbook(path: Path, reading: Reading) -> ForeignTable:
    """The first sheet of a workbook, whose first row names the columns. Dates are ISO 8601; rows that are blank are left out."""
    check_workbook(path)
    rows = _sheet(path)
    head = next(rows, None)
    if head is None:
        raise DatasetError(f"{path.name} is empty", "the names of the columns stand in the first row")
    columns = tuple(name or "" for name in head[1])
    while columns and not columns[-1]:
        columns = columns[:-1]
    check_names(path.name, columns)
    return ForeignTable(
        path.name, columns, lambda size: _sheet_batches(path, len(columns), frozenset(reading.nulls), size)
    )


def _sheet(path: Path) -> Iterator[tuple[int, Texts]]:
    import openpyxl

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        for number, row in enumerate(book.worksheets[0].iter_rows(values_only=True), 1):
            cells = [_text(value) for value in row]
            if any(cell is not None for cell in cells):
                yield number, cells
    except DatasetError:
        raise
    except Exception as error:  # openpyxl raises whatever its XML reader does
        raise DatasetError(
            f"{path.name} is no workbook that can be read: {error}",
            "save it as CSV with the program that made it",
        ) from error


def _sheet_batches(path: Path, width: int, nulls: frozenset[str], size: int) -> Iterator[Batch]:
    rows = _sheet(path)
    next(rows, None)
    while chunk := list(islice(rows, size)):
        for number, cells in chunk:
            if any(cell is not None for cell in cells[width:]):
                hint = "name its column in the first row, or clear it"
                raise DatasetError(f"{path.name}: row {number} has a value beyond the last column", hint)
        cut = [[None if cell in nulls else cell for cell in _wide(cells, width)] for _, cells in chunk]
        yield Batch(cut, [number for number, _ in chunk])


def _wide(cells: Texts, width: int) -> Texts:
    return cells[:width] + [None] * (width - len(cells))
