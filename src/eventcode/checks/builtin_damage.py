"""Built-in rules about lists that a producer fills: SQL over the columns that the rule names."""

from __future__ import annotations

from collections.abc import Callable

from eventcode.model import Rule
from eventcode.tables import TABLES


def _list_repeats_one(rule: Rule) -> str:
    """Rows whose list has several items, all the same."""
    [items] = rule.columns
    return (
        f'SELECT self.{_key(rule)} AS k FROM {rule.table} AS self WHERE len(self."{items}") > 1 '
        f'AND len(list_distinct(self."{items}")) = 1'
    )


def _list_before(rule: Rule) -> str:
    """Rows whose list of days, each written as 2025-06-16, ends before the date in the second column."""
    days, start = rule.columns
    return (
        f'SELECT k, bool_or(day IS NULL) AS unknown FROM (SELECT self.{_key(rule)} AS k, self."{start}" AS start, '
        f'unnest(self."{days}") AS day FROM {rule.table} AS self WHERE self."{start}" IS NOT NULL) '
        "GROUP BY k, start HAVING max(day) < CAST(start AS VARCHAR)"
    )


def _key(rule: Rule) -> str:
    return TABLES[rule.table].key[0]


BUILTINS: dict[str, Callable[[Rule], str]] = {
    "list-repeats-one": _list_repeats_one,
    "list-before": _list_before,
}
