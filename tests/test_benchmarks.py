"""The data of the benchmarks: what is planted is what a check finds."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

import eventcode

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


def test_a_check_finds_the_planted_rows_of_each_of_the_fifteen_rules_and_no_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    from peers import data

    codebook = data.write_codebook(tmp_path / "bench-events")
    events = data.write(tmp_path / "events.parquet", 20_000)
    result = eventcode.check(str(events), codebook=str(codebook), table="events")
    planted = data.planted(20_000)
    assert len(planted) == 15
    found = {rule: {f.key for f in result.findings if f.rule == rule} for rule in planted}
    assert found == {rule: set(ids) for rule, ids in planted.items()}
    assert {count.failed for count in result.counts if count.rule in planted} == {2}


def test_a_row_does_not_depend_on_the_chunk_that_it_is_made_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    from peers import data

    parts = [data.chunk(start, end, 30_000) for start, end in ((0, 8_619), (8_619, 8_620), (8_620, 30_000))]
    assert pa.concat_tables(parts).equals(data.chunk(0, 30_000, 30_000))
