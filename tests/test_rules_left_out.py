"""Rules that make no sense for what a map made: left out wherever its readings are checked, never silently."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

import mapped
from eventcode.checks.engine import Result as Checked
from eventcode.cli import group
from eventcode.codebook.load import load
from eventcode.formats import mapping
from eventcode.pipeline.asking import left_out, of_folder
from eventcode.pipeline.check import check
from eventcode.pipeline.foreign import check_foreign
from foreign_cases import UCDP, put
from tiny_project import CARD

ROWS = [UCDP, {**UCDP, "id": "1002", "low": "9"}]
NOTICE = "not asked, as they make no sense for the file: "


def run(*words: object) -> Result:
    return CliRunner().invoke(group, [str(word) for word in words])


def errors(result: Checked) -> set[str]:
    return {finding.rule for finding in result.findings if finding.severity == "error"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose dataset `ged` holds two events, the lowest count of one above its best."""
    card = CARD.replace("disarmament@1.0.1", "ucdp@1").replace(
        "{id: ben, kind: person}", "{id: ucdp, kind: imported}"
    )
    (tmp_path / "datasets" / "ged").mkdir(parents=True)
    (tmp_path / "datasets" / "ged" / "dataset.yaml").write_text(card)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("EVENTCODE_STORE", raising=False)
    put(tmp_path, "ged.csv", ROWS)
    assert run("import", "ged", "ged.csv", "--from", "ucdp").exit_code == 0
    return tmp_path


def test_a_dataset_is_asked_what_its_file_is_asked(folder: Path) -> None:
    alone, within = check_foreign(folder / "ged.csv", "ucdp"), check("ged")
    assert errors(alone) == errors(within) == {"ucdp.deaths-low-to-best"}
    assert alone.not_asked == within.not_asked
    assert "sourcing.support-exists" in within.not_asked
    assert not {count.rule for count in within.counts} & within.not_asked.keys()


def test_a_build_leaves_the_same_rules_out_and_its_card_says_so(folder: Path) -> None:
    result = run("build", "ged")
    assert "1 error, " in result.stdout
    assert result.stderr.count(NOTICE) == 1
    manifest = json.loads((folder / "build" / "ged" / "manifest.json").read_text())
    assert manifest["not_asked"] == dict(check("ged").not_asked)
    card = (folder / "build" / "ged" / "README.md").read_text()
    assert "Rules that were not asked, and why:" in card
    assert "`sourcing.support-exists`" in card


def test_a_notice_of_one_line_ends_a_check_and_explain_says_why(folder: Path) -> None:
    for target in (("ged",), ("ged.csv", "--as", "ucdp")):
        result = run("check", *target)
        assert [line for line in result.stderr.splitlines() if NOTICE in line] == [
            *result.stderr.splitlines()
        ]
        assert result.output.splitlines()[-1].startswith(NOTICE)
        told = run("check", *target, "--explain", "sourcing.support-exists").output
        assert "Not asked here: before 2013 the file does not list articles" in told


def test_where_somebody_else_read_too_everything_is_asked(folder: Path) -> None:
    book = load("ucdp")
    map_ = mapping.read_map(mapping.MAPS / "ucdp.yaml", book)
    assert left_out(book, map_, {"ucdp"})
    assert left_out(book, map_, {"ucdp", "anna"}) == {}


def test_a_dataset_without_a_map_is_asked_everything(folder: Path) -> None:
    (folder / "datasets" / "ged" / "map.yaml").unlink()
    assert check("ged").not_asked == {}


def test_an_imported_folder_is_asked_what_its_file_is_asked(folder: Path) -> None:
    assert run("import", "ged.csv", "--from", "ucdp", "--to", "out").exit_code == 1
    result = check("out/", codebook="ucdp")
    assert errors(result) == {"ucdp.deaths-low-to-best"}
    assert result.not_asked == check_foreign(folder / "ged.csv", "ucdp").not_asked
    assert NOTICE in run("check", "out/", "--codebook", "ucdp").stderr


def test_an_imported_folder_with_readings_of_others_is_asked_everything(folder: Path) -> None:
    run("import", "ged.csv", "--from", "ucdp", "--to", "out")
    path = folder / "out" / "readings.parquet"
    readings = pq.read_table(path)
    anna = pa.array(["anna"] * len(readings), readings.schema.field("coder_id").type)
    pq.write_table(readings.set_column(readings.schema.get_field_index("coder_id"), "coder_id", anna), path)
    assert of_folder(folder / "out", load("ucdp")) == {}


def test_an_imported_folder_under_another_codebook_is_asked_everything(folder: Path) -> None:
    run("import", "ged.csv", "--from", "ucdp", "--to", "out")
    assert of_folder(folder / "out", load("acled")) == {}


def _small(folder: Path, *, with_target: bool) -> dict[str, str]:
    book = mapped.codebook(folder)
    plain: dict[str, Any] = copy.deepcopy(mapped.MAP)
    if not with_target:
        del plain["codings"]["values"]["target"]
        del plain["recodes"]["targets"]
        plain["ignore"]["target"] = "not wanted"
    return left_out(book, mapping.read_map(mapped.write_map(folder, plain), book))


def test_what_asks_for_a_field_that_a_map_never_fills_is_not_asked(tmp_path: Path) -> None:
    assert _small(tmp_path, with_target=False)["codings.target-value-or-reason"] == (
        "no column of the file fills the field"
    )


def test_what_asks_for_a_field_that_a_map_fills_now_and_then_is_asked(tmp_path: Path) -> None:
    assert "codings.target-value-or-reason" not in _small(tmp_path, with_target=True)
