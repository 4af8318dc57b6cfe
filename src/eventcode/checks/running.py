"""Statements that may take long: told of while they run, and stopped at once by Ctrl-C."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

from eventcode.checks.doubles import once
from eventcode.checks.progress import Progress, Say
from eventcode.errors import DatasetError

if TYPE_CHECKING:
    import duckdb

T = TypeVar("T")
LOOK = 0.1  # seconds between two looks at how far a statement is
BATCH = 10_000


class Work:
    """Runs the statements of one check on one connection.

    `steps` are the parts of the check of about equal weight. With `large`, statements run in a thread of their own, because DuckDB
    looks for Ctrl-C only between tasks, some of which take seconds.
    """

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, *, large: bool = False, say: Say | None = None
    ) -> None:
        self.connection, self.large, self.say = connection, large, say
        self.steps, self.done, self.doing = 1, 0, ""
        self.doubled: frozenset[str] = frozenset()  # tables that hold a key twice
        self._told = 0.0
        self._pool: ThreadPoolExecutor | None = None

    def step(self, doing: str) -> None:
        """The next part begins."""
        if self.doing:
            self.done += 1
        self.doing = doing
        self._tell(0.0)

    def execute(self, sql: str) -> duckdb.DuckDBPyConnection:
        """Run a statement; KeyboardInterrupt stops it."""
        said = once(sql, self.doubled)
        return self._guarded(lambda: self.connection.execute(said))

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        said = once(sql, self.doubled)
        return self._guarded(lambda: self.connection.execute(said).fetchall())

    def batches(self, sql: str) -> Iterator[tuple[Any, ...]]:
        """The rows of a query, without holding them all."""
        cursor = self.execute(sql)
        while batch := self._guarded(lambda: cursor.fetchmany(BATCH)):
            yield from batch

    def column(self, sql: str, batch: int, size: int) -> Any:
        """The one column of a query, of about `size` unsigned 64-bit numbers, as a numpy array that is filled while the query runs."""
        return self._guarded(lambda: _column(self.connection.sql(sql), batch, size))

    def aside(self, ask: Callable[..., T], *given: Any) -> Future[T]:
        """What a function gives, which runs while statements do."""
        if self._pool is None:
            self._pool = ThreadPoolExecutor(1)
        return self._pool.submit(ask, *given)

    def hold(self, name: str, columns: Mapping[str, Any]) -> None:
        """Arrays as a table of the connection, in the place of what bears that name."""
        import pyarrow as pa

        self.connection.register(name, pa.table({key: pa.array(values) for key, values in columns.items()}))

    def dicts(self, sql: str) -> Iterator[dict[str, Any]]:
        """The rows of a query by column name."""
        cursor = self.execute(sql)
        names = [column[0] for column in cursor.description or ()]
        while batch := self._guarded(lambda: cursor.fetchmany(BATCH)):
            for values in batch:
                yield dict(zip(names, values, strict=True))

    def _guarded(self, ask: Callable[[], T]) -> T:
        import duckdb

        try:
            return self._watched(ask) if self.large else ask()
        except duckdb.OutOfMemoryException as error:
            why = str(error).splitlines()[0]
            raise DatasetError(
                f"the check needs more memory: {why}", "raise --memory-limit, or free disk space"
            ) from error
        except (
            duckdb.InterruptException,
            duckdb.BinderException,
            duckdb.ParserException,
            duckdb.CatalogException,
        ):
            raise
        except duckdb.Error as error:
            why = str(error).splitlines()[0]
            raise DatasetError(f"the data cannot be read: {why}", "fetch or write the file again") from error

    def _watched(self, ask: Callable[[], T]) -> T:
        found: list[T] = []
        failed: list[BaseException] = []

        def run() -> None:
            try:
                found.append(ask())
            except BaseException as error:  # handed to the thread that waits
                failed.append(error)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        try:
            while thread.is_alive():
                thread.join(LOOK)
                self._tell(max(0.0, self.connection.query_progress()) / 100)
        except BaseException:
            self.connection.interrupt()
            thread.join()
            raise
        if failed:
            raise failed[0]
        return found[0]

    def _tell(self, part: float) -> None:
        if self.say is not None:
            self._told = max(self._told, min(1.0, (self.done + part) / self.steps))
            self.say(Progress(self.doing, self._told))


def _column(query: duckdb.DuckDBPyRelation, batch_size: int, size: int) -> Any:
    import numpy as np

    held, used = np.empty(size, dtype=np.uint64), 0
    for batch in query.to_arrow_reader(batch_size):
        if used + len(batch) > len(held):
            held.resize(max(used + len(batch), len(held) + len(held) // 2), refcheck=False)
        held[used : used + len(batch)] = batch.column(0).to_numpy(zero_copy_only=False)
        used += len(batch)
    held.resize(used, refcheck=False)
    return held
