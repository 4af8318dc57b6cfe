"""The gate on agreement: the card demands a minimum of lower bounds, and what falls short is an error that can be waived."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from eventcode.cli import group
from eventcode.errors import DatasetError
from eventcode.pipeline import agree, agree_settings, agree_table, inputs, publishing
from eventcode.pipeline.check import check_dataset
from eventcode.pipeline.simulate import simulate
from eventcode.project import Dataset, find
from eventcode.reliability.result import Agreement, Estimate
from tiny_project import NAME, tiny_project

RULE = "agreement.below-minimum"


def with_card(root: Path, text: str, name: str = "simulated") -> Dataset:
    """The dataset with more at the end of its card."""
    card = root / "datasets" / name / "dataset.yaml"
    card.write_text(card.read_text("utf-8").partition("\nreliability:")[0] + f"\n{text}", "utf-8")
    return find(root).dataset(name)


def demanding(root: Path, name: str = "simulated", **minimum: float) -> Dataset:
    own = ", ".join(f"{key.replace('__', '.')}: {value}" for key, value in minimum.items())
    return with_card(root, f"reliability:\n  draws: 100\n  minimum: {{{own}}}\n", name)


@pytest.fixture(scope="module")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A simulated project of 24 documents and 3 coders."""
    root = tmp_path_factory.mktemp("simulated") / "project"
    simulate(root, documents=24, n_coders=3)
    return root


@pytest.fixture(autouse=True)
def _no_waivers(simulated: Path) -> None:
    (simulated / "datasets" / "simulated" / "waivers.csv").unlink(missing_ok=True)


def short(dataset: Dataset) -> list[Any]:
    return [f for f in check_dataset(dataset.project, dataset.name).findings if f.rule == RULE]


def agreement(*rows: Estimate) -> Agreement:
    return Agreement("simulated", "disarmament@1.0.1", {"theta": 0.4}, rows)


ROW = Estimate("detection", "readings", "status", "alpha", "nominal", "all", 0.8, 0.7, 0.9)


@pytest.mark.parametrize(
    ("row", "least", "message"),
    [
        (ROW, 0.667, None),
        (ROW, 0.7, None),
        (ROW, 0.75, "the lower bound of detection is .700, and the card demands 0.75 (estimate .800, 95% from .700 to .900)"),
        (replace(ROW, low=None, high=None, reason="one document"), 0.1, "the lower bound of detection must reach 0.1, and there is none: one document"),
        (replace(ROW, block="person–person"), 0.1, "detection must reach 0.1, and there is no coefficient: no two voters answered it of the same thing"),
        (replace(ROW, measure="percent_agreement"), 0.1, "detection must reach 0.1, and there is no coefficient: no two voters answered it of the same thing"),
    ],
)  # fmt: skip
def test_the_lower_bound_must_reach_the_minimum(
    simulated: Path, row: Estimate, least: float, message: str | None
) -> None:
    found = agree_table.findings(demanding(simulated, detection=least), agreement(row))
    assert [finding.message for finding in found] == ([message] if message else [])


def test_another_theta_does_not_count(simulated: Path) -> None:
    own = replace(ROW, section="coding", field="event_type.root", measure="alpha_pairwise_aligned", theta=0.3)
    assert len(agree_table.findings(demanding(simulated, event_type__root=0.1), agreement(own))) == 1


def test_a_check_tells_what_falls_short_with_its_line_in_the_card(simulated: Path) -> None:
    [found] = short(demanding(simulated, detection=0.999))
    assert (found.severity, found.table, found.key) == ("error", "agreement", "detection")
    assert found.place.path == "reliability.minimum.detection"
    assert found.place.file.endswith("dataset.yaml")
    assert found.place.line


def test_a_minimum_that_is_reached_says_nothing(simulated: Path) -> None:
    assert short(demanding(simulated, event_type__root=0.01)) == []


def test_every_field_can_be_demanded(simulated: Path) -> None:
    own = demanding(
        simulated,
        sources__identity=0.99999,
        derived__n_named=0.99999,
        joint=0.99999,
        evidence__event_type=0.99999,
    )
    assert [f.key for f in short(own)] == [
        "derived.n_named",
        "evidence.event_type",
        "joint",
        "sources.identity",
    ]


def test_a_field_that_nobody_answered_falls_short_with_the_reason(simulated: Path) -> None:
    [found] = agree_table.findings(demanding(simulated, realis=0.5), agreement(ROW))
    assert (
        found.message
        == "realis must reach 0.5, and there is no coefficient: no two voters answered it of the same thing"
    )


@pytest.mark.parametrize("named", ["minimum: {event_tipe: 0.5}", "headline: [detection, event_tipe]"])
def test_a_measure_that_there_is_none_of_is_a_mistake_in_the_card(simulated: Path, named: str) -> None:
    own = with_card(simulated, f"reliability:\n  draws: 100\n  {named}\n")
    for asked in (lambda: agree.agreement(own), lambda: agree_table.measured(inputs.load(own))):
        with pytest.raises(DatasetError) as caught:
            asked()
        [problem] = caught.value.problems
        assert "dataset.yaml" in str(problem)
        assert "nothing called 'event_tipe' is compared" in str(problem)
        assert "did you mean 'event_type'?" in str(problem)


def test_a_measure_that_there_is_none_of_is_refused_before_anybody_read_twice(tmp_path: Path) -> None:
    own = demanding(tiny_project(tmp_path / "project"), NAME, nosuch=0.5)
    with pytest.raises(DatasetError, match="nothing called 'nosuch' is compared"):
        agree_table.demanded(inputs.load(own))


def test_one_voter_never_reaches_a_minimum(tmp_path: Path) -> None:
    root = tmp_path / "project"
    simulate(root, documents=10, n_coders=2)
    card = root / "datasets" / "simulated" / "dataset.yaml"
    text = card.read_text("utf-8")
    for name in ("anna", "ben"):
        text = text.replace(f"- id: {name}\n", f"- id: {name}\n  voter: one\n")
    card.write_text(text, "utf-8")
    [found] = short(demanding(root, detection=0.1))
    assert (
        found.message
        == "the lower bound of detection must reach 0.1, and there is none: no two voters read the same document"
    )


def test_a_waiver_covers_it_on_record(simulated: Path) -> None:
    (simulated / "datasets" / "simulated" / "waivers.csv").write_text(
        f"rule,key,who,why\n{RULE},detection,the editors,the codebook is being revised\n", "utf-8"
    )
    [found] = short(demanding(simulated, detection=0.999))
    assert found.waived == "the editors: the codebook is being revised"


def test_a_release_is_refused_where_something_falls_short(tmp_path: Path) -> None:
    root = Path(__file__).parent.parent
    shutil.copytree(root / "datasets" / "iraq-militias-2025", tmp_path / "datasets" / "iraq-militias-2025")
    with pytest.raises(DatasetError) as caught:
        publishing.release_dataset(demanding(tmp_path, "iraq-militias-2025", event_type__root=0.667), "1.0")
    assert f"{RULE}: the lower bound of event_type.root must reach 0.667, and there is none" in str(
        caught.value
    )


def test_the_command_tells_it_and_exits_with_1(simulated: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    demanding(simulated, detection=0.999)
    monkeypatch.chdir(simulated)
    result = CliRunner().invoke(group, ["agree", "simulated"])
    assert result.exit_code == 1
    assert f"{RULE}: the lower bound of detection is " in result.stderr
    assert "\n  → see `eventcode agree`: clarify the codes" in result.stderr


def test_the_rule_can_be_explained(simulated: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(simulated)
    result = CliRunner().invoke(group, ["check", "--explain", RULE])
    assert result.exit_code == 0
    assert "the lower bound of a coefficient does not reach the minimum" in " ".join(result.stdout.split())


def test_without_a_minimum_a_check_measures_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: Any) -> None:
        raise AssertionError("measured")

    monkeypatch.setattr(agree_table, "measured", refused)
    check_dataset(find(tiny_project(tmp_path / "project")), NAME)


def test_where_nobody_read_a_document_twice_the_minimum_is_not_reached(tmp_path: Path) -> None:
    own = demanding(tiny_project(tmp_path / "project"), NAME, detection=0.5)
    [found] = agree_table.demanded(inputs.load(own))
    assert (
        found.message
        == "detection must reach 0.5, and there is no coefficient: no document was read by two coders"
    )


# ── the settings of the card ──────────────────────────────────────────────────────────────────────────────────────────


def test_the_card_settles_how_agreement_is_measured(simulated: Path) -> None:
    text = (
        "reliability:\n  theta: 0.5\n  thetas: [0.45, 0.5]\n  tau: 7\n  seed: 9\n  draws: 100\n  weights: {date: 0}\n  samples: [reliability]\n"
        "  authors: [anna]\n  headline: [detection, realis]\n"
    )
    found = agree.agreement(with_card(simulated, text))
    own = {
        name: found.settings[name]
        for name in ("theta", "thetas", "tau", "seed", "draws", "samples", "headline")
    }
    assert own == {
        "theta": 0.5, "thetas": [0.45, 0.5], "tau": 7, "seed": 9, "draws": 100, "samples": ["reliability"],
        "headline": ["detection", "realis"],
    }  # fmt: skip
    assert found.settings["weights"]["date"] == 0
    assert found.settings["weights"]["evidence"] == 0.4
    assert any("anna wrote the codebook" in text for text in found.cautions)
    assert not any("were not drawn to measure reliability" in text for text in found.cautions)


def test_what_a_caller_sets_stands_above_the_card(simulated: Path) -> None:
    own = with_card(simulated, "reliability: {theta: 0.5, seed: 9}\n")
    settled = agree_settings.plan(own, theta=0.3, seed=2)
    assert (settled.align.theta, settled.seed, settled.draws) == (0.3, 2, 1000)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("reliability: {tetha: 0.5}\n", "tetha"),
        ("reliability: {theta: 1}\n", "reliability.theta"),
        ("reliability: {minimum: {detection: 1.2}}\n", "reliability.minimum.detection"),
        ("reliability: {weights: {event_type: 1}}\n", "event_type"),
        ("reliability: {draws: 3}\n", "reliability.draws"),
    ],
)  # fmt: skip
def test_a_setting_that_is_none_is_refused_with_its_line(simulated: Path, text: str, message: str) -> None:
    with pytest.raises(DatasetError) as caught:
        with_card(simulated, text)
    assert message in str(caught.value)


def test_an_author_who_is_no_coder_is_refused(simulated: Path) -> None:
    with pytest.raises(DatasetError, match="'zoe' is no coder of the dataset"):
        agree_settings.plan(with_card(simulated, "reliability: {authors: [zoe]}\n"))


def test_a_voter_makes_coders_one(simulated: Path) -> None:
    own = with_card(simulated, "")
    assert own.coders["anna"].voter is None
