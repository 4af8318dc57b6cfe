"""What is wrong with the entries of a workbook once all is filled in: each problem at its cell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from eventcode.codebook.sheet import layout
from eventcode.codebook.sheet.complete import Book
from eventcode.codebook.sheet.context import Context
from eventcode.codebook.sheet.layout import Column
from eventcode.codebook.sheet.records import Entry
from eventcode.errors import Problem
from eventcode.shape import did_you_mean

KEYS = {
    "codes": ("code",), "fields": ("table", "name"), "vocabularies": ("id",), "values": ("vocabulary", "value"), "rules": ("id",),
    "actors": ("id",), "scales": ("scale",), "codebook": ("key",),
}  # fmt: skip


def problems(book: Book, context: Context) -> Iterator[Problem]:
    """Everything wrong, sheet by sheet."""
    for name, entries in book.items():
        for entry in entries:
            yield from _cells(entry)
        yield from _twice(name, entries)
    yield from _codes(book, context)
    yield from _fields(book, context)
    yield from _actors(book, context)


def _cells(entry: Entry) -> Iterator[Problem]:
    """Cells that must be filled, closed lists and patterns."""
    for column in layout.BY_NAME[entry.sheet].columns:
        if column.name in entry.unread:
            continue
        holder = entry.plain.get(column.under, {}) if column.under else entry.plain
        value = holder.get(column.key)
        if value is None or value == "":
            if column.must:
                yield entry.problem(
                    column.name,
                    f"{column.name} is empty",
                    f"fill it: {column.help}" if column.help else "fill it",
                )
        else:
            yield from _cell(entry, column, value)


def _cell(entry: Entry, column: Column, value: Any) -> Iterator[Problem]:
    if isinstance(column.of, tuple) and column.of and isinstance(value, str) and value not in column.of:
        yield entry.problem(column.name, f"'{value}' is not allowed here", did_you_mean(value, [*column.of]))
    elif column.pattern and not re.fullmatch(column.pattern, str(value)):
        yield entry.problem(
            column.name,
            f"'{value}' is not written as it must be",
            column.help or f"it must match {column.pattern}",
        )


def _twice(name: str, entries: Iterable[Entry]) -> Iterator[Problem]:
    keys = KEYS.get(name)
    seen: dict[tuple[Any, ...], Entry] = {}
    for entry in entries if keys else ():
        key = tuple(entry.plain.get(part) for part in keys or ())
        column = next((c.name for c in layout.BY_NAME[name].columns if c.key == (keys or ("",))[-1]), "")
        if None in key:
            continue
        if key in seen:
            first = seen[key].at(column).path
            what = f"'{'.'.join(map(str, key))}'"
            if name == "values":
                what = f"the value '{key[1]}' of the list {key[0]}"
            yield entry.problem(column, f"{what} stands twice", f"the first is at {first}: keep one")
        seen.setdefault(key, entry)


def _codes(book: Book, context: Context) -> Iterator[Problem]:
    entries = book.get("codes", [])
    codes = {entry.plain.get("code") for entry in entries} | context.codes
    parents = {entry.plain.get("code"): entry.plain.get("parent") for entry in entries}
    for entry in entries:
        parent = entry.plain.get("parent")
        if parent is not None and parent not in codes:
            yield entry.problem(
                "parent", f"there is no code '{parent}'", did_you_mean(parent, sorted(filter(None, codes)))
            )
        elif parent is not None and _leads_back(entry.plain.get("code"), parents):
            yield entry.problem(
                "parent", f"code {entry.plain.get('code')} is its own ancestor", "mend the parents"
            )


def _leads_back(code: str | None, parents: dict[str | None, str | None]) -> bool:
    at, seen = parents.get(code), set[str | None]()
    while at is not None and at not in seen:
        if at == code:
            return True
        seen.add(at)
        at = parents.get(at)
    return False


def _fields(book: Book, context: Context) -> Iterator[Problem]:
    lists = {str(entry.plain.get("id")) for entry in book.get("vocabularies", ())} | {*context.vocabularies}
    for entry in book.get("fields", ()):
        plain = entry.plain
        module = context.fields.get((plain.get("table", ""), plain.get("name", "")))
        if module and not context.extended:
            hint = f"leave it to {module}, or give yours another name"
            yield entry.problem(
                "name", f"{module} has a field {plain['table']}.{plain['name']} already", hint
            )
        vocabulary = plain.get("vocabulary")
        if vocabulary is None and plain.get("type") in ("code", "set") and "vocabulary" not in entry.unread:
            yield entry.problem(
                "vocabulary",
                "vocabulary is empty",
                "name the list of values, or write them into a column called values",
            )
        elif vocabulary is not None and vocabulary not in lists | {"event_type"}:
            hint = did_you_mean(str(vocabulary), sorted(lists))
            yield entry.problem(
                "vocabulary",
                f"there is no list '{vocabulary}'",
                f"put its values on the sheet values; {hint}",
            )


def _actors(book: Book, context: Context) -> Iterator[Problem]:
    actors = {entry.plain.get("id") for entry in book.get("actors", ())} | context.actors
    for entry in book.get("ties", ()):
        for column, key in (("actor", "of"), ("to_actor", "actor")):
            who = entry.plain.get(key)
            known = (
                actors
                if column == "to_actor"
                else actors - (context.actors - {a.plain.get("id") for a in book.get("actors", ())})
            )
            if who is not None and who not in known:
                yield entry.problem(
                    column, f"there is no actor '{who}'", did_you_mean(str(who), sorted(filter(None, known)))
                )
