"""The dataset gate: what it asks of a good and of a bad dataset, what it exports, and how it behaves."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import warnings
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from eventcode.checks import gate as gates
from eventcode.checks import gx as library
from eventcode.checks.frames import frames
from eventcode.codebook import views
from eventcode.codebook.load import load
from eventcode.model import Codebook, RuleCount
from gated import COUNTS, HOLDING, Row, ask, card, dataset, document, event, exported, failed, report


@pytest.fixture(scope="module")
def codebook() -> Codebook:
    return load("disarmament")


@pytest.fixture(scope="module")
def gx() -> Any:
    """great_expectations, imported once."""
    return library.library()


# ── what every dataset must hold ──────────────────────────────────────────────────────────────────────────────────────


def test_a_good_dataset_passes_and_is_told_what_was_asked(codebook: Codebook) -> None:
    verdict = ask(codebook, dataset(codebook))
    assert failed(verdict) == []
    said = {one["expectation"]: one["observed"] for one in verdict.results}
    assert said["events.event_type has only values of the codebook"] == "12 of 12 hold"
    assert said["every error is mended or waived"] == "0 open, 0 waived, in 2 rules"
    assert said["documents has the columns of the codebook"] == "all there"
    keys = ["expectation", "table", "column", "expected", "observed", "passed", "reason", "origin"]
    assert [list(one) for one in json.loads(json.dumps(verdict.results))] == [keys] * len(verdict.results)


def test_an_empty_dataset_passes_where_its_card_declares_nothing(codebook: Codebook) -> None:
    empty = {name: table.slice(0, 0) for name, table in dataset(codebook).items()}
    assert failed(ask(codebook, empty)) == []


BAD: dict[str, tuple[str, Row, str]] = {
    "a key that is null": ("events", {"event_id": None}, "event_id is filled in every row: 1 of 12 differ: nothing"),
    "a report of no document": ("reports", {"document_id": None}, "document_id is filled in every row: 1 of 12 differ: nothing (r0)"),
    "an unknown code": ("events", {"event_type": "999"}, "event_type has only values of the codebook: 1 of 12 differ: 999 (e0)"),
    "a code without its zero": ("reports", {"event_type": "31"}, "event_type has only values of the codebook: 1 of 12 differ: 31 (r0)"),
    "an unknown realis": ("events", {"realis": "perhaps"}, "realis has only values of the codebook: 1 of 12 differ: perhaps (e0)"),
    "a year of three digits": (
        "events", {"date_start": date(205, 6, 16)}, "date_start lies between 1800 and 2100: 1 of 12 differ: 0205-06-16 (e0)",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_bad_row_fails_the_gate_and_is_named(codebook: Codebook, name: str) -> None:
    table, change, message = BAD[name]
    row = {"events": event, "reports": report}[table](0, **change)
    assert failed(ask(codebook, dataset(codebook, **{table: [row]}))) == [f"{table}.{message}"]


def test_a_column_that_is_not_there_fails_the_gate(codebook: Codebook) -> None:
    tables = dataset(codebook)
    tables["events"] = tables["events"].drop_columns(["country", "lat"])
    assert failed(ask(codebook, tables)) == ["events has the columns of the codebook: missing: country, lat"]


# ── rules and waivers ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_error_that_nobody_waived_fails_the_gate_and_is_named(codebook: Codebook) -> None:
    counts = (*COUNTS, RuleCount("disarmament.date-order", "error", "codings", 24, 21, 3, 0, waived=1))
    assert failed(ask(codebook, dataset(codebook), counts=counts)) == [
        "every error is mended or waived: 2 open, 1 waived, in 3 rules: disarmament.date-order (2)"
    ]


def test_warnings_do_not_fail_the_gate(codebook: Codebook) -> None:
    warned = RuleCount("sourcing.same-words-same-source", "warning", "sources", 9, 0, 9, 0)
    assert failed(ask(codebook, dataset(codebook), counts=(*COUNTS, warned))) == []


def test_more_waivers_than_failures_of_one_rule_do_not_hide_those_of_another(codebook: Codebook) -> None:
    counts = (
        RuleCount("a", "error", "codings", 9, 8, 1, 0, 2),
        RuleCount("b", "error", "codings", 9, 8, 1, 0),
    )
    assert failed(ask(codebook, dataset(codebook), counts=counts)) == [
        "every error is mended or waived: 1 open, 2 waived, in 2 rules: b (1)"
    ]


def test_a_gate_without_rules_fails(codebook: Codebook) -> None:
    assert failed(ask(codebook, dataset(codebook), counts=())) == ["rules were asked: 0"]


def test_a_waived_code_is_left_to_its_rule_and_passes(codebook: Codebook) -> None:
    tables = dataset(codebook, events=[event(0, event_type="999")], reports=[report(0, event_type="999")])
    waived = (replace(COUNTS[0], passed=23, failed=1, waived=1), *COUNTS[1:])
    verdict = ask(codebook, tables, counts=waived)
    assert failed(verdict) == []
    assert json.loads(verdict.suite_json)["left_to_the_rules"] == [
        "the values of event_type: codings.event_type-code (failures: 1, waived: 1)"
    ]


def test_a_code_waived_only_in_part_fails_with_its_rule(codebook: Codebook) -> None:
    tables = dataset(codebook, events=[event(0, event_type="999"), event(1, event_type="998")])
    partly = (replace(COUNTS[0], passed=22, failed=2, waived=1), *COUNTS[1:])
    assert failed(ask(codebook, tables, counts=partly)) == [
        "events.event_type has only values of the codebook: 2 of 12 differ: 999 (e0), 998 (e1)",
        "every error is mended or waived: 1 open, 1 waived, in 2 rules: codings.event_type-code (1)",
    ]


# ── the export ────────────────────────────────────────────────────────────────────────────────────────────────────────


def as_arrow(table: pa.Table, pd: Any) -> Any:
    return table.to_pandas(types_mapper=pd.ArrowDtype)


def as_read(table: pa.Table, pd: Any) -> Any:
    return table.to_pandas()


def as_nullable(table: pa.Table, pd: Any) -> Any:
    return table.to_pandas().convert_dtypes()


def as_categories(table: pa.Table, pd: Any) -> Any:
    frame = table.to_pandas()
    return frame.astype(
        {name: "category" for name in ("event_type", "realis", "country", "severity") if name in frame}
    )


def plain(gx: Any, suites: bytes, data: Mapping[str, Any]) -> dict[str, bool]:
    """The verdicts of great_expectations alone on exported suites, by id."""
    source = library.context().data_sources.add_pandas("plain")
    found = {}
    for table, suite in json.loads(suites)["suites"].items():
        batches = source.add_dataframe_asset(table).add_batch_definition_whole_dataframe("whole")
        validated = batches.get_batch({"dataframe": data[table]}).validate(gx.ExpectationSuite(**suite))
        found |= {one.expectation_config.id: bool(one.success) for one in validated.results}
    return found


BAD_ROWS = {
    "events": [
        event(0, event_type="999", realis=None, n_reports=None, date_start=None),
        event(1, date_start=date(205, 1, 1)),
        event(2, country="FRA", lat=None),
    ],
    "documents": [document(0, published_at_end=None)],
}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("to_pandas", [as_arrow, as_read, as_nullable, as_categories])
@pytest.mark.parametrize("rows", [{}, BAD_ROWS], ids=["good", "bad"])
def test_plain_great_expectations_gives_the_same_verdict(
    gx: Any, codebook: Codebook, rows: dict[str, list[Row]], to_pandas: Callable[[pa.Table, Any], Any]
) -> None:
    import pandas as pd

    tables = dataset(codebook, **rows)
    verdict = ask(codebook, tables, *HOLDING)
    said = gates.statements(card(*HOLDING), codebook, COUNTS)
    arrow = {name: pa.Table.from_pandas(frame) for name, frame in frames(said, tables, COUNTS).items()}
    data = {name: to_pandas(table.replace_schema_metadata(None), pd) for name, table in arrow.items()}
    ours = {one.id: outcome["passed"] for one, outcome in zip(said, verdict.results, strict=True)}
    assert plain(gx, verdict.suite_json, data) == ours
    assert verdict.passed == (not rows)


def test_the_export_is_the_same_bytes_in_every_run(codebook: Codebook) -> None:
    first, second = (ask(codebook, dataset(codebook), *HOLDING) for _ in range(2))
    assert first.suite_json == second.suite_json == exported(codebook)
    assert first.results == second.results


def run(program: str, **environment: str) -> subprocess.CompletedProcess[str]:
    path = ":".join([*sys.path, str(Path(__file__).parent)])
    env = {"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1", **environment}
    return subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, encoding="utf-8", env=env
    )


EXPORT = "import sys, gated\nfrom eventcode.codebook.load import load\nsys.stdout.buffer.write(gated.exported(load('disarmament')))"


@pytest.mark.parametrize("seed", ["1", "2"])
def test_the_export_is_the_same_bytes_in_another_process(codebook: Codebook, seed: str) -> None:
    assert run(EXPORT, PYTHONHASHSEED=seed).stdout.encode() == exported(codebook)


def test_the_export_holds_ids_and_no_time_and_no_version(codebook: Codebook) -> None:
    text = ask(codebook, dataset(codebook), *HOLDING).suite_json.decode()
    whole = json.loads(text)
    ids = [one["id"] for suite in whole["suites"].values() for one in suite["expectations"]]
    assert len(ids) == len(set(ids)) > 20
    assert "great_expectations_version" not in text
    assert text == json.dumps(whole, sort_keys=True, ensure_ascii=False, indent=1) + "\n"


def test_an_id_stays_when_something_is_declared_before_it(codebook: Codebook) -> None:
    one, other = ({"kind": "rows", "table": table, "minimum": 1} for table in ("events", "documents"))
    alone, after = (gates.statements(card(*said), codebook, COUNTS)[-1].id for said in ([one], [other, one]))
    assert alone == after


def test_the_suites_are_objects_of_great_expectations(codebook: Codebook) -> None:
    suites = gates.suite(card(*HOLDING), codebook, COUNTS, name="iraq")
    assert sorted(suites) == ["documents", "events", "events_per_date_start_month", "reports", "rule_summary"]
    assert suites["events"].name == "iraq.events"
    said = [one for one in gates.statements(card(*HOLDING), codebook, COUNTS) if one.table == "events"]
    assert [one.description for one in suites["events"].expectations] == [one.words for one in said]


def test_an_expectation_that_great_expectations_does_not_know_is_not_lost(codebook: Codebook) -> None:
    unknown = {"name": "s", "expectations": [{"type": "expect_nothing", "kwargs": {}}]}
    with pytest.raises(ValueError, match="does not understand every expectation of the suite s"):
        library.loaded(unknown)


# ── manners ───────────────────────────────────────────────────────────────────────────────────────────────────────────

WATCH = """
import sys
touched = []
def watch(event, args):
    if event == "open" and isinstance(args[1], str) and set(args[1]) & set("wax+"):
        touched.append((event, str(args[0])))
    elif event in ("os.mkdir", "socket.connect", "socket.getaddrinfo", "subprocess.Popen"):
        touched.append((event, str(args)))
sys.addaudithook(watch)
import gated
from eventcode.codebook.load import load
codebook = load("disarmament")
gated.exported(codebook)
assert "great_expectations" not in sys.modules and "pandas" not in sys.modules
verdict = gated.ask(codebook, gated.dataset(codebook), *gated.HOLDING)
assert verdict.passed, verdict.failed
print([one for one in touched if one[1] != "/dev/null"])
"""


def test_the_gate_is_silent_and_touches_no_file_folder_or_network() -> None:
    done = run(WATCH, HOME="/nonexistent")
    assert (done.stdout, done.stderr, done.returncode) == ("[]\n", "", 0)


def test_the_gate_leaves_warnings_and_logging_as_they_were(codebook: Codebook) -> None:
    logger = logging.getLogger("great_expectations")
    before = list(warnings.filters), logger.level
    ask(codebook, dataset(codebook))
    assert (list(warnings.filters), logger.level) == before


def test_tables_read_from_parquet_in_chunks_are_fine(codebook: Codebook, tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    tables = {}
    for name, table in dataset(codebook).items():
        pq.write_table(table, tmp_path / name, row_group_size=5)
        read = pq.read_table(tmp_path / name).cast(views.schema(codebook, name))
        tables[name] = pa.concat_tables([read.slice(0, 2), read.slice(2)])
    assert failed(ask(codebook, tables, *HOLDING)) == []
