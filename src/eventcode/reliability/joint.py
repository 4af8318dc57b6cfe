"""One coefficient for finding and coding events together, corrected for chance.

It is Krippendorff's alpha (2011, Computing Krippendorff's alpha-reliability, p. 1: 1 − D_o / D_e) with
documents as units and *whole readings* as values. How far two readings lie apart, δ, is what alpha leaves to
the user. Here it is, for readings of n and m codings with the set M of pairs that `align` finds,

    δ(A, B) = (n + m − 2|M| + 2 Σ_(i,j)∈M d(type_i, type_j)) / (n + m),    0 where n = m = 0,

that is: a coding without a partner costs 1, one with a partner what the two types lie apart, on average over
all codings. It is 1 − Dice's coefficient of two sets of events whose members may be alike in part, as
Passonneau (2006, LREC: 831–836) takes a distance of sets into alpha; and agreement that there is no event
counts.

    D_o = mean of δ(A's reading of u, B's reading of u) over documents u that both read
    D_e = mean of δ(A's reading of u, B's reading of v) over documents u ≠ v that both read

each averaged over pairs of coders. D_e recombines what two coders said of different documents, as gamma draws
its chance from other annotators' continua (Mathet, Widlöcher & Métivier 2015, Computational Linguistics 41:
437–479). Readings that have nothing to do with the document give D_o = D_e but for sampling error, since then a
reading of u is as far from one of u as from one of v. Coders keep their own habits (how many codings, which
types), as in Conger's kappa; Krippendorff's own D_e recombines readings of one coder too. Evidence of two
documents is compared by where it stands, as if they were one text: to code always the opening sentence is a
habit, and no agreement.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eventcode.errors import EventcodeError
from eventcode.model import Codebook
from eventcode.reliability import distances, hierarchy, identity_fields
from eventcode.reliability.align import Settings, paired
from eventcode.reliability.assign import Mask
from eventcode.reliability.records import Corpus
from eventcode.reliability.result import NO_PAIRS
from eventcode.reliability.units import Coefficient, Integers, Numbers
from eventcode.reliability.votes import runs_of_voters

LEVELS = ("hierarchical", "root", "nominal")
ONE_DOCUMENT = "two coders read only one document together: chance is what they said of different ones"
NO_VARIATION = "readings of different documents do not differ: without variation there is no telling agreement from chance"
DRAWN = 20_000  # pairs of documents on which chance is worked out; all of them where there are fewer


@dataclass(frozen=True, slots=True, eq=False)
class Joint:
    """The disagreement of readings of one document and of different ones, to be summed under any weights of
    documents.

    Observed, for each document and two coders: `document`, `pair` (number of the two coders), `share` (their
    part of the document's weight: shares of a document of k readings sum to k / 2), `disagreement`. Expected,
    for each two documents: `chance_pair`, `chance_a`, `chance_b` (the documents), `chance_disagreement`.
    `drawn`: chance is a sample.
    """

    level: str
    weights: Numbers
    document: Integers
    pair: Integers
    share: Numbers
    disagreement: Numbers
    chance_pair: Integers
    chance_a: Integers
    chance_b: Integers
    chance_disagreement: Numbers
    n_codings: int
    n_coders: int
    drawn: bool

    def by_document(self) -> tuple[Numbers, Numbers]:
        """(documents,) numerator and denominator of D_o: shares × disagreement, and shares."""
        n = len(self.weights)
        above = np.bincount(self.document, self.share * self.disagreement, n)
        below = np.bincount(self.document, self.share, n)
        return above.astype(np.float64), below.astype(np.float64)

    def estimates(self, weights: Numbers) -> Numbers:
        """(B,) the coefficient for weights (B, documents), NaN where it is undefined: what a bootstrap asks.

        A document drawn twice is compared with others only, never with itself.
        """
        above, below = self.by_document()
        observed, total = weights @ above, weights @ below
        expected, part = np.zeros(len(weights)), np.zeros(len(weights))
        turned = np.ascontiguousarray(weights.T)
        for pair in np.unique(self.pair).tolist():
            own, chance = self.pair == pair, self.chance_pair == pair
            share = weights @ np.bincount(self.document[own], self.share[own], weights.shape[1])
            mean = _products(
                turned, self.chance_a[chance], self.chance_b[chance], self.chance_disagreement[chance]
            )
            known = ~np.isnan(mean) & (share > 0)
            expected[known] += share[known] * mean[known]
            part[known] += share[known]
        found = np.full(len(weights), np.nan)
        known = (total > 0) & (expected > 0)
        found[known] = 1 - (observed[known] / total[known]) / (expected[known] / part[known])
        return found

    def coefficient(self, weights: Numbers | None = None) -> Coefficient:
        """The coefficient; `weights` (documents,) stand in for those of the sample."""
        own = self.weights if weights is None else weights
        value = float(self.estimates(own[None, :])[0])
        undefined = value != value
        return Coefficient(
            "joint", self.level, None if undefined else value, self._reason() if undefined else None,
            len(self.document), self.n_codings, len(np.unique(self.document)), self.n_coders,
        )  # fmt: skip

    def _reason(self) -> str:
        if not len(self.document):
            return NO_PAIRS
        return NO_VARIATION if len(self.chance_pair) else ONE_DOCUMENT


def _products(turned: Numbers, a: Integers, b: Integers, values: Numbers) -> Numbers:
    """(B,) Σ w_a w_b value / Σ w_a w_b for weights `turned` (documents, B); NaN where no two documents have weight.

    With M the matrix that has the values at (a, b), Σ w_a w_b value is the quadratic form w M w: the values of two
    documents are added up before the draws come into it.
    """
    from scipy.sparse import csr_matrix

    n = len(turned)
    above, total = (
        np.einsum("ib,ib->b", csr_matrix((of, (a, b)), shape=(n, n)) @ turned, turned)
        for of in (values, np.ones(len(a)))
    )
    found = np.full(turned.shape[1], np.nan)
    np.divide(above, total, out=found, where=total > 0)
    return found


def joint(
    corpus: Corpus,
    settings: Settings,
    level: str = "hierarchical",
    *,
    theta: float | None = None,
    pairs: Mask | None = None,
    readings: Mask | None = None,
    voters: Sequence[int] | None = None,
    seed: int = 1,
    drawn: int = DRAWN,
) -> Joint:
    """The joint coefficient of all coders, or of some.

    `level` says how far two event types lie apart: `hierarchical` (Wu–Palmer in the codebook's tree), `root` or
    `nominal` (0 or 1). `pairs` (coders, coders) and `readings` (documents, coders) say which count, all if
    None. `voters` (coders,) numbers whose vote each coder's is: several runs of one voter share it. `seed`
    draws the pairs of documents where there are more than `drawn`.
    """
    if level not in LEVELS:
        raise EventcodeError(f"the joint coefficient has no level '{level}'", f"use {', '.join(LEVELS)}")
    read = corpus.read if readings is None else corpus.read & readings
    both = np.ones((read.shape[1],) * 2, dtype=bool) if pairs is None else pairs | pairs.T
    allowed = np.triu(both, 1)
    first, second = np.nonzero(allowed)
    together = read[:, first] & read[:, second]
    document, pair = np.nonzero(together)
    chance_pair, chance_a, chance_b, sampled = _chance(together, drawn, seed)
    apart = _Readings(corpus, settings, level, settings.theta if theta is None else theta)
    taken = np.zeros_like(read)
    taken[document, first[pair]] = taken[document, second[pair]] = True
    return Joint(
        level,
        corpus.weights,
        document,
        pair,
        _shares(document, first[pair], second[pair], read, both, voters),
        apart.disagreement(document, first[pair], document, second[pair]),
        chance_pair,
        chance_a,
        chance_b,
        apart.disagreement(chance_a, first[chance_pair], chance_b, second[chance_pair]),
        int(apart.counts[taken].sum()),
        int(taken.any(axis=0).sum()),
        sampled,
    )


def _chance(together: Mask, wanted: int, seed: int) -> tuple[Integers, Integers, Integers, bool]:
    """(number of the two coders, document, other document) for every two different documents that two coders
    read, in both orders; and whether they are only a sample, drawn with replacement: `wanted` in all, the same
    number for every two coders.
    """
    pairs, first, second = ([np.zeros(0, dtype=np.int64)] for _ in range(3))
    each, sampled = max(2, wanted // max(1, together.shape[1])), False
    for pair, read in enumerate(np.flatnonzero(column) for column in together.T):
        n = len(read)
        if n * (n - 1) <= each:
            a, b = np.nonzero(~np.eye(n, dtype=bool))
        else:
            draw = np.random.default_rng([seed, pair])
            a = draw.integers(0, n, each)
            b = (a + draw.integers(1, n, each)) % n
            sampled = True
        first.append(read[a])
        second.append(read[b])
        pairs.append(np.full(len(a), pair, dtype=np.int64))
    return np.concatenate(pairs), np.concatenate(first), np.concatenate(second), sampled


def _shares(
    document: Integers, a: Integers, b: Integers, read: Mask, pairs: Mask, voters: Sequence[int] | None
) -> Numbers:
    """2 / (degree + degree) of the two readings in their document: 1 / (k − 1) where all k readers are compared
    with each other.

    With r runs of its voter in the document a run has 1 / r of a vote, and so in its pairs.
    """
    both = pairs & ~np.eye(len(pairs), dtype=bool)
    active = (read & both.any(axis=1)).astype(np.float64)
    runs = runs_of_voters(read, both, voters)
    part = np.divide(active, runs, out=np.zeros_like(active), where=runs > 0)
    degree = part * (part @ both.astype(np.float64))  # Σ 1 / (r r') over the pairs of a reading
    share = part[document, a] * part[document, b]
    below = runs[document, a] * degree[document, a] + runs[document, b] * degree[document, b]
    found: Numbers = 2 * share / below
    return found


class _Readings:
    """The readings of a corpus as runs of codings, and how far any two of them lie apart."""

    def __init__(self, corpus: Corpus, settings: Settings, level: str, theta: float) -> None:
        listed = corpus.codings
        self.components = identity_fields.of_codings(corpus, settings.tau, settings.kilometres)
        self.weights, self.theta = settings.weights, theta
        self.counts = np.zeros((len(corpus.documents), len(corpus.coders)), dtype=np.int64)
        np.add.at(self.counts, (listed.documents, listed.coders), 1)
        flat = self.counts.reshape(-1)
        self.starts = np.cumsum(flat) - flat
        types = [str(row.get("event_type")) for row in listed.rows]
        self.values = sorted(set(types))
        place = {value: code for code, value in enumerate(self.values)}
        self.types = np.array([place[one] for one in types], dtype=np.int64)
        self.between = type_distances(self.values, corpus.codebook, level)

    def disagreement(
        self, document_a: Integers, coder_a: Integers, document_b: Integers, coder_b: Integers
    ) -> Numbers:
        """δ of the module's formula for many pairs of readings."""
        size = self.counts.shape[1]
        left, right = document_a * size + coder_a, document_b * size + coder_b
        flat = self.counts.reshape(-1)
        found = paired(self.components, self.weights, self.theta, self.starts, flat, left, right)
        saved = 1 - self.between[self.types[found.rows], self.types[found.columns]]
        total = flat[left] + flat[right]
        cost = np.zeros(len(left))
        np.divide(total - 2 * np.bincount(found.blocks, saved, len(left)), total, out=cost, where=total > 0)
        return cost


def type_distances(values: Sequence[str], codebook: Codebook, level: str) -> NDArray[np.float64]:
    """(values, values) how far event types lie apart, 0 to 1."""
    tree: Mapping[str, str | None] = {code: kind.parent for code, kind in codebook.event_types.items()}
    if level == "hierarchical":
        return distances.table(values, hierarchy.wu_palmer(tree))
    names = [hierarchy.path(value, tree)[0] for value in values] if level == "root" else list(values)
    return np.array([[float(one != other) for other in names] for one in names]).reshape(
        len(names), len(names)
    )
