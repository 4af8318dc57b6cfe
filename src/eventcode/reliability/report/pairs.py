"""Pairs of values that coders confuse: both definitions, and the places where it happened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eventcode.model import Codebook
from eventcode.reliability.report import words
from eventcode.reliability.report.passages import Piece, passages
from eventcode.reliability.result import Agreement, Case, Confusion


@dataclass(frozen=True, slots=True)
class Place:
    """Where coders differed about one thing: who said the one value, who the other, and the words; no passages without the text."""

    document: str
    one: tuple[str, ...]
    other: tuple[str, ...]
    passages: Sequence[Sequence[Piece]]
    at_hand: bool


@dataclass(frozen=True, slots=True)
class Meaning:
    """A value with its definition in the codebook, and what it excludes in favour of the `other` value, if the codebook says so."""

    value: str
    label: str
    definition: str
    includes: Sequence[str] = ()
    towards: Sequence[str] = ()
    other: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two values that coders confuse, with their definitions side by side and the places."""

    confusion: Confusion
    label: str
    meanings: tuple[Meaning, Meaning]
    places: Sequence[Place]
    relation: str = ""


def of_events(found: Agreement, book: Codebook, texts: Mapping[str, str], most: int) -> list[Pair]:
    """The pairs of event types that are confused most, heaviest first."""
    return _pairs([c for c in found.confusions if c.field == "event_type"][:most], book, texts)


def of_sourcing(found: Agreement, book: Codebook, texts: Mapping[str, str], most: int) -> list[Pair]:
    """The pairs of values of sourcing fields that are confused most."""
    own = sorted((c for c in found.confusions if c.field != "event_type"), key=lambda c: -c.count)
    return _pairs(own[:most], book, texts)


def _pairs(confusions: Iterable[Confusion], book: Codebook, texts: Mapping[str, str]) -> list[Pair]:
    made = []
    for one in confusions:
        first, other = one.values
        meanings = (meaning(book, one.field, first, other), meaning(book, one.field, other, first))
        table, _, name = one.field.rpartition(".")
        label = words.field(book, _table(table), name)
        made.append(Pair(one, label, meanings, _places(one, texts), _relation(book, one, meanings)))
    return made


def _relation(book: Codebook, confusion: Confusion, meanings: tuple[Meaning, Meaning]) -> str:
    """What the codebook does to keep two event types apart."""
    one, other = confusion.values
    if confusion.field != "event_type" or not {one, other} <= book.event_types.keys():
        return ""
    if any(meaning.towards for meaning in meanings):
        return "The codebook says how the two differ."
    if one in book.ancestors(other) or other in book.ancestors(one):
        return "One lies above the other in the tree: the upper one is for what the text does not tell more exactly."
    return "Neither code is named among what the other excludes: the codebook does not say how they differ."


def _places(confusion: Confusion, texts: Mapping[str, str]) -> list[Place]:
    """Cases about the same words of one document as one place, with all who said the one and all who said the other."""
    grouped: list[list[Case]] = []
    for case in confusion.cases:
        same = [group for group in grouped if any(_same(case, held) for held in group)]
        if same:
            same[0].append(case)
        else:
            grouped.append([case])
    return [_place(group, confusion.values, texts) for group in grouped]


def _same(one: Case, other: Case) -> bool:
    """Whether two cases are of one thing: a coding in both, or overlapping words."""
    if one.document != other.document:
        return False
    if set(one.codings) & set(other.codings):
        return True
    spans = [[span for span in case.spans if span] for case in (one, other)]
    return any(a[0] < b[1] and b[0] < a[1] for a in spans[0] for b in spans[1])


def _place(cases: Sequence[Case], values: tuple[str, str], texts: Mapping[str, str]) -> Place:
    who: dict[str, dict[str, Any]] = {value: {} for value in values}
    for case in cases:
        for value, coding, span in zip(case.values, case.codings, case.spans, strict=True):
            who.setdefault(value, {})[coding] = span
    one, other = (who[value] for value in values)
    text = texts.get(cases[0].document)
    spans = [[span for span in side.values() if span] for side in (one, other)]
    found = passages(text, *spans) if text is not None else []
    return Place(cases[0].document, _coders(one), _coders(other), found, text is not None)


def _coders(codings: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({coding.partition("/")[0] for coding in codings}))


def _table(section: str) -> str:
    return {"": "codings", "source": "sources"}.get(section, section)


def meaning(book: Codebook, name: str, value: str, other: str) -> Meaning:
    """What the codebook says of a value, and of how it differs from another."""
    kind = book.event_types.get(value) if name == "event_type" else None
    if kind is not None:
        towards = [row.text for row in kind.excludes if row.see == other]
        return Meaning(value, kind.label, kind.definition, kind.includes, towards, other)
    table, _, base = name.rpartition(".")
    own = book.fields.get((_table(table), base))
    vocabulary = book.vocabularies.get(own.vocabulary or "") if own else None
    for term in vocabulary.terms if vocabulary else ():
        if term.value == value:
            return Meaning(value, term.label, term.definition)
    return Meaning(value, "", "")


def roots(book: Codebook, values: Sequence[str]) -> dict[str, str]:
    """The root of each event type."""
    return {value: book.root(value) if value in book.event_types else value for value in values}
