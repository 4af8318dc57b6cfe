"""The checks on one reading, in milliseconds: everything that can be known before a reading comes is done before.

Columns are read from the rows that were given, and per table one prepared statement computes the other conditions that differ
(`held`). A set rule is asked only where its triggers say that it could find something and the rows do not show that they keep it
(`unbroken`); lineages and what messages show are fetched for rows that have a finding. Rows are put into the database when a statement
needs them there. Statements run without DuckDB's optimizer, which costs more than it saves on a few rows. See
docs/decisions/0002-draft-checks.md.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from eventcode.checks import scope
from eventcode.checks.compile import EXTRA, Plan, SetPlan, describing
from eventcode.checks.context import context_tables
from eventcode.checks.database import Means, connect, empty
from eventcode.checks.doubles import doubled_rows, once
from eventcode.checks.judged import JudgedTable
from eventcode.checks.result import Places, Result, count, finding, order, violations
from eventcode.checks.unbroken import shows
from eventcode.model import Finding, Rule, RuleCount
from eventcode.tables import TABLES, filled

if TYPE_CHECKING:
    import pyarrow as pa

TABLES_OF_A_READING = ("documents", "readings", "codings", "sources", "support", "participants", "evidence")
Row = dict[str, Any]
Rows = Mapping[str, Sequence[Row]]


class Draft:
    """The statements for one reading, prepared. What the layout of a reading makes true by itself is not asked."""

    def __init__(self, plan: Plan) -> None:
        self.codebook = plan.codebook
        context = context_tables(self.codebook)
        self.context: Rows = {name: table.to_pylist() for name, table in context.items()}
        present = {*context, *TABLES_OF_A_READING}
        self.sets = [
            s for s in plan.sets_on(present) if s.rule.table in TABLES_OF_A_READING and not _by_layout(s.rule)
        ]
        self.keeps = [shows(s.rule, self.codebook, self.context) for s in self.sets]
        self.rules = {table.table: table.rules for table in plan.tables if table.table in TABLES_OF_A_READING}
        self.connection = connect(means=Means(threads=1, plain=True))
        self.live = {name: _Live(empty(self.codebook, name)) for name in TABLES_OF_A_READING}
        self._fill()
        triggers = {trigger for asked in self.sets for trigger in asked.triggers}
        self.tables = {
            name: JudgedTable(self.codebook, name, self.rules.get(name, ()), triggers, one_reading=True)
            for name in TABLES_OF_A_READING
        }
        self.few = {
            name: _Live(table.held.few([{}]))
            for name, table in self.tables.items()
            if table.held.possible and table.held.sql
        }
        self._prepare()
        self._above = {
            name: {name, *(table for _, table, _ in scope.JOINS[name])} for name in TABLES_OF_A_READING
        }
        self._there: set[str] = set()  # tables whose rows are in the database
        self._given: Rows = {}

    def _fill(self) -> None:
        """Native tables: those of the reading empty, with a prepared INSERT each, those of the codebook full."""
        context = context_tables(self.codebook)
        for name in [*TABLES, *EXTRA, "code_excludes"]:
            table = context[name] if name in context else empty(self.codebook, name)
            self.connection.register(f"in_{name}", self.live.get(name, table))
            self.connection.execute(f"CREATE TABLE {name} AS SELECT * FROM in_{name}")

    def _prepare(self) -> None:
        for name, table in self.tables.items():
            self.connection.execute(f"PREPARE fill_{name} AS INSERT INTO {name} SELECT * FROM in_{name}")
            self.connection.execute(f"PREPARE ask_{name} AS {table.sql}")
            self.connection.execute(f"PREPARE show_{name} AS {self._show(name)}")
        for name, live in self.few.items():
            held = self.tables[name].held
            self.connection.register(f"few_{name}", live)
            self.connection.execute(f"PREPARE few_{name} AS {held.sql}")
            held.nothing = self.connection.execute(f"EXECUTE few_{name}").fetchall()[0]
        for i, asked in enumerate(self.sets):
            self.connection.execute(f"PREPARE set{i} AS {asked.violations}")

    def _show(self, table: str) -> str:
        """SQL for key, lineage and everything that some message about the table shows."""
        rules = [
            *(row.rule for row in self.rules.get(table, ())),
            *(s.rule for s in self.sets if s.rule.table == table),
        ]
        return describing(self.codebook, table, rules)

    def check(self, given: Rows, places: Places) -> Result:
        """Findings and counts on the rows of one reading and its document; ValueError for rows of several readings."""
        if len(given.get("readings", ())) > 1:
            raise ValueError("a draft is one reading")
        self._given = given
        try:
            doubled = doubled_rows(given)
            seen = {name: self._seen(name, doubled) for name in self.tables if given.get(name)}
            rows_ = [
                found
                for name in self.tables
                for found in self._judged(self.tables[name], seen.get(name, ()), places)
            ]
            sets = [self._asked(i, asked, seen, places) for i, asked in enumerate(self.sets)]
        finally:
            self._empty()
            self._given = {}
        findings = [found for some, _ in [*rows_, *sets] for found in some]
        return Result(tuple(sorted(findings, key=order)), tuple(counted for _, counted in [*rows_, *sets]))

    def _seen(self, name: str, doubled: frozenset[str]) -> Sequence[Sequence[Any]]:
        """The values of the conditions of a table, from the database alone where a row above could be found twice."""
        table = self.tables[name]
        if table.held.possible and not doubled and len(self._given.get("documents", ())) < 2:
            return table.held.rows(self._given, self.context, lambda: self._few(name))
        asked = once(table.sql, doubled)
        said = f"EXECUTE ask_{name}" if asked == table.sql else asked
        return [*self._ask(said, self._above[name]).fetchall()]

    def _few(self, name: str) -> Sequence[Sequence[Any]]:
        self.few[name].table = self.tables[name].held.few(self._given[name])
        return self.connection.execute(f"EXECUTE few_{name}").fetchall()

    def _ask(self, sql: str, tables: Collection[str]) -> Any:
        """A statement over some tables of the reading, which are filled when one first asks of them."""
        for name in TABLES_OF_A_READING:
            if name in tables and name not in self._there:
                self._put(name, self._given.get(name, ()))
        return self.connection.execute(sql)

    def _empty(self) -> None:
        if self._there:
            self.connection.execute("ROLLBACK")
            self._there.clear()

    def _put(self, name: str, rows: Sequence[Row]) -> None:
        if not self._there:
            self.connection.execute("BEGIN")
        self._there.add(name)
        if rows:
            live = self.live[name]
            live.table = filled(live.schema, rows)
            self.connection.execute(f"EXECUTE fill_{name}")

    def _judged(
        self, table: JudgedTable, seen: Sequence[Sequence[Any]], places: Places
    ) -> Iterator[tuple[list[Finding], RuleCount]]:
        states = [[judged.state(row) for row in seen] for judged in table.rules]
        failing = any("failed" in found for found in states)
        shown = self._shown(table.name) if failing else {}
        for judged, found in zip(table.rules, states, strict=True):
            failed = [row[-1] for row, state in zip(seen, found, strict=True) if state == "failed"]
            asked = len(found) - found.count(None)
            yield (
                [finding(judged.rule, shown[k], places) for k in failed],
                count(judged.rule, asked, len(failed), found.count("unknown")),
            )

    def _asked(
        self, i: int, asked: SetPlan, seen: Mapping[str, Sequence[Sequence[Any]]], places: Places
    ) -> tuple[list[Finding], RuleCount]:
        total = len(seen.get(asked.rule.table, ()))
        if not all(
            self.tables[trigger.table].meets(trigger, seen.get(trigger.table, ()))
            for trigger in asked.triggers
        ):
            return [], count(asked.rule, total, 0, 0)
        kept = self.keeps[i]
        if kept is not None and kept(self._given):
            return [], count(asked.rule, total, 0, 0)
        bad = self._rows(f"EXECUTE set{i}", asked.reads)
        shown = self._shown(asked.rule.table) if bad else {}
        return violations(
            asked.rule, [{**shown[row["k"]], **row} for row in bad if row["k"] in shown], total, places
        )

    def _shown(self, table: str) -> dict[str, Row]:
        return {row["k"]: row for row in self._rows(f"EXECUTE show_{table}", self._above[table])}

    def _rows(self, sql: str, tables: Collection[str]) -> list[Row]:
        """The rows of a query by column name; where there are none, no time is lost on the names."""
        cursor = self._ask(sql, tables)
        values = cursor.fetchall()
        names = [column[0] for column in cursor.description or ()] if values else ()
        return [dict(zip(names, row, strict=True)) for row in values]


class _Live:
    """A table that DuckDB reads anew at each run, so that a prepared INSERT sees the rows of the moment."""

    def __init__(self, table: pa.Table) -> None:
        self.table = table
        self.schema = table.schema

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        return self.table.__arrow_c_stream__(requested_schema)


def _by_layout(rule: Rule) -> bool:
    """Whether rows that `readings.explode` made cannot break the rule."""
    if not rule.generated:
        return False
    if rule.kind == "unique":
        return rule.table in ("documents", "readings", "support", "evidence")
    return rule.options.get("references") in TABLES_OF_A_READING and (rule.table, rule.field) != (
        "support",
        "source_id",
    )
