"""Decisions and links for the first part of a simulated project: the adjudicator knows the truth. The rest is left to decide."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from eventcode import readings
from eventcode.adjudication import values
from eventcode.model import ROLES, Codebook, Place
from eventcode.pipeline.simulate_parts import Happening, Page, World
from eventcode.readings import Row

DECIDED = 0.25  # of the documents, those that come first
BY = "simulated adjudicator"
Readings = Mapping[str, Mapping[str, tuple[Row, Mapping[str, int | None]]]]  # by document and coder


def decisions(world: World, read: Readings, book: Codebook, order: Sequence[str]) -> Iterator[Row]:
    """Everything that must be decided about the first documents; coders who come first in `order` are taken first."""
    for page in world.pages[: int(DECIDED * len(world.pages))]:
        of = read.get(page.key, {})
        grouped: dict[int | None, list[tuple[str, Row]]] = {}
        for coder in (coder for coder in order if coder in of):
            line, truth = of[coder]
            for coding in line.get("codings", ()):
                grouped.setdefault(truth[coding["key"]], []).append((coder, coding))
        if len(of) < 2 or not grouped:
            continue
        base = max(of, key=lambda coder: (len(of[coder][0].get("codings", ())), -order.index(coder)))
        yield from _of_page(page, world, base, grouped, of, book)


def _of_page(
    page: Page, world: World, base: str, grouped: Mapping[int | None, list[tuple[str, Row]]],
    of: Mapping[str, tuple[Row, Mapping[str, int | None]]], book: Codebook,
) -> list[Row]:  # fmt: skip
    """The decisions about one document; none where an own voice would be borrowed beside that of the reading whose sources are taken."""
    made: list[Row] = []
    keys: set[str] = set()
    for event, members in sorted(grouped.items(), key=lambda row: (row[0] is None, row[0])):
        names = [f"{coder}/{coding['key']}" for coder, coding in members]
        if event is None:
            made.append(
                _decision(page.key, "group", {"from": names, "chosen": "none"}, "the sentence tells no act")
            )
            continue
        key = _key(members[0][1]["key"], keys)
        made.append(
            _decision(
                page.key, "group", {"report": key, "from": names}, "the same act, from the same sentence"
            )
        )
        it = world.happenings[page.told[event].happening]
        made += _fields(page.key, key, names, [coding for _, coding in members], it, book)
        if base not in [coder for coder, _ in members]:
            if _own_voice(of[members[0][0]][0], members[0][1]) and _own_voice(of[base][0]):
                return []
            taken = {"report": key, "field": "support", "from": names[:1]}
            made.append(_decision(page.key, "field", taken, f"{base} does not have it", "coder_slip"))
    return [*made, _decision(page.key, "sources", {"from": [base]}, "the fullest account of who told it")]


def _own_voice(line: Row, coding: Row | None = None) -> bool:
    """Whether a reading, or one coding of it, rests on the page's own voice."""
    own = {source["key"] for source in line["sources"] if source["identity"] == "own_voice"}
    return bool(own if coding is None else own & {row["source"] for row in coding["support"]})


def _key(wanted: str, taken: set[str]) -> str:
    """A report's key that no other report of the document has."""
    key, n = wanted, 1
    while key in taken:
        key, n = f"r{n}", n + 1
    taken.add(key)
    return key


def _fields(
    document: str, key: str, names: Sequence[str], codings: Sequence[Row], it: Happening, book: Codebook
) -> Iterator[Row]:
    """A decision for every field in which the codings differ: what is true where somebody has it, else the first with the true code."""
    right = [i for i, coding in enumerate(codings) if coding["event_type"] == it.code] or [0]
    expanded = [dict(coding) for coding in codings]
    for coding in expanded:
        readings.expand_dates(coding, ["date"], Place(), "")
    for name in values.names(book):
        if not values.differ(book, name, expanded):
            continue
        true = [i for i, coding in enumerate(codings) if _true(coding, name, it)]
        first = next((i for i in true if i in right), right[0])
        taken = {"report": key, "field": name, "from": [names[first]]}
        yield _decision(document, "field", taken, "as the text has it", "coder_slip")


def _true(coding: Row, name: str, it: Happening) -> bool:
    """Whether a coding has the true value of a field; of fields that are a matter of judgement none is truer."""
    if name in ROLES:
        return [row.get("actor_id") for row in coding["participants"] if row["role"] == name] == [
            getattr(it, name)
        ]
    known = {
        "event_type": it.code,
        "realis": it.realis,
        "setting": it.setting,
        "date": it.day.isoformat(),
        "place_name": it.place,
    }
    return name not in known or coding.get(name) == known[name]


def _decision(
    document: str, kind: str, rest: Mapping[str, Any], reason: str, cause: str | None = None
) -> Row:
    why = {"cause": cause} if cause else {}
    return {"document": document, "kind": kind, **rest, "by": BY, **why, "reason": reason}


def links(world: World, read: Readings, decided: Sequence[Row]) -> Iterator[Row]:
    """Reports of one happening as one event, of what was decided; every second happening is left to decide."""
    pages = {page.key: page for page in world.pages}
    told: dict[int, list[str]] = {}
    for row in decided:
        if row["kind"] == "group" and "report" in row:
            coder, _, key = row["from"][0].partition("/")
            event = read[row["document"]][coder][1][key]
            if event is not None:
                happening = pages[row["document"]].told[event].happening
                told.setdefault(happening, []).append(f"{row['document']}/{row['report']}")
    for number, reports in told.items():
        if number % 2:
            continue
        alone = len(reports) == 1
        for report in reports:
            reason = "no other page tells of it" if alone else "the same act, day and place"
            yield {
                "report": report,
                "event": reports[0],
                "relation": "same_event",
                "by": BY,
                "reason": reason,
            }
