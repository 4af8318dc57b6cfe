"""`eventcode check` as a user calls it: datasets and bare files, its formats, its exit codes, and what it refuses."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from eventcode.cli import group
from eventcode.errors import DatasetError
from tiny_project import DOCUMENT, NAME, reading, tiny_project

BOOK = ("--codebook", "disarmament")


@pytest.fixture
def project(tmp_path, monkeypatch) -> Path:
    """The tiny project as working folder, with nothing imported."""
    root = tiny_project(tmp_path / "project", with_readings=False)
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def wrong(project) -> Path:
    """The same, with a reading whose first code is unknown."""
    add(wrong_reading())
    return project


def wrong_reading() -> dict[str, Any]:
    """Anna's reading with an unknown code."""
    plain = reading()
    plain["codings"][0]["event_type"] = "099"
    return plain


def run(*words: object) -> Result:
    """`eventcode check`."""
    return CliRunner().invoke(group, ["check", *map(str, words)])


def add(*readings: dict[str, Any]) -> None:
    """Import readings into the dataset."""
    Path("anna.jsonl").write_text("".join(json.dumps(row) + "\n" for row in readings), "utf-8")
    result = CliRunner().invoke(group, ["import", NAME, "anna.jsonl"])
    assert "added to" in result.stderr, result.exception


def refusal(*words: object) -> str:
    """What a check that cannot be done says."""
    result = run(*words)
    assert isinstance(result.exception, DatasetError), result.output
    return str(result.exception)


def edit(path: str, old: str, new: str) -> None:
    """Change a file of the dataset."""
    file = Path("datasets") / NAME / path
    before = file.read_text("utf-8")
    assert old in before
    file.write_text(before.replace(old, new), "utf-8")


# ── formats and exit codes ────────────────────────────────────────────────────────────────────────────────────────────


def test_a_finding_has_its_place_its_lineage_its_message_and_a_remedy(wrong):
    result = run(NAME)
    assert result.exit_code == 1
    assert result.stdout.startswith(
        "datasets/tiny/readings/anna/anna.jsonl:1  codings[0].event_type  [agency-2025-05-03/anna/e1]\n"
        "  codings.event_type-code: '099' is no value of event_type\n"
        "  → use one of the codes: `eventcode codebook tree`\n"
    )
    assert result.stdout.splitlines()[-1].startswith("1 error, 0 warnings, 0 waived, ")


def test_json_gives_every_finding_with_its_place(wrong):
    result = run(NAME, "--format", "json")
    assert result.exit_code == 1
    [error] = [row for row in json.loads(result.stdout) if row["severity"] == "error"]
    assert error == {
        "rule": "codings.event_type-code", "severity": "error", "table": "codings", "key": "agency-2025-05-03/anna/e1",
        "field": "event_type", "message": "'099' is no value of event_type", "hint": "use one of the codes: `eventcode codebook tree`",
        "file": "datasets/tiny/readings/anna/anna.jsonl", "line": 1, "path": "codings[0].event_type", "waived": None,
    }  # fmt: skip


def test_csv_has_the_same_columns(wrong):
    rows = list(csv.DictReader(io.StringIO(run(NAME, "--format", "csv").stdout)))
    assert [*rows[0]] == [
        "rule",
        "severity",
        "table",
        "key",
        "field",
        "message",
        "hint",
        "file",
        "line",
        "path",
        "waived",
    ]
    assert [row["line"] for row in rows if row["severity"] == "error"] == ["1"]


def test_github_gets_an_annotation_per_finding(wrong):
    lines = run(NAME, "--format", "github").stdout.splitlines()
    assert lines[0] == (
        "::error file=datasets/tiny/readings/anna/anna.jsonl,line=1,title=codings.event_type-code::"
        "'099' is no value of event_type → use one of the codes: `eventcode codebook tree`"
    )
    assert all(line.startswith("::notice ") for line in lines[1:])


def test_warnings_fail_a_strict_check_alone(project):
    add(reading())
    waive("other.rule,p/a/e1,,carla,why,")
    assert run(NAME).exit_code == 0
    assert "1 warning" in run(NAME).stdout
    assert run(NAME, "--strict").exit_code == 1


# ── waivers ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def waive(*lines: str) -> None:
    """Write waivers.csv."""
    text = "\n".join(["rule,key,count,who,why,until", *lines, ""])
    (Path("datasets") / NAME / "waivers.csv").write_text(text, "utf-8")


def test_a_waived_error_passes_and_is_still_there(wrong):
    waive("codings.event_type-code,agency-2025-05-03/anna/e1,,carla,the code comes with 1.1,")
    result = run(NAME, "--all")
    assert result.exit_code == 0
    assert (
        "codings.event_type-code (waived): '099' is no value of event_type\n  → carla: the code comes with 1.1"
        in result.stdout
    )
    assert "0 errors, 0 warnings, 1 waived" in result.stdout


def test_as_of_asks_for_another_day_than_the_cards(wrong):
    waive("codings.event_type-code,,1,carla,the code comes with 1.1,2025-06-01")
    assert run(NAME).exit_code == 0
    assert run(NAME, "--as-of", "2025-06-01").exit_code == 0
    late = run(NAME, "--as-of", "2025-06-02")
    assert late.exit_code == 1
    assert "  waivers.expired: the waiver of codings.event_type-code ended on 2025-06-01\n" in late.stdout
    assert run(NAME, "--as-of", "2025-06-31").exit_code == 2


def test_waivers_with_a_count_or_day_that_is_none_are_refused(project):
    waive("a.rule,,many,carla,why,2025-02-30", "b.rule,,1,carla,why,20250601")
    assert refusal(NAME) == (
        "dataset tiny cannot be read: 3 problems\n"
        "datasets/tiny/waivers.csv:2  count\n  'many' is no number of findings\n  → write a whole number\n"
        "datasets/tiny/waivers.csv:2  until\n  '2025-02-30' is not a day\n  → write it as 2025-06-16\n"
        "datasets/tiny/waivers.csv:3  until\n  '20250601' is not a day\n  → write it as 2025-06-16"
    )


# ── bare files ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def bare(tmp_path, monkeypatch) -> Path:
    """A folder that belongs to no project."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_bare_jsonl_file_checks_with_a_codebook(bare):
    Path("good.jsonl").write_text(json.dumps(reading()), "utf-8")
    Path("bad.jsonl").write_text(json.dumps(wrong_reading()), "utf-8")
    assert run("good.jsonl", *BOOK).exit_code == 0
    result = run("bad.jsonl", *BOOK)
    assert result.exit_code == 1
    assert result.stdout.startswith(
        "bad.jsonl:1  codings[0].event_type  [agency-2025-05-03/anna/e1]\n  codings.event_type-code: "
    )


def test_every_problem_of_shape_in_a_bare_jsonl_file_is_told(bare):
    plain = reading()
    plain["codings"][1]["key"] = "e1"
    Path("bad.jsonl").write_text(f'{json.dumps(plain)}\n{{"document": "x\n', "utf-8")
    assert refusal("bad.jsonl", *BOOK) == (
        "bad.jsonl cannot be checked: 2 problems\n"
        "bad.jsonl:1  codings[1].key\n  the key 'e1' stands twice\n  → give each its own\n"
        "bad.jsonl:2\n  not JSON: Unterminated string starting at character 14\n  → write one JSON object per line, in UTF-8"
    )


def test_a_bare_workbook_checks_cell_by_cell(project):
    add(wrong_reading())
    made = CliRunner().invoke(group, ["sheet", "out", NAME, "--coder", "anna", "--to", "anna.xlsx"])
    assert made.exit_code == 0, made.exception
    result = run("anna.xlsx", *BOOK)
    assert result.exit_code == 1
    assert "  codings!" in result.stdout.splitlines()[0]
    assert "  codings.event_type-code: '099' is no value of event_type" in result.stdout


def test_a_file_that_is_no_workbook_is_refused(bare):
    Path("no.xlsx").write_text("no", "utf-8")
    assert "no.xlsx" in refusal("no.xlsx", *BOOK)


def table(name: str = "events.parquet", **columns: Any) -> str:
    """Write a Parquet file; its name."""
    pq.write_table(pa.table(columns), name)
    return name


def test_a_bare_parquet_file_of_events_checks_its_codes(bare):
    assert run(table(event_type=["010", "031"], realis=["occurred", None]), *BOOK).exit_code == 0
    result = run(table(event_id=["x", "y"], event_type=["010", "099"]), *BOOK)
    assert result.exit_code == 1
    assert result.stdout.startswith("events y\n  codings.event_type-code: '099' is no value of event_type\n")


def test_a_bare_parquet_file_says_what_its_rows_are_by_its_name_or_by_table(bare):
    assert run(table("codings.parquet", coding_id=["x"], event_type=["031"]), *BOOK).exit_code == 1
    other = table("other.parquet", coding_id=["x"], event_type=["031"])
    assert "the column 'coding_id' is unknown" in refusal(other, *BOOK)
    assert run(other, *BOOK, "--table", "codings").exit_code == 1
    assert (
        refusal(other, *BOOK, "--table", "coding")
        == "there is no table 'coding'\n  → did you mean 'codings'?"
    )


@pytest.mark.parametrize(
    ("codes", "type_"),
    [([10, 31], "int64"), ([10.0, 31.0], "double")],
    ids=["integers", "floats"],
)
def test_codes_stored_as_numbers_are_refused(bare, codes, type_):
    assert refusal(table(event_type=codes), *BOOK) == (
        "these are no events of disarmament@1.0.1: 1 problem\nevent_type\n"
        f"  the codes in 'event_type' are numbers ({type_}): leading zeros are lost\n  → read that column as text"
    )


def test_codes_as_categories_of_text_are_fine(bare):
    assert run(table(event_type=pa.array(["010"]).dictionary_encode()), *BOOK).exit_code == 0


def test_an_unknown_column_gets_a_suggestion(bare):
    assert refusal(table(event_tipe=["031"]), *BOOK) == (
        "these are no events of disarmament@1.0.1: 1 problem\nevent_tipe\n"
        "  the column 'event_tipe' is unknown\n  → did you mean 'event_type'?"
    )


def test_a_file_that_is_no_parquet_file_or_is_not_there_is_refused(bare):
    Path("no.parquet").write_text("no", "utf-8")
    assert refusal("no.parquet", *BOOK).startswith("no.parquet is not a Parquet file: ")
    assert refusal("none.parquet", *BOOK).startswith("none.parquet is not there\n")
    assert refusal("none.jsonl", *BOOK) == "none.jsonl is not there\n  → check the name"


def test_a_bare_file_needs_a_codebook(bare):
    Path("good.jsonl").write_text(json.dumps(reading()), "utf-8")
    assert (
        refusal("good.jsonl") == "a bare file or table needs a codebook\n  → name one: codebook='disarmament'"
    )


def test_data_frames_check_as_files_do():
    import pandas as pd
    import polars as pl

    from eventcode import check

    for frame in (pd.DataFrame({"event_type": ["010", "099"]}), pl.DataFrame({"event_type": ["010", "099"]})):
        assert [finding.rule for finding in check(frame, codebook="disarmament").findings] == [
            "codings.event_type-code"
        ]
    with pytest.raises(DatasetError, match="leading zeros are lost"):
        check(pd.DataFrame({"event_type": pd.Categorical([10, 31])}), codebook="disarmament")


# ── what a dataset may not be ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_folder_that_is_no_project_says_what_to_do(bare):
    said = refusal(NAME)
    assert (
        said
        == f"{bare} is in no eventcode project\n  → run `eventcode init NAME`, or go to a folder that has datasets/"
    )


def test_an_unknown_dataset_lists_those_that_there_are(project):
    assert refusal("tini") == "no dataset 'tini'\n  → there are: tiny"


def test_a_card_with_unknown_keys_is_refused_with_suggestions(project):
    edit("dataset.yaml", "licence: CC-BY-4.0", "licence: CC-BY-4.0\nlicens: CC0-1.0")
    edit("dataset.yaml", "{id: ben, kind: person}", "{id: ben, kind: person, verson: 2}")
    assert refusal(NAME) == (
        "datasets/tiny/dataset.yaml cannot be used: 2 problems\n"
        "datasets/tiny/dataset.yaml:4  licens\n  'licens' is unknown here\n  → did you mean 'licence'?\n"
        "datasets/tiny/dataset.yaml:12  coders[1].verson\n  'verson' is unknown here\n  → did you mean 'version'?"
    )


def test_a_card_whose_day_is_none_is_refused(project):
    edit("dataset.yaml", 'as_of: "2025-06-01"', 'as_of: "2025-06-31"')
    assert refusal(NAME) == (
        "datasets/tiny/dataset.yaml cannot be used: 1 problem\ndatasets/tiny/dataset.yaml:6  as_of\n"
        "  '2025-06-31' is not a day\n  → write a day of the calendar, such as \"2026-11-23\""
    )


def test_a_card_that_wants_another_version_of_the_codebook_is_refused(project):
    edit("dataset.yaml", "disarmament@1.0.1", "disarmament@1.7.0")
    assert refusal(NAME) == (
        "dataset tiny cannot be used\ndatasets/tiny/dataset.yaml:4  codebook\n"
        "  disarmament@1.7.0 is wanted, 1.0.1 is here\n"
        "  → write disarmament@1.0.1, or put codebook/disarmament of that version into the project"
    )


@pytest.mark.parametrize(
    ("old", "new", "place", "message", "hint"),
    [
        ("language: en", "langage: en", ":6  documents[0].langage", "'langage' is unknown here", "did you mean 'language'?"),
        (
            'published_at: "2025-05-04"', 'published_at: "2025-15-04"', ":10  documents[1].published_at",
            "'2025-15-04' is no date: month must be in 1..12",
            "write a date as 2025-06-16, 2025-06, 2025, 2025-01/2025-06-16, 2025-01/.. or 2025-04~",
        ),
        ("key: agency-2025-05-04", f"key: {DOCUMENT}", ":10  documents[1].key", f"the document '{DOCUMENT}' stands twice", "keep one"),
        ("- key: agency-2025-05-04\n    published", "- published", ":10  documents[1]", "'key' is missing", "add key:"),
    ],
)  # fmt: skip
def test_documents_that_cannot_be_read_say_where_and_why(project, old, new, place, message, hint):
    edit("documents.yaml", old, new)
    assert refusal(NAME).split("\n", 1)[1] == f"datasets/tiny/documents.yaml{place}\n  {message}\n  → {hint}"


def test_a_decision_about_a_page_that_nobody_has_read_is_a_finding(project):
    add(reading())
    line = {
        "document": "agency-2025-05-09",
        "kind": "group",
        "from": ["anna/e1"],
        "by": "carla",
        "reason": "why",
    }
    (Path("datasets") / NAME / "decisions.jsonl").write_text(json.dumps(line) + "\n", "utf-8")
    result = run(NAME)
    assert result.exit_code == 1
    assert (
        "adjudication.decision-of-nothing: a decision names the document 'agency-2025-05-09', which nobody has read"
        in result.stdout
    )
