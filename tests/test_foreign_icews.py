"""ICEWS files: lost zeros are put back and told, sectors and countries are ICEWS's own, and damage is found where it stands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import machine_rows as machine
from eventcode.codebook.load import load
from eventcode.formats.foreign.registry import MAPS
from eventcode.formats.mapping import Imported, Mapping, Run, read_map
from eventcode.formats.tabular.tables import Batch
from eventcode.model import Codebook
from eventcode.pipeline.foreign import check_foreign


@pytest.fixture(scope="module")
def codebook() -> Codebook:
    return load("icews")


@pytest.fixture(scope="module")
def the_map(codebook: Codebook) -> Mapping:
    return read_map(MAPS / "icews.yaml", codebook)


def mapped(the_map: Mapping, codebook: Codebook, *changes: dict[str, Any]) -> Imported:
    columns = tuple(machine.ICEWS)
    rows = [machine.ICEWS | {"Event ID": str(i)} | change for i, change in enumerate(changes)]
    run = Run(the_map, codebook, "x", columns)
    run.rows(Batch([[row[name] or None for name in columns] for row in rows], list(range(2, len(rows) + 2))))
    assert run.signals.problems("x") == []
    return run.take()


def codings(imported: Imported) -> list[dict[str, Any]]:
    return [coding for reading, _ in imported.readings for coding in reading["codings"]]


def test_a_row_is_mapped_whole(the_map: Mapping, codebook: Codebook) -> None:
    imported = mapped(the_map, codebook, {})
    (coding,) = codings(imported)
    shown = (
        "event_type",
        "event_code",
        "realis_missing",
        "date_start",
        "source_country",
        "country",
        "place_name",
        "place_precision",
        "sentence",
    )
    assert [coding[name] for name in shown] == [
        "040",
        "40",
        "not_coded",
        "2014-06-20",
        "RUS",
        "DEU",
        "Ostrova",
        "town",
        2,
    ]
    assert coding["target_sectors"] == ["Government", "Police"]
    assert [document["publisher"] for document in imported.documents] == ["the-bell"]
    assert {actor["id"] for actor in imported.actors} == {"Citizen (Karsa)", "Police (Karsa)"}


def test_a_comma_within_a_sector_does_not_cut_it(the_map: Mapping, codebook: Codebook) -> None:
    (coding,) = codings(mapped(the_map, codebook, {"Source Sectors": "Arab,Arab, Levant,Government"}))
    assert coding["source_sectors"] == ["Arab", "Arab, Levant", "Government"]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Cote d'Ivoire", "CIV"),
        ("Occupied Palestinian Territory", "PSE"),
        ("Curaçao", "CUW"),
        ("swaziland", None),
    ],
)
def test_countries_go_by_icews_names(
    the_map: Mapping, codebook: Codebook, name: str, code: str | None
) -> None:
    if code is None:  # another way to write a name is told, and not guessed
        with pytest.raises(AssertionError):
            mapped(the_map, codebook, {"Source Country": name})
    else:
        assert codings(mapped(the_map, codebook, {"Source Country": name}))[0]["source_country"] == code


@settings(deadline=None, max_examples=15)
@given(
    st.lists(st.sampled_from([code for code in load("cameo").codes if len(code) > 2]), min_size=1, max_size=8)
)
def test_every_code_gets_its_zeros_back(codes: list[str]) -> None:
    book = load("icews")
    the_map = read_map(MAPS / "icews.yaml", book)
    for written in (codes, [str(int(code)) for code in codes]):
        imported = mapped(the_map, book, *[{"CAMEO Code": code} for code in written])
        assert [coding["event_type"] for coding in codings(imported)] == codes
        assert [coding["event_code"] for coding in codings(imported)] == written


DAMAGE: list[tuple[str, dict[str, str]]] = [
    ("icews.code-lost-its-zero", {}),  # the invented row has 40
    ("icews.intensity-fits-code", {"CAMEO Code": "163", "Event Text": "Impose embargo", "Intensity": "-6.5"}),
    ("icews.text-has-one-code", {"CAMEO Code": "043", "Intensity": "2.8"}),
    ("icews.both-coordinates", {"Latitude": ""}),
    ("icews.place-within-country", {"Country": ""}),
    ("file.value", {"Source Sectors": "Astronauts"}),
    ("file.value", {"Target Country": "Atlantis"}),
    ("file.value", {"CAMEO Code": "999", "Event Text": "Fly"}),
    ("file.value", {"Sentence Number": "two"}),
    ("codings.sentence-minimum", {"Sentence Number": "0"}),
]


@pytest.fixture(scope="module")
def damaged(tmp_path_factory: pytest.TempPathFactory) -> set[tuple[str, int]]:
    """Where each rule fails in a file whose every row has one kind of damage: (rule, line)."""
    path = tmp_path_factory.mktemp("icews") / "events.tab"
    rows = [
        machine.ICEWS | {"Event ID": str(i), "Story ID": str(i)} | change
        for i, (_, change) in enumerate(DAMAGE)
    ]
    whole = machine.ICEWS | {
        "Event ID": "98",
        "Story ID": "98",
        "CAMEO Code": "042",
        "Event Text": "Make a visit",
        "Intensity": "1.9",
    }
    twice = [
        machine.ICEWS | {"Event ID": str(number), "Story ID": "99", "CAMEO Code": "040"}
        for number in (99, 100)
    ]
    return machine.places(
        check_foreign(
            machine.write_tabs(path, [*rows, whole, *twice], [*machine.ICEWS], headed=True), "icews"
        )
    )


@pytest.mark.parametrize(
    "line", range(2, len(DAMAGE) + 2), ids=[f"{rule}-{i}" for i, (rule, _) in enumerate(DAMAGE, 2)]
)
def test_damage_is_found_in_its_row(damaged: set[tuple[str, int]], line: int) -> None:
    assert (DAMAGE[line - 2][0], line) in damaged


def test_what_is_whole_is_not_found(damaged: set[tuple[str, int]]) -> None:
    assert [rule for rule, line in damaged if line == len(DAMAGE) + 2] == []


def test_an_act_told_twice_in_a_sentence_is_found(damaged: set[tuple[str, int]]) -> None:
    assert {line for rule, line in damaged if rule == "icews.told-once-per-sentence"} == {
        len(DAMAGE) + 3,
        len(DAMAGE) + 4,
    }


def test_the_number_of_a_root_is_never_taken_for_a_root(the_map: Mapping, codebook: Codebook) -> None:
    assert [
        coding["event_type"]
        for coding in codings(mapped(the_map, codebook, {"CAMEO Code": "10"}, {"CAMEO Code": "20"}))
    ] == ["010", "020"]


def test_a_file_lies_where_it_lay(tmp_path: Path) -> None:
    path = machine.write_tabs(tmp_path / "events.tab", [machine.ICEWS], [*machine.ICEWS], headed=True)
    before = path.read_bytes()
    check_foreign(path, "icews")
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["events.tab"]
