"""The answer of one coder as a value that can be compared; None where there is none."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from datetime import date
from typing import Any

from eventcode.sourcing import normal_name

Row = Mapping[str, Any]
Value = Callable[[Row], Hashable | None]

NOTHING_SAID = ("not_coded", "withheld")  # reasons that are no statement about the text


def reason(row: Row, name: str) -> str | None:
    """Why the text gives no answer, if the coder says so."""
    told = row.get(f"{name}_missing")
    return None if told in NOTHING_SAID else told


def plain(name: str, form: Callable[[str], str] | None = None) -> Value:
    """The value as it is, or the reason for its absence; texts in the form in which they are compared."""

    def value(row: Row) -> Hashable | None:
        own: Hashable | None = row.get(name)
        return reason(row, name) if own is None else form(str(own)) if form else own

    return value


def number(name: str) -> Value:
    """A number; reasons have no place among numbers."""
    return lambda row: None if row.get(name) is None else float(row[name])


def ranked(name: str, values: Collection[Hashable]) -> Value:
    """A value that has a rank; those that say that there is no answer have none."""
    return lambda row: row.get(name) if row.get(name) in values else None


def several(name: str) -> Value:
    """A set, or the reason for its absence as its only member."""

    def value(row: Row) -> Hashable | None:
        own = row.get(name)
        told = reason(row, name)
        return frozenset(own) if own else frozenset({told}) if told else None

    return value


def day(name: str) -> Value:
    """The first day, as a number of days; None where the beginning is open."""

    def value(row: Row) -> Hashable | None:
        start = row.get(f"{name}_start")
        return None if start is None else date.fromisoformat(str(start)).toordinal()

    return value


def exact(name: str) -> Value:
    """First day, last day and precision in one; or the reason for their absence."""

    def value(row: Row) -> Hashable | None:
        precision = row.get(f"{name}_precision")
        if precision is None:
            return reason(row, name)
        return f"{row.get(f'{name}_start') or '..'}/{row.get(f'{name}_end') or '..'} ({precision})"

    return value


def stated(presence: str, name: str, absent: Sequence[str] = ()) -> Value:
    """Whether there is an answer (`stated`), or the reason or value that says why not."""

    def value(row: Row) -> Hashable | None:
        own = row.get(presence)
        return reason(row, name) if own is None else own if own in absent else "stated"

    return value


def place(row: Row) -> Hashable | None:
    """The place as a path from the country down, as far as it is known; or the reason for its absence."""
    last = row.get("place_id") or (normal_name(str(row["place_name"])) if row.get("place_name") else None)
    path = [row.get("country"), row.get("admin1"), last]
    while path and path[-1] is None:
        path.pop()
    if not path:
        told = reason(row, "place_name")
        return None if told is None else (told,)
    if row.get("place_precision") == "country" and path[0] is not None:
        path = path[:1]
    return tuple("?" if step is None else str(step) for step in path)


def participants(role: str) -> Value:
    """Who is in a role, as a set: the actor's id, else the name as printed, else the reason; empty where the coder sees nobody in it."""

    def value(row: Row) -> Hashable | None:
        return frozenset(_who(one) for one in row.get("participants", ()) if one.get("role") == role)

    return value


def _who(participant: Row) -> str:
    if participant.get("actor_id"):
        return str(participant["actor_id"])
    printed = participant.get("name_as_printed")
    return normal_name(str(printed)) if printed else str(participant.get("actor_missing"))


def stations(row: Row) -> Hashable | None:
    """Whom a source's words came through, as a set; keys of the reading's own sources are replaced by what these are called (`_names`).

    A source other than the page's own voice that came through nobody has the empty set: an answer, too.
    """
    if row.get("identity") == "own_voice":
        return None
    names = row.get("_names", {})
    return frozenset(normal_name(str(names.get(step, step))) for step in row.get("via", ()))


def called(source: Row) -> str:
    """What a source is called: by name, else by description, else by kind."""
    return str(source.get("source_name") or source.get("source_descriptor") or source.get("identity") or "")
