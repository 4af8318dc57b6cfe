"""The plan for a table of reports or events that stands alone, without the codings that it was made from."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace

from eventcode.checks.compile import Plan, table_plan
from eventcode.codebook import views
from eventcode.model import Rule


def alone(plan: Plan, table: str) -> Plan:
    """What can be asked of a table of reports or events that stands alone: its own rules, and those on the values of codings."""
    codebook = plan.codebook
    own = [row for found in plan.tables if found.table == table for row in found.rules]
    about = [
        row
        for found in plan.tables
        if found.table == "codings"
        for row in found.rules
        if _of_a_value(row.rule)
    ]
    there = views.columns(codebook, table)
    moved = [
        replace(
            row,
            rule=replace(row.rule, table=table),
            when=_in(row.when, there),
            require=_in(row.require, there),
        )
        for row in about
    ]
    sets = tuple(s for s in plan.sets if s.rule.table == table)
    return Plan(codebook, (table_plan(codebook, table, [*own, *moved]),), sets)


def _of_a_value(rule: Rule) -> bool:
    """Generated rules about one value alone: closed lists, bounds, the order of days."""
    ends = ("-code", "-minimum", "-maximum", "-order")
    return (
        rule.generated
        and rule.id.endswith(ends)
        and not rule.id.endswith("-required-by-code")
        and rule.kind == "row"
    )


def _in(sql: str, columns: Collection[str]) -> str:
    """SQL in which every column that the table does not have is null."""
    return re.sub(
        r'self\.(?:"([^"]+)"|(\w+))', lambda name: name[0] if (name[1] or name[2]) in columns else "NULL", sql
    )
