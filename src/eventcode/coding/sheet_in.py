"""A coder's workbook, or CSV files of its sheets, back as readings; every cell of the wrong shape is a problem with its place.

Shape only: an unknown code, an empty required field, an end before a start pass through as readings and are found by the checks, which
learn from `Readback.place` in which cell each value stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from eventcode import shape
from eventcode.codebook.views import json_schema
from eventcode.coding import sheet_grid
from eventcode.coding.sheet_records import Record, problem, records
from eventcode.coding.workbook_layout import CATEGORY, GUIDE, LISTS, README, SHEETS, sheets
from eventcode.errors import Problem
from eventcode.model import Codebook, Place
from eventcode.readings import Row, normalise
from eventcode.yamlfile import dotted

_CONTEXT = {"documents": (), "codings": ("document", CATEGORY), "sources": ("document",),
            "participants": ("document", "coding"), "support": ("document", "coding", "no"),
            "evidence": ("document", "of", "key")}  # fmt: skip
_OF = {"coding": "codings", "source": "sources", "support": "support"}
_STEP = re.compile(r"(\.[^.\[\]]+|\[[0-9]+\]|^[^.\[\]]+)$")
Key = tuple[str, ...]


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
        while path and path not in self.cells[index]:
            path = _STEP.sub("", path)
        return self.cells[index].get(path, self.readings[index][1])


@dataclass(slots=True)
class _Owner:
    """A row as JSON, its path in its reading, that reading's cells, and the record it came from."""

    row: Row
    path: str
    cells: dict[str, Place]
    record: Record


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
    rows = {n: records(book.grids[n], layout[n], book.whole, back.problems) for n in SHEETS if n in book.grids}
    rows = {n: rows.get(n, []) for n in SHEETS}
    if not book.whole and "documents" not in book.grids:
        rows["documents"] = _documents_of(rows)
    owners = _assemble(rows, codebook, coder, back.problems)
    back.problems += [found for owner in owners.values() for found in _unread(owner)]
    _finish([owner for owner in owners.values() if owner.row.get("status")], codebook, back)
    back.problems = list(dict.fromkeys(back.problems))
    return back


def _other_codebook(book: sheet_grid.Book, codebook: Codebook) -> list[Problem]:
    """A problem where the workbook was written for another codebook or version."""
    grid = book.grids.get(README)
    for row, cells in grid.rows.items() if grid else ():
        texts = [str(raw.value).strip() for _, raw in sorted(cells.items())]
        if grid and texts[0] == "codebook" and len(texts) > 1 and texts[1] != codebook.reference:
            hint = f"write a fresh workbook for {codebook.reference} and copy the rows over, or use the codebook {texts[1]}"
            said = f"the workbook was written for {texts[1]}, here is {codebook.reference}"
            return [problem(grid.place(row, 2), said, hint)]
    return []


def _wrong_sheets(book: sheet_grid.Book) -> list[Problem]:
    """Sheets that are absent from a workbook, and unknown ones with something in them."""
    found = []
    file = next(iter(book.grids.values())).file
    for name in SHEETS if book.whole else ():
        if name not in book.grids:
            found.append(Problem(f"the sheet '{name}' is missing", "take it back from the workbook as it was written", file))
    for name, grid in book.grids.items():
        if name not in (*SHEETS, README, GUIDE, LISTS) and not name.startswith("_") and grid.rows:
            hint = "delete it, or begin its name with _ to have it left out"
            found.append(Problem(f"the sheet '{name}' is unknown", hint, file, None, name))
    return found


def _documents_of(rows: dict[str, list[Record]]) -> list[Record]:
    """For CSV files without a list of documents: those that the codings name, as coded."""
    found: dict[str, Record] = {}
    for record in (*rows["codings"], *rows["sources"]):
        name = record.values.get("document")
        if name:
            found.setdefault(name, Record("documents", {"document": name, "status": "coded"}, {"document": record.place}))
    return [*found.values()]


# ── rows into readings ────────────────────────────────────────────────────────────────────────────────────────────────


def _assemble(
    rows: dict[str, list[Record]], codebook: Codebook, coder: str | None, problems: list[Problem]
) -> dict[Key, _Owner]:
    """A reading for each document, with all that belongs to it."""
    documents = _heads(rows["documents"], codebook, coder, problems)
    told = _standing(rows)
    owners: dict[str, dict[Key, _Owner]] = {"documents": documents}
    for name in ("codings", "sources"):
        owners[name] = {}
        for record, parent in _placed(rows[name], documents, ("document",), problems):
            _attach(record, parent, name, owners[name], ("document", "key"), problems)
    _wrong_categories(rows["codings"], codebook, problems)
    owners["support"] = {}
    for name in ("participants", "support"):
        for record, parent in _placed(rows[name], owners["codings"], ("document", "coding"), problems, documents, told["codings"]):
            _attach(record, parent, name, owners["support"], ("document", "no") if name == "support" else (), problems)
    for of, name in _OF.items():
        spans = [record for record in rows["evidence"] if record.values.get("of") == of]
        for record, parent in _placed(spans, owners[name], ("document", "key"), problems, documents, told[name]):
            _attach(record, parent, "evidence", {}, (), problems)
    problems += [
        record.problem("of", f"'{record.values['of']}' is nothing that evidence can be of", f"write {', '.join(_OF)}")
        for record in rows["evidence"] if record.values.get("of") not in (None, *_OF)
    ]  # fmt: skip
    return documents


def _heads(found: list[Record], codebook: Codebook, coder: str | None, problems: list[Problem]) -> dict[Key, _Owner]:
    owners: dict[Key, _Owner] = {}
    for record in found:
        row = {k: v for k, v in record.values.items() if k not in _CONTEXT["documents"]}
        row = {"coder": coder, "codebook": codebook.reference, "revision": 1, **row}
        owner = _Owner(row, "", {"": record.place}, record)
        _note_cells(owner, "")
        if not row["coder"]:
            problems.append(record.problem("document", "nothing says who coded this", "name the coder: --coder ID"))
        if "document" in row:
            _once(record, owner, owners, (row["document"],), problems)
    return owners


def _unread(owner: _Owner) -> list[Problem]:
    """A problem where a document has no status, yet somebody has written something of it."""
    record, rows = owner.record, [name for name in ("codings", "sources") if owner.row.get(name)]
    if owner.row.get("status") or "status" in record.bad:
        return []
    name = owner.row["document"]
    if rows:
        hint = "say on the sheet documents what became of it: coded, no_event or skipped"
        return [record.problem("status", f"'{name}' has rows on the sheet {rows[0]}, but no status", hint)]
    if "revision" in record.values or "note" in record.values:
        hint = "choose one; to take a reading back, choose withdrawn"
        return [record.problem("status", f"'{name}' has no status", hint)]
    return []


def _once(record: Record, owner: _Owner, owners: dict[Key, _Owner], key: Key, problems: list[Problem]) -> None:
    """Enter an owner under its key, or say where the key stands already."""
    if key not in owners:
        owners[key] = owner
        return
    column = {"documents": "document", "support": "no"}.get(record.sheet, "key")
    said = f"'{key[-1]}' stands twice" + (f" in the document '{key[0]}'" if len(key) > 1 else "")
    first = owners[key].record.places[column].path
    problems.append(record.problem(column, said, f"the first is at {first}: give this row another, or delete it"))


def _placed(
    found: list[Record], owners: dict[Key, _Owner], by: Key, problems: list[Problem],
    documents: dict[Key, _Owner] | None = None, told: frozenset[Key] = frozenset(),
) -> Iterator[tuple[Record, _Owner]]:  # fmt: skip
    """Each record with the row it belongs to; one that belongs to none is a problem, unless that row is there and has one itself."""
    for record in found:
        if any(name in record.bad or name not in record.values for name in by):
            continue
        key = tuple(record.values[name] for name in by)
        if documents is not None and key[:1] not in documents:
            problems.append(_homeless(record, "document", key[0], documents))
        elif key in owners:
            yield record, owners[key]
        elif key not in told:
            problems.append(_homeless(record, by[-1], key[-1], {k: o for k, o in owners.items() if k[:-1] == key[:-1]}))


def _standing(rows: dict[str, list[Record]]) -> dict[str, frozenset[Key]]:
    """The keys that stand on the sheets to which others point."""
    columns = {"codings": "key", "sources": "key", "support": "no"}
    return {
        name: frozenset((str(r.values.get("document")), str(r.values.get(column))) for r in rows[name])
        for name, column in columns.items()
    }


def _homeless(record: Record, column: str, value: str, owners: dict[Key, _Owner]) -> Problem:
    what = record.values.get("of", column) if record.sheet == "evidence" and column == "key" else column
    where = "" if column == "document" else f" in the document '{record.values['document']}'"
    known = list(dict.fromkeys(key[-1] for key in owners))
    hint = shape.did_you_mean(value, known) or f"enter it on the sheet {_OF.get(what, 'documents')} first"
    return record.problem(column, f"there is no {what} '{value}'{where}", hint)


def _attach(
    record: Record, parent: _Owner, name: str, owners: dict[Key, _Owner], by: Key, problems: list[Problem]
) -> None:
    """Put a record below its parent, note its cells, and enter it under its key where it has one."""
    row = {k: v for k, v in record.values.items() if k not in _CONTEXT[record.sheet]}
    siblings = parent.row.setdefault(name, [])
    path = f"{parent.path}.{name}[{len(siblings)}]".removeprefix(".")
    siblings.append(row)
    owner = _Owner(row, path, parent.cells, record)
    _note_cells(owner, path)
    if by and all(column in record.values for column in by):
        _once(record, owner, owners, tuple(record.values[column] for column in by), problems)


def _note_cells(owner: _Owner, path: str) -> None:
    cells, record = owner.cells, owner.record
    cells[path] = record.place
    for column, place in record.places.items():
        cells[f"{path}.{column}".removeprefix(".")] = place


def _wrong_categories(found: list[Record], codebook: Codebook, problems: list[Problem]) -> None:
    """A category beside an event type of another one: which of the two was meant is the coder's to say."""
    for record in found:
        given, code = record.values.get(CATEGORY), record.values.get("event_type")
        if given is not None and code in codebook.event_types and codebook.root(code) != given:
            said = f"the category is {given}, but {code} belongs to {codebook.root(code)}"
            problems.append(record.problem("event_type", said, "choose the event type again, or clear the category"))


# ── whole readings ────────────────────────────────────────────────────────────────────────────────────────────────────


def _finish(owners: list[_Owner], codebook: Codebook, back: Readback) -> None:
    """Canonical readings, checked against their JSON Schema; what it refuses is put to the cell."""
    validator = shape.compiled(_without_required(json_schema(codebook)))
    told = {(found.file, found.path) for found in back.problems}
    for index, owner in enumerate(owners):
        back.cells.append(owner.cells)
        reading, wrong = normalise(owner.row, codebook, owner.record.place)
        back.readings.append((reading, owner.record.place))
        said = [(found.path, found.message, found.hint) for found in wrong]
        said += [(dotted(path), message, hint) for path, message, hint in shape.violations(reading, validator)]
        for path, message, hint in said:
            place = back.place(index, path)
            if (place.file, place.path) not in told:
                back.problems.append(problem(place, message, hint))


def _without_required(schema: Any) -> Any:
    """A schema that does not ask for keys: empty cells have been told of by the name of their column."""
    if isinstance(schema, dict):
        return {key: _without_required(value) for key, value in schema.items() if key != "required"}
    return [_without_required(value) for value in schema] if isinstance(schema, list) else schema
