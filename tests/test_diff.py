"""What differs between two builds."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import small_build
from eventcode.codebook import views
from eventcode.errors import DatasetError
from eventcode.readings import Coder
from eventcode.release import diff, diff_files, diff_text
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


# ── what changed silently ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_coding_that_changed_within_one_revision_changed_silently() -> None:
    before, now = small_build.world(), small_build.world()
    coding = next(row for row in now["codings"] if row["key"] == "e1")
    coding["date_start"] = coding["date_end"] = "2025-06-01"
    found = compared(before, now)
    [(table, key)] = found.silent
    assert (table, found.silent[table, key]) == ("codings", "revision 1")
    assert f"changed silently: 1 row\n  codings {key}: date_start " in diff_text.as_text(found)
    assert json.loads(diff_text.as_json(found))["silent"] == [
        {"table": "codings", "key": key, "still": "revision 1"}
    ]


def test_a_correction_with_a_new_revision_is_not_silent() -> None:
    before, now = small_build.world(), small_build.world()
    raw = small_build._readings()["page-2"]
    raw["codings"][0] |= {"date": "2025-05-06"}
    small_build.reading(now, "page-2", raw, Coder("reader-1", "llm", "1"), revision=2)
    found = compared(before, now)
    assert not found.same
    assert found.silent == {}


def test_an_event_that_changed_after_its_last_modified_release_changed_silently() -> None:
    before, now = small_build.world(), small_build.world()
    for world in (before, now):
        for row in world["events"]:
            row["last_modified_release"] = "1.0"
    now["events"][0]["lat"] = 33.5
    now["events"][1] |= {"lat": 33.5, "last_modified_release": "1.1"}
    found = compared(before, now)
    assert found.silent == {("events", event(now, 0)): "last_modified_release 1.0"}


def test_a_code_that_was_redefined_under_one_version_changed_silently() -> None:
    now = small_build.world()
    now["codes"][2] |= {"definition": "Something else."}
    found = compared(small_build.world(), now)
    code = now["codes"][2]["code"]
    assert found.silent == {("codes", code): f"codebook {found.codebooks[0]}"}


# ── two editions of a foreign file ────────────────────────────────────────────────────────────────────────────────────

OLD = "id,best,place,timestamp\n1,3,Velmar,100\n2,4,Qurra,100\n3,5,Al Qara,100\n"
NEW = "id,best,place,timestamp\n1,3,Velmar,100\n2,6,Qurra,100\n3,7,Al Qara,200\n4,1,Velmar,200\n"


def files(folder: Path, old: str = OLD, new: str = NEW) -> tuple[Path, Path]:
    (folder / "old.csv").write_text(old, "utf-8")
    (folder / "new.csv").write_text(new, "utf-8")
    return folder / "old.csv", folder / "new.csv"


def test_two_files_are_compared_and_the_silent_change_is_told(tmp_path: Path) -> None:
    found = diff_files.diff_files(*files(tmp_path))
    assert diff_text.as_text(found) == (
        "old.csv → new.csv\n"
        "\n"
        "table  before  now  added  removed  changed\n"
        "rows        3    4      1        0        2\n"
        "\n"
        "changed values by field\n"
        "  rows.best       2\n"
        "  rows.timestamp  1\n"
        "\n"
        "rows added\n"
        "  4\n"
        "\n"
        "changed silently: 1 row\n"
        "  rows 2: best 4 → 6 (still timestamp 100)\n"
    )


def test_a_file_does_not_differ_from_itself(tmp_path: Path) -> None:
    old, _ = files(tmp_path)
    assert diff_text.as_text(diff_files.diff_files(old, old)) == "old.csv → old.csv: no difference\n"


def test_parquet_and_csv_are_compared_as_text(tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    old, _ = files(tmp_path)
    table = pa.table(
        {
            "id": [1.0, 2.0, 3.0],
            "best": [3, 4, 9],
            "place": ["Velmar", "Qurra", "Al Qara"],
            "timestamp": [100] * 3,
        }
    )
    pq.write_table(table, tmp_path / "new.parquet")
    found = diff_files.diff_files(old, tmp_path / "new.parquet")
    assert changes(found, "rows") == [("3", "changed", "best", "5", "9")]


def test_parquet_files_of_one_shape_are_compared_as_they_are(tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    for name, best in (("old", [1.5, None, float("nan")]), ("new", [1.5, 2.0, float("nan")])):
        pq.write_table(pa.table({"id": ["a", "b", "c"], "best": best}), tmp_path / f"{name}.parquet")
    found = diff_files.diff_files(tmp_path / "old.parquet", tmp_path / "new.parquet")
    assert changes(found, "rows") == [("b", "changed", "best", None, "2.0")]
    assert found.silent == {}  # no column says when a row was changed


def test_numbers_with_fixed_decimals_are_told_as_they_are_written(tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    for name, price in (("old", "1.50"), ("new", "2.50")):
        cost = pa.array([Decimal(price)], pa.decimal128(6, 2))
        pq.write_table(pa.table({"id": ["a"], "cost": cost}), tmp_path / f"{name}.parquet")
    found = diff_files.diff_files(tmp_path / "old.parquet", tmp_path / "new.parquet")
    assert changes(found, "rows") == [("a", "changed", "cost", "1.50", "2.50")]


def test_a_key_may_be_of_several_columns_and_a_stamp_of_any_name(tmp_path: Path) -> None:
    old, new = files(tmp_path, "a,b,n,seen\n1,x,3,d1\n1,y,3,d1\n", "a,b,n,seen\n1,x,3,d1\n1,y,4,d1\n")
    found = diff_files.diff_files(old, new, ["a", "b"], ["seen"])
    assert found.silent == {("rows", "1/y"): "seen d1"}


def test_columns_that_came_and_went_are_told_and_not_compared(tmp_path: Path) -> None:
    old, new = files(tmp_path, "id,best,note\n1,3,x\n", "id,best,source\n1,3,y\n")
    text = diff_text.as_text(diff_files.diff_files(old, new))
    assert "columns added\n  source" in text
    assert "columns removed\n  note" in text
    assert "changed values" not in text


def test_a_file_without_a_known_key_asks_for_one(tmp_path: Path) -> None:
    old, new = files(tmp_path, "nr,best\n1,3\n", "nr,best\n1,4\n")
    with pytest.raises(DatasetError, match="no column is known to tell the rows apart"):
        diff_files.diff_files(old, new)
    with pytest.raises(
        DatasetError, match="there is no column 'best2' in both files\n  → did you mean 'best'"
    ):
        diff_files.diff_files(old, new, ["best2"])


def test_odd_names_of_columns_are_names_and_no_sql(tmp_path: Path) -> None:
    old, new = files(tmp_path, 'id,"a ""b"" {t}"\n1,3\n', 'id,"a ""b"" {t}"\n1,4\n')
    assert changes(diff_files.diff_files(old, new), "rows") == [("1", "changed", 'a "b" {t}', "3", "4")]


def test_columns_may_be_called_as_the_comparison_calls_its_own(tmp_path: Path) -> None:
    old, new = files(tmp_path, "id,k,i\n1,3,x\n2,4,y\n", "id,k,i\n1,3,x\n2,5,y\n")
    assert changes(diff_files.diff_files(old, new), "rows") == [("2", "changed", "k", "4", "5")]
    assert changes(diff_files.diff_files(old, new, ["i"]), "rows")[0][:3] == ("y", "changed", "k")


def test_columns_that_differ_in_capital_letters_alone_are_two(tmp_path: Path) -> None:
    old, new = files(tmp_path, "id,Place,place\n1,a,x\n", "id,Place,place\n1,a,y\n")
    assert changes(diff_files.diff_files(old, new), "rows") == [("1", "changed", "place", "x", "y")]


def test_an_empty_cell_of_a_csv_is_no_value_of_a_parquet_file(tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    old, _ = files(tmp_path, "id,place\n1,\n2,Qurra\n")
    pq.write_table(pa.table({"id": ["1", "2"], "place": [None, "Qurra"]}), tmp_path / "new.parquet")
    assert diff_files.diff_files(old, tmp_path / "new.parquet").same


def test_a_row_whose_key_is_empty_is_listed_too(tmp_path: Path) -> None:
    old, new = files(tmp_path, "id,best\n1,3\n", "id,best\n1,3\n,4\n")
    text = diff_text.as_text(diff_files.diff_files(old, new, ["id"]))
    assert "rows added\n  (no name)\n" in text


def test_the_command_compares_two_files(tmp_path: Path) -> None:
    from click.testing import CliRunner

    from eventcode.cli import group

    old, new = files(tmp_path)
    told = CliRunner().invoke(group, ["diff", str(old), str(new), "--key", "id", "--stamp", "timestamp"])
    assert told.exit_code == 0
    assert "changed silently: 1 row" in told.output
    wrong = CliRunner().invoke(group, ["diff", "camps", "camps@1.0", "--key", "id"])
    assert wrong.exit_code == 2
    assert "--key and --stamp are for two files" in wrong.output
