"""Links taken together: what cannot be true is a finding, and the order of the lines changes nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventcode.adjudication import events
from eventcode.checks.reasons import OTHER
from eventcode.readings import Row

LETTERS = "abcdef"
NAMES = {f"text:{name}": name for name in LETTERS}


def report(name: str, **values: str) -> Row:
    return {"report_id": f"r-{name}", "document_id": f"text:{name}", "report_key": "e1", **values}


REPORTS = [report(name) for name in LETTERS]


def same(one: str, other: str, by: str = "carla") -> Row:
    return {
        "report": f"{one}/e1",
        "event": f"{other}/e1",
        "relation": "same_event",
        "by": by,
        "reason": "why",
    }


def apart(one: str, other: str | None = None, by: str = "carla") -> Row:
    named = {"event": f"{other}/e1"} if other else {}
    return {"report": f"{one}/e1", **named, "relation": "unrelated", "by": by, "reason": "why"}


def related(one: str, other: str, relation: str = "sub_event", by: str = "carla") -> Row:
    return {
        "report": f"{one}/e1",
        "other_event": f"{other}/e1",
        "relation": relation,
        "by": by,
        "reason": "why",
    }


def said(*links: Row, reports: list[Row] = REPORTS) -> list[str]:
    found = events.resolve(reports, links, NAMES)[2]
    for finding in found:
        assert OTHER[finding.rule][0] == finding.severity
        assert finding.hint
    return [f"{finding.rule.removeprefix('adjudication.')}: {finding.message}" for finding in found]


# ── reports ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_two_reports_that_are_one_event_through_a_third_cannot_be_unrelated():
    assert said(same("a", "b"), same("b", "c"), apart("a", "c")) == [
        "unrelated-and-same: 'a/e1' and 'c/e1' are said to be unrelated, and are one event: a/e1 – b/e1 – c/e1"
    ]


def test_one_person_who_says_both_of_two_reports_is_told_so():
    assert said(same("a", "b"), apart("b", "a")) == [
        "unrelated-and-same: 'b/e1' and 'a/e1' are said to be one event, and to be unrelated"
    ]


def test_two_linkers_who_say_different_things_of_two_reports_are_both_named():
    assert said(same("a", "b"), apart("a", "b", "ben")) == [
        "linkers-differ: of 'a/e1' and 'b/e1' carla says that they are one event, ben that they are not"
    ]


def test_two_linkers_who_link_a_report_to_different_events_are_both_named():
    assert said(same("a", "b"), same("a", "c", "ben")) == [
        "linkers-differ: report 'a/e1' is linked to two events (carla: 'b/e1', ben: 'c/e1')"
    ]


def test_a_report_that_is_linked_to_nothing_cannot_be_linked_to_another():
    assert said(apart("a"), same("a", "b")) == [
        "unrelated-and-same: 'a/e1' and 'b/e1' are said to be one event, and to be unrelated"
    ]
    assert said(apart("a"), same("b", "a")) == [], "a later report may be linked to one that stood alone"


def test_a_report_that_is_linked_to_two_reports_of_one_event_is_no_finding():
    assert said(same("a", "b"), same("a", "c"), same("b", "c")) == []


def test_a_report_cannot_be_unrelated_to_its_own_event():
    assert said(apart("a", "a")) == ["unrelated-and-same: 'a/e1' is said to be unrelated to its own event"]


# ── events ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("relation", events.EVENT_RELATIONS)
def test_an_event_cannot_be_related_to_itself(relation):
    assert said(same("a", "b"), related("a", "b", relation)) == [
        f"related-to-itself: 'a/e1' is linked as {relation} to 'b/e1', and both are one event"
    ]


def test_events_that_are_parts_of_each_other_are_told_as_a_ring():
    assert said(related("a", "b"), related("b", "c", "campaign"), related("c", "a"), related("d", "a")) == [
        "relation-ring: events are parts of each other: a/e1 → b/e1 → c/e1 → a/e1"
    ]
    assert said(related("a", "b", "counter"), related("b", "a", "counter")) == [
        "relation-ring: events answer each other: a/e1 → b/e1 → a/e1"
    ]
    assert said(related("a", "b"), related("b", "c"), related("a", "c")) == []


def test_two_events_have_one_relation():
    assert said(related("a", "b"), related("a", "b", "counter")) == [
        "related-twice: the events of 'a/e1' and 'b/e1' are linked as counter and sub_event"
    ]
    assert said(related("a", "b"), related("a", "b", "unrelated", "ben")) == [
        "linkers-differ: the events of 'a/e1' and 'b/e1' are linked as sub_event and unrelated, by carla and ben"
    ]


def test_an_answer_that_was_over_before_its_cause_is_a_warning():
    dated = [
        report("a", date_start="2025-05-01", date_end="2025-05-01"),
        report("b", date_start="2025-05-03", date_end="2025-05-03"),
    ]
    assert said(related("a", "b", "retaliation"), reports=dated) == [
        "answer-before: 'a/e1' is linked as retaliation to 'b/e1', and was over before that began"
    ]
    assert said(related("b", "a", "retaliation"), reports=dated) == []
    assert said(related("a", "b", "sub_event"), reports=dated) == []


def test_a_relation_names_what_is_there():
    link = related("a", "b")
    assert said({**link, "report": "z/e1"}, {**link, "other_event": "z/e1"}, {**link, "other_event": ""}) == [
        "link-of-nothing: a link names the report 'z/e1', which is not there",
        "link-of-nothing: a link names the event 'z/e1', which no report founds",
        "link-of-nothing: the sub_event of 'a/e1' names no other event",
    ]


def test_events_that_do_not_hang_together_may_still_be_told_apart_or_not():
    link = related("a", "b", "unrelated")
    assert said(link) == []
    assert events.resolve(REPORTS, [link], NAMES)[1] == set(), "it does not decide what a report tells of"


# ── tables ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_two_people_who_agree_make_one_row():
    links = [
        same("a", "b"),
        same("a", "b", "ben"),
        related("c", "d"),
        related("c", "d", by="ben"),
        apart("e", "b"),
    ]
    found = events.resolve(REPORTS, links, NAMES)[0]
    same_rows, between = events.link_rows(links, REPORTS, NAMES, found)
    assert [(row["document_id"], row["relation"], row["by"]) for row in same_rows] == [
        ("text:a", "same_event", "ben; carla"),
        ("text:e", "unrelated", "carla"),
    ]
    assert [(row["relation"], row["by"], row["reason"]) for row in between] == [
        ("sub_event", "ben; carla", "why")
    ]


# ── order ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

ENDS = st.tuples(st.sampled_from(LETTERS), st.sampled_from(LETTERS))
BY = st.sampled_from(["carla", "ben"])
LINK = st.one_of(
    st.builds(lambda ends, by: same(*ends, by=by), ENDS, BY),
    st.builds(lambda ends, by: apart(*ends, by=by), ENDS, BY),
    st.builds(
        lambda ends, relation, by: related(*ends, relation, by),
        ENDS,
        st.sampled_from([*events.EVENT_RELATIONS, "unrelated"]),
        BY,
    ),
)


@given(st.lists(LINK, max_size=12), st.randoms(use_true_random=False))
def test_the_order_of_links_and_reports_changes_neither_events_nor_ids_nor_findings(links, random):
    found, decided, findings = events.resolve(REPORTS, links, NAMES)
    mixed, reports = random.sample(links, len(links)), random.sample(REPORTS, len(REPORTS))
    other, also, others = events.resolve(reports, mixed, NAMES)
    assert (other, also) == (found, decided)
    assert sorted(map(str, others)) == sorted(map(str, findings))


@given(st.lists(LINK, max_size=10))
def test_a_report_that_is_added_changes_no_event_before_somebody_links_it(links):
    found, _, _ = events.resolve(REPORTS, links, NAMES)
    new = {**report("a"), "report_id": "r-new", "report_key": "e9"}
    more, _, _ = events.resolve([new, *REPORTS], links, NAMES)
    assert {report: more[report] for report in found} == found
    assert more["r-new"] not in found.values()


@given(st.lists(st.builds(same, st.sampled_from(LETTERS), st.sampled_from(LETTERS)), max_size=10))
def test_a_report_that_is_linked_to_an_event_takes_its_id_and_changes_no_other(links):
    found, _, _ = events.resolve(REPORTS, links, NAMES)
    new = {"report_id": "r-new", "document_id": "text:0", "report_key": "e1"}
    names = {**NAMES, "text:0": "0"}
    link = {**same("a", "b"), "report": "0/e1"}
    more, _, _ = events.resolve([*REPORTS, new], [*links, link], names)
    assert more == {**found, "r-new": found["r-b"]}
