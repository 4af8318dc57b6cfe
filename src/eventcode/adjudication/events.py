"""Reports to events: recorded links, and fields aggregated by the rules that the codebook declares.

An unlinked report is an event of its own, whose id is a hash of the report's key; a link to a report (`event: document/key`)
reuses that id. Links are a set: the order of their lines changes neither events nor their ids. An event is `final` once somebody decided
about the linking of its reports, else `candidate`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from eventcode.adjudication import relations
from eventcode.adjudication.relations import EVENT_RELATIONS, Reports, event_id, is_about_reports
from eventcode.model import Codebook, Field, Finding
from eventcode.readings import Row

__all__ = ["EVENT_RELATIONS", "aggregate", "event_id", "link_rows", "resolve"]


def resolve(
    reports: Sequence[Row], links: Sequence[Row], names: Mapping[str, str]
) -> tuple[dict[str, str], set[str], list[Finding]]:
    """(event id by report id, ids of events that somebody decided about, findings).

    `reports` have report_id, document_id and report_key; `names` gives a document's key by its id; a link says `report` and `event` as
    `document/key`, or an event id. The order of the links changes nothing. First the reports with one link are joined to what they name;
    of a report with several, all must name one event by then, or it is a finding and the first by name stands.
    """
    known = Reports(reports, names)
    findings = relations.unnamed(links, known)
    targets: dict[str, dict[str, set[str]]] = {}
    decided = set[str]()
    for link in links:
        report = known.report(link["report"])
        if report is None or not is_about_reports(link):
            continue
        target = known.event(link["event"]) if link.get("event") else report
        if target is None:
            continue
        decided.add(report)
        if link["relation"] == "same_event":
            targets.setdefault(report, {}).setdefault(target, set()).add(link["by"])
    merged = _Merged(known.founded.values())
    for report in sorted(targets, key=lambda report: (len(targets[report]) > 1, known.names[report])):
        told = sorted(targets[report], key=known.names.__getitem__)
        if len({merged.root(known.founded[target]) for target in told}) > 1:
            findings.append(
                relations.linked_twice(
                    known.names[report], {known.names[target]: targets[report][target] for target in told}
                )
            )
        merged.merge(known.founded[report], known.founded[told[0]])
    events = {report: merged.root(event) for report, event in known.founded.items()}
    findings += relations.conflicts(links, known, events)
    return events, {events[report] for report in decided}, findings


class _Merged:
    """Events that links made one: the same event as another is the same as all that are the same as that."""

    def __init__(self, events: Iterable[str]) -> None:
        self.into = {event: event for event in events}

    def root(self, event: str) -> str:
        """The event that stays."""
        into = self.into
        while into[event] != event:
            into[event] = event = into[into[event]]
        return event

    def merge(self, event: str, target: str) -> None:
        """Let `event` be one with `target`, which stays."""
        self.into[self.root(event)] = self.root(target)


def link_rows(
    links: Sequence[Row], reports: Sequence[Row], names: Mapping[str, str], events: Mapping[str, str]
) -> tuple[list[Row], list[Row]]:
    """Rows of the tables `links` and `event_links`, one for each key: what several links say of it is joined.

    Links that name nothing have no row; `resolve` finds them.
    """
    known = Reports(reports, names)
    same, between = dict[tuple[str, ...], list[Row]](), dict[tuple[str, ...], list[Row]]()
    for link in links:
        report = known.report(link["report"])
        if report is None or relations.unnamed([link], known):
            continue
        row = known.rows[report]
        if is_about_reports(link):
            event = events[known.event(link.get("event")) or report]
            same.setdefault((event, row["document_id"], row["report_key"]), []).append(link)
        elif link["relation"] in EVENT_RELATIONS:
            other = known.event(link["other_event"]) or report
            between.setdefault((events[report], events[other]), []).append(link)
    return (
        [
            {"event_id": event, "document_id": document, "report_key": key, **_joined(said)}
            for (event, document, key), said in same.items()
        ],
        [
            {"event_id": event, "other_event_id": other, **_joined(said)}
            for (event, other), said in between.items()
        ],
    )


def _joined(links: Sequence[Row]) -> Row:
    """What the links of one key say: the first relation by name, and who said it, and why."""
    relation = min(link["relation"] for link in links)
    said = [link for link in links if link["relation"] == relation]
    return {
        "relation": relation,
        "by": "; ".join(sorted({link["by"] for link in said})),
        "reason": "; ".join(dict.fromkeys(link["reason"] for link in said)),
    }


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
