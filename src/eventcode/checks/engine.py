"""Running a plan on DuckDB: findings with their places, and per rule exact counts of passed, failed and unknown."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from eventcode.checks import builtin
from eventcode.checks.compile import EXTRA, Plan, RowRule, SetPlan, TablePlan, plan
from eventcode.checks.context import context_tables
from eventcode.codebook import views
from eventcode.errors import CodebookError, Problem, refuse
from eventcode.model import Codebook, Finding, Place, Rule, RuleCount
from eventcode.tables import TABLES, arrow_schema, build

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

_PLACEHOLDER = re.compile(r"\{([a-z0-9_.]+)\}")
DRAFT_TABLES = ("documents", "readings", "codings", "sources", "support", "participants", "evidence")
Places = Mapping[str, Place]


@dataclass(frozen=True, slots=True)
class Result:
    """What a check found; `counts` holds a row for every rule that was asked."""

    findings: tuple[Finding, ...]
    counts: tuple[RuleCount, ...]

    @property
    def errors(self) -> int:
        """Findings that are errors and not waived."""
        return sum(finding.severity == "error" and not finding.waived for finding in self.findings)

    @property
    def warnings(self) -> int:
        """Findings that are warnings and not waived."""
        return sum(finding.severity == "warning" and not finding.waived for finding in self.findings)


class Checker:
    """The checks of one codebook, compiled once.

    `check` takes whole tables; `draft` takes the rows of one reading through statements prepared at the first call.
    """

    def __init__(self, codebook: Codebook, only: Iterable[str] | None = None) -> None:
        self.codebook = codebook
        self.plan: Plan = plan(codebook, only)
        self._draft: _Draft | None = None

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
        connection = _connect()
        given = {**context_tables(self.codebook), **tables}
        _fill(connection, self.codebook, given)
        asked = self.plan if ask is None else self.plan.about(ask)
        return _run(connection, asked, tables, places or {}, release=release, cap=cap)

    def draft(self, rows: Mapping[str, Sequence[dict[str, Any]]], *, places: Places | None = None) -> Result:
        """Findings on the rows of one reading and its document (`readings.Rows.tables`), in milliseconds once warm."""
        if self._draft is None:
            self._draft = _Draft(self)
        return self._draft.check(rows, places or {})

    def bind(self) -> None:
        """The third step of checking rules: DuckDB's binder on empty typed tables; CodebookError lists what it refuses."""
        connection = _connect()
        _fill(connection, self.codebook, {})
        problems: list[Problem] = []
        for rule, sql in self._statements():
            problems += _explain(connection, rule, sql)
        refuse(CodebookError, f"the rules of {self.codebook.reference} do not bind", problems)

    def _statements(self) -> Iterator[tuple[Rule, str]]:
        for table in self.plan.tables:
            for row in table.rules:
                yield row.rule, replace(table, rules=(row,)).failures
        for plan_ in self.plan.sets:
            yield plan_.rule, plan_.sql


class Bench:
    """One connection for many small checks one after another, of any rules of one codebook: what connecting costs is paid once."""

    def __init__(self, codebook: Codebook) -> None:
        self.codebook = codebook
        self.plan = plan(codebook)
        self.connection = _connect()
        self.connection.execute("SET threads = 1")
        self.connection.execute("PRAGMA disable_optimizer")
        context = context_tables(codebook)
        _fill(self.connection, codebook, context)
        self.blank = {name: context[name] if name in context else _empty(codebook, name) for name in [*TABLES, *EXTRA]}
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
    connection: duckdb.DuckDBPyConnection, plan_: Plan, tables: Mapping[str, Any], places: Places, *, release: bool, cap: int | None
) -> Result:
    """A plan on a connection that holds every table; `tables` names those that were given."""
    findings: list[Finding] = []
    counts: list[RuleCount] = []
    for table in plan_.tables:
        if table.table in tables:
            found, counted = _table(connection, table, places, cap)
            findings += found
            counts += counted
    for rule in _sets(plan_, {*context_tables(plan_.codebook), *tables}, release):
        found, count = _set(connection, rule, places, cap)
        findings += found
        counts.append(count)
    return Result(tuple(sorted(findings, key=_order)), tuple(counts))


def _sets(plan_: Plan, given: Collection[str], release: bool) -> Iterator[SetPlan]:
    for rule in plan_.sets:
        late = rule.rule.options.get("builtin") in builtin.AT_RELEASE
        if (release or not late) and _needs(rule.violations) <= set(given):
            yield rule


def _explain(connection: duckdb.DuckDBPyConnection, rule: Rule, sql: str) -> list[Problem]:
    import duckdb

    try:
        connection.execute(f"EXPLAIN {sql}")
    except duckdb.Error as error:
        message = str(error).splitlines()[0]
        return [Problem(f"{rule.id}: {message}", "compare like with like", rule.place.file, rule.place.line, rule.place.path)]
    return []


def _connect() -> duckdb.DuckDBPyConnection:
    import duckdb

    settings: dict[str, Any] = {"enable_external_access": "false", "autoinstall_known_extensions": "false"}
    return duckdb.connect(config=settings)


def _fill(connection: duckdb.DuckDBPyConnection, codebook: Codebook, tables: Mapping[str, Any]) -> None:
    """Every table of the model in the connection: those given, and empty typed ones for the rest."""
    for name in [*TABLES, *EXTRA]:
        connection.register(name, tables[name] if name in tables else _empty(codebook, name))
    connection.register("code_excludes", context_tables(codebook)["code_excludes"])


def _empty(codebook: Codebook, name: str) -> pa.Table:
    columns = EXTRA[name] if name in EXTRA else views.columns(codebook, name)
    return arrow_schema(columns).empty_table()


def _needs(sql: str) -> set[str]:
    """The tables that a query reads."""
    return {word for word in re.findall(r"(?:FROM|JOIN) ([a-z_]+)", sql) if word in TABLES or word in EXTRA}


def _order(finding: Finding) -> tuple[Any, ...]:
    return (finding.place.file, finding.place.line or 0, finding.place.path, finding.rule, finding.key)


def _table(
    connection: duckdb.DuckDBPyConnection, table: TablePlan, places: Places, cap: int | None
) -> tuple[list[Finding], list[RuleCount]]:
    [counts] = connection.execute(table.counts).fetchall()
    counted = [_count(rule.rule, *counts[3 * i : 3 * i + 3]) for i, rule in enumerate(table.rules)]
    if not any(count.failed for count in counted):
        return [], counted
    kept = dict.fromkeys(range(len(table.rules)), 0)
    findings = []
    for row in _rows(connection, table.failures):
        for i, rule in enumerate(table.rules):
            if row[f"f{i}"] and (cap is None or kept[i] < cap):
                kept[i] += 1
                findings.append(_finding(rule.rule, row, places))
    return findings, counted


def _count(rule: Rule, rows: int, failed: int, unknown: int) -> RuleCount:
    return RuleCount(rule.id, rule.severity, rule.table, rows, rows - failed - unknown, failed, unknown)


def _set(
    connection: duckdb.DuckDBPyConnection, plan_: SetPlan, places: Places, cap: int | None
) -> tuple[list[Finding], RuleCount]:
    [(total,)] = connection.execute(f"SELECT count(*) FROM {plan_.rule.table}").fetchall()
    rows = list(_rows(connection, plan_.sql))
    unknown = sum(bool(row.get("unknown")) for row in rows)
    failing = [row for row in rows if not row.get("unknown")]
    findings = [_finding(plan_.rule, row, places) for row in failing[:cap]]
    keys = len({row["k"] for row in failing})
    return findings, _count(plan_.rule, total, keys, unknown)


def _rows(connection: duckdb.DuckDBPyConnection, sql: str) -> Iterator[dict[str, Any]]:
    cursor = connection.execute(sql)
    names = [column[0] for column in cursor.description or ()]
    while batch := cursor.fetchmany(10_000):
        for values in batch:
            yield dict(zip(names, values, strict=True))


def _finding(rule: Rule, row: Mapping[str, Any], places: Places) -> Finding:
    key = str(row["k"])
    return Finding(
        rule=rule.id, severity=rule.severity, table=rule.table, key=str(row["lineage"] or key), row=key, field=rule.field,
        message=_PLACEHOLDER.sub(lambda match: _shown(row, match[1]), rule.message), hint=rule.hint,
        place=_place(places, key, rule.field),
    )  # fmt: skip


def _shown(row: Mapping[str, Any], name: str) -> str:
    value = row.get(f"show {name}", row.get(name))
    if value is None:
        return "nothing"
    return ", ".join(str(part) for part in value) if isinstance(value, list) else str(value)


def _place(places: Places, key: str, field: str | None) -> Place:
    exact = places.get(f"{key}.{field}") if field else None
    if exact is not None:
        return exact
    place = places.get(key, Place())
    return replace(place, path=f"{place.path}.{field}".removeprefix(".")) if field and place.path else place


class _Live:
    """A table that DuckDB reads anew at each run, so that a prepared INSERT sees the rows of the moment."""

    def __init__(self, table: pa.Table) -> None:
        self.table = table

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        return self.table.__arrow_c_stream__(requested_schema)


class _Draft:
    """The statements for one reading, prepared: no planning and no optimizer while somebody waits.

    What the layout of a reading makes true by itself (its own ids are unique and point to each other) is not asked.
    """

    def __init__(self, checker: Checker) -> None:
        self.codebook = checker.codebook
        self.tables = [table for table in checker.plan.tables if table.table in DRAFT_TABLES]
        present = dict.fromkeys([*context_tables(self.codebook), *DRAFT_TABLES])
        self.sets = [s for s in _sets(checker.plan, present, False) if s.rule.table in DRAFT_TABLES and not _by_layout(s.rule)]
        self.connection = _connect()
        self.connection.execute("SET threads = 1")
        self.connection.execute("PRAGMA disable_optimizer")
        self.live = {name: _Live(_empty(self.codebook, name)) for name in DRAFT_TABLES}
        self._fill()
        for i, table in enumerate(self.tables):
            self.connection.execute(f"PREPARE table{i} AS {table.draft}")
        if self.sets:
            parts = [f"SELECT {i} AS rule, count(*) AS n FROM ({plan_.violations})" for i, plan_ in enumerate(self.sets)]
            self.connection.execute(f"PREPARE sets AS {' UNION ALL '.join(parts)}")

    def _fill(self) -> None:
        """Native tables: those of the reading empty, with a prepared INSERT each, those of the codebook full."""
        context = context_tables(self.codebook)
        for name in [*TABLES, *EXTRA, "code_excludes"]:
            table = context[name] if name in context else _empty(self.codebook, name)
            self.connection.register(f"in_{name}", self.live.get(name, table))
            self.connection.execute(f"CREATE TABLE {name} AS SELECT * FROM in_{name}")
        for name in DRAFT_TABLES:
            self.connection.execute(f"PREPARE fill_{name} AS INSERT INTO {name} SELECT * FROM in_{name}")

    def check(self, rows: Mapping[str, Sequence[dict[str, Any]]], places: Places) -> Result:
        self.connection.execute("BEGIN")
        try:
            self._put(rows)
            return self._judged(rows, places)
        finally:
            self.connection.execute("ROLLBACK")

    def _put(self, rows: Mapping[str, Sequence[dict[str, Any]]]) -> None:
        for name, live in self.live.items():
            if rows.get(name):
                live.table = build(views.columns(self.codebook, name), list(rows[name]))
                self.connection.execute(f"EXECUTE fill_{name}")

    def _judged(self, rows: Mapping[str, Sequence[dict[str, Any]]], places: Places) -> Result:
        findings: list[Finding] = []
        counts: list[RuleCount] = []
        for i, table in enumerate(self.tables):
            if rows.get(table.table):
                found, counted = _judge(table, list(_rows(self.connection, f"EXECUTE table{i}")), places)
                findings += found
                counts += counted
        broken = dict(self.connection.execute("EXECUTE sets").fetchall()) if self.sets else {}
        for i, plan_ in enumerate(self.sets):
            if broken.get(i):
                found, count = _set(self.connection, plan_, places, None)
                findings += found
                counts.append(count)
            else:
                counts.append(_count(plan_.rule, len(rows.get(plan_.rule.table, ())), 0, 0))
        return Result(tuple(sorted(findings, key=_order)), tuple(counts))


def _by_layout(rule: Rule) -> bool:
    return rule.generated and (rule.kind == "unique" or rule.options.get("references") in DRAFT_TABLES)


def _judge(table: TablePlan, rows: list[dict[str, Any]], places: Places) -> tuple[list[Finding], list[RuleCount]]:
    guards = {guard: f"g{i}" for i, guard in enumerate(table.guards)}
    findings, counts = [], []
    for i, rule in enumerate(table.rules):
        states = [_state(rule, i, row, guards) for row in rows]
        findings += [_finding(rule.rule, row, places) for row, state in zip(rows, states, strict=True) if state == "failed"]
        asked = [state for state in states if state]
        counts.append(_count(rule.rule, len(asked), asked.count("failed"), asked.count("unknown")))
    return findings, counts


def _state(rule: RowRule, i: int, row: Mapping[str, Any], guards: Mapping[str, str]) -> str | None:
    if any(row[guards[guard]] is False for guard in rule.guards):
        return "unknown"
    if not row[f"w{i}"]:
        return None
    holds = row[f"r{i}"]
    return "unknown" if holds is None else "passed" if holds else "failed"
