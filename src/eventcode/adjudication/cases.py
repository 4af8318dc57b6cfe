"""A document that several coders read, as an adjudicator sees it: coders are letters, codings a letter and a number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from string import ascii_uppercase

from eventcode import identity
from eventcode.adjudication.adopt import DROPPED, Read
from eventcode.model import Codebook
from eventcode.readings import Row

REF = re.compile(r"[A-Z]+[0-9]+")


@dataclass(frozen=True, slots=True)
class Proposal:
    """Codings (`coder/key`) of one document that seem to tell one report.

    `intransitive` says that some of them are alike and others of them are not.
    """

    members: tuple[str, ...]
    intransitive: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    """A coding: its reader's letter, its number in that reading (from 1), who coded it, and what it says."""

    letter: str
    number: int
    coder: str
    coding: Row

    @property
    def ref(self) -> str:
        """What an adjudicator calls it: `A1`."""
        return f"{self.letter}{self.number}"

    @property
    def name(self) -> str:
        """What a decision calls it: `anna/e1`."""
        return f"{self.coder}/{self.coding['key']}"

    @property
    def start(self) -> int:
        """Where its first evidence stands in the text; after everything else where it has none."""
        return min((e["start"] for e in self.coding.get("evidence", ()) if "start" in e), default=1 << 60)


@dataclass(frozen=True, slots=True)
class Group:
    """Codings of one report: proposed, or decided (then with the key of the report; None where they were dropped)."""

    members: tuple[Member, ...]
    decided: bool = False
    report: str | None = None
    intransitive: bool = False

    @property
    def refs(self) -> tuple[str, ...]:
        """The references of its codings, in their order."""
        return tuple(member.ref for member in self.members)


@dataclass(frozen=True)
class Case:
    """What is known about one document: readings by letter, groups in the order of the text, what is decided.

    `state` is a hash of the readings: a file of questions written for other readings is not read back.
    """

    document_id: str
    name: str
    codebook: Codebook
    readers: Mapping[str, Read]
    groups: tuple[Group, ...]
    decisions: tuple[Row, ...]
    state: str

    @cached_property
    def members(self) -> dict[str, Member]:
        """Every coding by its reference."""
        return {
            member.ref: member for letter, read in self.readers.items() for member in _members(letter, read)
        }

    @cached_property
    def fields_decided(self) -> set[tuple[str, str]]:
        """(report, field) of every field decision."""
        return {(str(d.get("report")), str(d.get("field"))) for d in self.decisions if d["kind"] == "field"}

    @property
    def base(self) -> str | None:
        """The letter of the reader whose sources are taken; None where nobody decided and there are several."""
        named = [(d.get("from") or [""])[0] for d in self.decisions if d["kind"] == "sources"]
        of = {read.coder: letter for letter, read in self.readers.items()}
        found = [of[coder] for coder in named if coder in of]
        return found[0] if found else next(iter(self.readers)) if len(self.readers) == 1 else None


def letters() -> Iterable[str]:
    """A, B, …, Z, AA, AB, …"""
    yield from ascii_uppercase
    yield from ("".join(pair) for pair in product(ascii_uppercase, repeat=2))


def blind(document_id: str, coders: Iterable[str]) -> dict[str, str]:
    """Letter → coder, shuffled for each document anew: in the order of a hash of document and coder, and so the same every time."""
    shuffled = sorted(coders, key=lambda coder: identity.content_id(["blind", document_id, coder]))
    return dict(zip(letters(), shuffled, strict=False))


def case(
    document_id: str,
    name: str,
    reads: Sequence[Read],
    decisions: Iterable[Row],
    proposals: Iterable[Proposal],
    codebook: Codebook,
) -> Case:
    """A document with the current readings of its coders (those coded or with no event count), its decisions and proposed groups.

    Codings that are in a decided group are left out of the proposals; one that is in neither is a group of its own.
    """
    by_coder = {read.coder: read for read in reads if read.reading["status"] in ("coded", "no_event")}
    readers = {letter: by_coder[coder] for letter, coder in blind(document_id, by_coder).items()}
    named = {m.name: m for letter, read in readers.items() for m in _members(letter, read)}
    mine = tuple(row for row in decisions if row["document"] in (name, document_id))
    groups = [*_decided(mine, named)]
    taken = {member.ref for group in groups for member in group.members}
    for proposal in proposals:
        found = sorted((named[one] for one in proposal.members if one in named), key=_place)
        free = tuple(member for member in found if member.ref not in taken)
        if free:
            groups.append(Group(free, intransitive=proposal.intransitive and len(free) > 1))
            taken |= {member.ref for member in free}
    groups += [Group((member,)) for member in named.values() if member.ref not in taken]
    groups.sort(
        key=lambda group: (min(member.start for member in group.members), *map(_place, group.members))
    )
    state = identity.content_id([codebook.reference, *sorted(read.reading_id for read in readers.values())])
    return Case(document_id, name, codebook, readers, tuple(groups), mine, f"r{state[:11]}")


def _members(letter: str, read: Read) -> Iterable[Member]:
    for number, coding in enumerate(read.reading.get("codings", ()), 1):
        yield Member(letter, number, read.coder, coding)


def _place(member: Member) -> tuple[int, str, int]:
    return len(member.letter), member.letter, member.number


def _decided(decisions: Iterable[Row], named: Mapping[str, Member]) -> Iterable[Group]:
    for row in decisions:
        if row["kind"] == "group":
            members = tuple(named[name] for name in row.get("from", ()) if name in named)
            dropped = row.get("chosen") in DROPPED
            if members:
                report = None if dropped else row.get("report") or members[0].coding["key"]
                yield Group(members, True, report)
