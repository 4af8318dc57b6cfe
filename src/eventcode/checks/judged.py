"""The row rules of one table over few rows: the database computes the conditions that differ (`atoms`), Python the logic between them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from eventcode.checks import scope
from eventcode.checks.atoms import Atoms, Judge
from eventcode.checks.compile import RowRule, judging
from eventcode.checks.held import Held
from eventcode.model import Codebook, Rule

Seen = Sequence[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Judged:
    """A row rule over the values of its table's conditions."""

    rule: Rule
    guards: tuple[Judge, ...]
    when: Judge
    require: Judge

    def state(self, row: Sequence[Any]) -> str | None:
        """passed, failed or unknown; None where the rule does not apply."""
        if any(guard(row) is False for guard in self.guards):
            return "unknown"
        if not self.when(row):
            return None
        holds = self.require(row)
        return "unknown" if holds is None else "passed" if holds else "failed"


class JudgedTable:
    """The row rules of a table and the triggers of set rules that look at it, over one list of conditions.

    `sql` gives the values of the conditions for every row, and its key last; with `one_reading` where the tables hold no more.
    """

    def __init__(
        self,
        codebook: Codebook,
        name: str,
        rules: Sequence[RowRule],
        triggers: Iterable[scope.Trigger],
        *,
        one_reading: bool,
    ) -> None:
        self.name = name
        kinds = scope.scope(codebook, name).columns
        # of many rows, texts alone are faster compared here than there; days and lists are those of Python in a reading alone
        atoms = Atoms({column: kind for column, kind in kinds.items() if one_reading or kind == "string"})
        self.rules = [
            Judged(
                row.rule,
                tuple(atoms.judge(guard) for guard in row.guards),
                atoms.judge(row.when),
                atoms.judge(row.require),
            )
            for row in rules
        ]
        self.triggers = {trigger: atoms.judge(trigger.where) for trigger in triggers if trigger.table == name}
        self.held = Held(codebook, name, atoms)
        self.sql = judging(codebook, name, atoms.sql, one_reading=one_reading)

    def meets(self, trigger: scope.Trigger, seen: Seen) -> bool:
        """Whether enough of the rows meet a trigger."""
        judge = self.triggers[trigger]
        return sum(judge(row) is True for row in seen) >= trigger.at_least
