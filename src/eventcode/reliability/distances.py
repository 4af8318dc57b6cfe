"""How far two values lie apart, at the levels where that is a table of all pairs of values: ratio, sets, codes in a tree, and
one's own.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eventcode.errors import EventcodeError
from eventcode.reliability.units import Numbers

Distance = Callable[[Any, Any], float]
Tree = Mapping[Any, Any]  # parent of each value, None at the top
LARGEST = 8e307  # the sum of two must not outgrow what a number can be


class NoDistanceError(EventcodeError):
    """Numbers among which a level knows no distance: what is measured of them is undefined."""


def numbers(values: Sequence[Any], level: str) -> Numbers:
    """Values as numbers; EventcodeError if one is not, `NoDistanceError` if it is infinite or nearly so."""
    try:
        found = np.array([float(value) for value in values])
    except (TypeError, ValueError):
        strange = next(value for value in values if not isinstance(value, int | float))
        raise EventcodeError(
            f"level {level} with the value {strange!r}", "it takes numbers; for ranks: ordinal"
        ) from None
    if not (np.abs(found) <= LARGEST).all():
        raise NoDistanceError(
            f"level {level} with a value beyond {LARGEST:g}",
            "it takes numbers that can be added up",
        )
    return found


def ratio(values: Sequence[Any]) -> Numbers:
    """((c − k) / (c + k))², 0 where c = k = 0 (Krippendorff 2011, Computing Krippendorff's alpha-reliability; for numbers
    from 0); `NoDistanceError` if a number is negative.
    """
    found = numbers(values, "ratio")
    if (found < 0).any():
        raise NoDistanceError(
            "level ratio with a negative number", "it takes numbers from 0; for others: interval"
        )
    between = np.abs(np.subtract.outer(found, found))
    total = np.add.outer(found, found)
    return np.square(np.divide(between, total, out=np.zeros_like(between), where=total > 0))


def jaccard(one: frozenset[Any], other: frozenset[Any]) -> float:
    """1 − |A ∩ B| / |A ∪ B|, 0 between two empty sets (Jaccard 1901)."""
    union = len(one | other)
    return 1 - len(one & other) / union if union else 0.0


def masi(one: frozenset[Any], other: frozenset[Any]) -> float:
    """1 − J·M: Jaccard's index times 1 for equal sets, 2/3 where one holds the other, 1/3 where they overlap, 0 where they do not
    (Passonneau 2006, Measuring agreement on set-valued items). {A} against {A, B} is 1 − 1/2 · 2/3 = 2/3; the empty set
    against any other 1.
    """
    common = len(one & other)
    if one == other:
        return 0.0
    if not common:
        return 1.0
    monotone = 2 / 3 if one <= other or other <= one else 1 / 3
    return 1 - common / len(one | other) * monotone


def dice(one: frozenset[Any], other: frozenset[Any]) -> float:
    """1 − 2·|A ∩ B| / (|A| + |B|), 0 between two empty sets (Dice 1945)."""
    total = len(one) + len(other)
    return 1 - 2 * len(one & other) / total if total else 0.0


SETS: Mapping[str, Distance] = {"masi": masi, "jaccard": jaccard, "dice": dice}


def table(values: Sequence[Any], distance: Distance | NDArray[Any] | Sequence[Sequence[float]]) -> Numbers:
    """The distances of all pairs of values: from a function, called once a pair, or a table that is checked.

    EventcodeError: a table of another shape, not symmetric, negative, or with a diagonal that is not 0.
    """
    if callable(distance):
        found = np.zeros((len(values), len(values)))
        for first, second in combinations(range(len(values)), 2):
            found[first, second] = found[second, first] = distance(values[first], values[second])
    else:
        found = np.asarray(distance, dtype=np.float64)
    if found.shape != (len(values), len(values)):
        raise EventcodeError(
            f"distances of shape {found.shape} for {len(values)} values", "one row and one column a value"
        )
    if (
        not np.isfinite(found).all()
        or (found < 0).any()
        or found.diagonal().any()
        or not np.allclose(found, found.T)
    ):
        raise EventcodeError(
            "distances are not symmetric, from 0, and 0 between a value and itself",
            "mend the table of distances",
        )
    return found


def named(pairs: Mapping[tuple[Hashable, Hashable], float]) -> Distance:
    """A distance from a mapping of pairs of values, given in one order or both; EventcodeError at a pair that is missing."""

    def between(one: Any, other: Any) -> float:
        for pair in ((one, other), (other, one)):
            if pair in pairs:
                return float(pairs[pair])
        raise EventcodeError(
            f"no distance between {one!r} and {other!r}", "declare one for each pair of values"
        )

    return between
