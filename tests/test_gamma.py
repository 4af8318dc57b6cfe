"""Gamma: best alignments against published ones and against all there are, chance, and what is refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventcode.errors import EventcodeError
from eventcode.reliability.gamma import gamma, invented, shuffled
from eventcode.reliability.gamma_alignment import Dissimilarity, TooManyError, best_alignment
from eventcode.reliability.unitizing import Continuum, Span

Rows = Sequence[tuple[str, str, int, int]]


def text(rows: Rows, end: int | None = None) -> Continuum:
    """A continuum from 0 on of rows (coder, category, start, end)."""
    spans = tuple(Span(*row) for row in rows)
    return Continuum(
        0, end or max(int(span.end) for span in spans), tuple(sorted({s.coder for s in spans})), spans
    )


SIMPLE = text(
    [
        ("1", "a", 1, 5),
        ("1", "b", 6, 10),
        ("1", "a", 11, 15),
        ("2", "a", 2, 6),
        ("2", "b", 7, 11),
        ("2", "a", 12, 16),
    ]
)
UNEQUAL = text(
    [
        ("1", "a", 1, 5),
        ("1", "b", 6, 10),
        ("1", "a", 20, 24),
        ("1", "b", 30, 34),
        ("2", "a", 2, 6),
        ("2", "b", 31, 35),
    ]
)
THREE = text(
    [
        ("1", "a", 1, 5),
        ("1", "b", 10, 14),
        ("2", "a", 2, 6),
        ("2", "b", 11, 15),
        ("3", "a", 1, 4),
        ("3", "c", 9, 14),
    ]
)
WEIGHTED = text(
    [
        ("1", "a", 1, 5),
        ("1", "b", 6, 10),
        ("1", "c", 11, 15),
        ("2", "a", 2, 7),
        ("2", "b", 8, 12),
        ("2", "a", 11, 15),
    ]
)
# Three coders of one text, the example that travels with the measure.
EXAMPLE = text(
    [
        *[("Alex", c, s, e) for c, s, e in (("1", 2, 9), ("2", 11, 17), ("5", 24, 30), ("6", 32, 36), ("6", 36, 44), ("7", 44, 60))],
        *[("Paul", c, s, e) for c, s, e in (("1", 2, 9), ("3", 11, 17), ("5", 19, 25), ("6", 32, 44))],
        *[("Suzan", c, s, e) for c, s, e in (("1", 2, 9), ("4", 11, 17), ("5", 21, 27), ("6", 32, 36), ("6", 36, 40), ("6", 40, 44))],
    ]
)  # fmt: skip


@pytest.mark.parametrize(
    ("continuum", "settings", "disorder"),
    [
        (SIMPLE, Dissimilarity(), 0.0625),
        (UNEQUAL, Dissimilarity(), 0.7083333),
        (THREE, Dissimilarity(), 0.4087564),
        (WEIGHTED, Dissimilarity(alpha=3, beta=2), 1.0277778),
        (EXAMPLE, Dissimilarity(alpha=3), 0.960625),
    ],
)
def test_best_alignments_have_the_disorder_that_pygamma_agreement_finds(
    continuum: Continuum, settings: Dissimilarity, disorder: float
) -> None:
    assert best_alignment(continuum, settings).disorder == pytest.approx(disorder, abs=1e-6)


@pytest.mark.parametrize(
    ("continuum", "settings", "sampler", "published"),
    [
        (SIMPLE, Dissimilarity(), "statistical", 0.8836),
        (UNEQUAL, Dissimilarity(), "statistical", 0.5668),
        (THREE, Dissimilarity(), "statistical", 0.6588),
        (WEIGHTED, Dissimilarity(3, 2), "statistical", 0.2443),
        (EXAMPLE, Dissimilarity(3), "shuffle", 0.455),
    ],
)
def test_gamma_is_that_of_pygamma_agreement_within_chance(
    continuum: Continuum, settings: Dissimilarity, sampler: str, published: float
) -> None:
    found = gamma([continuum], settings, seed=1, sampler=sampler, precision=0.03)
    assert found.coefficient.estimate == pytest.approx(published, abs=0.05)
    assert found.standard_error is not None
    assert found.coefficient.estimate == pytest.approx(1 - found.observed / found.expected)


def alignments(spans: list[list[Span]]) -> Iterator[list[tuple[Span | None, ...]]]:
    """Every way to lay spans into unitary alignments."""
    left = next((i for i, own in enumerate(spans) if own), None)
    if left is None:
        yield []
        return
    first, *rest = spans[left]
    choices = [[None, *own] if i > left else [None] for i, own in enumerate(spans)]
    choices[left] = [first]
    for unitary in product(*choices):
        after = [[span for span in own if span != unitary[i]] for i, own in enumerate(spans)]
        after[left] = rest
        for others in alignments(after):
            yield [unitary, *others]


def disorder(alignment: list[tuple[Span | None, ...]], d: Dissimilarity) -> float:
    """The sum over unitary alignments of the mean over their pairs."""
    total = 0.0
    for unitary in alignment:
        pairs = list(combinations(unitary, 2))
        total += sum(
            d.empty if u is None or v is None else float(d.between([u], [v])[0, 0]) for u, v in pairs
        ) / len(pairs)
    return total


@st.composite
def small(draw: st.DrawFn) -> Continuum:
    """A text of 30 with up to three spans of each of two to four coders."""
    coders = "abcd"[: draw(st.integers(2, 4))]
    rows = []
    for coder in coders:
        for start, length, category in draw(
            st.lists(
                st.tuples(st.integers(0, 20), st.integers(1, 9), st.sampled_from("xy")),
                max_size=2,
                unique=True,
            )
        ):
            rows.append(Span(coder, category, start, start + length))
    return Continuum(0, 30, tuple(coders), tuple(rows))


@settings(deadline=None, max_examples=80)
@given(
    small(),
    st.sampled_from(
        [Dissimilarity(), Dissimilarity(3, 1), Dissimilarity(1, 2, 0.5), Dissimilarity(0.2, 0.1, 2)]
    ),
)
def test_the_best_alignment_is_the_best_of_all(continuum: Continuum, d: Dissimilarity) -> None:
    spans = [[span for span in continuum.spans if span.coder == coder] for coder in continuum.coders]
    best = min(disorder(alignment, d) for alignment in alignments(spans))
    found = best_alignment(continuum, d)
    assert found.cost == pytest.approx(best)
    assert disorder(list(found.unitary), d) == pytest.approx(best)
    laid = sorted(span for unitary in found.unitary for span in unitary if span)
    assert laid == sorted(continuum.spans)


def test_categories_may_be_near_each_other() -> None:
    near = Dissimilarity(distance=lambda a, b: 0.0 if a == b else 0.25)
    pair = text([("1", "a", 0, 10), ("2", "b", 0, 10)])
    assert best_alignment(pair, near).disorder == 0.25
    assert best_alignment(pair).disorder == 1


def test_the_same_spans_have_gamma_one_and_random_ones_about_zero() -> None:
    same = text([(coder, c, s, s + 5) for coder in "12" for c, s in (("a", 1), ("b", 10), ("c", 20))], 200)
    assert gamma([same], seed=1).coefficient.estimate == 1
    rng = np.random.default_rng(3)
    rows = [
        (coder, "ab"[i % 2], int(s), int(s) + 20)
        for coder in "123"
        for i, s in enumerate(rng.integers(0, 1900, 20))
    ]
    assert gamma([text(rows, 2000)], seed=1).coefficient.estimate == pytest.approx(0, abs=0.12)


def test_texts_are_aligned_apart_and_summed() -> None:
    found = gamma([SIMPLE, UNEQUAL, text([("9", "a", 0, 5)])], seed=1)
    assert found.observed == pytest.approx((3 * 0.0625 + 3 * 0.7083333) / 6, abs=1e-6)
    assert (found.coefficient.n_documents, found.coefficient.n_units) == (2, 12)


def test_the_seed_decides_and_precision_asks_for_draws() -> None:
    assert gamma([UNEQUAL], seed=4) == gamma([UNEQUAL], seed=4)
    assert gamma([UNEQUAL], seed=4).expected != gamma([UNEQUAL], seed=5).expected
    few, many = gamma([UNEQUAL], seed=4, precision=None), gamma([UNEQUAL], seed=4, precision=0.02)
    assert few.draws == 30 < many.draws
    assert many.standard_error < few.standard_error


def test_shuffling_keeps_spans_and_moves_them_apart() -> None:
    rng = np.random.default_rng(1)
    one = text([("1", "a", 10, 20), ("2", "a", 10, 20)], 400)
    for _ in range(50):
        first, second = shuffled(one, rng).spans
        assert [span.end - span.start for span in (first, second)] == [10, 10]
        apart = abs(first.start - second.start)
        assert min(apart, 400 - apart) >= 10


def test_invented_spans_have_the_numbers_and_lengths_of_the_text() -> None:
    rng = np.random.default_rng(1)
    drawn = [invented(EXAMPLE, rng) for _ in range(300)]
    lengths = [span.end - span.start for one in drawn for span in one.spans]
    assert np.mean(lengths) == pytest.approx(
        np.mean([span.end - span.start for span in EXAMPLE.spans]), rel=0.05
    )
    assert {span.category for one in drawn for span in one.spans} == {span.category for span in EXAMPLE.spans}


def test_what_has_no_gamma_says_why() -> None:
    assert gamma([], seed=1).coefficient.reason == "no document was read by two coders"
    assert gamma([Continuum(0, 9, ("a", "b"), ())], seed=1).coefficient.reason == "nobody marked a span"
    with pytest.raises(EventcodeError, match="no sampler dice"):
        gamma([SIMPLE], seed=1, sampler="dice")
    with pytest.raises(EventcodeError, match="needs two coders"):
        best_alignment(text([("1", "a", 0, 5)]))


def test_too_many_ways_to_align_are_refused_with_their_number() -> None:
    rows = [(coder, "a", start, start + 30) for coder in "12345" for start in range(12)]
    with pytest.raises(TooManyError, match="more than 1,000 ways to align spans of one text"):
        best_alignment(text(rows), limit=1000)
    found = gamma([text(rows)], seed=1, limit=1000)
    assert (found.coefficient.estimate, found.coefficient.reason) == (
        None,
        "more than 1,000 ways to align spans of one text",
    )
