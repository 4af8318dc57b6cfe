"""95% intervals that respect documents, and how probable it is that the coefficient lies below Krippendorff's
thresholds.

The standard error comes from drawing documents (`bootstrap`), or, where patterns are so many that draws are slow, from
the infinitesimal jackknife (`jackknife`). The interval is laid on Fisher's scale z = artanh(alpha), on which the error
hangs less on the coefficient (Fisher 1921, On the "probable error" of a coefficient of correlation deduced from a small
sample), with the quantiles of Student's t:

    tanh(z ± t(ν; .975) · s / (1 − alpha²)),   P(alpha < c) = T(ν; (artanh(c) − z) · (1 − alpha²) / s)

where s² is the variance of the draws times n/(n − 1), for what is drawn n out of n varies too little by that factor,
and ν, at most n − 1, is what the influences of the n documents leave (`jackknife.freedom`): where disagreement sits in
few documents the variance is itself uncertain. The 2.5% percentiles of the draws, which are commonly given, set the
lower bound above the true value about twice as often as they should with 50 to 100 documents, and up to four times as
often with 20: docs/decisions/0016-intervals.md has the coverage of each way, and `benchmarks/coverage.py` prints it.
The thresholds .667 and .800 (Krippendorff 2004, Content Analysis, 2nd ed., p. 241) apply to the lower bound. P(alpha <
c) is a confidence, read off the same curve as the bounds: the lower bound lies below c just where P is above .025.

Where nobody disagreed, draws do not vary, which does not mean that there is no error. Then the share q of documents
that would show disagreement is bounded by that of none in n, P(q > x) = (1 − x)^n (Clopper & Pearson 1934; the "rule of
three" of Hanley & Lippman-Hand 1983), and such documents are reckoned as agreeing no better than chance, so that alpha
≥ 1 − q.

Documents are drawn, coders are not: the interval tells how far the coefficient of *these* coders would move on other
documents. How much hangs on one coder, `leave_one_coder_out` tells.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from eventcode.errors import EventcodeError
from eventcode.reliability import bootstrap, jackknife
from eventcode.reliability.alpha import alpha, disagreement, weighted
from eventcode.reliability.patterns import Patterns, patterns
from eventcode.reliability.result import HIGH, LOW
from eventcode.reliability.units import Coefficient, Numbers, Units

METHODS = ("auto", "bootstrap", "jackknife", "percentile", "bca")
SCALES = ("coefficient", "share")
LEVEL = 0.95
COSTLY = 5e8  # cells that the draws would go through above which `auto` takes the jackknife: some seconds
MANY = 300  # documents above which ν of a statistic is n − 1: by then it makes an interval wider by 1% or so
UNDEFINED = 0.05  # share of draws without coefficient above which there is no interval
UNVARIED = "no document says anything else than the others: what would vary from one to the next is not known"
TINY = 1e-12


@dataclass(frozen=True, slots=True)
class Interval:
    """The 95% interval of an estimate, or None with the reason why there is none.

    `p_below_667` and `p_below_800` are the probabilities that the coefficient lies below the thresholds. `method` is
    bootstrap, jackknife, percentile, bca, none_disagreed, none_agreed, or none; `draws` is 0 where none were made.
    `standard_error` is None where all or none agreed, for then draws do not vary.
    """

    low: float | None
    high: float | None
    standard_error: float | None
    p_below_667: float | None
    p_below_800: float | None
    method: str
    draws: int
    seed: int
    reason: str | None
    estimate: float | None
    n_documents: int


def interval(
    units: Units,
    level: str,
    *,
    seed: int,
    draws: int = 1000,
    method: str = "auto",
    distance: Any = None,
    tree: Any = None,
) -> Interval:
    """The interval of Krippendorff's alpha; arguments as in `alpha.alpha`.

    `method`: bootstrap, or jackknife where drawing would take long (auto); percentile and bca (Efron 1987, Better
    bootstrap confidence intervals) are there for comparison. Sampling weights count, as weights of units. None with
    fewer than two documents in which something can be compared.
    """
    if method not in METHODS:
        raise EventcodeError(f"no method {method!r} for an interval", f"one of {', '.join(METHODS)}")
    found = alpha(units, level, distance=distance, tree=tree)
    if found.estimate is None:
        return _without(found.estimate, found.n_documents, found.reason, seed)
    if reason := _too_few(found.n_documents):
        return _without(found.estimate, found.n_documents, reason, seed)
    if found.estimate >= 1 - TINY:
        return none_disagreed(effective_documents(units), found.n_documents, seed)
    of = patterns(units)
    how = {"distance": distance, "tree": tree}
    by_jackknife = method == "jackknife" or (method == "auto" and _costs(of, level, draws) > COSTLY)
    moved = jackknife.influence(of, level, units.values, **how)
    if by_jackknife:
        error, freedom = jackknife.standard_error(moved), jackknife.freedom(moved)
        return _on_scale(
            found.estimate, error, freedom, found.n_documents, "jackknife", 0, seed, "coefficient"
        )
    drawn = alphas_drawn(of, level, units.values, seed=seed, draws=draws, **how)
    return _of_draws(found.estimate, drawn, moved, found.n_documents, method, seed, "coefficient")


def of_statistic(
    statistic: Callable[[Numbers], Numbers],
    n_documents: int,
    *,
    seed: int,
    draws: int = 1000,
    scale: str = "coefficient",
) -> Interval:
    """The interval of any statistic of documents, which is given weights (B, n_documents) and returns (B,), NaN where
    it is undefined.

    `scale`: coefficient (at most 1, 0 by chance: Fisher's z) or share (0 to 1, such as F1: log odds).
    """
    if scale not in SCALES:
        raise EventcodeError(f"no scale {scale!r} for an interval", f"one of {', '.join(SCALES)}")
    value = float(statistic(np.ones((1, n_documents)))[0]) if n_documents else float("nan")
    if np.isnan(value):
        return _without(None, n_documents, "the statistic is undefined for these documents", seed)
    if reason := _too_few(n_documents):
        return _without(value, n_documents, reason, seed)
    if value >= 1 - TINY:
        return none_disagreed(float(n_documents), n_documents, seed)
    if scale == "share" and value <= TINY:
        most = 1 - ((1 - LEVEL) / 2) ** (1 / n_documents)
        below, least = 1 - (1 - LOW) ** n_documents, 1 - (1 - HIGH) ** n_documents
        return Interval(0.0, most, None, below, least, "none_agreed", 0, seed, None, value, n_documents)
    drawn = bootstrap.documents(statistic, n_documents, seed=seed, draws=draws)
    moved = _influences(statistic, n_documents) if n_documents <= MANY else np.array([])
    return _of_draws(value, drawn, moved, n_documents, "bootstrap", seed, scale)


def leave_one_coder_out(
    units: Units, level: str, *, distance: Any = None, tree: Any = None
) -> dict[str, Coefficient]:
    """The alpha of the others, without each coder in turn: what drawing documents does not tell. Empty with two coders
    or fewer.
    """
    found = {}
    for number, name in enumerate(units.coders if len(units.coders) > 2 else ()):
        others = tuple(coder for coder in units.coders if coder != name)
        codes = np.delete(units.codes, number, axis=1)
        rest = Units(codes, units.values, units.documents, units.weights, others)
        found[name] = alpha(rest, level, distance=distance, tree=tree)
    return found


def alphas_drawn(
    of: Patterns, level: str, values: Any, *, seed: int, draws: int, distance: Any = None, tree: Any = None
) -> Numbers:
    """(draws,) Alpha under drawings of documents, NaN where it is undefined."""
    made = disagreement(of, level, values, distance=distance, tree=tree)
    width = max(len(of.sizes), len(of.present))
    parts = [
        weighted(made, of, sums) for sums in bootstrap.sums(of.weights, seed=seed, draws=draws, width=width)
    ]
    return np.concatenate(parts) if parts else np.empty(0)


def none_disagreed(effective: float, n_documents: int, seed: int) -> Interval:
    """The interval of a coefficient of 1: no disagreement in `effective` documents (see the module)."""
    low = ((1 - LEVEL) / 2) ** (1 / effective)
    below, least = LOW**effective, HIGH**effective
    return Interval(low, 1.0, None, below, least, "none_disagreed", 0, seed, None, 1.0, n_documents)


def effective_documents(units: Units) -> float:
    """(Σw)² / Σw² of the weights of documents: how many of equal weight would tell as much (Kish 1965, Survey
    Sampling).
    """
    of = patterns(units)
    each = np.asarray(of.weights.sum(axis=1)).ravel()
    return float(each.sum() ** 2 / (each**2).sum())


def _influences(statistic: Callable[[Numbers], Numbers], n: int) -> Numbers:
    """(n,) ∂statistic/∂w of each document by central differences, centred; empty where one is undefined."""
    step = jackknife.STEP * np.eye(n)
    moved = (statistic(1 + step) - statistic(1 - step)) / (2 * jackknife.STEP)
    centred: Numbers = moved - moved.mean()
    return centred if np.isfinite(centred).all() else np.array([])


def _costs(of: Patterns, level: str, draws: int) -> float:
    """The cells that a bootstrap goes through."""
    square = 0 if level in ("nominal", "ordinal", "interval") else len(of.present) ** 2
    return draws * float(of.weights.nnz + of.rows.size + square)


def _too_few(n_documents: int) -> str | None:
    if n_documents >= 2:
        return None
    return "one document: what would vary from one to the next is not known, so there is no interval"


def _without(estimate: float | None, n_documents: int, reason: str | None, seed: int) -> Interval:
    return Interval(None, None, None, None, None, "none", 0, seed, reason, estimate, n_documents)


def _of_draws(
    estimate: float, drawn: Numbers, moved: Numbers, n: int, method: str, seed: int, scale: str
) -> Interval:
    """The interval from draws and, where there are any, the influences `moved` of documents."""
    known = drawn[np.isfinite(drawn)]
    if len(known) < max(2, (1 - UNDEFINED) * len(drawn)):
        share = 1 - len(known) / max(len(drawn), 1)
        why = f"too little variation in {n} documents: {share:.0%} of the draws have no coefficient"
        return _without(estimate, n, why, seed)
    error = float(known.std(ddof=1)) * (n / (n - 1)) ** 0.5
    if method in ("percentile", "bca"):
        return _percentiles(estimate, known, error, n, method, seed, moved)
    freedom = jackknife.freedom(moved) if len(moved) else n - 1.0
    return _on_scale(estimate, error, freedom, n, "bootstrap", len(drawn), seed, scale)


def _on_scale(
    estimate: float, error: float, freedom: float, n: int, method: str, draws: int, seed: int, scale: str
) -> Interval:
    """The formula of the module; for shares with log odds, z = log(p/(1 − p)) and dz = dp/(p·(1 − p))."""
    from scipy.special import expit, logit, stdtr, stdtrit

    if not error > TINY:
        return _without(estimate, n, UNVARIED, seed)
    if scale == "coefficient":
        to, back, inner = np.arctanh, np.tanh, min(max(estimate, TINY - 1), 1 - TINY)
        slope = 1 - inner**2
    else:
        to, back, inner = logit, expit, min(max(estimate, TINY), 1 - TINY)
        slope = inner * (1 - inner)
    centre, spread = to(inner), error / slope
    reach = stdtrit(freedom, (1 + LEVEL) / 2) * spread
    below, least = (float(stdtr(freedom, (to(bound) - centre) / spread)) for bound in (LOW, HIGH))
    low, high = float(back(centre - reach)), float(back(centre + reach))
    return Interval(low, high, error, below, least, method, draws, seed, None, estimate, n)


def _percentiles(
    estimate: float, known: Numbers, error: float, n: int, method: str, seed: int, moved: Numbers
) -> Interval:
    """The percentiles of the draws: 2.5 and 97.5, or those that BCa chooses for bias and acceleration (Efron 1987)."""
    from scipy.special import ndtr, ndtri

    ordered = np.sort(known)
    bias = fast = 0.0
    if method == "bca":
        least = 1 / len(ordered)
        share = ((ordered < estimate).mean() + (ordered <= estimate).mean()) / 2
        bias = float(ndtri(min(max(share, least), 1 - least)))
        fast = float((moved**3).sum() / (6 * (moved**2).sum() ** 1.5)) if moved.any() else 0.0
    tails = ndtri(np.array([1 - LEVEL, 1 + LEVEL]) / 2) + bias
    low, high = np.quantile(ordered, ndtr(bias + tails / (1 - fast * tails)))

    def below(bound: float) -> float:
        own = float(ndtri((ordered < bound).mean())) - bias
        return float(ndtr(own / (1 + fast * own) - bias)) if np.isfinite(own) else float(own > 0)

    return Interval(
        float(low), float(high), error, below(LOW), below(HIGH), method, len(known), seed, None, estimate, n
    )
