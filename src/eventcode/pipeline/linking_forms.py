"""Candidates as rows that a person decides in: one for each report of a group, and one for each relation that may hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from eventcode.adjudication.linking_groups import Group, days
from eventcode.adjudication.linking_likeness import Likeness, Told
from eventcode.adjudication.linking_relations import Suggestion
from eventcode.adjudication.relations import EVENT_RELATIONS
from eventcode.model import Codebook
from eventcode.pipeline.assemble import Assembled
from eventcode.pipeline.linking import Linking
from eventcode.readings import Row

REPORTS, RELATIONS = "reports", "relations"
DECISIONS = {REPORTS: ("same_event", "unrelated"), RELATIONS: (*EVENT_RELATIONS, "unrelated")}
OTHER = {
    REPORTS: "event",
    RELATIONS: "other_event",
}  # the key of a link that names what the report is held against
ANSWERS = ("decision", "reason", "by")
WORDS = 400  # characters of a report's evidence that are shown


def groups(linking: Linking, by: str = "") -> list[Row]:
    """A row for each report of each group: first the anchor, then the others, each to be held against the anchor."""
    shown = Shown(linking.linked.assembled)
    return [
        row
        for number, group in enumerate(linking.groups, 1)
        for row in _group(number, group, shown, by, linking)
    ]


def _group(number: int, group: Group, shown: Shown, by: str, linking: Linking) -> Iterable[Row]:
    for member in group.members:
        row = {"group": number, "report": member.name, **shown.of(member)}
        if member is group.anchor:
            yield {**row, "contested": told_contested(group.contested)}
        elif member.event == group.anchor.event:
            yield {**row, "event": group.anchor.name, "likeness": "linked already"}
        else:
            pair = group.nearest(member)
            held = {"event": group.anchor.name, "likeness": round(pair.likeness.value, 2)}
            other = pair.other if pair.one is member else pair.one
            with_ = "" if other is group.anchor else f" (held against {other.name})"
            yield {
                **row,
                **held,
                "compared": told_likeness(pair.likeness) + with_,
                "decision": "",
                "reason": "",
                "by": by,
            }


def relations(linking: Linking, by: str = "") -> list[Row]:
    """A row for each relation that may hold, from `report` to `other_event`."""
    shown = Shown(linking.linked.assembled)
    return [
        {
            "report": one.one.name, "other_event": one.other.name, "suggested": one.relation, "why": one.why,
            "told": shown.short(one.one), "other_told": shown.short(one.other), "decision": "", "reason": "", "by": by,
        }
        for one in linking.suggestions
    ]  # fmt: skip


def listed(linking: Linking) -> list[Row]:
    """Groups and relations in one list: `suggested` is what may hold between `report` and `event`, and nothing is decided by it."""
    shown = Shown(linking.linked.assembled)
    rows = [{**row, "suggested": "same_event" if "decision" in row else ""} for row in groups(linking)]
    return [
        *rows,
        *(
            {
                "report": one.one.name,
                "event": one.other.name,
                "suggested": one.relation,
                **shown.of(one.one),
                "compared": one.why,
            }
            for one in linking.suggestions
        ),
    ]


class Shown:
    """What a report says, in words for a person."""

    def __init__(self, assembled: Assembled) -> None:
        self.codebook: Codebook = assembled.inputs.codebook
        self.documents = {row["document_id"]: row for row in assembled.rows["documents"]}
        self.texts = assembled.inputs.texts
        self.acting: dict[str, list[Row]] = {}
        for row in assembled.rows["participants"]:
            self.acting.setdefault(row["coding_id"], []).append(row)
        self.spans: dict[str, Row] = {}
        for row in assembled.rows["evidence"]:
            if row.get("coding_id") and row.get("field") == "event_type":
                self.spans.setdefault(row["coding_id"], row)

    def of(self, one: Told) -> Row:
        """The columns of a report: document, type, date, place, actors, recipients, words."""
        row = one.row
        return {
            "document": self.document(one), "event_type": self.code(one.code), "date": days(row), "place": place(row),
            "actor": self.actors(row, "actor"), "recipient": self.actors(row, "recipient"), "words": self.words(one),
        }  # fmt: skip

    def short(self, one: Told) -> str:
        """A report in one line."""
        row = one.row
        parts = (
            self.code(one.code),
            days(row),
            place(row),
            " → ".join(p for p in (self.actors(row, "actor"), self.actors(row, "recipient")) if p),
        )
        return "; ".join(part for part in parts if part)

    def code(self, code: str) -> str:
        """A code with its label."""
        kind = self.codebook.event_types.get(code)
        return f"{code} {kind.label}" if kind and kind.label != code else code

    def document(self, one: Told) -> str:
        """Who published the document of a report, and when."""
        row = self.documents.get(one.document, {})
        return ", ".join(str(part) for part in (row.get("publisher"), days(row, "published_at")) if part)

    def actors(self, row: Row, role: str) -> str:
        """Who has a role, by the names of the list, else as printed."""
        found = []
        for one in self.acting.get(row["coding_id"], ()):
            if one["role"] == role:
                actor = self.codebook.actors.get(one.get("actor_id") or "")
                found.append(actor.name if actor else one.get("actor_id") or one.get("name_as_printed") or "")
        return ", ".join(dict.fromkeys(name for name in found if name))

    def words(self, one: Told) -> str:
        """The words that justify the type, where the text is at hand."""
        span, text = self.spans.get(one.row["coding_id"]), self.texts.get(one.document)
        if span is None or text is None or None in (span.get("start"), span.get("end")):
            return ""
        found = " ".join(text[span["start"] : span["end"]].split())
        return found if len(found) <= WORDS else f"{found[:WORDS]}…"


def place(row: Row) -> str:
    """A place with what lies around it."""
    parts = (row.get("place_name") or row.get("place_id"), row.get("admin1"), row.get("country"))
    return ", ".join(dict.fromkeys(str(part) for part in parts if part))


def told_likeness(found: Likeness) -> str:
    """`agrees: date, place; near: event_type; not told by both: actor`."""
    parts = (
        ("agrees", found.agrees),
        ("near", found.near),
        ("differs", found.differs),
        ("not told by both", found.untold),
    )
    return "; ".join(f"{name}: {', '.join(fields)}" for name, fields in parts if fields)


def told_contested(contested: Mapping[str, Sequence[str]]) -> str:
    """`place_name (Kilo 40 | Kilo Forty)`."""
    return "; ".join(f"{name} ({' | '.join(values)})" for name, values in contested.items())


def plain(linking: Linking) -> dict[str, Any]:
    """All of it as plain values, for JSON."""
    shown = Shown(linking.linked.assembled)
    settings = linking.settings
    return {
        "dataset": linking.linked.dataset.name,
        "settings": {
            "days": settings.days, "km": settings.km, "minimum": settings.minimum, "window": settings.window,
        },
        "reports": len(linking.linked.reports),
        "compared": linking.compared,
        "left_out": linking.left_out,
        "groups": [
            {
                "group": number, "likeness": round(group.value, 3), "anchor": group.anchor.name,
                "reports": [
                    {"report": one.name, "event_id": one.event, **shown.of(one)} for one in group.members
                ],
                "pairs": [
                    {
                        "reports": [pair.one.name, pair.other.name], "likeness": round(pair.likeness.value, 3),
                        "fields": {name: round(value, 3) for name, value in pair.likeness.fields.items()},
                        "agrees": pair.likeness.agrees, "near": pair.likeness.near, "differs": pair.likeness.differs,
                        "untold": pair.likeness.untold,
                    }
                    for pair in group.pairs
                ],
                "contested": {name: list(values) for name, values in group.contested.items()},
            }
            for number, group in enumerate(linking.groups, 1)
        ],
        "relations": [_relation(one) for one in linking.suggestions],
    }  # fmt: skip


def _relation(one: Suggestion) -> Row:
    names = {"report": one.one.name, "other_event": one.other.name}
    return {**names, "suggested": one.relation, "why": one.why}
