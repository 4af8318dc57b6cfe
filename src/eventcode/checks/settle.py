"""Conditions made simpler by what is known of a table's columns before it is read: which are empty, and which have no empty cell.

A codebook asks some 200 questions, most of them about columns that a table does not have. Three-valued as in SQL.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import sqlglot
from sqlglot import exp

from eventcode.checks import ranges
from eventcode.checks.facts import Facts
from eventcode.checks.scope import SELF

TRUE, FALSE, NULL = "TRUE", "FALSE", "NULL"
COMPARE = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE)
_DATES = (exp.Year, exp.Month, exp.Day)
_ARITHMETIC = (exp.Add, exp.Sub, exp.Mul, exp.Mod, exp.Neg, exp.Lower, exp.Upper, exp.Trim, exp.Abs, *_DATES)
STRICT = (*COMPARE, *_ARITHMETIC, exp.Between, exp.Like)


@lru_cache(maxsize=4096)
def parsed(sql: str) -> Any:
    """The tree of a condition, which nobody may change."""
    return sqlglot.parse_one(sql, read="duckdb")


def constant(tree: Any) -> str | None:
    """TRUE, FALSE or NULL where a condition says the same of every row; else None."""
    if isinstance(tree, exp.Null):
        return NULL
    if isinstance(tree, exp.Boolean):
        return TRUE if tree.this else FALSE
    return None


def settled(node: Any, facts: Facts) -> Any:
    """A simpler condition that says the same of every row of the table."""
    if isinstance(node, exp.Column):
        return exp.Null() if facts.empty(node) else node
    if isinstance(node, exp.Paren):
        inner = settled(node.this, facts)
        return inner if isinstance(inner, (exp.Boolean, exp.Null, exp.Column)) else exp.Paren(this=inner)
    if isinstance(node, exp.And):
        return conjoined(settled(node.left, facts), settled(node.right, facts))
    if isinstance(node, exp.Or):
        return _either(settled(node.left, facts), settled(node.right, facts))
    if isinstance(node, exp.Not):
        return negated(settled(node.this, facts))
    if isinstance(node, exp.Is) and isinstance(node.expression, exp.Null):
        return is_null(settled(node.this, facts), facts)
    if isinstance(node, exp.Coalesce):
        return _first(node, facts)
    if isinstance(node, exp.Case):
        return _chosen(node, facts)
    if isinstance(node, exp.In) and node.expressions:
        value = settled(node.this, facts)
        if isinstance(value, exp.Null):
            return value
        return _in_range(_listed(node if value is node.this else _with(node, "this", value), facts), facts)
    if isinstance(node, STRICT):
        for name, child in node.args.items():
            if isinstance(child, exp.Expression):
                found = settled(child, facts)
                if isinstance(found, exp.Null):
                    return found
                node = node if found is child else _with(node, name, found)
        return _in_range(_listed(node, facts) if isinstance(node, exp.EQ) else node, facts)
    return node


def _in_range(node: Any, facts: Facts) -> Any:
    """A comparison in view of the least and greatest values of its columns."""
    found = ranges.said(node, facts)
    columns = list({column.sql(): column for column in node.find_all(exp.Column)}.values())
    if found is None or not columns:
        return node
    if not any(may_be_null(column, facts) for column in columns):
        return exp.true() if found else exp.false()
    alike = exp.EQ if found else exp.NEQ
    return alike(this=columns[0], expression=columns[0].copy()) if len(columns) == 1 else node


def _chosen(node: Any, facts: Facts) -> Any:
    """`CASE` without the conditions that are never true."""
    if node.this is not None:
        return node
    kept, default = [], settled(node.args.get("default") or exp.Null(), facts)
    for branch in node.args["ifs"]:
        condition = settled(branch.this, facts)
        if constant(condition) in (FALSE, NULL) or known(condition) is False:
            continue
        value = settled(branch.args["true"], facts)
        if constant(condition) == TRUE:
            default = value
            break
        kept.append((condition, value))
    if not kept:
        return default
    if constant(default) == TRUE and _apart([condition for condition, _ in kept]):
        return _implied(kept, facts)
    ifs = [exp.If(this=condition, true=value) for condition, value in kept]
    return exp.Case(ifs=ifs, default=default)


def _apart(conditions: list[Any]) -> bool:
    """Whether conditions ask for different texts in one column, so that at most one is true."""
    columns, texts = set(), list[str]()
    for node in conditions:
        values = node.expressions or [node.args.get("expression")]
        if not isinstance(node, (exp.In, exp.EQ)) or not isinstance(node.this, exp.Column):
            return False
        if not all(isinstance(value, exp.Literal) and value.is_string for value in values):
            return False
        columns.add(node.this.sql())
        texts += [str(value.this) for value in values]
    return len(columns) == 1 and len(texts) == len({*texts})


def _implied(branches: list[tuple[Any, Any]], facts: Facts) -> Any:
    """`CASE WHEN condition THEN value … ELSE TRUE`, whose conditions exclude each other: not the condition, or the value, for each."""
    absent = is_null(branches[0][0].this, facts)
    found: Any = exp.true()
    for condition, value in branches:
        found = conjoined(found, _either(absent, _either(negated(condition), value)))
    return found


def _listed(node: Any, facts: Facts) -> Any:
    """`column IN (texts)`, or `column = text`, in view of what stands in the column: mostly always or never, else the shorter list."""
    column, listed = node.this, node.expressions or [node.expression]
    there = facts.values.get(column.name) if isinstance(column, exp.Column) and column.table == SELF else None
    if there is None or not all(isinstance(value, exp.Literal) and value.is_string for value in listed):
        return node
    inside = there & {str(value.this) for value in listed}
    outside = there - inside
    if not outside:
        return exp.true() if facts.full(column) else exp.EQ(this=column, expression=column.copy())
    if not inside:
        return exp.false() if facts.full(column) else exp.NEQ(this=column, expression=column.copy())
    few = min(inside, outside, key=len)
    if len(few) >= len(listed):
        return node
    found = exp.In(this=column, expressions=[exp.Literal.string(value) for value in sorted(few)])
    return found if few is inside else negated(found)


def known(node: Any) -> bool | None:
    """What a condition says of every row that has a value in its column: `column = column` and the like, else None."""
    node = node.unnest()
    if isinstance(node, exp.Not):
        inner = known(node.this)
        return None if inner is None else not inner
    alike = isinstance(node, (exp.EQ, exp.NEQ)) and isinstance(node.this, exp.Column)
    return isinstance(node, exp.EQ) if alike and node.this == node.expression else None


def true_only(node: Any) -> Any:
    """A condition that is true of the same rows and may be false where the other is null."""
    if isinstance(node, exp.Paren):
        inner = true_only(node.this)
        return inner if constant(inner) else exp.Paren(this=inner.unnest())
    if isinstance(node, exp.And):
        return conjoined(true_only(node.left), true_only(node.right))
    if isinstance(node, exp.Or):
        return _either(true_only(node.left), true_only(node.right))
    if isinstance(node, exp.Null):
        return exp.false()
    said = known(node)
    if said is None:
        return node
    column = node.find(exp.Column)
    return negated(exp.Is(this=column, expression=exp.Null())) if said else exp.false()


def _with(node: Any, name: str, child: Any) -> Any:
    """A condition with another part; the old one stays as it is."""
    return node.__class__(**{**node.args, name: child})


def conjoined(left: Any, right: Any) -> Any:
    """Two conditions as one that is true where both are."""
    first, second = constant(left), constant(right)
    if FALSE in (first, second):
        return exp.false()
    if first == TRUE:
        return right
    if second == TRUE:
        return left
    return exp.Null() if first == second == NULL else exp.And(this=_held(left), expression=_held(right))


def _either(left: Any, right: Any) -> Any:
    first, second = constant(left), constant(right)
    if TRUE in (first, second):
        return exp.true()
    if first == FALSE:
        return right
    if second == FALSE:
        return left
    return exp.Null() if first == second == NULL else exp.Or(this=_held(left), expression=_held(right))


def _held(node: Any) -> Any:
    """A part of AND or OR, in brackets where it has an AND or OR of its own."""
    return exp.Paren(this=node) if isinstance(node, (exp.And, exp.Or)) else node


def negated(inner: Any) -> Any:
    """What is true where a condition is false, and null where it is null."""
    found = constant(inner)
    if found is not None:
        return {TRUE: exp.false(), FALSE: exp.true(), NULL: exp.Null()}[found]
    inner = inner.unnest()
    if isinstance(inner, exp.Not):
        return inner.this
    if isinstance(inner, exp.And):
        return _either(negated(inner.left), negated(inner.right))
    if isinstance(inner, exp.Or):
        return conjoined(negated(inner.left), negated(inner.right))
    return exp.Not(this=exp.Paren(this=inner))


def is_null(value: Any, facts: Facts) -> Any:
    """That a value is null, in view of the facts."""
    if isinstance(value, exp.Null):
        return exp.true()
    if not may_be_null(value, facts):
        return exp.false()
    plain = isinstance(value, (exp.Column, exp.Paren))
    return exp.Is(this=value if plain else exp.Paren(this=value), expression=exp.Null())


def _first(node: Any, facts: Facts) -> Any:
    """`coalesce`: without the values that are always null, up to the first that never is."""
    values = []
    for value in (node.this, *node.expressions):
        found = settled(value, facts)
        said = known(found)
        if said is not None and _default(node) is said:
            return exp.true() if said else exp.false()
        if not isinstance(found, exp.Null):
            values.append(found)
            if not may_be_null(found, facts):
                break
    if not values:
        return exp.Null()
    return values[0] if len(values) == 1 else exp.Coalesce(this=values[0], expressions=values[1:])


def _default(node: Any) -> bool | None:
    """Of `coalesce(condition, TRUE)` the second."""
    [*_, last] = node.expressions
    alone = len(node.expressions) == 1 and isinstance(last, exp.Boolean)
    return bool(last.this) if alone else None


def may_be_null(node: Any, facts: Facts) -> bool:
    """Whether a condition can be null in some row; true where that is not known."""
    if isinstance(node, exp.Column):
        return not facts.full(node)
    if isinstance(node, (exp.Literal, exp.Boolean, exp.Is)):
        return False
    if isinstance(node, exp.Cast):
        return not isinstance(node.this, exp.Literal)
    if isinstance(node, exp.Case):
        values = [
            node.args.get("default") or exp.Null(),
            *(branch.args["true"] for branch in node.args["ifs"]),
        ]
        return any(may_be_null(value, facts) for value in values)
    if isinstance(node, exp.In) and node.expressions:
        return any(may_be_null(value, facts) for value in (node.this, *node.expressions))
    if isinstance(node, exp.Coalesce):
        return all(may_be_null(value, facts) for value in (node.this, *node.expressions))
    if isinstance(node, (exp.And, exp.Or, exp.Not, exp.Paren, *STRICT)):
        return any(may_be_null(child, facts) for child in node.iter_expressions())
    return True


def own_columns(tree: Any) -> Iterator[Any]:
    """The columns of the table itself that a condition reads."""
    for column in tree.find_all(exp.Column):
        if column.table == SELF:
            yield column


def text(tree: Any) -> str:
    """A condition as SQL."""
    return str(tree.sql("duckdb", identify=True))
