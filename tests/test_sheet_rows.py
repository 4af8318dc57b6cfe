"""Rows of a workbook that belong nowhere, or to a document without a status; and what is left to the rules."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from eventcode.coding import sheet_in, sheet_out
from eventcode.model import Codebook
from sheet_case import CODER, SMALL_READING, Book, put

AS_TEXT = "format the cell as text (Home → Number → Text) and type it again"


# ── rows ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_key_that_stands_twice_in_a_document_is_told_of(told: Any) -> None:
    said = told(put("codings", "B6", "e1"))
    assert said == [
        (
            "codings!B6",
            "'e1' stands twice in the document 'doc-1'",
            "the first is at codings!B5: give this row another, or delete it",
        )
    ]


def test_a_document_that_stands_twice_is_told_of(told: Any) -> None:
    said = told(put("documents", "A6", "doc-1"))
    assert said == [
        (
            "documents!A6",
            "'doc-1' stands twice",
            "the first is at documents!A5: give this row another, or delete it",
        )
    ]


@pytest.mark.parametrize(
    ("sheet", "cell", "value", "message", "hint"),
    [
        ("codings", "A6", "doc-11", "there is no document 'doc-11'", "did you mean 'doc-1'?"),
        ("sources", "A5", "other", "there is no document 'other'", "one of: doc-1, doc-2"),
        ("support", "B5", "e9", "there is no coding 'e9' in the document 'doc-1'", "one of: e1, e2"),
        ("participants", "B5", "x", "there is no coding 'x' in the document 'doc-1'", "one of: e1, e2"),
        ("participants", "A5", "doc-3", "there is no document 'doc-3'", "did you mean 'doc-2'?"),
        ("evidence", "C5", "4", "there is no support '4' in the document 'doc-1'", "one of: 1"),
        (
            "evidence",
            "A5",
            "doc-2",
            "there is no support '1' in the document 'doc-2'",
            "enter it on the sheet support first",
        ),
    ],
)
def test_a_row_that_belongs_nowhere_is_told_of(
    told: Any, sheet: str, cell: str, value: str, message: str, hint: str
) -> None:
    column = "C5" if message.startswith("there is no support") else cell
    assert told(put(sheet, cell, value)) == [(f"{sheet}!{column}", message, hint)]


def test_rows_without_a_document_or_key_are_told_of(told: Any) -> None:
    def change(book: Book) -> None:
        book["codings"].append([None, None, None, None, "occurred"])

    assert [(place, message) for place, message, _ in told(change)] == [
        ("codings!A7", "document is empty"), ("codings!B7", "key is empty"), ("codings!D7", "event_type is empty"),
    ]  # fmt: skip


def test_codings_of_a_document_without_a_status_are_told_of(told: Any) -> None:
    hint = "say on the sheet documents what became of it: coded, no_event or skipped"
    said = told(lambda book: book["codings"].append(["doc-2", "e1", None, "011"]))
    assert said == [("documents!E6", "'doc-2' has rows on the sheet codings, but no status", hint)]


def test_a_status_that_was_cleared_is_told_of(tmp_path: Path, small_codebook: Codebook) -> None:
    nothing = {**SMALL_READING, "status": "no_event"}
    del nothing["sources"], nothing["codings"]
    sheet_out.write(tmp_path / "w.xlsx", small_codebook, CODER, [], [nothing])
    book = openpyxl.load_workbook(tmp_path / "w.xlsx")
    book["documents"]["E5"] = None
    book.save(tmp_path / "w.xlsx")
    (problem,) = sheet_in.read(tmp_path / "w.xlsx", small_codebook).problems
    assert (problem.message, problem.hint) == (
        "'doc-1' has no status",
        "choose one; to take a reading back, choose withdrawn",
    )


def test_broken_rules_are_no_matter_of_shape(told: Any) -> None:
    def change(book: Book) -> None:
        for sheet, cell, value in (
            ("codings", "C5", None), ("codings", "D5", "no such code"), ("codings", "E5", None), ("codings", "L5", 900),
            ("support", "C5", "s9"), ("documents", "E5", "no_event"),
        ):  # fmt: skip
            book[sheet][cell] = value

    assert told(change) == []


def test_a_problem_reads_as_place_message_and_remedy(tmp_path: Path, small_codebook: Codebook) -> None:
    sheet_out.write(tmp_path / "w.xlsx", small_codebook, CODER, [], [SMALL_READING])
    book = openpyxl.load_workbook(tmp_path / "w.xlsx")
    book["codings"]["D5"] = 11
    book.save(tmp_path / "w.xlsx")
    (problem,) = sheet_in.read(tmp_path / "w.xlsx", small_codebook).problems
    assert str(problem) == (
        f"{tmp_path}/w.xlsx  codings!D5\n"
        "  the number 11 stands where a code belongs\n"
        f"  → choose '011' from the list; {AS_TEXT}"
    )
