"""The difference between two coefficients that share documents: two versions of a codebook, two coders, two pairs of
coders.

Each drawing of documents serves both sides, so that what makes a document hard for both cancels (McKenzie and others
1996, Comparing correlated kappas by resampling; Vanbelle & Albert 2008, A bootstrap method for comparing correlated
kappa coefficients). Documents of one side only are drawn along with the others. The interval is the difference ± t(ν;
.975) · s, with s² the variance of the drawn differences times n/(n − 1), and ν as in `intervals`. Differences are near
symmetric, so no other scale is needed; `benchmarks/coverage.py` prints how often the interval holds the true one.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from eventcode.errors import EventcodeError
from eventcode.reliability import bootstrap, jackknife
from eventcode.reliability.alpha import alpha, disagreement, weighted
from eventcode.reliability.intervals import LEVEL, TINY, UNDEFINED
from eventcode.reliability.patterns import Patterns, patterns
from eventcode.reliability.units import Numbers, Units


@dataclass(frozen=True, slots=True)
class Difference:
    """Alpha of the first minus that of the second with its 95% interval, or None with the reason.

    `p_above` is the probability that the first lies above the second. `n_shared` of `n_documents` are in both.
    """

    first: float | None
    second: float | None
    estimate: float | None
    low: float | None
    high: float | None
    standard_error: float | None
    p_above: float | None
    n_documents: int
    n_shared: int
    draws: int
    seed: int
    reason: str | None


def difference(
    first: Units,
    second: Units,
    level: str,
    *,
    seed: int,
    draws: int = 1000,
    distance: Any = None,
    tree: Any = None,
    second_tree: Any = None,
) -> Difference:
    """The difference of two alphas. The same number in `documents` is the same document on both sides; `second_tree` is
    the tree of the second where it has its own.
    """
    one = _Side(first, level, distance, tree)
    other = _Side(second, level, distance, tree if second_tree is None else second_tree)
    either = np.union1d(one.documents, other.documents)
    n, shared = len(either), len(np.intersect1d(one.documents, other.documents))
    values = (one.alpha.estimate, other.alpha.estimate)
    for name, side in (("first", one), ("second", other)):
        if side.alpha.estimate is None:
            return _without(values, n, shared, seed, f"the {name} has no coefficient: {side.alpha.reason}")
        if len(side.documents) < 2:
            why = "what would vary from one to the next is not known"
            return _without(values, n, shared, seed, f"the {name} has one document: {why}")
    split = len(one.of.sizes)
    parts = [
        weighted(one.made, one.of, sums[:, :split]) - weighted(other.made, other.of, sums[:, split:])
        for sums in bootstrap.sums(
            _beside(one.of, other.of), seed=seed, draws=draws, width=one.width + other.width
        )
    ]
    moved = np.zeros(max(one.of.n_documents, other.of.n_documents))
    moved[one.documents] += one.influences()
    moved[other.documents] -= other.influences()
    freedom = jackknife.freedom(moved[either])
    return _of_draws(values, np.concatenate(parts), freedom, n, shared, seed)


class _Side:
    """One of the two coefficients: what it is drawn from."""

    def __init__(self, units: Units, level: str, distance: Any, tree: Any) -> None:
        self.alpha = alpha(units, level, distance=distance, tree=tree)
        self.of = patterns(units)
        if self.alpha.estimate is not None:
            self.made = disagreement(self.of, level, units.values, distance=distance, tree=tree)
        self.documents = np.flatnonzero(np.diff(self.of.weights.indptr))
        self.width = len(self.of.sizes) + len(self.of.present)

    def influences(self) -> Numbers:
        return jackknife.influences(self.made, self.of)


def only(units: Units, coders: Collection[str]) -> Units:
    """The units as some of the coders saw them; EventcodeError where one is unknown."""
    if unknown := set(coders) - set(units.coders):
        raise EventcodeError(f"no coder {min(unknown)!r}", f"one of {', '.join(units.coders)}")
    columns = [number for number, name in enumerate(units.coders) if name in coders]
    names = tuple(units.coders[number] for number in columns)
    return Units(units.codes[:, columns], units.values, units.documents, units.weights, names)


def _beside(first: Patterns, second: Patterns) -> Any:
    """(documents, patterns of both) The weights of both sides, document by document."""
    from scipy.sparse import csr_matrix, hstack

    n = max(first.n_documents, second.n_documents)
    padded = []
    for side in (first, second):
        own = side.weights
        ends = np.append(own.indptr, np.full(n - side.n_documents, own.indptr[-1]))
        padded.append(csr_matrix((own.data, own.indices, ends), shape=(n, own.shape[1])))
    return hstack(padded, format="csr")


def _without(
    values: tuple[float | None, float | None], n: int, shared: int, seed: int, reason: str
) -> Difference:
    one, other = values
    estimate = None if one is None or other is None else one - other
    return Difference(one, other, estimate, None, None, None, None, n, shared, 0, seed, reason)


def _of_draws(
    values: tuple[float | None, float | None], drawn: Numbers, freedom: float, n: int, shared: int, seed: int
) -> Difference:
    from scipy.special import stdtr, stdtrit

    known = drawn[np.isfinite(drawn)]
    if len(known) < max(2, (1 - UNDEFINED) * len(drawn)):
        share = 1 - len(known) / max(len(drawn), 1)
        why = f"too little variation in {n} documents: {share:.0%} of the draws have no difference"
        return _without(values, n, shared, seed, why)
    error = float(known.std(ddof=1)) * (n / (n - 1)) ** 0.5
    found = _without(values, n, shared, seed, "the difference is the same whichever documents are drawn")
    if found.estimate is None or not error > TINY:
        return found
    reach = float(stdtrit(freedom, (1 + LEVEL) / 2)) * error
    return replace(
        found, low=found.estimate - reach, high=found.estimate + reach, standard_error=error,
        p_above=float(stdtr(freedom, found.estimate / error)), draws=len(drawn), reason=None,
    )  # fmt: skip
