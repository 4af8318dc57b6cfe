"""A share with the score interval of Wilson (1927), also where its units come in clusters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Share:
    """`k` of `n` with an interval; None with the reason where n is 0.

    `n_effective` is smaller than n where units come in clusters (documents) and are alike within them: the interval is that of so many
    independent units.
    """

    estimate: float | None
    low: float | None
    high: float | None
    k: float
    n: int
    n_clusters: int
    n_effective: float
    reason: str | None = None


def wilson(k: float, n: float, confidence: float = 0.95) -> tuple[float, float]:
    """The score interval of k successes in n trials (Wilson 1927, JASA 22: 209–212), without continuity correction.

    The bounds are (p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n), with z the normal quantile of the confidence. n must be above 0.

    >>> [round(bound, 4) for bound in wilson(9, 10)]
    [0.5958, 0.9821]
    """
    from scipy.special import ndtri

    z = float(ndtri((1 + confidence) / 2))
    p, extra = k / n, z * z / n
    middle, half = p + extra / 2, z * sqrt(max(p * (1 - p), 0.0) / n + extra / (4 * n))
    low, high = (middle - half) / (1 + extra), (middle + half) / (1 + extra)
    return (0.0 if k <= 0 else low), (1.0 if k >= n else high)


def share(
    successes: Sequence[float],
    clusters: Sequence[int],
    confidence: float = 0.95,
    reason: str = "there is nothing to count",
) -> Share:
    """The share of successes (1 or 0 a unit) with an interval that respects clusters (the number of each unit's document).

    n is divided by the design effect: the variance of a share over clusters (Cochran 1977, Sampling Techniques, section 3.12) by
    p(1−p)/n, at least 1; Wilson's interval then takes that n (Korn & Graubard 1998, Survey Methodology 24: 193–201, do so with
    Clopper and Pearson's; Franco et al. 2019, Journal of Survey Statistics and Methodology 7: 334–364, compare). Where all units are
    alike no design effect can be seen: then n is the number of clusters.
    """
    values, numbers = np.asarray(successes, float), np.asarray(clusters, np.int64)
    n, k = len(values), float(values.sum())
    if n == 0:
        return Share(None, None, None, 0.0, 0, 0, 0.0, reason)
    groups = np.unique(numbers, return_inverse=True)[1]
    sums: Numbers = np.bincount(groups, values).astype(float)
    sizes: Numbers = np.bincount(groups).astype(float)
    effective = _effective(sums, sizes)
    p = k / n
    low, high = wilson(p * effective, effective, confidence)
    return Share(p, low, high, k, n, len(sizes), effective)


def _effective(sums: Numbers, sizes: Numbers) -> float:
    n, m = float(sizes.sum()), len(sizes)
    p = float(sums.sum()) / n
    if n == m:
        return n
    if m == 1 or p in (0.0, 1.0):
        return float(m)
    variance = m / (m - 1) * float(np.square(sums - p * sizes).sum()) / n**2
    return n / max(1.0, variance * n / (p * (1 - p)))
