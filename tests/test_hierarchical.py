"""Alpha of codes in a tree, and the same codes at the root and at the leaf."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventcode.errors import EventcodeError
from eventcode.reliability.alpha import alpha, three
from eventcode.reliability.hierarchy import at_root, level_costs, wu_palmer
from eventcode.reliability.units import units

TREE = {
    "protest": None,
    "march": "protest",
    "strike": "protest",
    "general strike": "strike",
    "assault": None,
    "beating": "assault",
}
CODES = [*TREE]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("march", "march", 0),
        ("march", "beating", 1),  # nothing above both
        ("protest", "assault", 1),
        ("march", "strike", 1 / 2),  # 1 − 2·1/(2 + 2)
        ("protest", "march", 1 / 3),  # 1 − 2·1/(1 + 2)
        ("march", "general strike", 3 / 5),  # 1 − 2·1/(2 + 3)
        ("strike", "general strike", 1 / 5),  # 1 − 2·2/(2 + 3)
    ],
)
def test_the_distance_of_wu_and_palmer(one: str, other: str, expected: float) -> None:
    far = wu_palmer(TREE)
    assert far(one, other) == far(other, one) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("march", "beating", 1),
        ("march", "strike", 0.4),
        ("protest", "march", 0.4),
        ("strike", "general strike", 0.1),
        ("march", "march", 0),
    ],
)
def test_declared_costs_are_those_of_the_highest_level_at_which_codes_part(
    one: str, other: str, expected: float
) -> None:
    far = level_costs(TREE, [1, 0.4, 0.1])
    assert far(one, other) == far(other, one) == expected


def test_the_last_cost_holds_for_all_deeper_levels() -> None:
    assert level_costs(TREE, [1, 0.4])("strike", "general strike") == 0.4


@pytest.mark.parametrize("costs", [[], [-1], [0.4, 1]])
def test_costs_that_make_no_sense_are_refused(costs: list[float]) -> None:
    with pytest.raises(EventcodeError, match="level costs"):
        level_costs(TREE, costs)


def test_a_tree_that_runs_in_a_circle_is_refused() -> None:
    with pytest.raises(EventcodeError, match="stands below itself"):
        alpha(units([["a", "b"]]), "hierarchical", tree={"a": "b", "b": "a"})
    with pytest.raises(EventcodeError, match="without a tree"):
        alpha(units([["a", "b"]]), "hierarchical")


rows = st.lists(
    st.lists(st.one_of(st.none(), st.sampled_from(CODES)), min_size=3, max_size=3), min_size=1, max_size=10
)


@given(rows)
def test_hierarchical_root_and_leaf_stand_together(said: list[list[str | None]]) -> None:
    hierarchical, root, leaf = three(units(said), TREE)
    assert [one.level for one in (hierarchical, root, leaf)] == ["hierarchical", "root", "leaf"]
    assert leaf.estimate == alpha(units(said), "nominal").estimate
    top = {"march": "protest", "strike": "protest", "general strike": "protest", "beating": "assault"}
    tops = [[None if code is None else top.get(code, code) for code in row] for row in said]
    assert root.estimate == pytest.approx(alpha(units(tops), "nominal").estimate)


@given(rows)
def test_costs_of_the_top_alone_are_alpha_at_the_root_and_equal_costs_alpha_at_the_leaf(
    said: list[list[str | None]],
) -> None:
    _, root, leaf = three(units(said), TREE)
    top_alone = alpha(units(said), "hierarchical", tree=TREE, distance=[1, 0])
    assert root.estimate is None or top_alone.estimate == pytest.approx(root.estimate, abs=1e-9)
    equal = alpha(units(said), "hierarchical", tree=TREE, distance=[1, 1, 1])
    assert leaf.estimate is None or equal.estimate == pytest.approx(leaf.estimate, abs=1e-9)


def test_confusion_within_a_family_costs_less_than_between_families() -> None:
    agreed = [[code, code] for code in CODES] * 3
    within, between = (
        alpha(units([*agreed, pair]), "hierarchical", tree=TREE).estimate
        for pair in (["march", "strike"], ["march", "beating"])
    )
    assert within is not None
    assert between is not None
    assert within > between


def test_codes_that_the_tree_does_not_hold_are_tops_and_missing_stays_missing() -> None:
    found = at_root(units([["march", None], ["strike", "riot"]]), TREE)
    assert [[found.values[code] if code >= 0 else None for code in row] for row in found.codes.tolist()] == [
        ["protest", None],
        ["protest", "riot"],
    ]


def test_without_a_pair_none_of_the_three_is_defined() -> None:
    assert [one.estimate for one in three(units([["march", None]]), TREE)] == [None, None, None]
    assert np.all([one.reason for one in three(units([["march", None]]), TREE)])
