"""The nouns of a codebook and of a check: frozen dataclasses without any input or output."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as _made
from functools import cached_property
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


def _empty() -> Mapping[Any, Any]:
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
    extra: Mapping[str, Any] = _made(default_factory=_empty)
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

    @property
    def values(self) -> tuple[str, ...]:
        """The values in the order of the file."""
        return tuple(term.value for term in self.terms)

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
    scale: Mapping[str, Any] = _made(default_factory=_empty)
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
    """A node of the codebook's tree."""

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
    quad: str | None = None
    triggers: Mapping[str, tuple[str, ...]] = _made(default_factory=_empty)
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
    options: Mapping[str, Any] = _made(default_factory=_empty)
    examples: Mapping[str, tuple[Mapping[str, Any], ...]] = _made(default_factory=_empty)
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
    document: Mapping[str, Any] = _made(default_factory=_empty)
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


@dataclass(frozen=True, slots=True)
class Crossing:
    """One row of a crosswalk to another codebook."""

    code: str
    target_codebook: str
    target_version: str
    target_code: str | None
    match: str
    note: str = ""
    place: Place = Place()


@dataclass(frozen=True, eq=False)
class Codebook:
    """A codebook with the modules it uses, as one object.

    `event_types`, `fields`, `vocabularies`, `rules` and `actors` are keyed by code, (table, name) and id; order is that of the
    files, modules first. `digest` is the sha256 of everything that can change a coding or a check.
    """

    id: str
    title: str
    version: str
    kind: str
    digest: str
    description: str
    licence: str
    unit: str = ""
    authors: tuple[Mapping[str, Any], ...] = ()
    uses: tuple[str, ...] = ()
    scales: Mapping[str, Mapping[str, Any]] = _made(default_factory=_empty)
    event_types: Mapping[str, EventType] = _made(default_factory=_empty)
    fields: Mapping[tuple[str, str], Field] = _made(default_factory=_empty)
    vocabularies: Mapping[str, Vocabulary] = _made(default_factory=_empty)
    rules: Mapping[str, Rule] = _made(default_factory=_empty)
    actors: Mapping[str, Actor] = _made(default_factory=_empty)
    examples: tuple[Example, ...] = ()
    guidance: tuple[Guidance, ...] = ()
    crosswalks: tuple[Crossing, ...] = ()
    files: tuple[str, ...] = ()
    folder: str = ""

    @property
    def reference(self) -> str:
        """`id@version`, as a reading names its codebook."""
        return f"{self.id}@{self.version}"

    def fields_of(self, table: str) -> tuple[Field, ...]:
        """The fields of a table in the order of the files."""
        return self._by_table.get(table, ())

    @cached_property
    def _by_table(self) -> dict[str, tuple[Field, ...]]:
        tables = dict.fromkeys(table for table, _ in self.fields)
        return {table: tuple(f for (of, _), f in self.fields.items() if of == table) for table in tables}

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """The codes that a reading may carry: every one but the negative ones."""
        return tuple(code for code, kind in self.event_types.items() if kind.act != "none")

    def ancestors(self, code: str) -> tuple[str, ...]:
        """The codes above `code`, nearest first; KeyError for an unknown code."""
        found: list[str] = []
        parent = self.event_types[code].parent
        while parent is not None:
            found.append(parent)
            parent = self.event_types[parent].parent
        return tuple(found)

    def root(self, code: str) -> str:
        """The topmost code above `code`, or `code` itself."""
        return (code, *self.ancestors(code))[-1]

    def children(self, code: str | None) -> tuple[EventType, ...]:
        """The event types right below `code`; the roots for None."""
        return tuple(kind for kind in self.event_types.values() if kind.parent == code)

    def walk(self, code: str | None = None, depth: int = 0) -> Iterator[tuple[int, EventType]]:
        """(depth, event type) of everything below `code`, parents before children."""
        for kind in self.children(code):
            yield depth, kind
            yield from self.walk(kind.code, depth + 1)

    def examples_of(self, code: str) -> tuple[Example, ...]:
        """The examples that expect `code`, or illustrate it as a negative one."""
        return tuple(e for e in self._own_examples if e.negative == code or _expects(e, code))

    def lookalikes_of(self, code: str) -> tuple[Example, ...]:
        """The examples that say they are not `code`."""
        return tuple(example for example in self._own_examples if code in example.not_)

    @cached_property
    def _own_examples(self) -> tuple[Example, ...]:
        """The examples with this codebook's codes, and not those of another that uses the same module; its own before the module's."""
        found = [example for example in self.examples if example.codes_of in (None, self.id)]
        return tuple(sorted(found, key=lambda example: example.codes_of is not None))


def _expects(example: Example, code: str) -> bool:
    return any(coding.get("event_type") == code for coding in example.expect or ())


@dataclass(frozen=True, slots=True)
class Finding:
    """One violation of one rule at one place.

    `key` is the row's lineage (`document/coder/key…`), which survives a correction; `row` its id in this build.
    """

    rule: str
    severity: str
    table: str
    key: str
    message: str
    hint: str
    row: str = ""
    field: str | None = None
    place: Place = Place()
    waived: str | None = None


@dataclass(frozen=True, slots=True)
class RuleCount:
    """What one rule met: rows it looked at and how many passed, failed, stayed unknown; waived are among the failed."""

    rule: str
    severity: str
    table: str
    rows: int
    passed: int
    failed: int
    unknown: int
    waived: int = 0
