"""Readings made under an earlier version of a codebook, read under the present one. Nothing is rewritten: a migration is applied
each time a line is read, and what it cannot decide becomes a `Recode`.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from eventcode.model import Codebook, Migration, Step

Row = dict[str, Any]
Version = tuple[int, int, int]
DATE_PARTS = ("", "_start", "_end", "_precision", "_missing")


@dataclass(frozen=True, slots=True)
class Recode:
    """A coding that somebody must look at: its key, what is to be decided, and whether its code stands until then."""

    key: str
    what: str
    why: str
    options: tuple[str, ...]
    stands: bool


def version(text: str) -> Version:
    """`1.10.0` as numbers that can be compared."""
    major, minor, patch = (int(part) for part in text.split("."))
    return major, minor, patch


def chain(codebook: Codebook, made_under: str) -> tuple[Migration, ...]:
    """The migrations that lead from a version to the present one, in order."""
    at, found = version(made_under), []
    for migration in sorted(codebook.migrations, key=lambda migration: version(migration.to)):
        if version(migration.since) <= at < version(migration.to):
            found.append(migration)
            at = version(migration.to)
    return tuple(found)


def covers(codebook: Codebook, reference: str) -> bool:
    """Whether readings made under `id@version` can be read: the same codebook, not newer, and either the same major version or one
    from which migrations lead here.
    """
    name, _, made_under = reference.partition("@")
    if name != codebook.id:
        return False
    now, then = version(codebook.version), version(made_under)
    steps = chain(codebook, made_under)
    reached = version(steps[-1].to) if steps else then
    return then <= now and reached[0] == now[0]


def project(reading: Row, codebook: Codebook) -> tuple[Row, tuple[Recode, ...]]:
    """A reading (a line as plain values, of right shape or not) as the present version has it, and what must be coded anew.

    The reading is returned as it is where no migration applies; else a changed copy.
    """
    name, _, made_under = str(reading.get("codebook", "")).partition("@")
    try:
        steps = (
            [step for migration in chain(codebook, made_under) for step in migration.steps]
            if name == codebook.id
            else []
        )
    except ValueError:
        return reading, ()
    if not steps:
        return reading, ()
    moved = copy.deepcopy(reading)
    try:
        recodes = [recode for step in steps for recode in _apply(step, moved)]
    except (AttributeError, TypeError):  # the shape is wrong: the schema will say where
        return reading, ()
    return moved, tuple(dict.fromkeys(recodes))


def _apply(step: Step, reading: Row) -> Iterator[Recode]:
    for row, coding in _rows(step, reading):
        yield from _STEPS[step.do](step, row, coding)


def _rows(step: Step, reading: Row) -> Iterator[tuple[Row, Row]]:
    """(row of the step's table, the coding it belongs to) of a reading; sources belong to none."""
    if step.table == "sources":
        yield from ((source, {}) for source in reading.get("sources") or ())
        return
    for coding in reading.get("codings") or ():
        if not step.codes or coding.get("event_type") in step.codes:
            yield from (
                (row, coding)
                for row in ([coding] if step.table == "codings" else coding.get("support") or ())
            )


# ── codes ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _replace_code(step: Step, row: Row, coding: Row) -> Iterator[Recode]:
    if row.get("event_type") == step.of:
        row["event_type"] = step.to[0]
    yield from ()


def _split_code(step: Step, row: Row, coding: Row) -> Iterator[Recode]:
    """One of several codes: the one that `field` decides by the mapping `value`, else a person does."""
    if row.get("event_type") != step.of:
        return
    decided = (step.value or {}).get(_single(row.get(step.field or "")))
    if decided is not None:
        row["event_type"] = decided
    else:
        yield _recode(step, row, f"code {step.of} was split", stands=False)


def _single(value: Any) -> Any:
    return (
        value[0]
        if isinstance(value, list) and len(value) == 1
        else None
        if isinstance(value, list)
        else value
    )


def _deprecate_code(step: Step, row: Row, coding: Row) -> Iterator[Recode]:
    if row.get("event_type") == step.of:
        yield _recode(step, row, f"code {step.of} is given up", stands=False)


def _redefine_code(step: Step, row: Row, coding: Row) -> Iterator[Recode]:
    if row.get("event_type") == step.of:
        yield _recode(step, row, f"code {step.of} has a new meaning", stands=True)


def _recode(step: Step, coding: Row, what: str, *, stands: bool) -> Recode:
    return Recode(str(coding.get("key", "")), what, step.why, step.to, stands)


# ── fields and values ─────────────────────────────────────────────────────────────────────────────────────────────────


def _rename_field(step: Step, row: Row, coding: Row) -> Iterator[Recode]:
    for part in DATE_PARTS:
        if f"{step.of}{part}" in row:
            row[f"{step.to[0]}{part}"] = row.pop(f"{step.of}{part}")
    for other in _about(step, row):
        other["field"] = step.to[0]
    yield from ()


def _remove_field(step: Step, row: Row, coding: Row) -> Iterator[Recode]:
    for part in DATE_PARTS:
        row.pop(f"{step.of}{part}", None)
    gone = [*_about(step, row)]
    for name in ("evidence", "support"):
        if row.get(name):
            row[name] = [other for other in row[name] if not any(other is one for one in gone)]
    yield from ()


def _about(step: Step, row: Row) -> Iterator[Row]:
    """The evidence and support of a row that speak of the step's field."""
    for name in ("evidence", "support"):
        yield from (other for other in row.get(name) or () if other.get("field") == step.of)


def _add_field(step: Step, row: Row, coding: Row) -> Iterator[Recode]:
    if not any(f"{step.of}{part}" in row for part in DATE_PARTS):
        row.update({step.of: step.value} if step.missing is None else {f"{step.of}_missing": step.missing})
    yield from ()


def _rename_value(step: Step, row: Row, coding: Row) -> Iterator[Recode]:
    name = step.field or ""
    value = row.get(name)
    if isinstance(value, list):
        row[name] = list(dict.fromkeys(step.to[0] if one == step.of else one for one in value))
    elif value == step.of:
        row[name] = step.to[0]
    yield from ()


def _remove_value(step: Step, row: Row, coding: Row) -> Iterator[Recode]:
    name = step.field or ""
    value = row.get(name)
    if value != step.of and not (isinstance(value, list) and step.of in value):
        return
    row[name] = [one for one in value if one != step.of] if isinstance(value, list) else None
    if not row[name] and step.missing is not None:
        row.pop(name)
        row[f"{name}_missing"] = step.missing
    if coding:
        yield Recode(
            str(coding.get("key", "")), f"{name} '{step.of}' is given up", step.why, step.to, stands=True
        )


_STEPS: Mapping[str, Callable[[Step, Row, Row], Iterator[Recode]]] = {
    "rename_code": _replace_code, "merge_code": _replace_code, "split_code": _split_code, "deprecate_code": _deprecate_code,
    "redefine_code": _redefine_code, "rename_field": _rename_field, "remove_field": _remove_field, "add_field": _add_field,
    "rename_value": _rename_value, "remove_value": _remove_value,
}  # fmt: skip
