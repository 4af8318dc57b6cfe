"""The row rules of one table on DuckDB, at any size: what the footers tell is not computed, and rows without fault are only filtered.

Rules are first made simpler by the facts (`settle`). What is left is asked in two statements over the columns that they name: the rows
that conditions apply to are counted, and one filter keeps the rows with a violation (or where a closed list is broken), among which
every count and the first findings of each rule are taken. Rules that look the event type up are asked of the distinct pairs of its
columns instead. See docs/decisions/0012-one-scan.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlglot import exp

from eventcode.checks import conjuncts, scope, settle
from eventcode.checks.cells import in_cells
from eventcode.checks.compile import TablePlan, shown_by, used
from eventcode.checks.facts import Facts
from eventcode.checks.listed import held_in
from eventcode.checks.rare import Rare, rare
from eventcode.checks.relations import ROW
from eventcode.checks.result import Places, count, finding
from eventcode.checks.running import Work
from eventcode.checks.scan_parts import Flags, counts, first, struct
from eventcode.checks.settled_rule import SettledRule
from eventcode.model import Codebook, Finding, Rule, RuleCount
from eventcode.tables import TABLES

CELLS = frozenset({"type"})
MOST_COLUMNS, MOST_CELLS = 3, 200


class Scan:
    """The row rules of one table, run; `findings` keeps at most `cap` per rule, the first by key.

    `others` are set rules with SQL for the rows that break them, which are found in the same filter.
    """

    def __init__(
        self,
        work: Work,
        codebook: Codebook,
        table: TablePlan,
        facts: Facts,
        places: Places,
        cap: int | None,
        others: Sequence[tuple[Rule, str]] = (),
    ) -> None:
        self.work, self.codebook, self.table, self.facts = work, codebook, table.table, facts
        self.places, self.cap = places, cap
        self.asked = [SettledRule.of(row, facts) for row in table.rules]
        keyed = all(facts.nulls.get(column) == 0 for column in TABLES[self.table].key)
        own = scope.key(self.table)
        self.key = own if keyed or not facts.has_row else f'coalesce({own}, self."{ROW}")'
        self.findings: list[Finding] = []
        self.counts: dict[str, RuleCount] = {}
        self.others = [SettledRule.where(rule, where) for rule, where in others]
        self.late = [*self.others]

    def run(self) -> tuple[list[Finding], list[RuleCount]]:
        """Findings and counts, in the order of the plan."""
        groups: dict[frozenset[str], list[SettledRule]] = {}
        for asked in self.asked:
            texts = [settle.text(tree) for tree in asked.conditions]
            groups.setdefault(used(self.codebook, self.table, texts), []).append(asked)
        for above, rules in groups.items():
            columns = self._columns(rules) if above == CELLS else []
            if 0 < len(columns) <= MOST_COLUMNS and all(self._closed(name) for name in columns):
                self._cells(rules, [f'self."{name}"' for name in columns])
                groups[above] = []
        plain = groups.pop(frozenset(), [])
        if plain or self.late:
            self._rows([*plain, *self.late], frozenset())
        for above, rules in groups.items():
            if rules:
                self._rows(rules, above)
        return self.findings, [self.counts[asked.row.rule.id] for asked in (*self.asked, *self.others)]

    # ── row by row ────────────────────────────────────────────────────────────────────────────────────────────────────

    def _rows(self, rules: Sequence[SettledRule], above: frozenset[str]) -> None:
        few = self._few(rules)
        trees = [tree for asked in rules for tree in (asked.base, asked.open)]
        everywhere = self._everywhere([tree for tree in trees if settle.text(tree) not in few], above)
        failing = [
            asked for asked in rules if settle.constant(asked.fails) not in (settle.FALSE, settle.NULL)
        ]
        suspects = list(
            dict.fromkeys(
                [settle.text(asked.fails) for asked in failing]
                + [settle.text(asked.broken) for asked in rules if settle.constant(asked.broken) is None]
                + [rare.where for rare in few.values()]
            )
        )
        totals, found = self._among(rules, failing, suspects, few, above) if suspects else ({}, {})
        everywhere |= {text: totals[text][0] for text in few}
        for asked in rules:
            base, open_ = settle.text(asked.base), settle.text(asked.open)
            applies, unknown = everywhere[base], everywhere[open_]
            more, less, opened, closed, failed = totals.get(asked.row.rule.id, (0, 0, 0, 0, 0))
            rule = asked.row.rule
            if rule.kind != "row":
                applies = self.facts.rows
            applies, unknown = applies + more - less, unknown + opened - closed
            if settle.constant(asked.broken) == settle.TRUE:  # in every row, so that no filter counts them
                applies = unknown = self.facts.rows if asked.row.guards else 0
            self.counts.setdefault(rule.id, count(rule, applies, failed, unknown))
            self._keep(asked, found.get(rule.id) or ())
        if self.cap is None:
            self._every([a for a in failing if self.counts[a.row.rule.id].failed], above)

    def _few(self, rules: Iterable[SettledRule]) -> dict[str, Rare]:
        """The conditions that few rows tell how often they are true."""
        found = {}
        for asked in rules:
            for tree, is_open in ((asked.base, False), (asked.open, True)):
                if settle.constant(tree) is None and (told := rare(tree, self.facts, is_open=is_open)):
                    found[settle.text(tree)] = told
        return found

    def _everywhere(self, trees: Iterable[Any], above: frozenset[str]) -> dict[str, int]:
        """In how many rows each condition is true; read from the table only where the facts do not say."""
        known: dict[str, int] = {}
        left: dict[str, str | None] = {}
        for tree in trees:
            said, text = settle.constant(tree), settle.text(tree)
            column = conjuncts.filled(tree)
            if said is not None:
                known[text] = self.facts.rows if said == settle.TRUE else 0
            elif column is not None and column in self.facts.nulls:
                known[text] = self.facts.rows - self.facts.nulls[column]
            else:
                left.setdefault(text, self._of_values(tree))
        for column in {name for name in left.values() if name is not None}:
            texts = [text for text, name in left.items() if name == column]
            sums = ", ".join(f"CAST(coalesce(sum(n) FILTER (WHERE {text}), 0) AS BIGINT)" for text in texts)
            [values] = self.work.rows(f"SELECT {sums} FROM {held_in(self.table, column)} AS self")
            known |= dict(zip(texts, values, strict=True))
        open_texts = [text for text, name in left.items() if name is None]
        if open_texts:
            sums = ", ".join(f"count(*) FILTER (WHERE {text})" for text in open_texts)
            [values] = self.work.rows(f"SELECT {sums} FROM {scope.source(self.table, above)}")
            known |= dict(zip(open_texts, values, strict=True))
        return known

    def _of_values(self, tree: Any) -> str | None:
        """The one column that a condition reads, where its values are known."""
        columns = {(column.table, column.name) for column in tree.find_all(exp.Column)}
        [(table, name)] = columns if len(columns) == 1 else [("", "")]
        return name if table == scope.SELF and name in self.facts.values else None

    def _among(
        self,
        rules: Sequence[SettledRule],
        failing: Sequence[SettledRule],
        suspects: Sequence[str],
        few: Mapping[str, Rare],
        above: frozenset[str],
    ) -> tuple[dict[str, tuple[int, ...]], dict[str, Sequence[Any]]]:
        """What one filter over the table gives: per rule five counts among the suspect rows, and the first failing rows.

        The counts of the conditions in `few` stand among those of the rules, by their text.
        """
        flags = Flags()
        counted = [part for asked in rules for part in counts(asked, asked in failing, flags)]
        counted += [f"count(*) FILTER (WHERE {flags(rare.where)})" for rare in few.values()]
        told = {asked.row.rule.id: self._told(asked) for asked in failing} if self.cap else {}
        cells = {
            sql: f"v{i}" for i, sql in enumerate({sql: 0 for row in told.values() for sql in row.values()})
        }
        kept = [
            first(asked, struct(told[asked.row.rule.id], cells), self.cap, flags)
            if asked.row.rule.id in told
            else "NULL"
            for asked in rules
        ]
        reach = above | used(self.codebook, self.table, cells)
        shown = (f"{sql} AS {name}" for sql, name in cells.items())
        listed = ", ".join([f"{self.key} AS k", *shown, *flags.named()])
        where = " OR ".join(f"({suspect})" for suspect in suspects)
        inner = f"SELECT {listed} FROM {scope.source(self.table, reach)} WHERE {where}"
        [values] = self.work.rows(f"SELECT {', '.join([*counted, *kept])} FROM ({inner})")
        ids = [asked.row.rule.id for asked in rules]
        totals = {name: tuple(values[5 * i : 5 * i + 5]) for i, name in enumerate(ids)}
        numbers = values[5 * len(ids) : len(counted)]
        totals |= {text: (told_by.count(n),) for (text, told_by), n in zip(few.items(), numbers, strict=True)}
        return totals, dict(zip(ids, values[len(counted) :], strict=True))

    def _told(self, asked: SettledRule) -> dict[str, str]:
        """Key, lineage and what the message of a rule shows: name → SQL."""
        shown = {f"show {name}": sql for name, sql in shown_by(asked.row.rule, self.codebook).items()}
        return {"k": self.key, "lineage": scope.lineage(self.table), **shown}

    def _shown(self, rules: Iterable[SettledRule], above: frozenset[str]) -> tuple[str, frozenset[str]]:
        """A struct of what is told of some rules, and the prefixes that it and the rules reach."""
        columns = {name: sql for asked in rules for name, sql in self._told(asked).items()}
        return struct(columns), above | used(self.codebook, self.table, columns.values())

    def _keep(self, asked: SettledRule, rows: Iterable[Any]) -> None:
        told = [finding(asked.row.rule, row, self.places) for row in rows]
        self.findings += told if asked.row.rule.kind == "row" else dict.fromkeys(told)

    def _every(self, rules: Sequence[SettledRule], above: frozenset[str], where: str = "TRUE") -> None:
        """Every violation of some rules, row by row."""
        if not rules:
            return
        shown, reach = self._shown(rules, above)
        fails = [settle.text(asked.fails) for asked in rules]
        flags = ", ".join(f"coalesce({sql}, FALSE)" for sql in fails)
        some = " OR ".join(f"({sql})" for sql in fails)
        sql = f"SELECT {shown}, {flags} FROM {scope.source(self.table, reach)} WHERE ({where}) AND ({some})"
        for row, *states in self.work.batches(sql):
            for asked, failed in zip(rules, states, strict=True):
                if failed:
                    self._keep(asked, [row])

    # ── by the distinct values of few columns ─────────────────────────────────────────────────────────────────────────

    def _columns(self, rules: Iterable[SettledRule]) -> list[str]:
        """The own columns that some rules read; the one by which the event type is found is among them."""
        found = {c.name: None for a in rules for tree in a.conditions for c in settle.own_columns(tree)}
        key = str(scope.type_of(self.table))
        return [*({key.removeprefix("self."): None} | found)] if key.startswith("self.") else []

    def _closed(self, name: str) -> bool:
        """Whether a column has a closed list of values."""
        fields = self.codebook.fields
        field = fields.get((self.table, name)) or (
            fields.get(("codings", name)) if self.table in ("reports", "events") else None
        )
        return field is not None and field.type == "code" and bool(field.vocabulary)

    def _cells(self, rules: Sequence[SettledRule], columns: Sequence[str]) -> None:
        listed = ", ".join(columns)
        self.work.execute(
            f"CREATE OR REPLACE TEMP TABLE cells AS SELECT {listed}, count(*) AS n FROM {self.table} AS self GROUP BY ALL"
        )
        source = scope.source(self.table, CELLS).replace(f"{self.table} AS self", "cells AS self", 1)
        sums = []
        for asked in rules:
            base, open_, fails, broken = (settle.text(tree) for tree in asked.conditions)
            other = f"OR ({broken})" if asked.row.guards else f"AND NOT ({broken})"
            texts = (f"({base}) {other}", fails, f"({open_}) {other}")
            sums += [f"CAST(coalesce(sum(n) FILTER (WHERE {text}), 0) AS BIGINT)" for text in texts]
        [values] = self.work.rows(f"SELECT {', '.join(sums)} FROM {source}")
        for i, asked in enumerate(rules):
            self.counts[asked.row.rule.id] = count(asked.row.rule, *values[3 * i : 3 * i + 3])
        failing = [asked for asked in rules if self.counts[asked.row.rule.id].failed]
        if failing:
            self._of_cells(failing, columns, source)

    def _of_cells(self, rules: Sequence[SettledRule], columns: Sequence[str], source: str) -> None:
        """The violations in those cells that fail."""
        some = " OR ".join(f"({settle.text(asked.fails)})" for asked in rules)
        cells = self.work.rows(
            f"SELECT {', '.join(columns)} FROM {source} WHERE {some} LIMIT {MOST_CELLS + 1}"
        )
        where = in_cells(columns, cells) if len(cells) <= MOST_CELLS else "TRUE"
        if (
            len(rules) == 1
            and self.cap is not None
            and where != "TRUE"
            and not self._shown(rules, frozenset())[1]
        ):
            self.late.append(SettledRule.where(rules[0].row.rule, where))
            return
        if self.cap is None:
            self._every(rules, CELLS, where)
            return
        shown, reach = self._shown(rules, CELLS)
        kept = ", ".join(f"min(shown, {self.cap}) FILTER (WHERE c{i})" for i in range(len(rules)))
        flags = ", ".join(
            f"coalesce({settle.text(asked.fails)}, FALSE) AS c{i}" for i, asked in enumerate(rules)
        )
        inner = f"SELECT {shown} AS shown, {flags} FROM {scope.source(self.table, reach)} WHERE ({where}) AND ({some})"
        [values] = self.work.rows(f"SELECT {kept} FROM ({inner})") if self.cap else [()]
        for asked, rows in zip(rules, values, strict=bool(self.cap)):
            self._keep(asked, rows or ())
