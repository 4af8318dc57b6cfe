"""The rows of a grid as records: values by column name, each with its cell, and every cell that is not what its column asks for."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from eventcode.coding import cell_values
from eventcode.coding.sheet_grid import Grid
from eventcode.coding.workbook_columns import Column
from eventcode.coding.workbook_layout import CATEGORY, NOT_READ, SHEETS, Sheet
from eventcode.errors import Problem
from eventcode.model import Place

HEADER_ROWS = 12  # how far down the row of column names is looked for
WANTED_HINT = "write a fresh workbook with `eventcode sheet out` and copy the rows over"


@dataclass(slots=True)
class Record:
    """One row: its values, where each column's cell stands, and the columns whose cell could not be read."""

    sheet: str
    values: dict[str, Any]
    places: dict[str, Place]
    bad: set[str] = field(default_factory=set)

    @property
    def place(self) -> Place:
        """The cell that a message about the whole row points at: that of its key."""
        name = next((name for name in ("key", "document") if name in self.places), next(iter(self.places)))
        return self.places[name]

    def problem(self, column: str, message: str, hint: str) -> Problem:
        """A problem with the cell of a column."""
        return problem(self.places.get(column, self.place), message, hint)


def problem(place: Place, message: str, hint: str) -> Problem:
    """A problem at a place."""
    return Problem(message, hint, place.file, place.line, place.path)


def records(grid: Grid, sheet: Sheet, whole: bool, problems: list[Problem]) -> list[Record]:
    """The records of a grid, in order; what is wrong with header and cells is added to `problems`.

    A `whole` workbook must have its hidden columns too.
    """
    row = _header_row(grid, sheet)
    if row is None:
        hint = f"the row with the column names ({', '.join(c.name for c in sheet.columns[:4])} …) must stand above the entries"
        problems.append(Problem("the row of column names is missing", hint, grid.file, None, grid.name))
        return []
    columns = _columns(grid, sheet, row, whole, problems)
    problems += _merged(grid, row)
    found = [_record(grid, sheet, number, columns, problems) for number in grid.rows if number > row]
    return [record for record in found if record is not None]


def _header_row(grid: Grid, sheet: Sheet) -> int | None:
    """The row that holds the most column names, if any holds two."""
    known = sheet.known

    def names(row: int) -> int:
        return len({str(raw.value).strip() for raw in grid.rows[row].values()} & known.keys())

    best = max((row for row in grid.rows if row <= HEADER_ROWS), key=names, default=None)
    return best if best is not None and names(best) >= min(2, len(known)) else None


def _columns(grid: Grid, sheet: Sheet, row: int, whole: bool, problems: list[Problem]) -> dict[int, Column]:
    """Column number → column; doubles, missing, renamed and unknown ones are problems."""
    known, found, strange = sheet.known, dict[int, Column](), dict[int, str]()
    for number, raw in grid.rows[row].items():
        name = str(raw.value).strip()
        if name in known and known[name] not in found.values():
            found[number] = known[name]
        elif name in known:
            problems.append(problem(grid.place(row, number), f"the column '{name}' stands twice", "keep one"))
        else:
            strange[number] = name
    present = {column.name for column in found.values()}
    asked = [c.name for c in sheet.columns if c.name not in (CATEGORY, *NOT_READ) and (whole or not c.hidden)]
    missing = [name for name in asked if name not in present]
    problems += [_missing(grid, row, name, strange) for name in missing]
    problems += _stray(grid, row, {*found}, strange, missing)
    return found


def _missing(grid: Grid, row: int, name: str, strange: dict[int, str]) -> Problem:
    close = difflib.get_close_matches(name, list(strange.values()), 1)
    if not close:
        return Problem(f"the column '{name}' is missing", WANTED_HINT, grid.file, None, grid.name)
    number = next(number for number, text in strange.items() if text == close[0])
    return problem(
        grid.place(row, number),
        f"the column '{name}' is missing",
        f"'{close[0]}' looks like it: call it {name} again",
    )


def _stray(
    grid: Grid, row: int, found: set[int], strange: dict[int, str], missing: list[str]
) -> list[Problem]:
    """Unknown columns that hold values; one that looks like a renamed column has been told of already."""
    filled: dict[int, list[int]] = {}
    for number in grid.rows:
        for column in grid.rows[number] if number > row else ():
            if column not in found:
                filled.setdefault(column, []).append(number)
    renamed = {n for n, text in strange.items() if difflib.get_close_matches(text, missing, 1)}
    return [
        _strange(grid, strange.get(column), rows, column)
        for column, rows in sorted(filled.items())
        if column not in renamed
    ]


def _strange(grid: Grid, name: str | None, rows: list[int], column: int) -> Problem:
    what = f"the column '{name}' is unknown" if name else "this column has no name"
    count = "1 value" if len(rows) == 1 else f"{len(rows)} values"
    return problem(
        grid.place(rows[0], column),
        f"{what} and holds {count}",
        "move them to the column note or delete them",
    )


def _merged(grid: Grid, row: int) -> list[Problem]:
    return [
        problem(grid.place(first, column), f"{text} is one merged cell", "unmerge it and fill each row")
        for text, first, last, column in sorted(grid.merged)
        if last >= row
    ]


def _record(
    grid: Grid, sheet: Sheet, row: int, columns: dict[int, Column], problems: list[Problem]
) -> Record | None:
    cells = grid.rows[row]
    if not any(number in cells for number in columns):
        return None
    record = Record(sheet.name, {}, {c.name: grid.place(row, n) for n, c in columns.items()})
    for number, column in columns.items():
        if number in cells and column.name not in NOT_READ:
            _take(record, column, cells[number], problems)
    _place_dates(record, columns.values())
    for column in sheet.columns:
        if (
            column.needed
            and column.name not in record.values
            and column.name not in record.bad
            and column.name in record.places
        ):
            problems.append(record.problem(column.name, f"{column.name} is empty", _fill(column)))
            record.bad.add(column.name)
    return record


def _place_dates(record: Record, columns: Iterable[Column]) -> None:
    """Put the three columns of a date in its one cell, unless they have cells of their own that are filled."""
    for column in columns:
        for part in ("start", "end", "precision") if column.kind == "date" else ():
            name = f"{column.name}_{part}"
            if name not in record.values:
                record.places[name] = record.places[column.name]


def _take(record: Record, column: Column, raw: cell_values.Raw, problems: list[Problem]) -> None:
    try:
        value = cell_values.from_cell(raw, column)
    except cell_values.CellError as error:
        problems.append(record.problem(column.name, error.message, error.hint))
        record.bad.add(column.name)
        return
    if value is not None:
        record.values[column.name] = value


def _fill(column: Column) -> str:
    if column.keys in SHEETS:
        return f"choose a {column.name} of the sheet {column.keys}, or clear the row"
    return "fill it, or clear the whole row"
