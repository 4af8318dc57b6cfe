"""What each level makes of patterns: the disagreement within units, and between all pairs of values, for many weightings at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np

from eventcode.reliability import distances
from eventcode.reliability.patterns import Patterns
from eventcode.reliability.units import Numbers


class Disagreement(Protocol):
    """What one level makes of patterns: O and E of the module's formula for each weighting (B, n_patterns) with its marginals (B,
    n_present).
    """

    def observed(self, weights: Numbers, marginals: Numbers) -> Numbers:
        """(B,) The disagreement within units."""
        ...

    def expected(self, weights: Numbers, marginals: Numbers) -> Numbers:
        """(B,) The disagreement between all pairs of values, whoever gave them to whatever."""
        ...


class Nominal:
    """δ = 0 for the same value, 1 for two: O needs only Σ n² of a pattern, E only Σ n² of the marginals (Krippendorff 2011,
    section C).
    """

    def __init__(self, of: Patterns) -> None:
        run = np.zeros(len(of.rows), dtype=np.int64)
        squares = np.zeros(len(of.rows), dtype=np.int64)
        for slot, column in enumerate(of.rows.T):
            run = np.where(column == of.rows[:, slot - 1], run, 0) + 1 if slot else run + 1
            squares += np.where(column >= 0, 2 * run - 1, 0)  # 1 + 3 + 5 … = n²
        self.parts = (of.sizes**2 - squares) / (of.sizes - 1)

    def observed(self, weights: Numbers, marginals: Numbers) -> Numbers:
        return weights @ self.parts

    def expected(self, weights: Numbers, marginals: Numbers) -> Numbers:
        n = marginals.sum(axis=1, keepdims=True)
        found: Numbers = (marginals * (n - marginals)).sum(axis=1)
        return found


class Interval:
    """δ = (c − k)² as moments: Σ_{i≠j} (x_i − x_j)² = 2·m·Σ(x − x̄)², within units and in the marginals (Krippendorff 2011).

    Every sum is taken around a value or mean of its own, on numbers brought to a range of 1, so that large numbers with small
    differences keep them.
    """

    def __init__(self, of: Patterns, values: Sequence[Any]) -> None:
        found = distances.numbers([values[code] for code in of.present], "interval")
        least = found.min(initial=np.inf)
        spread = float(found.max(initial=-np.inf) - least) if len(found) else 0.0
        self.numbers = (found - least) / spread if spread > 0 else np.zeros(len(found))
        self.parts = _within(self.numbers[None, :], of)[0]

    def observed(self, weights: Numbers, marginals: Numbers) -> Numbers:
        found: Numbers = weights @ self.parts
        return found

    def expected(self, weights: Numbers, marginals: Numbers) -> Numbers:
        return _between(self.numbers[None, :], marginals)


class Ordinal:
    """δ = (Σ_{g=c..k} n_g − (n_c + n_k)/2)² (Krippendorff 2011), which is (R_k − R_c)² of the mid-ranks R_c = Σ_{g<c} n_g +
    n_c/2: interval on ranks.

    Ranks come from the marginals, so each weighting has its own.
    """

    def __init__(self, of: Patterns) -> None:
        self.of = of

    def observed(self, weights: Numbers, marginals: Numbers) -> Numbers:
        found: Numbers = (weights * _within(_mid_ranks(marginals), self.of)).sum(axis=1)
        return found

    def expected(self, weights: Numbers, marginals: Numbers) -> Numbers:
        return _between(_mid_ranks(marginals), marginals)


class Table:
    """Any δ, as a table of all pairs of the values that stand in patterns."""

    def __init__(self, of: Patterns, table: Numbers) -> None:
        self.table = table
        total = np.zeros(len(of.sizes))
        for slot in range(1, of.places.shape[1]):
            later = of.places[:, slot]
            for other in of.places.T[:slot]:
                total += np.where(later >= 0, table[other, later] if table.size else 0.0, 0.0)
        self.parts = 2 * total / (of.sizes - 1)

    def observed(self, weights: Numbers, marginals: Numbers) -> Numbers:
        return weights @ self.parts

    def expected(self, weights: Numbers, marginals: Numbers) -> Numbers:
        found: Numbers = ((marginals @ self.table) * marginals).sum(axis=1)
        return found


def _within(numbers: Numbers, of: Patterns) -> Numbers:
    """(B, n_patterns) Σ_{i≠j} (x_i − x_j)² / (m − 1) of each pattern, for numbers (B, n_present) of the values; taken from the
    first value of each.
    """
    if not len(of.sizes):
        return np.zeros((len(numbers), 0))
    first = numbers[:, of.places[:, 0]]
    total, squares = np.zeros_like(first), np.zeros_like(first)
    for column in of.places.T[1:]:
        away = numbers[:, column]
        away -= first
        away[:, column < 0] = 0
        total += away
        away *= away
        squares += away
    squares *= of.sizes
    total *= total
    squares -= total
    squares *= 2 / (of.sizes - 1)
    return squares


def _between(numbers: Numbers, marginals: Numbers) -> Numbers:
    """(B,) Σ_c Σ_k n_c n_k (x_c − x_k)², around the mean of each weighting."""
    n = marginals.sum(axis=1, keepdims=True)
    mean = (marginals * numbers).sum(axis=1, keepdims=True) / np.where(n > 0, n, 1)
    found: Numbers = 2 * n[:, 0] * (marginals * (numbers - mean) ** 2).sum(axis=1)
    return found


def _mid_ranks(marginals: Numbers) -> Numbers:
    """(B, n_present) The rank of the middle of each value among all that were given, as a share of them."""
    n = marginals.sum(axis=1, keepdims=True)
    ranks: Numbers = (np.cumsum(marginals, axis=1) - marginals / 2) / np.where(n > 0, n, 1)
    return ranks
