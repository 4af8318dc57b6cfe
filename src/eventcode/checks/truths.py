"""Rules over sets of cases at once: where a rule's expression is true, and where it is false.

A truth is a pair of sets, the cases where it holds and those where it does not; in the rest nobody can say, as in SQL. A set is an
integer with one bit per case, so that AND, OR and NOT over a hundred thousand cases take microseconds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import sqlglot
from sqlglot import exp

Truth = tuple[int, int]
Truths = Mapping[str, Truth]  # of every condition, by its SQL
Judge = Callable[[Truths, int], Truth]  # from the truth of the conditions, and the set of all cases


@dataclass(frozen=True)
class Condition:
    """A part of an expression that only the database can judge; its columns stand in `sql` as one name, "self.realis"."""

    sql: str
    node: Any = field(compare=False, repr=False)
    columns: frozenset[tuple[str, str]] = field(compare=False)


@dataclass(frozen=True)
class Formula:
    """An expression as logic over its conditions."""

    judge: Judge
    conditions: tuple[Condition, ...]

    @cached_property
    def columns(self) -> frozenset[tuple[str, str]]:
        """The columns that it reads, as (prefix, name)."""
        return frozenset(column for condition in self.conditions for column in condition.columns)


def column_name(column: tuple[str, str]) -> str:
    """A column as conditions name it."""
    return f"{column[0]}.{column[1]}"


def formula(text: str) -> Formula:
    """The formula of a checked expression or of a generated one."""
    found: dict[str, Condition] = {}
    return Formula(_judge(sqlglot.parse_one(text, read="duckdb"), found), tuple(found.values()))


def _judge(node: Any, found: dict[str, Condition]) -> Judge:
    make = _LOGIC.get(type(node))
    judge = make(node, found) if make else None
    return judge or _leaf(node, found)


def _leaf(node: Any, found: dict[str, Condition]) -> Judge:
    condition = _condition(node)
    sql = found.setdefault(condition.sql, condition).sql
    return lambda truths, every: truths[sql]


def _condition(node: Any) -> Condition:
    columns = set()
    for column in [*node.find_all(exp.Column)]:
        place = (column.table, column.name)
        columns.add(place)
        column.set("table", None)
        column.set("this", exp.to_identifier(column_name(place), quoted=True))
    return Condition(node.sql("duckdb", comments=False), node, frozenset(columns))


def _constant(node: Any, found: dict[str, Condition]) -> Judge:
    if node.this:
        return lambda truths, every: (every, 0)
    return lambda truths, every: (0, every)


def _both(node: Any, found: dict[str, Condition]) -> Judge:
    left, right = _judge(node.left, found), _judge(node.right, found)

    def judge(truths: Truths, every: int) -> Truth:
        (yes, no), (also, nor) = left(truths, every), right(truths, every)
        return yes & also, no | nor

    return judge


def _either(node: Any, found: dict[str, Condition]) -> Judge:
    left, right = _judge(node.left, found), _judge(node.right, found)

    def judge(truths: Truths, every: int) -> Truth:
        (yes, no), (also, nor) = left(truths, every), right(truths, every)
        return yes | also, no & nor

    return judge


def _not(node: Any, found: dict[str, Condition]) -> Judge:
    inner = _judge(node.this, found)
    return lambda truths, every: inner(truths, every)[::-1]


def _unlike(node: Any, found: dict[str, Condition]) -> Judge:
    inner = _judge(exp.EQ(this=node.this, expression=node.expression), found)
    return lambda truths, every: inner(truths, every)[::-1]


def _default(node: Any, found: dict[str, Condition]) -> Judge | None:
    """`coalesce(condition, TRUE)` and the like; None for any other use of coalesce."""
    if len(node.expressions) != 1 or not isinstance(node.expressions[0], exp.Boolean):
        return None
    inner, default = _judge(node.this, found), bool(node.expressions[0].this)

    def judge(truths: Truths, every: int) -> Truth:
        yes, no = inner(truths, every)
        return (every & ~no, no) if default else (yes, every & ~yes)

    return judge


def _case(node: Any, found: dict[str, Condition]) -> Judge | None:
    """CASE of conditions; `_judge` is only asked for parts that are true or false."""
    if node.this is not None:
        return None
    branches = [(_judge(part.this, found), _judge(part.args["true"], found)) for part in node.args["ifs"]]
    last = _judge(node.args["default"], found) if node.args.get("default") is not None else _nobody_knows

    def judge(truths: Truths, every: int) -> Truth:
        yes, no, left = 0, 0, every
        for when, then in branches:
            here = left & when(truths, every)[0]
            good, bad = then(truths, every)
            yes, no, left = yes | here & good, no | here & bad, left & ~here
        good, bad = last(truths, every)
        return yes | left & good, no | left & bad

    return judge


def _nobody_knows(truths: Truths, every: int) -> Truth:
    return 0, 0


_LOGIC: dict[Any, Callable[[Any, dict[str, Condition]], Judge | None]] = {
    exp.Paren: lambda node, found: _judge(node.this, found),
    exp.Boolean: _constant,
    exp.Null: lambda node, found: _nobody_knows,
    exp.And: _both,
    exp.Or: _either,
    exp.Not: _not,
    exp.NEQ: _unlike,
    exp.Coalesce: _default,
    exp.Case: _case,
}
