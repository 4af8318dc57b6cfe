"""JSON Lines, read strictly: every problem with its line, nothing half-read."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any

from eventcode.errors import Problem
from eventcode.model import Place
from eventcode.readings import Row

MAX_LINE = 10_000_000
MAX_INTEGER = 2**53 - 1  # what every reader of JSON keeps exactly


def parse(data: bytes, file: str) -> tuple[list[tuple[Row, Place]], list[Problem]]:
    """The objects of a JSONL file called `file`, each with its place, and every line that is none.

    Keys twice in one object, NaN, infinities, whole numbers beyond 2**53 and half characters are refused; empty lines are
    skipped; a byte order mark is dropped.
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
    value = json.loads(
        line.decode("utf-8"),
        object_pairs_hook=_object,
        parse_constant=_constant,
        parse_float=_float,
        parse_int=_int,
    )
    if b"\\ud" in line.lower():
        _whole_characters(value)
    return value


def _object(pairs: list[tuple[str, Any]]) -> Row:
    row = dict(pairs)
    if len(row) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key '{twice}' stands twice")
    return row


def _constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _float(text: str) -> float:
    if math.isinf(float(text)):
        raise ValueError(f"{text} is out of range")
    return float(text)


def _int(text: str) -> int:
    if len(text) > 17 or abs(int(text)) > MAX_INTEGER:
        raise ValueError(f"{text[:20]} is out of range: whole numbers go up to {MAX_INTEGER:,}")
    return int(text)


def _whole_characters(value: Any) -> None:
    """ValueError for text that cannot be written as UTF-8: half of a pair of escapes."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise ValueError("half a character (a lone surrogate) stands in a text") from None


def _reason(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return f"byte {error.start} of the line is not UTF-8"
    if isinstance(error, json.JSONDecodeError):
        return f"not JSON: {error.msg.removesuffix(' at')} at character {error.pos + 1}"
    return "nested too deeply" if isinstance(error, RecursionError) else str(error)


def dump(rows: list[Row]) -> bytes:
    """Rows as JSON Lines, keys in the order given."""
    return b"".join(json.dumps(row, ensure_ascii=False, allow_nan=False).encode() + b"\n" for row in rows)
