"""Dawid and Skene's estimates: their data of 1979, what never changes, and what is refused."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventcode.errors import CoderError
from eventcode.reliability.dawid_skene import dawid_skene

SHARED = os.environ.get("EVENTCODE_SHARED")
CASES = Path(SHARED or "none") / "data" / "reliability" / "reference_public.json"
needs_cases = pytest.mark.skipif(
    not CASES.is_file(), reason="EVENTCODE_SHARED names no folder with the reference cases"
)


@pytest.fixture(scope="module")
def case() -> Mapping[str, Any]:
    """The anaesthetists of 1979, of whom the first saw every patient three times."""
    return {case["name"]: case for case in json.loads(CASES.read_text("utf-8"))}["dawid_skene1979_priors"]


@needs_cases
def test_the_anaesthetists_of_1979_come_out_as_published(case: Mapping[str, Any]) -> None:
    found = dawid_skene(case["matrix"])
    assert found.values == (1, 2, 3, 4)
    assert found.priors == pytest.approx([0.40, 0.42, 0.11, 0.07], abs=0.006)
    assert found.priors == pytest.approx(case["verified_with"]["own EM to 1e-13"], abs=1e-8)
    published = [[0.89, 0.11, 0, 0], [0.07, 0.88, 0.05, 0], [0, 0.34, 0.66, 0], [0, 0, 0.56, 0.44]]
    assert found.matrix("1") == pytest.approx(np.array(published), abs=0.006)
    assert found.rates == pytest.approx(np.array(case["error_rates_rows_true_cols_observed"]), abs=1e-4)
    assert [found.decided[unit] for unit in case["matrix"]] == case["map_class"]
    assert found.log_likelihood == pytest.approx(-192.8909, abs=1e-4)
    assert found.converged
    assert found.cautions == ()


@needs_cases
def test_repeats_may_be_coders_of_one_voter(case: Mapping[str, Any]) -> None:
    spread = {
        unit: {f"{coder}.{i}": value for coder, values in said.items() for i, value in enumerate(values)}
        for unit, said in case["matrix"].items()
    }
    voters = {coder: coder.split(".")[0] for said in spread.values() for coder in said}
    found, whole = dawid_skene(spread, voters=voters), dawid_skene(case["matrix"])
    assert found.voters == whole.voters
    assert found.priors == pytest.approx(whole.priors)


LABELS = st.dictionaries(
    st.integers(0, 12),
    st.dictionaries(
        st.sampled_from("abcd"), st.lists(st.sampled_from("xyz"), min_size=1, max_size=2), min_size=2
    ),
    min_size=3,
)


@settings(deadline=None, max_examples=60)
@given(LABELS, st.sampled_from([0.0, 0.01, 1.0]), st.data())
def test_what_is_maximised_never_falls(labels: Any, smoothing: float, data: st.DataObject) -> None:
    gold = data.draw(st.dictionaries(st.sampled_from(sorted(labels)), st.sampled_from("xyz"), max_size=4))
    found = dawid_skene(labels, smoothing=smoothing, gold=gold, iterations=200)
    steps = np.diff(found.trace)
    assert (steps >= -1e-7 * np.maximum(1, np.abs(found.trace[:-1]))).all()
    assert found.priors.sum() == pytest.approx(1)
    assert found.rates.sum(axis=2) == pytest.approx(np.ones(found.rates.shape[:2]))
    assert found.posteriors.sum(axis=1) == pytest.approx(np.ones(len(found.units)))
    assert all(found.decided[unit] == value for unit, value in gold.items())


def simulated(seed: int, units: int) -> tuple[dict[int, dict[str, str]], dict[int, str]]:
    """Three coders of an accuracy each, of units whose value is known."""
    rng = np.random.default_rng(seed)
    truth = {i: "yes" if rng.random() < 0.3 else "no" for i in range(units)}
    other = {"yes": "no", "no": "yes"}
    right = {"anna": 0.95, "ben": 0.85, "carla": 0.7}
    labels = {
        i: {coder: value if rng.random() < p else other[value] for coder, p in right.items()}
        for i, value in truth.items()
    }
    return labels, truth


def test_it_finds_the_error_rates_that_made_the_labels() -> None:
    labels, _ = simulated(3, 5000)
    found = dawid_skene(labels)
    assert found.priors[found.values.index("yes")] == pytest.approx(0.3, abs=0.04)
    for coder, right in (("anna", 0.95), ("ben", 0.85), ("carla", 0.7)):
        assert np.diag(found.matrix(coder)) == pytest.approx([right, right], abs=0.08)


def test_gold_units_are_what_they_are_said_to_be_and_teach_the_error_rates() -> None:
    labels, truth = simulated(4, 200)
    wrong = dict.fromkeys(range(5), "yes")
    assert all(dawid_skene(labels, gold=wrong).decided[i] == "yes" for i in wrong)
    known = dawid_skene(labels, gold=truth)
    share = np.mean([labels[i]["ben"] == "no" for i, value in truth.items() if value == "no"])
    assert known.matrix("ben")[0, 0] == pytest.approx(share)


def test_a_value_that_nobody_said_has_no_share_and_a_row_without_evidence() -> None:
    labels, _ = simulated(5, 100)
    found = dawid_skene(labels, values=["no", "yes", "never"])
    assert found.priors[2] == 0
    assert found.evidence[:, 2] == pytest.approx([0, 0, 0])
    assert found.matrix("anna")[2] == pytest.approx([1 / 3] * 3)
    assert dawid_skene(labels, values=["no", "yes", "never"], smoothing=0.5).priors[2] > 0


def test_smoothing_keeps_shares_from_the_edge() -> None:
    labels = {i: dict.fromkeys("abc", "x" if i < 5 else "y") for i in range(10)}
    assert dawid_skene(labels).rates.max() == 1
    assert dawid_skene(labels, smoothing=0.1).rates.max() < 1


def test_further_starts_never_end_lower_and_the_seed_decides() -> None:
    labels, _ = simulated(6, 30)
    one, many = dawid_skene(labels), dawid_skene(labels, starts=8, seed=2)
    assert many.trace[-1] >= one.trace[-1] - 1e-9
    assert many.priors.tolist() == dawid_skene(labels, starts=8, seed=2).priors.tolist()


def test_the_order_of_coders_and_units_changes_nothing() -> None:
    labels, _ = simulated(7, 60)
    turned = {i: dict(reversed(said.items())) for i, said in reversed(labels.items())}
    assert dawid_skene(turned).priors == pytest.approx(dawid_skene(labels).priors)
    assert dawid_skene(turned).decided == dawid_skene(labels).decided


def test_what_a_coder_did_not_say_is_left_out() -> None:
    labels, _ = simulated(8, 60)
    with_gaps = {**{i: {**said, "dan": None} for i, said in labels.items()}, "empty": {"anna": None}}
    found = dawid_skene(with_gaps)
    assert found.voters == ("anna", "ben", "carla")
    assert "empty" not in found.units


def test_one_voter_is_refused_and_runs_of_one_model_are_one() -> None:
    labels = {i: {"run-1": "x", "run-2": "y"} for i in range(4)}
    with pytest.raises(CoderError, match="only m has said anything"):
        dawid_skene(labels, voters={"run-1": "m", "run-2": "m"})
    with pytest.raises(CoderError, match="nobody has said anything"):
        dawid_skene({})


def test_two_voters_carry_a_caution() -> None:
    labels, _ = simulated(9, 50)
    two = {i: {"anna": said["anna"], "ben": said["ben"]} for i, said in labels.items()}
    assert dawid_skene(two).cautions[0].startswith("two voters only")


def test_a_run_that_is_cut_off_says_so() -> None:
    labels, _ = simulated(10, 50)
    found = dawid_skene(labels, iterations=2)
    assert not found.converged
    assert found.cautions == ("the estimates still moved after 2 steps",)


def test_values_that_are_not_given_and_negative_smoothing_are_refused() -> None:
    labels, _ = simulated(11, 10)
    with pytest.raises(CoderError, match="values that are not among those given: yes"):
        dawid_skene(labels, values=["no"])
    with pytest.raises(CoderError, match="cannot be negative"):
        dawid_skene(labels, smoothing=-1)
