"""Pairs of reports of different documents that may tell of one event: found in blocks, so that the work grows with the reports.

A report is laid into blocks by what it says: its family of codes with each of its actors (and the wholes that they belong to), with its
place (name, admin unit, cell of a grid), and with nothing else. A block is sorted by date, and a report is compared with at most `window`
of those before it whose days are near (the sorted neighbourhood of Hernández and Stolfo 1995, in several passes). So there are at most
reports × blocks of a report × 2 × window comparisons, however many pairs there are. What a crowded block leaves out is counted.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from heapq import heappop, heappush
from math import cos, floor, inf, radians
from typing import Any

from eventcode.adjudication.linking_likeness import Likeness, Settings, Told, likeness, wholes
from eventcode.adjudication.relations import Reports
from eventcode.model import Codebook
from eventcode.readings import Row
from eventcode.sourcing import normal_name

KM_A_DEGREE = 111.2
Closed = Callable[[Told, Told], bool]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two reports that may tell of one event, in the order of their names."""

    one: Told
    other: Told
    likeness: Likeness


@dataclass(frozen=True, slots=True)
class Found:
    """Candidates, the likest first; how many pairs were compared, and how many at the most were not because their block is crowded.

    In the block of a whole family of codes, which is there for reports that say little, nothing is counted as left out.
    """

    pairs: tuple[Pair, ...]
    compared: int
    left_out: int


def lay_out(
    reports: Sequence[Row], participants: Iterable[Row], documents: Iterable[Row],
    known: Reports, events: Mapping[str, str], codebook: Codebook,
) -> list[Told]:  # fmt: skip
    """Reports with their participants as they are compared, in the order of their names.

    An actor without an entry in the list goes by the printed name. Days are those of the report; an open end is closed by the longest span
    that the codebook gives that precision of dates, or by the publication of the document, and an interval that is shorter than its
    precision is widened to it.
    """
    acting: dict[str, list[Row]] = {}
    for row in participants:
        acting.setdefault(row["coding_id"], []).append(row)
    published = {row["document_id"]: row.get("published_at_end") for row in documents}
    told = [
        _told(
            row, acting.get(row["coding_id"], ()), published.get(row["document_id"]),
            known.names[row["report_id"]], events[row["report_id"]], codebook,
        )
        for row in reports
    ]  # fmt: skip
    return sorted(told, key=lambda one: one.name)


def candidates(told: Sequence[Told], settings: Settings, codebook: Codebook, closed: Closed) -> Found:
    """The pairs that are likely enough; of one document, of one event already, and those that `closed` says are decided, are none."""
    seen: set[tuple[int, int]] = set()
    pairs, left_out = list[Pair](), 0
    for narrow, members in blocks(told, settings.km):
        for i, j in neighbours(told, members, settings.days, settings.window):
            if j < 0:
                left_out -= j * narrow
                continue
            key = (i, j) if i < j else (j, i)
            if key in seen:
                continue
            seen.add(key)
            one, other = told[key[0]], told[key[1]]
            if one.document == other.document or one.event == other.event or closed(one, other):
                continue
            found = likeness(one, other, settings, codebook)
            if found is not None and found.value >= settings.minimum:
                pairs.append(Pair(one, other, found))
    pairs.sort(key=lambda pair: (-round(pair.likeness.value, 9), pair.one.name, pair.other.name))
    return Found(tuple(pairs), len(seen), left_out)


# ── reports as they are compared ──────────────────────────────────────────────────────────────────────────────────────


def _told(row: Row, acting: Iterable[Row], published: Any, name: str, event: str, codebook: Codebook) -> Told:
    roles: dict[str, set[str]] = {"actor": set(), "recipient": set()}
    for one in acting:
        actor = one.get("actor_id") or normal_name(one.get("name_as_printed") or "")
        if actor and one["role"] in roles:
            roles[one["role"]].add(actor)
    start, end = span(row, published, codebook)
    named = row.get("place_id") or normal_name(row.get("place_name") or "")
    code = row.get("event_type") or ""
    root = (
        codebook.root(code) if code in codebook.event_types else code
    )  # an unknown code is a finding elsewhere
    point = (row["lat"], row["lon"]) if None not in (row.get("lat"), row.get("lon")) else None
    return Told(
        name=name, document=row["document_id"], event=event, code=code, root=root,
        start=start, end=end, country=row.get("country"), admin1=row.get("admin1"), place=named or None, point=point,
        roles={role: frozenset(actors) for role, actors in roles.items()},
        kin={role: wholes(codebook, actors) for role, actors in roles.items()}, row=row,
    )  # fmt: skip


def span(row: Row, published: Any, codebook: Codebook) -> tuple[float, float]:
    """The first and last day of a report as numbers; infinite where nothing closes a side."""
    start, end, told = _day(row.get("date_start")), _day(row.get("date_end")), _day(published)
    lengths = {one.precision: one for one in codebook.date_spans}
    length = next(
        (lengths[p] for p in (row.get("date_prec"), row.get("date_precision")) if p in lengths), None
    )
    if start is not None and end is None:
        end = start + length.at_most - 1 if length else told if told is not None and told >= start else None
    if end is not None and start is None and length:
        start = end - length.at_most + 1
    if start is not None and end is not None and length and 0 <= end - start + 1 < length.at_least:
        start, end = start - (length.at_least - 1), end + (length.at_least - 1)
    return -inf if start is None else start, inf if end is None else max(end, start or end)


def _day(value: Any) -> float | None:
    if value is None:
        return None
    day = date.fromisoformat(value) if isinstance(value, str) else value
    return float(day.toordinal())


# ── blocks ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def blocks(told: Sequence[Told], km: float) -> Iterator[tuple[bool, list[int]]]:
    """The numbers of the reports in each block of two or more, and whether it is narrower than a whole family of codes."""
    kinds: tuple[Callable[[Told], Iterable[Any]], ...] = (
        lambda one: [one.place] if one.place else (),
        lambda one: cells(one.point, km) if one.point else (),
        lambda one: sorted({*one.kin["actor"], *one.kin["recipient"]}),
        lambda one: [(one.country, one.admin1)] if one.admin1 else (),
        lambda one: [None],
    )
    for kind, keys in enumerate(kinds):
        held: dict[tuple[str, Any], list[int]] = {}
        for number, one in enumerate(told):
            for key in keys(one):
                held.setdefault((one.root, key), []).append(number)
        yield from ((kind < len(kinds) - 1, members) for members in held.values() if len(members) > 1)


def cells(point: tuple[float, float], km: float) -> Iterator[tuple[int, int, int, int]]:
    """The cells of four grids in which a point lies; of two points that are no further than `km` apart, one cell holds both.

    The grids have cells of twice `km`, and lie half a cell apart in each direction: between two near points at most one of the lines of
    both grids runs.
    """
    height = 2 * max(km, 0.01) / KM_A_DEGREE
    for up in (0, 1):
        band = floor((point[0] + 90) / height + up / 2)
        edge = max(abs((band - up / 2) * height - 90), abs((band + 1 - up / 2) * height - 90))
        around = max(1, floor(360 * max(cos(radians(min(edge, 89.999))), 1e-6) / height))
        for side in (0, 1):
            yield up, side, band, floor((point[1] + 180) / 360 * around + side / 2) % around


def neighbours(
    told: Sequence[Told], members: Collection[int], days: int, window: int
) -> Iterator[tuple[int, int]]:
    """Pairs of a block whose days are near: each report with at most `window` short and `window` long ones before it, by date.

    A report that is long (more than twice the days) would push the short ones out, so they wait apart. (number, −n) stands for n pairs that
    were not formed because too many were waiting.
    """
    waiting: dict[bool, list[int]] = {True: [], False: []}
    gone: list[float] = []  # the last days of those that had to make room: a heap
    for number in sorted(
        members, key=lambda n: (told[n].start, told[n].place or "", told[n].end, told[n].name)
    ):
        one = told[number]
        while gone and gone[0] + days < one.start:
            heappop(gone)
        if gone:
            yield number, -len(gone)
        for held in waiting.values():
            held[:] = [n for n in held if told[n].end + days >= one.start]
            yield from ((other, number) for other in held)
        held = waiting[one.end - one.start > 2 * days]
        held.append(number)
        if len(held) > window:
            heappush(gone, told[held.pop(0)].end)
