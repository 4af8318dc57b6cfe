"""The menu of set rules: what each kind finds among the rows of a table, and what it leaves alone."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pytest

from checking import DISARMAMENT
from eventcode.checks.database import columns
from eventcode.checks.engine import Checker, Result
from eventcode.errors import CodebookError
from eventcode.model import Rule
from eventcode.readings import Row
from eventcode.tables import build


def _rule(table: str, kind: str, names: str = "", message: str = "found", **options: Any) -> Rule:
    frozen = {name: tuple(value) if isinstance(value, list) else value for name, value in options.items()}
    return Rule(
        id="test.rule", table=table, severity="error", message=message, hint="mend it", kind=kind, columns=tuple(names.split()),
        options=MappingProxyType(frozen),
    )  # fmt: skip


def _checker(rule: Rule) -> Checker:
    return Checker(replace(DISARMAMENT, rules={rule.id: rule}), only=[rule.id])


def _check(rule: Rule, **tables: list[Row]) -> Result:
    given = {name: build(columns(DISARMAMENT, name), rows) for name, rows in tables.items()}
    return _checker(rule).check(given)


def _found(rule: Rule, **tables: list[Row]) -> list[tuple[str, str]]:
    """(row, message) of every finding."""
    return [(finding.row, finding.message) for finding in _check(rule, **tables).findings]


def _events(*rows: Row) -> list[Row]:
    return [{"event_id": f"e{i}", **row} for i, row in enumerate(rows, 1)]


def _sources(*rows: Row) -> list[Row]:
    return [{"source_id": f"r/{row['key']}", "reading_id": "r", **row} for row in rows]


# ── unique ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_unique_finds_every_row_that_shares_its_values_and_counts_them() -> None:
    rule = _rule("events", "unique", "country place_name", message="{country}, {place_name} stands twice")
    rows = _events(
        {"country": "IRQ", "place_name": "Hit"}, {"country": "IRQ", "place_name": "Hit"}, {"country": "SYR", "place_name": "Hit"},
        {"country": "IRQ"}, {"country": "IRQ"},
    )  # fmt: skip
    assert _found(rule, events=rows) == [("e1", "IRQ, Hit stands twice"), ("e2", "IRQ, Hit stands twice")]
    [count] = _check(rule, events=rows).counts
    assert (count.rows, count.passed, count.failed, count.unknown) == (5, 3, 2, 0)


# ── exists ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_exists_finds_a_value_that_is_nowhere() -> None:
    rule = _rule("reports", "exists", "event_id", references="events", message="no event {event_id}")
    reports = [{"report_id": "a", "event_id": "e1"}, {"report_id": "b", "event_id": "e9"}, {"report_id": "c"}]
    assert _found(rule, reports=reports, events=_events({})) == [("b", "no event e9")]


def test_exists_matches_several_columns_together() -> None:
    rule = _rule(
        "sources",
        "exists",
        "reading_id part_of",
        references="sources",
        reference_columns=["reading_id", "key"],
    )
    rows = [
        *_sources({"key": "s1"}, {"key": "s2", "part_of": "s1"}),
        {"source_id": "q/s2", "reading_id": "q", "key": "s2", "part_of": "s1"},
    ]
    assert _found(rule, sources=rows, readings=[]) == [("q/s2", "found")]


def test_exists_looks_at_every_item_of_a_list() -> None:
    rule = _rule(
        "sources",
        "exists",
        "affiliation_actors",
        references="actors",
        reference_columns=["actor_id"],
        message="no actor {item}",
    )
    rows = _sources(
        {"key": "s1", "affiliation_actors": ["a", "b", "x"]},
        {"key": "s2", "affiliation_actors": []},
        {"key": "s3"},
    )
    assert _found(rule, sources=rows, actors=[{"actor_id": "a"}, {"actor_id": "b"}]) == [
        ("r/s1", "no actor x")
    ]


def test_where_the_other_table_is_not_there_nothing_is_asked() -> None:
    rule = _rule("reports", "exists", "event_id", references="events")
    assert _check(rule, reports=[{"report_id": "b", "event_id": "e9"}]).counts == ()


# ── acyclic ───────────────────────────────────────────────────────────────────────────────────────────────────────────

RING = _rule(
    "sources", "acyclic", "key", parent="part_of", within=["reading_id"], message="{key} is part of itself"
)


def test_acyclic_finds_every_row_of_a_ring_and_none_that_merely_leads_to_it() -> None:
    rows = _sources(
        {"key": "a", "part_of": "b"}, {"key": "b", "part_of": "c"}, {"key": "c", "part_of": "a"}, {"key": "d", "part_of": "a"},
        {"key": "e", "part_of": "f"}, {"key": "f"}, {"key": "g", "part_of": "g"},
    )  # fmt: skip
    assert [row for row, _ in _found(RING, sources=rows)] == ["r/a", "r/b", "r/c", "r/g"]


def test_acyclic_keeps_the_readings_apart() -> None:
    rows = [
        {"source_id": "q/a", "reading_id": "q", "key": "a", "part_of": "b"},
        {"source_id": "r/b", "reading_id": "r", "key": "b", "part_of": "a"},
    ]
    assert _found(RING, sources=rows) == []


def test_acyclic_follows_a_long_chain_to_its_end() -> None:
    chain = [{"key": f"k{i}", "part_of": f"k{i + 1}"} for i in range(150)]
    assert _found(RING, sources=_sources(*chain)) == []
    assert len(_found(RING, sources=_sources(*chain, {"key": "k150", "part_of": "k0"}))) == 151


# ── constant_within ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_constant_within_finds_the_rows_of_a_group_with_more_than_one_value() -> None:
    rule = _rule(
        "publishers", "constant_within", "outlet_scale outlet_type", within=["publisher_id", "period"]
    )
    rows = [
        {"publisher_id": "a", "country": "IRQ", "outlet_scale": "national"},
        {"publisher_id": "a", "country": "SYR", "outlet_scale": "regional"},
        {"publisher_id": "b", "country": "IRQ", "outlet_scale": "national", "period": "2020"},
        {"publisher_id": "b", "country": "IRQ", "outlet_scale": "regional", "period": "2021"},
        {"publisher_id": "c", "country": "IRQ", "outlet_scale": "national"},
        {"publisher_id": "c", "country": "SYR"},
    ]
    assert sorted(row for row, _ in _found(rule, publishers=rows)) == ["a/IRQ", "a/SYR"]


# ── twins ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_twins_finds_the_rarer_spellings_of_a_name() -> None:
    rule = _rule("sources", "twins", "source_name", message="'{source_name}' is also '{other}'")
    names = [
        "Ali Hasan",
        "Ali Hasan",
        "ALI HASAN",
        "Ali\u00a0Hasan",
        "Ali-Hasan.",
        "Ali Husan",
        "محمد",
        "محمد،",
    ]
    found = _found(
        rule,
        sources=_sources(*({"key": f"s{i}", "source_name": name} for i, name in enumerate(names))),
        readings=[],
    )
    assert sorted(message for _, message in found) == [
        "'ALI HASAN' is also 'Ali Hasan'", "'Ali-Hasan.' is also 'Ali Hasan'", "'Ali\u00a0Hasan' is also 'Ali Hasan'", "'محمد،' is also 'محمد'",
    ]  # fmt: skip


def test_twins_of_different_groups_are_no_twins() -> None:
    rule = _rule("sources", "twins", "source_name", within=["identity"])
    rows = _sources(
        {"key": "a", "source_name": "Ali", "identity": "named"},
        {"key": "b", "source_name": "ALI", "identity": "anonymous"},
    )
    assert _found(rule, sources=rows, readings=[]) == []


def test_names_of_nothing_but_punctuation_are_no_twins_of_each_other() -> None:
    rule = _rule("sources", "twins", "source_name")
    assert (
        _found(
            rule,
            sources=_sources({"key": "a", "source_name": "?"}, {"key": "b", "source_name": "…"}),
            readings=[],
        )
        == []
    )


# ── near_duplicate ────────────────────────────────────────────────────────────────────────────────────────────────────

NEAR = _rule(
    "events",
    "near_duplicate",
    "date_start",
    within=["event_type", "place_name"],
    days=1,
    message="like {other}",
)


@pytest.mark.parametrize(
    ("day", "place", "found"),
    [("2025-05-03", "Hit", True), ("2025-05-04", "Hit", True), ("2025-05-02", "Hit", True), ("2025-05-05", "Hit", False),
     ("2025-05-03", "Ana", False), ("2025-05-03", None, False), (None, "Hit", False)],
)  # fmt: skip
def test_near_duplicate_finds_the_later_of_two_rows_that_lie_a_day_apart(
    day: str | None, place: str | None, found: bool
) -> None:
    first = {"event_type": "072", "place_name": "Hit", "date_start": "2025-05-03"}
    rows = _events(first, {"event_type": "072", "place_name": place, "date_start": day})
    assert _found(NEAR, events=rows) == ([("e2", "like e1")] if found else [])


def test_of_three_near_duplicates_two_are_told_of() -> None:
    row = {"event_type": "072", "place_name": "Hit", "date_start": "2025-05-03"}
    assert _found(NEAR, events=_events(row, row, row)) == [("e2", "like e1"), ("e3", "like e1")]


# ── equals_derived, not_both ──────────────────────────────────────────────────────────────────────────────────────────


def test_equals_derived_finds_what_differs_and_says_both() -> None:
    rule = _rule(
        "codings", "equals_derived", "origins_min n_sources", message="{column} is {given}, not {derived}"
    )
    stated = [
        {
            "table_name": "codings",
            "row_key": "c1",
            "column_name": "origins_min",
            "given": "3",
            "derived": "1",
        },
        {"table_name": "codings", "row_key": "c1", "column_name": "n_sources", "given": "2", "derived": "2"},
        {
            "table_name": "codings",
            "row_key": "c1",
            "column_name": "distance",
            "given": "direct",
            "derived": "relayed",
        },
        {"table_name": "codings", "row_key": "c2", "column_name": "n_sources", "given": "2", "derived": None},
    ]
    codings = [
        {"coding_id": "c1", "reading_id": "r", "key": "e1"},
        {"coding_id": "c2", "reading_id": "r", "key": "e2"},
    ]
    assert _found(rule, codings=codings, stated=stated) == [
        ("c1", "origins_min is 3, not 1"),
        ("c2", "n_sources is 2, not nothing"),
    ]


def test_not_both_finds_rows_that_have_all_of_the_columns() -> None:
    rule = _rule(
        "participants", "not_both", "actor_id actor_missing", message="{actor_id} and {actor_missing}"
    )
    rows = [
        {"coding_id": "c", "role": "actor", "position": 0, "actor_id": "a", "actor_missing": "not_coded"},
        {"coding_id": "c", "role": "actor", "position": 1, "actor_id": "a"},
        {"coding_id": "c", "role": "about", "position": 0, "actor_missing": "not_coded"},
    ]
    assert _found(rule, participants=rows) == [("c/actor/0", "a and not_coded")]


# ── all ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "kind", ["unique", "exists", "acyclic", "constant_within", "twins", "near_duplicate", "not_both"]
)
def test_a_column_that_is_not_there_is_refused_with_the_rule_and_the_nearest_name(kind: str) -> None:
    rule = _rule("events", kind, "place_nmae", references="events", parent="country", within=["country"])
    with pytest.raises(CodebookError) as caught:
        _checker(rule)
    [problem] = caught.value.problems
    assert problem.message == "test.rule: events has no column 'place_nmae'"
    assert problem.hint == "did you mean 'place_name'?"


@pytest.mark.parametrize(
    ("kind", "options", "message"),
    [
        ("acyclic", {"parent": "contry"}, "test.rule: events has no column 'contry'"),
        ("constant_within", {"within": ["contry"]}, "test.rule: events has no column 'contry'"),
        ("exists", {"references": "evnts"}, "test.rule: there is no table 'evnts'"),
        ("exists", {"references": "actors"}, "test.rule: actors has no column 'country_name'"),
    ],
)
def test_a_column_or_table_named_elsewhere_in_the_rule_is_refused_too(
    kind: str, options: Row, message: str
) -> None:
    if options.get("references") == "actors":
        options = {**options, "reference_columns": ["country_name"]}
    with pytest.raises(CodebookError) as caught:
        _checker(_rule("events", kind, "country", **options))
    assert [problem.message for problem in caught.value.problems] == [message]


def test_a_table_that_is_not_there_is_refused() -> None:
    with pytest.raises(CodebookError) as caught:
        _checker(_rule("evnts", "unique", "event_id"))
    assert caught.value.problems[0].message == "test.rule: there is no table 'evnts'"


def test_empty_tables_hold_nothing_wrong() -> None:
    result = _check(NEAR, events=[])
    assert (result.findings, result.counts[0].rows) == ((), 0)
