"""A codebook's rules as SQL statements: all row rules of a table in one, each set or builtin rule in one of its own."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from eventcode.checks import builtin, expression, generated, near, scope, sets
from eventcode.checks.result import placeholders
from eventcode.codebook import views
from eventcode.errors import CodebookError, EventcodeError, Problem, refuse
from eventcode.model import Codebook, Field, Rule
from eventcode.tables import TABLES

EXTRA = {
    "stated": {
        "table_name": "string",
        "row_key": "string",
        "column_name": "string",
        "given": "string",
        "derived": "string",
    },
}


ECHOES = ("-required", "-not-applicable", "-value-or-reason")


@dataclass(frozen=True, slots=True)
class RowRule:
    """A row rule as SQL: applies if `when`, holds if `require`, unknown where a guard (a closed list) is broken or either is null.

    `echoes` are violations of other rules on which it says nothing: `when` is false there, whatever `base` says.
    """

    rule: Rule
    when: str
    require: str
    guards: tuple[str, ...] = ()
    echoes: tuple[str, ...] = ()
    base: str = ""

    @property
    def broken(self) -> str:
        """SQL that is true where a closed list is broken or another rule has said what is wrong; empty where neither can be."""
        return " OR ".join([*(f"NOT {guard}" for guard in self.guards), *self.echoes])

    @property
    def fails(self) -> str:
        """SQL that is true for a violation."""
        return " AND ".join([*self.guards, f"({self.when})", f"NOT ({self.require})"])

    @property
    def unknown(self) -> str:
        """SQL that is true where nobody can say."""
        broken = " OR ".join(f"NOT {guard}" for guard in self.guards)
        return f"(({self.when}) AND ({self.require}) IS NULL)" + (f" OR {broken}" if broken else "")


@dataclass(frozen=True, slots=True)
class TablePlan:
    """The row rules of one table."""

    table: str
    rules: tuple[RowRule, ...]

    @classmethod
    def of(cls, table: str, rules: Sequence[RowRule]) -> TablePlan:
        """The plan of some rules, which mind each other."""
        return cls(table, tuple(_without_echo(rule, rules) for rule in rules))


@dataclass(frozen=True, slots=True)
class SetPlan:
    """A set or builtin rule as a query that gives one row per violation; where a trigger is not met there is none."""

    rule: Rule
    violations: str
    shown: dict[str, str]
    triggers: tuple[scope.Trigger, ...] = ()

    @property
    def fuzzy(self) -> bool:
        """Whether it looks for rows that are like each other, and not for rows that have something in common."""
        return any(name in self.rule.options for name in near.FUZZY)

    @property
    def reads(self) -> set[str]:
        """The tables that the query reads."""
        words = re.findall(r"(?:FROM|JOIN) ([a-z_]+)", self.violations)
        return {word for word in words if word in TABLES or word in EXTRA}

    @property
    def sql(self) -> str:
        """The violations with the lineage of their rows and what the message shows of them."""
        return self.told(f"({self.violations})")

    def told(self, violations: str) -> str:
        """The same of some violations, a query in brackets or a table."""
        shown = "".join(f', {sql} AS "show {name}"' for name, sql in self.shown.items())
        table = self.rule.table
        source = f"{violations} AS bad JOIN {scope.source(table)} ON bad.k = {scope.key(table)}"
        return f"SELECT bad.*, {scope.lineage(table)} AS lineage{shown} FROM {source}"


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that is asked of the data under one codebook."""

    codebook: Codebook
    tables: tuple[TablePlan, ...]
    sets: tuple[SetPlan, ...]

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Every rule of the plan."""
        return (
            *(row.rule for table in self.tables for row in table.rules),
            *(plan.rule for plan in self.sets),
        )

    def sets_on(self, given: Collection[str], *, release: bool = False) -> Iterator[SetPlan]:
        """The set rules that can be asked where the tables `given` are there; some only of what is released."""
        for plan_ in self.sets:
            late = plan_.rule.options.get("builtin") in builtin.AT_RELEASE
            if (release or not late) and plan_.reads <= set(given):
                yield plan_

    def about(self, tables: Collection[str]) -> Plan:
        """The plan of the rules about some tables."""
        sets = tuple(s for s in self.sets if s.rule.table in tables)
        return Plan(self.codebook, tuple(t for t in self.tables if t.table in tables), sets)

    def only(self, rule: str) -> Plan:
        """The plan of one rule."""
        rows = [(t.table, [row for row in t.rules if row.rule.id == rule]) for t in self.tables]
        tables = tuple(TablePlan.of(table, found) for table, found in rows if found)
        return Plan(self.codebook, tables, tuple(s for s in self.sets if s.rule.id == rule))


def plan(codebook: Codebook, only: Iterable[str] | None = None) -> Plan:
    """Compile a codebook's rules (or those whose ids are in `only`); CodebookError lists every rule that cannot be.

    The third step of the check, DuckDB's binder, is `engine.bind`.
    """
    wanted = None if only is None else set(only)
    problems: list[Problem] = []
    rows: dict[str, list[RowRule]] = {}
    plans: list[SetPlan] = []
    for rule in [*_generated(codebook, problems), *codebook.rules.values()]:
        if wanted is not None and rule.id not in wanted:
            continue
        try:
            compiled = _compile(rule, codebook)
        except EventcodeError as error:
            problems.append(
                Problem(
                    f"{rule.id}: {error.message}",
                    error.hint,
                    rule.place.file,
                    rule.place.line,
                    rule.place.path,
                )
            )
            continue
        if isinstance(compiled, RowRule):
            rows.setdefault(rule.table, []).append(compiled)
        else:
            plans.append(compiled)
    refuse(CodebookError, f"the rules of {codebook.reference} cannot be compiled", problems)
    return Plan(codebook, tuple(TablePlan.of(table, found) for table, found in rows.items()), tuple(plans))


def _generated(codebook: Codebook, problems: list[Problem]) -> list[Rule]:
    def applies(field: Field) -> str | None:
        if not field.applies_if:
            return None
        try:
            return checked_expression(codebook, field.table, field.applies_if).sql
        except EventcodeError as error:
            where = field.place
            problems.append(
                Problem(
                    f"applies_if of {field.name}: {error.message}",
                    error.hint,
                    where.file,
                    where.line,
                    where.path,
                )
            )
            return None

    return list(generated.rules(codebook, applies))


@lru_cache(maxsize=1024)
def checked_expression(codebook: Codebook, table: str, text: str) -> expression.Expression:
    """A rule's expression over the rows of a table; CodebookError says what is wrong with it."""
    reach = scope.scope(codebook, table)

    def values(prefix: str, column: str) -> tuple[str, ...] | None:
        return scope.values(codebook, table, prefix, column)

    return expression.checked(text, reach, values)


def _compile(rule: Rule, codebook: Codebook) -> RowRule | SetPlan:
    if rule.table not in TABLES:
        raise CodebookError(f"there is no table '{rule.table}'", hint=f"one of: {', '.join(TABLES)}")
    if rule.kind == "builtin":
        return SetPlan(rule, builtin.sql(rule, codebook), shown_by(rule, codebook), builtin.triggers(rule))
    if rule.kind != "row":
        return SetPlan(rule, sets.sql(rule, codebook), shown_by(rule, codebook), sets.triggers(rule))
    if rule.require is None:
        raise CodebookError("it requires nothing", hint="add require:, or a kind: from the menu")
    if rule.generated:
        return RowRule(rule, rule.when or "TRUE", rule.require)
    when = checked_expression(codebook, rule.table, rule.when) if rule.when else None
    require = checked_expression(codebook, rule.table, rule.require)
    columns = [*(when.columns if when else ()), *require.columns]
    return RowRule(rule, when.sql if when else "TRUE", require.sql, _guards(codebook, rule.table, columns))


def shown_by(rule: Rule, codebook: Codebook) -> dict[str, str]:
    """The columns in reach that a message shows; what is out of reach, the query itself must give."""
    reach = scope.scope(codebook, rule.table)
    found = {}
    for name in placeholders(rule.message):
        prefix, _, column = name.rpartition(".")
        if reach.kind(prefix, column) is not None:
            found[name] = f'"{prefix or scope.SELF}"."{column}"'
    return found


def _guards(codebook: Codebook, table: str, columns: list[tuple[str, str]]) -> tuple[str, ...]:
    """For every closed list that the rule reads from its own row: SQL that is true where the value is in the list."""
    found = {}
    for prefix, name in columns:
        field = codebook.fields.get((table, name)) if prefix == scope.SELF else None
        if field is not None and field.vocabulary and field.type == "code":
            values = expression.literals(views.allowed(codebook, field))
            found[name] = f'coalesce(self."{name}" IN ({values}), TRUE)'
    return tuple(found.values())


def _without_echo(rule: RowRule, rules: Iterable[RowRule]) -> RowRule:
    """That a field is empty or does not apply is not asked of a row where a written rule has said why it is wrong."""
    if not (rule.rule.generated and rule.rule.id.endswith(ECHOES)):
        return rule
    written = [
        r.fails
        for r in rules
        if not r.rule.generated and r.rule.severity == "error" and r.rule.field == rule.rule.field
    ]
    if not written:
        return rule
    said = tuple(f"coalesce({fails}, FALSE)" for fails in written)
    return replace(rule, when=f"({rule.when}) AND NOT ({' OR '.join(said)})", echoes=said, base=rule.when)


def used(codebook: Codebook, table: str, conditions: Iterable[str]) -> frozenset[str]:
    """The prefixes of the rows above that conditions name."""
    text = " ".join(conditions)
    prefixes = {prefix for prefix, _ in scope.scope(codebook, table).columns} - {scope.SELF}
    return frozenset(prefix for prefix in prefixes if f'"{prefix}".' in text or f"{prefix}." in text)


def describing(codebook: Codebook, table: str, rules: Iterable[Rule], more: Iterable[str] = ()) -> str:
    """SQL for every row of a table with its key, its lineage, what the messages of `rules` show, and `more` columns."""
    shown = {name: sql for rule in rules for name, sql in shown_by(rule, codebook).items()}
    columns = [f"{scope.key(table)} AS k", f"{scope.lineage(table)} AS lineage"]
    columns += [f'{sql} AS "show {name}"' for name, sql in shown.items()]
    return f"SELECT {', '.join([*columns, *more])} FROM {scope.source(table)}"


def judging(codebook: Codebook, table: str, conditions: Sequence[str], *, one_reading: bool) -> str:
    """SQL for every row of a table with the value of each condition, and its key last; `one_reading` if the tables hold no more."""
    source = scope.source(table, used(codebook, table, conditions), one_reading=one_reading)
    return f"SELECT {', '.join([*conditions, scope.key(table)])} FROM {source}"
