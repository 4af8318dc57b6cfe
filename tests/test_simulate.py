"""`eventcode simulate`: an invented project that says so, passes the checks, and errs as often as it says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from eventcode import text
from eventcode.cli import group
from eventcode.codebook.load import load
from eventcode.errors import DatasetError
from eventcode.pipeline import assemble, inputs, judge, simulate_parts, simulate_rates
from eventcode.pipeline.agree import agreement
from eventcode.pipeline.simulate import NAME, simulate
from eventcode.project import Dataset, find

Row = dict[str, Any]


def run(*words: object) -> Result:
    """A command."""
    return CliRunner().invoke(group, [*map(str, words)], env={"COLUMNS": "100"})


def lines(path: Path) -> list[Row]:
    """The objects of a JSONL file."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def content(root: Path) -> dict[str, bytes]:
    """Every file of a folder."""
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in root.rglob("*") if p.is_file()}


def coded(root: Path) -> Iterator[Row]:
    """Every reading."""
    for path in sorted((root / "datasets" / NAME / "readings").glob("*/*.jsonl")):
        yield from lines(path)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small simulated project with every coder."""
    root = tmp_path_factory.mktemp("simulated") / "project"
    simulate(root, documents=60, n_coders=5, seed=7)
    return root


@pytest.fixture(scope="module")
def dataset(project: Path) -> Dataset:
    return find(project).dataset(NAME)


# ── the command ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_command_lays_out_a_project_and_says_that_it_is_invented(tmp_path):
    told = run("simulate", tmp_path / "project", "--documents", 12, "--coders", 3, "--seed", 2)
    assert told.exit_code == 0, told.output
    assert "12 invented texts, 3 simulated coders" in told.output
    assert "eventcode agree simulated" in told.output
    assert find(tmp_path / "project").dataset_names() == [NAME]


def test_the_same_seed_makes_the_same_project_and_another_seed_another(tmp_path):
    for name, seed in (("one", 3), ("two", 3), ("three", 4)):
        simulate(tmp_path / name / "project", documents=15, seed=seed)
    one, two, three = (content(tmp_path / name / "project") for name in ("one", "two", "three"))
    assert one == two
    assert one.keys() == three.keys()
    assert one["datasets/simulated/raw/page-007.txt"] != three["datasets/simulated/raw/page-007.txt"]


def test_one_coder_more_changes_nothing_about_the_others(tmp_path):
    simulate(tmp_path / "four", documents=15, n_coders=4)
    simulate(tmp_path / "five", documents=15, n_coders=5)
    four, five = (content(tmp_path / name / "datasets" / NAME / "readings") for name in ("four", "five"))
    assert {name: five[name] for name in four} == four
    assert five.keys() - four.keys() == {"machine-again/simulated.jsonl"}


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"documents": 9}, "from 10 to 999 documents"),
        ({"n_coders": 1}, "from 2 to 5 coders"),
        ({"n_coders": 6}, "from 2 to 5 coders"),
    ],
)
def test_numbers_out_of_bounds_are_refused_and_nothing_is_written(tmp_path, asked, said):
    with pytest.raises(DatasetError) as error:
        simulate(tmp_path / "project", **asked)
    assert said in str(error.value.hint)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_taken_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(DatasetError, match="is there already"):
        simulate(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_write_that_fails_leaves_nothing_behind(tmp_path, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("eventcode.pipeline.simulate._write", full)
    with pytest.raises(DatasetError, match="No space left"):
        simulate(tmp_path / "project", documents=10)
    assert list(tmp_path.iterdir()) == []


# ── what it says of itself ────────────────────────────────────────────────────────────────────────────────────────────


def test_title_description_limits_and_coders_say_that_everything_is_simulated(dataset):
    card = dataset.card
    assert "Simulated" in card["title"]
    assert "Everything in this dataset is simulated" in card["description"]
    assert any("no text, actor, place, person" in limit for limit in card["limits"])
    assert all("Simulated" in coder["note"] for coder in card["coders"])


def test_nothing_of_the_real_world_is_in_it(dataset):
    real = {
        name.lower() for actor in load("disarmament").actors.values() for name in (actor.name, *actor.aliases)
    }
    for path in sorted((dataset.folder / "raw").glob("*.txt")):
        words = path.read_text("utf-8").lower()
        assert not [name for name in real if len(name) > 3 and f" {name} " in words]


# ── readings ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_checks_find_nothing_but_what_is_left_to_decide(dataset):
    result = judge.check(assemble.assemble(inputs.load(dataset)))
    left = {finding.rule for finding in result.findings if finding.severity == "error"}
    assert left == {"adjudication.ungrouped", "adjudication.sources-undecided"}


def test_every_span_is_one_of_the_text_it_was_read_from(project):
    texts = {
        path.stem: text.canonical(path.read_text("utf-8"))
        for path in (project / "datasets" / NAME / "raw").glob("*.txt")
    }
    seen = 0
    for reading in coded(project):
        rows = [*reading.get("sources", ()), *reading.get("codings", ())]
        rows += [row for coding in reading.get("codings", ()) for row in coding["support"]]
        for e in (e for row in rows for e in row["evidence"]):
            span = text.Span(e["start"], e["end"], e["salt"], e["quote_hash"])
            assert text.verify(texts[reading["document"]], span).status == "verified"
            seen += 1
    assert seen > 500


def test_who_coded_when_why_and_under_which_version_is_recorded(project, dataset):
    assert {coder.kind for coder in dataset.coders.values()} == {"person", "llm"}
    assert dataset.coders["machine"].version == dataset.coders["machine-again"].version
    readings = [*coded(project)]
    assert {row["codebook"] for row in readings} == {"disarmament@1.0.0", dataset.codebook.reference}
    assert {row["sample_role"] for row in readings} == {"training", "reliability"}
    assert all(("inclusion_p" in row) == (row["sample_role"] == "reliability") for row in readings)
    for coder in dataset.coders:
        times = [row["coded_at"] for row in readings if row["coder"] == coder]
        assert times == sorted(times)


def test_sources_of_every_identity_speak_and_some_deny(project):
    sources = [source for reading in coded(project) for source in reading.get("sources", ())]
    assert {source["identity"] for source in sources} == {"named", "anonymous", "own_voice"}
    assert {source.get("anonymity") for source in sources} >= {
        "stated_reason",
        "stated_no_reason",
        "not_explained",
    }
    support = [
        row
        for reading in coded(project)
        for coding in reading.get("codings", ())
        for row in coding["support"]
    ]
    assert {row["stance"] for row in support} >= {"asserts", "confirms", "denies"}


# ── decisions and links ───────────────────────────────────────────────────────────────────────────────────────────────


def test_a_part_is_decided_and_linked_and_the_rest_is_left(dataset):
    built = assemble.assemble(inputs.load(dataset))
    decided = {row["document"] for row in lines(dataset.folder / "decisions.jsonl")}
    assert 0 < len(decided) < 20
    assert not [
        f for f in built.findings if f.rule.startswith("adjudication.") and f.key.split("/")[0] in decided
    ]
    assert {row["status"] for row in built.rows["events"]} >= {"final", "candidate"}


def test_reports_of_one_happening_are_linked_to_one_event(tmp_path):
    simulate(tmp_path / "project", documents=200)
    of: dict[str, set[str]] = {}
    for link in lines(tmp_path / "project" / "datasets" / NAME / "links.jsonl"):
        of.setdefault(link["event"], set()).add(link["report"])
    assert max(len(reports) for reports in of.values()) > 1


# ── errors at known rates ─────────────────────────────────────────────────────────────────────────────────────────────


def test_wrong_codes_are_siblings_first_then_look_alikes_then_any_other():
    book = load("disarmament")
    told = [act["code"] for act in simulate_parts.parts()["acts"]]
    among = [code for code in book.codes if code in told or book.event_types[code].parent is None]
    odds = simulate_rates.confusions(book, "031", among)
    assert sum(odds.values()) == pytest.approx(1)
    assert "031" not in odds
    siblings = sum(share for code, share in odds.items() if book.root(code) == "030")
    assert siblings == pytest.approx(simulate_rates.SIBLING)


def test_a_coder_who_turns_errs_more_often_afterwards():
    carla = next(reader for reader in simulate_rates.READERS if reader.worse > 1)
    before, after = (
        simulate_rates.rates(carla, place, 1.0).code for place in (carla.turns - 0.01, carla.turns)
    )
    assert after == pytest.approx(before * carla.worse)


@pytest.mark.slow
def test_the_estimated_agreement_comes_near_what_the_rates_imply(tmp_path):
    """Per cent agreement on the exact code: of pairs that the program finds, of pairs that truly are one event, and by the rates."""
    simulate(tmp_path / "project", documents=400, seed=11)
    dataset = find(tmp_path / "project").dataset(NAME)
    truth, book = lines(tmp_path / "project" / "truth" / "documents.jsonl"), dataset.codebook
    codes = {
        (row["document"], row["coder"], coding["key"]): coding["event_type"]
        for row in coded(tmp_path / "project")
        for coding in row.get("codings", ())
    }
    readers = {reader.id: reader for reader in simulate_rates.READERS}
    told = [act["code"] for act in simulate_parts.parts()["acts"]]
    among = [code for code in book.codes if code in told or book.event_types[code].parent is None]
    wrong = {code: simulate_rates.confusions(book, code, among) for code in told}
    weigh, same, implied = 0.0, 0.0, 0.0
    for i, page in enumerate(truth):
        p = next(row for row in coded(tmp_path / "project") if row["document"] == page["document"]).get(
            "inclusion_p", 1.0
        )
        by = {
            coder: {event: key for key, event in of.items() if event is not None}
            for coder, of in page["codings"].items()
        }
        for (one, first), (other, second) in combinations(by.items(), 2):
            for event in first.keys() & second.keys():
                code = page["events"][event]["event_type"]
                a, b = (
                    simulate_rates.rates(readers[c], i / len(truth), page["difficulty"]).code
                    for c in (one, other)
                )
                weigh += 1 / p
                same += (
                    codes[page["document"], one, first[event]]
                    == codes[page["document"], other, second[event]]
                ) / p
                implied += ((1 - a) * (1 - b) + a * b * sum(share**2 for share in wrong[code].values())) / p
    assert same / weigh == pytest.approx(implied / weigh, abs=0.03)
    found = agreement(dataset, draws=100)
    (row,) = [
        e
        for e in found.estimates
        if (e.field, e.measure, e.block, e.theta) == ("event_type.leaf", "percent_agreement", "all", 0.4)
    ]
    assert row.estimate == pytest.approx(same / weigh, abs=0.03)
