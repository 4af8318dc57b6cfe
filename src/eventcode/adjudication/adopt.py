"""The adjudicated reading of a document, computed from its readings and the decisions about them.

* A sole reading, or readings that agree in everything, are adopted as they are, and `adopted_from` says so.
* A `group` decision names the codings that tell one report (`from: [coder/key, …]`); the first gives the report its key, its evidence and
  whatever all agree on. `chosen: none` drops them: no event.
* A `field` decision takes one field, or one role of participants, from a coding (`from`) or as given (`chosen`).
  `field: support` takes the support rows of the codings in `from`.
* A `sources` decision takes one reading's sources, and its support for each group, whole.

What nobody decided is a finding, and the field stays empty: a guess never becomes a value.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from eventcode.adjudication import agree, told, values
from eventcode.model import Codebook, Finding, Place
from eventcode.readings import Coder, Row
from eventcode.shape import did_you_mean

ADJUDICATOR = Coder("adjudicated", "adjudicated")
DROPPED = ("none", "no_event")  # `chosen` of a group that is no report
HOW = "with `eventcode adjudicate NAME`"


@dataclass(frozen=True, slots=True)
class Read:
    """A coder's current reading of a document, canonical, with its id and place."""

    coder: str
    reading: Row
    reading_id: str
    place: Place = Place()


@dataclass(slots=True)
class Adjudicated:
    """The adjudicated reading (None where nobody coded) and what is still open."""

    reading: Row | None
    findings: list[Finding] = field(default_factory=list)


def adjudicate(
    document: str, name: str, reads: Sequence[Read], decisions: Sequence[Row], codebook: Codebook
) -> Adjudicated:
    """The adjudicated reading of one document, called `name` in messages, from the current readings of its coders."""
    usable = [
        read
        for read in sorted(reads, key=lambda r: r.coder)
        if read.reading["status"] in ("coded", "no_event")
    ]
    if not usable:
        return Adjudicated(None)
    mine = [row for row in decisions if row["document"] in (name, document)]
    if not mine and agree.whole([read.reading for read in usable]):
        return Adjudicated(_adopted(document, usable[0], codebook))
    return _Work(document, name, usable, mine, codebook).result()


def _head(document: str, codebook: Codebook, status: str) -> Row:
    return {
        "document": document, "coder": ADJUDICATOR.id, "codebook": codebook.reference, "revision": 1, "status": status,
    }  # fmt: skip


def _adopted(document: str, read: Read, codebook: Codebook) -> Row:
    reading = read.reading
    body: Row = {key: reading[key] for key in ("sources", "codings", "note") if key in reading}
    return {**_head(document, codebook, reading["status"]), "adopted_from": read.reading_id, **body}


@dataclass(slots=True)
class _Member:
    """A coding in a group, with who coded it."""

    read: Read
    coding: Row

    @property
    def name(self) -> str:
        return f"{self.read.coder}/{self.coding['key']}"


class _Work:
    """The decisions about one document, applied."""

    def __init__(
        self, document: str, name: str, reads: Sequence[Read], decisions: Sequence[Row], codebook: Codebook
    ) -> None:
        self.document, self.name, self.reads, self.codebook = document, name, reads, codebook
        self.decisions = decisions
        self.members = {
            member.name: member
            for read in reads
            for member in (_Member(read, coding) for coding in read.reading.get("codings", ()))
        }
        self.findings: list[Finding] = []
        self.borrowed: dict[str, Row] = {}
        self.base = self._sources_base()

    def result(self) -> Adjudicated:
        groups = list(self._groups())
        codings = [self._report(*group) for group in groups]
        self._ungrouped()
        self._of_no_report([key for key, _ in groups])
        sources = [*(self.base.reading.get("sources", []) if self.base else []), *self.borrowed.values()]
        status = "coded" if codings else "no_event"
        body = {"sources": told.used(sources, codings)} if sources else {}
        reading = {
            **_head(self.document, self.codebook, status),
            **body,
            **({"codings": codings} if codings else {}),
        }
        return Adjudicated(reading, self.findings)

    # ── which codings are one report ──────────────────────────────────────────────────────────────────────────────────

    def _kind(self, kind: str) -> Iterator[Row]:
        return (row for row in self.decisions if row["kind"] == kind)

    def _groups(self) -> Iterator[tuple[str, list[_Member]]]:
        """(report key, its codings) of every group that is kept."""
        keys: set[str] = set()
        grouped: set[str] = set()
        for decision in self._kind("group"):
            members = [self._member(name, decision) for name in decision.get("from", ())]
            found = [member for member in members if member is not None]
            for member in found:
                if member.name in grouped:
                    message, hint = f"coding {member.name} is in two groups", "leave it in one of them"
                    self._finding("grouped-twice", member.name, message, hint, member.read.place)
                grouped.add(member.name)
            if decision.get("chosen") in DROPPED or not found:
                continue
            key = decision.get("report") or found[0].coding["key"]
            if key in keys:
                self._finding(
                    "report-twice",
                    key,
                    f"two groups give the report key '{key}'",
                    "name one of them: report: …",
                )
                continue
            keys.add(key)
            yield key, found

    def _member(self, name: str, decision: Row) -> _Member | None:
        if name not in self.members:
            hint = f"there are: {', '.join(self.members) or 'none'}"
            self._finding(
                "decision-of-nothing", name, f"a decision names the coding '{name}', which is not there", hint
            )
        return self.members.get(name)

    def _ungrouped(self) -> None:
        named = {name for decision in self._kind("group") for name in decision.get("from", ())}
        for name, member in self.members.items():
            if name not in named:
                message = f"coding {name} ({member.coding.get('event_type')}) is in no group"
                hint = f"record a group decision {HOW}: which codings tell the same report, or `chosen: none`"
                self._finding("ungrouped", name, message, hint, member.read.place)

    def _of_no_report(self, keys: Sequence[str]) -> None:
        """Field decisions must be about a report that a group makes, and about a field or role that there is."""
        names = [*values.names(self.codebook), "support"]
        for decision in self._kind("field"):
            key, name = str(decision.get("report")), str(decision.get("field"))
            if key not in keys:
                message, hint = (
                    f"a decision names the report '{key}', which is not there",
                    did_you_mean(key, [*keys]),
                )
                self._finding("decision-of-nothing", key, message, hint or f"record a group decision {HOW}")
            elif name not in names:
                message = f"a decision names the field '{name}', which is not there"
                self._finding("decision-of-nothing", key, message, did_you_mean(name, names))

    # ── what the report says ──────────────────────────────────────────────────────────────────────────────────────────

    def _report(self, key: str, members: list[_Member]) -> Row:
        coding: Row = {"key": key}
        taken = {name: self._take(key, name, members, coding) for name in values.names(self.codebook)}
        evidence = [
            e
            for e in members[0].coding.get("evidence", ())
            if taken.get(e.get("field"), members[0]) is members[0]
        ]
        for name, member in taken.items():
            if member is not None and member is not members[0]:
                evidence += [e for e in member.coding.get("evidence", ()) if e.get("field") == name]
        parts = {"support": self._support(key, members), "evidence": evidence}
        return coding | {name: value for name, value in parts.items() if value}

    def _take(self, key: str, name: str, members: list[_Member], into: Row) -> _Member | None:
        """Put the value of one field or role into the report; the member it came from, None where it stays empty."""
        decision = self._decision(key, name)
        if decision is not None and "chosen" in decision:
            return self._chosen(key, name, decision["chosen"], members[0], into)
        source = members[0]
        if decision is not None:
            named = self._member((decision.get("from") or [""])[0], decision)
            if named is None:
                return None
            source = named
        elif values.differ(self.codebook, name, [m.coding for m in members]):
            shown = "; ".join(
                f"{m.name}: {values.shown(values.value(self.codebook, m.coding, name))}" for m in members
            )
            hint = f"record a field decision for {name} of {self.name}/{key} {HOW}"
            self._finding(
                "undecided", key, f"{name} is undecided ({shown})", hint, members[0].read.place, name
            )
            return None
        values.put(name, values.value(self.codebook, source.coding, name), into)
        return source

    def _chosen(self, key: str, name: str, chosen: Any, first: _Member, into: Row) -> _Member | None:
        try:
            values.put(name, values.given(self.codebook, name, chosen), into)
        except ValueError as error:
            message = f"the value chosen for {name} cannot be taken: {error}"
            self._finding("not-a-value", key, message, f"correct `chosen` of {name}", first.read.place, name)
            return None
        return first

    def _decision(self, key: str, name: str) -> Row | None:
        found = [row for row in self._kind("field") if row.get("report") == key and row.get("field") == name]
        return found[-1] if found else None

    # ── who told it ───────────────────────────────────────────────────────────────────────────────────────────────────

    def _sources_base(self) -> Read | None:
        for decision in self._kind("sources"):
            wanted = (decision.get("from") or [""])[0]
            for read in self.reads:
                if read.coder == wanted:
                    return read
            self._finding(
                "decision-of-nothing",
                wanted,
                f"a sources decision names '{wanted}', who has no reading",
                "correct `from`",
            )
        if len(self.reads) == 1:
            return self.reads[0]
        if not self._left():
            return None
        hint = f"record a sources decision {HOW}: whose sources and support are taken"
        self._finding(
            "sources-undecided",
            "sources",
            "nobody decided whose sources are taken",
            hint,
            self.reads[0].place,
        )
        return None

    def _left(self) -> bool:
        """Whether any coding becomes, or may become, a report."""
        dropped = {
            name
            for decision in self._kind("group")
            if decision.get("chosen") in DROPPED
            for name in decision.get("from", ())
        }
        return bool(self.members.keys() - dropped)

    def _support(self, key: str, members: list[_Member]) -> list[Row]:
        decision = self._decision(key, "support")
        if decision is None:
            return [dict(row) for m in members if m.read is self.base for row in m.coding.get("support", ())]
        named = (self._member(name, decision) for name in decision.get("from", ()))
        return [
            self._borrow(member, row)
            for member in named
            if member
            for row in member.coding.get("support", ())
        ]

    def _borrow(self, member: _Member, row: Row) -> Row:
        """A support row with its source; one from another reading brings the source along."""
        if member.read is self.base:
            return dict(row)
        sources, held = (read.reading.get("sources", ()) if read else () for read in (member.read, self.base))
        return told.borrow(member.read.coder, sources, row, held, self.borrowed)

    def _finding(
        self, rule: str, key: str, message: str, hint: str, place: Place = Place(), field: str | None = None
    ) -> None:
        lineage = f"{self.name}/{key}"
        found = Finding(
            f"adjudication.{rule}", "error", "decisions", lineage, message, hint, lineage, field, place
        )
        self.findings.append(found)
