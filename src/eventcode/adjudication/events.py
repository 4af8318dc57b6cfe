"""Reports to events: recorded links, and fields aggregated by the rules that the codebook declares.

An unlinked report is an event of its own, whose id is a hash of the report's key; a link to a report (`event: document/key`)
reuses that id. An event is `final` once somebody decided about the linking of its reports, else `candidate`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from eventcode import identity
from eventcode.model import Codebook, Field, Finding
from eventcode.readings import Row

EVENT_RELATIONS = ("sub_event", "campaign", "counter", "retaliation")


def event_id(document_id: str, report_key: str) -> str:
    """The id of the event that a report founds."""
    return identity.content_id(["event", document_id, report_key])


def resolve(
    reports: Sequence[Row], links: Sequence[Row], names: Mapping[str, str]
) -> tuple[dict[str, str], set[str], list[Finding]]:
    """(event id by report id, ids of events that somebody decided about, findings).

    `reports` have report_id, document_id and report_key; `names` gives a document's key by its id; a link says `report` and `event` as
    `document/key`, or an event id.
    """
    founded = {row["report_id"]: event_id(row["document_id"], row["report_key"]) for row in reports}
    known = {_name(row, names): row["report_id"] for row in reports}
    merged, direct, decided = _Merged(founded.values()), dict[str, str](), set[str]()
    findings: list[Finding] = []
    for link in links:
        if link["relation"] not in ("same_event", "unrelated"):
            continue
        report = known.get(link["report"])
        if report is None:
            message = f"a link names the report '{link['report']}', which is not there"
            findings.append(_finding("link-of-nothing", link["report"], message))
            continue
        if link["relation"] == "same_event":
            target = founded.get(known.get(link.get("event", ""), ""), link.get("event") or founded[report])
            if target not in merged.into:
                message = f"a link names the event '{target}', which no report founds"
                findings.append(_finding("link-of-nothing", link["report"], message))
                continue
            if merged.root(direct.setdefault(report, target)) != merged.root(target):
                message = f"report '{link['report']}' is linked to two events"
                findings.append(_finding("linked-twice", link["report"], message))
                continue
            merged.merge(founded[report], target)
        decided.add(report)
    events = {report: merged.root(event) for report, event in founded.items()}
    return events, {events[report] for report in decided}, findings


def _name(report: Row, names: Mapping[str, str]) -> str:
    """How a link names a report: `document/key`."""
    return f"{names.get(report['document_id'], report['document_id'])}/{report['report_key']}"


class _Merged:
    """Events that links made one: the same event as another is the same as all that are the same as that."""

    def __init__(self, events: Iterable[str]) -> None:
        self.into = {event: event for event in events}

    def root(self, event: str) -> str:
        """The event that stays."""
        while self.into[event] != event:
            event = self.into[event]
        return event

    def merge(self, event: str, target: str) -> None:
        """Let `event` be one with `target`, which stays."""
        self.into[self.root(event)] = self.root(target)


def link_rows(
    links: Sequence[Row], reports: Sequence[Row], names: Mapping[str, str], events: Mapping[str, str]
) -> tuple[list[Row], list[Row]]:
    """Rows of the tables `links` and `event_links`."""
    by_name = {_name(row, names): row for row in reports}
    now = {event_id(row["document_id"], row["report_key"]): events[row["report_id"]] for row in reports}

    def named(event: str | None) -> str | None:
        """The id of an event that a link names by a report or by its id, also where it is one with another by now."""
        report = by_name.get(event or "")
        return events[report["report_id"]] if report else now.get(event or "", event)

    same, between = [], []
    for link in links:
        report = by_name.get(link["report"])
        if report is None:
            continue
        about = {"relation": link["relation"], "by": link["by"], "reason": link["reason"]}
        if link["relation"] in EVENT_RELATIONS:
            other = named(link.get("other_event"))
            between.append({"event_id": events[report["report_id"]], "other_event_id": other, **about})
        else:
            event = named(link.get("event")) or events[report["report_id"]]
            place = {"document_id": report["document_id"], "report_key": report["report_key"]}
            same.append({"event_id": event, **place, **about})
    return same, between


def _finding(rule: str, key: str, message: str) -> Finding:
    return Finding(f"adjudication.{rule}", "error", "links", key, message, "correct links.jsonl", row=key)


def aggregate(codebook: Codebook, reports: Sequence[Row]) -> Row:
    """The fields of an event from those of its reports, by each field's declared aggregation; dates always as intervals."""
    found: Row = {}
    for field in codebook.fields_of("codings"):
        if field.aggregate != "none":
            way = "interval" if field.type == "date" else field.aggregate
            found |= _AGGREGATES[way](field, reports, codebook)
    return found


def _values(field: Field, reports: Sequence[Row]) -> list[Any]:
    return [row[field.name] for row in reports if row.get(field.name) is not None]


def _same(field: Field, reports: Sequence[Row], codebook: Codebook) -> Row:
    """The one value that all reports with a value give; else null, and every value in `<field>_contested`."""
    values = _values(field, reports)
    distinct = {tuple(sorted(v)) if isinstance(v, list) else v for v in values}
    if len(distinct) == 1:
        return {field.name: values[0]}
    return {field.name: None, f"{field.name}_contested": sorted(map(_text, distinct)) or None}


def _text(value: Any) -> str:
    """A contested value in the column that keeps all of them: of a set, its members."""
    return (
        "; ".join(value)
        if isinstance(value, tuple)
        else str(value).lower()
        if isinstance(value, bool)
        else str(value)
    )


def _most_specific(field: Field, reports: Sequence[Row], codebook: Codebook) -> Row:
    """As `same`, but a code agrees with one below it, and the lower one is taken."""
    values = list(dict.fromkeys(_values(field, reports)))
    if field.vocabulary == "event_type":
        above = {
            code for value in values if value in codebook.event_types for code in codebook.ancestors(value)
        }
        values = [value for value in values if value not in above]
    if len(values) == 1:
        return {field.name: values[0]}
    return {field.name: None, f"{field.name}_contested": sorted(values) or None}


def _union(field: Field, reports: Sequence[Row], codebook: Codebook) -> Row:
    values = sorted({item for value in _values(field, reports) for item in value})
    return {field.name: values or None}


def _range(field: Field, reports: Sequence[Row], codebook: Codebook) -> Row:
    """Lowest, highest, and the value itself only where all agree: contested numbers are never averaged."""
    values = _values(field, reports)
    if not values:
        return {}
    best = values[0] if len(set(values)) == 1 else None
    return {f"{field.name}_low": min(values), f"{field.name}_best": best, f"{field.name}_high": max(values)}


def _min(field: Field, reports: Sequence[Row], codebook: Codebook) -> Row:
    return {field.name: min(_values(field, reports), default=None)}


def _max(field: Field, reports: Sequence[Row], codebook: Codebook) -> Row:
    return {field.name: max(_values(field, reports), default=None)}


def _interval(field: Field, reports: Sequence[Row], codebook: Codebook) -> Row:
    """What all intervals have in common; where they have nothing in common, all of them together, as `contested`."""
    names = (f"{field.name}_start", f"{field.name}_end", f"{field.name}_precision")
    spans = list(
        dict.fromkeys(
            tuple(row.get(name) for name in names) for row in reports if row.get(names[2]) is not None
        )
    )
    if len(spans) <= 1:
        return dict(zip(names, spans[0], strict=True)) if spans else {}
    starts = [_day(start) for start, _, _ in spans]
    ends = [_day(end) for _, end, _ in spans]
    start, end = _latest(starts), _earliest(ends)
    if start and end and start > end:
        whole = (
            None if None in starts else min(day for day in starts if day),
            None if None in ends else max(day for day in ends if day),
        )
        return dict(zip(names, (*whole, "contested"), strict=True))
    exact = [span for span in spans if (_day(span[0]), _day(span[1])) == (start, end)]
    precision = exact[0][2] if exact else "interval" if start and end else "after" if start else "before"
    return dict(zip(names, (start, end, precision), strict=True))


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _latest(days: Sequence[date | None]) -> date | None:
    return max((day for day in days if day), default=None)


def _earliest(days: Sequence[date | None]) -> date | None:
    return min((day for day in days if day), default=None)


def _any(field: Field, reports: Sequence[Row], codebook: Codebook) -> Row:
    values = _values(field, reports)
    return {field.name: any(values) if values else None}


def _all(field: Field, reports: Sequence[Row], codebook: Codebook) -> Row:
    values = _values(field, reports)
    return {field.name: all(values) if values else None}


_AGGREGATES: dict[str, Callable[[Field, Sequence[Row], Codebook], Row]] = {
    "same": _same, "most_specific": _most_specific, "union": _union, "range": _range, "interval": _interval, "any": _any,
    "all": _all, "min": _min, "max": _max,
}  # fmt: skip
