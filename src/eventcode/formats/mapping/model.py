"""What a map says, once it has been read: which columns make a document, a coding and what hangs on it, and which are left out."""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Mapping as Pairs
from dataclasses import dataclass, field
from typing import Any

from eventcode.formats.mapping.cells import PLACEHOLDER, Where
from eventcode.formats.mapping.slots import Slot
from eventcode.formats.mapping.syntax import List, Part
from eventcode.formats.tabular.tables import AS_TOLD, Reading
from eventcode.model import EMPTY
from eventcode.tables import NUMBER

KEYS = {"actors": "id", "publishers": "publisher_id"}


@dataclass(frozen=True, slots=True)
class Ignored:
    """Why a column is left out and, if given, the only values that it may hold."""

    why: str
    only: tuple[str | None, ...] | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """Columns to fill from every row that meets `where`, or from every piece of the list `each` in it.

    Participants have a role and perhaps a position; sources have perhaps a template for their `key`, and what they support.
    """

    slots: tuple[Slot, ...]
    where: Where = ()
    role: str = ""
    position: int | None = None
    each: str | None = None
    key: str | None = None
    support: tuple[Slot, ...] | None = None


@dataclass(frozen=True)
class Mapping:
    """A map, read: what makes a document, what a coding, and what becomes of every column of the raw file (`file`).

    `name` is that of the map itself, `lines` has the line on which each column is first named. `optional` columns need not be there.
    `not_asked` names the rules that make no sense for the file (`*` stands for anything) and says why. `agree` fills columns of codings
    a second time, to be held against the first. `known` is the name of a map that comes with eventcode.
    """

    name: str
    file: str
    producer: str
    coder: str
    identity: tuple[str, ...]
    document_key: str
    documents: Entry
    coding_key: str
    codings: Entry
    participants: tuple[Entry, ...] = ()
    sources: tuple[Entry, ...] = ()
    open_roles: Pairs[str, str] = field(default_factory=lambda: EMPTY)
    link: Pairs[str, Any] = field(default_factory=lambda: EMPTY)
    link_where: Where = ()
    publishers: tuple[Entry, ...] = ()
    actors: tuple[Entry, ...] = ()
    parts: tuple[Part, ...] = ()
    lists: tuple[List, ...] = ()
    ignored: Pairs[str, Ignored] = field(default_factory=lambda: EMPTY)
    optional: frozenset[str] = frozenset()
    not_asked: Pairs[str, str] = field(default_factory=lambda: EMPTY)
    reading: Reading = AS_TOLD
    lines: Pairs[str, int | None] = field(default_factory=lambda: EMPTY, compare=False)
    agree: tuple[Slot, ...] = ()
    known: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that the map names, mapped or ignored."""
        return tuple(self.lines)

    @property
    def needed(self) -> tuple[str, ...]:
        """Every column that the file must have."""
        return tuple(column for column in self.lines if column not in self.optional)

    def amiss(self, found: Collection[str], *, sparse: bool) -> tuple[list[str], list[str]]:
        """The columns that a file should have and has not, and those that it has and the map does not name.

        In a `sparse` one any column may be absent.
        """
        there = set(found)
        absent = [] if sparse else [column for column in self.needed if column not in there]
        return absent, [column for column in found if column not in self.lines]

    @property
    def slots(self) -> list[Slot]:
        """Everything that the map may fill."""
        entries = (
            self.documents,
            self.codings,
            *self.participants,
            *self.sources,
            *self.publishers,
            *self.actors,
        )
        return [slot for entry in entries for slot in (*entry.slots, *(entry.support or ()))]

    @property
    def pieces(self) -> dict[str, str]:
        """The column of the file for every piece that is cut out of one."""
        cut = {name: part.column for part in self.parts for _, name in part.names}
        return cut | {f"{one.name}.{piece}": column for one in self.lists for piece, column, _ in one.columns}

    @property
    def numbers(self) -> tuple[str, ...]:
        """The columns of readings that hold numbers with decimals."""
        return tuple(dict.fromkeys(slot.name for slot in self.slots if slot.kind == NUMBER))

    @property
    def filled(self) -> frozenset[tuple[str, str]]:
        """(table, column) of everything that the map may fill."""
        return frozenset((slot.table, slot.name) for slot in self.slots)


def key_columns(key: str) -> list[str]:
    """The columns that the key of a coding is made of: those of a template, or the one that it is."""
    return PLACEHOLDER.findall(key) or [key]
