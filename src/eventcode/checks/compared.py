"""Columns compared with constants and with each other, in Python as in SQL: texts for being alike, whole numbers, dates and their parts
by size, lists of texts for what they hold. Whether a column is empty is known of every kind.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from sqlglot import exp

Value = Callable[[Sequence[Any]], Any]
TEXT, DATE, NUMBER, WHOLE, LIST = "text", "date", "number", "whole", "list"
KIND_OF = {
    "string": TEXT, "date32": DATE, "int64": WHOLE, "list<string>": LIST,
}  # fmt: skip
Found = tuple[str, Value] | None  # of which kind a value is, and how to get it from a row
_BY_SIZE: dict[Any, Callable[[Any, Any], bool]] = {
    exp.EQ: operator.eq, exp.LT: operator.lt, exp.LTE: operator.le, exp.GT: operator.gt, exp.GTE: operator.ge,
}  # fmt: skip
_PARTS: dict[Any, Callable[[date], int]] = {
    exp.Day: lambda day: day.day,
    exp.Month: lambda day: day.month,
    exp.Year: lambda day: day.year,
}


def _rest(a: int, b: int) -> int | None:
    """What is left of `a` after division by `b`, with the sign of `a`, as in SQL; null for a division by zero."""
    return None if b == 0 else abs(a) % abs(b) * (-1 if a < 0 else 1)


_NUMBERS: dict[Any, Callable[[int, int], int | None]] = {
    exp.Add: operator.add,
    exp.Sub: operator.sub,
    exp.Mod: _rest,
}


class Values:
    """What can be compared in Python: `types` gives the types of columns by (prefix, name), which `atom` reads from a row."""

    KINDS: ClassVar[tuple[Any, ...]] = (
        *_BY_SIZE,
        exp.In,
        exp.Between,
        exp.Is,
        exp.ArrayContains,
        exp.Anonymous,
    )

    def __init__(self, types: Mapping[tuple[str, str], str], atom: Callable[[Any], Value]) -> None:
        self.types, self.atom = types, atom

    def judge(self, node: Any) -> Value | None:
        """A comparison; None where it is not of such values."""
        if isinstance(node, exp.Is):
            return self._is_null(node)
        if isinstance(node, exp.In):
            return self._member(node)
        if isinstance(node, exp.ArrayContains):
            return self._holds(node)
        if isinstance(node, exp.Anonymous):
            return self._holds_all(node)
        if isinstance(node, exp.Between):
            low, high = node.args["low"], node.args["high"]
            return _both(self._compared(exp.GTE, node.this, low), self._compared(exp.LTE, node.this, high))
        return self._compared(type(node), node.this, node.expression)

    def _is_null(self, node: Any) -> Value | None:
        if not isinstance(node.expression, exp.Null):
            return None
        inner = node.this.unnest()
        known = isinstance(inner, exp.Column) and (inner.table, inner.name) in self.types
        own = (None, self.atom(inner)) if known else self._value(inner)
        if own is None:
            return None
        get = own[1]
        return lambda row: get(row) is None

    def _member(self, node: Any) -> Value | None:
        own, listed = self._value(node.this), [self._constant(value) for value in node.expressions]
        if own is None or not listed or not all(value and _alike(own[0], value[0]) for value in listed):
            return None
        get, values = own[1], frozenset(value[1] for value in listed if value is not None)

        def judge(row: Sequence[Any]) -> bool | None:
            found = get(row)
            return None if found is None else found in values

        return judge

    def _holds(self, node: Any) -> Value | None:
        """Whether a list holds a text; an empty place of a list is like nothing."""
        own, item = self._value(node.this), self._value(node.expression)
        if own is None or item is None or own[0] != LIST or item[0] != TEXT:
            return None
        return _applied(lambda held, text: text in held, own[1], item[1])

    def _holds_all(self, node: Any) -> Value | None:
        """Whether a list of constants has everything that another list holds."""
        if str(node.this).upper() != "LIST_HAS_ALL" or not isinstance(node.expressions[0], exp.Array):
            return None
        own = self._value(node.expressions[1])
        constants = [self._constant(value) for value in node.expressions[0].expressions]
        if own is None or own[0] != LIST or not all(value and value[0] == TEXT for value in constants):
            return None
        known = frozenset(
            [value[1] for value in constants if value],
        ) | {None}
        return _applied(known.issuperset, own[1])

    def _compared(self, kind: Any, left: Any, right: Any) -> Value | None:
        one, other = self._value(left), self._value(right)
        if one is None or other is None or not _alike(one[0], other[0]) or one[0] == LIST:
            return None
        if one[0] == TEXT and kind is not exp.EQ:
            return None
        first, second, alike = one[1], other[1], _BY_SIZE[kind]

        def judge(row: Sequence[Any]) -> bool | None:
            a, b = first(row), second(row)
            return None if a is None or b is None else alike(a, b)

        return judge

    def _value(self, node: Any) -> Found:
        node = node.unnest()
        if isinstance(node, exp.Column):
            kind = KIND_OF.get(self.types.get((node.table, node.name), ""))
            return None if kind is None else (kind, self.atom(node))
        if isinstance(node, exp.Coalesce):
            return self._default(node)
        if isinstance(node, exp.Length):
            held = self._value(node.this)
            return None if held is None or held[0] != LIST else (WHOLE, _applied(len, held[1]))
        constant = self._constant(node)
        if constant is not None:
            value = constant[1]
            return constant[0], lambda row: value
        if type(node) in _PARTS:
            of = self._value(node.this)
            return None if of is None or of[0] != DATE else (NUMBER, _applied(_PARTS[type(node)], of[1]))
        if type(node) in _NUMBERS:
            one, other = self._value(node.this), self._value(node.expression)
            if one is None or other is None or one[0] != other[0] or one[0] not in (DATE, NUMBER):
                return None
            if one[0] == DATE:
                apart = _applied(lambda a, b: (a - b).days, one[1], other[1])
                return (NUMBER, apart) if isinstance(node, exp.Sub) else None
            return NUMBER, _applied(_NUMBERS[type(node)], one[1], other[1])
        return None

    def _default(self, node: Any) -> Found:
        """`coalesce(value, constant)`."""
        own = self._value(node.this)
        constant = self._constant(node.expressions[0]) if len(node.expressions) == 1 else None
        if own is None or constant is None or own[0] == LIST or not _alike(own[0], constant[0]):
            return None
        get, default = own[1], constant[1]

        def value(row: Sequence[Any]) -> Any:
            found = get(row)
            return default if found is None else found

        return own[0], value

    @staticmethod
    def _constant(node: Any) -> tuple[str, Any] | None:
        if isinstance(node, exp.Literal):
            if node.is_string:
                return TEXT, str(node.this)
            return (NUMBER, int(node.this)) if str(node.this).isdecimal() else None
        if isinstance(node, exp.Neg) and str(node.this.this).isdecimal():
            return NUMBER, -int(node.this.this)
        if isinstance(node, exp.Cast) and node.to.is_type("date") and isinstance(node.this, exp.Literal):
            return DATE, date.fromisoformat(str(node.this.this))
        return None


def _alike(one: str, other: str) -> bool:
    """Whether values of two kinds can be compared."""
    return one == other or {one, other} == {NUMBER, WHOLE}


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
