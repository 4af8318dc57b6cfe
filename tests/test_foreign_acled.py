"""ACLED's files: present and older columns, exports and answers of the interface. All rows are invented."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from eventcode.pipeline.foreign import Source, check_foreign
from eventcode.pipeline.foreign_out import import_foreign
from foreign_cases import ACLED, OLD_ACLED, delimited, put


def imported(folder: Path, path: Path) -> dict[str, list[dict[str, Any]]]:
    made = import_foreign(Source(path, "acled"), folder / "out")
    assert [finding for finding in made.result.findings if finding.severity == "error"] == []
    return {table.stem: pq.read_table(table).to_pylist() for table in (folder / "out").glob("*.parquet")}


def coding(found: dict[str, list[dict[str, Any]]]) -> dict[str, str]:
    row = found["codings"][0]
    return {
        name: str(value)
        for name, value in row.items()
        if value is not None and name not in ("coding_id", "reading_id")
    }


CURRENT = {
    "key": "VEL1", "event_type": "Armed clash", "parent_type": "Battles", "realis": "occurred", "date_start": "2024-01-03",
    "date_end": "2024-01-03", "date_precision": "day", "place_name": "Lisane", "country": "KEN", "admin1": "North", "lat": "1.5", "lon": "36.5",
    "disorder_type": "['Political violence']", "civilian_targeting": "False", "fatalities": "3", "inter1": "1", "inter2": "2",
    "interaction": "12", "time_precision": "1", "geo_precision": "1", "region": "Eastern Africa", "admin2": "Lisane",
    "source_scale": "Local partner-National", "source_names": "['Delta Press', 'Undisclosed Source', 'River Radio']",
    "tags": "['crowd size=no report', 'women targeted']", "timestamp": "1705000000",
}  # fmt: skip


def test_an_export_of_today_is_mapped_whole(tmp_path: Path) -> None:
    assert coding(imported(tmp_path, put(tmp_path, "a.csv", [ACLED]))) == CURRENT


def test_an_answer_of_the_interface_says_the_same(tmp_path: Path) -> None:
    row = {**ACLED, "event_date": "2024-01-03", "iso": 404, "fatalities": 3, "latitude": 1.5}
    assert coding(imported(tmp_path, put(tmp_path, "a.json", [row]))) == CURRENT


def test_an_older_file_with_numbers_for_kinds_says_the_same_as_far_as_it_goes(tmp_path: Path) -> None:
    path = tmp_path / "old.csv"
    path.write_bytes(delimited([OLD_ACLED], ";"))
    newer = {"disorder_type", "civilian_targeting", "tags"}
    wanted = {name: value for name, value in CURRENT.items() if name not in newer}
    assert coding(imported(tmp_path, path)) == {
        **wanted,
        "date_start": "2020-01-03",
        "date_end": "2020-01-03",
    }


def test_actors_stand_first_and_those_associated_with_them_after(tmp_path: Path) -> None:
    rows = imported(tmp_path, put(tmp_path, "a.csv", [ACLED]))["participants"]
    assert sorted((row["role"], row["position"], row["name_as_printed"]) for row in rows) == [
        ("actor", 0, "Military Forces of Velmar (2020-)"), ("actor", 1, "Police Forces of Velmar (2020-)"), ("actor", 2, "River Guard"),
        ("recipient", 0, "Northern Council"),
    ]  # fmt: skip


def test_sources_are_rows_and_an_undisclosed_one_is_anonymous(tmp_path: Path) -> None:
    rows = imported(tmp_path, put(tmp_path, "a.csv", [ACLED]))["sources"]
    assert {row["key"]: (row["identity"], row["source_name"], row["source_descriptor"]) for row in rows} == {
        "s1": ("named", "Delta Press", None), "s2": ("named", "River Radio", None), "s3": ("anonymous", None, "Undisclosed Source"),
    }  # fmt: skip


def test_civilian_targeting_is_yes_where_the_file_says_so(tmp_path: Path) -> None:
    row = {**ACLED, "civilian_targeting": "Civilian targeting", "sub_event_type": "Attack", "event_type": "Violence against civilians",
           "inter2": "Civilians", "actor2": "Civilians (Velmar)", "interaction": "State forces-Civilians"}  # fmt: skip
    assert coding(imported(tmp_path, put(tmp_path, "a.csv", [row])))["civilian_targeting"] == "True"


def test_no_second_actor_is_kind_0(tmp_path: Path) -> None:
    row = {**ACLED, "sub_event_type": "Peaceful protest", "event_type": "Protests", "disorder_type": "Demonstrations", "actor1": "Protesters (Velmar)",
           "assoc_actor_1": "", "inter1": "Protesters", "actor2": "", "inter2": "", "interaction": "Protesters only", "fatalities": "0"}  # fmt: skip
    assert coding(imported(tmp_path, put(tmp_path, "a.csv", [row])))["inter2"] == "0"


@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [
        ("event_type", "Riots", "acled.type-of-sub-event"),
        ("interaction", "State forces only", "acled.interaction-of-the-two"),
        ("sub_event_type", "Armed clashes", "file.value"),
        ("event_date", "2024-13-01", "file.value"),
        ("fatalities", "several", "file.value"),
        ("iso", "999", "file.value"),
        ("year", "2019", "file.disagrees"),
        ("country", "Syria", "file.disagrees"),
        ("longitude", "", "codings.lat-with-lon"),
        ("timestamp", "1500000000", "acled.changed-after-the-event"),
        ("timestamp", "1705000000000", "acled.timestamp-in-seconds"),
    ],
)
def test_what_is_wrong_is_found_at_its_line(tmp_path: Path, column: str, value: str, rule: str) -> None:
    path = put(tmp_path, "a.csv", [ACLED, {**ACLED, "event_id_cnty": "VEL2", column: value}])
    found = [finding for finding in check_foreign(path, "acled").findings if finding.rule == rule]
    assert [finding.place.line for finding in found] == [3]


@pytest.mark.parametrize(
    ("column", "value", "rule", "hint"),
    [
        ("source_scale", "Nationl-Regional", "codings.source_scale-pattern",
         "write Local partner, New media, Subnational, National, Regional, International or Other, or two of them joined by '-'; "
         "for 'Nationl' did you mean 'National'?"),
        ("interaction", "External/Other forces-Rebel group", "file.value",
         "add it to rename:, or mend it there (did you mean 'Rebel group-External/Other forces'?)"),
        ("iso", "4040", "file.value", "add it to rename:, or mend it there (did you mean '404'?)"),
    ],
)  # fmt: skip
def test_the_remedy_names_what_may_be_meant(
    tmp_path: Path, column: str, value: str, rule: str, hint: str
) -> None:
    path = put(tmp_path, "a.csv", [ACLED, {**ACLED, "event_id_cnty": "VEL2", column: value}])
    [found] = [finding for finding in check_foreign(path, "acled").findings if finding.rule == rule]
    assert found.hint.startswith(hint)
    assert ("did you mean" in found.hint) == ("did you mean" in hint)


def test_a_name_of_a_country_that_our_list_does_not_know_is_not_held_against_its_number(
    tmp_path: Path,
) -> None:
    path = put(tmp_path, "a.csv", [{**ACLED, "country": "Velmar"}])
    assert not any(finding.rule.startswith("file.") for finding in check_foreign(path, "acled").findings)
