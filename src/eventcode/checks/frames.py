"""The tables of a build as great_expectations sees them: pandas frames, rule counts and small summaries included."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from eventcode.checks.suite import RULES, Statement, Summary
from eventcode.codebook import views
from eventcode.errors import DatasetError, Problem, refuse
from eventcode.model import Codebook, RuleCount
from eventcode.tables import INTEGER, TABLES, TEXT, build

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

Tables = Mapping[str, Any]  # Arrow tables by name
LENGTHS = {"day": 10, "month": 7, "year": 4}  # of an ISO date


def frames(
    statements: Sequence[Statement], tables: Tables, counts: Sequence[RuleCount]
) -> dict[str, pd.DataFrame]:
    """The frame of every table that a statement is about, from Arrow tables by name; DatasetError names those that are not there.

    Columns keep their Arrow types: nulls stay null, whole numbers whole, days days and lists lists. Of columns that no statement looks
    into there is the name alone, with zeros below it: great_expectations hashes every cell that it is given.
    """
    _refuse_missing(statements, tables)
    summaries = {statement.table: statement.summary for statement in statements}
    found = {name: _table(name, summary, tables, counts) for name, summary in summaries.items()}
    return {name: _frame(table, _looked_into(name, statements)) for name, table in found.items()}


def _looked_into(table: str, statements: Sequence[Statement]) -> set[str]:
    """The columns that the statements about a table need: their own, those of row conditions, and the key that names a row."""
    columns = {*key_of(table), *(("severity", "open", "waived") if table == RULES else ())}
    return columns | {
        statement.column for statement in statements if statement.table == table and statement.column
    }


def key_of(table: str) -> tuple[str, ...]:
    """The columns that name a row."""
    if table in TABLES:
        return TABLES[table].key
    return ("rule",) if table == RULES else ("group",)


def _frame(table: pa.Table, columns: set[str]) -> pd.DataFrame:
    import numpy
    import pandas as pd

    kept = table.select([name for name in table.column_names if name in columns])
    frame = kept.to_pandas(types_mapper=pd.ArrowDtype, ignore_metadata=True)
    rest = [name for name in table.column_names if name not in columns]
    names_only = pd.DataFrame(numpy.zeros((table.num_rows, len(rest)), numpy.int8), columns=rest)
    whole: pd.DataFrame = pd.concat([frame, names_only], axis=1)[table.column_names]
    return whole


def _refuse_missing(statements: Sequence[Statement], tables: Tables) -> None:
    needed = {statement.reads: statement.origin for statement in reversed(statements)}
    absent = [(table, origin) for table, origin in needed.items() if table not in tables and table != RULES]
    problems = [
        Problem(f"there is no table '{table}' in this build", "build the dataset first", path=origin)
        for table, origin in absent
    ]
    refuse(DatasetError, "the gate has not all of its tables", problems)


def _table(name: str, summary: Summary | None, tables: Tables, counts: Sequence[RuleCount]) -> pa.Table:
    if summary is not None:
        return per_group(tables[summary.table], summary)
    return rule_summary(counts) if name == RULES else tables[name]


def rule_summary(counts: Sequence[RuleCount]) -> pa.Table:
    """The rule counts with `open`: the failures that nobody waived, never below 0."""
    columns = {**TABLES["rule_counts"].columns, "open": INTEGER}
    return build(
        columns, [{**asdict(count), "open": max(0, count.failed - count.waived)} for count in counts]
    )


def per_group(table: pa.Table, summary: Summary) -> pa.Table:
    """`group`, `rows`: one row per value of a column; for dates one per day, month or year, those without rows included."""
    import pyarrow.compute as pc

    counted = pc.value_counts(table.column(summary.column)).to_pylist()
    present = [(entry["values"], entry["counts"]) for entry in counted if entry["values"] is not None]
    rows: dict[str, int] = {}
    if summary.step and present:
        days = [day for day, _ in present]
        rows = dict.fromkeys(_steps(min(days), max(days), summary.step), 0)
    for value, n in present:
        group = _group(value, summary.step)
        rows[group] = rows.get(group, 0) + n
    found = [{"group": group, "rows": rows[group]} for group in sorted(rows)]
    return build({"group": TEXT, "rows": INTEGER}, found)


def summary_of(name: str, codebook: Codebook) -> Summary | None:
    """The summary that a table of a suite is called after (`events_per_date_start_month`); None for another table."""
    table, between, rest = name.partition("_per_")
    columns = views.columns(codebook, table) if between and table in TABLES else {}
    if rest in columns:
        return Summary(table, rest)
    column, _, step = rest.rpartition("_")
    return Summary(table, column, step) if column in columns and step in LENGTHS else None


def _group(value: Any, step: str | None) -> str:
    if step:
        return str(value.isoformat()[: LENGTHS[step]])
    return str(value).lower() if isinstance(value, bool) else str(value)


def _steps(first: date, last: date, step: str) -> Iterator[str]:
    """Every day, month or year from the first to the last, as the beginning of an ISO date."""
    if step == "day":
        yield from ((first + timedelta(n)).isoformat() for n in range((last - first).days + 1))
    elif step == "month":
        months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
        yield from (f"{month // 12:04}-{month % 12 + 1:02}" for month in months)
    else:
        yield from (f"{year:04}" for year in range(first.year, last.year + 1))
