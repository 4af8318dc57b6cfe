"""What an export loses: values and columns that the other form has no place for, each told once with the number of its rows."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from eventcode.model import EMPTY

if TYPE_CHECKING:
    import pyarrow as pa

HEADER = ("column", "value", "rows", "what")
NOTHING = "a column of the form that nothing here fills: left empty"


@dataclass(frozen=True, slots=True)
class Loss:
    """`rows` rows lose something of a column: the whole of it, or the one value that is named."""

    column: str
    value: str
    rows: int
    what: str

    def __str__(self) -> str:
        about = f"{self.column} {self.value}".rstrip()
        return f"{about}: {self.what} ({self.rows:,} {'row' if self.rows == 1 else 'rows'})"


@dataclass(slots=True)
class Losses:
    """The losses met so far, in the order in which they were first met."""

    _met: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    def tell(self, column: str, what: str, value: object = "", rows: int = 1) -> None:
        """Count a loss of `rows` rows."""
        if rows:
            self._met[column, "" if value is None else str(value), what] += rows

    def unplaced(self, table: pa.Table, placed: Iterable[str], what: str) -> None:
        """Tell of every column with values that is not among those placed."""
        known = set(placed)
        for name in table.column_names:
            if name not in known:
                self.tell(name, what, rows=table.num_rows - table[name].null_count)

    def empty(
        self, columns: Sequence[str], rows: Sequence[Mapping[str, Any]], why: Mapping[str, str] = EMPTY
    ) -> None:
        """Tell of every column of the other form that no row has a value for, with the reason where there is one of its own."""
        known = {name for row in rows for name, value in row.items() if value not in (None, "")}
        known |= {column for column, _, _ in self._met}
        for name in columns:
            if name not in known:
                self.tell(name, why.get(name, NOTHING), rows=len(rows))

    @property
    def found(self) -> tuple[Loss, ...]:
        """Every loss with its rows."""
        return tuple(Loss(column, value, rows, what) for (column, value, what), rows in self._met.items())


def table(losses: Iterable[Loss]) -> bytes:
    """The losses as a CSV file."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows((loss.column, loss.value, loss.rows, loss.what) for loss in losses)
    return out.getvalue().encode()
