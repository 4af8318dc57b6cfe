"""Workbooks for coders: what a spreadsheet program is told, and that another one keeps it."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from eventcode.coding import sheet_in, sheet_out
from eventcode.coding.workbook_layout import SHEETS, sheets
from eventcode.model import Codebook
from sheet_case import CODER, DOCUMENTS, READING


@pytest.fixture
def workbook(tmp_path: Path, small_codebook: Codebook) -> Path:
    path = tmp_path / "reader-1.xlsx"
    sheet_out.write(path, small_codebook, CODER, DOCUMENTS, [READING])
    return path


def column(sheet: Any, name: str) -> str:
    return next(str(cell.column_letter) for cell in sheet[4] if cell.value == name)


def validation(sheet: Any, name: str) -> Any:
    letter = column(sheet, name)
    found = (
        v
        for v in sheet.data_validations.dataValidation
        if any(str(r).startswith(f"{letter}5:") for r in v.sqref.ranges)
    )
    return next(found)


# ── what Excel is told ────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_sheets_stand_in_the_order_of_the_work(workbook: Path) -> None:
    book = openpyxl.load_workbook(workbook)
    assert book.sheetnames == ["read me", *SHEETS, "guide", "lists"]
    assert book["lists"].sheet_state == "veryHidden"


def test_every_field_of_the_codebook_has_a_column_and_so_has_each_missing_reason(
    workbook: Path, small_codebook: Codebook
) -> None:
    book = openpyxl.load_workbook(workbook)
    for table in ("codings", "sources", "support"):
        names = {cell.value for cell in book[table][4]}
        assert names >= {f.name for f in small_codebook.fields_of(table)}
        assert names >= {f"{f.name}_missing" for f in small_codebook.fields_of(table) if f.missing}


def test_drop_downs_point_to_ranges_and_never_hold_the_list_or_a_name(workbook: Path) -> None:
    book = openpyxl.load_workbook(workbook)
    formulas = [
        v.formula1 for name in SHEETS for v in book[name].data_validations.dataValidation if v.type == "list"
    ]
    assert len(formulas) > 20
    assert not [
        formula
        for formula in formulas
        if formula.startswith('"') or "INDIRECT" in formula or "$" not in formula
    ]


def test_a_drop_down_offers_the_values_of_the_codebook(workbook: Path) -> None:
    book = openpyxl.load_workbook(workbook)
    rule = validation(book["codings"], "realis")
    lists = book["lists"]
    assert [cell.value for (cell,) in lists[rule.formula1.partition("!")[2]]] == [
        "occurred",
        "planned",
        "negated",
    ]
    assert (rule.errorStyle or "stop", rule.error.startswith("It is not in the list.")) == ("stop", True)


def test_event_types_follow_the_category_and_the_negative_ones_are_not_offered(workbook: Path) -> None:
    book = openpyxl.load_workbook(workbook)
    tree = [(root.value, code.value) for root, code in book["lists"]["A2:B7"]]
    assert tree == [
        ("010 · Threaten", "010 · Threaten"), ("010 · Threaten", "011 · Threaten force"), ("010 · Threaten", "012 · Set an ultimatum"),
        ("020 · Leave", "020 · Leave"), ("020 · Leave", "021 · Leave a base"), ("020 · Leave", "022 · Hand over arms"),
    ]  # fmt: skip
    assert validation(book["codings"], "event_type").formula1.startswith(
        "OFFSET(lists!$B$2,IFERROR(MATCH($C5,lists!$A$2:$A$7,0)-1,0),0"
    )


def test_codes_and_dates_are_cells_of_text_also_where_nothing_stands_yet(workbook: Path) -> None:
    codings = openpyxl.load_workbook(workbook)["codings"]
    for name in ("key", "event_type", "realis", "date", "means", "place_name"):
        letter = column(codings, name)
        assert codings.column_dimensions[letter].number_format == "@"
        assert codings[f"{letter}5"].value is None or codings[f"{letter}5"].number_format == "@"


def test_entries_may_be_edited_and_ids_are_hidden_and_locked(workbook: Path) -> None:
    book = openpyxl.load_workbook(workbook)
    documents, codings = book["documents"], book["codings"]
    assert all(book[name].protection.sheet for name in SHEETS)
    assert documents[f"{column(documents, 'document_id')}5"].protection.locked
    assert documents.column_dimensions[column(documents, "document_id")].hidden
    assert not documents["E5"].protection.locked
    assert codings["E4"].protection.locked
    assert not codings["E5"].protection.locked
    assert not codings.column_dimensions["E"].protection.locked


def test_a_heading_asks_the_question_and_its_note_gives_help_and_codes(workbook: Path) -> None:
    sources = openpyxl.load_workbook(workbook)["sources"]
    assert (sources["C2"].value, sources["C3"].value, sources["C4"].value) == (
        "Identity",
        "Identity: what does the text say?",
        "identity",
    )
    note = sources["C2"].comment
    assert note is not None
    assert "Look for a name on the whole page." in note.text
    assert "own_voice: Own voice. The text shows that it is own_voice." in note.text


def test_a_set_says_which_values_it_takes(workbook: Path) -> None:
    rule = validation(openpyxl.load_workbook(workbook)["codings"], "means")
    assert (
        rule.prompt
        == "Choose one, or type several with ; between them: statement · convoy · air_strike · paper"
    )
    assert not rule.showErrorMessage


@pytest.mark.parametrize("text", ["=1+1", "+x", "@x", "-x", "=SUM(A1)", "#N/A", "=", "=cmd|' /C calc'!A0"])
def test_text_that_looks_like_a_formula_stays_text(
    tmp_path: Path, small_codebook: Codebook, text: str
) -> None:
    reading = {**READING, "note": text}
    sheet_out.write(tmp_path / "w.xlsx", small_codebook, CODER, [], [reading])
    cell = openpyxl.load_workbook(tmp_path / "w.xlsx")["documents"]["F5"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)
    assert sheet_in.read(tmp_path / "w.xlsx", small_codebook).readings[0][0] == reading


def test_prompts_and_messages_keep_to_the_lengths_that_excel_allows(workbook: Path) -> None:
    book = openpyxl.load_workbook(workbook)
    for rule in (v for name in SHEETS for v in book[name].data_validations.dataValidation):
        assert len(rule.prompt or "") <= 255
        assert len(rule.error or "") <= 225
        assert max(len(rule.promptTitle or ""), len(rule.errorTitle or "")) <= 32


def test_layouts_are_generated_for_the_codebooks_that_come_with_the_package() -> None:
    from eventcode.codebook.load import load

    layout = sheets(load("disarmament"))
    assert list(layout) == list(SHEETS)
    assert {"category", "event_type", "realis", "date_missing"} <= {
        column.name for column in layout["codings"].columns
    }


# ── other programs ────────────────────────────────────────────────────────────────────────────────────────────────────

needs_office = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")


def converted(path: Path, to: str) -> Path:
    """The file as LibreOffice saves it."""
    out = path.parent / "converted"
    profile = f"-env:UserInstallation=file://{path.parent}/profile"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", to, "--outdir", str(out), str(path)],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    return out


@needs_office
@pytest.mark.slow
def test_libreoffice_keeps_readings_and_drop_downs(workbook: Path, small_codebook: Codebook) -> None:
    saved = converted(workbook, "xlsx") / workbook.name
    back = sheet_in.read(saved, small_codebook)
    assert back.problems == []
    assert [reading for reading, _ in back.readings] == [READING]
    book = openpyxl.load_workbook(saved)
    assert "OFFSET(" in validation(book["codings"], "event_type").formula1
    assert validation(book["support"], "source").type == "list"
    assert book["codings"].protection.sheet
    assert not book["codings"]["E5"].protection.locked


@needs_office
@pytest.mark.slow
def test_dependent_drop_downs_show_what_belongs_to_the_row(workbook: Path) -> None:
    book = openpyxl.load_workbook(workbook)
    book["codings"].append(["doc-2", "e9", "020 · Leave"])
    book["codings"].append(["doc-2", "e10", None])
    sheet = book.create_sheet("_shown")
    shown = {"A1": ("codings", "event_type", 5), "A2": ("codings", "event_type", 6), "A3": ("codings", "event_type", 7),
             "A4": ("support", "coding", 5), "A5": ("evidence", "key", 5), "A6": ("evidence", "key", 6)}  # fmt: skip
    for cell, (name, field, row) in shown.items():
        formula = re.sub(
            r"(\$[A-Z])5(?![0-9])", rf"{name}!\g<1>{row}", validation(book[name], field).formula1
        )
        sheet[cell] = f'=_xlfn.TEXTJOIN(",",TRUE,{formula})'
    book.move_sheet(sheet, -20)
    book.active = 0
    book.save(workbook)
    lines = (
        converted(workbook, "csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,true,false") / "reader-1.csv"
    ).read_text("utf-8")
    words = ["010 · Threaten", "011 · Threaten force", "012 · Set an ultimatum"]
    deeds = ["020 · Leave", "021 · Leave a base", "022 · Hand over arms"]
    assert lines.split("\n")[:6] == [
        ",".join(words),
        ",".join(deeds),
        ",".join(words + deeds),
        "e1",
        "e1",
        "1",
    ]


@needs_office
@pytest.mark.slow
def test_csv_files_exported_by_libreoffice_are_read(workbook: Path, small_codebook: Codebook) -> None:
    folder = converted(
        workbook, "csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,true,false,false,false,-1"
    )
    back = sheet_in.read(folder, small_codebook)
    assert back.problems == []
    assert [reading for reading, _ in back.readings] == [READING]
