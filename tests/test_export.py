"""A dataset in the forms of ACLED, UCDP and PLOVER: what goes where, what is left empty and told, what is refused."""

from __future__ import annotations

import csv
import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import small_build
from eventcode.cli import group
from eventcode.errors import CodebookError, DatasetError
from eventcode.formats.export import acled, plover, ucdp
from eventcode.pipeline.exporting import Exported, export

Row = dict[str, Any]


def build(folder: Path, **event: Any) -> Path:
    """The small build with values of its first event changed; an outlet and a second actor are added."""
    world = small_build.world()
    world["events"][0] |= event
    world["documents"][0]["publisher"] = "delta-post"
    world["publishers"] = [
        {
            "publisher_id": "delta-post",
            "name": "The Delta Post; Evening",
            "country": "IRQ",
            "outlet_scale": "national",
            "outlet_type": None,
            "period": "",
        }
    ]
    coding = world["reports"][0]["coding_id"]
    more = {
        "coding_id": coding,
        "role": "recipient",
        "position": 0,
        "actor_id": None,
        "actor_missing": None,
        "member_of": None,
    }
    world["participants"] += [
        more | {"name_as_printed": "the southern council"},
        more | {"position": 1, "name_as_printed": "its guards"},
    ]
    return small_build.write(folder / "camps", world)


def cells(path: Path) -> Row:
    """The row of the event near Hit, without its empty cells."""
    with path.open(encoding="utf-8", newline="") as file:
        row = next(row for row in csv.DictReader(file) if "Hit" in row.values())
    return {name: value for name, value in row.items() if value}


def told(done: Exported, column: str) -> list[str]:
    return [f"{loss.value}: {loss.what}" for loss in done.losses if loss.column == column]


@pytest.fixture
def out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path / "out"


def test_an_event_in_the_columns_of_acled(tmp_path: Path, out: Path) -> None:
    folder = build(tmp_path, event_type="051", place_precision="town", lat=33.6, lon=42.8, fatalities_low=1)
    done = export(folder, "acled", out)
    first = cells(out)
    assert first.pop("event_id_cnty")
    assert first == {
        "event_date": "2025-05-03", "year": "2025", "time_precision": "1", "event_type": "Strategic developments",
        "sub_event_type": "Agreement", "actor1": "The Northern Brigades", "actor2": "the southern council",
        "assoc_actor_2": "its guards", "iso": "368", "country": "Iraq", "location": "Hit", "latitude": "33.6", "longitude": "42.8",
        "geo_precision": "1", "source": "The Delta Post, Evening", "source_scale": "National", "fatalities": "1",
    }  # fmt: skip
    assert told(done, "publishers") == [
        "The Delta Post; Evening: a semicolon in it is written as a comma, for it parts the entries of a cell"
    ]
    assert told(done, "n_sources") == [": ACLED has no column for it"]
    assert done.losses_path is not None
    with out.open(encoding="utf-8", newline="") as file:
        assert tuple(next(csv.reader(file))) == acled.COLUMNS


def test_an_event_in_the_columns_of_ucdp(tmp_path: Path, out: Path) -> None:
    folder = build(
        tmp_path,
        fatalities_best=3,
        fatalities_low=2,
        fatalities_high=5,
        place_precision="admin1",
        date_end=date(2025, 5, 6),
    )
    export(folder, "ucdp", out)
    first = cells(out)
    assert first.pop("id")
    assert {name: first[name] for name in first if not name.startswith("source_")} == {
        "year": "2025", "date_prec": "2", "date_start": "2025-05-03", "date_end": "2025-05-06", "side_a": "The Northern Brigades",
        "side_b": "the southern council; its guards", "dyad_name": "The Northern Brigades - the southern council; its guards",
        "number_of_sources": "1", "where_prec": "4", "where_coordinates": "Hit", "country": "Iraq", "country_id": "645",
        "deaths_a": "0", "deaths_b": "0", "deaths_civilians": "0", "deaths_unknown": "3", "best": "3", "low": "2", "high": "5",
    }  # fmt: skip
    assert first["source_office"] == "The Delta Post, Evening"
    assert first["source_headline"] == "Our page-1"
    assert first["source_original"] == "Police;Ali Hasan;a commander"


def test_an_event_as_a_record_of_plover_has_no_words_of_the_text(tmp_path: Path, out: Path) -> None:
    done = export(build(tmp_path), "plover", out)
    first = json.loads(out.read_text("utf-8"))[0]
    assert first.pop("id")
    assert first == {
        "date": "2025-05-03", "source": [{"actorText": "The Northern Brigades"}],
        "target": [{"actorText": "the southern council"}, {"actorText": "its guards"}], "event": "RETREAT", "mode": "disarm",
        "eventLoc": {"name": "Hit", "country code": "IQ"}, "language": "en", "publication": "The Delta Post; Evening",
        "version": small_build.codebook().reference,
    }  # fmt: skip
    assert "072: only the broader RETREAT.disarm of plover holds it" in told(done, "event_type")
    assert not {"text", "eventText", "textInfo"} & first.keys()


def test_a_code_without_a_counterpart_is_left_empty_and_told_in_the_file_beside(
    tmp_path: Path, out: Path
) -> None:
    done = export(build(tmp_path), "acled", out)
    assert "event_type" not in cells(out)
    assert "072: acled has no counterpart: left empty" in told(done, "event_type")
    assert done.losses_path is not None
    with done.losses_path.open(encoding="utf-8", newline="") as file:
        assert {
            "column": "event_type",
            "value": "072",
            "rows": "1",
            "what": "acled has no counterpart: left empty",
        } in csv.DictReader(file)


@pytest.mark.parametrize("form", ["acled", "ucdp", "plover"])
@pytest.mark.parametrize("realis", ["planned", "negated", None])
def test_what_did_not_happen_is_left_out_and_told(
    tmp_path: Path, out: Path, form: str, realis: str | None
) -> None:
    done = export(build(tmp_path, realis=realis), form, out)
    assert done.rows == 1
    assert told(done, "realis") == [
        f"{realis or 'empty'}: the whole event is left out: the form holds only what happened"
    ]


@pytest.mark.parametrize(
    ("form", "start", "end", "kept"),
    [
        ("acled", date(2025, 5, 1), date(2025, 5, 7), {"event_date": "2025-05-01", "time_precision": "2"}),
        ("acled", date(2025, 5, 1), date(2025, 5, 31), {"event_date": "2025-05-01", "time_precision": "3"}),
        ("acled", date(2025, 5, 1), date(2025, 6, 1), {}),
        ("acled", None, date(2025, 6, 1), {}),
        (
            "ucdp",
            date(2025, 5, 1),
            date(2025, 5, 7),
            {"date_start": "2025-05-01", "date_end": "2025-05-07", "date_prec": "3"},
        ),
        (
            "ucdp",
            date(2025, 5, 1),
            date(2025, 5, 31),
            {"date_start": "2025-05-01", "date_end": "2025-05-31", "date_prec": "4"},
        ),
        ("ucdp", date(2024, 2, 1), date(2025, 5, 1), {}),
    ],
)
def test_a_date_is_never_more_exact_than_it_was(
    tmp_path: Path, out: Path, form: str, start: date | None, end: date, kept: Row
) -> None:
    done = export(build(tmp_path, date_start=start, date_end=end, date_precision="interval"), form, out)
    names = ("event_date", "time_precision", "date_start", "date_end", "date_prec")
    assert {name: value for name, value in cells(out).items() if name in names} == kept
    assert bool(told(done, "date")) == (form == "acled" or not kept)


def test_more_than_two_scales_have_no_place_in_acled(tmp_path: Path, out: Path) -> None:
    world = small_build.world()
    report, event = world["reports"][0], world["events"][0]
    for n, scale in enumerate(("subnational", "national", "international")):
        more = {
            **world["documents"][0],
            "document_id": f"ref:{n}",
            "document_key": f"more-{n}",
            "publisher": f"p{n}",
        }
        world["documents"].append(more)
        world["reports"].append(
            {**report, "report_id": f"r{n}", "document_id": f"ref:{n}", "event_id": event["event_id"]}
        )
        world["publishers"].append(
            {
                "publisher_id": f"p{n}",
                "name": f"Paper {n}",
                "country": "IRQ",
                "outlet_scale": scale,
                "outlet_type": None,
                "period": "",
            }
        )
    done = export(small_build.write(tmp_path / "camps", world), "acled", out)
    assert cells(out)["source"] == "Paper 0; Paper 1; Paper 2"
    assert "source_scale" not in cells(out)
    assert told(done, "source_scale") == [
        "Subnational-National-International: ACLED joins two scales at most: left empty"
    ]


def test_every_column_with_values_is_either_placed_or_told(tmp_path: Path, out: Path) -> None:
    for form, producer in (("acled", acled), ("ucdp", ucdp), ("plover", plover)):
        done = export(build(tmp_path / form, fatalities_best=1), form, out, replace_it=True)
        lost = {loss.column for loss in done.losses}
        known = set(producer.PLACED) | {"fatalities_best"}
        events = small_build.world()["events"][0]
        assert {name for name, value in events.items() if value not in (None, [])} <= lost | known


@pytest.mark.parametrize(("form", "producer"), [("acled", acled), ("ucdp", ucdp)])
def test_every_column_of_the_form_is_either_filled_or_told(
    tmp_path: Path, out: Path, form: str, producer: Any
) -> None:
    done = export(build(tmp_path), form, out)
    with out.open(encoding="utf-8", newline="") as file:
        filled = {name for row in csv.DictReader(file) for name, value in row.items() if value}
    assert set(producer.COLUMNS) <= filled | {loss.column for loss in done.losses}


# ── refusals ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_file_that_is_there_is_kept_unless_it_is_to_be_replaced(tmp_path: Path, out: Path) -> None:
    folder = build(tmp_path)
    out.write_text("mine")
    with pytest.raises(DatasetError, match="is there already"):
        export(folder, "acled", out)
    assert out.read_text() == "mine"
    export(folder, "acled", out, replace_it=True)
    assert out.read_text("utf-8").startswith("event_id_cnty")


@pytest.mark.parametrize(
    ("form", "more", "message"),
    [
        ("akled", {}, "there is no form 'akled'"),
        ("acled", {"table": "reports"}, "--table says nothing for acled"),
        ("stata", {"table": "event"}, "there is no table 'event'"),
        ("csv", {"table": "event"}, "there is no table 'event'"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    tmp_path: Path, out: Path, form: str, more: Row, message: str
) -> None:
    folder = build(tmp_path)
    with pytest.raises(DatasetError, match=message):
        export(folder, form, out, **more)
    assert not out.exists()


@pytest.mark.parametrize(
    ("form", "name", "right"),
    [
        ("ucdp", "x.parquet", "x.csv"),
        ("plover", "x.csv", "x.json"),
        ("stata", "x.sav", "x.dta"),
        ("csv", "x.csv", "a folder is written: -o .*x"),
    ],
)
def test_an_ending_that_is_of_another_form_is_refused_with_the_right_one(
    tmp_path: Path, out: Path, form: str, name: str, right: str
) -> None:
    with pytest.raises(DatasetError, match=name) as refused:
        export(build(tmp_path), form, out / name)
    assert re.search(f"{right}$", str(refused.value))
    assert not out.exists()


@pytest.mark.parametrize("form", ["stata", "spss"])
def test_a_place_that_cannot_be_written_to_is_refused_in_plain_words(
    tmp_path: Path, out: Path, form: str
) -> None:
    pytest.importorskip("pyreadstat")
    out.mkdir()
    with pytest.raises(DatasetError, match="cannot be written"):
        export(build(tmp_path), form, out / ("x" * 250))


def test_a_form_in_capitals_is_met_with_the_one_that_is_meant(out: Path) -> None:
    done = CliRunner().invoke(group, ["export", "camps", "--as", "UCDP"])
    assert done.exit_code == 2
    assert "there is no form 'UCDP': did you mean 'ucdp'?" in done.output


def test_a_codebook_to_which_no_crosswalk_leads_is_refused(tmp_path: Path, out: Path) -> None:
    from dataclasses import replace

    alone = replace(small_build.codebook(), id="alone", crosswalks=())
    with pytest.raises(CodebookError, match="no crosswalk leads from alone to acled"):
        export(build(tmp_path), "acled", out, codebook=alone)
    assert not out.exists()


def test_the_losses_of_an_earlier_export_go_when_there_are_none(tmp_path: Path, out: Path) -> None:
    pytest.importorskip("pyreadstat")
    folder = build(tmp_path)
    beside = tmp_path / f"{out.name}.losses.csv"
    beside.write_text("column,value,rows,what\nx,,1,gone\n")
    export(folder, "stata", out)
    assert not beside.exists()


def test_the_command_tells_what_was_lost_and_where_it_is_written(tmp_path: Path, out: Path) -> None:
    folder = build(tmp_path)
    done = CliRunner().invoke(group, ["export", str(folder), "--as", "acled"])
    assert done.exit_code == 0, done.output
    assert done.stdout == "camps-acled.csv: 2 rows\n"
    assert "event_type 072: acled has no counterpart: left empty (1 row)" in done.stderr
    assert "columns: ACLED has no column for it: status, n_reports, setting" in done.stderr
    assert done.stderr.endswith("→ what was lost: camps-acled.losses.csv\n")


def test_the_command_offers_every_form_that_there_is() -> None:
    from eventcode.cli.export import FORMS
    from eventcode.pipeline import exporting

    assert list(FORMS) == list(exporting.FORMS)


def test_the_commonest_losses_are_shown_first_and_columns_are_never_left_out() -> None:
    from eventcode.cli.export import _lines
    from eventcode.formats.export.losses import Loss

    rare = [Loss("date", str(number), 1, "left empty") for number in range(20)]
    lines = [
        *_lines([*rare, Loss("event_type", "072", 9, "left empty"), Loss("status", "", 30, "no column")])
    ]
    assert lines[0] == "event_type 072: left empty (9 rows)"
    assert lines[-2:] == ["… and 9 more values", "1 column: no column: status"]


@pytest.mark.parametrize(
    ("form", "file"), [("csv", "datapackage.json"), ("expectations", "expectations.json")]
)
@pytest.mark.parametrize("content", [None, "{"])
def test_a_folder_that_is_half_written_is_refused(
    tmp_path: Path, out: Path, form: str, file: str, content: str | None
) -> None:
    folder = build(tmp_path)
    (folder / file).unlink()
    if content is not None:
        (folder / file).write_text(content)
    with pytest.raises(DatasetError, match=f"{file}"):
        export(folder, form, out)
    assert not out.exists()
