"""`eventcode check --baseline`: what is new since an earlier check, through corrections and moved lines, and what is gone."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from eventcode.checks import result as checked
from eventcode.cli import group
from eventcode.errors import DatasetError
from eventcode.model import Finding, Place, RuleCount
from eventcode.pipeline import baseline
from tiny_project import NAME, reading, tiny_project

BOOK = ("--codebook", "disarmament")


def run(*words: object) -> Result:
    """`eventcode check`."""
    return CliRunner().invoke(group, ["check", *map(str, words)], env={"COLUMNS": "100"})


def refusal(*words: object) -> str:
    """What a check that cannot be done says."""
    result = run(*words)
    assert isinstance(result.exception, DatasetError), result.output
    return str(result.exception)


def finding(key: str = "p/a/e1", message: str = "wrong", line: int = 1, **changes: Any) -> Finding:
    """A finding at a line."""
    named = {
        "rule": "a.rule",
        "severity": "error",
        "table": "codings",
        "hint": "mend it",
        "field": "date",
        **changes,
    }
    return Finding(key=key, message=message, place=Place("anna.jsonl", line), **named)


def new(now: Sequence[Finding], before: Sequence[Finding]) -> list[Finding]:
    """The findings that are new."""
    counts = (RuleCount("a.rule", "error", "codings", 100, 100 - len(now), len(now), 0),)
    return [*baseline.compare(checked.Result(tuple(now), counts), before).result.findings]


# ── what is the same ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_finding_is_known_again_on_another_line_and_with_another_value():
    assert (
        new([finding(line=7, message="'098' is no code", row="id2")], [finding(message="'099' is no code")])
        == []
    )


@pytest.mark.parametrize(
    "change", [{"key": "p/a/e2"}, {"rule": "b.rule"}, {"field": "realis"}, {"table": "reports"}]
)
def test_another_row_rule_field_or_table_is_new(change):
    assert new([finding(**change)], [finding()]) == [finding(**change)]


def test_of_several_of_one_row_the_one_that_says_something_new_is_new():
    now = [finding(message="names b"), finding(message="names a")]
    assert new(now, [finding(message="names a")]) == [finding(message="names b")]
    assert new([finding(), finding()], [finding()]) == [finding()]


def test_rows_without_a_name_of_their_own_are_known_by_what_is_said_of_them():
    assert new([finding("row 9", "'099' is no code")], [finding("row 8", "'099' is no code")]) == []
    assert new([finding("row 8", "'098' is no code")], [finding("row 8", "'099' is no code")]) != []


def test_what_is_found_in_a_column_of_a_file_is_known_by_what_is_said_without_the_numbers_of_rows():
    def twins(row, value, n):
        message = f"'{value}' ({n}) differs from 'NRC 7' (12 rows) only by capital letters"
        return finding(f"party:{row}", message, row, rule="file.case-twins", table="file", field="party")

    assert new([twins(9, "Nrc 7", "1,200 rows")], [twins(8, "Nrc 7", "1 row")]) == []
    assert new([twins(8, "nrc 7", "1 row")], [twins(8, "Nrc 7", "1 row")]) != []
    assert new([twins(8, "Nrc 8", "1 row")], [twins(8, "Nrc 7", "1 row")]) != []


def test_what_was_waived_and_is_not_any_more_is_new_and_what_is_waived_now_is_not_gone():
    assert new([finding()], [finding(waived="carla: so be it")]) == [finding()]
    difference = baseline.compare(checked.Result((finding(waived="carla: so be it"),), ()), [finding()])
    assert (difference.result.findings, difference.gone) == ((), 0)


SOME = st.lists(
    st.builds(finding, st.sampled_from(["p/a/e1", "p/a/e2", "row 1"]), st.sampled_from(["x", "y"]), st.integers(1, 9)), max_size=8
)  # fmt: skip


@given(SOME, SOME)
def test_new_less_gone_is_the_difference_of_the_numbers(now, before):
    difference = baseline.compare(checked.Result(tuple(now), ()), before)
    found = len(difference.result.findings)
    assert found - difference.gone == len(now) - len(before)
    assert found + difference.same == len(now)


@given(SOME)
def test_nothing_is_new_against_itself_in_any_order(found):
    assert new(found, found[::-1]) == []
    assert new(found, []) == found


# ── the command ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def bare(tmp_path, monkeypatch) -> Path:
    """A folder that belongs to no project, with events of which one has an unknown code."""
    monkeypatch.chdir(tmp_path)
    events(["099", "010"])
    return tmp_path


def events(codes: list[str]) -> None:
    """Write events.parquet."""
    ids = [f"e{i}" for i in range(len(codes))]
    pq.write_table(pa.table({"event_id": ids, "event_type": codes}), "events.parquet")


def test_only_what_is_new_is_shown_and_counted_and_decides_the_exit_code(bare):
    assert run("events.parquet", *BOOK, "--format", "json", "--output", "old.json").exit_code == 1
    same = run("events.parquet", *BOOK, "--baseline", "old.json")
    assert (same.exit_code, same.stdout) == (
        0, "0 new errors, 0 new warnings, 0 new flags; 1 as in the baseline, 0 of it gone\n",
    )  # fmt: skip
    events(["010", "098", "097"])
    result = run("events.parquet", *BOOK, "--baseline", "old.json")
    assert result.exit_code == 1
    assert "codings.event_type-code  error, 2 new (was 1, is 2)\n" in result.stdout
    assert "  events e1: '098' is no value of event_type\n" in result.stdout
    assert result.stdout.endswith(
        "2 new errors, 0 new warnings, 0 new flags; 0 as in the baseline, 1 of it gone\n"
    )
    rows = json.loads(run("events.parquet", *BOOK, "--baseline", "old.json", "--format", "json").stdout)
    assert [row["key"] for row in rows] == ["e1", "e2"]


def test_a_baseline_that_may_not_hold_all_findings_says_so(bare):
    events(["099"] * 1_001)
    assert (
        "--all keeps them all"
        in run("events.parquet", *BOOK, "--format", "json", "--output", "old.json").stderr
    )
    result = run("events.parquet", *BOOK, "--baseline", "old.json")
    assert "the baseline holds 1,000 findings of codings.event_type-code, perhaps not all" in result.stderr
    run("events.parquet", *BOOK, "--format", "json", "--output", "old.json", "--all")
    whole = run("events.parquet", *BOOK, "--baseline", "old.json")
    assert (whole.exit_code, whole.stderr) == (0, "")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "old.json is no JSON: "),
        ('{"findings": []}', "old.json holds no findings"),
        ('[{"rule": "a"}]', "old.json holds no findings"),
        ('[{"rule": 1, "severity": "error", "table": "t", "key": "k", "field": null, "message": "m", "waived": null}]', "old.json holds no findings"),
    ],
)  # fmt: skip
def test_a_file_that_holds_no_findings_is_refused(bare, content, said):
    Path("old.json").write_text(content, "utf-8")
    refused = refusal("events.parquet", *BOOK, "--baseline", "old.json")
    assert refused.startswith(said)
    assert "→ write it with `eventcode check NAME --format json --output FILE`" in refused


def test_a_baseline_that_is_not_there_is_refused_before_anything_is_checked(bare):
    assert refusal("none.parquet", *BOOK, "--baseline", "none.json").startswith("none.json cannot be read")
    assert "events.parquet holds no findings" in refusal(
        "events.parquet", *BOOK, "--baseline", "events.parquet"
    )


@pytest.fixture
def built(tmp_path, monkeypatch) -> Path:
    """The tiny project, built with one unknown code."""
    root = tiny_project(tmp_path / "project", with_readings=False)
    monkeypatch.chdir(root)
    add(1, "099")
    assert "2 readings" in CliRunner().invoke(group, ["build", NAME]).stdout
    return root


def add(revision: int, code: str, **changes: Any) -> None:
    """Import a revision of Anna's reading with a code."""
    plain = reading(revision=revision, **changes)
    plain["codings"][0]["event_type"] = code
    Path("anna.jsonl").write_text(json.dumps(plain) + "\n", "utf-8")
    CliRunner().invoke(group, ["import", NAME, "anna.jsonl", "--batch", f"batch{revision}"])


@pytest.mark.parametrize("old", [NAME, f"build/{NAME}", f"build/{NAME}/findings.parquet"])
def test_a_build_is_a_baseline_by_name_folder_and_file(built, old):
    assert run(NAME, "--baseline", old).exit_code == 0
    add(2, "098")
    assert run(NAME, "--baseline", old).exit_code == 0, "the same row is wrong again"
    plain = {"key": "e9", "event_type": "097"}
    add(3, "098", codings=[*reading()["codings"], {**reading()["codings"][1], **plain}])
    result = run(NAME, "--baseline", old)
    assert result.exit_code == 1
    assert "codings.event_type-code  error, 1 new (was 1, is 2)\n" in result.stdout
    assert "[agency-2025-05-03/anna/e9]" in result.stdout


def test_a_release_is_a_baseline_though_it_holds_no_findings(built):
    add(2, "031")
    released = CliRunner().invoke(group, ["release", NAME, "1.0"])
    assert released.exit_code == 0, released.exception
    same = run(NAME, "--baseline", f"{NAME}@1.0")
    assert (same.exit_code, same.stdout) == (
        0, "0 new errors, 0 new warnings, 0 new flags; 3 as in the baseline, 0 of it gone\n",
    )  # fmt: skip
    add(3, "099")
    assert "1 new error, " in run(NAME, "--baseline", f"{NAME}@1.0").stdout
    assert refusal(NAME, "--baseline", f"{NAME}@2.0") == "there is no release 2.0 of tiny\n  → there are: 1.0"
