"""Whether a source is a party to the event: its actors against the participants, by ties of that date."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from eventcode import dates
from eventcode.errors import CodebookError
from eventcode.model import ROLES, Actor, Relation
from eventcode.sourcing.rows import Plain, values

KIN = frozenset({"member_of", "part_of", "leads", "serves"})
PARTY = frozenset({*ROLES, "allied"})

When = tuple[date | None, date | None]


@dataclass(frozen=True, slots=True)
class Tie:
    """One actor's relation to another, with the first and last day on which it holds; None is open."""

    actor: str
    relation: str
    start: date | None
    end: date | None

    def holds(self, when: When) -> bool:
        """Whether it may hold on some day of the interval; so always where the interval is unknown."""
        start, end = when
        ended = self.end is not None and start is not None and start > self.end
        begins_later = self.start is not None and end is not None and end < self.start
        return not ended and not begins_later


@dataclass(frozen=True, slots=True)
class Circle:
    """What one actor is tied to.

    Its wholes (itself included) with their distance, the sponsors and coalitions of all these, and everything
    that can be reached upwards.
    """

    wholes: Mapping[str, int]
    sponsors: frozenset[str]
    coalitions: frozenset[str]
    reach: frozenset[str]


class Parties:
    """Derives `party_to_event`, decided in this order:

    1. own voice is `no`; a source with tenure former is `no`, whatever it was;
    2. a source without actors (`affiliation_actors`, `speaks_for`), or a record without participants, is
       `unknown`;
    3. `actor`, `recipient` or `about` where an actor of the source is the participant, a member of it or its
       whole, through member_of, part_of, leads and serves; with several, the nearest tie counts, then this
       order of roles;
    4. `allied` where one sponsors the other (or a member or whole of it), where both are members of one
       coalition, or where the participant is an unnamed member of a coalition to which the source belongs,
       and may be the source itself;
    5. `unknown` where the two are tied only through a third (organs of one state, clients of one sponsor),
       where a participant is missing, or where an actor is not in the list;
    6. else `no`.

    Being a member of an intergovernmental organization (actor kind igo) ties nobody to anybody. A tie counts
    if it may have held at the event date: on any day of the interval, and always where the date is unknown.
    """

    def __init__(self, actors: Mapping[str, Actor]) -> None:
        self._ties = {name: tuple(_ties(actor, actors)) for name, actor in actors.items()}
        self._dated = any(tie.start or tie.end for ties in self._ties.values() for tie in ties)
        self._circles: dict[tuple[str, When], Circle] = {}

    def of(self, source: Plain, participants: Iterable[Plain], coding: Plain) -> str:
        """The value for one source of a coding with these participants; the coding gives the date."""
        if source.get("identity") == "own_voice" or source.get("tenure") == "former":
            return "no"
        speaks_for = source.get("speaks_for")
        own = {*values(source.get("affiliation_actors")), *([speaks_for] if speaks_for else [])}
        rows = [row for row in participants if row.get("role") in ROLES]
        if not own or not rows:
            return "unknown"
        when = (_day(coding.get("date_start")), _day(coding.get("date_end")))
        verdicts = [verdict for row in rows for verdict in self._against(sorted(own), row, when)]
        return min(verdicts, default=(3, 0, 0, "no"))[3]

    def _against(self, own: list[str], row: Plain, when: When) -> Iterable[tuple[int, int, int, str]]:
        """Verdicts as (strength, distance, role, value), least first; nothing where there is no tie."""
        actor, coalition = row.get("actor_id"), row.get("member_of")
        if not actor and not coalition:
            yield 2, 0, 0, "unknown"
        for name in own:
            if actor:
                yield from self._verdict(name, actor, row["role"], when, False)
            if coalition:
                yield from self._verdict(name, coalition, row["role"], when, True)

    def _verdict(
        self, own: str, other: str, role: str, when: When, some_member: bool
    ) -> Iterable[tuple[int, int, int, str]]:
        mine, theirs = self._circle(own, when), self._circle(other, when)
        above = theirs.wholes.get(own)
        below = mine.wholes.get(other)
        if above is not None:
            yield 0, above + some_member, ROLES.index(role), role
        elif below is not None:
            yield (1, 0, 0, "allied") if some_member else (0, below, ROLES.index(role), role)
        elif self._allied(own, mine, other, theirs, when):
            yield 1, 0, 0, "allied"
        elif not mine.reach.isdisjoint(theirs.reach) or own not in self._ties or other not in self._ties:
            yield 2, 0, 0, "unknown"

    def _allied(self, own: str, mine: Circle, other: str, theirs: Circle, when: When) -> bool:
        if not mine.coalitions.isdisjoint(theirs.coalitions):
            return True
        return any(self._kin(own, sponsor, when) for sponsor in theirs.sponsors) or any(
            self._kin(other, sponsor, when) for sponsor in mine.sponsors
        )

    def _kin(self, one: str, other: str, when: When) -> bool:
        return other in self._circle(one, when).wholes or one in self._circle(other, when).wholes

    def _circle(self, actor: str, when: When) -> Circle:
        key = (actor, when if self._dated else (None, None))
        if key not in self._circles:
            self._circles[key] = self._look(actor, when)
        return self._circles[key]

    def _look(self, actor: str, when: When) -> Circle:
        wholes = self._climb(actor, when, KIN)
        near = [tie for name in wholes for tie in self._ties.get(name, ()) if tie.holds(when)]
        return Circle(
            wholes,
            frozenset(tie.actor for tie in near if tie.relation == "sponsored_by"),
            frozenset(tie.actor for tie in near if tie.relation == "member_of"),
            frozenset(self._climb(actor, when, KIN | {"sponsored_by"})),
        )

    def _climb(self, actor: str, when: When, relations: frozenset[str]) -> dict[str, int]:
        """Everything above `actor` by these relations, with the number of steps; rings do no harm."""
        found, layer = {actor: 0}, [actor]
        while layer:
            ties = [tie for name in layer for tie in self._ties.get(name, ()) if tie.relation in relations]
            layer = list(
                dict.fromkeys(tie.actor for tie in ties if tie.holds(when) and tie.actor not in found)
            )
            steps = max(found.values()) + 1
            found.update(dict.fromkeys(layer, steps))
        return found


def _ties(actor: Actor, actors: Mapping[str, Actor]) -> Iterable[Tie]:
    for relation in actor.parents:
        parent = actors.get(relation.actor)
        if relation.relation == "member_of" and parent is not None and parent.kind == "igo":
            continue
        start, end = _bound(actor, relation, "from"), _bound(actor, relation, "to")
        yield Tie(relation.actor, relation.relation, start, end)


def _bound(actor: Actor, relation: Relation, side: str) -> date | None:
    text = relation.valid_from if side == "from" else relation.valid_to
    if text is None:
        return None
    try:
        interval = dates.parse(str(text))
    except ValueError as error:
        raise CodebookError(
            f"actor {actor.id}, {relation.relation} {relation.actor}: `{side}`: {error}", hint=dates.HINT
        ) from error
    return interval.start if side == "from" else interval.end


def _day(value: Any) -> date | None:
    if isinstance(value, str):
        return date.fromisoformat(value[:10])
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else None
