"""Rules of a codebook as expectations of great_expectations: each carries its rule as SQL and is answered by DuckDB over the batch.

Nothing here imports great_expectations but `suite_with_rules`: an expectation is plain JSON that holds all it needs, so that a suite
may be saved and loaded where this package is installed. The class that runs it is in `checks.predicate_expectation`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eventcode.checks import builtin, gx, scope, suite
from eventcode.checks.breaking import ROW, Program
from eventcode.checks.compile import EXTRA, Plan, RowRule, SetPlan, TablePlan, plan
from eventcode.checks.context import context_tables
from eventcode.checks.database import columns
from eventcode.errors import CodebookError
from eventcode.model import Codebook, Rule
from eventcode.shape import did_you_mean
from eventcode.tables import TABLES

if TYPE_CHECKING:
    import pyarrow as pa

TYPE = "expect_rows_to_follow_rule"
SEVERITIES = {"error": "critical", "warning": "warning", "flag": "info"}
NAMED = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
READ = re.compile(r"\b(?:FROM|JOIN) ([a-z_]+)")


def suite_with_rules(
    codebook: Codebook,
    table: str,
    *,
    beside: str | Path | None = None,
    severities: Collection[str] = ("error",),
) -> Any:
    """An ExpectationSuite for the rows of a table: what every dataset must hold, then every rule of the codebook about it.

    A rule that looks at other tables is in it where `beside` names the folder of a build or release to read them from; else it is
    left out, and the suite's `meta` says so. CodebookError for a table that is not in the model.
    """
    data = suite_data(codebook, table, beside=beside, severities=severities)
    gx.library()
    from eventcode.checks import predicate_expectation  # noqa: F401  registers the expectation

    return gx.loaded(data)


def suite_data(
    codebook: Codebook,
    table: str,
    *,
    beside: str | Path | None = None,
    severities: Collection[str] = ("error",),
) -> dict[str, Any]:
    """The same as JSON, made without great_expectations; the same in every run."""
    if table not in TABLES:
        raise CodebookError(f"there is no table '{table}'", did_you_mean(table, [*TABLES]))
    folder = str(beside) if beside else None
    native = [one.as_json() for one in suite.defaults(codebook, ()) if one.table == table]
    found = [
        (rule, program) for rule, program in programs(codebook, table, folder) if rule.severity in severities
    ]
    left = [f"{rule.id}: reads {', '.join(program['beside'])}" for rule, program in found if _open(program)]
    rules = [_expectation(rule, program) for rule, program in found if not _open(program)]
    return {
        "name": f"{codebook.id}.{table}",
        "expectations": [*native, *rules],
        "meta": {"eventcode": {"codebook": codebook.reference, "left_out": left}},
    }


def _open(program: Program) -> bool:
    return bool(program["beside"]) and program["folder"] is None


def _expectation(rule: Rule, program: Program) -> dict[str, Any]:
    kwargs = {"column_list": [*program["types"]], "rule": rule.id, "program": program}
    return {
        "type": TYPE, "kwargs": kwargs, "description": f"{rule.id}: {' '.join((rule.why or rule.message).split())}",
        "notes": " ".join(rule.hint.split()), "severity": SEVERITIES[rule.severity], "meta": {},
        "id": suite.uuid_of(rule.id, program["sql"], program["folder"]),
    }  # fmt: skip


# ── from rules to programs ────────────────────────────────────────────────────────────────────────────────────────────


def programs(codebook: Codebook, table: str, folder: str | None = None) -> Iterator[tuple[Rule, Program]]:
    """Every rule about a table with its program, in the order of the plan.

    Left out are rules that are asked only at a release, and those about what stands in the input and in no table.
    """
    whole = _plan(codebook)
    for one in whole.tables:
        if one.table == table:
            yield from ((row.rule, _program(codebook, _row(one, row), table, folder)) for row in one.rules)
    for rule in whole.sets:
        late = rule.rule.options.get("builtin") in builtin.AT_RELEASE
        if rule.rule.table == table and not late and not set(READ.findall(rule.violations)) & EXTRA.keys():
            yield rule.rule, _program(codebook, _set(rule), table, folder)


@lru_cache(maxsize=8)
def _plan(codebook: Codebook) -> Plan:
    return plan(codebook)


def _row(table: TablePlan, row: RowRule) -> str:
    said = " ".join((row.when, row.require, *row.guards))
    above = (prefix for prefix, _, _ in scope.JOINS.get(table.table, ()))
    used = frozenset(prefix for prefix in above if f'"{prefix}".' in said or f"{prefix}." in said)
    return f'SELECT self."{ROW}" FROM {scope.source(table.table, used)} WHERE {row.fails}'


def _set(rule: SetPlan) -> str:
    table, sure = rule.rule.table, " WHERE NOT bad.unknown" if "AS unknown" in rule.violations else ""
    source = f"{table} AS self JOIN ({rule.violations}) AS bad ON bad.k = {scope.key(table)}"
    return f'SELECT self."{ROW}" FROM {source}{sure}'


def _program(codebook: Codebook, sql: str, table: str, folder: str | None) -> Program:
    words = set(NAMED.findall(sql))
    reads = {name for name in READ.findall(sql) if name in TABLES or name == "code_excludes"} - {table}
    own = columns(codebook, table)
    types = {name: own[name] for name in own if name in words or name in TABLES[table].key}
    types |= dict([next(pair for pair in own.items() if pair[0] not in types)]) if len(types) < 2 else {}
    context = context_tables(codebook)
    small = {name: _needed(context[name], words) for name in sorted(reads & context.keys())}
    beside = sorted(reads - context.keys())
    return {
        "table": table, "sql": sql, "types": types, "context": small, "beside": beside, "folder": folder if beside else None,
    }  # fmt: skip


def _needed(table: pa.Table, words: Collection[str]) -> dict[str, list[Any]]:
    """The columns of a small table that a query names, as JSON."""
    kept = table.select([name for name in table.column_names if name in words])
    return {
        name: [v.isoformat() if hasattr(v, "isoformat") else v for v in kept[name].to_pylist()]
        for name in kept.column_names
    }
