"""Names in a codebook that lead nowhere: parents, vocabularies, actors. A codebook with one of them is not loaded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from eventcode import dates
from eventcode.errors import Problem
from eventcode.model import Actor, EventType, Field, Place, Vocabulary
from eventcode.shape import did_you_mean

TREE = "event_type"  # the vocabulary that stands for the codebook's own tree


def problem(place: Place, message: str, hint: str) -> Problem:
    """A problem at a place."""
    return Problem(message, hint, place.file, place.line, place.path)


def problems(
    event_types: Mapping[str, EventType],
    fields: Mapping[tuple[str, str], Field],
    vocabularies: Mapping[str, Vocabulary],
    actors: Mapping[str, Actor],
) -> Iterator[Problem]:
    """Every name that leads nowhere, and every code that is its own ancestor."""
    yield from _parents(event_types)
    yield from _vocabularies(fields, [*vocabularies])
    yield from _ties(actors)
    yield from _dates(actors)


def _parents(event_types: Mapping[str, EventType]) -> Iterator[Problem]:
    for code, kind in event_types.items():
        if kind.parent is not None and kind.parent not in event_types:
            hint = did_you_mean(kind.parent, [*event_types])
            yield problem(kind.place, f"code {code}: its parent '{kind.parent}' does not exist", hint)
        elif _circle(code, event_types):
            yield problem(kind.place, f"code {code} is its own ancestor", "mend the parents")


def _circle(code: str, event_types: Mapping[str, EventType]) -> bool:
    """Whether the way up from a code leads back to it."""
    seen: set[str] = set()
    at = event_types[code].parent
    while at is not None and at in event_types and at not in seen:
        if at == code:
            return True
        seen.add(at)
        at = event_types[at].parent
    return False


def _vocabularies(fields: Mapping[tuple[str, str], Field], known: list[str]) -> Iterator[Problem]:
    for (table, name), field in fields.items():
        if field.vocabulary is None and field.type in ("code", "set"):
            yield problem(
                field.place,
                f"{table}.{name} names no vocabulary",
                "add vocabulary: with the id of a closed list",
            )
        elif field.vocabulary not in (None, TREE, *known):
            hint = did_you_mean(str(field.vocabulary), known)
            yield problem(field.place, f"{table}.{name}: no vocabulary '{field.vocabulary}'", hint)


def _ties(actors: Mapping[str, Actor]) -> Iterator[Problem]:
    for actor in actors.values():
        for tie in actor.parents:
            if tie.actor not in actors:
                yield problem(
                    actor.place, f"{actor.id}: no actor '{tie.actor}'", did_you_mean(tie.actor, [*actors])
                )


def _dates(actors: Mapping[str, Actor]) -> Iterator[Problem]:
    for actor in actors.values():
        given = [actor.valid_from, actor.valid_to]
        for text in (*given, *(day for tie in actor.parents for day in (tie.valid_from, tie.valid_to))):
            try:
                dates.parse(text or "2000")
            except ValueError as error:
                yield problem(actor.place, f"{actor.id}: {error}", dates.HINT)
