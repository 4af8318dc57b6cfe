"""Waivers: what they cover, when they hold, and that what they cover stays visible."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from eventcode.checks import waivers
from eventcode.model import Finding, Place, RuleCount

DAY = date(2025, 6, 1)
RULE = "codings.date-order"


def finding(key: str, rule: str = RULE) -> Finding:
    """A finding about the row with a lineage."""
    return Finding(rule, "error", "codings", key, "wrong", "mend it", row=f"id of {key}")


def applied(*rows: dict[str, Any], as_of: date = DAY) -> tuple[list[Finding], list[RuleCount]]:
    """Findings about p/anna/e1 and p/anna/e2, and one of another rule, with waivers applied."""
    found = [finding("p/anna/e1"), finding("p/anna/e2"), finding("p/anna/e1", "other.rule")]
    counts = [
        RuleCount(RULE, "error", "codings", 9, 7, 2, 0),
        RuleCount("other.rule", "error", "codings", 9, 8, 1, 0),
    ]
    given = [
        ({"rule": RULE, "who": "carla", "why": "as printed", **row}, Place("waivers.csv", 2)) for row in rows
    ]
    return waivers.apply(found, counts, given, as_of)


def waived(findings: list[Finding]) -> list[str]:
    """Keys of findings that are waived."""
    return [f.key for f in findings if f.waived]


def about(findings: list[Finding]) -> list[tuple[str, str, str]]:
    """(severity, rule, message) of the findings about waivers."""
    return [(f.severity, f.rule, f.message) for f in findings if f.table == "waivers"]


def test_a_waiver_by_key_covers_that_row_and_no_other():
    findings, _ = applied({"key": "p/anna/e1"})
    assert waived(findings) == ["p/anna/e1"]
    assert [f.rule for f in findings if f.waived] == [RULE]
    assert about(findings) == []


def test_a_waived_finding_stays_visible_and_says_who_and_why():
    findings, counts = applied({"key": "p/anna/e1"})
    assert len(findings) == 3
    assert findings[0].waived == "carla: as printed"
    assert findings[0].message == "wrong"
    assert [(count.failed, count.waived) for count in counts] == [(2, 1), (1, 0)]


def test_a_waiver_by_count_covers_all_findings_of_the_rule():
    findings, counts = applied({"count": "2"})
    assert waived(findings) == ["p/anna/e1", "p/anna/e2"]
    assert counts[0].waived == 2


def test_a_waiver_with_a_wrong_count_does_not_hold():
    findings, _ = applied({"count": "3"})
    assert waived(findings) == []
    assert about(findings) == [
        ("error", "waivers.count", f"the waiver of {RULE} expects 3 findings, and there are 2")
    ]
    assert findings[-1].place == Place("waivers.csv", 2)


def test_a_waiver_of_nothing_is_a_warning():
    findings, _ = applied({"key": "p/anna/e9"})
    assert about(findings) == [("warning", "waivers.unused", f"the waiver of {RULE} waives nothing")]
    assert findings[-1].hint == "remove it"


def test_a_waiver_with_neither_key_nor_count_does_not_hold():
    findings, _ = applied({})
    assert waived(findings) == []
    assert about(findings) == [
        ("error", "waivers.open", f"the waiver of {RULE} names neither a key nor a count")
    ]


@pytest.mark.parametrize(
    ("as_of", "holds"), [(date(2025, 5, 30), True), (date(2025, 5, 31), False), (date(2000, 1, 1), True)]
)
def test_a_waiver_expires_against_as_of_and_never_against_the_clock(as_of, holds):
    findings, _ = applied({"key": "p/anna/e1", "until": "2025-05-30"}, as_of=as_of)
    assert bool(waived(findings)) is holds
    expired = [("error", "waivers.expired", f"the waiver of {RULE} ended on 2025-05-30")]
    assert about(findings) == ([] if holds else expired)
