"""Out and back: what an import took from a producer's file, the export writes again, column by column. The rows are invented."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from eventcode.formats.export import acled, ucdp
from eventcode.pipeline.export_folders import read_csv
from eventcode.pipeline.exporting import export
from eventcode.pipeline.foreign import Source
from eventcode.pipeline.foreign_out import import_foreign

Row = dict[str, str]
CLASH: Row = {
    "id": "101", "relid": "ALD-2020-1-1-1", "year": "2020", "active_year": "1", "code_status": "Clear", "type_of_violence": "1",
    "conflict_new_id": "11", "conflict_name": "Aland: Government", "dyad_new_id": "22", "dyad_name": "Government of Aland - Blue Front",
    "side_a_new_id": "33", "side_a": "Government of Aland", "side_b_new_id": "44", "side_b": "Blue Front", "number_of_sources": "2",
    "source_article": '"Daily A,2020-05-04,Clash near river";"Daily B,2020-05-05,Two killed"', "source_office": "Daily A;Daily B",
    "source_date": "2020-05-04;2020-05-05", "source_headline": "Clash near river;Two killed", "source_original": "police",
    "where_prec": "1", "where_coordinates": "Rivertown", "where_description": "at the bridge", "adm_1": "North", "adm_2": "Upper",
    "latitude": "12.5", "longitude": "33.25", "geom_wkt": "POINT (33.25 12.5)", "country": "Kenya", "country_id": "501",
    "region": "Africa", "event_clarity": "1", "date_prec": "1", "date_start": "2020-05-03", "date_end": "2020-05-03", "deaths_a": "1",
    "deaths_b": "1", "deaths_civilians": "0", "deaths_unknown": "0", "best": "2", "high": "3", "low": "2", "gwnoa": "501",
}  # fmt: skip
PROTEST: Row = {
    "event_id_cnty": "ALD1", "event_date": "2023-02-01", "year": "2023", "time_precision": "1",
    "disorder_type": "Political violence; Demonstrations", "event_type": "Protests", "sub_event_type": "Excessive force against protesters",
    "actor1": "Protesters (Aland)", "assoc_actor_1": "Teachers (Aland); Students (Aland)", "inter1": "Protesters",
    "actor2": "Police Forces of Aland", "inter2": "State forces", "interaction": "State forces-Protesters",
    "civilian_targeting": "Civilian targeting", "iso": "404", "region": "Eastern Africa", "country": "Kenya", "admin1": "Nairobi",
    "admin2": "West", "location": "Nairobi", "latitude": "-1.25", "longitude": "36.75", "geo_precision": "1",
    "source": "Daily A; Daily B", "source_scale": "National", "fatalities": "0", "tags": "crowd size=no report", "timestamp": "1675800000",
}  # fmt: skip
VISIT: dict[str, Any] = {
    "id": "P-1", "date": "2000-01-01",
    "source": [{"actorText": "Alandish", "code": "HUN", "sector": "GOV"}, {"actorText": "Bornese", "code": "ROU", "sector": "GOV"}],
    "target": [{"actorText": "Cor", "code": "JPN"}], "event": "CONSULT", "mode": "visit", "context": "military",
    "eventLoc": {"name": "Geneva", "country code": "CH"}, "language": "en", "publication": "Daily A", "coder": "me", "version": "0.5b1",
    "dateCoded": "2016-12-19",
}  # fmt: skip


def written(path: Path, columns: tuple[str, ...], *rows: Row) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return [*csv.DictReader(file)]


def imported(path: Path, form: str) -> Path:
    import_foreign(Source(path, form), path.parent / form)
    return path.parent / form


def test_rows_of_ucdp_come_back_as_they_were(tmp_path: Path) -> None:
    one_sided = {
        "id": "102",
        "type_of_violence": "3",
        "side_b": "Civilians",
        "side_b_new_id": "9999",
        "deaths_a": "0",
        "deaths_b": "0",
    }
    one_sided |= {"deaths_civilians": "2"}
    path = written(tmp_path / "ged.csv", ucdp.COLUMNS, CLASH, CLASH | one_sided)
    done = export(imported(path, "ucdp"), "ucdp", tmp_path / "back.csv")
    assert rows(tmp_path / "back.csv") == rows(path)
    assert done.rows == 2
    told = {loss.column: loss.rows for loss in done.losses}
    ids = {f"{of}_dset_id" for of in ("conflict", "dyad", "side_a", "side_b")}
    assert told == dict.fromkeys(ids | {"priogrid_gid", "gwnob", "country.renamed", "geom_wkt.rewritten"}, 2)


def test_what_ucdp_did_not_count_is_minus_one_again(tmp_path: Path) -> None:
    path = written(tmp_path / "ged.csv", ucdp.COLUMNS, CLASH | {"number_of_sources": "-1"})
    done = export(imported(path, "ucdp"), "ucdp", tmp_path / "back.csv")
    assert rows(tmp_path / "back.csv")[0]["number_of_sources"] == "-1"
    assert "number_of_sources_missing" not in {loss.column for loss in done.losses}


def test_a_country_by_another_name_is_told(tmp_path: Path) -> None:
    row = CLASH | {"country_id": "490", "country": "DR Congo (Zaire)"}
    done = export(
        imported(written(tmp_path / "ged.csv", ucdp.COLUMNS, row), "ucdp"), "ucdp", tmp_path / "back.csv"
    )
    assert rows(tmp_path / "back.csv")[0]["country"] != row["country"]
    assert done.losses_path is not None
    assert "country.renamed" in done.losses_path.read_text("utf-8")


def test_a_row_of_acled_comes_back_as_it_was(tmp_path: Path) -> None:
    path = written(tmp_path / "acled.csv", acled.COLUMNS, PROTEST)
    done = export(imported(path, "acled"), "acled", tmp_path / "back.csv")
    assert rows(tmp_path / "back.csv") == rows(path)
    empty = {"assoc_actor_2", "admin3", "notes"}
    assert {loss.column for loss in done.losses} == empty | {"country.renamed"}


@pytest.mark.parametrize(
    "odd",
    [
        {"source_scale": "Local-Continental"},
        {"source": "Daily A; Daily B; Daily A", "assoc_actor_1": "Teachers (Aland); Teachers (Aland)"},
        {"sub_event_type": "Peaceful protest", "actor2": "", "inter2": "", "interaction": "Protesters only"},
    ],
    ids=["a scale that there is none of", "names that stand there twice", "nobody on the other side"],
)
def test_odd_rows_of_acled_come_back_as_they_were_too(tmp_path: Path, odd: Row) -> None:
    path = written(tmp_path / "acled.csv", acled.COLUMNS, PROTEST | odd)
    export(imported(path, "acled"), "acled", tmp_path / "back.csv")
    assert rows(tmp_path / "back.csv") == rows(path)


def test_notes_that_were_not_taken_in_are_told_with_the_reason(tmp_path: Path) -> None:
    path = written(tmp_path / "acled.csv", acled.COLUMNS, PROTEST | {"notes": "Invented."})
    done = export(imported(path, "acled"), "acled", tmp_path / "back.csv")
    assert [(loss.rows, "terms" in loss.what) for loss in done.losses if loss.column == "notes"] == [
        (1, True)
    ]


def test_a_record_of_plover_comes_back_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "plover.json"
    path.write_text(json.dumps([VISIT]), "utf-8")
    export(imported(path, "plover"), "plover", tmp_path / "back.json")
    assert json.loads((tmp_path / "back.json").read_text("utf-8")) == [VISIT]


def test_codes_of_acled_without_one_counterpart_in_ucdp_stay_empty_and_are_told(tmp_path: Path) -> None:
    battle = {
        "event_id_cnty": "ALD2",
        "event_type": "Battles",
        "sub_event_type": "Armed clash",
        "interaction": "",
        "inter1": "",
        "inter2": "",
    }
    path = written(tmp_path / "acled.csv", acled.COLUMNS, PROTEST, PROTEST | battle)
    done = export(imported(path, "acled"), "ucdp", tmp_path / "out.csv")
    assert rows(tmp_path / "out.csv")[1]["type_of_violence"] == ""
    told = {(loss.value, loss.what) for loss in done.losses if loss.column == "event_type"}
    assert ("Armed clash", "ucdp has several counterparts (1, 2): left empty, none is chosen") in told


@pytest.mark.parametrize(("deaths", "kind"), [("2", "3"), ("0", ""), ("", "")])
def test_only_a_deadly_event_gets_a_type_of_ucdp(tmp_path: Path, deaths: str, kind: str) -> None:
    attack = {
        "event_id_cnty": "ALD3",
        "event_type": "Violence against civilians",
        "sub_event_type": "Attack",
        "fatalities": deaths,
    }
    path = written(
        tmp_path / "acled.csv",
        acled.COLUMNS,
        PROTEST | attack | {"interaction": "", "disorder_type": "Political violence"},
    )
    done = export(imported(path, "acled"), "ucdp", tmp_path / "out.csv")
    assert rows(tmp_path / "out.csv")[0]["type_of_violence"] == kind
    assert any("deadly events" in loss.what for loss in done.losses) == (not kind)


@pytest.mark.parametrize("form", ["stata", "spss"])
def test_the_codings_of_an_import_can_be_written_for_statistical_packages(tmp_path: Path, form: str) -> None:
    pytest.importorskip("pyreadstat")
    path = written(tmp_path / "ged.csv", ucdp.COLUMNS, CLASH)
    done = export(imported(path, "ucdp"), form, tmp_path / "out", table="codings")
    assert done.rows == 1


def test_an_import_has_no_events_and_its_codings_are_written_instead(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pyreadstat")
    monkeypatch.chdir(tmp_path)
    folder = imported(written(tmp_path / "acled.csv", acled.COLUMNS, PROTEST), "acled")
    assert export(folder, "stata").path.name == "acled-codings.dta"


def test_an_import_is_written_as_csv_though_nothing_describes_its_tables(tmp_path: Path) -> None:
    folder = imported(written(tmp_path / "acled.csv", acled.COLUMNS, PROTEST), "acled")
    export(folder, "csv", tmp_path / "out")
    assert read_csv(tmp_path / "out", "codings").column("key").to_pylist() == ["ALD1"]
