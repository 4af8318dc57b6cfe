"""Rules held against every row that there can be: what is accused is a fault on every row, and what is no fault is not accused."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventcode.bundled import codebook_folder
from eventcode.checks.compile import plan
from eventcode.checks.conflicts import Meeting
from eventcode.checks.database import connect
from eventcode.codebook.load import load, names
from eventcode.model import Codebook, Rule
from eventcode.pipeline import lint_rules_meet as meet
from faults_in_rules import beside, both, ruled
from tiny_codebook import VOCABULARIES, files, write
from tiny_parts import Change, codes, fields

# ── what is no fault ──────────────────────────────────────────────────────────────────────────────────────────────────

INNOCENT: list[tuple[str, Change]] = [
    ("an empty deadline is unknown to the one and right for the other", ruled(None, "deadline_start <= deadline_end")),
    ("the rules ask for different columns", beside("realis = 'planned'", "setting = 'public'")),
    ("the rules never apply to one row", beside("type.code = '010'", "n_sites = 0")),
    ("what overlaps can be met", beside("realis = 'planned'", "n_sites < 2")),
    ("a sum is not looked into", ruled("n_sites + 1 > 3 and n_sites + 1 < 2", "setting = 'public'")),
    ("nor are patterns", ruled("deadline_precision like 'a%' and deadline_precision like 'b%'", "n_sites > 0")),
    ("nor is the order of texts", ruled("deadline_precision < 'a' and deadline_precision > 'b'", "n_sites > 0")),
    ("a text that is in no list can be anything else", ruled("deadline_precision <> 'day'", "n_sites > 0")),
    ("there is a number between 3 and 5", ruled("n_sites > 3 and n_sites < 5", "setting = 'public'")),
    ("a number may be out of bounds", ruled("n_sites > 9223372036854775806", "setting = 'public'")),
    ("the days of two columns can be in any order", ruled("deadline_end < deadline_start", "n_sites > 0")),
    ("a rule that says why is no second opinion", ruled("type.code = '020'", "deadline_precision is null")),
    (
        "a row under both is refused by a third rule",
        both(
            ruled("extent = 'all'", "n_sites > 0"),
            beside("realis = 'planned'", "n_sites is null"),
            lambda f: fields(f)[4].update(applies_if="realis = 'occurred'"),
            lambda f: fields(f)[5].update(applies_if="realis = 'occurred'"),
        ),
    ),
    (
        "flags state facts",
        both(ruled("realis = 'planned'", "n_sites > 1", severity="flag"), beside(None, "n_sites < 1", severity="flag")),
    ),
    ("a field may be required of some codes only", lambda f: codes(f)[1].update(requires=["actor"])),
]  # fmt: skip


@pytest.mark.parametrize(("why", "change"), INNOCENT, ids=[why for why, _ in INNOCENT])
def test_what_is_no_fault_is_not_accused(tmp_path: Path, why: str, change: Change) -> None:
    found = files()
    change(found)
    codebook = load(write(tmp_path, found))

    assert [*meet.idle(codebook), *meet.contradictions(codebook), *meet.misapplied(codebook)] == []


@pytest.mark.parametrize("name", names([codebook_folder()]))
def test_no_bundled_rule_is_accused(name: str) -> None:
    codebook = load(name)

    assert [*meet.idle(codebook), *meet.contradictions(codebook), *meet.misapplied(codebook)] == []


def test_a_rule_of_a_module_is_not_accused_of_codes_that_a_codebook_lacks() -> None:
    """MAVERICK has no words among its deeds, so that no row of it can break a rule of the sourcing module about words."""
    codebook = load("maverick")
    idle = [
        rule.id for table in plan(codebook).tables for rule, _ in Meeting(codebook, table, connect()).idle()
    ]

    assert idle == ["sourcing.claim-is-of-deed"]
    assert [*meet.idle(codebook)] == []


def test_the_remedy_names_what_a_generated_rule_comes_from(tmp_path: Path) -> None:
    found = files()
    ruled("type.code = '020'", "deadline_precision is not null")(found)

    [hit] = meet.contradictions(load(write(tmp_path, found)))

    assert hit.hint == "widen applies_if: of deadline, or correct tiny.some-sites"


# ── what is accused is a fault on every row ───────────────────────────────────────────────────────────────────────────

CONDITIONS = [
    "realis = 'planned'", "realis <> 'planned'", "realis in ('occurred', 'planned')", "realis is null",
    "coalesce(realis, '') = ''", "setting = 'public'", "setting is not null", "setting in ('private', 'unknown')",
    "length(setting) > 6", "setting is distinct from realis", "setting = null", "n_sites > 1", "n_sites <= 2", "n_sites = 3",
    "n_sites between 0 and 2", "coalesce(n_sites, 0) < 1", "n_sites is null", "true", "false",
    "(setting = 'public') = (realis = 'planned')",
]  # fmt: skip
ROWS = [
    (realis, setting, n)
    for realis in [*VOCABULARIES["realis"], None]
    for setting in [*VOCABULARIES["setting"], None]
    for n in [*range(-1, 6), None]
]


def _joined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds("({} and {})".format, inner, inner),
        st.builds("({} or {})".format, inner, inner),
        st.builds("not ({})".format, inner),
        st.builds("coalesce({}, {})".format, inner, st.sampled_from(["true", "false"])),
        st.builds("case when {} then {} else {} end".format, inner, inner, inner),
    )


EXPRESSIONS = st.recursive(st.sampled_from(CONDITIONS), _joined, max_leaves=5)


@cache
def _tiny(folder: str) -> Codebook:
    return load(write(Path(folder), files()))


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Codebook:
    return _tiny(str(tmp_path_factory.mktemp("tiny")))


@cache
def _database() -> Any:
    connection = connect()
    connection.execute("CREATE TABLE self (realis VARCHAR, setting VARCHAR, n_sites BIGINT)")
    connection.executemany("INSERT INTO self VALUES (?, ?, ?)", ROWS)
    return connection


def _some_row(condition: str) -> bool:
    return bool(_database().execute(f"SELECT count(*) FROM self WHERE {condition}").fetchall()[0][0])


def _rule(codebook: Codebook, name: str, when: str, require: str) -> Rule:
    return replace(codebook.rules["tiny.some-sites"], id=name, when=when, require=require)


def _meeting(codebook: Codebook, *rules: Rule) -> Meeting:
    changed = replace(codebook, rules={rule.id: rule for rule in rules})
    [table] = plan(changed, [rule.id for rule in rules]).tables
    return Meeting(changed, table, connect())


@settings(max_examples=150, deadline=None)
@given(when=EXPRESSIONS, require=EXPRESSIONS)
def test_a_rule_is_said_never_to_fire_exactly_where_no_row_fires_it(
    tiny: Codebook, when: str, require: str
) -> None:
    fires = _some_row(f"({when}) AND NOT ({require})")

    idle = [part for _, part in _meeting(tiny, _rule(tiny, "tiny.one", when, require)).idle()]

    assert idle == ([] if fires else ["require" if _some_row(when) else "when"])


@settings(max_examples=100, deadline=None)
@given(EXPRESSIONS, EXPRESSIONS, EXPRESSIONS, EXPRESSIONS)
def test_two_rules_are_said_to_contradict_each_other_only_where_no_row_under_both_meets_both(
    tiny: Codebook, when: str, require: str, also_when: str, also_require: str
) -> None:
    rules = _rule(tiny, "tiny.one", when, require), _rule(tiny, "tiny.two", also_when, also_require)
    known = "realis IS NOT NULL AND setting IS NOT NULL"  # both are required of every row

    for found in _meeting(tiny, *rules).conflicts():
        both_apply = f"{known} AND ({when}) AND ({also_when})"
        assert _some_row(both_apply)
        assert found.row.keys() <= {"self.realis", "self.setting", "self.n_sites"}
        assert not _some_row(f"{both_apply} AND ({require}) AND ({also_require})")
