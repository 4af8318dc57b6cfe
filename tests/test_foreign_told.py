"""What an import tells whoever holds somebody else's file for the first time: dry runs, wrong files, decimals, maps and drafts."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

import machine_rows as machine
import mapped
from eventcode.cli import group
from eventcode.errors import DatasetError
from eventcode.formats.mapping.days import is_none
from eventcode.pipeline.foreign import check_foreign
from foreign_cases import ACLED, UCDP, put
from tiny_project import CARD


def run(*words: object) -> Result:
    return CliRunner().invoke(group, [str(word) for word in words])


def refused(*words: object) -> str:
    result = run(*words)
    assert isinstance(result.exception, DatasetError), result.output
    return str(result.exception)


def names(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("EVENTCODE_STORE", raising=False)
    return tmp_path


def dataset(folder: Path, codebook: str, coder: str, kind: str = "imported") -> Path:
    home = folder / "datasets" / "mine"
    home.mkdir(parents=True)
    card = CARD.replace("disarmament@1.0.1", f"{codebook}@1")
    card = card.replace("{id: ben, kind: person}", f"{{id: {coder}, kind: {kind}}}")
    (home / "dataset.yaml").write_text(card)
    return home


# ── a dry run ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "words",
    [
        ("ged.csv", "--from", "ucdp", "--to", "out"),
        ("mine", "ged.csv", "--from", "ucdp"),
        ("ged.csv", "--guess", "--codebook", "ucdp", "--to", "draft.yaml"),
    ],
)
def test_a_dry_run_checks_everything_and_writes_nothing(here: Path, words: tuple[str, ...]) -> None:
    put(here, "ged.csv", [UCDP])
    dataset(here, "ucdp", "ucdp")
    before = names(here)
    result = run("import", *words, "--dry-run")
    assert result.exit_code == 0, result.output
    assert "nothing written (dry run)" in result.stderr
    assert names(here) == before


def test_a_dry_run_of_a_flat_table_writes_nothing(here: Path) -> None:
    Path("events.csv").write_text("event_id,event_type\ne1,010\n")
    result = run(
        "import", "events.csv", "--codebook", "acled", "--table", "events", "--to", "e.parquet", "--dry-run"
    )
    assert "nothing written (dry run)" in result.stderr or isinstance(result.exception, DatasetError)
    assert names(here) == ["events.csv"]


# ── what is there ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_map_that_is_not_there_is_named(here: Path) -> None:
    put(here, "a.csv", [ACLED])
    told = refused("import", "a.csv", "--map", "nomap.yaml", "--codebook", "acled", "--to", "out")
    assert told == "the map nomap.yaml is not there\n  → check its name"


@pytest.mark.parametrize("words", [("import", "{}", "--from", "ucdp", "--to", "o"), ("check", "{}", "--as", "ucdp")])  # fmt: skip
def test_a_folder_is_no_file(here: Path, words: tuple[str, ...]) -> None:
    (here / "d.csv").mkdir()
    put(here / "d.csv", "ged.csv", [UCDP])
    told = refused(*(word.format("d.csv") for word in words))
    assert told == "d.csv is a folder, and one file is wanted\n  → name a file in it, such as d.csv/ged.csv"
    assert "d.csv/*.parquet stands for many files" in refused(*(w.format("d.csv/*.parquet") for w in words))


def test_columns_of_another_format_are_told_in_one_line(here: Path) -> None:
    put(here, "a.csv", [ACLED])
    told = refused("check", "a.csv", "--as", "ucdp")
    assert (
        told
        == "the columns of a.csv are those of ACLED events\n  → --as acled checks it, --from acled imports it"
    )


def test_of_many_columns_that_do_not_fit_a_few_are_named(here: Path) -> None:
    put(here, "x.csv", [{f"column {n}": "1" for n in range(30)}])
    told = refused("check", "x.csv", "--as", "acled")
    assert told.count("is not in acled.yaml") == told.count("has no column") == 4
    assert "… and 26 more columns are unknown" in told


def gdelt(folder: Path, columns: int) -> Path:
    row = [str(machine.GDELT.get(name, "")) for name in machine.header("gdelt-2")]
    with (folder / "events.tsv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter="\t", lineterminator="\n")
        writer.writerows([str(n), *row[1:columns]] for n in range(1, 4))
    return folder / "events.tsv"


def test_a_file_without_names_that_is_as_wide_as_no_layout_is_told_their_widths(here: Path) -> None:
    told = refused("check", gdelt(here, 59), "--as", "gdelt")
    assert "the first row of events.tsv has 59 cells and no names of columns" in told
    assert "1-backfile 57, 1 58, 2 61" in told


def test_a_file_that_is_cut_to_the_width_of_another_layout_is_refused(here: Path) -> None:
    told = refused("check", gdelt(here, 57), "--as", "gdelt")
    assert "are not those of the layout '1-backfile', though as many: in 3 of the first 3 rows" in told


# ── values ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_whole_numbers_with_a_decimal_point_are_taken_and_told_once_for_a_column(here: Path) -> None:
    decimals = {**UCDP}
    for name in ("id", "type_of_violence", "best", "date_prec", "country_id", "side_a_new_id"):
        decimals[name] += ".0"
    path = put(here, "ged.csv", [decimals, {**decimals, "id": "1002.0", "number_of_sources": "-1.0"}])
    found = [one for one in check_foreign(path, "ucdp").findings if one.rule.startswith("file.")]
    assert {(one.rule, one.field) for one in found} == {
        ("file.decimals", name)
        for name in ("id", "type_of_violence", "best", "date_prec", "country_id", "side_a_new_id", "number_of_sources")
    }  # fmt: skip
    told = next(one for one in found if one.field == "best")
    assert (told.severity, told.place.line) == ("warning", 2)
    assert told.message == (
        "whole numbers stand here with a decimal point (2.0 for 2), and are read as whole numbers (2 rows: 2, 3)"
    )


def test_a_file_saved_with_decimals_has_the_ids_of_the_file_as_it_was(here: Path) -> None:
    import pyarrow.parquet as pq

    rows = {
        "plain": UCDP,
        "saved": {**UCDP, "id": "1001.0", "conflict_new_id": "70.0", "side_b_new_id": "20.0"},
    }
    for name, row in rows.items():
        assert run("import", put(here, f"{name}.csv", [row]), "--from", "ucdp", "--to", name).exit_code == 0
    for table in ("codings", "participants"):
        assert pq.read_table(f"plain/{table}.parquet").equals(pq.read_table(f"saved/{table}.parquet"))


def test_a_build_takes_whole_numbers_with_a_decimal_point_too(tmp_path: Path) -> None:
    result = mapped.imported(tmp_path, mapped.row(deaths="3.0"))
    [(reading, _)] = result.readings
    assert reading["codings"][0]["deaths"] == 3
    assert result.problems == []


def test_a_day_that_is_none_is_told_as_such(here: Path) -> None:
    path = put(here, "a.csv", [{**ACLED, "event_date": "2025-13-08"}])
    [found] = [one for one in check_foreign(path, "acled").findings if one.rule == "file.value"]
    assert found.message == "'2025-13-08' is no day of the calendar"
    assert is_none("31 February 2024", "DD Month YYYY")
    assert not is_none("08/13/2025", "DD/MM/YYYY")  # written in another form


def test_a_remedy_in_a_map_that_comes_with_eventcode_says_how(here: Path) -> None:
    path = put(here, "a.csv", [{**ACLED, "iso": "999"}])
    [found] = [one for one in check_foreign(path, "acled").findings if one.rule == "file.value"]
    assert found.hint.endswith("in a map of your own that begins with `like: acled` (docs/map.md)")
    Path("own.yaml").write_text("like: acled\nnot_asked: {acled.x: a reason}\n")
    own = check_foreign(path, map=Path("own.yaml"), codebook="acled").findings
    assert not any("like: acled" in one.hint for one in own)


def test_findings_stand_by_line_and_all_are_shown_on_request(here: Path) -> None:
    rows = [{**UCDP, "id": str(n), "best": f"x{99 - n}"} for n in range(1, 9)]
    words = ("import", put(here, "ged.csv", rows), "--from", "ucdp", "--to", "out")
    told = run(*words, "--format", "json").stdout
    lines = [one["line"] for one in json.loads(told)]
    assert lines == sorted(lines)
    assert "(--all shows them)" in run(*words).stdout
    shown = run(*words, "--all").stdout
    assert "--all" not in shown
    assert all(f"'x{99 - n}' is not a whole number" in shown for n in range(1, 9))


# ── into a dataset ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_file_that_may_not_be_passed_on_is_kept_out_of_git(here: Path) -> None:
    home = dataset(here, "acled", "acled")
    result = run("import", "mine", put(here, "a [1].csv", [ACLED]), "--from", "acled")
    assert result.exit_code == 0, result.output
    assert (
        "a [1].csv may not be passed on, and datasets/mine/raw/.gitignore keeps it out of git"
        in result.stderr
    )
    assert (home / "raw" / ".gitignore").read_text().splitlines()[-1] == "/a \\[1].csv"
    origin = yaml.safe_load((home / "raw" / "a [1].csv.origin.yaml").read_text())
    assert origin["licence"] == "ACLED's terms forbid passing the data on"


def test_the_coder_of_a_map_must_be_of_the_imported_kind(here: Path) -> None:
    home = dataset(here, "ucdp", "ucdp", kind="person")
    told = refused("import", "mine", put(here, "ged.csv", [UCDP]), "--from", "ucdp")
    assert "'ucdp', the coder of the map, is of kind 'person'" in told
    assert "→ write it so: {id: ucdp, kind: imported}" in told
    assert names(home) == ["dataset.yaml"]


# ── maps and drafts ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_missing_text_that_is_nothing_before_is_a_mistake_of_the_map(tmp_path: Path) -> None:
    plain: dict[str, Any] = json.loads(json.dumps(mapped.MAP))
    plain["reading"] = {"nulls": [""]}
    plain["codings"]["values"]["target"] = {"column": "target", "missing": {"": "not_stated"}}
    with pytest.raises(DatasetError, match="missing: explains '', which nulls: of reading: makes nothing of"):
        mapped.imported(tmp_path, mapped.row(), plain=plain)


def test_a_draft_lists_the_fields_without_a_column_those_that_must_be_there_first(here: Path) -> None:
    put(here, "x.csv", [{"when": f"2025-01-0{n}", "what": "a"} for n in range(1, 5)])
    draft = run("import", "x.csv", "--guess", "--codebook", "acled").stdout
    must, may = draft.index("# TODO: a coding must have these"), draft.index("# no column was found for: ")
    assert must < draft.index("event_type", must) < may < draft.index("fatalities", may)


def test_a_day_is_no_key_of_a_draft_though_every_row_has_another(here: Path) -> None:
    put(here, "x.csv", [{"when": f"2025-01-0{n}", "what": "a"} for n in range(1, 5)])
    draft = run("import", "x.csv", "--guess", "--codebook", "acled").stdout
    assert yaml.safe_load(draft)["codings"]["key"] == "what"
    assert "TODO: no column tells one row from all others" in draft


def test_a_draft_for_a_known_format_says_that_it_is_one(here: Path) -> None:
    put(here, "x.csv", [UCDP])
    draft = run("import", "x.csv", "--guess", "--codebook", "ucdp").stdout
    assert "--from ucdp reads the file, and no map is needed" in draft
