"""`eventcode agree` as a user calls it: its table, its forms, its exit codes, and what it refuses."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest
from click import unstyle
from click.testing import CliRunner, Result

from eventcode.cli import agree_parts, group
from eventcode.pipeline.simulate import simulate
from eventcode.reliability.result import Agreement
from eventcode.tables import TABLES
from tiny_project import tiny_project

CASE = {
    "name": "two_coders", "layout": "raters_by_units", "matrix": [[1, 1, 2, 2], [1, 1, 2, 1]], "metric": "percent_agreement",
    "level": "nominal", "expected": 0.75, "tolerance": 1e-9,
}  # fmt: skip


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A simulated project of 20 documents and 3 coders."""
    home = tmp_path_factory.mktemp("simulated") / "project"
    simulate(home, documents=20, n_coders=3)
    return home


@pytest.fixture
def project(root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(root)
    return root


def run(*words: object) -> Result:
    """`eventcode agree`."""
    return CliRunner().invoke(group, ["agree", *map(str, words)], env={"COLUMNS": "100"})


@pytest.fixture(scope="module")
def shown(root: Path) -> str:
    """The table of the simulated dataset."""
    import os

    before = Path.cwd()
    os.chdir(root)
    try:
        result = run("simulated", "--draws", 100)
    finally:
        os.chdir(before)
    assert result.exit_code == 0, result.output
    return result.stdout


# ── the table ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_detection_joint_and_event_type_stand_first(shown: str) -> None:
    first = shown.partition("Headline\n")[2].splitlines()
    assert first[0].split("  ")[1] == "field"
    assert [line.split()[0] for line in first[1:5]] == ["detection", "joint", "event_type", "event_type.root"]


def test_columns_are_estimate_interval_probability_units_documents_and_coverage(shown: str) -> None:
    head = next(line for line in shown.splitlines() if "estimate" in line)
    assert head.split("  ")[-1] == "coverage"
    assert [name in head for name in ("measure", "95% interval", "P(<.667)", "units", "documents")] == [
        True
    ] * 5


@pytest.mark.parametrize(
    "title", ["Fields of codings", "Sources", "What a source says", "Sourcing columns", "By coders and versions", "Differences of alpha",
              "With other values of theta", "Event types confused most", "Answers about sources confused most", "Each coder with the others", "What this does not show"],
)  # fmt: skip
def test_each_section_has_its_title(shown: str, title: str) -> None:
    assert f"\n{title}" in shown


def test_what_is_undefined_points_to_its_reason(shown: str) -> None:
    assert "[1] no coefficient: every value is the same" in shown


def test_settings_stand_at_the_end(shown: str) -> None:
    last = " ".join(shown.rpartition("\n\n")[2].split())
    assert "θ = 0.4" in last
    assert "100 draws of documents, seed 1" in last


def test_no_line_of_prose_is_too_wide(shown: str) -> None:
    prose = shown.partition("What this does not show")[2]
    assert max(map(len, prose.splitlines())) <= 100


def test_one_block_can_be_shown_alone(project: Path) -> None:
    out = run("simulated", "--draws", 100, "--block", "person–person").stdout
    assert "Coders: person–person." in " ".join(out.split())
    assert "Headline" not in out


def test_a_block_can_be_named_with_a_hyphen(project: Path) -> None:
    for form in ("table", "csv"):
        words = ("simulated", "--draws", 100, "--format", form, "--block")
        hyphen, dash = run(*words, "person-person"), run(*words, "person–person")
        assert hyphen.exit_code == 0, hyphen.exception
        assert hyphen.stdout == dash.stdout


def test_confused_event_types_have_their_labels_as_far_as_the_line_allows(shown: str) -> None:
    part = shown.partition("\nEvent types confused most\n")[2].partition("\n\n")[0].splitlines()
    assert "weighted pairs" in part[0]
    assert any(re.search(r"\d{3} [A-Z]\w+.* / \d{3} [A-Z]\w+", line) for line in part[1:])
    assert max(map(len, part)) <= 100


def test_labels_are_cut_to_the_width_and_left_out_where_nothing_would_be_left() -> None:
    called = {"031": "Pledge to close sites", "032": "Pledge"}
    told = [agree_parts._both(("031", "032"), called, width) for width in (60, 32, 20)]
    assert told == ["031 Pledge to close sites / 032 Pledge", "031 Pledge to clos… / 032 Pledge", "031 / 032"]


def test_drift_says_below_or_above_a_window_a_line_with_falls_first() -> None:
    row = {"coder": "carla", "version": "1.0.1", "first": "2025-09-14T08:00:00Z", "last": "2025-09-16T08:00:00Z", "mean": 0.7, "flagged": True}  # fmt: skip
    found = Agreement("d", "c@1.0.0", {}, (), drift=({**row, "ewma": 0.8}, {**row, "ewma": 0.55}, {**row, "ewma": 0.7, "flagged": False}))  # fmt: skip
    lines = [unstyle(line) for line in agree_parts.drift(found)]
    assert lines[2:] == [
        "  ▼ carla under 1.0.1, 2025-09-14 to 2025-09-16: .550, below the usual .700",
        "  note: carla under 1.0.1, 2025-09-14 to 2025-09-16: .800, above the usual .700",
    ]
    assert [*agree_parts.drift(Agreement("d", "c@1.0.0", {}, ()))] == []


def test_an_unknown_block_is_refused_with_those_there_are(project: Path) -> None:
    result = run("simulated", "--draws", 100, "--block", "persons")
    assert "there is no block 'persons'" in str(result.exception)
    assert "there are: all, person–person" in str(result.exception)


# ── other forms ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_csv_holds_the_rows_of_the_table(project: Path) -> None:
    rows = [*csv.DictReader(io.StringIO(run("simulated", "--draws", 100, "--format", "csv").stdout))]
    assert [*rows[0]] == [*TABLES["agreement"].columns]
    assert {row["draws"] for row in rows} == {"100"}
    assert {row["block"] for row in rows} >= {"all", "person–person", "without:anna"}


def test_json_holds_everything(project: Path) -> None:
    found = json.loads(run("simulated", "--draws", 100, "--format", "json").stdout)
    assert found["dataset"] == "simulated"
    assert found.keys() >= {"settings", "estimates", "confusions", "matrices", "coders", "drift", "cautions"}
    assert found["settings"]["weights"]["evidence"] == 0.4


def test_the_answer_can_go_into_a_file(project: Path, tmp_path: Path) -> None:
    result = run("simulated", "--draws", 100, "--output", tmp_path / "agreement.txt")
    assert (result.stdout, result.stderr) == ("", f"→ {tmp_path / 'agreement.txt'}\n")
    assert (tmp_path / "agreement.txt").read_text("utf-8").startswith("simulated, disarmament@")


def test_matrices_go_into_a_file_in_long_form(project: Path, tmp_path: Path) -> None:
    run("simulated", "--draws", 100, "--matrices", tmp_path / "matrices.csv")
    rows = [*csv.DictReader((tmp_path / "matrices.csv").open(encoding="utf-8"))]
    assert [*rows[0]] == ["field", "level", "row", "column", "row_value", "column_value", "count", "share"]
    assert {row["field"] for row in rows} >= {"event_type", "sources.identity"}


def test_a_page_can_be_written(project: Path, tmp_path: Path) -> None:
    pytest.importorskip("altair")
    result = run("simulated", "--draws", 100, "--report", tmp_path / "page.html")
    assert result.exit_code == 0, result.exception
    assert "<html" in (tmp_path / "page.html").read_text("utf-8")


def test_seed_theta_and_draws_can_be_set(project: Path) -> None:
    found = json.loads(
        run("simulated", "--draws", 150, "--seed", 7, "--theta", 0.5, "--format", "json").stdout
    )
    assert [found["settings"][name] for name in ("draws", "seed", "theta")] == [150, 7, 0.5]


# ── the planner ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_plan_tells_how_many_documents_to_double_code(project: Path) -> None:
    out = run("simulated", "--plan", "event_type.root", "--half-width", ".05").stdout
    assert "event_type.root: " in out
    told = " ".join(out.split())
    assert "documents in all, each read by two coders or more, for a 95% interval of ± .05" in told
    assert "read by two coders already: 20 documents, " in told
    assert "have something of event_type.root to compare" in told
    assert "the data leave it open: between " in told
    assert "What this rests on" in out


def test_the_plan_can_be_had_as_json(project: Path) -> None:
    [found] = json.loads(run("simulated", "--plan", "detection", "--format", "json").stdout)
    assert found["field"] == "detection"
    assert found["half_width"] == 0.05
    assert found["documents"] > 0
    assert found["n_read"] == 20


def test_a_plan_for_something_that_is_not_compared_is_refused(project: Path) -> None:
    result = run("simulated", "--plan", "event_tipe")
    assert "nothing called 'event_tipe' is compared" in str(result.exception)
    assert "did you mean 'event_type'?" in str(result.exception)


# ── published cases ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_measures_are_held_against_published_cases_without_a_dataset(tmp_path: Path) -> None:
    (tmp_path / "cases.json").write_text(json.dumps([CASE]), "utf-8")
    result = run("--reference", tmp_path / "cases.json")
    assert (result.exit_code, result.stdout.splitlines()[-1]) == (0, "1 of 1 cases hit")


def test_a_case_that_is_missed_exits_with_1(tmp_path: Path) -> None:
    (tmp_path / "cases.json").write_text(
        json.dumps([CASE | {"expected": 0.5}, CASE | {"metric": "unheard_of"}]), "utf-8"
    )
    result = run("--reference", tmp_path / "cases.json")
    assert result.exit_code == 1
    assert result.stdout.count("MISS") == 2


def test_a_file_that_is_no_list_of_cases_is_refused(tmp_path: Path) -> None:
    (tmp_path / "cases.json").write_text("not JSON", "utf-8")
    assert "is no JSON" in str(run("--reference", tmp_path / "cases.json").exception)
    assert "cannot be read" in str(run("--reference", tmp_path / "nowhere.json").exception)


# ── refusals ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "name a dataset, or a file of cases with --reference"),
        (("simulated", "--reference", "cases.json"), "--reference works without a dataset"),
        (("--reference", "cases.json", "--theta", ".5"), "--reference and --theta do not go together"),
        (("simulated", "--half-width", ".05"), "--half-width needs --plan FIELD"),
        (("simulated", "--plan", "date", "--report", "page.html"), "--plan and --report do not go together"),
        (("simulated", "--theta", "1"), "1.0 is not in the range"),
        (("simulated", "--draws", "5"), "5 is not in the range"),
    ],
)  # fmt: skip
def test_what_does_not_go_together_is_a_usage_error(
    project: Path, words: tuple[str, ...], message: str
) -> None:
    result = run(*words)
    assert result.exit_code == 2
    assert message in result.stderr


def test_an_unknown_dataset_is_named_with_those_there_are(project: Path) -> None:
    assert "no dataset 'simulatd'" in str(run("simulatd").exception)


def test_a_dataset_that_nobody_read_twice_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tiny_project(tmp_path / "project"))
    result = run("tiny")
    assert result.exit_code == 0, result.exception
    assert "No document was read by two coders: nothing can be said about agreement." in " ".join(
        result.stdout.split()
    )


def test_a_dataset_without_readings_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tiny_project(tmp_path / "project", with_readings=False))
    for form in ("table", "json", "csv"):
        assert run("tiny", "--format", form).exit_code == 0
