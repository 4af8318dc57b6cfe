"""Coders held against gold: which reading is gold, what counts as right, and what is printed of it."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import coders_at_work
from coders_at_work import Coding, Read, coding, corpus
from eventcode.cli import group
from eventcode.pipeline import agree, agree_gold
from eventcode.pipeline.agree_measure import World
from eventcode.pipeline.agree_settings import Plan
from eventcode.pipeline.simulate import simulate
from eventcode.project import Dataset, find
from eventcode.reliability import align
from eventcode.reliability.result import Agreement, Estimate

EVENT, OTHER = (0, 50), (100, 150)


def read(document: str, coder: str, *codings: Coding, **head: Any) -> Read:
    return coders_at_work.read(document, coder, codings, **{"codebook": "invented@1.0.0", **head})


def gold(document: str, *codings: Coding, coder: str = "key") -> Read:
    return read(document, coder, *codings, sample_role="gold")


def held(*reads: Read) -> dict[tuple[str, str], Estimate]:
    """The rows by coder and field."""
    of = agree_gold.keys(reads)  # type: ignore[arg-type]
    world = World(corpus(reads), Plan(align.Settings()), [], [])
    found = agree_gold.rows(world, agree_gold.units(world, of))
    return {(row.block.removeprefix("coder:"), str(row.field).rpartition(".")[2]): row for row in found}


def share(*reads: Read, coder: str = "ann", level: str = "leaf") -> tuple[float | None, int]:
    row = held(*reads)[coder, level]
    return row.estimate, row.n_units


# ── which reading is gold ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_reading_with_the_sample_role_gold_is_the_gold_of_its_document() -> None:
    reads = [
        gold("d1"),
        read("d1", "ann", sample_role="reliability"),
        gold("d2", coder="ann"),
        read("d3", "bob"),
    ]
    assert agree_gold.keys(reads) == {"d1": "key", "d2": "ann"}  # type: ignore[arg-type]


def test_a_document_with_two_gold_readings_has_none_and_that_is_told() -> None:
    reads = [gold("d1"), gold("d1", coder="bob"), gold("d2")]
    assert agree_gold.keys(reads) == {"d2": "key"}  # type: ignore[arg-type]
    first, second = agree_gold.cautions(reads, {"d2": "key"})  # type: ignore[arg-type]
    assert first.startswith("1 document has no single reading with the sample role gold")
    assert second.startswith("Gold is taken for true.")


def test_without_gold_nothing_is_told() -> None:
    assert [*agree_gold.cautions([read("d1", "ann")], {})] == []  # type: ignore[list-item]


# ── what is right ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_code_is_right_as_root_and_wrong_as_leaf() -> None:
    reads = gold("d1", coding("e1", "011", EVENT)), read("d1", "ann", coding("x", "012", EVENT))
    assert share(*reads, level="root") == (1.0, 1)
    assert share(*reads, level="leaf") == (0.0, 1)


def test_an_event_that_was_missed_and_one_that_is_not_there_are_wrong() -> None:
    reads = gold("d1", coding("e1", "011", EVENT)), read("d1", "ann", coding("x", "011", OTHER))
    assert share(*reads) == (0.0, 2)


def test_finding_nothing_where_gold_has_nothing_is_right() -> None:
    assert share(gold("d1"), read("d1", "ann")) == (1.0, 1)
    assert share(gold("d1"), read("d1", "ann", coding("x", "011", EVENT))) == (0.0, 1)


def test_each_coder_answers_for_the_documents_it_read() -> None:
    reads = (
        gold("d1", coding("e1", "011", EVENT)), gold("d2", coding("e1", "02", EVENT)),
        read("d1", "ann", coding("x", "011", EVENT)), read("d1", "bob", coding("x", "011", EVENT)),
        read("d2", "bob", coding("x", "03", EVENT), coding("y", "03", OTHER)),
    )  # fmt: skip
    found = held(*reads)
    assert {coder for coder, _ in found} == {"ann", "bob"}
    assert (found["ann", "leaf"].estimate, found["ann", "leaf"].n_documents) == (1.0, 1)
    assert (found["bob", "leaf"].estimate, found["bob", "leaf"].n_units) == (pytest.approx(1 / 3), 3)


def test_the_interval_is_wilsons() -> None:
    reads = [r for n in range(10) for r in (gold(f"d{n}", coding("e1", "011", EVENT)),
                                            read(f"d{n}", "ann", coding("x", "011" if n else "02", EVENT)))]  # fmt: skip
    row = held(*reads)["ann", "leaf"]
    assert (row.estimate, row.low, row.high) == pytest.approx((0.9, 0.5958, 0.9821), abs=1e-4)


def test_a_matrix_has_gold_in_its_rows_and_a_coder_in_its_columns() -> None:
    reads = (
        gold("d1", coding("e1", "011", EVENT)),
        read("d1", "ann", coding("x", "012", EVENT), coding("y", "02", OTHER)),
    )
    world = World(corpus(reads), Plan(align.Settings()), [], [])
    leaf, root = agree_gold.matrices_of(world, agree_gold.units(world, {"d1": "key"}))
    assert (leaf.rows, leaf.columns, leaf.level, root.level) == ("gold", "ann", "leaf", "root")
    assert leaf.values == ("011", "012", "02", "(no event)")
    assert leaf.counts[0] == (0, 1, 0, 0)
    assert leaf.counts[3] == (0, 0, 1, 0)


# ── a whole dataset ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def without(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("simulated") / "project"
    simulate(root, documents=12, n_coders=2)
    return root


@pytest.fixture(scope="module")
def dataset(without: Path, tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """The simulated project with Anna's readings once more, as gold."""
    root = Path(shutil.copytree(without, tmp_path_factory.mktemp("gold") / "project"))
    home = root / "datasets" / "simulated"
    rows = [
        json.loads(line)
        for path in (home / "readings" / "anna").glob("*.jsonl")
        for line in path.open(encoding="utf-8")
    ]
    gold_ = [{**row, "coder": "key", "sample_role": "gold"} for row in rows if row["revision"] == 1]
    (home / "readings" / "key").mkdir()
    (home / "readings" / "key" / "all.jsonl").write_text(
        "".join(json.dumps(row) + "\n" for row in gold_), "utf-8"
    )
    card = (home / "dataset.yaml").read_text("utf-8")
    (home / "dataset.yaml").write_text(
        card.replace("coders:\n", "coders:\n- {id: key, kind: person}\n"), "utf-8"
    )
    return find(root).dataset("simulated")


@pytest.fixture(scope="module")
def found(dataset: Dataset) -> Agreement:
    return agree.agreement(dataset, draws=100)


def test_gold_has_no_part_in_the_agreement_of_coders(found: Agreement, without: Path) -> None:
    plain = agree.agreement(find(without).dataset("simulated"), draws=100)
    assert tuple(row for row in found.estimates if row.section != "gold") == plain.estimates
    assert "key" not in {row["coder"] for row in found.coders}


def test_who_says_what_gold_says_is_right_every_time(found: Agreement) -> None:
    rows = {(row.block, row.field): row for row in found.estimates if row.section == "gold"}
    assert rows["coder:anna", "event_type.leaf"].estimate == 1.0
    ben = rows["coder:ben", "event_type.leaf"].estimate
    assert ben is not None
    assert 0 < ben < 1
    assert any(text.startswith("Gold is taken for true.") for text in found.cautions)


def test_the_terminal_and_the_matrices_show_gold(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(dataset.project.root)
    result = CliRunner().invoke(
        group, ["agree", "simulated", "--draws", "100", "--matrices", str(tmp_path / "m.csv")]
    )
    assert result.exit_code == 0, result.exception
    lines = result.stdout.partition("Share of event types that is right, by gold\n")[2].splitlines()
    assert lines[0].split() == [
        "coder",
        "root",
        "95%",
        "interval",
        "leaf",
        "95%",
        "interval",
        "units",
        "documents",
    ]
    assert lines[1].split()[:2] == ["anna", "1.000"]
    rows = [*csv.DictReader((tmp_path / "m.csv").open(encoding="utf-8"))]
    assert {(row["row"], row["column"]) for row in rows} == {
        ("coder", "coder"),
        ("gold", "anna"),
        ("gold", "ben"),
    }
