"""How many documents to double-code: by formula without data, by the data where there are some."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventcode.errors import EventcodeError
from eventcode.reliability import intervals, planner
from eventcode.reliability.units import Units, coded


def documents_of_five(seed: int, n_documents: int, wild: float = 0.25) -> Units:
    """Two coders, a binary field; in a share `wild` of documents they guess."""
    rng = np.random.default_rng(seed)
    document = np.repeat(np.arange(n_documents), 5)
    guessed = (rng.random(n_documents) < wild)[document]
    truth = rng.random(len(document)) < 0.3
    codes = [np.where(guessed, rng.random(len(truth)) < 0.3, truth) for _ in range(2)]
    return coded(np.stack(codes, axis=1).astype(np.int64), (0, 1), documents=document)


# ── without data ──


def test_a_binary_field_of_15_percent_with_an_alpha_of_80_needs_1121_independent_units() -> None:
    assert planner.independent_units(0.05, alpha=0.80, prevalence=0.15, coders=2) == 1121


@given(st.floats(0.05, 0.95), st.floats(0.02, 0.98))
@settings(max_examples=50, deadline=None)
def test_the_variance_of_two_coders_is_that_of_the_intraclass_kappa_and_of_cohens_kappa(
    a: float, p: float
) -> None:
    intraclass = (1 - a) * ((1 - a) * (1 - 2 * a) + a * (2 - a) / (2 * p * (1 - p)))  # Bloch & Kraemer 1989
    assert planner.unit_variance(a, p) == pytest.approx(intraclass, rel=1e-9)
    both, differ = (
        p * p + a * p * (1 - p),
        (1 - a) * p * (1 - p),
    )  # Fleiss, Cohen & Everitt 1969, at equal marginals
    chance = p * p + (1 - p) ** 2
    agree = sum(
        share * (1 - 2 * given * (1 - a)) ** 2 for share, given in ((both, p), (1 - both - 2 * differ, 1 - p))
    )
    cohens = agree + 2 * (1 - a) ** 2 * differ - (a - chance * (1 - a)) ** 2
    assert planner.unit_variance(a, p) == pytest.approx(cohens / (1 - chance) ** 2, rel=1e-6)


@pytest.mark.parametrize("coders", [2, 3, 5])
def test_simulated_alphas_vary_as_the_formula_says(coders: int) -> None:
    n, p, a = 1200, 0.15, 0.8
    rng = np.random.default_rng(1)
    truth = rng.random((4000, n)) < p
    ones = np.zeros((4000, n))
    for _ in range(coders):
        ones += np.where(rng.random((4000, n)) < a**0.5, truth, rng.random((4000, n)) < p)
    differ = (2 * ones * (coders - ones) / (coders * (coders - 1))).mean(axis=1)
    given = ones.mean(axis=1) / coders
    alphas = 1 - (1 - 1 / (n * coders)) * differ / (2 * given * (1 - given))
    assert alphas.std() * n**0.5 == pytest.approx(planner.unit_variance(a, p, coders) ** 0.5, rel=0.03)


def test_documents_are_units_times_design_effect_by_units_a_document() -> None:
    found = planner.plan(None, "nominal", 0.05)
    assert (found.units, found.documents, found.design_effect) == (3365, 673, 3.0)
    assert (found.documents_low, found.reason) == (None, None)
    assert found.assumptions[0] == (
        "a binary field whose rarer value has 15%, with an alpha of .80 between 2 coders: 1,121 units if they were independent"
    )
    assert "assumed, not estimated" in found.assumptions[1]


def test_a_field_with_one_unit_a_document_such_as_detection_has_no_design_effect() -> None:
    found = planner.plan(coded([[0, 0], [1, 1], [0, 1]], (0, 1)), "nominal", 0.05)
    assert (found.documents, found.units, found.design_effect) == (1121, 1121, 1.0)
    assert "one unit a document, so that units are independent" in found.assumptions


def test_the_design_effect_and_the_units_of_a_document_can_be_given() -> None:
    found = planner.plan(None, "nominal", 0.05, design_effect=2, units_per_document=4)
    assert found.documents == 561  # 1,121 · 2 / 4, rounded up


def test_rarer_values_narrower_intervals_and_fewer_coders_need_more() -> None:
    usual = planner.independent_units(0.05)
    assert planner.independent_units(0.05, prevalence=0.05) > usual
    assert planner.independent_units(0.02) > usual
    assert planner.independent_units(0.05, coders=4) < usual


@pytest.mark.parametrize("half_width", [0, 1, -0.1, float("nan")])
def test_a_half_width_outside_0_to_1_is_refused(half_width: float) -> None:
    with pytest.raises(EventcodeError, match="a half-width of"):
        planner.plan(None, "nominal", half_width)


def test_a_single_coder_and_an_alpha_of_1_are_refused() -> None:
    with pytest.raises(EventcodeError, match="1 coder"):
        planner.independent_units(0.05, coders=1)
    with pytest.raises(EventcodeError, match="an alpha of 1"):
        planner.independent_units(0.05, alpha=1.0)


# ── from data ──


def test_a_sample_of_the_planned_size_has_the_half_width_that_was_asked_for() -> None:
    found = planner.plan(documents_of_five(1, 150), "nominal", 0.05)
    again = intervals.interval(documents_of_five(2, found.documents), "nominal", seed=1)
    assert found.documents > 150
    assert (again.high - again.low) / 2 == pytest.approx(0.05, abs=0.006)  # type: ignore[operator]


def test_what_is_there_is_enough_where_the_interval_is_narrow_already() -> None:
    units = documents_of_five(1, 400)
    now = intervals.interval(units, "nominal", seed=1)
    half = (now.high - now.low) / 2  # type: ignore[operator]
    assert (
        planner.plan(units, "nominal", half * 1.05).documents
        < 400
        < planner.plan(units, "nominal", half * 0.95).documents
    )


def test_documents_that_differ_in_difficulty_have_a_design_effect() -> None:
    units = documents_of_five(1, 300)
    found = planner.plan(units, "nominal", 0.05)
    singly = planner.plan(coded(units.codes, (0, 1)), "nominal", 0.05)
    assert found.design_effect > 1.5
    assert singly.design_effect == pytest.approx(1)
    assert found.units_per_document == 5
    assert found.units == found.documents * 5
    assert found.documents_low < found.documents < found.documents_high  # type: ignore[operator]


def test_few_documents_give_a_wide_range_and_say_so() -> None:
    few, many = (planner.plan(documents_of_five(3, n), "nominal", 0.05) for n in (20, 300))
    assert any("20 documents are few" in one for one in few.assumptions)
    assert not any("are few" in one for one in many.assumptions)
    assert few.documents_high / few.documents_low > many.documents_high / many.documents_low  # type: ignore[operator]


@pytest.mark.parametrize(
    ("units", "reason"),
    [
        (documents_of_five(1, 1), "1 document does not tell"),
        (documents_of_five(3, 9), "9 documents do not tell"),
        (documents_of_five(1, 40, wild=0), "nobody disagreed in 40 documents"),
        (coded([[0, 0]] * 30, (0, 1)), "there is no alpha yet: every value is the same"),
        (
            coded([[0, 0], [1, 1], [0, 1]] * 12, (0, 1), documents=np.repeat(np.arange(12), 3)),
            "the 12 documents all say the same",
        ),
    ],
)
def test_data_that_do_not_tell_give_way_to_assumptions_with_the_reason(units: Units, reason: str) -> None:
    found = planner.plan(units, "nominal", 0.05)
    assert str(found.reason).startswith(reason)
    assert found.n_documents == len(set(units.documents.tolist()))
    assert found.documents == math.ceil(1121 * found.design_effect / found.units_per_document)
    assert found.documents_low is None


# ── documents to read ──


def test_documents_without_anything_to_compare_count_in_the_plan() -> None:
    units = documents_of_five(1, 150)
    alone, read = planner.plan(units, "nominal", 0.05), planner.plan(units, "nominal", 0.05, read=200)
    assert (read.n_read, read.n_documents, read.share) == (200, 150, 0.75)
    for name in ("documents", "documents_low", "documents_high"):
        assert getattr(read, name) == math.ceil(getattr(alone, name) / 0.75)
    assert (read.units, read.design_effect) == (alone.units, alone.design_effect)
    assert any("of the 200 read twice: 75%" in one for one in read.assumptions)


def test_where_every_document_has_something_to_compare_the_plan_is_that_of_documents_compared() -> None:
    units = documents_of_five(1, 150)
    assert planner.plan(units, "nominal", 0.05, read=150) == planner.plan(units, "nominal", 0.05)


def test_assumptions_are_scaled_by_the_share_that_is_known() -> None:
    units = documents_of_five(3, 9)
    found = planner.plan(units, "nominal", 0.05, read=18)
    assert found.documents == math.ceil(2 * 1121 * found.design_effect / found.units_per_document)


def test_where_nothing_could_be_compared_yet_the_share_is_not_known() -> None:
    found = planner.plan(None, "nominal", 0.05, read=12)
    assert (found.n_read, found.share, found.documents) == (12, None, 673)
    assert any(
        "every document that is read twice is taken to have something" in one for one in found.assumptions
    )
