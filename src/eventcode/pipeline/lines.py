"""Lines of readings files as `Read`s: their shape, what they refer to, their revisions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from eventcode import readings, shape
from eventcode.codebook import migrate, views
from eventcode.codebook.migrate import Recode
from eventcode.errors import EventcodeError, Problem
from eventcode.formats import jsonl
from eventcode.model import Codebook, Finding, Place
from eventcode.project import Dataset
from eventcode.readings import Row
from eventcode.yamlfile import dotted

REFERENCE = re.compile(r"[a-z][a-z0-9_-]*@[0-9]+\.[0-9]+\.[0-9]+")


@dataclass(frozen=True, slots=True)
class Read:
    """A reading of the journal: its canonical form, id, document and place.

    Where it was made under an earlier version of the codebook, `reading` is what the present one makes of it, `line` what the coder said,
    and `recodes` what must be coded anew.
    """

    reading: Row
    reading_id: str
    document_id: str
    place: Place
    cells: Mapping[str, Place] = field(default_factory=dict)
    line: Row = field(default_factory=dict)
    recodes: tuple[Recode, ...] = ()

    @property
    def coder(self) -> str:
        """The coder's id."""
        return str(self.reading["coder"])

    @property
    def lineage(self) -> tuple[str, str]:
        """What all revisions share: document and coder."""
        return self.document_id, self.coder


def shape_problems(value: Any, validator: Any, place: Place) -> list[Problem]:
    """What a schema refuses in the value that stands at a place."""
    return [
        Problem(message, hint, place.file, place.line, dotted(path))
        for path, message, hint in shape.violations(value, validator)
    ]


def journal(
    dataset: Dataset, codebook: Codebook, documents: Sequence[Row], problems: list[Problem]
) -> list[Read]:
    """Every line of every readings file of a dataset, in the order of files and lines; what is wrong is added to `problems`."""
    found = []
    validator = shape.compiled(views.json_schema(codebook))
    known = document_ids(documents)
    for path in sorted((dataset.folder / "readings").glob("*/*.jsonl")):
        name = dataset.project.shown(path)
        lines, broken = jsonl.parse(path.read_bytes(), name)
        problems += broken
        for raw, place in lines:
            read, wrong = canonical(raw, place, dataset, codebook, known, validator)
            problems += wrong
            if read is not None:
                problems += _quotes(read)
                if path.parent.name != read.coder:
                    hint = f"move the line to readings/{read.coder}/"
                    problems.append(
                        Problem(
                            f"the line is by '{read.coder}' and lies with '{path.parent.name}'",
                            hint,
                            name,
                            place.line,
                        )
                    )
                found.append(read)
    return found


def document_ids(documents: Sequence[Row]) -> dict[str, str]:
    """Document ids by key and by themselves."""
    return {row[name]: row["document_id"] for row in documents for name in ("document_key", "document_id")}


def canonical(
    raw: Row, place: Place, dataset: Dataset, codebook: Codebook, known: Mapping[str, str], validator: Any
) -> tuple[Read | None, list[Problem]]:
    """A line of a readings file as a `Read`, or everything wrong with its shape."""
    problems = _stranger(raw, codebook, place)
    if problems:
        return None, problems
    projected, recodes = migrate.project(raw, codebook)
    problems = shape_problems(projected, validator, place)
    if problems:
        return None, [*problems, *_dates_at_least(projected, codebook, place)]
    reading, problems = readings.normalise(projected, codebook, place)
    problems += [*twice(reading, place), *_references(reading, place, dataset, known)]
    if problems:
        return None, problems
    document = known[reading["document"]]
    line = (
        reading
        if projected is raw
        else readings.normalise(raw, codebook, place, migrate.old_dates(raw, codebook))[0]
    )
    own = readings.reading_id(line, document)
    if raw.get("reading_id") not in (None, own):
        return None, [
            Problem(
                "reading_id is not the hash of what the line says",
                "leave it out",
                place.file,
                place.line,
                "reading_id",
            )
        ]
    return Read(reading, own, document, place, line=line, recodes=recodes), []


def _dates_at_least(raw: Row, codebook: Codebook, place: Place) -> list[Problem]:
    """What is wrong with the dates of a line whose shape is wrong elsewhere, as far as it can be read."""
    try:
        return readings.normalise(raw, codebook, place)[1]
    except (AttributeError, KeyError, TypeError, ValueError):
        return []


def _references(reading: Row, place: Place, dataset: Dataset, known: Mapping[str, str]) -> Iterable[Problem]:
    """Document and coder of a line must be known to the dataset."""
    if reading["document"] not in known:
        hint = shape.did_you_mean(reading["document"], [key for key, own in known.items() if key != own])
        yield Problem(
            f"no document '{reading['document']}' in documents.yaml", hint, place.file, place.line, "document"
        )
    try:
        dataset.coder(reading["coder"])
    except EventcodeError as error:
        yield Problem(error.message, error.hint, place.file, place.line, "coder")


def _stranger(raw: Any, codebook: Codebook, place: Place) -> list[Problem]:
    """A line made under a codebook or version that leads nowhere: its shape cannot be judged."""
    reference = raw.get("codebook") if isinstance(raw, Mapping) else None
    if (
        not isinstance(reference, str)
        or not REFERENCE.fullmatch(reference)
        or migrate.covers(codebook, reference)
    ):
        return []
    hint = (
        f"the dataset uses {codebook.reference}; readings may be made under an earlier version with the same first number, or with one"
        " from which its migrations lead here"
    )
    return [
        Problem(f"made under {reference}, which is not known here", hint, place.file, place.line, "codebook")
    ]


def twice(reading: Row, place: Place) -> Iterable[Problem]:
    """Keys of sources and codings that stand more than once in a reading."""
    for name in ("sources", "codings"):
        keys = [row["key"] for row in reading.get(name, ())]
        for i, key in enumerate(keys):
            if key in keys[:i]:
                yield Problem(
                    f"the key '{key}' stands twice",
                    "give each its own",
                    place.file,
                    place.line,
                    f"{name}[{i}].key",
                )


def _quotes(read: Read) -> Iterable[Problem]:
    """Lines that are kept hold no words of the text."""
    if any("quote" in evidence for evidence, _ in evidences(read.reading)):
        hint = "import the line with `eventcode import`: quotes become offsets and hashes"
        yield Problem("evidence holds a quote", hint, read.place.file, read.place.line)


def evidences(reading: Row) -> Iterable[tuple[Row, str]]:
    """Every evidence object of a reading with its path."""
    for i, source in enumerate(reading.get("sources") or ()):
        yield from _listed(source, f"sources[{i}]")
    for i, coding in enumerate(reading.get("codings") or ()):
        yield from _listed(coding, f"codings[{i}]")
        for j, support in enumerate(coding.get("support") or ()):
            yield from _listed(support, f"codings[{i}].support[{j}]")


def _listed(row: Row, path: str) -> Iterable[tuple[Row, str]]:
    for i, evidence in enumerate(row.get("evidence") or ()):
        yield evidence, f"{path}.evidence[{i}]"


def revisions(reads: Sequence[Read], names: Mapping[str, str]) -> list[Finding]:
    """Two successors of one revision, or a revision without its predecessor."""
    by_lineage: dict[tuple[str, str], list[Read]] = {}
    for read in reads:
        by_lineage.setdefault(read.lineage, []).append(read)
    findings = []
    for (document, coder), own in by_lineage.items():
        numbers = [read.reading["revision"] for read in own]
        key = f"{names.get(document, document)}/{coder}"
        for i, read in enumerate(own):
            if numbers[i] in numbers[:i]:
                message, hint = f"revision {numbers[i]} stands twice", "give the later one the next number"
                findings.append(_finding("one-successor", key, message, hint, read))
            elif numbers[i] > 1 and numbers[i] - 1 not in numbers:
                message = f"revision {numbers[i]} has no revision {numbers[i] - 1}"
                findings.append(
                    _finding("revision-gap", key, message, "number corrections one after the other", read)
                )
    return findings


def recodes(reads: Sequence[Read], names: Mapping[str, str]) -> list[Finding]:
    """The re-code queue: codings that a migration could not carry over, or whose code means something else today."""
    return [
        _recode(read, recode, f"{names.get(read.document_id, read.document_id)}/{read.coder}/{recode.key}")
        for read in reads
        for recode in read.recodes
    ]


def _recode(read: Read, recode: Recode, key: str) -> Finding:
    options = f"code it anew: {', '.join(recode.options)}" if recode.options else "code it anew"
    found = _finding(
        "recode",
        key,
        f"made under {read.line['codebook']}; since then {recode.what}",
        f"{options}. {recode.why}" if recode.why else options,
        read,
    )
    severity = "warning" if recode.stands else "error"
    return replace(found, severity=severity, table="codings", field="event_type")


def _finding(rule: str, key: str, message: str, hint: str, read: Read) -> Finding:
    return Finding(
        f"readings.{rule}",
        "error",
        "readings",
        key,
        message,
        hint,
        row=read.reading_id,
        field="revision",
        place=read.place,
    )
