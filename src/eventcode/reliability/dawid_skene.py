"""What units are, and how coders err, told from what several coders said of them (Dawid & Skene 1979)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eventcode.errors import CoderError
from eventcode.reliability.voters import Labels, ordered, repeats

Numbers = NDArray[np.float64]
_LEAST = 1e-300  # stands for 0 in logarithms


@dataclass(frozen=True, slots=True, eq=False)
class DawidSkene:
    """What one run estimates; its arrays stand in the order of `units`, `voters` and `values`.

    `priors` (values,) is the share of each true value; `rates` (voters, true value, value said) is each voter's misclassification
    matrix, whose rows sum to 1; `evidence` (voters, true value) tells how many labels stand behind each of its rows: where that is 0
    the row is uniform and says nothing. `posteriors` (units, values) is the probability of each true value; a gold unit has 1.
    `log_likelihood` leaves the multinomial constant out. `trace` is what was maximised, step by step: the log-likelihood, plus the
    logarithm of the Dirichlet density (up to a constant) where there is smoothing.
    """

    values: tuple[Hashable, ...]
    units: tuple[Hashable, ...]
    voters: tuple[str, ...]
    priors: Numbers
    rates: Numbers
    evidence: Numbers
    posteriors: Numbers
    log_likelihood: float
    trace: tuple[float, ...]
    converged: bool
    cautions: tuple[str, ...]

    @property
    def decided(self) -> dict[Hashable, Hashable]:
        """The most probable value of each unit; of equals the first."""
        best = self.posteriors.argmax(axis=1)
        return {unit: self.values[i] for unit, i in zip(self.units, best, strict=True)}

    def matrix(self, voter: str) -> Numbers:
        """The misclassification matrix of a voter: rows the true value, columns the value said."""
        matrix: Numbers = self.rates[self.voters.index(voter)]
        return matrix


def dawid_skene(
    labels: Labels,
    *,
    values: Sequence[Hashable] | None = None,
    voters: Mapping[str, str] | None = None,
    gold: Mapping[Any, Hashable] | None = None,
    smoothing: float = 0.0,
    starts: int = 1,
    seed: int = 1,
    tolerance: float = 1e-9,
    iterations: int = 10_000,
) -> DawidSkene:
    """Class shares, error rates and posteriors by EM (Dawid & Skene 1979, Applied Statistics 28: 20–28).

    `labels` maps unit → coder → a value, or a list of values: repeat codings, each of which counts, as those of observer 1 in the
    article. Coders of one voter (`voters`: coder → voter) are repeat codings of that voter. `gold` (unit → value) fixes what is known;
    its units count among the class shares. `values` may hold values that nobody said. `smoothing` is added to the count of every class
    and of every cell of the matrices, which gives the mode under a Dirichlet(1 + smoothing) density; 0 is the estimate of the article.

    The E step is their eq. 2.5, T_ij ∝ p_j Π_k Π_l (π_jl of voter k)^(times k said l of i); the M step eqs. 2.3 (π) and 2.4 (p). It
    starts from the shares of the labels in each unit, as the article does. Further `starts` mix these with random shares drawn with
    `seed`, and the run that ends highest counts: on small data it may be one that lets a class mean something else, so look at the
    matrices (of the data of 1979 fifty starts find one 1.3 higher than the published). A run stops when no posterior moves by more
    than `tolerance`, or after so many `iterations` and says so.

    CoderError where only one voter is left, of whom nothing can be told; with two voters the result carries a caution.
    """
    if smoothing < 0:
        raise CoderError(f"smoothing is {smoothing}: it cannot be negative", "0 gives the classical estimate")
    counted = _count(labels, voters or {})
    names = tuple(sorted({voter for _, voter, _ in counted}))
    if len(names) < 2:
        who = f"only {names[0]} has" if names else "nobody has"
        raise CoderError(
            f"Dawid–Skene needs several voters: {who} said anything",
            "runs of one model are one voter; compare a single voter with gold instead",
        )
    units = tuple(dict.fromkeys(unit for unit, _, _ in counted))
    fixed = {unit: gold[unit] for unit in units if unit in gold} if gold else {}
    order = _order(values, {value for _, _, value in counted} | {*fixed.values()})
    said = _Said(
        _matrix(counted, units, names, order), len(names), len(order),
        np.array([order.index(fixed[unit]) if unit in fixed else -1 for unit in units], np.int64), smoothing,
    )  # fmt: skip
    best: _Run | None = None
    for start in _starts(said, starts, seed):
        run = _climb(said, start, tolerance, iterations)
        if best is None or run.trace[-1] > best.trace[-1] + 1e-6:
            best = run
    assert best is not None
    return DawidSkene(
        values=order, units=units, voters=names, cautions=_cautions(said, best.converged, iterations),
        **{name: getattr(best, name) for name in _Run.__slots__},
    )  # fmt: skip


# ── the algorithm ─────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, eq=False)
class _Said:
    """How often each voter gave each value to each unit: `counts` is sparse, (units, voters × values).

    `gold` (units,) is the index of the known value, −1 where there is none.
    """

    counts: Any
    n_voters: int
    n_values: int
    gold: NDArray[np.int64]
    smoothing: float


@dataclass(frozen=True, slots=True, eq=False)
class _Run:
    priors: Numbers
    rates: Numbers
    evidence: Numbers
    posteriors: Numbers
    log_likelihood: float
    trace: tuple[float, ...]
    converged: bool


def _climb(said: _Said, posteriors: Numbers, tolerance: float, iterations: int) -> _Run:
    trace: list[float] = []
    converged = False
    while not converged and len(trace) < iterations:
        priors, rates, evidence = _maximise(said, posteriors)
        log_likelihood, after = _expect(said, priors, rates)
        trace.append(log_likelihood + said.smoothing * float(_log(priors).sum() + _log(rates).sum()))
        converged = float(np.abs(after - posteriors).max()) <= tolerance
        posteriors = after
    return _Run(priors, rates, evidence, posteriors, log_likelihood, tuple(trace), converged)


def _maximise(said: _Said, posteriors: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Eqs. 2.3 and 2.4: shares of the classes, and each voter's shares of what is said of each class."""
    shares = posteriors.sum(axis=0) + said.smoothing
    cells = (said.counts.T @ posteriors).reshape(said.n_voters, said.n_values, said.n_values)
    cells = np.swapaxes(cells, 1, 2)  # voter, true value, value said
    evidence = cells.sum(axis=2)
    cells = cells + said.smoothing
    rows = cells.sum(axis=2, keepdims=True)
    rates = np.where(rows > 0, cells / np.where(rows > 0, rows, 1), 1 / said.n_values)
    return shares / shares.sum(), rates, evidence


def _expect(said: _Said, priors: Numbers, rates: Numbers) -> tuple[float, Numbers]:
    """The log-likelihood and eq. 2.5: the posterior of each class in each unit."""
    logs = np.swapaxes(_log(rates), 1, 2).reshape(said.n_voters * said.n_values, said.n_values)
    joint: Numbers = said.counts @ logs + np.where(priors > 0, _log(priors), -np.inf)
    known = np.flatnonzero(said.gold >= 0)
    at = said.gold[known]
    kept = joint[known, at]
    joint[known] = -np.inf
    joint[known, at] = kept
    top = joint.max(axis=1, keepdims=True)
    likelihood = np.exp(joint - top)
    sums = likelihood.sum(axis=1, keepdims=True)
    return float((top + np.log(sums)).sum()), likelihood / sums


def _log(shares: Numbers) -> Numbers:
    logs: Numbers = np.log(np.maximum(shares, _LEAST))
    return logs


def _starts(said: _Said, starts: int, seed: int) -> Iterator[Numbers]:
    folded = said.counts @ np.tile(np.eye(said.n_values), (said.n_voters, 1))
    shares = folded / folded.sum(axis=1, keepdims=True)
    rng = np.random.default_rng(seed)
    for i in range(max(1, starts)):
        drawn = rng.dirichlet(np.ones(said.n_values), len(shares)) if i else shares
        start = (shares + drawn) / 2
        known = np.flatnonzero(said.gold >= 0)
        start[known] = 0.0
        start[known, said.gold[known]] = 1.0
        yield start


# ── from labels ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _count(labels: Labels, voter_of: Mapping[str, str]) -> Counter[tuple[Hashable, str, Hashable]]:
    return Counter(
        (unit, voter_of.get(coder, coder), value)
        for unit, said in labels.items()
        for coder in sorted(said)
        for value in repeats(said[coder])
    )


def _matrix(
    counted: Mapping[tuple[Hashable, str, Hashable], int],
    units: tuple[Hashable, ...],
    names: tuple[str, ...],
    order: tuple[Hashable, ...],
) -> Any:
    from scipy.sparse import csr_array

    row = {unit: i for i, unit in enumerate(units)}
    column = {(name, value): i for i, (name, value) in enumerate(product(names, order))}
    rows = [row[unit] for unit, _, _ in counted]
    columns = [column[voter, value] for _, voter, value in counted]
    shape = len(units), len(column)
    return csr_array((np.fromiter(counted.values(), float), (rows, columns)), shape=shape)


def _order(values: Sequence[Hashable] | None, said: set[Hashable]) -> tuple[Hashable, ...]:
    if values is None:
        return tuple(ordered(said))
    if strange := sorted(map(str, said - {*values})):
        raise CoderError(
            f"values that are not among those given: {', '.join(strange)}",
            "give every value that a coder or gold says",
        )
    return tuple(values)


def _cautions(said: _Said, converged: bool, iterations: int) -> tuple[str, ...]:
    found = []
    if said.n_voters == 2:
        found.append(
            "two voters only: class shares and error rates cannot be told apart from two voters alone, so other estimates fit as well"
        )
    if not converged:
        found.append(f"the estimates still moved after {iterations} steps")
    return tuple(found)
