"""The engine: what is counted, what is told, where it stands, and that one reading is checked as a whole dataset is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from checking import (
    ANNA,
    DISARMAMENT,
    DOCUMENT,
    GOOD,
    HERE,
    changed,
    checked,
    checker,
    counted,
    drafted,
    laid_out,
    side_by_side,
    told,
)  # fmt: skip
from eventcode import readings
from eventcode.checks.database import columns, connect
from eventcode.checks.draft import TABLES_OF_A_READING
from eventcode.checks.engine import Checker, Result
from eventcode.checks.result import Places
from eventcode.errors import CodebookError
from eventcode.model import Place, Rule, RuleCount
from eventcode.readings import Row
from eventcode.tables import build
from strategies import readings_for


def _checker(*rules: Rule) -> Checker:
    return Checker(
        replace(DISARMAMENT, rules={rule.id: rule for rule in rules}), only=[rule.id for rule in rules]
    )


def _rule(
    require: str, when: str | None = None, name: str = "test.rule", table: str = "sources", **more: str
) -> Rule:
    told = {"message": "{n_persons} persons", "hint": "count again", "severity": "error", **more}
    return Rule(id=name, table=table, when=when, require=require, **told)


def _check(
    checker_: Checker,
    rows: list[Row],
    table: str = "sources",
    cap: int | None = None,
    places: Places | None = None,
) -> Result:
    return checker_.check({table: build(columns(checker_.codebook, table), rows)}, cap=cap, places=places)


def _sources(*rows: Row) -> list[Row]:
    return [{"source_id": f"s{i}", "reading_id": "r", "key": f"s{i}", **row} for i, row in enumerate(rows)]


# ── passed, failed, unknown, not applicable ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("row", "count"),
    [
        ({"identity": "anonymous", "n_persons": 1}, (1, 1, 0, 0)),
        ({"identity": "anonymous", "n_persons": 2}, (1, 0, 1, 0)),
        ({"identity": "anonymous"}, (1, 0, 0, 1)),
        ({"identity": "named", "n_persons": 2}, (0, 0, 0, 0)),
        ({"n_persons": 2}, (0, 0, 0, 0)),
        ({"identity": "anonymus", "n_persons": 1}, (1, 0, 0, 1)),
        ({"identity": "anonymus", "n_persons": 2}, (1, 0, 0, 1)),
    ],
    ids=["passes", "fails", "an empty cell is unknown", "does not apply", "an empty condition does not apply", "a broken code is unknown",
         "a broken code is never a failure of what reads it"],
)  # fmt: skip
def test_a_row_passes_fails_is_unknown_or_is_not_asked(row: Row, count: tuple[int, int, int, int]) -> None:
    result = _check(_checker(_rule("n_persons = 1", "identity = 'anonymous'")), _sources(row))
    assert counted(result, "test.rule") == count
    assert len(result.findings) == count[2]


def test_an_empty_cell_that_the_rule_itself_speaks_of_is_not_unknown() -> None:
    result = _check(_checker(_rule("n_persons is not null")), _sources({"identity": "named"}))
    assert counted(result, "test.rule") == (1, 0, 1, 0)


def test_a_code_that_is_not_in_the_list_makes_unknown_only_what_reads_it() -> None:
    rules = (
        _rule("n_persons = 1", name="test.a"),
        _rule("n_persons = 1 and medium <> 'report'", name="test.b"),
    )
    result = _check(_checker(*rules), _sources({"n_persons": 2, "medium": "telepathy"}))
    assert counted(result, "test.a") == (1, 0, 1, 0)
    assert counted(result, "test.b") == (1, 0, 0, 1)


def test_a_set_rule_counts_what_nobody_can_say_apart() -> None:
    part = {"key": "s2", "identity": "anonymous", "source_kind": "person", "part_of": "s1"}
    whole = {"key": "s1", "identity": "anonymous", "source_kind": "group"}
    reading = changed(("sources", [GOOD["sources"][0], whole, part]), ("codings.0.support.0.source", "s1"))
    assert counted(checked(laid_out(reading)), "sourcing.part-of-smaller")[2:] == (0, 1)
    assert counted(drafted(laid_out(reading)), "sourcing.part-of-smaller")[2:] == (0, 1)


def test_what_a_written_rule_has_said_is_not_said_again_by_a_generated_one() -> None:
    result = checked(laid_out(changed(("sources.1.source_descriptor", None), ("sources.1.anonymity", None))))
    assert [finding.rule for finding in result.findings] == [
        "sourcing.anonymous-needs-basis",
        "sourcing.anonymous-needs-descriptor",
    ]
    assert counted(result, "sources.anonymity-required")[2] == 0


# ── caps ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("cap", "kept"), [(None, 50), (3, 3), (0, 0), (99, 50)])
def test_a_cap_bounds_the_findings_and_never_the_counts(cap: int | None, kept: int) -> None:
    rules = (
        _rule("n_persons = 1"),
        Rule("test.unique", "sources", "error", "twice", "once", kind="unique", columns=("n_persons",)),
    )
    result = _check(_checker(*rules), _sources(*[{"n_persons": 2}] * 50, {"n_persons": 1}), cap=cap)
    assert result.counts == (
        RuleCount("test.rule", "error", "sources", 51, 1, 50, 0), RuleCount("test.unique", "error", "sources", 51, 1, 50, 0),
    )  # fmt: skip
    assert [len(told(result, rule)) for rule in ("test.rule", "test.unique")] == [kept, kept]


def test_a_cap_does_not_change_the_counts_of_rules_that_speak_of_the_same_field() -> None:
    rows = side_by_side([changed(("sources.1.anonymity", None))] * 4)
    tables = {name: build(columns(DISARMAMENT, name), rows.tables[name]) for name in TABLES_OF_A_READING}
    assert checker(DISARMAMENT).check(tables, cap=1).counts == checker(DISARMAMENT).check(tables).counts


# ── what is told ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_finding_says_the_rule_the_row_the_place_the_message_and_the_remedy() -> None:
    rule = _rule(
        "n_persons = 1",
        message="'{key}' of {reading.coder_id} is {n_persons} persons, {affiliations}, {tenure}",
        field="n_persons",
    )
    rows = laid_out(
        changed(
            ("sources.1.n_persons", 4),
            ("sources.1.affiliations", ["armed_group", "police"]),
            ("sources.1.tenure", None),
        )
    )
    tables = {name: build(columns(DISARMAMENT, name), rows.tables[name]) for name in TABLES_OF_A_READING}
    [finding] = _checker(rule).check(tables, places=rows.places).findings
    assert finding.message == "'s1' of anna is 4 persons, armed_group, police, nothing"
    assert (finding.rule, finding.severity, finding.table, finding.field, finding.hint) == (
        "test.rule",
        "error",
        "sources",
        "n_persons",
        "count again",
    )
    assert finding.key == "page-1/anna/s1"
    assert finding.row == rows.tables["sources"][1]["source_id"]
    assert finding.place == Place("batch.jsonl", 7, "sources[1].n_persons")


def test_a_value_with_a_cell_of_its_own_is_told_with_that_cell() -> None:
    result = _check(
        _checker(_rule("n_persons = 1", field="n_persons")), _sources({"n_persons": 2}),
        places={"s0": Place("w.xlsx", None, "sources!A7"), "s0.n_persons": Place("w.xlsx", None, "sources!G7")},
    )  # fmt: skip
    assert result.findings[0].place == Place("w.xlsx", None, "sources!G7")


def test_without_a_place_the_key_alone_tells_where() -> None:
    [finding] = _check(_checker(_rule("n_persons = 1")), _sources({"n_persons": 2})).findings
    assert (finding.place, finding.key, finding.row) == (Place(), "s0", "s0")


def test_findings_come_in_the_order_of_their_places() -> None:
    rows = side_by_side(
        [
            changed(("codings.0.realis", None), ("sources.1.tenure", None)),
            GOOD,
            changed(("codings.0.setting", None)),
        ]
    )
    assert [(finding.place.line, finding.place.path) for finding in checked(rows).findings] == [
        (0, "codings[0].realis"), (0, "sources[1].tenure"), (2, "codings[0].setting"),
    ]  # fmt: skip


def test_flags_are_told_and_are_neither_errors_nor_warnings() -> None:
    result = _check(
        _checker(
            _rule("n_persons = 1", severity="flag"), _rule("n_persons = 3", name="b", severity="warning")
        ),
        _sources({"n_persons": 2}),
    )
    assert (len(result.findings), result.errors, result.warnings) == (2, 0, 1)


# ── what is asked ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_rule_about_a_table_that_is_not_there_is_not_asked() -> None:
    result = checker(DISARMAMENT).check({"events": build(columns(DISARMAMENT, "events"), [])})
    assert {count.table for count in result.counts} <= {"events", "actors"}


def test_only_the_tables_asked_for_are_judged() -> None:
    rows = laid_out(changed(("codings.0.realis", None), ("sources.1.tenure", None)))
    tables = {name: build(columns(DISARMAMENT, name), rows.tables[name]) for name in TABLES_OF_A_READING}
    result = checker(DISARMAMENT).check(tables, ask=["sources"])
    assert {count.table for count in result.counts} == {"sources"}
    assert [finding.rule for finding in result.findings] == ["sources.tenure-required"]


def test_what_holds_only_for_a_release_is_asked_only_there() -> None:
    rows = laid_out(GOOD)
    tables = {name: build(columns(DISARMAMENT, name), rows.tables[name]) for name in TABLES_OF_A_READING}
    asked = {count.rule for count in checker(DISARMAMENT).check(tables, release=True).counts}
    assert asked - {count.rule for count in checker(DISARMAMENT).check(tables).counts} == {
        "sourcing.small-cell"
    }


@pytest.mark.parametrize(
    "sql",
    ["SELECT * FROM read_text('/etc/passwd')", "COPY (SELECT 1) TO 'stolen.csv'", "ATTACH 'other.db'", "INSTALL httpfs",
     "SET enable_external_access = true"],
)  # fmt: skip
def test_the_database_reaches_nothing_outside(sql: str) -> None:
    import duckdb

    with pytest.raises(duckdb.Error, match=r"(?i)disabled|permission|cannot"):
        connect().execute(sql)


def test_a_rule_that_the_database_cannot_bind_is_told_by_its_place() -> None:
    rule = replace(_rule("regexp_matches(source_name, '(')"), place=Place("rules.yaml", 12, "rules[0]"))
    with pytest.raises(CodebookError) as caught:
        _checker(rule).bind()
    [problem] = caught.value.problems
    assert problem.message.startswith("test.rule: ")
    assert (problem.file, problem.line, problem.path) == ("rules.yaml", 12, "rules[0]")


def test_every_rule_that_cannot_be_compiled_is_told_of() -> None:
    with pytest.raises(CodebookError) as caught:
        _checker(
            _rule("n_persns = 1", name="test.a"),
            _rule("identity = 'nmaed'", name="test.b"),
            _rule("true", name="test.c"),
        )
    assert caught.value.message == "the rules of disarmament@1.0.1 cannot be compiled: 2 problems"
    assert [problem.message for problem in caught.value.problems] == [
        "test.a: there is no column 'n_persns' in reach of sources", "test.b: 'nmaed' is no value of identity, so this can never hold",
    ]  # fmt: skip


# ── one reading ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_draft_leaves_nothing_behind() -> None:
    bad = laid_out(changed(("codings.0.realis", None)))
    assert [len(drafted(rows).findings) for rows in (laid_out(GOOD), bad, laid_out(GOOD), bad)] == [
        0,
        1,
        0,
        1,
    ]


def test_a_draft_is_one_reading() -> None:
    with pytest.raises(ValueError, match="^a draft is one reading$"):
        drafted(side_by_side([GOOD, GOOD]))


def test_a_reading_that_says_no_event_is_a_draft_too() -> None:
    assert (
        drafted(laid_out(changed(("status", "no_event"), ("codings", None), ("sources", None)))).findings
        == ()
    )


def test_a_draft_counts_every_rule_that_it_asks() -> None:
    rows = laid_out(GOOD)
    asked = {count.rule for count in drafted(rows).counts}
    assert asked <= {count.rule for count in checked(rows).counts}
    left = {count.rule for count in checked(rows).counts} - asked
    assert all(rule.endswith(("-exists", "key-unique")) for rule in left)


# Rules that look at other documents too, which one reading has not.
ACROSS = ("sourcing.name-twins",)


@settings(
    max_examples=5,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(st.lists(readings_for(DISARMAMENT, max_rows=2), min_size=6, max_size=6))
def test_one_reading_is_told_what_it_is_told_among_others(raws: list[Row]) -> None:
    whole = readings.Rows()
    alone = []
    for i, raw in enumerate(raws):
        rows = _laid_out(raw, i)
        whole.extend(rows)
        alone.append(drafted(rows))
    among = checked(whole)
    for i, result in enumerate(alone):
        assert list(result.findings) == [
            f for f in among.findings if f.place.line == i and f.rule not in ACROSS
        ]
    sums = _sums(alone)
    assert sums == {c.rule: (c.rows, c.passed, c.failed, c.unknown) for c in among.counts if c.rule in sums}


def _laid_out(raw: Row, i: int) -> readings.Rows:
    document = {**DOCUMENT, "document_id": f"ref:{i}", "document_key": f"page-{i}"}
    rows = readings.explode(raw, f"ref:{i}", ANNA, DISARMAMENT, replace(HERE, line=i))
    rows.tables["documents"] = [document]
    return rows


def _sums(results: list[Result]) -> dict[str, tuple[int, ...]]:
    """Counts of several results added up, rules that compare documents left out."""
    found: dict[str, list[int]] = {}
    for result in results:
        for c in (c for c in result.counts if c.rule not in ACROSS):
            own = (c.rows, c.passed, c.failed, c.unknown)
            found[c.rule] = [a + b for a, b in zip(found.get(c.rule, (0, 0, 0, 0)), own, strict=True)]
    return {rule: tuple(values) for rule, values in found.items()}
