"""How much each document moves alpha: the infinitesimal jackknife, which needs no draws.

The influence of document g is U_g = ∂alpha/∂w_g, where w_g multiplies all that was said in it, at w = 1. The variance
of alpha over samples of documents is estimated by Σ (U_g − Ū)² · n/(n − 1) (Jaeckel 1972, The infinitesimal jackknife;
Efron 1982, The Jackknife, the Bootstrap and Other Resampling Plans, chapter 6; Efron & Stein 1981, The jackknife
estimate of variance, on how such estimates stand to each other). It is the document bootstrap to first order, and costs
one pass where a bootstrap costs a thousand.

Documents are sums of patterns, so U_g = Σ_p W_gp · ∂alpha/∂t_p with t_p the total weight of pattern p. With alpha = 1 −
(n − 1)·O/E as in `alpha`, patterns of m_p values of which c_pv are the value v, and n_v their marginals:

    ∂alpha/∂t_p = −m_p·O/E − (n − 1)/E · ∂O/∂t_p + (n − 1)·O/E² · Σ_v c_pv · ∂E/∂n_v

For a distance that stays the same ∂O/∂t_p is the disagreement within the pattern, and ∂E/∂n_v = 2·Σ_k n_k·δ(v, k). The
ordinal distance hangs on the marginals, and what has no such form is differentiated numerically, one document or
pattern at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from eventcode.reliability.alpha import disagreement, weighted
from eventcode.reliability.disagreements import Disagreement, Interval, Nominal, Ordinal, Table
from eventcode.reliability.patterns import Patterns
from eventcode.reliability.units import Numbers

STEP = 1e-4  # of numeric derivatives, as a share of a document's or pattern's weight
ROUNDING = 1e-9  # of a sum of fourth powers, below which a difference is none
CELLS = 1 << 22  # numbers held at a time by numeric derivatives


def influence(
    of: Patterns, level: str, values: Sequence[Any] = (), *, distance: Any = None, tree: Any = None
) -> Numbers:
    """(documents with units that can be compared,) What ∂alpha/∂w is for each document, centred; NaN where alpha is
    undefined.

    Arguments as in `alpha.alphas`. Documents keep their order.
    """
    return influences(disagreement(of, level, values, distance=distance, tree=tree), of)


def influences(made: Disagreement, of: Patterns) -> Numbers:
    """`influence` of what `alpha.disagreement` made."""
    rows = of.weights[np.diff(of.weights.indptr) > 0]
    slope = gradient(made, of)
    found = _one_by_one(made, of, rows) if slope is None else rows @ slope
    centred: Numbers = found - found.mean() if len(found) else found
    return centred


def standard_error(moved: Numbers) -> float:
    """The standard error that the influences of documents give: √(Σ U² · n/(n − 1)); NaN with fewer than two."""
    n = len(moved)
    return float(np.sqrt(np.sum(moved**2) * n / (n - 1))) if n > 1 else float("nan")


def freedom(moved: Numbers) -> float:
    """The degrees of freedom of the variance that influences give, by their fourth moment: 2·(ΣU²)² / (ΣU⁴ − (ΣU²)²/n),
    at least 1 and at most n − 1.

    That is the chi-squared whose mean and variance are those of ΣU² (Satterthwaite 1946, An approximate distribution of
    estimates of variance components): n where influences are normal, and less where a few documents make up most of the
    variance.
    """
    n, square, fourth = len(moved), float((moved**2).sum()), float((moved**4).sum())
    spread = fourth - square**2 / max(n, 1)
    found = 2 * square**2 / spread if spread > ROUNDING * fourth else n - 1.0
    return max(1.0, min(found, n - 1.0))


def gradient(made: Disagreement, of: Patterns) -> Numbers | None:
    """(n_patterns,) ∂alpha/∂t at the patterns' totals, where there is a closed form; None where there is not."""
    total = of.totals[None, :]
    marginals = of.marginals(total)
    each = marginals[0]
    if isinstance(made, Nominal):
        within, between = made.parts, 2 * (each.sum() - each)
    elif isinstance(made, Interval):
        within, between = made.parts, 2 * _square_distances(made.numbers, each)
    elif isinstance(made, Table):
        within, between = made.parts, 2 * (made.table @ each)
    elif isinstance(made, Ordinal):
        return _ordinal(of, each)
    else:
        return None
    observed, expected = made.observed(total, marginals)[0], made.expected(total, marginals)[0]
    return _slope(of, observed, expected, within, between)


def _slope(of: Patterns, observed: float, expected: float, within: Numbers, between: Numbers) -> Numbers:
    """The formula of the module, from O, E, ∂O/∂t_p (n_patterns,) and ∂E/∂n_v (n_present,)."""
    n = float(of.totals @ of.sizes)
    if not expected > 0:
        return np.full(len(of.sizes), np.nan)
    found: Numbers = -of.sizes * observed - (n - 1) * within
    found = found / expected + (n - 1) * observed / expected**2 * (of.counts @ between)
    return found


def _square_distances(numbers: Numbers, each: Numbers) -> Numbers:
    """Σ_k n_k·(x_v − x_k)² of each value v, around the mean."""
    n = each.sum()
    mean = (each @ numbers) / n if n else 0.0
    found: Numbers = n * (numbers - mean) ** 2 + each @ (numbers - mean) ** 2
    return found


def _ordinal(of: Patterns, each: Numbers) -> Numbers:
    """The formula of the module for interval on mid-ranks R_v = Σ_{g<v} n_g + n_v/2, with what each value does to the
    ranks of all: ∂R_u/∂n_v is 1 where v < u, 1/2 where v = u, and 0 elsewhere.
    """
    n = each.sum()
    ranks = np.cumsum(each) - each / 2 - n / 2  # around their mean, which is n/2
    padded = np.append(ranks, 0.0)[of.places]
    first, second = padded.sum(axis=1), (padded**2).sum(axis=1)
    within = 2 * (of.sizes * second - first**2) / (of.sizes - 1)
    observed, expected = float(of.totals @ within), float(2 * n * (each @ ranks**2))
    heavy = 4 * of.totals / (of.sizes - 1)
    by_rank = (of.counts.T @ (heavy * of.sizes)) * ranks - of.counts.T @ (heavy * first)  # ∂O/∂R_v
    slope_o, slope_e = _by_value(by_rank), _by_value(4 * n * each * ranks)
    between = 2 * _square_distances(ranks, each) + slope_e
    return _slope(of, observed, expected, within + of.counts @ slope_o, between)


def _by_value(by_rank: Numbers) -> Numbers:
    """From ∂/∂R_u to ∂/∂n_v: Σ_{u>v} + half of v's own."""
    later: Numbers = by_rank.sum() - np.cumsum(by_rank) + by_rank / 2
    return later


def _one_by_one(made: Disagreement, of: Patterns, rows: Any) -> Numbers:
    """Central differences at the patterns, or at the documents where there are fewer of them."""
    from scipy.sparse import identity

    by_document = rows.shape[0] <= len(of.sizes)
    steps = rows if by_document else identity(len(of.sizes), format="csr")
    found = np.empty(steps.shape[0])
    size = max(1, CELLS // max(len(of.sizes), len(of.present), 1))
    for start in range(0, len(found), size):
        step = STEP * steps[start : start + size].toarray()
        up, down = weighted(made, of, of.totals + step), weighted(made, of, of.totals - step)
        found[start : start + size] = (up - down) / (2 * STEP)
    slope: Numbers = found if by_document else rows @ found
    return slope
