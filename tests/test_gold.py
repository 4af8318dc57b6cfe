"""Coders against gold, and the intervals of shares."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventcode.reliability.gold import against_gold
from eventcode.reliability.wilson import share, wilson

GOLD = {1: "riot", 2: "riot", 3: "march", 4: "march", 5: "strike"}
LABELS = {
    1: {"anna": "riot", "ben": "riot"},
    2: {"anna": "march", "ben": "riot"},
    3: {"anna": "march"},
    4: {"anna": "march", "ben": "sit-in"},
    5: {},
    6: {"anna": "strike"},
}


def test_wilson_gives_the_published_bounds() -> None:
    # Newcombe 1998, Statistics in Medicine 17: 857–872, table I, method 3
    for k, n, low, high in (
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ):
        assert wilson(k, n) == pytest.approx((low, high), abs=5e-5)


@settings(deadline=None)
@given(st.integers(1, 500), st.data(), st.sampled_from([0.8, 0.95, 0.99]))
def test_wilson_is_that_of_statsmodels(n: int, data: st.DataObject, confidence: float) -> None:
    proportion = pytest.importorskip("statsmodels.stats.proportion")
    k = data.draw(st.integers(0, n))
    expected = proportion.proportion_confint(k, n, 1 - confidence, method="wilson")
    assert wilson(k, n, confidence) == pytest.approx(expected, abs=1e-9)


def test_accuracy_precision_and_recall_have_the_n_they_rest_on() -> None:
    found = against_gold(LABELS, GOLD)
    anna = found["anna"]
    assert (anna.accuracy.estimate, anna.accuracy.k, anna.accuracy.n) == (0.75, 3, 4)
    assert (anna.accuracy.low, anna.accuracy.high) == wilson(3, 4)
    assert (anna.n_units, anna.n_not_coded) == (4, 1)
    codes = {code.value: code for code in anna.codes}
    assert (codes["march"].precision.k, codes["march"].precision.n) == (2, 3)
    assert (codes["march"].recall.k, codes["march"].recall.n) == (2, 2)
    assert (codes["riot"].precision.estimate, codes["riot"].recall.estimate) == (1, 0.5)


def test_what_cannot_be_told_is_null_with_its_reason() -> None:
    codes = {code.value: code for code in against_gold(LABELS, GOLD)["ben"].codes}
    assert codes["march"].precision.estimate is None
    assert codes["march"].precision.reason == "the coder never gave it"
    assert codes["sit-in"].recall.reason == "it is not in the gold"
    nothing = against_gold({1: {"anna": None}}, GOLD)["anna"]
    assert (nothing.accuracy.estimate, nothing.accuracy.reason) == (
        None,
        "the coder said nothing of the gold units",
    )


def test_documents_that_are_alike_within_widen_the_interval() -> None:
    right = [1.0] * 40 + [0.0] * 10
    alone, alike = share(right, range(50)), share(right, [i // 5 for i in range(50)])
    assert alone.n_effective == 50
    assert alike.n_effective == pytest.approx(9, abs=0.5)
    assert alike.low < alone.low < alone.high < alike.high
    assert (alike.n, alike.n_clusters, alike.estimate) == (50, 10, 0.8)


def test_where_all_is_right_the_documents_are_the_n() -> None:
    found = share([1.0] * 30, [i // 10 for i in range(30)])
    assert (found.n_effective, found.high) == (3, 1)
    assert found.low == wilson(3, 3)[0]


def test_repeat_codings_are_not_independent() -> None:
    labels = {i: {"anna": ["x"] * 4 if i % 5 else ["y"] * 4} for i in range(20)}
    found = against_gold(labels, dict.fromkeys(range(20), "x"))["anna"]
    assert found.accuracy.n == 80
    assert found.accuracy.n_effective == pytest.approx(19)
    assert found.n_units == 20


def test_wilson_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    rng = np.random.default_rng(1)
    shares = rng.random(5000)
    intervals = [wilson(int(k), 40) for k in rng.binomial(40, shares)]
    held = [low <= p <= high for p, (low, high) in zip(shares, intervals, strict=True)]
    assert 0.94 < np.mean(held) < 0.96
