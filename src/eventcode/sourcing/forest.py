"""Edges between the voices of a record, and the classes that they make (union-find)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from eventcode.sourcing.rows import Voice

_WHY = {
    "name": "both are called {words}",
    "body": "both give the account of {words}",
    "group": "both belong to one group: {words}",
    "relay": "both rest on what {words} told",
    "outlet": "both are anonymous, of {words}",
    "actor": "both are anonymous and of {words}",
    "affiliation": "both are anonymous and of the affiliation {words}, and neither has an actor",
    "some_actor": "both are anonymous and of the affiliation {words}, and one has no actor",
    "nobody": "both are anonymous, and nothing says whom they belong to",
    "elsewhere": "both are anonymous, and nothing says whom one of them belongs to",
    "copy": "{words}",
    "wire": "both pages go back to {words}",
    "publisher": "both are the own voice of {words}",
    "staff": "both are staff on the scene, and the publisher of one is not known",
    "page": "neither page names anybody, so that one may have it from the other",
}


@dataclass(frozen=True, slots=True)
class Edge:
    """Two sources (ids) that are one origin; an edge that is not `certain` joins at the least only.

    `reason` is a word of the table in `eventcode.sourcing.origins`; `why` says it in a sentence.
    """

    one: str
    other: str
    reason: str
    words: str
    certain: bool
    first: int = field(repr=False, compare=False)
    second: int = field(repr=False, compare=False)

    @property
    def why(self) -> str:
        """The reason in words."""
        said = _WHY[self.reason].format(words=self.words)
        return said if self.certain else f"{said}; it cannot be told, so at the least only"


class Forest:
    """Union-find over positions 0 … n − 1; the root of a class is its least position."""

    def __init__(self, size: int) -> None:
        self._parents = list(range(size))

    def root(self, position: int) -> int:
        """The least position of the class."""
        parents = self._parents
        while parents[position] != position:
            parents[position] = parents[parents[position]]
            position = parents[position]
        return position

    def join(self, edges: Iterable[Edge]) -> None:
        """Make one class of the two ends of every edge."""
        for edge in edges:
            one, other = sorted((self.root(edge.first), self.root(edge.second)))
            self._parents[other] = one

    def groups(self) -> list[list[int]]:
        """The classes, each in order, by their least position."""
        found: dict[int, list[int]] = {}
        for position in range(len(self._parents)):
            found.setdefault(self.root(position), []).append(position)
        return list(found.values())


def link(voices: Sequence[Voice], members: Sequence[tuple[int, str, str, bool]]) -> list[Edge]:
    """Edges from the first member (position, reason, words, certain) to each other: a star, not all pairs.

    Certain members come first, so that an edge is certain exactly if both of its ends are.
    """
    (first, reason, words, certain), *others = sorted(members, key=lambda member: (not member[3], member[0]))
    return [
        Edge(
            voices[first].id,
            voices[other].id,
            *_reason((reason, words), (why, said)),
            certain and sure,
            first,
            other,
        )
        for other, why, said, sure in others
        if other != first
    ]


def _reason(one: tuple[str, str], other: tuple[str, str]) -> tuple[str, str]:
    """The telling one of two reasons: a relay before a name, anything before "itself"."""
    return one if other[0] == "itself" or one[0] == "relay" else other
