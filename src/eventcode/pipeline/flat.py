"""A delimited file that has the columns of a table already: checked, and written as Parquet."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from eventcode.checks.database import Means
from eventcode.checks.result import PER_RULE, Result
from eventcode.codebook import views
from eventcode.errors import DatasetError, Problem
from eventcode.formats import files, parquet_files
from eventcode.formats.export import csv_tables
from eventcode.formats.parquet import IN_PIECES, ROW_GROUP
from eventcode.formats.tabular import delimited, packed
from eventcode.formats.tabular.tables import ForeignTable, Reading
from eventcode.model import Codebook
from eventcode.pipeline import bare
from eventcode.pipeline.check import check_tables
from eventcode.tables import TEXTS, arrow_type

if TYPE_CHECKING:
    import pyarrow as pa

BLOCK = 2**22  # bytes that are parsed at a time
SHOWN = 10


def to_parquet(
    source: Path,
    target: Path,
    codebook: Codebook,
    table: str = "events",
    *,
    delimiter: str | None = None,
    memory_limit: str | None = None,
    cap: int | None = PER_RULE,
) -> Result:
    """Write a CSV file whose columns are those of a table as Parquet, row by row as it stands, and give back what the checks find.

    Columns have the types that the codebook declares, so that `010` stays `010`; an empty cell is null, a quoted empty one a text of no
    letters, and lists are written as `formats.export.csv_tables` does. The file is read in pieces. Rows that break rules are written and
    told; DatasetError, with the old file untouched, where the file cannot be read or a cell is not of its type.
    """
    opened = delimited.open_delimited(source, Reading(delimiter))
    kinds = _kinds(opened, codebook, table)
    found: list[Result] = []

    def content(temporary: Path) -> None:
        try:
            _write(source, temporary, kinds, codebook, table, delimiter)
        except (_UnsoundError, _arrow_error()) as error:
            raise _told(source, opened, kinds, str(error)) from error
        relation = bare.relation(parquet_files.opened([temporary]), codebook, table)
        with files.scratch() as scratch:
            means = Means(memory_limit, scratch=str(scratch))
            found.append(check_tables({table: relation}, codebook, means=means, cap=cap))

    files.write(target, content)
    return found[0]


def _kinds(opened: ForeignTable, codebook: Codebook, table: str) -> dict[str, str]:
    """The types of the file's columns by name; DatasetError where the table has no such column."""
    import pyarrow as pa

    named = bare.table_called(None, table)
    bare.conformed(pa.table({name: pa.array([], pa.null()) for name in opened.columns}), codebook, named)
    known = views.columns(codebook, named)
    return {name: known[name] for name in opened.columns}


def _write(
    source: Path,
    target: Path,
    kinds: Mapping[str, str],
    codebook: Codebook,
    table: str,
    delimiter: str | None,
) -> None:
    """Write the rows of a file to another, a row group at a time; the next one is read meanwhile."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    whole = views.schema(codebook, table)
    schema = pa.schema([whole.field(name) for name in kinds], metadata=whole.metadata)
    with packed.stream(source) as unpacked, ThreadPoolExecutor(1) as reader:
        data = _Watched(unpacked)
        groups = _groups(_batches(source, data, kinds, delimiter), schema)
        with pq.ParquetWriter(target, schema, **IN_PIECES) as writer:
            waiting = reader.submit(next, groups, None)
            while (group := waiting.result()) is not None:
                waiting = reader.submit(next, groups, None)
                writer.write_table(group, row_group_size=ROW_GROUP)
    if data.unsound:
        raise _UnsoundError(data.unsound)


class _UnsoundError(Exception):
    """What the fast reader takes and a table should not hold."""


class _Watched(io.RawIOBase):
    """The bytes of a file, looked at on the way to a reader that takes a quotation mark that is never closed, and NUL bytes."""

    def __init__(self, data: IO[bytes]) -> None:
        self.data, self.quotes, self.nuls = data, 0, False

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        piece = self.data.read(size)
        self.quotes += piece.count(b'"')
        self.nuls = self.nuls or b"\0" in piece
        return piece

    @property
    def unsound(self) -> str:
        """What is wrong, or nothing."""
        return "a NUL byte" if self.nuls else "a quotation mark is never closed" if self.quotes % 2 else ""


def _batches(
    source: Path, data: Any, kinds: Mapping[str, str], delimiter: str | None
) -> Iterator[pa.RecordBatch]:
    """The rows of a file with their declared types, lists still in one text."""
    from pyarrow import csv

    mark = delimiter or delimited.SUFFIXES.get(packed.plain_suffix(source), ",")
    types = {name: arrow_type("string" if kind == TEXTS else kind) for name, kind in kinds.items()}
    yield from csv.open_csv(
        data,
        csv.ReadOptions(block_size=BLOCK),
        csv.ParseOptions(delimiter=mark, newlines_in_values=True),
        csv.ConvertOptions(
            column_types=types, null_values=[""], strings_can_be_null=True, quoted_strings_can_be_null=False
        ),
    )


def _groups(batches: Iterator[pa.RecordBatch], schema: pa.Schema) -> Iterator[pa.Table]:
    """Batches put together to row groups; at least one, though it be empty."""
    import pyarrow as pa

    held, rows = [], 0
    for batch in batches:
        held.append(batch)
        rows += batch.num_rows
        if rows >= ROW_GROUP:
            whole = pa.Table.from_batches(held)
            full = rows - rows % ROW_GROUP
            yield _typed(whole.slice(0, full), schema)
            held, rows = whole.slice(full).to_batches(), rows - full
    if held:
        yield _typed(pa.Table.from_batches(held), schema)


def _typed(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """The table with the lists of its schema, each column in one piece."""
    import pyarrow as pa

    whole = table.combine_chunks()
    columns = [
        _lists(whole.column(field.name), field.type)
        if pa.types.is_list(field.type)
        else whole.column(field.name)
        for field in schema
    ]
    return pa.Table.from_arrays(columns, schema=schema)


def _lists(cells: pa.ChunkedArray, kind: pa.DataType) -> Any:
    """Cells of lists as `csv_tables` writes them; most have nothing but a semicolon between their items."""
    import pyarrow as pa
    import pyarrow.compute as pc

    special = pc.or_(pc.equal(cells, ""), pc.match_substring(cells, "\\"))
    if pc.any(special).as_py():
        return pa.array([csv_tables.items(cell) for cell in cells.to_pylist()], kind)
    return pc.split_pattern(cells, csv_tables.LISTS["delimiter"]).cast(kind)


def _arrow_error() -> type[Exception]:
    import pyarrow as pa

    kind: type[Exception] = pa.ArrowException
    return kind


def _told(source: Path, opened: ForeignTable, kinds: Mapping[str, str], why: str) -> DatasetError:
    """What is wrong with a file that the fast reader refused, by line: a slow and strict reader goes through it."""
    problems = []
    for batch in opened.batches():
        for row, line in zip(batch.rows, batch.lines, strict=True):
            problems += [
                Problem(f"'{cell}' is no {_WORDS[kinds[name]]}", _HINTS[kinds[name]], source.name, line, name)
                for name, cell in zip(opened.columns, row, strict=True)
                if kinds[name] in _READS and cell and not _reads(kinds[name], cell)
            ]
            if len(problems) >= SHOWN:
                return DatasetError(
                    f"{source.name} cannot be read, and these are the first reasons",
                    problems=problems[:SHOWN],
                )
    first = why.splitlines()[0]
    return DatasetError(
        f"{source.name} cannot be read" + ("" if problems else f": {first}"), problems=problems
    )


def _whole(text: str) -> None:
    if not -(2**63) <= int(text) < 2**63 or "_" in text:
        raise ValueError(text)


def _number(text: str) -> None:
    if "_" in text:
        raise ValueError(text)
    float(text)


def _day(text: str) -> None:
    from datetime import date

    if date.fromisoformat(text).isoformat() != text:  # newer versions of Python read more forms than one
        raise ValueError(text)


def _yes_or_no(text: str) -> None:
    if text not in ("1", "0", "true", "false", "True", "False", "TRUE", "FALSE"):
        raise ValueError(text)


_READS: Mapping[str, Callable[[str], None]] = {
    "int64": _whole, "float64": _number, "date32": _day, "bool": _yes_or_no,
}  # fmt: skip
_WORDS = {"int64": "whole number", "float64": "number", "date32": "day", "bool": "yes or no"}
_HINTS = {
    "int64": "write digits alone, or leave the cell empty",
    "float64": "write it with a point, as in 33.04, or leave the cell empty",
    "date32": "write a day of the calendar as 2025-06-16, or leave the cell empty",
    "bool": "write true or false, or leave the cell empty",
}


def _reads(kind: str, cell: str) -> bool:
    try:
        _READS[kind](cell)
    except ValueError:
        return False
    return True
