"""A row rule made simpler by what is known of its table, as the scan asks it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from eventcode.checks import conjuncts, settle
from eventcode.checks.compile import RowRule
from eventcode.checks.facts import Facts
from eventcode.model import Rule


@dataclass(frozen=True, slots=True)
class SettledRule:
    """A rule in view of the facts, as trees: where it applies, where nobody can say, what fails, and where other rules come first."""

    row: RowRule
    base: Any
    open: Any
    fails: Any
    broken: Any

    @classmethod
    def of(cls, row: RowRule, facts: Facts) -> SettledRule:
        """The rule `row` of a table with these facts."""
        base = settle.settled(settle.parsed(row.base or row.when), facts)
        inside = facts.with_values(conjuncts.valued(base))
        require = settle.settled(settle.parsed(row.require), inside)
        broken = settle.settled(settle.parsed(row.broken), facts) if row.broken else settle.parsed("FALSE")
        open_ = conjuncts.both(base, settle.settled(settle.is_null(require, inside), inside))
        fails = settle.settled(conjuncts.both(base, settle.negated(require), settle.negated(broken)), facts)
        return cls(row, *(settle.true_only(tree) for tree in (base, open_, fails, broken)))

    @classmethod
    def where(cls, rule: Rule, sql: str) -> SettledRule:
        """A rule that is violated by the rows of a condition; its other counts are known."""
        never = settle.parsed("FALSE")
        return cls(RowRule(rule, "TRUE", "TRUE"), never, never, settle.parsed(sql), never)

    @property
    def conditions(self) -> tuple[Any, ...]:
        """All trees."""
        return (self.base, self.open, self.fails, self.broken)
