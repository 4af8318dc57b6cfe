"""The Georeferenced Event Dataset: every column of both layouts has its place, and what is wrong in a real file is counted."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from eventcode.checks.result import Result
from eventcode.pipeline.foreign import Source, check_foreign
from eventcode.pipeline.foreign_out import import_foreign
from foreign_cases import OLD_UCDP, UCDP, put

SHARED = os.environ.get("EVENTCODE_SHARED")
REAL = Path(SHARED or "", "data", "real")
needs_real = pytest.mark.skipif(not SHARED, reason="EVENTCODE_SHARED names no folder with the real files")


def counts(result: Result) -> dict[str, int]:
    """How many rows failed each rule that some row failed."""
    return {count.rule: count.failed for count in result.counts if count.failed}


def tables(folder: Path) -> dict[str, list[dict[str, Any]]]:
    return {path.stem: pq.read_table(path).to_pylist() for path in folder.glob("*.parquet")}


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    folder = tmp_path_factory.mktemp("ucdp")
    before = {**UCDP, "id": "1002", "number_of_sources": "-1", "source_article": 'Delta Press 1991-05-04 "Fighting', "source_office": "",
              "source_date": "", "source_headline": "", "source_original": ""}  # fmt: skip
    made = import_foreign(Source(put(folder, "ged.csv", [UCDP, before]), "ucdp"), folder / "out")
    assert not [finding for finding in made.result.findings if finding.severity == "error"]
    return tables(folder / "out")


def test_an_event_is_mapped_whole(imported: dict[str, list[dict[str, Any]]]) -> None:
    coding = next(row for row in imported["codings"] if row["key"] == "1001")
    shown = {
        name: str(value) for name, value in coding.items() if value is not None and not name.endswith("_id")
    }
    assert shown == {
        "key": "1001", "event_type": "1", "realis": "occurred", "date_start": "2024-05-03", "date_end": "2024-05-03",
        "date_precision": "day", "place_name": "Lisane town", "country": "KEN", "admin1": "North province", "lat": "1.5", "lon": "36.5",
        "relid": "VEL-2024-1-7-1", "conflict_name": "Velmar: Government", "dyad_name": "Government of Velmar - Northern Council",
        "active_year": "True", "gwnoa": "501", "date_prec": "1", "event_clarity": "1", "where_prec": "1",
        "where_description": "near the well of Lisane", "admin2": "Lisane district", "region": "Africa", "best": "3", "low": "2", "high": "3",
        "deaths_a": "1", "deaths_b": "2", "deaths_civilians": "0", "deaths_unknown": "0", "number_of_sources": "2",
        "source_office": "['Delta Press', 'River Radio']", "source_date": "['2024-05-04', '2024-05-05']",
        "source_headline": UCDP["source_headline"], "source_article": UCDP["source_article"], "source_original": "police",
        "code_status": "Clear",
    }  # fmt: skip
    assert (coding["conflict_id"], coding["dyad_id"]) == ("70", "80")


def test_each_article_is_a_source_whose_headline_keeps_its_semicolon(
    imported: dict[str, list[dict[str, Any]]],
) -> None:
    sources = [
        (row["source_name"], str(row["article_date_start"]), row["article_headline"])
        for row in imported["sources"]
    ]
    assert sources == [
        ("Delta Press", "2024-05-04", "Rain; three dead in Lisane"),
        ("River Radio", "2024-05-05", "Fighting goes on"),
    ]
    assert {row["coding_id"] for row in imported["support"]} == {
        row["coding_id"] for row in imported["codings"] if row["key"] == "1001"
    }


def test_minus_one_source_is_no_number(imported: dict[str, list[dict[str, Any]]]) -> None:
    coding = next(row for row in imported["codings"] if row["key"] == "1002")
    assert coding["number_of_sources"] is None
    assert coding["number_of_sources_missing"] == "not_coded"
    assert coding["source_office"] is None


def test_the_sides_are_actors_with_their_ids(imported: dict[str, list[dict[str, Any]]]) -> None:
    parties = {(row["role"], row["actor_id"], row["name_as_printed"]) for row in imported["participants"]}
    assert parties == {
        ("actor", "ucdp.10", "Government of Velmar"),
        ("recipient", "ucdp.20", "Northern Council"),
    }
    kinds = {
        row["actor_id"]: row["kind"] for row in imported["actors"] if row["actor_id"].startswith("ucdp.")
    }
    assert kinds == {"ucdp.10": "state", "ucdp.20": "armed_group"}


@pytest.mark.parametrize("name", ["ged.csv", "ged.tsv", "ged.jsonl", "ged.parquet"])
@pytest.mark.parametrize("row", [UCDP, OLD_UCDP], ids=["23.1", "19.1"])
def test_both_layouts_are_read_from_every_kind_of_file(
    tmp_path: Path, name: str, row: dict[str, str]
) -> None:
    result = check_foreign(put(tmp_path, name, [row]), "ucdp")
    assert [finding for finding in result.findings if finding.severity == "error"] == []


def test_findings_stand_at_the_line_of_their_row(tmp_path: Path) -> None:
    bad = {**UCDP, "id": "1002", "low": "9"}
    result = check_foreign(put(tmp_path, "ged.csv", [UCDP, bad]), "ucdp")
    place = next(finding.place for finding in result.findings if finding.rule == "ucdp.deaths-low-to-best")
    assert (place.file, place.line, place.path) == ("ged.csv", 3, "low")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("best", "9" * 30),
        ("best", "1.5"),
        ("latitude", "1e400"),
        ("country_id", "9999"),
        ("date_start", "soon"),
    ],
)
def test_a_value_that_is_none_is_told_and_left_out(tmp_path: Path, column: str, value: str) -> None:
    result = check_foreign(put(tmp_path, "ged.csv", [{**UCDP, column: value}]), "ucdp")
    found = next(found for found in result.findings if found.rule == "file.value")
    assert (found.field, found.place.line) == (column, 2)


@needs_real
def test_the_real_file_gives_the_known_counts() -> None:
    found = counts(check_foreign(REAL / "ucdp_ged231_1000.parquet", "ucdp"))
    known = {
        "ucdp.deaths-low-to-best": 8, "ucdp.deaths-best-to-high": 5, "ucdp.one-outlet-is-one": 37, "ucdp.articles-before-the-event": 9,
        "ucdp.sources-not-counted": 326, "ucdp.original-source-named": 124,
    }  # fmt: skip
    assert {rule: found.get(rule) for rule in known} == known
    assert not any(rule in found for rule in ("file.value", "file.key", "file.ignored"))
