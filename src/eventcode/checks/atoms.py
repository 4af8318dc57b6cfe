"""Rules taken apart: conditions that the database computes, each once, and the logic between them, three-valued as in SQL.

One row costs DuckDB mostly memory for every part of every expression, and nothing for a column as it is. So the 150 conditions of a
table's rules are reduced to those that differ, and what is compared with constants (`values`) is compared in Python, as are AND, OR,
NOT, CASE and `coalesce(…, FALSE)`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlglot
from sqlglot import exp

from eventcode.checks.compared import Values

Truth = bool | None
Judge = Callable[[Sequence[Any]], Truth]


class Atoms:
    """The conditions of one table; `sql` holds them in the order of the columns that a judge reads.

    `types` gives the types of the columns, by (prefix, name), that are compared in Python.
    """

    def __init__(self, types: Mapping[tuple[str, str], str]) -> None:
        self.values = Values(types, self._atom)
        self._places: dict[str, int] = {}
        self.columns: list[
            tuple[str, str] | None
        ] = []  # those of the conditions that are a column and no more
        self.reads: list[frozenset[tuple[str, str]]] = []  # the columns that each of them reads

    @property
    def sql(self) -> list[str]:
        """The distinct conditions."""
        return list(self._places)

    def judge(self, text: str) -> Judge:
        """A function from a row of the conditions' values to what the SQL expression `text` says of it."""
        return self._judge(sqlglot.parse_one(text, read="duckdb"))

    def _judge(self, node: Any) -> Judge:
        for kinds, method in self._methods():
            if isinstance(node, kinds):
                found = method(node)
                if found is not None:
                    return found
        return self._atom(node)

    def _methods(self) -> tuple[tuple[Any, Callable[[Any], Judge | None]], ...]:
        return (
            (exp.Paren, lambda node: self._judge(node.this)),
            (exp.Boolean, lambda node: _constant(bool(node.this))),
            (exp.And, lambda node: _both(self._judge(node.left), self._judge(node.right))),
            (exp.Or, lambda node: _either(self._judge(node.left), self._judge(node.right))),
            (exp.Not, lambda node: _not(self._judge(node.this))),
            (exp.NEQ, lambda node: _not(self._judge(exp.EQ(this=node.this, expression=node.expression)))),
            (exp.Coalesce, self._default),
            (exp.Case, self._case),
            (Values.KINDS, self.values.judge),
        )

    def _atom(self, node: Any) -> Judge:
        sql = node.sql("duckdb", identify=True)
        place = self._places.setdefault(sql, len(self._places))
        if place == len(self.columns):
            self.columns.append((node.table, node.name) if isinstance(node, exp.Column) else None)
            self.reads.append(frozenset((column.table, column.name) for column in node.find_all(exp.Column)))
        return lambda row: row[place]

    def _default(self, node: Any) -> Judge | None:
        """`coalesce(condition, TRUE)` and the like; None for any other use of coalesce."""
        if len(node.expressions) != 1 or not isinstance(node.expressions[0], exp.Boolean):
            return None
        inner, default = self._judge(node.this), bool(node.expressions[0].this)

        def judge(row: Sequence[Any]) -> Truth:
            value = inner(row)
            return default if value is None else value

        return judge

    def _case(self, node: Any) -> Judge | None:
        """`CASE WHEN condition THEN condition … END`; None where a value is compared with others."""
        if node.this is not None:
            return None
        ways = [(self._judge(part.this), self._judge(part.args["true"])) for part in node.args["ifs"]]
        default = node.args.get("default")
        other = _constant(None) if default is None else self._judge(default)

        def judge(row: Sequence[Any]) -> Truth:
            for when, then in ways:
                if when(row):
                    return then(row)
            return other(row)

        return judge


def _constant(value: Truth) -> Judge:
    return lambda row: value


def _both(left: Judge, right: Judge) -> Judge:
    def judge(row: Sequence[Any]) -> Truth:
        first, second = left(row), right(row)
        if first is False or second is False:
            return False
        return None if first is None or second is None else True

    return judge


def _either(left: Judge, right: Judge) -> Judge:
    def judge(row: Sequence[Any]) -> Truth:
        first, second = left(row), right(row)
        if first is True or second is True:
            return True
        return None if first is None or second is None else False

    return judge


def _not(inner: Judge) -> Judge:
    def judge(row: Sequence[Any]) -> Truth:
        value = inner(row)
        return None if value is None else not value

    return judge
