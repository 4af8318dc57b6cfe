"""The interval of a coefficient: what it holds, where there is none, and what it is not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventcode.errors import EventcodeError
from eventcode.reliability import intervals
from eventcode.reliability.alpha import alpha, alphas
from eventcode.reliability.intervals import Interval, interval, leave_one_coder_out, of_statistic
from eventcode.reliability.patterns import patterns
from eventcode.reliability.result import HIGH, LOW
from eventcode.reliability.units import Numbers, Units, coded


def documents_of_five(
    seed: int, n_documents: int, errs: float = 0.2, n_coders: int = 2, weights: Numbers | None = None
) -> Units:
    """Documents of five units with three codes; a share `errs` of documents is coded at random, the others without error."""
    rng = np.random.default_rng(seed)
    document = np.repeat(np.arange(n_documents), 5)
    wild = (rng.random(n_documents) < errs)[document]
    truth = rng.integers(0, 3, len(document))
    codes = np.stack([np.where(wild, rng.integers(0, 3, len(truth)), truth) for _ in range(n_coders)], axis=1)
    return coded(codes, range(3), documents=document, weights=None if weights is None else weights[document])


def bounds(found: Interval) -> tuple[float, float]:
    assert found.low is not None
    assert found.high is not None
    return found.low, found.high


@pytest.mark.parametrize("method", intervals.METHODS)
def test_an_interval_lies_around_the_estimate_and_tells_how_it_was_made(method: str) -> None:
    units = documents_of_five(1, 80)
    found = interval(units, "nominal", seed=7, method=method)
    low, high = bounds(found)
    assert low < alpha(units, "nominal").estimate < high < 1  # type: ignore[operator]
    assert found.method == ("bootstrap" if method == "auto" else method)
    assert (found.seed, found.draws) == (7, 0 if method == "jackknife" else 1000)
    assert found.n_documents == 80


def test_the_same_seed_gives_the_same_interval() -> None:
    units = documents_of_five(1, 40)
    one, again, other = (interval(units, "nominal", seed=seed) for seed in (1, 1, 2))
    assert one == again
    assert one.low != other.low


def test_drawing_documents_gives_a_wider_interval_than_drawing_units_of_documents_that_differ() -> None:
    units = documents_of_five(1, 100)
    singly = coded(units.codes, units.values)
    by_document, by_unit = interval(units, "nominal", seed=1), interval(singly, "nominal", seed=1)
    assert by_document.estimate == by_unit.estimate
    assert by_document.standard_error > 1.5 * by_unit.standard_error  # type: ignore[operator]


@pytest.mark.parametrize("n_documents", [30, 120])
def test_about_19_of_20_samples_of_documents_have_the_true_alpha_in_their_interval(n_documents: int) -> None:
    true = 0.8  # a fifth of documents is coded at random: D_o = D_e / 5
    held = []
    for seed in range(300):
        low, high = bounds(interval(documents_of_five(seed, n_documents), "nominal", seed=1, draws=200))
        held.append(low <= true <= high)
    assert np.mean(held) == pytest.approx(0.95, abs=0.035)


@given(st.integers(0, 500), st.integers(3, 40), st.floats(0.05, 0.9))
@settings(max_examples=40, deadline=None)
def test_the_lower_bound_lies_below_a_threshold_just_where_the_probability_of_it_is_above_a_fortieth(
    seed: int, n_documents: int, errs: float
) -> None:
    found = interval(documents_of_five(seed, n_documents, errs), "nominal", seed=1, draws=100)
    if found.low is not None and found.high is not None:
        assert found.p_below_667 is not None
        assert found.p_below_800 is not None
        assert found.p_below_667 <= found.p_below_800
        for bound, p in ((LOW, found.p_below_667), (HIGH, found.p_below_800)):
            assert (found.low < bound) == (p > 0.025)
            assert (found.high < bound) == (p > 0.975) or found.method == "none_disagreed"


def test_bounds_stay_between_minus_one_and_one() -> None:
    for seed in range(30):
        found = interval(documents_of_five(seed, 3, 0.6), "nominal", seed=1, draws=200)
        if found.low is not None and found.high is not None:
            assert -1 <= found.low <= found.high <= 1


# ── where there is none ──


def test_one_document_has_an_estimate_and_no_interval() -> None:
    found = interval(coded([[0, 0], [0, 1], [1, 1]], range(2), documents=[0, 0, 0]), "nominal", seed=1)
    assert found.estimate is not None
    assert (found.low, found.high, found.standard_error, found.p_below_667) == (None, None, None, None)
    assert (
        found.reason
        == "one document: what would vary from one to the next is not known, so there is no interval"
    )


def test_a_document_in_which_nothing_can_be_compared_does_not_count() -> None:
    found = interval(coded([[0, 0], [0, 1], [1, -1]], range(2), documents=[0, 0, 1]), "nominal", seed=1)
    assert found.n_documents == 1
    assert found.low is None


def test_without_coefficient_the_reason_is_that_of_the_coefficient() -> None:
    units = coded([[0, 0], [0, 0]], range(2))
    assert interval(units, "nominal", seed=1).reason == alpha(units, "nominal").reason


def test_documents_that_all_say_the_same_do_not_tell_what_would_vary() -> None:
    units = coded([[0, 0], [1, 1], [0, 1]] * 4, range(2), documents=np.repeat(np.arange(4), 3))
    assert interval(units, "nominal", seed=1).reason == intervals.UNVARIED


def test_a_code_so_rare_that_many_draws_miss_it_gives_no_interval() -> None:
    units = coded([[0, 1], *[[0, 0]] * 9], range(2))
    found = interval(units, "nominal", seed=1)
    assert found.low is None
    assert "too little variation in 10 documents: 3" in str(found.reason)


def test_a_method_that_is_none_is_refused() -> None:
    with pytest.raises(EventcodeError, match="no method 'wald'"):
        interval(documents_of_five(1, 5), "nominal", seed=1, method="wald")
    with pytest.raises(EventcodeError, match="no scale 'probit'"):
        of_statistic(lambda weights: weights[:, 0], 5, seed=1, scale="probit")


# ── where nobody disagreed ──


@pytest.mark.parametrize(("n_documents", "low"), [(2, 0.158), (10, 0.692), (100, 0.964)])
def test_agreement_in_all_documents_is_not_certainty(n_documents: int, low: float) -> None:
    codes = np.repeat(np.arange(n_documents) % 2, 2).reshape(-1, 2)
    found = interval(coded(codes, range(2)), "nominal", seed=1)
    assert bounds(found) == (
        pytest.approx(low, abs=0.001),
        1.0,
    )  # .025 ** (1 / n): of none in n (Clopper & Pearson 1934)
    assert found.method == "none_disagreed"
    assert found.standard_error is None
    assert found.p_below_667 == pytest.approx(LOW**n_documents)


def test_unequal_weights_count_as_fewer_documents_where_nobody_disagreed() -> None:
    codes = np.repeat(np.arange(20) % 2, 2).reshape(-1, 2)
    weights = np.array([10.0, *[1.0] * 19])
    even, uneven = (interval(coded(codes, range(2), weights=w), "nominal", seed=1) for w in (None, weights))
    assert bounds(uneven)[0] < bounds(even)[0]


# ── weights, and coders ──


def test_sampling_weights_move_the_estimate_and_the_interval() -> None:
    weights = np.where(np.arange(60) < 20, 4.0, 1.0)
    even, weighted = documents_of_five(1, 60), documents_of_five(1, 60, weights=weights)
    one, other = (interval(units, "nominal", seed=1) for units in (even, weighted))
    assert one.estimate != other.estimate
    assert other.standard_error > one.standard_error  # type: ignore[operator]


def test_weights_that_all_grow_alike_leave_the_interval_nearly_as_it_was() -> None:
    one, other = (
        interval(documents_of_five(1, 60, weights=np.full(60, times)), "nominal", seed=1)
        for times in (1.0, 50.0)
    )
    assert bounds(other) == pytest.approx(bounds(one), abs=0.005)


def test_leaving_one_coder_out_shows_who_disagrees_with_the_others() -> None:
    units = documents_of_five(1, 50, errs=0.1, n_coders=4)
    codes = units.codes.copy()
    codes[:, 2] = np.random.default_rng(5).integers(0, 3, len(codes))
    found = leave_one_coder_out(
        coded(codes, range(3), documents=units.documents, coders=("ann", "bo", "cy", "di")), "nominal"
    )
    assert max(found, key=lambda name: found[name].estimate or 0) == "cy"
    assert {one.n_coders for one in found.values()} == {3}


def test_of_two_coders_none_can_be_left_out() -> None:
    assert leave_one_coder_out(documents_of_five(1, 5), "nominal") == {}


# ── other statistics ──


def share(parts: Numbers) -> Interval:
    """Of parts (documents, 2): the share that the first column has in the second."""
    return of_statistic(
        lambda weights: (weights @ parts[:, 0]) / (weights @ parts[:, 1]), len(parts), seed=1, scale="share"
    )


def test_the_interval_of_a_share_stays_a_share() -> None:
    rng = np.random.default_rng(1)
    whole = rng.integers(1, 6, 40)
    found = share(np.stack([rng.binomial(whole, 0.95), whole], axis=1))
    low, high = bounds(found)
    assert 0.8 < low < found.estimate < high < 1  # type: ignore[operator]


def test_shares_of_all_and_of_none_have_a_bound_on_the_other_side() -> None:
    ones = np.ones((10, 2))
    assert bounds(share(ones)) == (pytest.approx(0.692, abs=0.001), 1.0)
    none = share(ones * [0, 1])
    assert bounds(none) == (0.0, pytest.approx(0.308, abs=0.001))
    assert none.p_below_667 == pytest.approx(1, abs=1e-4)


def test_the_statistic_of_alpha_has_the_interval_of_alpha() -> None:
    units = documents_of_five(1, 50)
    of = patterns(units)
    rows = of.weights.toarray()
    found = of_statistic(lambda weights: alphas(of, weights @ rows, "nominal"), 50, seed=1)
    assert bounds(found) == pytest.approx(bounds(interval(units, "nominal", seed=1)), abs=0.01)


def test_a_statistic_that_is_undefined_or_of_one_document_has_no_interval() -> None:
    assert of_statistic(lambda weights: np.full(len(weights), np.nan), 4, seed=1).reason is not None
    assert "one document" in str(of_statistic(lambda weights: weights[:, 0] / 2, 1, seed=1).reason)
