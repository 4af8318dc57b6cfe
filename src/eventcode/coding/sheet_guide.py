"""The two sheets to read: `read me`, half a screen of instructions, and `guide`, every question and every value with its meaning."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from openpyxl.styles import Alignment, Border, Font, Side

from eventcode.coding import sheet_style as style
from eventcode.coding.workbook_columns import Column
from eventcode.coding.workbook_layout import NOT_READ, Sheet
from eventcode.model import Codebook, EventType
from eventcode.readings import Coder

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

STEPS = (
    ("documents", "Read a document and choose its status: coded, no_event, skipped; withdrawn takes a reading back. "
                  "Documents without a status count as not yet read."),
    ("codings", "One row for each event it tells. Choose the document, give the row a key (e1, e2 …), choose the category and then the "
                "event type: the second list follows the first."),
    ("participants", "One row for each actor in an event: who did or said it (actor), to whom (recipient), whom it concerns (about)."),
    ("sources", "One row for each source of the document, named or not, with a key (s1, s2 …)."),
    ("support", "One row for each event and source that speaks to it, and what the source says of it."),
    ("evidence", "Paste the words that show an answer. On import they become a place in the text; the words themselves are not kept."),
    ("guide", "Every question and every value, explained. Pointing at a heading shows the same."),
)  # fmt: skip
HABITS = (
    "Codes are text: 010 stays 010. Choose from the lists (Alt+↓), or type the code.",
    "Dates are text: 2025-06-16, 2025-06, 2025, 2025-01/2025-06-16, 2025-01/.. (since), ../2025-06 (until), 2025-04~ (about).",
    "Several values in one cell: with ; between them.",
    "No answer? Leave the cell empty and choose the reason in the column beside it, where there is one.",
    "Keep the rows of one document together: the lists of keys show the rows that stand together.",
    "No formulas, no merged cells, no new columns; a sheet of your own is fine if its name begins with _.",
    "Whatever is pasted is checked again on import, cell by cell.",
)
COLOURS = (
    (style.MUST, "must be filled"), (style.MAY_HAVE_TO, "must be filled where it applies (point at the heading)"),
    (style.FREE, "if the text says so"), (style.EMPTY, "still empty, in a row that has begun"),
)  # fmt: skip
WIDTHS = (14, 24, 40, 100)  # of the columns of the guide
_TOP = Alignment(wrap_text=True, vertical="top")


def read_me(worksheet: Worksheet, codebook: Codebook, coder: Coder) -> None:
    """What this workbook is, whose, and how it is filled."""
    worksheet.column_dimensions["A"].width, worksheet.column_dimensions["B"].width = 16, 104
    _line(worksheet, 1, codebook.title, "", style.font(16, bold=True))
    _line(worksheet, 2, "codebook", codebook.reference)
    _line(worksheet, 3, "coder", coder.id)
    row = _heading(worksheet, 5, "The sheets, in their order")
    for name, text in STEPS:
        _line(worksheet, row, name, text)
        worksheet.cell(row, 1).hyperlink = f"#'{name}'!A1"
        row += 1
    row = _heading(worksheet, row + 1, "Good to know")
    for text in HABITS:
        _line(worksheet, row, "", text)
        row += 1
    row = _heading(worksheet, row + 1, "Colours")
    for colour, text in COLOURS:
        _line(worksheet, row, "", text)
        worksheet.cell(row, 1).fill = style.solid(colour)
        worksheet.cell(row, 1).border = Border(*(Side("thin", style.LINE),) * 4)
        row += 1
    style.page(worksheet, "A1", titles=0)
    style.protect(worksheet)


def _heading(worksheet: Worksheet, row: int, text: str) -> int:
    _line(worksheet, row, text, "", style.font(12, style.BANDS[1], bold=True))
    worksheet.cell(row, 1).alignment = Alignment(wrap_text=False)
    return row + 1


def _line(worksheet: Worksheet, row: int, name: str, text: str, face: Font | None = None) -> None:
    for number, value in ((1, name), (2, text)):
        cell = worksheet.cell(row, number)
        if value:
            cell.value, cell.data_type = value, "s"
        cell.number_format, cell.font = "@", face or style.font(11, bold=number == 1)
        cell.alignment = _TOP if face is None else Alignment(vertical="center")
    if face is None:
        style.fit(worksheet, row, [(text, 112)], 11)
    else:
        worksheet.row_dimensions[row].height = face.size * 1.8


def guide(worksheet: Worksheet, codebook: Codebook, layout: Mapping[str, Sheet]) -> None:
    """A table of every column and every value that it may take, which can be searched and filtered."""
    for number, text in enumerate(("sheet", "column", "value", "meaning"), 1):
        worksheet.column_dimensions[" ABCD"[number]].width = WIDTHS[number - 1]
        cell = worksheet.cell(1, number, text)
        cell.font, cell.fill = style.font(11, "FFFFFFFF", bold=True), style.solid(style.BANDS[0])
    row = 1
    known: dict[object, Any] = {}
    for row, texts in enumerate(_rows(codebook, layout), 2):
        _entry(worksheet, row, texts, known)
    worksheet.auto_filter.ref = f"A1:D{row}"
    style.page(worksheet, "A2", titles=1)
    style.protect(worksheet)


def _entry(
    worksheet: Worksheet, row: int, texts: tuple[str, str, str, str], known: dict[object, Any]
) -> None:
    asked = not texts[2]
    style.fit(worksheet, row, zip(texts, WIDTHS, strict=True))
    for number, text in enumerate(texts, 1):
        cell = worksheet.cell(row, number)
        if text:
            cell.value, cell.data_type = text, "s"
        style.dress(cell, (asked, number > 2), known, partial(_look, asked, number > 2))


def _look(asked: bool, dark: bool) -> dict[str, Any]:
    face = style.font(10, style.INK if asked or dark else style.GREY, bold=asked)
    fill = {"fill": style.solid(style.FREE)} if asked else {}
    return {
        "number_format": "@",
        "alignment": _TOP,
        "font": face,
        "border": Border(top=Side("thin", style.LINE)),
        **fill,
    }


def _rows(codebook: Codebook, layout: Mapping[str, Sheet]) -> Iterator[tuple[str, str, str, str]]:
    """(sheet, column, value, meaning); the row of a column itself has no value."""
    told = {"category": "event_type"}  # list → the column where its values are explained
    for sheet in layout.values():
        for column in sheet.columns:
            if column.hidden or column.name in NOT_READ:
                continue
            first = told.setdefault(column.choices.id, column.name) if column.choices else column.name
            values = f"The values: see {first}." if first != column.name else ""
            yield (
                sheet.name,
                column.name,
                "",
                "\n".join(filter(None, (column.question, column.help, values))) or column.label,
            )
            yield from _values(codebook, sheet.name, column) if not values else ()


def _values(codebook: Codebook, sheet: str, column: Column) -> Iterator[tuple[str, str, str, str]]:
    """The values of a column's list that its drop-down does not explain by itself."""
    for value, shown in column.choices.entries.items() if column.choices else ():
        assert column.choices is not None
        kind = codebook.event_types.get(value) if column.choices.id == "event_type" else None
        meaning = _explained(kind) if kind else column.choices.meanings[value]
        if meaning and not shown.endswith(meaning):
            yield sheet, column.name, shown, meaning


def _explained(kind: EventType) -> str:
    """An event type's definition, what belongs to it, and where else to look."""
    includes = [f"+ {text}" for text in kind.includes]
    excludes = [f"− {e.text}" + (f" → {e.see}" if e.see else "") for e in kind.excludes]
    return "\n".join([kind.definition, *includes, *excludes])
