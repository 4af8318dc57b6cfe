"""How alike two codings (or sources) are in what says which event (or source) they tell of, for many pairs at once.

Each class holds one identity field of all codings as arrays; `pairs(left, right)` compares the codings at the
indexes `left` (pairs,) with those at `right` and returns similarities from 0 to 1, NaN where one side gives
nothing that could be compared. All are symmetric. `mean` makes one number of several fields.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from eventcode.reliability.units import Integers, Numbers

EARTH = 6371.0  # mean radius in km
SITE = 2  # the deepest level of a place, after country and first-order unit
MEMBER = 0.5  # how alike a body and an unnamed member of it are, or two members of one body


class Component(Protocol):
    """An identity field of all codings."""

    def pairs(self, left: Integers, right: Integers) -> Numbers:
        """The similarity of each pair, NaN where it cannot be told."""
        ...


def mean(
    components: Mapping[str, Component], weights: Mapping[str, float], left: Integers, right: Integers
) -> Numbers:
    """The weighted mean over the fields that both sides of a pair give (Gower 1971, Biometrics 27: 857–871); NaN where there is none."""
    total, weight = np.zeros(len(left)), np.zeros(len(left))
    for name, component in components.items():
        if weights.get(name, 0) > 0:
            found = component.pairs(left, right)
            given = ~np.isnan(found)
            total += weights[name] * np.where(given, found, 0)
            weight += weights[name] * given
    return _ratio(total, weight, weight > 0)


@dataclass(frozen=True, slots=True, eq=False)
class Ragged:
    """A list of rows per coding: those of coding c are starts[c] to starts[c + 1], `starts` has one more number
    than there are codings."""

    starts: Integers

    @staticmethod
    def of(lists: Sequence[Sequence[object]]) -> Ragged:
        """The places of the elements of lists in one flat list."""
        return Ragged(np.concatenate([[0], np.cumsum([len(one) for one in lists], dtype=np.int64)]))

    def counts(self, at: Integers) -> Integers:
        """How many rows codings have."""
        return self.starts[at + 1] - self.starts[at]

    def products(self, left: Integers, right: Integers) -> tuple[Integers, Integers, Integers]:
        """Every row of the left coding with every row of the right one: (pair, left row, right row), ordered by
        pair and left row."""
        n, m = self.counts(left), self.counts(right)
        size = n * m
        pair = np.repeat(np.arange(len(left)), size)
        within = np.arange(len(pair)) - (np.cumsum(size) - size)[pair]
        i, j = np.divmod(within, m[pair])
        return pair, self.starts[left][pair] + i, self.starts[right][pair] + j


@dataclass(frozen=True, slots=True, eq=False)
class Spans:
    """Evidence: spans that do not overlap within a coding, in characters or tokens, the end not included.

    The similarity is Dice's coefficient of the characters or tokens covered (Dice 1945, Ecology 26: 297–302):
    2|A ∩ B| / (|A| + |B|).
    """

    ragged: Ragged
    start: Integers
    end: Integers

    def pairs(self, left: Integers, right: Integers) -> Numbers:
        pair, i, j = self.ragged.products(left, right)
        shared = np.minimum(self.end[i], self.end[j]) - np.maximum(self.start[i], self.start[j])
        both = _sums(pair, np.maximum(shared, 0), len(left))
        covered = np.concatenate([[0], np.cumsum(self.end - self.start)])[self.ragged.starts]
        length = np.diff(covered)
        return _dice(both, length[left], length[right])


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """A set of words (as numbers) per coding; the similarity is Dice's coefficient."""

    ragged: Ragged
    words: Integers

    def pairs(self, left: Integers, right: Integers) -> Numbers:
        pair, i, j = self.ragged.products(left, right)
        both = _sums(pair, self.words[i] == self.words[j], len(left))
        return _dice(both, self.ragged.counts(left), self.ragged.counts(right))


@dataclass(frozen=True, slots=True, eq=False)
class Either:
    """The larger of several similarities, of those that can be told."""

    components: tuple[Component, ...]

    def pairs(self, left: Integers, right: Integers) -> Numbers:
        found = np.full(len(left), np.nan)
        for component in self.components:
            found = np.fmax(found, component.pairs(left, right))
        return found


def _sums(group: Integers, values: NDArray[Any], n_groups: int) -> Numbers:
    return np.bincount(group, values, n_groups).astype(np.float64)


def _dice(both: Numbers, n: Integers, m: Integers) -> Numbers:
    return _ratio(2 * both, n + m, (n > 0) & (m > 0))


def _ratio(over: Numbers, under: NDArray[Any], known: NDArray[np.bool_]) -> Numbers:
    """over / under, NaN where it is not known."""
    found = np.full(len(over), np.nan)
    np.divide(over, under, out=found, where=known)
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Dates:
    """The days between which an act lies, as day numbers, ±inf on an open side, NaN on both where no date is given.

    exp(−|d| / τ), d the days between the two intervals, 0 where they meet.
    """

    start: Numbers
    end: Numbers
    tau: float

    def pairs(self, left: Integers, right: Integers) -> Numbers:
        gap = np.maximum(self.start[left] - self.end[right], self.start[right] - self.end[left])
        return np.exp(-np.maximum(gap, 0) / self.tau)


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Country, first-order unit and site as numbers (−1: not given), and coordinates in degrees (NaN: not given).

    `levels` (3, n) are country, admin1 and name of the site, `ids` the entry of a gazetteer and `gazetteers`
    which one it is of. Two places are as alike as nodes of a tree (Wu & Palmer 1994, ACL: 133–138, p. 136): 2 ·
    depth of what they share / (depth + depth), a country being 1 deep, a first-order unit 2, a site 3. Places
    share a level where both give it alike and differ in none above; the same entry of a gazetteer is the same
    site, two entries of one gazetteer are two sites. Where both have coordinates exp(−km / `kilometres`) counts
    instead if it is larger.
    """

    levels: Integers
    ids: Integers
    gazetteers: Integers
    lat: Numbers
    lon: Numbers
    kilometres: float

    def pairs(self, left: Integers, right: Integers) -> Numbers:
        one_gazetteer = (self.gazetteers[left] == self.gazetteers[right]) & (self.gazetteers[left] >= 0)
        same_entry = one_gazetteer & (self.ids[left] == self.ids[right])
        shared = np.zeros(len(left), dtype=np.int64)
        agree, comparable = np.ones(len(left), dtype=bool), one_gazetteer
        for level, values in enumerate(self.levels):
            one, other = values[left], values[right]
            known, equal = (one >= 0) & (other >= 0), one == other
            same = known & equal & ~one_gazetteer if level == SITE else known & equal
            shared[same & agree] = level + 1
            agree &= equal | ~known
            comparable = comparable | known
        shared[same_entry] = SITE + 1
        depth = self._depth()
        found = _ratio(2 * shared.astype(np.float64), depth[left] + depth[right], comparable)
        located = np.isfinite(self.lat) & np.isfinite(self.lon)
        given = np.flatnonzero(located[left] & located[right])
        near = np.exp(-self._distance(left[given], right[given]) / self.kilometres)
        found[given] = np.fmax(found[given], near)
        return found

    def _depth(self) -> Integers:
        given = self.levels >= 0
        given[SITE] |= self.ids >= 0
        depth: Integers = np.max(given * np.array([[1], [2], [3]]), axis=0)
        return depth

    def _distance(self, left: Integers, right: Integers) -> Numbers:
        """Kilometres along the great circle (haversine formula; Sinnott 1984, Sky and Telescope 68: 159)."""
        lat, lon = np.radians(self.lat), np.radians(self.lon)
        half = (
            np.sin((lat[left] - lat[right]) / 2) ** 2
            + np.cos(lat[left]) * np.cos(lat[right]) * np.sin((lon[left] - lon[right]) / 2) ** 2
        )
        distance: Numbers = 2 * EARTH * np.arcsin(np.sqrt(np.minimum(half, 1)))
        return distance


@dataclass(frozen=True, slots=True, eq=False)
class Participants:
    """The participants in one role: actor, printed name and the body that each is a member of, as numbers (−1:
    not given).

    Two participants are alike (1) where the actor is the same or, where not both have one, the printed name is;
    half alike where the one is a member of the other or both of one body; else not (0). Two sets are as alike
    as their participants are to their best counterparts on the other side, on average over both sets (the soft
    form of Dice's coefficient). Actors and bodies are numbered together.
    """

    ragged: Ragged
    actor: Integers
    name: Integers
    body: Integers

    def pairs(self, left: Integers, right: Integers) -> Numbers:
        pair, i, j = self.ragged.products(left, right)
        likeness, known = self._alike(i, j)
        best = np.zeros(len(left))
        for side in (i, j):
            group = pair * (len(self.actor) + 1) + side
            order = np.argsort(group, kind="stable")  # in linear time where it is in order, as it mostly is
            first = np.flatnonzero(np.diff(group[order], prepend=-1))
            if len(first):
                top = np.maximum.reduceat(likeness[order], first)
                best += np.bincount(pair[order[first]], top, len(left))
        count = self.ragged.counts(left) + self.ragged.counts(right)
        comparable = np.bincount(pair, known, len(left)) > 0
        return _ratio(best, count, comparable)

    def _alike(self, i: Integers, j: Integers) -> tuple[Numbers, Numbers]:
        """(likeness, 1 where the two give something that can be compared) of participants."""
        actor, other = self.actor[i], self.actor[j]
        actors = (actor >= 0) & (other >= 0)
        name, another = self.name[i], self.name[j]
        names = (name >= 0) & (another >= 0)
        likeness = ((actors & (actor == other)) | (~actors & names & (name == another))).astype(np.float64)
        known = actors | names
        if (self.body >= 0).any():
            body, second = self.body[i], self.body[j]
            for one, two in ((body, second), (body, other), (actor, second)):
                given = (one >= 0) & (two >= 0)
                known |= given
                likeness = np.maximum(likeness, MEMBER * (given & (one == two)))
        return likeness, known.astype(np.float64)
