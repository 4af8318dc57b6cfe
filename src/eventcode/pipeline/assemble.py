"""Inputs to tables: current readings, the adjudicated ones, reports, events, and the checks on all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from eventcode import identity, readings, sourcing, text
from eventcode.adjudication import adopt, events
from eventcode.checks import context, waivers
from eventcode.checks.engine import Checker, Result
from eventcode.checks.stated import stated_rows
from eventcode.codebook import views
from eventcode.model import Codebook, Finding, Place, RuleCount
from eventcode.pipeline.inputs import Inputs, Read
from eventcode.readings import Coder, Row, Rows
from eventcode.tables import NOT_RELEASED, TABLES, build

if TYPE_CHECKING:
    import pyarrow as pa

ABOVE = ("reports", "events")  # what stands on adjudicated readings, adopted ones included
BUILT = tuple(name for name in TABLES if name not in ("changes", "deletions", "withheld"))


@dataclass(slots=True)
class Assembled:
    """A dataset's tables as rows, where the rows of readings stand, and what was found on the way."""

    inputs: Inputs
    rows: dict[str, list[Row]]
    places: dict[str, Place]
    given: list[tuple[str, str, str, Any]]
    findings: list[Finding]

    def arrow(self) -> dict[str, pa.Table]:
        """The tables as Arrow, those that only checks need included."""
        from eventcode.checks.examples import columns

        return {name: build(columns(self.inputs.codebook, name), rows) for name, rows in self.rows.items()}


def assemble(inputs: Inputs) -> Assembled:
    """Lay out current readings, adjudicate, link, aggregate and derive: everything that a build holds but the findings."""
    codebook = inputs.codebook
    found = Rows()
    current = [read for read in inputs.current if read.reading["status"] != "withdrawn"]
    for read in current:
        found.extend(_exploded(read, inputs, codebook))
    adjudicated, findings = _adjudicated(inputs, current)
    for document, reading in adjudicated:
        found.extend(readings.explode(reading, document, adopt.ADJUDICATOR, codebook))
    rows: dict[str, list[Row]] = {**found.tables, "documents": inputs.documents, "publishers": inputs.publishers}
    party = sourcing.party_to_event(rows, codebook.actors)
    for row in rows["support"]:
        row["party_to_event"] = party.get(row["support_id"])
    rows |= _reports_and_events(inputs, rows, findings)
    rows["decisions"] = _decision_rows(inputs)
    rows |= _codebook_rows(codebook)
    rows["withheld"] = [{"lineage": row["source"], "reason": row["reason"]} for row in inputs.dataset.card.get("withhold", ())]
    return Assembled(inputs, rows, found.places, found.given, findings)


def assemble_readings(inputs: Inputs) -> Assembled:
    """Lay out current readings alone, for checks on what coders hand in."""
    found = Rows()
    for read in inputs.current:
        found.extend(_exploded(read, inputs, inputs.codebook))
    context_rows = _codebook_rows(inputs.codebook)
    rows = {**found.tables, "documents": inputs.documents, "publishers": inputs.publishers, **context_rows}
    return Assembled(inputs, rows, found.places, found.given, [])


def _exploded(read: Read, inputs: Inputs, codebook: Codebook) -> Rows:
    coder = inputs.dataset.coders.get(read.coder) or Coder(read.coder, "imported")
    rows = readings.explode(read.reading, read.document_id, coder, codebook, read.place)
    return with_cells(rows, read)


def with_cells(rows: Rows, read: Read) -> Rows:
    """Add the cell of every value to the places, for a reading that came from a workbook."""
    if read.cells:
        for row, place in list(rows.places.items()):
            for path, cell in read.cells.items():
                if path == place.path:
                    rows.places[row] = replace(cell, path=cell.path or path)
                elif path.startswith(f"{place.path}.") and "." not in path[len(place.path) + 1 :]:
                    rows.places[f"{row}{path[len(place.path):]}"] = cell
    return rows


def _adjudicated(inputs: Inputs, current: Sequence[Read]) -> tuple[list[tuple[str, Row]], list[Finding]]:
    by_document: dict[str, list[adopt.Read]] = {}
    for read in current:
        by_document.setdefault(read.document_id, []).append(adopt.Read(read.coder, read.reading, read.reading_id, read.place))
    decisions: dict[str, list[Row]] = {}
    known = {name: row["document_id"] for row in inputs.documents for name in (row["document_key"], row["document_id"])}
    for row in inputs.decisions:
        decisions.setdefault(known.get(row["document"], row["document"]), []).append({**row, "document": known.get(row["document"], "")})
    found, findings = [], []
    for document, reads in by_document.items():
        name = inputs.names.get(document, document)
        result = adopt.adjudicate(document, name, reads, decisions.get(document, ()), inputs.codebook)
        findings += result.findings
        if result.reading is not None:
            found.append((document, result.reading))
    return found, findings


def _reports_and_events(inputs: Inputs, rows: Mapping[str, Sequence[Row]], findings: list[Finding]) -> dict[str, list[Row]]:
    codebook = inputs.codebook
    homes = {row["reading_id"]: row["document_id"] for row in rows["readings"] if row["coder_kind"] == "adjudicated"}
    reports = [_report(row, homes[row["reading_id"]]) for row in rows["codings"] if row["reading_id"] in homes]
    linked, decided, found = events.resolve(reports, inputs.links, inputs.names)
    findings += found
    members: dict[str, list[Row]] = {}
    for report in reports:
        report["event_id"] = linked[report["report_id"]]
        members.setdefault(report["event_id"], []).append(report)
    codings = {report["report_id"]: [report["coding_id"]] for report in reports}
    codings |= {event: [report["coding_id"] for report in group] for event, group in members.items()}
    derived = sourcing.derive(rows, codings, codebook.actors)
    same, between = events.link_rows(inputs.links, reports, inputs.names, linked)
    return {
        "reports": [{**report, **derived[report["report_id"]], **views.stamp(codebook)} for report in reports],
        "events": [_event(codebook, event, group, derived[event], event in decided) for event, group in members.items()],
        "links": same,
        "event_links": between,
    }


def _report(coding: Row, document: str) -> Row:
    values = {name: value for name, value in coding.items() if name not in ("reading_id", "key")}
    report_id = identity.content_id(["report", document, coding["key"]])
    return {"report_id": report_id, "document_id": document, "report_key": coding["key"], **values}


def _event(codebook: Codebook, event: str, group: Sequence[Row], derived: Row, decided: bool) -> Row:
    head = {"event_id": event, "status": "final" if decided else "candidate", "n_reports": len(group)}
    return {**head, **events.aggregate(codebook, group), **derived, **views.stamp(codebook)}


def _decision_rows(inputs: Inputs) -> list[Row]:
    import json

    known = {name: row["document_id"] for row in inputs.documents for name in (row["document_key"], row["document_id"])}
    rows = []
    for decision in inputs.decisions:
        chosen = decision.get("chosen")
        rows.append(
            {
                "decision_id": identity.content_id(decision), "document_id": known.get(decision["document"]),
                "report_key": decision.get("report"), "kind": decision["kind"], "field": decision.get("field"),
                "from": decision.get("from"), "chosen": chosen if chosen is None or isinstance(chosen, str) else json.dumps(chosen, sort_keys=True),
                "by": decision["by"], "cause": decision.get("cause"), "reason": decision["reason"],
            }
        )  # fmt: skip
    return rows


def _codebook_rows(codebook: Codebook) -> dict[str, list[Row]]:
    return {
        "codes": views.codes(codebook), "fields": views.fields(codebook), "vocabularies": views.vocabularies(codebook),
        "actors": context.actor_rows(codebook), "actor_relations": context.relation_rows(codebook),
    }  # fmt: skip


@lru_cache(maxsize=8)
def checker_of(codebook: Codebook) -> Checker:
    """The compiled checks of a codebook, kept for the next time."""
    return Checker(codebook)


def check(assembled: Assembled, as_of: date | None = None, *, cap: int | None = None) -> Result:
    """All rules on assembled tables, the findings about revisions, decisions and evidence, and waivers applied.

    Waivers expire against `as_of`, by default the card's.
    """
    inputs = assembled.inputs
    checker = checker_of(inputs.codebook)
    tables = assembled.arrow() | {"stated": _stated(assembled)}
    results = [
        checker.check(_coded(assembled, tables), places=assembled.places, cap=cap, ask=tables.keys() - set(ABOVE)),
        checker.check(tables, places=assembled.places, cap=cap, ask=ABOVE),
    ]
    more = [*inputs.findings, *assembled.findings, *evidence_findings(assembled)]
    found = [finding for result in results for finding in result.findings]
    counts = [*(count for result in results for count in result.counts), *_extra_counts(more)]
    day = as_of or date.fromisoformat(inputs.dataset.card["as_of"])
    findings, counted = waivers.apply([*found, *more], counts, inputs.waivers, day)
    return Result(tuple(findings), tuple(counted))


def _coded(assembled: Assembled, tables: Mapping[str, Any]) -> dict[str, Any]:
    """The tables without adopted readings: they repeat a coder's reading, and what is wrong there is found there."""
    import pyarrow as pa
    import pyarrow.compute as pc

    adopted = [row["reading_id"] for row in assembled.rows["readings"] if row.get("adopted_from")]
    if not adopted:
        return dict(tables)
    gone = {"reading_id": pa.array(adopted)}
    left = dict(tables)
    for name in ("readings", "codings", "sources", "support", "participants", "evidence"):
        for column, ids in gone.items():
            if column in left[name].column_names:
                keep = pc.fill_null(pc.invert(pc.is_in(left[name][column], value_set=ids)), True)
                left[name] = left[name].filter(keep)
        own = {"codings": "coding_id", "sources": "source_id", "support": "support_id"}.get(name)
        if own is not None:
            kept = pc.is_in(tables[name][own], value_set=left[name][own].combine_chunks())
            gone = {**gone, own: tables[name][own].filter(pc.invert(kept)).combine_chunks()}
    return left


def _stated(assembled: Assembled) -> Any:
    from eventcode.checks.compile import EXTRA

    rows = assembled.rows
    codings = {coding: [coding] for table, coding, *_ in assembled.given if table == "codings"}
    derived = sourcing.derive(rows, codings, assembled.inputs.codebook.actors) if codings else {}
    return build(EXTRA["stated"], stated_rows(assembled.given, derived, rows, assembled.inputs.codebook))


def _extra_counts(findings: Iterable[Finding]) -> list[RuleCount]:
    counts: dict[str, RuleCount] = {}
    for finding in findings:
        held = counts.get(finding.rule)
        n = held.failed + 1 if held else 1
        counts[finding.rule] = RuleCount(finding.rule, finding.severity, finding.table, n, 0, n, 0)
    return list(counts.values())


def evidence_findings(assembled: Assembled) -> list[Finding]:
    """Spans whose words are not those of the text, where the text is at hand."""
    documents = {row["reading_id"]: row["document_id"] for row in assembled.rows["readings"]}
    owners = owning_readings(assembled.rows)
    findings = []
    for row in assembled.rows["evidence"]:
        document = documents.get(owners.get(row["evidence_id"], ""), "")
        if document in assembled.inputs.texts and row["evidence_id"] in assembled.places and row.get("quote_hash"):
            findings += _verified(row, assembled.inputs.texts[document], assembled.places[row["evidence_id"]])
    return findings


def _verified(row: Row, words: str, place: Place) -> list[Finding]:
    if not place.file:
        return []
    span = text.Span(row["start"], row["end"], row["salt"], row["quote_hash"])
    if row["end"] > len(words) or row["start"] >= row["end"]:
        message = f"the span {row['start']}–{row['end']} lies outside the text of {len(words)} code points"
        return [_quote_finding("inside-text", row, message, "count code points of the canonical text", place)]
    status = text.verify(words, span).status
    if status == "verified":
        return []
    message = "the quoted words are not at this place of the text" if status == "moved" else "the quoted words are not in the text"
    return [_quote_finding("quote-matches", row, message, "copy the words from the text again", place)]


def _quote_finding(rule: str, row: Row, message: str, hint: str, place: Place) -> Finding:
    return Finding(f"evidence.{rule}", "error", "evidence", row["evidence_id"], message, hint, row=row["evidence_id"], field="quote_hash", place=place)


def owning_readings(rows: Mapping[str, Sequence[Row]]) -> dict[str, str]:
    """The reading of every evidence row."""
    above = {row["coding_id"]: row["reading_id"] for row in rows["codings"]}
    above |= {row["support_id"]: above.get(row["coding_id"], "") for row in rows["support"]}
    above |= {row["source_id"]: row["reading_id"] for row in rows["sources"]}
    return {
        row["evidence_id"]: above.get(row.get("support_id") or row.get("source_id") or row.get("coding_id") or "", "")
        for row in rows["evidence"]
    }


def finding_rows(findings: Sequence[Finding]) -> list[Row]:
    """Rows of the table `findings`."""
    plain = ("rule", "severity", "table", "key", "row", "field", "message", "hint", "waived")
    return [
        {name: getattr(f, name) for name in plain} | {"file": f.place.file or None, "line": f.place.line, "path": f.place.path or None}
        for f in findings
    ]


def count_rows(counts: Sequence[RuleCount]) -> list[Row]:
    """Rows of the table `rule_counts`."""
    names = tuple(TABLES["rule_counts"].columns)
    return [{name: getattr(count, name) for name in names} for count in counts]


RELEASED = tuple(name for name in BUILT if name not in NOT_RELEASED)
