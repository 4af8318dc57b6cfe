"""Inputs to tables: current readings, the adjudicated ones, reports, events, and the checks on all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from eventcode import identity, readings, sourcing
from eventcode.adjudication import adopt, events
from eventcode.checks import context
from eventcode.codebook import views
from eventcode.model import Codebook, Finding, Place
from eventcode.pipeline.inputs import Inputs
from eventcode.pipeline.lines import Read, document_ids
from eventcode.readings import Coder, Row, Rows
from eventcode.tables import TABLES, build

if TYPE_CHECKING:
    import pyarrow as pa

BUILT = tuple(name for name in TABLES if name not in ("agreement", "changes", "deletions", "withheld"))


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
    rows: dict[str, list[Row]] = {
        **found.tables,
        "documents": inputs.documents,
        "publishers": inputs.publishers,
    }
    party = sourcing.party_to_event(rows, codebook.actors)
    for row in rows["support"]:
        row["party_to_event"] = party.get(row["support_id"])
    rows |= _reports_and_events(inputs, rows, findings)
    rows["decisions"] = _decision_rows(inputs)
    rows |= _codebook_rows(codebook)
    rows["withheld"] = [
        {"lineage": row["source"], "reason": row["reason"]} for row in inputs.dataset.card.get("withhold", ())
    ]
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
    rows = readings.explode(read.reading, read.document_id, coder, codebook, read.place, read.reading_id)
    return with_cells(rows, read)


def with_cells(rows: Rows, read: Read) -> Rows:
    """Add the cell of every value to the places, for a reading that came from a workbook."""
    if read.cells:
        for row, place in list(rows.places.items()):
            for path, cell in read.cells.items():
                if path == place.path:
                    rows.places[row] = replace(cell, path=cell.path or path)
                elif path.startswith(f"{place.path}.") and "." not in path[len(place.path) + 1 :]:
                    rows.places[f"{row}{path[len(place.path) :]}"] = cell
    return rows


def _adjudicated(inputs: Inputs, current: Sequence[Read]) -> tuple[list[tuple[str, Row]], list[Finding]]:
    by_document: dict[str, list[adopt.Read]] = {}
    for read in current:
        by_document.setdefault(read.document_id, []).append(
            adopt.Read(read.coder, read.reading, read.reading_id, read.place)
        )
    decisions: dict[str, list[Row]] = {}
    known = document_ids(inputs.documents)
    for row in inputs.decisions:
        document = known.get(str(row["document"]), str(row["document"]))
        decisions.setdefault(document, []).append({**row, "document": document})
    found: list[tuple[str, Row]] = []
    findings = [_of_nothing(inputs.names.get(name) or name) for name in decisions if name not in by_document]
    for document, reads in by_document.items():
        name = inputs.names.get(document, document)
        result = adopt.adjudicate(document, name, reads, decisions.get(document, ()), inputs.codebook)
        findings += result.findings
        if result.reading is not None:
            found.append((document, result.reading))
    return found, findings


def _of_nothing(document: str) -> Finding:
    """A decision about a document that is unknown, or that nobody has a reading of."""
    message = f"a decision names the document '{document}', which nobody has read"
    rule, hint = "adjudication.decision-of-nothing", "correct `document` in decisions.jsonl"
    return Finding(rule, "error", "decisions", document, message, hint, row=document)


def _reports_and_events(
    inputs: Inputs, rows: Mapping[str, Sequence[Row]], findings: list[Finding]
) -> dict[str, list[Row]]:
    codebook = inputs.codebook
    homes = {
        row["reading_id"]: row["document_id"]
        for row in rows["readings"]
        if row["coder_kind"] == "adjudicated"
    }
    reports = [
        _report(row, homes[row["reading_id"]]) for row in rows["codings"] if row["reading_id"] in homes
    ]
    linked, decided, found = events.resolve(reports, inputs.links, inputs.names)
    findings += found
    members: dict[str, list[Row]] = {}
    for report in reports:
        report["event_id"] = linked[report["report_id"]]
        members.setdefault(linked[report["report_id"]], []).append(report)
    codings = {report["report_id"]: [report["coding_id"]] for report in reports}
    codings |= {event: [report["coding_id"] for report in group] for event, group in members.items()}
    derived = sourcing.derive(rows, codings, codebook.actors)
    same, between = events.link_rows(inputs.links, reports, inputs.names, linked)
    return {
        "reports": [
            {**report, **derived[report["report_id"]], **views.stamp(codebook)} for report in reports
        ],
        "events": [
            _event(codebook, event, group, derived[event], event in decided)
            for event, group in members.items()
        ],
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

    known = document_ids(inputs.documents)
    rows = []
    for decision in inputs.decisions:
        chosen = decision.get("chosen")
        rows.append(
            {
                "decision_id": identity.content_id(decision), "document_id": known.get(decision["document"]),
                "report_key": decision.get("report"), "kind": decision["kind"], "field": decision.get("field"),
                "from": decision.get("from"),
                "chosen": chosen if chosen is None or isinstance(chosen, str) else json.dumps(chosen, sort_keys=True),
                "by": decision["by"], "cause": decision.get("cause"), "reason": decision["reason"],
            }
        )  # fmt: skip
    return rows


def _codebook_rows(codebook: Codebook) -> dict[str, list[Row]]:
    return {
        "codes": views.codes(codebook), "fields": views.fields(codebook), "vocabularies": views.vocabularies(codebook),
        "actors": context.actor_rows(codebook), "actor_relations": context.relation_rows(codebook),
    }  # fmt: skip
