"""What needs a decision as a workbook, and back: readers side by side, what they agree on folded away, three columns to fill in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from eventcode.adjudication.cases import Case, letters
from eventcode.adjudication.decide import Answer, Sheet
from eventcode.adjudication.queue import Question
from eventcode.coding import cell_values, sheet_grid, sheet_style
from eventcode.coding.cell_values import CellError, Raw
from eventcode.coding.sheet_grid import Grid
from eventcode.coding.workbook_columns import Column
from eventcode.errors import Problem
from eventcode.formats import files
from eventcode.model import Place
from eventcode.pipeline import adjudicate_look as look
from eventcode.pipeline.adjudicate import Adjudication
from eventcode.pipeline.adjudicate_lines import DOCUMENT, Line, key_of, lines

DECIDE, ABOUT = "decide", "read me"
KEYS = ("key", "readings", "document")  # hidden
FILLED = ("decision", "cause", "reason")
TITLES = {
    "key": "Key", "readings": "Readings", "document": "Document",
    "what": "What", "suggested": "Suggested", "decision": "Decision", "cause": "Cause", "reason": "Reason",
}  # fmt: skip


def write(
    path: Path,
    work: Adjudication,
    asked: Sequence[tuple[Case, list[Question]]],
    about: Mapping[str, str],
    show_coders: bool,
) -> None:
    """Write the open questions, document by document."""
    titles = {row["document_id"]: str(row.get("title") or "") for row in work.held.documents}
    found = [
        line
        for case, questions in asked
        for line in lines(
            case, questions, work.held.texts.get(case.document_id), titles.get(case.document_id, ""),
            show_coders=show_coders,
        )
    ]  # fmt: skip
    most = max((len(case.readers) for case, _ in asked), default=2)
    files.write(path, lambda temporary: _book(found, about, most).save(temporary))


def _book(found: Sequence[Line], about: Mapping[str, str], most: int) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    book.properties.creator, book.properties.title = "eventcode", f"{about['dataset']}: decisions"
    sheet_style.based_on_arial(book)
    first = book.active
    assert isinstance(first, Worksheet)
    first.title = ABOUT
    look.read_me(first, about)
    sheet = book.create_sheet(DECIDE)
    readers = [letter for letter, _ in zip(letters(), range(most), strict=False)]
    names = [*KEYS, "what", *readers, "suggested", *FILLED]
    columns = {name: number for number, name in enumerate(names, 1)}
    look.head(sheet, columns, {name: TITLES.get(name, f"Reader {name}") for name in names}, hidden=KEYS)
    for number, line in enumerate(found, look.FIRST):
        look.row(sheet, columns, number, line)
    lists = look.Lists(book.create_sheet(look.LISTS))
    for number, line in enumerate(found, look.FIRST):
        look.offers(sheet, columns, number, line, lists)
    look.finish(sheet, columns, look.FIRST + len(found) - 1, first_reader=columns["what"] + 1)
    book.active = 1
    return book


# ── back ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def read(path: Path) -> Sheet:
    """The answers of a workbook, and every cell that cannot be read."""
    book = sheet_grid.read(path, {}, beside="YAML")
    problems = list(book.problems)
    if not problems and (DECIDE not in book.grids or ABOUT not in book.grids):
        hint = "write one with `eventcode adjudicate NAME --write`"
        problems.append(Problem("this is no workbook of questions", hint, str(path)))
    if problems:
        return Sheet(problems=problems)
    grid = book.grids[DECIDE]
    columns = {str(raw.value): number for number, raw in grid.rows.get(look.NAMES, {}).items()}
    missing = [name for name in (*KEYS, *FILLED) if name not in columns]
    if missing:
        hint = "leave the hidden columns and the small names below the titles as they were, or write the file anew"
        return Sheet(problems=[Problem(f"the column '{missing[0]}' is gone", hint, str(path), path=DECIDE)])
    answers: list[Answer] = []
    accepted: list[str] = []
    for number in sorted(n for n in grid.rows if n >= look.FIRST):
        said = _cells(grid, columns, number, problems)
        places = {name: grid.place(number, columns[name]) for name in FILLED}
        at = {name: Place(str(path), None, place.path) for name, place in places.items()}
        if said["key"] == DOCUMENT:
            accepted += _accepted(said, at, problems)
        elif said["key"] and (known := key_of(str(said["key"]))):
            filled = said["decision"], said["cause"], said["reason"]
            answers.append(Answer(str(said["document"]), known, str(said["readings"]), *filled, at))
        elif any(said[name] is not None for name in FILLED):
            problems.append(_problem("nothing is asked in this row", "move it to the row of a question", at))
    about = _about(book.grids[ABOUT])
    dataset, by, adjudication = (about.get(name, "") for name in ("dataset", "by", "adjudication"))
    return Sheet(dataset, by, adjudication, answers, accepted, problems)


def _accepted(said: Mapping[str, Any], at: Mapping[str, Place], problems: list[Problem]) -> list[str]:
    """The document of a row in which everything suggested is taken, if it is."""
    answer = str(said["decision"] or "no").casefold()
    if answer not in ("yes", "no"):
        problems.append(
            _problem(f"'{said['decision']}' is neither yes nor no", "write yes, or empty the cell", at)
        )
    return [str(said["document"])] if answer == "yes" else []


def _problem(message: str, hint: str, at: Mapping[str, Place]) -> Problem:
    place = at["decision"]
    return Problem(message, hint, place.file, path=place.path)


def _cells(grid: Grid, columns: Mapping[str, int], number: int, problems: list[Problem]) -> dict[str, Any]:
    """What stands in the hidden and filled columns of a row; a number stays one, a date becomes its day."""
    found: dict[str, Any] = {}
    for name in (*KEYS, *FILLED):
        raw = grid.rows[number].get(columns[name])
        try:
            found[name] = None if raw is None else _value(raw)
        except CellError as error:
            found[name] = None
            place = grid.place(number, columns[name])
            problems.append(Problem(error.message, error.hint, place.file, None, place.path))
    return found


def _value(raw: Raw) -> Any:
    if raw.kind in ("number", "boolean"):
        return raw.value
    kind = "date" if raw.kind == "date" else "string"
    return cell_values.from_cell(raw, Column("decision", kind, "Decision"))


def _about(grid: Grid) -> dict[str, str]:
    return {
        look.ABOUT[str(row[1].value)]: str(row[2].value)
        for row in grid.rows.values()
        if 1 in row and 2 in row and str(row[1].value) in look.ABOUT
    }
