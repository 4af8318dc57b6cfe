"""Foreign tables through a declarative map: `read_map` reads `map.yaml`, `apply` turns the rows of a file into ours.

Every column of the file is mapped, ignored by name with a reason, or refused; every value is mapped, explained as missing,
or becomes a problem. Nothing falls through to a default.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from eventcode import identity, readings
from eventcode.errors import DatasetError, Problem, refuse
from eventcode.formats import texts
from eventcode.formats.mapping_cells import PLACEHOLDER, Row, Slot, Texts, holds, slug
from eventcode.formats.mapping_read import KEYS, Entry, Mapping, read_map
from eventcode.model import Codebook, Place
from eventcode.shape import did_you_mean

__all__ = ["Imported", "Mapping", "apply", "read_map"]
SHOWN_ROWS = 4


@dataclass(slots=True)
class Imported:
    """What came out of a file: rows of `documents` and `publishers`, `links` as links.jsonl has them, `actors` as a codebook's
    list has them, and canonical readings.

    There is one reading per document, with one coding per row of the file. `places` says by lineage (`document`,
    `document/coder`, `document/coder/coding`, `document/coder/coding/role/position`) where in the file something stands;
    a place's line is that of the row: 1 for the first row of a Parquet file, 2 for that of a CSV file. `problems` are
    values that the map does not handle, each with its count and first rows; the values themselves are left out.
    """

    documents: list[Row] = field(default_factory=list)
    readings: list[tuple[Row, Place]] = field(default_factory=list)
    links: list[Row] = field(default_factory=list)
    publishers: list[Row] = field(default_factory=list)
    actors: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)


def apply(mapping: Mapping, raw_path: Path, codebook: Codebook) -> Imported:
    """The rows of a file (Parquet, CSV, TSV) as `mapping` has them.

    DatasetError where the file cannot be read, or its columns are not exactly those that the map names.
    """
    table = texts.read(raw_path)
    _same_columns(mapping, [*table.columns], raw_path.name)
    run = _Run(mapping, codebook, raw_path.name)
    for i, values in enumerate(zip(*table.columns.values(), strict=True)):
        run.row(dict(zip(table.columns, values, strict=True)), table.first_line + i)
    return run.finished()


def _same_columns(mapping: Mapping, found: list[str], file: str) -> None:
    absent = [column for column in mapping.columns if column not in found]
    unknown = [column for column in found if column not in mapping.lines]
    problems = [
        Problem(
            f"{file} has no column '{column}'",
            did_you_mean(column, unknown or found),
            mapping.name,
            mapping.lines[column],
        )
        for column in absent
    ]
    for column in unknown:
        guess = did_you_mean(column, absent)
        close = (
            guess if guess.startswith("did you mean") else "map it, or list it under ignore: with a reason"
        )
        problems.append(Problem(f"the column '{column}' is not in {mapping.name}", close, file, path=column))
    refuse(DatasetError, f"{file} does not fit {mapping.name}", problems)


class _Run:
    """One pass over a file: what has been made of the rows so far, and what could not be."""

    def __init__(self, mapping: Mapping, codebook: Codebook, file: str) -> None:
        self.map, self.codebook, self.file = mapping, codebook, file
        self.done = Imported()
        self.line = 0
        self.signals: dict[tuple[str, str, str], list[int]] = {}
        self.seen: dict[tuple[str, str], tuple[Row, int]] = {}
        self.readings: dict[str, Row] = {}
        self.events: dict[str, str] = {}
        self.known: dict[tuple[Any, ...], tuple[Row, list[tuple[str, str, str]]]] = {}

    def signal(self, column: str, wrong: str, remedy: str) -> None:
        self.signals.setdefault((column, wrong, remedy), []).append(self.line)

    def row(self, raw: dict[str, str | None], line: int) -> None:
        """Map one row of the file."""
        self.line = line
        self._cut(raw)
        self._only(raw)
        for table, entries in (("publishers", self.map.publishers), ("actors", self.map.actors)):
            for entry in entries:
                self._entity(table, entry, raw)
        document = self._document(raw)
        key = raw[self.map.coding_key]
        if document is None or not key:
            self.signal(
                self.map.coding_key if document else self.map.identity[0],
                "the row has no key",
                "mend the file",
            )
        elif self._once("codings", key, {"key": key}):
            self._coding(document, key, raw)
        else:
            self.signal(
                self.map.coding_key,
                f"the key '{key}' stands on another row too",
                "map a column that tells rows apart",
            )

    def finished(self) -> Imported:
        """Everything, with the readings in canonical form."""
        for key, reading in self.readings.items():
            if not reading["codings"]:  # its rows were refused
                continue
            canonical, problems = readings.normalise(reading, self.codebook)
            self.done.problems += problems
            self.done.readings.append((canonical, self.done.places[key]))
        self.done.problems += [self._problem(*signal, lines) for signal, lines in self.signals.items()]
        return self.done

    def _problem(self, column: str, wrong: str, remedy: str, lines: list[int]) -> Problem:
        first = ", ".join(map(str, lines[:SHOWN_ROWS])) + (" …" if len(lines) > SHOWN_ROWS else "")
        count = f"row {first}" if len(lines) == 1 else f"{len(lines):,} rows: {first}"
        return Problem(f"{wrong} ({count})", remedy, self.file, lines[0], column)

    def _cut(self, raw: dict[str, str | None]) -> None:
        """Add the pieces of the map's parts to a row, white space folded."""
        for part in self.map.parts:
            text = raw[part.column]
            text = part.rename.get(text, text) if text is not None else None
            match = part.pattern.fullmatch(text) if text else None
            if text and not match:
                self.signal(
                    part.column,
                    f"'{text}' does not fit the part '{part.name}'",
                    "widen its pattern, or rename the text",
                )
            for group in part.pattern.groupindex:
                piece = match[group] if match else None
                raw[f"{part.name}.{group}"] = " ".join(piece.split()) if piece is not None else None

    def _only(self, raw: Texts) -> None:
        for column, ignored in self.map.ignored.items():
            if ignored.only is not None and raw[column] not in ignored.only:
                self.signal(
                    column, f"the ignored column holds '{raw[column]}'", "map it, or add the value to only:"
                )

    def _fill(self, slots: tuple[Slot, ...], raw: Texts) -> Row:
        """What the slots make of a row; the same texts are looked at once."""
        filled: Row = {}
        for slot in slots:
            key = (id(slot), *[raw[column] for column in slot.reads])
            if key not in self.known:
                told: list[tuple[str, str, str]] = []
                self.known[key] = (slot.fill(raw, lambda *signal, told=told: told.append(signal)), told)
            row, told = self.known[key]
            filled |= row
            for signal in told:
                self.signal(*signal)
        return filled

    def _once(self, table: str, key: str, row: Row) -> bool:
        """Whether a keyed row is new; one that differs from its namesake is signalled."""
        first, line = self.seen.setdefault((table, key), (row, self.line))
        for name in first.keys() | row.keys():
            if first.get(name) != row.get(name):
                told = (
                    f"{name} of {table} '{key}' is '{row.get(name)}', and '{first.get(name)}' on row {line}"
                )
                self.signal(name, told, "map a column that is the same throughout")
        return line == self.line and first is row

    def _entity(self, table: str, entry: Entry, raw: Texts) -> None:
        if not holds(entry.where, raw):
            return
        row = self._fill(entry.slots, raw)
        key = row.get(KEYS[table])
        if key is not None and self._once(table, key, row):
            rows = self.done.publishers if table == "publishers" else self.done.actors
            rows.append(row)

    def _document(self, raw: Texts) -> Row | None:
        """The document that a row belongs to, made at its first row."""
        parts = [raw[column] or "" for column in self.map.identity]
        if not any(parts):
            return None
        own = identity.reference_document_id(self.map.producer, "\t".join(parts))
        name = slug(PLACEHOLDER.sub(lambda match: raw[match[1]] or "", self.map.document_key))
        key = f"{name}-{own.removeprefix('ref:')[:8]}"
        row = {"document_id": own, "document_key": key, **self._fill(self.map.documents.slots, raw)}
        if self._once("documents", own, row):
            self.done.documents.append(row)
            self._reading(key)
        return row

    def _reading(self, document: str) -> None:
        head = f"{document}/{self.map.coder}"
        self.readings[head] = {
            "document": document, "coder": self.map.coder, "codebook": self.codebook.reference, "revision": 1,
            "status": "coded", "codings": [],
        }  # fmt: skip
        self.done.places[document] = self.done.places[head] = Place(self.file, self.line)

    def _coding(self, document: Row, key: str, raw: Texts) -> None:
        head = f"{document['document_key']}/{self.map.coder}"
        participants = list(self._participants(raw))
        coding = {"key": key, **self._fill(self.map.codings.slots, raw), "participants": participants}
        self.readings[head]["codings"].append(coding)
        place = Place(self.file, self.line)
        self.done.places[f"{head}/{key}"] = place
        self.done.places |= {f"{head}/{key}/{row['role']}/{row['position']}": place for row in participants}
        self._link(f"{document['document_key']}/{key}", raw)

    def _participants(self, raw: Texts) -> Iterator[Row]:
        taken: Counter[str] = Counter()
        for entry in self.map.participants:
            if holds(entry.where, raw):
                position = taken[entry.role] if entry.position is None else entry.position
                taken[entry.role] = position + 1
                yield {"role": entry.role, "position": position, **self._fill(entry.slots, raw)}
        for role, reason in self.map.open_roles.items():
            if role not in taken:
                yield {"role": role, "position": 0, "actor_missing": reason}

    def _link(self, report: str, raw: Texts) -> None:
        """Link a report (`document/key`) to the first one of the same event, and that one to itself."""
        if not self.map.link:
            return
        event = raw[self.map.link["event"]]
        if not event:
            self.signal(self.map.link["event"], "the row belongs to no event", "mend the file")
            return
        first = self.events.setdefault(event, report)
        why = {"by": self.map.coder, "reason": self.map.link["reason"]}
        self.done.links.append({"event": first, "report": report, "relation": "same_event", **why})
