"""The Arrow schema of every table: the only place where a core column is named or typed.

Columns that a codebook adds (its fields, and for `sources` and `support` those of the sourcing module) are appended by
`eventcode.codebook.views.schema`. The primary key comes first; rows that depend on a codebook carry its id, version and digest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

TEXT, INTEGER, NUMBER, BOOLEAN, DATE, TEXTS = "string", "int64", "float64", "bool", "date32", "list<string>"
CODEBOOK = {"codebook_id": TEXT, "codebook_version": TEXT, "codebook_digest": TEXT}

# What a field's type becomes in Arrow; a date is three columns (`model.Field.value_columns`).
FIELD_TYPES = {
    "string": TEXT, "code": TEXT, "actor": TEXT, "source": TEXT, "integer": INTEGER, "number": NUMBER,
    "boolean": BOOLEAN, "set": TEXTS, "actors": TEXTS, "list": TEXTS,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Table:
    """A table's columns (name → type), its primary key, and how a finding names one of its rows.

    `lineage` is a SQL expression over the row's scope that does not change when the row is corrected; `keys` maps a column to the
    table whose key it holds.
    """

    name: str
    key: tuple[str, ...]
    columns: dict[str, str]
    lineage: str
    keys: dict[str, str]
    about: str


def _table(
    name: str, about: str, key: str, columns: dict[str, str], lineage: str, keys: dict[str, str] | None = None
) -> Table:
    return Table(name, tuple(key.split()), columns, lineage, keys or {}, about)


def interval(name: str) -> dict[str, str]:
    """The three columns of a date."""
    return {f"{name}_start": DATE, f"{name}_end": DATE, f"{name}_precision": TEXT}


_READING = "coalesce(document.document_key, reading.document_id) || '/' || reading.coder_id"
_CODING = f"{_READING} || '/' || coding.key"

PLACE = {
    "place_name": TEXT, "place_id": TEXT, "country": TEXT, "admin1": TEXT, "lat": NUMBER, "lon": NUMBER,
    "place_precision": TEXT,
}  # fmt: skip
CODING = {"event_type": TEXT, "realis": TEXT, "setting": TEXT, **interval("date"), **PLACE, "n_acts": TEXT}
SOURCING = {
    "origins_min": INTEGER, "origins_max": INTEGER, "origins_version": TEXT, "n_articles": INTEGER, "n_outlets": INTEGER,
    "n_sources": INTEGER, "n_named": INTEGER, "n_anonymous_stated": INTEGER, "n_anonymous_unexplained": INTEGER,
    "n_denying": INTEGER, "contested": BOOLEAN, "identification": TEXT, "independence": TEXT, "distance": TEXT,
}  # fmt: skip

_ALL = (
    _table(
        "documents", "A document: one article, post or report that coders read.", "document_id",
        {
            "document_id": TEXT, "document_key": TEXT, "publisher": TEXT, "url": TEXT, "title": TEXT, "language": TEXT,
            **interval("published_at"), "published_at_basis": TEXT, "retrieved_at": TEXT, "n_chars": INTEGER,
            "text_version": INTEGER, "text_licence": TEXT, "document_relation": TEXT, "relation_of": TEXT, "duplicate_of": TEXT,
        },
        "coalesce(self.document_key, self.document_id)", {"duplicate_of": "documents"},
    ),
    _table(
        "readings", "All that one coder says of one document, in one revision.", "reading_id",
        {
            "reading_id": TEXT, "document_id": TEXT, "coder_id": TEXT, "coder_kind": TEXT, "coder_version": TEXT,
            "revision": INTEGER, "status": TEXT, "coded_at": TEXT, "sample_role": TEXT, "inclusion_p": NUMBER, "note": TEXT,
            "adopted_from": TEXT, **CODEBOOK,
        },
        "coalesce(document.document_key, self.document_id) || '/' || self.coder_id", {"document_id": "documents"},
    ),
    _table(
        "codings", "One event in a reading.", "coding_id",
        {"coding_id": TEXT, "reading_id": TEXT, "key": TEXT, **CODING}, f"{_READING} || '/' || self.key",
        {"reading_id": "readings"},
    ),
    _table(
        "sources", "Who told the reporter, once per reading.", "source_id",
        {"source_id": TEXT, "reading_id": TEXT, "key": TEXT}, f"{_READING} || '/' || self.key",
        {"reading_id": "readings"},
    ),
    _table(
        "support", "Which source carries which coding or field, and how.", "support_id",
        {"support_id": TEXT, "coding_id": TEXT, "source_id": TEXT, "field": TEXT, "party_to_event": TEXT},
        f"{_CODING} || '/' || coalesce(source.key, self.source_id, '') || coalesce('/' || self.field, '')",
        {"coding_id": "codings", "source_id": "sources"},
    ),
    _table(
        "participants", "An actor in a role of a coding.", "coding_id role position",
        {
            "coding_id": TEXT, "role": TEXT, "position": INTEGER, "actor_id": TEXT, "actor_missing": TEXT,
            "name_as_printed": TEXT, "member_of": TEXT,
        },
        f"{_CODING} || '/' || coalesce(self.role, '') || '/' || coalesce(cast(self.position as varchar), '')",
        {"coding_id": "codings", "actor_id": "actors", "member_of": "actors"},
    ),
    _table(
        "evidence", "A span of the document that justifies a field of a coding, a support row or a source.", "evidence_id",
        {
            "evidence_id": TEXT, "coding_id": TEXT, "field": TEXT, "support_id": TEXT, "source_id": TEXT,
            "start": INTEGER, "end": INTEGER, "salt": TEXT, "quote_hash": TEXT,
        },
        f"concat_ws('/', {_READING}, coding.key, source.key, self.field)",
        {"coding_id": "codings", "support_id": "support", "source_id": "sources"},
    ),
    _table(
        "decisions", "How an adjudicated reading came about.", "decision_id",
        {
            "decision_id": TEXT, "document_id": TEXT, "report_key": TEXT, "kind": TEXT, "field": TEXT, "from": TEXTS,
            "chosen": TEXT, "by": TEXT, "cause": TEXT, "reason": TEXT,
        },
        "self.decision_id", {"document_id": "documents"},
    ),
    _table(
        "links", "Which report tells of which event.", "event_id document_id report_key",
        {"event_id": TEXT, "document_id": TEXT, "report_key": TEXT, "relation": TEXT, "by": TEXT, "reason": TEXT},
        "self.event_id || '/' || self.document_id || '/' || self.report_key", {"document_id": "documents"},
    ),
    _table(
        "event_links", "How two events hang together.", "event_id other_event_id",
        {"event_id": TEXT, "other_event_id": TEXT, "relation": TEXT, "by": TEXT, "reason": TEXT},
        "self.event_id || '/' || self.other_event_id", {"event_id": "events", "other_event_id": "events"},
    ),
    _table(
        "reports", "An event as one document tells it: a coding of the adjudicated reading, with its sourcing.", "report_id",
        {
            "report_id": TEXT, "document_id": TEXT, "report_key": TEXT, "coding_id": TEXT, "event_id": TEXT, **CODING,
            **SOURCING, **CODEBOOK,
        },
        "coalesce(document.document_key, self.document_id) || '/' || self.report_key", {"document_id": "documents", "event_id": "events"},
    ),
    _table(
        "events", "What remains after reports of the same happening are linked.", "event_id",
        {
            "event_id": TEXT, "status": TEXT, "first_release": TEXT, "last_modified_release": TEXT, "n_reports": INTEGER,
            **CODING, **SOURCING, **CODEBOOK,
        },
        "self.event_id",
    ),
    _table(
        "findings", "One violation of one rule at one place.", "rule key row",
        {
            "rule": TEXT, "severity": TEXT, "table": TEXT, "key": TEXT, "row": TEXT, "field": TEXT, "message": TEXT, "hint": TEXT,
            "file": TEXT, "line": INTEGER, "path": TEXT, "waived": TEXT,
        },
        "self.key",
    ),
    _table(
        "rule_counts", "What each rule met.", "rule",
        {
            "rule": TEXT, "severity": TEXT, "table": TEXT, "rows": INTEGER, "passed": INTEGER, "failed": INTEGER,
            "unknown": INTEGER, "waived": INTEGER,
        },
        "self.rule",
    ),
    _table(
        "agreement", "How far coders agree, before adjudication: one row a coefficient of a field, in a block of coders.", "agreement_id",
        {
            "agreement_id": TEXT, "section": TEXT, "table": TEXT, "field": TEXT, "measure": TEXT, "level": TEXT, "block": TEXT,
            "theta": NUMBER, "estimate": NUMBER, "low": NUMBER, "high": NUMBER, "standard_error": NUMBER, "p_below_667": NUMBER,
            "p_below_800": NUMBER, "reason": TEXT, "n_documents": INTEGER, "n_units": INTEGER, "n_coders": INTEGER,
            "coverage": NUMBER, "prevalence": NUMBER, "seed": INTEGER, "draws": INTEGER, **CODEBOOK,
        },
        "self.agreement_id",
    ),
    _table(
        "codes", "The event types of the codebook.", "code",
        {
            "code": TEXT, "name": TEXT, "label": TEXT, "parent": TEXT, "root": TEXT, "level": INTEGER, "tier": TEXT, "act": TEXT,
            "definition": TEXT, "realis": TEXTS, "requires": TEXTS, "intensity": NUMBER, "quad": TEXT,
            "stata_value": INTEGER, **CODEBOOK,
        },
        "self.code",
    ),
    _table(
        "fields", "The fields of the codebook.", "table name",
        {
            "table": TEXT, "name": TEXT, "label": TEXT, "question": TEXT, "type": TEXT, "level": TEXT, "required": BOOLEAN,
            "applies_if": TEXT, "vocabulary": TEXT, "evidence": TEXT, "missing": TEXTS, "missing_values": TEXTS,
            "aggregate": TEXT, "unit": TEXT, **CODEBOOK,
        },
        "self.name",
    ),
    _table(
        "vocabularies", "The values of every vocabulary.", "vocabulary value",
        {"vocabulary": TEXT, "value": TEXT, "label": TEXT, "definition": TEXT, "parent": TEXT, "position": INTEGER, **CODEBOOK},
        "self.vocabulary || '/' || self.value",
    ),
    _table(
        "actors", "Who acts, speaks or is spoken of.", "actor_id",
        {
            "actor_id": TEXT, "name": TEXT, "kind": TEXT, "affiliations": TEXTS, "country": TEXT, "aliases": TEXTS,
            "valid_from": DATE, "valid_to": DATE,
        },
        "self.actor_id",
    ),
    _table(
        "actor_relations", "Ties between actors, with the days on which they hold.", "actor_id relation parent_id valid_from",
        {"actor_id": TEXT, "relation": TEXT, "parent_id": TEXT, "valid_from": DATE, "valid_to": DATE},
        "self.actor_id || '/' || self.relation || '/' || self.parent_id", {"actor_id": "actors", "parent_id": "actors"},
    ),
    _table(
        "publishers", "Outlets, looked up and never typed per row.", "publisher_id country period",
        {"publisher_id": TEXT, "name": TEXT, "country": TEXT, "outlet_scale": TEXT, "outlet_type": TEXT, "period": TEXT},
        "self.publisher_id",
    ),
    _table(
        "withheld", "Sources that the dataset card hides from a release.", "lineage",
        {"lineage": TEXT, "reason": TEXT}, "self.lineage",
    ),
    _table(
        "changes", "What differs from the release before: one row a changed value.", "table key field",
        {"table": TEXT, "key": TEXT, "change": TEXT, "field": TEXT, "before": TEXT, "after": TEXT}, "self.key",
    ),
    _table(
        "deletions", "Events of an earlier release that are gone, and why.", "event_id",
        {"event_id": TEXT, "last_release": TEXT, "reason": TEXT}, "self.event_id",
    ),
)  # fmt: skip

TABLES = {table.name: table for table in _ALL}
READING_TABLES = ("readings", "codings", "sources", "support", "participants", "evidence")
NOT_RELEASED = ("findings", "rule_counts", "withheld")


def arrow_type(name: str) -> pa.DataType:
    """The Arrow type of one of this module's type names."""
    import pyarrow as pa

    types: dict[str, Any] = {
        TEXT: pa.string(), INTEGER: pa.int64(), NUMBER: pa.float64(), BOOLEAN: pa.bool_(), DATE: pa.date32(),
        TEXTS: pa.list_(pa.string()),
    }  # fmt: skip
    return types[name]


def arrow_schema(columns: dict[str, str]) -> pa.Schema:
    """The Arrow schema of column names and type names."""
    import pyarrow as pa

    return pa.schema([(name, arrow_type(kind)) for name, kind in columns.items()])


def build(columns: dict[str, str], rows: list[dict[str, Any]]) -> pa.Table:
    """Rows as an Arrow table of exactly `columns`; a key that is no column is a bug and raises KeyError."""
    return filled(arrow_schema(columns), rows)


def filled(schema: pa.Schema, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Rows as an Arrow table of a schema; days may be ISO texts. A key that is no column is a bug and raises KeyError."""
    import pyarrow as pa

    unknown = {key for row in rows for key in row} - set(schema.names)
    if unknown:
        raise KeyError(f"no such column: {', '.join(sorted(unknown))}")
    days = [name for name, kind in zip(schema.names, schema.types, strict=True) if pa.types.is_date32(kind)]
    batch = pa.RecordBatch.from_struct_array(
        pa.array([_with_days(row, days) for row in rows], type=pa.struct(list(schema)))
    )
    return pa.Table.from_batches([batch], schema=schema)


def _with_days(row: Mapping[str, Any], days: Sequence[str]) -> Mapping[str, Any]:
    texts = {name: date.fromisoformat(row[name]) for name in days if isinstance(row.get(name), str)}
    return {**row, **texts} if texts else row
