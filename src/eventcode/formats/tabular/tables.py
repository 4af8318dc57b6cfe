"""What a reader gives: the names of the columns, and rows of text in batches, each with the line it stands on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

Texts = list["str | None"]
BATCH = 5_000


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file is to be read; what is not given is told from the file's name.

    `header` names the columns of a file that has no row of names; `nulls` are the texts that stand for nothing. Where `quotes` is
    false, a quotation mark is a letter like any other.
    """

    delimiter: str | None = None
    header: tuple[str, ...] = ()
    quotes: bool = True
    nulls: tuple[str, ...] = ()
    encoding: str | None = None


AS_TOLD = Reading()  # by the file's name alone


@dataclass(slots=True)
class Batch:
    """Rows of one file, every value a text or None, and the line (or row) of each."""

    rows: list[Texts]
    lines: list[int]


@dataclass(frozen=True, slots=True)
class ForeignTable:
    """A file that has been opened: its columns, and its rows on demand, as often as wanted.

    `sparse` is true where a column that is not there is just empty, as a key in JSON.
    """

    file: str
    columns: tuple[str, ...]
    read: Callable[[int], Iterator[Batch]]
    sparse: bool = False

    def batches(self, size: int = BATCH) -> Iterator[Batch]:
        """The rows, `size` at a time; at least one batch, though it be empty."""
        yielded = False
        for batch in self.read(size):
            yielded = True
            yield batch
        if not yielded:
            yield Batch([], [])
