"""The best alignment of what several coders marked in a text (Mathet, Widlöcher & Métivier 2015)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import comb

import numpy as np
from numpy.typing import NDArray

from eventcode.errors import EventcodeError
from eventcode.reliability.unitizing import Continuum, Span

Numbers = NDArray[np.float64]
Integers = NDArray[np.int64]
LIMIT = 200_000  # unitary alignments of a text that are weighed at once


class TooManyError(EventcodeError):
    """A text with more unitary alignments than can be weighed."""


@dataclass(frozen=True, slots=True)
class Dissimilarity:
    """How unlike two spans are: alpha · d_pos + beta · d_cat (Mathet et al. 2015, section 4); `empty` is Δ∅, that of a span and none.

    d_pos = ((|start_u − start_v| + |end_u − end_v|) / (length_u + length_v))² · Δ∅, and d_cat = distance(category_u, category_v) · Δ∅.
    `distance` lies between 0 and 1; else it is 0 for equals and 1 for others. The authors' own program takes alpha 3.
    """

    alpha: float = 1.0
    beta: float = 1.0
    empty: float = 1.0
    distance: Callable[[str, str], float] | None = None

    def between(self, one: Sequence[Span], other: Sequence[Span]) -> Numbers:
        """The dissimilarities of two lists of spans, (one, other)."""
        starts, ends = _positions(one)
        others, other_ends = _positions(other)
        lengths = (ends - starts)[:, None] + (other_ends - others)
        apart = np.abs(starts[:, None] - others) + np.abs(ends[:, None] - other_ends)
        position: Numbers = (apart / lengths) ** 2
        return self.empty * (self.alpha * position + self.beta * self._categories(one, other))

    def _categories(self, one: Sequence[Span], other: Sequence[Span]) -> Numbers:
        names = sorted({span.category for span in (*one, *other)})
        index = {name: i for i, name in enumerate(names)}
        table = np.array(
            [[self.distance(a, b) if self.distance else float(a != b) for b in names] for a in names]
        )
        rows, columns = ([index[span.category] for span in spans] for spans in (one, other))
        found: Numbers = table.reshape(len(names), len(names))[np.ix_(rows, columns)]
        return found


STANDARD = Dissimilarity()


@dataclass(frozen=True, slots=True)
class Alignment:
    """The best alignment: `unitary` holds a tuple for each unitary alignment, with a span or None for each coder.

    `cost` is the sum of their disorders, `mean_spans` the mean number of spans of a coder, `disorder` the first over the second.
    """

    unitary: tuple[tuple[Span | None, ...], ...]
    cost: float
    mean_spans: float

    @property
    def disorder(self) -> float:
        """The disorder of the alignment (Mathet et al. 2015, section 4.3); 0 where nobody marked anything."""
        return self.cost / self.mean_spans if self.mean_spans else 0.0


def best_alignment(
    continuum: Continuum, dissimilarity: Dissimilarity = STANDARD, limit: int = LIMIT
) -> Alignment:
    """The alignment of least disorder, exactly (Mathet et al. 2015, sections 4.3 and 5.1).

    A unitary alignment holds at most one span of each coder; its disorder is the mean dissimilarity of its pairs, each pair with an
    empty place counting Δ∅. Each span stands in exactly one. With two coders that is an assignment, with more an integer programme over
    the unitary alignments that can be part of a best one. `TooManyError` where there are more than `limit` of these.
    """
    if len(continuum.coders) < 2:
        raise EventcodeError("an alignment needs two coders", "leave out texts that one coder read")
    spans = [sorted(span for span in continuum.spans if span.coder == coder) for coder in continuum.coders]
    mean = sum(map(len, spans)) / len(spans)
    if not mean:
        return Alignment((), 0.0, 0.0)
    if len(spans) == 2:
        tuples, costs = _assigned(spans, dissimilarity, limit)
    else:
        tuples, costs = _programmed(spans, dissimilarity, limit)
    unitary = tuple(
        tuple(of[i] if i >= 0 else None for of, i in zip(spans, places, strict=True)) for places in tuples
    )
    return Alignment(unitary, float(costs.sum()), mean)


def _positions(spans: Sequence[Span]) -> tuple[Numbers, Numbers]:
    found = np.array([(span.start, span.end) for span in spans], float).reshape(-1, 2)
    return found[:, 0], found[:, 1]


def _assigned(spans: list[list[Span]], d: Dissimilarity, limit: int) -> tuple[Integers, Numbers]:
    from scipy.optimize import linear_sum_assignment

    if len(spans[0]) * len(spans[1]) > 100 * limit:
        raise _too_many(100 * limit)
    between = d.between(*spans)
    saved = np.minimum(between - 2 * d.empty, 0.0)  # against two spans left alone
    rows, columns = linear_sum_assignment(saved)
    kept = saved[rows, columns] < 0
    rows, columns = rows[kept], columns[kept]
    alone = [np.setdiff1d(np.arange(len(of)), used) for of, used in zip(spans, (rows, columns), strict=True)]
    tuples = np.concatenate(
        [
            np.stack([rows, columns], axis=1),
            np.stack([alone[0], np.full(len(alone[0]), -1)], axis=1),
            np.stack([np.full(len(alone[1]), -1), alone[1]], axis=1),
        ]
    )
    costs = np.concatenate([between[rows, columns], np.full(len(alone[0]) + len(alone[1]), d.empty)])
    return tuples, costs


def _programmed(spans: list[list[Span]], d: Dissimilarity, limit: int) -> tuple[Integers, Numbers]:
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import coo_array

    tuples, costs = _candidates(spans, d, limit)
    offsets = np.cumsum([0, *map(len, spans)])
    column, coder = np.nonzero(tuples >= 0)
    row = offsets[coder] + tuples[column, coder]
    once = coo_array((np.ones(len(row)), (row, column)), shape=(int(offsets[-1]), len(tuples))).tocsc()
    programme = {"c": costs, "constraints": LinearConstraint(once, 1, 1), "bounds": Bounds(0, 1)}
    solved = milp(**programme)  # mostly whole numbers come of it as it is, which is several times faster
    if solved.x is None or (np.abs(solved.x - np.rint(solved.x)) > 1e-7).any():
        solved = milp(**programme, integrality=np.ones(len(costs)), options={"mip_rel_gap": 0.0})
    if solved.x is None:
        raise EventcodeError(
            f"no best alignment was found: {solved.message}", "compare fewer coders at a time"
        )
    chosen = solved.x > 0.5
    return tuples[chosen], costs[chosen]


def _candidates(spans: list[list[Span]], d: Dissimilarity, limit: int) -> tuple[Integers, Numbers]:
    """The unitary alignments that can be part of a best one, (candidates, coders) with −1 for empty places, and their disorders.

    Mathet et al. (2015) leave out what costs more than its spans alone, n · Δ∅. Here a unitary alignment of K spans falls
    already where it costs more than with one span u taken out and left alone: where Σ_v d(u, v) > (K − 1 + C(n, 2)) · Δ∅, since then
    the split is better. Partial ones fall by the same bound with the most spans that they can still have.
    """
    n = len(spans)
    pairs = comb(n, 2)
    tuples = np.zeros((1, 0), np.int64)
    sums = np.zeros((1, 0))  # of each place: its dissimilarities to the other places so far
    for k, own in enumerate(spans):
        add = len(own) + 1
        if len(tuples) * add > 10 * limit:
            raise _too_many(limit)
        to = [
            np.pad(d.between(before, own), ((0, 1), (0, 1))) for before in spans[:k]
        ]  # row and column −1: 0
        at = np.tile(np.r_[np.arange(len(own)), -1], len(tuples))
        tuples = np.repeat(tuples, add, axis=0)
        sums = np.repeat(sums, add, axis=0)
        steps = np.stack([to[j][tuples[:, j], at] for j in range(k)], axis=1) if k else np.zeros((add, 0))
        tuples = np.column_stack([tuples, at])
        sums = np.column_stack([sums + steps, steps.sum(axis=1)])
        most = (tuples >= 0).sum(axis=1) + n - 1 - k
        kept = (sums <= ((most - 1 + pairs) * d.empty)[:, None] * (1 + 1e-12)).all(axis=1)
        tuples, sums = tuples[kept], sums[kept]
        if len(tuples) > limit:
            raise _too_many(limit)
    held = (tuples >= 0).sum(axis=1)
    tuples, sums, held = tuples[held > 0], sums[held > 0], held[held > 0]
    costs: Numbers = (sums.sum(axis=1) / 2 + (pairs - held * (held - 1) / 2) * d.empty) / pairs
    return tuples, costs


def _too_many(limit: int) -> TooManyError:
    return TooManyError(
        f"more than {limit:,} ways to align spans of one text",
        "compare fewer coders at a time, or cut the text where nobody marked anything",
    )
