"""A codebook with the modules it uses, as one object."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as _made
from functools import cached_property
from typing import Any

from eventcode.model.nouns import (
    Actor,
    EventType,
    Example,
    Field,
    Guidance,
    Rule,
    Vocabulary,
    empty,
)
from eventcode.model.ties import Acceptance, Crossing, DatePhrase, DateSpan, Migration


@dataclass(frozen=True, eq=False)
class Codebook:
    """A codebook with the modules it uses, as one object.

    `event_types`, `fields`, `vocabularies`, `rules` and `actors` are keyed by code, (table, name) and id; order is that of the
    files, modules first. `edition` is that of the published standard which the codebook follows, if it follows one.
    `digest` is the sha256 of everything that can change a coding or a check.
    """

    id: str
    title: str
    version: str
    kind: str
    digest: str
    description: str
    licence: str
    unit: str = ""
    edition: str = ""
    references: tuple[str, ...] = ()
    authors: tuple[Mapping[str, Any], ...] = ()
    uses: tuple[str, ...] = ()
    extends: str | None = None
    scales: Mapping[str, Mapping[str, Any]] = _made(default_factory=empty)
    event_types: Mapping[str, EventType] = _made(default_factory=empty)
    fields: Mapping[tuple[str, str], Field] = _made(default_factory=empty)
    vocabularies: Mapping[str, Vocabulary] = _made(default_factory=empty)
    rules: Mapping[str, Rule] = _made(default_factory=empty)
    actors: Mapping[str, Actor] = _made(default_factory=empty)
    examples: tuple[Example, ...] = ()
    guidance: tuple[Guidance, ...] = ()
    crosswalks: tuple[Crossing, ...] = ()
    accepted: tuple[Acceptance, ...] = ()
    migrations: tuple[Migration, ...] = ()
    date_phrases: tuple[DatePhrase, ...] = ()
    date_spans: tuple[DateSpan, ...] = ()
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
        return self._below.get(code, ())

    @cached_property
    def _below(self) -> dict[str | None, tuple[EventType, ...]]:
        found: dict[str | None, list[EventType]] = {}
        for kind in self.event_types.values():
            found.setdefault(kind.parent, []).append(kind)
        return {code: tuple(kinds) for code, kinds in found.items()}

    def walk(self, code: str | None = None, depth: int = 0) -> Iterator[tuple[int, EventType]]:
        """(depth, event type) of everything below `code`, parents before children."""
        for kind in self.children(code):
            yield depth, kind
            yield from self.walk(kind.code, depth + 1)

    def examples_of(self, code: str) -> tuple[Example, ...]:
        """The examples that expect `code`, or illustrate it as a negative one."""
        return self._shown_by.get(code, ())

    def lookalikes_of(self, code: str) -> tuple[Example, ...]:
        """The examples that say they are not `code`."""
        return self._tempting.get(code, ())

    def crossings(self, code: str) -> tuple[Crossing, ...]:
        """The rows that say what an event type is in other codebooks."""
        return self._crossed.get(code, ())

    @cached_property
    def _crossed(self) -> dict[str, tuple[Crossing, ...]]:
        found: dict[str, list[Crossing]] = {}
        for row in self.crosswalks:
            if row.vocabulary is None:
                found.setdefault(row.code, []).append(row)
        return {code: tuple(rows) for code, rows in found.items()}

    @cached_property
    def _shown_by(self) -> dict[str, tuple[Example, ...]]:
        return _by_code(
            self._own_examples,
            lambda example: [*_expected(example), *([example.negative] if example.negative else [])],
        )

    @cached_property
    def _tempting(self) -> dict[str, tuple[Example, ...]]:
        return _by_code(self._own_examples, lambda example: example.not_)

    @cached_property
    def _own_examples(self) -> tuple[Example, ...]:
        """The examples with this codebook's codes, and not those of another that uses the same module; its own before the module's."""
        found = [example for example in self.examples if example.codes_of in (None, self.id)]
        return tuple(sorted(found, key=lambda example: example.codes_of is not None))


def _by_code(
    examples: Iterable[Example], codes: Callable[[Example], Iterable[str]]
) -> dict[str, tuple[Example, ...]]:
    found: dict[str, list[Example]] = {}
    for example in examples:
        for code in dict.fromkeys(codes(example)):
            found.setdefault(code, []).append(example)
    return {code: tuple(said) for code, said in found.items()}


def _expected(example: Example) -> list[str]:
    return [coding["event_type"] for coding in example.expect or () if "event_type" in coding]
