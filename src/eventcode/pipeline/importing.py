"""Readings in: a JSONL file, a workbook or a CSV folder becomes lines of the journal, all of them or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from eventcode import shape
from eventcode.checks.engine import Result
from eventcode.codebook import views
from eventcode.coding import journal, sheet_in
from eventcode.errors import DatasetError, Problem, refuse
from eventcode.formats import files, jsonl
from eventcode.model import Place
from eventcode.pipeline import assemble, inputs, judge, lines
from eventcode.pipeline.folders import FOLDER, locked
from eventcode.project import Dataset
from eventcode.readings import Row

Raw = tuple[Row, Place, dict[str, Place]]
WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".csv", ".tsv")


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: the journal file (None where nothing was written), the new readings, and the findings about them."""

    path: Path | None
    readings: int
    result: Result


def import_readings(
    dataset: Dataset,
    source: Path,
    *,
    batch: str | None = None,
    texts: Path | None = None,
    coder: str | None = None,
    dry_run: bool = False,
) -> Imported:
    """Import a file of one coder's readings into a dataset.

    Bad shape refuses the whole file: DatasetError with every problem and its place, nothing written. Broken rules are imported and
    reported. Quotes become offsets and salted hashes; no words of a text are kept. `coder` says whose readings a CSV file holds
    that does not say it itself.
    """
    with locked(dataset.project.root / FOLDER, f"{dataset.name}.import"):
        held = inputs.load(dataset)
        words = held.texts | (inputs.texts(dataset, held.documents, texts) if texts else {})
        reads = _reads(dataset, held, source, words, coder)
        if not reads:
            return Imported(None, 0, Result((), ()))
        result = _checked(held, reads, words)
        if dry_run:
            return Imported(None, len(reads), result)
        kept = [read.line for read in reads]
        path = journal.append(dataset.folder, reads[0].coder, batch or source.stem, kept)
        return Imported(path, len(reads), result)


def _reads(
    dataset: Dataset, held: inputs.Inputs, source: Path, words: dict[str, str], coder: str | None
) -> list[lines.Read]:
    raws, problems = read_file(source, held.codebook, coder)
    known = lines.document_ids(held.documents)
    if is_workbook(source):
        refuse(DatasetError, f"{source.name} was not imported", problems)
        raws = renumbered(raws, held, known)
    validator = shape.compiled(views.json_schema(held.codebook))
    reads, seen = [], {read.reading_id for read in held.journal}
    for raw, place, cells in raws:
        clean, wrong = _anchored(raw, place, words, known)
        read, bad = lines.canonical(clean, place, dataset, held.codebook, known, validator)
        problems += [*wrong, *bad]
        if read is not None:
            if read.reading_id in seen:
                problems.append(
                    Problem("the same reading is there already", "leave the line out", place.file, place.line)
                )
                continue
            seen.add(read.reading_id)
            reads.append(replace(read, place=place, cells=cells))
    problems += _one_coder(reads)
    latest = {read.lineage: read.reading["revision"] for read in held.current}
    problems += journal.succession([(read.reading, read.place) for read in reads], latest, known)
    if not reads and not problems and not is_workbook(source):
        problems.append(Problem("there is no reading in it", "write one JSON object per line", source.name))
    refuse(DatasetError, f"{source.name} was not imported", in_order(problems))
    return reads


def in_order(problems: Sequence[Problem]) -> list[Problem]:
    """Problems line by line."""
    return sorted(problems, key=lambda problem: problem.line or 0)


def is_workbook(source: Path) -> bool:
    """Whether a file is one of a coder who works in a spreadsheet."""
    return source.suffix.lower() in WORKBOOKS or source.is_dir()


def renumbered(raws: Sequence[Raw], held: inputs.Inputs, known: dict[str, str]) -> list[Raw]:
    """The readings of a workbook that differ from what is held, as next revisions: a workbook shows all, and the coder numbers nothing."""
    latest = {read.lineage: read.reading for read in held.current}
    found = []
    for reading, place, cells in raws:
        now = latest.get((known.get(reading["document"], ""), reading["coder"]))
        if now is None or _said(now) != _said(reading):
            old = now is not None and reading.get("coded_at") == now.get("coded_at")
            head = {key: value for key, value in reading.items() if key != "coded_at" or not old}
            found.append(({**head, "revision": now["revision"] + 1 if now else 1}, place, cells))
    return found


def _said(reading: Row) -> Row:
    """A reading without what changes from revision to revision."""
    return {
        key: value
        for key, value in reading.items()
        if key not in ("revision", "coded_at", "document", "codebook")
    }


def read_file(source: Path, codebook: Any, coder: str | None = None) -> tuple[list[Raw], list[Problem]]:
    """The readings of a JSONL file or a workbook, each with its place and, from a workbook, the cell of every value."""
    if is_workbook(source):
        back = sheet_in.read(source, codebook, coder)
        return [
            (reading, place, cells) for (reading, place), cells in zip(back.readings, back.cells, strict=True)
        ], back.problems
    with files.refusing(source):
        if not source.is_file():
            raise DatasetError(f"{source} is not there", hint="check the name")
        rows, problems = jsonl.parse(source.read_bytes(), source.name)
    return [(row, place, {}) for row, place in rows], problems


def _anchored(
    raw: Row, place: Place, words: dict[str, str], known: dict[str, str]
) -> tuple[Row, list[Problem]]:
    """The reading with its quotes turned into offsets, where its shape allows to look at them."""
    import copy

    reading = copy.deepcopy(raw)
    text = words.get(known.get(str(reading.get("document")), ""))
    problems: list[Problem] = []
    try:
        for evidence, path in lines.evidences(reading):
            problems += journal.anchor(evidence, text, place, path)
    except (TypeError, AttributeError):
        return raw, []
    return reading, problems[:1] if text is None else problems


def _one_coder(reads: Sequence[lines.Read]) -> list[Problem]:
    coders = list(dict.fromkeys(read.coder for read in reads))
    if len(coders) <= 1:
        return []
    place = next(read.place for read in reads if read.coder != coders[0])
    message = f"the file holds readings of {len(coders)} coders: {', '.join(coders)}"
    return [Problem(message, "split it: one file per coder", place.file, place.line, "coder")]


def _checked(held: inputs.Inputs, reads: Sequence[lines.Read], words: dict[str, str]) -> Result:
    """The rules about readings on the new readings alone."""
    held.journal, held.decisions, held.links, held.waivers, held.findings = list(reads), [], [], [], []
    held.texts = words
    return check_readings(held)


def check_readings(held: inputs.Inputs) -> Result:
    """The rules about readings, without adjudication, events and what compares documents."""
    return judge.check(assemble.assemble_readings(held))
