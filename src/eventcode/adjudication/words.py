"""What an adjudicator reads: a value with its label, what a code means, the words of the text that a coder pointed to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from eventcode import dates
from eventcode.adjudication import values
from eventcode.model import ROLES, Codebook, Field
from eventcode.readings import Row

NOTHING = "(nothing)"
MEANS = 320  # characters of a definition
LINE = 120  # characters of a value in a list
WORDS = 240  # characters of the text's words


def field_of(codebook: Codebook, name: str) -> Field | None:
    """The field of codings of a name; None for a role."""
    return codebook.fields.get(("codings", name))


def label(codebook: Codebook, name: str) -> str:
    """The label of a field or role."""
    field = field_of(codebook, name)
    return field.label if field else name.capitalize()


def shown(codebook: Codebook, name: str, coding: Row) -> str:
    """What a coding says in a field or role, in a line."""
    found = values.value(codebook, coding, name)
    if name in ROLES:
        return "; ".join(_participant(codebook, row) for row in found) or NOTHING
    if not found:
        return NOTHING
    field = field_of(codebook, name)
    if field is None:
        return ", ".join(map(str, found.values()))
    reason = found.get(f"{name}_missing")
    if reason is not None and len(found) == 1:
        return f"missing: {reason}"
    text = _date(name, found) if field.type == "date" else _plain(codebook, field, found.get(name))
    return f"{text}, missing: {reason}" if reason is not None else text


def in_line(codebook: Codebook, name: str, coding: Row) -> str:
    """`shown`, short enough for a line of a list."""
    return _cut(shown(codebook, name, coding), LINE)


def term(codebook: Codebook, field: Field, value: str) -> str:
    """A value of a closed list with its label: `072 · Site closed`; the value alone where the label adds nothing."""
    if field.vocabulary == "event_type":
        kind = codebook.event_types.get(value)
        return f"{value} · {kind.label}" if kind else value
    found = codebook.vocabularies[field.vocabulary].get(value) if field.vocabulary else None
    same = found is None or found.label.casefold().replace(" ", "_") == value.casefold()
    return value if same or found is None else f"{value} · {found.label}"


def meaning(codebook: Codebook, name: str, coding: Row) -> str:
    """The definitions of the codes that a coding has in a field, cut to a few lines; empty where there are none."""
    field = field_of(codebook, name)
    value = coding.get(name)
    if field is None or not field.vocabulary or value is None:
        return ""
    several = value if isinstance(value, list) else [value]
    found = {one: _definition(codebook, field, str(one)) for one in several}
    if len(several) == 1:
        return _cut(next(iter(found.values())), MEANS)
    return " ".join(f"{one}: {_cut(text, MEANS // 2)}" for one, text in found.items() if text)


def evidence(coding: Row, name: str | None, text: str | None) -> str:
    """The words that a coder pointed to for a field (None: for the coding, those of the event type before others).

    Without the text it is the place: `characters 120–180`. Empty where the coder pointed to nothing.
    """
    spans = [e for e in coding.get("evidence", ()) if "start" in e and "end" in e]
    if name is not None:
        spans = [e for e in spans if e.get("field") == name]
    else:
        spans = [e for e in spans if e.get("field") == "event_type"] or spans
    return " … ".join(_span(e, text) for e in spans)


def summary(codebook: Codebook, coding: Row) -> str:
    """A coding in two lines or so: what, who to whom, when, where."""
    parts = [shown(codebook, "event_type", coding)]
    parts += [
        f"{role}: {shown(codebook, role, coding)}" for role in ROLES if values.value(codebook, coding, role)
    ]
    when = shown(codebook, "date", coding)
    parts += [when] if when != NOTHING else []
    parts += [str(coding["place_name"])] if coding.get("place_name") else []
    return "\n".join(parts)


def source(row: Row) -> str:
    """Who told it, in a line: name, description or kind, then the other answers."""
    named = [name for name in ("source_name", "source_descriptor") if row.get(name)] or ["identity"]
    own = ("key", "evidence", "identity", *named)
    rest = [f"{name}: {_listed(value)}" for name, value in row.items() if name not in own]
    who = ", ".join(str(row.get(name, row["key"])) for name in named)
    return f"{who} ({', '.join(rest)})" if rest else who


def support(row: Row, sources: Mapping[str, Row]) -> str:
    """A support row in a line: the source's name, then how it supports."""
    told = sources.get(row["source"], {})
    name = told.get("source_name") or told.get("source_descriptor") or told.get("identity") or row["source"]
    rest = [f"{key}: {_listed(value)}" for key, value in row.items() if key not in ("source", "evidence")]
    return f"{name} ({', '.join(rest)})"


def _listed(value: Any) -> str:
    return "+".join(map(str, value)) if isinstance(value, list) else str(value)


def _participant(codebook: Codebook, row: Mapping[str, Any]) -> str:
    actor = codebook.actors.get(str(row.get("actor_id")))
    ids = row.get("actor_id") or row.get("member_of") or (f"missing: {row.get('actor_missing')}")
    name = row.get("name_as_printed") or (actor.name if actor else None)
    return f"{ids} ({name})" if name else str(ids)


def _plain(codebook: Codebook, field: Field, value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(term(codebook, field, str(one)) for one in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return term(codebook, field, value) if isinstance(value, str) else str(value)


def _date(name: str, found: Mapping[str, Any]) -> str:
    ends = [date.fromisoformat(v) if (v := found.get(f"{name}_{end}")) else None for end in ("start", "end")]
    try:
        return dates.format(dates.Interval(ends[0], ends[1], str(found.get(f"{name}_precision"))))
    except ValueError:
        return ", ".join(map(str, found.values()))


def _definition(codebook: Codebook, field: Field, value: str) -> str:
    if field.vocabulary == "event_type":
        kind = codebook.event_types.get(value)
        return kind.definition if kind else ""
    found = codebook.vocabularies[str(field.vocabulary)].get(value)
    return found.definition if found else ""


def _span(span: Row, text: str | None) -> str:
    start, end = span["start"], span["end"]
    if text is None or not 0 <= start < end <= len(text):
        return f"characters {start}–{end}"
    return f"“{_cut(' '.join(text[start:end].split()), WORDS)}”"


def _cut(text: str, length: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= length else f"{text[:length].rsplit(' ', 1)[0]} …"
