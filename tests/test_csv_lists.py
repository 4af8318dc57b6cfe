"""CSV files that people edit: waivers, publishers, actors."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventcode.errors import Problem
from eventcode.formats import table
from eventcode.model import Place

REQUIRED, OPTIONAL = ("rule", "who"), ("key",)
CLOSE = "close every quotation mark, and double those inside a cell"
HINT = "the first line must be rule,who,key"


def _rows(data: bytes) -> list[dict[str, str]]:
    rows, problems = table.parse(data, "waivers.csv", REQUIRED, OPTIONAL)
    assert problems == []
    return [row for row, _ in rows]


def _problems(data: bytes) -> list[Problem]:
    return table.parse(data, "waivers.csv", REQUIRED, OPTIONAL)[1]


def test_rows_have_their_line_and_empty_cells_are_left_out() -> None:
    rows, problems = table.parse(
        b"rule,who,key\n\na.b, anna ,\nc.d,ben,x/y\n", "waivers.csv", REQUIRED, OPTIONAL
    )
    assert rows == [
        ({"rule": "a.b", "who": "anna"}, Place("waivers.csv", 3)),
        ({"rule": "c.d", "who": "ben", "key": "x/y"}, Place("waivers.csv", 4)),
    ]
    assert problems == []


@pytest.mark.parametrize(
    "data",
    [
        b"rule,who\na.b,anna\n",
        b"rule;who\na.b;anna\n",
        b"rule\twho\na.b\tanna\n",
        b"\xef\xbb\xbfrule;who\r\na.b;anna\r\n",
        b"rule,who\ra.b,anna\r",
        b'"rule","who"\n"a.b","anna"',
        b" rule , who \na.b,anna\n,\n",
    ],
)  # fmt: skip
def test_what_spreadsheets_write_is_understood(data: bytes) -> None:
    assert _rows(data) == [{"rule": "a.b", "who": "anna"}]


def test_a_cell_over_two_lines_does_not_shift_the_lines_of_the_rest() -> None:
    rows, _ = table.parse(b'rule,who\n"a\nb",anna\nc.d,ben\n', "waivers.csv", REQUIRED, OPTIONAL)
    assert [(row["rule"], place.line) for row, place in rows] == [("a\nb", 2), ("c.d", 4)]


def test_codes_and_dates_stay_what_they_are() -> None:
    assert _rows(b"rule,who,key\n010,1e5,2025-06-16\n") == [
        {"rule": "010", "who": "1e5", "key": "2025-06-16"}
    ]


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"rule\na.b\n", Problem("the column who is missing", HINT, "waivers.csv", 1)),
        (b"rule,who,sinner\na,b,c\n", Problem("the column 'sinner' is unknown", HINT, "waivers.csv", 1)),
        (b"rule,who,who\na,b,c\n", Problem("the column 'who' stands twice", HINT, "waivers.csv", 1)),
        (b"rule,who\na,b,c\n", Problem("3 cells, and the header has 2", "quote cells that hold a comma", "waivers.csv", 2)),
        (b"rule;who\na;b;c\n", Problem("3 cells, and the header has 2", "quote cells that hold a semicolon", "waivers.csv", 2)),
        (b"rule,who\n,anna\n", Problem("rule is empty", "fill it", "waivers.csv", 2, "rule")),
        (b"rule,who\na,\xe9\n", Problem("byte 11 is not UTF-8", "save the file as UTF-8", "waivers.csv")),
        (b'rule,who\na,"b\n', Problem("not CSV: unexpected end of data", CLOSE, "waivers.csv")),
        (b'rule,who\na,"b"c\n', Problem("not CSV: ',' expected after '\"'", CLOSE, "waivers.csv")),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_line_and_remedy(data: bytes, problem: Problem) -> None:
    assert _problems(data) == [problem]


def test_an_empty_file_lacks_its_columns() -> None:
    assert [problem.message for problem in _problems(b"")] == [
        "the column rule is missing",
        "the column who is missing",
    ]


def test_a_cell_without_end_is_a_problem_and_no_crash() -> None:
    assert (
        _problems(b"rule,who\na," + b"b" * 200_000 + b"\n")[0].message
        == "a cell has more than 131,072 characters"
    )


@given(st.binary(max_size=120))
def test_no_bytes_make_the_reader_stumble(data: bytes) -> None:
    rows, problems = table.parse(b"rule,who\n" + data, "waivers.csv", REQUIRED, OPTIONAL)
    assert all(set(row) <= {"rule", "who"} for row, _ in rows)
    assert all(problem.hint for problem in problems)
