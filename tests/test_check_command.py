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
from foreign_cases import UCDP, put
from tiny_project import DOCUMENT, NAME, reading, tiny_project

BOOK = ("--codebook", "disarmament")
COLUMNS = ["rule", "severity", "table", "key", "field", "message", "hint", "file", "line", "path", "waived"]


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
    return CliRunner().invoke(group, ["check", *map(str, words)], env={"COLUMNS": "100"})


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


@pytest.fixture
def bare(tmp_path, monkeypatch) -> Path:
    """A folder that belongs to no project."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def table(name: str = "events.parquet", **columns: Any) -> str:
    """Write a Parquet file; its name."""
    pq.write_table(pa.table(columns), name)
    return name


# ── formats and exit codes ────────────────────────────────────────────────────────────────────────────────────────────


def test_findings_stand_under_their_rule_with_place_lineage_message_and_one_remedy(wrong):
    result = run(NAME)
    assert result.exit_code == 1
    assert result.stdout.startswith(
        "codings.event_type-code  error, 1 of 2 rows (50%)\n"
        "  A value outside the closed list has no definition, and every later count would leave it out.\n"
        "  datasets/tiny/readings/anna/anna.jsonl:1  codings[0].event_type  [agency-2025-05-03/anna/e1]\n"
        "    '099' is no value of event_type\n"
        "  → use one of the codes: `eventcode codebook tree`\n\n"
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
    assert [*rows[0]] == COLUMNS
    assert [row["line"] for row in rows if row["severity"] == "error"] == ["1"]


def test_github_gets_an_annotation_per_finding(wrong):
    lines = run(NAME, "--format", "github").stdout.splitlines()
    assert lines[0] == (
        "::error file=datasets/tiny/readings/anna/anna.jsonl,line=1,title=codings.event_type-code::"
        "'099' is no value of event_type → use one of the codes: `eventcode codebook tree`"
    )
    assert all(line.startswith("::notice ") for line in lines[1:])


def test_an_annotation_escapes_what_would_end_its_properties_or_its_line(project):
    from eventcode.cli import output
    from eventcode.model import Finding, Place

    place = Place("readings/a,b:c%.jsonl", 3)
    plain = Finding("a.rule", "warning", "codings", "p/a/e1", "100%\r\nof it", "look, at: it", place=place)
    out = io.StringIO()
    output.write_findings([plain], "github", out)
    assert out.getvalue() == (
        "::warning file=readings/a%2Cb%3Ac%25.jsonl,line=3,title=a.rule::100%25%0D%0Aof it → look, at: it\n"
    )


def test_an_annotation_without_a_file_names_the_row(bare):
    result = run(table(event_id=["y"], event_type=["099"]), *BOOK, "--format", "github")
    assert (
        "::error title=codings.event_type-code::events y: '099' is no value of event_type → " in result.stdout
    )


@pytest.mark.parametrize(
    ("form", "nothing"), [("json", "[]\n"), ("csv", f"{','.join(COLUMNS)}\n"), ("github", "")]
)
def test_nothing_found_is_an_empty_answer_in_every_form(bare, form, nothing):
    result = run(table(event_type=["010"]), *BOOK, "--format", form)
    assert (result.exit_code, result.stdout) == (0, nothing)


def test_output_writes_the_findings_into_a_file_and_says_how_many(wrong):
    result = run(NAME, "--format", "json", "--output", "found.json")
    assert result.exit_code == 1
    assert result.stdout.startswith("1 error, 0 warnings")
    assert result.stderr == "→ found.json\n"
    assert json.loads(Path("found.json").read_text("utf-8")) == json.loads(
        run(NAME, "--format", "json").stdout
    )


def test_output_into_a_folder_that_cannot_be_written_leaves_nothing(wrong):
    Path("file").write_text("", "utf-8")
    assert "file/found.txt cannot be written" in refusal(NAME, "--output", "file/found.txt")


def test_an_output_that_is_full_is_told_without_a_traceback(wrong, monkeypatch):
    import errno

    from eventcode.cli import output

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(output, "write_findings", full)
    assert refusal(NAME, "--format", "json").startswith(
        "the findings cannot be written: No space left on device"
    )


def test_what_a_hostile_text_would_do_to_a_terminal_is_shown_and_not_done(bare):
    result = run(table(event_id=["x\x1b[2J"], event_type=["\x1b]0;title\x07\u202e\n  fake: line"]), *BOOK)
    assert "\x1b" not in result.stdout.replace("\\x1b", "")
    assert (
        r"  events x\x1b[2J: '\x1b]0;title\x07\u202e fake: line' is no value of event_type" in result.stdout
    )


def test_a_rule_shows_five_places_and_all_shows_every_one(bare):
    file = table(event_id=[f"e{i}" for i in range(9)], event_type=["099"] * 9)
    few = run(file, *BOOK).stdout
    assert few.count("is no value of event_type") == 5
    assert "  … 4 more (--all shows them)\n" in few
    assert run(file, *BOOK, "--all").stdout.count("is no value of event_type") == 9


def test_counts_are_exact_where_not_all_findings_are_kept(bare):
    file = table(event_id=[f"e{i:04}" for i in range(1200)], event_type=["099"] * 1199 + ["010"])
    result = run(file, *BOOK)
    assert "codings.event_type-code  error, 1,199 of 1,200 rows (99.9%)\n" in result.stdout
    assert "  … 1,194 more, 995 of them kept (--all keeps and shows them all)\n" in result.stdout
    assert result.stdout.splitlines()[-1].startswith("1,199 errors, ")
    told = run(file, *BOOK, "--format", "json")
    assert len(json.loads(told.stdout)) == 1000
    assert told.stderr == "1,000 of 1,199 findings of 1 rule are kept: --all keeps them all\n"
    assert len(json.loads(run(file, *BOOK, "--format", "json", "--all").stdout)) == 1199


def test_what_nobody_could_answer_is_named(project):
    plain = reading()
    plain["codings"][0]["realis"] = "perhaps"
    add(plain)
    assert "unknown, because what the rule reads is empty or wrong: " in run(NAME).stdout


def test_flags_are_named_and_shown_on_request(project):
    add(reading())
    result = run(NAME)
    assert "flags, facts about the news: sourcing.flag-" in result.stdout
    assert "is a single origin" not in result.stdout
    assert "sourcing.flag-single-origin  flag, " in run(NAME, "--all").stdout


def test_ctrl_c_stops_a_check_and_says_that_nothing_was_written(wrong, monkeypatch):
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("eventcode.pipeline.check.check", stop)
    result = run(NAME, "--output", "found.txt", "--report", "found.html")
    assert (result.exit_code, result.stdout) == (130, "")
    assert result.stderr == "stopped: nothing was written\n"
    assert not Path("found.txt").exists()
    assert not Path("found.html").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((NAME, *BOOK, "--table", "events"), "--codebook and --table say nothing here: there is no file 'tiny'"),
        ((NAME, "--memory-limit", "2GB"), "--memory-limit says nothing here"),
        (("x.parquet", "--engine", "spark", "--memory-limit", "2GB"), "Spark has its memory from its own settings"),
        (("a.csv", "--as", "ucdp", "--table", "events"), "--table says nothing here: a foreign file is mapped"),
        (("a.csv", "--as", "ucdp", "--map", "a.yaml"), "--map says nothing here: a format has its own maps"),
        (("a.csv", "--as", "ucdp", "--engine", "spark"), "--engine says nothing here"),
        (("a.csv", "--as", "ucdp", "--against", "b.csv"), "--against says nothing here: it is for --as gdelt-mentions"),
        (("a.parquet", *BOOK, "--as-of", "2027-01-01"), "--as-of says nothing here: only a dataset has waivers"),
        (("build/tiny/findings.parquet", *BOOK), "--codebook says nothing here: the findings of a build are shown again"),
        ((NAME, "--explain", "a.b", "--format", "json"), "--format says nothing here: --explain tells of one rule"),
        (("--explain", "a.b", "--report", "a.html"), "--report says nothing here"),
    ],
)  # fmt: skip
def test_an_option_that_would_be_ignored_is_refused(project, words, said):
    result = run(*words)
    assert result.exit_code == 2
    assert said in " ".join(result.stderr.split())


@pytest.mark.parametrize("option", ["--output", "--report"])
def test_what_is_read_is_never_written_over(bare, option):
    name = table(event_id=["e1"], event_type=["010"])
    before = Path(name).read_bytes()
    result = run(name, *BOOK, option, f"../{bare.name}/{name}")
    assert (result.exit_code, Path(name).read_bytes()) == (2, before)
    assert f"{option} would write over TARGET" in result.stderr
    assert run(name, *BOOK, "--output", "x", "--report", "x").exit_code == 2


def test_a_file_with_a_map_of_its_own_is_checked_without_importing_it(tmp_path):
    import mapped

    mapped.codebook(tmp_path)
    path = mapped.write_rows(tmp_path, [mapped.row()])
    result = run(
        path,
        "--map",
        mapped.write_map(tmp_path),
        "--codebook",
        tmp_path / "small",
        "--output",
        tmp_path / "found",
    )
    assert "rules asked" in result.stdout, result.exception
    assert "a map of your own needs a codebook" in refusal(path, "--map", mapped.write_map(tmp_path))


def test_a_foreign_file_that_is_not_there_is_no_dataset(bare):
    assert refusal("camps", "--as", "ucdp") == "camps is not there\n  → check the name"


def test_a_check_without_a_target_is_called_wrongly(project):
    result = run()
    assert result.exit_code == 2
    assert "Missing argument 'TARGET'" in result.stderr


def test_a_bar_tells_how_far_it_is_within_the_width_of_the_terminal(monkeypatch):
    from eventcode.cli import bar

    monkeypatch.setenv("COLUMNS", "60")
    assert bar.line("events: 12 row rules", 0.5) == "████████████░░░░░░░░░░░░  50%  events: 12 row rules"
    assert len(bar.line("x" * 200, 2.0)) == 59


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
    assert "codings.event_type-code  error, 1 of 2 rows (50%), 1 waived\n" in result.stdout
    assert (
        "    '099' is no value of event_type\n    waived: carla: the code comes with 1.1\n" in result.stdout
    )
    assert "0 errors, 0 warnings, 1 waived" in result.stdout


def test_as_of_asks_for_another_day_than_the_cards(wrong):
    waive("codings.event_type-code,,1,carla,the code comes with 1.1,2025-06-01")
    assert run(NAME).exit_code == 0
    assert run(NAME, "--as-of", "2025-06-01").exit_code == 0
    late = run(NAME, "--as-of", "2025-06-02")
    assert late.exit_code == 1
    assert "waivers.expired  error, 1\n" in late.stdout
    assert "    the waiver of codings.event_type-code ended on 2025-06-01\n" in late.stdout
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


def test_a_bare_jsonl_file_checks_with_a_codebook(bare):
    Path("good.jsonl").write_text(json.dumps(reading()), "utf-8")
    Path("bad.jsonl").write_text(json.dumps(wrong_reading()), "utf-8")
    assert run("good.jsonl", *BOOK).exit_code == 0
    result = run("bad.jsonl", *BOOK)
    assert result.exit_code == 1
    assert "\n  bad.jsonl:1  codings[0].event_type  [agency-2025-05-03/anna/e1]\n" in result.stdout


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
    assert result.stdout.startswith("codings.event_type-code  error, 1 of 2 rows (50%)\n")
    assert "  codings!" in result.stdout.splitlines()[2]


def test_a_file_that_is_no_workbook_is_refused(bare):
    Path("no.xlsx").write_text("no", "utf-8")
    assert "no.xlsx" in refusal("no.xlsx", *BOOK)


def test_a_bare_parquet_file_of_events_checks_its_codes(bare):
    assert run(table(event_type=["010", "031"], realis=["occurred", None]), *BOOK).exit_code == 0
    result = run(table(event_id=["x", "y"], event_type=["010", "099"]), *BOOK)
    assert result.exit_code == 1
    assert "\n  events y: '099' is no value of event_type\n" in result.stdout


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
        refusal("good.jsonl")
        == "a bare file or table needs a codebook\n  → name it with --codebook, or, if it is somebody else's file, its format with --as"
    )


def test_a_foreign_file_without_a_format_is_told_which_it_looks_like(bare):
    put(bare, "ged.csv", [UCDP])
    assert refusal("ged.csv").endswith("→ this looks like UCDP Georeferenced Event Dataset: --as ucdp")


@pytest.mark.parametrize("limit", ["banana", "0", "10PB", "1KB", "99999999TB"])
@pytest.mark.parametrize(
    "words", [("check", "x.parquet", "--codebook", "ucdp"), ("check", "x.csv", "--as", "ucdp"),
              ("check", "x.parquet", "--codebook", "ucdp", "--engine", "spark"), ("import", "x.csv", "--from", "ucdp", "--to", "out")],
)  # fmt: skip
def test_what_can_be_no_memory_limit_is_refused_in_one_line(bare, limit, words):
    result = CliRunner().invoke(group, [*words, "--memory-limit", limit])
    assert result.exit_code == 2
    last = result.stderr.splitlines()[-1]
    assert last.startswith(f"Error: Invalid value for '--memory-limit': '{limit}' is ")
    assert last.endswith(": give memory as 500MB or 2GB.")


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
    assert "adjudication.decision-of-nothing  error, 1\n" in result.stdout
    assert "    a decision names the document 'agency-2025-05-09', which nobody has read\n" in result.stdout
