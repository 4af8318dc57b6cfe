"""SQL for the rows whose columns have some of the values that stand in them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from eventcode.checks.expression import quoted


def one_of(column: str, values: Collection[str | None]) -> str:
    """SQL that is true where a column has one of some values."""
    texts = sorted({quoted(value) for value in values if value is not None})
    parts = [f"{column} IN ({', '.join(texts)})"] if texts else []
    return " OR ".join([*parts, *([f"{column} IS NULL"] if None in values else [])]) or "FALSE"


def in_cells(columns: Sequence[str], cells: Iterable[Sequence[Any]]) -> str:
    """SQL that is true in the rows that have the values of one of some cells."""
    first, *others = columns
    alike: dict[tuple[Any, ...], list[Any]] = {}
    for value, *more in cells:
        alike.setdefault(tuple(more), []).append(value)
    parts = []
    for rest, values in alike.items():
        pairs = zip(others, rest, strict=True)
        same = [f"({one_of(column, [value])})" for column, value in pairs]
        parts.append(" AND ".join([*same, f"({one_of(first, values)})"]))
    return " OR ".join(f"({part})" for part in parts)
