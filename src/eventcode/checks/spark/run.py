"""Running a plan on Spark: the same findings and counts as `engine` gets from DuckDB.

Every statement of the plan is translated and asked of the cluster; what comes back to this machine are counts, and for each rule as
many findings as are kept. See docs/spark.md for what that means for large tables.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import sqlglot
from sqlglot import exp

from eventcode.checks import dialect
from eventcode.checks.compile import Plan, SetPlan, TablePlan
from eventcode.checks.context import context_tables
from eventcode.checks.doubles import ABOVE, looked_up_in
from eventcode.checks.facts import Facts
from eventcode.checks.progress import Progress, Say
from eventcode.checks.relations import ROW
from eventcode.checks.result import Places, Result, count, finding, order, violations
from eventcode.checks.set_scan import possible
from eventcode.checks.spark import frames
from eventcode.checks.spark.rows import FAILED, OTHER, UNKNOWN, Group, asked, groups
from eventcode.model import Finding, RuleCount
from eventcode.tables import TABLES

AT_ONCE = 10_000  # violations of one rule that are fetched before it is asked whether there are more
Found = tuple[list[Finding], RuleCount]


def run(
    spark: Any,
    plan: Plan,
    tables: Mapping[str, Any],
    *,
    places: Places | None = None,
    release: bool = False,
    cap: int | None = None,
    say: Say | None = None,
) -> Result:
    """A plan on Spark frames by table name, with the columns and types of the codebook; what is not given is empty.

    `cap` bounds the findings kept per rule, the first by key; counts stay exact.
    """
    with frames.views(spark, plan.codebook, tables) as views:
        return _Run(spark, plan, views, tables, places or {}, cap).result(release, say)


class _Run:
    """One plan on the views of one session."""

    def __init__(
        self,
        spark: Any,
        plan: Plan,
        views: dict[str, str],
        given: Mapping[str, Any],
        places: Places,
        cap: int | None,
    ) -> None:
        self.spark, self.plan, self.views, self.places, self.cap = spark, plan, views, places, cap
        self.columns = frames.columns(plan.codebook)
        self.given = given.keys()
        context = context_tables(plan.codebook)
        self.facts = {name: Facts(len(table), {}) for name, table in context.items()}
        self.facts |= self._facts(given)
        self.once = {name: self._firsts(name, given[name]) for name in self._doubled()}

    def _facts(self, given: Mapping[str, Any]) -> dict[str, Facts]:
        """The rows of each table and the empty cells of its columns: one pass that looks at no value."""
        own = {name: [c for c in self.columns[name] if c in frame.columns] for name, frame in given.items()}
        counted = {
            name: ", ".join(f"count(`{column}`)" for column in columns) for name, columns in own.items()
        }
        asked = [
            f"SELECT '{name}' AS name, count(*) AS n, array({parts}) AS filled FROM {self.views[name]}"
            for name, parts in counted.items()
        ]
        found = {}
        for name, rows, filled in self.spark.sql(" UNION ALL ".join(asked)).collect():
            nulls = {column: rows - there for column, there in zip(own[name], filled, strict=True)}
            found[name] = Facts(rows, nulls, ROW in given[name].columns)
        return found

    def _doubled(self) -> list[str]:
        """Tables in which rows are looked up, and which hold a key twice."""
        held = "SELECT `{key}` FROM {view} WHERE `{key}` IS NOT NULL GROUP BY `{key}` HAVING count(*) > 1 LIMIT 1"
        asked = [
            f"SELECT '{name}' AS name FROM ({held.format(key=TABLES[name].key[0], view=self.views[name])})"
            for name in sorted(ABOVE & self.given)
            if self.facts[name].rows > 1
        ]
        return [row.name for row in self.spark.sql(" UNION ALL ".join(asked)).collect()] if asked else []

    def _firsts(self, name: str, frame: Any) -> str:
        """The name of a view with one row for each key of a table."""
        once = f"{name}_once"
        view = self.views["stated"] + f"_{once}"
        frames.firsts(frame, TABLES[name].key[0]).createOrReplaceTempView(view)
        self.columns[once], self.views[once] = self.columns[name], view  # dropped with the others
        return once

    def result(self, release: bool, say: Say | None) -> Result:
        tables = [table for table in self.plan.tables if table.table in self.given]
        sets = [*self.plan.sets_on({*context_tables(self.plan.codebook), *self.given}, release=release)]
        findings: list[Finding] = []
        counts: list[RuleCount] = []

        def tell(doing: str, done: int) -> None:
            if say is not None:
                say(Progress(doing, done / (len(tables) + len(sets))))

        for i, table in enumerate(tables):
            tell(f"{table.table}: {len(table.rules)} row rules on {self.facts[table.table].rows:,} rows", i)
            found, counted = self._table(table)
            findings += found
            counts += counted
        for i, rule in enumerate(sets, len(tables)):
            tell(rule.rule.id, i)
            found, counted_ = self._set(rule)
            findings += found
            counts.append(counted_)
        return Result(tuple(sorted(findings, key=order)), tuple(counts))

    def _sql(self, sql: str) -> Any:
        return self.spark.sql(self._said(sql))

    def _said(self, sql: str, views: Mapping[str, str] = MappingProxyType({})) -> str:
        """A query in Spark's words, in which rows are looked up by their key, one for each key."""
        return dialect.spark(looked_up_in(sql, self.once), self.columns, {**self.views, **views})

    # ── row rules ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _table(self, table: TablePlan) -> tuple[list[Finding], list[RuleCount]]:
        facts = self.facts[table.table]
        rules = asked(table, facts)
        states = {rule.row.rule.id: {rule.known: facts.rows} for rule in rules if rule.known is not None}
        findings: list[Finding] = []
        for group in groups([rule for rule in rules if rule.known is None], self.plan.codebook, table.table):
            for place, found in enumerate(self._states(group)):
                states[group.rules[place].row.rule.id] = found
            failed = [i for i, rule in enumerate(group.rules) if states[rule.row.rule.id].get(FAILED)]
            findings += self._failures(group, failed, facts)
        for rule in rules:
            if rule.known == FAILED and facts.rows:
                findings += self._failures(Group(table.table, frozenset(), [rule]), [0], facts)
        return findings, [self._count(rule.row, states[rule.row.rule.id]) for rule in rules]

    def _states(self, group: Group) -> list[dict[int, int]]:
        """For each rule of a group how many rows are in which state."""
        words = self._said(group.words)
        apart = f"SELECT n, posexplode(split(word, '')) AS (place, state) FROM ({words})"
        found: list[dict[int, int]] = [{} for _ in group.rules]
        for place, state, n in self.spark.sql(
            f"SELECT place, state, sum(n) FROM ({apart}) WHERE state <> '' GROUP BY place, state"
        ).collect():
            found[place][int(state)] = n
        return found

    def _count(self, row: Any, states: Mapping[int, int]) -> RuleCount:
        applies = sum(n for state, n in states.items() if state != OTHER)
        return count(row.rule, applies, states.get(FAILED, 0), states.get(UNKNOWN, 0))

    def _failures(self, group: Group, failed: Sequence[int], facts: Facts) -> Iterator[Finding]:
        """The findings that are kept of some rules; only these leave the executors."""
        if not failed or self.cap == 0:
            return
        frame = self._sql(group.failures(failed, self.plan.codebook, facts))
        flags = ", ".join(f"CASE WHEN failed{i} THEN {i} END" for i in failed)
        kept = [f"`{name}`" for name in frame.columns[: -len(failed)]]
        told = frame.selectExpr(*kept, f"explode(array_compact(array({flags}))) AS rule")
        if self.cap is None:
            rows = told.toLocalIterator()
        else:
            place = "row_number() OVER (PARTITION BY rule ORDER BY k, lineage) AS place"
            rows = told.selectExpr("*", place).where(f"place <= {self.cap}").collect()
        for row in rows:
            yield finding(group.rules[row["rule"]].row.rule, row.asDict(), self.places)

    # ── set and built-in rules ────────────────────────────────────────────────────────────────────────────────────────

    def _set(self, plan: SetPlan) -> Found:
        total = self.facts[plan.rule.table].rows
        if not total or not all(possible(trigger, self.facts) for trigger in plan.triggers):
            return [], count(plan.rule, total, 0, 0)
        rows = self._violations(plan.violations).limit(AT_ONCE + 1).toArrow()
        if rows.num_rows > AT_ONCE:
            return self._many(plan, self._violations(plan.sql), total)
        described = self._described(plan, rows) if rows.num_rows else []
        return violations(plan.rule, described, total, self.places, self.cap)

    def _described(self, plan: SetPlan, rows: Any) -> list[dict[str, Any]]:
        """Violations that are here already, with the lineage of their rows and what the message shows of them."""
        name = "violations_here"
        with self._view(frames.of_arrow(self.spark, rows), name) as view:
            return list(self._named(plan.told(name), name, view).toArrow().to_pylist())

    def _many(self, plan: SetPlan, frame: Any, total: int) -> Found:
        """As `violations`, for more rows than this machine should hold."""
        sure = "NOT coalesce(unknown, FALSE)" if "unknown" in frame.columns else "TRUE"
        keys = frame.selectExpr("k", f"{sure} AS sure").groupBy("k").agg({"sure": "max"}).toDF("k", "sure")
        [(failed, unknown)] = keys.selectExpr("count_if(sure)", "count_if(NOT sure)").collect()
        told = frame.where(sure).distinct()
        kept = told.toLocalIterator() if self.cap is None else told.orderBy("k").limit(self.cap).collect()
        findings = dict.fromkeys(finding(plan.rule, row.asDict(), self.places) for row in kept)
        return [*findings], count(plan.rule, total, failed, unknown)

    def _violations(self, sql: str) -> Any:
        """A query, also one that calls itself: Spark's recursion does not end where nothing new is found, so each round is a join here."""
        tree = sqlglot.parse_one(sql, read="duckdb")
        clause = tree.find(exp.With)
        if clause is None or not clause.args.get("recursive"):
            return self._sql(sql)
        steps = next(cte for cte in clause.expressions if isinstance(cte.this, exp.Union))
        first, again = steps.this.this, steps.this.expression
        steps.pop()
        clause.set("recursive", False)
        if not clause.expressions:
            clause.pop()
        reached = self._walked(first, again, steps.alias)
        view = self.views["stated"] + f"_{steps.alias}"
        reached.createOrReplaceTempView(view)
        self.views[view] = view  # to be dropped with the others: the query is only run later
        return self._named(tree.sql("duckdb"), steps.alias, view)

    def _walked(self, first: Any, again: Any, name: str) -> Any:
        """Everything that a recursive query reaches: rounds until nothing new is found."""
        names = first.named_selects
        reached = new = self._sql(first.sql("duckdb")).toDF(*names).distinct().localCheckpoint()
        while not new.isEmpty():
            with self._view(new, name) as view:
                step = self._named(again.sql("duckdb"), name, view).toDF(*names)
                new = step.distinct().subtract(reached).localCheckpoint()
            reached = reached.union(new)
        return reached

    def _named(self, sql: str, name: str, view: str) -> Any:
        """A query that reads a view of this moment under a name of its own."""
        return self.spark.sql(self._said(sql, {name: view}))

    def _view(self, frame: Any, name: str) -> Any:
        return frames.view(self.spark, frame, self.views["stated"] + f"_{name}")
