"""How a coder's workbook looks and what may be edited in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from copy import copy
from itertools import groupby
from math import ceil
from typing import TYPE_CHECKING, Any

from openpyxl.comments import Comment
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.utils.indexed_list import IndexedList
from openpyxl.worksheet.dimensions import RowDimension
from openpyxl.worksheet.properties import PageSetupProperties

from eventcode.coding.sheet_lists import FIRST
from eventcode.coding.workbook_columns import ALWAYS, WHERE_IT_APPLIES, Column
from eventcode.coding.workbook_layout import Sheet

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

INK, GREY, LINE, PAPER = "FF1F2933", "FF7B8794", "FFD9DEE3", "FFF5F7FA"
BANDS = ("FF243B53", "FF2C5F6F", "FF4B4276", "FF35594A", "FF6B4A3A", "FF5A3A55")
MUST, MAY_HAVE_TO, FREE, EMPTY = "FFF7C948", "FFFCEFC7", "FFE4E9EE", "FFFFF7DB"
TABS = {"documents": "FF243B53", "codings": "FFF7C948", "participants": "FFF7C948", "sources": "FF2C5F6F",
        "support": "FF2C5F6F", "evidence": "FF7B8794"}  # fmt: skip
NOTE = 1_100  # characters of a header's note
_FILLED = {ALWAYS: MUST, WHERE_IT_APPLIES: MAY_HAVE_TO}
_GRID = Border(*(Side("thin", LINE),) * 4)


def font(
    size: float = 10, colour: str = INK, *, bold: bool = False, italic: bool = False, name: str = "Arial"
) -> Font:
    """A font of the workbook."""
    return Font(name=name, size=size, color=colour, bold=bold, italic=italic)


def solid(colour: str) -> PatternFill:
    """A plain fill."""
    return PatternFill("solid", fgColor=colour)


def based_on_arial(book: Any) -> None:
    """Make the workbook's own font that of its cells: widths of columns are counted in its digits.

    The library's own choice is a font that a computer may not have; columns then come out wider than `fit` reckons, and rows too high.
    """
    book._fonts = IndexedList([font(10, "FF000000")])
    book._named_styles["Normal"].font = font(10, "FF000000")


def dress(cell: Any, key: object, known: dict[object, Any], look: Callable[[], dict[str, Any]]) -> None:
    """Give a cell its look; one that is `known` under its key is copied, which is many times faster."""
    if key not in known:
        for name, value in look().items():
            setattr(cell, name, value)
        known[key] = copy(cell._style)
    cell._style = copy(known[key])


def width(column: Column) -> float:
    """The width of a column in characters, at least that of its name in small print."""
    return max(column.width, 0.82 * len(column.name) + 1)


def header(worksheet: Worksheet, sheet: Sheet) -> None:
    """Section, label, question and column name above the entries, with a note on each label."""
    known: dict[object, Any] = {}
    for number, column, band, first in _banded(sheet):
        _put(worksheet, 1, number, column.section if first else "", band, known)
        label = _put(worksheet, 2, number, column.label, _FILLED.get(column.filled, FREE), known)
        note = _note(column)
        if note:
            label.comment = Comment(note, "codebook", height=24 + 16 * lines(note, 64), width=460)
        _put(worksheet, 3, number, column.question, PAPER, known)
        _put(worksheet, 4, number, column.name, PAPER, known)
    worksheet.row_dimensions[1].height = 17
    worksheet.row_dimensions[2].height = (
        15.5 * max(lines(c.label, width(c) * 0.95) for c in sheet.columns if not c.hidden) + 2
    )
    worksheet.row_dimensions[3].height = (
        12.5 * max(lines(c.question, width(c) * 1.3) for c in sheet.columns if not c.hidden) + 4
    )
    worksheet.row_dimensions[4].height = 13


def _banded(sheet: Sheet) -> Iterator[tuple[int, Column, str, bool]]:
    """(column number, column, colour of its section, whether it is the section's first)."""
    number = 0
    for i, (_, columns) in enumerate(groupby(sheet.columns, lambda column: column.section)):
        for first, column in enumerate(columns):
            number += 1
            yield number, column, BANDS[i % len(BANDS)], first == 0


def _put(
    worksheet: Worksheet, row: int, number: int, text: str, colour: str, known: dict[object, Any]
) -> Any:
    def look() -> dict[str, Any]:
        alignment = Alignment(wrap_text=row in (2, 3), vertical="center" if row < 3 else "top")
        face = (
            font(10, "FFFFFFFF", bold=True),
            font(11, bold=True),
            font(9, italic=True),
            font(8, GREY, name="Consolas"),
        )[row - 1]
        return {
            "fill": solid(colour),
            "font": face,
            "border": _GRID,
            "number_format": "@",
            "alignment": alignment,
        }

    cell = worksheet.cell(row, number)
    if text:
        cell.value, cell.data_type = text, "s"
    dress(cell, (row, colour), known, look)
    return cell


def lines(text: str, width: float) -> int:
    """How many lines of `width` characters a text fills, broken at spaces."""
    total = 0
    for paragraph in text.split("\n"):
        used = full = 0
        for word in paragraph.split(" "):
            if used and used + 1 + len(word) > width:
                full, used = full + 1, 0
            used += len(word) + (1 if used else 0)
        total += full + max(1, ceil(used / width) if width else 1)
    return total


def _note(column: Column) -> str:
    """The question with all that helps to answer it, and what each value means."""
    must = {ALWAYS: "Must be filled.", WHERE_IT_APPLIES: "Must be filled where it applies."}.get(
        column.filled, ""
    )
    values = []
    if column.choices and len(column.choices.entries) <= 40:
        values = [
            f"{shown}: {column.choices.meanings[v]}".rstrip(": ")
            for v, shown in column.choices.entries.items()
        ]
    text = "\n".join(
        filter(None, (column.question, column.help, must, "\n".join(["", *values]) if values else ""))
    )
    return text if len(text) <= NOTE else f"{text[:NOTE]}…\nThe rest: sheet guide"


def columns(worksheet: Worksheet, sheet: Sheet) -> None:
    """Widths, and the format of every entry: as text where the column is one, locked where the coder has nothing to change."""
    for number, column in enumerate(sheet.columns, 1):
        dimension = worksheet.column_dimensions[get_column_letter(number)]
        dimension.width, dimension.hidden = width(column), column.hidden
        dimension.number_format = "@" if column.is_text else "0" if column.kind == "integer" else "General"
        dimension.alignment = Alignment(wrap_text=column.name != "url", vertical="top")
        dimension.protection = Protection(locked=column.locked)
        dimension.font = font(10, GREY if column.locked else INK)
        dimension.border = _GRID


def mark_empty(worksheet: Worksheet, sheet: Sheet, last: int) -> None:
    """Colour what must be filled and is not, in rows that have begun."""
    where = {column.name: get_column_letter(number) for number, column in enumerate(sheet.columns, 1)}
    for column in sheet.columns:
        if column.filled == ALWAYS:
            letter, others = where[column.name], [column.name, column.instead]
            empty = ",".join(f'${where[name]}{FIRST}=""' for name in others if name in where)
            fill = PatternFill(bgColor=EMPTY, fill_type="solid")
            rule = FormulaRule([f'AND($A{FIRST}<>"",{empty})'], fill=fill)  # type: ignore[no-untyped-call]
            worksheet.conditional_formatting.add(f"{letter}{FIRST}:{letter}{last}", rule)


class _Fitted(RowDimension):
    """A row with a height to begin with, which a spreadsheet program may still change as its text grows."""

    @property
    def customHeight(self) -> bool:  # noqa: N802
        """Never: the height is not a person's wish."""
        return False


def fit(worksheet: Worksheet, row: int, cells: Iterable[tuple[str, float]], size: float = 10) -> None:
    """Make a row high enough for its texts, given with the widths of their columns."""
    most = max((lines(text, width * 1.2 * 10 / size) for text, width in cells), default=1)
    worksheet.row_dimensions[row] = _Fitted(worksheet, row, ht=min(400, 1.28 * size * most + 3))


def protect(worksheet: Worksheet) -> None:
    """Lock what is locked, without a password; rows may still be added, deleted, sorted and made wider."""
    guard = worksheet.protection
    guard.sheet = True
    guard.formatCells = guard.formatColumns = guard.formatRows = False  # False means allowed here
    guard.insertRows = guard.deleteRows = guard.sort = guard.autoFilter = False


def page(worksheet: Worksheet, frozen: str, across: int = 1, titles: int = FIRST - 1) -> None:
    """What stays in sight, and how it prints: on how many pages side by side, with which rows on top of each."""
    worksheet.freeze_panes = frozen
    worksheet.sheet_view.showGridLines = False
    worksheet.page_setup.orientation, worksheet.page_setup.paperSize = "landscape", 9
    worksheet.page_setup.fitToHeight, worksheet.page_setup.fitToWidth = 0, across
    worksheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    worksheet.print_title_rows = f"1:{titles}" if titles else None
    margins = worksheet.page_margins
    margins.left = margins.right = margins.top = margins.bottom = 0.5
