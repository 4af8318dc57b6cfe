"""CSV files that people edit: waivers, publishers, actors."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from eventcode.errors import Problem
from eventcode.model import Place
from eventcode.readings import Row

WORDS = {",": "comma", ";": "semicolon", "\t": "tab"}


def parse(
    data: bytes, file: str, required: Sequence[str], optional: Sequence[str] = ()
) -> tuple[list[tuple[Row, Place]], list[Problem]]:
    """The rows of a CSV file with a header, each with its place, and what is wrong; empty cells are left out.

    Comma, semicolon and tab are told apart by the header; a byte order mark is dropped.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return [], [Problem(f"byte {error.start} is not UTF-8", "save the file as UTF-8", file)]
    delimiter = _delimiter(text)
    try:
        lines = list(_lines(text, delimiter))
    except csv.Error as error:
        return [], [_unreadable(error, file)]
    header = [name.strip() for name in lines[0][1]] if lines else []
    problems = _header(header, required, optional, file)
    if problems:
        return [], problems
    rows, problems = [], []
    for number, cells in lines[1:]:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            hint = f"quote cells that hold a {WORDS.get(delimiter, delimiter)}"
            problems.append(
                Problem(f"{len(cells)} cells, and the header has {len(header)}", hint, file, number)
            )
            continue
        row = {name: cell.strip() for name, cell in zip(header, cells, strict=True) if cell.strip()}
        problems += [
            Problem(f"{name} is empty", "fill it", file, number, name) for name in required if name not in row
        ]
        rows.append((row, Place(file, number)))
    return rows, problems


def _lines(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The cells of every row and the line on which it begins; csv.Error where a cell is too long or never ends."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    first = 1
    for cells in reader:
        yield first, cells
        first = reader.line_num + 1


def _unreadable(error: csv.Error, file: str) -> Problem:
    if "field limit" in str(error):
        return Problem(
            f"a cell has more than {csv.field_size_limit():,} characters",
            "close the quotation marks before it",
            file,
        )
    return Problem(f"not CSV: {error}", "close every quotation mark, and double those inside a cell", file)


def _delimiter(text: str) -> str:
    first = text.split("\n", 1)[0]
    return max(",;\t", key=first.count)


def _header(header: list[str], required: Sequence[str], optional: Sequence[str], file: str) -> list[Problem]:
    hint = f"the first line must be {','.join([*required, *optional])}"
    missing = [
        Problem(f"the column {name} is missing", hint, file, 1) for name in required if name not in header
    ]
    unknown = [name for name in header if name not in (*required, *optional)]
    twice = [name for name in dict.fromkeys(header) if header.count(name) > 1]
    return [
        *missing,
        *(Problem(f"the column '{name}' is unknown", hint, file, 1) for name in unknown),
        *(Problem(f"the column '{name}' stands twice", hint, file, 1) for name in twice),
    ]
