"""A reading as one JSON object, as rows of tables, and back."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eventcode import dates, readings
from eventcode.codebook import views
from eventcode.codebook.load import load
from eventcode.errors import Problem
from eventcode.model import Codebook, Place
from eventcode.readings import Coder, Row
from eventcode.tables import READING_TABLES, build
from strategies import readings_for
from tiny_project import reading as tiny_reading

DISARMAMENT = load("disarmament")
ANNA = Coder("anna", "person", "2")
HERE = Place("batch.jsonl", 7)
ONCE = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def _clean(raw: Row, codebook: Codebook = DISARMAMENT) -> Row:
    reading, problems = readings.normalise(raw, codebook, HERE)
    assert problems == []
    return reading


def _rows(raw: Row) -> readings.Rows:
    return readings.explode(_clean(raw), "ref:1", ANNA, DISARMAMENT, HERE)


# ── the canonical form ────────────────────────────────────────────────────────────────────────────────────────────────


def test_nulls_and_empty_lists_say_nothing_and_go() -> None:
    raw = {
        "status": "coded", "note": None, "sources": [],
        "codings": [{"key": "e1", "event_type": "072", "demand": [], "place_name": None, "support": [], "evidence": None}],
    }  # fmt: skip
    assert _clean(raw) == {"status": "coded", "codings": [{"key": "e1", "event_type": "072"}]}


def test_what_is_false_zero_or_an_empty_text_stays() -> None:
    raw = {
        "codings": [
            {"key": "e1", "event_type": "111", "fatalities_best": 0, "contested": False, "place_name": ""}
        ]
    }
    assert _clean(raw) == raw


def test_the_input_is_left_as_it_was() -> None:
    raw = tiny_reading()
    before = copy.deepcopy(raw)
    readings.normalise(raw, DISARMAMENT)
    assert raw == before


@pytest.mark.parametrize(
    ("written", "columns"),
    [
        ("2025-06", {"date_start": "2025-06-01", "date_end": "2025-06-30", "date_precision": "month"}),
        ("2025-01/..", {"date_start": "2025-01-01", "date_precision": "after"}),
        ("../2025-06-16", {"date_end": "2025-06-16", "date_precision": "before"}),
        (
            "2025-04-03~",
            {"date_start": "2025-04-03", "date_end": "2025-04-03", "date_precision": "about_day"},
        ),
    ],
)
def test_a_date_in_one_word_becomes_three_columns(written: str, columns: Row) -> None:
    raw = {"codings": [{"key": "e1", "event_type": "072", "date": written}]}
    assert _clean(raw)["codings"][0] == {"key": "e1", "event_type": "072", **columns}


def test_dates_of_every_depth_are_expanded() -> None:
    raw = {
        "codings": [
            {
                "key": "e1",
                "event_type": "012",
                "deadline": "2025",
                "support": [{"source": "s1", "utterance_date": "2025-06"}],
            }
        ]
    }
    coding = _clean(raw)["codings"][0]
    assert coding["deadline_precision"] == "year"
    assert coding["support"][0]["utterance_date_precision"] == "month"


@pytest.mark.parametrize(
    ("coding", "path", "message"),
    [
        ({"date": "in June"}, "codings[0].date", "'in June' is no date"),
        ({"deadline": "2025-1"}, "codings[0].deadline", "'2025-1' is no date"),
        ({"date": "2025", "date_start": "2025-01-01"}, "codings[0].date", "both date and date_start or its kin are given"),
        ({"date_start": "2025-02-30", "date_precision": "day"}, "codings[0].date", "'2025-02-30' is not a day"),
        ({"support": [{"source": "s1", "utterance_date": "soon"}]}, "codings[0].support[0].utterance_date", "'soon' is no date"),
    ],
)  # fmt: skip
def test_what_is_no_date_is_a_problem_with_its_place(coding: Row, path: str, message: str) -> None:
    raw = {"codings": [{"key": "e1", "event_type": "012", **coding}]}
    _, problems = readings.normalise(raw, DISARMAMENT, HERE)
    assert problems == [Problem(message, dates.HINT, "batch.jsonl", 7, path)]


@pytest.mark.parametrize(
    ("given_", "positions"),
    [
        ([("actor", None), ("actor", None), ("recipient", None)], [0, 1, 0]),
        ([("actor", 3), ("actor", None)], [3, 4]),
        ([("actor", None), ("actor", 0)], [1, 0]),
        ([("actor", None), ("actor", 1), ("actor", None)], [0, 1, 2]),
    ],
)
def test_participants_without_a_position_get_the_next_free_one_of_their_role(
    given_: list[tuple[str, int | None]], positions: list[int]
) -> None:
    people = [
        {"role": role} | ({} if position is None else {"position": position}) for role, position in given_
    ]
    raw = {"codings": [{"key": "e1", "event_type": "072", "participants": people}]}
    assert [row["position"] for row in _clean(raw)["codings"][0]["participants"]] == positions


@ONCE
@given(st.data())
def test_the_canonical_form_of_a_canonical_reading_is_itself(data: st.DataObject) -> None:
    reading = data.draw(readings_for(DISARMAMENT))
    assert _clean(reading) == reading


# ── ids ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _id(reading: Row, document: str = "ref:1") -> str:
    return readings.reading_id(_clean(reading), document)


def test_an_id_is_the_same_for_the_same_content_in_another_order() -> None:
    raw = tiny_reading()
    assert _id(raw) == _id(dict(reversed(raw.items())))


def test_an_id_does_not_depend_on_the_time_of_coding_nor_on_ids_that_came_along() -> None:
    raw = tiny_reading()
    other = tiny_reading(coded_at="2026-01-01T00:00:00Z", reading_id="abc")
    other["codings"][0]["coding_id"] = "def"
    assert _id(raw) == _id(other)


def test_an_id_does_not_depend_on_the_name_by_which_the_line_knows_the_document() -> None:
    assert _id(tiny_reading()) == _id(tiny_reading(document="ref:1"))
    assert _id(tiny_reading()) != _id(tiny_reading(), "ref:2")


def _spoil(change: str) -> Row:
    raw = tiny_reading()
    paths: dict[str, Any] = {
        "revision": lambda: raw.update(revision=2),
        "coder": lambda: raw.update(coder="ben"),
        "a code": lambda: raw["codings"][0].update(event_type="032"),
        "a stance": lambda: raw["codings"][0]["support"][0].update(stance="denies"),
        "a source": lambda: raw["sources"][1].update(position="politician"),
        "a participant": lambda: raw["codings"][1]["participants"][0].update(name_as_printed="it"),
        "an offset": lambda: raw["codings"][0]["evidence"][0].update(start=1),
        "the order of codings": lambda: raw["codings"].reverse(),
    }
    paths[change]()
    return raw


@pytest.mark.parametrize(
    "change",
    [
        "revision",
        "coder",
        "a code",
        "a stance",
        "a source",
        "a participant",
        "an offset",
        "the order of codings",
    ],
)
def test_an_id_changes_with_every_part_of_the_content(change: str) -> None:
    assert _id(_spoil(change)) != _id(tiny_reading())


def test_every_row_has_an_id_of_its_own_that_is_the_same_each_time() -> None:
    first, second = _rows(tiny_reading()), _rows(tiny_reading())
    ids = [row[key] for table, key in (("codings", "coding_id"), ("sources", "source_id"), ("support", "support_id"),
                                      ("evidence", "evidence_id")) for row in first.tables[table]]  # fmt: skip
    assert len(ids) == len(set(ids))
    assert first.tables == second.tables


# ── rows ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_row_knows_where_it_stands() -> None:
    rows = _rows(tiny_reading())
    paths = {
        table: [rows.places[readings.row_key(table, row)].path for row in rows.tables[table]]
        for table in READING_TABLES
    }
    assert paths["readings"] == [""]
    assert paths["codings"] == ["codings[0]", "codings[1]"]
    assert paths["sources"] == ["sources[0]", "sources[1]"]
    assert paths["support"][0] == "codings[0].support[0]"
    assert paths["participants"][0] == "codings[0].participants[0]"
    assert set(paths["evidence"]) == {"codings[0].evidence[0]", "codings[0].support[0].evidence[0]",
                                      "codings[1].evidence[0]", "codings[1].support[0].evidence[0]"}  # fmt: skip
    assert {place.line for place in rows.places.values()} == {7}


def test_a_support_row_of_a_source_that_is_not_there_keeps_what_was_written() -> None:
    raw = tiny_reading()
    raw["codings"][0]["support"][0]["source"] = "s9"
    rows = _rows(raw)
    assert rows.tables["support"][0]["source_id"] == "unknown:s9"
    assert readings.implode(rows.tables)[0]["codings"][0]["support"][0]["source"] == "s9"


def test_derived_values_are_set_aside_to_be_compared() -> None:
    raw = tiny_reading()
    raw["codings"][0]["origins_min"] = 3
    raw["codings"][0]["support"][0]["party_to_event"] = "no"
    rows = _rows(raw)
    assert [(table, column, value) for table, _, column, value in rows.given] == [
        ("codings", "origins_min", 3), ("support", "party_to_event", "no"),
    ]  # fmt: skip
    assert "origins_min" not in rows.tables["codings"][0]
    assert "party_to_event" not in rows.tables["support"][0]


def test_a_row_says_under_which_codebook_it_was_made() -> None:
    now = _rows(tiny_reading(codebook=DISARMAMENT.reference)).tables["readings"][0]
    before = _rows(tiny_reading(codebook="disarmament@0.9.0")).tables["readings"][0]
    assert (now["codebook_version"], now["codebook_digest"]) == (DISARMAMENT.version, DISARMAMENT.digest)
    assert (before["codebook_version"], before["codebook_digest"]) == ("0.9.0", None)


@ONCE
@given(st.data())
def test_rows_give_back_the_reading_that_they_came_from(data: st.DataObject) -> None:
    reading = data.draw(readings_for(DISARMAMENT))
    rows = readings.explode(reading, "ref:1", ANNA, DISARMAMENT)
    assert readings.implode(rows.tables) == [{**reading, "document": "ref:1", "coder": "anna"}]


@ONCE
@given(st.data())
def test_arrow_tables_give_back_the_reading_too(data: st.DataObject) -> None:
    reading = data.draw(readings_for(DISARMAMENT))
    rows = readings.explode(reading, "ref:1", ANNA, DISARMAMENT)
    tables = {
        name: build(views.columns(DISARMAMENT, name), found).to_pylist()
        for name, found in rows.tables.items()
    }
    back = readings.implode(tables)
    assert back == [{**reading, "document": "ref:1", "coder": "anna"}]
    assert readings.reading_id(back[0], "ref:1") == readings.reading_id({**reading, "coder": "anna"}, "ref:1")


def test_readings_of_several_coders_do_not_mix() -> None:
    both = _rows(tiny_reading())
    both.extend(
        readings.explode(
            _clean(tiny_reading(coder="ben")), "ref:1", Coder("ben", "person"), DISARMAMENT, HERE
        )
    )
    assert [reading["coder"] for reading in readings.implode(both.tables)] == ["anna", "ben"]
    assert [len(reading["codings"]) for reading in readings.implode(both.tables)] == [2, 2]


def test_an_adopted_reading_says_so_also_when_it_comes_back() -> None:
    rows = _rows(tiny_reading(adopted_from="abc"))
    assert readings.implode(rows.tables)[0]["adopted_from"] == "abc"
