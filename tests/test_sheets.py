"""Workbooks for coders: what is in them, and that writing and reading one back loses nothing."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import AWKWARD, readings_for

from eventcode.coding import sheet_in, sheet_out
from eventcode.coding.cell_values import join, split
from eventcode.coding.workbook_layout import SHEETS, sheets
from eventcode.errors import CoderError
from eventcode.model import Codebook
from eventcode.readings import Coder, Row

CODER = Coder("reader-1", "person")
DOCUMENTS: list[Row] = [
    {"key": "doc-1", "document_id": "text:1", "title": "A report", "url": "https://example.org/1", "publisher": "example"},
    {"key": "doc-2", "document_id": "text:2", "title": "Another"},
]
READING: Row = {
    "document": "doc-1", "coder": "reader-1", "codebook": "small@1.2.0", "revision": 2, "status": "coded",
    "coded_at": "2025-06-20T10:00:00Z", "note": "=1+1",
    "sources": [{"key": "s1", "identity": "anonymous", "via": ["Delta; Press", "s2"], "source_name_missing": "withheld"}],
    "codings": [
        {
            "key": "e1", "event_type": "011", "realis": "occurred", "date_start": "2025-01-01", "date_end": "2025-01-31",
            "date_precision": "month", "means": ["paper", "convoy"], "complete": True, "lat": 0.1 + 0.2,
            "participants": [{"role": "actor", "position": 0, "actor_id": "front"}],
            "support": [{"source": "s1", "stance": "asserts", "evidence": [{"start": 3, "end": 9}]}],
            "evidence": [{"field": "event_type", "start": 3, "end": 30}],
        },
    ],
}  # fmt: skip


@pytest.fixture
def workbook(tmp_path: Path, small_codebook: Codebook) -> Path:
    path = tmp_path / "reader-1.xlsx"
    sheet_out.write(path, small_codebook, CODER, DOCUMENTS, [READING])
    return path


def written_and_read(codebook: Codebook, readings: list[Row], documents: list[Row] | None = None) -> sheet_in.Readback:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "w.xlsx"
        sheet_out.write(path, codebook, CODER, documents or [], readings)
        return sheet_in.read(path, codebook)


def column(sheet: Any, name: str) -> str:
    return next(str(cell.column_letter) for cell in sheet[4] if cell.value == name)


def validation(sheet: Any, name: str) -> Any:
    letter = column(sheet, name)
    found = (v for v in sheet.data_validations.dataValidation if any(str(r).startswith(f"{letter}5:") for r in v.sqref.ranges))
    return next(found)


# ── round trip ────────────────────────────────────────────────────────────────────────────────────────────────────────


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_reading_comes_back_from_a_workbook_as_it_was(small_codebook: Codebook, data: st.DataObject) -> None:
    readings = [data.draw(readings_for(small_codebook, document=name)) for name in ("doc-1", "doc-2")]
    back = written_and_read(small_codebook, readings, DOCUMENTS[:1])
    assert back.problems == []
    assert [reading for reading, _ in back.readings] == readings


@given(st.lists(st.sampled_from(AWKWARD) | st.text(st.characters(exclude_categories=["Cs", "Cc"])), max_size=4))
def test_several_values_in_one_cell_come_apart_as_they_were_put_together(items: list[str]) -> None:
    assert split(join(items)) == items


@pytest.mark.parametrize(
    ("typed", "values"),
    [
        ("convoy;paper", ["convoy", "paper"]),
        (" convoy ; paper ;", ["convoy", "paper"]),
        ('"a;b"; c', ["a;b", "c"]),
        ('"half quoted; c', ['"half quoted', "c"]),
        ("the \"Front\"; c", ['the "Front"', "c"]),
        (";;", []),
    ],
)  # fmt: skip
def test_lists_are_read_as_people_type_them(typed: str, values: list[str]) -> None:
    assert split(typed) == values


def test_a_document_may_be_named_by_its_id(small_codebook: Codebook) -> None:
    reading = {**READING, "document": "text:1"}
    back = written_and_read(small_codebook, [reading], DOCUMENTS)
    assert [r for r, _ in back.readings] == [reading]


def test_derived_values_and_dates_that_no_text_says_get_columns_of_their_own(small_codebook: Codebook) -> None:
    odd = {"key": "e1", "event_type": "011", "origins_min": 1, "contested": False, "date_start": "2025-01-02", "date_precision": "month"}
    reading = {**READING, "codings": [odd], "adopted_from": "doc-1/reader-2"}
    assert [r for r, _ in written_and_read(small_codebook, [reading]).readings] == [reading]


def test_of_several_revisions_the_last_is_shown(small_codebook: Codebook) -> None:
    newer = {**READING, "revision": 3, "status": "withdrawn"}
    assert [r for r, _ in written_and_read(small_codebook, [newer, READING]).readings] == [newer]


def test_a_document_without_a_status_has_not_been_read(workbook: Path, small_codebook: Codebook) -> None:
    back = sheet_in.read(workbook, small_codebook)
    assert back.problems == []
    assert [reading["document"] for reading, _ in back.readings] == ["doc-1"]


def test_what_a_coder_fills_in_becomes_a_reading(workbook: Path, small_codebook: Codebook) -> None:
    book = openpyxl.load_workbook(workbook)
    book["documents"]["E6"] = "coded"
    book["codings"].append(["doc-2", " e1\u00a0", "020 · Leave", "021 · Leave a base", "occurred"])
    book["participants"].append(["doc-2", "e1", "actor", "front"])
    book["participants"].append(["doc-2", "e1", "actor", None, "not_stated"])
    book["evidence"].append(["doc-2", "coding", "e1", "event_type", "left the base"])
    book.save(workbook)
    back = sheet_in.read(workbook, small_codebook)
    assert back.problems == []
    assert back.readings[1][0] == {
        "document": "doc-2", "coder": "reader-1", "codebook": "small@1.2.0", "revision": 1, "status": "coded",
        "codings": [
            {
                "key": "e1", "event_type": "021", "realis": "occurred",
                "participants": [
                    {"role": "actor", "position": 0, "actor_id": "front"},
                    {"role": "actor", "position": 1, "actor_missing": "not_stated"},
                ],
                "evidence": [{"field": "event_type", "quote": "left the base"}],
            }
        ],
    }  # fmt: skip


def test_every_value_knows_its_cell(workbook: Path, small_codebook: Codebook) -> None:
    back = sheet_in.read(workbook, small_codebook)
    paths = {
        "status": "documents!E5", "codings[0]": "codings!B5", "codings[0].realis": "codings!E5",
        "codings[0].date_end": "codings!G5", "codings[0].setting": "codings!F5", "sources[0].via": "sources!L5",
        "codings[0].support[0].stance": "support!F5", "codings[0].support[0].evidence[0].start": "evidence!F6",
        "codings[0].participants[0].actor_id": "participants!D5", "codings[0].nothing[0].known": "codings!B5",
    }  # fmt: skip
    assert {path: back.place(0, path).path for path in paths} == paths
    assert str(back.place(0, "codings[0].realis")) == f"{workbook}  codings!E5"


# ── what Excel is told ────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_sheets_stand_in_the_order_of_the_work(workbook: Path) -> None:
    book = openpyxl.load_workbook(workbook)
    assert book.sheetnames == ["read me", *SHEETS, "guide", "lists"]
    assert book["lists"].sheet_state == "veryHidden"


def test_every_field_of_the_codebook_has_a_column_and_so_has_each_missing_reason(workbook: Path, small_codebook: Codebook) -> None:
    book = openpyxl.load_workbook(workbook)
    for table in ("codings", "sources", "support"):
        names = {cell.value for cell in book[table][4]}
        assert names >= {f.name for f in small_codebook.fields_of(table)}
        assert names >= {f"{f.name}_missing" for f in small_codebook.fields_of(table) if f.missing}


def test_drop_downs_point_to_ranges_and_never_hold_the_list_or_a_name(workbook: Path) -> None:
    book = openpyxl.load_workbook(workbook)
    formulas = [v.formula1 for name in SHEETS for v in book[name].data_validations.dataValidation if v.type == "list"]
    assert len(formulas) > 20
    assert not [formula for formula in formulas if formula.startswith('"') or "INDIRECT" in formula or "$" not in formula]


def test_a_drop_down_offers_the_values_of_the_codebook(workbook: Path) -> None:
    book = openpyxl.load_workbook(workbook)
    rule = validation(book["codings"], "realis")
    lists = book["lists"]
    assert [cell.value for (cell,) in lists[rule.formula1.partition("!")[2]]] == ["occurred", "planned", "negated"]
    assert (rule.errorStyle or "stop", rule.error.startswith("It is not in the list.")) == ("stop", True)


def test_event_types_follow_the_category_and_the_negative_ones_are_not_offered(workbook: Path) -> None:
    book = openpyxl.load_workbook(workbook)
    tree = [(root.value, code.value) for root, code in book["lists"]["A2:B7"]]
    assert tree == [
        ("010 · Threaten", "010 · Threaten"), ("010 · Threaten", "011 · Threaten force"), ("010 · Threaten", "012 · Set an ultimatum"),
        ("020 · Leave", "020 · Leave"), ("020 · Leave", "021 · Leave a base"), ("020 · Leave", "022 · Hand over arms"),
    ]  # fmt: skip
    assert validation(book["codings"], "event_type").formula1.startswith("OFFSET(lists!$B$2,IFERROR(MATCH($C5,lists!$A$2:$A$7,0)-1,0),0")


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
    assert (sources["C2"].value, sources["C3"].value, sources["C4"].value) == ("Identity", "Identity: what does the text say?", "identity")
    note = sources["C2"].comment
    assert note is not None
    assert "Look for a name on the whole page." in note.text
    assert "own_voice: Own voice. The text shows that it is own_voice." in note.text


def test_a_set_says_which_values_it_takes(workbook: Path) -> None:
    rule = validation(openpyxl.load_workbook(workbook)["codings"], "means")
    assert rule.prompt == "Choose one, or type several with ; between them: statement · convoy · air_strike · paper"
    assert not rule.showErrorMessage


@pytest.mark.parametrize("text", ["=1+1", "+x", "@x", "-x", "=SUM(A1)", "#N/A", "=", "=cmd|' /C calc'!A0"])
def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path, small_codebook: Codebook, text: str) -> None:
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
    assert {"event_type", "event_type", "realis"} <= {column.name for column in layout["codings"].columns}


# ── what no workbook holds ────────────────────────────────────────────────────────────────────────────────────────────


def test_text_that_no_cell_can_hold_is_refused_with_its_place(tmp_path: Path, small_codebook: Codebook) -> None:
    with pytest.raises(CoderError) as refusal:
        sheet_out.write(tmp_path / "w.xlsx", small_codebook, CODER, [], [{**READING, "note": "a\x07b"}])
    assert str(refusal.value) == (
        "these readings do not fit into a workbook: 1 problem\n"
        "documents!5  doc-1  note\n"
        "  '\\x07' cannot stand in a workbook\n"
        "  → take that character out of the text"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_field_that_the_codebook_does_not_have_is_refused(tmp_path: Path, small_codebook: Codebook) -> None:
    coding = {"key": "e1", "event_type": "011", "colour": "red"}
    with pytest.raises(CoderError, match="the codebook has no such field"):
        sheet_out.write(tmp_path / "w.xlsx", small_codebook, CODER, [], [{**READING, "codings": [coding]}])


def test_a_reading_by_somebody_else_is_refused(tmp_path: Path, small_codebook: Codebook) -> None:
    with pytest.raises(CoderError, match="the reading of doc-1 is by reader-2"):
        sheet_out.write(tmp_path / "w.xlsx", small_codebook, CODER, [], [{**READING, "coder": "reader-2"}])


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
        formula = re.sub(r"(\$[A-Z])5(?![0-9])", rf"{name}!\g<1>{row}", validation(book[name], field).formula1)
        sheet[cell] = f'=_xlfn.TEXTJOIN(",",TRUE,{formula})'
    book.move_sheet(sheet, -20)
    book.active = 0
    book.save(workbook)
    lines = (converted(workbook, "csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,true,false") / "reader-1.csv").read_text("utf-8")
    words = ["010 · Threaten", "011 · Threaten force", "012 · Set an ultimatum"]
    deeds = ["020 · Leave", "021 · Leave a base", "022 · Hand over arms"]
    assert lines.split("\n")[:6] == [",".join(words), ",".join(deeds), ",".join(words + deeds), "e1", "e1", "1"]


@needs_office
@pytest.mark.slow
def test_csv_files_exported_by_libreoffice_are_read(workbook: Path, small_codebook: Codebook) -> None:
    folder = converted(workbook, "csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,true,false,false,false,-1")
    back = sheet_in.read(folder, small_codebook)
    assert back.problems == []
    assert [reading for reading, _ in back.readings] == [READING]
