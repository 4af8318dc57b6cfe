"""Alpha of sets of labels: distances between sets (MASI, Jaccard), and labels drawn by chance (multi-valued)."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventcode.errors import EventcodeError
from eventcode.reliability.alpha import alpha, alphas
from eventcode.reliability.distances import dice, jaccard, masi
from eventcode.reliability.patterns import patterns
from eventcode.reliability.units import units


def of(*words: str) -> list[list[Any]]:
    """Rows of sets from words of letters: "-" is the empty set, "." nothing said."""
    return [
        [None if w == "." else frozenset() if w == "-" else frozenset(w) for w in row.split()]
        for row in words
    ]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("a", "ab", 2 / 3),
        ("ab", "abcd", 2 / 3),
        ("ab", "bc", 8 / 9),
        ("a", "b", 1),
        ("ab", "ab", 0),
        ("", "a", 1),
        ("", "", 0),
    ],
)
def test_masi_is_that_of_passonneau_2006(one: str, other: str, expected: float) -> None:
    assert masi(frozenset(one), frozenset(other)) == pytest.approx(expected)
    assert masi(frozenset(other), frozenset(one)) == pytest.approx(expected)


def test_jaccard_and_dice() -> None:
    assert jaccard(frozenset("ab"), frozenset("bc")) == pytest.approx(2 / 3)
    assert dice(frozenset("ab"), frozenset("bc")) == pytest.approx(1 / 2)
    assert jaccard(frozenset(), frozenset()) == dice(frozenset(), frozenset()) == 0


sets = st.frozensets(st.sampled_from("abcd"), max_size=3)
tables = st.integers(2, 4).flatmap(
    lambda coders: st.lists(
        st.lists(st.one_of(st.none(), sets), min_size=coders, max_size=coders), min_size=1, max_size=8
    )
)


def test_distances_are_those_of_nltk() -> None:
    metrics = pytest.importorskip("nltk.metrics")
    some = [frozenset(labels) for size in range(4) for labels in combinations("abcd", size)]
    for one, other in product(some, some[1:]):  # nltk divides by zero for two empty sets
        assert jaccard(one, other) == pytest.approx(metrics.jaccard_distance(one, other))
        assert masi(one, other) == pytest.approx(metrics.masi_distance(one, other))


@pytest.mark.parametrize("distance", ["masi", "jaccard"])
@pytest.mark.parametrize("seed", range(4))
def test_alpha_of_sets_is_that_of_nltk(distance: str, seed: int) -> None:
    agreement, metrics = pytest.importorskip("nltk.metrics.agreement"), pytest.importorskip("nltk.metrics")
    rng = np.random.default_rng(seed)
    some = [frozenset("abcd"[i] for i in range(4) if bits >> i & 1) for bits in range(1, 16)]
    rows = [
        [some[i] for i in np.where(rng.random(3) < 0.6, rng.integers(15), rng.integers(0, 15, 3))]
        for _ in range(60)
    ]
    triples = [(coder, unit, cell) for unit, row in enumerate(rows) for coder, cell in enumerate(row)]
    task = agreement.AnnotationTask(data=triples, distance=getattr(metrics, f"{distance}_distance"))
    assert alpha(units(rows), "set", distance=distance).estimate == pytest.approx(task.alpha(), abs=1e-12)


def test_lists_of_labels_are_sets_and_masi_is_the_default() -> None:
    rows = [[["a", "b"], ["b", "a"]], [["a"], ["a", "c"]], [[], ["c"]]]
    found = alpha(units(rows), "set")
    assert found.estimate == alpha(units(of("ab ab", "a ac", "- c")), "set", distance="masi").estimate
    assert found.estimate != alpha(units(rows), "set", distance="jaccard").estimate


def test_what_is_no_set_is_refused() -> None:
    with pytest.raises(EventcodeError, match="each value is a set of labels"):
        alpha(units([["a", "b"]]), "set")
    with pytest.raises(EventcodeError, match="no distance 'cosine' between sets"):
        alpha(units(of("a b")), "set", distance="cosine")


# Krippendorff & Craggs 2016, tables 3, 8 and 9
@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (("bd d .", "abd b bd", "- a a", "a . ."), 0.287),
        (("a a a", "abd abd abde", "d d d"), 0.947),
        (("a a a", "ab ab abd", "d d d"), 0.923),
        (("a a a", "b b bd", "d d d"), 0.895),
        (("a a a", "ab ad bd", "d d d"), 0.716),
        (("a a a", "ab de f", "d d d"), 0.554),
        (("a b ab", "ab de f", "bd d be"), -0.002),
    ],
)
def test_multi_valued_alpha_of_the_article(rows: tuple[str, ...], expected: float) -> None:
    assert alpha(units(of(*rows)), "multi_valued").estimate == pytest.approx(expected, abs=0.0005)


def by_definition(rows: list[list[Any]]) -> float | None:
    """Multi-valued alpha with every pair of sets listed, in exact numbers."""
    kept = [[cell for cell in row if cell is not None] for row in rows]
    kept = [row for row in kept if len(row) > 1]
    said = [cell for row in kept for cell in row]
    n = {label: sum(label in cell for cell in said) for label in sorted(set().union(*said))}

    def far(one: frozenset[str], other: frozenset[str]) -> Fraction:
        return 1 - Fraction(2 * len(one & other), len(one) + len(other)) if one or other else Fraction(0)

    within = sum(
        (
            far(a, b) / (len(row) - 1)
            for row in kept
            for i, a in enumerate(row)
            for j, b in enumerate(row)
            if i != j
        ),
        Fraction(0),
    )
    between = Fraction(0)
    for s, t in product({len(cell) for cell in said}, repeat=2):
        top = bottom = Fraction(0)
        for c, k in product(combinations(n, s), combinations(n, t)):
            weight = Fraction(1)
            for label in c:
                weight *= n[label]
            for label in k:
                weight *= n[label] - 1 if label in c else n[label]
            bottom += weight
            top += weight * far(frozenset(c), frozenset(k))
        share = Fraction(
            sum(len(cell) == s for cell in said) * sum(len(cell) == t for cell in said),
            max(len(said), 1) ** 2,
        )
        between += share * top / bottom if bottom else 0
    return float(1 - within / len(said) / between) if between else None


@settings(max_examples=60, deadline=None)
@given(tables)
def test_multi_valued_alpha_is_that_of_listing_all_pairs_of_sets(rows: list[list[Any]]) -> None:
    found = alpha(units(rows), "multi_valued")
    given_sets = {
        cell for row in rows if sum(cell is not None for cell in row) > 1 for cell in row if cell is not None
    }
    if len(given_sets) > 1 and (expected := by_definition(rows)) is not None:
        assert found.estimate == pytest.approx(expected, abs=1e-9)
    else:
        assert found.estimate is None


@given(st.lists(st.lists(st.sampled_from("abc"), min_size=3, max_size=3), min_size=1, max_size=8))
def test_of_single_labels_multi_valued_alpha_is_nominal_alpha(rows: list[list[str]]) -> None:
    one = alpha(units(rows), "nominal")
    many = alpha(units([[frozenset(cell) for cell in row] for row in rows]), "multi_valued")
    assert one.reason == many.reason
    assert one.estimate is None or many.estimate == pytest.approx(one.estimate, abs=1e-9)


@pytest.mark.parametrize("level", ["set", "multi_valued"])
def test_many_weightings_at_once_are_repetitions_of_units(level: str) -> None:
    rows = of("a ab", "ab ab", "b bc", "c c", "- a")
    found = patterns(units(rows))
    times = np.random.default_rng(1).multinomial(5, [0.2] * 5, 20)
    drawn = alphas(found, times @ found.weights.toarray(), level, units(rows).values)
    for n, estimate in zip(times, drawn, strict=True):
        repeated = alpha(
            units([row for row, k in zip(rows, n, strict=True) for _ in range(k)]), level
        ).estimate
        assert (repeated is None) == bool(np.isnan(estimate))
        assert repeated is None or repeated == pytest.approx(estimate, abs=1e-9)
