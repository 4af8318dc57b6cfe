"""What a second person did apart from the first: linking, and adjudication, as rows of the agreement."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from adjudicating import project
from eventcode.cli import group
from eventcode.errors import DatasetError
from eventcode.pipeline import agree
from eventcode.project import Dataset, find
from eventcode.reliability.result import Estimate
from link_project import SAME, link_project
from test_adjudicate import GROUPS, decide
from test_adjudicate_twice import FIELDS, OTHERWISE

BEN = {**SAME, "by": "ben"}
GAZETTE = {**SAME, "report": "gazette/e1"}
SECOND = "decisions-second.jsonl"


def rows(dataset: Dataset, section: str) -> list[Estimate]:
    own = find(dataset.project.root).dataset(dataset.name)
    return [row for row in agree.agreement(own, draws=100).estimates if row.section == section]


# ── linking ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_two_linkers_who_say_the_same_agree_wholly(tmp_path: Path) -> None:
    found = rows(link_project(tmp_path, SAME, second=(BEN,)), "linking")
    assert [(row.measure, row.block, row.estimate, row.n_units) for row in found] == [
        ("pairwise_f1", "pair:carla·ben", 1.0, 2),
        ("b_cubed_f1", "pair:carla·ben", 1.0, 2),
    ]


def test_two_linkers_who_differ_are_told_by_pairs_of_reports_and_report_by_report(tmp_path: Path) -> None:
    apart = {**BEN, "report": "gazette/e1", "relation": "unrelated"}
    pairs, reports = rows(link_project(tmp_path, SAME, GAZETTE, second=(BEN, apart)), "linking")
    assert pairs.estimate == pytest.approx(0.5)  # one link of the first's three
    assert reports.estimate is not None
    assert 0.5 < reports.estimate < 1
    assert (pairs.n_units, pairs.n_documents, pairs.n_coders) == (3, 3, 2)


def test_links_of_one_file_alone_are_nobodys_agreement(tmp_path: Path) -> None:
    assert rows(link_project(tmp_path, SAME, BEN), "linking") == []
    assert rows(link_project(tmp_path / "other", second=(BEN,)), "linking") == []


def test_the_terminal_names_the_linkers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    link_project(tmp_path, SAME, second=(BEN,))
    monkeypatch.chdir(tmp_path)
    out = CliRunner().invoke(group, ["agree", "camps"]).stdout
    assert "carla and ben" in out.partition("Reports linked into events by two persons\n")[2]


# ── adjudication ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    return project(tmp_path)


def test_two_adjudications_are_compared_in_a_section_of_their_own(dataset: Dataset) -> None:
    decide(dataset, *GROUPS, *FIELDS)
    decide(dataset, *GROUPS, *OTHERWISE, name=SECOND, by="dora")
    found = rows(dataset, "adjudicated")
    assert {row.block for row in found} == {"pair:first·second"}
    assert [row.field for row in found] == [
        "detection", "events", "joint", "event_type", "event_type.root", "event_type.leaf",
    ]  # fmt: skip
    assert next(row.estimate for row in found if row.field == "events") == 1.0


def test_a_second_adjudication_changes_no_other_row(dataset: Dataset) -> None:
    decide(dataset, *GROUPS, *FIELDS)
    before = agree.agreement(dataset, draws=100).estimates
    decide(dataset, *GROUPS, *OTHERWISE, name=SECOND, by="dora")
    after = agree.agreement(dataset, draws=100).estimates
    assert tuple(row for row in after if row.section != "adjudicated") == before


def test_a_second_adjudication_that_leaves_something_open_has_no_coefficient_and_says_why(
    dataset: Dataset,
) -> None:
    decide(dataset, *GROUPS, *FIELDS)
    decide(dataset, *GROUPS, name=SECOND, by="dora")
    [row] = rows(dataset, "adjudicated")
    assert (row.estimate, row.reason) == (None, "no document of tiny is wholly decided twice")


def test_a_second_file_that_holds_no_decisions_is_refused(dataset: Dataset) -> None:
    decide(dataset, *GROUPS, *FIELDS)
    (dataset.folder / SECOND).write_text('{"kind": "guess"}\n', "utf-8")
    with pytest.raises(DatasetError, match=r"decisions-second\.jsonl"):
        rows(dataset, "adjudicated")


def test_the_terminal_shows_both_adjudicators(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    decide(dataset, *GROUPS, *FIELDS)
    decide(dataset, *GROUPS, *OTHERWISE, name=SECOND, by="dora")
    monkeypatch.chdir(dataset.project.root)
    result = CliRunner().invoke(group, ["agree", "tiny"])
    assert result.exit_code == 0, result.exception
    shown = result.stdout.partition("Documents adjudicated twice\n")[2]
    assert "first and second" in shown.splitlines()[1]
