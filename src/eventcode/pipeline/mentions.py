"""GDELT's mentions held against its events: two files, and what each says of how much was told of an event."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from eventcode.checks.reasons import STAGE
from eventcode.checks.result import Result
from eventcode.codebook.load import load
from eventcode.formats.foreign import registry
from eventcode.model import Finding, Place, Rule, RuleCount

HINT = "look whether rows of the mentions stand twice, or the events are those of another update"
SHOWN = 1_000  # findings of a rule that are kept
COUNTED = re.compile("[0-9]{1,15}")


@dataclass(frozen=True, slots=True)
class Asked:
    """A rule: the column of the events that counts something, and what it counts among the mentions."""

    rule: str
    column: str
    what: str


ASKED = (
    Asked("gdelt.mentions-within-count", "NumMentions", "mentions"),
    Asked("gdelt.outlets-within-count", "NumSources", "outlets"),
    Asked("gdelt.documents-within-count", "NumArticles", "documents"),
)
RULES = tuple(
    Rule(
        asked.rule, "codings", "error", f"{asked.column} is less than the {asked.what} in the event's first update", HINT,
        field=asked.column, kind=STAGE,
    )
    for asked in ASKED
)  # fmt: skip


@dataclass(slots=True)
class Told:
    """What the mentions of an event's first update say of it."""

    mentions: int = 0
    outlets: set[str] = field(default_factory=set)
    documents: set[str] = field(default_factory=set)

    def count(self, what: str) -> int:
        """How many of something there are."""
        return self.mentions if what == "mentions" else len(getattr(self, what))


def compare(events: Path, mentions: Path) -> Result:
    """Hold the mentions of each event's first update against the counts in its row of the events.

    The counts are those of the update in which an event was first found, so only its mentions are counted; later ones, and events
    without a mention in the file, are left alone. There may be fewer mentions than counted, as the producers count several to a document,
    and never more. DatasetError where a file is none of GDELT.
    """
    told: dict[str, Told] = {}
    for row, _ in _rows(mentions, "gdelt-mentions"):
        if row["GLOBALEVENTID"] and row["EventTimeDate"] == row["MentionTimeDate"]:
            one = told.setdefault(row["GLOBALEVENTID"], Told())
            one.mentions += 1
            one.outlets.add(row["MentionSourceName"] or "")
            one.documents.add(row["MentionIdentifier"] or "")
    findings: dict[str, list[Finding]] = {asked.rule: [] for asked in ASKED}
    asked_of, failed, unknown = (dict.fromkeys(findings, 0) for _ in range(3))
    for row, line in _rows(events, "gdelt"):
        found = told.get(row["GLOBALEVENTID"] or "")
        if found is None:
            continue
        for asked in ASKED:
            counted, number = row[asked.column], found.count(asked.what)
            asked_of[asked.rule] += 1
            if counted is None or not COUNTED.fullmatch(counted):
                unknown[asked.rule] += 1
            elif number > int(counted):
                failed[asked.rule] += 1
                if failed[asked.rule] <= SHOWN:
                    findings[asked.rule].append(_finding(asked, row, number, Place(events.name, line)))
    counts = tuple(
        RuleCount(
            rule,
            "error",
            "codings",
            asked_of[rule],
            asked_of[rule] - failed[rule] - unknown[rule],
            failed[rule],
            unknown[rule],
        )
        for rule in findings
    )
    return Result(tuple(one for of_rule in findings.values() for one in of_rule), counts)


def _finding(asked: Asked, row: dict[str, str | None], number: int, place: Place) -> Finding:
    event = row["GLOBALEVENTID"] or ""
    message = f"{asked.column} is {row[asked.column]}, and the first update has {number:,} {asked.what} of event {event}"
    return Finding(asked.rule, "error", "codings", event, message, HINT, field=asked.column, place=place)


def _rows(path: Path, form: str) -> Iterator[tuple[dict[str, str | None], int]]:
    """The rows of a file of GDELT, each with its line."""
    known = registry.format_of(form)
    table = registry.open_as(known, path, load(known.codebook)).table
    for batch in table.batches():
        for values, line in zip(batch.rows, batch.lines, strict=True):
            yield dict(zip(table.columns, values, strict=True)), line
