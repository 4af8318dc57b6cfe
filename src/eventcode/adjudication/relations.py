"""What links say taken together: whether they name what is there, and whether they can all be true.

A link of reports says that two of them tell of one event (`same_event`) or do not (`unrelated`). A link of events is directed, from the
event of its `report` to `other_event`:

| relation | the event of the report |
|---|---|
| `sub_event` | is a part of the other event |
| `campaign` | belongs to the campaign that the other event began, or stands for |
| `counter` | is set against the other event, while that goes on |
| `retaliation` | answers the other event, after it |

`unrelated` with `other_event` says that two events do not hang together. Nothing is decided here: what cannot be true together is a
finding.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from eventcode import identity
from eventcode.model import Finding
from eventcode.readings import Row

EVENT_RELATIONS = ("sub_event", "campaign", "counter", "retaliation")
PARTS, ANSWERS = ("sub_event", "campaign"), ("counter", "retaliation")
Edges = dict[str, set[str]]


def event_id(document_id: str, report_key: str) -> str:
    """The id of the event that a report founds."""
    return identity.content_id(["event", document_id, report_key])


class Reports:
    """Reports by the two ways in which a link may name one: `document/key`, or the id of the event that it founds."""

    def __init__(self, reports: Iterable[Row], names: Mapping[str, str]) -> None:
        self.rows = {row["report_id"]: row for row in reports}
        self.names = {
            report: f"{names.get(row['document_id'], row['document_id'])}/{row['report_key']}"
            for report, row in self.rows.items()
        }
        self.founded = {
            report: event_id(row["document_id"], row["report_key"]) for report, row in self.rows.items()
        }
        self._by_name = {name: report for report, name in self.names.items()}
        self._by_event = {event: report for report, event in self.founded.items()}

    def report(self, name: str) -> str | None:
        """The id of the report of a name, or None."""
        return self._by_name.get(name)

    def event(self, name: str | None) -> str | None:
        """The id of the report that founds the event of a name, or None."""
        return self._by_name.get(name or "") or self._by_event.get(name or "")


def is_about_reports(link: Row) -> bool:
    """Whether a link says what a report tells of, and not how two events hang together."""
    return link["relation"] == "same_event" or (
        link["relation"] == "unrelated" and not link.get("other_event")
    )


def conflicts(links: Sequence[Row], known: Reports, events: Mapping[str, str]) -> list[Finding]:
    """Everything that cannot be true together, given the event of every report; links that name nothing are left out.

    The answer does not depend on the order of the links.
    """
    whole = sorted(
        (link for link in links if _named(link, known)),
        key=lambda link: (link["report"], link["relation"], _other(link), link["by"]),
    )
    between = [link for link in whole if not is_about_reports(link)]
    found = [*_contradicted(whole, known, events), *_between(between, known, events)]
    for relations, what in (
        (PARTS, "are parts of each other"),
        (ANSWERS, "answer each other"),
    ):
        found += _rings([link for link in between if link["relation"] in relations], known, events, what)
    return [*{(finding.rule, finding.row): finding for finding in reversed(found)}.values()][::-1]


def unnamed(links: Iterable[Row], known: Reports) -> list[Finding]:
    """Links of a report, or to an event, that is not there."""
    found = []
    for link in links:
        if known.report(link["report"]) is None:
            message = f"a link names the report '{link['report']}', which is not there"
            found.append(_finding("link-of-nothing", link["report"], message))
        elif not _named(link, known):
            other = _other(link)
            said = f"a link names the event '{other}', which no report founds"
            message = said if other else f"the {link['relation']} of '{link['report']}' names no other event"
            found.append(_finding("link-of-nothing", link["report"], message, other))
    return found


def linked_twice(report: str, targets: Mapping[str, Iterable[str]]) -> Finding:
    """A report that is said to tell of several events; `targets` holds who said so by event."""
    persons = [set(by) for by in targets.values()]
    if len(persons) > 1 and not set.intersection(*persons) and len(set.union(*persons)) > 1:
        said = ", ".join(f"{' and '.join(sorted(by))}: '{event}'" for event, by in sorted(targets.items()))
        return _finding("linkers-differ", report, f"report '{report}' is linked to two events ({said})")
    return _finding("linked-twice", report, f"report '{report}' is linked to two events")


def _other(link: Row) -> str:
    name = "event" if is_about_reports(link) else "other_event"
    return str(link.get(name) or "")


def _named(link: Row, known: Reports) -> bool:
    """Whether everything that a link names is there; an event may be left out where reports are linked."""
    other = _other(link)
    optional = is_about_reports(link) and not other
    return known.report(link["report"]) is not None and (optional or known.event(other) is not None)


# ── reports ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _contradicted(links: Sequence[Row], known: Reports, events: Mapping[str, str]) -> Iterator[Finding]:
    """Reports that are said to be unrelated, and are one event."""
    same = [link for link in links if link["relation"] == "same_event"]
    ties: Edges = {}
    for link in same:
        report, other = _ends(link, known)
        ties.setdefault(report, set()).add(other)
        ties.setdefault(other, set()).add(report)
    for link in links:
        if link["relation"] != "unrelated" or not is_about_reports(link):
            continue
        report, other = _ends(link, known)
        name = link["report"]
        if not link.get("event"):
            for said in same:
                ends = _ends(said, known)
                if ends[0] == report != ends[1]:
                    yield _both(link, said, name, known.names[ends[1]])
        elif report == other:
            yield _finding("unrelated-and-same", name, f"'{name}' is said to be unrelated to its own event")
        elif events[report] == events[other]:
            direct = [said for said in same if {*_ends(said, known)} == {report, other}]
            if direct:
                yield _both(link, direct[0], name, known.names[other])
            else:
                way = " – ".join(known.names[step] for step in _way(ties, report, other))
                message = (
                    f"'{name}' and '{known.names[other]}' are said to be unrelated, and are one event: {way}"
                )
                yield _finding("unrelated-and-same", name, message, known.names[other])


def _ends(link: Row, known: Reports) -> tuple[str, str]:
    """The report of a link and the one that founds its event; the report itself where no event is named."""
    report = known.report(link["report"])
    assert report is not None
    return report, known.event(_other(link)) or report


def _both(apart: Row, together: Row, report: str, other: str) -> Finding:
    """Two links of which one says that two reports are one event, and the other that they are not."""
    if apart["by"] == together["by"]:
        message = f"'{report}' and '{other}' are said to be one event, and to be unrelated"
        return _finding("unrelated-and-same", report, message, other)
    message = f"of '{report}' and '{other}' {together['by']} says that they are one event, {apart['by']} that they are not"
    return _finding("linkers-differ", report, message, other)


def _way(ties: Edges, start: str, end: str) -> list[str]:
    """The shortest way from one report to another along same_event links."""
    before = {start: start}
    queue = [start]
    for step in queue:
        if step == end:
            break
        for following in sorted(ties.get(step, ())):
            if following not in before:
                before[following] = step
                queue.append(following)
    way = [end]
    while way[-1] != start and way[-1] in before:
        way.append(before[way[-1]])
    return way[::-1]


# ── events ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _between(links: Sequence[Row], known: Reports, events: Mapping[str, str]) -> Iterator[Finding]:
    """Relations of an event to itself, two relations of one pair, answers that come before what they answer."""
    said: dict[frozenset[str], Row] = {}
    for link in links:
        report, other = _ends(link, known)
        name, target, relation = link["report"], known.names[other], link["relation"]
        if events[report] == events[other]:
            message = f"'{name}' is linked as {relation} to '{target}', and both are one event"
            yield _finding("related-to-itself", name, message, target)
            continue
        first = said.setdefault(frozenset((events[report], events[other])), link)
        if first["relation"] != relation:
            yield _two_relations(first, link, target)
        if relation in ANSWERS and _before(events[report], events[other], known, events):
            message = f"'{name}' is linked as {relation} to '{target}', and was over before that began"
            yield _finding("answer-before", name, message, target, "warning")


def _two_relations(first: Row, second: Row, other: str) -> Finding:
    report, both = second["report"], f"{first['relation']} and {second['relation']}"
    if first["by"] != second["by"]:
        message = f"the events of '{report}' and '{other}' are linked as {both}, by {first['by']} and {second['by']}"
        return _finding("linkers-differ", report, message, other)
    return _finding(
        "related-twice", report, f"the events of '{report}' and '{other}' are linked as {both}", other
    )


def _before(event: str, other: str, known: Reports, events: Mapping[str, str]) -> bool:
    """Whether an event was over, by what all its reports allow, before the other one began."""
    ends = [row.get("date_end") for report, row in known.rows.items() if events[report] == event]
    starts = [row.get("date_start") for report, row in known.rows.items() if events[report] == other]
    return None not in (*ends, *starts) and max(map(str, ends)) < min(map(str, starts))


def _rings(links: Sequence[Row], known: Reports, events: Mapping[str, str], what: str) -> Iterator[Finding]:
    """Events that follow from each other in a ring, one finding for each ring."""
    names: dict[str, str] = {}
    after: Edges = {}
    for link in links:
        report, other = _ends(link, known)
        start, end = events[report], events[other]
        if start != end:
            for event, one in ((start, report), (end, other)):
                names[event] = min(names.get(event, known.names[one]), known.names[one])
            after.setdefault(start, set()).add(end)
    left = _on_the_way(set(names), after)
    while left:
        ring = _ring(min(left, key=names.__getitem__), after, left, names)
        at = ring.index(min(ring, key=names.__getitem__))
        listed = [names[event] for event in (*ring[at:], *ring[:at], ring[at])]
        yield _finding("relation-ring", listed[0], f"events {what}: {' → '.join(listed)}")
        left = _on_the_way(left - {*ring}, after)


def _on_the_way(events: set[str], after: Edges) -> set[str]:
    """The events from which one comes to a ring: those that lead nowhere are taken away until none is left."""
    left = set(events)
    while ends := {event for event in left if not after.get(event, set()) & left}:
        left -= ends
    return left


def _ring(start: str, after: Edges, left: set[str], names: Mapping[str, str]) -> list[str]:
    """The ring that one comes to from an event by always taking the first way."""
    seen: list[str] = []
    event = start
    while event not in seen:
        seen.append(event)
        event = min(after[event] & left, key=names.__getitem__)
    return seen[seen.index(event) :]


def _finding(rule: str, report: str, message: str, other: str = "", severity: str = "error") -> Finding:
    row = f"{report} {other}".strip()
    return Finding(f"adjudication.{rule}", severity, "links", report, message, HINTS[rule], row=row)


HINTS = {
    "link-of-nothing": "correct links.jsonl: a report is named document/key, an event by one of its reports or its id",
    "linked-twice": "correct links.jsonl: a report tells of one event; say of the two events that they are one, or take a link out",
    "unrelated-and-same": "correct links.jsonl: take one of these links out",
    "linkers-differ": "agree on one, and take the other out of links.jsonl; a second person's own links belong in links-second.jsonl",
    "related-to-itself": "correct links.jsonl: take out the relation, or what makes them one event",
    "related-twice": "correct links.jsonl: leave the relation that says most",
    "relation-ring": "correct links.jsonl: a relation goes from the part to the whole, from the answer to what it answers",
    "answer-before": "turn the relation round, or look at the dates",
}
