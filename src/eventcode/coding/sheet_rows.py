"""A canonical reading as rows of a workbook's sheets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import count
from typing import Any

from eventcode import dates
from eventcode.coding.workbook_columns import event_types
from eventcode.coding.workbook_layout import CATEGORY, SHEETS
from eventcode.model import Codebook
from eventcode.readings import IDS, LISTS, Row, date_fields


def rows_of(reading: Row, codebook: Codebook) -> dict[str, list[Row]]:
    """The rows of each sheet (keys are column names) for one reading, in its order."""
    rows: dict[str, list[Row]] = {name: [] for name in SHEETS}
    document = reading["document"]
    numbers = count(1)
    rows["documents"].append(_own(reading, ()))
    for source in reading.get("sources", ()):
        rows["sources"].append({"document": document, **_own(source, date_fields(codebook, "sources"))})
        rows["evidence"] += _evidence(source, document, "source", source["key"])
    for coding in reading.get("codings", ()):
        _add_coding(rows, coding, document, numbers, codebook)
    return rows


def _add_coding(
    rows: dict[str, list[Row]], coding: Row, document: str, numbers: Iterator[int], codebook: Codebook
) -> None:
    own = _own(coding, date_fields(codebook, "codings"))
    rows["codings"].append({"document": document, CATEGORY: category(codebook, own.get("event_type")), **own})
    belongs = {"document": document, "coding": coding["key"]}
    rows["participants"] += [belongs | _own(row, ()) for row in _unnumbered(coding.get("participants", []))]
    rows["evidence"] += _evidence(coding, document, "coding", coding["key"])
    for support in coding.get("support", ()):
        number = str(next(numbers))
        rows["support"].append({**belongs, "no": number, **_own(support, date_fields(codebook, "support"))})
        rows["evidence"] += _evidence(support, document, "support", number)


def category(codebook: Codebook, code: Any) -> str | None:
    """The root above a code that readings may carry."""
    return codebook.root(code) if code in event_types(codebook).entries else None


def _own(row: Mapping[str, Any], date_names: Iterable[str]) -> Row:
    """A row's own values: without what is nested in it and without ids, dates as EDTF."""
    own = {
        name: value
        for name, value in row.items()
        if name not in LISTS and name not in IDS and value is not None
    }
    for name in date_names:
        _fold(own, name)
    return own


def _fold(row: Row, name: str) -> None:
    """Put a date's EDTF text in the place of its three columns, where a text says exactly them."""
    columns = [f"{name}_{part}" for part in ("start", "end", "precision")]
    start, end, precision = (row.get(column) for column in columns)
    if precision is None:
        return
    interval = dates.Interval(_day(start), _day(end), precision)
    if dates.expressible(interval):
        for column in columns:
            row.pop(column, None)
        row[name] = dates.format(interval)


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _unnumbered(participants: list[Row]) -> list[Row]:
    """Participants without their position, where it is no other than their order says."""
    seen: dict[str, int] = {}
    natural = True
    for row in participants:
        natural = natural and row.get("position") == seen.get(row["role"], 0)
        seen[row["role"]] = seen.get(row["role"], 0) + 1
    return (
        [{k: v for k, v in row.items() if k != "position"} for row in participants]
        if natural
        else participants
    )


def _evidence(row: Row, document: str, of: str, key: str) -> list[Row]:
    return [
        {"document": document, "of": of, "key": key, **_own(span, ())} for span in row.get("evidence", ())
    ]
