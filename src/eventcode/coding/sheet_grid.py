"""A workbook or CSV files as grids of cells, before anything is made of them; and every reason why a file is neither."""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

from eventcode.coding.cell_values import Raw
from eventcode.coding.workbook_layout import GUIDE, LISTS, README, SHEETS
from eventcode.errors import DatasetError, Problem
from eventcode.model import Place

ALL = (*SHEETS, README, GUIDE, LISTS)
OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
LARGEST = 400_000_000  # bytes of all parts of a workbook once unpacked
AS_XLSX = "open it in the spreadsheet program and save it as 'Excel workbook (.xlsx)'"
_KINDS = {
    "s": "text",
    "str": "text",
    "inlineStr": "text",
    "n": "number",
    "b": "boolean",
    "d": "date",
    "e": "error",
    "f": "formula",
}


@dataclass(slots=True)
class Grid:
    """The cells of one sheet by row and column, both counted from 1; merged ranges as (text, first row, last row, first column)."""

    name: str
    file: str
    rows: dict[int, dict[int, Raw]] = field(default_factory=dict)
    merged: tuple[tuple[str, int, int, int], ...] = ()

    def place(self, row: int, column: int) -> Place:
        """Where a cell stands: `codings!C7`, in a CSV file as a spreadsheet program shows it."""
        return Place(self.file, None, f"{self.name}!{letters(column)}{row}")


@dataclass(slots=True)
class Book:
    """The sheets of a workbook or a folder by name, and what is wrong; `whole` is false for CSV files: sheets may be absent."""

    grids: dict[str, Grid] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    whole: bool = True


def letters(column: int) -> str:
    """A column's letters: 1 is A, 27 is AA."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def read(path: Path, headers: dict[str, set[str]], beside: str = "CSV") -> Book:
    """The grids of a workbook, of a CSV file, or of a folder of CSV files named after the sheets.

    `headers` gives each sheet's column names, by which a single CSV file of any name is told; `beside` is the form that the caller
    takes beside workbooks, for the advice about a file that is none. Raises DatasetError where the path cannot be opened; a file that
    is no workbook is a problem in the answer.
    """
    try:
        if path.is_dir():
            return _folder(path, headers)
        data = path.read_bytes()
    except OSError as error:
        raise DatasetError(
            f"{path} cannot be read: {error.strerror or error}", "check the path and its permissions"
        ) from error
    if path.suffix.lower() in (".csv", ".tsv", ".txt", ".tab"):
        return _csv_files([(path, data)], headers)
    reason = _no_workbook(data, beside)
    return Book(problems=[Problem(*reason, str(path))]) if reason else _workbook(path, data)


# ── workbooks ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _no_workbook(data: bytes, beside: str) -> tuple[str, str] | None:
    """(what, remedy) for bytes that are no .xlsx workbook."""
    if not data:
        return "the file is empty", "export or save it again"
    if data.startswith(OLD_EXCEL):
        if ENCRYPTED in data:
            return (
                "the workbook is protected with a password",
                "remove it (File → Info → Protect Workbook) and save again",
            )
        return "this is a workbook of the old .xls format", AS_XLSX
    if not data.startswith(b"PK"):
        return "this is no Excel workbook", f"{AS_XLSX}; a {beside} file needs the ending .{beside.lower()}"
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            broken = archive.testzip() if sum(part.file_size for part in parts) <= LARGEST else None
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, EOFError, zlib.error):
        return "the workbook is damaged or cut off", "copy or download it again"
    if broken:
        return f"the workbook is damaged: {broken} does not match its check sum", "copy or download it again"
    if sum(part.file_size for part in parts) > LARGEST:
        return "the workbook unpacks to more than 400 MB", "copy the rows into a fresh workbook"
    return (
        None
        if any(part.filename == "xl/workbook.xml" for part in parts)
        else ("this is no Excel workbook", AS_XLSX)
    )


def _workbook(path: Path, data: bytes) -> Book:
    import warnings

    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(data))
    except Exception as error:  # openpyxl raises whatever its XML meets
        said = f"the workbook cannot be read: {type(error).__name__}: {error}"
        return Book(problems=[Problem(said[:200], AS_XLSX, str(path))])
    return Book({sheet.title: _grid(sheet, str(path)) for sheet in book.worksheets})


def _grid(sheet: Any, file: str) -> Grid:
    grid = Grid(sheet.title, file)
    for row, column in sorted(sheet._cells):  # only cells that exist: a styled sheet may claim a million rows
        raw = _raw(sheet._cells[row, column])
        if raw is not None:
            grid.rows.setdefault(row, {})[column] = raw
    grid.merged = tuple((str(r), r.min_row, r.max_row, r.min_col) for r in sheet.merged_cells.ranges)
    return grid


def _raw(cell: Any) -> Raw | None:
    value = cell.value
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    kind = "date" if isinstance(value, date | time | timedelta) else _KINDS.get(cell.data_type, "text")
    return Raw(str(getattr(value, "text", value)) if kind == "formula" else value, kind)


# ── CSV ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _folder(path: Path, headers: dict[str, set[str]]) -> Book:
    files = sorted(
        p
        for p in path.iterdir()
        if p.suffix.lower() in (".csv", ".tsv") and not p.name.startswith((".", "_"))
    )
    if not files:
        hint = f"put {', '.join(f'{name}.csv' for name in SHEETS)} in it, or give a workbook"
        return Book(problems=[Problem("the folder holds no CSV file", hint, str(path))])
    return _csv_files([(file, file.read_bytes()) for file in files], headers)


def _csv_files(files: Sequence[tuple[Path, bytes]], headers: dict[str, set[str]]) -> Book:
    book = Book(whole=False)
    for path, data in files:
        text = _decoded(data)
        if text is None:
            book.problems.append(Problem("the file is not UTF-8", "export it as 'CSV UTF-8'", str(path)))
            continue
        rows = _parsed(text, {name for names in headers.values() for name in names})
        name = _named(path.stem) or (_likest(rows, headers) if len(files) == 1 else path.stem)
        if name in book.grids:
            hint = "keep one, or name each after its sheet"
            book.problems.append(
                Problem(f"{book.grids[name].file} holds the sheet {name} already", hint, str(path))
            )
        book.grids[name] = _csv_grid(name, str(path), rows)
    return book


def _decoded(data: bytes) -> str | None:
    codec = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        return None


def _parsed(text: str, known: set[str]) -> list[tuple[int, list[str]]]:
    """(line, cells) under the separator that shows the most column names."""
    said = text[:5].lower()
    if said.startswith("sep=") and len(said) == 5:
        return [(line + 1, row) for line, row in _rows(text.partition("\n")[2], said[4])]
    tries = [_rows(text, separator) for separator in ",;\t"]
    return max(
        tries,
        key=lambda rows: max((sum(cell.strip() in known for cell in row) for _, row in rows[:10]), default=0),
    )


def _rows(text: str, separator: str) -> list[tuple[int, list[str]]]:
    """Rows with the number that a spreadsheet gives them, which a line break inside a cell does not raise; none where quotes run wild."""
    try:
        return list(
            enumerate(csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=separator), 1)
        )
    except csv.Error:
        return []


def _named(stem: str) -> str | None:
    """The sheet that a file is named after: `codings`, or `anything-codings` as exports of a whole workbook are called."""
    ends = (
        stem.lower().endswith((f"-{name}", f"_{name}", f" {name}")) or stem.lower() == name for name in ALL
    )
    return next((name for name, end in zip(ALL, ends, strict=True) if end), None)


def _likest(rows: list[tuple[int, list[str]]], headers: dict[str, set[str]]) -> str:
    """The sheet that shares the most column names with a file."""
    seen = {cell.strip() for _, row in rows[:10] for cell in row}
    return max(headers, key=lambda name: len(headers[name] & seen))


def _csv_grid(name: str, file: str, rows: list[tuple[int, list[str]]]) -> Grid:
    cells = {n: {i: Raw(text, "text") for i, text in enumerate(row, 1) if text.strip()} for n, row in rows}
    return Grid(name, file, {n: row for n, row in cells.items() if row})
