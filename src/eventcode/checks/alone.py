"""The plan for a table of reports or events that stands alone, without the codings that it was made from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from eventcode.checks.compile import Plan, RowRule, TablePlan, used
from eventcode.codebook import views
from eventcode.model import Codebook

_OWN = re.compile(r'"?\bself"?\.(?:"([^"]+)"|(\w+))')
_SHOWN = re.compile(r"\{(\w+)\}")
_OF_ONE_VALUE = ("-code", "-minimum", "-maximum", "-order")
_OF_ONE_REPORT = '(self."n_reports" IS NULL OR self."n_reports" = 1)'


def alone(plan: Plan, table: str) -> Plan:
    """What can be asked of a table of reports or events that stands alone: its own rules, and those on the values of its codings.

    These are the row rules on codings that read columns of the table, and of what is above them the event type alone. Whether a value
    is there is not asked: a table may have no more columns than somebody needs. What an event of several reports holds is put together
    from them, so that it is held against rules about one value alone.
    """
    codebook = plan.codebook
    own = [row for found in plan.tables if found.table == table for row in found.rules]
    codings = [row for found in plan.tables if found.table == "codings" for row in found.rules]
    names = _names(codebook, table)
    moved = [
        _moved(row, table, names)
        for row in map(_without_echo, codings)
        if not _asks_for_a_value(row) and _can_be_asked(row, codebook, names)
    ]
    sets = tuple(s for s in plan.sets if s.rule.table == table)
    return Plan(codebook, (TablePlan.of(table, [*own, *moved]),), sets)


def _names(codebook: Codebook, table: str) -> dict[str, str]:
    """The columns of codings that the table has, too, and what they are called there."""
    there = views.columns(codebook, table)
    found = {name: name for name in views.columns(codebook, "codings") if name in there}
    ranges = [field.name for field in codebook.fields_of("codings") if field.aggregate == "range"]
    return found | {name: f"{name}_best" for name in ranges if name not in there and f"{name}_best" in there}


def _without_echo(row: RowRule) -> RowRule:
    """A rule as it was before the others of codings were minded; those of the table are minded in their place."""
    return replace(row, when=row.base, echoes=(), base="") if row.base else row


def _asks_for_a_value(row: RowRule) -> bool:
    return "NULL" in row.require


def _can_be_asked(row: RowRule, codebook: Codebook, names: Mapping[str, str]) -> bool:
    read = {quoted or plain for part in (row.when, row.require) for quoted, plain in _OWN.findall(part)}
    return read <= names.keys() and used(codebook, "codings", [row.when, row.require]) <= {"type"}


def _moved(row: RowRule, table: str, names: Mapping[str, str]) -> RowRule:
    """A rule on codings as one on the table."""
    rule = row.rule
    one_value = rule.generated and rule.id.endswith(_OF_ONE_VALUE)
    when = _in(row.when, names)
    return replace(
        row,
        rule=replace(
            rule,
            table=table,
            field=names.get(rule.field, rule.field) if rule.field else None,
            message=_SHOWN.sub(lambda name: f"{{{names.get(name[1], name[1])}}}", rule.message),
        ),
        when=when if one_value or table == "reports" else f"({when}) AND {_OF_ONE_REPORT}",
        require=_in(row.require, names),
        guards=tuple(_in(guard, names) for guard in row.guards),
    )


def _in(sql: str, names: Mapping[str, str]) -> str:
    """SQL with the columns of the table in the place of those of codings."""
    return _OWN.sub(lambda name: f'self."{names[name[1] or name[2]]}"', sql)
