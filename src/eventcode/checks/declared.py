"""The `expectations:` of a dataset card as statements for the gate, or every mistake in them with its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from eventcode import shape
from eventcode.checks.asked import Asked, mistakes
from eventcode.checks.suite import (
    RULES,
    Statement,
    Summary,
    between,
    column_is,
    column_is_filled,
    limits,
    number,
)
from eventcode.errors import DatasetError, Problem, refuse
from eventcode.model import Codebook, RuleCount
from eventcode.yamlfile import Path_, dotted

Report = Callable[[Path_, str, str], Problem]  # of a path in the card, what is wrong, and the remedy


def statements(
    card: Mapping[str, Any],
    codebook: Codebook,
    counts: Sequence[RuleCount] = (),
    report: Report | None = None,
) -> list[Statement]:
    """What the card's expectations say; DatasetError lists every one that is broken, with its path (`expectations[2].column`)."""
    given = card.get("expectations") or []
    schema = shape.bundled("dataset").schema["properties"]["expectations"]
    wrong = [(("expectations", *path), what, hint) for path, what, hint in shape.violations(given, schema)]
    broken = {path[1] for path, _, _ in wrong if len(path) > 1}
    found: list[Statement] = []
    for i, entry in enumerate(given if isinstance(given, list) else ()):
        if i not in broken:
            asked = Asked(entry, f"expectations[{i}]", card, codebook, counts)
            mistaken = [(("expectations", i, *path), what, hint) for path, what, hint in mistakes(asked)]
            wrong += mistaken
            found += [] if mistaken else _BUILD[entry["kind"]](asked)
    make = report or _problem
    refuse(DatasetError, "the expectations of the dataset card cannot be used", [make(*one) for one in wrong])
    return found


def _problem(path: Path_, message: str, hint: str) -> Problem:
    return Problem(message, hint, "dataset.yaml", path=dotted(path))


def _rows(asked: Asked) -> list[Statement]:
    low, high = asked.bounds
    expected, per = between(low, high), asked.entry.get("per")
    rows = "row" if expected.endswith(" 1") else "rows"
    if per is None:
        return [asked.says(f"{asked.table} has {expected} {rows}", "expect_table_row_count_to_be_between", expected,
                           column=None, **limits(low, high))]  # fmt: skip
    summary = Summary(asked.table, per, asked.entry.get("step"))
    words = f"{asked.table} has {expected} {rows} for each {summary.step or 'value'} of {per}"
    kwargs = {"column": "rows", **limits(low, high)}
    return [Statement(words, summary.name, "expect_column_values_to_be_between", kwargs, f"{expected} each",
                      asked.entry["reason"], asked.origin, "rows", summary)]  # fmt: skip


def _complete(asked: Asked) -> list[Statement]:
    low, high = asked.bounds
    low = 1 if low is None and high is None else low
    share = "every row" if low == 1 else f"a share of {between(low, high)} of the rows"
    words = f"{asked.table}.{asked.column} is filled in {share}"
    return [
        asked.says(
            words,
            "expect_column_proportion_of_non_null_values_to_be_between",
            between(low, high),
            **limits(low, high),
        )
    ]


def _values(asked: Asked) -> list[Statement]:
    words = f"{asked.table}.{asked.column} has only the values {_list(asked.values)}"
    kwargs = {"value_set": asked.values}
    return [
        asked.says(words, "expect_column_values_to_be_in_set", _list(asked.values), observe="rows", **kwargs),
        _some(asked),
    ]


def _covers(asked: Asked) -> list[Statement]:
    words = f"each of {_list(asked.values)} occurs in {asked.table}.{asked.column}"
    kwargs = {"value_set": asked.values}
    return [
        asked.says(
            words,
            "expect_column_distinct_values_to_contain_set",
            _list(asked.values),
            observe="covered",
            **kwargs,
        )
    ]


def _share(asked: Asked) -> list[Statement]:
    """At least: so many values are in the set. At most: so many are not, since great_expectations has no upper share."""
    low, high = asked.bounds
    found = []
    for bound, words, name, mostly in (
        (low, "at least", "", low),
        (high, "at most", "not_", 1 - (high or 0)),
    ):
        if bound is not None:
            text = f"{_list(asked.values)} make up {words} {number(bound)} of the values of {asked.table}.{asked.column}"
            kwargs = {"value_set": asked.values, "mostly": round(float(mostly), 12)}
            type_ = f"expect_column_values_to_{name}be_in_set"
            found.append(
                asked.says(text, type_, f"{words} {number(bound)}", observe=f"{name}share", **kwargs)
            )
    return [*found, _some(asked)]


def _mean(asked: Asked) -> list[Statement]:
    expected = between(*asked.bounds)
    words = f"the mean of {asked.table}.{asked.column} is {expected}"
    return [asked.says(words, "expect_column_mean_to_be_between", expected, **limits(*asked.bounds))]


def _quantile(asked: Asked) -> list[Statement]:
    expected, quantile = between(*asked.bounds), asked.entry["quantile"]
    ranges = {"quantiles": [quantile], "value_ranges": [list(asked.bounds)]}
    words = f"the {number(quantile)} quantile of {asked.table}.{asked.column} is {expected}"
    return [
        asked.says(
            words,
            "expect_column_quantile_values_to_be_between",
            expected,
            observe="quantile",
            quantile_ranges=ranges,
        )
    ]


def _range(asked: Asked) -> list[Statement]:
    expected = between(*asked.bounds)
    words = f"every value of {asked.table}.{asked.column} is {expected}"
    return [
        asked.says(
            words, "expect_column_values_to_be_between", expected, observe="rows", **limits(*asked.bounds)
        ),
        _some(asked),
    ]


def _distinct(asked: Asked) -> list[Statement]:
    expected = between(*asked.bounds)
    words = f"{asked.table}.{asked.column} has {expected} different values"
    return [
        asked.says(words, "expect_column_unique_value_count_to_be_between", expected, **limits(*asked.bounds))
    ]


def _fresh(asked: Asked) -> list[Statement]:
    as_of = date.fromisoformat(asked.card["as_of"])
    days = asked.bounds[1]
    words = f"the newest {asked.table}.{asked.column} is at most {days} days before {as_of}"
    kwargs: dict[str, Any] = {
        "min_value": (as_of - timedelta(days)).isoformat(),
        "row_condition": column_is_filled(asked.column),
    }
    return [asked.says(words, "expect_column_max_to_be_between", f"{kwargs['min_value']} or later", **kwargs)]


def _rule_count(asked: Asked) -> list[Statement]:
    most, name = asked.bounds[1] or 0, asked.entry["rule"]
    words = f"rule {name} was asked and has at most {most} failures that are not waived"
    kwargs = {"column": "open", **limits(0, most), "row_condition": column_is("rule", name)}
    return [
        Statement(
            words,
            RULES,
            "expect_column_max_to_be_between",
            kwargs,
            f"at most {most}",
            asked.entry["reason"],
            asked.origin,
        )
    ]


def _some(asked: Asked) -> Statement:
    """A statement about values would hold of a column that lost all of them: so there must be one."""
    words = f"{asked.table}.{asked.column} has values at all"
    return Statement(words, asked.table, "expect_column_unique_value_count_to_be_between", {"column": asked.column, "min_value": 1},
                     "at least 1", "an expectation about the values of an empty column would hold of nothing", asked.origin)  # fmt: skip


def _list(values: Sequence[Any], most: int = 8) -> str:
    shown = ", ".join(str(value) for value in values[:most])
    return f"{shown} and {len(values) - most} more" if len(values) > most else shown


_BUILD: dict[str, Callable[[Asked], list[Statement]]] = {
    "rows": _rows, "complete": _complete, "values": _values, "covers": _covers, "share": _share, "mean": _mean,
    "quantile": _quantile, "range": _range, "distinct": _distinct, "fresh": _fresh, "rule": _rule_count,
}  # fmt: skip
