"""Krippendorff's alpha at every level, on the counts of patterns.

alpha = 1 − D_o / D_e = 1 − (n − 1) · O / E, where n values could be paired, O = Σ_u Σ_{i≠j} δ(v_ui, v_uj) / (m_u − 1) sums over
the pairs of values within each unit of m_u values, and E = Σ_c Σ_k n_c n_k δ(c, k) over all pairs of values in the marginals n_c
(Krippendorff 2011, Computing Krippendorff's alpha-reliability, section C; 2019, Content Analysis, 4th ed., section 12.3). O is
linear in the weights of patterns, so what a pattern adds is worked out once and serves every weighting of a bootstrap.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eventcode.errors import EventcodeError
from eventcode.reliability import distances, hierarchy
from eventcode.reliability.disagreements import Disagreement, Interval, Nominal, Ordinal, Table
from eventcode.reliability.patterns import Patterns, coefficient, patterns
from eventcode.reliability.sets import MultiValued
from eventcode.reliability.units import MISSING, Coefficient, Numbers, Units

LEVELS = ("nominal", "ordinal", "interval", "ratio", "set", "multi_valued", "hierarchical", "custom")
NO_PAIRS = "no unit was coded by two coders or more"
ONE_VALUE = "every value is the same: without variation there is no telling agreement from chance"
NO_DISTANCE = "no two of the values given lie apart at this level"
TOO_LIGHT = "the units that can be compared weigh less than one value"


def disagreement(
    of: Patterns,
    level: str,
    values: Sequence[Any] = (),
    *,
    distance: Any = None,
    tree: distances.Tree | None = None,
) -> Disagreement:
    """What a level makes of patterns; to be kept where `weighted` is called for many weightings in chunks.

    `distance`: masi (the default), jaccard or dice at level set; wu_palmer (the default) or costs by level at level hierarchical,
    which needs `tree`; at level custom a function of two values, a mapping of pairs, or a table of all `values`. EventcodeError
    where one is missing or does not fit.
    """
    if level == "nominal":
        return Nominal(of)
    if level == "ordinal":
        return Ordinal(of)
    given = [values[code] for code in of.present]
    if level == "interval":
        return Interval(of, values)
    if level == "ratio":
        return Table(of, distances.ratio(given))
    if level in ("set", "multi_valued"):
        sets = [frozenset(value) if isinstance(value, list | tuple | set) else value for value in given]
        if strange := [value for value in sets if not isinstance(value, frozenset)]:
            raise EventcodeError(
                f"level {level} with the value {strange[0]!r}", "each value is a set of labels"
            )
        if level == "multi_valued":
            return MultiValued(of, sets)
        return Table(of, distances.table(sets, _set_distance(distance)))
    if level == "hierarchical":
        if tree is None:
            raise EventcodeError(
                "level hierarchical without a tree", "give the parent of each value: tree={…}"
            )
        wu_palmer = distance is None or distance == "wu_palmer"
        far = hierarchy.wu_palmer(tree) if wu_palmer else hierarchy.level_costs(tree, distance)
        return Table(of, distances.table(given, far))
    if level == "custom":
        return Table(of, _own(of, values, given, distance))
    raise EventcodeError(f"no level {level!r}", f"one of {', '.join(LEVELS)}")


def weighted(made: Disagreement, of: Patterns, weights: NDArray[Any]) -> Numbers:
    """(B,) Alpha under each of `weights` (B, n_patterns), NaN where it is undefined."""
    return _alphas(made, of, np.atleast_2d(np.asarray(weights, dtype=np.float64)))[0]


def alphas(
    of: Patterns,
    weights: NDArray[Any],
    level: str,
    values: Sequence[Any] = (),
    distance: Any = None,
    tree: distances.Tree | None = None,
) -> Numbers:
    """(B,) Alpha under each of `weights` (B, n_patterns), NaN where it is undefined: what bootstraps ask.

    `values` are those of the units (levels nominal and ordinal need none); other arguments as in `disagreement`. Memory grows with
    B × patterns and B × values: call it in chunks.
    """
    return weighted(disagreement(of, level, values, distance=distance, tree=tree), of, weights)


def alpha(
    units: Units, level: str, *, distance: Any = None, tree: distances.Tree | None = None
) -> Coefficient:
    """Krippendorff's alpha of units at a level, or None with the reason; formula and sources: this module, its classes and
    `distances`.
    """
    of = patterns(units)
    try:
        made = disagreement(of, level, units.values, distance=distance, tree=tree)
    except distances.NoDistanceError as error:
        return coefficient(of, "krippendorff_alpha", level, None, f"{error.message}: {error.hint}")
    found, why = _alphas(made, of, of.totals[None, :])
    estimate = None if np.isnan(found[0]) else float(found[0])
    return coefficient(of, "krippendorff_alpha", level, estimate, why)


def three(
    units: Units, tree: distances.Tree, costs: Sequence[float] | None = None
) -> tuple[Coefficient, Coefficient, Coefficient]:
    """Hierarchical alpha (Wu–Palmer, or declared `costs` by level), and beside it nominal alpha at the root and at the leaf, in
    this order.
    """
    root, leaf = alpha(hierarchy.at_root(units, tree), "nominal"), alpha(units, "nominal")
    whole = alpha(units, "hierarchical", tree=tree, distance=costs)
    return whole, replace(root, level="root"), replace(leaf, level="leaf")


def against_rest(units: Units, code: int) -> Units:
    """The same units with one value held against all others: True for it, False for these."""
    codes = np.where(units.codes == MISSING, MISSING, (units.codes == code).astype(np.int64))
    return Units(codes, (False, True), units.documents, units.weights, units.coders)


def by_value(units: Units) -> dict[Hashable, Coefficient]:
    """Nominal alpha of each value against all others (Krippendorff 1980, Content Analysis, on single categories)."""
    return {value: alpha(against_rest(units, code), "nominal") for code, value in enumerate(units.values)}


def _alphas(made: Disagreement, of: Patterns, weights: Numbers) -> tuple[Numbers, str | None]:
    """Alpha under each weighting, and why the first has none."""
    if not len(of.sizes):
        return np.full(len(weights), np.nan), NO_PAIRS
    marginals = of.marginals(weights)
    n = marginals.sum(axis=1)
    expected = made.expected(weights, marginals)
    varied = np.count_nonzero(marginals, axis=1) > 1
    defined = varied & (expected > 0) & (n > 1)
    found = np.full(len(weights), np.nan)
    found[defined] = 1 - (n[defined] - 1) * made.observed(weights, marginals)[defined] / expected[defined]
    needed = (
        (n[0] > 0, NO_PAIRS),
        (varied[0], ONE_VALUE),
        (n[0] > 1, TOO_LIGHT),
        (expected[0] > 0, NO_DISTANCE),
    )
    return found, next((reason for there, reason in needed if not there), None)


def _set_distance(distance: Any) -> Callable[[Any, Any], float]:
    if callable(distance):
        return distance  # type: ignore[no-any-return]
    name = "masi" if distance is None else distance
    if name not in distances.SETS:
        raise EventcodeError(f"no distance {name!r} between sets", f"one of {', '.join(distances.SETS)}")
    return distances.SETS[name]


def _own(of: Patterns, values: Sequence[Any], given: Sequence[Any], distance: Any) -> Numbers:
    if distance is None:
        raise EventcodeError("level custom without a distance", "give a function of two values, or a table")
    if isinstance(distance, Mapping):
        return distances.table(given, distances.named(distance))
    if callable(distance):
        return distances.table(given, distance)
    whole = distances.table(values, distance)
    return whole[np.ix_(of.present, of.present)]
