"""Filling many rows from many cells: the same texts are looked at once, and what does not fit is counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from eventcode.errors import Problem
from eventcode.formats.mapping.cells import Row, Texts
from eventcode.formats.mapping.slots import Slot
from eventcode.model import EMPTY

SHOWN_ROWS = 4
KEPT = 5_000  # what is known of a column at a time
FEW = 4  # columns of an entry whose rows are kept whole
APART = 1_000  # signals of one column that are told apart; the rest are counted together
Told = tuple[str, str, str]
Number = tuple[str, Callable[[str], Any]]  # a column, and what casts its text


@dataclass(slots=True)
class Signal:
    """One thing that does not fit: in how many rows, and the first of them."""

    count: int = 0
    rows: list[int] = field(default_factory=list)


class Signals:
    """What a map could not handle, by kind, column, what is wrong and the remedy; `line` is where the pass is.

    `columns` has the column of the file for every piece that is cut out of one.
    """

    def __init__(self, columns: Mapping[str, str] = EMPTY) -> None:
        self.columns = columns
        self.line = self.total = 0
        self.all: dict[tuple[str, str, str, str], Signal] = {}
        self.apart: dict[tuple[str, str], int] = {}

    def add(self, kind: str, column: str, wrong: str, remedy: str) -> None:
        """Count one more row in which this is wrong."""
        column = self.columns.get(column, column)
        key = (kind, column, wrong, remedy)
        if key not in self.all:
            held = self.apart.get((kind, column), 0)
            self.apart[kind, column] = held + 1
            if held >= APART:
                key = (kind, column, "more that does not fit", remedy)
        signal = self.all.setdefault(key, Signal())
        signal.count += 1
        self.total += 1
        if len(signal.rows) < SHOWN_ROWS:
            signal.rows.append(self.line)

    def problems(self, file: str) -> list[Problem]:
        """All of it that cost a value, each with its count and first rows."""
        return [_problem(file, *key[1:], signal) for key, signal in self.all.items() if key[0] != "decimals"]


def _problem(file: str, column: str, wrong: str, remedy: str, signal: Signal) -> Problem:
    first = ", ".join(map(str, signal.rows)) + (" …" if signal.count > SHOWN_ROWS else "")
    count = f"row {first}" if signal.count == 1 else f"{signal.count:,} rows: {first}"
    return Problem(f"{wrong} ({count})", remedy, file, signal.rows[0], column)


class Filler:
    """The slots of an entry, made ready for many rows."""

    def __init__(self, slots: tuple[Slot, ...]) -> None:
        self.constant: Row = {}
        self.plain: list[tuple[str, str]] = []
        self.rest: list[tuple[Known, Callable[[Texts], Any], Slot, Number | None]] = []
        for slot in slots:
            if slot.cell.value is not None and not slot.cell.where:
                self.constant[slot.name] = slot.cell.value
            elif slot.plain is not None:
                self.plain.append((slot.name, slot.plain))
            else:
                reads = itemgetter(*slot.reads) if slot.reads else _nothing
                self.rest.append((Known(), reads, slot, slot.number))
        columns = dict.fromkeys(
            [*(column for _, column in self.plain), *(c for slot in slots for c in slot.reads)]
        )
        self.few = itemgetter(*columns) if 0 < len(columns) <= FEW else None
        self.kept: Known = Known()

    def fill(self, raw: Texts, signals: Signals) -> Row:
        """What the slots make of a row, which is not to be changed: rows of the same texts may be one."""
        if self.few is None:
            return self._fill(raw, signals)
        key = self.few(raw)
        held: Row | None = self.kept.get(key)
        if held is not None:
            return held
        before = signals.total
        filled = self._fill(raw, signals)
        if signals.total == before:
            self.kept.keep(key, filled)
        return filled

    def _fill(self, raw: Texts, signals: Signals) -> Row:
        filled = self.constant.copy()
        for name, column in self.plain:
            text = raw[column]
            if text:
                filled[name] = text
            elif text is not None:
                signals.add(
                    "value",
                    column,
                    "an empty text is not explained",
                    "say under missing: what an empty text means",
                )
        for known, reads, slot, number in self.rest:
            key = reads(raw)
            hit = known.get(key)
            if hit is None:
                hit = _look(slot, number, raw)
                known.keep(key, hit)
            row, told = hit
            if row:
                filled.update(row)
            if told:
                for signal in told:
                    signals.add("value", *signal)
        return filled


class Known(dict[Any, Any]):
    """What became of texts that have been seen; it starts anew when it is full."""

    def keep(self, key: Any, value: Any) -> None:
        """Remember one more."""
        if len(self) >= KEPT:
            self.clear()
        self[key] = value


def _look(slot: Slot, number: Number | None, raw: Texts) -> tuple[Row, tuple[Told, ...]]:
    if number is not None:
        column, cast = number
        text = raw[column]
        if text and text not in slot.cell.missing:
            try:
                return {slot.name: cast(text)}, ()
            except (ValueError, KeyError):
                pass  # told of below
    told: list[Told] = []
    return slot.fill(raw, lambda *signal: told.append(signal)), tuple(told)


def _nothing(_: Texts) -> tuple[()]:
    return ()
