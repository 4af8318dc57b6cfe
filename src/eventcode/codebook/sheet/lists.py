"""What people's own lists of codes look like: names for labels, events with modes, examples beside the code."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from eventcode.codebook.sheet.cells import Grid, Text
from eventcode.codebook.sheet.complete import Book
from eventcode.codebook.sheet.context import Context
from eventcode.codebook.sheet.layout import NAME
from eventcode.codebook.sheet.records import Entry
from eventcode.codebook.sheet.told import Report
from eventcode.codebook.slugs import slug
from eventcode.model import Place


@dataclass(slots=True)
class Made:
    """A grid with columns that were made from others; they bear the places of those."""

    name: str
    file: str
    rows: dict[int, dict[int, Any]]
    merged: tuple[tuple[str, int, int, int], ...]
    source: Grid

    def place(self, row: int, column: int) -> Place:
        """Where the cell stands in the file."""
        return self.source.place(row, column)


def prepare(grid: Grid, report: Report) -> Grid:
    """A sheet of codes with the headings that are meant.

    A column `name` that holds labels, in a list without a column `label`, is the label; `event` and `mode`, in a list without a column
    `code`, make the code EVENT.mode.
    """
    if not grid.rows:
        return grid
    top = min(grid.rows)
    heads = {slug(str(raw.value), "_"): n for n, raw in grid.rows[top].items()}
    rows = {number: dict(cells) for number, cells in grid.rows.items()}
    if "name" in heads and "label" not in heads and not _all_names(grid, top, heads["name"]):
        rows[top][heads["name"]] = Text("label")
        report.add("codes", "label", "the column 'name' read as label, since it holds labels")
    if "event" in heads and "mode" in heads and not {"code", "label"} & {*heads}:
        _modes(rows, top, heads["event"], heads["mode"])
        report.add(
            "codes", "code", "the columns 'event' and 'mode' read as the code EVENT.mode, mode as the label"
        )
    return Made(grid.name, grid.file, rows, grid.merged, grid)


def _all_names(grid: Grid, top: int, column: int) -> bool:
    cells = [cells[column].value for number, cells in grid.rows.items() if number > top and column in cells]
    return all(isinstance(value, str) and re.fullmatch(NAME, value) for value in cells)


def _modes(rows: dict[int, dict[int, Any]], top: int, event: int, mode: int) -> None:
    for number, cells in rows.items():
        if number == top:
            cells[event], cells[mode] = Text("code"), Text("label")
            continue
        first, second = cells.get(event), cells.get(mode)
        if first and second:
            cells[event] = Text(f"{first.value}.{second.value}")
        elif first:
            cells[mode] = Text(str(first.value).capitalize())


def examples(book: Book, report: Report) -> None:
    """Texts beside a code become examples that expect it."""
    for entry in book.get("codes", ()):
        texts = entry.plain.pop("examples", None) or ()
        for number, text in enumerate(texts, 1):
            code = entry.plain.get("code", "")
            name = f"{entry.plain.get('label', code)}, example {number}"
            made = {"name": name, "text": text, "expect": [{"event_type": code}]}
            book.setdefault("examples", []).append(Entry(made, "examples", place=entry.at("examples")))
            report.add("examples", "expect", "the code beside which the text stands", code)


def touched(book: Book, report: Report) -> None:
    """Cells that were not taken to the letter."""
    for name, entries in book.items():
        for entry in entries:
            for column in entry.nothing:
                report.add(name, column, "NA taken for an empty cell", str(entry.plain.get("code", "")))
            for column in entry.trimmed:
                report.add(
                    name, column, "spaces at the ends taken off", entry.at(column).path.partition("!")[2]
                )


def leave_to_modules(book: Book, around: Context, report: Report) -> None:
    """Questions of a form that a module asks already are left to it."""
    kept = []
    for entry in book.get("fields", ()):
        module = around.fields.get((entry.plain.get("table", "codings"), str(entry.plain.get("name"))))
        if module:
            report.add(
                "fields",
                "",
                f"left to {module}, which asks it already: see that it means the same",
                str(entry.plain["name"]),
                todo=True,
            )
        else:
            kept.append(entry)
    book["fields"] = kept
