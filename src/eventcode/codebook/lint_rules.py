"""What every rule of the linter is made of."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from eventcode.model import Codebook, Place

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that a lint rule objects to: its key in the table, what is wrong, where it stands."""

    key: str
    message: str
    place: Place = Place()
    hint: str = ""


Find = Callable[[Codebook], Iterator[Hit]]


@dataclass(frozen=True, slots=True)
class LintRule:
    """One line of the linter; `table` names what it looks at, `hint` is the remedy where a hit brings none of its own."""

    id: str
    severity: str
    table: str
    about: str
    hint: str
    find: Find


def plain(text: str) -> str:
    """A text without case, spaces of any kind and punctuation: what is alike here is a twin."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in folded if unicodedata.category(sign)[0] not in "ZPC")


def groups(things: Iterable[T], key: Callable[[T], Hashable | None]) -> Iterator[list[T]]:
    """The things that share a key with another, group by group; None is shared with nobody."""
    found: dict[Hashable, list[T]] = {}
    for thing in things:
        name = key(thing)
        if name is not None:
            found.setdefault(name, []).append(thing)
    yield from (group for group in found.values() if len(group) > 1)


def quoted(values: Iterable[object]) -> str:
    """`'a', 'b'` for messages."""
    return ", ".join(f"'{value}'" for value in values)
