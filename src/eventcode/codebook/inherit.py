"""A codebook that extends another: what it takes over, what it puts in its place, what it removes.

Merging goes by code, field, id or name, entry by entry and whole: an own entry takes the place of the inherited one. An inherited
example or crosswalk row that speaks of a removed code goes with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from eventcode.codebook.folder import Parts
from eventcode.model import Crossing, EventType, Example
from eventcode.shape import did_you_mean
from eventcode.yamlfile import Document

WHAT = {
    "event_types": "code",
    "fields": "field",
    "rules": "rule",
    "vocabularies": "vocabulary",
    "actors": "actor",
}
LISTS = {"examples": "name", "guidance": "id"}  # what these entries are called by


def take_over(page: Document, found: Parts) -> tuple[list[Example], list[Any], list[Crossing]]:
    """Make everything read so far inherited, without what the card removes; returns the inherited examples, guidance and crosswalk
    rows, which `settle` joins to the own ones.
    """
    removes = page.data.get("removes", {})
    for kind, what in WHAT.items():
        _remove(page, kind, removes.get(kind, ()), found)
        found.inherited |= {(what, key) for key in getattr(found, kind)}
    for kind, name in LISTS.items():
        _remove_listed(page, kind, name, removes.get(kind, ()), found)
    kept = (found.examples, found.guidance, found.crosswalks)
    found.examples, found.guidance, found.crosswalks = [], [], []
    return kept


def settle(
    page: Document, found: Parts, examples: list[Example], guidance: list[Any], crosswalks: list[Crossing]
) -> None:
    """Put the inherited entries before the own ones, without those that an own one replaces and those that speak of what is gone."""
    gone = {*page.data.get("removes", {}).get("event_types", ())} - {*found.event_types}
    _orphans(page, found, gone)
    names = {example.name for example in found.examples}
    ids = {entry.id for entry in found.guidance}
    mapped = {_of(row) for row in found.crosswalks}
    left = [
        _without(example, gone)
        for example in examples
        if example.name not in names and not gone & _codes(example)
    ]
    found.examples = left + found.examples
    found.guidance = [entry for entry in guidance if entry.id not in ids] + found.guidance
    found.crosswalks = [
        row
        for row in crosswalks
        if _of(row) not in mapped and (row.vocabulary is not None or row.code not in gone)
    ] + found.crosswalks
    for code, kind in found.event_types.items() if gone else ():
        if ("code", code) in found.inherited:
            found.event_types[code] = _pointing(kind, gone)


def _orphans(page: Document, found: Parts, gone: set[str]) -> None:
    """Codes whose parent is removed: a problem of the one line that removes it, and not of every code below."""
    for i, code in enumerate(page.data.get("removes", {}).get("event_types", ())):
        below = [kind.code for kind in found.event_types.values() if kind.parent == code and code in gone]
        if below:
            hint = f"remove them too, or give them another parent in events/: {', '.join(below)}"
            message = f"'{code}' is removed, and the codes below it stay"
            found.problems.append(page.problem(("removes", "event_types", i), message, hint))


def _without(example: Example, gone: set[str]) -> Example:
    return replace(example, not_=tuple(code for code in example.not_ if code not in gone))


def _pointing(kind: EventType, gone: set[str]) -> EventType:
    """An inherited code whose borders keep their words where the code on the other side is gone."""
    excludes = tuple(
        replace(exclude, see=None) if exclude.see in gone else exclude for exclude in kind.excludes
    )
    return replace(kind, excludes=excludes)


def _of(row: Crossing) -> tuple[str | None, str, str]:
    return (row.vocabulary, row.code, row.target_codebook)


def _codes(example: Example) -> set[str]:
    """The codes that an example expects or illustrates; what it is told apart from may go."""
    said = {coding.get("event_type", "") for coding in example.expect or () if isinstance(coding, Mapping)}
    return said | ({example.negative} if example.negative else set())


def _remove(page: Document, kind: str, keys: list[str], found: Parts) -> None:
    entries = getattr(found, kind)
    for i, name in enumerate(keys):
        key = tuple(name.split(".", 1)) if kind == "fields" else name
        if key in entries:
            del entries[key]
        else:
            known = [".".join(known) if isinstance(known, tuple) else known for known in entries]
            found.problems.append(_unknown(page, kind, i, WHAT[kind], name, known))


def _remove_listed(page: Document, kind: str, attribute: str, names: list[str], found: Parts) -> None:
    known = [getattr(entry, attribute) for entry in getattr(found, kind)]
    found.problems += [
        _unknown(page, kind, i, kind.removesuffix("s"), name, known)
        for i, name in enumerate(names)
        if name not in known
    ]
    setattr(found, kind, [entry for entry in getattr(found, kind) if getattr(entry, attribute) not in names])


def _unknown(page: Document, kind: str, i: int, what: str, name: str, known: list[str]) -> Any:
    return page.problem(
        ("removes", kind, i), f"there is no {what} '{name}' to remove", did_you_mean(name, known)
    )
