"""Records of six sheets put together into readings, with the cell of every JSON path; rows that belong nowhere are problems."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from eventcode import shape
from eventcode.coding.sheet_records import Record
from eventcode.coding.workbook_layout import CATEGORY
from eventcode.errors import Problem
from eventcode.model import Codebook, Place
from eventcode.readings import Row

_CONTEXT = {"documents": (), "codings": ("document", CATEGORY), "sources": ("document",),
            "participants": ("document", "coding"), "support": ("document", "coding", "no"),
            "evidence": ("document", "of", "key")}  # fmt: skip
_OF = {"coding": "codings", "source": "sources", "support": "support"}
Key = tuple[str, ...]


@dataclass(slots=True)
class Owner:
    """A row as JSON, its path in its reading, that reading's cells, and the record it came from."""

    row: Row
    path: str
    cells: dict[str, Place]
    record: Record


def assemble(
    rows: dict[str, list[Record]], codebook: Codebook, coder: str | None, problems: list[Problem]
) -> dict[Key, Owner]:
    """A reading for each document, with all that belongs to it."""
    documents = _heads(rows["documents"], codebook, coder, problems)
    told = _standing(rows)
    owners: dict[str, dict[Key, Owner]] = {"documents": documents}
    for name in ("codings", "sources"):
        owners[name] = {}
        for record, parent in _placed(rows[name], documents, ("document",), problems):
            _attach(record, parent, name, owners[name], ("document", "key"), problems)
    _wrong_categories(rows["codings"], codebook, problems)
    owners["support"] = {}
    for name in ("participants", "support"):
        for record, parent in _placed(
            rows[name], owners["codings"], ("document", "coding"), problems, documents, told["codings"]
        ):
            _attach(
                record,
                parent,
                name,
                owners["support"],
                ("document", "no") if name == "support" else (),
                problems,
            )
    for of, name in _OF.items():
        spans = [record for record in rows["evidence"] if record.values.get("of") == of]
        for record, parent in _placed(
            spans, owners[name], ("document", "key"), problems, documents, told[name]
        ):
            _attach(record, parent, "evidence", {}, (), problems)
    problems += [
        record.problem("of", f"'{record.values['of']}' is nothing that evidence can be of", f"write {', '.join(_OF)}")
        for record in rows["evidence"] if record.values.get("of") not in (None, *_OF)
    ]  # fmt: skip
    return documents


def _heads(
    found: list[Record], codebook: Codebook, coder: str | None, problems: list[Problem]
) -> dict[Key, Owner]:
    owners: dict[Key, Owner] = {}
    for record in found:
        row = {k: v for k, v in record.values.items() if k not in _CONTEXT["documents"]}
        row = {"coder": coder, "codebook": codebook.reference, "revision": 1, **row}
        owner = Owner(row, "", {"": record.place}, record)
        _note_cells(owner, "")
        if not row["coder"]:
            problems.append(
                record.problem("document", "nothing says who coded this", "name the coder: --coder ID")
            )
        if "document" in row:
            _once(record, owner, owners, (row["document"],), problems)
    return owners


def unread(owner: Owner) -> list[Problem]:
    """A problem where a document has no status, yet somebody has written something of it."""
    record, rows = owner.record, [name for name in ("codings", "sources") if owner.row.get(name)]
    if owner.row.get("status") or "status" in record.bad:
        return []
    name = owner.row["document"]
    if rows:
        hint = "say on the sheet documents what became of it: coded, no_event or skipped"
        return [record.problem("status", f"'{name}' has rows on the sheet {rows[0]}, but no status", hint)]
    if "revision" in record.values or "note" in record.values:
        hint = "choose one; to take a reading back, choose withdrawn"
        return [record.problem("status", f"'{name}' has no status", hint)]
    return []


def _once(record: Record, owner: Owner, owners: dict[Key, Owner], key: Key, problems: list[Problem]) -> None:
    """Enter an owner under its key, or say where the key stands already."""
    if key not in owners:
        owners[key] = owner
        return
    column = {"documents": "document", "support": "no"}.get(record.sheet, "key")
    said = f"'{key[-1]}' stands twice" + (f" in the document '{key[0]}'" if len(key) > 1 else "")
    first = owners[key].record.places[column].path
    problems.append(
        record.problem(column, said, f"the first is at {first}: give this row another, or delete it")
    )


def _placed(
    found: list[Record], owners: dict[Key, Owner], by: Key, problems: list[Problem],
    documents: dict[Key, Owner] | None = None, told: frozenset[Key] = frozenset(),
) -> Iterator[tuple[Record, Owner]]:  # fmt: skip
    """Each record with the row it belongs to; one that belongs to none is a problem, unless that row is there and has one itself."""
    for record in found:
        if any(name in record.bad or name not in record.values for name in by):
            continue
        key = tuple(record.values[name] for name in by)
        if documents is not None and key[:1] not in documents:
            problems.append(_homeless(record, "document", key[0], documents))
        elif key in owners:
            yield record, owners[key]
        elif key not in told:
            problems.append(
                _homeless(record, by[-1], key[-1], {k: o for k, o in owners.items() if k[:-1] == key[:-1]})
            )


def _standing(rows: dict[str, list[Record]]) -> dict[str, frozenset[Key]]:
    """The keys that stand on the sheets to which others point."""
    columns = {"codings": "key", "sources": "key", "support": "no"}
    return {
        name: frozenset((str(r.values.get("document")), str(r.values.get(column))) for r in rows[name])
        for name, column in columns.items()
    }


def _homeless(record: Record, column: str, value: str, owners: dict[Key, Owner]) -> Problem:
    what = record.values.get("of", column) if record.sheet == "evidence" and column == "key" else column
    where = "" if column == "document" else f" in the document '{record.values['document']}'"
    known = list(dict.fromkeys(key[-1] for key in owners))
    hint = shape.did_you_mean(value, known) or f"enter it on the sheet {_OF.get(what, 'documents')} first"
    return record.problem(column, f"there is no {what} '{value}'{where}", hint)


def _attach(
    record: Record, parent: Owner, name: str, owners: dict[Key, Owner], by: Key, problems: list[Problem]
) -> None:
    """Put a record below its parent, note its cells, and enter it under its key where it has one."""
    row = {k: v for k, v in record.values.items() if k not in _CONTEXT[record.sheet]}
    siblings = parent.row.setdefault(name, [])
    path = f"{parent.path}.{name}[{len(siblings)}]".removeprefix(".")
    siblings.append(row)
    owner = Owner(row, path, parent.cells, record)
    _note_cells(owner, path)
    if by and all(column in record.values for column in by):
        _once(record, owner, owners, tuple(record.values[column] for column in by), problems)


def _note_cells(owner: Owner, path: str) -> None:
    cells, record = owner.cells, owner.record
    cells[path] = record.place
    for column, place in record.places.items():
        cells[f"{path}.{column}".removeprefix(".")] = place


def _wrong_categories(found: list[Record], codebook: Codebook, problems: list[Problem]) -> None:
    """A category beside an event type of another one: which of the two was meant is the coder's to say."""
    for record in found:
        given, code = record.values.get(CATEGORY), record.values.get("event_type")
        if given and code and code in codebook.event_types and codebook.root(code) != given:
            said = f"the category is {given}, but {code} belongs to {codebook.root(code)}"
            problems.append(
                record.problem("event_type", said, "choose the event type again, or clear the category")
            )
