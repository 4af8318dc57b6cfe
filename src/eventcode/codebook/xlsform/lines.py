"""The rows of a form's sheets, and what has been read of it so far."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from eventcode.codebook.sheet.cells import CellError, Grid
from eventcode.codebook.sheet.cells_in import from_cell
from eventcode.codebook.sheet.records import Entry
from eventcode.codebook.sheet.told import Report
from eventcode.codebook.slugs import slug
from eventcode.codebook.xlsform.relevant import Name
from eventcode.errors import Problem

Cells = dict[str, Any]


@dataclass(slots=True)
class Line:
    """A row of a sheet by heading, with the cell of each."""

    cells: Cells
    entry: Entry


@dataclass(slots=True)
class Form:
    """What has been read so far."""

    report: Report
    problems: list[Problem]
    names: dict[str, Name] = field(default_factory=dict)
    fields: list[Entry] = field(default_factory=list)
    conditions: list[tuple[Entry, str]] = field(default_factory=list)
    lists: dict[str, str] = field(default_factory=dict)  # the form's list → our vocabulary
    asked: set[str] = field(default_factory=set)  # the form's lists that a question has


def lines(
    grid: Grid | None, language: str, problems: list[Problem], report: Report | None = None
) -> Iterator[Line]:
    """The rows below the heading; columns of the language wanted count as the column itself, others are reported."""
    if grid is None or not grid.rows:
        return
    top = min(grid.rows)
    heads = _heads(
        {n: str(raw.value).strip() for n, raw in grid.rows[top].items()}, language, grid.name, report
    )
    for row in sorted(number for number in grid.rows if number > top):
        line = Line({}, Entry({}, grid.name, place=grid.place(row, min(grid.rows[row]))))
        for number, raw in sorted(grid.rows[row].items()):
            head = heads.get(number)
            if head is None:
                continue
            line.entry.places[head] = grid.place(row, number)
            try:
                line.cells[head] = _text(raw)
            except CellError as error:
                problems.append(line.entry.problem(head, error.message, error.hint))
        if line.cells:
            yield line


def languages(*grids: Grid | None) -> list[str]:
    """The languages of the columns `label::French (fr)`, `hint::English`."""
    tops = (grid.rows[min(grid.rows)] for grid in grids if grid is not None and grid.rows)
    heads = (str(raw.value).partition("::")[2].strip() for top in tops for raw in top.values())
    return [*dict.fromkeys(filter(None, heads))]


def spoken(name: str, wanted: str) -> bool:
    """Whether `French (fr)` is the language that was asked for as `French`."""
    return name.lower().startswith(wanted.strip().lower())


def _text(raw: Any) -> str:
    """A cell as text, as forms take it: TRUE and 1 are words too."""
    if raw.kind == "boolean":
        return "yes" if raw.value else "no"
    return str(from_cell(raw, "text"))


def _heads(given: Mapping[int, str], language: str, sheet: str, report: Report | None) -> dict[int, str]:
    plain = {n: slug(head, "_") for n, head in given.items() if "::" not in head}
    found, taken = dict(plain), {*plain.values()}
    by_language: dict[str, list[int]] = {}
    for number, head in given.items():
        if "::" in head:
            by_language.setdefault(head.partition("::")[2].strip(), []).append(number)
    chosen = next(
        (name for name in by_language if language and spoken(name, language)),
        next(iter(by_language), ""),
    )
    for name, numbers in by_language.items():
        for number in numbers:
            head = slug(given[number].partition("::")[0], "_")
            if name == chosen and head not in taken:
                found[number] = head
            elif report is not None:
                report.add(sheet, given[number], "left out: another language")
    return found
