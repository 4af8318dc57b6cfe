"""Shapes: JSON Schema validation whose messages say where, what, and the remedy."""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

from eventcode.bundled import schema_file
from eventcode.errors import Problem
from eventcode.yamlfile import Document, Path_

TYPES = {
    "string": "text", "integer": "a whole number", "number": "a number", "boolean": "true or false", "array": "a list",
    "object": "a mapping", "null": "nothing",
}  # fmt: skip
HINTS = {
    "array": "write a list: [one, two]", "object": "write a mapping: {key: value}",
    "integer": "write a number without quotes", "number": "write a number without quotes", "boolean": "write true or false",
    "string": "write one text",
}  # fmt: skip
SHOWN = 60
LISTED = 30  # allowed values that a message lists; of longer lists it says how many more there are


def check(document: Document, name: str) -> list[Problem]:
    """What is wrong with the shape of a YAML file, by the name of its schema.

    The verdict comes from `jsonschema-rs`, which takes a tenth of a millisecond; `jsonschema` is asked only what to say of a file that
    is refused.
    """
    if _verdict(name).is_valid(document.data):
        return []
    return [
        document.problem(path, message, hint)
        for path, message, hint in violations(document.data, bundled(name))
    ]


def violations(value: Any, schema: Mapping[str, Any] | Any) -> Iterator[tuple[Path_, str, str]]:
    """(path, what, remedy) of everything in `value` that `schema` (a schema or a validator) refuses."""
    validator = schema if hasattr(schema, "iter_errors") else compiled(schema)
    seen: set[tuple[Path_, str]] = set()
    for error in sorted(validator.iter_errors(value), key=lambda e: [str(part) for part in e.absolute_path]):
        for path, message, hint in _explain(error):
            if (path, message) not in seen:
                seen.add((path, message))
                yield path, message, hint


def compiled(schema: Mapping[str, Any]) -> Any:
    """A validator (draft 2020-12): a quick verdict, and `jsonschema` for what to say of a value that is refused."""
    return _Compiled(schema)


class _Compiled:
    """Each of the two validators of a schema is made when it is first needed."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self.schema = schema

    def iter_errors(self, value: Any) -> Iterator[Any]:
        """What the schema refuses in a value."""
        if not self._quick.is_valid(value):
            yield from self._slow.iter_errors(value)

    @cached_property
    def _quick(self) -> Any:
        from jsonschema_rs import Draft202012Validator

        return Draft202012Validator(dict(self.schema))

    @cached_property
    def _slow(self) -> Any:
        from jsonschema import Draft202012Validator

        return Draft202012Validator(dict(self.schema))


@cache
def bundled(name: str) -> Any:
    """The validator of one of the project's file schemas, by name: `fields`, `rules`, `dataset` …"""
    return compiled(_schema(name))


def _schema(name: str) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(schema_file(name).read_text("utf-8"))
    return schema


@cache
def _verdict(name: str) -> Any:
    from jsonschema_rs import Draft202012Validator

    return Draft202012Validator(_schema(name))


def vendored(name: str) -> Any:
    """The validator of a published profile that the package carries, such as `datapackage-2.0`."""
    text = files("eventcode").joinpath("vendor", f"{name}.json").read_text("utf-8")
    schema = json.loads(text)
    from jsonschema.validators import validator_for

    return validator_for(schema)(schema)


def did_you_mean(word: str, known: list[str]) -> str:
    """`did you mean 'realis'?` where something is close, else the list; to a number, what differs in leading zeros is closest."""
    digits = word.strip().removesuffix(".0")
    bare = digits.lstrip("0")
    close = sorted(
        (one for one in known if digits.isdigit() and one.isdigit() and one.lstrip("0") == bare), key=len
    )
    close = close or [one for one in known if one.casefold() == word.casefold()]
    close = close or difflib.get_close_matches(word, known, 1)
    if close:
        return f"did you mean '{close[0]}'?"
    more = f", … ({len(known) - LISTED} more)" if len(known) > LISTED else ""
    return f"one of: {', '.join(known[:LISTED])}{more}" if known else ""


def _explain(error: Any) -> Iterator[tuple[Path_, str, str]]:
    path = tuple(error.absolute_path)
    explain = _EXPLAIN.get(error.validator)
    if explain is None:
        yield path, error.message[:200], ""
    else:
        for below, message, hint in explain(error):
            yield (*path, *below), message, hint


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


Explained = Iterator[tuple[Path_, str, str]]


def _required(error: Any) -> Explained:
    for name in error.validator_value:
        if name not in error.instance:
            yield (), f"'{name}' is missing", f"add {name}:"


def _together(error: Any) -> Explained:
    for name, wanted in error.validator_value.items():
        for other in wanted if name in error.instance else ():
            if other not in error.instance:
                yield (name,), f"'{name}' stands without '{other}'", f"add {other}:, or take {name}: out"


def _additional(error: Any) -> Explained:
    known = [*error.schema.get("properties", {})]
    free = [name for name in known if name not in error.instance]
    for name in error.instance:
        if name not in known:
            meant = did_you_mean(name, free)
            yield (
                (name,),
                f"'{name}' is unknown here",
                meant if meant.startswith("did") else did_you_mean(name, known),
            )


def _type(error: Any) -> Explained:
    wanted = error.validator_value if isinstance(error.validator_value, list) else [error.validator_value]
    expected = " or ".join(TYPES[kind] for kind in wanted)
    hint = HINTS.get(wanted[0], "")
    if isinstance(error.instance, int | float) and "string" in wanted:
        hint = f'put it in quotes: "{_shown(error.instance)}"'
    yield (), f"{_shown(error.instance)} is not {expected}", hint


def _enum(error: Any) -> Explained:
    known = [str(value) for value in error.validator_value]
    yield (), f"{_shown(error.instance)} is not allowed here", did_you_mean(str(error.instance), known)


def _const(error: Any) -> Explained:
    yield (), f"{_shown(error.instance)} must be {_shown(error.validator_value)}", ""


def _pattern(error: Any) -> Explained:
    hint = error.schema.get("description", f"it must match {error.validator_value}")
    yield (), f"{_shown(error.instance)} is not written as it must be", hint


def _bound(error: Any) -> Explained:
    yield (), f"{_shown(error.instance)} is out of range", f"{error.validator} {error.validator_value}"


def _empty(error: Any) -> Explained:
    yield (), f"{_shown(error.instance)} is too short", "write something, or leave the key out"


def _alternatives(error: Any) -> Explained:
    best = min(error.context, key=lambda e: -len(e.absolute_path), default=None)
    hint = error.schema.get("description", best.message[:200] if best else "")
    yield (), f"{_shown(error.instance)} fits none of the allowed forms", hint


_EXPLAIN: dict[str, Callable[[Any], Explained]] = {
    "required": _required, "dependentRequired": _together,
    "additionalProperties": _additional, "type": _type, "enum": _enum, "const": _const,
    "pattern": _pattern, "minimum": _bound, "maximum": _bound, "exclusiveMinimum": _bound, "minLength": _empty,
    "minItems": _empty, "minProperties": _empty, "anyOf": _alternatives, "oneOf": _alternatives,
}  # fmt: skip
