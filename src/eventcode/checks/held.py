"""The values of a table's conditions over the rows of one reading, which Python holds already.

A column as it is, of the row or of a row above it, is read from there. Only other conditions are asked of the database, and only where
what they read is not empty in every row: what they say of an empty row is known before.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from eventcode.checks import scope
from eventcode.checks.atoms import Atoms
from eventcode.codebook import views
from eventcode.model import Codebook
from eventcode.tables import TABLES, arrow_schema, filled

if TYPE_CHECKING:
    import pyarrow as pa

Row = Mapping[str, Any]
Rows = Mapping[str, Sequence[Row]]
Ask = Callable[[], Sequence[Sequence[Any]]]
_ON = re.compile(r'"?\w+"?\.(\w+) = (\w+)\.(\w+)')
Above = tuple[str, Any, Mapping[Any, Row]]  # a prefix, on what its rows are joined, and these by key
NOTHING: Row = {}


class Held:
    """The conditions of one table. `sql` asks what is no column of the table `few_NAME`; it is empty where nothing has to be asked.

    `possible` is false where such a condition reads of a row above: the database has to join the tables then.
    """

    def __init__(self, codebook: Codebook, name: str, atoms: Atoms) -> None:
        self.name = name
        kinds = scope.scope(codebook, name).columns
        self.kinds = views.columns(codebook, name)
        self.asked = [place for place, column in enumerate(atoms.columns) if column is None]
        self.plain = [
            (place, *column, kinds[column] == "date32")
            for place, column in enumerate(atoms.columns)
            if column is not None
        ]
        reads = {column for place in self.asked for column in atoms.reads[place]}
        self.reads = tuple(column for column in self.kinds if (scope.SELF, column) in reads)
        asked = ", ".join(atoms.sql[place] for place in self.asked)
        self.sql = f"SELECT {asked} FROM few_{name} AS self" if asked else ""
        above = frozenset(prefix for _, prefix, _, _ in self.plain) - {scope.SELF}
        joins = scope.needed(name, above, one_reading=True)
        self.joins = [(prefix, table, _ON.fullmatch(on)) for prefix, table, on in joins]
        self.possible = len(self.reads) == len(reads) and bool(reads or not asked)
        self.possible &= all(on or prefix in scope.ONE_READING for prefix, _, on in self.joins)
        self.nothing: Sequence[Any] = ()  # what the conditions say of an empty row

    def few(self, own: Sequence[Row]) -> pa.Table:
        """What the statement reads of some rows."""
        schema = arrow_schema({column: self.kinds[column] for column in self.reads})
        return filled(schema, [{column: row.get(column) for column in self.reads} for row in own])

    def rows(self, given: Rows, context: Rows, ask: Ask) -> list[list[Any]]:
        """The values of the conditions for each row, and its key last; `ask` asks the statement of the rows."""
        own = given[self.name]
        if not all(row.keys() <= self.kinds.keys() for row in own):
            filled(arrow_schema(self.kinds), own)  # raises KeyError
        empty = all(row.get(column) is None for row in own for column in self.reads)
        answers = [self.nothing] * len(own) if empty else ask()
        above = [
            (prefix, on, _by_key(given.get(table, context.get(table, ())), on[1] if on else ""))
            for prefix, table, on in self.joins
        ]
        return [self._values(row, above, answer) for row, answer in zip(own, answers, strict=True)]

    def _values(self, row: Row, above: Sequence[Above], answer: Sequence[Any]) -> list[Any]:
        rows = {scope.SELF: row}
        for prefix, on, by_key in above:
            key = rows[on[2]].get(on[3]) if on else None
            rows[prefix] = by_key.get(key, NOTHING)
        values: list[Any] = [None] * (len(self.asked) + len(self.plain))
        for place, prefix, column, is_day in self.plain:
            value = rows[prefix].get(column)
            values[place] = date.fromisoformat(value) if is_day and isinstance(value, str) else value
        for place, value in zip(self.asked, answer, strict=True):
            values[place] = value
        key = [row.get(column) for column in TABLES[self.name].key]
        values.append("/".join(str(part) for part in key if part is not None) if len(key) > 1 else key[0])
        return values


def _by_key(rows: Sequence[Row], column: str) -> dict[Any, Row]:
    """Rows by the value of a column, none of them without; without a column the first row, by None."""
    if not column:
        return {None: rows[0]} if rows else {}
    return {row[column]: row for row in rows if row.get(column) is not None}
