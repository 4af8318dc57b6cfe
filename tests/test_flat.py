"""CSV files that have the columns of a table already, checked and written as Parquet."""

from __future__ import annotations

import csv
import gzip
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eventcode.codebook.load import load
from eventcode.errors import DatasetError
from eventcode.formats.export import csv_tables
from eventcode.model import Codebook
from eventcode.pipeline.flat import to_parquet

HEADER = "event_id,event_type,realis,date_start,date_end,date_precision,lat,demand,contested"
ROWS = """\
E1,035,occurred,2025-05-03,2025-05-03,day,33.04,disband;leave_place,true
E2,072,planned,2025-05-04,2025-05-04,day,,,false
E3,072,occurred,,,,,,
"""


@pytest.fixture(scope="module")
def book() -> Codebook:
    return load("disarmament")


def written(path: Path, text: str, name: str = "events.csv") -> Path:
    path = path / name
    path.write_text(text, encoding="utf-8")
    return path


def imported(path: Path, book: Codebook, text: str) -> pa.Table:
    to_parquet(written(path, text), path / "out.parquet", book)
    return pq.read_table(path / "out.parquet")


def test_every_column_gets_the_type_that_the_codebook_declares(tmp_path: Path, book: Codebook) -> None:
    table = imported(tmp_path, book, f"{HEADER}\n{ROWS}")
    first, _, third = table.to_pylist()
    assert first == {
        "event_id": "E1", "event_type": "035", "realis": "occurred", "date_start": date(2025, 5, 3), "date_end": date(2025, 5, 3),
        "date_precision": "day", "lat": 33.04, "demand": ["disband", "leave_place"], "contested": True,
    }  # fmt: skip
    assert {name for name, value in third.items() if value is not None} == {
        "event_id",
        "event_type",
        "realis",
    }
    assert table.schema.field("realis").metadata[b"label"]
    assert table.schema.metadata[b"codebook"] == book.reference.encode()


def test_an_exported_table_comes_back_whatever_its_lists_hold(tmp_path: Path, book: Codebook) -> None:
    hard = [["leave_place"], [], ["a;b", "\\"], [""], None]
    for lists in (hard, [["a", "b"], None, ["c"]]):
        table = pa.table({"event_id": [f"E{i}" for i, _ in enumerate(lists)], "demand": lists})
        (tmp_path / "events.csv").unlink(missing_ok=True)
        csv_tables.write(tmp_path / "events.csv", table)
        to_parquet(tmp_path / "events.csv", tmp_path / "out.parquet", book)
        assert pq.read_table(tmp_path / "out.parquet").to_pylist() == table.to_pylist()


def test_a_code_keeps_its_leading_zero(tmp_path: Path, book: Codebook) -> None:
    table = imported(tmp_path, book, "event_id,event_type,realis\n0012,035,occurred\n")
    assert table.to_pylist() == [{"event_id": "0012", "event_type": "035", "realis": "occurred"}]


def test_rows_that_break_a_rule_are_written_and_told(tmp_path: Path, book: Codebook) -> None:
    text = "event_id,event_type,realis\nE1,035,occurred\nE1,35,occurred\n"
    result = to_parquet(written(tmp_path, text), tmp_path / "out.parquet", book)
    failed = {count.rule: count.failed for count in result.counts if count.failed}
    assert failed == {"codings.event_type-code": 1, "events.key-unique": 1}
    assert {(f.rule, f.key) for f in result.findings} == {(rule, "E1") for rule in failed}
    assert pq.read_metadata(tmp_path / "out.parquet").num_rows == 2


def test_rows_stay_in_their_order_across_row_groups(tmp_path: Path, book: Codebook) -> None:
    rows = "".join(f"E{i},035,occurred\n" for i in range(300_000, 0, -1))
    table = imported(tmp_path, book, f"event_id,event_type,realis\n{rows}")
    assert table.column("event_id").to_pylist() == [f"E{i}" for i in range(300_000, 0, -1)]
    footer = pq.read_metadata(tmp_path / "out.parquet")
    assert [footer.row_group(i).num_rows for i in range(footer.num_row_groups)] == [122_880, 122_880, 54_240]


def test_a_header_alone_gives_a_table_without_rows(tmp_path: Path, book: Codebook) -> None:
    table = imported(tmp_path, book, f"{HEADER}\n")
    assert (table.num_rows, table.column_names) == (0, HEADER.split(","))


def test_other_separators_and_packed_files_are_read(tmp_path: Path, book: Codebook) -> None:
    source = written(tmp_path, "event_id\tevent_type\nE1\t035\n", "events.tsv")
    to_parquet(source, tmp_path / "out.parquet", book)
    packed = tmp_path / "events.csv.gz"
    packed.write_bytes(gzip.compress(b"event_id;event_type\nE1;035\n"))
    to_parquet(packed, tmp_path / "other.parquet", book, delimiter=";")
    assert pq.read_table(tmp_path / "out.parquet").equals(pq.read_table(tmp_path / "other.parquet"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "event_id,date_start\nE1,2025-05-03\nE2,2025-13-03\n",
            "events.csv:3  date_start\n  '2025-13-03' is no day",
        ),
        ("event_id,lat\nE1,33,04\n", "events.csv:2\n  3 cells, and 2 columns"),
        ("event_id,lat\nE1,north\n", "events.csv:2  lat\n  'north' is no number"),
        ("event_id,n_reports\nE1,1\nE2,1.5\n", "events.csv:3  n_reports\n  '1.5' is no whole number"),
        ("event_id,contested\nE1,perhaps\n", "events.csv:2  contested\n  'perhaps' is no yes or no"),
        ('event_id,place_name\nE1,"Kilo 40\n', "a quotation mark is opened here and never closed"),
        ("event_id,place_name\nE1,Kilo\0 40\n", "a NUL byte"),
        ("event_id,evnt_type\nE1,035\n", "the column 'evnt_type' is unknown"),
        ("event_id,event_id\nE1,E1\n", "the column 'event_id' stands twice"),
        ("event_id;event_type\nE1;035\n", "say what separates its cells: --delimiter ';'"),
        ("", "events.csv is empty"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_line_and_remedy(
    tmp_path: Path, book: Codebook, text: str, told: str
) -> None:
    (tmp_path / "out.parquet").write_bytes(b"as before")
    with pytest.raises(DatasetError) as error:
        to_parquet(written(tmp_path, text), tmp_path / "out.parquet", book)
    assert told in str(error.value)
    assert "→" in str(error.value)
    assert {path.name for path in tmp_path.iterdir()} == {"events.csv", "out.parquet"}
    assert (tmp_path / "out.parquet").read_bytes() == b"as before"


def test_bytes_that_are_no_utf8_are_told_by_line(tmp_path: Path, book: Codebook) -> None:
    source = tmp_path / "events.csv"
    source.write_bytes(b"event_id,place_name\nE1,Kilo\nE2,Caf\xe9\n")
    with pytest.raises(DatasetError, match="events.csv:3"):
        to_parquet(source, tmp_path / "out.parquet", book)


cells = st.text(
    st.characters(codec="utf-8", exclude_characters="\0\r", exclude_categories=["Cs"]), max_size=8
)


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.tuples(cells, st.integers(-(2**63), 2**63 - 1), st.dates(date(1, 1, 1))), min_size=1, max_size=5
    )
)
def test_whatever_the_csv_module_writes_comes_back(
    tmp_path: Path, small_codebook: Codebook, rows: list[Any]
) -> None:
    source = tmp_path / "events.csv"
    with source.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerows([("event_id", "status", "n_reports", "date_start"), *(("E", *row) for row in rows)])
    to_parquet(source, tmp_path / "out.parquet", small_codebook)
    back = pq.read_table(tmp_path / "out.parquet").to_pylist()
    assert [(row["status"] or "", row["n_reports"], row["date_start"]) for row in back] == rows
