"""Set rules of which the rows of one reading show, without a statement, that they break none: the commonest case by far.

Where this says no, or cannot say, the rule is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from eventcode.codebook import views
from eventcode.model import ROLES, Codebook, Rule
from eventcode.tables import INTEGER, TEXT

Row = Mapping[str, Any]
Rows = Mapping[str, Sequence[Row]]
Shows = Callable[[Rows], bool]


def shows(rule: Rule, codebook: Codebook, context: Rows) -> Shows | None:
    """What tells of the tables of a reading that they do not break a rule; None where nothing does. `context` is what the codebook has."""
    if rule.kind == "exists":
        return _exists(rule, codebook, context)
    if rule.kind == "unique":
        return _unique(rule, codebook)
    make = _BUILTINS.get(str(rule.options.get("builtin"))) if rule.kind == "builtin" else None
    return make(context) if make else None


def _exists(rule: Rule, codebook: Codebook, context: Rows) -> Shows | None:
    target, own = rule.options["references"], rule.columns
    there = tuple(rule.options.get("reference_columns", own))
    if any(views.columns(codebook, rule.table)[column] != TEXT for column in own):
        return None
    if target in context:
        known = _values(context[target], there)
        return lambda given: _values(given.get(rule.table, ()), own) <= known
    return lambda given: _values(given.get(rule.table, ()), own) <= _values(given.get(target, ()), there)


def _unique(rule: Rule, codebook: Codebook) -> Shows | None:
    kinds = {views.columns(codebook, rule.table)[column] for column in rule.columns}
    if not kinds <= {TEXT, INTEGER}:
        return None

    def shown(given: Rows) -> bool:
        rows = [tuple(row.get(column) for column in rule.columns) for row in given.get(rule.table, ())]
        there = [values for values in rows if None not in values]
        return len({*there}) == len(there)

    return shown


def _values(rows: Sequence[Row], columns: Sequence[str]) -> set[tuple[Any, ...]]:
    found = {tuple(row.get(column) for column in columns) for row in rows}
    return {values for values in found if None not in values}


def _roles(context: Rows) -> Shows:
    """Every coding has a participant in each role that its event type requires."""
    required = {row["code"]: {*ROLES}.intersection(row.get("requires") or ()) for row in context["codes"]}

    def shown(given: Rows) -> bool:
        there = {(row["coding_id"], row.get("role")) for row in given.get("participants", ())}
        return all(
            (row["coding_id"], role) in there
            for row in given.get("codings", ())
            for role in required.get(row.get("event_type"), ())
        )

    return shown


def _status(context: Rows) -> Shows:
    """A reading is coded where it has codings, and only there."""
    return lambda given: all(
        (row.get("status") == "coded") == bool(given.get("codings")) for row in given.get("readings", ())
    )


def _same_document(context: Rows) -> Shows:
    """Coding and source of every support row are of one reading."""

    def shown(given: Rows) -> bool:
        codings, sources = (
            {row[key]: row.get("reading_id") for row in given.get(table, ())}
            for table, key in (("codings", "coding_id"), ("sources", "source_id"))
        )
        return all(
            row.get("coding_id") in codings
            and row.get("source_id") in sources
            and codings[row["coding_id"]] == sources[row["source_id"]]
            for row in given.get("support", ())
        )

    return shown


_BUILTINS: dict[str, Callable[[Rows], Shows]] = {
    "role-required": _roles,
    "status-agrees": _status,
    "support-same-document": _same_document,
}
