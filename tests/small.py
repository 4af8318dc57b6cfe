"""A small codebook for tests: two roots, a field of every type, sources and support in the manner of the sourcing module."""

from __future__ import annotations

import json
from pathlib import Path

import yaml

CARD = {
    "id": "small", "title": "A small codebook", "version": "1.2.0", "kind": "codebook", "licence": "CC-BY-4.0",
    "authors": [{"name": "The eventcode contributors"}], "description": "For tests.", "unit": "An act at a time.",
}  # fmt: skip
REALIS = ["occurred", "planned", "negated"]


def _code(code: str, name: str, parent: str | None, act: str, **more: object) -> dict[str, object]:
    tier = {"none": "negative"}.get(act, "core" if parent else "root")
    return {
        "code": code, "name": name, "label": name.replace("_", " ").capitalize(), "parent": parent, "tier": tier, "act": act,
        "definition": f"What is coded as {name}.", "realis": REALIS, "requires": ["actor"], "stata_value": 1000 + int(code), **more,
    }  # fmt: skip


WORDS = [
    _code(
        "010",
        "threaten",
        None,
        "word",
        includes=["a warning of harm"],
        excludes=[{"text": "a promise", "see": "020"}],
    ),
    _code("011", "threaten_force", "010", "word", quad="verbal_conflict", intensity=-5.0),
    _code("012", "set_an_ultimatum", "010", "word", requires=["actor", "deadline"]),
]
DEEDS = [
    _code("020", "leave", None, "deed"),
    _code("021", "leave_a_base", "020", "deed", requires=["actor", "place_name"]),
    _code("022", "hand_over_arms", "020", "deed"),
    _code("030", "no_event", None, "none"),
    _code("031", "recap", "030", "none"),
]


def _field(name: str, table: str, type_: str, level: str = "nominal", **more: object) -> dict[str, object]:
    label = name.replace("_", " ").capitalize()
    return {"name": name, "table": table, "label": label, "question": f"{label}: what does the text say?", "type": type_,
            "level": level, "section": "How" if table == "codings" else "Who", **more}  # fmt: skip


REASONS = ["not_stated", "cannot_tell"]
FIELDS = [
    _field("event_type", "codings", "code", "hierarchical", vocabulary="event_type", required=True, evidence="required",
           aggregate="most_specific", section="What"),
    _field("realis", "codings", "code", vocabulary="realis", required=True, section="What"),
    _field("setting", "codings", "code", vocabulary="setting", required=True, missing_values=["unknown"], section="What"),
    _field("date", "codings", "date", "interval", required=True, missing=REASONS, aggregate="interval", section="When and where"),
    _field("place_name", "codings", "string", "text", missing=REASONS, max_words=12, section="When and where"),
    _field("country", "codings", "code", vocabulary="country", section="When and where"),
    _field("lat", "codings", "number", "interval", minimum=-90, maximum=90, aggregate="none", section="When and where"),
    _field("lon", "codings", "number", "interval", minimum=-180, maximum=180, aggregate="none", section="When and where"),
    _field("deadline", "codings", "date", "interval", applies_if="event_type = '012'", missing=REASONS),
    _field("means", "codings", "set", "set", vocabulary="means", aggregate="union"),
    _field("n_sites", "codings", "integer", "ratio", minimum=0, aggregate="range", unit="sites"),
    _field("complete", "codings", "boolean", aggregate="any"),
    _field("beneficiary", "codings", "actor"),
    _field("bystanders", "codings", "actors", "set", aggregate="union"),
    _field("summary", "codings", "string", "text", aggregate="none", max_words=30,
           help="One sentence of your own; never copy from the text."),
    _field("identity", "sources", "code", vocabulary="identity", required=True, help="Look for a name on the whole page."),
    _field("source_name", "sources", "string", "text", required=True, applies_if="identity = 'named'", missing=["withheld"], max_words=12),
    _field("source_descriptor", "sources", "string", "text", max_words=12),
    _field("n_persons", "sources", "integer", "ratio", minimum=1),
    _field("affiliations", "sources", "set", "set", vocabulary="affiliation", required=True, applies_if="identity <> 'own_voice'"),
    _field("affiliation_actors", "sources", "actors", "set"),
    _field("speaks_for", "sources", "actor"),
    _field("part_of", "sources", "source"),
    _field("via", "sources", "list", "text", help="From the source outwards."),
    _field("source", "support", "source", required=True),
    _field("field", "support", "string"),
    _field("stance", "support", "code", vocabulary="stance", required=True, evidence="required"),
    _field("knowledge", "support", "code", vocabulary="knowledge", required=True, missing_values=["unknown"]),
    _field("utterance_date", "support", "date", "interval"),
]  # fmt: skip
VOCABULARIES = {
    "realis": REALIS,
    "setting": ["public", "private", "unknown"],
    "means": ["statement", "convoy", "air_strike", "paper"],
    "country": ["IRQ", "IRN", "USA"],
    "identity": ["named", "anonymous", "own_voice"],
    "affiliation": ["government", "armed_group", "civilian", "unknown"],
    "stance": ["asserts", "confirms", "denies"],
    "knowledge": ["participant", "eyewitness", "unknown"],
}
ACTORS = [
    {"id": "gov", "name": "The Government", "kind": "state", "country": "IRQ"},
    {"id": "front", "name": "The Front", "kind": "coalition", "aliases": ["Front"]},
    {"id": "front.north", "name": "Northern Brigade", "kind": "armed_group", "parents": [{"actor": "front", "relation": "member_of"}]},
]  # fmt: skip


def write_small_codebook(folder: Path) -> Path:
    """Write the codebook into `folder`/small, and return that path."""
    home = folder / "small"
    _dump(home / "codebook.yaml", CARD)
    _dump(home / "events/010-threaten.yaml", {"event_types": WORDS})
    _dump(home / "events/020-leave.yaml", {"event_types": DEEDS})
    _dump(home / "fields.yaml", {"fields": FIELDS})
    for name, values in VOCABULARIES.items():
        _dump(
            home / f"vocabularies/{name}.yaml",
            {"id": name, "title": name.capitalize(), "terms": [_term(v) for v in values]},
        )
    _dump(home / "vocabularies/actors.yaml", {"id": "actors", "kind": "actors", "actors": ACTORS})
    return home


def _term(value: str) -> dict[str, str]:
    return {
        "value": value,
        "label": value.replace("_", " ").capitalize(),
        "definition": f"The text shows that it is {value}.",
    }


def _dump(path: Path, data: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    plain = json.loads(json.dumps(data))  # no value twice the same object, which YAML would write as an alias
    path.write_text(yaml.safe_dump(plain, sort_keys=False, allow_unicode=True), encoding="utf-8")
