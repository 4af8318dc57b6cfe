"""Krippendorff's alpha for unitizing: the book's example, and its definition by brute force."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventcode.errors import EventcodeError
from eventcode.reliability.unitizing import Continuum, Span, alpha_u, disagreements

# Krippendorff 2004, p. 254: two coders i and j, categories c and k, on a continuum of 300 from 150 on.
BOOK = Continuum(
    150, 450, ("i", "j"),
    tuple(
        Span(coder, category, start, start + length)
        for coder, category, start, length in (
            ("i", "c", 225, 70), ("i", "c", 370, 30), ("j", "c", 220, 80), ("j", "c", 355, 20), ("j", "c", 400, 20),
            ("i", "k", 180, 60), ("i", "k", 300, 50), ("j", "k", 180, 60), ("j", "k", 300, 50),
        )
    ),
)  # fmt: skip


def test_the_example_of_the_book() -> None:
    assert alpha_u([BOOK]).estimate == pytest.approx(0.8591, abs=0.0005)
    assert alpha_u([BOOK], "c").estimate == pytest.approx(0.7286, abs=0.0005)
    assert alpha_u([BOOK], "k").estimate == 1
    assert disagreements(BOOK, "c") == pytest.approx((0.0144, 0.0532), abs=5e-5)


@st.composite
def continua(draw: st.DrawFn) -> Continuum:
    """A short continuum of two or three coders with spans of one category that do not overlap within a coder."""
    length = draw(st.integers(3, 12))
    coders = ("a", "b", "c")[: draw(st.integers(2, 3))]
    spans = []
    for coder in coders:
        cuts = sorted(draw(st.sets(st.integers(0, length), max_size=6)))
        marked = [Span(coder, "x", start, end) for start, end in pairwise(cuts) if draw(st.booleans())]
        spans += marked
    return Continuum(0, length, coders, tuple(spans))


def sections(continuum: Continuum, coder: str) -> list[tuple[int, int, bool]]:
    """Units and gaps of a coder as (begin, end, is a unit), position by position."""
    starts = {int(s.start): int(s.end) for s in continuum.spans if s.coder == coder}
    found, at = [], int(continuum.begin)
    while at < continuum.end:
        end = starts.get(at) or min([start for start in starts if start > at], default=int(continuum.end))
        found.append((at, end, at in starts))
        at = end
    return found


def difference(u: tuple[int, int, bool], v: tuple[int, int, bool]) -> int:
    """The squared difference of two sections where they stand (p. 253)."""
    if u[2] and v[2]:
        apart = u[1] <= v[0] or v[1] <= u[0]
        return 0 if apart else (u[0] - v[0]) ** 2 + (u[1] - v[1]) ** 2
    if u[2] and v[0] <= u[0] and u[1] <= v[1]:
        return (u[1] - u[0]) ** 2
    if v[2] and u[0] <= v[0] and v[1] <= u[1]:
        return (v[1] - v[0]) ** 2
    return 0


def by_brute_force(continuum: Continuum) -> tuple[float, float]:
    """Observed: over all pairs of coders; expected: over all pairs of sections, the one moved past the other place by place."""
    length, m = int(continuum.end - continuum.begin), len(continuum.coders)
    cut = [sections(continuum, coder) for coder in continuum.coders]
    observed = sum(difference(u, v) for one, other in combinations(cut, 2) for u in one for v in other)
    every = [section for own in cut for section in own]
    expected = 0
    for u, v in combinations(every, 2):
        here = (0, u[1] - u[0], u[2])
        for shift in range(-2 * length, 2 * length):
            expected += difference(here, (shift, shift + v[1] - v[0], v[2]))
    within = sum((u[1] - u[0]) * (u[1] - u[0] - 1) for u in every if u[2])
    pairs = m * length * (m * length - 1) - within
    return 2 * observed / (m * (m - 1) * length**2), 2 * expected / length / pairs if pairs else 0.0


@settings(deadline=None, max_examples=150)
@given(continua())
def test_it_is_its_definition(continuum: Continuum) -> None:
    assert disagreements(continuum, "x") == pytest.approx(by_brute_force(continuum))


@given(continua(), st.integers(-50, 50), st.permutations("abc"))
def test_moving_the_text_and_renaming_coders_changes_nothing(
    continuum: Continuum, by: int, names: list[str]
) -> None:
    name = dict(zip("abc", names, strict=True))
    moved = Continuum(
        continuum.begin + by, continuum.end + by, tuple(name[coder] for coder in continuum.coders),
        tuple(Span(name[s.coder], s.category, s.start + by, s.end + by) for s in reversed(continuum.spans)),
    )  # fmt: skip
    assert disagreements(moved) == pytest.approx(disagreements(continuum))


@given(continua())
def test_the_same_spans_agree_fully(continuum: Continuum) -> None:
    own = [span for span in continuum.spans if span.coder == "a"]
    same = replace(continuum, spans=tuple(replace(s, coder=coder) for coder in continuum.coders for s in own))
    found = alpha_u([same])
    assert found.estimate == 1 or found.reason == (
        "the spans leave nothing to disagree on" if own else "nobody marked a span"
    )


def test_spans_of_a_coder_that_overlap_are_one_unit() -> None:
    spans = (Span("i", "c", 0, 5), Span("i", "c", 3, 9), Span("i", "c", 4, 6), Span("j", "c", 0, 9))
    assert alpha_u([Continuum(0, 30, ("i", "j"), spans)]).estimate == 1


def test_spans_drawn_at_random_have_an_alpha_about_zero() -> None:
    rng = np.random.default_rng(1)
    texts = []
    for _ in range(1500):
        starts = rng.integers(0, 980, 2)
        spans = tuple(Span(coder, "c", int(s), int(s) + 20) for coder, s in zip("ij", starts, strict=True))
        texts.append(Continuum(0, 1000, ("i", "j"), spans))
    assert alpha_u(texts).estimate == pytest.approx(0, abs=0.05)


def test_documents_are_summed_and_weighted() -> None:
    other = Continuum(0, 100, ("i", "j"), (Span("i", "c", 0, 10), Span("j", "c", 40, 60)))
    do, de = np.array([disagreements(BOOK), disagreements(other)]).T
    assert alpha_u([BOOK, other]).estimate == pytest.approx(1 - do.sum() / de.sum())
    assert alpha_u([BOOK, other], weights=[1, 3]).estimate == pytest.approx(1 - (do @ [1, 3]) / (de @ [1, 3]))
    assert alpha_u([BOOK, other], weights=[1, 2]).estimate == pytest.approx(
        alpha_u([BOOK, other, other]).estimate
    )


def test_a_document_that_only_one_read_says_nothing() -> None:
    alone = Continuum(0, 9, ("i",), (Span("i", "c", 0, 3),))
    assert alpha_u([alone]).reason == "no document was read by two coders"
    found = alpha_u([alone, BOOK])
    assert (found.estimate, found.n_documents, found.n_units) == (alpha_u([BOOK]).estimate, 1, 9)


def test_a_coder_who_marked_nothing_disagrees_with_one_who_did() -> None:
    found = alpha_u([Continuum(0, 100, ("i", "j"), (Span("i", "c", 10, 30),))])
    assert found.estimate is not None
    assert found.estimate < 0.1


@pytest.mark.parametrize("span", [Span("i", "c", 5, 5), Span("i", "c", 8, 12), Span("k", "c", 1, 2)])
def test_spans_that_do_not_fit_are_refused(span: Span) -> None:
    with pytest.raises(EventcodeError, match="does not fit a continuum 0–10 read by i, j"):
        Continuum(0, 10, ("i", "j"), (span,))


def test_a_gap_that_is_a_little_shorter_than_a_span_has_no_room_for_it() -> None:
    same = tuple(Span(coder, "x", 0, 3) for coder in ("a", "b"))
    _, expected = disagreements(Continuum(0, 5.5, ("a", "b"), same))
    assert expected == pytest.approx(2 / 5.5 * (2 * 30 / 3) / (11 * 10 - 2 * 3 * 2))
