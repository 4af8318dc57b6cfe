"""The row rules of one table on Spark: a pass for the counts, and where a rule failed another for its findings.

Rules are first made simpler by the facts (`settle`), as for DuckDB. Those that are left repeat their conditions hundreds of times (a
closed list is a guard of every rule that reads it), and what Spark pays for a query grows with its length: so the innermost SELECT
computes the conditions that differ, once each, and what a row is under all rules is written as one word, `01203…`. Rows are counted by
that word, and only the words are taken apart into counts per rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlglot import exp

from eventcode.checks import scope, settle
from eventcode.checks.compile import RowRule, TablePlan, shown_by, used
from eventcode.checks.facts import Facts
from eventcode.checks.relations import ROW
from eventcode.model import Codebook

OTHER, PASSED, FAILED, UNKNOWN = range(
    4
)  # what a row is under a rule that does not apply to it, and under one that does


@dataclass(frozen=True, slots=True)
class Asked:
    """A rule in view of the facts: conditions as trees, and the state they stand for, the first that is true."""

    row: RowRule
    states: tuple[tuple[Any, int], ...]

    @property
    def known(self) -> int | None:
        """The state of every row, where the facts tell it."""
        for tree, state in self.states:
            said = settle.constant(tree)
            if said == settle.TRUE:
                return state
            if said is None:
                return None
        return OTHER

    @property
    def texts(self) -> list[str]:
        """The conditions as SQL."""
        return [settle.text(tree) for tree, _ in self.states]


def asked(plan: TablePlan, facts: Facts) -> list[Asked]:
    """The rules of a table that has these facts."""
    found = []
    for row in plan.rules:
        texts = ((row.fails, FAILED), (row.unknown, UNKNOWN), (row.when, PASSED))
        trees = [(settle.settled(settle.parsed(text), facts), state) for text, state in texts]
        found.append(
            Asked(
                row,
                tuple((tree, state) for tree, state in trees if settle.constant(tree) in (None, settle.TRUE)),
            )
        )
    return found


def groups(rules: Iterable[Asked], codebook: Codebook, table: str) -> Iterator[Group]:
    """Rules that read the same of the rows above their row: these are asked together."""
    found: dict[frozenset[str], list[Asked]] = {}
    for rule in rules:
        found.setdefault(used(codebook, table, rule.texts), []).append(rule)
    for above, together in found.items():
        yield Group(table, above, together)


class Group:
    """Queries on some rules of a table, in DuckDB's SQL, for the dialect to translate."""

    def __init__(self, table: str, above: frozenset[str], rules: Sequence[Asked]) -> None:
        self.table, self.above, self.rules = table, above, rules
        self._places: dict[str, int] = {}  # conditions, and the column of each
        self._states = [self._state(rule) for rule in rules]

    @property
    def words(self) -> str:
        """For each word of states the number of rows; the place of a rule in the word is that in the group."""
        word = " || ".join(self._states)
        inner = f"SELECT {word} AS word FROM ({self._conditions((), self.above)})"
        return f"SELECT word, count(*) AS n FROM ({inner}) GROUP BY word"

    def failures(self, places: Sequence[int], codebook: Codebook, facts: Facts) -> str:
        """The failing rows of some rules of the group, with `failed` true or false for each, and what their messages show."""
        columns = self._shown([self.rules[i] for i in places], codebook, facts)
        flags = [f"{self._states[i]} = '{FAILED}' AS failed{i}" for i in places]
        names = [f'"{name}"' for name in columns]
        reach = self.above | used(codebook, self.table, columns.values())
        inner = self._conditions(
            [f"{sql} AS {name}" for name, sql in zip(names, columns.values(), strict=True)], reach
        )
        judged = f"SELECT {', '.join([*names, *flags])} FROM ({inner})"
        return f"SELECT * FROM ({judged}) WHERE {' OR '.join(f'failed{i}' for i in places)}"

    def _conditions(self, columns: Sequence[str], above: frozenset[str]) -> str:
        listed = [*columns, *(f"{text} AS c{place}" for text, place in self._places.items())]
        return f"SELECT {', '.join(listed)} FROM {scope.source(self.table, above)}"

    def _shown(self, rules: Iterable[Asked], codebook: Codebook, facts: Facts) -> Mapping[str, str]:
        own = scope.key(self.table)
        columns = {
            "k": f'coalesce({own}, self."{ROW}")' if facts.has_row else own,
            "lineage": scope.lineage(self.table),
        }
        for rule in rules:
            columns |= {f"show {name}": sql for name, sql in shown_by(rule.row.rule, codebook).items()}
        return columns

    def _state(self, rule: Asked) -> str:
        branches = " ".join(f"WHEN {self._logic(tree)} THEN '{state}'" for tree, state in rule.states)
        return f"CASE {branches} ELSE '{OTHER}' END"

    def _logic(self, node: Any, within: int = 0) -> str:
        """A condition with the parts that are no logic taken out into columns.

        In brackets only where AND, OR and NOT need them (`within` is how strongly what stands around it binds): Spark's parser takes
        twice as long for every further pair around the same words.
        """
        node = node.unnest()
        if isinstance(node, (exp.And, exp.Or)):
            binds, sign = (2, " AND ") if isinstance(node, exp.And) else (1, " OR ")
            text = sign.join(self._logic(part, binds) for part in node.flatten())
            return f"({text})" if binds < within else text
        if isinstance(node, exp.Not):
            return f"NOT {self._logic(node.this, 3)}"
        if isinstance(node, (exp.Boolean, exp.Null)):
            return str(node.sql())
        if isinstance(node, exp.Coalesce) and [*map(type, node.expressions)] == [exp.Boolean]:
            return f"coalesce({self._logic(node.this)}, {node.expressions[0].sql()})"
        if isinstance(node, exp.Is) and isinstance(
            node.this.unnest(), (exp.Predicate, exp.Connector, exp.Not)
        ):
            return f"({self._logic(node.this)}) IS {node.expression.sql()}"
        return f"c{self._places.setdefault(settle.text(node), len(self._places))}"
