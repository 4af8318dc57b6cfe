"""A coder's workbook, or CSV files of its sheets, back as readings; every cell of the wrong shape is a problem with its place.

Shape only: an unknown code, an empty required field, an end before a start pass through as readings and are found by the checks, which
learn from `Readback.place` in which cell each value stands.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from eventcode import shape
from eventcode.codebook.views import json_schema
from eventcode.coding import sheet_grid
from eventcode.coding.sheet_assembly import Owner, assemble, unread
from eventcode.coding.sheet_records import Record, problem, records
from eventcode.coding.workbook_layout import GUIDE, LISTS, README, SHEETS, sheets
from eventcode.errors import Problem
from eventcode.model import Codebook, Place
from eventcode.readings import Row, normalise
from eventcode.yamlfile import dotted

_STEP = re.compile(r"(\.[^.\[\]]+|\[[0-9]+\]|^[^.\[\]]+)$")


@dataclass(slots=True)
class Readback:
    """Canonical readings, each with the cell of its document; for each the cells of its JSON paths; and what cannot be read.

    `cells[i]` maps `codings[0].realis` to the Place `codings!F7`, also for an empty cell, and `codings[0]` to the cell of the row's key.
    """

    readings: list[tuple[Row, Place]] = field(default_factory=list)
    cells: list[dict[str, Place]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def place(self, index: int, path: str) -> Place:
        """The cell of a path of the reading `index`, or of the nearest thing around it."""
        shorter = _STEP.sub("", path)
        while path not in self.cells[index] and shorter != path:
            path, shorter = shorter, _STEP.sub("", shorter)
        return self.cells[index].get(path, self.readings[index][1])


def read(path: Path, codebook: Codebook, coder: str | None = None) -> Readback:
    """The readings in a workbook, in a folder of CSV files named after the sheets, or in one CSV file.

    `coder` is taken where the file does not name one, as a CSV file of codings alone does not. Raises DatasetError where the path cannot be
    opened; all else that is wrong stands in `problems`, and then nothing of the file should be imported.
    """
    layout = sheets(codebook)
    book = sheet_grid.read(Path(path), {name: {*sheet.known} for name, sheet in layout.items()})
    back = Readback(problems=book.problems)
    if not book.grids:
        return back
    other = _other_codebook(book, codebook)
    if other:
        return Readback(problems=other)
    back.problems += _wrong_sheets(book)
    rows = {
        n: records(book.grids[n], layout[n], book.whole, back.problems) for n in SHEETS if n in book.grids
    }
    rows = {n: rows.get(n, []) for n in SHEETS}
    if not book.whole and "documents" not in book.grids:
        rows["documents"] = _documents_of(rows)
    owners = assemble(rows, codebook, coder, back.problems)
    back.problems += [found for owner in owners.values() for found in unread(owner)]
    _finish([owner for owner in owners.values() if owner.row.get("status")], codebook, back)
    back.problems = list(dict.fromkeys(back.problems))
    return back


def _other_codebook(book: sheet_grid.Book, codebook: Codebook) -> list[Problem]:
    """A problem where the workbook was written for another codebook or version; wording (the last number) may differ."""
    grid = book.grids.get(README)
    for row, cells in grid.rows.items() if grid else ():
        texts = [str(raw.value).strip() for _, raw in sorted(cells.items())]
        if not grid or texts[0] != "codebook" or len(texts) < 2:
            continue
        if texts[1].rpartition(".")[0] != codebook.reference.rpartition(".")[0]:
            hint = f"write a fresh workbook for {codebook.reference} and copy the rows over, or use the codebook {texts[1]}"
            said = f"the workbook was written for {texts[1]}, here is {codebook.reference}"
            return [problem(grid.place(row, 2), said, hint)]
    return []


def _wrong_sheets(book: sheet_grid.Book) -> list[Problem]:
    """Sheets that are absent from a workbook, and unknown ones with something in them."""
    file = next(iter(book.grids.values())).file
    missing = [name for name in SHEETS if book.whole and name not in book.grids]
    hint = "take it back from the workbook as it was written"
    found = [Problem(f"the sheet '{name}' is missing", hint, file) for name in missing]
    for name, grid in book.grids.items():
        if name not in (*SHEETS, README, GUIDE, LISTS) and not name.startswith("_") and grid.rows:
            hint = "delete it, or begin its name with _ to have it left out"
            found.append(Problem(f"the sheet '{name}' is unknown", hint, grid.file, None, name))
    return found


def _documents_of(rows: dict[str, list[Record]]) -> list[Record]:
    """For CSV files without a list of documents: those that the codings name, as coded."""
    found: dict[str, Record] = {}
    for record in (*rows["codings"], *rows["sources"]):
        name = record.values.get("document")
        if name:
            found.setdefault(
                name, Record("documents", {"document": name, "status": "coded"}, {"document": record.place})
            )
    return [*found.values()]


# ── whole readings ────────────────────────────────────────────────────────────────────────────────────────────────────


def _finish(owners: list[Owner], codebook: Codebook, back: Readback) -> None:
    """Canonical readings, checked against their JSON Schema; what it refuses is put to the cell."""
    validator = shape.compiled(_without_required(json_schema(codebook)))
    told = {(found.file, found.path) for found in back.problems}
    for index, owner in enumerate(owners):
        back.cells.append(owner.cells)
        reading, wrong = normalise(owner.row, codebook, owner.record.place)
        back.readings.append((reading, owner.record.place))
        said = [(found.path, found.message, found.hint) for found in wrong]
        said += [
            (dotted(path), message, hint) for path, message, hint in shape.violations(reading, validator)
        ]
        for path, message, hint in said:
            place = back.place(index, path)
            if (place.file, place.path) not in told:
                back.problems.append(problem(place, message, hint))


def _without_required(schema: Any) -> Any:
    """A schema that does not ask for keys: empty cells have been told of by the name of their column."""
    if isinstance(schema, dict):
        return {key: _without_required(value) for key, value in schema.items() if key != "required"}
    return [_without_required(value) for value in schema] if isinstance(schema, list) else schema
