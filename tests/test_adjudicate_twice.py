"""A sample that two people adjudicate independently: kept apart, never built from, and compared."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from adjudicating import Workbook, letters, project, recorded
from eventcode.cli import group
from eventcode.errors import DatasetError
from eventcode.pipeline import adjudicate, adjudicate_files, adjudicate_twice
from eventcode.project import Dataset, find
from test_adjudicate import GROUPS, decide
from tiny_project import DOCUMENT, NAME

SECOND = "decisions-second.jsonl"
FIELDS = [
    {"kind": "field", "report": "e1", "field": name, "from": ["anna/e1"], "cause": "coder_slip"}
    for name in ("event_type", "date", "recipient")
]
OTHERWISE = [{**FIELDS[0], "from": ["ben/e1"]}, *FIELDS[1:]]


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    return project(tmp_path)


def fresh(dataset: Dataset) -> Dataset:
    return find(dataset.project.root).dataset(NAME)


def run(dataset: Dataset, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> Result:
    monkeypatch.chdir(dataset.project.root)
    return CliRunner().invoke(group, ["adjudicate", NAME, *arguments])


def test_the_second_adjudicator_is_asked_everything_and_knows_nothing_of_the_first(dataset: Dataset) -> None:
    decide(dataset, *GROUPS, *FIELDS)
    assert adjudicate.rows(adjudicate.load(dataset)) == []
    assert len(adjudicate.rows(adjudicate.load(dataset, second=True))) == 7


def test_second_decisions_go_into_a_file_of_their_own(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    decide(dataset, *GROUPS)
    assert run(dataset, monkeypatch, "--second", "--write", "s.xlsx", "--by", "dora").exit_code == 0
    book = Workbook(dataset.project.root / "s.xlsx")
    book.fill("document", "yes", reason=None)
    book.save()
    said = run(dataset, monkeypatch, "--read", "s.xlsx").output
    assert said.startswith("2 decisions recorded in datasets/tiny/decisions-second.jsonl; ")
    assert len(recorded(dataset)) == 4
    assert {row["by"] for row in recorded(dataset, SECOND)} == {"dora"}


def test_the_second_adjudicator_is_somebody_else(dataset: Dataset) -> None:
    decide(dataset, *GROUPS)
    path = dataset.project.root / "s.xlsx"
    adjudicate_files.write(adjudicate.load(dataset, second=True), path, by="carla")
    book = Workbook(path)
    book.fill("document", "yes", reason=None)
    with pytest.raises(DatasetError, match=f"carla is the other adjudicator of {DOCUMENT}"):
        adjudicate_files.read(dataset, book.save())
    assert recorded(dataset, SECOND) == []


def test_second_decisions_change_nothing_that_is_built(dataset: Dataset) -> None:
    from eventcode.pipeline import assemble, inputs

    decide(dataset, *GROUPS, *FIELDS)
    before = assemble.assemble(inputs.load(dataset)).rows
    decide(dataset, *GROUPS, *OTHERWISE, name=SECOND, by="dora")
    assert assemble.assemble(inputs.load(fresh(dataset))).rows == before


def test_two_adjudications_stand_as_two_coders(dataset: Dataset) -> None:
    decide(dataset, *GROUPS, *FIELDS)
    decide(dataset, *GROUPS, *OTHERWISE, name=SECOND, by="dora")
    held = adjudicate_twice.as_coders(fresh(dataset))
    types = {read.coder: [c["event_type"] for c in read.reading["codings"]] for read in held.current}
    assert types == {"first": ["031", "074"], "second": ["032", "074"]}
    assert [*held.dataset.coders] == ["first", "second"]


def test_a_document_that_one_of_them_left_open_is_left_out(dataset: Dataset) -> None:
    decide(dataset, *GROUPS, *FIELDS)
    decide(dataset, *GROUPS, name=SECOND, by="dora")
    with pytest.raises(DatasetError, match="no document of tiny is wholly decided twice"):
        adjudicate_twice.as_coders(fresh(dataset))


def test_the_agreement_of_two_adjudications_is_measured_like_that_of_coders(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    decide(dataset, *GROUPS, *FIELDS)
    decide(dataset, *GROUPS, *OTHERWISE, name=SECOND, by="dora")
    found = adjudicate_twice.measured(fresh(dataset), draws=100).agreement
    assert {row["coder"] for row in found.coders} == {"first", "second"}
    percent = {
        e.field: e.estimate for e in found.estimates if e.measure == "percent_agreement" and e.block == "all"
    }
    assert percent["event_type.leaf"] == 0.5
    assert percent["realis"] == 1
    assert run(dataset, monkeypatch, "--twice").exit_code == 0


def test_a_sample_is_random_repeatable_and_no_larger_than_what_there_is(dataset: Dataset) -> None:
    assert [*adjudicate.load(dataset, second=True, sample=1, seed=7).cases] == [DOCUMENT]
    with pytest.raises(DatasetError, match="give --sample 1 at most"):
        adjudicate.load(dataset, second=True, sample=2)


def test_a_line_of_the_second_file_that_is_no_decision_is_told(dataset: Dataset) -> None:
    (dataset.folder / SECOND).write_text(json.dumps({"document": DOCUMENT, "kind": "guess"}) + "\n", "utf-8")
    with pytest.raises(DatasetError, match="decisions-second.jsonl:1"):
        adjudicate.load(dataset, second=True)


def test_letters_are_the_same_for_both(dataset: Dataset) -> None:
    case = adjudicate.load(dataset, second=True).cases[DOCUMENT]
    assert {read.coder: letter for letter, read in case.readers.items()} == letters(dataset)
