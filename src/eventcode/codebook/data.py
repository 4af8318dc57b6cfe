"""The codebook as tables of data: what `views` has, and the lists that stand inside event types, with examples and crosswalks."""

from __future__ import annotations

import json
from typing import Any

from eventcode.codebook import views
from eventcode.codebook.same import bare
from eventcode.codebook.views import Rows, stamp
from eventcode.model import Codebook

KEYS = {
    "codes": ("code",), "fields": ("table", "name"), "vocabularies": ("vocabulary", "position"), "includes": ("code", "position"),
    "excludes": ("code", "position"), "examples": ("position",), "crosswalks": ("position",), "rules": ("id",), "actors": ("actor_id",),
}  # fmt: skip
_RULE = ("id", "table", "field", "severity", "kind", "when", "require", "message", "hint", "why")


def tables(codebook: Codebook) -> dict[str, Rows]:
    """Every table by name: rows of text, numbers, truth and lists of text; empty ones are left out."""
    made = {
        "codes": views.codes(codebook), "fields": _fields(codebook), "vocabularies": views.vocabularies(codebook),
        "includes": _includes(codebook), "excludes": _excludes(codebook), "examples": _examples(codebook),
        "crosswalks": _crosswalks(codebook),
        "rules": [{name: getattr(rule, name) for name in _RULE} | stamp(codebook) for rule in codebook.rules.values()],
        "actors": _actors(codebook),
    }  # fmt: skip
    return {name: rows for name, rows in made.items() if rows}


def _fields(codebook: Codebook) -> Rows:
    more = ("help", "minimum", "maximum", "pattern", "max_words", "section")
    rows = views.fields(codebook)
    return [
        row | {name: getattr(field, name) for name in more}
        for row, field in zip(rows, codebook.fields.values(), strict=True)
    ]


def _includes(codebook: Codebook) -> Rows:
    return [
        {"code": kind.code, "position": position, "text": text, **stamp(codebook)}
        for kind in codebook.event_types.values()
        for position, text in enumerate(kind.includes)
    ]


def _excludes(codebook: Codebook) -> Rows:
    return [
        {"code": kind.code, "position": position, "text": exclude.text, "see": exclude.see, **stamp(codebook)}
        for kind in codebook.event_types.values()
        for position, exclude in enumerate(kind.excludes)
    ]


def _examples(codebook: Codebook) -> Rows:
    """One row per example; what it expects beyond the codes is JSON."""
    rows = []
    for position, example in enumerate(codebook.examples):
        expect = bare(example.expect)
        rows.append({
            "position": position, "name": example.name, "text": example.text,
            "codes": [coding["event_type"] for coding in expect or () if "event_type" in coding], "not": [*example.not_],
            "negative": example.negative, "expect": None if expect is None else json.dumps(expect, ensure_ascii=False),
            "note": example.note or None, "codes_of": example.codes_of or codebook.id, **stamp(codebook),
        })  # fmt: skip
    return rows


def _crosswalks(codebook: Codebook) -> Rows:
    rows = []
    for position, row in enumerate(codebook.crosswalks):
        fields = [f"{name}={value}" for name, value in row.fields.items()]
        rows.append({
            "position": position, "vocabulary": row.vocabulary, "code": row.code, "target_codebook": row.target_codebook,
            "target_version": row.target_version, "target_vocabulary": row.target_vocabulary, "target_code": row.target_code,
            "target_fields": fields, "match": row.match, "note": row.note or None, **stamp(codebook),
        })  # fmt: skip
    return rows


def _actors(codebook: Codebook) -> Rows:
    rows: list[dict[str, Any]] = []
    for actor in codebook.actors.values():
        plain = {name: getattr(actor, name) for name in ("name", "kind", "country", "valid_from", "valid_to")}
        ties = [
            f"{tie.relation} {tie.actor} {tie.valid_from or '..'}/{tie.valid_to or '..'}"
            for tie in actor.parents
        ]
        rows.append(
            {
                "actor_id": actor.id,
                **plain,
                "aliases": [*actor.aliases],
                "ties": ties,
                "note": actor.note or None,
                **stamp(codebook),
            }
        )
    return rows


def arrow(rows: Rows) -> Any:
    """A table of rows; a column that holds nothing is one of text."""
    import pyarrow as pa

    def kind(name: str) -> pa.DataType:
        values = [row[name] for row in rows if row[name] is not None]
        if values and isinstance(values[0], list):
            return pa.list_(pa.string())
        if values and all(isinstance(value, bool) for value in values):
            return pa.bool_()
        if values and all(isinstance(value, int) and not isinstance(value, bool) for value in values):
            return pa.int64()
        return (
            pa.float64()
            if values and all(isinstance(value, int | float) for value in values)
            else pa.string()
        )

    names = [*rows[0]]
    return pa.table({name: pa.array([row[name] for row in rows], kind(name)) for name in names})
