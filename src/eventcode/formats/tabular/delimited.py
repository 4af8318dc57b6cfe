"""Delimited text: strict about encoding, quotes and the number of cells in a row, and always with the line."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path
from typing import IO

from eventcode.errors import DatasetError, Problem, refuse
from eventcode.formats.tabular.packed import plain_suffix, stream
from eventcode.formats.tabular.tables import Batch, ForeignTable, Reading, Texts

SUFFIXES = {".csv": ",", ".tsv": "\t", ".tab": "\t", ".txt": "\t"}
NAMES = {",": "a comma", "\t": "a tab", ";": "a semicolon", "|": "a bar"}
ENCODINGS = ("utf-8", "latin-1", "cp1252")
BOM = b"\xef\xbb\xbf"
LARGEST = 16 * 2**20  # bytes of a line, and letters of a cell
SHOWN = 4


def first_record(path: Path, reading: Reading) -> Texts:
    """The first row that is not blank, cell by cell; empty for an empty file."""
    with stream(path) as data:
        return next((list(row) for row, _ in _records(path, data, reading) if row), [])


def open_delimited(path: Path, reading: Reading) -> ForeignTable:
    """A delimited file; DatasetError where it has no header, or one that cannot be used."""
    reading = replace(reading, delimiter=reading.delimiter or SUFFIXES.get(plain_suffix(path), ","))
    first = first_record(path, reading)
    if not first:
        raise DatasetError(f"{path.name} is empty", "fetch it again from its origin")
    if reading.header and len(first) != len(reading.header):
        told = f"the first row of {path.name} has {len(first):,} cells, and {len(reading.header):,} columns are named for it"
        raise DatasetError(
            told, f"is it separated by {NAMES.get(reading.delimiter or '', 'that')}, and of this layout?"
        )
    headed = not reading.header or first == list(reading.header)
    columns = tuple(str(name) for name in first) if headed else reading.header
    _check_header(path, columns, reading, headed)
    return ForeignTable(path.name, columns, lambda size: _batches(path, reading, columns, headed, size))


def _check_header(path: Path, columns: tuple[str, ...], reading: Reading, headed: bool) -> None:
    if len(columns) == 1 and headed:
        other = next((d for d in NAMES if d != reading.delimiter and d in columns[0]), None)
        if other:
            told = f"the first line of {path.name} holds no {NAMES[reading.delimiter or ','][2:]}, but {NAMES[other]}"
            raise DatasetError(told, f"say what separates its cells: --delimiter {_written(other)}")
    check_names(path.name, columns)


def check_names(file: str, columns: tuple[str, ...]) -> None:
    """Refuse columns without a name, and names that stand twice."""
    held = set[str]()
    twice = dict.fromkeys(name for name in columns if name in held or held.add(name))  # type: ignore[func-returns-value]
    problems = [
        Problem(f"the column '{name}' stands twice", "rename one of them", file, 1) for name in twice if name
    ]
    problems += [
        Problem(f"column {i} has no name", "write one into the first line", file, 1)
        for i, name in enumerate(columns, 1)
        if not name.strip()
    ]
    refuse(DatasetError, f"{file} has columns that cannot be told apart", problems[:SHOWN])


def _written(delimiter: str) -> str:
    return "tab" if delimiter == "\t" else f"'{delimiter}'"


def _batches(
    path: Path, reading: Reading, columns: tuple[str, ...], headed: bool, size: int
) -> Iterator[Batch]:
    nulls, width = frozenset(reading.nulls), len(columns)
    with stream(path) as data:
        records = ((row, line) for row, line in _records(path, data, reading) if row)
        if headed:
            next(records, None)
        while chunk := list(islice(records, size)):
            if any(len(row) != width for row, _ in chunk):
                _ragged(path, chain(chunk, records), width, reading)
            if nulls:
                yield Batch(
                    [[None if cell in nulls else cell for cell in row] for row, _ in chunk],
                    [line for _, line in chunk],
                )
            else:
                yield Batch([row for row, _ in chunk], [line for _, line in chunk])


def _ragged(path: Path, records: Iterator[tuple[Texts, int]], width: int, reading: Reading) -> None:
    """Tell of every row that has too many or too few cells; the rest of the file is read for it."""
    wrong = [(line, len(row)) for row, line in records if len(row) != width]
    told = [
        Problem(f"{found:,} cells, and {width:,} columns", "", path.name, line)
        for line, found in wrong[:SHOWN]
    ]
    more = f", the first {SHOWN} of which follow" if len(wrong) > SHOWN else ""
    rows = "1 row" if len(wrong) == 1 else f"{len(wrong):,} rows"
    raise DatasetError(
        f"{path.name} has {rows} of the wrong length{more}",
        f"look for {NAMES.get(reading.delimiter or ',', 'the delimiter')} or a line end within a cell without quotes, or a file cut off",
        problems=told,
    )


def _records(path: Path, data: IO[bytes], reading: Reading) -> Iterator[tuple[Texts, int]]:
    """(cells, line of the first) of every record; a blank line is an empty record."""
    limit = csv.field_size_limit(LARGEST)
    try:
        reader = csv.reader(
            _lines(path, data, reading.encoding or "utf-8"),
            delimiter=reading.delimiter or ",",
            quoting=csv.QUOTE_MINIMAL if reading.quotes else csv.QUOTE_NONE,
            strict=reading.quotes,
        )
        before = 0
        while True:
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise _unreadable(path, before + 1, str(error), reading) from error
            yield row, before + 1  # type: ignore[misc]
            before = reader.line_num
    finally:
        csv.field_size_limit(limit)


def _unreadable(path: Path, line: int, error: str, reading: Reading) -> DatasetError:
    if "field limit" in error:
        what, hint = (
            f"a cell of more than {LARGEST // 2**20} MB",
            "look for a quotation mark that is not closed",
        )
    elif "unexpected end of data" in error:
        what, hint = "a quotation mark is opened here and never closed", "close it, or fetch the file again"
    elif "expected after" in error:
        what = "text after a closing quotation mark"
        hint = (
            'write a quotation mark within a quoted cell twice (""), or say --no-quotes where it is a letter'
        )
    else:
        what, hint = error, "save it as UTF-8 with line ends of Unix or Windows"
    return DatasetError(f"{path.name} cannot be read", problems=[Problem(what, hint, path.name, line)])


def _lines(path: Path, data: IO[bytes], encoding: str) -> Iterator[str]:
    number = 0
    while raw := data.readline(LARGEST):
        number += 1
        if number == 1:
            raw = _start(path, raw)
        if len(raw) >= LARGEST:
            hint = "say how it is separated, or fetch it again; a table has lines"
            told = Problem(f"a line of more than {LARGEST // 2**20} MB", hint, path.name, number)
            raise DatasetError(f"{path.name} cannot be read", problems=[told])
        if b"\0" in raw:
            hint = "the file is damaged, or is no UTF-8 text: fetch it again, or save it as UTF-8"
            column = raw.index(b"\0") + 1
            told = Problem(f"a NUL byte (byte {column} of the line)", hint, path.name, number)
            raise DatasetError(f"{path.name} cannot be read", problems=[told])
        try:
            yield raw.decode(encoding)
        except UnicodeDecodeError as error:
            raise _misread(path, number, error, encoding) from error
        except LookupError as error:
            raise DatasetError(f"'{encoding}' is no encoding", f"one of {', '.join(ENCODINGS)}") from error


def _start(path: Path, raw: bytes) -> bytes:
    """The first line without its byte order mark."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise DatasetError(f"{path.name} is UTF-16", "save it as UTF-8")
    return raw.removeprefix(BOM)


def _misread(path: Path, line: int, error: UnicodeDecodeError, encoding: str) -> DatasetError:
    """What is wrong with the encoding of a file: all of it, or lines of it."""
    byte = f"byte {error.start + 1} of the line, 0x{error.object[error.start]:02x}, is no {encoding.upper()}"
    if encoding != "utf-8":
        hint = "say which encoding it is: --encoding latin-1 takes every byte"
        return DatasetError(f"{path.name} cannot be read", problems=[Problem(byte, hint, path.name, line)])
    good: list[int] = []
    bad: list[int] = []
    with stream(path) as data:
        for number, raw in enumerate(iter(lambda: data.readline(LARGEST), b""), 1):
            if raw.isascii():
                continue
            try:
                _start(path, raw).decode() if number == 1 else raw.decode()
                good.append(number) if len(good) < SHOWN else None
            except UnicodeDecodeError:
                bad.append(number)
    if not good:
        hint = "say which encoding it is: --encoding cp1252 (Windows) or --encoding latin-1"
        return DatasetError(f"{path.name} is not UTF-8", problems=[Problem(byte, hint, path.name, line)])
    shown = ", ".join(map(str, bad[:SHOWN])) + (" …" if len(bad) > SHOWN else "")
    told = f"{byte}. {len(bad):,} lines are not UTF-8 ({shown}), and others are (line {good[0]})"
    hint = "files of two encodings were put together: convert the lines that are not UTF-8"
    return DatasetError(f"{path.name} has mixed encodings", problems=[Problem(told, hint, path.name, line)])
