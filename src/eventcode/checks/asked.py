"""One declaration of a dataset card's `expectations:`, and what can be wrong with it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from eventcode import shape
from eventcode.checks import generated
from eventcode.checks.suite import Statement, number
from eventcode.codebook import views
from eventcode.model import Codebook, RuleCount
from eventcode.tables import BOOLEAN, DATE, INTEGER, NUMBER, TABLES, TEXT
from eventcode.yamlfile import Path_

Entry = Mapping[str, Any]
Wrong = Iterator[tuple[Path_, str, str]]

WORDS = {TEXT: "text", INTEGER: "whole numbers", NUMBER: "numbers", BOOLEAN: "yes or no", DATE: "days"}
STEPS = ("day", "month", "year")


@dataclass(frozen=True, slots=True)
class Kind:
    """What a kind of expectation needs and allows beside kind and reason, and which column types it can be about.

    `bounds` says what minimum and maximum are: count, share, value (of the column), or nothing; with `open`, both may be left out.
    """

    needs: tuple[str, ...]
    allows: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    bounds: str = ""
    open: bool = False


_AT = ("table", "column")
_SCALAR = (TEXT, INTEGER, NUMBER, BOOLEAN)
KINDS = {
    "rows": Kind(("table",), ("per", "step"), bounds="count"),
    "complete": Kind(_AT, bounds="share", open=True),
    "values": Kind((*_AT, "values"), types=_SCALAR),
    "covers": Kind((*_AT, "values"), types=_SCALAR),
    "share": Kind(_AT, ("value", "values"), _SCALAR, "share"),
    "mean": Kind(_AT, types=(INTEGER, NUMBER), bounds="value"),
    "quantile": Kind((*_AT, "quantile"), types=(INTEGER, NUMBER), bounds="value"),
    "range": Kind(_AT, types=(INTEGER, NUMBER, DATE), bounds="value"),
    "distinct": Kind(_AT, types=(*_SCALAR, DATE), bounds="count"),
    "fresh": Kind(("maximum",), _AT, (DATE,), "count"),
    "rule": Kind(("rule",), ("maximum",), bounds="count", open=True),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """One declaration with what it can be checked against."""

    entry: Entry
    origin: str
    card: Mapping[str, Any]
    codebook: Codebook
    counts: Sequence[RuleCount]

    @property
    def kind(self) -> str:
        return str(self.entry["kind"])

    @property
    def table(self) -> str:
        return str(self.entry.get("table", "documents"))

    @property
    def column(self) -> str:
        return str(self.entry.get("column", "published_at_end"))

    @property
    def type(self) -> str | None:
        """The type of the column; None if there is no such column."""
        return views.columns(self.codebook, self.table).get(self.column) if self.table in TABLES else None

    @property
    def bounds(self) -> tuple[Any, Any]:
        low, high = self.entry.get("minimum"), self.entry.get("maximum")
        whole = KINDS[self.kind].bounds == "count"
        return (int(low) if whole and low is not None else low), (
            int(high) if whole and high is not None else high
        )

    @property
    def values(self) -> list[Any]:
        """The values that it names, as the column holds them."""
        given = self.entry.get("values", [self.entry["value"]] if "value" in self.entry else [])
        return [_typed(value, self.type) for value in given]

    def says(
        self, words: str, type_: str, expected: str, *, observe: str = "value", **kwargs: Any
    ) -> Statement:
        """A statement about the column (or, with `column=None`, about the table)."""
        about = {"column": self.column, **kwargs}
        kept = {key: value for key, value in about.items() if value is not None}
        return Statement(words, self.table, type_, kept, expected, self.entry["reason"], self.origin, observe)


def mistakes(asked: Asked) -> Wrong:
    """What is wrong with a declaration of the right shape: (path within it, what, remedy)."""
    kind = KINDS[asked.kind]
    bounds = ("minimum", "maximum") if kind.bounds and asked.kind not in ("fresh", "rule") else ()
    known = {"kind", "reason", *kind.needs, *kind.allows, *bounds}
    for name in (name for name in asked.entry if name not in known):
        yield (
            (name,),
            f"'{name}' says nothing in an expectation of kind {asked.kind}",
            "take it out, or choose another kind",
        )
    missing = [name for name in kind.needs if name not in asked.entry]
    for name in missing:
        yield (), f"an expectation of kind {asked.kind} needs '{name}'", f"add {name}:"
    if missing:
        return
    yield from _rule(asked) if asked.kind == "rule" else _target(asked, kind)
    yield from _bounds(asked, kind)
    yield from _particulars(asked)


def _target(asked: Asked, kind: Kind) -> Wrong:
    if asked.table not in TABLES:
        yield ("table",), f"there is no table '{asked.table}'", shape.did_you_mean(asked.table, [*TABLES])
        return
    if asked.kind == "rows":
        yield from _per(asked)
    elif asked.type is None:
        columns = [*views.columns(asked.codebook, asked.table)]
        yield (
            ("column",),
            f"{asked.table} has no column '{asked.column}'",
            shape.did_you_mean(asked.column, columns),
        )
    elif kind.types and asked.type not in kind.types:
        held = WORDS.get(asked.type, "lists")
        wanted = ", ".join(WORDS[name] for name in kind.types)
        yield (
            ("column",),
            f"{asked.table}.{asked.column} holds {held}",
            f"an expectation of kind {asked.kind} is about {wanted}",
        )


def _per(asked: Asked) -> Wrong:
    column, step = asked.entry.get("per"), asked.entry.get("step")
    columns = views.columns(asked.codebook, asked.table)
    if column is None:
        if step:
            yield ("step",), "'step' says nothing without 'per'", "name the date: per: date_start"
    elif column not in columns:
        yield ("per",), f"{asked.table} has no column '{column}'", shape.did_you_mean(column, [*columns])
    elif columns[column] not in (TEXT, INTEGER, BOOLEAN, DATE):
        yield ("per",), f"{asked.table}.{column} makes no groups", "name a column of codes, names or days"
    elif (columns[column] == DATE) != bool(step):
        what = "needs a 'step'" if columns[column] == DATE else "takes no 'step'"
        yield (
            ("per",),
            f"a group per {column} {what}",
            f"add step: {', '.join(STEPS)}" if "needs" in what else "take step: out",
        )


def _bounds(asked: Asked, kind: Kind) -> Wrong:
    given = {name: asked.entry[name] for name in ("minimum", "maximum") if name in asked.entry}
    if kind.bounds and not kind.open and not given:
        yield (), "it has neither minimum nor maximum", "add minimum:, maximum:, or both"
    wrong = [
        (name, hint) for name, value in given.items() if (hint := _no_bound(value, kind.bounds, asked.type))
    ]
    for name, hint in wrong:
        yield (name,), f"{given[name]!r} cannot be the {name} here", hint
    if not wrong and len(given) == 2 and given["minimum"] > given["maximum"]:
        yield (
            (),
            f"the minimum {number(given['minimum'])} is above the maximum {number(given['maximum'])}",
            "swap or mend them",
        )


def _no_bound(value: Any, bounds: str, type_: str | None) -> str:
    """The remedy where `value` is no bound of that sort; else nothing."""
    if bounds == "value" and type_ == DATE:
        return "" if _is_day(value) else 'write a day in quotes: "2025-06-16"'
    if isinstance(value, str) or not math.isfinite(value):
        return "write a number without quotes"
    if bounds == "count" and (value < 0 or value != int(value)):
        return "write a whole number of 0 or more"
    if bounds == "share" and not 0 <= value <= 1:
        return "write a share between 0 and 1: 0.9 for 90 percent"
    return ""


def _is_day(value: Any) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _particulars(asked: Asked) -> Wrong:
    entry = asked.entry
    if asked.kind == "share" and ("value" in entry) == ("values" in entry):
        yield (), "a share is of one 'value' or of several 'values'", "give one of the two"
    if asked.kind == "quantile" and not 0 <= entry["quantile"] <= 1:
        yield ("quantile",), f"{entry['quantile']} is no quantile", "write 0.5 for the median"
    if asked.kind == "fresh" and not _is_day(asked.card.get("as_of")):
        yield (), "the card does not say as_of when the data should be fresh", 'add as_of: "2025-06-16"'
    for name in ("value", "values"):
        given = entry.get(name, [])
        for value in given if isinstance(given, list) else [given]:
            if asked.type in _SCALAR and _typed(value, asked.type) is None:
                yield (
                    (name,),
                    f"'{value}' is no value of {asked.column}",
                    f"the column holds {WORDS[str(asked.type)]}",
                )


def _typed(value: Any, type_: str | None) -> Any:
    """`value` as a column of the type holds it; None where it cannot be."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if type_ == BOOLEAN:
        return {"true": True, "false": False}.get(text.lower())
    if type_ not in (INTEGER, NUMBER):
        return text
    try:
        return int(text) if type_ == INTEGER else float(text)
    except ValueError:
        return None


def _rule(asked: Asked) -> Wrong:
    name, severities = asked.entry["rule"], _severities(asked)
    if name not in severities:
        yield ("rule",), f"there is no rule '{name}'", shape.did_you_mean(name, [*severities])
    elif severities[name] == "error" and asked.entry.get("maximum"):
        yield (
            ("maximum",),
            f"'{name}' is an error, and errors are not allowed by number",
            "waive the rows, with a reason, in waivers.csv",
        )


def _severities(asked: Asked) -> dict[str, str]:
    """Every rule that can be named, with its severity."""
    rules = [*generated.rules(asked.codebook, lambda field: field.applies_if), *asked.codebook.rules.values()]
    return {rule.id: rule.severity for rule in rules} | {count.rule: count.severity for count in asked.counts}
