"""Lint of what rules do together: rules that can never fire, rules that contradict each other, fields that apply nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from eventcode.checks.conflicts import Conflict, Meeting, Misapplied
from eventcode.checks.database import Means, connect
from eventcode.checks.engine import Checker
from eventcode.codebook.lint_rules import Hit
from eventcode.errors import CodebookError
from eventcode.model import Codebook, Rule

NEVER = {
    "when": ("its when is never true", "mend when:, or take the rule out"),
    "require": ("its require is never false where its when is true", "mend require:, or take the rule out"),
}
# What the generated rule of a conflict was compiled from, by the end of its id.
CAUSES = {
    "-required": "make {field} optional there in fields.yaml (required:, applies_if:), or correct {rule}",
    "-value-or-reason": "narrow applies_if: of {field}, or correct {rule}",
    "-not-applicable": "widen applies_if: of {field}, or correct {rule}",
    "-required-by-code": "take {field} out of requires: of the code, or correct {rule}",
    "realis-fits-code": "add to realis: of the code, or correct {rule}",
    "-minimum": "correct minimum: of {field}, or {rule}",
    "-maximum": "correct maximum: of {field}, or {rule}",
}


@lru_cache(maxsize=4)
def compiled(codebook: Codebook) -> Checker | CodebookError:
    """The compiled rules of a codebook, or why they cannot be compiled."""
    try:
        return Checker(codebook)
    except CodebookError as error:
        return error


@lru_cache(maxsize=4)
def _meetings(codebook: Codebook) -> tuple[Meeting, ...]:
    checker = compiled(codebook)
    if isinstance(checker, CodebookError):
        return ()
    connection = connect(means=Means(threads=1, plain=True))
    return tuple(Meeting(codebook, table, connection) for table in checker.plan.tables)


def idle(codebook: Codebook) -> Iterator[Hit]:
    """A rule of this codebook can fire on some row; those of a module may be about codes that this codebook does without."""
    for meeting in _meetings(codebook):
        for rule, part in meeting.idle():
            if _own(rule, codebook):
                why, hint = NEVER[part]
                yield Hit(rule.id, f"rule {rule.id} can never fire: {why}", rule.place, hint)


def _own(rule: Rule, codebook: Codebook) -> bool:
    return Path(rule.place.file).resolve().is_relative_to(Path(codebook.folder).resolve())


def contradictions(codebook: Codebook) -> Iterator[Hit]:
    """No two rules apply to a row that cannot meet both."""
    for meeting in _meetings(codebook):
        for found in meeting.conflicts():
            one, other = found.one, found.other
            message = f"rules {one.id} and {other.id} contradict each other: no row can meet both{_where(found.row)}"
            yield Hit(one.id, message, one.place, _remedy(found))


def _remedy(found: Conflict) -> str:
    other = found.other
    ends = [end for end in CAUSES if other.generated and other.id.endswith(end)]
    if not ends:
        return "narrow when: of one of them, or correct what it requires"
    field = (other.field or "").removesuffix("_missing")
    return CAUSES[max(ends, key=len)].format(field=field, rule=found.one.id)


def misapplied(codebook: Codebook) -> Iterator[Hit]:
    """A field applies to the codes that require it, and to some row at all."""
    for meeting in _meetings(codebook):
        for found in meeting.misapplied():
            yield _misapplied(found, bool(codebook.event_types))


def _misapplied(found: Misapplied, by_code: bool) -> Hit:
    field = found.field
    key = f"{field.table}.{field.name}"
    if not found.codes:
        nothing = "no code" if by_code and field.table == "codings" else "no row"
        return Hit(
            key, f"{key} applies to {nothing} at all", field.place, "mend applies_if:, or take the field out"
        )
    codes = f"code {found.codes[0]}" if len(found.codes) == 1 else f"codes {', '.join(found.codes)}"
    where = " there" if found.row is None else _where(found.row)
    return Hit(key, f"{key} is required by {codes} and does not apply{where}", field.place)


def _where(row: dict[str, Any]) -> str:
    """A row in words, ` where realis is 'planned' and n_sites is empty`; the attributes of an event type go with its code."""
    own = {name: value for name, value in row.items() if not name.startswith("type.")} or row
    said = [f"{name.removeprefix('self.')} is {_shown(value)}" for name, value in own.items()]
    return f" where {' and '.join(said)}" if said else ""


def _shown(value: Any) -> str:
    if value is None or value == []:
        return "empty"
    if isinstance(value, list):
        return ", ".join(map(_shown, value))
    return (
        str(value).lower()
        if isinstance(value, bool)
        else f"'{value}'"
        if isinstance(value, str)
        else f"{value}"
    )
