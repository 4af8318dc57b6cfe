"""Set and built-in rules on DuckDB, at any size: only failing keys leave the statement that finds them.

A rule whose columns are empty, or whose table has no rows, is answered without a statement.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from eventcode.checks import quick, scope, settle
from eventcode.checks.cells import one_of
from eventcode.checks.compile import SetPlan
from eventcode.checks.facts import Facts
from eventcode.checks.listed import held_in, with_values
from eventcode.checks.quick import Twice
from eventcode.checks.relations import ROW
from eventcode.checks.result import Places, count, finding, violations
from eventcode.checks.running import Work
from eventcode.model import Codebook, Finding, Rule, RuleCount
from eventcode.tables import TABLES

LARGE = 50_000
FEW = 200  # values that are looked for by name
ONE_SELECT = ("unique", "exists", "not_both")  # whose violations are rows of the table, selected by their key


def judged(
    work: Work,
    plan: SetPlan,
    facts: Mapping[str, Facts],
    places: Places,
    cap: int | None,
    begun: Twice | None = None,
) -> tuple[list[Finding], RuleCount]:
    """Findings (at most `cap`, the first by key) and the exact count of a rule, whose hashes may be on their way."""
    rule, total = plan.rule, facts[plan.rule.table].rows
    plan = _keyed(plan, facts[rule.table])
    if not total or not all(possible(trigger, facts) for trigger in plan.triggers):
        return [], count(rule, total, 0, 0)
    if total < LARGE:
        return violations(
            rule, work.dicts(_row_or_key(plan.sql, rule, facts[rule.table])), total, places, cap
        )
    own = _row_or_key(f"SELECT {scope.key(rule.table)} AS k", rule, facts[rule.table])
    told = _told(plan)
    twice = begun or quick.begin(work, plan, total)
    found_by = quick.among(work, plan, twice) if twice else plan.violations
    if told and rule.kind in ONE_SELECT:
        found_by = found_by.replace(own, f"{own}{told}", 1)
    work.execute(f"CREATE OR REPLACE TEMP TABLE bad AS {found_by}")
    unknown = "unknown" in [name for name, *_ in work.rows("DESCRIBE bad")]
    sure = "NOT coalesce(unknown, FALSE)" if unknown else "TRUE"
    [(failed,)] = work.rows(f"SELECT count(DISTINCT k) FILTER (WHERE {sure}) FROM bad")
    open_ = 0
    if unknown:
        [(open_,)] = work.rows(
            f"SELECT count(DISTINCT k) FROM bad WHERE k NOT IN (SELECT k FROM bad WHERE {sure})"
        )
    found: list[Finding] = []
    if failed and cap != 0:
        first = f"(SELECT DISTINCT * FROM bad WHERE {sure}{_limit(cap)})"
        whole = (
            _row_or_key(plan.told(first), rule, facts[rule.table])
            if told is None or (told and rule.kind not in ONE_SELECT)
            else f"SELECT *, k AS lineage FROM {first}"
        )
        found = [*dict.fromkeys(finding(rule, row, places) for row in work.dicts(whole))][:cap]
    work.execute("DROP TABLE bad")
    return found, count(rule, total, failed, open_)


def _keyed(plan: SetPlan, facts: Facts) -> SetPlan:
    """A rule that names a row without a key by its place."""
    return replace(plan, violations=_row_or_key(plan.violations, plan.rule, facts))


def _row_or_key(sql: str, rule: Rule, facts: Facts) -> str:
    own = scope.key(rule.table)
    column = TABLES[rule.table].key[0]
    if (
        not facts.has_row
        or facts.nulls.get(column) == 0
        or column in rule.columns
        or own != f'self."{column}"'
    ):
        return sql
    held = f'coalesce({own}, self."{ROW}")'
    return sql.replace(held, own).replace(own, held)


def foreign(
    work: Work,
    codebook: Codebook,
    plans: Iterable[SetPlan],
    own: Facts,
    facts: Mapping[str, Facts],
    table: str,
    cap: int | None,
) -> tuple[Facts, list[tuple[Rule, str]]]:
    """The rules of a large table that values stand in another table, with SQL for the rows of the few that do not, and the facts with
    what was seen."""
    found: list[tuple[Rule, str]] = []
    asked = (
        []
        if own.rows < LARGE or cap is None
        else [p for p in plans if p.rule.table == table and _one_value(p)]
    )
    for plan in asked:
        rule, column = plan.rule, plan.rule.columns[0]
        target, there = rule.options["references"], rule.options.get("reference_columns", rule.columns)[0]
        own = with_values(work, codebook, table, own, [column])
        if column not in own.values or not all(possible(trigger, facts) for trigger in plan.triggers):
            continue
        strange = work.rows(
            f'SELECT self."{column}" FROM {held_in(table, column)} AS self ANTI JOIN {target} AS other '
            f'ON other."{there}" = self."{column}" WHERE self."{column}" IS NOT NULL LIMIT {FEW + 1}'
        )
        if len(strange) <= FEW:
            found.append((rule, one_of(f'self."{column}"', [value for (value,) in strange])))
    return own, found


def begin(work: Work, plans: Iterable[SetPlan], facts: Mapping[str, Facts], table: str) -> dict[str, Twice]:
    """The hashes by which set rules of a table of many rows will be answered, by rule."""
    rows, begun = facts[table].rows, {}
    for plan in plans:
        asked = plan.rule.table == table and LARGE <= rows <= quick.BESIDE
        if asked and all(possible(trigger, facts) for trigger in plan.triggers):
            begun[plan.rule.id] = quick.begin(work, plan, rows)
    return {name: twice for name, twice in begun.items() if twice}


def keys(
    work: Work, plans: Iterable[SetPlan], own: Facts, begun: Mapping[str, Twice], cap: int | None
) -> list[tuple[Rule, str, int]]:
    """The rule that the keys of a large table are unique, with SQL for the rows whose key has the hash of another, and how many keys
    that are unless two keys share a hash."""
    return [
        (plan.rule, *quick.rows_of(work, begun[plan.rule.id]))
        for plan in plans
        if plan.rule.id in begun and cap is not None and _is_of_keys(plan, own)
    ]


def _is_of_keys(plan: SetPlan, own: Facts) -> bool:
    """Whether a rule says that the one column of a table's key, never empty, holds nothing twice."""
    rule, key = plan.rule, TABLES[plan.rule.table].key
    return (
        rule.kind == "unique"
        and rule.columns == key
        and len(key) == 1
        and own.nulls.get(key[0]) == 0
        and _told(plan) is not None
    )


def _one_value(plan: SetPlan) -> bool:
    """Whether one column names a row of another table, and what is told of a violation stands in the row itself."""
    return plan.rule.kind == "exists" and len(plan.rule.columns) == 1 and _told(plan) is not None


def _told(plan: SetPlan) -> str | None:
    """What messages show, as columns of the row itself; None where that, or the lineage, needs the rows above it."""
    table = plan.rule.table
    if scope.lineage(table).replace('"', "") != scope.key(table).replace('"', ""):
        return None
    if any(not sql.startswith('"self".') for sql in plan.shown.values()):
        return None
    return "".join(f', {sql} AS "show {name}"' for name, sql in plan.shown.items())


def _limit(cap: int | None) -> str:
    return "" if cap is None else f" ORDER BY ALL LIMIT {cap}"


def possible(trigger: scope.Trigger, facts: Mapping[str, Facts]) -> bool:
    """Whether the facts leave it open that enough rows meet a trigger."""
    known = facts.get(trigger.table)
    if known is None:
        return True
    if known.rows < trigger.at_least:
        return False
    tree: Any = settle.settled(settle.parsed(trigger.where), known)
    return settle.constant(tree) not in (settle.FALSE, settle.NULL)
