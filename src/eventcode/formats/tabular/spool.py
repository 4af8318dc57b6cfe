"""The rows of a foreign file laid aside on the disk, so that they can be gone over more than once without being held in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eventcode.errors import DatasetError
from eventcode.formats.tabular.tables import BATCH, Batch, ForeignTable, Texts

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

LINE = "line of the file"
WHOLE = 5_000  # rows that are mapped at once, whatever document they belong to
SORTING = "256MB"  # memory of the sort, unless more or less is wanted
Mark = Callable[[Texts], "tuple[str | None, str | None]"]  # tells a row's document and its key


@dataclass(frozen=True, slots=True)
class Spool:
    """Rows of text in an Arrow file in `folder`, which the memory is mapped to; `columns` are those of the foreign file."""

    folder: Path
    columns: tuple[str, ...]
    rows: int

    def table(self) -> pa.Table:
        """All rows as an Arrow table of texts that lies on the disk, the line of each in its last column."""
        import pyarrow as pa

        return pa.ipc.open_file(pa.memory_map(str(self.folder / "rows.arrow"))).read_all()

    def texts(self) -> pa.Table:
        """The columns of the foreign file alone."""
        table = self.table()
        return table.select(range(len(self.columns))).rename_columns(list(self.columns))

    def batches(self) -> Iterator[Batch]:
        """The rows as they stand in the file."""
        for batch in self.table().to_batches():
            yield _batch(batch, len(self.columns))

    def documents(self, memory_limit: str | None = None) -> Iterator[Batch]:
        """The rows in batches that cut no document in two, in the order in which documents begin."""
        if self.rows <= WHOLE:
            yield _joined([*self.batches()])
            return
        held, of = Batch([], []), None  # the last document, which may go on
        for batch, documents in self._sorted(memory_limit):
            end = _last_begins(documents)
            if end == 0 and documents[0] == of:
                held = _joined([held, batch])
                continue
            done = _joined([held, Batch(batch.rows[:end], batch.lines[:end])])
            if done.rows:
                yield done
            held, of = Batch(batch.rows[end:], batch.lines[end:]), documents[-1]
        yield held

    def twice(self, memory_limit: str | None = None) -> dict[int, int]:
        """The lines of rows whose key stands on an earlier row of the file, too, each with the first line that has it.

        Rows without a document or key are left alone.
        """
        with self._asking(memory_limit) as connection:
            found = connection.sql(
                f'WITH k AS (SELECT "key" FROM spooled WHERE "document" IS NOT NULL AND "key" <> \'\' GROUP BY 1 HAVING count(*) > 1) '
                f'SELECT "{LINE}", first_value("{LINE}") OVER same FROM spooled WHERE "document" IS NOT NULL AND "key" IN (FROM k) '
                'WINDOW same AS (PARTITION BY "key" ORDER BY n) QUALIFY row_number() OVER same > 1'
            )
            return dict(found.fetchall())

    def _sorted(self, memory_limit: str | None) -> Iterator[tuple[Batch, list[str | None]]]:
        with self._asking(memory_limit) as connection:
            found = connection.sql(
                'WITH f AS (SELECT "document", min(n) AS first FROM spooled GROUP BY 1) '
                'SELECT s.* FROM spooled s JOIN f ON s."document" IS NOT DISTINCT FROM f."document" ORDER BY f.first, s.n'
            )
            for batch in found.to_arrow_reader(BATCH):
                yield _batch(batch, len(self.columns)), _texts(batch.column("document"))

    @contextmanager
    def _asking(self, memory_limit: str | None) -> Iterator[duckdb.DuckDBPyConnection]:
        import duckdb

        scratch = str(self.folder / "sorting").replace("'", "''")
        connection = duckdb.connect()
        try:
            connection.execute(f"SET temp_directory = '{scratch}'")
            connection.execute(f"SET memory_limit = '{memory_limit or SORTING}'")
            connection.register("spooled", self.table())
            yield connection
        except duckdb.OutOfMemoryException as error:
            raise DatasetError(
                "sorting the rows needs more memory", "raise --memory-limit, or free disk space"
            ) from error
        finally:
            connection.close()


def spool(table: ForeignTable, folder: Path, mark: Mark | None = None) -> Spool:
    """Read a file once and lay its rows aside in a folder; DatasetError where it cannot be read to its end."""
    import pyarrow as pa

    names = [f"c{i}" for i in range(len(table.columns))]
    marks = ["document", "key"] if mark else []
    texts = [(name, pa.large_string()) for name in (*names, *marks)]
    schema = pa.schema([*texts, ("n", pa.int64()), (LINE, pa.int64())])
    count = 0
    with pa.OSFile(str(folder / "rows.arrow"), "wb") as sink, pa.ipc.new_file(sink, schema) as writer:
        for batch in table.batches():
            columns: list[Any] = [*zip(*batch.rows, strict=True)] if batch.rows else [() for _ in names]
            if mark:
                columns += zip(*map(mark, batch.rows), strict=True) if batch.rows else [(), ()]
            arrays = [pa.array(column, pa.large_string()) for column in columns]
            numbers = pa.array(range(count, count + len(batch.rows)), pa.int64())
            writer.write_batch(
                pa.record_batch([*arrays, numbers, pa.array(batch.lines, pa.int64())], schema=schema)
            )
            count += len(batch.rows)
    return Spool(folder, table.columns, count)


def _batch(batch: pa.RecordBatch, width: int) -> Batch:
    """The rows of a batch of a spool whose file has so many columns."""
    columns = [_texts(column) for column in batch.columns[:width]]
    lines: list[int] = batch.column(batch.num_columns - 1).to_pylist()
    return Batch([list(row) for row in zip(*columns, strict=True)], lines)


def _last_begins(documents: list[str | None]) -> int:
    """Where the last document of a batch begins; rows without a document are none that goes on."""
    last, end = documents[-1], len(documents)
    while end and documents[end - 1] == last is not None:
        end -= 1
    return end


def _texts(column: pa.Array) -> list[str | None]:
    found: list[str | None] = column.to_numpy(zero_copy_only=False).tolist()
    return found


def _joined(batches: list[Batch]) -> Batch:
    return Batch(
        [row for batch in batches for row in batch.rows], [line for batch in batches for line in batch.lines]
    )
