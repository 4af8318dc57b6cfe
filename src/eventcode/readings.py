"""A reading as one JSON object, as rows of tables, and back.

The JSON object is what a line of a readings file holds (see docs/reading.md): keys are column names, an absent key is null, an empty
list is null. `normalise` expands what people may write in short (a date in EDTF, an absent position); `explode` lays a
reading out as rows with content-hash ids; `implode` is its inverse.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from eventcode import identity
from eventcode.canonical import (
    IDS as IDS,
)
from eventcode.canonical import (
    LISTS as LISTS,
)
from eventcode.canonical import (
    NOT_CONTENT as NOT_CONTENT,
)
from eventcode.canonical import (
    Row as Row,
)
from eventcode.canonical import (
    date_fields as date_fields,
)
from eventcode.canonical import (
    expand_dates as expand_dates,
)
from eventcode.canonical import (
    normalise as normalise,
)
from eventcode.canonical import (
    reading_id as reading_id,
)
from eventcode.model import Codebook, Place
from eventcode.tables import READING_TABLES, SOURCING, TABLES

HEAD = (
    "document",
    "coder",
    "codebook",
    "revision",
    "status",
    "coded_at",
    "sample_role",
    "inclusion_p",
    "note",
)
EVIDENCE = ("field", "start", "end", "salt", "quote_hash")
PARTICIPANT = ("role", "position", "actor_id", "actor_missing", "name_as_printed", "member_of")


@dataclass(frozen=True, slots=True)
class Coder:
    """Who coded: an id, a kind (`model.CODER_KINDS`) and the version of the person's training or of the machine.

    Coders that share a `voter` (runs of one model, models of one family) count as one where agreement is measured.
    """

    id: str
    kind: str
    version: str | None = None
    voter: str | None = None


@dataclass(slots=True)
class Rows:
    """Rows by table, where each stands (row id → place), and derived values that came with the input."""

    tables: dict[str, list[Row]] = field(default_factory=lambda: {name: [] for name in READING_TABLES})
    places: dict[str, Place] = field(default_factory=dict)
    given: list[tuple[str, str, str, Any]] = field(default_factory=list)

    def extend(self, other: Rows) -> None:
        """Add another reading's rows."""
        for name, rows in other.tables.items():
            self.tables.setdefault(name, []).extend(rows)
        self.places.update(other.places)
        self.given.extend(other.given)


def explode(
    reading: Row,
    document_id: str,
    coder: Coder,
    codebook: Codebook,
    place: Place = Place(),
    own: str | None = None,
) -> Rows:
    """A canonical reading as rows; its place is kept for every row.

    `own` is the id of a reading that was made under an earlier version of the codebook: that of the line as it was said.
    """
    rows = Rows()
    own = own or reading_id(reading, document_id)
    head = {
        key: reading[key] for key in HEAD if key in reading and key not in ("document", "coder", "codebook")
    }
    rows.tables["readings"].append(
        {
            "reading_id": own, "document_id": document_id, "coder_id": coder.id, "coder_kind": coder.kind,
            "coder_version": coder.version, "adopted_from": reading.get("adopted_from"), **head, **stamp(reading, codebook),
        }
    )  # fmt: skip
    rows.places[own] = place
    sources = {
        row["key"]: identity.child_id(own, "sources", f"sources/{row['key']}")
        for row in reading.get("sources", [])
    }
    for i, row in enumerate(reading.get("sources", [])):
        _source(rows, row, own, sources[row["key"]], Place(place.file, place.line, f"sources[{i}]"))
    for i, row in enumerate(reading.get("codings", [])):
        _coding(rows, row, own, sources, Place(place.file, place.line, f"codings[{i}]"))
    return rows


def stamp(reading: Mapping[str, Any], codebook: Codebook) -> Row:
    """The three columns that say under which codebook a row was made; the digest only where it is this very codebook."""
    name, _, version = str(reading.get("codebook", codebook.reference)).partition("@")
    same = f"{name}@{version}" == codebook.reference
    return {
        "codebook_id": name,
        "codebook_version": version,
        "codebook_digest": codebook.digest if same else None,
    }


def _source(rows: Rows, row: Row, reading: str, own: str, place: Place) -> None:
    rows.tables["sources"].append(
        {"source_id": own, "reading_id": reading, **_without(row, "evidence", *IDS)}
    )
    rows.places[own] = place
    _evidence(rows, row, own, place, source_id=own)


def _coding(rows: Rows, row: Row, reading: str, sources: Mapping[str, str], place: Place) -> None:
    own = identity.child_id(reading, "codings", f"codings/{row['key']}")
    values = _without(row, "evidence", "support", "participants", *IDS)
    rows.given += [("codings", own, name, values.pop(name)) for name in SOURCING if name in values]
    rows.tables["codings"].append({"coding_id": own, "reading_id": reading, **values})
    rows.places[own] = place
    for i, participant in enumerate(row.get("participants", [])):
        rows.tables["participants"].append({"coding_id": own, **participant})
        key = f"{own}/{participant['role']}/{participant['position']}"
        rows.places[key] = Place(place.file, place.line, f"{place.path}.participants[{i}]")
    for i, support in enumerate(row.get("support", [])):
        _support(rows, support, own, sources, Place(place.file, place.line, f"{place.path}.support[{i}]"), i)
    _evidence(rows, row, own, place, coding_id=own)


def _support(rows: Rows, row: Row, coding: str, sources: Mapping[str, str], place: Place, i: int) -> None:
    own = identity.child_id(coding, "support", f"support/{i}")
    values = _without(row, "evidence", "source", "party_to_event", *IDS)
    source = sources.get(row["source"], f"unknown:{row['source']}")
    rows.tables["support"].append({"support_id": own, "coding_id": coding, "source_id": source, **values})
    rows.places[own] = place
    if "party_to_event" in row:
        rows.given.append(("support", own, "party_to_event", row["party_to_event"]))
    _evidence(rows, row, own, place, support_id=own)


def _evidence(rows: Rows, row: Row, parent: str, place: Place, **owner: str) -> None:
    for i, evidence in enumerate(row.get("evidence", [])):
        own = identity.child_id(parent, "evidence", f"evidence/{i}")
        rows.tables["evidence"].append({"evidence_id": own, **owner, **_without(evidence, *IDS)})
        rows.places[own] = Place(place.file, place.line, f"{place.path}.evidence[{i}]")


def _without(row: Mapping[str, Any], *names: str) -> Row:
    return {key: value for key, value in row.items() if key not in names}


def implode(tables: Mapping[str, Sequence[Row]]) -> list[Row]:
    """The readings that rows of the reading tables came from, in the order of `readings`; `document` is the document's id."""
    children = {name: _grouped(tables.get(name, ())) for name in READING_TABLES[1:]}
    sources = {row["source_id"]: row["key"] for row in tables.get("sources", ())}
    return [_reading(row, children, sources) for row in tables["readings"]]


def _grouped(rows: Sequence[Row]) -> dict[tuple[str, Any], list[Row]]:
    """Rows by (parent column, parent id)."""
    groups: dict[tuple[str, Any], list[Row]] = {}
    for row in rows:
        owner = next(c for c in ("support_id", "source_id", "coding_id", "reading_id") if _owns(row, c))
        groups.setdefault((owner, row[owner]), []).append(row)
    return groups


def _owns(row: Row, column: str) -> bool:
    """Whether `column` names the row's parent: for support rows the coding, for evidence whichever is set."""
    if "evidence_id" in row:
        return row.get(column) is not None
    if "support_id" in row or "role" in row:
        return column == "coding_id"
    return column == "reading_id" and column in row


def _reading(
    row: Row, children: Mapping[str, Mapping[tuple[str, Any], list[Row]]], sources: Mapping[str, str]
) -> Row:
    def below(table: str, column: str, parent: str) -> list[Row]:
        return list(children[table].get((column, parent), ()))

    def evidence(column: str, parent: str) -> list[Row]:
        return [_pick(e, EVIDENCE) for e in below("evidence", column, parent)]

    own = row["reading_id"]
    reading = _pick(
        {**row, "document": row["document_id"], "coder": row["coder_id"]}, (*HEAD, "adopted_from")
    )
    reading["codebook"] = f"{row['codebook_id']}@{row['codebook_version']}"
    reading["sources"] = [
        _full(s, ("source_id", "reading_id")) | _some(evidence=evidence("source_id", s["source_id"]))
        for s in below("sources", "reading_id", own)
    ]
    reading["codings"] = [
        _full(c, ("coding_id", "reading_id"))
        | _some(
            participants=[_pick(p, PARTICIPANT) for p in below("participants", "coding_id", c["coding_id"])],
            support=[
                {"source": sources.get(s["source_id"], str(s["source_id"]).removeprefix("unknown:"))}
                | _full(s, ("support_id", "coding_id", "source_id", "party_to_event"))
                | _some(evidence=evidence("support_id", s["support_id"]))
                for s in below("support", "coding_id", c["coding_id"])
            ],
            evidence=evidence("coding_id", c["coding_id"]),
        )
        for c in below("codings", "reading_id", own)
    ]
    return _some(**reading)


def _pick(row: Mapping[str, Any], names: Iterable[str]) -> Row:
    return {name: _plain(row[name]) for name in names if row.get(name) is not None}


def _full(row: Mapping[str, Any], but: Sequence[str]) -> Row:
    return {
        name: _plain(value)
        for name, value in row.items()
        if name not in but and value is not None and value != []
    }


def _some(**values: Any) -> Row:
    return {name: value for name, value in values.items() if value is not None and value != []}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def row_key(table: str, row: Mapping[str, Any]) -> str:
    """The row's primary key as one string, as `Rows.places` uses it."""
    return "/".join(str(row.get(column)) for column in TABLES[table].key)
