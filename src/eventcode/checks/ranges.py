"""What the least and the greatest value of columns tell of a comparison: that it always holds, never, or that one must look."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlglot import exp

from eventcode.checks.facts import Facts, Range
from eventcode.checks.scope import SELF


def said(node: Any, facts: Facts) -> bool | None:
    """Whether a comparison holds wherever its operands have values; None where that is not known."""
    if isinstance(node, exp.Between):
        value, low, high = (_range(node.args[name], facts) for name in ("this", "low", "high"))
        above, below = _at_most(low, value), _at_most(value, high)
        return False if False in (above, below) else True if above and below else None
    if isinstance(node, exp.In):
        return _among(_range(node.this, facts), [_range(value, facts) for value in node.expressions])
    left, right = (_range(node.args.get(name), facts) for name in ("this", "expression"))
    if isinstance(node, (exp.LTE, exp.GT)):
        found = _at_most(left, right)
        return found if isinstance(node, exp.LTE) else _not(found)
    if isinstance(node, (exp.GTE, exp.LT)):
        found = _at_most(right, left)
        return found if isinstance(node, exp.GTE) else _not(found)
    if isinstance(node, (exp.EQ, exp.NEQ)):
        found = _among(left, [right])
        return found if isinstance(node, exp.EQ) else _not(found)
    return None


def _range(node: Any, facts: Facts) -> Range | None:
    """Between which numbers, or days, the values of an expression lie."""
    if isinstance(node, exp.Paren):
        return _range(node.this, facts)
    if isinstance(node, exp.Column):
        return facts.ranges.get(node.name) if node.table == SELF else None
    if isinstance(node, exp.Literal):
        return (int(node.this),) * 2 if not node.is_string and node.this.isdigit() else None
    inner = _range(node.this, facts) if isinstance(node, (exp.Neg, exp.Year)) else None
    if inner is not None and isinstance(node, exp.Year) == isinstance(inner[0], date):
        low, high = inner
        return (low.year, high.year) if isinstance(node, exp.Year) else (-high, -low)
    return _day(node)


def _day(node: Any) -> Range | None:
    """A day that is written out."""
    if not isinstance(node, exp.Cast) or not isinstance(node.this, exp.Literal) or not node.is_type("date"):
        return None
    try:
        day = date.fromisoformat(node.this.this)
    except ValueError:
        return None
    return day, day


def _at_most(left: Range | None, right: Range | None) -> bool | None:
    if left is None or right is None or type(left[0]) is not type(right[0]):
        return None
    return True if left[1] <= right[0] else False if left[0] > right[1] else None


def _among(value: Range | None, listed: list[Range | None]) -> bool | None:
    """Whether a value is one of some others."""
    if (
        value is None
        or not listed
        or any(one is None or type(one[0]) is not type(value[0]) for one in listed)
    ):
        return None
    near = [one for one in listed if one and one[0] <= value[1] and value[0] <= one[1]]
    if not near:
        return False
    return True if any(value[0] == value[1] == one[0] == one[1] for one in near) else None


def _not(found: bool | None) -> bool | None:
    return None if found is None else not found
