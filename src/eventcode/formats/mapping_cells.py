"""One value of a mapped row: where in a foreign row it comes from, what becomes of it on the way, and which column takes it.

Everything here is pure. What does not fit is told to a `Signal` and left out: there is no default for an unknown value.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from eventcode import dates
from eventcode.model import EMPTY
from eventcode.shape import did_you_mean
from eventcode.tables import BOOLEAN, DATE, INTEGER, NUMBER, TEXTS

Texts = Mapping[str, "str | None"]  # a foreign row: column or part → text, None where nothing stands
Signal = Callable[[str, str, str], None]  # takes the column, what is wrong, and the remedy
Row = dict[str, Any]
PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
_BOOLEANS = {"1": True, "0": False, "true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Condition:
    """What must hold of one column: to be one of `values`, to be there or not, to match a pattern or not."""

    column: str
    values: tuple[str, ...] | None = None
    present: bool | None = None
    like: re.Pattern[str] | None = None
    unlike: re.Pattern[str] | None = None

    def holds(self, row: Texts) -> bool:
        """Whether it does; an empty text counts as not there, and nothing is like nothing."""
        text = row[self.column] or ""
        return (
            (self.values is None or text in self.values)
            and (self.present is None or bool(text) == self.present)
            and (self.like is None or bool(self.like.search(text)))
            and (self.unlike is None or not self.unlike.search(text))
        )


Where = tuple[tuple[Condition, ...], ...]  # one of the alternatives must hold whole; none given: always


def holds(where: Where, row: Texts) -> bool:
    """Whether a row meets one of the alternatives, or there are none."""
    return not where or any(all(condition.holds(row) for condition in every) for every in where)


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a value comes from (exactly one of the first six) and what is made of it, in the order of the fields."""

    columns: tuple[str, ...] = ()
    value: Any = None
    template: str | None = None
    first: tuple[Cell, ...] = ()
    flags: tuple[tuple[str, str], ...] = ()
    bounds: tuple[str, str] | None = None
    split: str | None = None
    when_null: str | None = None
    missing: Mapping[str, str | None] = field(default_factory=lambda: EMPTY)
    rename: Mapping[str, str | None] = field(default_factory=lambda: EMPTY)
    recode: Mapping[str, str | None] | None = None
    slug: bool = False
    where: Where = ()

    def reads(self) -> Iterator[str]:
        """Every column or part that the cell looks at."""
        yield from self.columns
        yield from PLACEHOLDER.findall(self.template or "")
        yield from (column for column, _ in self.flags)
        yield from self.bounds or ()
        yield from (condition.column for every in self.where for condition in every)
        for cell in self.first:
            yield from cell.reads()

    def gives(self) -> Iterator[str]:
        """The texts that the cell is known to give before any row is read."""
        if self.recode is not None:
            yield from (text for text in self.recode.values() if text is not None and not self.slug)
            return
        yield from (name for _, name in self.flags)
        yield from [self.value] if isinstance(self.value, str) else []
        for cell in self.first:
            yield from cell.gives()


@dataclass(frozen=True, slots=True)
class Answer:
    """The texts that a cell finds in a row; where there is none, the reason why, or that nothing stood there at all."""

    texts: tuple[str, ...] = ()
    reason: str | None = None
    blank: bool = False


def answer(cell: Cell, row: Texts, signal: Signal) -> Answer:
    """What a cell finds in a row; what it cannot handle is signalled and left out."""
    if not holds(cell.where, row):
        return Answer()
    sources = list(_sources(cell, row, signal))
    made = [_made(cell, column, text, signal) for column, text in sources]
    texts = tuple(dict.fromkeys(text for text, _ in made if text is not None))
    reasons = [reason for _, reason in made if reason is not None]
    if texts or reasons:
        return Answer(texts, None if texts else reasons[0])
    return Answer() if sources else Answer((), cell.when_null, blank=True)


def _sources(cell: Cell, row: Texts, signal: Signal) -> Iterator[tuple[str, str]]:
    """(column, text) of everything that a cell takes from a row, split into parts."""
    for column, text in _whole(cell, row, signal):
        if cell.split and text:
            yield from ((column, part.strip()) for part in text.split(cell.split))
        else:
            yield column, text


def _whole(cell: Cell, row: Texts, signal: Signal) -> Iterator[tuple[str, str]]:
    if cell.value is not None:
        yield "", str(cell.value)
    yield from ((column, text) for column in cell.columns if (text := row[column]) is not None)
    if cell.template is not None:
        names = PLACEHOLDER.findall(cell.template)
        if all(row[name] for name in names):
            yield names[0] if names else "", PLACEHOLDER.sub(lambda match: str(row[match[1]]), cell.template)
    for inner in cell.first:
        texts = answer(inner, row, signal).texts
        if texts:
            yield next(inner.reads(), ""), texts[0]
            break
    for column, name in cell.flags:
        if row[column] not in ("1", "0", None):
            signal(column, f"'{row[column]}' is neither 1 nor 0", "recode it, or correct the map")
        elif row[column] == "1":
            yield column, name


def _made(cell: Cell, column: str, text: str, signal: Signal) -> tuple[str | None, str | None]:
    """(text, missing reason) that become of one text; both None where the map drops it by name or it is signalled."""
    if text in cell.missing:
        return None, cell.missing[text]
    renamed = cell.rename.get(text, text)
    if renamed is None:
        return None, None
    if cell.recode is not None:
        if renamed not in cell.recode:
            signal(column, f"'{renamed}' is not in the recode", _add("recode", renamed, [*cell.recode]))
            return None, None
        renamed = cell.recode[renamed]
    if renamed == "":
        signal(column, "an empty text is not explained", "say under missing: what an empty text means")
        return None, None
    return slug(renamed) if cell.slug and renamed is not None else renamed, None


def _add(key: str, text: str, known: Sequence[str]) -> str:
    guess = did_you_mean(text, list(known))
    close = f" ({guess})" if guess.startswith("did you mean") else ""
    return f"add it to {key}:, or mend it there{close}"


def slug(text: str) -> str:
    """A text in small letters without accents, digits and hyphens: `Côte d'Ivoire` becomes `cote-d-ivoire`.

    It makes data, so letters of every script stay, and what it makes must not change: ids of documents are made with it. Names and
    addresses, which are ASCII, come from `codebook.slugs`.
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", "-", plain.lower()).strip("-")


@dataclass(frozen=True, slots=True)
class Slot:
    """A column of one of our tables and the cell that fills it; `kind` is its type's name in `tables`.

    `allowed` is the closed list of its values, None where there is none; `reasons` those for a missing one.
    """

    name: str
    table: str
    kind: str
    cell: Cell
    allowed: tuple[str, ...] | None = None
    reasons: tuple[str, ...] = ()
    reads: tuple[str, ...] = field(init=False, default=())

    def __post_init__(self) -> None:
        object.__setattr__(self, "reads", tuple(dict.fromkeys(self.cell.reads())))

    def fill(self, row: Texts, signal: Signal) -> Row:
        """The column, the three of a date, or the missing reason, as far as the row gives any of it."""
        if self.cell.value is not None:
            return {self.name: self.cell.value} if holds(self.cell.where, row) else {}
        if self.kind == DATE:
            return self._date(row, signal)
        found = answer(self.cell, row, signal)
        values = [value for text in found.texts for value in self._typed(text, signal)]
        if values:
            return {self.name: values if self.kind == TEXTS else values[0]}
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
        if self.allowed is not None and text not in self.allowed:
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
        first, last = (row[column] or None for column in self.cell.bounds or ())
        if (first is None) != (last is None):
            signal(
                self._column, "only one end of the interval stands here", "map it with a where: of its own"
            )
            return Answer()
        if first is None:
            return Answer((), self.cell.when_null, blank=True)
        return Answer((first if first == last else f"{first}/{last}",))


def _integer(text: str) -> int:
    if not re.fullmatch(r"[-+]?[0-9]+", text):
        raise ValueError(text)
    return int(text)


def _number(text: str) -> float:
    if not re.fullmatch(r"[-+]?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?", text):
        raise ValueError(text)
    return float(text)


_CASTS: dict[str, Callable[[str], Any]] = {INTEGER: _integer, NUMBER: _number, BOOLEAN: _BOOLEANS.__getitem__}
_WANTED = {INTEGER: "a whole number", NUMBER: "a number", BOOLEAN: "1, 0, true or false"}
