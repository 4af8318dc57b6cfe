"""Percent agreement and the kappas: published values, other programs as oracles, and missing ratings."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from eventcode.errors import EventcodeError
from eventcode.reliability import kappa
from eventcode.reliability.alpha import NO_PAIRS, ONE_VALUE
from eventcode.reliability.units import Coefficient, Units, from_contingency, from_counts, units
from test_alpha import FOUR

ALL = (
    kappa.percent_agreement, kappa.fleiss_kappa, kappa.conger_kappa, kappa.brennan_prediger, kappa.gwet_ac1,
    kappa.gwet_ac2, kappa.cohen_kappa, kappa.weighted_kappa,
)  # fmt: skip
WEIGHTED = (
    kappa.percent_agreement,
    kappa.fleiss_kappa,
    kappa.conger_kappa,
    kappa.brennan_prediger,
    kappa.gwet_ac2,
)

ABSTRACTORS = [
    [13, 0, 0],
    [0, 20, 7],
    [0, 4, 56],
]  # Gwet 2008: 100 patients, two abstractors, three diagnoses
COHEN = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]  # Cohen 1960, table 2
PSYCHIATRIC = [
    [0, 0, 0, 6, 0], [0, 3, 0, 0, 3], [0, 1, 4, 0, 1], [0, 0, 0, 0, 6], [0, 3, 0, 3, 0], [2, 0, 4, 0, 0], [0, 0, 4, 0, 2],
    [2, 0, 3, 1, 0], [2, 0, 0, 4, 0], [0, 0, 0, 0, 6], [1, 0, 0, 5, 0], [1, 1, 0, 4, 0], [0, 3, 3, 0, 0], [1, 0, 0, 5, 0],
    [0, 2, 0, 3, 1], [0, 0, 5, 0, 1], [3, 0, 0, 1, 2], [5, 1, 0, 0, 0], [0, 2, 0, 4, 0], [1, 0, 2, 0, 3], [0, 0, 0, 0, 6],
    [0, 1, 0, 5, 0], [0, 2, 0, 1, 3], [2, 0, 0, 4, 0], [1, 0, 0, 4, 1], [0, 5, 0, 1, 0], [4, 0, 0, 0, 2], [0, 2, 0, 4, 0],
    [1, 0, 5, 0, 0], [0, 0, 0, 0, 6],
]  # fmt: skip  # Fleiss 1971, table 1: 30 patients, six psychiatrists, five diagnoses


def test_published_values_with_missing_ratings() -> None:
    of = units(FOUR)  # Gwet 2014 and the R package irrCAC, which is his
    for measure, expected in [
        (kappa.percent_agreement, 0.81818), (kappa.gwet_ac1, 0.77544), (kappa.fleiss_kappa, 0.76117),
        (kappa.conger_kappa, 0.76282), (kappa.brennan_prediger, 0.77273),
    ]:  # fmt: skip
        assert measure(of).estimate == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        (kappa.percent_agreement, 0.9753788), (kappa.gwet_ac2, 0.914), (kappa.fleiss_kappa, 0.86494),
        (kappa.conger_kappa, 0.85771), (kappa.brennan_prediger, 0.90152),
    ],
)  # fmt: skip
def test_published_values_with_quadratic_weights_and_missing_ratings(measure: Any, expected: float) -> None:
    assert measure(units(FOUR), "quadratic").estimate == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize(
    ("weighting", "expected"),
    [("linear", 0.859), ("quadratic", 0.914), ("ordinal", 0.899), ("radical", 0.820), ("ratio", 0.857)],
)
def test_published_values_of_ac2_under_each_weighting(weighting: str, expected: float) -> None:
    assert kappa.gwet_ac2(units(FOUR), weighting).estimate == pytest.approx(expected, abs=0.0005)


def test_published_values_of_two_coders() -> None:
    of = from_contingency(ABSTRACTORS)
    for found, expected in [
        (kappa.cohen_kappa(of), 0.7964094), (kappa.fleiss_kappa(of), 0.7962397), (kappa.gwet_ac1(of), 0.8493305),
        (kappa.brennan_prediger(of), 0.835), (kappa.percent_agreement(of), 0.89),
        (kappa.weighted_kappa(of, "quadratic"), 0.8921569), (kappa.fleiss_kappa(of, "quadratic"), 0.8921093),
        (kappa.gwet_ac2(of, "quadratic"), 0.9402369), (kappa.brennan_prediger(of, "quadratic"), 0.9175),
        (kappa.percent_agreement(of, "quadratic"), 0.9725),
    ]:  # fmt: skip
        assert found.estimate == pytest.approx(expected, abs=1e-7)


def test_cohen_s_own_examples() -> None:
    of = from_contingency(COHEN)
    assert kappa.cohen_kappa(of).estimate == pytest.approx(0.492, abs=0.0005)
    costs = [[0, 1, 3], [1, 0, 6], [3, 6, 0]]  # Cohen 1968, table 1
    assert kappa.weighted_kappa(of, costs).estimate == pytest.approx(0.348, abs=0.0005)


def test_fleiss_own_example_also_by_category() -> None:
    of = from_counts(PSYCHIATRIC)
    assert kappa.fleiss_kappa(of).estimate == pytest.approx(0.430, abs=0.0005)
    found = [one.estimate for one in kappa.fleiss_by_category(of).values()]
    assert found == pytest.approx([0.245, 0.245, 0.520, 0.471, 0.566], abs=0.0005)


# ── oracles ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def two_coders(seed: int, n_values: int = 4) -> Any:
    rng = np.random.default_rng(seed)
    first = rng.integers(0, n_values, 150)
    second = np.where(rng.random(150) < 0.6, first, rng.integers(0, n_values, 150))
    return np.column_stack([first, second])


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("weights", [None, "linear", "quadratic"])
def test_cohen_s_kappas_are_those_of_scikit_learn(seed: int, weights: str | None) -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    said = two_coders(seed)
    expected = metrics.cohen_kappa_score(said[:, 0], said[:, 1], weights=weights)
    found = kappa.weighted_kappa(units(said.tolist()), weights)
    assert found.estimate == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("seed", range(4))
def test_kappas_are_those_of_statsmodels(seed: int) -> None:
    rater = pytest.importorskip("statsmodels.stats.inter_rater")
    said = two_coders(seed)
    table = np.zeros((4, 4))
    np.add.at(table, (said[:, 0], said[:, 1]), 1)
    assert kappa.cohen_kappa(from_contingency(table)).estimate == pytest.approx(
        rater.cohens_kappa(table).kappa, abs=1e-12
    )
    costs = np.array([[0, 1, 2, 5], [1, 0, 1, 2], [2, 1, 0, 4], [5, 2, 4, 0]])
    expected = rater.cohens_kappa(table, weights=costs).kappa
    assert kappa.weighted_kappa(from_contingency(table), costs).estimate == pytest.approx(expected, abs=1e-12)
    counts = np.random.default_rng(seed).multinomial(5, [0.4, 0.3, 0.2, 0.1], 60)
    of = from_counts(counts)
    assert kappa.fleiss_kappa(of).estimate == pytest.approx(rater.fleiss_kappa(counts), abs=1e-12)
    randolph = rater.fleiss_kappa(counts, method="randolph")
    assert kappa.brennan_prediger(of).estimate == pytest.approx(randolph, abs=1e-12)


# ── what does not change them, and what they are to each other ────────────────────────────────────────────────────────

cells = st.one_of(st.none(), st.integers(1, 4))
tables = st.integers(2, 4).flatmap(
    lambda coders: st.lists(st.lists(cells, min_size=coders, max_size=coders), min_size=1, max_size=10)
)
measures = st.sampled_from(ALL)


def of(rows: list[list[Any]], **more: Any) -> Units:
    return units(rows, values=[1, 2, 3, 4], **more)


def same(one: Coefficient, other: Coefficient) -> None:
    assert one.reason == other.reason
    assert one.estimate is None or one.estimate == pytest.approx(other.estimate, abs=1e-9)


@given(tables, measures, st.randoms(use_true_random=False))
def test_the_order_of_units_and_of_coders_changes_nothing(
    rows: list[list[int | None]], measure: Any, chance: Any
) -> None:
    order = chance.sample(range(len(rows[0])), len(rows[0]))
    mixed = [[row[place] for place in order] for row in chance.sample(rows, len(rows))]
    same(measure(of(rows)), measure(of(mixed)))


@given(
    tables,
    st.sampled_from([kappa.percent_agreement, kappa.fleiss_kappa, kappa.conger_kappa, kappa.gwet_ac1]),
    st.permutations([1, 2, 3, 4]),
)
def test_other_names_of_codes_change_nothing(
    rows: list[list[int | None]], measure: Any, names: list[int]
) -> None:
    renamed = [[None if cell is None else names[cell - 1] for cell in row] for row in rows]
    same(measure(of(rows)), measure(of(renamed)))


@given(tables, measures, st.data())
def test_a_weight_of_two_is_the_unit_twice(
    rows: list[list[int | None]], measure: Any, data: st.DataObject
) -> None:
    times = data.draw(st.lists(st.integers(0, 3), min_size=len(rows), max_size=len(rows)))
    repeated = [row for row, n in zip(rows, times, strict=True) for _ in range(n)]
    assume(repeated)
    same(measure(of(rows, weights=times)), measure(of(repeated)))


@given(tables, measures)
def test_missing_is_not_a_category(rows: list[list[int | None]], measure: Any) -> None:
    same(measure(of(rows)), measure(of([[*row, None] for row in rows])))


@given(st.lists(st.lists(st.integers(1, 4), min_size=2, max_size=2), min_size=1, max_size=10))
def test_with_two_coders_conger_s_is_cohen_s_kappa(rows: list[list[int]]) -> None:
    same(kappa.conger_kappa(of(rows)), kappa.cohen_kappa(of(rows)))
    same(kappa.conger_kappa(of(rows), "linear"), kappa.weighted_kappa(of(rows), "linear"))


@given(tables)
def test_ac2_without_weights_is_ac1_and_so_is_weighted_kappa_cohen_s(rows: list[list[int | None]]) -> None:
    same(kappa.gwet_ac2(of(rows), None), kappa.gwet_ac1(of(rows)))
    same(kappa.weighted_kappa(of(rows), None), kappa.cohen_kappa(of(rows)))


def test_conger_s_chance_is_the_mean_over_pairs_of_coders() -> None:
    rows = np.random.default_rng(4).integers(1, 4, (30, 4))
    shares = np.array([[(column == value).mean() for value in (1, 2, 3)] for column in rows.T])
    chance = np.mean([shares[a] @ shares[b] for a in range(4) for b in range(4) if a != b])
    agreed = kappa.percent_agreement(units(rows.tolist())).estimate
    assert agreed is not None
    assert kappa.conger_kappa(units(rows.tolist())).estimate == pytest.approx(
        (agreed - chance) / (1 - chance)
    )


# ── where there is none, and what is refused ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("measure", ALL)
def test_without_pairs_there_is_none(measure: Any) -> None:
    found = measure(units([[1, None], [None, 2]]))
    assert (found.estimate, found.reason, found.n_units) == (None, NO_PAIRS, 0)
    assert measure(units([])).estimate is None


@pytest.mark.parametrize("measure", [kappa.cohen_kappa, kappa.fleiss_kappa, kappa.conger_kappa])
def test_one_value_leaves_nothing_beyond_chance(measure: Any) -> None:
    found = measure(units([[1, 1], [1, 1]], values=[1, 2]))
    assert (found.estimate, found.reason) == (None, ONE_VALUE)


def test_measures_whose_chance_does_not_rest_on_what_was_said_are_defined_for_one_value() -> None:
    constant = units([[1, 1], [1, 1]], values=[1, 2])
    assert kappa.brennan_prediger(constant).estimate == 1
    assert kappa.gwet_ac1(constant).estimate == 1
    assert kappa.percent_agreement(constant).estimate == 1
    alone = kappa.gwet_ac1(units([[1, 1]]))
    assert (alone.estimate, alone.reason) == (None, "there is only one value to give")


def test_cohen_s_kappa_takes_two_coders_of_those_who_said_something() -> None:
    found = kappa.cohen_kappa(units(FOUR))
    assert found.estimate is None
    assert found.reason == "Cohen's kappa compares two coders, and 4 coded: take Conger's"
    beside = [[a, None, b] for a, b in two_coders(1).tolist()]
    same(kappa.cohen_kappa(units(beside)), kappa.cohen_kappa(units(two_coders(1).tolist())))


@pytest.mark.parametrize("measure", WEIGHTED)
def test_weights_that_do_not_fit_are_refused(measure: Any) -> None:
    two = units([[1, 2], [2, 2]])
    with pytest.raises(EventcodeError, match="no weighting 'circular'"):
        measure(two, "circular")
    with pytest.raises(EventcodeError, match="disagreement weights of shape"):
        measure(two, [[1, 0], [0, 1]])


def test_weights_lie_apart_as_numbers_or_as_places() -> None:
    rows = [["low", "middle"], ["middle", "high"], ["high", "high"], ["low", "low"]]
    placed = units(rows, values=["low", "middle", "high"])
    numbered = units([[{"low": 1, "middle": 2, "high": 3}[cell] for cell in row] for row in rows])
    same(kappa.weighted_kappa(placed, "quadratic"), kappa.weighted_kappa(numbered, "quadratic"))
    far = units([[{"low": 1, "middle": 2, "high": 10}[cell] for cell in row] for row in rows])
    assert (
        kappa.weighted_kappa(far, "quadratic").estimate
        != kappa.weighted_kappa(numbered, "quadratic").estimate
    )


@pytest.mark.parametrize("measure", [kappa.weighted_kappa, kappa.gwet_ac2, kappa.brennan_prediger])
def test_numbers_lie_apart_alike_whatever_type_they_are_of(measure: Any) -> None:
    rows = [[1, 2], [2, 10], [10, 10], [1, 1]]
    of_numpy = units([[np.int64(cell) for cell in row] for row in rows])
    same(measure(of_numpy, "linear"), measure(units(rows), "linear"))
    large = units([[cell * 1e200 for cell in row] for row in rows])
    same(measure(large, "quadratic"), measure(units(rows), "quadratic"))
