"""Conditions whose rows are few by what the footers tell, so that they are counted among the rows of the filter and not in a scan.

Columns that are empty in about as many rows are mostly empty in the same rows: coordinates, the bounds of a number. Where they are not,
the filter keeps more rows and the count is as exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlglot import exp

from eventcode.checks import conjuncts, settle
from eventcode.checks.facts import Facts
from eventcode.checks.scope import SELF

FEW = 1_000  # one row in so many


@dataclass(frozen=True, slots=True)
class Rare:
    """That a condition is true in `rows` rows, and in as many more (`sign` 1) or fewer (−1) as `where` is."""

    rows: int
    sign: int
    where: str

    def count(self, among: int) -> int:
        """In how many rows it is true, where `where` is true in `among`."""
        return self.rows + self.sign * among


def rare(tree: Any, facts: Facts, *, is_open: bool) -> Rare | None:
    """How to count a condition by few rows; `is_open` says that it is about a missing answer."""
    columns = {column.name for column in settle.own_columns(tree)}
    nulls = [facts.nulls[name] for name in columns if facts.nulls.get(name)]
    others = any(name not in facts.nulls for name in columns) or len(nulls) < 2
    if others or facts.rows < FEW or max(nulls) - min(nulls) > facts.rows / FEW:
        return None
    filled = [name for part in conjuncts.conjuncts(tree) if (name := conjuncts.filled(part))]
    if len(filled) == 2 == len([*conjuncts.conjuncts(tree)]):
        first, second = (exp.column(name, SELF, quoted=True) for name in filled)
        where = conjuncts.both(settle.negated(settle.is_null(first, facts)), settle.is_null(second, facts))
        return Rare(facts.rows - facts.nulls[filled[0]], -1, settle.text(where))
    return Rare(0, 1, settle.text(tree)) if is_open else None
