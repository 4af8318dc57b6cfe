"""Values written beside a field, in one cell: a list of their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from eventcode.codebook.sheet.records import Entry
from eventcode.codebook.sheet.told import Report
from eventcode.codebook.slugs import name as named
from eventcode.errors import Problem

WITHOUT_LIST = ("integer", "number", "boolean", "string", "date", "actor", "actors", "source")


def values(entry: Entry, kind: str, report: Report, problems: list[Problem]) -> Iterator[Entry]:
    """The values of a field of type `kind` as entries of the sheet of values; the field names their list."""
    items = entry.plain.pop("values", None)
    if not items:
        return
    if kind in WITHOUT_LIST:
        hint = "make its type select one or select several, or empty the cell"
        problems.append(entry.problem("values", f"a field of type {kind} has no list of values", hint))
        return
    of = str(entry.plain.setdefault("vocabulary", entry.plain.get("name", "")))
    for value, label, item in _apart(items, entry, problems):
        places = {"vocabulary": entry.at("vocabulary")}
        made = {"vocabulary": of, "value": value, "label": label}
        if item and value != item:
            report.add("values", "value", f"{value} for '{item}'", of)
        yield Entry(made, "values", places, entry.at("values"))
    report.add("vocabularies", "vocabulary", "made from the column values of the sheet fields", of)


def _apart(items: Iterable[str], entry: Entry, problems: list[Problem]) -> Iterator[tuple[str, str, str]]:
    """(value, label, the text that the value was made from, if it was); what stands twice is left out and a problem."""
    seen: dict[str, str] = {}
    for item in items:
        value, equals, label = (part.strip() for part in item.partition("="))
        twice = value in seen if equals else item in seen.values()
        if twice:
            both = f" (for '{seen[value]}' and '{label}')" if equals else ""
            message = f"the value '{value if equals else item}' stands twice in this cell{both}"
            problems.append(entry.problem("values", message, "keep one, or give one of them another value"))
            continue
        value = value if equals else named(item, seen, f"value_{len(seen) + 1}")
        seen[value] = label if equals else item
        yield value, label or item, "" if equals else item
