"""The canonical form of a reading: what people may write in short is written out, and a hash of it is its id."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import count
from typing import Any

from eventcode import dates, identity
from eventcode.errors import Problem
from eventcode.model import EMPTY, Codebook, Place

Row = dict[str, Any]
IDS = ("reading_id", "coding_id", "source_id", "support_id", "evidence_id")
NOT_CONTENT = (*IDS, "coded_at")
_LEFT_OUT = frozenset(NOT_CONTENT)
# Nested lists: the key in the JSON object and the table of its rows.
LISTS = {
    "sources": "sources",
    "codings": "codings",
    "support": "support",
    "participants": "participants",
    "evidence": "evidence",
}


def date_fields(codebook: Codebook, table: str) -> tuple[str, ...]:
    """Names of the fields of a table that are dates; those of the core tables included."""
    core = {"codings": ("date",), "documents": ("published_at",)}.get(table, ())
    return tuple(dict.fromkeys((*core, *(f.name for f in codebook.fields_of(table) if f.type == "date"))))


def normalise(
    raw: Mapping[str, Any],
    codebook: Codebook,
    place: Place = Place(),
    old_dates: Mapping[str, tuple[str, ...]] = EMPTY,
) -> tuple[Row, list[Problem]]:
    """The canonical form of a reading and what is wrong with its dates.

    Nulls and empty lists go, dates in EDTF become three columns, participants get their position within the role. The
    shape is taken to be right (`codebook.views.json_schema`). `old_dates` names, per table, date fields that the codebook no longer has.
    """
    problems: list[Problem] = []
    tables = ("readings", *LISTS.values())
    named = {table: (*date_fields(codebook, table), *old_dates.get(table, ())) for table in tables}
    return _clean(dict(raw), "readings", named, place, "", problems), problems


def expand_dates(row: Row, names: Iterable[str], place: Place, path: str) -> list[Problem]:
    """Replace each date written as EDTF by its three columns, in place; what is no date is left and reported."""
    problems = []
    for name in names:
        try:
            _expand(row, name)
        except ValueError as error:
            problems.append(Problem(str(error), dates.HINT, place.file, place.line, _join(path, name)))
    return problems


def _expand(row: Row, name: str) -> None:
    columns = (f"{name}_start", f"{name}_end", f"{name}_precision")
    if row.get(name) is None:
        row.pop(name, None)
        for column in columns[:2]:
            if row.get(column) is not None and not dates.is_day(str(row[column])):
                raise ValueError(f"'{row[column]}' is not a day")
        return
    if any(row.get(column) is not None for column in columns):
        raise ValueError(f"both {name} and {name}_start or its kin are given")
    interval = dates.parse(row[name])
    del row[name]
    values = (
        interval.start and interval.start.isoformat(),
        interval.end and interval.end.isoformat(),
        interval.precision,
    )
    row.update({column: value for column, value in zip(columns, values, strict=True) if value is not None})


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _clean(
    row: Row,
    table: str,
    named: Mapping[str, tuple[str, ...]],
    place: Place,
    path: str,
    problems: list[Problem],
) -> Row:
    row = {key: value for key, value in row.items() if value is not None and value != []}
    problems += expand_dates(row, named[table], place, path)
    for key, below in LISTS.items():
        if isinstance(row.get(key), list):
            row[key] = [
                _clean(dict(child), below, named, place, f"{_join(path, key)}[{i}]", problems)
                for i, child in enumerate(row[key])
            ]
    if "participants" in row:
        _number(row["participants"])
    return row


def _number(participants: list[Row]) -> None:
    """Give every participant without a position the next one in its role that nobody else has."""
    given = {(row.get("role"), row["position"]) for row in participants if "position" in row}
    following: dict[Any, int] = {}
    for row in participants:
        role = row.get("role")
        if "position" not in row:
            row["position"] = next(i for i in count(following.get(role, 0)) if (role, i) not in given)
        following[role] = max(following.get(role, 0), row["position"] + 1)


def _content(value: Any) -> Any:
    """What a reading's id is a hash of: everything but ids and the time of coding."""
    if isinstance(value, dict):
        return {
            key: child if isinstance(child, str) else _content(child)
            for key, child in value.items()
            if key not in _LEFT_OUT
        }
    return [_content(child) for child in value] if isinstance(value, list) else value


def reading_id(reading: Mapping[str, Any], document_id: str) -> str:
    """The content hash of a canonical reading of the document."""
    return identity.content_id(_content({**reading, "document": document_id}))


def plain_reading_id(reading: Mapping[str, Any], document_id: str) -> str:
    """The same, for a reading that holds no ids, no time of coding, and plain numbers only (`identity.is_plain`)."""
    return identity.content_id_of_plain({**reading, "document": document_id})
