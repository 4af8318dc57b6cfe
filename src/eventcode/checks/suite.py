"""Expectations as data: what a dataset must hold as a whole, and the same as suites that great_expectations reads.

A `Statement` is one expectation of great_expectations with its words. Nothing here imports great_expectations: a suite is plain JSON,
and its bytes depend on the codebook, the card and the waivers alone.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from eventcode.codebook import views
from eventcode.model import Codebook, RuleCount
from eventcode.tables import TABLES

RULES = "rule_summary"  # the rule counts with one more column: `open`, the failures that are not waived
GATED = ("documents", "reports", "events")
YEARS = ("1800-01-01", "2100-12-31")
ABOUT = (
    "One suite of great_expectations 1.x per table; load one with great_expectations.ExpectationSuite(**suites['events']). "
    "rule_summary is rule_counts.parquet with a column `open` = failed - waived, not below 0; "
    "a table named <table>_per_<column> has one row per group: `group`, `rows`."
)
_IDS = uuid.uuid5(uuid.NAMESPACE_DNS, "expectations.eventcode")
_REFERENCES = {"reports": ("document_id", "event_id")}


@dataclass(frozen=True, slots=True)
class Summary:
    """A table with one row per value of a column, or per day, month or year of a date."""

    table: str
    column: str
    step: str | None = None

    @property
    def name(self) -> str:
        """`events_per_country`, `events_per_date_start_month`."""
        return "_".join(part for part in (self.table, "per", self.column, self.step) if part)


@dataclass(frozen=True, slots=True)
class Statement:
    """One expectation about one table: in words, and as great_expectations runs it (`type`, `kwargs`).

    `origin` is `codebook` or the path of a declaration (`expectations[2]`); `observe` names how the gate words what it found.
    """

    words: str
    table: str
    type: str
    kwargs: Mapping[str, Any]
    expected: str
    reason: str
    origin: str = "codebook"
    observe: str = "value"
    summary: Summary | None = None

    @property
    def reads(self) -> str:
        """The table of the build that it needs."""
        return self.summary.table if self.summary else self.table

    @property
    def column(self) -> str | None:
        """The column it is about, if it is about one."""
        return self.kwargs.get("column")

    @property
    def id(self) -> str:
        """A UUID of the content: the same words and bounds have the same id in every run."""
        return uuid_of(self.table, self.type, self.kwargs, self.words, self.reason)

    def as_json(self) -> dict[str, Any]:
        """The configuration that great_expectations reads."""
        return {
            "type": self.type, "kwargs": dict(self.kwargs), "description": self.words, "notes": self.reason, "severity": "critical",
            "meta": {"eventcode": {"declared": self.origin}}, "id": self.id,
        }  # fmt: skip


def uuid_of(*content: Any) -> str:
    return str(uuid.uuid5(_IDS, json.dumps(content, sort_keys=True, ensure_ascii=False)))


def as_suites(statements: Iterable[Statement], name: str) -> dict[str, dict[str, Any]]:
    """The statements as one suite per table, by table, called `<name>.<table>`."""
    found: dict[str, list[Statement]] = {}
    for statement in statements:
        found.setdefault(statement.table, []).append(statement)
    return {table: _suite(f"{name}.{table}", found[table]) for table in sorted(found)}


def _suite(name: str, statements: Sequence[Statement]) -> dict[str, Any]:
    expectations = [statement.as_json() for statement in statements]
    return {
        "name": name,
        "id": uuid_of(name, [e["id"] for e in expectations]),
        "expectations": expectations,
        "meta": {},
    }


def export(suites: Mapping[str, Any], codebook: Codebook, left: Sequence[str] = ()) -> bytes:
    """The suites as JSON: UTF-8, sorted keys, no time and no version in it. `left` tells what was left to the rules."""
    whole = {
        "about": ABOUT,
        "codebook": codebook.reference,
        "left_to_the_rules": list(left),
        "suites": suites,
    }
    return (json.dumps(whole, sort_keys=True, ensure_ascii=False, indent=1) + "\n").encode()


def column_is(column: str, value: str) -> dict[str, Any]:
    """A row condition of great_expectations: rows where a column has a value."""
    return {"type": "comparison", "column": {"name": column}, "operator": "==", "parameter": value}


def column_is_filled(column: str) -> dict[str, Any]:
    """A row condition of great_expectations: rows where a column is not null."""
    return {"type": "nullity", "column": {"name": column}, "is_null": False}


def number(value: Any) -> str:
    """A figure as people write it: `14`, `0.9286`; other values as they are."""
    if not isinstance(value, float):
        return str(value)
    if value.is_integer():
        return str(int(value))
    return f"{value:.4f}".rstrip("0") if abs(value) >= 0.001 else repr(value)


def between(low: Any, high: Any) -> str:
    """`between 1 and 5`, `at least 1`, `at most 5`, `exactly 1`."""
    if low is not None and high is not None:
        return f"exactly {number(low)}" if low == high else f"between {number(low)} and {number(high)}"
    return f"at least {number(low)}" if low is not None else f"at most {number(high)}"


def limits(low: Any, high: Any) -> dict[str, Any]:
    """The bounds as arguments; an open side is left out."""
    return {key: value for key, value in (("min_value", low), ("max_value", high)) if value is not None}


# ── what every dataset must hold, from its codebook ───────────────────────────────────────────────────────────────────


def defaults(
    codebook: Codebook, counts: Sequence[RuleCount], declared: Sequence[Statement] = ()
) -> Iterator[Statement]:
    """The statements that hold where a card declares none; a declared range of a column takes the place of ours."""
    ranged = {(s.table, s.column) for s in declared if s.type == "expect_column_values_to_be_between"}
    for table in GATED:
        yield _columns(codebook, table)
        yield from (_filled(table, column) for column in (*TABLES[table].key, *_REFERENCES.get(table, ())))
    for table in ("reports", "events"):
        yield from _values(codebook, table, counts)
        if "date_start" in views.columns(codebook, table) and (table, "date_start") not in ranged:
            yield _years(table)
    yield from _rules()


def left_to_rules(codebook: Codebook, counts: Sequence[RuleCount]) -> list[str]:
    """What the defaults do not say because a rule says it and its failures are accepted on record, one line each."""
    found = [(column, _accepted(counts, column)) for column in _vocabularies(codebook)]
    return [f"the values of {column}: {rule}" for column, rule in found if rule]


def _columns(codebook: Codebook, table: str) -> Statement:
    columns = sorted(views.columns(codebook, table))
    return Statement(
        f"{table} has the columns of the codebook", table, "expect_table_columns_to_match_set",
        {"column_set": columns, "exact_match": False}, f"{len(columns)} columns", "who reads the table relies on its columns",
        observe="columns",
    )  # fmt: skip


def _filled(table: str, column: str) -> Statement:
    return Statement(
        f"{table}.{column} is filled in every row", table, "expect_column_values_to_not_be_null", {"column": column},
        "a value in every row", "a key without a value leads nowhere", observe="rows",
    )  # fmt: skip


def _vocabularies(codebook: Codebook) -> dict[str, tuple[str, ...]]:
    """The closed lists of event_type and realis."""
    fields = {name: codebook.fields.get(("codings", name)) for name in ("event_type", "realis")}
    found = {name: views.allowed(codebook, field) for name, field in fields.items() if field is not None}
    return {name: values for name, values in found.items() if values}


def _values(codebook: Codebook, table: str, counts: Sequence[RuleCount]) -> Iterator[Statement]:
    present = views.columns(codebook, table)
    for column, values in _vocabularies(codebook).items():
        if column in present and not _accepted(counts, column):
            yield Statement(
                f"{table}.{column} has only values of the codebook", table, "expect_column_values_to_be_in_set",
                {"column": column, "value_set": list(values)}, f"one of {len(values)} values", "other values have no definition",
                observe="rows",
            )  # fmt: skip


def _accepted(counts: Sequence[RuleCount], column: str) -> str:
    """The rule about a column's values that has failures, all of them waived or no errors; empty if there is none.

    Where it has failures that stop a release, the expectation stands beside the rule and fails with it.
    """
    mirrored = {f"{table}.{column}-code" for table in ("codings", "reports", "events")}
    for count in counts:
        if (
            count.rule in mirrored
            and count.failed
            and (count.severity != "error" or count.failed <= count.waived)
        ):
            return f"{count.rule} (failures: {count.failed}, waived: {count.waived})"
    return ""


def _years(table: str) -> Statement:
    first, last = (date.fromisoformat(day).year for day in YEARS)
    return Statement(
        f"{table}.date_start lies between {first} and {last}", table, "expect_column_values_to_be_between",
        {"column": "date_start", **limits(*YEARS)}, between(*YEARS),
        "other years are slips of the pen; declare a range of date_start where they are not", observe="rows",
    )  # fmt: skip


def _rules() -> Iterator[Statement]:
    yield Statement(
        "rules were asked", RULES, "expect_table_row_count_to_be_between", {"min_value": 1}, "at least 1",
        "a gate without rules says nothing of the rows",
    )  # fmt: skip
    yield Statement(
        "every error is mended or waived", RULES, "expect_column_sum_to_be_between",
        {"column": "open", **limits(0, 0), "row_condition": column_is("severity", "error")}, "exactly 0",
        "a release has no errors but those accepted on record", observe="errors",
    )  # fmt: skip
