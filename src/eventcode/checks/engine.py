"""Running a plan on DuckDB: findings with their places, and per rule exact counts of passed, failed and unknown."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from eventcode.checks.compile import EXTRA, Plan, RowRule, SetPlan, TablePlan, plan
from eventcode.checks.context import context_tables
from eventcode.checks.database import connect, empty, fill, lay, rows
from eventcode.checks.draft import Draft
from eventcode.checks.result import Places, Result, count, finding, order, violations
from eventcode.errors import CodebookError, Problem, refuse
from eventcode.model import Codebook, Finding, Rule, RuleCount
from eventcode.tables import TABLES

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

__all__ = ["Bench", "Checker", "Result"]


class Checker:
    """The checks of one codebook, compiled once.

    `check` takes whole tables; `draft` takes the rows of one reading through statements prepared at the first call.
    """

    def __init__(self, codebook: Codebook, only: Iterable[str] | None = None) -> None:
        self.codebook = codebook
        self.plan: Plan = plan(codebook, only)
        self._draft: Draft | None = None

    def check(
        self,
        tables: Mapping[str, pa.Table],
        *,
        places: Places | None = None,
        release: bool = False,
        cap: int | None = None,
        ask: Collection[str] | None = None,
    ) -> Result:
        """Findings on Arrow tables by name; a rule about a table that is not there, or not among those to `ask`, is not asked.

        `cap` bounds the findings kept per rule (counts stay exact). `release` adds the rules that hold only for what is
        published. Column types must be those of `codebook.views.schema`.
        """
        connection = connect()
        given = {**context_tables(self.codebook), **tables}
        fill(connection, self.codebook, given)
        asked = self.plan if ask is None else self.plan.about(ask)
        return _run(connection, asked, tables, places or {}, release=release, cap=cap)

    def draft(self, rows: Mapping[str, Sequence[dict[str, Any]]], *, places: Places | None = None) -> Result:
        """Findings on the rows of one reading and its document (`readings.Rows.tables`), in milliseconds once warm."""
        if self._draft is None:
            self._draft = Draft(self.plan)
        return self._draft.check(rows, places or {})

    def bind(self) -> None:
        """The third step of checking rules: DuckDB's binder on empty typed tables; CodebookError lists what it refuses."""
        connection = connect()
        connection.execute("SET threads = 1")
        lay(connection, self.codebook)
        problems: list[Problem] = []
        for table in self.plan.tables:
            if _refused(connection, _parts(table, table.rules)):  # which of them is only asked where one is
                for row in table.rules:
                    problems += _unbound(row.rule, _refused(connection, _parts(table, [row])))
        for plan_ in self.plan.sets:
            problems += _unbound(plan_.rule, _refused(connection, plan_.sql))
        refuse(CodebookError, f"the rules of {self.codebook.reference} do not bind", problems)


class Bench:
    """One connection for many small checks one after another, of any rules of one codebook: what connecting costs is paid once."""

    def __init__(self, codebook: Codebook) -> None:
        self.codebook = codebook
        self.plan = plan(codebook)
        self.connection = connect()
        self.connection.execute("SET threads = 1")
        context = context_tables(codebook)
        fill(self.connection, codebook, context)
        self.blank = {
            name: context[name] if name in context else empty(codebook, name) for name in [*TABLES, *EXTRA]
        }
        self.there = dict(self.blank)

    def check(self, rule: str, tables: Mapping[str, pa.Table]) -> Result:
        """What one rule finds on tables by name, as at a release; tables that are not given are empty."""
        for name, there in self.there.items():
            table = tables.get(name, self.blank[name])
            if table is not there and (len(table) or len(there)):
                self.connection.register(name, table)
                self.there[name] = table
        return _run(self.connection, self.plan.only(rule), tables, {}, release=True, cap=None)


def _run(
    connection: duckdb.DuckDBPyConnection,
    plan_: Plan,
    tables: Mapping[str, Any],
    places: Places,
    *,
    release: bool,
    cap: int | None,
) -> Result:
    """A plan on a connection that holds every table; `tables` names those that were given."""
    findings: list[Finding] = []
    counts: list[RuleCount] = []
    for table in plan_.tables:
        if table.table in tables:
            found, counted = _table(connection, table, places, cap)
            findings += found
            counts += counted
    for rule in plan_.sets_on({*context_tables(plan_.codebook), *tables}, release=release):
        found, counted_ = _set(connection, rule, places, cap)
        findings += found
        counts.append(counted_)
    return Result(tuple(sorted(findings, key=order)), tuple(counts))


def _parts(table: TablePlan, rules: Iterable[RowRule]) -> str:
    """A statement with all that some rules of a table say, each part once."""
    parts = [part for rule in rules for part in (rule.when, rule.require)]
    return table.select(f"({part}) AS p{i}" for i, part in enumerate(parts))


def _unbound(rule: Rule, message: str) -> list[Problem]:
    where = rule.place
    text = f"{rule.id}: {message}"
    return [Problem(text, "compare like with like", where.file, where.line, where.path)] if message else []


def _refused(connection: duckdb.DuckDBPyConnection, sql: str) -> str:
    """The first line of what the database says against a query; nothing where it accepts it.

    A view is bound and no more, which takes a sixth of the time of EXPLAIN.
    """
    import duckdb

    try:
        connection.execute(f"CREATE OR REPLACE VIEW bound AS {sql}")
    except duckdb.Error as error:
        return str(error).splitlines()[0]
    return ""


def _table(
    connection: duckdb.DuckDBPyConnection, table: TablePlan, places: Places, cap: int | None
) -> tuple[list[Finding], list[RuleCount]]:
    [counts] = connection.execute(table.counts).fetchall()
    counted = [count(rule.rule, *counts[3 * i : 3 * i + 3]) for i, rule in enumerate(table.rules)]
    if not any(found.failed for found in counted):
        return [], counted
    kept = dict.fromkeys(range(len(table.rules)), 0)
    findings = []
    for row in rows(connection, table.failures):
        for i, rule in enumerate(table.rules):
            if row[f"f{i}"] and (cap is None or kept[i] < cap):
                kept[i] += 1
                findings.append(finding(rule.rule, row, places))
    return findings, counted


def _set(
    connection: duckdb.DuckDBPyConnection, plan_: SetPlan, places: Places, cap: int | None
) -> tuple[list[Finding], RuleCount]:
    [(total,)] = connection.execute(f"SELECT count(*) FROM {plan_.rule.table}").fetchall()
    return violations(plan_.rule, rows(connection, plan_.sql), total, places, cap)
