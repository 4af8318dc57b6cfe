"""Drawing documents, and the jackknife that stands in for it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventcode.reliability import bootstrap, intervals, jackknife
from eventcode.reliability.alpha import LEVELS, alpha, alphas, disagreement
from eventcode.reliability.patterns import patterns
from eventcode.reliability.units import Numbers, Units, coded

SETS = tuple(frozenset(letters) for letters in ("a", "ab", "bc", "d", "acd"))
VALUES: dict[str, tuple[Any, ...]] = {
    "ratio": (0, 1, 2, 5, 9),
    "interval": (-3, 1, 2, 5, 9),
    "set": SETS,
    "multi_valued": SETS,
}
TREE = {0: None, 1: 0, 2: 0, 3: None, 4: 3}
STEPS = [[abs(i - j) for j in range(5)] for i in range(5)]
MORE: dict[str, dict[str, Any]] = {"hierarchical": {"tree": TREE}, "custom": {"distance": STEPS}}


def hard_and_easy(
    seed: int, n_documents: int = 60, n_coders: int = 3, values: tuple[Any, ...] = (0, 1, 2, 3, 4)
) -> Units:
    """Documents of five units, some hard for all coders and some easy, with missing codes and unequal weights."""
    rng = np.random.default_rng(seed)
    document = np.repeat(np.arange(n_documents), 5)
    errs = rng.beta(0.2, 0.8, n_documents)[document]
    truth = rng.integers(0, len(values), len(document))
    said = [
        np.where(rng.random(len(truth)) < errs, rng.integers(0, len(values), len(truth)), truth)
        for _ in range(n_coders)
    ]
    codes = np.stack(said, axis=1)
    codes[rng.random(codes.shape) < 0.1] = -1
    weights = rng.choice([0.5, 1.0, 2.0], n_documents)[document]
    return coded(codes, values, documents=document, weights=weights)


def at(level: str, seed: int = 1, **more: Any) -> Units:
    return hard_and_easy(seed, values=VALUES.get(level, (0, 1, 2, 3, 4)), **more)


def totals(weights: Numbers) -> Numbers:
    return weights.sum(axis=1)


# ── draws ──


def test_each_drawing_draws_as_many_documents_as_there_are() -> None:
    assert set(bootstrap.documents(totals, 7, seed=1, draws=50).tolist()) == {7.0}


def test_the_same_seed_draws_the_same_documents_and_another_seed_others() -> None:
    def first(weights: Numbers) -> Numbers:
        return weights[:, 0]

    one, again, other = (bootstrap.documents(first, 9, seed=seed, draws=40) for seed in (1, 1, 2))
    assert (one == again).all()
    assert (one != other).any()


def test_a_document_comes_up_as_often_as_chance_has_it() -> None:
    drawn = bootstrap.documents(lambda weights: weights[:, 3], 10, seed=1, draws=20_000)
    assert drawn.mean() == pytest.approx(1, abs=0.03)
    assert drawn.var() == pytest.approx(0.9, abs=0.04)  # of a binomial of 10 with 1/10


def test_the_sums_of_documents_are_those_of_copies_of_their_units() -> None:
    of = patterns(at("nominal"))
    rows = of.weights.toarray()
    found = np.concatenate(list(bootstrap.sums(of.weights, seed=4, draws=30)))
    drawn = bootstrap.documents(lambda weights: weights @ rows[:, 0], len(rows), seed=4, draws=30)
    assert found.shape == (30, len(of.sizes))
    assert found[:, 0] == pytest.approx(drawn)


def test_documents_that_are_alike_are_drawn_by_kind_and_say_the_same() -> None:
    rng = np.random.default_rng(1)
    truth = rng.integers(0, 3, 4000)
    codes = np.stack(
        [np.where(rng.random(4000) < 0.2, rng.integers(0, 3, 4000), truth) for _ in range(2)], axis=1
    )
    of = patterns(coded(codes, range(3)))  # each unit a document: as many kinds as patterns
    drawn = alphas(of, np.concatenate(list(bootstrap.sums(of.weights, seed=1, draws=2000))), "nominal")
    influences = jackknife.influence(of, "nominal")
    assert drawn.std() == pytest.approx(jackknife.standard_error(influences), rel=0.06)


def test_documents_without_anything_to_compare_are_not_drawn() -> None:
    of = patterns(coded([[0, 0], [0, 1], [1, -1], [1, 1]], range(2), documents=[0, 1, 2, 5]))
    found = np.concatenate(list(bootstrap.sums(of.weights, seed=1, draws=200)))
    assert set(found.sum(axis=1).tolist()) == {3.0}


def test_no_documents_have_no_draws() -> None:
    of = patterns(coded([[0, -1]], range(2)))
    assert list(bootstrap.sums(of.weights, seed=1)) == []
    assert len(bootstrap.documents(totals, 3, seed=1, draws=0)) == 0


@given(st.integers(0, 10_000), st.integers(2, 30), st.integers(1, 40))
@settings(max_examples=30, deadline=None)
def test_draws_do_not_depend_on_how_many_are_made_at_once(seed: int, n_documents: int, draws: int) -> None:
    def middle(weights: Numbers) -> Numbers:
        return weights @ np.arange(n_documents)

    whole = bootstrap.documents(middle, n_documents, seed=seed, draws=draws)
    assert (whole[:1] == bootstrap.documents(middle, n_documents, seed=seed, draws=1)).all()


# ── jackknife ──


@pytest.mark.parametrize("level", LEVELS)
def test_the_closed_form_is_what_a_small_change_of_each_document_does(level: str) -> None:
    units, how = at(level), MORE.get(level, {})
    of = patterns(units)
    rows, step = of.weights.toarray(), 1e-5
    up, down = (alphas(of, of.totals + sign * step * rows, level, units.values, **how) for sign in (1, -1))
    numeric = (up - down) / (2 * step)
    found = jackknife.influence(of, level, units.values, **how)
    assert found == pytest.approx(numeric - numeric.mean(), abs=1e-7)


def test_all_levels_but_the_multi_valued_have_a_closed_form() -> None:
    def has_one(level: str) -> bool:
        units = at(level)
        of = patterns(units)
        return (
            jackknife.gradient(disagreement(of, level, units.values, **MORE.get(level, {})), of) is not None
        )

    assert [level for level in LEVELS if not has_one(level)] == ["multi_valued"]


@pytest.mark.parametrize("level", LEVELS)
def test_jackknife_and_bootstrap_agree(level: str) -> None:
    units, how = at(level, n_documents=150), MORE.get(level, {})
    by_draws = intervals.interval(units, level, seed=1, method="bootstrap", draws=1500, **how)
    by_hand = intervals.interval(units, level, seed=1, method="jackknife", **how)
    assert by_hand.standard_error == pytest.approx(by_draws.standard_error, rel=0.08)
    assert by_hand.low == pytest.approx(by_draws.low, abs=0.01)


def test_the_jackknife_is_near_to_leaving_out_one_document_after_the_other() -> None:
    units = at("ordinal", n_documents=150)
    without = []
    for document in range(150):
        kept = units.documents != document
        rest = coded(
            units.codes[kept], units.values, documents=units.documents[kept], weights=units.weights[kept]
        )
        without.append(alpha(rest, "ordinal").estimate)
    left_out = np.array(without, dtype=float)
    by_leaving_out = float(np.sqrt(149 / 150 * ((left_out - left_out.mean()) ** 2).sum()))
    found = jackknife.standard_error(jackknife.influence(patterns(units), "ordinal", units.values))
    assert found == pytest.approx(by_leaving_out, rel=0.05)


def test_fewer_documents_make_up_the_variance_where_one_of_them_outweighs_the_rest() -> None:
    even = np.tile([1.0, -1.0], 20)
    one_heavy = np.append(np.zeros(39), 40.0)
    assert jackknife.freedom(even) == 39
    assert jackknife.freedom(np.random.default_rng(1).normal(size=4000)) == pytest.approx(3999, rel=0.1)
    assert jackknife.freedom(one_heavy - one_heavy.mean()) < 3


@given(st.integers(0, 1000), st.sampled_from(["nominal", "ordinal", "interval", "ratio"]))
@settings(max_examples=25, deadline=None)
def test_influences_do_not_change_with_the_order_of_units_and_coders(seed: int, level: str) -> None:
    units = at(level, seed, n_documents=8)
    order = np.random.default_rng(seed).permutation(len(units.codes))
    turned = coded(
        units.codes[order][:, ::-1],
        units.values,
        documents=units.documents[order],
        weights=units.weights[order],
    )
    one, other = (jackknife.influence(patterns(of), level, of.values) for of in (units, turned))
    assert one == pytest.approx(other, abs=1e-9, nan_ok=True)
