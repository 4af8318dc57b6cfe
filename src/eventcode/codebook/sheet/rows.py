"""A draft as the rows of the sheets: for each sheet, its columns and one mapping of cells for each entry."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from eventcode.codebook.draft import Draft, Plain
from eventcode.codebook.sheet import layout
from eventcode.codebook.sheet.cells import CellError, to_cell
from eventcode.codebook.sheet.layout import Column, Sheet
from eventcode.errors import CodebookError, Problem, refuse

Row = dict[str, Any]


def sheets(draft: Draft) -> dict[str, tuple[tuple[Column, ...], list[Row]]]:
    """Sheet name → its columns and rows of cells. Sheets without entries are left out, but for those that everybody fills.

    CodebookError for every text that no cell can hold.
    """
    problems: list[Problem] = []
    found = {}
    for sheet in layout.SHEETS:
        entries = [*_entries(draft, sheet.name)]
        if entries or sheet.always:
            columns = (*sheet.columns, *_further(sheet, entries))
            rows = [_row(sheet, columns, entry, number, problems) for number, entry in enumerate(entries, 2)]
            found[sheet.name] = (columns, rows)
    refuse(CodebookError, "this codebook does not fit into a workbook", problems)
    return found


def _row(sheet: Sheet, columns: Iterable[Column], entry: Plain, number: int, problems: list[Problem]) -> Row:
    row = {}
    for column in columns:
        holder = (entry.get(column.under) or {}) if column.under else entry
        if column.key not in holder or (holder[column.key] is None and column.kind != "any"):
            continue
        kind = (
            column.kind
            if column.kind != "asis"
            else entry["kind of value"]
            if column.name == "value"
            else "text"
        )
        try:
            row[column.name] = to_cell(holder[column.key], kind)
        except CellError as error:
            problems.append(Problem(error.message, error.hint, path=f"{sheet.name}!{number}  {column.name}"))
    return row


def _further(sheet: Sheet, entries: Iterable[Plain]) -> list[Column]:
    """Columns for the attributes that the lists of an open sheet add."""
    if not sheet.open:
        return []
    fixed = {column.key for column in sheet.columns}
    names = dict.fromkeys(name for entry in entries for name in entry if name not in fixed)
    return [Column(heading(sheet, name), "any", 18, as_=name) for name in names]


def heading(sheet: Sheet, attribute: str) -> str:
    """The heading of an added attribute: its name, after `+` where a column of the sheet bears it."""
    return f"+{attribute}" if attribute.startswith("+") or attribute in sheet.known else attribute


def _entries(draft: Draft, name: str) -> Iterator[Plain]:
    """The entries of a sheet: those of the draft, or what stands inside others."""
    made: Callable[[Draft], Iterable[Plain]] | None = _MADE.get(name)
    yield from made(draft) if made else getattr(draft, _ATTRIBUTES.get(name, name))


def _card(draft: Draft) -> Iterator[Plain]:
    said = {
        **draft.card,
        **{f"removes {kind}": keys for kind, keys in draft.card.get("removes", {}).items()},
        **{f"dates {name}": value for name, value in draft.dates.items()},
        **{f"actors {name}": value for name, value in draft.actor_list.items()},
    }  # fmt: skip
    for key, (kind, meaning) in layout.KEYS.items():
        yield {"key": key, "value": said.get(key), "meaning": meaning, "kind of value": kind}


def _scales(draft: Draft) -> Iterator[Plain]:
    for name, scale in draft.card.get("scales", {}).items():
        yield {"scale": name, **scale}


def _values(draft: Draft) -> Iterator[Plain]:
    for vocabulary in draft.vocabularies:
        for term in vocabulary["terms"]:
            added = {f"+{name}" if name == "vocabulary" else name: value for name, value in term.items()}
            yield {
                "vocabulary": vocabulary["id"],
                **{n: v for n, v in added.items() if not (n == "parent" and v is None)},
            }


def _ties(draft: Draft) -> Iterator[Plain]:
    """Ties by actor; the two ends are both called actor, so that the first is put under a name of its own."""
    for actor in draft.actors:
        for tie in actor.get("parents", ()):
            yield {"of": actor["id"], **tie}


def _migrations(draft: Draft) -> Iterator[Plain]:
    for migration in draft.migrations:
        for step in migration["steps"]:
            to = step.get("to")
            becomes = [to] if isinstance(to, str) else to
            yield {**step, "since": migration["since"], "until": migration["to"], "to": becomes}


_ATTRIBUTES = {"codes": "event_types", "dates": "phrases"}
_MADE = {
    "codebook": _card, "authors": lambda draft: draft.card.get("authors", ()), "scales": _scales, "values": _values, "ties": _ties,
    "migrations": _migrations, "accepted": lambda draft: draft.card.get("accepted", ()),
}  # fmt: skip
