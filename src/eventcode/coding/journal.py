"""The journal of readings: JSON Lines per coder and batch, appended to in one step and never rewritten."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from eventcode import identity, text
from eventcode.errors import DatasetError, Problem
from eventcode.formats import files
from eventcode.model import Place
from eventcode.readings import HEAD, Row

Salt = Callable[[], str]
_ORDER = (*HEAD, "sources", "codings")


def anchor(
    evidence: Row, words: str | None, place: Place, path: str, salt: Salt = identity.new_salt
) -> list[Problem]:
    """Turn the quote of one evidence object into offsets, salt and hash, in place.

    `words` is the canonical text, None where it is not at hand. A quote that is not in the text keeps its hash and gets no offsets,
    offsets outside the text stay as they are: both are findings later. Only what cannot be kept at all is a problem.
    """
    quote = evidence.pop("quote", None)
    if words is None:
        return [] if quote is None else [_no_text(place, path)]
    if quote is None:
        if "quote_hash" not in evidence and _inside(evidence, words):
            _fill(
                evidence, text.span(words, evidence["start"], evidence["end"], evidence.get("salt") or salt())
            )
        return []
    evidence["salt"] = evidence.get("salt") or salt()
    evidence["quote_hash"] = identity.quote_hash(evidence["salt"], text.canonical(quote))
    if "start" in evidence and "end" in evidence:
        return []
    try:
        evidence["start"], evidence["end"] = text.locate(words, quote)
    except ValueError as error:
        if "times" in str(error):
            return [
                Problem(
                    str(error),
                    "lengthen it until it stands there once, or give start and end",
                    place.file,
                    place.line,
                    path,
                )
            ]
    return []


def _no_text(place: Place, path: str) -> Problem:
    hint = "give the folder of the texts with --texts, or the offsets and hash instead of the quote"
    return Problem(
        "a quote needs the text of the document, which is not at hand", hint, place.file, place.line, path
    )


def _inside(evidence: Mapping[str, int], words: str) -> bool:
    return 0 <= evidence.get("start", -1) < evidence.get("end", -1) <= len(words)


def _fill(evidence: Row, span: text.Span) -> None:
    evidence.update(start=span.start, end=span.end, salt=span.salt, quote_hash=span.quote_hash)


def line(reading: Row) -> bytes:
    """A canonical reading as one line, its head first."""
    ordered = {key: reading[key] for key in _ORDER if key in reading}
    rest = {key: value for key, value in reading.items() if key not in ordered and key != "reading_id"}
    return json.dumps({**ordered, **rest}, ensure_ascii=False, allow_nan=False).encode() + b"\n"


def append(folder: Path, coder: str, batch: str, readings: Sequence[Row]) -> Path:
    """Append readings to `readings/<coder>/<batch>.jsonl` of a dataset folder: all of them, or none and the file untouched.

    Raises DatasetError where the disk refuses or the batch's name is none.
    """
    if not batch or batch.startswith(".") or "/" in batch or "\\" in batch:
        raise DatasetError(f"'{batch}' is no name for a batch", hint="use letters, digits, - and _")
    path = folder / "readings" / coder / f"{batch}.jsonl"
    with files.refusing(path):
        old = path.read_bytes() if path.is_file() else b""
    if old and not old.endswith(b"\n"):
        raise DatasetError(
            f"{path.name} does not end with a line end, so its last line may be cut off",
            hint="mend that line first",
        )
    files.write(path, old + b"".join(line(reading) for reading in readings))
    return path


def succession(
    new: Iterable[tuple[Row, Place]], held: Mapping[tuple[str, str], int], names: Mapping[str, str]
) -> list[Problem]:
    """What is wrong with the revisions of new readings, given the latest revision held per (document id, coder).

    A first reading is revision 1, a correction the next; the same revision twice would leave open which one holds.
    """
    latest = dict(held)
    problems = []
    for reading, place in new:
        lineage = (names[reading["document"]], reading["coder"])
        expected = latest.get(lineage, 0) + 1
        if reading["revision"] != expected:
            known = f"revision {expected - 1} is there" if expected > 1 else "there is no reading yet"
            hint = f"number it {expected}" + (
                "" if expected == 1 else ", if it corrects what is there; else it was imported already"
            )
            message = (
                f"revision {reading['revision']} of {reading['document']} by {reading['coder']}, and {known}"
            )
            problems.append(Problem(message, hint, place.file, place.line, "revision"))
        latest[lineage] = max(reading["revision"], expected)
    return problems
