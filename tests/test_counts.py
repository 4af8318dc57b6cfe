"""However a table is asked, every row is counted once: held against the conditions of one rule at a time, as they are written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from checking import DISARMAMENT, checker, laid_out
from checking import changed as reading_with
from eventcode.checks import engine, listed, scan, scope, set_scan
from eventcode.checks.compile import plan, used
from eventcode.checks.context import context_tables
from eventcode.checks.database import columns, connect, fill
from eventcode.checks.doubles import doubled, once
from eventcode.checks.engine import Checker, Result
from eventcode.checks.facts import Facts
from eventcode.checks.running import Work
from eventcode.codebook.load import load
from eventcode.model import Codebook
from eventcode.tables import build
from two_engines import random_tables

CAPS = (None, 0, 2)


@contextmanager
def few() -> Iterator[None]:
    yield


@contextmanager
def many(*, cells: bool, values: bool, facts: bool) -> Iterator[None]:
    """Every table counts as large."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "MOST", -1)
        patch.setattr(set_scan, "LARGE", 0)
        if not cells:
            patch.setattr(scan, "MOST_COLUMNS", 0)
        if not values:
            patch.setattr(listed, "MOST_VALUES", -1)
        if not facts:
            patch.setattr(engine, "facts_of", _rows_alone)
        yield


def _rows_alone(tables: Mapping[str, Any]) -> dict[str, Facts]:
    return {name: Facts(len(table), {}) for name, table in tables.items()}


WAYS: dict[str, Callable[[], Any]] = {
    "few rows": few,
    "many rows": lambda: many(cells=True, values=True, facts=True),
    "row by row": lambda: many(cells=False, values=True, facts=True),
    "lists as they are": lambda: many(cells=True, values=False, facts=True),
    "without facts": lambda: many(cells=True, values=True, facts=False),
    "knowing nothing": lambda: many(cells=False, values=False, facts=False),
}


def expected(asked: Checker, tables: Mapping[str, Any]) -> dict[str, tuple[int, int, int, int]]:
    """The counts of the row rules, one rule at a time."""
    connection = connect()
    given_ = {**context_tables(asked.codebook), **tables}
    fill(connection, asked.codebook, given_)
    twice = doubled(Work(connection).rows, tables)
    found = {}
    for table in asked.plan.tables:
        if table.table not in tables:
            continue
        parts = [part for row in table.rules for part in (row.when, row.require)]
        source = once(scope.source(table.table, used(asked.codebook, table.table, parts)), twice)
        for row in table.rules:
            applies = f"({row.when}) OR ({row.unknown})"
            texts = ", ".join(f"count(*) FILTER (WHERE {text})" for text in (applies, row.fails, row.unknown))
            [(rows, failed, unknown)] = connection.execute(f"SELECT {texts} FROM {source}").fetchall()
            found[row.rule.id] = (rows, rows - failed - unknown, failed, unknown)
    connection.close()
    return found


def counted(result: Result) -> dict[str, tuple[int, int, int, int]]:
    return {c.rule: (c.rows, c.passed, c.failed, c.unknown) for c in result.counts}


def kept(result: Result, cap: int | None) -> dict[str, int]:
    found: dict[str, int] = {}
    for finding in result.findings:
        found[finding.rule] = found.get(finding.rule, 0) + 1
    return found


@cache
def asker(name: str) -> Checker:
    """The row rules of a codebook."""
    codebook = load(name)
    return Checker(codebook, only=[row.rule.id for table in plan(codebook).tables for row in table.rules])


def with_doubles(tables: Mapping[str, Any], take: int) -> dict[str, Any]:
    """The same tables with their first rows a second time, altered in nothing."""
    return {name: pa.concat_tables([table, table.slice(0, take)]) for name, table in tables.items()}


@settings(
    max_examples=3,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)
@given(st.integers(0, 10_000), st.sampled_from(["acled", "ucdp", "sourcing"]), st.sampled_from([0, 9]))
@example(1, "disarmament", 9)
def test_every_way_counts_every_row_once(seed: int, name: str, doubles: int) -> None:
    asked = asker(name)
    tables = with_doubles(random_tables(asked.codebook, seed), doubles)
    plain = expected(asked, tables)
    assert all(min(counts) >= 0 and counts[0] <= _most(tables) for counts in plain.values())
    results = {}
    for way, entered in WAYS.items():
        with entered():
            results[way] = asked.check(tables, cap=2, release=True)
            counts = counted(results[way])
        assert {rule: counts[rule] for rule in plain} == plain, way
        assert counts == counted(results["few rows"]), way
        assert all(n <= 2 for n in kept(results[way], 2).values()), way


def _most(tables: Mapping[str, Any]) -> int:
    return max(len(table) for table in tables.values())


@pytest.mark.parametrize("way", WAYS)
def test_a_document_that_stands_twice_makes_no_second_finding_of_a_row_below_it(way: str) -> None:
    rows = laid_out(reading_with(("sources.1.tenure", None), ("codings.0.realis", None)))
    rows.tables["documents"] = [*rows.tables["documents"]] * 3
    rows.tables["readings"] = [*rows.tables["readings"]] * 2
    tables = {name: _built(DISARMAMENT, name, found) for name, found in rows.tables.items()}
    for cap in CAPS:
        with WAYS[way]():
            result = checker(DISARMAMENT).check(tables, cap=cap)
        told = [(f.rule, f.row) for f in result.findings if f.table in ("sources", "codings")]
        assert len(told) == len(set(told)) == (0 if cap == 0 else 2)
        assert all(
            c.rows <= len(tables[c.table]) and min(c.passed, c.failed, c.unknown) >= 0
            for c in result.counts
            if c.table in tables  # the codebook's own tables are asked too
        )


def test_a_draft_whose_sources_share_a_key_counts_every_row_once() -> None:
    rows = laid_out(reading_with())
    rows.tables["sources"] = [*rows.tables["sources"], rows.tables["sources"][1]]
    tables = {name: _built(DISARMAMENT, name, found) for name, found in rows.tables.items()}
    whole, draft = checker(DISARMAMENT).check(tables), checker(DISARMAMENT).draft(rows.tables)
    assert counted(draft).items() <= counted(whole).items()


def _built(codebook: Codebook, name: str, rows: Any) -> pa.Table:
    return build(columns(codebook, name), rows)


@pytest.mark.parametrize("way", WAYS)
def test_a_row_without_a_key_is_told_in_words(way: str) -> None:
    tables = {"sources": _built(DISARMAMENT, "sources", [{"identity": "anonymous", "n_persons": -3}])}
    with WAYS[way]():
        result = checker(DISARMAMENT).check(tables)
    assert result.findings
    assert not any("None" in (f.key, f.row, f.message) for f in result.findings)
