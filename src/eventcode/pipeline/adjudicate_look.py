"""How a workbook to decide in looks: colours, widths, drop-downs, what is folded, and the sheet that explains it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Border, Color, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import Outline
from openpyxl.worksheet.worksheet import Worksheet

from eventcode.adjudication.cause import CAUSES
from eventcode.coding import sheet_style as style
from eventcode.pipeline.adjudicate_lines import AGREED, DOCUMENT, REPORT, Line, Said

NAMES, FIRST = 2, 3  # the row of the columns' names, and the first row of questions
LISTS = "lists"
ABOUT = {"dataset": "dataset", "codebook": "codebook", "decided by": "by", "adjudication": "adjudication"}
WIDTHS = {"what": 27, "suggested": 25, "decision": 30, "cause": 17, "reason": 36}
READERS = 100  # characters that the readers' columns share
OPEN, BAND, REPORTS, AGREE = style.EMPTY, style.BANDS[0], "FFE4E9EE", style.PAPER
HOW = (
    "Each document is a dark row, each report a grey one: the codings that seem to tell the same event, side by side. Below it stands "
    "what their coders differ in. What they agree on is folded away: unfold it with + at the left edge.",
    "Readers are letters, shuffled for each document; A1 is the first coding of reader A.",
    "Fill in Decision, Cause and Reason. Choose a decision from its list (Alt+↓), write a reader's letter (A), or write the value itself: "
    "a code, 2025-06-16, several values with ; between them.",
    "Which codings are one report may be written out: A1 B2; B1; none: C1. The first coding of a report gives its key and evidence.",
    "In the dark row, yes takes what is suggested wherever no cause is asked for: the reports that all readers have.",
    "What you leave empty stays open. When you read the file back and write it anew, it holds only what is open.",
)
_GRID = Border(*(Side("thin", style.LINE),) * 4)
_TOP = Alignment(wrap_text=True, vertical="top")


class Lists:
    """The hidden sheet with the lists to choose from; each is written once."""

    def __init__(self, sheet: Worksheet) -> None:
        self.sheet = sheet
        self.known: dict[tuple[str, ...], str] = {}
        sheet.sheet_state = "veryHidden"

    def range(self, entries: tuple[str, ...]) -> str:
        """Where a list stands."""
        if entries not in self.known:
            letter = get_column_letter(len(self.known) + 1)
            for row, text in enumerate(entries, 1):
                cell: Any = self.sheet[f"{letter}{row}"]
                cell.value, cell.data_type, cell.number_format = text, "s", "@"
            self.known[entries] = f"{LISTS}!${letter}$1:${letter}${len(entries)}"
        return self.known[entries]


def head(
    sheet: Worksheet, columns: Mapping[str, int], titles: Mapping[str, str], hidden: Collection[str]
) -> None:
    """Titles, the small names below them that the reader goes by, and the widths."""
    readers = [name for name in columns if name.isupper()]
    for name, number in columns.items():
        filled = name in ("decision", "cause", "reason")
        for row, text in ((1, titles[name]), (NAMES, name)):
            cell: Any = sheet.cell(row, number, text)
            cell.fill = style.solid(
                style.MUST if filled and row == 1 else style.FREE if row == 1 else style.PAPER
            )
            cell.font = style.font(11, bold=True) if row == 1 else style.font(8, style.GREY, name="Consolas")
            cell.border, cell.alignment = _GRID, Alignment(vertical="center")
        dimension = sheet.column_dimensions[get_column_letter(number)]
        share = max(26, min(42, READERS // max(1, len(readers))))
        dimension.width, dimension.hidden = WIDTHS.get(name, share), name in hidden
    sheet.row_dimensions[1].height, sheet.row_dimensions[NAMES].height = 20, 12


def row(sheet: Worksheet, columns: Mapping[str, int], number: int, line: Line) -> None:
    """One row, with its look."""
    texts: dict[str, Any] = {"key": line.key, "readings": line.state, "document": line.document}
    texts |= {"what": _what(line), "suggested": line.suggested}
    texts |= {letter: _said(line, said) for letter, said in line.said.items()}
    fill = {DOCUMENT: BAND, REPORT: REPORTS, "group": REPORTS, AGREED: AGREE}.get(line.kind)
    for name, at in columns.items():
        cell: Any = sheet.cell(number, at)
        if texts.get(name):
            cell.value = texts[name]
            if isinstance(texts[name], str):
                cell.data_type = "s"
        cell.font, cell.alignment, cell.border = _font(line, name), _TOP, _GRID
        if fill:
            cell.fill = style.solid(fill)
        if name in ("decision", "cause", "reason"):
            cell.number_format = "@"
            if name in _filled(line):
                cell.fill = style.solid(OPEN)
                cell.font = style.font(10)
    shown = [(str(texts[name]), sheet.column_dimensions[get_column_letter(at)].width) for name, at in columns.items()
             if texts.get(name) and name not in ("key", "readings", "document")]  # fmt: skip
    style.fit(sheet, number, shown)
    if line.folded:
        sheet.row_dimensions[number].outlineLevel, sheet.row_dimensions[number].hidden = 1, True


def _filled(line: Line) -> tuple[str, ...]:
    """The columns of a row that wait for an answer."""
    if not line.choices or line.kind == DOCUMENT:
        return ("decision",) if line.choices else ()
    return ("decision", "cause", "reason") if line.needs_cause else ("decision", "reason")


def _font(line: Line, name: str) -> Any:
    if line.kind == DOCUMENT:
        return style.font(11 if name == "what" else 10, "FFFFFFFF", bold=True)
    if name == "suggested":
        return style.font(9, style.GREY, italic=True)
    return style.font(10, style.GREY if line.kind == AGREED else style.INK)


def _inline(
    *, size: float = 10, colour: str = style.INK, bold: bool = False, italic: bool = False
) -> InlineFont:
    return InlineFont(rFont="Arial", sz=size, color=Color(rgb=colour), b=bold, i=italic)


def _what(line: Line) -> Any:
    if line.kind == DOCUMENT or not line.asked:
        return line.what
    asked = TextBlock(_inline(size=9, colour=style.GREY, italic=True), f"\n{line.asked}")
    return CellRichText(TextBlock(_inline(bold=line.kind != AGREED), line.what), asked)


def _said(line: Line, said: Said) -> Any:
    """The value, the words of the text, and what the value means, each in its own face."""
    parts = [TextBlock(_inline(bold=line.kind == "field"), said.value)]
    if said.words:
        parts.append(TextBlock(_inline(), f"\n{said.words}"))
    if said.means:
        parts.append(TextBlock(_inline(size=9, colour=style.GREY, italic=True), f"\n{said.means}"))
    plain = line.kind in (DOCUMENT, AGREED) or (len(parts) == 1 and line.kind != "field")
    return said.value if plain else CellRichText(*parts)


def offers(sheet: Worksheet, columns: Mapping[str, int], number: int, line: Line, lists: Lists) -> None:
    """The drop-downs of a row."""
    if not line.choices:
        return
    decision = DataValidation(
        type="list", formula1=lists.range(line.choices), allow_blank=True, showErrorMessage=not line.free,
        errorTitle="Decision", error="Choose from the list with Alt+↓.",
    )  # fmt: skip
    decision.add(f"{get_column_letter(columns['decision'])}{number}")
    sheet.add_data_validation(decision)


def finish(sheet: Worksheet, columns: Mapping[str, int], last: int, first_reader: int) -> None:
    """What stays in sight, the list of causes, the colour of what is still to be filled, and how it prints."""
    at = {name: get_column_letter(number) for name, number in columns.items()}
    if last >= FIRST:
        causes = DataValidation(
            type="list", formula1=f'"{",".join(CAUSES)}"', allow_blank=True, showErrorMessage=True, errorTitle="Cause",
            error="Choose one of the five causes with Alt+↓; the sheet 'read me' explains them.",
        )  # fmt: skip
        causes.add(f"{at['cause']}{FIRST}:{at['cause']}{last}")
        sheet.add_data_validation(causes)
        wanting = (
            f'AND(${at["decision"]}{FIRST}<>"",${at["key"]}{FIRST}<>"document",{at["reason"]}{FIRST}="")'
        )
        rule = FormulaRule([wanting], fill=style.solid(style.MUST))  # type: ignore[no-untyped-call]
        sheet.conditional_formatting.add(f"{at['reason']}{FIRST}:{at['reason']}{last}", rule)
    sheet.sheet_properties.outlinePr = Outline(summaryBelow=False)
    sheet.sheet_properties.tabColor = style.MUST
    style.page(sheet, f"{get_column_letter(first_reader)}{FIRST}", titles=NAMES)


def read_me(sheet: Worksheet, about: Mapping[str, str]) -> None:
    """What this workbook is, whose, and how it is filled."""
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 18, 110
    number = _line(sheet, 1, "What needs a decision", "", bold=True)
    for label, key in ABOUT.items():
        number = _line(sheet, number, label, about.get(key, ""))
        if key == "by":
            sheet.cell(number - 1, 2).fill = style.solid(OPEN)
    number = _line(sheet, number + 1, "How it works", "", bold=True)
    for text in HOW:
        number = _line(sheet, number, "", text)
    number = _line(sheet, number + 1, "Causes", "", bold=True)
    for name, meaning in CAUSES.items():
        number = _line(sheet, number, name, meaning)
    style.page(sheet, "A1", titles=0)


def _line(sheet: Worksheet, number: int, label: str, text: str, *, bold: bool = False) -> int:
    for column, value in ((1, label), (2, text)):
        cell: Any = sheet.cell(number, column)
        if value:
            cell.value, cell.data_type = value, "s"
        cell.font = style.font(13 if bold else 10, bold=bold or column == 1)
        cell.alignment = Alignment(wrap_text=column == 2, vertical="top")
    style.fit(sheet, number, [(text, 110)], 13 if bold else 10)
    return number + 1
