"""Columns compared with constants and with each other, in Python as in SQL: texts for being alike, dates and their parts by size."""

from __future__ import annotations

import operator
from collections.abc import Callable, Collection, Sequence
from datetime import date
from typing import Any, ClassVar

from sqlglot import exp

Value = Callable[[Sequence[Any]], Any]
TEXT, DATE, NUMBER = "text", "date", "number"
Found = tuple[str, Value] | None  # of which kind a value is, and how to get it from a row
_BY_SIZE: dict[Any, Callable[[Any, Any], bool]] = {
    exp.EQ: operator.eq, exp.LT: operator.lt, exp.LTE: operator.le, exp.GT: operator.gt, exp.GTE: operator.ge,
}  # fmt: skip
_PARTS: dict[Any, Callable[[date], int]] = {
    exp.Day: lambda day: day.day,
    exp.Month: lambda day: day.month,
    exp.Year: lambda day: day.year,
}
_NUMBERS: dict[Any, Callable[[int, int], int]] = {
    exp.Add: operator.add,
    exp.Sub: operator.sub,
    exp.Mod: operator.mod,
}


class Values:
    """What can be compared in Python: `texts` and `days` name columns as (prefix, name), which `atom` reads from a row."""

    KINDS: ClassVar[tuple[Any, ...]] = (*_BY_SIZE, exp.In, exp.Between, exp.Is)

    def __init__(
        self,
        texts: Collection[tuple[str, str]],
        days: Collection[tuple[str, str]],
        atom: Callable[[Any], Value],
    ) -> None:
        self.texts, self.days, self.atom = texts, days, atom

    def judge(self, node: Any) -> Value | None:
        """A comparison; None where it is not of such values."""
        if isinstance(node, exp.Is):
            return self._is_null(node)
        if isinstance(node, exp.In):
            return self._member(node)
        if isinstance(node, exp.Between):
            low, high = node.args["low"], node.args["high"]
            return _both(self._compared(exp.GTE, node.this, low), self._compared(exp.LTE, node.this, high))
        return self._compared(type(node), node.this, node.expression)

    def _is_null(self, node: Any) -> Value | None:
        own = self._value(node.this)
        if own is None or not isinstance(node.expression, exp.Null):
            return None
        get = own[1]
        return lambda row: get(row) is None

    def _member(self, node: Any) -> Value | None:
        own, listed = self._value(node.this), [self._constant(value) for value in node.expressions]
        if own is None or not listed or any(value is None or value[0] != own[0] for value in listed):
            return None
        get, values = own[1], frozenset(value[1] for value in listed if value is not None)

        def judge(row: Sequence[Any]) -> bool | None:
            found = get(row)
            return None if found is None else found in values

        return judge

    def _compared(self, kind: Any, left: Any, right: Any) -> Value | None:
        one, other = self._value(left), self._value(right)
        if one is None or other is None or one[0] != other[0] or (one[0] == TEXT and kind is not exp.EQ):
            return None
        first, second, alike = one[1], other[1], _BY_SIZE[kind]

        def judge(row: Sequence[Any]) -> bool | None:
            a, b = first(row), second(row)
            return None if a is None or b is None else alike(a, b)

        return judge

    def _value(self, node: Any) -> Found:
        node = node.unnest()
        if isinstance(node, exp.Column):
            place = (node.table, node.name)
            kind = TEXT if place in self.texts else DATE if place in self.days else None
            return None if kind is None else (kind, self.atom(node))
        constant = self._constant(node)
        if constant is not None:
            value = constant[1]
            return constant[0], lambda row: value
        if type(node) in _PARTS:
            of = self._value(node.this)
            return None if of is None or of[0] != DATE else (NUMBER, _applied(_PARTS[type(node)], of[1]))
        if type(node) in _NUMBERS:
            one, other = self._value(node.this), self._value(node.expression)
            if one is None or other is None or one[0] != other[0] or one[0] == TEXT:
                return None
            if one[0] == DATE:
                apart = _applied(lambda a, b: (a - b).days, one[1], other[1])
                return (NUMBER, apart) if isinstance(node, exp.Sub) else None
            return NUMBER, _applied(_NUMBERS[type(node)], one[1], other[1])
        return None

    @staticmethod
    def _constant(node: Any) -> tuple[str, Any] | None:
        if isinstance(node, exp.Literal):
            if node.is_string:
                return TEXT, str(node.this)
            return (NUMBER, int(node.this)) if str(node.this).isdecimal() else None
        if isinstance(node, exp.Cast) and node.to.is_type("date") and isinstance(node.this, exp.Literal):
            return DATE, date.fromisoformat(str(node.this.this))
        return None


def _applied(what: Callable[..., Any], *values: Value) -> Value:
    def value(row: Sequence[Any]) -> Any:
        found = [get(row) for get in values]
        return None if None in found else what(*found)

    return value


def _both(left: Value | None, right: Value | None) -> Value | None:
    if left is None or right is None:
        return None

    def judge(row: Sequence[Any]) -> bool | None:
        first, second = left(row), right(row)
        return (
            False if first is False or second is False else None if first is None or second is None else True
        )

    return judge
