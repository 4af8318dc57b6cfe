"""An expected coding of an example as a list of answers that can be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eventcode.model import Codebook


@dataclass(frozen=True, slots=True)
class Said:
    """One answer: its name, the field that it answers (`codings-realis`; None for none), the answer, and the code if it is one."""

    name: str
    field: str | None
    value: str
    code: str | None = None


def said(book: Codebook, row: Mapping[str, Any], sources: Sequence[Mapping[str, Any]] = ()) -> list[Said]:
    """The answers of a coding of an example, its code first; what is nested follows with its own names, a source by its words."""
    found = _said(book, row, {str(one.get("key")): one for one in sources})
    return sorted(found, key=lambda one: one.code is None)


def _said(book: Codebook, row: Mapping[str, Any], sources: Mapping[str, Mapping[str, Any]]) -> Iterator[Said]:
    for name, value in row.items():
        if name == "fields" and isinstance(value, Mapping):
            yield from _said(book, value, sources)
        elif name == "participants":
            yield from _participants(book, value)
        elif name == "support" and isinstance(value, Sequence):
            yield from (_support(one, sources) for one in value)
        elif not isinstance(value, Mapping) or not value:
            yield _answer(book, name, value)
        else:
            yield Said(
                _name(name), None, ", ".join(f"{_name(key)} {plain(one)}" for key, one in value.items())
            )


def _answer(book: Codebook, name: str, value: Any) -> Said:
    spec = book.fields.get(("codings", name))
    code = str(value) if name == "event_type" and value in book.event_types else None
    return Said(spec.label if spec else _name(name), f"codings-{name}" if spec else None, plain(value), code)


def _participants(book: Codebook, value: Any) -> Iterator[Said]:
    roles = (
        value.items() if isinstance(value, Mapping) else ((one.get("role", "actor"), one) for one in value)
    )
    for role, who in roles:
        yield Said(_name(str(role)).capitalize(), None, _who(book, who))


def _who(book: Codebook, who: Any) -> str:
    if isinstance(who, Mapping):
        told = [
            str(one)
            for key, one in who.items()
            if key in ("name_as_printed", "actor_id", "actor_missing") and one
        ]
        return ", ".join(told) or plain(who)
    if isinstance(who, Sequence) and not isinstance(who, str):
        return ", ".join(_who(book, one) for one in who)
    return str(who)


def _support(row: Any, sources: Mapping[str, Mapping[str, Any]]) -> Said:
    if not isinstance(row, Mapping):
        return Said("Support", None, plain(row))
    told = sources.get(str(row.get("source")), {})
    who = str(told.get("source_name") or told.get("source_descriptor") or row.get("source", ""))
    identity = f" ({_name(str(told['identity']))})" if told.get("identity") else ""
    rest = ", ".join(_name(plain(value)) for key, value in row.items() if key != "source" and value)
    return Said("Source", None, f"{who}{identity}{f': {rest}' if rest else ''}")


def plain(value: Any) -> str:
    """A value in words: `empty` for null, lists with commas."""
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return ", ".join(f"{_name(key)} {plain(one)}" for key, one in value.items())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(plain(one) for one in value) or "none"
    return str(value)


def _name(name: str) -> str:
    return name.replace("_", " ")
