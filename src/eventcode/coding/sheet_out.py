"""A workbook for coders who live in spreadsheets, generated from the codebook, with their readings so far."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.workbook.protection import WorkbookProtection
from openpyxl.worksheet.worksheet import Worksheet

from eventcode.coding import sheet_guide, sheet_lists, sheet_style
from eventcode.coding.cell_values import CellError, to_cell
from eventcode.coding.sheet_lists import FIRST
from eventcode.coding.sheet_rows import rows_of
from eventcode.coding.workbook_columns import Column
from eventcode.coding.workbook_layout import GUIDE, LISTS, NOT_READ, README, SHEETS, Sheet, sheets
from eventcode.errors import CoderError, Problem, refuse
from eventcode.formats import files
from eventcode.model import Codebook
from eventcode.readings import Coder, Row

SPARE = 1_000  # rows below the last entry that have drop-downs, at least
# The first column that scrolls; what identifies a row stays in sight.
_FROZEN = {
    "documents": "B",
    "codings": "E",
    "participants": "C",
    "sources": "C",
    "support": "D",
    "evidence": "D",
}


def write(
    path: Path, codebook: Codebook, coder: Coder, documents: Sequence[Row], readings: Sequence[Row] = ()
) -> None:
    """Write a coder's workbook: `documents` (rows of documents.yaml or of the table) to read, canonical `readings` that exist.

    Of several revisions of a document the last is shown. `sheet_in.read` gives every reading back as it was. Raises CoderError, with every
    place, for what a workbook cannot hold, and DatasetError where the file cannot be written; nothing is written then.
    """
    rows = _rows(codebook, coder, documents, _latest(readings))
    layout = {
        name: sheet.having({column for row in rows[name] for column in row})
        for name, sheet in sheets(codebook).items()
    }
    cells = _cells(rows, layout)
    files.write(Path(path), lambda temporary: _book(codebook, coder, layout, cells).save(temporary))


def _latest(readings: Sequence[Row]) -> list[Row]:
    """The last revision for each document, in the order in which the documents first appear."""
    last: dict[str, Row] = {}
    for reading in readings:
        known = last.get(reading["document"])
        if known is None or reading["revision"] > known["revision"]:
            last[reading["document"]] = reading
    return [*last.values()]


# ── rows ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _rows(
    codebook: Codebook, coder: Coder, documents: Sequence[Row], readings: Sequence[Row]
) -> dict[str, list[Row]]:
    """All rows of every sheet: each document once, in its order, with its reading where there is one."""
    open_readings = {reading["document"]: reading for reading in readings}
    strangers = [r for r in readings if r["coder"] != coder.id]
    problems = [
        Problem(f"the reading of {r['document']} is by {r['coder']}", f"give readings by {coder.id} only")
        for r in strangers
    ]
    refuse(CoderError, f"no workbook for {coder.id}", problems)
    rows: dict[str, list[Row]] = {name: [] for name in SHEETS}
    for document in documents:
        names = (document.get("document_key"), document.get("key"), document.get("document_id"))
        known = [name for name in names if name]
        name = next((name for name in known if name in open_readings), known[0])
        _add(rows, codebook, coder, open_readings.pop(name, {"document": name}), document)
    for reading in open_readings.values():
        _add(rows, codebook, coder, reading, {})
    return rows


def _add(rows: dict[str, list[Row]], codebook: Codebook, coder: Coder, reading: Row, document: Row) -> None:
    own = rows_of(reading, codebook)
    shown = {name: document[name] for name in NOT_READ if document.get(name)}
    own["documents"][0] = {"coder": coder.id, "codebook": codebook.reference} | shown | own["documents"][0]
    for name, more in own.items():
        rows[name] += more


def _cells(rows: dict[str, list[Row]], layout: dict[str, Sheet]) -> dict[str, list[Row]]:
    """Rows with each value as its cell holds it; CoderError for every value that no cell can hold."""
    problems: list[Problem] = []
    cells: dict[str, list[Row]] = {}
    for name, sheet in layout.items():
        known = sheet.known
        cells[name] = [
            {c: _cell(row, c, known, f"{name}!{n}", problems) for c in row}
            for n, row in enumerate(rows[name], FIRST)
        ]
    refuse(CoderError, "these readings do not fit into a workbook", problems)
    return cells


def _cell(row: Row, name: str, known: dict[str, Column], place: str, problems: list[Problem]) -> Any:
    path = f"{place}  {row['document']}  {name}"
    if name not in known:
        problems.append(
            Problem("the codebook has no such field", "give readings of this codebook", path=path)
        )
        return None
    try:
        return to_cell(row[name], known[name]) if row[name] is not None else None
    except CellError as error:
        problems.append(Problem(error.message, error.hint, path=path))
        return None


# ── the workbook ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _book(
    codebook: Codebook, coder: Coder, layout: dict[str, Sheet], cells: dict[str, list[Row]]
) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    book.properties.creator, book.properties.title = "eventcode", f"{codebook.title}: {coder.id}"
    first = book.active
    assert isinstance(first, Worksheet)
    first.title = README
    sheet_guide.read_me(first, codebook, coder)
    worksheets = {name: book.create_sheet(name) for name in SHEETS}
    sheet_guide.guide(book.create_sheet(GUIDE), codebook, layout)
    ranges = sheet_lists.fill(book.create_sheet(LISTS), codebook, layout)
    where = sheet_lists.letters(layout)
    last = {name: FIRST + len(rows) + (SPARE if name != "documents" else -1) for name, rows in cells.items()}
    last["documents"] = max(last["documents"], FIRST)
    for name, sheet in layout.items():
        _sheet(worksheets[name], sheet, cells[name], last[name])
        sheet_lists.validate(worksheets[name], sheet, ranges, where, last)
    book.security = WorkbookProtection(lockStructure=True)
    return book


def _sheet(worksheet: Worksheet, sheet: Sheet, rows: list[Row], last: int) -> None:
    sheet_style.columns(worksheet, sheet)
    sheet_style.header(worksheet, sheet)
    for number, row in enumerate(rows, FIRST):
        _entries(worksheet, sheet, number, row)
    sheet_style.mark_empty(worksheet, sheet, last)
    worksheet.sheet_properties.tabColor = sheet_style.TABS[sheet.name]
    names = {column.name: get_column_letter(number) for number, column in enumerate(sheet.columns, 1)}
    sheet_style.page(worksheet, f"{_FROZEN[sheet.name]}{FIRST}", across=3 if len(sheet.columns) > 15 else 1)
    worksheet.auto_filter.ref = f"A{FIRST - 1}:{[*names.values()][-1]}{last}"
    sheet_style.protect(worksheet)


def _entries(worksheet: Worksheet, sheet: Sheet, number: int, row: Row) -> None:
    """The filled cells of a row; an empty one has the format of its column."""
    shown = [
        (str(row[c.name]), c.width)
        for c in sheet.columns
        if row.get(c.name) is not None and not c.hidden and c.name != "url"
    ]
    sheet_style.fit(worksheet, number, shown)
    for at, column in enumerate(sheet.columns, 1):
        value = row.get(column.name)
        if value is None:
            continue
        cell: Any = worksheet.cell(number, at)
        own: Any = worksheet.column_dimensions[get_column_letter(at)]
        cell._style = copy(own._style)
        cell.value = value
        if isinstance(value, str):  # never a formula or an error value, whatever it begins with
            cell.data_type = "s"
            if value.startswith(("=", "+", "-", "@", "#", "'")):
                cell.quotePrefix = True
            if column.name == "url" and value.startswith(("http://", "https://")) and len(value) < 2000:
                cell.hyperlink = value
