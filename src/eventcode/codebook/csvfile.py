"""The CSV files of a codebook: long vocabularies and crosswalks."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from eventcode.errors import Problem

Line = tuple[int, dict[str, str]]


def rows(
    data: bytes,
    file: str,
    required: Sequence[str],
    problems: list[Problem],
    *,
    more: Sequence[str] | None = (),
) -> list[Line]:
    """(line, row) of a CSV file called `file` in messages; what is wrong with it is added to `problems`.

    The header must hold `required` and may hold the columns `more`, or any if that is None. Cells are text, so that `010` stays `010`;
    an empty cell is left out of its row, and an empty line is skipped.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problems.append(Problem(f"byte {error.start} is not UTF-8", "save the file as UTF-8", file, line))
        return []
    lines = _lines(text, file, problems)
    if lines is None:
        return []
    header = [name.strip() for name in lines[0][1]] if lines else []
    wrong = list(_header(header, required, file, more))
    problems += wrong
    return [] if wrong else list(_rows(header, lines[1:], file, problems))


def _lines(text: str, file: str, problems: list[Problem]) -> list[tuple[int, list[str]]] | None:
    """(line on which it starts, cells) of every line; None where the file is no CSV."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    found: list[tuple[int, list[str]]] = []
    start = 1
    try:
        for cells in reader:
            found.append((start, cells))
            start = reader.line_num + 1
    except csv.Error as error:
        problems.append(
            Problem(f"not CSV: {error}", "look for a quotation mark that is not closed", file, start)
        )
        return None
    return found


def _header(
    header: list[str], required: Sequence[str], file: str, more: Sequence[str] | None
) -> Iterator[Problem]:
    hint = f"the first line must be {','.join(required)}{_more(more)}"
    for name in required:
        if name not in header:
            yield Problem(f"the column {name} is missing", hint, file, 1)
    for name in dict.fromkeys(header):
        if header.count(name) > 1:
            yield Problem(f"the column {name} stands twice", "keep one", file, 1)
        elif not name or (more is not None and name not in (*required, *more)):
            yield Problem(f"the column '{name}' is unknown here", hint, file, 1)


def _more(more: Sequence[str] | None) -> str:
    if more is None:
        return " and what you add"
    return f", and may have {', '.join(more)}" if more else ""


def _rows(
    header: list[str], lines: list[tuple[int, list[str]]], file: str, problems: list[Problem]
) -> Iterator[Line]:
    for number, cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            message = f"{len(cells)} cells, and the header has {len(header)}"
            problems.append(Problem(message, "put a cell with a comma in double quotes", file, number))
            continue
        yield number, {name: cell for name, cell in zip(header, cells, strict=True) if cell.strip()}
