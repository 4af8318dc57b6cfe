"""Workbooks and grids for tests of authoring: what a person might have typed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl

from eventcode.codebook.load import load
from eventcode.codebook.sheet import back
from eventcode.codebook.sheet.back import Back
from eventcode.codebook.sheet.complete import Wishes
from eventcode.codebook.sheet.records import Reading
from eventcode.coding.cell_values import Raw
from eventcode.coding.sheet_grid import Grid
from eventcode.model import Codebook
from eventcode.pipeline import authoring
from eventcode.pipeline.authoring import Made

Rows = Sequence[Sequence[Any]]


def grid(name: str, rows: Rows) -> Grid:
    """A sheet as it is read: text, numbers, truth, dates, and formulas that begin with `=`."""
    cells = {
        at: {n: _raw(value) for n, value in enumerate(row, 1) if value not in (None, "")}
        for at, row in enumerate(rows, 1)
    }
    return Grid(name, "book.xlsx", {at: row for at, row in cells.items() if row})


def _raw(value: Any) -> Raw:
    if isinstance(value, Raw):
        return value
    if isinstance(value, bool):
        return Raw(value, "boolean")
    if isinstance(value, int | float):
        return Raw(value, "number")
    if isinstance(value, date):
        return Raw(value, "date")
    return Raw(value, "formula" if value.startswith("=") else "text")


def opened(reference: str) -> Codebook:
    """A bundled codebook."""
    return load(reference.partition("@")[0])


def read(sheets: dict[str, Rows], name: str = "mine", raw: bool = False, **wishes: Any) -> Back:
    """What becomes of sheets."""
    grids = {sheet: grid(sheet, rows) for sheet, rows in sheets.items()}
    return back.read(grids, Wishes(name, **wishes), Reading(raw=raw), opened)


def problems(sheets: dict[str, Rows], **wishes: Any) -> list[str]:
    """Every problem with its cell and remedy."""
    return [f"{p.path}: {p.message} → {p.hint}" for p in read(sheets, **wishes).problems]


def chosen(found: Back | Made) -> list[str]:
    """Every default that was taken."""
    return [("TODO " if one.todo else "") + one.line() for one in found.chosen]


def workbook(path: Path, sheets: dict[str, Rows]) -> Path:
    """A real workbook."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append([*row])
    book.save(path)
    return path


def bring(path: Path, into: Path, name: str = "", **wishes: Any) -> Made:
    """Import a file."""
    return authoring.import_workbook(path, into, Wishes(name, **wishes), Reading())
