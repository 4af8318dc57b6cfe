"""The cases that a table's conditions tell apart, so that what no row can ever do is known without any row.

Every column gets values of which some meet each condition and some do not: a closed list all of its values, a number the literals
that it is compared with and their neighbours, a text each literal and one that is none of them, and nothing. DuckDB judges the
conditions on them. A condition that such values cannot exhaust, as `length(name) > 3`, counts as free to be true, false or unknown
wherever its column has a value: there are more cases then than rows can be, never fewer, and "no case" stays true of every row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Any

from eventcode.checks import scope, values
from eventcode.checks.cases import Cases, Kind, Part, Row, distinct
from eventcode.checks.truths import Condition, column_name
from eventcode.codebook import views
from eventcode.model import Codebook

if TYPE_CHECKING:
    import duckdb

MOST_ROWS, MOST_CASES = 20_000, 1 << 18
TRUTHS = (True, False, None)


class Domains:
    """The cases of one table under a codebook; `conditions` are all that will be asked about."""

    def __init__(
        self,
        codebook: Codebook,
        table: str,
        conditions: Iterable[Condition],
        connection: duckdb.DuckDBPyConnection,
    ) -> None:
        self.codebook, self.table, self.connection = codebook, table, connection
        self.conditions = {condition.sql: condition for condition in conditions}
        self.event_type = scope.type_of(table) if codebook.event_types else None
        self._variables: dict[str, frozenset[str]] = {}
        self._exhausted: dict[str, bool] = {}
        self._parts: dict[tuple[frozenset[str], tuple[Condition, ...]], Part | None] = {}
        self._judged: dict[str, list[Kind]] = {}

    def cases(self, conditions: Iterable[Condition]) -> Cases | None:
        """The cases that some conditions tell apart; None where there are too many to look at each."""
        found: list[Part] = []
        for variables, group in self._groups({c.sql: c for c in conditions}.values()):
            part = self._part(variables, tuple(sorted(group, key=lambda condition: condition.sql)))
            if part is None:
                return None
            found.append(part)
        return Cases(found) if prod(len(part.kinds) for part in found) <= MOST_CASES else None

    def variables(self, condition: Condition) -> frozenset[str]:
        """The columns of a condition; what the event type's attributes say is a matter of the event type."""
        if condition.sql not in self._variables:
            self._variables[condition.sql] = frozenset(map(self.variable, condition.columns))
        return self._variables[condition.sql]

    def variable(self, column: tuple[str, str]) -> str:
        """The column that decides about a column."""
        return self.event_type if column[0] == "type" and self.event_type else column_name(column)

    # ── which columns hang together ───────────────────────────────────────────────────────────────────────────────────

    def _groups(self, conditions: Iterable[Condition]) -> Iterator[tuple[frozenset[str], list[Condition]]]:
        """Conditions by the columns that they tie to one another; one that no values exhaust ties nothing."""
        groups: list[tuple[frozenset[str], list[Condition]]] = []
        for condition in conditions:
            variables = self.variables(condition)
            if len(variables) != 1 and not self.exhausted(condition):
                yield frozenset(), [condition]
                continue
            met = [group for group in groups if group[0] & variables]
            groups = [group for group in groups if not group[0] & variables]
            held = [one for _, some in met for one in some]
            groups.append((variables.union(*(names for names, _ in met)), [*held, condition]))
        for variables, group in groups:
            yield from self._bounded(variables, group)

    def _bounded(
        self, variables: frozenset[str], group: list[Condition]
    ) -> Iterator[tuple[frozenset[str], list[Condition]]]:
        """A group, or where its columns have too many rows together, each column alone and what tied them set free."""
        if len(variables) < 2 or self._size(variables, group) <= MOST_ROWS:
            yield variables, group
            return
        alone: dict[frozenset[str], list[Condition]] = {}
        for condition in group:
            names = self.variables(condition)
            if len(names) == 1:
                alone.setdefault(names, []).append(condition)
            else:
                yield frozenset(), [condition]
        yield from alone.items()

    def _size(self, variables: frozenset[str], group: Sequence[Condition]) -> int:
        return prod(len(self._rows(name, variables, group)) for name in variables)

    # ── what values there are ─────────────────────────────────────────────────────────────────────────────────────────

    @cached_property
    def _closed(self) -> dict[str, tuple[Any, ...] | None]:
        found: dict[str, tuple[Any, ...] | None] = {}
        for prefix, name in scope.scope(self.codebook, self.table).columns:
            listed = scope.values(self.codebook, self.table, prefix, name)
            found[column_name((prefix, name))] = (
                (True, False) if self._kind(prefix, name) == "bool" else listed
            )
        return found

    def _kind(self, prefix: str, name: str) -> str:
        return str(scope.scope(self.codebook, self.table).kind(prefix, name))

    def _finite(self, column: tuple[str, str]) -> bool:
        name = column_name(column)
        if self.variable(column) == self.event_type:
            return True
        return bool(self._closed[name]) and self._kind(*column) != "list<string>"

    def exhausted(self, condition: Condition) -> bool:
        """Whether the values that a column gets show everything that the condition can say."""
        if condition.sql not in self._exhausted:
            self._exhausted[condition.sql] = self._exhausts(condition)
        return self._exhausted[condition.sql]

    def _exhausts(self, condition: Condition) -> bool:
        loose = [column for column in condition.columns if not self._finite(column)]
        if loose and len(loose) < len(condition.columns):
            return False
        return all(
            values.exhausted(condition.node, column_name(column), self._kind(*column)) for column in loose
        )

    def _rows(self, variable: str, together: frozenset[str], group: Sequence[Condition]) -> list[Row]:
        """The values of a column, what is nothing last; of the event type with the attributes that are asked for."""
        if variable == self.event_type:
            return self._types
        prefix, _, name = variable.partition(".")
        kind, closed = self._kind(prefix, name), self._closed[variable]
        about = [c.node for c in group]
        if kind == "list<string>":
            found: list[Any] = values.lists(about, closed)
        elif closed:
            found = [*closed, None]
        else:
            found = values.open_values(kind, about, len(together))
        return [{variable: value} for value in found]

    @cached_property
    def _types(self) -> list[Row]:
        """The event types with those attributes that conditions name, the codes that a reading may carry first."""
        assert self.event_type is not None
        asked = {name for c in self.conditions.values() for prefix, name in c.columns if prefix == "type"}
        known = set(self.codebook.codes)
        rows = sorted(views.codes(self.codebook), key=lambda row: row["code"] not in known)
        named = [
            {self.event_type: row["code"], **{f"type.{name}": row.get(name) for name in sorted(asked)}}
            for row in rows
        ]
        return [*named, dict.fromkeys(named[0])]

    # ── what the database says of them ────────────────────────────────────────────────────────────────────────────────

    def _part(self, variables: frozenset[str], group: tuple[Condition, ...]) -> Part | None:
        if (variables, group) not in self._parts:
            self._parts[variables, group] = self._made(variables, group)
        return self._parts[variables, group]

    def _made(self, variables: frozenset[str], group: tuple[Condition, ...]) -> Part | None:
        import duckdb

        if not variables:
            return Part(variables, group, tuple(Kind((truth,), {}) for truth in TRUTHS))
        try:
            kinds = self._judge(variables, group)
        except duckdb.Error:  # a number out of bounds, say: nothing is known then
            return None
        vague = [i for i, condition in enumerate(group) if not self.exhausted(condition)]
        vague = [*range(len(group))] if self._overfull(variables, group) else vague
        if len(kinds) * 3 ** len(vague) > MOST_ROWS:
            return None
        return Part(
            variables, group, distinct(one for kind in kinds for one in self._blurred(kind, group, vague))
        )

    def _overfull(self, variables: frozenset[str], group: Sequence[Condition]) -> bool:
        lists = [name for name in variables if name != self.event_type and self._is_list(name)]
        return any(values.overfull([c.node for c in group], self._closed[name]) for name in lists)

    def _is_list(self, variable: str) -> bool:
        prefix, _, name = variable.partition(".")
        return self._kind(prefix, name) == "list<string>"

    def _blurred(self, kind: Kind, group: Sequence[Condition], vague: Sequence[int]) -> Iterator[Kind]:
        """A kind with every truth that a vague condition may have where its column has a value."""
        open_ = [i for i in vague if all(kind.row[name] is not None for name in self.variables(group[i]))]
        for said in product(TRUTHS, repeat=len(open_)):
            truths = list(kind.truths)
            for i, truth in zip(open_, said, strict=True):
                truths[i] = truth
            yield replace(kind, truths=tuple(truths))

    def _judge(self, variables: frozenset[str], group: tuple[Condition, ...]) -> list[Kind]:
        """The kinds of rows of some columns; a column alone is judged once, on all that is ever asked about it."""
        every = tuple(c for c in self.conditions.values() if self.variables(c) == variables)
        if len(variables) > 1 or self._overfull(variables, every):
            return self._asked(variables, group)
        name = min(variables)
        if name not in self._judged:
            self._judged[name] = self._asked(variables, every)
        places = [every.index(condition) for condition in group]
        return [replace(kind, truths=tuple(kind.truths[i] for i in places)) for kind in self._judged[name]]

    def _asked(self, variables: frozenset[str], group: Sequence[Condition]) -> list[Kind]:
        """What the conditions say of every combination of values: one line for all that say the same, the first of them."""
        names = sorted(variables)
        rows = [self._rows(name, variables, group) for name in names]
        tables = ", ".join(
            f"{values.table(some, self._types_of(some[0]))} AS v{i}" for i, some in enumerate(rows)
        )
        said = ", ".join(f"{condition.sql} AS c{i}" for i, condition in enumerate(group))
        if len(names) == 1:
            answer = self.connection.execute(
                f"SELECT v0.n, [v0.n], {said} FROM {tables} ORDER BY 1"
            ).fetchall()
            return list(distinct(self._kind_of(rows, line, 0) for line in answer))
        number = "0"
        for i, some in enumerate(rows):
            number = f"({number} * {len(some)} + v{i}.n)"
        empty = ", ".join(f'"{name}" IS NULL AS e{i}' for i, name in enumerate(names))
        codes = f"list(DISTINCT v{names.index(self.event_type)}.n)" if self.event_type in names else "[]"
        sql = f"SELECT min({number}) AS n, {codes} AS codes, {empty}, {said} FROM {tables} GROUP BY ALL ORDER BY 1"
        return [self._kind_of(rows, line, len(names)) for line in self.connection.execute(sql).fetchall()]

    def _kind_of(self, rows: Sequence[Sequence[Row]], line: Sequence[Any], n: int) -> Kind:
        row: Row = {}
        number, codes, *said = line
        for some in reversed(rows):
            number, i = divmod(number, len(some))
            row |= some[i]
        names = frozenset(self._types[i][str(self.event_type)] for i in codes if self.event_type in row)
        return Kind(tuple(said[n:]), row, names, tuple(said[:n]))

    def _types_of(self, row: Row) -> dict[str, str]:
        return {name: self._kind(*name.split(".", 1)) for name in row}
