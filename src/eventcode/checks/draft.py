"""The checks on one reading, in milliseconds: everything that can be known before a reading comes is done before.

Per table one prepared statement computes the conditions that differ (`atoms`); a set rule is asked only where its triggers say that it
could find something; lineages and what messages show are fetched for rows that have a finding. Statements run without DuckDB's
optimizer, which costs more than it saves on a few rows. See docs/decisions/0002-draft-checks.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from eventcode.checks.compile import EXTRA, Plan, SetPlan, describing
from eventcode.checks.context import context_tables
from eventcode.checks.database import Means, connect, empty
from eventcode.checks.doubles import doubled_rows, once
from eventcode.checks.judged import JudgedTable
from eventcode.checks.result import Places, Result, count, finding, order, violations
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
        present = {*context_tables(self.codebook), *TABLES_OF_A_READING}
        self.sets = [
            s for s in plan.sets_on(present) if s.rule.table in TABLES_OF_A_READING and not _by_layout(s.rule)
        ]
        self.rules = {table.table: table.rules for table in plan.tables if table.table in TABLES_OF_A_READING}
        self.connection = connect(means=Means(threads=1, plain=True))
        self.live = {name: _Live(empty(self.codebook, name)) for name in TABLES_OF_A_READING}
        self._fill()
        triggers = {trigger for asked in self.sets for trigger in asked.triggers}
        self.tables = {
            name: JudgedTable(self.codebook, name, self.rules.get(name, ()), triggers, one_reading=True)
            for name in TABLES_OF_A_READING
        }
        self._prepare()

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
        self.connection.execute("BEGIN")
        try:
            present = [name for name in self.tables if self._put(name, given.get(name, ()))]
            doubled = doubled_rows(given)
            seen = {name: self._seen(name, doubled) for name in present}
            rows_ = [
                found
                for name in self.tables
                for found in self._judged(self.tables[name], seen.get(name, ()), places)
            ]
            sets = [self._asked(i, asked, seen, places) for i, asked in enumerate(self.sets)]
        finally:
            self.connection.execute("ROLLBACK")
        findings = [found for some, _ in [*rows_, *sets] for found in some]
        return Result(tuple(sorted(findings, key=order)), tuple(counted for _, counted in [*rows_, *sets]))

    def _seen(self, name: str, doubled: frozenset[str]) -> Sequence[Sequence[Any]]:
        """The values of the conditions of a table; a statement of its own where a row above could be found twice."""
        whole = self.tables[name].sql
        asked = once(whole, doubled)
        return self.connection.execute(f"EXECUTE ask_{name}" if asked == whole else asked).fetchall()

    def _put(self, name: str, given: Sequence[Row]) -> bool:
        if given:
            live = self.live[name]
            live.table = filled(live.schema, given)
            self.connection.execute(f"EXECUTE fill_{name}")
        return bool(given)

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
        bad = self._rows(f"EXECUTE set{i}")
        shown = self._shown(asked.rule.table) if bad else {}
        return violations(
            asked.rule, [{**shown[row["k"]], **row} for row in bad if row["k"] in shown], total, places
        )

    def _shown(self, table: str) -> dict[str, Row]:
        return {row["k"]: row for row in self._rows(f"EXECUTE show_{table}")}

    def _rows(self, sql: str) -> list[Row]:
        """The rows of a query by column name; where there are none, no time is lost on the names."""
        cursor = self.connection.execute(sql)
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
