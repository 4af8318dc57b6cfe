"""What differs between two builds."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import small_build
from eventcode.codebook import views
from eventcode.errors import DatasetError
from eventcode.readings import Coder
from eventcode.release import diff, diff_text
from eventcode.tables import TABLES, build
from small_build import World

Row = dict[str, Any]


def tables(world: World) -> dict[str, pa.Table]:
    return {name: build(views.columns(small_build.codebook(), name), rows) for name, rows in world.items()}


def compared(before: World, now: World) -> diff.Diff:
    return diff.compare(tables(before), tables(now), "camps 1.0", "camps 1.1")


def changes(found: diff.Diff, table: str) -> list[tuple[Any, ...]]:
    return [
        (c["key"], c["change"], c["field"], c["before"], c["after"])
        for c in found.changes
        if c["table"] == table
    ]


def event(world: World, i: int) -> str:
    return str(world["events"][i]["event_id"])


def test_a_build_does_not_differ_from_itself() -> None:
    found = compared(small_build.world(), small_build.world())
    assert found.same
    assert found.changes == ()
    assert diff_text.as_text(found) == "camps 1.0 → camps 1.1: no difference\n"
    assert diff_text.sentence(found) == "Nothing changed since camps 1.0."


def test_changed_values_are_told_field_by_field() -> None:
    now = small_build.world()
    now["events"][0] |= {
        "event_type": "071",
        "n_sites_best": 3,
        "date_end": "2025-05-04",
        "contested": True,
        "lat": 33.5,
    }
    assert changes(compared(small_build.world(), now), "events") == [
        (event(now, 0), "changed", "event_type", "072", "071"),
        (event(now, 0), "changed", "date_end", "2025-05-03", "2025-05-04"),
        (event(now, 0), "changed", "lat", None, "33.5"),
        (event(now, 0), "changed", "n_sites_best", None, "3"),
        (event(now, 0), "changed", "contested", "false", "true"),
    ]


def test_a_correction_that_changes_every_id_is_told_as_what_it_says() -> None:
    before, now = small_build.world(), small_build.world()
    raw = small_build._readings()["page-2"]
    raw["codings"][0] |= {"date": "2025-05-06"}
    small_build.reading(now, "page-2", raw, Coder("reader-1", "llm", "1"), revision=2)
    found = compared(before, now)
    assert changes(found, "codings") == [
        ("page-2/reader-1/e1", "changed", "date_start", "2025-05-05", "2025-05-06"),
        ("page-2/reader-1/e1", "changed", "date_end", "2025-05-05", "2025-05-06"),
    ]
    assert changes(found, "readings") == [("page-2/reader-1", "changed", "revision", "1", "2")]
    assert [name for name, table in found.tables.items() if not table.same] == ["readings", "codings"]


def test_sets_in_another_order_and_empty_lists_are_no_change() -> None:
    before, now = small_build.world(), small_build.world()
    before["events"][0] |= {"object": ["weapons", "base"], "harm": []}
    now["events"][0] |= {"object": ["base", "weapons"], "harm": None}
    assert compared(before, now).same
    before["sources"][0]["via"], now["sources"][0]["via"] = ["a", "b"], ["b", "a"]
    assert changes(compared(before, now), "sources") == [
        ("page-1/reader-1/s1", "changed", "via", '["a", "b"]', '["b", "a"]')
    ]  # a path has an order


def test_rows_that_came_and_went_are_told_by_key() -> None:
    before, now = small_build.world(), small_build.world()
    gone = now["events"].pop(1)
    now["reports"].pop(1)
    now["events"].append({**now["events"][0], "event_id": "f" * 32})
    found = compared(before, now).tables["events"]
    assert (found.before, found.now, found.added, found.removed, found.changed) == (
        2,
        2,
        ("f" * 32,),
        (gone["event_id"],),
        (),
    )


def test_two_support_rows_of_one_source_are_told_apart() -> None:
    before, now = small_build.world(), small_build.world()
    for world in (before, now):
        world["support"].append({**world["support"][0], "support_id": "again", "stance": "denies"})
    now["support"][-1]["knowledge"] = "unknown"
    assert changes(compared(before, now), "support") == [
        ("page-1/reader-1/e1/s1#2", "changed", "knowledge", "eyewitness", "unknown")
    ]


def test_recoded_events_are_counted_from_code_to_code() -> None:
    now = small_build.world()
    now["events"][0]["event_type"] = "071"
    now["events"][1]["event_type"] = None
    found = compared(small_build.world(), now)
    assert dict(found.recoded) == {("035", None): 1, ("072", "071"): 1}
    assert (
        diff_text.sentence(found)
        == "Since camps 1.0: 0 events added, 0 removed, 2 changed (2 of them recoded)."
    )


def test_codes_added_removed_and_redefined_are_named() -> None:
    now = small_build.world()
    now["codes"][2] |= {"definition": "Something else.", "requires": ["actor"]}
    gone = now["codes"].pop(5)["code"]
    now["codes"].append({**now["codes"][0], "code": "999"})
    for row in now["codes"]:
        row["codebook_version"] = "2.0.0"
    found = compared(small_build.world(), now)
    assert found.codebooks[1] == f"{small_build.codebook().id}@2.0.0"
    assert (found.tables["codes"].added, found.tables["codes"].removed) == (("999",), (gone,))
    code = small_build.world()["codes"][2]["code"]
    assert found.redefined() == {code: ["definition", "requires"]} or found.redefined() == {
        code: ["definition"]
    }
    assert (
        f"  codes added: 999\n  codes removed: {gone}\n  code {code} redefined: definition"
        in diff_text.as_text(found)
    )


def test_a_new_column_is_a_change_where_it_has_a_value() -> None:
    before, now = tables(small_build.world()), tables(small_build.world())
    now["events"] = now["events"].append_column("fresh", pa.array([None, "x"]))
    before["events"] = before["events"].set_column(4, "n_reports", pa.array(["1", "1"]))  # was text once
    found = diff.compare(before, now)
    assert [row[2:] for row in changes(found, "events")] == [("fresh", None, "x")]


def test_the_text_reads_from_tables_to_codebook() -> None:
    now = small_build.world()
    now["events"][0]["event_type"] = "071"
    now["participants"][1]["name_as_printed"] = "The Brigades"
    text = diff_text.as_text(compared(small_build.world(), now), {"071": "Vacate a site"})
    assert text == (
        "camps 1.0 → camps 1.1\n"
        "\n"
        "table         before  now  added  removed  changed\n"
        "events             2    2      0        0        1\n"
        "participants       4    4      0        0        1\n"
        "\n"
        "changed values by field\n"
        "  events.event_type             1\n"
        "  participants.name_as_printed  1\n"
        "\n"
        "events recoded\n"
        "  072  →  071 Vacate a site  1\n"
    )


def test_json_and_csv_hold_every_change() -> None:
    now = small_build.world()
    now["events"][0]["event_type"] = "071"
    found = compared(small_build.world(), now)
    plain = json.loads(diff_text.as_json(found))
    assert plain["recoded"] == [{"before": "072", "now": "071", "events": 1}]
    assert plain["tables"]["events"]["fields"] == {"event_type": 1}
    rows = [*csv.DictReader(io.StringIO(diff_text.as_csv(found)))]
    assert rows == [
        {
            "table": "events",
            "key": event(now, 0),
            "change": "changed",
            "field": "event_type",
            "before": "072",
            "after": "071",
        }
    ]
    assert build(TABLES["changes"].columns, [*found.changes]).num_rows == 1


def test_folders_are_compared_under_their_own_names(tmp_path: Path) -> None:
    small_build.write(tmp_path / "a", small_build.world())
    small_build.write(tmp_path / "b", small_build.world())
    found = diff.diff(tmp_path / "a", tmp_path / "b")
    assert (found.before, found.now, found.same) == ("camps (00000000)", "camps (00000000)", True)


def test_what_is_no_build_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="holds no tables\n  → name the folder of a build or of a release"):
        diff.diff(tmp_path, tmp_path)
    with pytest.raises(
        DatasetError, match="there is no table documents\n  → compare whole builds or releases"
    ):
        diff.compare({"events": pa.table({})}, {})


def deleted(before: World, now: World, **more: Any) -> list[Row]:
    return diff.deletions({**tables(before), **more.pop("earlier", {})}, tables(now), "1.0", **more)


def without(world: World, i: int) -> str:
    world["reports"].pop(i)
    return str(world["events"].pop(i)["event_id"])


def test_a_deleted_event_says_why() -> None:
    before, now = small_build.world(), small_build.world()
    gone = without(now, 1)
    assert deleted(before, now) == [{"event_id": gone, "last_release": "1.0", "reason": "no longer coded"}]
    assert deleted(before, now, reasons={gone: "coded twice"})[0]["reason"] == "coded twice"
    now["documents"].pop(1)
    assert deleted(before, now)[0]["reason"] == "its document is no longer in the dataset"


def test_a_merged_event_says_into_which() -> None:
    before, now = small_build.world(), small_build.world()
    gone = now["events"].pop(1)["event_id"]
    now["reports"][1]["event_id"] = event(now, 0)
    assert deleted(before, now) == [
        {"event_id": gone, "last_release": "1.0", "reason": f"merged: its reports belong to {event(now, 0)}"}
    ]


def test_an_event_whose_readings_were_withdrawn_says_so() -> None:
    before, now = small_build.world(), small_build.world()
    without(now, 1)
    small_build.reading(now, "page-2", {"status": "withdrawn"}, Coder("reader-1", "llm", "1"), revision=2)
    assert deleted(before, now)[0]["reason"] == "its readings were withdrawn"


def test_deletions_are_carried_on_until_the_event_comes_back() -> None:
    before, now = small_build.world(), small_build.world()
    old = {"event_id": "0" * 32, "last_release": "0.9", "reason": "no longer coded"}
    back = {"event_id": event(now, 0), "last_release": "0.8", "reason": "no longer coded"}
    earlier = {"deletions": build(TABLES["deletions"].columns, [old, back])}
    assert deleted(before, now, earlier=earlier) == [old]
