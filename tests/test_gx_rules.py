"""Rules inside great_expectations: the same rows break a rule there as in our own checks, whatever the frame is made of."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import small_build
from eventcode.checks import examples, predicate
from eventcode.checks import gx as library
from eventcode.checks.breaking import Program, breaking
from eventcode.checks.engine import Bench, Checker
from eventcode.codebook import views
from eventcode.codebook.load import load
from eventcode.errors import CodebookError, DatasetError
from eventcode.formats import parquet
from eventcode.model import Codebook, Rule
from eventcode.tables import TABLES, build

BOOKS = ("disarmament", "acled", "ucdp", "plover", "maverick")
CHECKED = ("documents", "readings", "codings", "sources", "support", "participants", "evidence")


@cache
def bench(name: str) -> Bench:
    return Bench(load(name))


def keys(table: str, frame: pd.DataFrame) -> list[str]:
    """The key of every row, as findings name it."""
    return ["/".join(str(row[name]) for name in TABLES[table].key) for row in frame.to_dict("records")]


def laid(folder: Path, tables: Mapping[str, Any]) -> Path:
    """Tables as files, for rules that look at others than the batch."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        parquet.write(folder / f"{name}.parquet", table, ())
    return folder


def ids() -> list[tuple[str, str]]:
    own = [(book, rule) for book in BOOKS for rule in load(book).rules if rule.startswith(f"{book}.")]
    return [
        *own,
        *(("disarmament", rule) for rule in load("disarmament").rules if not rule.startswith("disarmament.")),
    ]


@pytest.mark.parametrize(("book", "name"), ids())
def test_the_same_rows_break_a_rule_in_great_expectations_and_in_our_checks(
    book: str, name: str, tmp_path: Path
) -> None:
    codebook = load(book)
    rule = codebook.rules[name]
    asked = [rule.examples[kind][i] for kind in ("pass", "fail") for i in range(len(rule.examples[kind]))]
    for number, example in enumerate(asked):
        if "actors" in example:
            continue  # actors of its own, and an expectation carries those of the codebook
        tables = examples.tables_of(codebook, rule.table, example)
        ours = {finding.row for finding in bench(book).check(name, tables).findings}
        folder = laid(tmp_path / str(number), tables)
        for program in programs(codebook, rule, folder):
            frame = pd.read_parquet(folder / f"{rule.table}.parquet")
            broken = breaking(frame, program)
            assert {key for key, bad in zip(keys(rule.table, frame), broken, strict=True) if bad} == ours, (
                example
            )


def programs(codebook: Codebook, rule: Rule, folder: Path) -> list[Program]:
    return [p for r, p in predicate.programs(codebook, rule.table, str(folder)) if r.id == rule.id]


def planted() -> dict[str, Any]:
    """The tables of a small build with mistakes of many kinds."""
    world = small_build.world()
    world["codings"][0] |= {"event_type": "999", "realis": None, "lat": 120.0}
    world["codings"][1] |= {"country": "XXX", "date_start": None, "n_sites": -1}
    world["sources"][0] |= {"identity": "named", "source_name": None, "n_persons": 0}
    world["sources"][2] |= {"identity": "anonymous", "source_name": "Ali Hasan"}
    world["support"][0] |= {"stance": "guesses", "source_id": "nobody"}
    world["participants"][0] |= {"role": "victim", "actor_id": "nobody"}
    world["evidence"][0] |= {"start": 90, "end": 10}
    world["documents"][0] |= {"publisher": "nobody", "n_chars": 3}
    world["readings"][0] |= {"document_id": "nobody", "status": "no_event"}
    book = small_build.codebook()
    return {name: build(views.columns(book, name), rows) for name, rows in world.items()}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return laid(tmp_path_factory.mktemp("planted"), planted())


def as_read(frame: pd.DataFrame) -> pd.DataFrame:
    return frame


def as_arrow(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.convert_dtypes(dtype_backend="pyarrow")


def as_categories(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.astype(
        {name: "category" for name in ("event_type", "realis", "identity", "stance") if name in frame}
    )


@pytest.mark.parametrize("frame_as", [as_read, as_arrow, as_categories])
def test_every_rule_of_a_codebook_agrees_on_planted_mistakes(folder: Path, frame_as: Any) -> None:
    book = small_build.codebook()
    result = Checker(book).check(planted())
    ours: dict[str, set[str]] = {}
    for finding in result.findings:
        ours.setdefault(finding.rule, set()).add(finding.row)
    theirs: dict[str, set[str]] = {}
    asked = 0
    for table in CHECKED:
        frame = frame_as(pd.read_parquet(folder / f"{table}.parquet"))
        for rule, program in predicate.programs(book, table, str(folder)):
            asked += 1
            broken = breaking(frame, program)
            bad = {key for key, wrong in zip(keys(table, frame), broken, strict=True) if wrong}
            if bad:
                theirs[rule.id] = bad
    about = {rule.id for rule in Checker(book).plan.rules if rule.table in CHECKED}
    assert theirs == {rule: rows for rule, rows in ours.items() if rule in about}
    assert len(theirs) > 12
    assert asked > 150


@pytest.mark.filterwarnings("ignore")
def test_great_expectations_names_every_row_that_breaks_a_rule(folder: Path) -> None:
    book, n = small_build.codebook(), 400
    frame = pd.read_parquet(folder / "codings.parquet").iloc[[0] * n].reset_index(drop=True)
    frame["coding_id"] = [f"c{i}" for i in range(n)]
    suite = predicate.suite_with_rules(book, "codings", beside=folder)
    source = library.context().data_sources.add_pandas("build")
    batches = source.add_dataframe_asset("codings").add_batch_definition_whole_dataframe("whole")
    told = {"result_format": "COMPLETE", "unexpected_index_column_names": ["coding_id"]}
    validated = batches.get_batch({"dataframe": frame}).validate(suite, result_format=told)
    found = {r.expectation_config.kwargs.get("rule"): r for r in validated.results}
    assert not validated.success
    result = found["codings.event_type-code"].result
    assert result["unexpected_count"] == n
    assert [row["coding_id"] for row in result["unexpected_index_list"]] == [f"c{i}" for i in range(n)]
    assert [r for r in validated.results if r.exception_info.get("exception_message")] == []
    assert found["codings.setting-required"].success


def test_a_suite_with_rules_is_plain_json_and_the_same_in_every_run() -> None:
    book = small_build.codebook()
    first = predicate.suite_data(book, "sources", severities=("error", "warning"))
    assert (
        json.loads(json.dumps(first))
        == first
        == predicate.suite_data(book, "sources", severities=("error", "warning"))
    )
    ids = [one["id"] for one in first["expectations"]]
    assert len(ids) == len(set(ids))


def test_a_rule_that_looks_at_other_tables_is_left_out_by_name_without_them() -> None:
    book = small_build.codebook()
    left = predicate.suite_data(book, "support")["meta"]["eventcode"]["left_out"]
    assert "support.source-id-exists: reads sources" in left
    whole = predicate.suite_data(book, "support", beside="build/camps")
    assert whole["meta"]["eventcode"]["left_out"] == []
    assert len(whole["expectations"]) == len(predicate.suite_data(book, "support")["expectations"]) + len(
        left
    )


def test_a_table_that_there_is_not_is_named() -> None:
    with pytest.raises(CodebookError, match="there is no table 'coding'"):
        predicate.suite_data(small_build.codebook(), "coding")


def test_a_column_that_does_not_hold_what_the_codebook_says_is_told() -> None:
    book = small_build.codebook()
    found = {rule.id: program for rule, program in predicate.programs(book, "sources")}
    program = next(p for p in found.values() if "n_persons" in p["types"])
    frame = pd.DataFrame({name: [None] for name in program["types"]})
    frame["n_persons"] = ["several"]
    with pytest.raises(ValueError, match="column n_persons does not hold what the codebook says"):
        breaking(frame, program)


def test_a_table_beside_the_batch_that_is_gone_is_told(tmp_path: Path) -> None:
    book = small_build.codebook()
    program = next(p for _, p in predicate.programs(book, "support", str(tmp_path)) if p["beside"])
    frame = pd.DataFrame({name: [None] for name in program["types"]})
    with pytest.raises(DatasetError, match="is not there, and the rule reads it"):
        breaking(frame, program)


def test_making_a_suite_as_json_does_not_import_great_expectations() -> None:
    program = (
        "import sys; from eventcode.checks.predicate import suite_data; from eventcode.codebook.load import load;"
        "suite_data(load('ucdp'), 'codings'); print('great_expectations' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
