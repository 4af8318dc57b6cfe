"""What a decision can be about: a field, with all its columns, or the participants in a role."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from eventcode import identity, readings, shape
from eventcode.codebook import views
from eventcode.model import ROLES, Codebook, Place
from eventcode.readings import Row


def names(codebook: Codebook) -> list[str]:
    """Every field of codings and every role."""
    fields = [field.name for field in codebook.fields_of("codings")]
    return list(dict.fromkeys(["event_type", "realis", *fields, *ROLES]))


def value(codebook: Codebook, coding: Row, name: str) -> Any:
    """A coding's participants in a role, or the columns of a field with their values."""
    if name in ROLES:
        return [row for row in coding.get("participants", ()) if row["role"] == name]
    field = codebook.fields.get(("codings", name))
    return {column: coding[column] for column in (field.columns if field else (name,)) if column in coding}


def differ(codebook: Codebook, name: str, codings: Sequence[Row]) -> bool:
    """Whether codings say different things in a field or role; free text is each coder's own and never compared."""
    field = codebook.fields.get(("codings", name))
    if field is not None and field.level == "text":
        return False
    return len({identity.content_id(_comparable(value(codebook, coding, name))) for coding in codings}) > 1


def put(name: str, found: Any, into: Row) -> None:
    """Set a field's columns, or the participants in a role, of a coding that is being made."""
    if name in ROLES:
        rows = [{**row, "role": name, "position": i} for i, row in enumerate(found or ())]
        if rows:
            into["participants"] = [*into.get("participants", ()), *rows]
    else:
        into.update(found)


def given(codebook: Codebook, name: str, chosen: Any) -> Any:
    """What a decision's `chosen` puts into the columns of a field or role; ValueError where it is no value of it.

    It is written as in a reading: a date in EDTF, participants as a list; a mapping names columns; null is no value.
    """
    if name in ROLES:
        found: Row = {"participants": [{"role": name, **row} for row in _listed(chosen)]}
    else:
        found = dict(chosen) if isinstance(chosen, dict) else {name: chosen}
    field = codebook.fields.get(("codings", name))
    columns = ("participants", name, *(field.columns if field else ()))
    if unknown := [column for column in found if column not in columns]:
        raise ValueError(f"'{unknown[0]}' is no column of it")
    _refuse_shape(codebook, found)
    if problems := readings.expand_dates(
        found, [name] if field and field.type == "date" else [], Place(), ""
    ):
        raise ValueError(problems[0].message)
    if name in ROLES:
        return found["participants"]
    return {column: value for column, value in found.items() if value is not None and value != []}


def _listed(chosen: Any) -> list[Row]:
    rows = chosen if isinstance(chosen, list) else [] if chosen is None else [chosen]
    if not all(isinstance(row, dict) for row in rows):
        raise ValueError("participants are a list of mappings")
    return rows


def _refuse_shape(codebook: Codebook, found: Row) -> None:
    schema = views.json_schema(codebook)["properties"]["codings"]["items"]
    for _, message, hint in shape.violations({"key": "x", "event_type": "x", **found}, schema):
        raise ValueError(f"{message}; {hint}" if hint else message)


def shown(found: Any) -> str:
    """A value in a few words, for a message."""
    if isinstance(found, list):
        naming = ("actor_id", "name_as_printed", "member_of", "actor_missing")
        return ", ".join(next((str(row[n]) for n in naming if row.get(n)), "?") for row in found) or "nobody"
    return ", ".join(str(part) for part in found.values()) or "nothing"


def _comparable(found: Any) -> Any:
    """Participants without their order and printed names; sets without their order."""
    if isinstance(found, list):
        plain = [{k: v for k, v in row.items() if k not in ("position", "name_as_printed")} for row in found]
        return sorted(plain, key=lambda row: sorted((k, str(v)) for k, v in row.items()))
    return {k: sorted(v) if isinstance(v, list) else v for k, v in found.items()}
