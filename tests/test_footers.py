"""What footers tell of a condition: never another answer than the rows give."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventcode.checks import settle
from eventcode.checks.facts import Facts
from eventcode.formats import parquet_files

NUMBER, DAY = 'self."n"', 'self."d"'
FIRST = date(1899, 12, 28)
NUMBERS = st.integers(-3, 3)
DAYS = st.integers(0, 8).map(lambda n: FIRST + timedelta(n))


def _sql(value: Any) -> str:
    return f"DATE '{value}'" if isinstance(value, date) else str(value)


def _compared(column: str, values: st.SearchStrategy[Any]) -> st.SearchStrategy[str]:
    sign = st.sampled_from(["=", "<>", "<", "<=", ">", ">="])
    one = st.builds(lambda s, v: f"{column} {s} {_sql(v)}", sign, values)
    between = st.builds(lambda a, b: f"{column} BETWEEN {_sql(a)} AND {_sql(b)}", values, values)
    among = st.lists(values, min_size=1, max_size=3).map(
        lambda vs: f"{column} IN ({', '.join(map(_sql, vs))})"
    )
    return one | between | among


ATOM = (
    _compared(NUMBER, NUMBERS)
    | _compared(DAY, DAYS)
    | _compared(f"year({DAY})", st.sampled_from([1899, 1900]))
)
CASE = st.builds(
    lambda a, b: f"CASE WHEN self.\"t\" IN ('x', 'y') THEN {a} WHEN self.\"t\" = 'z' THEN {b} ELSE TRUE END",
    ATOM,
    ATOM,
)
CONDITION = st.recursive(
    ATOM | CASE,
    lambda inner: (
        st.builds(lambda a, w, b: f"({a} {w} {b})", inner, st.sampled_from(["AND", "OR"]), inner)
        | inner.map(lambda a: f"(NOT {a})")
        | inner.map(lambda a: f"(({a}) IS NULL)")
    ),
    max_leaves=4,
)
ROW = st.fixed_dictionaries(
    {"n": NUMBERS | st.none(), "d": DAYS | st.none(), "t": st.sampled_from(["x", "y", "z", "w", None])}
)


@settings(max_examples=300, deadline=None)
@given(st.lists(ROW, min_size=1, max_size=5), CONDITION)
def test_a_condition_made_simpler_by_the_footers_says_the_same_of_every_row(
    rows: list[dict[str, Any]], condition: str
) -> None:
    kinds = pa.schema([("n", pa.int64()), ("d", pa.date32()), ("t", pa.string())])
    table = pa.Table.from_pylist(rows, schema=kinds)
    held = {name: [row[name] for row in rows if row[name] is not None] for name in "ndt"}
    facts = Facts(
        len(rows),
        {name: len(rows) - len(values) for name, values in held.items()},
        values={"t": frozenset(held["t"])},
        ranges={name: (min(held[name]), max(held[name])) for name in "nd" if held[name]},
    )
    simpler = settle.text(settle.settled(settle.parsed(condition), facts))
    with duckdb.connect() as connection:
        connection.register("given", table)
        found = connection.execute(f"SELECT ({condition}), ({simpler}) FROM given AS self").fetchall()
    assert [first for first, _ in found] == [second for _, second in found], simpler


@pytest.mark.parametrize("values", [[[1, 5], [None, 3]], [[None, None], [2, 2]], [[-4, 9], [9, 9]]])
def test_the_range_of_a_column_is_that_of_all_row_groups_of_all_files(
    tmp_path: Path, values: list[list[int | None]]
) -> None:
    for i, given_ in enumerate(values):
        pq.write_table(
            pa.table({"n": pa.array(given_, pa.int64())}), tmp_path / f"{i}.parquet", row_group_size=1
        )
    told = parquet_files.opened(sorted(tmp_path.glob("*.parquet")))
    there = [value for given_ in values for value in given_ if value is not None]
    assert told.ranges == {"n": (min(there), max(there))}


def test_no_range_is_told_of_text_of_fractions_or_where_a_file_gives_none(tmp_path: Path) -> None:
    columns = {"t": ["a", "b"], "x": [1.0, float("nan")], "n": [1, 2]}
    pq.write_table(pa.table(columns), tmp_path / "a.parquet")
    pq.write_table(pa.table(columns), tmp_path / "b.parquet", write_statistics=False)
    assert [*parquet_files.opened([tmp_path / "a.parquet"]).ranges] == ["n"]
    assert not parquet_files.opened([tmp_path / "a.parquet", tmp_path / "b.parquet"]).ranges
