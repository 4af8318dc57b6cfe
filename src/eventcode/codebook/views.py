"""Views generated from a codebook: columns, JSON Schema of a reading, and the codebook as tables of data."""

from __future__ import annotations

from typing import Any

from eventcode.model import MISSING_REASONS, ROLES, STATUSES, Codebook, EventType, Field
from eventcode.tables import (
    CODING,
    DATE,
    FIELD_TYPES,
    INTEGER,
    NUMBER,
    SOURCING,
    TABLES,
    TEXT,
    TEXTS,
    interval,
)

Rows = list[dict[str, Any]]


def columns(codebook: Codebook, table: str) -> dict[str, str]:
    """The columns of a table under a codebook: the core ones, then those of its fields (name → type name)."""
    found = dict(TABLES[table].columns)
    if table == "events":
        return _event_columns(codebook, found)
    for field in codebook.fields_of("codings" if table == "reports" else table):
        if (table, field.name) not in _STRUCTURE:
            found |= {name: kind for name, kind in field_columns(field).items() if name not in found}
    return found


# Fields of the sourcing module that the tables already hold in another form.
_STRUCTURE = {("support", "source"), ("support", "field")}


def field_columns(field: Field) -> dict[str, str]:
    """The columns of one field: its value, three for a date, and its missing reason."""
    own = interval(field.name) if field.type == "date" else {field.name: FIELD_TYPES[field.type]}
    return own | ({f"{field.name}_missing": TEXT} if field.missing else {})


def _event_columns(codebook: Codebook, found: dict[str, str]) -> dict[str, str]:
    head = {name: kind for name, kind in found.items() if name not in CODING}
    body: dict[str, str] = {}
    for field in codebook.fields_of("codings"):
        body |= aggregated_columns(field)
    body = body if "event_type" in body else {"event_type": TEXT, **body}  # a module has no fields of codings
    rest = {name: head.pop(name) for name in [*head] if name in SOURCING or name.startswith("codebook_")}
    return head | body | rest


def aggregated_columns(field: Field) -> dict[str, str]:
    """The columns that a field of codings becomes on events, by its declared aggregation."""
    if field.aggregate == "none":
        return {}
    if field.type == "date":
        return interval(field.name)
    kind = FIELD_TYPES[field.type]
    if field.aggregate == "range":
        return {f"{field.name}_{part}": kind for part in ("low", "best", "high")}
    if field.aggregate in ("union", "any", "all", "min", "max"):
        return {field.name: kind}
    return {field.name: kind, f"{field.name}_contested": TEXTS}


def schema(codebook: Codebook, table: str) -> Any:
    """The Arrow schema of a table, with the label of each field in its metadata."""
    import pyarrow as pa

    from eventcode.tables import arrow_type

    labels = {name: f.label for f in codebook.fields.values() for name in f.columns}
    fields = []
    for name, kind in columns(codebook, table).items():
        label = {"label": labels[name]} if name in labels else None
        fields.append(pa.field(name, arrow_type(kind), metadata=label))
    return pa.schema(fields, metadata={"codebook": codebook.reference, "codebook_digest": codebook.digest})


def codes(codebook: Codebook) -> Rows:
    """One row per event type, in the order of the tree; columns of the table `codes`."""
    return [_code(codebook, kind, depth) for depth, kind in codebook.walk()]


def _code(codebook: Codebook, kind: EventType, depth: int) -> dict[str, Any]:
    same = (
        "code",
        "name",
        "label",
        "parent",
        "tier",
        "act",
        "definition",
        "intensity",
        "quad",
        "stata_value",
    )
    row = {name: getattr(kind, name) for name in same}
    lists = {"realis": list(kind.realis), "requires": list(kind.requires)}
    return row | lists | {"root": codebook.root(kind.code), "level": depth} | stamp(codebook)


def stamp(codebook: Codebook) -> dict[str, str]:
    """The three columns that name this codebook."""
    return {
        "codebook_id": codebook.id,
        "codebook_version": codebook.version,
        "codebook_digest": codebook.digest,
    }


def fields(codebook: Codebook) -> Rows:
    """One row per field; columns of the table `fields`."""
    plain = (
        "table",
        "name",
        "label",
        "question",
        "type",
        "level",
        "required",
        "applies_if",
        "vocabulary",
        "evidence",
        "aggregate",
        "unit",
    )
    lists = ("missing", "missing_values")
    return [
        {n: getattr(field, n) for n in plain} | {n: list(getattr(field, n)) for n in lists} | stamp(codebook)
        for field in codebook.fields.values()
    ]


def vocabularies(codebook: Codebook) -> Rows:
    """One row per value of every vocabulary; columns of the table `vocabularies`."""
    return [
        {
            "vocabulary": vocabulary.id, "value": term.value, "label": term.label, "definition": term.definition,
            "parent": term.parent, "position": position, **stamp(codebook),
        }
        for vocabulary in codebook.vocabularies.values()
        for position, term in enumerate(vocabulary.terms)
    ]  # fmt: skip


def allowed(codebook: Codebook, field: Field) -> tuple[str, ...]:
    """The values that a field of codes or sets may take; empty for other fields."""
    if field.vocabulary == "event_type":
        return codebook.codes
    return codebook.vocabularies[field.vocabulary].values if field.vocabulary else ()


# ── the JSON Schema of a reading ──────────────────────────────────────────────────────────────────────────────────────

_TYPES: dict[str, dict[str, Any]] = {
    TEXT: {"type": ["string", "null"]},
    INTEGER: {"type": ["integer", "null"]},
    NUMBER: {"type": ["number", "null"]},
    "bool": {"type": ["boolean", "null"]},
    TEXTS: {"type": ["array", "null"], "items": {"type": "string"}},
    DATE: {
        "type": ["string", "null"], "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
        "description": "a day, written 2025-06-16",
    },
}  # fmt: skip
_KEY = {
    "type": "string",
    "pattern": "^[A-Za-z0-9][A-Za-z0-9_.-]*$",
    "description": "letters, digits, . _ and -",
}
_TIME = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]+)?)?(Z|[+-][0-9]{2}:[0-9]{2})$"
_EDTF = {
    "type": ["string", "null"],
    "description": "a date in ISO 8601 or EDTF: 2025-06, 2025-01/.., 2025-04~",
}


def json_schema(codebook: Codebook, strict: bool = False) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of one reading, as a line of a readings file holds it.

    It describes shape: names, types, nesting. With `strict`, every closed list of values is in it too, which is what an
    LLM endpoint or an editor wants; importing uses the shape alone, so that an unknown code is a finding with a place and
    never a refusal.
    """
    evidence = _object(
        {
            "field": _TYPES[TEXT], "start": {"type": "integer", "minimum": 0}, "end": {"type": "integer", "minimum": 0},
            "salt": _TYPES[TEXT], "quote_hash": {"type": ["string", "null"], "pattern": "^sha256:[0-9a-f]{64}$"},
            "quote": _TYPES[TEXT], "evidence_id": _TYPES[TEXT],
        }
    )  # fmt: skip
    source = _object({"key": _KEY, **_values(codebook, "sources", strict), **_evidence(evidence)}, "key")
    support = _object(
        {"source": _KEY, **_values(codebook, "support", strict), **_evidence(evidence)}, "source"
    )
    coding = _object(
        {
            "key": _KEY, **_values(codebook, "codings", strict),
            **{name: _TYPES[kind] for name, kind in SOURCING.items()},
            "participants": _list(_participant(codebook, strict)), "support": _list(support), **_evidence(evidence),
        },
        "key", "event_type",
    )  # fmt: skip
    reading = _object(
        {
            "reading_id": _TYPES[TEXT], "document": {"type": "string", "minLength": 1},
            "coder": {"type": "string", "minLength": 1},
            "codebook": {"type": "string", "pattern": "^[a-z][a-z0-9_-]*@[0-9]+\\.[0-9]+\\.[0-9]+$", "description": "id@version"},
            "revision": {"type": "integer", "minimum": 1}, "status": {"enum": list(STATUSES)},
            "coded_at": {"type": ["string", "null"], "pattern": _TIME, "description": "a time with its zone, such as 2025-06-20T10:00:00Z"},
            "sample_role": _TYPES[TEXT], "inclusion_p": {"type": ["number", "null"], "exclusiveMinimum": 0, "maximum": 1},
            "note": _TYPES[TEXT], "adopted_from": _TYPES[TEXT], "sources": _list(source), "codings": _list(coding),
        },
        "document", "coder", "codebook", "revision", "status",
    )  # fmt: skip
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"A reading under {codebook.reference}",
    }
    return head | reading


def _object(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    shape: dict[str, Any] = {"type": "object", "properties": properties, "additionalProperties": False}
    return shape | ({"required": list(required)} if required else {})


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": ["array", "null"], "items": items}


def _evidence(evidence: dict[str, Any]) -> dict[str, Any]:
    return {"evidence": _list(evidence)}


_IDS = {"sources": ("source_id",), "support": ("support_id",), "codings": ("coding_id",)}
_ABOVE = ("reading_id", "coding_id", "source_id", "support_id", "key")


def _values(codebook: Codebook, table: str, strict: bool) -> dict[str, Any]:
    found = dict.fromkeys(_IDS[table], _TYPES[TEXT])
    found |= {name: _TYPES[kind] for name, kind in columns(codebook, table).items() if name not in _ABOVE}
    for field in codebook.fields_of(table):
        if field.type == "date":
            found[field.name] = _EDTF
        if field.name in found:
            found[field.name] = _described(codebook, field, found[field.name], strict)
        if field.missing:
            found[f"{field.name}_missing"] = {"enum": [*field.missing, None]} if strict else _TYPES[TEXT]
    if table == "codings":
        found.setdefault("date", _EDTF)
    return found


def _described(codebook: Codebook, field: Field, plain: dict[str, Any], strict: bool) -> dict[str, Any]:
    told = {**plain, "title": field.label, "description": field.question}
    values = list(allowed(codebook, field)) if strict else []
    if values and field.type == "set":
        return told | {"items": {"enum": values}}
    return told | ({"enum": [*values, None]} if values else {})


def _participant(codebook: Codebook, strict: bool) -> dict[str, Any]:
    actor = {"enum": [*codebook.actors, None]} if strict and codebook.actors else _TYPES[TEXT]
    missing = {"enum": [*MISSING_REASONS, None]} if strict else _TYPES[TEXT]
    return _object(
        {
            "role": {"enum": list(ROLES)}, "position": {"type": "integer", "minimum": 0}, "actor_id": actor,
            "actor_missing": missing, "name_as_printed": _TYPES[TEXT], "member_of": actor,
        },
        "role",
    )  # fmt: skip
