"""Tables of reports or events without the codings below them: what is asked of codings is asked of them where they can answer."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from eventcode.checks.alone import alone
from eventcode.codebook import views
from eventcode.codebook.load import load
from eventcode.pipeline.check import check
from eventcode.pipeline.judge import checker_of
from eventcode.tables import build

BOOK = load("ucdp")
DEATHS = {"reports": "best", "events": "best_best"}
IDS = {
    "reports": {"report_id": "r", "document_id": "d", "report_key": "k", "event_id": "e"},
    "events": {"event_id": "e"},
}


def errors(table: str, **row: Any) -> dict[str, str]:
    """The errors of a table with one row, by rule."""
    rows = build(views.columns(BOOK, table), [{**IDS[table], **row}])
    found = check(rows, codebook=BOOK, table=table)
    return {finding.rule: finding.message for finding in found.findings if finding.severity == "error"}


@pytest.mark.parametrize("table", ["reports", "events"])
def test_a_written_rule_on_values_is_asked(table: str) -> None:
    assert errors(table, low=3, high=9, **{DEATHS[table]: 2}) == {
        "ucdp.deaths-low-to-best": "3 dead at the lowest, and 2 at best"
    }
    assert errors(table, low=2, high=9, **{DEATHS[table]: 2}) == {}


@pytest.mark.parametrize("table", ["reports", "events"])
def test_a_rule_that_reads_the_event_type_is_asked(table: str) -> None:
    deaths = {"reports": "deaths_b", "events": "deaths_b_best"}[table]
    assert "ucdp.one-sided-b" in errors(table, event_type="3", **{deaths: 1})
    assert errors(table, event_type="1", **{deaths: 1}) == {}


@pytest.mark.parametrize("table", ["reports", "events"])
def test_a_generated_rule_on_values_is_asked(table: str) -> None:
    days = {"date_start": date(2024, 5, 3), "date_end": date(2024, 5, 5), "date_precision": "day"}
    assert errors(table, **days).keys() == {"codings.date-span"}


@pytest.mark.parametrize("table", ["reports", "events"])
def test_whether_a_value_is_there_is_not_asked(table: str) -> None:
    assert errors(table, lat=1.5) == {}


def test_what_several_reports_make_is_held_against_rules_about_one_value_alone() -> None:
    days = {"date_start": date(2024, 5, 3), "date_end": date(2024, 5, 5), "date_precision": "day"}
    assert errors("events", n_reports=1, **days).keys() == {"codings.date-span"}
    assert errors("events", n_reports=2, **days) == {}
    assert errors("events", n_reports=2, lat=95.0).keys() == {"codings.lat-maximum"}


@pytest.mark.parametrize("table", ["reports", "events"])
@pytest.mark.parametrize("name", ["ucdp", "acled", "disarmament", "maverick", "plover"])
def test_no_rule_about_what_lies_elsewhere_is_asked(name: str, table: str) -> None:
    plan = alone(checker_of(load(name)).plan, table)
    asked = {rule.id for rule in plan.rules}
    assert {rule.table for rule in plan.rules} == {table}
    assert not asked & {
        "codings.date-reported",
        "codings.role-required",
        "maverick.reported-after-it-happened",
    }
    check(build(views.columns(load(name), table), [IDS[table]]), codebook=name, table=table)
