"""One name → the thing in a codebook that bears it."""

from __future__ import annotations

from dataclasses import dataclass

from eventcode.errors import CodebookError
from eventcode.model import Actor, Codebook, EventType, Field, Guidance, Rule, Vocabulary
from eventcode.shape import did_you_mean

Thing = EventType | Field | Rule | Vocabulary | Actor | Guidance


@dataclass(frozen=True, slots=True)
class Found:
    """What a name stands for: `code`, `field`, `rule`, `vocabulary`, `actor` or `guidance`, and the thing itself."""

    kind: str
    thing: Thing


def lookup(codebook: Codebook, name: str) -> list[Found]:
    """What `name` stands for: a code or its name, a field (`realis`, `sources.identity`: every table that has it), a rule, a vocabulary,
    a decision rule (`D3`) or an actor (id, name or alias), the first of these kinds that fits; nothing for an unknown name."""
    kinds = (
        ("code", _codes),
        ("field", _fields),
        ("rule", _rules),
        ("vocabulary", _vocabularies),
        ("guidance", _guidance),
        ("actor", _actors),
    )
    for kind, find in kinds:
        things = find(codebook, name)
        if things:
            return [Found(kind, thing) for thing in things]
    return []


def unknown(codebook: Codebook, name: str) -> CodebookError:
    """The error for a name that stands for nothing."""
    known = [
        *codebook.event_types,
        *(kind.name for kind in codebook.event_types.values()),
        *(field.name for field in codebook.fields.values()),
    ]
    known += [
        *codebook.rules,
        *codebook.vocabularies,
        *codebook.actors,
        *(entry.id for entry in codebook.guidance),
    ]
    close = did_you_mean(name, known)
    hint = close if close.startswith("did you mean") else f'look for it: eventcode codebook search "{name}"'
    return CodebookError(
        f"{codebook.reference} has no code, field, rule, vocabulary, guidance or actor '{name}'", hint
    )


def _codes(codebook: Codebook, name: str) -> list[EventType]:
    return [kind for kind in codebook.event_types.values() if name in (kind.code, kind.name)]


def _fields(codebook: Codebook, name: str) -> list[Field]:
    return [
        field
        for field in codebook.fields.values()
        if name in (field.name, f"{field.table}.{field.name}", *field.columns)
    ]


def _rules(codebook: Codebook, name: str) -> list[Rule]:
    return [rule for rule in codebook.rules.values() if name == rule.id]


def _vocabularies(codebook: Codebook, name: str) -> list[Vocabulary]:
    return [vocabulary for vocabulary in codebook.vocabularies.values() if name == vocabulary.id]


def _guidance(codebook: Codebook, name: str) -> list[Guidance]:
    return [entry for entry in codebook.guidance if name.lower() == entry.id.lower()]


def _actors(codebook: Codebook, name: str) -> list[Actor]:
    wanted = name.casefold()
    said = {
        actor.id: {actor.id, actor.name.casefold(), *(alias.casefold() for alias in actor.aliases)}
        for actor in codebook.actors.values()
    }
    return [codebook.actors[key] for key, names in said.items() if wanted in names]
