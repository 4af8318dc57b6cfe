"""JSON as rows of text: a list of objects, an object that holds one such list, or one object a line.

Nested objects are columns with dots (`event.code`), lists of plain values one text joined by `;`, lists of objects numbered
from 1 (`source.1.code`). A key that is not there is nothing. Numbers stay as they are written.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from eventcode.errors import DatasetError, Problem
from eventcode.formats.tabular.delimited import LARGEST, check_names
from eventcode.formats.tabular.packed import stream
from eventcode.formats.tabular.tables import Batch, ForeignTable, Reading

SUFFIXES = (".json", ".jsonl", ".ndjson")
WHOLE = (
    512 * 2**20
)  # bytes of a list of objects, which is read at once; one object a line may be of any length


class _Number(str):
    """A number as it was written."""


def open_records(path: Path, reading: Reading) -> ForeignTable:
    """A JSON file; its columns are all keys that any of its objects has."""
    columns: dict[str, None] = {}
    for _, row in _rows(path):
        columns |= dict.fromkeys(row)
    if not columns:
        raise DatasetError(
            f"{path.name} holds no object with anything in it", "fetch it again from its origin"
        )
    names = tuple(columns)
    check_names(path.name, names)
    nulls = frozenset(reading.nulls)
    return ForeignTable(path.name, names, lambda size: _batches(path, names, nulls, size), sparse=True)


def _batches(path: Path, names: tuple[str, ...], nulls: frozenset[str], size: int) -> Iterator[Batch]:
    rows = _rows(path)
    while chunk := list(islice(rows, size)):
        values = [[None if (text := row.get(name)) in nulls else text for name in names] for _, row in chunk]
        yield Batch(values, [line for line, _ in chunk])


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    for line, item in _objects(path):
        if not isinstance(item, dict):
            raise _wrong(path, line, f"{_kind(item)} stands where an object should", "one object is one row")
        try:
            yield line, dict(_flat(item, ""))
        except ValueError as error:
            raise _wrong(path, line, str(error), "flatten it before mapping") from error
        except RecursionError as error:
            raise _wrong(path, line, "lists within lists without end", "this is no table") from error


def _kind(item: Any) -> str:
    return "a list" if isinstance(item, list) else "nothing" if item is None else "a single value"


def _objects(path: Path) -> Iterator[tuple[int, Any]]:
    """(line or number, item) of everything that should be an object."""
    first = _first_letter(path)
    if first is None:
        raise DatasetError(f"{path.name} is empty", "fetch it again from its origin")
    if first == "[":
        yield from enumerate(_whole(path), 1)
        return
    lines = _decoded(path)
    number, text = next(lines)
    try:
        item = _parse(text)
    except ValueError:
        yield from enumerate(_wrapped(path, _whole(path)), 1)  # an object over several lines
        return
    yield from enumerate(_wrapped(path, item), 1) if _holds_rows(item) else [(number, item)]
    for number, text in lines:
        try:
            yield number, _parse(text)
        except (ValueError, RecursionError) as error:
            raise _wrong(
                path, number, f"no JSON: {error}", "one object a line, or one list in the file"
            ) from error


def _holds_rows(item: Any) -> bool:
    return isinstance(item, dict) and bool(_lists(item)) and "data" in item


def _lists(item: dict[str, Any]) -> list[list[Any]]:
    return [
        value for value in item.values() if isinstance(value, list) and value and isinstance(value[0], dict)
    ]


def _wrapped(path: Path, item: Any) -> Iterable[Any]:
    """The rows of an answer of an interface: the one list of objects in an object, else the object itself."""
    if isinstance(item, list):
        return item
    lists = _lists(item) if isinstance(item, dict) else []
    if isinstance(item, dict) and "data" in item and isinstance(item["data"], list):
        return list(item["data"])
    return lists[0] if len(lists) == 1 else [item]


def _first_letter(path: Path) -> str | None:
    return next((text.lstrip()[0] for _, text in _decoded(path)), None)


def _decoded(path: Path) -> Iterator[tuple[int, str]]:
    """(number, text) of every line that is not blank."""
    with stream(path) as data:
        for number, raw in enumerate(iter(lambda: data.readline(LARGEST * 4), b""), 1):
            try:
                text = raw.decode("utf-8-sig" if number == 1 else "utf-8")
            except UnicodeDecodeError as error:
                told = f"byte {error.start + 1} of the line is no UTF-8"
                raise _wrong(path, number, told, "JSON is UTF-8: save it as that") from error
            if text.strip():
                yield number, text


def _whole(path: Path) -> Any:
    with stream(path) as data:
        raw = data.read(WHOLE + 1)
    if len(raw) > WHOLE:
        raise DatasetError(
            f"{path.name} is one JSON text of more than {WHOLE // 2**20} MB",
            "write one object a line (.jsonl)",
        )
    try:
        return _parse(raw.decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        raise _wrong(
            path, error.lineno, f"no JSON: {error.msg}", "one object a line, or one list in the file"
        ) from error
    except (ValueError, RecursionError) as error:
        raise _wrong(path, None, f"no JSON: {error}", "one object a line, or one list in the file") from error


def _parse(text: str) -> Any:
    item = json.loads(
        text, parse_float=_Number, parse_int=_Number, parse_constant=_constant, object_pairs_hook=_pairs
    )
    if "\\ud" in text.lower():  # half of a pair of surrogates is no letter
        json.dumps(item, ensure_ascii=False).encode()
    return item


def _constant(text: str) -> None:
    if text != "NaN":
        raise ValueError(f"{text} is no number")


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key '{twice}' stands twice")
    return found


def _flat(item: Any, name: str) -> Iterator[tuple[str, str]]:
    if isinstance(item, dict):
        for key, value in item.items():
            yield from _flat(value, f"{name}.{key}" if name else str(key))
    elif isinstance(item, list):
        yield from _listed(item, name)
    elif item is not None:
        yield name, str(item).lower() if isinstance(item, bool) else str(item)


def _listed(items: list[Any], name: str) -> Iterator[tuple[str, str]]:
    if any(isinstance(item, dict) for item in items):
        for i, item in enumerate(items, 1):
            yield from _flat(item, f"{name}.{i}")
        return
    parts = [str(item).lower() if isinstance(item, bool) else str(item) for item in items if item is not None]
    if any(isinstance(item, list) for item in items):
        raise ValueError(f"'{name}' holds lists within a list")
    if any(";" in part for part in parts) and len(parts) > 1:
        raise ValueError(f"a value in the list '{name}' holds a semicolon")
    if parts:
        yield name, ";".join(parts)


def _wrong(path: Path, line: int | None, what: str, hint: str) -> DatasetError:
    return DatasetError(f"{path.name} cannot be read", problems=[Problem(what[:400], hint, path.name, line)])
