"""How like two reports are: a weighted mean over what they say of type, date, place, actors and recipients.

What only one of them says is neither likeness nor difference: it counts as `UNTOLD`. What cannot be (days apart, another country, another
admin unit, out of distance, the blow and the answer on another day) makes two reports unlike altogether, whatever else agrees.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import asin, cos, exp, inf, radians, sin, sqrt

from eventcode.model import Codebook
from eventcode.readings import Row

EARTH = 6371.0088  # km, the mean radius
WEIGHTS: Mapping[str, float] = {"event_type": 1.0, "date": 3.0, "place": 3.0, "actor": 2.0, "recipient": 1.0}
UNTOLD = 0.4  # what a field counts for that one of the two does not say
ALIKE = 0.95  # from here on a field agrees
UNLIKE = 0.5  # below this it differs; between the two it is near


@dataclass(frozen=True, slots=True)
class Settings:
    """How far apart two reports may lie: `days` between their dates, `km` between their places, `minimum` of likeness; `window` bounds with
    how many others a report is compared within one block."""

    days: int = 3
    km: float = 25.0
    minimum: float = 0.5
    window: int = 40


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """A report, or an event, as it is held against others.

    `start` and `end` are days as numbers, infinite where open. `kin` holds the actors and recipients with the wholes that they belong to.
    """

    name: str
    document: str
    event: str
    code: str
    root: str
    start: float
    end: float
    country: str | None
    admin1: str | None
    place: str | None
    point: tuple[float, float] | None
    roles: Mapping[str, frozenset[str]]
    kin: Mapping[str, frozenset[str]]
    row: Row = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Likeness:
    """How like two reports are, from 0 to 1, and what of it each field makes; a field that one of them does not say is not in `fields`."""

    value: float
    fields: Mapping[str, float]

    @property
    def agrees(self) -> list[str]:
        """The fields that agree."""
        return [name for name, value in self.fields.items() if value >= ALIKE]

    @property
    def near(self) -> list[str]:
        """The fields that are alike and not the same."""
        return [name for name, value in self.fields.items() if UNLIKE <= value < ALIKE]

    @property
    def differs(self) -> list[str]:
        """The fields that differ."""
        return [name for name, value in self.fields.items() if value < UNLIKE]

    @property
    def untold(self) -> list[str]:
        """The fields that one of the two does not say."""
        return [name for name in WEIGHTS if name not in self.fields]


def likeness(one: Told, other: Told, settings: Settings, codebook: Codebook) -> Likeness | None:
    """How like two reports are; None where they cannot be one event."""
    if one.root != other.root:
        return None
    when = dates(one, other, settings.days)
    where = places(one, other, settings.km)
    if when == 0.0 or where == 0.0 or (gap(one, other) > 0 and roles_change(one, other)):
        return None
    found = {"event_type": types(one.code, other.code, codebook), "date": when, "place": where}
    found |= {role: actors(one, other, role) for role in ("actor", "recipient")}
    fields = {name: value for name, value in found.items() if value is not None}
    told = sum(WEIGHTS[name] * value for name, value in fields.items())
    untold = sum(weight for name, weight in WEIGHTS.items() if name not in fields)
    return Likeness((told + UNTOLD * untold) / sum(WEIGHTS.values()), fields)


def types(one: str, other: str, codebook: Codebook) -> float:
    """Twice the depth of what two codes have in common, by the sum of their depths (Wu and Palmer 1994, section 4.1)."""
    if one == other:
        return 1.0
    above, also = (*reversed(codebook.ancestors(one)), one), (*reversed(codebook.ancestors(other)), other)
    shared = sum(a == b for a, b in zip(above, also, strict=False))
    return 2 * shared / (len(above) + len(also))


def gap(one: Told, other: Told) -> float:
    """Days between two intervals; 0 where they overlap."""
    return max(0.0, one.start - other.end, other.start - one.end)


def dates(one: Told, other: Told, days: int) -> float | None:
    """1 for the same days, less the less two intervals have in common, exp(−gap/days) where they have nothing; 0 beyond `days`.

    None where one of them has no date. An interval that is open on a side has the days that the other one gives it.
    """
    if inf in (-one.start, -other.start) and inf in (one.end, other.end):
        return None
    apart = gap(one, other)
    if apart > days:
        return 0.0
    if apart > 0:
        return exp(-apart / days)
    shared = min(one.end, other.end) - max(one.start, other.start) + 1
    whole = max(one.end, other.end) - min(one.start, other.start) + 1
    return 0.6 + 0.4 * (shared / whole if whole < inf else 0.0)


def places(one: Told, other: Told, km: float) -> float | None:
    """By the finest level that both state: the place (its name, its coordinates), the admin unit, the country; 0 where they lie apart.

    Names of places are compared by their pairs of letters (Dice 1945), so that two spellings are near. None where no level is stated by
    both.
    """
    apart = None
    if one.country and other.country and one.country != other.country:
        return 0.0
    if one.point and other.point:
        apart = distance(one.point, other.point)
        if apart > km:
            return 0.0
    if one.place and other.place:
        named = 1.0 if one.place == other.place else dice(one.place, other.place)
        near = exp(-apart / km) if apart is not None else 0.0
        if max(named, near) >= UNLIKE:
            return max(named, near)
    if one.admin1 and other.admin1:
        if one.admin1 != other.admin1 and apart is None:
            return 0.0
        return 0.4 if one.place and other.place else 0.7
    if apart is not None:
        return max(0.4, exp(-apart / km))
    if one.place and other.place:
        return 0.1
    return 0.4 if one.country and other.country else None


def dice(one: str, other: str) -> float:
    """Twice the pairs of letters that two names share, by the sum of their pairs (Dice 1945, equation 1, on letter pairs)."""
    pairs, others = ([name[i : i + 2] for i in range(len(name) - 1)] for name in (one, other))
    shared = 0
    left = list(others)
    for pair in pairs:
        if pair in left:
            left.remove(pair)
            shared += 1
    return 2 * shared / (len(pairs) + len(others)) if pairs and others else 0.0


def distance(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Kilometres between two points (latitude, longitude) on a sphere, by the haversine (Sinnott 1984)."""
    (lat, lon), (lat2, lon2) = one, other
    h = sin(radians(lat2 - lat) / 2) ** 2
    h += cos(radians(lat)) * cos(radians(lat2)) * sin(radians(lon2 - lon) / 2) ** 2
    return 2 * EARTH * asin(sqrt(min(1.0, h)))


def actors(one: Told, other: Told, role: str) -> float | None:
    """Those whom both name, by the shorter of the two lists (the overlap coefficient: Szymkiewicz 1934, Simpson 1943).

    Half where nobody is named by both, and somebody is a part of somebody whom the other names. None where one of them names nobody.
    """
    mine, theirs = one.roles[role], other.roles[role]
    if not mine or not theirs:
        return None
    if mine & theirs:
        return len(mine & theirs) / min(len(mine), len(theirs))
    return 0.5 if mine & other.kin[role] or theirs & one.kin[role] else 0.0


def roles_change(one: Told, other: Told) -> bool:
    """Whether those who acted on others in the one are acted on by them in the other, and nobody has the same role in both."""
    keeps = any(one.roles[role] & other.roles[role] for role in ("actor", "recipient"))
    return not keeps and bool(
        one.kin["actor"] & other.kin["recipient"] and one.kin["recipient"] & other.kin["actor"]
    )


def wholes(codebook: Codebook, actors: Iterable[str]) -> frozenset[str]:
    """Actors, and everything that they are a part or a member of."""
    found, queue = set[str](), list(actors)
    while queue:
        actor = queue.pop()
        if actor not in found:
            found.add(actor)
            known = codebook.actors.get(actor)
            queue += [
                tie.actor
                for tie in (known.parents if known else ())
                if tie.relation in ("member_of", "part_of")
            ]
    return frozenset(found)
