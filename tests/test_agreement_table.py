"""The table `agreement`: in the build and the release where a document was read twice, the same bytes each time, and told in the data card."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import fields
from pathlib import Path

import pytest

import eventcode
from eventcode.codebook.load import load
from eventcode.pipeline import agree, agree_table, build, publishing
from eventcode.pipeline.simulate import simulate
from eventcode.project import Dataset, find
from eventcode.reliability.result import Estimate
from eventcode.tables import TABLES
from tiny_project import NAME, tiny_project


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """A simulated dataset of 10 documents and 3 coders, built."""
    root = tmp_path_factory.mktemp("simulated") / "project"
    simulate(root, documents=10, n_coders=3)
    own = find(root).dataset("simulated")
    build.build_dataset(own)
    return own


def built(dataset: Dataset) -> Path:
    return dataset.project.root / "build" / dataset.name


def test_its_columns_are_those_of_an_estimate_with_seed_draws_and_codebook() -> None:
    names = {field.name for field in fields(Estimate)}
    assert TABLES["agreement"].columns.keys() - names == {
        "agreement_id", "seed", "draws", "codebook_id", "codebook_version", "codebook_digest",
    }  # fmt: skip
    assert names <= TABLES["agreement"].columns.keys()


def test_a_build_has_what_the_command_tells(dataset: Dataset) -> None:
    table = eventcode.load(built(dataset), "agreement")
    found = agree.agreement(dataset)
    assert set(table.agreement_id) == {agree_table.row_id(row) for row in found.estimates}
    by_id = {agree_table.row_id(row): row for row in found.estimates}
    for row in table[table.estimate.notna()].to_dict("records"):
        assert row["estimate"] == pytest.approx(by_id[row["agreement_id"]].estimate, abs=1e-6)
    assert set(table.seed) == {1}
    assert set(table.draws) == {1000}
    assert set(table.codebook_version) == {load("disarmament").version}


def test_what_is_undefined_is_null_with_its_reason(dataset: Dataset) -> None:
    table = eventcode.load(built(dataset), "agreement")
    assert table[table.estimate.isna()].reason.notna().all()


def test_a_second_build_writes_the_same_bytes(dataset: Dataset) -> None:
    before = (built(dataset) / "agreement.parquet").read_bytes()
    build.build_dataset(dataset, force=True)
    assert (built(dataset) / "agreement.parquet").read_bytes() == before


def test_the_manifest_names_the_headline_the_cautions_and_the_settings(dataset: Dataset) -> None:
    told = json.loads((built(dataset) / "manifest.json").read_bytes())["agreement"]
    assert told["headline"][0] == "detection/status/alpha/nominal/all"
    assert told["settings"]["theta"] == 0.4
    assert any("hold the coders fixed" in text for text in told["cautions"])


def test_the_data_card_names_the_headline_with_its_cautions(dataset: Dataset) -> None:
    section = (
        (built(dataset) / "README.md")
        .read_text("utf-8")
        .partition("## Do the coders agree")[2]
        .partition("\n## ")[0]
    )
    assert "| event or none" in section
    assert "| finding and coding" in section
    assert "`codings.event_type.root`" in section
    assert re.search(r"\| −?\.\d{3} to \.\d{3} ", section)
    assert "0." not in section
    assert "What this does not show:" in section
    assert "hold the coders fixed" in " ".join(section.split())


def test_a_release_has_the_table_and_the_card_tells_it_too(tmp_path: Path) -> None:
    name = "iraq-militias-2025"
    shutil.copytree(Path(__file__).parent.parent / "datasets" / name, tmp_path / "datasets" / name)
    released = publishing.release_dataset(find(tmp_path).dataset(name), "1.0")
    assert set(eventcode.load(released.folder, "agreement").block) == {"all", "self-consistency"}
    card = (released.folder / "README.md").read_text("utf-8")
    assert "self-consistency, not reliability" in " ".join(card.split())
    package = json.loads((released.folder / "datapackage.json").read_bytes())
    assert "agreement" in {row["name"] for row in package["resources"]}


def test_where_nobody_read_a_document_twice_there_is_no_table(tmp_path: Path) -> None:
    own = find(tiny_project(tmp_path / "project")).dataset(NAME)
    build.build_dataset(own)
    assert not (built(own) / "agreement.parquet").exists()
    card = " ".join((built(own) / "README.md").read_text("utf-8").split())
    assert "No document was read twice, so nothing is known of how well coders agree." in card
    assert "agreement" not in json.loads((built(own) / "manifest.json").read_bytes())


def test_nothing_heavy_is_imported_where_nobody_read_a_document_twice(tmp_path: Path) -> None:
    import subprocess
    import sys

    tiny_project(tmp_path / "project")
    code = (
        "import sys; from eventcode.project import find; from eventcode.pipeline import agree_table, inputs;"
        f"assert agree_table.measured(inputs.load(find().dataset('{NAME}'))) is None;"
        "print([name for name in ('scipy', 'numpy') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path / "project", capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


def test_a_row_is_named_by_what_it_measures() -> None:
    row = Estimate(
        "coding", "codings", "event_type", "alpha_pairwise_aligned", "hierarchical", "all", 0.5, theta=0.4
    )
    assert agree_table.row_id(row) == "coding/event_type/alpha_pairwise_aligned/hierarchical/all/0.4"
