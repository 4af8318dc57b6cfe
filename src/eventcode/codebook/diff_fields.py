"""What changed in the fields, vocabularies, rules and the rest of a codebook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from eventcode.codebook import same
from eventcode.codebook.changes import Change, shown
from eventcode.model import Codebook, Field, Step, Vocabulary

FIELD_MEANING = (
    "type",
    "level",
    "vocabulary",
    "applies_if",
    "pattern",
    "minimum",
    "maximum",
    "max_words",
    "unit",
    "scale",
    "missing_values",
)
FIELD_WORDS = ("label", "question", "help", "section")


def fields(old: Codebook, new: Codebook, steps: list[Step]) -> Iterator[Change]:
    """Every change of a field."""
    renamed = {(step.table, step.of): step.to[0] for step in steps if step.do == "rename_field"}
    filled = {(step.table, step.of) for step in steps if step.do == "add_field"}
    for key, field in old.fields.items():
        if key in renamed:
            yield Change("major", "renamed", "field", ".".join(key), after=f"{key[0]}.{renamed[key]}")
        elif key not in new.fields:
            yield Change("major", "removed", "field", ".".join(key), field.label)
    for key, field in new.fields.items():
        name = ".".join(key)
        if key in old.fields:
            yield from _field(name, old.fields[key], field)
        elif (key[0], key[1]) not in {(table, to) for (table, _), to in renamed.items()}:
            owes = field.required and key not in filled and field.applies_if is None
            note = "required, and no migration says what earlier codings get" if owes else ""
            yield Change("major" if owes else "minor", "added", "field", name, after=field.label, note=note)


def _field(name: str, before: Field, after: Field) -> Iterator[Change]:
    for attribute in FIELD_MEANING:
        a, b = getattr(before, attribute), getattr(after, attribute)
        if a != b:
            yield Change(
                "major", "redefined", "field", name, f"{attribute} {shown(a)}", f"{attribute} {shown(b)}"
            )
    if after.required and not before.required:
        yield Change("major", "redefined", "field", name, "optional", "required")
    elif before.required and not after.required:
        yield Change("minor", "redefined", "field", name, "required", "optional")
    lost, won = [*_less(before.missing, after.missing)], [*_less(after.missing, before.missing)]
    if lost:
        yield Change(
            "major",
            "redefined",
            "field",
            name,
            f"missing {', '.join(lost)}",
            note="a reason that codings give is gone",
        )
    elif won:
        yield Change("minor", "redefined", "field", name, after=f"missing {', '.join(won)}")
    if before.always_answerable != after.always_answerable:
        yield Change("minor", "redefined", "field", name, note="always_answerable")
    said = [attribute for attribute in FIELD_WORDS if getattr(before, attribute) != getattr(after, attribute)]
    if said:
        yield Change("patch", "reworded", "field", name, note=", ".join(said))
    if before.evidence != after.evidence or before.aggregate != after.aggregate:
        yield Change(
            "minor",
            "redefined",
            "field",
            name,
            f"{before.evidence}, {before.aggregate}",
            f"{after.evidence}, {after.aggregate}",
            "evidence, aggregate",
        )


def _less(a: Iterable[str], b: Iterable[str]) -> Iterator[str]:
    return (value for value in a if value not in b)


def values(old: Codebook, new: Codebook, steps: list[Step]) -> Iterator[Change]:
    """Every change of a vocabulary and its values."""
    renamed = {step.of: step.to[0] for step in steps if step.do == "rename_value" and step.to}
    for name, before in old.vocabularies.items():
        after = new.vocabularies.get(name)
        if after is None:
            yield Change("major", "removed", "vocabulary", name, before.title)
            continue
        for value in _less(before.values, after.values):
            yield Change(
                "major",
                "renamed" if value in renamed else "removed",
                "value",
                f"{name}/{value}",
                after=renamed.get(value, ""),
            )
        for value in _less(after.values, before.values):
            if value not in renamed.values():
                yield Change("minor", "added", "value", f"{name}/{value}")
        words = [
            term.value
            for term in after.terms
            if (was := before.get(term.value))
            and (was.label, was.definition) != (term.label, term.definition)
        ]
        if words:
            yield Change("patch", "reworded", "vocabulary", name, note=", ".join(words))
        yield from _list(name, before, after)
    yield from (
        Change("minor", "added", "vocabulary", name) for name in _less(new.vocabularies, old.vocabularies)
    )


def _list(name: str, before: Vocabulary, after: Vocabulary) -> Iterator[Change]:
    """What a list says beyond its values: which of them mean unknown, which lie below which, their order and attributes."""
    if before.missing_values != after.missing_values:
        a, b = f"missing {shown(before.missing_values)}", f"missing {shown(after.missing_values)}"
        yield Change("major", "redefined", "vocabulary", name, a, b)
    shared = [value for value in before.values if value in after.values]
    if shared != [value for value in after.values if value in shared]:
        yield Change(
            "minor", "moved", "vocabulary", name, note="the order, which decides where the field is ordinal"
        )
    pairs = [(term, after.get(term.value)) for term in before.terms]
    below = [term.value for term, now in pairs if now and now.parent != term.parent]
    if below:
        yield Change("major", "moved", "vocabulary", name, note=f"parents of {', '.join(below)}")
    more = [term.value for term, now in pairs if now and now.extra != term.extra]
    if more:
        yield Change("minor", "redefined", "vocabulary", name, note=f"attributes of {', '.join(more[:5])}")


def rules(old: Codebook, new: Codebook) -> Iterator[Change]:
    """Every change of a rule."""
    yield from (Change("minor", "removed", "rule", name) for name in _less(old.rules, new.rules))
    yield from (Change("minor", "added", "rule", name) for name in _less(new.rules, old.rules))
    asked = ("table", "severity", "field", "when", "require", "kind", "columns", "options")
    for name, rule in new.rules.items():
        before = old.rules.get(name)
        if before is None:
            continue
        changed = [what for what in asked if getattr(before, what) != getattr(rule, what)]
        if changed:
            yield Change("minor", "redefined", "rule", name, note=", ".join(changed))
        elif (before.message, before.hint, before.why) != (rule.message, rule.hint, rule.why):
            yield Change("patch", "reworded", "rule", name)


def rest(old: Codebook, new: Codebook) -> Iterator[Change]:
    """Every change of scales, actors, crosswalks, date phrases, examples, guidance and the codebook's own page."""
    for name in dict.fromkeys((*old.scales, *new.scales)):
        if old.scales.get(name) != new.scales.get(name):
            yield Change(
                "major", "redefined", "scale", name, shown(old.scales.get(name)), shown(new.scales.get(name))
            )
    yield from (Change("major", "removed", "actor", name) for name in _less(old.actors, new.actors))
    yield from (Change("minor", "added", "actor", name) for name in _less(new.actors, old.actors))
    for what, level, kind, a, b in (
        ("actor", "minor", "redefined", _bare(old.actors), _bare(new.actors)),
        ("crosswalk", "minor", "redefined", _crosswalks(old), _crosswalks(new)),
        ("date phrase", "minor", "redefined", _phrases(old), _phrases(new)),
        ("example", "patch", "reworded", _examples(old), _examples(new)),
        ("guidance", "patch", "reworded", _guidance(old), _guidance(new)),
        ("page", "patch", "reworded", _page(old), _page(new)),
    ):
        if what != "actor":
            yield from (Change(level, "removed", what, key) for key in _less(a, b))
            yield from (Change(level, "added", what, key) for key in _less(b, a))
        yield from (Change(level, kind, what, key) for key in b if key in a and a[key] != b[key])


def _bare(entries: Mapping[str, Any]) -> dict[str, object]:
    return {key: same.bare(entry) for key, entry in entries.items()}


def _crosswalks(book: Codebook) -> dict[str, object]:
    found: dict[str, list[object]] = {}
    for row in book.crosswalks:
        found.setdefault(f"{row.code} → {row.target}", []).append(
            (row.target_code, row.match, row.note, dict(row.fields))
        )
    return dict(found)


def _phrases(book: Codebook) -> dict[str, object]:
    spans = {span.precision: (span.at_least, span.at_most) for span in book.date_spans}
    return {
        entry.phrase: (entry.start, entry.end, entry.precision, spans.get(entry.precision))
        for entry in book.date_phrases
    }


def _page(book: Codebook) -> dict[str, object]:
    names = ("title", "description", "unit", "licence", "edition", "references", "authors", "uses", "extends")
    return {name: same.bare(getattr(book, name)) for name in names}


def _examples(book: Codebook) -> dict[str, object]:
    return {
        example.name: (example.text, example.expect, example.not_, example.negative)
        for example in book.examples
    }


def _guidance(book: Codebook) -> dict[str, object]:
    return {entry.id: (entry.title, entry.text, entry.example) for entry in book.guidance}
