"""One value of a mapped row: where in a foreign row it comes from, and what becomes of it on the way.

Everything here is pure. What does not fit is told to a `Signal` and left out: there is no default for an unknown value.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from eventcode.formats.mapping.days import FORMS, day, is_none
from eventcode.model import EMPTY
from eventcode.shape import did_you_mean

Texts = Mapping[
    str, "str | None"
]  # a foreign row: column, part or piece of a list → text, None where nothing stands
Signal = Callable[[str, str, str], None]  # takes the column, what is wrong, and the remedy
Row = dict[str, Any]
PLACEHOLDER = re.compile(r"\{([^{}]+)\}")


def template(text: str) -> Callable[[Texts], str]:
    """What puts columns of a row together; a column in which nothing stands is an empty text."""
    whole, columns = formatted(text), PLACEHOLDER.findall(text)
    return lambda row: whole % tuple([row[column] or "" for column in columns])


def formatted(text: str) -> str:
    """A template with `%s` in the place of each column."""
    return "%s".join(piece.replace("%", "%%") for piece in PLACEHOLDER.split(text)[::2])


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
    if not where:
        return True
    for every in where:
        for condition in every:
            if not condition.holds(row):
                break
        else:
            return True
    return False


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a value comes from (exactly one of the first six) and what is made of it, in the order of the fields."""

    columns: tuple[str, ...] = ()
    value: Any = None
    template: str | None = None
    first: tuple[Cell, ...] = ()
    flags: tuple[tuple[str, str], ...] = ()
    bounds: tuple[str, str] | None = None
    split: str | re.Pattern[str] | None = None
    when_null: str | None = None
    missing: Mapping[str, str | None] = field(default_factory=lambda: EMPTY)
    match: re.Pattern[str] | None = None
    rename: Mapping[str, str | None] = field(default_factory=lambda: EMPTY)
    pad: int | None = None
    form: tuple[str, ...] = ()
    recode: Mapping[str, str | None] | None = None
    by: str | None = None
    slug: bool = False
    join: str | None = None
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
    texts = tuple(text for text, _ in made if text is not None)
    reasons = [reason for _, reason in made if reason is not None]
    if texts or reasons:
        return Answer(texts, None if texts else reasons[0])
    return Answer() if sources else Answer((), cell.when_null, blank=True)


def _sources(cell: Cell, row: Texts, signal: Signal) -> Iterator[tuple[str, str]]:
    """(column, text) of everything that a cell takes from a row, split into parts."""
    for column, text in _whole(cell, row, signal):
        if cell.split and text:
            parts = text.split(cell.split) if isinstance(cell.split, str) else cell.split.split(text)
            yield from ((column, part.strip()) for part in parts)
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
    made = cell.rename.get(text, text)
    made = _matched(cell, column, made, signal) if cell.match and made else made
    made = made.zfill(cell.pad) if cell.pad and made and made.isdigit() else made
    made = _recoded(cell, column, made, signal) if made is not None else None
    if made == "":
        signal(column, "an empty text is not explained", "say under missing: what an empty text means")
        return None, None
    if made is not None and cell.form:
        made = dated(cell, column, made, signal)
    return slug(made) if cell.slug and made is not None else made, None


def _matched(cell: Cell, column: str, text: str, signal: Signal) -> str | None:
    """The first group of the pattern, where the text has it."""
    found = cell.match.search(text) if cell.match else None
    if found is None or found[1] is None:
        signal(
            column, f"'{text}' does not match the pattern", "widen match:, or say under rename: what it is"
        )
        return None
    return found[1]


def _recoded(cell: Cell, column: str, text: str, signal: Signal) -> str | None:
    if cell.recode is None:
        return text
    key = text if cell.by is None or text in cell.recode else text.strip().casefold()
    if key not in cell.recode:
        where = "recode" if cell.by is None else "rename"
        told = "is not in the recode" if cell.by is None else f"is no {cell.by} of the codebook's list"
        signal(column, f"'{text}' {told}", _add(where, text, [*cell.recode]))
        return None
    return cell.recode[key]


def dated(cell: Cell, column: str, text: str, signal: Signal) -> str | None:
    """The day that a text names in one of the forms, as ISO 8601."""
    for form in cell.form:
        found = day(text, form)
        if found is not None:
            return found
    if any(is_none(text, form) for form in cell.form):
        signal(
            column,
            f"'{text}' is no day of the calendar",
            "look up the day; or say under missing: what it means",
        )
        return None
    forms = " or ".join(cell.form)
    signal(
        column,
        f"'{text}' is no date of the form {forms}",
        f"say under form: how it is written ({', '.join(FORMS)})",
    )
    return None


def _add(key: str, text: str, known: Sequence[str]) -> str:
    turned = "-".join(reversed(text.split("-")))
    turned_is_known = turned != text and turned.casefold() in known
    guess = f"did you mean '{turned}'?" if turned_is_known else did_you_mean(text, list(known))
    close = f" ({guess})" if guess.startswith("did you mean") else ""
    return f"add it to {key}:, or mend it there{close}"


def slug(text: str) -> str:
    """A text in small letters without accents, digits and hyphens: `Côte d'Ivoire` becomes `cote-d-ivoire`.

    It makes data, so letters of every script stay, and what it makes must not change: ids of documents are made with it. Names and
    addresses, which are ASCII, come from `codebook.slugs`.
    """
    plain = text
    if not text.isascii():
        plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", "-", plain.lower()).strip("-")
