"""Percent agreement and the coefficients that compare it with chance: (p_a − p_e) / (1 − p_e), with missing values as in Gwet 2014.

Gwet 2014 is the Handbook of Inter-Rater Reliability, 4th ed. p_a is the mean over units of two ratings or more of the (weighted)
share of pairs of coders that agree; chance terms rest on every rating, also of units that one coder alone rated. Weights of units
are frequencies: they cancel in shares, so only their proportions matter. The number of values q is that which coders could give,
`len(units.values)`.

A `weighting` says how far two values disagree: linear or quadratic (Cohen 1968), ordinal or radical (Gwet 2014; ordinal is *not*
Krippendorff's), ratio, or a table of disagreement weights (values × values), divided by its largest. Values that are numbers lie
apart as numbers, others as their places.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from eventcode.errors import EventcodeError
from eventcode.reliability import distances
from eventcode.reliability.alpha import NO_PAIRS, ONE_VALUE, against_rest
from eventcode.reliability.disagreements import Nominal, Table
from eventcode.reliability.patterns import Patterns, coefficient, patterns
from eventcode.reliability.units import MISSING, Coefficient, Integers, Numbers, Units

Weighting = str | ArrayLike | None
CERTAIN = "chance alone would make coders agree on everything, so nothing can be told beyond it"
ONE_TO_GIVE = "there is only one value to give"
TINY = 1e-12
POWERS = {"quadratic": 2.0, "radical": 0.5}
WEIGHTINGS = ("linear", "quadratic", "ordinal", "radical", "ratio")


def percent_agreement(units: Units, weighting: Weighting = None) -> Coefficient:
    """The share of pairs of coders that agree, averaged over units (Gwet 2014; Fleiss 1971 for complete data)."""
    of = patterns(units)
    apart = _observed(of, _weights(units, weighting))
    return coefficient(
        of, "percent_agreement", _level(weighting), None if apart is None else 1 - apart, NO_PAIRS
    )


def cohen_kappa(units: Units) -> Coefficient:
    """Cohen's kappa of two coders: p_e = Σ_k p_1k p_2k (Cohen 1960, A coefficient of agreement for nominal scales, p. 40)."""
    return _two(units, "cohen_kappa", None)


def weighted_kappa(units: Units, weighting: Weighting = "linear") -> Coefficient:
    """Weighted kappa of two coders: 1 − Σ v p_o / Σ v p_e, with disagreement weights v (Cohen 1968, Weighted kappa),
    symmetric or not.
    """
    return _two(units, "weighted_kappa", weighting)


def fleiss_kappa(units: Units, weighting: Weighting = None) -> Coefficient:
    """Fleiss' kappa of any number of coders, who need not be the same from unit to unit: p_e = Σ_k π_k², π_k the mean share of
    value k in a unit's ratings.

    Fleiss 1971, Measuring nominal scale agreement among many raters; with missing ratings and weights Gwet 2014.
    With two coders it is Scott's pi (Scott 1955).
    """
    weights, share = _weights(units, weighting), _shares(units)
    expected = None if share is None else weights.mean(share, share)
    return _beyond(units, "fleiss_kappa", _level(weighting), weights, expected)


def fleiss_by_category(units: Units) -> dict[Hashable, Coefficient]:
    """Fleiss' kappa of each value against all others (Fleiss 1971), which is that of the dichotomy, with missing
    ratings too.
    """
    return {value: fleiss_kappa(against_rest(units, code)) for code, value in enumerate(units.values)}


def conger_kappa(units: Units, weighting: Weighting = None) -> Coefficient:
    """Conger's kappa: p_e is the mean over pairs of coders of Σ_kl w_kl p_gk p_hl.

    Conger 1980, Integration and generalization of kappas for multiple raters; with missing ratings Gwet 2014. With two
    coders it is Cohen's; Hubert (1977) and Davies & Fleiss (1982) describe the same.
    """
    weights = _weights(units, weighting)
    each = [share for place in range(len(units.coders)) if (share := _shares_of(units, place)).any()]
    expected = None
    if len(each) > 1:  # all pairs of coders less each with itself, without going through the pairs
        together = np.sum(each, axis=0)
        alone = sum(weights.mean(share, share) for share in each)
        expected = (weights.mean(together, together) - alone) / (len(each) * (len(each) - 1))
    return _beyond(units, "conger_kappa", _level(weighting), weights, expected)


def brennan_prediger(units: Units, weighting: Weighting = None) -> Coefficient:
    """Brennan & Prediger's kappa: every value equally likely, p_e = Σ_kl w_kl / q².

    Brennan & Prediger 1981, Coefficient kappa: some uses, misuses and alternatives; weighted Gwet 2014. Unweighted it is
    Bennett, Alpert & Goldstein's S (1954) and Randolph's free-marginal kappa (2005).
    """
    weights, q = _weights(units, weighting), len(units.values)
    even = np.full(q, 1 / max(q, 1))
    return _beyond(units, "brennan_prediger", _level(weighting), weights, weights.mean(even, even))


def gwet_ac1(units: Units) -> Coefficient:
    """Gwet's AC1: p_e = Σ_k π_k (1 − π_k) / (q − 1) (Gwet 2008, Computing inter-rater reliability and its variance)."""
    return _gwet(units, "gwet_ac1", None)


def gwet_ac2(units: Units, weighting: Weighting = "quadratic") -> Coefficient:
    """Gwet's AC2, the weighted AC1: p_e = T_w Σ_k π_k (1 − π_k) / (q (q − 1)), T_w the sum of agreement weights (Gwet 2014)."""
    return _gwet(units, "gwet_ac2", weighting)


def _gwet(units: Units, measure: str, weighting: Weighting) -> Coefficient:
    weights, share, q = _weights(units, weighting), _shares(units), len(units.values)
    if share is None:
        return _beyond(units, measure, _level(weighting), weights, None)
    if q < 2:
        return coefficient(patterns(units), measure, _level(weighting), None, ONE_TO_GIVE)
    even = np.full(q, 1 / q)
    near = 1 - weights.mean(even, even)  # T_w / q²
    expected = 1 - near * float((share * (1 - share)).sum()) * q / (q - 1)
    return _beyond(units, measure, _level(weighting), weights, expected)


def _two(units: Units, measure: str, weighting: Weighting) -> Coefficient:
    """1 − observed / expected disagreement of the two coders who said something."""
    of, weights, level = patterns(units), _weights(units, weighting), _level(weighting)
    said = [place for place in range(len(units.coders)) if _shares_of(units, place).any()]
    if len(said) > 2:
        why = f"Cohen's kappa compares two coders, and {len(said)} coded: take Conger's"
        return coefficient(of, measure, level, None, why)
    if not len(of.sizes):
        return coefficient(of, measure, level, None, NO_PAIRS)
    first, second = units.codes[of.index >= 0][:, said].T
    observed = float(np.average(weights.between(first, second), weights=units.weights[of.index >= 0]))
    expected = weights.mean(_shares_of(units, said[0]), _shares_of(units, said[1]))
    if expected < TINY:
        return coefficient(of, measure, level, None, _why(units))
    return coefficient(of, measure, level, 1 - observed / expected, None)


def _beyond(units: Units, measure: str, level: str, weights: _Weights, expected: float | None) -> Coefficient:
    """(p_a − p_e) / (1 − p_e) from the disagreement 1 − p_e that chance makes, or the reason why not."""
    of = patterns(units)
    observed = _observed(of, weights)
    if observed is None or expected is None:
        return coefficient(of, measure, level, None, NO_PAIRS)
    if expected < TINY:
        return coefficient(of, measure, level, None, _why(units))
    return coefficient(of, measure, level, 1 - observed / expected, None)


def _why(units: Units) -> str:
    given = np.unique(units.codes[units.weights > 0])
    return ONE_VALUE if (given != MISSING).sum() < 2 else CERTAIN


def _observed(of: Patterns, weights: _Weights) -> float | None:
    """1 − p_a: the disagreement of pairs of coders, averaged over units; None without a pair."""
    if not len(of.sizes):
        return None
    if weights.table is None:
        made: Nominal | Table = Nominal(of)
    else:
        made = Table(of, ((weights.table + weights.table.T) / 2)[np.ix_(of.present, of.present)])
    return float(np.average(made.parts / of.sizes, weights=of.totals))


@dataclass(frozen=True, slots=True)
class _Weights:
    """Disagreement weights from 0 to 1: a table (q, q), or None for 1 between any two values."""

    table: Numbers | None

    def mean(self, one: Numbers, other: Numbers) -> float:
        """Σ_kl v_kl one_k other_l."""
        if self.table is None:
            return float(one.sum() * other.sum() - one @ other)
        return float(one @ self.table @ other)

    def between(self, one: Integers, other: Integers) -> Numbers:
        """The disagreement of codes with codes."""
        found = one != other if self.table is None else self.table[one, other]
        return np.asarray(found, dtype=np.float64)


def _shares(units: Units) -> Numbers | None:
    """(q,) π_k: the mean over units of the share of value k in the unit's ratings; None if nobody said anything."""
    said = (units.codes != MISSING).sum(axis=1)
    weights = np.divide(units.weights, said, out=np.zeros(len(said)), where=said > 0)
    total = np.zeros(len(units.values))
    for column in units.codes.T:
        used = column != MISSING
        total += np.bincount(column[used], weights[used], minlength=len(total))
    return total / total.sum() if total.sum() > 0 else None


def _shares_of(units: Units, place: int) -> Numbers:
    """(q,) The share of each value in what one coder said."""
    used = units.codes[:, place] != MISSING
    total = np.bincount(units.codes[used, place], units.weights[used], minlength=len(units.values))
    return np.asarray(total / total.sum() if total.sum() > 0 else total, dtype=np.float64)


def _level(weighting: Weighting) -> str:
    return "nominal" if weighting is None else weighting if isinstance(weighting, str) else "custom"


def _weights(units: Units, weighting: Weighting) -> _Weights:
    q = len(units.values)
    if weighting is None:
        return _Weights(None)
    if isinstance(weighting, str):
        return _Weights(weights_between(units.values, weighting))
    table = np.asarray(weighting, dtype=np.float64)
    if table.shape != (q, q) or not np.isfinite(table).all() or (table < 0).any() or table.diagonal().any():
        raise EventcodeError(
            f"disagreement weights of shape {table.shape} for {q} values",
            "one row and column a value, in their order; from 0, and 0 between a value and itself",
        )
    return _Weights(table / (table.max(initial=0) or 1))


def weights_between(values: Sequence[Any], weighting: str) -> Numbers:
    """(values, values) The disagreement weights, from 0 to 1, that a name of `WEIGHTINGS` stands for."""
    if weighting not in WEIGHTINGS:
        raise EventcodeError(f"no weighting {weighting!r}", f"one of {', '.join(WEIGHTINGS)}, or a table")
    if weighting == "ratio":
        table = distances.ratio(values)
        return np.asarray(table / (table.max(initial=0) or 1))
    places = np.arange(len(values), dtype=np.float64)
    numeric = bool(values) and all(isinstance(value, Real) for value in values)
    scale = places if weighting == "ordinal" or not numeric else distances.numbers(values, weighting)
    apart = np.abs(np.subtract.outer(scale, scale))
    if weighting == "ordinal":
        apart = apart * (apart + 1) / 2  # pairs of values from one to the other, both included
    apart /= apart.max(initial=0) or 1
    return np.asarray(apart ** POWERS.get(weighting, 1))
