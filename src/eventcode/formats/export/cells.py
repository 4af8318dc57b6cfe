"""What several forms ask of a record: the span of its date, texts in one cell, countries, and the file of all rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from eventcode.formats.export.losses import Losses
from eventcode.formats.export.records import Party, Record, Row
from eventcode.model import Codebook

RENAMED = "the country has the name of our list; the name in the file, where it was another, is not kept"


def span(event: Row, name: str = "date") -> int | None:
    """The number of days that a date covers; None where an end is open."""
    start, end = event.get(f"{name}_start"), event.get(f"{name}_end")
    return (end - start).days + 1 if isinstance(start, date) and isinstance(end, date) else None


def interval(event: Row, name: str = "date") -> str:
    """A date as losses tell it: `2025-05-03/2025-05-04`, and two points for an end that is open."""
    return f"{event.get(f'{name}_start') or '..'}/{event.get(f'{name}_end') or '..'}"


def sides(record: Record, form: str, losses: Losses) -> tuple[Sequence[Party], Sequence[Party]]:
    """Who did it, and to whom. Whom an event is about has no place in `form`, and is told."""
    for party in record.parties.get("about", ()):
        losses.tell("participants", f"{form} has no place for whom an event is about", party.name)
    return record.parties.get("actor", ()), record.parties.get("recipient", ())


def first(event: Row, *names: str) -> tuple[str | None, Any]:
    """(column, value) of the first of several columns that has a value."""
    return next(((name, event[name]) for name in names if event.get(name) is not None), (None, None))


def joined(
    values: Iterable[str], column: str, losses: Losses, between: str = "; ", *, each: bool = False
) -> str:
    """Texts in one cell, once or `each` as often as it is given; a semicolon within one becomes a comma, which is told."""
    found = [*values] if each else [*dict.fromkeys(values)]
    for value in found:
        if ";" in value:
            losses.tell(
                column, "a semicolon in it is written as a comma, for it parts the entries of a cell", value
            )
    return between.join(value.replace(";", ",") for value in found)


def country(codebook: Codebook, value: str | None, attribute: str = "label") -> str | None:
    """The name of a country, or another attribute of the list of countries (`iso_numeric`, `gw`)."""
    vocabulary = codebook.vocabularies.get("country")
    term = vocabulary.get(value) if vocabulary and value else None
    if term is None:
        return None
    return term.label if attribute == "label" else (str(term.extra.get(attribute) or "") or None)


def country_name(record: Record, codebook: Codebook, losses: Losses) -> str | None:
    """The country by the name of our list. Of the producer's own data the name in the file is not kept, and may have been another."""
    code = record.event.get("country")
    name = country(codebook, code) or code
    if record.own and name:
        losses.tell("country.renamed", RENAMED)
    return name


def cells(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Rows as a CSV file: UTF-8, RFC 4180, nothing for what is empty."""
    import csv
    import io

    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([_cell(row.get(name)) for name in columns] for row in rows)
    return out.getvalue().encode()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    return value.isoformat() if isinstance(value, date) else str(value)
