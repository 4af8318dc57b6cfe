"""The tables of a data card: events by type, and who told them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from eventcode.model import Codebook
from eventcode.release.card_facts import Facts, Rows
from eventcode.release.markdown import count, paragraph, share, table

QUESTIONS = {
    "identification": "Are those who affirm it named?",
    "independence": "Do they stand outside the event?",
    "distance": "Did the page have it from them directly?",
}


def types(facts: Facts) -> str:
    events = facts.rows("events", "event_type", "realis")
    if not events:
        return "There are no events in this folder."
    realis = [value for value in _values(facts, "realis") if any(row["realis"] == value for row in events)]
    reports = Counter(row["event_type"] for row in facts.rows("reports", "event_type"))
    rows = [
        row
        for code in facts.codebook.children(None)
        for row in _branch(facts, code.code, events, realis, reports)
    ]
    rows += _unsettled(events, realis, facts.codebook)
    header = ("code", "event type", "act", "events", "reports", *realis)
    note = (
        "Bold: the whole branch. `act` tells words (threats, pledges, talks) from deeds; the last columns say whether the "
        "act took place."
    )
    return f"{table(header, rows, right=range(3, len(header)))}\n\n{paragraph(note)}"


def _values(facts: Facts, vocabulary: str) -> Sequence[str]:
    found = facts.codebook.vocabularies.get(vocabulary)
    return found.values if found else ()


def _branch(
    facts: Facts, root: str, events: Rows, realis: Sequence[str], reports: Mapping[Any, int]
) -> Iterator[list[object]]:
    """The root's row, with the sums of its branch, and a row for each code in it that occurs."""
    codes = [root, *(kind.code for _, kind in facts.codebook.walk(root))]
    used = [code for code in codes if reports[code] or any(row["event_type"] == code for row in events)]
    if not used:
        return
    sums = _counts(
        [row for row in events if row["event_type"] in codes], realis, sum(reports[code] for code in codes)
    )
    kind = facts.codebook.event_types[root]
    yield [f"**{root}**", f"**{kind.label}**", kind.act, *sums]
    for code in used:
        kind = facts.codebook.event_types[code]
        label = f"{kind.label}, not further specified" if code == root else kind.label
        yield [
            code,
            label,
            kind.act,
            *_counts([row for row in events if row["event_type"] == code], realis, reports[code]),
        ]


def _counts(events: Rows, realis: Sequence[str], reports: int) -> list[object]:
    return [
        f"{len(events):,}",
        f"{reports:,}",
        *(f"{sum(row['realis'] == value for row in events):,}" for value in realis),
    ]


def _unsettled(events: Rows, realis: Sequence[str], codebook: Codebook) -> Iterator[list[object]]:
    """Events without a code of the codebook: their reports differ, or the code is strange to it."""
    open_ = [row for row in events if row["event_type"] is None]
    strange = [row for row in events if row["event_type"] not in (None, *codebook.event_types)]
    for sign, label, found in (("–", "the reports differ", open_), ("?", "not in the codebook", strange)):
        if found:
            total, _, *by_realis = _counts(found, realis, 0)
            yield [sign, label, "", total, "", *by_realis]


def sourcing(facts: Facts) -> str:
    events = facts.rows("events", "origins_min", "origins_max", *QUESTIONS)
    counted = [row for row in events if row["origins_min"] is not None]
    if not counted:
        return ""
    rows = [row for name in QUESTIONS for row in _answers(facts, name, counted)]
    alone = sum(row["origins_max"] == 1 for row in counted)
    maybe = sum(row["origins_min"] <= 1 < row["origins_max"] for row in counted)
    text = (
        f"Of {count(len(counted), 'event')}, {alone:,} rest on a single origin and {maybe:,} may do so: whether two "
        "anonymous sources are one often cannot be told, so origins are counted as an interval, `origins_min` to `origins_max`. "
        "Reprints and relays are no origins. All these columns are derived from `sources` and `support`, never typed."
    )
    parts = [
        paragraph(text),
        table(("question", "answer", "events", "share"), rows, right=(2, 3)),
        paragraph(_identities(facts)),
    ]
    return "\n\n".join(part for part in parts if part)


def _answers(facts: Facts, name: str, events: Rows) -> Iterator[Sequence[object]]:
    found = Counter(row[name] for row in events)
    vocabulary = facts.codebook.vocabularies.get(name)
    labels = {term.value: term.label for term in vocabulary.terms} if vocabulary else {}
    question = QUESTIONS[name]
    for value in [*labels, *sorted(str(v) for v in found if v not in labels)]:
        if found[value]:
            yield question, labels.get(value, value), f"{found[value]:,}", share(found[value], len(events))
            question = ""


def _identities(facts: Facts) -> str:
    final = {
        row["reading_id"]
        for row in facts.rows("readings", "reading_id", "coder_kind")
        if row["coder_kind"] == "adjudicated"
    }
    sources = [row for row in facts.rows("sources", "reading_id", "identity") if row["reading_id"] in final]
    vocabulary = facts.codebook.vocabularies.get("identity")
    labels = {term.value: term.label.lower() for term in vocabulary.terms} if vocabulary else {}
    found = Counter(row["identity"] for row in sources)
    told = [
        f"{found[value]:,} {labels.get(value, value)}"
        for value in [*labels, *(v for v in found if v not in labels)]
        if found[value]
    ]
    hidden = (
        f" The names and words of {count(facts.withheld, 'source')} are withheld to protect them."
        if facts.withheld
        else ""
    )
    return f"Sources in the adjudicated readings: {', '.join(told)}.{hidden}" if told else hidden.strip()
