"""A codebook as small as one can be that the linter has nothing to say of, as plain values to be spoilt one by one."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import yaml

Files = dict[str, Any]

CARD = {
    "id": "tiny",
    "title": "A tiny codebook",
    "version": "1.2.0",
    "kind": "codebook",
    "licence": "CC-BY-4.0",
    "description": "For tests.",
    "scales": {
        "intensity": {
            "title": "Calm",
            "edition": "1",
            "minimum": -10,
            "maximum": 10,
            "direction": "Up is calmer.",
        }
    },
}
REALIS = ["occurred", "planned"]


def code(key: str, name: str, label: str, act: str, parent: str | None = None, **more: Any) -> dict[str, Any]:
    """An event type."""
    own = {
        "code": key,
        "name": name,
        "label": label,
        "parent": parent,
        "act": act,
        "definition": f"{label}, as told.",
    }
    return own | {"realis": REALIS, "requires": ["actor"], "stata_value": int(key)} | more


CODES = [
    code(
        "010",
        "threaten",
        "Threaten",
        "word",
        quad="verbal_conflict",
        intensity=-4,
        excludes=[{"text": "done", "see": "020"}],
    ),
    code(
        "011",
        "give_an_ultimatum",
        "Give an ultimatum",
        "word",
        "010",
        requires=["actor", "deadline"],
        triggers={"verbs": ["leave"], "phrases": ["or else"]},
    ),
    code(
        "020",
        "leave",
        "Leave",
        "deed",
        quad="material_cooperation",
        intensity=5,
        triggers={"verbs": ["leave"], "phrases": ["left the camp"]},
    ),
    code("030", "no_event", "No event", "none", realis=[], requires=[]),
]


def field(name: str, kind: str, level: str, **more: Any) -> dict[str, Any]:
    """A field of codings."""
    label = name.replace("_", " ").capitalize()
    return {
        "name": name,
        "table": "codings",
        "label": label,
        "question": f"{label}?",
        "type": kind,
        "level": level,
    } | more


FIELDS = [
    field(
        "event_type",
        "code",
        "hierarchical",
        vocabulary="event_type",
        required=True,
        always_answerable=True,
        aggregate="most_specific",
    ),
    field("realis", "code", "nominal", vocabulary="realis", required=True, always_answerable=True),
    field("setting", "code", "nominal", vocabulary="setting", required=True, missing_values=["unknown"]),
    field(
        "deadline",
        "date",
        "interval",
        applies_if="type.code = '011'",
        missing=["not_stated"],
        aggregate="interval",
    ),
    field("extent", "code", "ordinal", vocabulary="extent", scale={"best": "all", "worst": "some"}),
    field("n_sites", "integer", "ratio", minimum=0, maximum=99, aggregate="range"),
]
RULE = {
    "id": "tiny.some-sites",
    "table": "codings",
    "field": "n_sites",
    "severity": "error",
    "when": "type.code = '020'",
    "require": "n_sites > 0",
    "message": "nothing was left, but n_sites is {n_sites}",
    "hint": "clear n_sites",
    "why": "Nobody leaves nothing.",
    "examples": {
        "pass": [{"event_type": "020", "n_sites": 1}],
        "fail": [{"event_type": "020", "n_sites": 0}],
    },
}
ACTORS = [
    {"id": "gov", "name": "The Government", "kind": "state", "country": "IRQ", "valid_from": "1921"},
    {"id": "front", "name": "The Front", "kind": "armed_group", "aliases": ["Front"]},
    {
        "id": "front.north",
        "name": "Northern Brigade",
        "kind": "armed_group",
        "parents": [{"actor": "front", "relation": "part_of", "from": "2014", "to": "2020"}],
    },
]
EXAMPLES = [
    {
        "name": "leave or else",
        "text": "Leave or else, it said.",
        "expect": [{"event_type": "010", "realis": "occurred"}],
        "not": ["011", "020"],
        "sources": [{"key": "s1"}],
        "support": [{"source": "s1"}],
    },
    {
        "name": "by noon",
        "text": "Leave by noon or else, the government said.",
        "not": ["010"],
        "expect": [
            {
                "event_type": "011",
                "participants": {"actor": "gov"},
                "fields": {"deadline": "2025-05-10", "setting": "public"},
            }
        ],
    },
    {"name": "left", "text": "They left the camp.", "expect": [{"event_type": "020"}], "not": ["010"]},
    {"name": "will they", "text": "Will they leave?", "expect": [], "negative": "030"},
]
CROSSWALK = """code,target_codebook,target_version,target_code,match,note
010,other,1,13,exact,
011,other,1,13,broad,
020,other,1,,none,
030,other,1,,none,
"""
# The codebook that the crosswalk leads to.
OTHER: Files = {
    "codebook.yaml": {**CARD, "id": "other", "title": "Another", "version": "1.0.0", "edition": "2021"},
    "events/all.yaml": {
        "defaults": {"act": "word", "realis": ["occurred"], "requires": ["actor"]},
        "event_types": [
            {"code": "13", "name": "warn", "label": "Warn", "definition": "A warning."},
            {"code": "14", "name": "ask", "label": "Ask", "definition": "A question.", "parent": "13"},
        ],
    },
    "fields.yaml": {"fields": [{**FIELDS[2], "name": "setting", "vocabulary": "setting"}]},
    "vocabularies/setting.csv": "value,label\npublic,Public\nprivate,Private\n",
}
FILES: Files = {
    "codebook.yaml": CARD,
    "events/all.yaml": {"event_types": CODES},
    "fields.yaml": {"fields": FIELDS},
    "rules.yaml": {"rules": [RULE]},
    "guidance.yaml": {
        "guidance": [
            {"id": "G1", "title": "First", "text": "Read it."},
            {"id": "G2", "title": "Then", "text": "Code it."},
        ]
    },
    "vocabularies/actors.yaml": {"id": "actors", "kind": "actors", "actors": ACTORS},
    "vocabularies/country.csv": "value,label\nIRQ,Iraq\nIRN,Iran\n",
    "examples/all.yaml": {"examples": EXAMPLES},
    "crosswalks/other.csv": CROSSWALK,
}
VOCABULARIES = {
    "realis": REALIS,
    "setting": ["public", "private", "unknown"],
    "extent": ["all", "some"],
    "actor_kind": ["state", "armed_group"],
    "quad": ["verbal_conflict", "material_cooperation"],
    "act": ["word", "deed", "none"],
}


def files() -> Files:
    """The files of the codebook, name → plain values or text, fresh to be changed."""
    lists = {f"vocabularies/{name}.yaml": vocabulary(name, values) for name, values in VOCABULARIES.items()}
    return copy.deepcopy(FILES | lists)


def vocabulary(name: str, values: list[str]) -> dict[str, Any]:
    """A closed list."""
    return {
        "id": name,
        "title": name,
        "terms": [{"value": value, "label": value.replace("_", " ").capitalize()} for value in values],
    }


class _Quoting(yaml.SafeDumper):
    """PyYAML takes `089` for a word and leaves it bare; a code is always quoted."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"' if text.isdigit() else None)


_Quoting.add_representer(str, _text)


def write(folder: Path, found: Files, name: str = "tiny") -> Path:
    """Write the files below `folder`/`name`, and return that path. None leaves a file out, bytes and text are written as they are."""
    home = folder / name
    for path, content in found.items():
        target = home / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, dict):
            plain = json.loads(
                json.dumps(content)
            )  # no value twice the same object, which YAML would write as an alias
            content = yaml.dump(plain, Dumper=_Quoting, sort_keys=False, allow_unicode=True)
        if content is not None:
            target.write_bytes(content if isinstance(content, bytes) else content.encode())
    if "crosswalks/other.csv" in found and not (folder / "other").exists():
        write(folder, OTHER, "other")
    return home
