"""Suites for people who know great_expectations: exported, run by it alone, and shown in its pages."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import gated
import small_build
from eventcode.checks import data_docs, gate, gx
from eventcode.checks.frames import frames, summary_of
from eventcode.cli import group
from eventcode.errors import DatasetError
from eventcode.formats import parquet
from eventcode.pipeline import export_folders
from eventcode.pipeline.exporting import export
from eventcode.tables import TABLES, build

SCRIPT = """
import contextlib, io, json, os, re, sys
from pathlib import Path

for folder in sys.argv[1:]:
    os.chdir(folder)
    code = re.search(r"```python\\n(.*?)```", Path("README.md").read_text("utf-8"), re.DOTALL)[1]
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        exec(code)
    lines = [line for line in told.getvalue().splitlines() if line.endswith("hold") or line.endswith("holds")]
    found = {}
    for table, suite in suites.items():
        batches = source.add_dataframe_asset(table + " again").add_batch_definition_whole_dataframe("whole")
        batch = batches.get_batch({"dataframe": pd.read_parquet(f"{table}.parquet")})
        for result in batch.validate(gx.ExpectationSuite(**suite)).results:
            found[result.expectation_config.id] = bool(result.success)
    assert not [name for name in sys.modules if name.startswith("eventcode")]
    print("FOUND", json.dumps([lines, found]))
"""


def dataset(folder: Path, name: str, **rows: Any) -> tuple[Path, gate.Gate, list[Any]]:
    """A build folder of the rows of `gated`, the verdict of our gate on it, and what was asked."""
    book = small_build.codebook()
    tables = gated.dataset(book, **rows)
    card = gated.card(*gated.HOLDING)
    verdict = gate.gate(tables, gated.COUNTS, card, book)
    tables["rule_counts"] = build(TABLES["rule_counts"].columns, [asdict(count) for count in gated.COUNTS])
    home = folder / name
    for table, data in tables.items():
        parquet.write(home / f"{table}.parquet", data, TABLES[table].key)
    (home / "expectations.json").write_bytes(verdict.suite_json)
    made = {"id": book.id, "version": book.version, "digest": book.digest}
    (home / "manifest.json").write_text(json.dumps({"dataset": name, "codebook": made}), "utf-8")
    return home, verdict, gate.statements(card, book, gated.COUNTS)


BAD: Mapping[str, Any] = {
    "events": [gated.event(0, event_type="999", n_reports=None), gated.event(1, country="FRA", lat=None)],
    "documents": [gated.document(0, published_at_end=None)],
}


@pytest.mark.slow
def test_plain_great_expectations_gives_the_verdicts_of_the_gate_on_a_good_and_on_a_bad_dataset(
    tmp_path: Path,
) -> None:
    made = [dataset(tmp_path, "good"), dataset(tmp_path, "bad", **BAD)]
    out = [tmp_path / f"{home.name}-export" for home, _, _ in made]
    for (home, _, _), path in zip(made, out, strict=True):
        export(home, "expectations", path)
    script = tmp_path / "plain.py"
    script.write_text(SCRIPT, "utf-8")
    done = subprocess.run(
        [sys.executable, str(script), *map(str, out)], capture_output=True, text=True, cwd=tmp_path,
        env={"GX_ANALYTICS_ENABLED": "false", "PATH": ""}, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    plain = [
        json.loads(line.removeprefix("FOUND "))
        for line in done.stdout.splitlines()
        if line.startswith("FOUND ")
    ]
    for (_, verdict, asked), (lines, found) in zip(made, plain, strict=True):
        ours = {one.id: outcome["passed"] for one, outcome in zip(asked, verdict.results, strict=True)}
        assert found == ours
        holds = {line.split()[0]: line.endswith("holds") for line in lines}
        assert holds == {
            t: all(ours[one.id] for one in asked if one.table == t) for t in {one.table for one in asked}
        }
    assert made[0][1].passed
    assert not made[1][1].passed


def test_the_tables_of_an_export_are_those_that_the_gate_saw(tmp_path: Path) -> None:
    home, _, asked = dataset(tmp_path, "good")
    export(home, "expectations", tmp_path / "out")
    book = small_build.codebook()
    seen = frames(asked, {path.stem: parquet.read(path) for path in home.glob("*.parquet")}, gated.COUNTS)
    for table, frame in seen.items():
        data = parquet.read(tmp_path / "out" / f"{table}.parquet")
        assert data.column_names == [*frame.columns]
        assert data.num_rows == len(frame)
    assert {one.table for one in asked if one.summary} == {t for t in seen if summary_of(t, book)}


def test_the_export_is_the_same_bytes_each_time(tmp_path: Path) -> None:
    home, verdict, _ = dataset(tmp_path, "good")
    for name in ("one", "two"):
        export(home, "expectations", tmp_path / name)
    files = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert all((tmp_path / "one" / f).read_bytes() == (tmp_path / "two" / f).read_bytes() for f in files)
    assert (tmp_path / "one/expectations.json").read_bytes() == verdict.suite_json


def test_a_release_has_no_counts_of_rules_and_its_export_says_so(tmp_path: Path) -> None:
    home, _, _ = dataset(tmp_path, "good")
    (home / "rule_counts.parquet").unlink()
    done = export(home, "expectations", tmp_path / "out")
    assert [str(loss) for loss in done.losses] == [
        "rule_summary: a release has no counts of rules: export the build to run this suite (1 row)"
    ]
    assert "rule_summary" not in json.loads((tmp_path / "out/expectations.json").read_text("utf-8"))["suites"]


def test_the_page_beside_an_export_names_every_table_that_needs_words() -> None:
    assert re.search(r"```python\n.*gx\.ExpectationSuite\(\*\*suite\)", export_folders.HOW, re.DOTALL)
    assert "rule_summary" in export_folders.HOW


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_the_example_of_the_documentation_names_the_rows_that_break_a_rule(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = Path(__file__).parent.parent / "docs/great-expectations.md"
    example = re.search(r"```python\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    assert example is not None
    world = small_build.world()
    world["codings"][0]["event_type"] = "999"
    small_build.write(tmp_path / "build/camps", world)
    monkeypatch.chdir(tmp_path)
    gx.library()
    exec(example[1], {})
    key = world["codings"][0]["coding_id"]
    assert (
        f"codings.event_type-code [{{'coding_id': '{key}', 'event_type': '999'}}]" in capsys.readouterr().out
    )


@pytest.mark.slow
def test_data_docs_are_pages_about_every_table_and_say_what_failed(tmp_path: Path) -> None:
    book = small_build.codebook()
    tables = gated.dataset(book, **BAD)
    card = gated.card(*gated.HOLDING)
    passed = data_docs.data_docs(tmp_path, tables, gated.COUNTS, card, book, name="camps")
    assert not passed
    assert (tmp_path / "index.html").is_file()
    events = next((tmp_path / "validations/camps/events").rglob("whole.html")).read_text("utf-8")
    assert "999" in events
    assert "__none__" not in events
    assert "Data asset: events" in re.sub(r"<[^>]+>|\s+", " ", events).replace("  ", " ")
    assert "https://" in (tmp_path / "index.html").read_text("utf-8")  # what the notice is about


def test_data_docs_are_not_written_over_something_else(tmp_path: Path) -> None:
    from eventcode.pipeline.data_docs import write_data_docs

    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(DatasetError, match="holds something other than Data Docs"):
        write_data_docs(None, None, tmp_path)  # type: ignore[arg-type]
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_build_says_that_data_docs_need_the_network() -> None:
    told = CliRunner().invoke(group, ["build", "--help"]).output
    assert "--data-docs DIR" in told
    assert "from the network" in " ".join(told.split())
