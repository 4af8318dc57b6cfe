"""From the plain values of a codebook's files to the nouns of `eventcode.model`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from eventcode.model import (
    Acceptance,
    Actor,
    Codebook,
    Crossing,
    DatePhrase,
    EventType,
    Example,
    Exclude,
    Field,
    Guidance,
    Migration,
    Place,
    Relation,
    Rule,
    Step,
    Term,
    Vocabulary,
)

Plain = Mapping[str, Any]
_TERM = ("value", "label", "definition", "parent")
_RULE_OPTIONS = (
    "within", "references", "reference_columns", "parent", "days", "family", "km", "same_place", "overlap", "builtin", "definition",
)  # fmt: skip


def frozen(value: Any) -> Any:
    """A value whose mappings and lists cannot be changed."""
    if isinstance(value, dict):
        return MappingProxyType({key: frozen(child) for key, child in value.items()})
    return tuple(frozen(child) for child in value) if isinstance(value, list) else value


def _given(plain: Plain, *names: str) -> dict[str, Any]:
    return {name: frozen(plain[name]) for name in names if plain.get(name) is not None}


def event_type(plain: Plain, place: Place) -> EventType:
    """One entry of `event_types`."""
    excludes = tuple(Exclude(entry["text"], entry.get("see")) for entry in plain.get("excludes", ()))
    tier = plain.get("tier") or _tier(plain)
    own = _given(
        plain, "code", "name", "label", "act", "definition", "includes", "realis", "requires", "intensity", "other_intensities", "quad",
        "triggers", "stata_value", "note",
    )  # fmt: skip
    return EventType(parent=plain.get("parent"), tier=tier, excludes=excludes, place=place, **own)


def _tier(plain: Plain) -> str:
    if plain.get("parent") is None:
        return "root"
    return "negative" if plain["act"] == "none" else "core"


def field(plain: Plain, place: Place) -> Field:
    """One entry of `fields`."""
    return Field(place=place, **_given(plain, *(name for name in plain if name != "place")))


def rule(plain: Plain, place: Place) -> Rule:
    """One entry of `rules`."""
    own = _given(
        plain, "id", "table", "severity", "message", "hint", "why", "field", "when", "require", "kind", "columns", "examples",
        "codes_of",
    )  # fmt: skip
    return Rule(options=frozen({k: plain[k] for k in _RULE_OPTIONS if k in plain}), place=place, **own)


def vocabulary(plain: Plain, terms: Iterable[Term], place: Place) -> Vocabulary:
    """A vocabulary file and its terms."""
    missing = tuple(plain.get("missing_values", ()))
    return Vocabulary(plain["id"], plain["title"], plain.get("definition", ""), tuple(terms), missing, place)


def term(plain: Plain, place: Place) -> Term:
    """One entry of `terms`; attributes that this vocabulary adds go to `extra`."""
    extra = frozen({key: value for key, value in plain.items() if key not in _TERM})
    return Term(
        plain["value"],
        plain["label"],
        plain.get("definition") or "",
        plain.get("parent") or None,
        extra,
        place,
    )


def actor(plain: Plain, place: Place = Place()) -> Actor:
    """One entry of `actors`."""
    parents = tuple(
        Relation(entry["actor"], entry["relation"], entry.get("from"), entry.get("to"))
        for entry in plain.get("parents", ())
    )
    own = _given(plain, "id", "name", "kind", "country", "aliases", "valid_from", "valid_to", "note")
    return Actor(parents=parents, place=place, **own)


def with_actors(codebook: Codebook, plain: Iterable[Plain]) -> Codebook:
    """A codebook with more entries of `actors`."""
    return replace(codebook, actors={**codebook.actors, **{one["id"]: actor(one) for one in plain}})


def guidance(plain: Plain, place: Place) -> Guidance:
    """One entry of `guidance`."""
    return Guidance(place=place, **_given(plain, "id", "title", "text", "example"))


def example(plain: Plain, place: Place) -> Example:
    """One entry of `examples`."""
    expect = frozen(plain["expect"]) if "expect" in plain else None
    own = _given(plain, "name", "text", "document", "sources", "support", "negative", "note", "codes_of")
    return Example(expect=expect, not_=tuple(plain.get("not", ())), place=place, **own)


def crossing(plain: Plain, place: Place) -> Crossing:
    """One row of a crosswalk file."""
    fields = dict(
        part.partition("=")[::2] for part in plain.get("target_fields", "").split(";") if part.strip()
    )
    return Crossing(
        plain["code"], plain["target_codebook"], plain["target_version"], plain.get("target_code"), plain["match"],
        plain.get("note", ""), MappingProxyType({name.strip(): value.strip() for name, value in fields.items()}),
        plain.get("vocabulary"), plain.get("target_vocabulary"), place,
    )  # fmt: skip


def acceptance(plain: Plain, place: Place) -> Acceptance:
    """One entry of `accepted`; the rule may be named without its `lint.`."""
    rule = plain["rule"] if plain["rule"].startswith("lint.") else f"lint.{plain['rule']}"
    return Acceptance(rule, plain["why"], tuple(plain.get("of", ())), place)


def migration(plain: Plain, places: Iterable[Place], place: Place) -> Migration:
    """A migration file; `places` are those of its steps."""
    steps = tuple(_step(entry, where) for entry, where in zip(plain["steps"], places, strict=True))
    return Migration(plain["since"], plain["to"], steps, place)


def _step(plain: Plain, place: Place) -> Step:
    to = plain.get("to", [])
    own = _given(plain, "do", "of", "table", "field", "value", "missing", "codes", "type", "why")
    return Step(to=(to,) if isinstance(to, str) else tuple(to), place=place, **own)


def date_phrase(plain: Plain, place: Place) -> DatePhrase:
    """One entry of `phrases` in a dates file."""
    own = _given(plain, "phrase", "start", "end", "precision", "basis", "note", "examples")
    return DatePhrase(place=place, **own)
