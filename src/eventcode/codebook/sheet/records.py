"""Grids of cells as entries: which row is the heading, which column is which, what each cell says, and everything wrong with it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from eventcode.codebook.sheet.cells import CellError, Grid, Raw
from eventcode.codebook.sheet.cells_in import from_cell
from eventcode.codebook.sheet.layout import Column, Sheet
from eventcode.codebook.sheet.told import Report
from eventcode.codebook.slugs import slug
from eventcode.errors import Problem
from eventcode.model import Place
from eventcode.shape import did_you_mean

Plain = dict[str, Any]
TRIMMED = ("text", "lines", "excludes")
NA = "NA"  # how R writes a missing value
HEADING_WITHIN = 10  # rows in which the heading is looked for


@dataclass(slots=True)
class Entry:
    """One row of a sheet: its values, the cell of each, the columns whose cell could not be read, those whose NA counts as empty,
    those that lost spaces at their ends, and the row's cell in each column of its sheet, be it empty (`heads`)."""

    plain: Plain
    sheet: str
    places: dict[str, Place] = field(default_factory=dict)
    place: Place = Place()
    unread: set[str] = field(default_factory=set)
    nothing: list[str] = field(default_factory=list)
    trimmed: list[str] = field(default_factory=list)
    heads: Mapping[str, Place] = field(default_factory=dict)

    def at(self, name: str) -> Place:
        """The cell of a column, be it empty; that of the row's first cell, where the sheet has no such column."""
        return self.places.get(name) or self.heads.get(name) or self.place

    def problem(self, name: str, message: str, hint: str) -> Problem:
        """A problem at the cell of a column."""
        return at(self.at(name), message, hint)


@dataclass(frozen=True, slots=True)
class Reading:
    """How to read: columns to leave out, columns by other names, whether a list is taken as it is (`raw`), faults and all,
    and whether it is a form, whose questions a module may ask already."""

    ignore: Collection[str] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)
    raw: bool = False
    form: bool = False


def at(place: Place, message: str, hint: str) -> Problem:
    """A problem at a cell."""
    return Problem(message, hint, place.file, None, place.path)


def entries(
    grid: Grid, sheet: Sheet, how: Reading, problems: list[Problem], report: Report | None = None
) -> list[Entry]:
    """The entries of a sheet; what is wrong with its heading or cells is added to `problems`, columns by other names to `report`."""
    if not grid.rows:
        return []
    top = heading_row(grid, sheet, how)
    if _headless(grid, sheet, top, how):
        wanted = ", ".join(c.name for c in sheet.columns if c.name in (*NEEDED[sheet.name], "label"))
        place = grid.place(top, min(grid.rows[top]))
        problems.append(at(place, f"row {top} is no heading", f"write {wanted} above it"))
        return []
    columns = {n: found for n, found in _columns(grid, sheet, top, how, problems, report) if found}
    problems += _merged(grid, top)
    names = {column.name for column in columns.values()}
    problems += _absent(grid, sheet, top, names)
    found = []
    for row in sorted(number for number in grid.rows if number > top):
        filled = {n: raw for n, raw in grid.rows[row].items() if n in columns}
        problems += _homeless(grid, top, row, columns, how)
        if filled:
            entry = _entry(
                grid, sheet, row, {n: (columns[n], raw) for n, raw in filled.items()}, how, problems
            )
            entry.heads = {column.name: grid.place(row, n) for n, column in columns.items()}
            found.append(entry)
    return found


# ── the heading ───────────────────────────────────────────────────────────────────────────────────────────────────────


def heading_row(grid: Grid, sheet: Sheet, how: Reading) -> int:
    """The row that names most columns, among the first ones; at equal rank the first."""
    rows = sorted(grid.rows)[:HEADING_WITHIN]
    known = {
        *sheet.known,
        *(other for column in sheet.columns for other in column.also),
        *map(_tidy, how.renamed),
    }
    found: int = max(
        rows, key=lambda row: (sum(_tidy(raw.value) in known for raw in grid.rows[row].values()), -row)
    )
    return found


def _headless(grid: Grid, sheet: Sheet, top: int, how: Reading) -> bool:
    """Whether the first row holds data: no column that is known, and a number or a text that begins like one."""
    cells = grid.rows[top].values()
    heads = {_tidy(raw.value) for raw in cells}
    known = {*sheet.known, *(other for column in sheet.columns for other in column.also)}
    if sheet.name not in NEEDED or heads & {*known, *map(_tidy, how.renamed), *map(_tidy, how.ignore)}:
        return False
    return any(raw.kind == "number" or str(raw.value)[:1].isdigit() for raw in cells)


def _tidy(heading: object) -> str:
    return slug(str(heading), "_")


def _columns(
    grid: Grid, sheet: Sheet, top: int, how: Reading, problems: list[Problem], report: Report | None
) -> Iterator[tuple[int, Column | None]]:
    """(number, column) of the heading's cells; None for one that is to be left out."""
    heads = {n: str(raw.value).strip() for n, raw in sorted(grid.rows[top].items())}
    renamed = {_tidy(theirs): ours for theirs, ours in how.renamed.items()}
    given = {_tidy(renamed.get(_tidy(head), head)) for head in heads.values()}
    seen: dict[str, int] = {}
    for number, head in heads.items():
        place = grid.place(top, number)
        if {head, _tidy(head)} & {*how.ignore}:
            yield number, None
            continue
        column = _named(renamed.get(_tidy(head), head), sheet, given)
        if column is None and _tidy(head) in renamed:
            ours = renamed[_tidy(head)]
            message = f"the column '{head}' is to be '{ours}', which is unknown here"
            problems.append(at(place, message, did_you_mean(ours, [*sheet.known])))
        elif column is None:
            problems.append(at(place, f"the column '{head}' is unknown here", _which(head, sheet)))
        elif column.name in seen:
            first = grid.place(top, seen[column.name]).path
            problems.append(
                at(place, f"the column '{column.name}' stands twice", f"the first is at {first}: keep one")
            )
        else:
            seen[column.name] = number
            tidy = _tidy(head)
            if report is not None and tidy not in renamed and tidy in column.also and tidy != column.name:
                report.add(sheet.name, column.name, f"the column '{head}' read as {column.name}")
            yield number, column


def _which(head: str, sheet: Sheet) -> str:
    """What to do with an unknown column."""
    close = did_you_mean(_tidy(head), [*sheet.known])
    start = f"{close} Else leave" if close.startswith("did you mean") else "leave"
    return f"{start} it out with --ignore '{head}', or say which of ours it is with --map '{head}=…'"


def _named(head: str, sheet: Sheet, given: Collection[str]) -> Column | None:
    """The column that a heading means: by its name, else by another name if nothing else bears its own."""
    tidy = _tidy(head)
    if tidy in sheet.known and not head.startswith("+"):
        return sheet.known[tidy]
    if sheet.open:
        attribute = head.removeprefix("+")
        return Column(head, "any", as_="vocabulary" if attribute == "+vocabulary" else attribute)
    return next((c for c in sheet.columns if tidy in c.also and c.name not in given), None)


def _merged(grid: Grid, top: int) -> Iterator[Problem]:
    for text, first, last, column in grid.merged:
        if last >= top:
            yield at(
                grid.place(first, column),
                f"the cells {text} are merged",
                "undo the merging and fill each cell",
            )


def _absent(grid: Grid, sheet: Sheet, top: int, names: Collection[str]) -> Iterator[Problem]:
    """Columns without which nothing can be made of a sheet; what has a default is asked for later."""
    for column in sheet.columns:
        if column.name in NEEDED.get(sheet.name, ()) and column.name not in names:
            others = f" (or {', '.join(column.also)})" if column.also else ""
            yield at(
                grid.place(top, 1), f"the column '{column.name}' is missing", f"add it to the heading{others}"
            )


NEEDED = {
    "codebook": ("key", "value"), "authors": ("name",), "scales": ("scale",), "codes": ("code",), "vocabularies": ("vocabulary",),
    "values": ("vocabulary", "value"), "guidance": ("id", "text"), "rules": ("id",), "examples": ("text",), "actors": ("id",),
    "ties": ("actor", "relation", "to_actor"), "crosswalks": ("code", "target_codebook", "match"), "dates": ("phrase",),
    "migrations": ("do", "of"), "accepted": ("rule", "why"),
}  # fmt: skip


def _homeless(
    grid: Grid, top: int, row: int, columns: Mapping[int, Column], how: Reading
) -> Iterator[Problem]:
    """Cells below an empty heading."""
    for number in grid.rows[row]:
        if number not in columns and number not in grid.rows[top]:
            yield at(
                grid.place(row, number), "the column has no heading", "name it in the heading, or empty it"
            )


# ── cells ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _entry(
    grid: Grid,
    sheet: Sheet,
    row: int,
    filled: Mapping[int, tuple[Column, Raw]],
    how: Reading,
    problems: list[Problem],
) -> Entry:
    entry = Entry({}, sheet.name, place=grid.place(row, min(filled)))
    for number, (column, raw) in filled.items():
        entry.places[column.name] = grid.place(row, number)
        if how.raw and raw.value == NA and (column.kind in ("number", "integer") or column.of):
            entry.nothing.append(column.name)
            continue
        if (
            raw.kind == "text"
            and not how.raw
            and raw.value != str(raw.value).strip()
            and column.kind in TRIMMED
        ):
            entry.trimmed.append(column.name)
        try:
            value = _value(raw, column, how)
        except CellError as error:
            problems.append(entry.problem(column.name, error.message, error.hint))
            entry.unread.add(column.name)
            continue
        holder = entry.plain.setdefault(column.under, {}) if column.under else entry.plain
        if value is not None or column.kind == "any":
            holder[column.key] = value
    return entry


def _value(raw: Raw, column: Column, how: Reading) -> Any:
    """A cell's value; of a raw list, text as it is, faults and all."""
    if how.raw and raw.kind == "text" and column.kind in ("key", "name", "text"):
        return str(raw.value).strip() if column.kind == "key" and not column.pattern else str(raw.value)
    return from_cell(raw, column.kind)
