"""Whether one coefficient lies above another that shares its documents."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from eventcode.errors import EventcodeError
from eventcode.reliability import intervals, paired
from eventcode.reliability.units import Units, coded, units


def two_versions(seed: int, n_documents: int = 80, better: float = 0.5) -> tuple[Units, Units]:
    """The same documents under two versions of a codebook: what is hard is hard under both, but under the second there are fewer errors."""
    rng = np.random.default_rng(seed)
    document = np.repeat(np.arange(n_documents), 5)
    errs = rng.beta(0.2, 0.6, n_documents)[document]
    truth = rng.integers(0, 3, len(document))

    def said(scale: float) -> Units:
        codes = [
            np.where(rng.random(len(truth)) < errs * scale, rng.integers(0, 3, len(truth)), truth)
            for _ in range(2)
        ]
        return coded(np.stack(codes, axis=1), range(3), documents=document, coders=("ann", "bo"))

    return said(1.0), said(better)


def test_the_second_version_is_better_and_how_probably() -> None:
    old, new = two_versions(1)
    found = paired.difference(new, old, "nominal", seed=1)
    assert found.estimate == pytest.approx((found.first or 0) - (found.second or 0))
    assert found.low is not None
    assert 0 < found.low < found.estimate < (found.high or 0)  # type: ignore[operator]
    assert found.p_above == pytest.approx(1, abs=0.01)
    assert (found.n_documents, found.n_shared, found.draws, found.seed) == (80, 80, 1000, 1)


def test_turned_round_the_difference_is_its_negative() -> None:
    old, new = two_versions(1)
    one, other = (
        paired.difference(new, old, "nominal", seed=1),
        paired.difference(old, new, "nominal", seed=1),
    )
    assert other.estimate == pytest.approx(-(one.estimate or 0))
    assert other.low == pytest.approx(-(one.high or 0), abs=0.01)
    assert other.p_above == pytest.approx(1 - (one.p_above or 0), abs=0.01)


def test_on_the_same_documents_the_difference_is_surer_than_on_different_ones() -> None:
    old, new = two_versions(1)
    apart = replace(new, documents=new.documents + 80)
    same, other = (
        paired.difference(new, old, "nominal", seed=1),
        paired.difference(apart, old, "nominal", seed=1),
    )
    assert same.estimate == other.estimate
    assert (other.n_documents, other.n_shared) == (160, 0)
    assert same.standard_error < 0.9 * other.standard_error  # type: ignore[operator]


def test_on_different_documents_the_variances_add() -> None:
    old, new = two_versions(1, 200)
    apart = replace(new, documents=new.documents + 200)
    found = paired.difference(apart, old, "nominal", seed=1)
    singly = [intervals.interval(units, "nominal", seed=1).standard_error or 0 for units in (old, new)]
    assert found.standard_error == pytest.approx(np.hypot(*singly), rel=0.08)


def test_two_pairs_of_coders_on_the_same_documents() -> None:
    old, new = two_versions(1)
    four = coded(
        np.hstack([new.codes, old.codes]), range(3), documents=old.documents, coders=("ann", "bo", "cy", "di")
    )
    found = paired.difference(
        paired.only(four, ("bo", "ann")), paired.only(four, ("cy", "di")), "nominal", seed=1
    )
    assert found.estimate == pytest.approx(paired.difference(new, old, "nominal", seed=1).estimate)
    with pytest.raises(EventcodeError, match="no coder 'eve'"):
        paired.only(four, ("ann", "eve"))


def test_versions_with_other_values_are_compared_all_the_same() -> None:
    old, new = two_versions(1)
    finer = coded(new.codes, ("north", "south", "elsewhere"), documents=new.documents)
    assert paired.difference(finer, old, "nominal", seed=1).low is not None


def test_a_thing_beside_itself_has_a_difference_of_0_that_no_draw_moves() -> None:
    old, _ = two_versions(1)
    found = paired.difference(old, old, "nominal", seed=1)
    assert found.estimate == 0
    assert found.low is None
    assert found.reason == "the difference is the same whichever documents are drawn"


def test_where_one_side_has_no_coefficient_or_one_document_the_reason_says_which() -> None:
    old, _ = two_versions(1)
    constant = coded(np.zeros_like(old.codes), range(3), documents=old.documents)
    assert "the second has no coefficient: every value is the same" in str(
        paired.difference(old, constant, "nominal", seed=1).reason
    )
    single = replace(old, documents=np.zeros_like(old.documents))
    found = paired.difference(single, old, "nominal", seed=1)
    assert str(found.reason).startswith("the first has one document")
    assert found.estimate is not None


def test_numbers_that_the_level_has_no_distance_for_leave_no_difference() -> None:
    below, plain = units([[-1, 1], [1, 1]]), units([[1, 2], [2, 2]])
    found = paired.difference(below, plain, "ratio", seed=1)
    assert found.estimate is None
    assert "negative number" in str(found.reason)
