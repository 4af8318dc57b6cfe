"""Values for columns without a closed list: enough of them that each condition on them comes out every way that it can."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import combinations, pairwise
from math import ceil, floor
from typing import Any

from sqlglot import exp

from eventcode.checks.database import TYPES
from eventcode.checks.expression import quoted
from eventcode.dates import is_day

MOST_IN_LIST, LONGEST = 8, 3
_EQUAL = (exp.EQ, exp.NEQ, exp.NullSafeEQ, exp.NullSafeNEQ, exp.In)
_ORDER = (exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between)
_ORDERED = ("int64", "float64", "date32")
_DAY = date(2025, 6, 16)


# ── what a condition does with a column ───────────────────────────────────────────────────────────────────────────────


def exhausted(condition: Any, column: str, kind: str) -> bool:
    """Whether a condition only compares a column with literals, with other columns, or with nothing."""
    uses = [found for found in condition.find_all(exp.Column) if found.name == column]
    return all(_list_use(use) if kind == "list<string>" else _plain_use(use, kind) for use in uses)


def _plain_use(column: Any, kind: str) -> bool:
    node, parent = _out_of_coalesce(column)
    if isinstance(parent, exp.Is):
        return True
    allowed = (*_EQUAL, *_ORDER) if kind in _ORDERED else _EQUAL
    return isinstance(parent, allowed) and all(
        _plain(part) for part in parent.iter_expressions() if part is not node
    )


def _list_use(column: Any) -> bool:
    node, parent = _out_of_coalesce(column)
    if isinstance(parent, (exp.ArraySize, exp.Length)):
        node, parent = _out_of_coalesce(parent)
        numbers = [_number(part) for part in parent.iter_expressions() if part is not node] if parent else []
        return isinstance(parent, (*_EQUAL, *_ORDER)) and all(n is not None and n <= LONGEST for n in numbers)
    if isinstance(parent, exp.ArrayContains):
        return parent.this is node and isinstance(parent.expression, exp.Literal)
    return isinstance(parent, exp.Is)


def _out_of_coalesce(node: Any) -> tuple[Any, Any]:
    """A part with the parentheses and `coalesce(…, literal)` around it, and what stands around these."""
    parent = node.parent
    while isinstance(parent, exp.Paren) or (
        isinstance(parent, exp.Coalesce)
        and parent.this is node
        and all(_plain(part) for part in parent.expressions)
    ):
        node, parent = parent, parent.parent
    return node, parent


def _plain(node: Any) -> bool:
    """A literal or a column, also as `coalesce(column, literal)`."""
    if isinstance(node, (exp.Paren, exp.Neg)):
        return _plain(node.this)
    if isinstance(node, exp.Coalesce):
        return _plain(node.this) and all(map(_plain, node.expressions))
    return isinstance(node, (exp.Literal, exp.Column, exp.Null, exp.Boolean))


def _number(node: Any) -> float | None:
    if isinstance(node, exp.Neg):
        inner = _number(node.this)
        return None if inner is None else -inner
    return float(node.name) if isinstance(node, exp.Literal) and not node.is_string else None


# ── values ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def open_values(kind: str, conditions: Iterable[Any], together: int) -> list[Any]:
    """Values of a column without a list, nothing last; columns compared with each other need one value each wherever one fits."""
    texts, numbers = _literals(conditions)
    if kind == "string":
        others = [text for text in ("x", "y", "z", "v", "w", "u", "t", "s", "r") if text not in texts]
        return [*others[:together], *texts, None]
    if kind == "date32":
        days = [date.fromisoformat(text) for text in texts if is_day(text)] or [_DAY]
        steps = range(-together, together + 1)
        return [*dict.fromkeys(day + timedelta(step) for step in _outwards(steps) for day in days), None]
    return [*_numbers(kind, numbers, together), None]


def _numbers(kind: str, literals: Sequence[float], together: int) -> list[Any]:
    around = sorted({0.0, *literals})
    steps = _outwards(range(-together, together + 1))
    whole = [int(end) + step for step in steps for number in around for end in (floor(number), ceil(number))]
    if kind == "int64":
        return list(dict.fromkeys(whole))
    between = [
        low + (high - low) * i / (together + 1)
        for low, high in pairwise(around)
        for i in range(1, together + 1)
    ]
    return list(dict.fromkeys([*around, *map(float, whole), *between]))


def _outwards(steps: Iterable[int]) -> list[int]:
    return sorted(steps, key=lambda step: (abs(step), -step))


def lists(conditions: Iterable[Any], closed: Sequence[str] | None) -> list[Any]:
    """Every list of the values that conditions look for and some that they do not, then nothing."""
    pool = _pool(conditions, closed)
    if len(pool) > MOST_IN_LIST:
        return [[], [pool[0]], None]
    found = [list(some) for n in range(len(pool) + 1) for some in combinations(pool, n)]
    return [*found[1:], [], None]


def overfull(conditions: Iterable[Any], closed: Sequence[str] | None) -> bool:
    """Whether there are too many such values for every list of them."""
    return len(_pool(conditions, closed)) > MOST_IN_LIST


def _pool(conditions: Iterable[Any], closed: Sequence[str] | None) -> list[str]:
    texts, numbers = _literals(conditions)
    others = [v for v in (("x", "y", "z", "v", "w") if closed is None else closed) if v not in texts]
    known = [text for text in texts if closed is None or text in closed]
    return [*known, *others[: int(max([*numbers, 0])) + 1]]


def _literals(conditions: Iterable[Any]) -> tuple[list[str], list[float]]:
    found = [literal for node in conditions for literal in node.find_all(exp.Literal)]
    texts = dict.fromkeys(literal.name for literal in found if literal.is_string)
    numbers = [_number(one.parent if isinstance(one.parent, exp.Neg) else one) for one in found]
    return [*texts], [number for number in dict.fromkeys(numbers) if number is not None]


# ── as SQL ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def table(rows: Sequence[Mapping[str, Any]], kinds: Mapping[str, str]) -> str:
    """Rows as a table in SQL; column `n` numbers them."""
    columns = ", ".join(
        f'unnest([{", ".join(_sql(row[name]) for row in rows)}]::{TYPES[kind]}[]) AS "{name}"'
        for name, kind in kinds.items()
    )
    return f"(SELECT unnest(range({len(rows)})) AS n, {columns})"


def _sql(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_sql, value))}]"
    if isinstance(value, (str, date)):
        return quoted(str(value))
    return str(value)
