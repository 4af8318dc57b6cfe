"""Two people link reports into events: how far their partitions agree."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventcode.reliability import linking

PARTITIONS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=8).map(
    lambda events: (
        {f"r{i}": a for i, (a, _) in enumerate(events)},
        {f"r{i}": f"x{b}" for i, (_, b) in enumerate(events)},
    )
)


def partition(*events: str) -> dict[str, int]:
    """Reports of one letter: `partition("ab", "c")` puts a and b together."""
    return {report: number for number, event in enumerate(events) for report in event}


def test_the_same_partition_agrees_wholly_whatever_the_events_are_called() -> None:
    found = linking.linking(partition("ab", "cd"), {"a": "x", "b": "x", "c": "y", "d": "y"})
    assert found.pairwise == found.b_cubed == linking.Score(1.0, 1.0, 1.0, None)
    assert (found.n_reports, found.n_first, found.n_second, found.n_both) == (4, 2, 2, 2)


def test_the_example_of_bagga_and_baldwin() -> None:
    """Figure 2 of 1998: {1…5}, {6, 7}, {8…C} against {1…5}, {6…C}: B³ precision 16/21 = .76, recall 1; the other response 7/12 = .58."""
    truth = partition("12345", "67", "89ABC")
    near, far = partition("12345", "6789ABC"), partition("1234589ABC", "67")
    assert linking.linking(truth, near).b_cubed.precision == pytest.approx(16 / 21)
    assert linking.linking(truth, far).b_cubed.precision == pytest.approx(7 / 12)
    assert linking.linking(truth, near).b_cubed.recall == linking.linking(truth, far).b_cubed.recall == 1.0


def test_pairs_of_reports_put_together_by_one_are_held_against_those_of_the_other() -> None:
    found = linking.linking(partition("ab", "c"), partition("abc"))
    assert found.pairwise == linking.Score(1 / 3, 1.0, 0.5, None)


def test_only_reports_that_both_placed_are_compared() -> None:
    found = linking.linking(partition("abz"), partition("ab", "y"))
    assert (found.n_reports, found.pairwise.f1) == (2, 1.0)


@pytest.mark.parametrize(
    ("first", "second", "pairwise", "b_cubed"),
    [
        ((), (), linking.NO_REPORTS, linking.NO_REPORTS),
        (("a",), ("b",), linking.NO_REPORTS, linking.NO_REPORTS),
        (("a", "b"), ("a", "b"), linking.NO_LINKS, None),
        (
            ("ab",),
            ("a", "b"),
            "only one linker put two reports together, so that precision is undefined",
            None,
        ),
        (("a", "b"), ("ab",), "only one linker put two reports together, so that recall is undefined", None),
    ],
)
def test_what_is_undefined_is_none_with_a_reason(
    first: tuple, second: tuple, pairwise: str, b_cubed: str | None
) -> None:
    found = linking.linking(partition(*first), partition(*second))
    assert (found.pairwise.reason, found.b_cubed.reason) == (pairwise, b_cubed)
    assert None in (found.pairwise.precision, found.pairwise.recall)
    assert (found.b_cubed.f1 is None) == (b_cubed is not None)


@given(PARTITIONS)
def test_both_measures_follow_their_definitions(both: tuple) -> None:
    first, second = both
    found = linking.linking(first, second)
    together = [
        {frozenset(two) for two in combinations(side, 2) if side[two[0]] == side[two[1]]}
        for side in (first, second)
    ]
    shared = len(together[0] & together[1])
    assert (found.n_first, found.n_second, found.n_both) == (len(together[0]), len(together[1]), shared)
    if first:
        mine, theirs = (
            {r: {q for q in side if side[q] == side[r]} for r in side} for side in (first, second)
        )
        precision = sum(len(mine[r] & theirs[r]) / len(theirs[r]) for r in first) / len(first)
        assert found.b_cubed.precision == pytest.approx(precision)


@given(PARTITIONS)
def test_exchanging_the_linkers_exchanges_precision_and_recall(both: tuple) -> None:
    there, back = linking.linking(*both), linking.linking(*reversed(both))
    for one, other in ((there.pairwise, back.pairwise), (there.b_cubed, back.b_cubed)):
        assert (one.precision, one.recall) == pytest.approx((other.recall, other.precision))
        assert one.f1 == pytest.approx(other.f1)
