"""Tables as CSV with their types beside them, and as labelled Stata and SPSS files."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import small_build
from eventcode.errors import DatasetError
from eventcode.formats import parquet
from eventcode.formats.export import csv_tables
from eventcode.formats.export.labelled import numbered
from eventcode.formats.hashes import file_hash
from eventcode.model import MISSING_REASONS, Term, Vocabulary
from eventcode.pipeline.export_folders import read_csv
from eventcode.pipeline.exporting import export

Row = dict[str, Any]


# ── CSV ───────────────────────────────────────────────────────────────────────────────────────────────────────────────

SCHEMA = pa.schema(
    [
        ("text", pa.string()),
        ("n", pa.int64()),
        ("x", pa.float64()),
        ("b", pa.bool_()),
        ("day", pa.date32()),
        ("set", pa.list_(pa.string())),
    ]
)
ODD = ["", '"', "a,b", "\r\n", "\n", ";", "\\", "\\e", "\\N", "NA", "null", " x ", "010", "a\\;b"]
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8) | st.sampled_from(ODD)
ROWS = st.fixed_dictionaries(
    {
        "text": st.none() | texts, "n": st.none() | st.integers(-(2**63), 2**63 - 1), "x": st.none() | st.floats(allow_nan=False),
        "b": st.none() | st.booleans(), "day": st.none() | st.dates(), "set": st.none() | st.lists(st.none() | texts, max_size=3),
    }
)  # fmt: skip


@settings(deadline=None)  # it writes and reads a file each time
@given(st.lists(ROWS, max_size=5), st.sets(st.sampled_from(SCHEMA.names), min_size=1))
def test_a_table_as_csv_reads_back_as_the_same_table(
    tmp_path_factory: pytest.TempPathFactory, rows: list[Row], names: set[str]
) -> None:
    table = pa.Table.from_pylist(rows, SCHEMA).select([name for name in SCHEMA.names if name in names])
    path = tmp_path_factory.mktemp("csv") / "table.csv"
    csv_tables.write(path, table)
    beside = csv_tables.resource({"name": "table"}, table.schema)
    assert csv_tables.schema_of(json.loads(json.dumps(beside))) == table.schema
    assert csv_tables.read(path, table.schema).equals(table)


def test_null_and_empty_are_told_apart_and_lists_are_escaped(tmp_path: Path) -> None:
    rows = [
        {"text": None, "set": None},
        {"text": "", "set": []},
        {"text": 'say "x"', "set": ["a;b", "", None, "c\\d"]},
    ]
    table = pa.Table.from_pylist(rows, pa.schema([("text", pa.string()), ("set", pa.list_(pa.string()))]))
    csv_tables.write(tmp_path / "t.csv", table)
    assert (tmp_path / "t.csv").read_bytes() == (
        b'text,set\r\n,\r\n"",""\r\n"say ""x""",a\\;b;\\e;\\N;c\\\\d\r\n'
    )


def test_a_long_table_is_written_in_pieces_that_fit_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_tables, "ROWS", 7)
    table = pa.table({"text": [f"{n}, é" for n in range(50)], "n": list(range(50))})
    csv_tables.write(tmp_path / "t.csv", table)
    assert csv_tables.read(tmp_path / "t.csv", table.schema).equals(table)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"n,other\r\n1,2\r\n", "has the columns n, other"),
        (b"n,text\r\none,2\r\n", "t.csv  n\n  Failed to parse string: 'one'"),
        (b"n,text\r\n1\r\n", "is no CSV"),
    ],
)
def test_a_file_that_is_not_what_its_schema_says_is_refused(
    tmp_path: Path, content: bytes, message: str
) -> None:
    (tmp_path / "t.csv").write_bytes(content)
    with pytest.raises(DatasetError, match=message):
        csv_tables.read(tmp_path / "t.csv", pa.schema([("n", pa.int64()), ("text", pa.string())]))


@pytest.fixture(scope="module")
def camps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    world = small_build.world()
    report = world["reports"][1]
    report |= {
        "deadline_missing": "not_stated",
        "fatalities_best_missing": "cannot_tell",
        "country": None,
        "n_sites": 4,
    }
    world["events"][0] |= {
        "object": ["sites", "rockets"],
        "event_type": "998",
        "date_start": date(1500, 1, 1),
    }
    return small_build.write(tmp_path_factory.mktemp("build") / "camps", world)


def test_every_table_of_a_build_comes_back_from_its_csv(camps: Path, tmp_path: Path) -> None:
    done = export(camps, "csv", tmp_path / "out")
    package = json.loads((tmp_path / "out/datapackage.json").read_text("utf-8"))
    assert sorted(one["name"] for one in package["resources"]) == sorted(
        path.stem for path in camps.glob("*.parquet")
    )
    for one in package["resources"]:
        path = tmp_path / "out" / one["path"]
        assert (one["bytes"], one["hash"], one["encoding"]) == (path.stat().st_size, file_hash(path), "utf-8")
        assert read_csv(tmp_path / "out", one["name"]).equals(
            parquet.read(camps / f"{one['name']}.parquet").replace_schema_metadata(None)
        )
    assert done.losses == ()


def test_the_types_beside_a_csv_keep_what_the_codebook_says(camps: Path, tmp_path: Path) -> None:
    export(camps, "csv", tmp_path / "out", table="events")
    package = json.loads((tmp_path / "out/datapackage.json").read_text("utf-8"))
    [events] = package["resources"]
    fields = {field["name"]: field for field in events["schema"]["fields"]}
    assert fields["object"]["type"] == "list"
    assert (fields["object"]["delimiter"], fields["object"]["escape"]) == (";", "\\")
    assert fields["realis"]["title"] == small_build.codebook().fields["codings", "realis"].label
    assert events["schema"]["missingValues"] == [""]
    assert "foreignKeys" not in events["schema"]  # they lead to tables that are not in the folder


def test_a_folder_of_something_else_is_not_replaced(camps: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out/notes.txt").write_text("mine")
    with pytest.raises(DatasetError, match="holds something other than this export"):
        export(camps, "csv", tmp_path / "out", replace_it=True)
    assert (tmp_path / "out/notes.txt").read_text() == "mine"
    export(camps, "csv", tmp_path / "new")
    with pytest.raises(DatasetError, match="is there already"):
        export(camps, "csv", tmp_path / "new")
    export(camps, "csv", tmp_path / "new", replace_it=True)


# ── Stata and SPSS ────────────────────────────────────────────────────────────────────────────────────────────────────


def reading(path: Path, **options: Any) -> tuple[Any, Any]:
    pyreadstat = pytest.importorskip("pyreadstat")
    found: tuple[Any, Any] = getattr(pyreadstat, f"read_{path.suffix[1:]}")(path, **options)
    return found


@pytest.mark.parametrize(("form", "file"), [("stata", "x.dta"), ("spss", "x.sav")])
def test_codes_are_numbers_with_labels_and_days_are_days(
    camps: Path, tmp_path: Path, form: str, file: str
) -> None:
    pytest.importorskip("pyreadstat")
    export(camps, form, tmp_path / file, table="reports")
    data, meta = reading(tmp_path / file)
    row = data[data.event_type == 72].iloc[0]  # 072: its stata_value
    labels = {
        name: values[row[name]] for name, values in meta.variable_value_labels.items() if row[name] in values
    }
    assert labels["event_type"] == f"072 {small_build.codebook().event_types['072'].label}"
    assert labels["realis"] == "Occurred"
    assert labels["country"] == "IRQ Iraq"
    assert labels["contested"] == "no"
    assert row.date_start == date(2025, 5, 3)
    assert labels["date_precision"] == "Day"
    assert row.place_name == "Hit"
    assert (
        meta.column_names_to_labels["place_name"]
        == small_build.codebook().fields["codings", "place_name"].label
    )


@pytest.mark.parametrize(("form", "file", "kept"), [("stata", "x.dta", "b"), ("spss", "x.sav", -9992)])
def test_missing_reasons_are_kept_in_numbers_and_beside_the_rest(
    camps: Path, tmp_path: Path, form: str, file: str, kept: Any
) -> None:
    pytest.importorskip("pyreadstat")
    export(camps, form, tmp_path / file, table="reports")
    data, meta = reading(tmp_path / file, user_missing=True)
    assert kept in [*data.fatalities_best]
    assert meta.variable_value_labels["fatalities_best"][kept] == "cannot tell"
    assert "fatalities_best_missing" not in data
    names = meta.variable_value_labels["deadline_missing"]  # a date cannot hold a reason
    assert "Not stated" in [names.get(value) for value in data.deadline_missing]
    plain, _ = reading(tmp_path / file)
    assert plain.fatalities_best.isna().all()


@pytest.mark.parametrize(("form", "file"), [("stata", "x.dta"), ("spss", "x.sav")])
def test_what_a_statistical_package_cannot_hold_is_told(
    camps: Path, tmp_path: Path, form: str, file: str
) -> None:
    pytest.importorskip("pyreadstat")
    done = export(camps, form, tmp_path / file)
    told = {(loss.column, loss.value) for loss in done.losses}
    assert ("event_type", "998") in told
    assert (("date_start", "1500-01-01") in told) == (form == "spss")  # SPSS counts from 1582
    data, _ = reading(tmp_path / file)
    assert "sites;rockets" in [*data.object]
    done = export(camps, form, tmp_path / f"d-{file}", table="decisions")
    data, _ = reading(tmp_path / f"d-{file}")
    assert ("by_" in data.columns) == (form == "spss")


@pytest.mark.parametrize(("form", "file"), [("stata", "x.dta"), ("spss", "x.sav")])
def test_a_file_that_a_full_disk_cut_short_is_no_export(
    camps: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str, file: str
) -> None:
    pyreadstat = pytest.importorskip("pyreadstat")
    name = f"write_{file[-3:]}"
    write = getattr(pyreadstat, name)

    def cut(frame: Any, path: Path, **options: Any) -> None:
        write(frame, path, **options)
        path.write_bytes(path.read_bytes()[:1024])

    monkeypatch.setattr(pyreadstat, name, cut)
    with pytest.raises(DatasetError, match="cannot be written: .* did not come out whole") as refused:
        export(camps, form, tmp_path / file)
    assert refused.value.hint == "free some space"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith((".", "x"))] == []


def test_the_losses_of_two_files_that_differ_in_their_endings_do_not_mix(camps: Path, tmp_path: Path) -> None:
    pytest.importorskip("pyreadstat")
    found = {
        export(camps, form, tmp_path / f"x.{end}").losses_path
        for form, end in (("stata", "dta"), ("spss", "sav"))
    }
    assert found == {tmp_path / "x.dta.losses.csv", tmp_path / "x.sav.losses.csv"}


def test_long_names_and_texts_are_shortened_and_told(tmp_path: Path) -> None:
    from eventcode.formats.export import labelled, stata
    from eventcode.formats.export.losses import Losses

    names = [f"a_name_that_is_longer_than_stata_takes_{n}" for n in range(3)] + ["if"]
    table = pa.table({name: pa.array(["é" * 20_000]) for name in names})
    lost = Losses()
    found = labelled.variables(table, "documents", small_build.codebook(), stata.FORM, lost)
    assert [one.name for one in found] == [
        "a_name_that_is_longer_than_sta_1",
        "a_name_that_is_longer_than_sta_2",
        "a_name_that_is_longer_than_sta_3",
        "if_",
    ]
    assert all(len(one.name) <= 32 and len(one.label.encode()) <= 80 for one in found)
    assert len(lost.found) == 4
    pytest.importorskip("pyreadstat")
    stata.write(tmp_path / "x.dta", table, "documents", small_build.codebook(), "long", Losses())
    data, _ = reading(tmp_path / "x.dta")
    assert data["if_"][0] == "é" * 20_000


@given(st.lists(st.sampled_from(["1", "2", "10", "01", "x", "y z"]), unique=True, min_size=1))
def test_every_value_of_a_list_has_a_number_of_its_own(values: list[str]) -> None:
    numbers = numbered(Vocabulary("v", "V", "", tuple(Term(value, value) for value in values)))
    assert len(set(numbers.values())) == len(values)
    assert all(numbers[value] == int(value) for value in values if {*values} <= {"1", "2", "10"})


def test_there_is_a_letter_for_every_missing_reason() -> None:
    from eventcode.formats.export import spss, stata

    assert [*stata.LETTERS] == [*spss.NUMBERS] == [*MISSING_REASONS]
    assert {spss.RANGE["lo"], spss.RANGE["hi"]} == {min(spss.NUMBERS.values()), max(spss.NUMBERS.values())}
