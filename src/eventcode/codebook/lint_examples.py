"""Lint of examples: they are tests, guidance and prompt text at once, so every code, value, actor and key in them must exist."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from eventcode import dates
from eventcode.codebook import views
from eventcode.codebook.lint_rules import Hit, groups
from eventcode.model import ROLES, Codebook, Example, Field
from eventcode.shape import did_you_mean

Plain = Mapping[str, Any]
Said = Iterator[tuple[str, str]]  # what is wrong, and the remedy
ID = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)+")
KEYS = ("key", "participants", "support", "evidence", "fields")
ACTORS = ("actor", "actors")


def names(codebook: Codebook) -> Iterator[Hit]:
    """An example is cited by its name."""
    for group in groups(codebook.examples, lambda example: example.name):
        for example in group[1:]:
            yield Hit(
                example.name,
                f"two examples are called '{example.name}'",
                example.place,
                f"the first is at {group[0].place}",
            )


def codes(codebook: Codebook) -> Iterator[Hit]:
    """The codes of an example exist; what it expects can be coded, and is not what it says it is not."""
    for example in codebook.examples:
        if _own(codebook, example):
            for message, hint in _codes(codebook, example):
                yield _hit(example, message, hint)


def _own(codebook: Codebook, example: Example) -> bool:
    """Whether the codes of an example are this codebook's: those of a module may be another's."""
    return example.codes_of in (None, codebook.id)


def _hit(example: Example, message: str, hint: str) -> Hit:
    return Hit(example.name, f"example '{example.name}': {message}", example.place, hint)


def _codes(codebook: Codebook, example: Example) -> Said:
    expected = [coding["event_type"] for coding in example.expect or () if "event_type" in coding]
    given = [*expected, *example.not_, *([example.negative] if example.negative else [])]
    for code in dict.fromkeys(given):
        if code not in codebook.event_types:
            yield f"there is no code '{code}'", did_you_mean(code, [*codebook.event_types])
    for code in dict.fromkeys(expected):
        if code in example.not_:
            yield f"code {code} is both expected and excluded", "take it out of one of expect and not"
        if code in codebook.event_types and codebook.event_types[code].act == "none":
            yield (
                f"code {code} stands for no act and is expected",
                "write expect: [] and name it under negative",
            )
    kind = codebook.event_types.get(example.negative or "")
    if kind is not None and kind.act != "none":
        yield f"code {kind.code} is an act and stands under negative", "name it under expect"


def values(codebook: Codebook) -> Iterator[Hit]:
    """The values of an example are in their lists, its actors and source keys exist, its fields are fields."""
    for example in codebook.examples:
        for message, hint in _values(codebook, example):
            yield _hit(example, message, hint)


def _values(codebook: Codebook, example: Example) -> Said:
    keys = [source.get("key", "") for source in example.sources]
    for key in dict.fromkeys(keys):
        if keys.count(key) > 1:
            yield f"two sources have the key '{key}'", "give each its own"
    for source in example.sources:
        yield from _row(codebook, "sources", source)
    for coding in example.expect or ():
        yield from _coding(codebook, coding, keys, _own(codebook, example))
    for support in example.support:
        yield from _support(codebook, support, keys)
    yield from _row(codebook, "documents", example.document)


def _coding(codebook: Codebook, coding: Plain, keys: list[str], own: bool) -> Said:
    kind = codebook.event_types.get(coding.get("event_type", ""))
    realis = coding.get("realis")
    if own and kind is not None and realis is not None and realis not in kind.realis:
        yield f"code {kind.code} cannot be '{realis}'", f"one of: {', '.join(kind.realis)}"
    fields = {name: value for name, value in coding.items() if name not in (*KEYS, "event_type")}
    if own:
        yield from _row(codebook, "codings", {**fields, **coding.get("fields", {})})
    for role, actors in _participants(coding):
        if role not in ROLES:
            yield f"there is no role '{role}'", did_you_mean(role, [*ROLES])
        yield from _known(codebook, actors)
    for support in coding.get("support", ()):
        yield from _support(codebook, support, keys)


def _participants(coding: Plain) -> Iterator[tuple[str, list[str]]]:
    """(role, actor ids) of the mapping role → id or printed name, or of a list of rows as in a reading."""
    given = coding.get("participants", {})
    if isinstance(given, Mapping):
        for role, who in given.items():
            names = [who] if isinstance(who, str) else [name for name in who or () if isinstance(name, str)]
            yield role, [name for name in names if ID.fullmatch(name)]
    else:
        for row in given:
            yield row.get("role", ""), [row[name] for name in ("actor_id", "member_of") if row.get(name)]


def _support(codebook: Codebook, row: Plain, keys: list[str]) -> Said:
    source = row.get("source")
    if keys and source is not None and source not in keys:
        yield f"there is no source '{source}'", did_you_mean(source, keys)
    yield from _row(codebook, "support", {name: value for name, value in row.items() if name != "source"})


def _row(codebook: Codebook, table: str, row: Plain) -> Said:
    columns = {
        **dict.fromkeys(views.columns(codebook, table)),
        **dict.fromkeys(f.name for f in codebook.fields_of(table)),
    }
    known = [*columns, "date", "published_at", "key", "evidence"]
    for name, value in row.items():
        field = codebook.fields.get((table, name))
        if name not in known:
            yield f"{table} has no field '{name}'", did_you_mean(name, known)
        elif field is not None and value is not None:
            yield from _value(codebook, field, value)
        else:
            yield from _reason(codebook, table, name, value)


def _value(codebook: Codebook, field: Field, value: Any) -> Said:
    given = [value] if isinstance(value, str) else value if isinstance(value, tuple) else []
    if field.type in ACTORS:
        yield from _known(codebook, list(given))
    elif field.type == "date":
        try:
            dates.parse(str(value))
        except ValueError as error:
            yield f"{field.name}: {error}", dates.HINT
    elif field.vocabulary and field.vocabulary != "event_type":
        allowed = views.allowed(codebook, field)
        for part in given:
            if part not in allowed:
                yield f"'{part}' is no value of {field.name}", did_you_mean(part, [*allowed])


def _reason(codebook: Codebook, table: str, name: str, value: Any) -> Said:
    field = codebook.fields.get((table, name.removesuffix("_missing")))
    if field is not None and name.endswith("_missing") and value not in (None, *field.missing):
        yield (
            f"'{value}' is no missing reason of {field.name}",
            f"one of: {', '.join(field.missing)}" if field.missing else "it has none",
        )


def _known(codebook: Codebook, ids: list[str]) -> Said:
    for name in ids if codebook.actors else ():
        if name not in codebook.actors:
            yield f"there is no actor '{name}'", did_you_mean(name, [*codebook.actors])
