"""CSV files that people edit: waivers, publishers, actors."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from eventcode.errors import Problem
from eventcode.model import Place
from eventcode.readings import Row


def parse(data: bytes, file: str, required: Sequence[str], optional: Sequence[str] = ()) -> tuple[list[tuple[Row, Place]], list[Problem]]:
    """The rows of a CSV file with a header, each with its place, and what is wrong; empty cells are left out.

    Comma, semicolon and tab are told apart by the header; a byte order mark is dropped.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return [], [Problem(f"byte {error.start} is not UTF-8", "save the file as UTF-8", file)]
    lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)))
    header = [name.strip() for name in lines[0]] if lines else []
    problems = _header(header, required, optional, file)
    if problems:
        return [], problems
    rows, problems = [], []
    for number, cells in enumerate(lines[1:], 2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            problems.append(Problem(f"{len(cells)} cells, and the header has {len(header)}", "quote cells with a comma", file, number))
            continue
        row = {name: cell.strip() for name, cell in zip(header, cells, strict=True) if cell.strip()}
        problems += [Problem(f"{name} is empty", "fill it", file, number, name) for name in required if name not in row]
        rows.append((row, Place(file, number)))
    return rows, problems


def _delimiter(text: str) -> str:
    first = text.split("\n", 1)[0]
    return max(",;\t", key=first.count)


def _header(header: list[str], required: Sequence[str], optional: Sequence[str], file: str) -> list[Problem]:
    hint = f"the first line must be {','.join([*required, *optional])}"
    missing = [Problem(f"the column {name} is missing", hint, file, 1) for name in required if name not in header]
    unknown = [name for name in header if name not in (*required, *optional)]
    twice = [name for name in dict.fromkeys(header) if header.count(name) > 1]
    return [
        *missing,
        *(Problem(f"the column '{name}' is unknown", hint, file, 1) for name in unknown),
        *(Problem(f"the column '{name}' stands twice", hint, file, 1) for name in twice),
    ]
