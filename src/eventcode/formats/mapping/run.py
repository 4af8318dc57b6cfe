"""Rows of a foreign file through a map: documents, codings and what hangs on them, as canonical readings."""

from __future__ import annotations

from collections.abc import Mapping as Pairs
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from eventcode import identity
from eventcode.errors import Problem
from eventcode.formats.mapping.cells import PLACEHOLDER, Row, holds, slug, template
from eventcode.formats.mapping.fill import Filler, Signals
from eventcode.formats.mapping.hanging import Hanging
from eventcode.formats.mapping.model import KEYS, Mapping, key_columns
from eventcode.formats.mapping.ready import Ready
from eventcode.formats.mapping.slots import differing
from eventcode.formats.tabular.tables import Batch
from eventcode.model import Codebook, Place


@dataclass(slots=True)
class Imported:
    """What came out of rows: `documents` and `publishers`, `links` as links.jsonl has them, `actors` as a codebook's
    list has them, and canonical readings.

    There is one reading per document, with one coding per row of the file. `places` says by lineage (`document`,
    `document/coder`, `document/coder/coding`, `document/coder/coding/role/position`) where in the file something stands: the line of a
    text, the row of anything else. Of a part of a file, `lines` has instead by reading (`document/coder`) the line of its document and
    those of its codings in turn, and `reports` the event, document and key of every report that is linked. `problems` are values that
    the map does not handle, each with its count and first rows; the values themselves are left out.
    """

    documents: list[Row] = field(default_factory=list)
    readings: list[tuple[Row, Place]] = field(default_factory=list)
    links: list[Row] = field(default_factory=list)
    publishers: list[Row] = field(default_factory=list)
    actors: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)
    lines: dict[str, list[int]] = field(default_factory=dict)
    reports: dict[str, tuple[str, str, str]] = field(default_factory=dict)


class Run:
    """A pass over a file: what has been made of the rows since the last `take`, and the signals of all rows.

    All rows of one document must come before the next `take`; publishers and actors are told apart over the whole pass. Where the file
    is not taken `whole`, a report is linked to its event by the producers' id (`Imported.reports`), not to the first
    report of the event, which may be gone; and `twice` has for lines whose key stands on an earlier one, which may be gone
    too, that line. `decimals` are columns in which all whole numbers of the file have a decimal point, which is taken off.
    """

    def __init__(
        self,
        mapping: Mapping,
        codebook: Codebook,
        file: str,
        columns: tuple[str, ...],
        *,
        whole: bool = True,
        twice: Pairs[int, int] | None = None,
        decimals: frozenset[str] = frozenset(),
    ) -> None:
        self.map, self.codebook, self.file = mapping, codebook, file
        self.whole, self.twice = whole, twice or {}
        self.signals, self.unheard = Signals(mapping.pieces), Signals()
        self.ready = Ready(mapping, columns, decimals, self.signals)
        self.hanging = Hanging(mapping, self.ready, self.signals)
        self.documents, self.codings = Filler(mapping.documents.slots), Filler(mapping.codings.slots)
        self.again = Filler(mapping.agree)
        self.entities = [
            (table, entry, Filler(entry.slots))
            for table, entries in (("publishers", mapping.publishers), ("actors", mapping.actors))
            for entry in entries
        ]
        self.key = key_columns(mapping.coding_key)
        self.key_template, self.template = template(mapping.coding_key), template(mapping.document_key)
        looked_at = [*mapping.identity, *PLACEHOLDER.findall(mapping.document_key)]
        looked_at += [column for slot in mapping.documents.slots for column in slot.reads]
        self.of_document = itemgetter(*dict.fromkeys(looked_at))
        self.last: tuple[Any, Row | None] = ((), None)
        self.done = Imported()
        self.seen: dict[tuple[str, str], tuple[Row, int]] = {}
        self.readings: dict[str, Row] = {}
        self.rows_of: dict[tuple[str, str], tuple[Row, int]] = {}
        self.sources: dict[str, dict[str, Row]] = {}
        self.events: dict[str, str] = {}

    def rows(self, batch: Batch) -> None:
        """Map the rows of a batch."""
        for values, line in zip(batch.rows, batch.lines, strict=True):
            self.signals.line = line
            self._row(self.ready.row(values))

    def _row(self, raw: Row) -> None:
        for table, entry, filler in self.entities:
            for one in self.ready.each(entry, raw):
                self._entity(table, filler, one)
        document = self._document(raw)
        key = self._key(raw)
        if document is None or not key:
            column = self.key[0] if document else self.map.identity[0]
            self.signals.add("key", column, "the row has no key", "mend the file")
        elif (first := self._first(key)) is None:
            self._coding(document, key, raw)
        else:
            told, remedy = f"the key '{key}' stands on row {first} too", "map a column that tells rows apart"
            self.signals.add("key", self.key[0], told, remedy)

    def _key(self, raw: Row) -> str | None:
        """The key of the row's coding; None where a part of it is not there."""
        if len(self.key) == 1 and self.key[0] == self.map.coding_key:
            own: str | None = raw[self.key[0]]
            return own
        if not all(raw[column] for column in self.key):
            return None
        return self.key_template(raw)

    def _first(self, key: str) -> int | None:
        """The line of the row that had the key of a coding before, if there is one."""
        if not self.whole:
            return self.twice.get(self.signals.line)
        return None if self._once("codings", key, {"key": key}) else self.rows_of["codings", key][1]

    def take(self) -> Imported:
        """What has been made since the last time; documents are forgotten then."""
        done, self.done = self.done, Imported()
        for key, reading in self.readings.items():
            if reading["codings"]:  # else its rows were refused
                told = self.sources.get(key)
                place = done.places[key] if self.whole else Place(self.file, done.lines[key][0])
                done.readings.append((reading | {"sources": [*told.values()]} if told else reading, place))
        self.readings.clear()
        self.sources.clear()
        self.rows_of.clear()
        self.last = ((), None)
        return done

    def _once(self, table: str, key: str, row: Row) -> bool:
        """Whether a keyed row is new; one that differs from its namesake is signalled."""
        seen = self.seen if table in KEYS else self.rows_of
        held = seen.get((table, key))
        if held is None:
            seen[table, key] = (row, self.signals.line)
            return True
        first, line = held
        if first is row:
            return False
        for name in first.keys() | row.keys():
            if first.get(name) != row.get(name):
                told = (
                    f"{name} of {table} '{key}' is '{row.get(name)}', and '{first.get(name)}' on row {line}"
                )
                self.signals.add("value", name, told, "map a column that is the same throughout")
        return False

    def _entity(self, table: str, filler: Filler, raw: Row) -> None:
        row = filler.fill(raw, self.signals)
        key = row.get(KEYS[table])
        if key is not None and self._once(table, key, row):
            rows = self.done.publishers if table == "publishers" else self.done.actors
            rows.append(row)

    def _document(self, raw: Row) -> Row | None:
        """The document that a row belongs to, made at its first row."""
        texts = self.of_document(raw)
        if texts == self.last[0]:
            return self.last[1]
        before = self.signals.total
        document = self._looked_up(raw)
        if self.signals.total == before:
            self.last = (texts, document)
        return document

    def _looked_up(self, raw: Row) -> Row | None:
        parts = [raw[column] or "" for column in self.map.identity]
        if not any(parts):
            return None
        own = identity.reference_document_id(self.map.producer, "\t".join(parts))
        name = slug(self.template(raw))
        key = f"{name}-{own.removeprefix('ref:')[:8]}"
        row = {"document_id": own, "document_key": key, **self.documents.fill(raw, self.signals)}
        if self._once("documents", own, row):
            self.done.documents.append(row)
            self._reading(key)
        return self.rows_of["documents", own][0]  # its first row, whose key stands

    def _reading(self, document: str) -> None:
        head = f"{document}/{self.map.coder}"
        self.readings[head] = {
            "document": document, "coder": self.map.coder, "codebook": self.codebook.reference, "revision": 1,
            "status": "coded", "codings": [],
        }  # fmt: skip
        if self.whole:
            self.done.places[document] = self.done.places[head] = Place(self.file, self.signals.line)
        else:
            self.done.lines[head] = [self.signals.line]

    def _coding(self, document: Row, key: str, raw: Row) -> None:
        head = f"{document['document_key']}/{self.map.coder}"
        coding = {"key": key, **self.codings.fill(raw, self.signals)}
        self._agree(coding, raw)
        participants = list(self.hanging.participants(raw))
        if participants:
            coding["participants"] = participants
        self._place(head, key, participants)
        if self.map.sources:
            support = list(self.hanging.support(self.sources.setdefault(head, {}), raw))
            if support:
                coding["support"] = support
        self.readings[head]["codings"].append(coding)
        self._link(document, key, raw)

    def _agree(self, coding: Row, raw: Row) -> None:
        """Hold what other columns say of a coding against it; where they say nothing that is known, they are not asked."""
        if not self.map.agree:
            return
        again = self.again.fill(raw, self.unheard)
        for slot in self.map.agree:
            first = differing(slot, coding, again)
            if first is not None:
                column = next(column for column in slot.reads if raw[column])
                told = f"'{raw[column]}' does not go with {slot.name}, which is {first}"
                self.signals.add("agree", column, told, "look up which of the two is right")

    def _place(self, head: str, key: str, participants: list[Row]) -> None:
        if not self.whole:
            self.done.lines[head].append(self.signals.line)
            return
        place = Place(self.file, self.signals.line)
        self.done.places[f"{head}/{key}"] = place
        for row in participants:
            self.done.places[f"{head}/{key}/{row['role']}/{row['position']}"] = place

    def _link(self, document: Row, key: str, raw: Row) -> None:
        """Link a report (`document/key`) to the first one of the same event, and that one to itself."""
        if not self.map.link or not holds(self.map.link_where, raw):
            return
        event = raw[self.map.link["event"]]
        if not event:
            self.signals.add("key", self.map.link["event"], "the row belongs to no event", "mend the file")
            return
        report = f"{document['document_key']}/{key}"
        if self.whole:
            first = self.events.setdefault(event, report)
        else:
            first = report
            self.done.reports[report] = (f"{self.map.producer}:{event}", document["document_id"], key)
        why = {"by": self.map.coder, "reason": self.map.link["reason"]}
        self.done.links.append({"event": first, "report": report, "relation": "same_event", **why})
