"""The parts that a condition joins by AND, and the columns that have a value wherever it is true."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlglot import exp

from eventcode.checks.scope import SELF
from eventcode.checks.settle import COMPARE, conjoined


def valued(node: Any) -> set[str]:
    """Own columns that have a value wherever a condition is true."""
    if isinstance(node, exp.Paren):
        return valued(node.this)
    if isinstance(node, exp.And):
        return valued(node.left) | valued(node.right)
    if isinstance(node, exp.Or):
        return valued(node.left) & valued(node.right)
    if isinstance(node, exp.Not):
        inner = node.this.unnest()
        if isinstance(inner, exp.Is) and isinstance(inner.expression, exp.Null):
            return {*_own(inner.this)}
        return valued(inner) if isinstance(inner, (*COMPARE, exp.Between, exp.Like, exp.In)) else set()
    if isinstance(node, exp.In):
        return {*_own(node.this)}
    if isinstance(node, (*COMPARE, exp.Between, exp.Like)):
        return {name for child in node.iter_expressions() for name in _own(child)}
    return set()


def _own(node: Any) -> Iterator[str]:
    if isinstance(node, exp.Column) and node.table == SELF:
        yield node.name


def conjuncts(node: Any) -> Iterator[Any]:
    """The parts of AND."""
    if isinstance(node, exp.And):
        yield from conjuncts(node.left)
        yield from conjuncts(node.right)
    elif isinstance(node, exp.Paren) and isinstance(node.this, exp.And):
        yield from conjuncts(node.this)
    else:
        yield node


def filled(node: Any) -> str | None:
    """The own column of which a condition says no more than that it has a value."""
    inner = node.this.unnest() if isinstance(node, exp.Not) else None
    if isinstance(inner, exp.Is) and isinstance(inner.expression, exp.Null):
        return next(_own(inner.this), None)
    return None


def both(*parts: Any) -> Any:
    """All of some conditions; one that only says that a column has a value is left out where another can be true of no other row."""
    found = [part for tree in parts for part in conjuncts(tree)]
    kept = [
        part
        for part in found
        if (column := filled(part)) is None
        or not any(column in valued(other) for other in found if filled(other) is None)
    ]
    tree = kept[0] if kept else exp.true()
    for part in kept[1:]:
        tree = conjoined(tree, part)
    return tree
