"""A codebook that extends another: what it takes over, what it puts in its place, what it removes.

Merging goes by code, field, id or name, entry by entry and whole: an own entry takes the place of the inherited one. An inherited
example or crosswalk row that speaks of a removed code goes with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from eventcode.codebook.folder import Parts
from eventcode.model import Crossing, Example
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
    gone = set(removes.get("event_types", ()))
    kept = ([e for e in found.examples if not gone & _codes(e)], found.guidance,
            [row for row in found.crosswalks if row.vocabulary is not None or row.code not in gone])  # fmt: skip
    found.examples, found.guidance, found.crosswalks = [], [], []
    return kept


def settle(found: Parts, examples: list[Example], guidance: list[Any], crosswalks: list[Crossing]) -> None:
    """Put the inherited entries before the own ones, without those that an own one replaces."""
    names = {example.name for example in found.examples}
    ids = {entry.id for entry in found.guidance}
    mapped = {_of(row) for row in found.crosswalks}
    found.examples = [example for example in examples if example.name not in names] + found.examples
    found.guidance = [entry for entry in guidance if entry.id not in ids] + found.guidance
    found.crosswalks = [row for row in crosswalks if _of(row) not in mapped] + found.crosswalks


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
