"""JSON Lines, read strictly: every problem with its line, nothing half-read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from eventcode.errors import Problem
from eventcode.model import Place
from eventcode.readings import Row

MAX_LINE = 10_000_000


def parse(data: bytes, file: str) -> tuple[list[tuple[Row, Place]], list[Problem]]:
    """The objects of a JSONL file called `file`, each with its place, and every line that is none.

    Keys twice in one object, NaN and infinities are refused; empty lines are skipped; a byte order mark is dropped.
    """
    rows: list[tuple[Row, Place]] = []
    problems: list[Problem] = []
    for number, line in _lines(data):
        try:
            value = _loads(line)
        except (ValueError, RecursionError) as error:
            problems.append(Problem(_reason(error), "write one JSON object per line, in UTF-8", file, number))
            continue
        if isinstance(value, dict):
            rows.append((value, Place(file, number)))
        else:
            problems.append(Problem("the line is not a JSON object", "write {…}", file, number))
    return rows, problems


def _lines(data: bytes) -> Iterator[tuple[int, bytes]]:
    for number, line in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        if line.strip():
            yield number, line


def _loads(line: bytes) -> Any:
    if len(line) > MAX_LINE:
        raise ValueError(f"the line has {len(line):,} bytes, more than {MAX_LINE:,}")
    return json.loads(line.decode("utf-8"), object_pairs_hook=_object, parse_constant=_constant)


def _object(pairs: list[tuple[str, Any]]) -> Row:
    row = dict(pairs)
    if len(row) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key '{twice}' stands twice")
    return row


def _constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _reason(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return f"byte {error.start} of the line is not UTF-8"
    if isinstance(error, json.JSONDecodeError):
        return f"not JSON: {error.msg} at character {error.pos + 1}"
    return "nested too deeply" if isinstance(error, RecursionError) else str(error)


def dump(rows: list[Row]) -> bytes:
    """Rows as JSON Lines, keys in the order given."""
    return b"".join(json.dumps(row, ensure_ascii=False, allow_nan=False).encode() + b"\n" for row in rows)
