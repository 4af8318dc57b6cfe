"""Which reports may tell of one event: how like two are, how they are found, how they are grouped."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace
from datetime import date
from math import inf
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventcode.adjudication import candidates, linking_groups, linking_likeness, linking_relations, relations
from eventcode.adjudication.linking_likeness import Settings, Told, distance, likeness
from eventcode.codebook.load import load
from eventcode.model import Codebook, DateSpan

SETTINGS = Settings()


@pytest.fixture(scope="module")
def book() -> Codebook:
    return load("disarmament")


def told(
    name: str = "a", code: str = "072", start: float = 10, end: float | None = None, **more: Any
) -> Told:
    actors, recipients = frozenset(more.pop("actor", ())), frozenset(more.pop("recipient", ()))
    roles = {"actor": actors, "recipient": recipients}
    given_ = {"country": None, "admin1": None, "place": None, "point": None, **more}
    return Told(
        name=name, document=name.partition("/")[0], event=name, code=code, root=code[:2] + "0", start=start,
        end=start if end is None else end, roles=roles, kin=roles, row={"event_type": code}, **given_,
    )  # fmt: skip


def like(book: Codebook, one: Told, other: Told) -> linking_likeness.Likeness | None:
    found = likeness(one, other, SETTINGS, book)
    back = likeness(other, one, SETTINGS, book)
    assert (found and found.value) == (back and back.value), "likeness has no direction"
    return found


# ── how like two reports are ──────────────────────────────────────────────────────────────────────────────────────────


def test_two_reports_that_say_the_same_are_wholly_alike(book):
    one = told(place="kilo 40", actor={"x"}, recipient={"y"})
    found = like(book, one, replace(one, name="b"))
    assert found.value == 1
    assert found.agrees == ["event_type", "date", "place", "actor", "recipient"]


def test_what_one_of_them_does_not_say_is_neither_likeness_nor_difference(book):
    found = like(book, told(actor={"x"}), told("b"))
    assert found.untold == ["place", "actor", "recipient"]
    assert found.differs == []
    assert found.value == pytest.approx((1 + 3 + 0.4 * 6) / 10)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({}, {"code": "111"}),
        ({}, {"start": 14}),
        ({"country": "IRQ"}, {"country": "IRN"}),
        ({"country": "IRQ", "admin1": "Basra"}, {"country": "IRQ", "admin1": "Anbar"}),
        ({"point": (33.3, 44.4)}, {"point": (30.5, 47.8)}),
        ({"actor": {"x"}, "recipient": {"y"}}, {"actor": {"y"}, "recipient": {"x"}, "start": 11}),
    ],
    ids=["family", "days", "country", "admin unit", "distance", "roles changed on another day"],
)
def test_what_cannot_be_one_event_is_no_candidate(book, one, other):
    assert like(book, told(**one), told("b", **other)) is None


def test_codes_of_one_family_are_near_by_what_they_have_in_common(book):
    assert linking_likeness.types("072", "072", book) == 1
    assert linking_likeness.types("070", "072", book) == pytest.approx(2 / 3)
    assert linking_likeness.types("071", "072", book) == 0.5
    assert linking_likeness.types("072", "111", book) == 0


@pytest.mark.parametrize(
    ("one", "other", "value"),
    [
        ((10, 10), (10, 10), 1),
        ((10, 10), (10, 13), 0.6 + 0.4 / 4),
        ((10, 10), (-inf, 12), 0.6),
        ((10, 10), (11, 11), pytest.approx(0.7165, abs=1e-4)),
        ((10, 10), (14, 14), 0),
        ((10, 10), (-inf, inf), None),
    ],
)
def test_days_are_like_by_what_they_have_in_common_or_how_far_they_lie_apart(one, other, value):
    pair = [told(name, start=start, end=end) for name, (start, end) in zip("ab", (one, other), strict=True)]
    assert linking_likeness.dates(*pair, 3) == value


def test_two_spellings_of_a_place_are_near():
    one, other, third = (told(place=name) for name in ("kilo 40", "kilo forty", "basra"))
    assert 0.5 <= linking_likeness.places(one, other, 25) < 0.95
    assert linking_likeness.places(one, third, 25) < 0.5


def test_a_place_and_the_unit_around_it_are_like_by_the_unit():
    inside = told(country="IRQ", admin1="Basra", place="zubair")
    assert linking_likeness.places(inside, told(country="IRQ", admin1="Basra"), 25) == 0.7
    assert linking_likeness.places(inside, told(country="IRQ"), 25) == 0.4
    assert linking_likeness.places(inside, told(), 25) is None


def test_a_whole_counts_half_for_its_part():
    part = replace(
        told(actor={"front.north"}),
        kin={"actor": frozenset({"front.north", "front"}), "recipient": frozenset()},
    )
    assert linking_likeness.actors(part, told(actor={"front"}), "actor") == 0.5
    assert linking_likeness.actors(part, told(actor={"army"}), "actor") == 0
    assert linking_likeness.actors(part, told(actor={"front.north", "army"}), "actor") == 1


# ── days of a report ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_open_end_is_closed_by_the_publication_and_a_span_by_its_precision(book):
    day = date(2025, 5, 1).toordinal()
    assert candidates.span({"date_start": "2025-05-01"}, "2025-05-10", book) == (day, day + 9)
    assert candidates.span({"date_start": "2025-05-01"}, None, book) == (day, inf)
    assert candidates.span({}, "2025-05-10", book) == (-inf, inf)
    stated = replace(book, date_spans=(DateSpan("3", 7, 7),))
    row = {"date_start": "2025-05-01", "date_prec": "3"}
    assert candidates.span(row, None, stated) == (day, day + 6)
    assert candidates.span({**row, "date_end": "2025-05-01"}, None, stated) == (day - 6, day + 6)


def test_a_code_that_the_codebook_does_not_have_is_alike_only_to_itself(book):
    rows = [
        {"report_id": name, "document_id": name, "report_key": "e1", "coding_id": name, "event_type": code, "date_start": "2025-05-01",
         "date_end": "2025-05-01"}
        for name, code in (("a", "999"), ("b", "999"), ("c", "072"))
    ]  # fmt: skip
    known = relations.Reports(rows, {})
    found = candidates.lay_out(rows, [], [], known, known.founded, book)
    pairs = candidates.candidates(found, SETTINGS, book, lambda *_: False).pairs
    assert [(pair.one.name, pair.other.name) for pair in pairs] == [("a/e1", "b/e1")]


# ── blocks ────────────────────────────────────────────────────────────────────────────────────────────────────────────

LATITUDE, LONGITUDE = st.floats(-89, 89), st.floats(-180, 180)


@given(LATITUDE, LONGITUDE, st.floats(-1, 1), st.floats(-1, 1), st.sampled_from([1.0, 25.0, 200.0]))
def test_two_places_no_further_apart_than_asked_share_a_cell(lat, lon, up, side, km):
    other = (max(-89.5, min(89.5, lat + up * km / 111)), (lon + side * km / 111 + 180) % 360 - 180)
    if distance((lat, lon), other) <= km:
        assert {*candidates.cells((lat, lon), km)} & {*candidates.cells(other, km)}


def many(n: int, seed: int = 1) -> list[Told]:
    """Reports of a busy place: few places and actors, so that every block is crowded."""
    draw = random.Random(seed)
    return [
        told(
            f"d{i:06}/e1", draw.choice(["071", "072", "073"]), start=draw.randrange(max(1, n // 20)), admin1="Basra", country="IRQ",
            place=f"p{draw.randrange(30)}", point=(30 + draw.random(), 47 + draw.random()), actor={f"x{draw.randrange(20)}"},
            recipient={f"y{draw.randrange(20)}"},
        )
        for i in range(n)
    ]  # fmt: skip


@pytest.mark.slow
def test_the_work_grows_with_the_reports_and_not_with_their_pairs(book):
    settings = Settings(window=5)
    small, large = (candidates.candidates(many(n), settings, book, lambda *_: False) for n in (5_000, 20_000))
    assert large.compared <= 20_000 * 9 * 2 * settings.window
    assert large.compared < 5 * small.compared, "four times the reports, and sixteen times the pairs"
    assert large.compared < 20_000 * 19_999 / 2 / 100
    assert large.left_out > 0, "what was not compared is told"


@given(st.integers(0, 30), st.randoms(use_true_random=False))
def test_the_order_of_reports_changes_nothing(n, draw):
    book = load("disarmament")
    reports = many(n)
    mixed = draw.sample(reports, n)
    one, other = (
        [
            (p.one.name, p.other.name, p.likeness)
            for p in candidates.candidates(rows, SETTINGS, book, lambda *_: False).pairs
        ]
        for rows in (reports, sorted(mixed, key=lambda one: one.name))
    )
    assert one == other


def test_blocks_find_what_a_comparison_of_all_pairs_finds(book):
    reports = [replace(one, start=one.start % 20, end=one.start % 20) for one in many(150)]
    settings = Settings(window=1_000)
    found = candidates.candidates(reports, settings, book, lambda *_: False)
    every = {
        (one.name, other.name)
        for one, other in itertools.combinations(reports, 2)
        if (pair := likeness(one, other, settings, book)) and pair.value >= settings.minimum
    }
    assert {(pair.one.name, pair.other.name) for pair in found.pairs} == every
    assert found.left_out == 0


def test_reports_of_one_document_or_one_event_or_decided_are_no_candidates(book):
    one, other = told("a/e1"), told("a/e2")
    assert candidates.candidates([one, other], SETTINGS, book, lambda *_: False).pairs == ()
    linked = [one, replace(told("b/e1"), event="a/e1")]
    assert candidates.candidates(linked, SETTINGS, book, lambda *_: False).pairs == ()
    apart = [one, told("b/e1")]
    assert candidates.candidates(apart, SETTINGS, book, lambda *_: True).pairs == ()
    assert len(candidates.candidates(apart, SETTINGS, book, lambda *_: False).pairs) == 1


def test_the_likest_pair_comes_first(book):
    rows = [
        told("a/e1", place="kilo 40"),
        told("b/e1", place="kilo forty"),
        told("c/e1", place="kilo 40", start=11),
    ]
    pairs = candidates.candidates(rows, SETTINGS, book, lambda *_: False).pairs
    values = [pair.likeness.value for pair in pairs]
    assert values == sorted(values, reverse=True)
    assert (pairs[0].one.name, pairs[0].other.name) == ("a/e1", "c/e1")


# ── groups ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def grouped(book: Codebook, rows: list[Told], closed: Any = lambda *_: False) -> list[linking_groups.Group]:
    found = candidates.candidates(rows, SETTINGS, book, closed)
    return linking_groups.groups(found, rows, SETTINGS, book, closed, lambda one: one.name)


def names(groups: list[linking_groups.Group]) -> list[list[str]]:
    return [[one.name for one in group.members] for group in groups]


def test_a_chain_whose_ends_have_nothing_in_common_is_no_group(book):
    chain = [
        told(f"{name}/e1", start=start, place="kilo 40")
        for name, start in zip("abc", (10, 12, 14), strict=True)
    ]
    assert names(grouped(book, chain)) == [["a/e1", "b/e1"]]


def test_a_report_that_is_linked_already_comes_with_its_event(book):
    rows = [told("a/e1"), replace(told("b/e1"), event="a/e1"), told("c/e1")]
    [group] = grouped(book, rows)
    assert [one.name for one in group.members] == ["a/e1", "b/e1", "c/e1"]
    assert group.anchor.name == "a/e1"


def test_no_group_has_what_somebody_told_apart_or_two_reports_of_one_document(book):
    rows = [told("a/e1"), told("b/e1"), told("c/e1")]
    assert names(grouped(book, rows)) == [["a/e1", "b/e1", "c/e1"]]
    apart = lambda one, other: {one.name, other.name} == {"b/e1", "c/e1"}  # noqa: E731
    assert names(grouped(book, rows, apart)) == [["a/e1", "b/e1"]]
    assert names(grouped(book, [told("a/e1"), told("b/e1"), told("b/e2")])) == [["a/e1", "b/e1"]]


def test_a_group_says_what_would_be_contested(book):
    rows = [
        replace(told(f"{name}/e1"), row={"event_type": code, "place_name": place, "date_start": day, "date_end": day, "date_precision": "day"})
        for name, code, place, day in (("a", "072", "Kilo 40", "2025-05-01"), ("b", "070", "Kilo Forty", "2025-05-02"))
    ]  # fmt: skip
    assert linking_groups.contested(rows, book) == {
        "place_name": ("Kilo 40", "Kilo Forty"),
        "date": ("2025-05-01", "2025-05-02"),
    }
    one_event = [replace(one, event="a/e1") for one in rows]
    assert linking_groups.contested(one_event, book) == {}, "it is contested already"


# ── relations ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def suggested(book: Codebook, *rows: Told) -> list[tuple[str, str, str]]:
    return [
        (s.relation, s.one.name, s.other.name) for s in linking_relations.suggestions(rows, SETTINGS, book)
    ]


def test_a_change_of_roles_afterwards_may_be_retaliation_and_at_once_a_counter(book):
    blow = told("a", "111", actor={"x"}, recipient={"y"})
    answer = told("b", "111", start=12, actor={"y"}, recipient={"x"})
    assert suggested(book, answer, blow) == [("retaliation", "b", "a")]
    assert suggested(book, blow, replace(answer, start=10, end=10)) == [("counter", "b", "a")]
    assert suggested(book, blow, replace(answer, start=20, end=20)) == []


def test_what_lies_within_the_days_or_the_place_of_another_may_be_a_part_of_it(book):
    whole = told("a", "111", 1, 30, country="IRQ", actor={"x"})
    part = told("b", "072", 10, country="IRQ", admin1="Basra", actor={"x"})
    assert suggested(book, whole, part) == [("sub_event", "b", "a")]
    assert suggested(book, whole, replace(part, country="IRN")) == []
    assert suggested(book, whole, replace(part, start=31, end=31)) == []


def test_three_acts_of_a_kind_in_a_row_may_be_a_campaign(book):
    acts = [told(name, "111", 10 + 3 * i, actor={"x"}) for i, name in enumerate("abc")]
    assert suggested(book, *acts) == [("campaign", "b", "a"), ("campaign", "c", "a")]
    assert suggested(book, *acts[:2]) == []


def test_what_is_settled_is_not_suggested_again(book):
    acts = [told(name, "111", 10, actor={"x"}) for name in "abc"]
    left = linking_relations.suggestions(
        acts, SETTINGS, book, settled={frozenset("ab")}, alike={frozenset("ac")}
    )
    assert left == []


def test_a_relation_that_is_named_by_an_event_id_or_a_report_is_the_same():
    rows = [{"report_id": "r", "document_id": "text:a", "report_key": "e1"}]
    known = relations.Reports(rows, {"text:a": "a"})
    assert known.event("a/e1") == known.event(relations.event_id("text:a", "e1")) == "r"
    assert known.event(None) is None
