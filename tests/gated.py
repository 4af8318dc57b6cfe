"""A dataset small enough to know by heart, for tests of the gate: twelve events, as many reports, three documents, no sources."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pyarrow as pa

from eventcode.checks import gate as gates
from eventcode.checks.suite import as_suites, export
from eventcode.codebook import views
from eventcode.model import Codebook, RuleCount
from eventcode.tables import build

Row = dict[str, Any]
Tables = dict[str, pa.Table]

CODES = ["031", "032", "063", "070"]
COUNTS = (
    RuleCount("codings.event_type-code", "error", "codings", 24, 24, 0, 0),
    RuleCount("codings.realis-code", "error", "codings", 24, 22, 0, 2),
    RuleCount("sourcing.name-twins", "warning", "sources", 9, 7, 2, 0, waived=1),
)
CARD = {
    "title": "A card", "licence": "CC-BY-4.0", "codebook": "disarmament@1", "date": "2025-07-01", "as_of": "2025-06-30", "coders": [],
}  # fmt: skip

_E: Row = {"table": "events"}
# What a card may declare of the dataset below: the declaration, what is observed, whether it holds.
DECLARED: dict[str, tuple[Row, str, bool]] = {
    "enough rows": ({"kind": "rows", **_E, "minimum": 10, "maximum": 12}, "12", True),
    "too few rows": ({"kind": "rows", **_E, "minimum": 13}, "12", False),
    "an empty table": ({"kind": "rows", "table": "sources", "minimum": 1}, "0", False),
    "enough a month": ({"kind": "rows", **_E, "per": "date_start", "step": "month", "minimum": 2}, "6 of 6 hold", True),
    "too many of a code": (
        {"kind": "rows", **_E, "per": "event_type", "maximum": 2}, "4 of 4 differ: 3 (031), 3 (032), 3 (063), 3 (070)", False,
    ),
    "complete": ({"kind": "complete", **_E, "column": "date_start"}, "1", True),
    "half complete": ({"kind": "complete", **_E, "column": "object", "minimum": 0.5, "maximum": 0.5}, "0.5", True),
    "not complete": ({"kind": "complete", **_E, "column": "object", "minimum": 0.9}, "0.5", False),
    "these values": ({"kind": "values", **_E, "column": "country", "values": ["IRQ", "SYR"]}, "12 of 12 hold", True),
    "another value": (
        {"kind": "values", **_E, "column": "n_reports", "values": [1, 2]}, "4 of 12 differ: 3 (e2), 3 (e5), 3 (e8), 3 (e11)", False,
    ),
    "every code occurs": ({"kind": "covers", **_E, "column": "event_type", "values": CODES}, "all there", True),
    "codes do not": ({"kind": "covers", **_E, "column": "event_type", "values": ["110", "031", "020"]}, "missing: 020, 110", False),
    "a share": ({"kind": "share", **_E, "column": "event_type", "value": "031", "minimum": 0.25}, "0.25 (3 of 12)", True),
    "too small": ({"kind": "share", **_E, "column": "contested", "value": "true", "minimum": 0.6}, "0.5 (6 of 12)", False),
    "at its limit": ({"kind": "share", **_E, "column": "event_type", "values": CODES[:3], "maximum": 0.75}, "0.75 (9 of 12)", True),
    "too large": ({"kind": "share", **_E, "column": "event_type", "values": CODES[:3], "maximum": 0.7}, "0.75 (9 of 12)", False),
    "a mean": ({"kind": "mean", **_E, "column": "n_reports", "minimum": 2, "maximum": 2}, "2", True),
    "a mean of nothing": ({"kind": "mean", **_E, "column": "lon", "maximum": 2}, "no value", False),
    "a median": ({"kind": "quantile", **_E, "column": "lat", "quantile": 0.5, "maximum": 33.6}, "33.6", True),
    "a quantile of nothing": ({"kind": "quantile", **_E, "column": "lon", "quantile": 0.5, "maximum": 1}, "no value", False),
    "a range": ({"kind": "range", **_E, "column": "lat", "minimum": 29, "maximum": 38}, "12 of 12 hold", True),
    "a range of days": (
        {"kind": "range", **_E, "column": "date_end", "maximum": "2025-06-05"}, "2 of 12 differ: 2025-06-06 (e5), 2025-06-12 (e11)", False,
    ),
    "different values": ({"kind": "distinct", **_E, "column": "event_type", "minimum": 4}, "4", True),
    "fresh": ({"kind": "fresh", "maximum": 18}, "2025-06-12", True),
    "stale": ({"kind": "fresh", "maximum": 17}, "2025-06-12", False),
    "few warnings": ({"kind": "rule", "rule": "sourcing.name-twins", "maximum": 1}, "1", True),
    "too many warnings": ({"kind": "rule", "rule": "sourcing.name-twins"}, "1", False),
    "a rule not asked": ({"kind": "rule", "rule": "sourcing.small-cell"}, "no value", False),
}  # fmt: skip
HOLDING = [entry for entry, _, holds in DECLARED.values() if holds]


def event(n: int, **more: Any) -> Row:
    day = date(2025, 1 + n % 6, 1 + n % 28)
    row = {
        "event_id": f"e{n}", "status": "final", "n_reports": 1 + n % 3, "event_type": CODES[n % 4], "realis": "occurred",
        "date_start": day, "date_end": day, "date_precision": "day", "country": "IRQ", "origins_min": 1 + n % 4,
        "contested": n % 2 == 0, "lat": 33.0 + n / 10, "object": ["rockets", "sites"] if n % 2 else None,
    }  # fmt: skip
    return row | more


def report(n: int, **more: Any) -> Row:
    shared = ("event_id", "event_type", "realis", "date_start", "date_end", "date_precision", "country")
    own = {"report_id": f"r{n}", "document_id": f"d{n % 3}", "report_key": f"k{n}"}
    return {name: value for name, value in event(n).items() if name in shared} | own | more


def document(n: int, **more: Any) -> Row:
    published = {"published_at_start": date(2025, 6, 1 + n), "published_at_end": date(2025, 6, 10 + n)}
    return (
        {"document_id": f"d{n}", "publisher": f"p{n}", "published_at_precision": "interval"}
        | published
        | more
    )


def dataset(
    codebook: Codebook,
    *,
    events: Sequence[Row] = (),
    reports: Sequence[Row] = (),
    documents: Sequence[Row] = (),
) -> Tables:
    """The tables; rows given take the place of the first ones."""
    rows = {
        "events": [*events, *map(event, range(len(events), 12))],
        "reports": [*reports, *map(report, range(len(reports), 12))],
        "documents": [*documents, *map(document, range(len(documents), 3))],
        "sources": [],
    }
    return {name: build(views.columns(codebook, name), found) for name, found in rows.items()}


def card(*expectations: Row) -> Row:
    return CARD | {"expectations": [{"reason": "we say so", **one} for one in expectations]}


def ask(
    codebook: Codebook, tables: Tables, *expectations: Row, counts: Sequence[RuleCount] = COUNTS
) -> gates.Gate:
    return gates.gate(tables, counts, card(*expectations), codebook)


def failed(verdict: gates.Gate) -> list[str]:
    """The expectations that do not hold, each with what was observed."""
    assert verdict.passed == (not verdict.failed)
    return [f"{one['expectation']}: {one['observed']}" for one in verdict.failed]


def exported(codebook: Codebook) -> bytes:
    """The suites as JSON, made without great_expectations."""
    return export(as_suites(gates.statements(card(*HOLDING), codebook, COUNTS), "dataset"), codebook)
