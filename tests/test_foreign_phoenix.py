"""Phoenix and PETRARCH files: each column has a place, and damage is found where it stands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

import machine_rows as machine
from eventcode.codebook.load import load
from eventcode.formats.foreign.registry import MAPS
from eventcode.formats.mapping import Imported, Run, read_map
from eventcode.formats.tabular import spool
from eventcode.formats.tabular.tables import Batch
from eventcode.pipeline.foreign import Source, check_foreign
from eventcode.pipeline.foreign_out import import_foreign


def mapped(layout: str, row: dict[str, Any], *changes: dict[str, Any]) -> Imported:
    book, columns = load("phoenix"), tuple(machine.header(layout))
    run = Run(read_map(MAPS / f"{layout}.yaml", book), book, "x", columns)
    rows = [row | change for change in changes]
    run.rows(Batch([[one[name] or None for name in columns] for one in rows], list(range(1, len(rows) + 1))))
    assert run.signals.problems("x") == []
    return run.take()


def codings(imported: Imported) -> list[dict[str, Any]]:
    return [coding for reading, _ in imported.readings for coding in reading["codings"]]


def test_the_columns_are_those_of_the_files() -> None:
    assert (len(machine.header("phoenix")), len(machine.header("phoenix-petrarch"))) == (26, 8)
    assert set(machine.PHOENIX) == set(machine.header("phoenix"))
    assert set(machine.PETRARCH) == set(machine.header("phoenix-petrarch"))


def test_a_row_of_phoenix_is_mapped_whole() -> None:
    imported = mapped("phoenix", machine.PHOENIX, {})
    (document,), (coding,) = imported.documents, codings(imported)
    assert (document["publisher"], document["url"]) == (
        "bell-world",
        "http://bell.example/1",
    )  # of the first story
    assert coding["urls"] == ["http://bell.example/1", "http://horn.example/2"]
    assert coding["issues"] == ["SECURITY_SERVICES,1", "NAMED_TERROR_GROUP,2"]
    shown = (
        "event_type",
        "event_code",
        "penta_class",
        "goldstein",
        "event_month",
        "country",
        "admin1",
        "source_role",
        "target_attributes",
    )
    assert [coding[name] for name in shown] == [
        "043",
        "043",
        "1",
        2.8,
        6,
        "IND",
        "Lisane",
        "PTY",
        ["MUS", "ISI"],
    ]
    assert {actor["id"]: actor["kind"] for actor in imported.actors} == {
        "INDPTY": "party",
        "IMGMUSISI": "armed_group",
    }


def test_events_of_one_story_are_of_one_document() -> None:
    imported = mapped("phoenix", machine.PHOENIX, {}, {"EventID": "1_v0.2.0", "SentenceID": "53a49741421a_5"})
    assert len(imported.documents) == 1
    assert len(codings(imported)) == 2


def test_a_story_is_one_document_however_far_apart_its_events_stand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spool, "WHOLE", 2)
    monkeypatch.setattr(spool, "BATCH", 2)
    stories = ["a", "b", "a", "c", "b", "a"]
    rows = [
        machine.PHOENIX | {"EventID": f"{i}", "SentenceID": f"{story}_{i};z_1"}
        for i, story in enumerate(stories)
    ]
    path = tmp_path / "events.full.20150101.txt"
    machine.write_tabs(path, rows, machine.header("phoenix"))
    import_foreign(Source(path, "phoenix"), tmp_path / "out")
    documents = pq.read_table(tmp_path / "out" / "documents.parquet").to_pylist()
    readings = pq.read_table(tmp_path / "out" / "readings.parquet").to_pylist()
    assert (len(documents), len(readings)) == (3, 3)
    assert {row["document_id"] for row in readings} == {row["document_id"] for row in documents}
    assert len(pq.read_table(tmp_path / "out" / "codings.parquet")) == 6


def test_a_row_of_petrarch_is_mapped_whole() -> None:
    imported = mapped("phoenix-petrarch", machine.PETRARCH, {})
    (document,), (coding,) = imported.documents, codings(imported)
    assert (document["publisher"], document["url"]) == ("afp", "http://bell.example/1")
    assert (coding["key"], coding["event_type"]) == ("AFP_0001_2 INDPTY PAK 043", "043")
    assert [one["actor_id"] for one in coding["participants"]] == ["INDPTY", "PAK"]


def test_an_actor_of_dashes_is_nobody() -> None:
    (coding,) = codings(mapped("phoenix-petrarch", machine.PETRARCH, {"Target": "---"}))
    assert {"role": "recipient", "position": 0, "actor_missing": "not_coded"} in coding["participants"]


DAMAGE: list[tuple[str, dict[str, str]]] = [
    ("phoenix.code-lost-its-zero", {"EventCode": "43", "EventRootCode": "4"}),
    (
        "phoenix.code-lost-its-zero",
        {"EventCode": "231", "EventRootCode": "02", "PentaClass": "0", "GoldsteinScore": ""},
    ),
    ("phoenix.root-fits-code", {"EventRootCode": "05"}),
    ("phoenix.class-fits-root", {"PentaClass": "3"}),
    (
        "phoenix.class-fits-root",
        {"EventCode": "163", "EventRootCode": "16", "PentaClass": "4", "GoldsteinScore": "-6.5"},
    ),
    (
        "phoenix.goldstein-fits-code",
        {"EventCode": "163", "EventRootCode": "16", "PentaClass": "3", "GoldsteinScore": "-8.0"},
    ),
    ("phoenix.date-columns-agree", {"Month": "07"}),
    ("phoenix.source-code-is-its-parts", {"SourceActorEntity": "PAK"}),
    ("phoenix.target-code-is-its-parts", {"TargetActorRole": "GOV"}),
    ("phoenix.both-coordinates", {"Lon": ""}),
    ("file.value", {"CountryCode": "India"}),
    ("file.value", {"SentenceID": "none"}),
]
WHOLE: list[dict[str, str]] = [
    {},
    {"EventCode": "163", "EventRootCode": "16", "PentaClass": "3", "GoldsteinScore": "-6.5"},
    {"EventCode": "020", "EventRootCode": "02", "PentaClass": "0", "GoldsteinScore": "3.0"},
]


@pytest.fixture(scope="module")
def damaged(tmp_path_factory: pytest.TempPathFactory) -> set[tuple[str, int]]:
    """Where each rule fails in a file whose every row has one kind of damage: (rule, line)."""
    changes = [*(change for _, change in DAMAGE), *WHOLE]
    rows = [
        machine.PHOENIX
        | {
            "EventID": f"{i}_v0.2.0",
            "SentenceID": f"story{i}_1",
            "Date": "20140620",
            "SourceActorAttribute": f"A{i}",
        }
        | change
        for i, change in enumerate(changes)
    ]
    path = machine.write_tabs(
        tmp_path_factory.mktemp("phoenix") / "events.full.20140620.txt", rows, machine.header("phoenix")
    )
    return machine.places(check_foreign(path, "phoenix"))


@pytest.mark.parametrize(
    "line", range(1, len(DAMAGE) + 1), ids=[f"{rule}-{i}" for i, (rule, _) in enumerate(DAMAGE, 1)]
)
def test_damage_is_found_in_its_row(damaged: set[tuple[str, int]], line: int) -> None:
    assert (DAMAGE[line - 1][0], line) in damaged


def test_what_is_whole_is_not_found(damaged: set[tuple[str, int]]) -> None:
    found = {rule for rule, line in damaged if line > len(DAMAGE)}
    assert found <= {"phoenix.one-a-day"}  # the rows are of one day and two actors


def test_a_second_row_of_one_day_actors_and_act_is_found(damaged: set[tuple[str, int]]) -> None:
    assert ("phoenix.one-a-day", len(DAMAGE) + 1) in damaged


@pytest.mark.parametrize(("codes", "wrong"), [(("043", "190"), 0), (("43", "190"), 1)])
def test_petrarch_codes_without_a_root_are_looked_at_too(
    tmp_path_factory: pytest.TempPathFactory, codes: tuple[str, str], wrong: int
) -> None:
    rows = [machine.PETRARCH | {"EventCode": code} for code in codes]
    path = machine.write_tabs(
        tmp_path_factory.mktemp("petrarch") / "evts.txt", rows, machine.header("phoenix-petrarch")
    )
    assert machine.found(path, "phoenix").get("phoenix.code-lost-its-zero", 0) == wrong
