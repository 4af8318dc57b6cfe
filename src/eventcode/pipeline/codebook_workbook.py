"""A codebook's workbook, as people read and edit it: headings that stay in sight, wrapped text, drop-downs for closed lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import openpyxl
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from eventcode.codebook.draft import Draft
from eventcode.codebook.sheet import layout
from eventcode.codebook.sheet.layout import Column
from eventcode.codebook.sheet.rows import Row, sheets
from eventcode.coding.sheet_style import GREY, INK, LINE, fit, font, lines, page, solid

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

LISTS = "_lists"
SPARE = 300  # rows below the last entry that have drop-downs
DARK, MUST, FREE = "FF243B53", "FFF7C948", "FFE4E9EE"
ALIKE = {
    "codebook": DARK,
    "authors": DARK,
    "scales": DARK,
    "codes": "FFF7C948",
    "examples": "FFF7C948",
    "guidance": "FFF7C948",
}
FROZEN = {
    "codebook": "B2",
    "codes": "C2",
    "fields": "C2",
    "values": "C2",
    "rules": "B2",
    "examples": "B2",
    "actors": "B2",
    "crosswalks": "B2",
}
BOLD = {"codes": ("code", "label"), "fields": ("name",), "values": ("value",), "codebook": ("key",)}
Where = Mapping[str, tuple[tuple[Column, ...], list[Row]]]
_GRID = Border(*(Side("thin", LINE),) * 4)


def workbook(draft: Draft, title: str, *, modules: Mapping[str, Sequence[str]]) -> openpyxl.Workbook:
    """The workbook of a draft; `modules` are the lists that the codebooks bring which it uses, with their values.

    CodebookError for every text that no cell can hold.
    """
    found = sheets(draft)
    book = openpyxl.Workbook()
    title = ILLEGAL_CHARACTERS_RE.sub("", title)
    book.properties.creator, book.properties.title = "eventcode", title
    first: Any = book.active
    first.title = layout.README
    _read_me(first, title, found)
    made = {name: book.create_sheet(name) for name in found}
    ranges = _lists(book.create_sheet(LISTS), draft, modules)
    for name, (columns, rows) in found.items():
        _sheet(made[name], name, columns, rows)
        _drop_downs(made[name], columns, len(rows) + 1 + SPARE, found, ranges)
    book.active = 2 if len(book.sheetnames) > 2 else 0
    return book


# ── the sheets ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _sheet(sheet: Worksheet, name: str, columns: Sequence[Column], rows: Sequence[Row]) -> None:
    for number, column in enumerate(columns, 1):
        _heading(sheet, number, column)
        dimension = sheet.column_dimensions[get_column_letter(number)]
        dimension.width = max(column.width, 1.25 * len(column.name) + 2)
        dimension.number_format = "General" if column.kind in ("number", "integer", "any") else "@"
        dimension.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.row_dimensions[1].height = 20
    for at, row in enumerate(rows, 2):
        _entries(sheet, at, columns, row, BOLD.get(name, ()))
    page(sheet, FROZEN.get(name, "A2"), across=1 if len(columns) < 9 else 2, titles=1)
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{len(rows) + 1}"
    sheet.sheet_properties.tabColor = ALIKE.get(name, "FF2C5F6F")


def _heading(sheet: Worksheet, number: int, column: Column) -> None:
    cell = sheet.cell(1, number, column.name)
    cell.font, cell.fill = font(10, bold=True), solid(MUST if column.must else FREE)
    cell.alignment, cell.border, cell.number_format = Alignment(vertical="center"), _GRID, "@"
    values = f" One of: {', '.join(column.of)}." if isinstance(column.of, tuple) and column.of else ""
    said = f"{column.help}{values}{' Must be filled.' if column.must else ''}".strip()
    if said:
        cell.comment = Comment(said, "eventcode", height=30 + 15 * lines(said, 46), width=320)


def _entries(sheet: Worksheet, at: int, columns: Sequence[Column], row: Row, bold: Sequence[str]) -> None:
    fit(sheet, at, [(str(row[c.name]), c.width) for c in columns if c.name in row and c.under != "triggers"])
    for number, column in enumerate(columns, 1):
        cell: Any = sheet.cell(at, number)
        value = row.get(column.name)
        plain = column.kind in ("number", "integer") or not isinstance(value, str)
        cell.number_format = "General" if plain and column.kind in ("number", "integer", "any") else "@"
        cell.border = _GRID
        cell.font = font(
            10,
            GREY if column.name == "meaning" else INK,
            bold=column.name in bold,
            italic=column.name == "meaning",
        )
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        if value is not None:
            cell.value = value
            if isinstance(value, str):  # never a formula, whatever it begins with
                cell.data_type = "s"
                cell.quotePrefix = value.startswith(("=", "+", "-", "@", "#", "'"))


def _read_me(sheet: Worksheet, title: str, found: Where) -> None:
    """What the workbook is and how it becomes a codebook again."""
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 18, 96
    sheet.sheet_view.showGridLines = False
    head: Any = sheet["A1"]
    head.value, head.data_type, head.font = title, "s", font(15, bold=True)
    said = (
        "A codebook: what is coded, and how. Each sheet holds one kind of thing, one line for each. Yellow headings must be filled; a note "
        "on each heading says what it is for. Codes are text: 010 is not 10. Several entries in one cell stand on lines of their own.",
        "When you are done: eventcode codebook import FILE.xlsx. Whatever is wrong is listed with sheet and cell, and then nothing is "
        "written.",
    )  # fmt: skip
    for at, text in enumerate(said, 3):
        sheet.merge_cells(start_row=at, start_column=1, end_row=at, end_column=2)
        cell = sheet.cell(at, 1, text)
        cell.font, cell.alignment = font(11), Alignment(wrap_text=True, vertical="top")
        sheet.row_dimensions[at].height = 16 * lines(text, 112) + 6
    for at, (name, (_, rows)) in enumerate(found.items(), 6):
        link: Any = sheet.cell(at, 1, name)
        link.hyperlink, link.font = f"#'{name}'!A1", font(11, "FF2C5F6F", bold=True)
        count = f"  {len(rows):,} {'entry' if len(rows) == 1 else 'entries'}" if name != "codebook" else ""
        sheet.cell(at, 2, layout.BY_NAME[name].about + count).font = font(11)
    page(sheet, "A1", titles=0)


# ── drop-downs ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _lists(sheet: Worksheet, draft: Draft, modules: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Closed lists that no sheet holds, on a hidden sheet; list → its range."""
    own = {
        vocabulary["id"]: [term["value"] for term in vocabulary["terms"]] for vocabulary in draft.vocabularies
    }
    every = {**modules, **own}
    columns: dict[str, Sequence[str]] = {"vocabularies.vocabulary": ["event_type", *every]}
    columns |= {f"values.{name}": every.get(name, ()) for name in ("quad", "actor_kind")}
    for column in {c for s in layout.SHEETS for c in s.columns if isinstance(c.of, tuple) and c.of}:
        columns["/".join(column.of)] = column.of
    ranges = {}
    for number, (name, values) in enumerate(sorted(columns.items()), 1):
        for at, value in enumerate((name, *values), 1):
            cell: Any = sheet.cell(at, number, ILLEGAL_CHARACTERS_RE.sub("", value))
            cell.number_format, cell.data_type = "@", "s"
        letter = get_column_letter(number)
        if values:
            ranges[name] = f"{LISTS}!${letter}$2:${letter}${len(values) + 1}"
    sheet.sheet_state = "hidden"
    return ranges


def _drop_downs(
    sheet: Worksheet, columns: Sequence[Column], last: int, found: Where, ranges: Mapping[str, str]
) -> None:
    for number, column in enumerate(columns, 1):
        closed = isinstance(column.of, tuple)
        key = "/".join(column.of) if isinstance(column.of, tuple) else column.of
        formula = ranges.get(key) or (_range(key, found) if not closed else "")
        if not column.of or not formula:
            continue
        hint = (
            "Choose from the list (Alt+↓)."
            if closed
            else "It is not in the list yet: fine if you add it there."
        )
        validation = DataValidation(
            type="list", formula1=formula, allow_blank=True, showErrorMessage=True, errorStyle="stop" if closed else "warning",
            errorTitle=column.name[:32], error=hint,
        )  # fmt: skip
        letter = get_column_letter(number)
        validation.add(f"{letter}2:{letter}{last}")
        sheet.add_data_validation(validation)


def _range(key: str, found: Where) -> str:
    """The cells of `sheet.column`, with room for more."""
    name, _, column = key.partition(".")
    if name not in found:
        return ""
    columns, rows = found[name]
    letter = next((get_column_letter(n) for n, c in enumerate(columns, 1) if c.name == column), "")
    return f"{name}!${letter}$2:${letter}${len(rows) + 1 + SPARE}" if letter else ""
