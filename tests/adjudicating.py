"""The tiny project read by two coders who differ, and what it takes to adjudicate it."""

from __future__ import annotations

import atexit
import copy
import json
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl

from eventcode.pipeline.importing import import_readings
from eventcode.project import Dataset, find
from tiny_project import DOCUMENT, NAME, reading, tiny_project

Row = dict[str, Any]


def bens() -> Row:
    """Ben's reading of the first document: another type and a date to the month, a recipient, another source, one event more."""
    plain = copy.deepcopy(reading(coder="ben"))
    first, second = plain["codings"]
    first |= {"event_type": "032", "date": "2025-05"}
    first["participants"].append({"role": "recipient", "actor_missing": "not_stated"})
    plain["sources"][1]["tenure"] = "former"
    second["key"] = "x9"
    third = copy.deepcopy(second) | {"key": "x3", "event_type": "071"}
    for evidence in (third["evidence"][0], third["support"][0]["evidence"][0]):
        evidence["quote"] = "who asked not to be named"
    plain["codings"].append(third)
    return plain


def project(folder: Path, *more: Row) -> Dataset:
    """The tiny project with Anna's and Ben's readings, and more."""
    shutil.copytree(_made(), folder, dirs_exist_ok=True)
    for number, plain in enumerate(more):
        add(folder, plain, f"batch-{number}")
    return find(folder).dataset(NAME)


@cache
def _made() -> Path:
    """The project with both readings, imported once and then copied."""
    folder = Path(tempfile.mkdtemp(prefix="adjudicating-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    tiny_project(folder)
    add(folder, bens(), "ben")
    return folder


def add(folder: Path, plain: Row, batch: str) -> None:
    """Import a reading."""
    path = folder / f"{batch}.jsonl"
    path.write_text(json.dumps(plain) + "\n", "utf-8")
    import_readings(find(folder).dataset(NAME), path)
    path.unlink()


def recorded(dataset: Dataset, name: str = "decisions.jsonl") -> list[Row]:
    """The decisions on record."""
    path = dataset.folder / name
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.is_file() else []


class Workbook:
    """A workbook to decide in, filled by the names of its rows: `field | A1 B1 | event_type`."""

    def __init__(self, path: Path) -> None:
        self.path, self.book = path, openpyxl.load_workbook(path)
        self.sheet = self.book["decide"]
        self.columns = {cell.value: cell.column for cell in self.sheet[2]}

    def names(self) -> list[str]:
        """The questions, in their order."""
        found = [self.sheet.cell(n, self.columns["key"]).value for n in range(3, self.sheet.max_row + 1)]
        return [key for key in found if key]

    def number(self, key: str) -> int:
        """The row of a question."""
        [found] = [
            n
            for n in range(3, self.sheet.max_row + 1)
            if self.sheet.cell(n, self.columns["key"]).value == key
        ]
        return int(found)

    def cell(self, key: str, column: str) -> Any:
        """A cell of a question."""
        return self.sheet.cell(self.number(key), self.columns[column])

    def fill(
        self,
        key: str,
        decision: Any = None,
        cause: str | None = None,
        reason: str | None = "so the text says",
    ) -> None:
        """Answer a question."""
        for column, value in (("decision", decision), ("cause", cause), ("reason", reason)):
            self.cell(key, column).value = value

    def save(self) -> Path:
        """Write it where it was."""
        self.book.save(self.path)
        return self.path


def letters(dataset: Dataset) -> dict[str, str]:
    """Coder → letter, in the tiny project's first document."""
    from eventcode.pipeline import adjudicate

    case = adjudicate.load(dataset).cases[DOCUMENT]
    return {read.coder: letter for letter, read in case.readers.items()}
