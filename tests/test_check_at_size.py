"""The check of files and of many rows: where tables may come from, what it refuses, and that size changes no answer."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.dataset
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from checking import DISARMAMENT, checked, laid_out
from eventcode import check, readings
from eventcode.checks import quick, rare, set_scan
from eventcode.checks.database import Means, connect
from eventcode.checks.engine import Result
from eventcode.checks.progress import Progress
from eventcode.errors import DatasetError
from strategies import readings_for

BOOK = "disarmament"
DAY = date(2025, 5, 3)
COLUMNS: dict[str, list[Any]] = {
    "event_id": ["a", "b", "c", "c", "e"], "event_type": ["010", "099", None, "031", "031"],
    "realis": ["occurred", "occurred", "planned", "never", None], "country": ["IRQ", "IRQ", "SYR", "IRQ", "QQQ"],
    "date_start": [DAY] * 5, "date_end": [DAY, date(2025, 5, 1), None, DAY, DAY], "date_precision": ["day"] * 5,
    "lat": [33.1, 95.0, None, 33.1, 33.1], "lon": [43.1, 43.1, None, 43.1, 43.1],
}  # fmt: skip
LARGE = ("eventcode.checks.engine.MOST", "eventcode.checks.engine.LARGE")


def events(**changes: Any) -> pa.Table:
    """Five events with five mistakes."""
    columns = {**COLUMNS, **changes}
    return pa.table({name: values for name, values in columns.items() if values is not None})


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every table counts as large."""
    _large(monkeypatch)


def _large(patch: pytest.MonkeyPatch) -> None:
    for name in LARGE:
        patch.setattr(name, -1)
    patch.setattr(set_scan, "LARGE", 0)
    patch.setattr(rare, "FEW", 1)


def told(result: Result) -> tuple[list[tuple[str, str, str]], dict[str, tuple[int, ...]]]:
    """Findings and counts, to compare."""
    findings = sorted((f.rule, f.row, f.message) for f in result.findings)
    return findings, {c.rule: (c.rows, c.passed, c.failed, c.unknown) for c in result.counts}


def refusal(*target: Any, **options: Any) -> str:
    """Why a check cannot be done."""
    with pytest.raises(DatasetError) as error:
        check(*target, codebook=BOOK, **options)
    return str(error.value)


# ── where tables come from ────────────────────────────────────────────────────────────────────────────────────────────


def test_a_table_is_told_the_same_wherever_it_comes_from(folder: Path) -> None:
    import polars as pl

    table = events()
    pq.write_table(table, "events.parquet")
    Path("parts/deep").mkdir(parents=True)
    pq.write_table(table.slice(0, 2), "parts/one.parquet")
    pq.write_table(table.slice(2), "parts/deep/two.parquet")
    pq.write_table(table.slice(2), "parts/_not_mine.parquet")
    whole = told(check(table, codebook=BOOK))
    assert len(whole[0]) > 5
    sources: list[Any] = [
        "events.parquet", Path("events.parquet"), "./parts/", Path("parts"), "parts/**/[ot]*.parquet",
        pl.from_arrow(table), pl.scan_parquet("events.parquet"), table.to_pandas(), table.to_batches()[0],
        pa.RecordBatchReader.from_batches(table.schema, table.to_batches()), pyarrow.dataset.dataset("events.parquet"),
    ]  # fmt: skip
    for source in sources:
        assert told(check(source, codebook=BOOK)) == whole, source


def test_folders_named_after_values_are_columns_and_keep_their_zeros(folder: Path) -> None:
    for code in ("010", "099"):
        Path(f"out/year=2025/event_type={code}").mkdir(parents=True)
        pq.write_table(pa.table({"event_id": [code]}), f"out/year=2025/event_type={code}/part.parquet")
    findings, counts = told(check("out/", codebook=BOOK))
    assert findings == [("codings.event_type-code", "099", "'099' is no value of event_type")]
    assert counts["codings.event_type-code"] == (2, 1, 1, 0)


def test_a_column_that_some_files_lack_is_empty_there(folder: Path) -> None:
    pq.write_table(pa.table({"event_id": ["a"], "event_type": ["010"]}), "a.parquet")
    pq.write_table(
        pa.table({"event_type": ["099", "031"], "lat": pa.array([95, 1], pa.int32())}), "b.parquet"
    )
    findings, counts = told(check("*.parquet", codebook=BOOK))
    assert [(rule, row) for rule, row, _ in findings] == [
        ("codings.event_type-code", "b.parquet row 1"), ("codings.lat-maximum", "b.parquet row 1"),
    ]  # fmt: skip
    assert counts["codings.lat-maximum"] == (2, 1, 1, 0)


def test_rows_without_a_key_are_told_by_their_place(large: None) -> None:
    found, _ = told(check(events(event_id=None), codebook=BOOK))
    assert ("codings.event_type-code", "row 2", "'099' is no value of event_type") in found


def test_a_folder_of_tables_is_checked_as_a_whole(folder: Path) -> None:
    Path("build").mkdir()
    pq.write_table(
        pa.table({"coding_id": ["x"], "reading_id": ["r"], "key": ["e1"], "event_type": ["099"]}),
        "build/codings.parquet",
    )
    pq.write_table(pa.table({"reading_id": ["q"], "status": ["coded"]}), "build/readings.parquet")
    pq.write_table(events(), "build/events.parquet")
    pq.write_table(pa.table({"rule": ["x"]}), "build/findings.parquet")
    _, counts = told(check("build/", codebook=BOOK))
    assert counts["codings.reading-id-exists"] == (1, 0, 1, 0)
    assert counts["readings.status-agrees"] == (1, 0, 1, 0)
    assert counts["events.key-unique"][2] == 1
    assert counts["codings.event_type-code"] == (1, 0, 1, 0)


# ── what is refused ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "cut", [lambda b: b[: len(b) // 2], lambda b: b[:-3] + b"xyz", lambda b: b"", lambda b: b"PAR1" * 9]
)
def test_a_file_that_is_not_whole_is_refused_by_name(folder: Path, cut: Callable[[bytes], bytes]) -> None:
    pq.write_table(events(), "events.parquet")
    Path("events.parquet").write_bytes(cut(Path("events.parquet").read_bytes()))
    assert refusal("events.parquet").startswith("events.parquet is not a Parquet file: ")


@pytest.mark.usefixtures("large")
def test_a_page_that_is_broken_in_the_middle_is_refused(folder: Path) -> None:
    pq.write_table(events(country=["IRQ", "IRQ", "SYR", "IRQ", "QQQ"]), "events.parquet", compression="zstd")
    whole = bytearray(Path("events.parquet").read_bytes())
    whole[4:400] = b"\xff" * 396
    Path("events.parquet").write_bytes(whole)
    assert refusal("events.parquet").startswith("the data cannot be read: ")


def test_nothing_to_check_is_said(folder: Path) -> None:
    Path("empty").mkdir()
    assert refusal("empty/") == "empty holds no Parquet files\n  → name a folder with files in *.parquet"
    assert refusal("none/*.parquet").startswith("no file matches none/*.parquet\n")


def test_columns_that_stand_twice_are_refused(folder: Path) -> None:
    twice = pa.table([["010"], ["031"]], names=["event_type", "event_type"])
    pq.write_table(twice, "events.parquet")
    assert "the column 'event_type' stands twice" in refusal("events.parquet")
    assert "the column 'event_type' stands twice" in refusal(twice)
    assert "the column 'event_type' stands twice" in refusal(twice.to_pandas())


def test_of_ten_thousand_columns_twenty_are_named(folder: Path) -> None:
    pq.write_table(pa.table({f"c{i}": ["x"] for i in range(10_000)}), "events.parquet")
    said = refusal("events.parquet")
    assert "and 9,980 more columns are unknown" in said
    assert len(said.splitlines()) < 70


def test_codes_stored_as_numbers_in_one_file_of_several_are_told_with_the_file(folder: Path) -> None:
    pq.write_table(pa.table({"event_type": ["010"]}), "a.parquet")
    pq.write_table(pa.table({"event_type": [10]}), "b.parquet")
    said = refusal("*.parquet")
    assert (
        "b.parquet  event_type\n  the codes in 'event_type' are numbers (int64): leading zeros are lost"
        in said
    )


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (["33.1", "north"], "column 'lat' is string, not float64: 'north' is no value of that type"),
        ([["33.1"]], "column 'lat' is list<"),
    ],
)
def test_values_of_another_type_are_refused(folder: Path, values: list[Any], message: str) -> None:
    pq.write_table(pa.table({"lat": values}), "events.parquet")
    assert message in refusal("events.parquet")


def test_fractions_in_a_column_of_whole_numbers_are_refused_and_whole_ones_are_read(folder: Path) -> None:
    pq.write_table(pa.table({"n_reports": [1.0, 2.0, None]}), "events.parquet")
    assert told(check("events.parquet", codebook=BOOK))[0] == []
    pq.write_table(pa.table({"n_reports": [1.0, 2.5]}), "events.parquet")
    assert "column 'n_reports' is double, not int64: '2.5' is no value of that type" in refusal(
        "events.parquet"
    )


def test_huge_values_and_nan_are_told_of_and_break_nothing(large: None) -> None:
    table = events(
        lat=[float("nan"), float("inf"), 1e308, None, 0.0],
        country=["x" * 1_000_000, "IRQ", "IRQ", "IRQ", "IRQ"],
    )
    found, counts = told(check(table, codebook=BOOK))
    assert counts["codings.lat-maximum"] == (4, 1, 3, 0)
    assert [row for rule, row, _ in found if rule == "codings.country-code"] == ["a"]


@pytest.mark.parametrize("limit", ["much", "-1GB", "0GB", "500", "1KB", "10PB", "99999999TB"])
def test_a_memory_limit_that_is_none_is_refused(limit: str) -> None:
    assert refusal(events(), memory_limit=limit).endswith("→ give memory as 500MB or 2GB")


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_parquet('{other}')", "SELECT * FROM read_text('/etc/passwd')", "SELECT * FROM glob('*')",
        "COPY (SELECT 1) TO '{other}'", "ATTACH '{other}'", "INSTALL httpfs", "LOAD httpfs",
        "SET enable_external_access = true",
    ],
)  # fmt: skip
def test_a_connection_reaches_the_files_that_were_named_and_nothing_else(folder: Path, sql: str) -> None:
    import duckdb

    pq.write_table(events(), "events.parquet")
    pq.write_table(events(), "other.parquet")
    connection = connect([str(folder / "events.parquet")], Means("1GB"))
    assert connection.execute(f"SELECT count(*) FROM read_parquet('{folder}/events.parquet')").fetchall() == [
        (5,)
    ]
    with pytest.raises(duckdb.Error):
        connection.execute(sql.format(other=folder / "other.parquet")).fetchall()


# ── size changes no answer ────────────────────────────────────────────────────────────────────────────────────────────


@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.reuse, Phase.generate],
)
@given(st.lists(readings_for(DISARMAMENT, max_rows=3), min_size=2, max_size=4))
def test_many_rows_are_told_what_few_are_told(raws: list[dict[str, Any]]) -> None:
    whole = readings.Rows()
    for i, raw in enumerate(raws):
        whole.extend(laid_out_as(raw, i))
    few = told(checked(whole))
    with pytest.MonkeyPatch.context() as patch:
        _large(patch)
        assert told(checked(whole)) == few


def laid_out_as(raw: dict[str, Any], i: int) -> readings.Rows:
    """The rows of one reading of a document of its own."""
    from checking import ANNA, DOCUMENT

    rows = readings.explode(raw, f"ref:{i}", ANNA, DISARMAMENT)
    rows.tables["documents"] = [{**DOCUMENT, "document_id": f"ref:{i}", "document_key": f"page-{i}"}]
    return rows


def test_a_good_reading_is_good_at_any_size(large: None) -> None:
    from checking import GOOD

    assert checked(laid_out(GOOD)).findings == ()


CELL = st.sampled_from(["010", "099", "031", "", None])
DAYS = st.sampled_from([DAY, date(2024, 1, 1), date(2024, 1, 31), date(1900, 1, 1), date(9999, 12, 31), None])
EVENT = st.fixed_dictionaries(
    {
        "event_type": CELL, "realis": st.sampled_from(["occurred", "planned", "x", None]), "country": st.sampled_from(["IRQ", "?", None]),
        "date_start": DAYS, "date_end": DAYS, "date_precision": st.sampled_from(["day", "about_month", "year", "x", None]),
        "lat": st.sampled_from([1.0, -91.0, 91.0, None]), "lon": st.sampled_from([1.0, 181.0, None]),
        "event_id": st.sampled_from(["a", "b", "c", None]), "n_reports": st.sampled_from([0, 1, 2, None]),
    }
)  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(EVENT, min_size=1, max_size=12), st.booleans())
def test_many_events_are_told_what_few_are_told(
    tmp_path_factory: Any, rows: list[dict[str, Any]], in_files: bool
) -> None:
    from eventcode.codebook import views

    kinds = {f.name: f.type for f in views.schema(DISARMAMENT, "events")}
    table = pa.Table.from_pylist(rows, schema=pa.schema([(name, kinds[name]) for name in rows[0]]))
    few = told(check(table, codebook=DISARMAMENT))
    target: Any = table
    if in_files:
        target = tmp_path_factory.mktemp("files") / "events.parquet"
        pq.write_table(table, target)
    with pytest.MonkeyPatch.context() as patch:
        _large(patch)
        many = told(check(target, codebook=DISARMAMENT))
    assert many[1] == few[1]
    keyed = [f for f in few[0] if f[1] in "abc"]
    assert [f for f in many[0] if f[1] in "abc"] == keyed
    assert len(many[0]) == len(few[0])


@pytest.mark.parametrize("cap", [0, 1, 2, None])
def test_the_first_findings_by_key_are_kept_and_counts_stay_exact(large: None, cap: int | None) -> None:
    table = pa.table(
        {
            "event_id": [f"e{i:03}" for i in reversed(range(50))],
            "event_type": ["099"] * 50,
            "lat": [99.0] * 50,
        }
    )
    result = check(table, codebook=BOOK, cap=cap)
    for rule in ("codings.event_type-code", "codings.lat-maximum"):
        assert [f.row for f in result.findings if f.rule == rule] == [f"e{i:03}" for i in range(50)][:cap]
    assert {c.rule: c.failed for c in result.counts if c.failed} == {
        "codings.event_type-code": 50, "codings.lat-maximum": 50,
    }  # fmt: skip


def test_keys_that_stand_twice_are_found_once_each_also_where_others_share_their_hash(
    large: None, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"e{i:02}" for i in range(30)] + ["e03", "e07", "e07"]
    pq.write_table(
        pa.table({"event_id": names, "event_type": ["031"] * len(names)}), folder / "events.parquet"
    )
    plain = check(folder / "events.parquet", codebook=BOOK)
    monkeypatch.setattr(quick, "_hash", lambda columns, *more: f'hash(left(self."{columns[0]}", 2))')
    alike = check(folder / "events.parquet", codebook=BOOK)
    for result in (plain, alike):
        assert [f.row for f in result.findings if f.rule == "events.key-unique"] == ["e03", "e07"]
        assert [c.failed for c in result.counts if c.rule == "events.key-unique"] == [2]


# ── long runs ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_check_within_a_memory_limit_says_the_same_and_leaves_no_folder(
    large: None, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    limited = check(events(), codebook=BOOK, memory_limit="50MB", threads=1)
    assert told(limited) == told(check(events(), codebook=BOOK))
    assert [*folder.iterdir()] == []


def test_what_does_not_fit_into_the_memory_limit_is_laid_aside_in_the_folder(folder: Path) -> None:
    connection = connect(means=Means("50MB", 1, str(folder)))
    connection.execute(
        "CREATE TEMP TABLE much AS SELECT hash(range) || repeat('x', 100) AS words FROM range(1000000)"
    )
    assert [*folder.iterdir()] != []
    assert connection.execute("SELECT count(DISTINCT words) FROM much").fetchall() == [(1_000_000,)]
    connection.close()


def test_progress_grows_and_names_what_is_done(large: None) -> None:
    seen: list[Progress] = []
    check(events(), codebook=BOOK, say=seen.append)
    parts = [progress.done for progress in seen]
    assert parts == sorted(parts)
    assert 0 <= parts[0] <= parts[-1] <= 1
    assert any("row rules on 5 rows" in progress.doing for progress in seen)


SLOW = """
import sys, tempfile
import pyarrow as pa
tempfile.tempdir = sys.argv[1]
from eventcode import check
from eventcode.checks import scan
ids = pa.array([f"e{i:09}" for i in range(200_000)])
scan.Scan.run = lambda self: self.work.rows("SELECT max(hash(a.range * b.range)) FROM range(10000000) a, range(10000000) b")
def say(progress):
    print("running", flush=True)
check(pa.table({"event_id": ids}), codebook="disarmament", say=say)
"""


def test_a_long_check_stops_at_once_and_leaves_nothing(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SLOW, str(tmp_path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "running\n"
        os.kill(process.pid, signal.SIGINT)
        _, error = process.communicate(timeout=60)
    assert "KeyboardInterrupt" in error.splitlines()[-1]
    assert [*tmp_path.iterdir()] == []
