"""The sourcing columns of every coder's codings, derived from that coder's own sources and support."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from eventcode import identity, sourcing
from eventcode.model import Codebook
from eventcode.readings import Coder, Row, Rows, explode

Readings = Mapping[tuple[int, int], Row]


def with_derived(
    readings: Readings, documents: Sequence[str], coders: Sequence[str], codebook: Codebook,
    known: Sequence[Row], publishers: Sequence[Row],
) -> dict[tuple[int, int], Row]:  # fmt: skip
    """The readings by (document, coder), with the derived columns in their codings and support rows.

    `documents` are ids by index; `known` and `publishers` are the rows of those tables, which the derivation looks up.
    """
    exploded = Rows()
    ids = {}
    for (document, coder), reading in readings.items():
        rows = explode(reading, documents[document], Coder(coders[coder], "person"), codebook)
        ids[document, coder] = rows.tables["readings"][0]["reading_id"]
        exploded.extend(rows)
    tables = {**exploded.tables, "documents": known, "publishers": publishers}
    records = {row["coding_id"]: [row["coding_id"]] for row in tables["codings"]}
    derived = sourcing.derive(tables, records, codebook.actors)
    party = sourcing.party_to_event(tables, codebook.actors)
    return {place: _filled(reading, ids[place], derived, party) for place, reading in readings.items()}


def _filled(reading: Row, own: str, derived: Mapping[str, Row], party: Mapping[str, str]) -> Row:
    codings = []
    for row in reading.get("codings", ()):
        coding = identity.child_id(own, "codings", f"codings/{row['key']}")
        support: list[dict[str, Any]] = [
            {**said, "party_to_event": party.get(identity.child_id(coding, "support", f"support/{i}"))}
            for i, said in enumerate(row.get("support", ()))
        ]
        codings.append({**row, **derived[coding], **({"support": support} if support else {})})
    return {**reading, "codings": codings} if codings else reading
