"""From reports to events: how fields aggregate, and what links make of reports."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from eventcode.adjudication import events
from eventcode.codebook import views
from eventcode.model import Codebook, Field
from eventcode.readings import Row
from eventcode.tables import build

NAMES = {"text:a": "a", "text:b": "b", "text:c": "c"}
A, B, C = (events.event_id(f"text:{name}", "e1") for name in "abc")


# ── fields ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def aggregated(
    codebook: Codebook, name: str, type_: str, way: str, *values: Any, vocabulary: str | None = None
) -> Row:
    """The columns of an event that a field becomes, from one value per report."""
    field = Field(
        name=name, table="codings", label=name, question="?", type=type_, aggregate=way, vocabulary=vocabulary
    )
    alone = replace(codebook, fields={("codings", name): field})
    found = events.aggregate(alone, [{name: value} for value in values])
    return {key: value for key, value in found.items() if value is not None}


@pytest.mark.parametrize(
    ("type_", "way", "values", "event"),
    [
        ("code", "same", ["paper", "paper"], {"x": "paper"}),
        ("code", "same", ["paper", None], {"x": "paper"}),
        ("code", "same", ["paper", "convoy"], {"x_contested": ["convoy", "paper"]}),
        ("code", "same", [None, None], {}),
        ("boolean", "same", [True, False], {"x_contested": ["false", "true"]}),
        ("set", "same", [["b", "a"], ["a", "b"]], {"x": ["b", "a"]}),
        ("set", "same", [["a"], ["a", "b"]], {"x_contested": ["a", "a; b"]}),
        ("set", "union", [["b"], ["a", "b"], None], {"x": ["a", "b"]}),
        ("set", "union", [None], {}),
        ("integer", "range", [3, 3], {"x_low": 3, "x_best": 3, "x_high": 3}),
        ("integer", "range", [10, 2, None], {"x_low": 2, "x_high": 10}),
        ("integer", "range", [0, 0], {"x_low": 0, "x_best": 0, "x_high": 0}),
        ("integer", "range", [None], {}),
        ("integer", "min", [3, 1, None], {"x": 1}),
        ("integer", "max", [3, 0, None], {"x": 3}),
        ("boolean", "any", [False, True, None], {"x": True}),
        ("boolean", "any", [False, None], {"x": False}),
        ("boolean", "any", [None], {}),
        ("boolean", "all", [False, True], {"x": False}),
        ("boolean", "all", [True, None], {"x": True}),
        ("boolean", "all", [None], {}),
        ("code", "none", ["a", "a"], {}),
    ],
)
def test_fields_aggregate_as_declared(small_codebook, type_, way, values, event):
    assert aggregated(small_codebook, "x", type_, way, *values) == event


@pytest.mark.parametrize(
    ("codes", "event"),
    [
        (["010", "011"], {"event_type": "011"}),
        (["011", "010", "011"], {"event_type": "011"}),
        (["011", "012"], {"event_type_contested": ["011", "012"]}),
        (["010", "021"], {"event_type_contested": ["010", "021"]}),
        (["011", "099"], {"event_type_contested": ["011", "099"]}),
    ],
)
def test_a_code_agrees_with_one_below_it_and_the_lower_one_is_taken(small_codebook, codes, event):
    assert (
        aggregated(small_codebook, "event_type", "code", "most_specific", *codes, vocabulary="event_type")
        == event
    )


@pytest.mark.parametrize(
    ("spans", "event"),
    [
        ([("2025-05-02", "2025-05-02", "day")] * 2, ("2025-05-02", "2025-05-02", "day")),
        (
            [("2025-05-01", "2025-05-31", "month"), ("2025-05-02", "2025-05-02", "day")],
            ("2025-05-02", "2025-05-02", "day"),
        ),
        (
            [("2025-05-01", "2025-05-20", "interval"), ("2025-05-10", "2025-05-31", "interval")],
            ("2025-05-10", "2025-05-20", "interval"),
        ),
        (
            [("2025-05-01", None, "after"), (None, "2025-05-20", "before")],
            ("2025-05-01", "2025-05-20", "interval"),
        ),
        ([("2025-05-01", None, "after"), ("2025-05-10", None, "after")], ("2025-05-10", None, "after")),
        (
            [("2025-05-01", "2025-05-01", "day"), ("2025-05-03", "2025-05-03", "day")],
            ("2025-05-01", "2025-05-03", "contested"),
        ),
        (
            [(None, "2025-05-01", "before"), ("2025-05-03", "2025-05-03", "day")],
            (None, "2025-05-03", "contested"),
        ),
        ([(None, None, None), ("2025-05-03", "2025-05-03", "day")], ("2025-05-03", "2025-05-03", "day")),
        ([(None, None, None)], (None, None, None)),
    ],
)
def test_dates_intersect_or_are_contested(small_codebook, spans, event):
    columns = ("date_start", "date_end", "date_precision")
    found = events.aggregate(small_codebook, [dict(zip(columns, span, strict=True)) for span in spans])
    [row] = build(views.columns(small_codebook, "events"), [found]).to_pylist()
    assert tuple(row[name] and str(row[name]) for name in columns) == event


def test_a_date_whose_codebook_declares_nothing_aggregates_as_an_interval(small_codebook):
    days = [
        {"deadline_start": day, "deadline_end": day, "deadline_precision": "day"}
        for day in ("2025-05-01", "2025-05-03")
    ]
    assert small_codebook.fields["codings", "deadline"].aggregate == "same"
    found = events.aggregate(small_codebook, days)
    assert found["deadline_precision"] == "contested"


def test_three_dates_of_which_two_overlap_are_contested(small_codebook):
    days = [("2025-05-01", "2025-05-10"), ("2025-05-05", "2025-05-20"), ("2025-05-15", "2025-05-30")]
    rows = [{"date_start": start, "date_end": end, "date_precision": "interval"} for start, end in days]
    found = events.aggregate(small_codebook, rows)
    assert (found["date_start"], found["date_end"]) == (date(2025, 5, 1), date(2025, 5, 30))
    assert found["date_precision"] == "contested"


# ── links ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


REPORTS = [{"report_id": f"r-{name}", "document_id": f"text:{name}", "report_key": "e1"} for name in "abc"]


def link(report: str, event: str | None = None, relation: str = "same_event") -> Row:
    """A line of links.jsonl."""
    return {
        "report": report,
        "relation": relation,
        "by": "carla",
        "reason": "why",
        **({"event": event} if event else {}),
    }


def resolved(*links: Row) -> tuple[dict[str, str], set[str], list[str]]:
    """(event by the letter of its document, ids of final events, messages)."""
    found, decided, findings = events.resolve(REPORTS, links, NAMES)
    said = [f"{finding.rule}: {finding.message}" for finding in findings]
    return {report.removeprefix("r-"): event for report, event in found.items()}, decided, said


def test_an_unlinked_report_founds_its_own_event_with_a_stable_id():
    assert resolved() == ({"a": A, "b": B, "c": C}, set(), [])
    assert A == "f21ea6a94102a66b30ab0e03ccaaf5d5", "this id is in releases: it must never change"
    assert len({A, B, C}) == 3


@pytest.mark.parametrize("event", ["a/e1", A])
def test_a_link_merges_two_reports_and_reuses_the_id(event):
    found, decided, said = resolved(link("b/e1", event))
    assert (found, said) == ({"a": A, "b": A, "c": C}, [])
    assert decided == {A}, "the merged event is final, the other a candidate"


def test_a_report_that_is_linked_to_itself_or_to_nothing_is_final():
    assert resolved(link("a/e1", "a/e1"))[1] == {A}
    assert resolved(link("b/e1", "a/e1", "unrelated")) == ({"a": A, "b": B, "c": C}, {B}, [])


@pytest.mark.parametrize("order", [1, -1])
def test_links_in_a_chain_make_one_event(order):
    chain = [link("a/e1", "b/e1"), link("b/e1", "c/e1")][::order]
    assert resolved(*chain) == ({"a": C, "b": C, "c": C}, {C}, [])


def test_two_reports_that_are_linked_to_each_other_are_one_event():
    assert resolved(link("a/e1", "b/e1"), link("b/e1", "a/e1")) == ({"a": B, "b": B, "c": C}, {B}, [])


def test_a_link_of_or_to_nothing_is_a_finding():
    found, decided, said = resolved(link("z/e1", "a/e1"), link("a/e1", "z/e9"))
    assert (found, decided) == ({"a": A, "b": B, "c": C}, set())
    assert said == [
        "adjudication.link-of-nothing: a link names the report 'z/e1', which is not there",
        "adjudication.link-of-nothing: a link names the event 'z/e9', which no report founds",
    ]


def test_a_report_that_is_linked_twice_is_a_finding_and_the_first_link_stands():
    found, _, said = resolved(link("a/e1", "b/e1"), link("a/e1", "c/e1"))
    assert found == {"a": B, "b": B, "c": C}
    assert said == ["adjudication.linked-twice: report 'a/e1' is linked to two events"]


def test_the_same_link_twice_is_no_finding():
    assert resolved(link("a/e1", "b/e1"), link("a/e1", "b/e1"))[2] == []


def test_the_tables_of_links_name_events_as_they_are_now():
    links = [
        link("a/e1", "b/e1"), link("b/e1", "c/e1"),
        {"report": "a/e1", "other_event": B, "relation": "sub_event", "by": "carla", "reason": "why"},
        link("z/e1", "a/e1"),
    ]  # fmt: skip
    found, _, _ = events.resolve(REPORTS, links, NAMES)
    same, between = events.link_rows(links, REPORTS, NAMES, found)
    assert [(row["event_id"], row["document_id"], row["relation"]) for row in same] == [
        (C, "text:a", "same_event"),
        (C, "text:b", "same_event"),
    ]
    assert [(row["event_id"], row["other_event_id"], row["relation"]) for row in between] == [
        (C, C, "sub_event")
    ]
