"""Rows above a row whose key stands twice: a row has one row above it, the first of them, and is counted once."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from eventcode.checks.relations import Relation
from eventcode.checks.scope import JOINS
from eventcode.tables import TABLES

ABOVE = frozenset(table for joins in JOINS.values() for _, table, _ in joins) - {"codes"}
_JOIN = re.compile(r"LEFT JOIN ([a-z_]+) AS ")


def doubled(ask: Callable[[str], Any], tables: Mapping[str, Any]) -> frozenset[str]:
    """Those of some tables that others look up rows in, and that hold a key twice; `ask` gives the rows of a query."""
    return frozenset(name for name in sorted(ABOVE & tables.keys()) if _doubled(ask, name, tables[name]))


def _doubled(ask: Callable[[str], Any], name: str, table: Any) -> bool:
    import pyarrow.compute as pc

    key = TABLES[name].key[0]
    if not isinstance(table, Relation):
        held = table.column(key)
        return bool(pc.count_distinct(held).as_py() < len(held) - held.null_count)
    if table.rows < 2:
        return False
    hashed = f'hash("{key}")'  # a collision costs time and changes no answer
    some = f'SELECT 1 FROM {name} WHERE "{key}" IS NOT NULL GROUP BY {hashed} HAVING count(*) > 1 LIMIT 1'
    return bool(ask(some))


def doubled_rows(tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> frozenset[str]:
    """The same of rows."""
    found = set()
    for name in ABOVE & tables.keys():
        keys = [row.get(TABLES[name].key[0]) for row in tables[name]]
        if len(keys) > 1 and len({*keys} - {None}) < len(keys) - keys.count(None):
            found.add(name)
    return frozenset(found)


def once(sql: str, tables: Collection[str]) -> str:
    """A statement in which rows of some tables are looked up by their key, one for each key."""
    first = 'SELECT DISTINCT ON ("{key}") * FROM {name} ORDER BY ALL'
    return looked_up_in(
        sql, {name: f"({first.format(key=TABLES[name].key[0], name=name)})" for name in tables}
    )


def looked_up_in(sql: str, others: Mapping[str, str]) -> str:
    """A statement in which the rows of some tables are looked up in others (table → the other)."""

    def joined(match: re.Match[str]) -> str:
        return f"LEFT JOIN {others[match[1]]} AS " if match[1] in others else match[0]

    return _JOIN.sub(joined, sql) if others else sql
