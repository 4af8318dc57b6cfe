"""Which rules make Spark move rows between machines, told from what is asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlglot
from sqlglot import exp

from eventcode.checks.compile import Plan, used

NOTHING, JOINED, GROUPED, BOTH = "nothing is moved", "joined", "grouped", "joined and grouped"
_GROUPING = (exp.Group, exp.Distinct, exp.Window)


def moves(plan: Plan) -> Iterator[tuple[str, str]]:
    """(rule, how its rows are moved) of every rule; the lineage of violations, which are few, is looked up besides.

    What a row rule reads of the rows above its row is joined.
    """
    for table in plan.tables:
        for row in table.rules:
            above = used(plan.codebook, table.table, [row.when, row.require])
            yield row.rule.id, JOINED if above else NOTHING
    for asked in plan.sets:
        yield asked.rule.id, _of_query(sqlglot.parse_one(asked.violations, read="duckdb"))


def _of_query(tree: Any) -> str:
    joined = tree.find(exp.Join, exp.Exists) is not None
    grouped = tree.find(*_GROUPING) is not None
    return {(True, True): BOTH, (True, False): JOINED, (False, True): GROUPED}.get((joined, grouped), NOTHING)
