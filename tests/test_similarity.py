"""How alike two codings are in each identity field, from 0 to 1, and where that cannot be told."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coders_at_work import CODEBOOK, coding, corpus, read
from eventcode.reliability import identity_fields, similarity

ALIASES = {"the front": "front", "front": "front"}


def two_places(one: dict[str, Any], other: dict[str, Any]) -> float:
    return _both(identity_fields.places([one, other], 25.0))


def two_dates(one: tuple[Any, Any], other: tuple[Any, Any]) -> float:
    rows = [{"date_start": start, "date_end": end} for start, end in (one, other)]
    return _both(identity_fields.dates(rows, 3.0))


def two_actors(one: list[dict[str, Any]], other: list[dict[str, Any]]) -> float:
    rows = [{"participants": [{"role": "actor", **who} for who in own]} for own in (one, other)]
    return _both(identity_fields.participants(rows, "actor", ALIASES))


def two_spans(one: list[tuple[int, int]], other: list[tuple[int, int]], text: str | None = None) -> float:
    rows = [
        coding("e1", evidence=[{"field": "event_type", "start": start, "end": end} for start, end in own])
        for own in (one, other)
    ]
    of = corpus(
        [read("d", "anna", rows[:1]), read("d", "ben", rows[1:])], texts={"d": text} if text else None
    )
    return _both(identity_fields.of_codings(of, 3.0, 25.0)["evidence"])


def _both(component: similarity.Component) -> float:
    """The similarity of the first two, which is the same both ways."""
    there, back = component.pairs(np.array([0, 1]), np.array([1, 0]))
    assert there == back or (np.isnan(there) and np.isnan(back))
    return float(there)


# ── evidence ──


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ([(0, 10)], [(0, 10)], 1.0),
        ([(0, 10)], [(5, 15)], 0.5),
        ([(0, 10)], [(10, 20)], 0.0),
        ([(0, 10), (5, 20)], [(0, 20)], 1.0),  # what two spans of one coding share counts once
        ([(0, 10), (20, 30)], [(20, 30)], 2 / 3),
    ],
)
def test_evidence_is_alike_by_the_characters_that_both_cover(one: list, other: list, expected: float) -> None:
    assert two_spans(one, other) == pytest.approx(expected)


def test_evidence_is_alike_by_tokens_where_the_text_is_there() -> None:
    text = "They left the camp, extraordinarily quietly."
    assert two_spans([(0, 18)], [(0, 9)], text) == pytest.approx(2 * 2 / (4 + 2))
    assert two_spans([(0, 18)], [(0, 18)], text) == 1.0
    assert two_spans([(0, 3)], [(0, 4)], text) == 1.0  # a span that cuts a token holds it
    assert two_spans([(0, 18)], [(0, 9)]) == pytest.approx(2 * 9 / 27)


def test_evidence_is_measured_in_characters_as_soon_as_one_text_is_missing() -> None:
    reads = [read("d1", "anna", [coding("e1", span=(0, 9))]), read("d2", "anna")]
    assert corpus(reads, texts={"d1": "They left.", "d2": "Nothing."}).evidence_in == "tokens"
    assert corpus(reads, texts={"d1": "They left."}).evidence_in == "characters"


def test_evidence_without_a_place_says_nothing() -> None:
    assert np.isnan(two_spans([], [(0, 10)]))


def test_evidence_of_the_event_type_comes_before_other_evidence() -> None:
    both = [{"field": "date", "start": 50, "end": 60}, {"field": "event_type", "start": 0, "end": 10}]
    assert identity_fields.coding_evidence({"evidence": both}) == both[1:]
    assert identity_fields.coding_evidence({"evidence": both[:1]}) == both[:1]


# ── date ──


@pytest.mark.parametrize(
    ("one", "other", "days"),
    [
        (("2025-05-02", "2025-05-02"), ("2025-05-02", "2025-05-02"), 0),
        (("2025-05-02", "2025-05-02"), ("2025-05-05", "2025-05-05"), 3),
        (("2025-05-01", "2025-05-31"), ("2025-05-05", "2025-05-05"), 0),
        (("2025-04-01", "2025-04-30"), ("2025-05-02", "2025-05-31"), 2),
        (("2025-05-01", None), ("2026-01-01", "2026-01-01"), 0),
        ((None, "2025-05-01"), ("2025-05-02", None), 1),
        (("2025-05-09", "2025-05-01"), ("2025-05-05", "2025-05-05"), 0),  # an end before its start
    ],
)
def test_dates_are_alike_by_the_days_between_them(one: tuple, other: tuple, days: int) -> None:
    assert two_dates(one, other) == pytest.approx(np.exp(-days / 3))


def test_no_date_is_like_no_other() -> None:
    assert np.isnan(two_dates((None, None), ("2025-05-02", "2025-05-02")))


# ── place ──

ANBAR = {"country": "IRQ", "admin1": "Anbar"}


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({"place_name": "Ras Amara"}, {"place_name": "ras  amara"}, 1.0),
        ({"place_name": "Ras Amara"}, {"place_name": "Tell Zahra"}, 0.0),
        (ANBAR | {"place_name": "Ras Amara"}, ANBAR | {"place_name": "Tell Zahra"}, 2 / 3),
        (ANBAR | {"place_name": "Ras Amara"}, {"country": "IRQ", "place_name": "Tell Zahra"}, 1 / 3),
        (ANBAR, ANBAR | {"place_name": "Ras Amara"}, 4 / 5),
        (ANBAR, ANBAR, 1.0),
        (ANBAR | {"place_name": "Ras Amara"}, {"country": "SYR", "place_name": "Ras Amara"}, 0.0),
        (
            {"place_name": "Jurf", "place_id": "geonames:1"},
            {"place_name": "Nasr", "place_id": "geonames:1"},
            1.0,
        ),
        (
            {"place_name": "Jurf", "place_id": "geonames:1"},
            {"place_name": "Jurf", "place_id": "geonames:2"},
            0.0,
        ),
        (
            {"place_name": "Jurf", "place_id": "geonames:1"},
            {"place_name": "Jurf", "place_id": "wikidata:Q1"},
            1.0,
        ),
        ({"place_id": "geonames:1"}, {"place_id": "geonames:1"}, 1.0),
    ],
)
def test_places_are_alike_by_the_levels_that_they_share(one: dict, other: dict, expected: float) -> None:
    assert two_places(one, other) == pytest.approx(expected)


def test_coordinates_count_where_they_are_nearer_than_names() -> None:
    here, there = (
        {"place_name": "Jurf", "lat": 33.0, "lon": 44.0},
        {"place_name": "Nasr", "lat": 33.1, "lon": 44.0},
    )
    assert two_places(here, there) == pytest.approx(np.exp(-11.12 / 25), abs=0.001)
    assert two_places({"lat": 33.0, "lon": 44.0}, {"lat": 33.0, "lon": 44.0}) == 1.0
    assert two_places(here | {"place_name": "Jurf"}, there | {"place_name": "Jurf"}) == 1.0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({}, {}),
        ({"country": "IRQ"}, {"place_name": "Ras Amara"}),
        ({}, ANBAR),
        ({"place_id": "geonames:1"}, {"place_id": "pcode:1"}),
    ],
)
def test_places_that_share_no_level_cannot_be_compared(one: dict, other: dict) -> None:
    assert np.isnan(two_places(one, other))


# ── participants ──


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ([{"actor_id": "front"}], [{"actor_id": "front"}], 1.0),
        ([{"actor_id": "front"}], [{"actor_id": "gov"}], 0.0),
        (
            [{"actor_id": "front", "name_as_printed": "it"}],
            [{"actor_id": "gov", "name_as_printed": "it"}],
            0.0,
        ),
        ([{"name_as_printed": "the  Brigade"}], [{"name_as_printed": "The brigade"}], 1.0),
        ([{"name_as_printed": "The Front"}], [{"actor_id": "front"}], 1.0),  # a name of the codebook's list
        ([{"name_as_printed": "fighters", "member_of": "front"}], [{"actor_id": "front"}], 0.5),
        ([{"member_of": "front"}], [{"member_of": "front"}], 0.5),
        ([{"member_of": "front"}], [{"actor_id": "gov"}], 0.0),
        ([{"actor_id": "front"}, {"actor_id": "gov"}], [{"actor_id": "gov"}], 2 / 3),
        ([{"actor_id": "front"}, {"actor_id": "gov"}], [{"actor_id": "gov"}, {"actor_id": "front"}], 1.0),
    ],
)
def test_participants_are_alike_by_their_best_counterparts(one: list, other: list, expected: float) -> None:
    assert two_actors(one, other) == pytest.approx(expected)


@pytest.mark.parametrize("nobody", [[], [{"actor_missing": "not_stated"}], [{"name_as_printed": "somebody"}]])
def test_participants_of_whom_nothing_can_be_compared_say_nothing(nobody: list) -> None:
    assert np.isnan(two_actors(nobody, [{"actor_id": "gov"}]))


def test_roles_are_kept_apart() -> None:
    rows = [coding("e1", actor="the union"), coding("e2", recipient="the union")]
    of = corpus([read("d", "anna", rows)])
    components = identity_fields.of_codings(of, 3.0, 25.0)
    for role in ("actor", "recipient"):
        assert np.isnan(_both(components[role]))


def test_a_name_that_two_actors_have_stands_for_neither() -> None:
    of = corpus([read("d", "anna")])
    assert identity_fields._aliases(of)["front"] == "front"
    doubled = {**CODEBOOK.actors, "other": type(CODEBOOK.actors["front"])("other", "Front", "armed_group")}
    object.__setattr__(
        of, "codebook", type(CODEBOOK)("x", "x", "1.0.0", "codebook", "", "", "", actors=doubled)
    )
    assert "front" not in identity_fields._aliases(of)


# ── all together ──

PEOPLE = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "actor_id": st.sampled_from(["front", "gov"]),
            "name_as_printed": st.sampled_from(["Front", "the council", "x"]),
            "member_of": st.sampled_from(["front", "gov"]),
        },
    ),
    max_size=4,
)
PLACES = st.fixed_dictionaries(
    {},
    optional={
        "country": st.sampled_from(["IRQ", "SYR"]),
        "admin1": st.sampled_from(["Anbar", "Basra"]),
        "place_name": st.sampled_from(["Ras Amara", "Tell Zahra"]),
        "place_id": st.sampled_from(["geonames:1", "geonames:2", "pcode:1"]),
    },
)


@given(PEOPLE, PEOPLE)
def test_participants_lie_between_nothing_and_all_in_common(one: list, other: list) -> None:
    found = two_actors(one, other)
    assert np.isnan(found) or 0 <= found <= 1
    themselves = two_actors(one, one)
    assert np.isnan(themselves) or themselves in (0.5, 1.0) or any("member_of" in who for who in one)


@given(PLACES, PLACES)
def test_places_lie_between_nothing_and_all_in_common(one: dict, other: dict) -> None:
    found = two_places(one, other)
    assert np.isnan(found) or 0 <= found <= 1
    assert two_places(one, one) == 1.0 if one else np.isnan(two_places(one, one))


def test_the_mean_is_over_what_both_sides_give() -> None:
    class Fixed:
        def __init__(self, *values: float) -> None:
            self.values = np.array(values)

        def pairs(self, left: np.ndarray, right: np.ndarray) -> np.ndarray:
            return self.values

    at = np.zeros(3, dtype=np.int64)
    components = {
        "evidence": Fixed(1, np.nan, np.nan),
        "date": Fixed(0.5, 0.5, np.nan),
        "place": Fixed(0, 0, 0),
    }
    found = similarity.mean(components, {"evidence": 3, "date": 1}, at, at)
    assert found[:2].tolist() == [(3 + 0.5) / 4, 0.5]
    assert np.isnan(found[2])
