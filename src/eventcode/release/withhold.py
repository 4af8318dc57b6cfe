"""Withholding: hiding at release the sources that the dataset card lists, so that nobody is put at risk.

A withheld source keeps its row, its identity and its descriptor (which is coded without names, and which an anonymous source must
have); its name goes, with the reason `withheld`. Its words go too: its own evidence, that of its support rows, and every other span of
the same document that overlaps one of these. The same source in the readings of other coders and in the adjudicated reading, found by
its name or by all its other fields, is withheld with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from eventcode.errors import Problem
from eventcode.release.evidence import located, reading_lineage

if TYPE_CHECKING:
    import pyarrow as pa

Row = dict[str, Any]
Tables = Mapping[str, "pa.Table"]
NEEDED = ("documents", "readings", "codings", "sources", "support", "evidence")
OWN = (
    "source_id",
    "reading_id",
    "key",
    "part_of",
    "part_of_basis",
)  # what the same source has of its own in each reading


@dataclass(frozen=True, slots=True)
class Name:
    """The name of a withheld source, with the lineage it was withheld under and what kind of source it is."""

    text: str
    lineage: str
    kind: str | None


@dataclass(frozen=True, slots=True)
class Withheld:
    """Tables without what is withheld; the names that must stand nowhere; how many sources; sources whose reading id can be guessed."""

    tables: dict[str, pa.Table]
    names: tuple[Name, ...] = ()
    sources: int = 0
    guessable: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def withhold(tables: Tables, wanted: Sequence[str]) -> Withheld:
    """Apply the card's list of lineages (`document/coder/key`); a lineage that is no source is a problem."""
    if not wanted:
        return Withheld({**tables})
    rows = {name: tables[name].to_pylist() for name in NEEDED}
    readings = {row["reading_id"]: row for row in rows["readings"]}
    lineages = _lineages(rows, readings)
    unknown = [lineage for lineage in wanted if lineage not in lineages.values()]
    placed = [row for row in rows["sources"] if row["source_id"] in lineages]
    chosen = [row for row in placed if lineages[row["source_id"]] in wanted]
    hidden = {row["source_id"]: lineages[row["source_id"]] for row in placed if _same(row, chosen, readings)}
    return Withheld(
        tables=_hiding(tables, hidden, _evidence_of(rows, {*hidden})),
        names=_names([*chosen, *_named(placed, hidden)], hidden),
        sources=len({*wanted}) - len({*unknown}),
        guessable=tuple(_guessable(rows, hidden)),
        problems=tuple(map(_unknown, unknown)),
    )


def _hiding(tables: Tables, hidden: Mapping[str, str], gone: set[str]) -> dict[str, pa.Table]:
    return {
        **tables,
        "sources": _masked(tables["sources"], hidden),
        "evidence": _without(tables["evidence"], "evidence_id", gone),
    }


def _names(sources: Iterable[Row], hidden: Mapping[str, str]) -> tuple[Name, ...]:
    """Every name once, under the first lineage that has it."""
    found: dict[tuple[str, ...], Name] = {}
    for row in _named(sources, hidden):
        name = Name(row["source_name"], hidden[row["source_id"]], row.get("source_kind"))
        found.setdefault(tuple(words(name.text)), name)
    return tuple(found.values())


def _lineages(rows: Mapping[str, Sequence[Row]], readings: Mapping[Any, Row]) -> dict[str, str]:
    documents = {row["document_id"]: row for row in rows["documents"]}
    return {
        row["source_id"]: f"{reading_lineage(readings[row['reading_id']], documents)}/{row['key']}"
        for row in rows["sources"]
        if row["reading_id"] in readings
    }


def _unknown(lineage: str) -> Problem:
    hint = (
        "write document/coder/key as in the readings; a slip here would publish what was promised not to be"
    )
    return Problem(
        f"withhold names '{lineage}', and there is no such source", hint, "dataset.yaml", path="withhold"
    )


def _same(row: Row, chosen: Iterable[Row], readings: Mapping[Any, Row]) -> bool:
    """Whether a source is one of the chosen: itself, or the same one in another reading of the same document."""
    return any(
        row["source_id"] == other["source_id"]
        or (_together(row, other, readings) and (_namesake(row, other) or _alike(row, other)))
        for other in chosen
    )


def _together(row: Row, other: Row, readings: Mapping[Any, Row]) -> bool:
    """Whether two sources are of the same document."""
    return bool(readings[row["reading_id"]]["document_id"] == readings[other["reading_id"]]["document_id"])


def _alike(row: Row, other: Row) -> bool:
    """Whether two readings tell of a source in the same way; within one reading two sources are two."""
    return row["reading_id"] != other["reading_id"] and all(
        row[name] == other[name] for name in row if name not in OWN
    )


def _namesake(row: Row, other: Row) -> bool:
    one, two = row.get("source_name"), other.get("source_name")
    return bool(one and two) and words(str(one)) == words(str(two))


def words(text: str) -> list[str]:
    """The words of a text without case and punctuation."""
    return re.findall(r"[^\W_]+", text.casefold())


def _named(sources: Iterable[Row], hidden: Mapping[str, str]) -> list[Row]:
    return [row for row in sources if row["source_id"] in hidden and row.get("source_name")]


def _evidence_of(rows: Mapping[str, Sequence[Row]], hidden: set[str]) -> set[str]:
    """Ids of the spans of the hidden sources and of every span that overlaps one of them."""
    told = {row["support_id"] for row in rows["support"] if row["source_id"] in hidden}
    spans = located(rows)
    own = [row for row in spans if row.get("source_id") in hidden or row.get("support_id") in told]
    return {row["evidence_id"] for row in spans if any(_overlap(row, other) for other in own)}


def _overlap(row: Row, other: Row) -> bool:
    return bool(
        row["document_id"] == other["document_id"]
        and row["start"] < other["end"]
        and other["start"] < row["end"]
    )


def _masked(table: pa.Table, hidden: Mapping[str, str]) -> pa.Table:
    """The sources with the names of the hidden ones replaced by their reason; those without a name stay as they are."""
    import pyarrow as pa

    ids = table.column("source_id").to_pylist()
    if "source_name" not in table.column_names:
        return table
    names = table.column("source_name").to_pylist()
    struck = [own in hidden and name is not None for own, name in zip(ids, names, strict=True)]
    new: dict[str, list[Any]] = {
        "source_name": [None if gone else name for gone, name in zip(struck, names, strict=True)]
    }
    if "source_name_missing" in table.column_names:
        reasons = table.column("source_name_missing").to_pylist()
        new["source_name_missing"] = [
            "withheld" if gone else old for gone, old in zip(struck, reasons, strict=True)
        ]
    for name, values in new.items():
        i = table.schema.get_field_index(name)
        table = table.set_column(i, table.schema.field(i), pa.array(values, table.schema.field(i).type))
    return table


def _without(table: pa.Table, key: str, gone: set[str]) -> pa.Table:
    import pyarrow as pa

    return table.filter(pa.array([value not in gone for value in table.column(key).to_pylist()], pa.bool_()))


def _guessable(rows: Mapping[str, Sequence[Row]], hidden: Mapping[str, str]) -> Iterable[str]:
    """Named hidden sources without a salted span: nothing secret stands between their reading's id, a hash, and a guess at the name."""
    told = {row["support_id"]: row["source_id"] for row in rows["support"]}
    salted = {
        row.get("source_id") or told.get(row.get("support_id")) for row in rows["evidence"] if row.get("salt")
    }
    return [
        hidden[row["source_id"]] for row in _named(rows["sources"], hidden) if row["source_id"] not in salted
    ]
