"""GDELT files: each layout is read whole, and each kind of damage is found where it stands."""

from __future__ import annotations

import csv
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import machine_rows as machine
from eventcode.checks.result import Result
from eventcode.codebook.load import load
from eventcode.errors import DatasetError
from eventcode.formats.foreign.registry import MAPS
from eventcode.formats.mapping import Run, read_map
from eventcode.formats.tabular.tables import Batch
from eventcode.pipeline.foreign import check_foreign
from eventcode.pipeline.mentions import compare

SHARED = os.environ.get("EVENTCODE_SHARED")
REAL = Path(SHARED or "none") / "data" / "real"
needs_files = pytest.mark.skipif(
    not (REAL / "gdelt_events1samp_50.csv").is_file(),
    reason="EVENTCODE_SHARED names no folder with data/real",
)


def events(tmp_path: Path, *changes: dict[str, Any], layout: str = "gdelt-2") -> Path:
    """A file with one invented row for each set of changes."""
    rows = [
        machine.GDELT | {"GLOBALEVENTID": str(700000001 + i)} | change for i, change in enumerate(changes)
    ]
    return machine.write_tabs(tmp_path / "20170701.export.CSV", rows, machine.header(layout))


def mapped(tmp_path: Path, *changes: dict[str, Any], layout: str = "gdelt-2") -> Any:
    """What the map of a layout makes of rows, without any check."""
    columns = tuple(machine.header(layout))
    rows = [
        machine.GDELT | {"GLOBALEVENTID": str(700000001 + i)} | change for i, change in enumerate(changes)
    ]
    run = Run(read_map(MAPS / f"{layout}.yaml", load("gdelt")), load("gdelt"), "x", columns)
    run.rows(
        Batch([[row.get(name) or None for name in columns] for row in rows], list(range(1, len(rows) + 1)))
    )
    assert run.signals.problems("x") == []
    return run.take()


def codings(imported: Any) -> list[dict[str, Any]]:
    return [coding for reading, _ in imported.readings for coding in reading["codings"]]


# ── the layouts ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("layout", "columns"), [("gdelt-1-backfile", 57), ("gdelt-1", 58), ("gdelt-2", 61)])
def test_a_clean_row_of_each_layout_has_nothing_wrong(tmp_path: Path, layout: str, columns: int) -> None:
    assert len(machine.header(layout)) == columns
    assert machine.found(events(tmp_path, {}, layout=layout), "gdelt") == {}


def test_a_table_with_commas_and_names_is_read_too(tmp_path: Path) -> None:
    names = [*machine.header("gdelt-2"), "CAMEOCodeDescription"]
    row = machine.GDELT | {"SQLDATE": "2017-06-30", "CAMEOCodeDescription": " Consult, not specified below"}
    with (tmp_path / "sample.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([names, [row.get(name, "") for name in names]])
    assert machine.found(tmp_path / "sample.csv", "gdelt") == {}


def test_a_row_is_mapped_whole(tmp_path: Path) -> None:
    imported = mapped(tmp_path, {})
    (document,), (coding,) = imported.documents, codings(imported)
    assert (document["publisher"], document["url"]) == ("bell-example", "http://www.bell.example/news/1?a=b")
    shown = (
        "event_type",
        "event_code",
        "realis_missing",
        "date_start",
        "date_added_start",
        "country",
        "action_fips",
        "place_precision",
    )
    assert [coding[name] for name in shown] == [
        "040", "040", "not_coded", "2017-06-30", "2017-07-01", "DEU", "GM", "town",
    ]  # fmt: skip
    assert (coding["num_mentions"], coding["goldstein"], coding["is_root_event"]) == (5, 1.0, True)
    assert {(p["role"], p["actor_id"], p["name_as_printed"]) for p in coding["participants"]} == {
        ("actor", "USAGOV", "PRESIDENT"), ("recipient", "ROMMOS", "IMAM"),
    }  # fmt: skip
    assert {actor["id"]: (actor["kind"], actor["country"]) for actor in imported.actors} == {
        "USAGOV": ("ministry", "USA"), "ROMMOS": ("religious_body", "ROU"),
    }  # fmt: skip


def test_rows_of_one_address_are_one_document(tmp_path: Path) -> None:
    imported = mapped(tmp_path, {}, {}, {"SOURCEURL": "http://horn.example/2"})
    assert len(imported.documents) == 2
    assert [len(reading["codings"]) for reading, _ in imported.readings] == [2, 1]


def test_before_addresses_were_given_each_event_is_its_own_document(tmp_path: Path) -> None:
    imported = mapped(tmp_path, {}, {}, layout="gdelt-1-backfile")
    assert len(imported.documents) == 2
    assert not any("url" in document or "publisher" in document for document in imported.documents)


def test_a_citation_is_a_title_and_no_address(tmp_path: Path) -> None:
    (document,) = mapped(tmp_path, {"SOURCEURL": "BBC Monitoring, 1 July"}).documents
    assert (document.get("url"), document.get("publisher"), document["title"]) == (
        None,
        None,
        "BBC Monitoring, 1 July",
    )


def test_an_actor_that_was_not_found_is_not_coded(tmp_path: Path) -> None:
    empty = dict.fromkeys(("Actor1Code", "Actor1Name", "Actor1CountryCode", "Actor1Type1Code"), "")
    (coding,) = codings(mapped(tmp_path, empty))
    assert {"role": "actor", "position": 0, "actor_missing": "not_coded"} in coding["participants"]


def test_every_layout_names_the_same_columns() -> None:
    names = {
        layout: set(read_map(MAPS / f"{layout}.yaml", load("gdelt")).columns)
        for layout in ("gdelt-1", "gdelt-1-backfile", "gdelt-2", "gdelt-sample")
    }
    assert len(set(map(frozenset, names.values()))) == 1


def test_a_file_that_lost_a_column_is_refused(tmp_path: Path) -> None:
    names = machine.header("gdelt-2")[:-1]
    with pytest.raises(DatasetError):
        check_foreign(machine.write_tabs(tmp_path / "x.CSV", [machine.GDELT], names), "gdelt")


@settings(deadline=None, max_examples=15)
@given(st.lists(st.sampled_from(load("cameo").codes), min_size=1, max_size=8))
def test_every_code_keeps_its_zeros(codes: list[str]) -> None:
    imported = mapped(Path(), *[{"EventCode": code} for code in codes])
    assert [coding["event_type"] for coding in codings(imported)] == codes
    assert [coding["event_code"] for coding in codings(imported)] == codes


def test_a_code_that_lost_its_zero_is_never_taken_for_another(tmp_path: Path) -> None:
    row = {**machine.GDELT, "EventCode": "40", "EventBaseCode": "040", "EventRootCode": "04"}
    path = machine.write_tabs(tmp_path / "x.CSV", [row], machine.header("gdelt-2"))
    found = [one for one in check_foreign(path, "gdelt").findings if one.rule == "file.value"]
    assert found
    assert all("did you mean '040'?" in one.hint for one in found)


# ── what is found ─────────────────────────────────────────────────────────────────────────────────────────────────────

DAMAGE: list[tuple[str, dict[str, str]]] = [
    ("gdelt.code-lost-its-zero", {"EventCode": "40", "EventBaseCode": "40", "EventRootCode": "4"}),
    ("gdelt.code-lost-its-zero", {"EventCode": "20", "EventBaseCode": "20", "EventRootCode": "2"}),
    ("gdelt.base-and-root-fit-code", {"EventBaseCode": "041"}),
    ("gdelt.base-and-root-fit-code", {"EventRootCode": "05"}),
    ("gdelt.quad-fits-root", {"QuadClass": "2"}),
    ("gdelt.goldstein-fits-code", {"GoldsteinScale": "-1.0"}),
    ("gdelt.counts-in-order", {"NumSources": "6"}),
    ("gdelt.date-columns-agree", {"SQLDATE": "20160630"}),
    ("gdelt.date-columns-agree", {"MonthYear": "201705"}),
    ("gdelt.added-after-it-happened", {"SQLDATE": "20170702", "MonthYear": "201707"}),
    ("gdelt.added-long-after-it-happened", {"SQLDATE": "20160701", "MonthYear": "201607", "Year": "2016"}),
    ("gdelt.actor1-code-is-its-parts", {"Actor1CountryCode": "CAN"}),
    ("gdelt.actor1-code-is-its-parts", {"Actor1Code": "USA"}),
    ("gdelt.actor2-code-is-its-parts", {"Actor2Religion1Code": ""}),
    ("gdelt.both-coordinates", {"ActionGeo_Long": ""}),
    ("gdelt.no-place-is-empty", {"ActionGeo_Type": "0"}),
    ("gdelt.place-is-whole", {"Actor1Geo_Lat": "", "Actor1Geo_Long": ""}),
    ("gdelt.province-in-its-country", {"ActionGeo_CountryCode": "GA"}),
    ("file.value", {"ActionGeo_CountryCode": "ZZ", "ActionGeo_ADM1Code": "ZZ"}),
    ("file.value", {"EventCode": "0999", "EventBaseCode": "099", "EventRootCode": "09", "QuadClass": "3"}),
    ("file.value", {"Actor1Code": "USAXXX", "Actor1Type1Code": "XXX"}),
    (
        "gdelt.one-actor-at-least",
        dict.fromkeys(
            (
                "Actor1Code",
                "Actor1Name",
                "Actor1CountryCode",
                "Actor1Type1Code",
                "Actor2Code",
                "Actor2Name",
                "Actor2CountryCode",
                "Actor2Religion1Code",
            ),
            "",
        ),
    ),
]
EMBARGO = {"EventCode": "163", "EventBaseCode": "163", "EventRootCode": "16", "QuadClass": "4"}
WHOLE = [{}, EMBARGO | {"GoldsteinScale": "-8.0"}, EMBARGO | {"GoldsteinScale": "-6.5"}]  # in either list of scores  # fmt: skip


@pytest.fixture(scope="module")
def damaged(tmp_path_factory: pytest.TempPathFactory) -> set[tuple[str, int]]:
    """Where each rule fails in a file whose every row has one kind of damage: (rule, line)."""
    path = events(tmp_path_factory.mktemp("gdelt"), *(change for _, change in DAMAGE), *WHOLE)
    return machine.places(check_foreign(path, "gdelt"))


@pytest.mark.parametrize(
    "line", range(1, len(DAMAGE) + 1), ids=[f"{rule}-{i}" for i, (rule, _) in enumerate(DAMAGE, 1)]
)
def test_damage_is_found_in_its_row(damaged: set[tuple[str, int]], line: int) -> None:
    assert (DAMAGE[line - 1][0], line) in damaged


def test_what_is_whole_is_not_found(damaged: set[tuple[str, int]]) -> None:
    assert [(rule, line) for rule, line in damaged if line > len(DAMAGE)] == []


# ── mentions ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def mentions(tmp_path: Path, *changes: dict[str, Any]) -> Path:
    """A file of mentions, with one invented row for each set of changes."""
    rows = [machine.MENTION | {"SentenceID": str(i + 1)} | change for i, change in enumerate(changes)]
    return machine.write_tabs(tmp_path / "20170701.mentions.CSV", rows, machine.header("gdelt-mentions"))


def test_clean_mentions_have_nothing_wrong(tmp_path: Path) -> None:
    assert len(machine.header("gdelt-mentions")) == 16
    offline = {
        "MentionType": "2",
        "MentionIdentifier": "BBC Monitoring, 1 July",
        "MentionSourceName": "BBC Monitoring",
        "MentionDocTranslationInfo": "",
    }
    assert machine.found(mentions(tmp_path, {}, offline), "gdelt-mentions") == {}


def test_mentions_link_documents_to_events_and_say_why_an_offset_is_missing(tmp_path: Path) -> None:
    columns = tuple(machine.header("gdelt-mentions"))
    book = load("gdelt-mentions")
    run = Run(read_map(MAPS / "gdelt-mentions.yaml", book), book, "x", columns)
    run.rows(Batch([[machine.MENTION.get(name) for name in columns]], [1]))
    imported = run.take()
    (coding,) = codings(imported)
    assert (coding["gdelt_event"], coding["actor1_offset_missing"], coding["actor2_offset"]) == (
        "700000001",
        "not_stated",
        142,
    )
    assert (coding["original_language"], coding["translated_by"]) == ("fra", "Moses 2.1.1 / Europarl")
    assert len(imported.links) == 1


MENTIONS: list[tuple[str, dict[str, str]]] = [
    ("gdelt-mentions.confidence-in-tens", {"Confidence": "55"}),
    ("gdelt-mentions.mentioned-after-event", {"MentionTimeDate": "20160701234500"}),
    ("gdelt-mentions.place-within-document", {"MentionDocLen": "150"}),
    ("gdelt-mentions.something-stands-somewhere", {"Actor2CharOffset": "-1", "ActionCharOffset": "-1"}),
    ("gdelt-mentions.web-has-address", {"MentionType": "2"}),
    ("gdelt-mentions.outlet-fits-address", {"MentionSourceName": "horn.example", "MentionIdentifier": "http://www.bell.example/2"}),
    ("codings.confidence-minimum", {"Confidence": "0"}),
    ("gdelt-mentions.event-added-once", {"EventTimeDate": "20160701000000"}),
    ("file.ignored", {"Extras": "something"}),
    ("file.value", {"MentionType": "7"}),
    ("file.value", {"MentionDocTranslationInfo": "translated"}),
    ("file.value", {"MentionSourceName": "horn.example"}),   # another outlet than on the first row of the document
]  # fmt: skip


@pytest.fixture(scope="module")
def damaged_mentions(tmp_path_factory: pytest.TempPathFactory) -> set[tuple[str, int]]:
    path = mentions(tmp_path_factory.mktemp("mentions"), {}, *(change for _, change in MENTIONS))
    return machine.places(check_foreign(path, "gdelt-mentions"))


@pytest.mark.parametrize(
    "line", range(2, len(MENTIONS) + 2), ids=[f"{rule}-{i}" for i, (rule, _) in enumerate(MENTIONS, 2)]
)
def test_damaged_mentions_are_found(damaged_mentions: set[tuple[str, int]], line: int) -> None:
    assert (MENTIONS[line - 2][0], line) in damaged_mentions


def test_mentions_are_held_against_the_counts_of_their_events(tmp_path: Path) -> None:
    few = events(
        tmp_path,
        {"NumMentions": "2", "NumSources": "1", "NumArticles": "1"},
        {"NumMentions": "2", "NumSources": "2", "NumArticles": "2"},
    )
    told = [{"GLOBALEVENTID": number, "MentionIdentifier": f"http://{outlet}/{i}", "MentionSourceName": outlet}
            for number in ("700000001", "700000002") for i, outlet in enumerate(("bell.example", "horn.example"))]  # fmt: skip
    later = {"MentionTimeDate": "20170702000000"}
    result = compare(few, mentions(tmp_path, *told, later, later))
    assert machine.failed(result) == {"gdelt.outlets-within-count": 1, "gdelt.documents-within-count": 1}
    assert {(one.key, one.place.line) for one in result.findings} == {("700000001", 1)}
    assert {count.rows for count in result.counts} == {2}


def test_the_command_holds_mentions_against_events_and_explains_its_rules(tmp_path: Path) -> None:
    from click.testing import CliRunner

    from eventcode.cli import group

    few = events(tmp_path, {"NumMentions": "1"})
    told = mentions(
        tmp_path,
        {"GLOBALEVENTID": "700000001"},
        {"GLOBALEVENTID": "700000001", "MentionIdentifier": "http://bell.example/2"},
    )
    done = CliRunner().invoke(group, ["check", str(told), "--as", "gdelt-mentions", "--against", str(few)])
    assert "gdelt.mentions-within-count  error, 1\n  NumMentions is less than" in done.stdout
    page = CliRunner().invoke(group, ["check", "--explain", "gdelt.mentions-within-count"])
    assert "NumMentions is less than the mentions in the event's first update" in page.stdout


# ── the samples ───────────────────────────────────────────────────────────────────────────────────────────────────────


def sample(name: str) -> Result:
    return check_foreign(
        REAL / f"gdelt_{name}samp_50.csv", "gdelt-mentions" if name == "mentions" else "gdelt"
    )


@needs_files
@pytest.mark.parametrize("name", ["events1", "events2"])
def test_the_codes_and_classes_of_the_samples_are_whole(name: str) -> None:
    result = sample(name)
    counts = {count.rule: count for count in result.counts}
    for rule in (
        "gdelt.code-lost-its-zero",
        "gdelt.quad-fits-root",
        "gdelt.base-and-root-fit-code",
        "gdelt.goldstein-fits-code",
    ):
        assert (counts[rule].rows, counts[rule].failed, counts[rule].unknown) == (50, 0, 0)
    assert machine.failed(result) == {
        "gdelt.added-long-after-it-happened": 50
    }  # the oldest rows of their files


@needs_files
def test_two_events_in_one_article_are_no_row_twice() -> None:
    assert machine.failed(sample("mentions")) == {}


@needs_files
def test_the_samples_of_events_and_mentions_fit_together() -> None:
    result = compare(REAL / "gdelt_events2samp_50.csv", REAL / "gdelt_mentionssamp_50.csv")
    assert [(count.rows, count.failed) for count in result.counts] == [(34, 0)] * 3


@needs_files
@pytest.mark.parametrize(("name", "lost"), [("events1", 35), ("events2", 23)])
def test_codes_of_the_samples_that_a_program_read_as_numbers_are_found(
    tmp_path: Path, name: str, lost: int
) -> None:
    with (REAL / f"gdelt_{name}samp_50.csv").open(newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    places = [header.index(column) for column in ("EventCode", "EventBaseCode", "EventRootCode")]
    for row in rows:
        for place in places:
            row[place] = str(int(row[place]))
    with (tmp_path / "numbers.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])
    assert machine.found(tmp_path / "numbers.csv", "gdelt")["gdelt.code-lost-its-zero"] == lost
