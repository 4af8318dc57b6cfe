"""A column of one of our tables and the cell that fills it: the texts that a cell finds become a value of the column's type.

Everything here is pure. What does not fit is told to a `Signal` and left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

from eventcode import dates
from eventcode.formats.mapping.cells import Answer, Cell, Row, Signal, Texts, answer, dated, holds
from eventcode.identity import LARGEST
from eventcode.shape import did_you_mean
from eventcode.tables import BOOLEAN, DATE, INTEGER, NUMBER, TEXT, TEXTS

WHOLE = re.compile(r"[-+]?[0-9]+")
DECIMAL = re.compile(r"[-+]?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?")
BOOLEANS = {"1": True, "0": False, "true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Slot:
    """A column of one of our tables and the cell that fills it; `kind` is its type's name in `tables`.

    `allowed` is the closed list of its values, None where there is none; `reasons` those for a missing one. A list, unlike a set,
    may repeat a value.
    """

    name: str
    table: str
    kind: str
    cell: Cell
    allowed: tuple[str, ...] | None = None
    reasons: tuple[str, ...] = ()
    repeats: bool = False
    reads: tuple[str, ...] = field(init=False, default=())
    known: frozenset[str] = field(init=False, default=frozenset())

    def __post_init__(self) -> None:
        object.__setattr__(self, "reads", tuple(dict.fromkeys(self.cell.reads())))
        object.__setattr__(self, "known", frozenset(self.allowed or ()))

    @property
    def plain(self) -> str | None:
        """The column whose text is the value as it is, where there is no more to it."""
        simple = self.kind == TEXT and self.allowed is None and not self.reasons
        return (
            self.cell.columns[0]
            if simple and self.cell == Cell(self.cell.columns[:1]) and self.cell.columns
            else None
        )

    @property
    def number(self) -> tuple[str, Callable[[str], Any]] | None:
        """The column whose text is the value once it is cast, and what casts it, where there is no more to it."""
        cell = self.cell
        if self.kind not in _CASTS or self.allowed is not None or len(cell.columns) != 1:
            return None
        bare = Cell(cell.columns, when_null=cell.when_null, missing=cell.missing)
        return (cell.columns[0], _CASTS[self.kind]) if cell == bare else None

    def fill(self, row: Texts, signal: Signal) -> Row:
        """The column, the three of a date, or the missing reason, as far as the row gives any of it."""
        if self.cell.value is not None:
            return {self.name: self.cell.value} if holds(self.cell.where, row) else {}
        if self.kind == DATE:
            return self._date(row, signal)
        found = answer(self.cell, row, signal)
        texts = found.texts if self.repeats else dict.fromkeys(found.texts)
        values = [value for text in texts for value in self._typed(text, signal)]
        if values:
            joined = values[0] if self.cell.join is None else self.cell.join.join(values)
            return {self.name: values if self.kind == TEXTS else joined}
        return self._missing(found, signal)

    def _missing(self, found: Answer, signal: Signal) -> Row:
        if found.reason:
            return {"actor_missing" if self.name == "actor_id" else f"{self.name}_missing": found.reason}
        if self.reasons and found.blank:
            signal(
                self._column, "nothing stands here, and the map gives no reason", "name one under when_null:"
            )
        return {}

    @property
    def _column(self) -> str:
        return self.reads[0] if self.reads else ""

    def _typed(self, text: str, signal: Signal) -> Iterator[Any]:
        """The text as a value of the column's type; nothing where it is none."""
        if self.allowed is not None and text not in self.known:
            hint = f"recode it in the map: {did_you_mean(text, list(self.allowed))}"
            signal(self._column, f"'{text}' is no value of {self.table}.{self.name}", hint)
            return
        try:
            yield _CASTS[self.kind](text) if self.kind in _CASTS else text
        except (ValueError, KeyError):
            signal(
                self._column,
                f"'{text}' is not {_WANTED[self.kind]}",
                "recode it, or say under missing: what it means",
            )

    def _date(self, row: Texts, signal: Signal) -> Row:
        found = self._bounded(row, signal) if self.cell.bounds else answer(self.cell, row, signal)
        if not found.texts:
            return self._missing(found, signal)
        try:
            interval = dates.parse(found.texts[0])
        except ValueError as error:
            signal(self._column, str(error), dates.HINT)
            return {}
        ends = {"start": interval.start, "end": interval.end}
        days = {f"{self.name}_{end}": day.isoformat() for end, day in ends.items() if day}
        return {**days, f"{self.name}_precision": interval.precision}

    def _bounded(self, row: Texts, signal: Signal) -> Answer:
        """The two ends of an interval as one text, which is one day where they are alike."""
        first, last = (self._end(column, row, signal) for column in self.cell.bounds or ())
        if (first is None) != (last is None):
            signal(
                self._column, "only one end of the interval stands here", "map it with a where: of its own"
            )
            return Answer()
        if first is None:
            return Answer((), self.cell.when_null, blank=True)
        return Answer((first if first == last else f"{first}/{last}",))

    def _end(self, column: str, row: Texts, signal: Signal) -> str | None:
        text = row[column] or None
        if text is None or text in self.cell.missing:
            return None
        return dated(self.cell, column, text, signal) if self.cell.form else text


def differing(slot: Slot, first: Row, again: Row) -> str | None:
    """What the first reading of a column says, where the second says something that cannot be meant; days may be told less exactly."""
    if slot.kind != DATE:
        one, other = first.get(slot.name), again.get(slot.name)
        return str(one) if None not in (one, other) and one != other else None
    days = [str(row.get(f"{slot.name}_{side}") or "") for row in (first, again) for side in ("start", "end")]
    start, end, earliest, latest = days
    if not all(days) or (start <= latest and earliest <= end):
        return None
    return start if start == end else f"{start}/{end}"


def _integer(text: str) -> int:
    if not WHOLE.fullmatch(text):
        raise ValueError(text)
    value = int(text)
    if abs(value) >= LARGEST:
        raise ValueError(text)
    return value


def _number(text: str) -> float:
    if not DECIMAL.fullmatch(text):
        raise ValueError(text)
    value = float(text)
    if not isfinite(value):
        raise ValueError(text)
    return value


_CASTS: dict[str, Callable[[str], Any]] = {INTEGER: _integer, NUMBER: _number, BOOLEAN: BOOLEANS.__getitem__}
_WANTED = {INTEGER: "a whole number", NUMBER: "a number", BOOLEAN: "1, 0, true or false"}
