"""What a codebook is made of: event types, fields, vocabularies, rules, examples, actors, crosswalks, migrations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as _made
from types import MappingProxyType
from typing import Any

MISSING_REASONS = ("not_stated", "cannot_tell", "not_coded", "withheld")
ROLES = ("actor", "recipient", "about")
STATUSES = ("coded", "no_event", "skipped", "withdrawn")
CODER_KINDS = ("person", "rules", "learned", "llm", "imported", "adjudicated")
SEVERITIES = ("error", "warning", "flag")
ACTS = ("word", "deed", "mixed", "none")
TIERS = ("root", "core", "optional", "negative")
EMPTY: Mapping[str, Any] = MappingProxyType({})


def empty() -> Mapping[Any, Any]:
    """The default of a mapping that nobody can change."""
    return EMPTY


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: a file, its 1-based line, and the path within (`codings[0].realis`, `codings!C7`)."""

    file: str = ""
    line: int | None = None
    path: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.file and self.line else self.file
        return "  ".join(part for part in (where, self.path) if part)


@dataclass(frozen=True, slots=True)
class Term:
    """One value of a vocabulary; `extra` holds the attributes that this vocabulary adds."""

    value: str
    label: str
    definition: str = ""
    parent: str | None = None
    extra: Mapping[str, Any] = _made(default_factory=empty)
    place: Place = Place()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A closed list of values."""

    id: str
    title: str
    definition: str
    terms: tuple[Term, ...]
    missing_values: tuple[str, ...] = ()
    place: Place = Place()
    values: tuple[str, ...] = _made(init=False, repr=False, compare=False)  # in the order of the file

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", tuple(term.value for term in self.terms))

    def get(self, value: str) -> Term | None:
        """The term of a value, or None."""
        return next((term for term in self.terms if term.value == value), None)


@dataclass(frozen=True, slots=True)
class Field:
    """A question put to the coder, and the column or columns that hold its answer."""

    name: str
    table: str
    label: str
    question: str
    type: str
    level: str = "nominal"
    help: str = ""
    required: bool = False
    always_answerable: bool = False
    applies_if: str | None = None
    vocabulary: str | None = None
    evidence: str = "none"
    missing: tuple[str, ...] = ()
    missing_values: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    pattern: str | None = None
    max_words: int | None = None
    unit: str | None = None
    scale: Mapping[str, Any] = _made(default_factory=empty)
    aggregate: str = "same"
    section: str = ""
    place: Place = Place()

    @property
    def value_columns(self) -> tuple[str, ...]:
        """The columns of the value: three for a date, else the field's own name."""
        if self.type == "date":
            return (f"{self.name}_start", f"{self.name}_end", f"{self.name}_precision")
        return (self.name,)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the value and, where reasons are declared, of the missing reason."""
        return (*self.value_columns, *((f"{self.name}_missing",) if self.missing else ()))

    @property
    def presence(self) -> str:
        """The column that is not null exactly when there is a value."""
        return f"{self.name}_precision" if self.type == "date" else self.name


@dataclass(frozen=True, slots=True)
class Exclude:
    """What a code is not, and the code to use instead."""

    text: str
    see: str | None = None


@dataclass(frozen=True, slots=True)
class EventType:
    """A node of the codebook's tree. `other_intensities` holds what other editions of the scale say, by the edition's id."""

    code: str
    name: str
    label: str
    parent: str | None
    tier: str
    act: str
    definition: str
    includes: tuple[str, ...] = ()
    excludes: tuple[Exclude, ...] = ()
    realis: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    intensity: float | None = None
    other_intensities: Mapping[str, float] = _made(default_factory=empty)
    quad: str | None = None
    triggers: Mapping[str, tuple[str, ...]] = _made(default_factory=empty)
    stata_value: int | None = None
    note: str = ""
    place: Place = Place()


@dataclass(frozen=True, slots=True)
class Rule:
    """A statement about rows that must hold. Exactly one of `require`, a set `kind`, or `builtin` says it.

    `codes_of` names the codebook whose codes a module's examples use.
    """

    id: str
    table: str
    severity: str
    message: str
    hint: str
    why: str = ""
    field: str | None = None
    when: str | None = None
    require: str | None = None
    kind: str = "row"
    columns: tuple[str, ...] = ()
    options: Mapping[str, Any] = _made(default_factory=empty)
    examples: Mapping[str, tuple[Mapping[str, Any], ...]] = _made(default_factory=empty)
    generated: bool = False
    codes_of: str | None = None
    place: Place = Place()


@dataclass(frozen=True, slots=True)
class Example:
    """A text and what must come of it; `not_` names the look-alikes that it is not.

    `codes_of` names the codebook whose codes a module's example uses.
    """

    name: str
    text: str
    expect: tuple[Mapping[str, Any], ...] | None
    sources: tuple[Mapping[str, Any], ...] = ()
    not_: tuple[str, ...] = ()
    negative: str | None = None
    note: str = ""
    document: Mapping[str, Any] = _made(default_factory=empty)
    support: tuple[Mapping[str, Any], ...] = ()
    codes_of: str | None = None
    place: Place = Place()


@dataclass(frozen=True, slots=True)
class Guidance:
    """A decision rule for coders, with an example."""

    id: str
    title: str
    text: str
    example: str = ""
    place: Place = Place()


@dataclass(frozen=True, slots=True)
class Relation:
    """One actor's tie to another, valid from the first to the last day given (EDTF; None is open)."""

    actor: str
    relation: str
    valid_from: str | None = None
    valid_to: str | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who acts, speaks or is spoken of."""

    id: str
    name: str
    kind: str
    country: str | None = None
    aliases: tuple[str, ...] = ()
    valid_from: str | None = None
    valid_to: str | None = None
    parents: tuple[Relation, ...] = ()
    note: str = ""
    place: Place = Place()
