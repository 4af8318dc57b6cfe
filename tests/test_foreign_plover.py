"""PLOVER records, of the specification of 2021 and the draft of 2016: no word of a text comes along, and slips are found."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

import machine_rows as machine
from eventcode.codebook.load import load
from eventcode.formats.foreign.registry import MAPS
from eventcode.formats.mapping import Imported, Run, read_map
from eventcode.formats.tabular import records
from eventcode.formats.tabular.tables import Reading
from eventcode.pipeline.foreign import check_foreign

SHARED = os.environ.get("EVENTCODE_SHARED")
GOLD = Path(SHARED or "none") / "data" / "real" / "PLOVER_GSR_CAMEO.txt"
needs_file = pytest.mark.skipif(
    not GOLD.is_file(), reason="EVENTCODE_SHARED names no folder with data/real/PLOVER_GSR_CAMEO.txt"
)

DRAFT: dict[str, Any] = {
    "id": "D-1", "date": "2000-01-01", "source": [{"actorText": "Karsa", "code": "IND", "sector": "GOV"}, {"actorText": "Velmora", "code": "PAK"}],
    "target": "", "event": "FIGHT", "eventText": "fired secretly", "eventLoc": {"name": "Ostrova", "country code": "IN"}, "mode": "heavy-weapons",
    "context": "military, refugees", "text": "A secret sentence.", "textInfo": {"markup": "A (EVT: secret) sentence."}, "language": "en",
    "publication": "The Bell", "coder": "anna", "version": "0.5b1", "dateCoded": "2016-12-19", "dead": "156", "size": "Thousands",
}  # fmt: skip


def mapped(path: Path, layout: str) -> Imported:
    book = load("plover-records")
    table = records.open_records(path, Reading(nulls=("",)))
    run = Run(read_map(MAPS / f"plover-{layout}.yaml", book), book, path.name, table.columns)
    for batch in table.batches():
        run.rows(batch)
    assert run.signals.problems("x") == []
    return run.take()


def codings(imported: Imported) -> list[dict[str, Any]]:
    return [coding for reading, _ in imported.readings for coding in reading["codings"]]


@pytest.mark.parametrize("name", ["records.json", "records.jsonl"])
def test_a_record_is_mapped_whole(tmp_path: Path, name: str) -> None:
    imported = mapped(machine.write_json(tmp_path / name, [machine.PLOVER]), "2021")
    (document,), (coding,) = imported.documents, codings(imported)
    assert (document["publisher"], document["language"]) == ("the-bell", "en")
    shown = (
        "event_type",
        "event_types",
        "modes",
        "quad_code",
        "country",
        "place_id",
        "source_countries",
        "source_sectors",
        "coded_on_start",
    )
    assert [coding[name] for name in shown] == [
        "ASSAULT.drone", ["ASSAULT"], ["drone"], "4", "CAN", "geonames:6077243", ["USA"], ["GOV"], "2016-12-19",
    ]  # fmt: skip
    assert set(coding["context"]) == {"military", "territory"}
    assert [(one["role"], one["actor_id"]) for one in coding["participants"]] == [
        ("actor", "USAGOV"),
        ("recipient", "CAN"),
    ]


def test_a_record_of_the_draft_gets_the_codes_of_2021(tmp_path: Path) -> None:
    (coding,) = codings(mapped(machine.write_json(tmp_path / "draft.json", [DRAFT]), "2016"))
    assert (coding["event_type"], coding["event_types"], coding["modes"]) == (
        "ASSAULT.heavy-weapons",
        ["FIGHT"],
        ["heavy-weapons"],
    )
    assert (set(coding["context"]), coding["country"], coding["dead"], coding["size"]) == (
        {"military", "asylum"},
        "IND",
        156,
        "Thousands",
    )
    assert [(one["role"], one.get("actor_id")) for one in coding["participants"]] == [
        ("actor", "INDGOV"), ("actor", "PAK"), ("recipient", None),
    ]  # fmt: skip


def test_a_context_of_the_past_becomes_its_mark(tmp_path: Path) -> None:
    (coding,) = codings(
        mapped(
            machine.write_json(tmp_path / "draft.json", [DRAFT | {"context": "diplomatic, historical"}]),
            "2016",
        )
    )
    assert (coding["context"], coding["historical"]) == (["diplomatic"], True)


@pytest.mark.parametrize(("layout", "record"), [("2021", machine.PLOVER), ("2016", DRAFT)])
def test_no_word_of_a_text_comes_along(tmp_path: Path, layout: str, record: dict[str, Any]) -> None:
    imported = mapped(machine.write_json(tmp_path / "records.json", [record]), layout)
    everything = json.dumps(
        [imported.documents, [reading for reading, _ in imported.readings], imported.actors]
    )
    assert "secret" not in everything


def test_slips_are_found(tmp_path: Path) -> None:
    changes: list[dict[str, Any]] = [
        {"quad_code": 1},
        {"event_scale": 5},
        {"event": ["AGREE", "CONSULT"], "mode": []},
        {"event_loc": {"latitude": 1}},
        {"coded_date": "2015-01-01"},
        {"event": ["DANCE"]},
        {"source": [{"code": "JAP"}]},
        {"unheard": "of"} | {"has_event": False},
    ]
    rows = [
        machine.PLOVER | {"id": f"X-{i}"} | {k: v for k, v in change.items() if k != "unheard"}
        for i, change in enumerate(changes)
    ]
    found = machine.places(check_foreign(machine.write_json(tmp_path / "records.jsonl", rows), "plover"))
    assert {
        ("plover-records.quad-fits-type", 1), ("plover-records.score-fits-type", 2), ("plover-records.one-type", 3),
        ("plover-records.both-coordinates", 4), ("plover-records.coded-after-it-happened", 5), ("file.value", 6), ("file.value", 7),
        ("file.ignored", 8),
    } <= found  # fmt: skip


@needs_file
def test_the_slips_of_the_gold_standard_are_found(tmp_path: Path) -> None:
    path = tmp_path / "gold.json"
    path.write_bytes(GOLD.read_bytes())
    result = check_foreign(path, "plover")
    told = [one.message for one in result.findings if one.rule == "file.value"]
    assert sorted({word for message in told for word in ("JAP", "ITL", "ISM", "VTN", "DOCUMENT", "FIGHT.deport", "COERCE.firearms") if word in message}) == [
        "COERCE.firearms", "DOCUMENT", "FIGHT.deport", "ISM", "ITL", "JAP", "VTN",
    ]  # fmt: skip
    assert machine.failed(result)["file.key"] == 1  # one id stands on two records
    assert machine.failed(result)["file.ignored"] == 1  # a word where a list of recipients should be
