"""The checks on an assembled dataset: rules, revisions, decisions, evidence, and the waivers that cover them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from eventcode import sourcing, text
from eventcode.checks import waivers
from eventcode.checks.engine import Result
from eventcode.checks.stated import stated_rows
from eventcode.model import Finding, Place, RuleCount
from eventcode.pipeline.asking import checker_of as checker_of
from eventcode.pipeline.asking import left_out
from eventcode.pipeline.assemble import Assembled
from eventcode.readings import Row
from eventcode.release.evidence import located
from eventcode.tables import READING_TABLES, TABLES, build

INSIDE = "evidence.inside-text"
ABOVE = ("reports", "events")  # what stands on adjudicated readings, adopted ones included


def check(
    assembled: Assembled,
    as_of: date | None = None,
    *,
    cap: int | None = None,
    others: Sequence[Finding] = (),
) -> Result:
    """All rules on assembled tables, the findings about revisions, decisions and evidence and `others`, and waivers applied.

    Waivers expire against `as_of`, by default the card's. Where all readings are those of a map, the rules that make no sense for it are
    left out.
    """
    inputs = assembled.inputs
    coders = {read.coder for read in inputs.journal}
    without = left_out(inputs.dataset.codebook, inputs.map, coders) if inputs.map else {}
    checker = checker_of(inputs.codebook, frozenset(without))
    tables = assembled.arrow() | {"stated": _stated(assembled)}
    results = [
        checker.check(coded(tables), places=assembled.places, cap=cap, ask=tables.keys() - set(ABOVE)),
        checker.check(tables, places=assembled.places, cap=cap, ask=ABOVE),
    ]
    more = [
        *inputs.findings, *assembled.findings, *evidence_findings(assembled), *length_findings(assembled), *others,
    ]  # fmt: skip
    found = [finding for result in results for finding in result.findings]
    counts = [*(count for result in results for count in result.counts), *_extra_counts(more)]
    day = as_of or date.fromisoformat(inputs.dataset.card["as_of"])
    findings, counted = waivers.apply([*found, *more], counts, inputs.waivers, day)
    about = _extra_counts(finding for finding in findings if finding.table == "waivers")
    return Result(tuple(findings), (*counted, *about), without)


def coded(tables: Mapping[str, Any]) -> dict[str, Any]:
    """The tables without adopted readings: they repeat a coder's reading, and what is wrong there is found there."""
    import pyarrow.compute as pc

    readings = tables["readings"]
    adopted = readings["reading_id"].filter(pc.is_valid(readings["adopted_from"])).combine_chunks()
    if not len(adopted):
        return dict(tables)
    gone = {"reading_id": adopted}
    left = dict(tables)
    for name in READING_TABLES:
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
    texts, places = assembled.inputs.texts, assembled.places
    measured = {row["document_id"] for row in assembled.rows["documents"] if row.get("n_chars") is not None}
    findings = []
    for row in located(assembled.rows):
        document, place = row["document_id"], places.get(row["evidence_id"], Place())
        whole = all(row.get(name) is not None for name in ("start", "end", "salt", "quote_hash"))
        if document in texts and place.file and whole:
            found = _verified(row, texts[document], place)
            # Where the length of the text is on record, a rule finds what lies outside it.
            findings += [f for f in found if f.rule != INSIDE or document not in measured]
    return findings


def length_findings(assembled: Assembled) -> list[Finding]:
    """Documents whose recorded length is not that of the text at hand."""
    findings = []
    for row in assembled.rows["documents"]:
        words, stated = assembled.inputs.texts.get(row["document_id"]), row.get("n_chars")
        if words is not None and stated is not None and len(words) != stated:
            key = str(row.get("document_key") or row["document_id"])
            message = f"n_chars is {stated}, and the text at hand has {len(words)} code points"
            hint = "take both from `eventcode text id`"
            findings.append(
                Finding("documents.n-chars-differs", "error", "documents", key, message, hint, key, "n_chars")
            )
    return findings


def _verified(row: Row, words: str, place: Place) -> list[Finding]:
    span = text.Span(row["start"], row["end"], row["salt"], row["quote_hash"])
    if row["end"] > len(words) or row["start"] >= row["end"]:
        message = f"the span {row['start']}–{row['end']} lies outside the text of {len(words)} code points"
        return [_quote_finding("inside-text", row, message, "count code points of the canonical text", place)]
    status = text.verify(words, span).status
    if status == "verified":
        return []
    message = (
        "the quoted words are not at this place of the text"
        if status == "moved"
        else "the quoted words are not in the text"
    )
    return [_quote_finding("quote-matches", row, message, "copy the words from the text again", place)]


def _quote_finding(rule: str, row: Row, message: str, hint: str, place: Place) -> Finding:
    own, key = row["evidence_id"], str(row["lineage"])
    return Finding(
        f"evidence.{rule}", "error", "evidence", key, message, hint, row=own, field="quote_hash", place=place
    )


def finding_rows(findings: Sequence[Finding]) -> list[Row]:
    """Rows of the table `findings`."""
    plain = ("rule", "severity", "table", "key", "row", "field", "message", "hint", "waived")
    return [
        {name: getattr(f, name) for name in plain}
        | {"file": f.place.file or None, "line": f.place.line, "path": f.place.path or None}
        for f in findings
    ]


def count_rows(counts: Sequence[RuleCount]) -> list[Row]:
    """Rows of the table `rule_counts`."""
    names = tuple(TABLES["rule_counts"].columns)
    return [{name: getattr(count, name) for name in names} for count in counts]
