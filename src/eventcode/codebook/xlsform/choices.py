"""The sheet `choices` of a form: closed lists, and the one that holds the event types."""

from __future__ import annotations

from collections.abc import Mapping

from eventcode.codebook.sheet.cells import Grid
from eventcode.codebook.sheet.complete import Book
from eventcode.codebook.sheet.layout import CODES
from eventcode.codebook.sheet.records import Entry
from eventcode.codebook.slugs import name as named
from eventcode.codebook.xlsform.lines import Form, Line
from eventcode.errors import Problem
from eventcode.shape import did_you_mean


def choices(form: Form, lines: list[Line], codes: str, grids: Mapping[str, Grid]) -> Book:
    book: Book = {"codes": [], "vocabularies": [], "values": []}
    names = dict.fromkeys(str(line.cells.get("list_name", "")) for line in lines)
    for name in filter(None, names):
        form.lists[name] = named(name, form.lists.values(), "list")
        if form.lists[name] != name and name != codes:
            form.report.add("vocabularies", "vocabulary", f"{form.lists[name]} for {name}")
    if codes and codes not in form.lists:
        file = next(iter(grids.values())).file
        form.problems.append(
            Problem(
                f"there is no list '{codes}' in the form",
                did_you_mean(codes, [*form.lists]),
                file,
                None,
                "choices",
            )
        )
    for line in lines:
        of = str(line.cells.get("list_name", ""))
        for head in ("list_name", "name"):
            if not line.cells.get(head):
                form.problems.append(
                    line.entry.problem(head, f"{head} is empty", "fill it, or delete the row")
                )
        if of and of == codes:
            book["codes"].append(_code(form, line))
        elif of and line.cells.get("name"):
            book["values"].append(_value(form, line))
    return book


def _code(form: Form, line: Line) -> Entry:
    """A choice as an event type; columns that bear the name of one of ours are taken over."""
    entry = line.entry
    entry.sheet, known = "codes", CODES.known
    entry.plain = {"code": line.cells.get("name"), "label": line.cells.get("label") or line.cells.get("name")}
    for head, value in line.cells.items():
        if head in ("list_name", "name", "label"):
            continue
        if head in known and not known[head].under and known[head].kind in ("key", "text"):
            entry.plain[head] = value
        else:
            form.report.add("choices", head, "left out", str(line.cells.get("name")))
    return entry


def _value(form: Form, line: Line) -> Entry:
    entry = line.entry
    entry.sheet = "values"
    extra = {head: value for head, value in line.cells.items() if head not in ("list_name", "name", "label")}
    label = line.cells.get("label") or line.cells["name"]
    entry.plain = {
        "vocabulary": form.lists[line.cells["list_name"]],
        "value": line.cells["name"],
        "label": label,
        **extra,
    }
    return entry
