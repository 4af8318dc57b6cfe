"""Readings made under an earlier version of a codebook, read under the present one. Nothing is rewritten: a migration is applied
each time a line is read, and what it cannot decide becomes a `Recode`.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from eventcode.model import Codebook, Migration, Step

Row = dict[str, Any]
Version = tuple[int, int, int]
Parts = tuple[str, ...]
PLAIN_PARTS = ("", "_missing")  # the columns of a field, by what follows its name
DATE_PARTS = ("", "_start", "_end", "_precision", "_missing")
VERSION = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+")


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
    steps = _steps(reading, codebook)
    if not steps:
        return reading, ()
    moved = copy.deepcopy(reading)
    recodes: list[Recode] = []
    try:
        for step in steps:
            recodes = [_forwarded(recode, step) for recode in recodes]
            parts = DATE_PARTS if is_date(step, codebook) else PLAIN_PARTS
            recodes += [
                recode
                for row, coding in _rows(step, moved)
                for recode in _STEPS[step.do](step, row, coding, parts)
            ]
    except (AttributeError, TypeError):  # the shape is wrong: the schema will say where
        return reading, ()
    return moved, tuple(dict.fromkeys(recodes))


def _steps(reading: Row, codebook: Codebook) -> list[Step]:
    name, _, made_under = str(reading.get("codebook", "")).partition("@")
    if name != codebook.id or not VERSION.fullmatch(made_under):
        return []
    return [step for migration in chain(codebook, made_under) for step in migration.steps]


def old_dates(reading: Row, codebook: Codebook) -> dict[str, tuple[str, ...]]:
    """Per table, the date fields that a reading's version had under names that are gone."""
    found: dict[str, tuple[str, ...]] = {}
    for step in _steps(reading, codebook):
        if step.do in ("rename_field", "remove_field") and is_date(step, codebook):
            found[step.table] = (*found.get(step.table, ()), step.of)
    return found


def is_date(step: Step, codebook: Codebook) -> bool:
    """Whether a step is about a date, which has three columns: it says so, or its field is one today."""
    names = step.to if step.do == "rename_field" else (step.of,)
    fields = [codebook.fields.get((step.table, name)) for name in names]
    return step.type == "date" or any(field is not None and field.type == "date" for field in fields)


def _forwarded(recode: Recode, step: Step) -> Recode:
    """A recode whose options are followed through a later step."""
    if step.do not in ("rename_code", "merge_code", "split_code") or step.of not in recode.options:
        return recode
    options = [new for code in recode.options for new in (step.to if code == step.of else (code,))]
    return replace(recode, options=tuple(dict.fromkeys(options)))


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


def _replace_code(step: Step, row: Row, coding: Row, parts: Parts) -> Iterator[Recode]:
    if row.get("event_type") == step.of:
        row["event_type"] = step.to[0]
    yield from ()


def _split_code(step: Step, row: Row, coding: Row, parts: Parts) -> Iterator[Recode]:
    """One of several codes: the one that `field` decides by the mapping `value`, else a person does."""
    if row.get("event_type") != step.of:
        return
    decided = (step.value or {}).get(_written(_single(row.get(step.field or ""))))
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


def _written(value: Any) -> str:
    """A value as a key of a YAML mapping: `true`, `1`."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _deprecate_code(step: Step, row: Row, coding: Row, parts: Parts) -> Iterator[Recode]:
    if row.get("event_type") == step.of:
        yield _recode(step, row, f"code {step.of} is given up", stands=False)


def _redefine_code(step: Step, row: Row, coding: Row, parts: Parts) -> Iterator[Recode]:
    if row.get("event_type") == step.of:
        yield _recode(step, row, f"code {step.of} has a new meaning", stands=True)


def _recode(step: Step, coding: Row, what: str, *, stands: bool) -> Recode:
    return Recode(str(coding.get("key", "")), what, step.why, step.to, stands)


# ── fields and values ─────────────────────────────────────────────────────────────────────────────────────────────────


def _rename_field(step: Step, row: Row, coding: Row, parts: Parts) -> Iterator[Recode]:
    for part in parts:
        if f"{step.of}{part}" in row:
            row.setdefault(
                f"{step.to[0]}{part}", row[f"{step.of}{part}"]
            )  # what stands under the new name already wins
            del row[f"{step.of}{part}"]
    for other in _about(step, row):
        other["field"] = step.to[0]
    yield from ()


def _remove_field(step: Step, row: Row, coding: Row, parts: Parts) -> Iterator[Recode]:
    for part in parts:
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


def _add_field(step: Step, row: Row, coding: Row, parts: Parts) -> Iterator[Recode]:
    if not any(f"{step.of}{part}" in row for part in parts):
        row.update(
            {step.of: _thawed(step.value)} if step.missing is None else {f"{step.of}_missing": step.missing}
        )
    yield from ()


def _thawed(value: Any) -> Any:
    """A value that the codebook holds frozen, as a reading has it."""
    return list(value) if isinstance(value, tuple) else value


def _rename_value(step: Step, row: Row, coding: Row, parts: Parts) -> Iterator[Recode]:
    name = step.field or ""
    value = row.get(name)
    if isinstance(value, list):
        row[name] = list(dict.fromkeys(step.to[0] if one == step.of else one for one in value))
    elif value == step.of:
        row[name] = step.to[0]
    yield from ()


def _remove_value(step: Step, row: Row, coding: Row, parts: Parts) -> Iterator[Recode]:
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


_STEPS: Mapping[str, Callable[[Step, Row, Row, Parts], Iterator[Recode]]] = {
    "rename_code": _replace_code, "merge_code": _replace_code, "split_code": _split_code, "deprecate_code": _deprecate_code,
    "redefine_code": _redefine_code, "rename_field": _rename_field, "remove_field": _remove_field, "add_field": _add_field,
    "rename_value": _rename_value, "remove_value": _remove_value,
}  # fmt: skip
