"""Candidates in groups: reports that may all be one event, and what would be contested if they were linked.

The likest pair comes first. Two groups become one where each event of the one may be each event of the other (complete linkage), so that
a chain of likenesses, in which the ends have nothing in common, is no group. No two groups with reports of one document become one: its
reader told them apart.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eventcode.adjudication import events
from eventcode.adjudication.candidates import Closed, Found, Pair
from eventcode.adjudication.linking_likeness import Settings, Told, likeness
from eventcode.model import Codebook
from eventcode.readings import Row

MOST = 25  # events of a group: more than anybody can look at together


@dataclass(frozen=True, slots=True)
class Group:
    """Reports that may tell of one event.

    `anchor` founds the event that would stay: one that somebody decided already, else the report of the earliest document. `pairs` are the
    candidates among them, the likest first; `contested` holds the fields on which they would not agree, with all values.
    """

    anchor: Told
    members: tuple[Told, ...]
    pairs: tuple[Pair, ...]
    contested: Mapping[str, tuple[str, ...]]

    @property
    def value(self) -> float:
        """How like the likest two are."""
        return self.pairs[0].likeness.value

    def nearest(self, member: Told) -> Pair:
        """The likest pair that a report is in."""
        return next(pair for pair in self.pairs if member.name in (pair.one.name, pair.other.name))


def groups(
    found: Found, told: Sequence[Told], settings: Settings, codebook: Codebook,
    closed: Closed, order: Callable[[Told], Any],
) -> list[Group]:  # fmt: skip
    """The groups of candidates, the likest first; `order` sorts the reports of a group, and its first is the anchor.

    A report that was linked already comes with the others of its event, so that all are seen together.
    """
    members: dict[str, list[Told]] = {}
    for one in told:
        members.setdefault(one.event, []).append(one)
    into = {event: {event} for event in members}
    for pair in found.pairs:
        mine, theirs = into[pair.one.event], into[pair.other.event]
        if mine is not theirs and len(mine) + len(theirs) <= MOST:
            rows, others = ([one for event in side for one in members[event]] for side in (mine, theirs))
            if _may_be_one(rows, others, settings, codebook, closed):
                mine |= theirs
                for event in theirs:
                    into[event] = mine
    kept: dict[int, list[Pair]] = {}
    for pair in found.pairs:
        if pair.other.event in into[pair.one.event]:
            kept.setdefault(id(into[pair.one.event]), []).append(pair)
    made = []
    for pairs in kept.values():
        rows = [one for event in into[pairs[0].one.event] for one in members[event]]
        rows.sort(key=lambda one: (order(one), one.name))
        made.append(Group(rows[0], tuple(rows), tuple(pairs), contested(rows, codebook)))
    return made


def _may_be_one(
    mine: Sequence[Told], theirs: Sequence[Told], settings: Settings, codebook: Codebook, closed: Closed
) -> bool:
    """Whether each event of one side is like each of the other, nobody decided otherwise, and no document is in both."""
    if {one.document for one in mine} & {one.document for one in theirs}:
        return False
    best: dict[tuple[str, str], float] = {}
    for one in mine:
        for other in theirs:
            if closed(one, other):
                return False
            found = likeness(one, other, settings, codebook)
            pair = (one.event, other.event)
            best[pair] = max(best.get(pair, 0.0), found.value if found else 0.0)
    return min(best.values()) >= settings.minimum


def contested(members: Sequence[Told], codebook: Codebook) -> dict[str, tuple[str, ...]]:
    """The fields on which the event of all these reports would be contested, and is not within one of their present events."""
    by_event: dict[str, list[Row]] = {}
    for one in members:
        by_event.setdefault(one.event, []).append(one.row)
    before = {name for rows in by_event.values() for name in _contested(rows, codebook)}
    after = _contested([one.row for one in members], codebook)
    return {name: values for name, values in after.items() if name not in before}


def _contested(rows: Sequence[Row], codebook: Codebook) -> dict[str, tuple[str, ...]]:
    found = events.aggregate(codebook, rows)
    names = dict[str, tuple[str, ...]]()
    for column, value in found.items():
        name, _, end = column.rpartition("_")
        if end == "contested" and value:
            names[name] = tuple(map(str, value))
        elif end == "precision" and value == "contested":
            names[name] = tuple(sorted({day for row in rows if (day := days(row, name))}))
        elif end == "best" and value is None:
            names[name] = tuple(map(str, sorted({row[name] for row in rows if row.get(name) is not None})))
    return names


def days(row: Row, name: str = "date") -> str:
    """An interval in short: `2025-05-01`, `2025-05-01/2025-05-10`, `2025-05-01/..`; empty where there is none."""
    start, end = row.get(f"{name}_start"), row.get(f"{name}_end")
    if start is None and end is None:
        return ""
    return str(start) if start == end else f"{start or '..'}/{end or '..'}"
