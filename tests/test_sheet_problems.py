"""What people and spreadsheet programs do to a workbook, and what they are told: where, what, and the remedy."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from eventcode.coding import sheet_in
from eventcode.model import Codebook
from sheet_case import Book, put

AS_TEXT = "format the cell as text (Home → Number → Text) and type it again"
# ── cells ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

CELLS: list[tuple[str, str, object, str, str]] = [
    ("codings", "D5", 11, "the number 11 stands where a code belongs", f"choose '011' from the list; {AS_TEXT}"),
    ("codings", "D5", 10, "the number 10 stands where a code belongs", f"choose '010' from the list; {AS_TEXT}"),
    ("codings", "D5", 77, "the number 77 stands where a code belongs", AS_TEXT),
    ("codings", "E5", True, "the truth value TRUE stands where text belongs", AS_TEXT),
    ("codings", "B6", 2, "the number 2 stands where text belongs", AS_TEXT),
    ("codings", "D5", "=A1", "a formula stands here", "copy the cell and paste it as a value"),
    ("codings", "E5", "#N/A", "the spreadsheet shows an error here: #N/A", "clear the cell and type the value"),
    ("codings", "E5", date(2025, 6, 16), "the date 2025-06-16 00:00 stands where text belongs", AS_TEXT),
    ("codings", "G5", 45824, "the number 45824 stands where a date belongs", f"if it is a count of days, it means 2025-06-16: {AS_TEXT}"),
    ("codings", "G5", 2025, "the number 2025 stands where a date belongs", f"for the year 2025, {AS_TEXT}"),
    ("codings", "G5", datetime(2025, 6, 16, 14, 30), "2025-06-16 14:30 stands where a date belongs",
     f"write the day only, as 2025-06-16; {AS_TEXT}"),
    ("codings", "G5", time(14, 30), "14:30:00 stands where a date belongs", f"write the day only, as 2025-06-16; {AS_TEXT}"),
    ("codings", "G5", "16.06.2025", "'16.06.2025' is no date",
     "write a date as 2025-06-16, 2025-06, 2025, 2025-01/2025-06-16, 2025-01/.. or 2025-04~"),
    ("codings", "Q5", 2.5, "2.5 is not a whole number", "write digits only, such as 12"),
    ("codings", "Q5", "two", "'two' is not a whole number", "write digits only, such as 12"),
    ("codings", "L5", "33,31", "'33,31' is not a number", "write it with a point and no spaces, such as 33.31"),
    ("codings", "L5", "1e999", "'1e999' is not a number", "write it with a point and no spaces, such as 33.31"),
    ("codings", "R5", "maybe", "'maybe' is neither yes nor no", "write yes or no, or leave it empty"),
    ("codings", "D5", None, "event_type is empty", "fill it, or clear the whole row"),
    ("codings", "B6", "e 2", '"e 2" is not written as it must be', "letters, digits, . _ and -"),
    ("codings", "C5", "020 · Leave", "the category is 020, but 011 belongs to 010", "choose the event type again, or clear the category"),
    ("documents", "E5", "Coded", '"Coded" is not allowed here', "did you mean 'coded'?"),
    ("participants", "C5", "actr", '"actr" is not allowed here', "did you mean 'actor'?"),
    ("evidence", "B5", "event", "'event' is nothing that evidence can be of", "write coding, source, support"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("sheet", "cell", "value", "message", "hint"), CELLS, ids=[f"{row[1]}={row[2]}" for row in CELLS]
)
def test_a_cell_of_the_wrong_shape_is_told_of(
    told: Any, sheet: str, cell: str, value: object, message: str, hint: str
) -> None:
    place = {"D5=None": "codings!D5", "C5=020 · Leave": "codings!D5"}.get(
        f"{cell}={value}", f"{sheet}!{cell}"
    )
    assert (place, message, hint) in told(put(sheet, cell, value))


@pytest.mark.parametrize(
    ("cell", "value", "column", "read"),
    [
        ("D5", "011", "event_type", "011"),
        ("D5", " 011\u00a0·\u00a0Threaten force\u00a0", "event_type", "011"),
        ("D5", "099", "event_type", "099"),
        ("E5", "\u00a0planned ", "realis", "planned"),
        ("G5", date(2025, 6, 16), "date_start", "2025-06-16"),
        ("G5", "2025-01/..", "date_precision", "after"),
        ("N5", "\u00a0", "deadline", None),
        ("P5", "paper ;convoy", "means", ["paper", "convoy"]),
        ("Q5", "12", "n_sites", 12),
        ("Q5", 12.0, "n_sites", 12),
        ("R5", True, "complete", True),
        ("R5", "FALSE", "complete", False),
        ("L5", "33.5", "lat", 33.5),
    ],
)  # fmt: skip
def test_what_can_be_understood_is_understood(
    tmp_path: Path, good: Path, small_codebook: Codebook, cell: str, value: object, column: str, read: object
) -> None:
    book = openpyxl.load_workbook(good)
    book["codings"]["C5"] = None
    put("codings", cell, value)(book)
    book.save(tmp_path / "w.xlsx")
    back = sheet_in.read(tmp_path / "w.xlsx", small_codebook)
    assert back.problems == []
    assert back.readings[0][0]["codings"][0].get(column) == read


def test_every_bad_cell_is_told_of_at_once(told: Any) -> None:
    def change(book: Book) -> None:
        for cell, value in (("D5", 11), ("E5", 3), ("G6", 45000), ("B6", None)):
            book["codings"][cell] = value

    assert [place for place, _, _ in told(change)] == ["codings!D5", "codings!E5", "codings!G6", "codings!B6"]


# ── columns and sheets ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_missing_column_is_told_of(told: Any) -> None:
    remedy = "write a fresh workbook with `eventcode sheet out` and copy the rows over"
    assert told(lambda book: book["codings"].delete_cols(6)) == [
        ("codings", "the column 'setting' is missing", remedy)
    ]


def test_a_hidden_column_is_missed_too(told: Any) -> None:
    said = told(lambda book: book["evidence"].delete_cols(8))
    assert [message for _, message, _ in said] == ["the column 'salt' is missing"]


def test_a_renamed_column_is_recognised(told: Any) -> None:
    said = told(put("codings", "E4", "realism"))
    assert said == [
        ("codings!E4", "the column 'realis' is missing", "'realism' looks like it: call it realis again")
    ]


def test_a_column_that_stands_twice_is_told_of(told: Any) -> None:
    said = told(put("codings", "W4", "realis"))
    assert said == [("codings!W4", "the column 'realis' stands twice", "keep one")]


def test_values_in_unknown_columns_are_told_of_and_an_empty_one_is_not(told: Any) -> None:
    def change(book: Book) -> None:
        book["codings"]["W4"], book["codings"]["W6"], book["codings"]["X5"], book["codings"]["Y4"] = (
            "mine",
            "x",
            "y",
            "later",
        )

    remedy = "move them to the column note or delete them"
    assert told(change) == [
        ("codings!W6", "the column 'mine' is unknown and holds 1 value", remedy),
        ("codings!X5", "this column has no name and holds 1 value", remedy),
    ]


def test_a_lost_header_is_told_of(told: Any) -> None:
    said = told(lambda book: book["codings"].delete_rows(1, 4))
    assert said[0] == (
        "codings", "the row of column names is missing",
        "the row with the column names (document, key, category, event_type …) must stand above the entries",
    )  # fmt: skip


def test_a_merged_cell_is_told_of(told: Any) -> None:
    said = told(lambda book: book["codings"].merge_cells("E5:E6"))
    assert said == [("codings!E5", "E5:E6 is one merged cell", "unmerge it and fill each row")]


def test_a_missing_sheet_is_told_of(told: Any) -> None:
    said = told(lambda book: book.remove(book["sources"]))
    assert said[0] == (
        "",
        "the sheet 'sources' is missing",
        "take it back from the workbook as it was written",
    )


def test_an_unknown_sheet_is_told_of_unless_it_is_marked_as_the_coders_own(told: Any) -> None:
    def change(book: Book) -> None:
        book.create_sheet("Sheet1")["A1"] = book.create_sheet("_mine")["A1"] = "x"
        book.create_sheet("empty")

    assert told(change) == [
        ("Sheet1", "the sheet 'Sheet1' is unknown", "delete it, or begin its name with _ to have it left out")
    ]


def test_a_workbook_for_another_version_of_the_codebook_is_told_of_once(told: Any) -> None:
    assert told(put("read me", "B2", "small@1.1.0")) == [
        (
            "read me!B2", "the workbook was written for small@1.1.0, here is small@1.2.0",
            "write a fresh workbook for small@1.2.0 and copy the rows over, or use the codebook small@1.1.0",
        )
    ]  # fmt: skip


def test_a_workbook_from_before_a_change_of_wording_is_read(told: Any) -> None:
    def change(book: Book) -> None:
        book["read me"]["B2"], book["codings"]["D5"] = "small@1.2.7", "011 · As it was called then"

    assert told(change) == []
