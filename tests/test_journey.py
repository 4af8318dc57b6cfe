"""The whole way as a user goes it: a new project, a reading, a correction, a build, two releases, and the data in pandas."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner

import eventcode
from eventcode.cli import group
from tiny_project import DOCUMENT, NAME, reading, tiny_project


def run(*words, code=0):
    """A command's standard output; its exit code must be `code`."""
    result = CliRunner().invoke(group, [str(word) for word in words])
    assert result.exit_code == code, (result.exit_code, result.output, result.exception)
    return result


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A built and released project: 1.0, then a correction, then 1.1."""
    root = tiny_project(tmp_path_factory.mktemp("journey") / "project", with_readings=False)
    here = os.getcwd()
    os.chdir(root)
    try:
        yield Journey(root)
    finally:
        os.chdir(here)


class Journey:
    """What the commands said, in the order in which a user calls them."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.imported = run("import", NAME, self.batch(reading(), "first"))
        self.checked = run("check", NAME)
        self.built = run("build", NAME)
        self.again = run("build", NAME)
        self.released = run("release", NAME, "1.0")
        corrected = reading(revision=2)
        corrected["codings"][1]["event_type"] = "071"
        self.corrected = run("import", NAME, self.batch(corrected, "second"))
        self.rebuilt = run("build", NAME)
        self.second = run("release", NAME, "1.1")

    def batch(self, line, name) -> Path:
        path = self.root / f"{name}.jsonl"
        path.write_text(json.dumps(line) + "\n", "utf-8")
        return path


def test_an_import_says_what_it_added(project):
    assert "1 reading: added to readings/anna/first.jsonl" in project.imported.stderr


def test_the_journal_holds_no_words_of_the_text(project):
    lines = (project.root / "datasets" / NAME / "readings" / "anna" / "first.jsonl").read_text("utf-8")
    assert "close its camp" not in lines
    assert '"quote_hash": "sha256:' in lines


def test_a_clean_dataset_checks_without_errors(project):
    assert project.checked.stdout.splitlines()[-1].startswith("0 errors, 0 warnings")


def test_a_build_counts_what_it_made(project):
    assert "tiny: 2 documents, 2 readings, 2 reports, 2 events" in project.built.stdout


def test_a_second_build_has_nothing_to_do(project):
    assert project.again.stdout == "tiny: up to date\n"


def test_a_correction_is_a_new_line_and_the_old_one_stays(project):
    folder = project.root / "datasets" / NAME / "readings" / "anna"
    assert sorted(path.name for path in folder.iterdir()) == ["first.jsonl", "second.jsonl"]
    assert "071" in (folder / "second.jsonl").read_text("utf-8")


def test_a_correction_keeps_the_event_and_shows_up_as_recoded(project):
    told = run("diff", f"{NAME}@1.0", f"{NAME}@1.1").stdout
    assert "074" in told
    assert "071" in told
    first = eventcode.load(NAME, version="1.0")
    second = eventcode.load(NAME, version="1.1")
    assert sorted(first.event_id) == sorted(second.event_id)


def test_a_release_remembers_when_an_event_first_came_and_last_changed(project):
    events = eventcode.load(NAME, version="1.1").set_index("event_type")
    assert events.loc["071", "first_release"] == "1.0"
    assert events.loc["071", "last_modified_release"] == "1.1"
    assert events.loc["031", "last_modified_release"] == "1.0"


def test_a_release_is_never_overwritten(project):
    from eventcode.errors import DatasetError
    from eventcode.pipeline.publishing import release_dataset
    from eventcode.project import find

    with pytest.raises(DatasetError, match=r"1\.1 exists, and a release never changes"):
        release_dataset(find().dataset(NAME), "1.1")


def test_a_release_holds_no_text(project):
    for path in (project.root / "releases" / NAME / "1.1").rglob("*"):
        if path.is_file():
            assert b"would close its camp near" not in path.read_bytes(), path


def test_the_evidence_of_a_release_is_verified_against_the_text(project):
    told = run(
        "evidence", "verify", NAME, "--version", "1.1", "--texts", project.root / "datasets" / NAME / "raw"
    )
    assert told.stderr.endswith(" verified, 0 moved, 0 different, 0 missing\n")


def test_evidence_in_a_text_that_moved_is_anchored_anew(project, tmp_path):
    words = (project.root / "datasets" / NAME / "raw" / f"{DOCUMENT}.txt").read_text("utf-8")
    (tmp_path / f"{DOCUMENT}.txt").write_text(f"A headline.\n\n{words}", "utf-8")
    told = run("evidence", "verify", NAME, "--texts", tmp_path, "--format", "json")
    rows = json.loads(told.stdout)
    assert {row["status"] for row in rows} == {"moved"}
    assert {row["new_start"] - row["start"] for row in rows} == {len("A headline.\n\n")}


def test_codes_keep_their_zeros_and_come_as_categories(project):
    events = eventcode.load(NAME)
    assert sorted(events["event_type"].astype(str)) == ["031", "071"]
    assert "010" in events["event_type"].cat.categories
    assert events.groupby("event_type", observed=False).size()["012"] == 0


def test_the_sources_of_a_record_are_explained(project):
    told = run("sources", f"{DOCUMENT}/e2").stdout
    assert "A commander of the brigade" in told
    assert "1 origin" in told


def test_an_unknown_record_gets_a_suggestion(project):
    with pytest.raises(eventcode.EventcodeError, match="no record"):
        CliRunner().invoke(group, ["sources", f"{DOCUMENT}/e9"], catch_exceptions=False)


def test_a_workbook_that_was_not_changed_adds_nothing(project):
    run("sheet", "out", NAME, "--coder", "anna", "--to", "anna.xlsx")
    told = run("sheet", "in", NAME, "anna.xlsx")
    assert told.stderr == "nothing new in it: nothing written\n"


def test_a_new_project_and_dataset_check_clean(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run("init", "mine")
    monkeypatch.chdir(tmp_path / "mine")
    run("new", "dataset", "protests", "--coder", "anna", "--coder", "ben")
    assert run("check", "protests").stdout.startswith("0 errors")
    assert "protests" in run("datasets").stdout


def test_help_names_every_command():
    told = run("--help").stdout
    for name in (
        "init",
        "new",
        "codebook",
        "sheet",
        "import",
        "check",
        "build",
        "release",
        "diff",
        "evidence",
        "sources",
        "doctor",
    ):
        assert f"  {name} " in told


def test_doctor_tells_what_is_installed():
    told = run("doctor").stdout
    assert "duckdb" in told
    assert "great-expectations" in told
