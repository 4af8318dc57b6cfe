"""What a decision can be about: a field, with all its columns, or the participants in a role."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from eventcode import identity
from eventcode.model import ROLES, Codebook
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
    """Set a field, or the participants in a role, of a coding that is being made."""
    if name in ROLES:
        rows = [{**row, "role": name, "position": i} for i, row in enumerate(found or ())]
        if rows:
            into["participants"] = [*into.get("participants", ()), *rows]
    else:
        into.update(found if isinstance(found, dict) else {name: found})


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
