"""A foreign file in DuckDB: its rows as text, and every value of a column once.

Columns are known by their number, since names in foreign files may be odd, empty or there twice. The table `cells` has each
distinct value of a column with how often it stands there and in which row first. A column with more values than `MANY` has only
those that some rule could find something in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from eventcode.checks.database import connect
from eventcode.checks.surface import words

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

MANY = 50_000
BATCH = 122_880
LOOK = 20_000  # values of a column with many that say what sort of column it is
AT_ONCE = 200  # figures in one query: thousands of them take longer to plan than to count
_DIGITS = re.compile(r"\d+")
_DATED = re.compile("date|day|year", re.IGNORECASE)
NUMBER = r"[-+]?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?"
DAY = (
    r"([0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}|[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{4}|"
    r"[0-9]{1,2} [A-Z][a-z]+ [0-9]{4})([T ][0-9:.]+(Z|[+-][0-9:]+)?)?"
)
_BARE_DAY = r"(1[5-9]|20|99)[0-9]{2}(0[1-9]|1[0-2])?([0-3][0-9])?"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file: `kind` is number, date, text or empty; `whole` says that all its values are in `cells`."""

    index: int
    name: str
    kind: str
    values: int
    whole: bool

    @property
    def family(self) -> str:
        """The name without its numbers: actor1_party and actor2_party are one family."""
        return _DIGITS.sub("{n}", self.name)


@dataclass(frozen=True, slots=True)
class Columns:
    """The rows of the file in `connection`: `rows` (c0, c1, …, row), and `cells` (col, v, n, row)."""

    connection: duckdb.DuckDBPyConnection
    columns: tuple[Column, ...]
    rows: int

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        return self.connection.execute(sql).fetchall()

    def figures(self, expressions: Sequence[str]) -> list[Any]:
        """What each of many aggregates over the rows comes to."""
        return _figures(self.connection, expressions)

    def named(self, names: Sequence[str]) -> list[Column]:
        """The columns of some names, without those that are not there."""
        return [column for name in names for column in self.columns if column.name == name]


def lay(data: Mapping[str, Sequence[str | None]] | pa.Table, dates: Sequence[str] | None) -> Columns:
    """The columns of a file, laid out for the checks."""
    table, names = _table(data)
    connection = connect()
    connection.execute("SET preserve_insertion_order = false")
    connection.register("given", table)
    few = table.num_rows <= BATCH  # a copy of few rows is read faster than the rows where they are
    connection.execute(f"CREATE TEMP {'TABLE' if few else 'VIEW'} rows AS FROM given")
    connection.register("nothing", _nothing())
    connection.execute("CREATE TEMP TABLE cells (col INTEGER, v VARCHAR, n BIGINT, row BIGINT)")
    sizes = _figures(connection, [f"approx_count_distinct(c{i})" for i in range(len(names))])
    for i, size in enumerate(sizes):
        where = "" if size <= MANY else f"WHERE {words.suspect(f'c{i}')}"
        connection.execute(
            f"INSERT INTO cells SELECT {i}, c{i}, count(*), min(row) FROM rows {where} GROUP BY c{i}"
        )
    kinds = _kinds(connection, names, sizes)
    found = [
        Column(i, name, _kind(name, kinds.get(i), dates), sizes[i], sizes[i] <= MANY)
        for i, name in enumerate(names)
    ]
    return Columns(connection, tuple(found), table.num_rows)


def _table(data: Mapping[str, Sequence[str | None]] | pa.Table) -> tuple[pa.Table, list[str]]:
    """The rows with numbered columns of text and the number of each row, in batches that can be read side by side."""
    import pyarrow as pa

    columns: list[Any]
    if isinstance(data, pa.Table):
        names, columns = list(data.column_names), list(data.columns)
    else:
        names, columns = list(data), [pa.array(values, pa.string()) for values in data.values()]
    columns = [column if _is_text(column.type) else column.cast(pa.string()) for column in columns]
    n = len(columns[0]) if columns else 0
    columns.append(pa.array(range(1, n + 1), pa.int64()))
    table = pa.table(columns, names=[*(f"c{i}" for i in range(len(names))), "row"])
    return pa.Table.from_batches(table.to_batches(max_chunksize=BATCH), table.schema), names


def _is_text(kind: pa.DataType) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _nothing() -> pa.Table:
    """The words that stand for no value."""
    import pyarrow as pa

    return pa.table({"word": pa.array(sorted(words.NOTHING), pa.string())})


def _figures(connection: duckdb.DuckDBPyConnection, expressions: Sequence[str]) -> list[Any]:
    """What each aggregate over the rows comes to, a few hundred at a time."""
    found: list[Any] = []
    for i in range(0, len(expressions), AT_ONCE):
        [row] = connection.execute(f"SELECT {', '.join(expressions[i : i + AT_ONCE])} FROM rows").fetchall()
        found += row
    return found


def _kinds(
    connection: duckdb.DuckDBPyConnection, names: Sequence[str], sizes: Sequence[int]
) -> dict[int, tuple[int, int, int]]:
    """Of each column with values: how many were looked at, how many are numbers and how many are days."""
    parts = ["SELECT col, v, n FROM cells"]
    parts += [
        f"(SELECT {i} AS col, c{i} AS v, 1 AS n FROM rows LIMIT {LOOK})"
        for i, n in enumerate(sizes)
        if n > MANY
    ]
    dated = ", ".join(["-1", *(str(i) for i, name in enumerate(names) if _DATED.search(name))])
    rows = connection.execute(
        f"SELECT col, sum(n)::BIGINT, coalesce(sum(n) FILTER (regexp_full_match(v, '{NUMBER}')), 0)::BIGINT, "
        f"coalesce(sum(n) FILTER (regexp_full_match(v, '{DAY}') OR (col IN ({dated}) "
        f"AND regexp_full_match(v, '{_BARE_DAY}'))), 0)::BIGINT "
        f"FROM (SELECT col, trim(v) AS v, n FROM ({' UNION ALL '.join(parts)}) WHERE v IS NOT NULL) WHERE v <> '' "
        "AND lower(v) NOT IN (SELECT word FROM nothing) GROUP BY col"
    ).fetchall()
    return {col: (all_, numbers, days) for col, all_, numbers, days in rows}


def _kind(name: str, counts: tuple[int, int, int] | None, dates: Sequence[str] | None) -> str:
    """What most of the values are."""
    if counts is None:
        return "empty"
    all_, numbers, days = counts
    if name in dates if dates is not None else days >= 0.9 * all_:
        return "date"
    return "number" if numbers >= 0.9 * all_ else "text"
