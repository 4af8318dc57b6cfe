"""Alpha of multi-valued data: each coder gives a unit a set of labels, and chance draws labels, not sets (Krippendorff & Craggs 2016)."""

from __future__ import annotations

from collections.abc import Sequence
from math import comb
from typing import Any

import numpy as np

from eventcode.reliability import distances
from eventcode.reliability.disagreements import Table
from eventcode.reliability.patterns import Patterns
from eventcode.reliability.units import Numbers


class MultiValued:
    """Krippendorff & Craggs 2016, The reliability of multi-valued coding of data, Communication Methods and Measures 10(4), with
    nominal labels.

    δ(C, K) = 1 − 2·|C ∩ K| / (|C| + |K|). Within units as for any alpha. Between them, the sizes s and t of two sets come as often
    as they were given, P_s P_t, and the labels of sets C and K of these sizes with weight Π_{c∈C} n_c · Π_{k∈K∖C} n_k · Π_{k∈C∩K}
    (n_k − 1), where n_c coders gave label c: D_e = Σ_s Σ_t P_s P_t · Σ weight·δ / Σ weight. Since δ asks only how many labels two
    sets share, the weights of all pairs of sets that share j are a coefficient of the polynomial Π_c (1 + n_c u + n_c (n_c − 1)
    z), u for a label of one set, z for one of both: no pair of sets is listed.
    """

    def __init__(self, of: Patterns, sets: Sequence[frozenset[Any]]) -> None:
        labels = {label: place for place, label in enumerate(sorted(set().union(*sets), key=str))}
        self.sizes = np.array([len(one) for one in sets], dtype=np.int64)
        self.holds = np.zeros((len(sets), len(labels)))
        for row, one in enumerate(sets):
            self.holds[row, [labels[label] for label in one]] = 1
        self.within = Table(of, distances.table(sets, distances.dice))
        self.parts = self.within.parts

    def observed(self, weights: Numbers, marginals: Numbers) -> Numbers:
        return self.within.observed(weights, marginals)

    def expected(self, weights: Numbers, marginals: Numbers) -> Numbers:
        n = marginals.sum(axis=1)
        found = np.zeros(len(marginals))
        if not len(self.sizes):
            return found
        shares = self._shares(marginals @ self.holds)
        sizes = np.unique(self.sizes)
        given = {int(size): marginals[:, self.sizes == size].sum(axis=1) for size in sizes}
        for s in given:
            for t in given:
                found += given[s] * given[t] * self._between(s, t, shares)
        return found * np.where(n > 0, (n - 1) / np.where(n > 0, n, 1), 0)

    def _shares(self, n: Numbers) -> Numbers:
        """(B, 2·largest + 1, largest + 1) The coefficients of u^d z^j, for counts of labels n (B, labels); scaled, since only
        ratios at d + 2j count.
        """
        largest = int(self.sizes.max())
        n = n / (scale := np.maximum(n.max(axis=1, keepdims=True, initial=1), 1))
        found = np.zeros((len(n), 2 * largest + 1, largest + 1))
        found[:, 0, 0] = 1
        for one in n.T[:, :, None, None]:
            both = one * np.maximum(one - 1 / scale[:, :, None], 0)
            before = found.copy()
            found[:, 1:] += one * before[:, :-1]
            found[:, :, 1:] += both * before[:, :, :-1]
        return found

    def _between(self, s: int, t: int, shares: Numbers) -> Numbers:
        """(B,) The mean δ between sets of s and of t labels."""
        total, apart = np.zeros(len(shares)), np.zeros(len(shares))
        for j in range(min(s, t) + 1):
            d = s + t - 2 * j
            weight = comb(d, s - j) * shares[:, d, j]
            total += weight
            apart += weight * (1 - 2 * j / (s + t) if s + t else 0)
        return np.divide(apart, total, out=np.zeros_like(apart), where=total > 0)
