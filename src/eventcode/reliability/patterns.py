"""Units collapsed to the distinct multisets of values that coders gave, for alpha does not ask who gave which."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from eventcode.reliability.units import MISSING, Coefficient, Integers, Numbers, Units

WIDEST = 1 << 62  # keys of rows are made in int64


@dataclass(frozen=True, eq=False)
class Patterns:
    """Distinct multisets of two values or more, in lexicographic order whatever the order of units and coders.

    `rows` (n_patterns, n_coders) are codes ascending, padded with −1; `sizes` (n_patterns,) count them; `index` (units,) is the
    pattern of each unit, −1 where nothing can be compared. `n_values_possible` is the number of values that coders could give.
    """

    rows: Integers
    sizes: Integers
    index: Integers
    documents: Integers
    unit_weights: Numbers
    n_documents: int
    n_coders: int
    n_values_possible: int

    @cached_property
    def totals(self) -> Numbers:
        """(n_patterns,) The weight of each pattern over all documents."""
        used = self.index >= 0
        if used.all():
            return _sums(self.index, self.unit_weights, len(self.sizes))
        return _sums(self.index[used], self.unit_weights[used], len(self.sizes))

    @cached_property
    def weights(self) -> Any:
        """(n_documents, n_patterns) scipy.sparse CSR: the weight of each pattern in each document."""
        from scipy.sparse import csr_matrix

        used = self.index >= 0
        places = (self.documents[used], self.index[used])
        return csr_matrix((self.unit_weights[used], places), shape=(self.n_documents, len(self.sizes)))

    @cached_property
    def present(self) -> Integers:
        """(n_present,) The codes that stand in a pattern, ascending."""
        return np.flatnonzero(np.bincount(self.rows[self.rows >= 0], minlength=self.n_values_possible))

    @cached_property
    def places(self) -> Integers:
        """(n_patterns, n_coders) `rows` as indices in `present`, −1 for padding."""
        place_of = np.full(self.n_values_possible + 1, MISSING, dtype=np.int64)
        place_of[self.present] = np.arange(len(self.present))
        return place_of[self.rows]

    @cached_property
    def counts(self) -> Any:
        """(n_patterns, n_present) scipy.sparse CSR: how often each value stands in each pattern."""
        from scipy.sparse import csr_matrix

        pattern, slot = np.nonzero(self.places >= 0)
        shape = (len(self.sizes), len(self.present))
        return csr_matrix((np.ones(len(pattern)), (pattern, self.places[pattern, slot])), shape=shape)

    def marginals(self, weights: Numbers) -> Numbers:
        """(B, n_present) How often each value was given, under each of `weights` (B, n_patterns)."""
        if len(weights) > 1:
            return np.ascontiguousarray((self.counts.T @ weights.T).T)
        said = self.places >= 0
        heavy = np.broadcast_to(weights[0][:, None], said.shape)[said]
        return _sums(self.places[said], heavy, len(self.present))[None, :]


def patterns(units: Units) -> Patterns:
    """The patterns of units; those of which fewer than two coders said something, or that weigh nothing, are left out."""
    last = len(units.values)  # stands for what is missing while rows are sorted
    heavy = slice(None) if units.weights.min(initial=1) > 0 else np.flatnonzero(units.weights > 0)
    codes = units.codes[heavy]
    first, raw_of = _distinct(codes, len(units.values))
    raw = codes[first]
    enough = (raw != MISSING).sum(axis=1) > 1
    rows = np.sort(np.where(raw[enough] == MISSING, last, raw[enough]), axis=1)
    rows[rows == last] = MISSING
    kept, row_of = _distinct(rows, len(units.values))
    of_raw = np.full(len(raw), MISSING, dtype=np.int64)
    of_raw[enough] = row_of
    index = np.full(len(units.codes), MISSING, dtype=np.int64)
    index[heavy] = of_raw[raw_of]
    return Patterns(
        rows=rows[kept],
        sizes=(rows[kept] >= 0).sum(axis=1),
        index=index,
        documents=units.documents,
        unit_weights=units.weights,
        n_documents=int(units.documents.max(initial=-1)) + 1,
        n_coders=int((raw[enough] != MISSING).any(axis=0).sum()),
        n_values_possible=len(units.values),
    )


def coefficient(
    of: Patterns, measure: str, level: str, estimate: float | None, reason: str | None
) -> Coefficient:
    """A coefficient of the units of patterns, with what it rests on."""
    used = of.index[of.index >= 0]
    units_of = np.bincount(used, minlength=len(of.sizes))
    documents = of.documents if len(used) == len(of.index) else of.documents[of.index >= 0]
    known = None if estimate is None else float(estimate)
    return Coefficient(
        measure=measure,
        level=level,
        estimate=known,
        reason=reason if known is None else None,
        n_units=len(used),
        n_values=int(units_of @ of.sizes),
        n_documents=int(np.count_nonzero(np.bincount(documents))),
        n_coders=of.n_coders,
    )


def _sums(index: Integers, weights: Numbers, size: int) -> Numbers:
    return np.bincount(index, weights, minlength=size).astype(np.float64)


def _distinct(codes: Integers, n_values: int) -> tuple[Integers, Integers]:
    """The number of one row for each distinct row, in lexicographic order, and for each row which of them it is.

    Rows are numbers with n_values + 1 for a base; where these outgrow an integer, what was read so far is renumbered.
    """
    key, space, base = np.zeros(len(codes), dtype=np.int64), 1, n_values + 1
    done = 0
    while done < codes.shape[1]:
        if space * base > WIDEST:
            distinct, key = np.unique(key, return_inverse=True)
            key, space = key.reshape(-1).astype(np.int64), max(len(distinct), 1)
        columns = 1
        while done + columns < codes.shape[1] and space * base ** (columns + 1) <= WIDEST:
            columns += 1
        powers = base ** np.arange(columns - 1, -1, -1, dtype=np.int64)
        if done:
            key *= base**columns
            key += codes[:, done : done + columns] @ powers
        else:
            key = codes[:, :columns] @ powers
        key += powers.sum()  # for −1 is a digit of its own
        done, space = done + columns, space * base**columns
    if space > max(2 * len(key), 1 << 16):
        _, first, inverse = np.unique(key, return_index=True, return_inverse=True)
        return first, inverse.reshape(-1)
    one_of = np.full(space, MISSING, dtype=np.int64)
    one_of[key] = np.arange(len(key))
    seen = one_of >= 0
    return one_of[seen], (np.cumsum(seen) - 1)[key]
