"""The events of a dataset, each with the actors, documents, outlets and sources of its reports: what a row of event data holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from eventcode.codebook import crosswalk
from eventcode.codebook.crosswalk import Crosswalk
from eventcode.formats.export.losses import Losses
from eventcode.model import Codebook, Crossing

if TYPE_CHECKING:
    import pyarrow as pa

Row = Mapping[str, Any]
Tables = Mapping[str, "pa.Table"]
HAPPENED = ("occurred", "ongoing")
SHOWN = 4  # counterparts of a code that are named
NEEDED = (
    "events",
    "reports",
    "codings",
    "documents",
    "participants",
    "publishers",
    "actors",
    "support",
    "sources",
    "readings",
)


@dataclass(frozen=True, slots=True)
class Party:
    """An actor of an event: the name to show, its id and its country where it is on the list of actors."""

    name: str
    id: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """An event and what its reports say. `code` is the event type in the codebook that is written, or None.

    `own` are the values of an event whose codebook is the one that is written: what came from the producer's columns goes back to them.
    """

    event: Row
    code: str | None
    parties: Mapping[str, Sequence[Party]]
    reports: Sequence[Row]
    documents: Sequence[Row]
    outlets: Sequence[Row]
    sources: Sequence[Row]
    implied: Mapping[str, str] = field(default_factory=dict)
    own: Row = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The producer's own id where the event is one row of its file, else ours."""
        return str(self.own.get("report_key") or self.event["event_id"])

    def back(self, columns: Iterable[str], renamed: Mapping[str, str]) -> dict[str, Any]:
        """The columns that the producer's own values go back to; `renamed` says which fields are called otherwise there."""
        found = {name: self.own.get(renamed.get(name, name)) for name in columns}
        return {name: _listed(value) for name, value in found.items() if value not in (None, [])}


def _listed(value: Any) -> Any:
    if isinstance(value, list):
        return "; ".join(map(str, value))
    return value.isoformat() if isinstance(value, date) else value


def records(
    tables: Tables,
    codebook: Codebook,
    walk: Crosswalk | None,
    losses: Losses,
    *,
    only: Sequence[str] | None = HAPPENED,
) -> Iterator[Record]:
    """Every event that is written, in the order of the table; None for `walk` where the codebook is the one that is written.

    Events whose realis is not among `only` are left out and told: the other form would say that they happened. Where the codebook is
    the form's own, events without a realis are written.
    """
    gathered = _Gathered(tables, walk is None)
    translate = _translator(walk, codebook, losses)
    for event in tables["events"].to_pylist():
        realis = event.get("realis")
        unsaid = realis is None and (walk is None or "realis" not in event)
        if only is not None and realis not in only and not unsaid:
            losses.tell(
                "realis", "the whole event is left out: the form holds only what happened", realis or "empty"
            )
            continue
        code, implied = translate(event.get("event_type"))
        yield gathered.record(event, code, implied)


def with_events(tables: Tables) -> Tables:
    """The tables of an import, which has codings alone, with each of them as an event; others as they are."""
    if "events" in tables:
        return tables
    codings = tables["codings"]
    events = codings.append_column("event_id", codings["coding_id"])
    reports = _of_documents(events.append_column("report_key", codings["key"]), tables)
    return {**tables, "events": events.drop_columns(["coding_id", "reading_id", "key"]), "reports": reports}


def _of_documents(reports: pa.Table, tables: Tables) -> pa.Table:
    import pyarrow as pa

    homes = dict(
        zip(*(tables["readings"][name].to_pylist() for name in ("reading_id", "document_id")), strict=True)
    )
    found = [homes.get(reading) for reading in reports["reading_id"].to_pylist()]
    return reports.append_column("document_id", pa.array(found, pa.string()))


def _translator(
    walk: Crosswalk | None, codebook: Codebook, losses: Losses
) -> Callable[[str | None], tuple[str | None, Mapping[str, str]]]:
    """code → (code of the other codebook, fields that it implies there); what has no one counterpart is told and left empty."""

    @cache
    def leads(code: str) -> tuple[str | None, str, Mapping[str, str]]:
        assert walk is not None
        found, match = crosswalk.counterpart(walk, code)
        return found, match, crosswalk.implied(walk, code, found)

    def translate(code: str | None) -> tuple[str | None, Mapping[str, str]]:
        if code is None:
            return None, {}
        if walk is None:
            return (code if _known(code, codebook, losses) else None), {}
        if not _known(code, walk.source, losses):
            return None, {}
        found, match, implied = leads(code)
        if found is None:
            losses.tell("event_type", _why(walk.of(code), walk), code)
        elif match not in ("exact", "close"):
            losses.tell("event_type", f"only the broader {found} of {walk.target.id} holds it", code)
        return found, implied

    return translate


def _known(code: str, codebook: Codebook, losses: Losses) -> bool:
    if code not in codebook.event_types:
        losses.tell("event_type", "the codebook has no such code: left empty", code)
    return code in codebook.event_types


def _why(rows: Sequence[Crossing], walk: Crosswalk) -> str:
    codes = list(dict.fromkeys(str(row.target_code) for row in rows))
    if not codes:
        return f"{walk.target.id} has no counterpart: left empty"
    kind = "several counterparts" if len(codes) > 1 else "only a narrower or overlapping counterpart"
    more = f" and {len(codes) - SHOWN} more" if len(codes) > SHOWN else ""
    return f"{walk.target.id} has {kind} ({', '.join(codes[:SHOWN])}{more}): left empty, none is chosen"


class _Gathered:
    """The rows of the other tables by what leads to them from an event."""

    def __init__(self, tables: Tables, own: bool) -> None:
        self.own = own

        def rows(name: str) -> list[Row]:
            return tables[name].to_pylist() if name in tables else []

        self.reports = _by("event_id", rows("reports"))
        self.documents = {row["document_id"]: row for row in rows("documents")}
        self.participants = _by("coding_id", rows("participants"))
        self.actors = {row["actor_id"]: row for row in rows("actors")}
        self.support = _by("coding_id", rows("support"))
        self.sources = {row["source_id"]: row for row in rows("sources")}
        self.publishers: dict[str, Row] = {}
        for row in rows("publishers"):
            self.publishers.setdefault(row["publisher_id"], row)

    def record(self, event: Row, code: str | None, implied: Mapping[str, str]) -> Record:
        reports = self.reports.get(event["event_id"], [])
        documents = _once(
            self.documents[r["document_id"]] for r in reports if r["document_id"] in self.documents
        )
        codings = [report["coding_id"] for report in reports]
        told = [row for coding in codings for row in self.support.get(coding, [])]
        known = sorted({row["source_id"] for row in told} & self.sources.keys(), key=self._source_order)
        sources = [self.sources[source] for source in known]
        outlets = _once(self._outlet(document) for document in documents if document["publisher"])
        single = reports[0] if len(reports) == 1 else {}
        own = {**single, **{k: v for k, v in event.items() if v is not None}} if self.own else {}
        return Record(event, code, self._parties(codings), reports, documents, outlets, sources, implied, own)

    def _source_order(self, source: str) -> tuple[str, str]:
        return self.sources[source]["reading_id"], self.sources[source]["key"]

    def _outlet(self, document: Row) -> Row:
        publisher = document["publisher"]
        return self.publishers.get(
            publisher, {"publisher_id": publisher, "name": publisher, "outlet_scale": None}
        )

    def _parties(self, codings: Sequence[str]) -> dict[str, list[Party]]:
        found: dict[str, dict[tuple[Party, int | None], None]] = {}
        alone = self.own and len(codings) == 1  # whoever is named twice stands there twice again
        for coding in codings:
            for row in sorted(self.participants.get(coding, []), key=lambda row: row["position"] or 0):
                actor = self.actors.get(row["actor_id"], {})
                names = [actor.get("name") or row["actor_id"], row["name_as_printed"]]
                name = next(filter(None, reversed(names) if self.own else names), None)
                if name:
                    party = Party(name, row["actor_id"], actor.get("country"))
                    found.setdefault(row["role"], {})[party, row["position"] if alone else None] = None
        return {role: [party for party, _ in parties] for role, parties in found.items()}


def _by(column: str, rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row[column], []).append(row)
    return found


def _once(rows: Iterable[Row]) -> list[Row]:
    """Rows, each object once, in the order in which they came."""
    return [*{id(row) if "publisher_id" not in row else row["publisher_id"]: row for row in rows}.values()]
