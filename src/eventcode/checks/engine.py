"""Running a plan on DuckDB: findings with their places, and per rule exact counts of passed, failed and unknown."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from eventcode.checks import doubles, set_scan
from eventcode.checks.alone import alone as standing_alone
from eventcode.checks.compile import EXTRA, Plan, RowRule, SetPlan, TablePlan, describing, plan
from eventcode.checks.context import context_tables
from eventcode.checks.database import FREE, Means, connect, empty, facts_of, fill, lay
from eventcode.checks.draft import Draft
from eventcode.checks.facts import Facts
from eventcode.checks.judged import Seen
from eventcode.checks.listed import with_listed
from eventcode.checks.progress import Say
from eventcode.checks.quick import Twice
from eventcode.checks.relations import Relation, files_of
from eventcode.checks.result import Places, Result, count, order
from eventcode.checks.running import Work
from eventcode.checks.scan import Scan
from eventcode.checks.small import MOST, Small
from eventcode.errors import CodebookError, Problem, refuse
from eventcode.model import Codebook, Finding, Rule, RuleCount
from eventcode.tables import TABLES

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

__all__ = ["Bench", "Checker", "Result"]
LARGE = 50_000  # rows from which a check runs so that it can be stopped at once and says how far it is


class Checker:
    """The checks of one codebook, compiled once.

    `check` takes whole tables; `draft` takes the rows of one reading through statements prepared at the first call.
    """

    def __init__(self, codebook: Codebook, only: Iterable[str] | None = None) -> None:
        self.codebook = codebook
        self.plan: Plan = plan(codebook, only)
        self._draft: Draft | None = None
        self._alone: dict[str, Plan] = {}
        self._small: dict[tuple[str, ...], Small] = {}

    def check(
        self,
        tables: Mapping[str, pa.Table | Relation],
        *,
        places: Places | None = None,
        release: bool = False,
        cap: int | None = None,
        ask: Collection[str] | None = None,
        alone: str | None = None,
        means: Means = FREE,
        say: Say | None = None,
    ) -> Result:
        """Findings on tables by name; a rule about a table that is not there, or not among those to `ask`, is not asked.

        A table is an Arrow table with the column types of `codebook.views.schema`, or a relation that is scanned where it lies. `cap`
        bounds the findings kept per rule (counts stay exact). `release` adds the rules that hold only for what is published; `alone`
        names a table of reports or events without the codings below it.
        """
        given = {**context_tables(self.codebook), **tables}
        facts = facts_of(given)
        most = max((facts[name].rows for name in tables), default=0)
        if most < LARGE:  # what a statement costs before its first row, every thread costs again
            means = replace(means, threads=1, plain=most <= MOST)
        connection = connect(files_of(tables.values()), replace(means, told=say is not None))
        try:
            work = Work(connection, large=most >= LARGE, say=say)
            fill(connection, self.codebook, given)
            asked = self._asked(ask, alone)
            return _run(
                work, asked, tables, facts, places or {}, self._small_of(asked), release=release, cap=cap
            )
        finally:
            connection.close()

    def _small_of(self, asked: Plan) -> Small:
        """The statements for few rows, kept with the plan."""
        name = tuple(table.table for table in asked.tables)
        if name not in self._small:
            self._small[name] = Small(asked)
        return self._small[name]

    def _asked(self, ask: Collection[str] | None, alone: str | None) -> Plan:
        if alone is None:
            return self.plan if ask is None else self.plan.about(ask)
        if alone not in self._alone:
            self._alone[alone] = standing_alone(self.plan, alone)
        return self._alone[alone]

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
            if _refused(
                connection, self._parts(table, table.rules)
            ):  # which of them is only asked where one is
                for row in table.rules:
                    problems += _unbound(row.rule, _refused(connection, self._parts(table, [row])))
        for plan_ in self.plan.sets:
            problems += _unbound(plan_.rule, _refused(connection, plan_.sql))
        refuse(CodebookError, f"the rules of {self.codebook.reference} do not bind", problems)

    def _parts(self, table: TablePlan, rules: Sequence[RowRule]) -> str:
        """A statement with all that some rules of a table say and show."""
        parts = [part for rule in rules for part in (rule.when, rule.require)]
        flags = (f"({part}) AS p{i}" for i, part in enumerate(parts))
        return describing(self.codebook, table.table, [rule.rule for rule in rules], flags)


class Bench:
    """One connection for many small checks one after another, of any rules of one codebook: what connecting costs is paid once."""

    def __init__(self, codebook: Codebook) -> None:
        self.codebook = codebook
        self.plan = plan(codebook)
        self.smalls: dict[str, Small] = {}
        self.connection = connect(means=Means(threads=1, plain=True))
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
        facts = facts_of(self.there)
        if rule not in self.smalls:
            self.smalls[rule] = Small(self.plan.only(rule))
        small = self.smalls[rule]
        return _run(Work(self.connection), small.plan, tables, facts, {}, small, release=True, cap=None)


def _run(
    work: Work,
    plan_: Plan,
    tables: Mapping[str, Any],
    facts: Mapping[str, Facts],
    places: Places,
    small: Small,
    *,
    release: bool,
    cap: int | None,
) -> Result:
    """A plan on a connection that holds every table; `tables` names those that were given."""
    findings: list[Finding] = []
    counts: list[RuleCount] = []
    asked = [table for table in plan_.tables if table.table in tables]
    sets = [*plan_.sets_on({*context_tables(plan_.codebook), *tables}, release=release)]
    work.steps = len(asked) + len(sets)
    work.doubled = doubles.doubled(work.rows, tables)
    way: _Few | _AtSize = (
        _Few(work, small, facts, places, cap)
        if _are_few(tables, facts)
        else _AtSize(work, plan_.codebook, sets, facts, places, cap)
    )
    for table in asked:
        rows = facts[table.table].rows
        work.step(f"{table.table}: {len(table.rules)} row rules on {rows:,} rows")
        found, counted = way.table(table) if rows else ([], [count(row.rule, 0, 0, 0) for row in table.rules])
        findings += found
        counts += counted
    for rule in sets:
        work.step(rule.rule.id)
        found, one = way.set(rule)
        findings += found
        counts.append(one)
    return Result(tuple(sorted(findings, key=order)), tuple(counts))


def _are_few(tables: Iterable[str], facts: Mapping[str, Facts]) -> bool:
    """Whether tables have so few rows, none of them without a key and known by its place alone, that `small` asks them."""
    given = {name: facts[name] for name in tables if name in facts}
    return all(known.rows <= MOST for known in given.values()) and not any(
        known.has_row and known.nulls.get(TABLES[name].key[0])
        for name, known in given.items()
        if name in TABLES
    )


class _Few:
    """The rules asked of few rows: each table is read once, and what set rules look at is there already."""

    def __init__(
        self, work: Work, small: Small, facts: Mapping[str, Facts], places: Places, cap: int | None
    ) -> None:
        self.work, self.small, self.facts, self.places, self.cap = work, small, facts, places, cap
        self._seen: dict[str, Seen] = {}

    def table(self, asked: TablePlan) -> tuple[list[Finding], list[RuleCount]]:
        """Findings and counts of the row rules of a table."""
        return self.small.judged(self.work, asked.table, self._rows(asked.table), self.places, self.cap)

    def set(self, rule: SetPlan) -> tuple[list[Finding], RuleCount]:
        """Findings and count of a set rule."""
        seen = {trigger.table: self._rows(trigger.table) for trigger in rule.triggers}
        return self.small.asked(self.work, rule, seen, self.facts, self.places, self.cap)

    def _rows(self, name: str) -> Seen:
        if name not in self._seen:
            there = name in self.facts and self.facts[name].rows
            self._seen[name] = self.small.rows(self.work, name) if there else ()
        return self._seen[name]


class _AtSize:
    """The rules asked of any number of rows: a scan for each table, which answers some of the set rules, too."""

    def __init__(
        self,
        work: Work,
        codebook: Codebook,
        sets: Sequence[SetPlan],
        facts: Mapping[str, Facts],
        places: Places,
        cap: int | None,
    ) -> None:
        self.work, self.codebook, self.sets, self.facts = work, codebook, sets, facts
        self.places, self.cap = places, cap
        self._done: dict[str, RuleCount] = {}
        self._begun: dict[str, Twice] = {}

    def table(self, asked: TablePlan) -> tuple[list[Finding], list[RuleCount]]:
        """Findings and counts of the row rules of a table; findings also of the set rules that the scan answers."""
        name, work = asked.table, self.work
        self._begun |= set_scan.begin(work, self.sets, self.facts, name)
        told = with_listed(work, self.codebook, asked, self.facts[name])
        told, foreign = set_scan.foreign(work, self.codebook, self.sets, told, self.facts, name, self.cap)
        keys = set_scan.keys(work, self.sets, told, self._begun, self.cap)
        others = [*foreign, *((rule, where) for rule, where, _ in keys)]
        found, counted = Scan(work, self.codebook, asked, told, self.places, self.cap, others).run()
        own = len(asked.rules)
        by_rule = {one.rule: one for one in counted[own:]}
        alike = {rule.id for rule, _, n in keys if by_rule[rule.id].failed != n}  # two keys share a hash
        self._done |= {name: one for name, one in by_rule.items() if name not in alike}
        return [one for one in found if one.rule not in alike], counted[:own]

    def set(self, rule: SetPlan) -> tuple[list[Finding], RuleCount]:
        """Findings and count of a set rule, where no scan has given them."""
        counted = self._done.get(rule.rule.id)
        if counted is not None:
            return [], counted
        begun = self._begun.pop(rule.rule.id, None)
        return set_scan.judged(self.work, rule, self.facts, self.places, self.cap, begun)


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
