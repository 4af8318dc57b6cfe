"""What is known of a table before it is read."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from eventcode.checks.scope import SELF

Range = tuple[Any, Any]  # the least and the greatest of whole numbers, or of days


@dataclass(frozen=True, slots=True)
class Facts:
    """How many rows a table has, and how many values of a column are null (a column that is not in `nulls` may hold any number).

    `has_row` says that there is a column which tells where a row without a key stands; `values` holds all that stands in some columns
    of text, `ranges` between which whole numbers or days those of other columns lie.
    """

    rows: int
    nulls: Mapping[str, int]
    has_row: bool = False
    values: Mapping[str, frozenset[str]] = field(default_factory=dict)
    ranges: Mapping[str, Range] = field(default_factory=dict)

    def empty(self, column: Any) -> bool:
        """Whether a column of the table itself has no value at all."""
        return column.table == SELF and self.nulls.get(column.name) == self.rows

    def full(self, column: Any) -> bool:
        """Whether a column of the table itself has a value in every row."""
        return column.table == SELF and self.nulls.get(column.name) == 0

    def with_values(self, columns: Collection[str]) -> Facts:
        """The facts of those rows that have a value in some columns."""
        return replace(
            self, nulls={**self.nulls, **{c: 0 for c in columns if self.nulls.get(c) != self.rows}}
        )
