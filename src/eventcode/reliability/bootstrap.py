"""Documents drawn with replacement: how far a statistic would move had other documents been read.

The unit that is drawn is the document, with all that coders said of it (Davison & Hinkley 1997, Bootstrap Methods and
their Application, section 3.8; Field & Welsh 2007, Bootstrapping clustered data, the cluster bootstrap). Things in one
document resemble each other, so that drawing them one by one would understate the error: by almost half in
`benchmarks/coverage.py`. Coders are held fixed: nothing here says what other coders would have done.

n documents drawn with replacement are a multinomial weight for each of n (Efron 1982, The Jackknife, the Bootstrap and
Other Resampling Plans, chapter 6). So a draw needs no copy of the data: what documents add to a statistic is multiplied
by their weights, all draws of a chunk at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from eventcode.reliability.units import Integers, Numbers

CELLS = 1 << 20  # numbers that a chunk of draws may take in one array: 8 MB, which a processor keeps near
REPEATED = 4  # documents that are alike at least so many times over are drawn by kind


def documents(
    statistic: Callable[[Numbers], Numbers], n_documents: int, *, seed: int, draws: int = 1000
) -> Numbers:
    """(draws,) A statistic under `draws` drawings of documents.

    `statistic` is given weights (B, n_documents), each row adding up to n_documents, and returns (B,), NaN where it is
    undefined.
    """
    rng = np.random.default_rng(seed)
    parts = [
        statistic(_drawn(rng, size, n_documents).astype(np.float64)) for size in _chunks(draws, n_documents)
    ]
    return np.concatenate(parts) if parts else np.empty(0)


def sums(rows: Any, *, seed: int, draws: int = 1000, width: int = 0) -> Iterator[Numbers]:
    """The sums of rows (scipy.sparse CSR, documents × columns) under `draws` drawings of documents, in chunks (B,
    columns).

    Documents without anything in their row are not drawn. Where many rows are alike, as where each unit is a document
    of its own, how often each kind is drawn is itself multinomial, and a drawing costs as much as there are kinds.
    `width` is the number of cells that the caller makes of each drawing: chunks are made smaller for it.
    """
    rows = rows[np.diff(rows.indptr) > 0]
    n = rows.shape[0]
    if not n:
        return
    kinds, counts = _kinds(rows)
    by_kind = len(counts) * REPEATED <= n
    turned = (kinds if by_kind else rows).T  # CSC, whose product goes along the documents
    rng = np.random.default_rng(seed)
    for size in _chunks(draws, max(turned.shape[1], rows.shape[1], width)):
        drawn = rng.multinomial(n, counts / n, size=size) if by_kind else _drawn(rng, size, n)
        yield np.ascontiguousarray((turned @ np.ascontiguousarray(drawn.T, dtype=np.float64)).T)


def _drawn(rng: np.random.Generator, size: int, n: int) -> Any:
    """(size, n) How often each of n documents comes up in n drawings; counting is faster than n binomials."""
    which = rng.integers(0, n, size=(size, n))
    which += np.arange(size)[:, None] * n
    return np.bincount(which.ravel(), minlength=size * n).reshape(size, n)


def _chunks(draws: int, cells: int) -> Iterator[int]:
    """Numbers of draws that add up to `draws` and fit in memory."""
    most = max(1, CELLS // max(cells, 1))
    for start in range(0, draws, most):
        yield min(most, draws - start)


def _kinds(rows: Any) -> tuple[Any, Integers]:
    """The distinct rows and how often each stands there; all rows, once each, if telling them apart failed."""
    rows.sort_indices()
    key = rows @ np.random.default_rng(0).random(rows.shape[1])
    _, first, kind, counts = np.unique(key, return_index=True, return_inverse=True, return_counts=True)
    if len(first) * REPEATED <= rows.shape[0] and not (rows != rows[first][kind]).nnz:
        return rows[first], counts
    return rows, np.ones(rows.shape[0], dtype=np.int64)
