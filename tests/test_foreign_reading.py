"""Foreign files are read as they are or refused with line and remedy: never a guess, never a traceback, never a row lost."""

from __future__ import annotations

import gzip
import json
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eventcode.errors import EventcodeError
from eventcode.formats.tabular import packed
from eventcode.formats.tabular.opening import open_table
from eventcode.formats.tabular.tables import AS_TOLD, Reading

PLAIN = b"id,name\n1,Lisane\n2,Velmar\n"
ROWS = [["1", "Lisane"], ["2", "Velmar"]]
QUIET = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def read(path: Path, reading: Reading = AS_TOLD) -> tuple[tuple[str, ...], list[list[str | None]], list[int]]:
    """Columns, rows and lines of a file."""
    table = open_table(path, reading)
    batches = list(table.batches(2))
    return (
        table.columns,
        [row for batch in batches for row in batch.rows],
        [n for batch in batches for n in batch.lines],
    )


def put(folder: Path, content: bytes, name: str = "t.csv") -> Path:
    (folder / name).write_bytes(content)
    return folder / name


def refused(path: Path, reading: Reading = AS_TOLD) -> str:
    with pytest.raises(EventcodeError) as caught:
        read(path, reading)
    return str(caught.value)


# ── what is read ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "content", "reading"),
    [
        ("t.csv", PLAIN, Reading()),
        ("t.csv", b"\xef\xbb\xbf" + PLAIN, Reading()),
        ("t.csv", PLAIN.replace(b"\n", b"\r\n"), Reading()),
        ("t.csv", PLAIN.rstrip(), Reading()),
        ("t.csv", PLAIN.replace(b"\n2", b"\n\n2"), Reading()),
        ("t.tsv", PLAIN.replace(b",", b"\t"), Reading()),
        ("t.txt", PLAIN.replace(b",", b"\t"), Reading()),
        ("t.csv", PLAIN.replace(b",", b";"), Reading(";")),
        ("t.csv.gz", gzip.compress(PLAIN, mtime=0), Reading()),
        ("t.tsv", b"1\tLisane\n2\tVelmar\n", Reading(header=("id", "name"))),
        ("t.tsv", PLAIN.replace(b",", b"\t"), Reading(header=("id", "name"))),
        ("t.json", b'[{"id": 1, "name": "Lisane"}, {"id": 2, "name": "Velmar"}]', Reading()),
        (
            "t.json",
            b'{"count": 2, "data": [{"id": 1, "name": "Lisane"}, {"id": 2, "name": "Velmar"}]}',
            Reading(),
        ),
        ("t.jsonl", b'{"id": 1, "name": "Lisane"}\n\n{"name": "Velmar", "id": 2}\n', Reading()),
    ],
)
def test_a_table_is_read_whatever_it_comes_in(
    tmp_path: Path, name: str, content: bytes, reading: Reading
) -> None:
    columns, rows, _ = read(put(tmp_path, content, name), reading)
    assert columns == ("id", "name")
    assert rows == ROWS


def test_a_zip_archive_with_one_member_is_read(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "t.zip", "w") as archive:
        archive.writestr("inside.tsv", PLAIN.replace(b",", b"\t"))
    assert read(tmp_path / "t.zip")[1] == ROWS


def test_a_workbook_is_read_from_its_first_sheet(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (
        ["id", "day", "n"],
        ["010", date(2024, 5, 3), 2.0],
        [None, None, None],
        ["011", datetime(2024, 5, 4), None],
    ):
        book.active.append(row)
    book.save(tmp_path / "t.xlsx")
    columns, rows, lines = read(tmp_path / "t.xlsx")
    assert columns == ("id", "day", "n")
    assert [row[0] for row in rows] == ["010", "011"]
    assert [row[2] for row in rows] == ["2", None]
    assert str(rows[0][1]).startswith("2024-05-03")
    assert lines == [2, 4]


def test_parquet_numbers_and_days_are_written_as_people_write_them(tmp_path: Path) -> None:
    columns = {
        "whole": pa.array([1.0, None, float("nan")]), "part": [0.5, 2.0, None], "day": pa.array([date(2024, 5, 3), None, None]),
        "time": pa.array([datetime(2024, 5, 3), datetime(2024, 5, 3, 1, 2), None], pa.timestamp("us")), "large": [2.0**60, 1.0, 1.5],
        "word": pa.array(["a", "b", None]).dictionary_encode(),
    }  # fmt: skip
    pq.write_table(pa.table(columns), tmp_path / "t.parquet")
    _, rows, lines = read(tmp_path / "t.parquet")
    assert rows[0] == ["1", "0.5", "2024-05-03", "2024-05-03T00:00:00", repr(2.0**60), "a"]
    assert rows[1] == [None, "2", None, "2024-05-03T01:02:00", "1", "b"]
    assert lines == [1, 2, 3]


def test_an_empty_text_is_not_nothing_unless_it_is_said(tmp_path: Path) -> None:
    path = put(tmp_path, b"a,b\n,NULL\n")
    assert read(path)[1] == [["", "NULL"]]
    assert read(path, Reading(nulls=("", "NULL")))[1] == [[None, None]]


def test_a_line_break_in_quotes_keeps_the_lines_right(tmp_path: Path) -> None:
    _, rows, lines = read(put(tmp_path, b'a,b\n1,"two\nlines"\n2,x\n'))
    assert rows == [["1", "two\nlines"], ["2", "x"]]
    assert lines == [2, 4]


def test_where_quotes_are_letters_they_stay(tmp_path: Path) -> None:
    assert read(put(tmp_path, b'a\tb\n"1\tx"y\n', "t.tsv"), Reading(quotes=False))[1] == [['"1', 'x"y']]


def test_nested_json_is_laid_flat_with_dots_and_numbers(tmp_path: Path) -> None:
    row = {
        "event": {"code": "010"},
        "source": [{"code": "GOV"}, {"code": "REB"}],
        "tags": ["a", "b"],
        "n": 1.50,
        "ok": True,
        "no": None,
    }
    columns, rows, _ = read(put(tmp_path, json.dumps(row).replace("1.5", "1.50").encode(), "t.jsonl"))
    assert dict(zip(columns, rows[0], strict=True)) == {
        "event.code": "010", "source.1.code": "GOV", "source.2.code": "REB", "tags": "a;b", "n": "1.50", "ok": "true",
    }  # fmt: skip


def test_ten_thousand_columns_are_read(tmp_path: Path) -> None:
    names = [f"c{i}" for i in range(10_000)]
    columns, rows, _ = read(put(tmp_path, f"{','.join(names)}\n{','.join(names)}\n".encode()))
    assert list(columns) == names == rows[0]


def test_a_header_alone_has_no_rows(tmp_path: Path) -> None:
    assert read(put(tmp_path, b"a,b\n")) == (("a", "b"), [], [])


def test_other_encodings_are_read_where_they_are_named(tmp_path: Path) -> None:
    path = put(tmp_path, "a,b\nCôte,“x”\n".encode("cp1252"))
    assert read(path, Reading(encoding="cp1252"))[1] == [["Côte", "“x”"]]


# ── what is refused ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("t.csv", b"", "t.csv is empty"),
        ("t.csv", b"id;name\n1;x\n", "holds no comma, but a semicolon\n  → say what separates its cells: --delimiter ';'"),
        ("t.csv", b"id\tname\n1\tx\n", "--delimiter tab"),
        ("t.csv", b"a,a\n1,2\n", "the column 'a' stands twice"),
        ("t.csv", b"a,\n1,2\n", "column 2 has no name"),
        ("t.csv", b"a,b\n1,2\n1\n1,2,3\n", "t.csv has 2 rows of the wrong length"),
        ("t.csv", b"a,b\n1,2\n1\n", "t.csv:3\n  1 cells, and 2 columns"),
        ("t.csv", b"a,b\n1,\x002\n", "t.csv:2\n  a NUL byte (byte 3 of the line)"),
        ("t.csv", b'a,b\n1,"2\n3,4\n', "t.csv:2\n  a quotation mark is opened here and never closed"),
        ("t.csv", b'a,b\n1,"2"3\n', "text after a closing quotation mark"),
        ("t.csv", "a,b\nx,ü\n".encode("utf-16"), "t.csv is UTF-16"),
        ("t.csv", "a,b\n1,2\nü,é\n".encode("latin-1"), "t.csv is not UTF-8\nt.csv:3\n  byte 1 of the line, 0xfc"),
        ("t.csv", "a\nü\n".encode() + "ü\n".encode("latin-1"), "t.csv has mixed encodings\nt.csv:3"),
        ("t.csv.gz", gzip.compress(PLAIN, mtime=0)[:-12], "t.csv.gz is damaged"),
        ("t.csv.gz", b"no", "cannot be read"),
        ("t.zip", b"no", "t.zip is damaged"),
        ("t.parquet", b"PAR1 no", "t.parquet cannot be read"),
        ("t.xlsx", b"no", "t.xlsx is damaged"),
        ("t.json", b"", "t.json is empty"),
        ("t.json", b"[]", "holds no object"),
        ("t.json", b"[1]", "a single value stands where an object should"),
        ("t.json", b'[{"a": 1},\n{"a": ]', "t.json:2\n  no JSON"),
        ("t.jsonl", b'{"a": 1}\n{"a"\n', "t.jsonl:2\n  no JSON"),
        ("t.jsonl", b'{"a": 1}\n{"a": 1, "a": 2}\n', "the key 'a' stands twice"),
        ("t.jsonl", b'{"a": Infinity}\n', "Infinity is no number"),
        ("t.jsonl", b'{"a": "\\ud800"}\n', "no JSON"),
        ("t.jsonl", b'{"a": [[1]]}\n', "'a' holds lists within a list"),
        ("t.jsonl", b"[" * 100_000, "no JSON"),
        ("t.bin", b"", "t.bin is no table that can be read"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_its_place(
    tmp_path: Path, name: str, content: bytes, told: str
) -> None:
    assert told in refused(put(tmp_path, content, name))


def test_a_headerless_file_of_another_width_is_refused(tmp_path: Path) -> None:
    told = refused(put(tmp_path, b"1\t2\t3\n", "t.tsv"), Reading(header=("a", "b")))
    assert "the first row of t.tsv has 3 cells, and 2 columns are named for it" in told


def test_an_unknown_encoding_is_refused(tmp_path: Path) -> None:
    assert "'no-such' is no encoding" in refused(put(tmp_path, PLAIN), Reading(encoding="no-such"))


def test_a_byte_that_the_named_encoding_lacks_is_refused_with_its_line(tmp_path: Path) -> None:
    assert "0x81, is no CP1252" in refused(put(tmp_path, b"a\n\x81\n"), Reading(encoding="cp1252"))


def test_a_gigantic_cell_is_refused_with_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eventcode.formats.tabular.delimited.LARGEST", 1000)
    assert "t.csv:3\n  a line of more than" in refused(put(tmp_path, b"a,b\n1,2\n1," + b"x" * 2000 + b"\n"))
    quoted = b'a,b\n1,2\n1,"' + b"xx\n" * 500 + b'"\n'
    assert "t.csv:3\n  a cell of more than" in refused(put(tmp_path, quoted))


def test_bombs_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "FREE", 10_000)
    bomb = b"a,b\n" + b"0,0\n" * 100_000
    assert "unpacks to more than" in refused(put(tmp_path, gzip.compress(bomb), "t.csv.gz"))
    with zipfile.ZipFile(tmp_path / "t.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("t.csv", bomb)
    assert "unpacks to more than" in refused(tmp_path / "t.zip")
    with zipfile.ZipFile(tmp_path / "t.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 4_000_000)
    assert "unpacks to" in refused(tmp_path / "t.xlsx")


@pytest.mark.parametrize(
    ("members", "told"),
    [([], "holds 0 files"), (["a.csv", "b.csv"], "holds 2 files"), (["a.zip"], "holds another archive")],
)
def test_a_zip_archive_with_anything_but_one_table_is_refused(
    tmp_path: Path, members: list[str], told: str
) -> None:
    with zipfile.ZipFile(tmp_path / "t.zip", "w") as archive:
        for member in members:
            archive.writestr(member, PLAIN)
    assert told in refused(tmp_path / "t.zip")


def test_a_column_of_lists_is_refused(tmp_path: Path) -> None:
    pq.write_table(pa.table({"a": [[1], [2]]}), tmp_path / "t.parquet")
    assert "holds list" in refused(tmp_path / "t.parquet")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert "is not there" in refused(tmp_path / "t.csv")


@QUIET
@given(
    content=st.binary(max_size=200)
    | st.text(st.sampled_from('a,;\t"\n\r{}[]:1 é'), max_size=60).map(str.encode),
    name=st.sampled_from(["t.csv", "t.tsv", "t.csv.gz", "t.zip", "t.json", "t.jsonl", "t.parquet", "t.xlsx"]),
    quotes=st.booleans(),
)
def test_any_bytes_give_rows_or_an_error_that_says_what_to_do(
    tmp_path: Path, content: bytes, name: str, quotes: bool
) -> None:
    path = put(tmp_path, content, name)
    try:
        columns, rows, lines = read(path, Reading(quotes=quotes))
    except EventcodeError as error:
        rows, lines, columns = [], [], (str(error),)
    assert columns[0]
    assert all(len(row) == len(columns) for row in rows)
    assert len(rows) == len(lines)


WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)


@QUIET
@given(rows=st.lists(st.lists(WORDS, min_size=2, max_size=2), min_size=1, max_size=9))
def test_what_is_written_in_quotes_comes_back(tmp_path: Path, rows: list[list[str]]) -> None:
    quoted = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in [["a", "b"], *rows]]
    assert read(put(tmp_path, ("\n".join(quoted) + "\n").encode()))[1] == rows
