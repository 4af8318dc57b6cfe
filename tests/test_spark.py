"""The rules on Spark: on every table, file and frame the same findings and counts as on DuckDB."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import eventcode
from eventcode.checks import engine
from eventcode.checks.compile import plan, used
from eventcode.checks.engine import Checker
from eventcode.checks.spark import run as running
from eventcode.checks.spark.frames import of_arrow
from eventcode.codebook import views
from eventcode.codebook.load import load
from eventcode.errors import DatasetError
from eventcode.pipeline.build import build_dataset
from eventcode.project import RawMissingError, find
from eventcode.tables import build
from two_engines import all_tables, differences, needs_spark, on_spark, random_tables, read_by, started

pytestmark = needs_spark
BUNDLED = Path(__file__).parent.parent / "codebook"
FIRST = "disarmament"
CODEBOOKS = sorted(
    (path.parent.name for path in BUNDLED.glob("*/codebook.yaml")), key=lambda name: (name != FIRST, name)
)


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    with started() as session:
        yield session


@cache
def asked_in(name: str) -> dict[str, str]:
    """Every rule of a codebook, by id, as it is asked: what the engines are given of it, and its examples."""
    codebook = load(name)
    found = plan(codebook)
    asked = {
        row.rule.id: f"{row.when} {row.require} {row.guards}" for table in found.tables for row in table.rules
    }
    asked |= {plan_.rule.id: plan_.violations for plan_ in found.sets}
    examples = {rule.id: str(rule.examples) for rule in codebook.rules.values()}
    return {rule: text + examples.get(rule, "") for rule, text in asked.items()}


@cache
def first_asked_by(name: str) -> list[str]:
    """The rules of a codebook that none before it asks in the same words and with the same examples."""
    before = {pair for other in CODEBOOKS[: CODEBOOKS.index(name)] for pair in asked_in(other).items()}
    return [rule for rule, text in asked_in(name).items() if (rule, text) not in before]


@pytest.mark.parametrize("name", CODEBOOKS)
def test_every_rule_says_the_same_on_both_engines(
    spark: Any, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    codebook = load(name)
    rules = first_asked_by(name)
    if not rules:
        pytest.skip("all of its rules are asked with those of other codebooks, in the same words")
    checker = Checker(codebook, only=rules)
    tables = all_tables(codebook, checker.plan, seed=CODEBOOKS.index(name))

    few = checker.check(tables, release=True)
    monkeypatch.setattr(engine, "MOST", -1)
    many = checker.check(tables, release=True)
    other = on_spark(spark, checker, tables)

    assert differences(few, other) == []
    assert differences(many, other) == []
    assert few == many == other
    assert [count.rule for count in other.counts] == [rule.id for rule in checker.plan.rules]
    if codebook.event_types:  # a module has none, and its examples need some
        failing = {
            rule for rule in rules if rule in codebook.rules and codebook.rules[rule].examples.get("fail")
        }
        assert failing - {count.rule for count in other.counts if count.failed} == set()


def test_only_so_many_findings_of_a_rule_come_back_the_first_by_key_and_the_counts_stay_exact(
    spark: Any,
) -> None:
    codebook = load(FIRST)
    rules = ["codings.realis-code", "codings.key-unique", "codings.reading-id-exists"]
    checker, tables = Checker(codebook, only=rules), random_tables(codebook, seed=7)

    whole, some = (on_spark(spark, checker, tables, cap=cap) for cap in (None, 2))

    assert some.counts == whole.counts
    for rule in ("codings.realis-code", "codings.reading-id-exists"):
        rows = sorted(finding.row for finding in whole.findings if finding.rule == rule)
        assert len(rows) > 2
        assert [finding.row for finding in some.findings if finding.rule == rule] == rows[:2]


def test_more_violations_than_fit_at_once_give_the_same(spark: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    codebook = load(FIRST)
    checker = Checker(
        codebook, only=["sources.reading-id-exists", "sourcing.part-of-smaller", "sourcing.name-twins"]
    )
    tables = random_tables(codebook, seed=3)
    few = on_spark(spark, checker, tables)

    monkeypatch.setattr(running, "AT_ONCE", 1)

    assert on_spark(spark, checker, tables) == few
    assert sum(count.failed for count in few.counts) > 3


def test_of_rows_that_share_a_key_the_first_is_the_one_above_on_both_engines(spark: Any) -> None:
    codebook = load(FIRST)
    below = [
        row.rule.id
        for table in plan(codebook).tables
        for row in table.rules
        if used(codebook, table.table, [row.when, row.require]) - {"type"}
    ]
    checker = Checker(codebook, only=below)
    drawn = [random_tables(codebook, seed) for seed in (5, 6)]
    tables = {
        name: pa.concat_tables([some[name] for some in drawn]) for name in read_by(checker.plan) & {*drawn[0]}
    }

    one, other = checker.check(tables, release=True), on_spark(spark, checker, tables)

    assert len(below) > 5
    assert differences(one, other) == []
    assert any(count.failed for count in one.counts)


def test_what_is_no_number_breaks_a_minimum_on_both_engines(spark: Any) -> None:
    codebook = load(FIRST)
    lat = ("codings", "lat")
    open_above = replace(codebook.fields[lat], maximum=None)
    checker = Checker(
        replace(codebook, fields={**codebook.fields, lat: open_above}), only=["codings.lat-minimum"]
    )
    values = (float("nan"), float("inf"), -91.0, 12.5, None)
    rows = [{"coding_id": f"c{i}", "lat": value} for i, value in enumerate(values)]
    tables = {"codings": build(views.columns(checker.codebook, "codings"), rows)}

    one, other = checker.check(tables), on_spark(spark, checker, tables)

    assert one == other
    assert [finding.row for finding in one.findings] == ["c0", "c2"]


# ── files, frames and what is in the session ──────────────────────────────────────────────────────────────────────────

EVENTS = [
    {"event_id": f"e{i:02}", "event_type": ("battles", "no such code", None)[i % 3], "date_start": "2025-01-01" if i % 5 == 0 else None,
     "date_end": "2024-12-01" if i % 4 == 0 else None, "place_name": "Hit"}
    for i in range(40)
]  # fmt: skip


def events(codebook: str = "acled") -> Any:
    columns = ["event_id", "event_type", "date_start", "date_end", "place_name"]
    return build(views.columns(load(codebook), "events"), EVENTS).select(columns)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Events in one file, and the same in a partitioned folder whose country codes begin with a zero."""
    import pyarrow.parquet as pq

    table = events()
    pq.write_table(table, tmp_path / "events.parquet")
    for country, start in (("010", 0), ("020", 20)):
        part = tmp_path / "parts" / f"country={country}"
        part.mkdir(parents=True)
        pq.write_table(table.slice(start, 20), part / "events.parquet")
    return tmp_path


def same(target: Any, **options: Any) -> eventcode.Result:
    duckdb, other = (
        eventcode.check(target, codebook="acled", engine=name, **options) for name in ("duckdb", "spark")
    )
    assert differences(duckdb, other) == []
    assert duckdb == other
    return other


def test_a_file_is_checked_on_spark_as_on_duckdb(spark: Any, folder: Path) -> None:
    assert {finding.rule for finding in same(folder / "events.parquet").findings} >= {
        "codings.event_type-code",
        "codings.date-order",
    }


def test_a_partitioned_folder_keeps_the_zeros_of_the_codes_in_its_names(spark: Any, folder: Path) -> None:
    found = same(folder / "parts", table="events")

    assert {f.message for f in found.findings if f.rule == "codings.country-code"} == {
        "'010' is no value of country",
        "'020' is no value of country",
    }


def test_a_glob_is_checked_on_spark_as_on_duckdb(spark: Any, folder: Path) -> None:
    assert same(str(folder / "parts" / "*" / "*.parquet"), table="events").counts


def test_a_folder_with_several_tables_is_checked_without_readings_that_were_adopted(
    spark: Any, tmp_path: Path
) -> None:
    import pyarrow.parquet as pq

    codebook = load("record")
    tables = random_tables(codebook, seed=5)
    for name in ("documents", "readings", "codings", "sources", "support", "participants", "evidence"):
        pq.write_table(tables[name], tmp_path / f"{name}.parquet")

    duckdb, other = (
        eventcode.check(tmp_path, codebook=codebook, engine=name, cap=None) for name in ("duckdb", "spark")
    )

    assert differences(duckdb, other) == []
    [counted] = [count for count in other.counts if count.rule == "readings.key-unique"]
    assert 0 < counted.rows < tables["readings"].num_rows


@pytest.mark.parametrize("name", ["iraq-militias-2025"])
def test_a_built_dataset_is_checked_on_spark_as_on_duckdb(spark: Any, tmp_path: Path, name: str) -> None:
    (tmp_path / "datasets").mkdir()
    shutil.copytree(BUNDLED.parent / "datasets" / name, tmp_path / "datasets" / name)
    try:
        built = build_dataset(find(tmp_path).dataset(name))
    except RawMissingError as error:
        pytest.skip(f"EVENTCODE_STORE holds no raw file: {error}")

    duckdb, other = (
        eventcode.check(built.folder, codebook="disarmament", engine=how) for how in ("duckdb", "spark")
    )

    assert differences(duckdb, other) == []
    assert duckdb == other
    assert {count.rule for count in other.counts if count.rows} > {
        "codings.realis-code",
        "sourcing.flag-bare-descriptor",
    }


def test_a_frame_of_a_session_is_checked_where_it_is(spark: Any, folder: Path) -> None:
    frame = spark.read.parquet(str(folder / "events.parquet"))

    assert eventcode.check(frame, codebook="acled") == eventcode.check(
        folder / "events.parquet", codebook="acled"
    )


def test_no_row_of_a_table_in_pieces_is_lost_that_has_an_empty_piece(spark: Any) -> None:
    table = events()
    pieces = pa.concat_tables([table.slice(0, 3), table.slice(3, 0), table.slice(3)])

    assert of_arrow(spark, pieces).count() == pieces.num_rows == 40
    assert of_arrow(spark, table.slice(0, 0)).count() == 0


def test_the_views_of_the_session_are_left_as_they_were_and_it_goes_on(spark: Any) -> None:
    spark.range(3).createOrReplaceTempView("events")
    codebook = load(FIRST)
    checker = Checker(codebook, only=["sourcing.part-of-acyclic"])

    on_spark(spark, checker, random_tables(codebook, seed=1))

    assert [
        row["tableName"] for row in spark.sql("SHOW VIEWS").select("viewName").toDF("tableName").collect()
    ] == ["events"]
    assert spark.table("events").count() == 3


@pytest.mark.parametrize(
    ("column", "values", "told"),
    [
        ("event_typ", ["battles"], "the column 'event_typ' is unknown"),
        ("event_type", [10], "the codes in 'event_type' are numbers (int64): leading zeros are lost"),
        (
            "date_start",
            ["yesterday"],
            "column 'date_start' is string, not date32: 'yesterday' is no value of that type",
        ),
        ("n_reports", [1.5], "column 'n_reports' is double, not int64: '1.5' is no value of that type"),
    ],
)
def test_columns_that_are_not_those_of_the_table_are_told_as_for_any_table(
    spark: Any, column: str, values: list[Any], told: str
) -> None:
    frame = spark.createDataFrame(pa.table({"event_id": ["e1"], column: values}))

    with pytest.raises(DatasetError) as error:
        eventcode.check(frame, codebook="acled")
    assert told in str(error.value)


def test_what_is_no_parquet_is_refused(spark: Any, tmp_path: Path) -> None:
    lines = tmp_path / "readings.jsonl"
    lines.write_text("{}\n", encoding="utf-8")

    with pytest.raises(DatasetError, match="Spark checks Parquet"):
        eventcode.check(lines, codebook=FIRST, engine="spark")


def test_a_dataset_by_name_is_refused_with_the_remedy(spark: Any) -> None:
    with pytest.raises(DatasetError, match="is no path"):
        eventcode.check("iraq-militias-2025", engine="spark")
