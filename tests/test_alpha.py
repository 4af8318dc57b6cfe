"""Krippendorff's alpha: published values, other programs as oracles, and what must not change it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from eventcode.errors import EventcodeError
from eventcode.reliability.alpha import NO_DISTANCE, NO_PAIRS, ONE_VALUE, TOO_LIGHT, alpha, alphas, by_value
from eventcode.reliability.patterns import patterns
from eventcode.reliability.units import (
    Units,
    coded,
    from_array,
    from_coincidences,
    from_contingency,
    from_counts,
    scaled,
    units,
)

NUMERIC = ("nominal", "ordinal", "interval", "ratio")

# Krippendorff 2011, section C: four coders, twelve units, missing values
FOUR = [
    [1, 1, None, 1], [2, 2, 3, 2], [3, 3, 3, 3], [3, 3, 3, 3], [2, 2, 2, 2], [1, 2, 3, 4], [4, 4, 4, 4], [1, 1, 2, 1],
    [2, 2, 2, 2], [None, 5, 5, 5], [None, None, 1, 1], [None, None, 3, None],
]  # fmt: skip
# Krippendorff 1980, p. 139: three coders, nine units
THREE = [[1, 1, 1], [1, 2, 2], [2, 2, 2], [4, 4, 4], [1, 4, 4], [2, 2, 2], [1, 2, 3], [3, 3, 3], [2, 2, 2]]
# Hayes & Krippendorff 2007, p. 84: five coders, forty units, "." for missing
FORTY = """
112.2 1101. 2333. .00.0 000.0 000.0 102.1 1.20. 222.2 2111. .100. 0000. 1222. 33223 111.1 111.1 212.2 1233. 1101. 000.0
0011. 00.00 2333. 0000. 12.22 0111. 00010 1212. 1122. 112.2 110.0 2121. 22.22 3222. 222.2 223.2 222.2 22.12 2222. 111.1
"""


def rows_of(words: str) -> list[list[int | None]]:
    return [[None if letter == "." else int(letter) for letter in word] for word in words.split()]


@pytest.mark.parametrize(
    ("level", "expected"),
    [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)],
)
def test_the_four_levels_of_krippendorff_2011(level: str, expected: float) -> None:
    found = alpha(units(FOUR), level)
    assert found.estimate == pytest.approx(expected, abs=0.0005)
    assert (found.n_units, found.n_values, found.n_coders, found.reason) == (11, 40, 4, None)


def test_other_published_values() -> None:
    assert alpha(units(rows_of(FORTY)), "ordinal").estimate == pytest.approx(0.7598, abs=0.00005)
    assert alpha(units(THREE), "nominal").estimate == pytest.approx(0.642, abs=0.0005)
    assert alpha(units(THREE), "interval").estimate == pytest.approx(0.547, abs=0.0005)
    assert alpha(units(THREE), "ratio").estimate == pytest.approx(0.483, abs=0.0005)
    abstractors = from_contingency([[13, 0, 0], [0, 20, 7], [0, 4, 56]])
    assert alpha(abstractors, "nominal").estimate == pytest.approx(0.7972585, abs=1e-7)
    assert alpha(abstractors, "interval").estimate == pytest.approx(0.8926487, abs=1e-7)


@pytest.mark.parametrize("level", NUMERIC)
@pytest.mark.parametrize("seed", range(6))
def test_alpha_is_that_of_the_package_krippendorff(level: str, seed: int) -> None:
    krippendorff = pytest.importorskip("krippendorff")
    rng = np.random.default_rng(seed)
    n_values = int(rng.integers(2, 12))
    truth = rng.integers(0, n_values, (200, 1))
    said = np.where(rng.random((200, 5)) < 0.6, truth, rng.integers(0, n_values, (200, 5))).astype(float)
    if seed % 2:
        said = np.sqrt(said) * 1.7  # numbers that are not whole
    said[rng.random(said.shape) < 0.3] = np.nan
    expected = krippendorff.alpha(reliability_data=said.T, level_of_measurement=level)
    assert alpha(from_array(said), level).estimate == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("level", NUMERIC)
def test_many_weightings_at_once_give_what_each_gives_by_itself(level: str) -> None:
    rng = np.random.default_rng(3)
    of = units(rows_of(FORTY))
    found = patterns(of)
    draws = rng.multinomial(40, np.full(40, 1 / 40), 25)
    drawn = alphas(found, found.weights.T.dot(draws.T).T, level, of.values)
    for weights, estimate in zip(draws, drawn, strict=True):
        one = Units(of.codes, of.values, of.documents, weights.astype(float), of.coders)
        assert alpha(one, level).estimate == pytest.approx(estimate, abs=1e-12)


# ── what does not change alpha ────────────────────────────────────────────────────────────────────────────────────────

cells = st.one_of(st.none(), st.integers(0, 5))
tables = st.integers(2, 5).flatmap(
    lambda coders: st.lists(st.lists(cells, min_size=coders, max_size=coders), min_size=1, max_size=12)
)
levels = st.sampled_from(NUMERIC)


def same(one: float | None, other: float | None) -> None:
    assert (one is None) == (other is None)
    assert one is None or one == pytest.approx(other, abs=1e-9)


def of(rows: list[list[Any]], level: str, **more: Any) -> float | None:
    return alpha(units(rows, **more), level).estimate


@given(tables, levels, st.randoms(use_true_random=False))
def test_the_order_of_units_and_of_coders_changes_nothing(
    rows: list[list[int | None]], level: str, chance: Any
) -> None:
    mixed = [
        chance.sample(row, len(row)) for row in chance.sample(rows, len(rows))
    ]  # alpha does not ask who gave which
    same(of(rows, level), of(mixed, level))


@given(tables, st.permutations(range(6)))
def test_other_names_of_nominal_codes_change_nothing(rows: list[list[int | None]], names: list[int]) -> None:
    renamed = [[None if cell is None else f"code {names[cell]}" for cell in row] for row in rows]
    same(of(rows, "nominal"), of(renamed, "nominal"))


@given(tables)
def test_ordinal_is_interval_on_mid_ranks_of_the_values_that_can_be_paired(
    rows: list[list[int | None]],
) -> None:
    pairable = [
        cell for row in rows if sum(c is not None for c in row) > 1 for cell in row if cell is not None
    ]
    rank = {
        cell: sum(o < cell for o in pairable) + pairable.count(cell) / 2
        for row in rows
        for cell in row
        if cell is not None
    }
    ranked = [[None if cell is None else rank[cell] for cell in row] for row in rows]
    same(of(rows, "ordinal"), of(ranked, "interval"))


@given(tables, levels)
def test_missing_is_not_a_category_nor_a_unit(rows: list[list[int | None]], level: str) -> None:
    absent = [[*row, None] for row in rows]
    alone = [[None] * (len(rows[0]) - 1) + [5], [None] * len(rows[0])]
    same(of(rows, level), of(absent, level))
    same(of(rows, level), of(rows + alone, level))


@given(tables, st.lists(st.floats(0.01, 50), min_size=6, max_size=6))
def test_a_monotone_transformation_leaves_ordinal_alpha(
    rows: list[list[int | None]], steps: list[float]
) -> None:
    up = np.cumsum(steps).tolist()
    same(
        of(rows, "ordinal"),
        of([[None if cell is None else up[cell] for cell in row] for row in rows], "ordinal"),
    )


@given(tables, st.floats(0.01, 100), st.floats(-1e6, 1e6), st.booleans())
def test_a_linear_transformation_leaves_interval_alpha(
    rows: list[list[int | None]], scale: float, shift: float, down: bool
) -> None:
    moved = [
        [None if cell is None else (-scale if down else scale) * cell + shift for cell in row] for row in rows
    ]
    one, other = of(rows, "interval"), of(moved, "interval")
    assert (one is None) == (other is None)
    assert one is None or one == pytest.approx(
        other, abs=1e-5
    )  # what the shift leaves of the numbers themselves


@given(tables, st.floats(1e-6, 1e6))
def test_another_unit_of_measurement_leaves_ratio_alpha(rows: list[list[int | None]], scale: float) -> None:
    same(
        of(rows, "ratio"),
        of([[None if cell is None else cell * scale for cell in row] for row in rows], "ratio"),
    )


@given(tables, levels, st.data())
def test_a_weight_of_two_is_the_unit_twice(
    rows: list[list[int | None]], level: str, data: st.DataObject
) -> None:
    times = data.draw(st.lists(st.integers(0, 3), min_size=len(rows), max_size=len(rows)))
    repeated = [row for row, n in zip(rows, times, strict=True) for _ in range(n)]
    assume(repeated)
    same(of(rows, level, weights=times), of(repeated, level))


@given(tables, levels)
def test_alpha_is_at_most_one_and_one_only_where_all_agree(rows: list[list[int | None]], level: str) -> None:
    found = of(rows, level)
    paired = [
        {cell for cell in row if cell is not None}
        for row in rows
        if sum(cell is not None for cell in row) > 1
    ]
    if found is not None:
        assert found <= 1
        assert (found == 1) == all(len(given) == 1 for given in paired)


@given(
    st.integers(2, 4), st.lists(st.lists(st.integers(0, 3), min_size=4, max_size=4), min_size=2, max_size=10)
)
def test_pairs_that_weigh_one_less_than_their_unit_make_the_alpha_of_the_units(
    coders: int, rows: list[list[int]]
) -> None:
    kept = [row[:coders] for row in rows]
    pairs = [[row[a], row[b]] for row in kept for a in range(coders) for b in range(a)]
    same(of(kept, "nominal"), of(pairs, "nominal", weights=[1 / (coders - 1)] * len(pairs)))


# ── where there is none, and what is refused ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("rows", "level", "reason"),
    [
        ([], "nominal", NO_PAIRS),
        ([[None, 1], [2, None]], "nominal", NO_PAIRS),
        ([[1, 1], [1, 1], [2, None]], "nominal", ONE_VALUE),
        ([[7, 7], [7, 7]], "ordinal", ONE_VALUE),
        ([[7, 7], [7, 7]], "interval", ONE_VALUE),
        ([[7, 7], [7, 7]], "ratio", ONE_VALUE),
    ],
)
def test_what_is_undefined_is_none_with_a_reason(rows: list[list[Any]], level: str, reason: str) -> None:
    found = alpha(units(rows), level)
    assert (found.estimate, found.reason) == (None, reason)


def test_units_without_weight_are_no_units() -> None:
    found = alpha(units([[1, 2], [1, 1]], weights=[0, 1]), "nominal")
    assert (found.estimate, found.reason, found.n_units) == (None, ONE_VALUE, 1)
    assert alpha(units([[1, 2]], weights=[0.4]), "nominal").reason == TOO_LIGHT
    nothing = alpha(units([["a", "b"]]), "custom", distance=lambda one, other: 0)
    assert (nothing.estimate, nothing.reason) == (None, NO_DISTANCE)


def test_undefined_weightings_are_nan_beside_defined_ones() -> None:
    of_two = units([[1, 1], [2, 2], [1, 2]])
    found = patterns(of_two)
    drawn = alphas(found, np.array([[3, 0, 0], [1, 1, 1], [0, 0, 0]]), "nominal", of_two.values)
    assert np.isnan(drawn).tolist() == [True, False, True]


def test_sampling_weights_count_in_proportion_once_they_are_scaled() -> None:
    of_four = units(FOUR, weights=[3.0] * 12)
    assert alpha(scaled(of_four), "nominal").estimate == pytest.approx(0.743421052631579, abs=1e-12)
    assert alpha(of_four, "nominal").estimate != pytest.approx(
        0.743421052631579, abs=1e-6
    )  # n − 1 of three times as many


def test_large_numbers_with_small_differences_keep_them() -> None:
    rng = np.random.default_rng(1)
    near = rng.integers(0, 8, (60, 3)) / 1024
    far = near + 2.0**30  # exact in floating point
    assert alpha(from_array(near), "interval").estimate == pytest.approx(
        alpha(from_array(far), "interval").estimate, abs=1e-12
    )
    huge = alpha(from_array(near * 1e200), "interval").estimate
    assert huge == pytest.approx(alpha(from_array(near), "interval").estimate, abs=1e-12)


@pytest.mark.parametrize("level", ["interval", "ratio"])
def test_levels_that_need_numbers_say_so(level: str) -> None:
    with pytest.raises(EventcodeError, match=f"level {level} with the value 'high'"):
        alpha(units([["high", "low"]]), level)


@pytest.mark.parametrize(
    ("level", "number", "reason"),
    [("ratio", -1.0, "negative number"), ("ratio", np.inf, "beyond"), ("interval", -1e308, "beyond")],
)
def test_numbers_without_a_distance_leave_alpha_undefined(level: str, number: float, reason: str) -> None:
    found = alpha(units([[number, 2.0], [2.0, 2.0]]), level)
    assert found.estimate is None
    assert reason in str(found.reason)


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval", "ratio", "set", "multi_valued"])
def test_without_units_there_is_none_at_any_level(level: str) -> None:
    assert alpha(units([]), level).estimate is None


def test_a_matrix_of_coincidences_has_the_alpha_of_its_units() -> None:
    # Krippendorff 2011, data C: the coincidences of its 40 pairable values
    table = [[7, 4 / 3, 1 / 3, 1 / 3, 0], [4 / 3, 10, 4 / 3, 1 / 3, 0], [1 / 3, 4 / 3, 8, 1 / 3, 0],
             [1 / 3, 1 / 3, 1 / 3, 4, 0], [0, 0, 0, 0, 3]]  # fmt: skip
    coincident = from_coincidences(table, [1, 2, 3, 4, 5])
    for level in ("nominal", "ordinal", "interval", "ratio"):
        assert alpha(coincident, level).estimate == pytest.approx(alpha(units(FOUR), level).estimate)


def test_alpha_of_single_values_is_that_of_krippendorff_1980() -> None:
    found = {value: one.estimate for value, one in by_value(units(THREE)).items()}
    assert found == pytest.approx({1: 0.381, 2: 0.711, 3: 0.717, 4: 0.764}, abs=0.001)


def test_what_is_not_understood_is_refused() -> None:
    two = units([[1, 2]])
    with pytest.raises(EventcodeError, match="no level 'circular'"):
        alpha(two, "circular")
    with pytest.raises(EventcodeError, match="without a distance"):
        alpha(two, "custom")
    with pytest.raises(EventcodeError, match="not symmetric"):
        alpha(two, "custom", distance=[[0, 1], [2, 0]])
    with pytest.raises(EventcodeError, match="no distance between 1 and 2"):
        alpha(two, "custom", distance={})


# ── units and patterns ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_distance_may_be_a_table_pairs_or_a_function() -> None:
    rows = [["a", "a"], ["a", "b"], ["b", "c"], ["c", "c"]]
    table = [[0, 1, 3], [1, 0, 6], [3, 6, 0]]
    pairs = {("a", "b"): 1, ("c", "a"): 3, ("b", "c"): 6}
    expected = alpha(units(rows), "custom", distance=table).estimate
    assert alpha(units(rows), "custom", distance=pairs).estimate == expected
    far = alpha(
        units(rows), "custom", distance=lambda one, other: table["abc".index(one)]["abc".index(other)]
    )
    assert far.estimate == expected
    unused = units(rows, values=["z", "a", "b", "c"])
    wider = np.pad(np.array(table), ((1, 0), (1, 0)))
    assert alpha(unused, "custom", distance=wider).estimate == expected


def test_one_is_an_array_of_numbers_with_its_own_mark_for_missing() -> None:
    array = np.array([[1, 1, -1], [2, 3, 2], [-1, -1, 7]])
    found = from_array(array, missing=-1)
    assert found.values == (1, 2, 3, 7)
    assert found.codes.tolist() == [[0, 0, -1], [1, 2, 1], [-1, -1, 3]]
    with_nan = np.where(array == -1, np.nan, array)
    assert from_array(with_nan).codes.tolist() == found.codes.tolist()
    assert from_array(with_nan * 0.1).codes.tolist() == found.codes.tolist()
    assert from_array(with_nan * 1e12).codes.tolist() == found.codes.tolist()
    large = np.array([[10**17, 10**17 + 1, -1]])  # neighbours that are one number in floating point
    assert from_array(large, missing=-1).codes.tolist() == [[0, 1, -1]]
    assert from_array(np.array([[-128, 127]], dtype=np.int8)).values == (-128, 127)
    assert from_array(array == 1).values == (False, True)
    assert from_array(np.full((3, 2), np.nan)).values == ()


@settings(max_examples=40)
@given(st.integers(1, 40), st.integers(1, 9), st.integers(1, 400), st.integers(0, 10**6))
def test_patterns_are_the_multisets_of_the_rows(n: int, coders: int, n_values: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    codes: NDArray[Any] = rng.integers(-1, n_values, (n, coders))
    documents = rng.integers(0, 4, n)
    found = patterns(coded(codes, range(n_values), documents=documents))
    expected: dict[tuple[int, ...], list[int]] = {}
    for row, document in zip(codes.tolist(), documents.tolist(), strict=True):
        said = tuple(sorted(code for code in row if code >= 0))
        if len(said) > 1:
            expected.setdefault(said, [0] * found.n_documents)[document] += 1
    assert [tuple(code for code in row if code >= 0) for row in found.rows.tolist()] == sorted(expected)
    assert found.weights.toarray().T.tolist() == [
        expected[tuple(c for c in row if c >= 0)] for row in found.rows.tolist()
    ]
    assert found.totals.tolist() == [sum(of) for of in found.weights.toarray().T.tolist()]
    assert found.sizes.tolist() == [len([c for c in row if c >= 0]) for row in found.rows.tolist()]


def test_more_coders_than_a_key_holds_are_told_apart() -> None:
    rng = np.random.default_rng(2)
    codes = np.repeat(rng.integers(0, 50, (20, 40)), 3, axis=0)
    found = patterns(coded(codes, range(50)))
    assert len(found.sizes) == 20
    assert found.totals.tolist() == [3.0] * 20


def test_counts_of_values_are_units_of_coders_without_names() -> None:
    found = from_counts([[0, 2, 1], [3, 0, 0], [0, 0, 1]], values=["a", "b", "c"])
    assert found.codes.tolist() == [[1, 1, 2], [0, 0, 0], [2, -1, -1]]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: units([[1, 2], [1]]), "different numbers of coders"),
        (lambda: units([[1, 9]], values=[1, 2]), "a coder gave 9"),
        (lambda: coded([[0, 5]], ["a"]), "a code is outside −1 … 0"),
        (lambda: coded([[0.5, 1.0]], ["a"]), "units × coders"),
        (lambda: units([[1, 2]], weights=[-1]), "a weight is negative"),
        (lambda: units([[1, 2]], coders=["anna", "anna"]), "two coders have the same name"),
        (lambda: from_coincidences([[1, 2], [0, 1]]), "a matrix of coincidences of shape"),
        (lambda: units([[1, 2]], documents=[0, 1]), "2 documents"),
        (lambda: units([[1, 2]], documents=[-1]), "documents are not whole numbers"),
        (lambda: from_array(np.array([["a", "b"]])), "give numbers"),
        (lambda: from_array(np.array([[1.0, np.inf]])), "an infinite number"),
        (lambda: from_counts([[1.5, 2]]), "not whole numbers"),
        (lambda: from_counts([["x", 2]]), "not whole numbers"),
        (lambda: from_contingency([[1, 2]]), "as many columns as rows"),
    ],
)
def test_units_that_cannot_be_are_refused(make: Any, message: str) -> None:
    with pytest.raises(EventcodeError, match=message):
        make()


def test_values_of_several_sorts_have_an_order() -> None:
    given_ = units([[frozenset("a"), "b"], [2, "b"], [frozenset("ab"), 1]])
    assert given_.values == (frozenset("a"), frozenset("ab"), 1, 2, "b")
