"""The identity fields of codings and sources as arrays, taken from their rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np

from eventcode.readings import Row
from eventcode.reliability.records import Corpus, Listed
from eventcode.reliability.similarity import (
    Component,
    Dates,
    Either,
    Participants,
    Places,
    Ragged,
    Spans,
    Words,
)
from eventcode.reliability.units import Integers
from eventcode.sourcing.names import normal_name

_TOKEN = re.compile(r"\w+|[^\w\s]")  # a word, a number, or a sign


@lru_cache(maxsize=2)  # a corpus is aligned again and again: without each scored field, for every theta
def of_codings(corpus: Corpus, tau: float, kilometres: float) -> Mapping[str, Component]:
    """Evidence, date, place, actor and recipient of every coding, in the order of `corpus.codings`."""
    listed = corpus.codings
    aliases = _aliases(corpus)
    return {
        "evidence": spans(corpus, listed, coding_evidence),
        "date": dates(listed.rows, tau),
        "place": places(listed.rows, kilometres),
        "actor": participants(listed.rows, "actor", aliases),
        "recipient": participants(listed.rows, "recipient", aliases),
    }


@lru_cache(maxsize=2)
def of_sources(corpus: Corpus) -> Mapping[str, Component]:
    """Cue, name and organisation of every source, in the order of `corpus.sources`."""
    listed = corpus.sources
    name, descriptor = (
        words(listed.rows, lambda row, column=column: normal_name(row.get(column) or "").split())  # type: ignore[misc]
        for column in ("source_name", "source_descriptor")
    )
    return {
        "evidence": spans(corpus, listed, lambda row: row.get("evidence") or ()),
        "name": Either((name, descriptor)),
        "organisation": words(listed.rows, _organisations),
    }


def _organisations(row: Row) -> list[str]:
    named = [*(row.get("affiliation_actors") or ()), *_several(row.get("speaks_for"))]
    return sorted({normal_name(str(name)) for name in named})


def _several(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else () if value is None else (value,)


def coding_evidence(row: Row) -> Iterable[Mapping[str, Any]]:
    """The evidence of the event type, or all where that has none."""
    given = row.get("evidence") or ()
    return [one for one in given if one.get("field") == "event_type"] or given


def spans(corpus: Corpus, listed: Listed, evidence: Callable[[Row], Iterable[Mapping[str, Any]]]) -> Spans:
    """Evidence in tokens or in characters (`Corpus.evidence_in`), the same for all documents."""
    tokens: dict[int, tuple[Integers, Integers]] = {}
    found = []
    for row, document in zip(listed.rows, listed.documents.tolist(), strict=True):
        pieces = [(e["start"], e["end"]) for e in evidence(row) if e.get("start") is not None]
        if pieces and corpus.evidence_in == "tokens":
            if document not in tokens:
                tokens[document] = _tokens(corpus.texts[corpus.documents[document]])
            starts, ends = tokens[document]
            first = np.searchsorted(ends, [start for start, _ in pieces], "right")
            last = np.searchsorted(starts, [end for _, end in pieces], "left")
            pieces = list(zip(first.tolist(), last.tolist(), strict=True))
        found.append(_joined(pieces))
    flat = np.array([piece for own in found for piece in own], dtype=np.int64).reshape(-1, 2)
    return Spans(Ragged.of(found), flat[:, 0].copy(), flat[:, 1].copy())


def _tokens(text: str) -> tuple[Integers, Integers]:
    """(starts, ends) of the words, numbers and signs of a text."""
    places = [match.span() for match in _TOKEN.finditer(text)]
    starts, ends = np.array(places, dtype=np.int64).reshape(len(places), 2).T
    return starts, ends


def _joined(pieces: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans that overlap or touch as one, in order; empty ones go."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(piece for piece in pieces if piece[1] > piece[0]):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, end))
    return found


def dates(rows: Sequence[Row], tau: float) -> Dates:
    """The field `date`; an end before its start is taken the other way round."""
    bounds = np.array([_days(row) for row in rows], dtype=np.float64).reshape(len(rows), 2)
    return Dates(bounds.min(axis=1), bounds.max(axis=1), tau)


def _days(row: Row) -> tuple[float, float]:
    start, end = row.get("date_start"), row.get("date_end")
    if start is None and end is None:
        return np.nan, np.nan
    return (
        -np.inf if start is None else date.fromisoformat(str(start)).toordinal(),
        np.inf if end is None else date.fromisoformat(str(end)).toordinal(),
    )


def places(rows: Sequence[Row], kilometres: float) -> Places:
    """The core columns of the place."""
    levels = np.array(
        [
            numbered([row.get("country") for row in rows]),
            numbered([_normal(row.get("admin1")) for row in rows]),
            numbered([_normal(row.get("place_name")) for row in rows]),
        ],
        dtype=np.int64,
    ).reshape(3, len(rows))
    ids = [row.get("place_id") for row in rows]
    degrees = [[row.get(name) for name in ("lat", "lon")] for row in rows]
    coordinates = np.array(degrees, dtype=np.float64).reshape(len(rows), 2)  # None becomes NaN
    return Places(
        levels,
        numbered(ids),
        numbered([None if one is None else str(one).partition(":")[0] for one in ids]),
        coordinates[:, 0].copy(),
        coordinates[:, 1].copy(),
        kilometres,
    )


def participants(rows: Sequence[Row], role: str, aliases: Mapping[str, str]) -> Participants:
    """Who takes part in a role. A printed name that is an actor's name or alias in the codebook's list stands
    for the actor.

    Participants of whom only is said why they are missing are left out.
    """
    found = [
        [
            one
            for one in row.get("participants") or ()
            if one.get("role") == role
            and (one.get("actor_id") or one.get("name_as_printed") or one.get("member_of"))
        ]
        for row in rows
    ]
    flat = [one for own in found for one in own]
    names = [_normal(one.get("name_as_printed")) for one in flat]
    actors = [
        one.get("actor_id") or (None if one.get("member_of") else aliases.get(name or ""))
        for one, name in zip(flat, names, strict=True)
    ]
    both = numbered([*actors, *(one.get("member_of") for one in flat)])
    return Participants(Ragged.of(found), both[: len(flat)], numbered(names), both[len(flat) :])


def _aliases(corpus: Corpus) -> dict[str, str]:
    """Actor ids by normal name, of names that one actor alone has."""
    found: dict[str, set[str]] = {}
    for actor in corpus.codebook.actors.values():
        for name in (actor.name, *actor.aliases):
            found.setdefault(normal_name(name), set()).add(actor.id)
    return {name: next(iter(ids)) for name, ids in found.items() if len(ids) == 1}


def words(rows: Sequence[Row], of: Callable[[Row], Iterable[str]]) -> Words:
    """The set of words that `of` finds in each row."""
    found = [sorted(set(of(row))) for row in rows]
    return Words(Ragged.of(found), numbered([word for own in found for word in own]))


def numbered(values: Sequence[Hashable | None]) -> Integers:
    """A number for each value, equal for equal ones; −1 for None."""
    seen: dict[Hashable, int] = {}
    return np.array(
        [-1 if value is None else seen.setdefault(value, len(seen)) for value in values], dtype=np.int64
    )


def _normal(name: Any) -> str | None:
    return normal_name(str(name)) if name else None
