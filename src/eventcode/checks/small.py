"""Tables of few rows, whole: one statement per table for all row rules, and set rules only where the rows could break them.

Of the time that such a check takes, nearly all goes into planning statements, so there are as few and as plain ones as can be.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from eventcode.checks.compile import Plan, SetPlan, describing
from eventcode.checks.facts import Facts
from eventcode.checks.judged import JudgedTable, Seen
from eventcode.checks.result import Places, count, finding, violations
from eventcode.checks.running import Work
from eventcode.model import Finding, Rule, RuleCount

MOST = 2_000  # rows of the largest table


class Small:
    """The statements for the tables of one plan, made when a table first has rows."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._tables: dict[str, JudgedTable] = {}

    def rows(self, work: Work, name: str) -> Seen:
        """The values of the conditions of a table for each of its rows, and the row's key last."""
        return work.rows(self._table(name).sql)

    def judged(
        self, work: Work, name: str, seen: Seen, places: Places, cap: int | None
    ) -> tuple[list[Finding], list[RuleCount]]:
        """Findings and counts of the row rules of a table."""
        rules = self._table(name).rules
        states = [[judged.state(row) for row in seen] for judged in rules]
        asked = [rule.rule for rule, found in zip(rules, states, strict=True) if "failed" in found]
        shown = self._shown(work, name, asked, seen) if asked else []
        findings, counts = [], []
        for judged, found in zip(rules, states, strict=True):
            failed = [i for i, state in enumerate(found) if state == "failed"]
            first = failed if cap is None else sorted(failed, key=lambda i: str(shown[i]["k"]))[:cap]
            findings += [finding(judged.rule, shown[i], places) for i in first]
            applies = len(found) - found.count(None)
            counts.append(count(judged.rule, applies, len(failed), found.count("unknown")))
        return findings, counts

    def _shown(self, work: Work, name: str, rules: list[Rule], seen: Seen) -> list[dict[str, Any]]:
        """What the messages of some rules show of each row; rows that share a key are told apart by their order."""
        told: dict[Any, list[dict[str, Any]]] = {}
        for row in work.dicts(describing(self.plan.codebook, name, rules)):
            told.setdefault(row["k"], []).append(row)
        return [told[row[-1]].pop(0) for row in seen]

    def asked(
        self,
        work: Work,
        plan: SetPlan,
        seen: Mapping[str, Seen],
        facts: Mapping[str, Facts],
        places: Places,
        cap: int | None,
    ) -> tuple[list[Finding], RuleCount]:
        """Findings and count of a set rule, which is asked only where its triggers are met."""
        total = facts[plan.rule.table].rows
        met = all(self._table(t.table).meets(t, seen.get(t.table, ())) for t in plan.triggers)
        if not total or not met:
            return [], count(plan.rule, total, 0, 0)
        some = work.rows(plan.violations)  # what a finding tells costs more joins than finding it
        return violations(plan.rule, work.dicts(plan.sql) if some else (), total, places, cap)

    def _table(self, name: str) -> JudgedTable:
        if name not in self._tables:
            rules = [row for table in self.plan.tables if table.table == name for row in table.rules]
            triggers = {t for s in self.plan.sets for t in s.triggers if t.table == name}
            self._tables[name] = JudgedTable(self.plan.codebook, name, rules, triggers, one_reading=False)
        return self._tables[name]
