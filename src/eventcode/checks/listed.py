"""What stands in the columns that conditions compare with texts: each value once, with its rows, which few rows of a dictionary tell.

A closed list of 300 codes then is no list any more in the scan over all rows: mostly every value of the column is in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import Any

from sqlglot import exp

from eventcode.checks import scope, settle
from eventcode.checks.compile import TablePlan
from eventcode.checks.facts import Facts
from eventcode.checks.running import Work
from eventcode.model import Codebook

MOST_VALUES = 5_000
SAMPLE, MOST_SAMPLED = 20_000, 2_000


def with_listed(work: Work, codebook: Codebook, table: TablePlan, facts: Facts) -> Facts:
    """The facts of a table and what stands in the columns whose values its row rules list."""
    named: dict[str, None] = {}
    for row in table.rules:
        for sql in (row.when, row.require, *row.guards):
            named |= dict.fromkeys(_compared(sql))
    return with_values(work, codebook, table.table, facts, named)


def with_values(work: Work, codebook: Codebook, table: str, facts: Facts, columns: Iterable[str]) -> Facts:
    """The facts of a table and what stands in some of its columns: those of text, where there are not too many values."""
    kinds = scope.scope(codebook, table).columns
    asked = [
        name
        for name in columns
        if kinds.get((scope.SELF, name)) == "string"
        and facts.nulls.get(name) != facts.rows
        and name not in facts.values
    ]
    if facts.rows > SAMPLE and asked:
        parts = ", ".join(f'count(DISTINCT "{name}")' for name in asked)
        listed = ", ".join(f'"{name}"' for name in asked)
        [found] = work.rows(f"SELECT {parts} FROM (SELECT {listed} FROM {table} LIMIT {SAMPLE})")
        asked = [name for name, n in zip(asked, found, strict=True) if n <= MOST_SAMPLED]
    values, nulls = dict(facts.values), dict(facts.nulls)
    for name in asked:
        held = held_in(table, name)
        work.execute(
            f'CREATE OR REPLACE TEMP TABLE {held} AS SELECT "{name}", count(*) AS n FROM {table} GROUP BY 1'
        )
        rows = work.rows(f"SELECT * FROM {held} LIMIT {MOST_VALUES + 1}")
        if len(rows) <= MOST_VALUES:
            values[name] = frozenset(value for value, _ in rows if value is not None)
            nulls[name] = next((n for value, n in rows if value is None), 0)
    return replace(facts, values=values, nulls=nulls)


def held_in(table: str, column: str) -> str:
    """The name of the table with the values of a column and how many rows have each (`n`)."""
    return f'"{column} of {table}"'


@lru_cache(maxsize=4096)
def _compared(sql: str) -> tuple[str, ...]:
    """The own columns that a condition compares with texts."""
    found: dict[str, None] = {}
    for node in settle.parsed(sql).find_all(exp.In, exp.EQ):
        values: list[Any] = node.expressions or [node.args.get("expression")]
        column = node.this
        own = isinstance(column, exp.Column) and column.table == scope.SELF
        if own and all(isinstance(value, exp.Literal) and value.is_string for value in values):
            found[str(column.name)] = None
    return tuple(found)
