"""What the command `eventcode sources RECORD` shows: the origins of a record and why they are so many."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from eventcode.sourcing.forest import Edge
from eventcode.sourcing.origins import Origin, Origins, find
from eventcode.sourcing.party import Parties
from eventcode.sourcing.rows import AFFIRMING, Actors, Index, Plain, Record, Row, Tables, denies, values
from eventcode.sourcing.summary import columns, party

WIDTH = 100


@dataclass(frozen=True, slots=True)
class Told:
    """One source of a record: its label, words and stances; `party` holds the values of its rows."""

    source_id: str
    label: str
    identity: str
    described: str
    via: tuple[str, ...]
    stances: tuple[str, ...]
    party: tuple[str, ...]
    affirms: bool
    denies: bool


@dataclass(frozen=True, slots=True)
class Explanation:
    """A record's sourcing columns, its origins, and its sources by id in order."""

    record: str
    columns: Row
    origins: Origins
    sources: dict[str, Told]


def explain(tables: Tables, record: str, codings: Sequence[str], actors: Actors) -> Explanation:
    """Why the record, made up of these codings, has the origins it has; KeyError for an unknown coding."""
    index = Index(tables, actors)
    parties = Parties(index.actors)
    rows = index.record(codings)
    found = find(index, rows)
    return Explanation(record, columns(index, parties, rows, found), found, _told(index, parties, rows))


def _told(index: Index, parties: Parties, record: Record) -> dict[str, Told]:
    rows: dict[str, list[Plain]] = {}
    for row in record.support:
        rows.setdefault(row["source_id"], []).append(row)
    several = len(record.documents) > 1
    told = [_source(index, parties, name, own, several) for name, own in rows.items()]
    return {one.source_id: one for one in sorted(told, key=_place)}


def _place(one: Told) -> tuple[str, int, str, str]:
    """By page, then by key: s2 before s10."""
    page, _, key = one.label.rpartition("/")
    return page, len(key), key, one.source_id


def _source(index: Index, parties: Parties, name: str, rows: Sequence[Plain], several: bool) -> Told:
    source = index.sources[name]
    document = index.readings[source["reading_id"]]
    page = index.documents.get(document, {}).get("document_key") or document
    stances = {_stance(row) for row in rows}
    affirming = [row for row in rows if row.get("stance") in AFFIRMING]
    return Told(
        source_id=name,
        label=f"{page}/{source.get('key')}" if several else str(source.get("key")),
        identity=str(source.get("identity")),
        described=_described(source),
        via=values(source.get("via")),
        stances=tuple(sorted(stances)),
        party=tuple(sorted({party(index, parties, row) for row in affirming or rows})),
        affirms=bool(affirming),
        denies=any(denies(row) for row in rows),
    )


def _stance(row: Plain) -> str:
    stance = str(row.get("stance"))
    return f"{stance} ({row['field']})" if row.get("field") else stance


def _described(source: Plain) -> str:
    if source.get("identity") == "own_voice":
        return "the page's own voice"
    name, words = source.get("source_name"), source.get("source_descriptor")
    if name:
        return f"{name}, {words}" if words else str(name)
    return f"“{words}”" if words else "no words given"


def render(explanation: Explanation) -> str:
    """The explanation as plain text of at most 100 columns, ending in a line feed."""
    return "\n".join(line.rstrip() for line in _lines(explanation)) + "\n"


def _lines(told: Explanation) -> Iterator[str]:
    row, found = told.columns, told.origins
    yield f"{told.record}: {_interval(row)} (method {row['origins_version']})"
    yield "  " + " · ".join(f"{name} {row[name]}" for name in ("identification", "independence", "distance"))
    yield f"  {_totals(row)}"
    reasons = _by_origin(found)
    for number, origin in enumerate(found.minimum, start=1):
        yield ""
        yield f"Origin {number}, {origin.kind.replace('_', ' ')}"
        yield from _members(told, origin.sources)
        yield from _reasons(told, reasons[number - 1])
    if row["origins_min"] < row["origins_max"]:
        yield from (
            "",
            f"At the most {_count(row['origins_max'], 'origin')}, if all that cannot be told is apart",
        )
        yield from (
            f"  {number}  {_names(told, origin)}" for number, origin in enumerate(found.maximum, start=1)
        )
    yield from _section(told, "Not counted: own voice, where there are other origins", found.left_out)
    yield from _section(told, "Denying", [name for name, one in told.sources.items() if one.denies])
    rest = [name for name, one in told.sources.items() if not one.affirms and not one.denies]
    yield from _section(told, "Neither affirming nor denying the record", rest)


def _by_origin(found: Origins) -> list[list[Edge]]:
    """The edges within each origin at the least; every edge lies within one."""
    home = {name: number for number, origin in enumerate(found.minimum) for name in origin.sources}
    edges: list[list[Edge]] = [[] for _ in found.minimum]
    for edge in found.edges:
        edges[home[edge.one]].append(edge)
    return edges


def _interval(row: Row) -> str:
    least, most = row["origins_min"], row["origins_max"]
    return _count(most, "origin") if least == most else f"{least} to {most} origins"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _totals(row: Row) -> str:
    outlets = _count(row["n_outlets"], "known outlet") if row["n_outlets"] else "no known outlet"
    start = (
        f"{_count(row['n_articles'], 'article')} · {outlets} · {_count(row['n_sources'], 'affirming source')}"
    )
    denying = f" · {row['n_denying']} denying" if row["n_denying"] else ""
    return start + denying + (" · contested" if row["contested"] else "")


def _section(told: Explanation, title: str, names: Sequence[str]) -> Iterator[str]:
    if names:
        yield from ("", title)
        yield from _members(told, names)


def _members(told: Explanation, names: Sequence[str]) -> Iterator[str]:
    wide = max(len(told.sources[name].label) for name in names)
    for name in names:
        one = told.sources[name]
        path = f"via {', '.join(one.via)}" if one.via else ""
        says = ", ".join(one.stances)
        identity = "" if one.identity == "own_voice" else one.identity
        parts = (one.described, identity, says, path, f"party: {', '.join(one.party)}")
        yield from _wrap(f"  {one.label:<{wide}}  ", " · ".join(part for part in parts if part))


def _reasons(told: Explanation, edges: Sequence[Edge]) -> Iterator[str]:
    for edge in edges:
        pair = f"{told.sources[edge.one].label} = {told.sources[edge.other].label}"
        yield from _wrap("    ", f"{pair}: {edge.why}")


def _wrap(start: str, text: str) -> list[str]:
    return textwrap.wrap(
        text, WIDTH, initial_indent=start, subsequent_indent=" " * (len(start) + 2), break_long_words=False
    )


def _names(told: Explanation, origin: Origin) -> str:
    return ", ".join(told.sources[name].label for name in origin.sources)
