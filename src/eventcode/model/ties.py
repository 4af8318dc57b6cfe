"""What ties a codebook to others, to its own past, to the calendar and to its linter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as _made
from typing import Any

from eventcode.model.nouns import Place, empty


@dataclass(frozen=True, slots=True)
class Crossing:
    """One row of a crosswalk to another codebook: from an event type to one, or from a value of a vocabulary to another's.

    `fields` are fields of the target that the code implies, with their values (`context` → `military`). `match` is read from the
    source: `broad` says that the target is broader.
    """

    code: str
    target_codebook: str
    target_version: str
    target_code: str | None
    match: str
    note: str = ""
    fields: Mapping[str, str] = _made(default_factory=empty)
    vocabulary: str | None = None
    target_vocabulary: str | None = None
    place: Place = Place()

    @property
    def target(self) -> str:
        """`codebook@version`, and the vocabulary if it goes to one."""
        where = f" {self.target_vocabulary}" if self.target_vocabulary else ""
        return f"{self.target_codebook}@{self.target_version}{where}"


@dataclass(frozen=True, slots=True)
class Acceptance:
    """A lint warning that the authors know and explain: of one rule, at the keys in `of` or wherever it is found."""

    rule: str
    why: str
    of: tuple[str, ...] = ()
    place: Place = Place()


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a migration: what is done (`rename_code` …), to what, what becomes of it; `codes` are those of the codings that it
    is about, if not all; `type` is `date` for a field that was one and is gone."""

    do: str
    of: str
    to: tuple[str, ...] = ()
    table: str = "codings"
    field: str | None = None
    value: Any = None
    missing: str | None = None
    codes: tuple[str, ...] = ()
    type: str | None = None
    why: str = ""
    place: Place = Place()


@dataclass(frozen=True, slots=True)
class Migration:
    """How readings made under the versions from `since` up to, and without, `to` are read under version `to`."""

    since: str
    to: str
    steps: tuple[Step, ...]
    place: Place = Place()


@dataclass(frozen=True, slots=True)
class DatePhrase:
    """Words of a text that date something, as a regular expression, and the interval they stand for, counted from the publication.

    `start` and `end` are written in the small language of `eventcode.codebook.date_phrases`; `precision` is the codebook's own value.
    """

    phrase: str
    start: str
    end: str
    precision: str
    basis: str = ""
    note: str = ""
    examples: tuple[Mapping[str, Any], ...] = ()
    place: Place = Place()


@dataclass(frozen=True, slots=True)
class DateSpan:
    """How many days, both ends included, an interval of one precision has."""

    precision: str
    at_least: int
    at_most: int
