"""The sourcing columns of a record, and what every support row says of the source's part in the event."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from eventcode.sourcing.origins import VERSION, Origins, find
from eventcode.sourcing.party import PARTY, Parties
from eventcode.sourcing.rows import AFFIRMING, Actors, Index, Plain, Record, Row, Tables, values

ANONYMITY_STATED = frozenset({"stated_reason", "stated_no_reason"})


def derive(tables: Tables, records: Mapping[str, Sequence[str]], actors: Actors) -> dict[str, Row]:
    """The columns `tables.SOURCING` of every record, by record id; `records` gives the coding ids of each.

    Which rows count: every affirming row of the record does, those for one field too, since who answers for a
    part affirms the whole; a denial counts only if it denies the record (`field` null, event_type or realis),
    since who denies a part does not deny the whole. doubts and declines_comment count as support and as
    nothing else. A support row whose source is not in `sources` is left out; a document that is not in
    `documents` has neither publisher nor relation.

    * n_articles: documents that tell of the record, copies included; n_outlets: their known publishers, null
      if none is known;
    * n_sources: sources with an affirming row, per document, own voice included; of these n_named,
      n_anonymous_stated (asked for) and n_anonymous_unexplained (any other anonymous one); n_denying: sources
      with a row that denies the record;
    * contested: affirmed by one source or more, and denied by one or more;
    * identification, independence, distance: see the functions of these names.

    `actors` is a codebook or its actors by id, with whatever a dataset adds. KeyError for a coding that is
    not in the tables.
    """
    index = Index(tables, actors)
    parties = Parties(index.actors)
    return {name: columns(index, parties, index.record(codings)) for name, codings in records.items()}


def party_to_event(tables: Tables, actors: Actors) -> dict[str, str]:
    """`party_to_event` of every support row, by its id (see `eventcode.sourcing.party.Parties`)."""
    index = Index(tables, actors)
    parties = Parties(index.actors)
    rows = (row for rows in index.support.values() for row in rows)
    return {row["support_id"]: party(index, parties, row) for row in rows}


def origins(tables: Tables, codings: Sequence[str], actors: Actors) -> Origins:
    """The origins of the record that these codings make up, with the reason of every edge."""
    index = Index(tables, actors)
    return find(index, index.record(codings))


def party(index: Index, parties: Parties, row: Plain) -> str:
    """`party_to_event` of one support row; unknown where its source or coding is not in the tables."""
    source, coding = index.sources.get(row["source_id"]), index.codings.get(row["coding_id"])
    if source is None or coding is None:
        return "unknown"
    return parties.of(source, index.participants.get(row["coding_id"], ()), coding)


def columns(index: Index, parties: Parties, record: Record, found: Origins | None = None) -> Row:
    """The sourcing columns of one record, in the order of `tables.SOURCING`."""
    found = found or find(index, record)
    publishers = {index.outlet(row.get("publisher")) for row in record.documents} - {None}
    return {
        "origins_min": len(found.minimum),
        "origins_max": len(found.maximum),
        "origins_version": VERSION,
        "n_articles": len(record.documents),
        "n_outlets": len(publishers) or None,
        **_counts(record),
        "n_denying": len(record.denying),
        "contested": bool(record.voices and record.denying),
        "identification": identification(found),
        "independence": independence(found, record, _party_rows(index, parties, record)),
        "distance": distance(found, record),
    }


def _counts(record: Record) -> dict[str, int]:
    count = Counter(_column(voice.source) for voice in record.voices)
    names = ("n_named", "n_anonymous_stated", "n_anonymous_unexplained")
    return {"n_sources": len(record.voices), **{name: count[name] for name in names}}


def _column(source: Plain) -> str:
    if source.get("identity") != "anonymous":
        return f"n_{source.get('identity')}"
    return "n_anonymous_stated" if source.get("anonymity") in ANONYMITY_STATED else "n_anonymous_unexplained"


def _party_rows(index: Index, parties: Parties, record: Record) -> dict[str, set[str]]:
    """The values of `party_to_event` on the affirming rows of each source."""
    found: dict[str, set[str]] = {}
    for row in record.support:
        if row.get("stance") in AFFIRMING:
            found.setdefault(row["source_id"], set()).add(party(index, parties, row))
    return found


def identification(found: Origins) -> str:
    """none → own_voice_only → anonymous_only → mixed → one_named → several_named, of the least origins.

    An origin is named if any source in it is. On-scene staff beside other origins count as named: their
    outlet answers.
    """
    kinds = {origin.kind for origin in found.minimum}
    if not kinds:
        return "none"
    if kinds == {"own_voice"}:
        return "own_voice_only"
    if kinds == {"anonymous"}:
        return "anonymous_only"
    if "anonymous" in kinds:
        return "mixed"
    return "one_named" if len(found.minimum) == 1 else "several_named"


def independence(found: Origins, record: Record, rows: Mapping[str, set[str]]) -> str:
    """none → deniers_only → own_voice_only → party_only → one_outside → several_outside; else unknown.

    On the origins at the least. An origin is outside if all its affirming rows are `no`, a party's if any of
    them is a party's or an ally's, and open otherwise. Where open origins could change the value, it is
    unknown.
    """
    if not record.support:
        return "none"
    if not found.minimum:
        return "deniers_only"
    if all(origin.kind == "own_voice" for origin in found.minimum):
        return "own_voice_only"
    sides = Counter(_side(origin.sources, rows) for origin in found.minimum)
    least = _outside(sides["outside"])
    return least if least == _outside(sides["outside"] + sides["open"]) else "unknown"


def _side(sources: Sequence[str], rows: Mapping[str, set[str]]) -> str:
    found = set().union(*(rows[name] for name in sources))
    if found == {"no"}:
        return "outside"
    return "open" if found.isdisjoint(PARTY) else "party"


def _outside(count: int) -> str:
    return ("party_only", "one_outside", "several_outside")[min(count, 2)]


def distance(found: Origins, record: Record) -> str:
    """direct (a source of an origin has an empty via in an original) → relayed (all have a via) → unknown."""
    kept = {name for origin in found.minimum for name in origin.sources}
    voices = [voice for voice in record.voices if voice.id in kept]
    if any(not _via(v.source) and v.document.get("document_relation") == "original" for v in voices):
        return "direct"
    return "relayed" if voices and all(_via(voice.source) for voice in voices) else "unknown"


def _via(source: Plain) -> tuple[Any, ...]:
    return values(source.get("via"))
