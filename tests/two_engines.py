"""One check on DuckDB and on Spark: a session for tests, tables that no rule is at home in, and what both engines say."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from importlib.util import find_spec
from typing import Any

import pytest

from eventcode.checks.compile import EXTRA, Plan
from eventcode.checks.database import columns
from eventcode.checks.engine import Checker, Result
from eventcode.checks.examples import tables_of
from eventcode.checks.scope import JOINS
from eventcode.checks.spark.frames import of_arrow
from eventcode.checks.spark.run import run
from eventcode.codebook import views
from eventcode.model import Codebook
from eventcode.tables import TABLES, build

PLAIN = {
    "spark.ui.enabled": "false", "spark.sql.shuffle.partitions": "2", "spark.sql.session.timeZone": "UTC", "spark.log.level": "OFF",
    "spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1", "spark.default.parallelism": "2",
    # A hundred rows are read sooner than Java is written for them.
    "spark.sql.codegen.wholeStage": "false", "spark.sql.codegen.factoryMode": "NO_CODEGEN", "spark.sql.adaptive.enabled": "false",
    "spark.ui.showConsoleProgress": "false", "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
}  # fmt: skip
TEXTS = (
    "", " ", "Ali Hasan", "ALI  HASAN", "Hasan", "a commander", "The Commander.", "a source", "two sources", "ΟΔΟΣ", "İzmir", "Straße",
    "STRASSE", "x\u00a0y", "a\nb", "“River” Brigades", "river brigades", "2025-01-01", "one two three four five six seven eight nine ten "
    "eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty", "𝄞", "kind:other", "010", "https://x.test/a",
)  # fmt: skip
DAYS = [date(2025, 6, 16) + timedelta(days) for days in (-400, -31, -2, -1, 0, 1, 2, 40)]
MADE = (
    "codes",
    "fields",
    "vocabularies",
    "findings",
    "rule_counts",
    "changes",
    "deletions",
)
ROWS = 60


def missing() -> str:
    """Why nothing can be run on Spark here; empty where it can."""
    if find_spec("pyspark") is None:
        return "pyspark is not installed (pip install 'eventcode[spark]')"
    has_java = shutil.which("java") or os.environ.get("JAVA_HOME")
    return "" if has_java else "there is no Java here"


needs_spark = pytest.mark.skipif(bool(missing()), reason=missing() or "Spark is here")


@contextmanager
def started() -> Iterator[Any]:
    """A session on two cores for the tests of one module."""
    from pyspark.sql import SparkSession

    builder: Any = SparkSession.builder.master("local[2]").appName("tests")
    for name, value in PLAIN.items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    try:
        yield spark
    finally:
        spark.stop()


def on_spark(
    spark: Any, checker: Checker, tables: Mapping[str, Any], *, cap: int | None = None, release: bool = True
) -> Result:
    """What Spark says of Arrow tables."""
    given = {name: of_arrow(spark, table) for name, table in tables.items()}
    return run(spark, checker.plan, given, cap=cap, release=release)


def differences(one: Result, other: Result) -> list[Any]:
    """What one result has and the other has not: counts first, then findings, a few of each."""
    counts = [pair for pair in zip(one.counts, other.counts, strict=True) if pair[0] != pair[1]]
    apart = set(one.findings) ^ set(other.findings)
    return [*counts[:5], *sorted(apart, key=str)[:5]]


def read_by(plan: Plan) -> set[str]:
    """The tables that the rules of a plan are about or look into."""
    rows = {table.table for table in plan.tables} | {asked.rule.table for asked in plan.sets}
    above = {joined for name in rows for _, joined, _ in JOINS.get(name, ())}
    return rows | above | {name for asked in plan.sets for name in asked.reads}


def example_tables(codebook: Codebook, rules: Collection[str]) -> dict[str, Any]:
    """The examples of some rules as one dataset, each with ids of its own."""
    import pyarrow as pa

    found: dict[str, list[Any]] = {}
    given = [
        (rule.table, example)
        for rule in codebook.rules.values()
        if rule.id in rules
        for kind in ("pass", "fail")
        for example in rule.examples.get(kind, ())
    ]
    for i, (table, example) in enumerate(given):
        for name, rows in tables_of(codebook, table, example).items():
            if name not in MADE:
                found.setdefault(name, []).append(_apart(rows, f"{i}-"))
    return {name: _once(name, pa.concat_tables(tables)) for name, tables in found.items()}


IDS = {
    f"{name}_id"
    for name in ("document", "reading", "coding", "source", "support", "evidence", "report", "event")
}
IDS |= {"document_key", "row_key", "lineage"}


def _apart(rows: Any, prefix: str) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    for place, name in enumerate(rows.column_names):
        if name in IDS and len(rows):
            rows = rows.set_column(
                place, name, pc.binary_join_element_wise(pa.scalar(prefix), rows[name], "")
            )
    return rows


def _once(name: str, rows: Any) -> Any:
    """Actors and publishers, which many examples have in common, once each."""
    import pyarrow as pa

    if name not in ("actors", "actor_relations", "publishers"):
        return rows
    first = {str(row): i for i, row in reversed([*enumerate(rows.to_pylist())])}
    return rows.take(pa.array(sorted(first.values()), type=pa.int64()))


def all_tables(codebook: Codebook, plan: Plan, seed: int) -> dict[str, Any]:
    """The examples of the rules of a plan and random rows beside them, in those tables that the rules read."""
    import pyarrow as pa

    examples = example_tables(codebook, {rule.id for rule in plan.rules})
    drawn = random_tables(codebook, seed)
    names = [name for name in {**examples, **drawn} if name in read_by(plan)]
    return {
        name: pa.concat_tables([tables[name] for tables in (examples, drawn) if name in tables])
        for name in names
    }


def random_tables(codebook: Codebook, seed: int) -> dict[str, Any]:
    """Every table of the model with rows in which nearly every rule fails, holds, does not apply, and cannot be said."""
    draw = random.Random(seed)
    tables = [*(name for name in TABLES if name not in (*MADE, "actors", "actor_relations")), *EXTRA]
    return {name: build(columns(codebook, name), _rows(codebook, name, draw)) for name in tables}


def _rows(codebook: Codebook, table: str, draw: random.Random) -> list[dict[str, Any]]:
    kinds = columns(codebook, table)
    own = TABLES[table].key[0] if table in TABLES else ""
    pools = {name: _pool(codebook, table, name) for name in kinds}
    rows = []
    for i in range(ROWS):
        row = {name: _value(kind, pools[name], draw) for name, kind in kinds.items()}
        if own in kinds and kinds[own] == "string" and own.endswith("_id"):
            twice = i % 12 == 11
            row[own] = f"{own}-{i - 1 if twice else i}"
        row |= {"key": f"s{i % 4}"} if "key" in kinds else {}
        rows.append(row)
    return rows


def _pool(codebook: Codebook, table: str, column: str) -> tuple[str, ...]:
    """Texts for a column: values of its list and one that is none, keys of the table it names, or any text."""
    field = codebook.fields.get((table, column)) or codebook.fields.get(("codings", column))
    if field is not None and field.vocabulary and field.type in ("code", "set"):
        return (*views.allowed(codebook, field)[:6], "no such value")
    if column in ("part_of", "key"):
        return ("s0", "s1", "s2", "s9")
    if column in ("actor_id", "member_of", "speaks_for", "affiliation_actors", "parent_id"):
        return (*[*codebook.actors][:4], "nobody")
    if column.endswith("_id"):
        return tuple(f"{column}-{i}" for i in range(0, 80, 2))
    if column in ("stance", "identity", "status"):
        return ("asserts", "denies", "confirms", "named", "anonymous", "own_voice", "coded")
    return TEXTS


def _value(kind: str, pool: tuple[str, ...], draw: random.Random) -> Any:
    if draw.random() < 0.2:
        return None
    if kind == "string":
        return draw.choice(pool)
    if kind == "list<string>":
        return [draw.choice((*pool, None)) for _ in range(draw.randrange(4))]
    if kind == "date32":
        return draw.choice(DAYS)
    if kind == "bool":
        return draw.random() < 0.5
    whole = draw.choice((-1, 0, 1, 2, 3, 40, 200, 2**53))
    return (
        whole if kind == "int64" else draw.choice((float(whole), 0.5, -0.5, 91.0, float("nan"), float("inf")))
    )
