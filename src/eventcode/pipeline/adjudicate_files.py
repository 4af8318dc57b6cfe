"""Files to decide in, workbooks and YAML: written from what is open, read back into decisions, all of a file or nothing of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from eventcode.adjudication import queue
from eventcode.adjudication.cases import Case
from eventcode.adjudication.decide import Decided, Sheet, decide
from eventcode.adjudication.queue import Question
from eventcode.errors import DatasetError, Problem, refuse
from eventcode.formats import files, jsonl
from eventcode.pipeline import adjudicate
from eventcode.pipeline.adjudicate import FIRST, SECOND, Adjudication
from eventcode.pipeline.folders import FOLDER, locked
from eventcode.project import Dataset
from eventcode.readings import Row

FIRST_ADJUDICATION, SECOND_ADJUDICATION = "first", "second"


def write(
    work: Adjudication, path: Path, *, by: str = "", limit: int | None = None, show_coders: bool = False
) -> tuple[int, int]:
    """Write a workbook (.xlsx) or a YAML file with what is open, to decide in; returns how many documents and questions it holds.

    `limit` bounds the documents. DatasetError where the file cannot be written; nothing is written then.
    """
    asked = work.asked(limit)
    about = {
        "dataset": work.dataset.name, "codebook": work.held.codebook.reference, "by": by,
        "adjudication": SECOND_ADJUDICATION if work.second else FIRST_ADJUDICATION,
    }  # fmt: skip
    _form(path).write(path, work, asked, about, show_coders)
    return len(asked), sum(not q.optional for _, questions in asked for q in questions)


def read(dataset: Dataset, path: Path, *, by: str = "") -> tuple[Decided, Path]:
    """Record the decisions of a file; returns what was decided and where it is recorded.

    All of them or none: DatasetError lists everything that is wrong with its cell or line. What is recorded already is not recorded again.
    """
    if not path.is_file():
        raise DatasetError(f"{path} is not there", "check the name")
    sheet: Sheet = _form(path).read(path)
    refuse(DatasetError, f"{path.name} was not read", sheet.problems)
    second = _second(dataset, sheet, path)
    who = (by or sheet.by).strip()
    if not who:
        raise DatasetError(f"{path.name} does not say who decides", "give --by NAME")
    taken = f"another file of decisions about {dataset.name} is being read"
    with locked(dataset.project.root / FOLDER, f"{dataset.name}.adjudicate", taken=taken):
        work = adjudicate.load(dataset, second=second)
        result = decide(work.cases, sheet.answers, sheet.accepted, lambda case: _questions(work, case), who)
        problems = [*result.problems, *_one_person(work, result, who, path)]
        refuse(DatasetError, f"{path.name} was not read", problems)
        if result.decisions:
            _append(work.file, result.decisions)
    return result, work.file


def _form(path: Path) -> Any:
    """The module that writes and reads a form of file, by its ending."""
    from eventcode.pipeline import adjudicate_book, adjudicate_yaml

    forms = {".xlsx": adjudicate_book, ".yaml": adjudicate_yaml, ".yml": adjudicate_yaml}
    if path.suffix.lower() not in forms:
        raise DatasetError(
            f"'{path.suffix}' is no ending of a file to decide in",
            "name it .xlsx, or .yaml for a text editor",
        )
    return forms[path.suffix.lower()]


def _second(dataset: Dataset, sheet: Sheet, path: Path) -> bool:
    if sheet.dataset != dataset.name:
        raise DatasetError(
            f"{path.name} was written for the dataset '{sheet.dataset}'", f"read it into {sheet.dataset}"
        )
    return sheet.adjudication == SECOND_ADJUDICATION


def _questions(work: Adjudication, case: Case) -> list[Question]:
    return queue.questions(case, work.weights)


def _one_person(work: Adjudication, result: Decided, who: str, path: Path) -> list[Problem]:
    """A document is adjudicated twice by two people, or it says nothing."""
    theirs = adjudicate.decisions(work.dataset, FIRST if work.second else SECOND)
    other = {str(row["document"]) for row in theirs if row["by"] == who}
    names = sorted({row["document"] for row in result.decisions} & other)
    hint = "the second adjudication is somebody else's, who does not know the first"
    return [Problem(f"{who} is the other adjudicator of {name}", hint, path.name) for name in names]


def _append(path: Path, rows: list[Row]) -> None:
    with files.refusing(path):
        old = path.read_bytes() if path.is_file() else b""
    files.write(path, old + (b"\n" if old and not old.endswith(b"\n") else b"") + jsonl.dump(rows))
