"""Near-duplicates that are only like each other, held against a comparison of every pair in Python."""

from __future__ import annotations

import math
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checking import DISARMAMENT
from eventcode.checks import near, quick, set_scan
from eventcode.checks.database import columns
from eventcode.checks.engine import Checker, Result
from eventcode.errors import CodebookError
from eventcode.model import Rule
from eventcode.readings import Row
from eventcode.tables import build

FIRST = date(2025, 1, 30)


def rule(table: str = "events", dates: str = "date_start", **options: Any) -> Rule:
    """A near-duplicate rule."""
    return Rule(
        id="test.near", table=table, severity="warning", message="like {other}", hint="look", kind="near_duplicate",
        columns=tuple(dates.split()), options=MappingProxyType(options),
    )  # fmt: skip


def check(asked: Rule, **tables: list[Row]) -> Result:
    """What one rule says of rows."""
    from dataclasses import replace

    book = replace(DISARMAMENT, rules=MappingProxyType({asked.id: asked}))
    built = {name: build(columns(book, name), rows) for name, rows in tables.items()}
    return Checker(book, only=[asked.id]).check(built)


def found(asked: Rule, **tables: list[Row]) -> dict[str, str]:
    """The rows found, with the key each is like."""
    return {finding.row: finding.message.removeprefix("like ") for finding in check(asked, **tables).findings}


def expected(rows: list[Row], asked: Rule) -> dict[str, str]:
    """The same by comparing every pair."""
    like = {}
    for row in rows:
        others = [o["event_id"] for o in rows if o["event_id"] < row["event_id"] and _alike(row, o, asked)]
        if others:
            like[row["event_id"]] = min(others)
    return like


def _alike(a: Row, b: Row, asked: Rule) -> bool:
    options = asked.options
    days = all(
        a[c] is not None and b[c] is not None and abs((a[c] - b[c]).days) <= options.get("days", 0)
        for c in asked.columns
    )
    exact = all(a[c] is not None and a[c] == b[c] for c in options.get("within", ()))
    family = not options.get("family") or (_root(a) is not None and _root(a) == _root(b))
    places = []
    if "km" in options:
        places.append(_distance(a, b) <= options["km"])
    if "same_place" in options:
        places.append(all(a[c] is not None and a[c] == b[c] for c in options["same_place"]))
    names = options.get("overlap", ())
    actors = not names or bool({a[c] for c in names if a[c]} & {b[c] for c in names if b[c]})
    return days and exact and family and (not places or any(places)) and actors


def _root(row: Row) -> str | None:
    return DISARMAMENT.root(row["event_type"]) if row["event_type"] in DISARMAMENT.event_types else None


def _distance(a: Row, b: Row) -> float:
    if None in (a["lat"], a["lon"], b["lat"], b["lon"]):
        return math.inf
    first, second = math.radians(a["lat"]), math.radians(b["lat"])
    half = math.sin((second - first) / 2) ** 2
    half += math.cos(first) * math.cos(second) * math.sin(math.radians(b["lon"] - a["lon"]) / 2) ** 2
    return 2 * near.EARTH * math.asin(math.sqrt(min(1.0, half)))


LATITUDES = st.one_of(st.floats(-90, 90), st.floats(33, 33.5), st.sampled_from([-90.0, 90.0, 89.99, 0.0]))
LONGITUDES = st.one_of(
    st.floats(-180, 180), st.floats(43, 43.5), st.sampled_from([-180.0, 180.0, 179.99, -179.99])
)
EVENT = st.fixed_dictionaries(
    {
        "event_type": st.sampled_from([*list(DISARMAMENT.event_types)[:6], "999", None]),
        "date_start": st.one_of(st.none(), st.integers(0, 6).map(lambda n: FIRST + timedelta(days=n))),
        "lat": st.one_of(st.none(), LATITUDES),
        "lon": st.one_of(st.none(), LONGITUDES),
        "country": st.sampled_from(["IRQ", "SYR", None]),
        "admin1": st.sampled_from(["Anbar", "Anbar/Hit", None]),
        "place_name": st.sampled_from(["Hit", "Ana", None]),
        "place_id": st.sampled_from(["a", "b", None]),
    }
)
RULES = [
    rule(within=("place_name",), days=1),
    rule(within=("place_name", "event_type"), days=0),
    rule(dates="", within=("place_name", "country")),
    rule(days=2, family=True),
    rule(days=1, km=25),
    rule(days=0, km=2500),
    rule(days=3, same_place=("country", "admin1")),
    rule(days=1, family=True, km=40, same_place=("country", "admin1")),
    rule(days=1, overlap=("place_id", "place_name")),
    rule(within=("country",), days=1, family=True, km=100, overlap=("place_id",)),
    rule(dates="", km=1),
]


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(EVENT, min_size=2, max_size=30))
def test_blocks_find_what_comparing_every_pair_finds(events: list[Row]) -> None:
    rows = [{"event_id": f"e{i:02}", **event} for i, event in enumerate(events)]
    for asked in RULES:
        assert found(asked, events=rows) == expected(rows, asked), asked.options


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(EVENT, min_size=2, max_size=30))
def test_many_rows_are_asked_in_another_way_with_the_same_answer(events: list[Row]) -> None:
    rows = [{"event_id": f"e{i:02}", **event} for i, event in enumerate(events)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("eventcode.checks.engine.MOST", 0)
        patch.setattr(set_scan, "LARGE", 0)
        patch.setattr(quick, "AT_ONCE", 7)
        patch.setattr(quick, "CELL", 2)
        for asked in RULES:
            assert found(asked, events=rows) == expected(rows, asked), asked.options


def test_codings_have_participants_in_common() -> None:
    asked = rule(table="codings", days=1, overlap=("participants",))
    codings = [
        {"coding_id": f"c{i}", "reading_id": "r", "key": f"e{i}", "date_start": FIRST} for i in range(3)
    ]
    actors = [("c0", "irq.a"), ("c1", "irq.b"), ("c2", "irq.a"), ("c2", "irq.b"), ("c1", None)]
    participants = [
        {"coding_id": c, "role": "actor", "position": i, "actor_id": a} for i, (c, a) in enumerate(actors)
    ]
    assert found(asked, codings=codings, participants=participants) == {"c2": "like c0"[5:]}


def test_what_is_alike_with_too_many_is_counted_as_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(near, "CROWD", 3)
    row = {"event_type": "010", "date_start": FIRST, "place_name": "Hit"}
    crowd = [{"event_id": f"a{i}", **row} for i in range(5)]
    pair = [{"event_id": f"b{i}", **row, "place_name": "Ana"} for i in range(2)]
    result = check(rule(within=("place_name",), days=0, family=True), events=[*crowd, *pair])
    assert [(f.row, f.message) for f in result.findings] == [("b1", "like b0")]
    assert [(c.rows, c.failed, c.unknown) for c in result.counts] == [(7, 1, 5)]


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (rule(days=1, overlap=("participants",)), "events have no participants"),
        (rule(dates="date_start date_end", km=3), "a near-duplicate by likeness has one date"),
        (rule(days=1, overlap=("aktor",)), "events has no column 'aktor'"),
        (rule(days=1, same_place=("provinz",)), "events has no column 'provinz'"),
    ],
)
def test_options_that_cannot_be_are_refused(asked: Rule, message: str) -> None:
    with pytest.raises(CodebookError, match=message):
        check(asked, events=[])
