"""The best one-to-one pairing of two coders' codings, for one table of similarities or for very many at once.

Pairs are chosen so that the sum of s − θ is the largest possible, and pairs with s ≤ θ are left out: a linear
assignment problem (Kuhn 1955, Naval Research Logistics Quarterly 2: 83–97), solved by
`scipy.optimize.linear_sum_assignment` on −max(s − θ, 0) (the shortest augmenting paths of Crouse 2016, IEEE
Transactions on Aerospace and Electronic Systems 52: 1679–1696). Taking the most similar pair first is not the
same: with s = [[.9, .8], [.8, .1]] and θ = .3 it gains .6, the best pairing 1.0.

Similarities are taken to ten decimals, so that the last digit of a sum decides nothing. Among pairings of equal
gain the one with most pairs is taken, then the one that pairs rows with columns of about the same rank; rows
and columns therefore stand in an order that means something (`align` uses that of the codings' keys).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from eventcode.errors import EventcodeError
from eventcode.reliability.units import Integers, Numbers

Mask = NDArray[np.bool_]
DECIMALS = 10
_PREFERENCE = 1e-11  # what a pair of equal ranks gains beyond s − θ; below the last decimal


@dataclass(frozen=True, slots=True, eq=False)
class Matched:
    """Pairs in many tables: the table, its row and column, and their similarity; ordered by table and row."""

    blocks: Integers
    rows: Integers
    columns: Integers
    similarity: Numbers

    def gain(self, theta: float) -> float:
        """The sum of s − θ over all pairs."""
        return float(np.sum(self.similarity - theta))

    @staticmethod
    def none() -> Matched:
        """No pairs."""
        empty = np.zeros(0, dtype=np.int64)
        return Matched(empty, empty, empty, np.zeros(0))

    @staticmethod
    def joined(parts: Sequence[Matched]) -> Matched:
        """The pairs of several runs of tables behind each other."""
        return Matched(
            np.concatenate([part.blocks for part in parts]),
            np.concatenate([part.rows for part in parts]),
            np.concatenate([part.columns for part in parts]),
            np.concatenate([part.similarity for part in parts]),
        )


def assign(similarity: ArrayLike, theta: float) -> list[tuple[int, int]]:
    """The pairs (row, column) of one table (n, m) of similarities, in the order of rows."""
    found = align_matrices([np.asarray(similarity, dtype=np.float64)], theta)
    return list(zip(found.rows.tolist(), found.columns.tolist(), strict=True))


def align_matrices(similarities: Sequence[ArrayLike] | NDArray[Any], theta: float) -> Matched:
    """The pairs in each of many tables of similarities, as a list of arrays (n, m) or as one array (tables, n, m).

    Raises EventcodeError for what is no table of numbers.
    """
    if isinstance(similarities, np.ndarray) and similarities.ndim == 3:
        count, n, m = similarities.shape
        flat = np.asarray(similarities, dtype=np.float64).reshape(-1)
        shapes = np.broadcast_to(np.array([n, m], dtype=np.int64), (count, 2))
    else:
        tables = [_table(table) for table in similarities]
        shapes = np.array([table.shape for table in tables], dtype=np.int64).reshape(len(tables), 2)
        flat = np.concatenate([table.reshape(-1) for table in tables]) if tables else np.zeros(0)
    if not np.isfinite(flat).all():
        raise EventcodeError(
            "a table of similarities holds NaN or an infinite number",
            "give 0 where two codings are not alike",
        )
    return solve(flat, shapes[:, 0], shapes[:, 1], theta)


def _table(table: ArrayLike) -> Numbers:
    found = np.asarray(table, dtype=np.float64)
    if found.size == 0:
        return np.zeros((len(found), 0))
    if found.ndim != 2:
        raise EventcodeError(
            f"a table of similarities has {found.ndim} dimensions",
            "give one row per coding of the first coder",
        )
    return found


def solve(flat: Numbers, n: Integers, m: Integers, theta: float) -> Matched:
    """The pairs of tables that lie behind each other in `flat`, each row by row; table b has n[b] rows and m[b]
    columns.

    Tables in which no two pairs above θ share a row or a column are solved at sight; the others go to the assignment.
    """
    sizes = n * m
    starts = np.cumsum(sizes) - sizes
    similarity, theta = np.round(flat, DECIMALS), round(theta, DECIMALS)
    cell = np.flatnonzero(similarity > theta)
    block = np.repeat(np.arange(len(n)), sizes)[cell]
    row, column = np.divmod(cell - starts[block], m[block])
    rows, columns = (np.cumsum(n) - n)[block] + row, (np.cumsum(m) - m)[block] + column
    contested = (np.bincount(rows)[rows] > 1) | (np.bincount(columns)[columns] > 1)
    kept = ~contested
    hard = np.unique(block[contested])
    if len(hard):
        apart = (row / n[block] - column / m[block]) ** 2
        gain = np.zeros(len(flat))
        gain[cell] = similarity[cell] - theta + _PREFERENCE * (1 - apart)
        kept[np.isin(block, hard)] = False
        kept |= _assigned(gain, starts[hard], n[hard], m[hard])[cell]
    return Matched(block[kept], row[kept], column[kept], flat[cell[kept]])


def _assigned(gain: Numbers, starts: Integers, n: Integers, m: Integers) -> Mask:
    """Which cells the assignment takes, of the tables of gains that begin at `starts` in `gain`."""
    from scipy.optimize import linear_sum_assignment

    taken = np.zeros(len(gain), dtype=bool)
    for begin, rows, columns in zip(starts.tolist(), n.tolist(), m.tolist(), strict=True):
        table = gain[begin : begin + rows * columns].reshape(rows, columns)
        i, j = linear_sum_assignment(table, maximize=True)
        taken[begin + i * columns + j] = True
    return taken
