"""Sources and support of readings, in a form that can be compared and in one that can be read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from eventcode import identity
from eventcode.adjudication import words
from eventcode.adjudication.cases import Case, Member
from eventcode.readings import Row

# What says nothing of the source itself: names that a reader gave, places in the text, and other sources by such names.
NAMING = ("source_name", "source_descriptor", "identity")
_OWN = ("key", "source", "evidence", "part_of", "via", "note")


def support(case: Case, member: Member) -> str:
    """A hash of who supports a coding and how, whatever the keys and the order."""
    sources = _sources(case.readers[member.letter].reading)
    rows = [[_bare(row), _name(sources.get(row["source"], {}))] for row in member.coding.get("support", ())]
    return identity.content_id(sorted(identity.content_id(row) for row in rows))


def all_of(case: Case, letter: str) -> str:
    """A hash of all the sources of a reading, and of how they support each group."""
    read = case.readers[letter]
    sources = sorted(identity.content_id(_bare(row)) for row in read.reading.get("sources", ()))
    told = [
        [support(case, member) for member in group.members if member.letter == letter]
        for group in case.groups
        if not group.decided or group.report is not None
    ]
    return identity.content_id([sources, told])


def shown(case: Case) -> dict[str, str]:
    """The sources of every reading by its letter, one a line. Of a source that all readings have only what they differ in is shown."""
    rows = {letter: read.reading.get("sources", ()) for letter, read in case.readers.items()}
    by_name: dict[str, list[Row]] = {}
    for row in (row for own in rows.values() for row in own):
        by_name.setdefault(_name(row), []).append(row)
    return {letter: _listed(own, by_name, len(rows)) for letter, own in rows.items()}


def _listed(own: Sequence[Row], by_name: Mapping[str, Sequence[Row]], readers: int) -> str:
    lines, alike = [], 0
    for row in own:
        others = by_name[_name(row)]
        columns = {column for other in others for column in other if column not in (*_OWN, *NAMING)}
        differing = {c for c in columns if any(other.get(c) != row.get(c) for other in others)}
        if len(others) != readers:
            lines.append(words.source(row))
        elif differing:
            said = {c: row.get(c, words.NOTHING) for c in sorted(differing)}
            lines.append(words.source({**{n: row[n] for n in NAMING if n in row}, "key": row["key"], **said}))
        else:
            alike += 1
    more = [f"{'and ' if lines else ''}{alike} that all readers have alike"] if alike else []
    return "\n".join([*lines, *more]) or words.NOTHING


def _name(row: Row) -> str:
    return " ".join(str(row.get(column, "")) for column in NAMING).casefold()


def shown_support(case: Case, member: Member) -> str:
    """The support of a coding, one row a line."""
    sources = _sources(case.readers[member.letter].reading)
    rows: Iterable[Row] = member.coding.get("support", ())
    return "\n".join(words.support(row, sources) for row in rows) or words.NOTHING


def _sources(reading: Row) -> dict[str, Row]:
    return {row["key"]: row for row in reading.get("sources", ())}


def _bare(row: Row) -> dict[str, Any]:
    return {name: sorted(v) if isinstance(v, list) else v for name, v in row.items() if name not in _OWN}
