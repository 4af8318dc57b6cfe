"""Whether a coder's agreement moves over time: by coder, version of the codebook, and window of documents."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from itertools import groupby
from math import ceil
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eventcode.errors import EventcodeError
from eventcode.reliability.voters import Labels, repeats

Numbers = NDArray[np.float64]
Integers = NDArray[np.int64]
LEAST = 4  # windows without which a limit would say nothing
_CELLS = 2_000_000  # draws × documents that are held at once


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a coder agreed on one document: the mean (0 to 1) of `n_units` comparisons, with the codebook's version and the time."""

    coder: str
    version: str
    document: str
    coded_at: str | None
    agreement: float
    n_units: int


@dataclass(frozen=True, slots=True)
class Window:
    """A window of a coder's documents under one version of the codebook; `ewma`, `mean` and `limit` as `drift` says.

    `first` and `last` are the times of its first and last document. Where there are too few windows for a limit it is None, and
    `reason` says so.
    """

    coder: str
    version: str
    window: int
    first: str
    last: str
    n_documents: int
    n_units: int
    agreement: float
    ewma: float
    mean: float
    limit: float | None
    flagged: bool
    reason: str | None = None


def drift(
    marks: Iterable[Mark],
    *,
    seed: int,
    documents: int = 10,
    months: bool = False,
    smoothing: float = 0.3,
    draws: int = 1000,
    level: float = 0.05,
) -> tuple[Window, ...]:
    """The windows of every coder and version in their order, those flagged in which the coder left what is usual for it.

    Documents are taken in the order of `coded_at` (those without are left out), `documents` to a window, or by calendar `months`. A last
    window of less than half the size goes to the one before. Agreement in a window is the mean over its comparisons. The smoothed
    agreement is the exponentially weighted moving average (Roberts 1959, Technometrics 1: 239–250), z_t = λ x_t + (1 − λ) z_{t−1} with
    λ = `smoothing` and z_0 the coder's mean over all its comparisons.

    The limit has no distribution behind it: the documents of the coder and version are put into random orders (`draws`, `seed`), and
    the limit is the largest |z_t − mean| that a share `level` of these orders exceeds. So all windows of a stable coder stay within it
    with probability 1 − `level`: among twenty stable coders one is flagged.
    """
    if not 0 < smoothing <= 1 or documents < 1:
        raise EventcodeError(
            "smoothing lies above 0 and up to 1, a window has a document or more", "see drift"
        )
    rng = np.random.default_rng(seed)
    timed = sorted(
        (mark for mark in marks if mark.coded_at and mark.n_units),
        key=lambda mark: (mark.coder, mark.version, _moment(str(mark.coded_at)), mark.document),
    )
    found: list[Window] = []
    for _, group in groupby(timed, key=lambda mark: (mark.coder, mark.version)):
        own = list(group)
        starts = _by_month(own) if months else _by_size(len(own), documents)
        found += _windows(own, starts, smoothing, draws, level, rng)
    return tuple(found)


def marks(
    labels: Labels,
    readings: Mapping[tuple[str, str], tuple[str, str | None]],
    *,
    documents: Mapping[Any, str] | None = None,
    voters: Mapping[str, str] | None = None,
    gold: Mapping[Any, Hashable] | None = None,
) -> Iterator[Mark]:
    """How far each coder agreed on each document, with the others or, if given, with `gold`.

    `labels` maps unit → coder → value or list of values; `readings` (document, coder) → version of the codebook and time of coding;
    `documents` unit → document (else the unit is one). A comparison is of one coder's unit with all that the others said of it: the
    share of pairs of values that are equal. Coders of the same voter (`voters`) are not others. Against others a coder can move
    because they do.
    """
    sums: dict[tuple[str, str], list[float]] = defaultdict(list)
    for unit, by_coder in labels.items():
        document = (documents or {}).get(unit, str(unit))
        said = {coder: repeats(values) for coder, values in by_coder.items()}
        for coder, own in said.items():
            others = _others(unit, coder, said, voters or {}, gold)
            if own and others:
                sums[document, coder].append(
                    sum(a == b for a in own for b in others) / (len(own) * len(others))
                )
    for (document, coder), scores in sorted(sums.items()):
        version, coded_at = readings[document, coder]
        yield Mark(coder, version, document, coded_at, sum(scores) / len(scores), len(scores))


def _others(
    unit: Hashable,
    coder: str,
    said: Mapping[str, tuple[Hashable, ...]],
    voters: Mapping[str, str],
    gold: Mapping[Any, Hashable] | None,
) -> list[Hashable]:
    if gold is not None:
        return [gold[unit]] if unit in gold else []
    own = voters.get(coder, coder)
    return [value for other, values in said.items() if voters.get(other, other) != own for value in values]


def _by_size(n: int, size: int) -> list[int]:
    starts = list(range(0, n, size))
    if len(starts) > 1 and (n - starts[-1]) * 2 < size:
        starts.pop()
    return starts


def _moment(coded_at: str) -> str:
    """A time in a form whose order is that of time: in universal time, where it names its zone."""
    try:
        time = datetime.fromisoformat(re.sub(r"\.\d+", "", coded_at).replace("Z", "+00:00"))
    except ValueError:
        return coded_at
    return (time.astimezone(timezone.utc) if time.tzinfo else time).isoformat()


def _by_month(own: Sequence[Mark]) -> list[int]:
    months = [_moment(str(mark.coded_at))[:7] for mark in own]
    return [i for i, month in enumerate(months) if i == 0 or month != months[i - 1]]


def _windows(
    own: Sequence[Mark],
    starts: list[int],
    smoothing: float,
    draws: int,
    level: float,
    rng: np.random.Generator,
) -> Iterator[Window]:
    sizes = np.array([mark.n_units for mark in own], float)
    sums = sizes * np.array([mark.agreement for mark in own])
    mean = float(sums.sum() / sizes.sum())
    at = np.array(starts)
    order = np.arange(len(own))[None, :]
    agreement = _agreement(sums, sizes, order, at)
    ewma = _ewma(agreement, mean, smoothing)
    enough = len(starts) >= LEAST
    limit = _limit(sums, sizes, at, mean, smoothing, draws, level, rng) if enough else None
    reason = None if enough else f"fewer than {LEAST} windows"
    for i, (start, end) in enumerate(zip(starts, [*starts[1:], len(own)], strict=True)):
        here = own[start:end]
        z = float(ewma[0, i])
        yield Window(
            own[0].coder, own[0].version, i + 1, str(here[0].coded_at), str(here[-1].coded_at), len(here),
            sum(mark.n_units for mark in here), float(agreement[0, i]), z, mean, limit,
            limit is not None and abs(z - mean) > limit + 1e-12, reason,
        )  # fmt: skip


def _limit(
    sums: Numbers,
    sizes: Numbers,
    starts: Integers,
    mean: float,
    smoothing: float,
    draws: int,
    level: float,
    rng: np.random.Generator,
) -> float:
    """The order statistic of max |z − mean| under permutation that makes a test of size `level` at the most."""
    farthest: list[Numbers] = []
    left = draws
    while left:
        here = min(left, max(1, _CELLS // len(sums)))
        orders = rng.permuted(np.tile(np.arange(len(sums)), (here, 1)), axis=1)
        ewma = _ewma(_agreement(sums, sizes, orders, starts), mean, smoothing)
        farthest.append(np.abs(ewma - mean).max(axis=1))
        left -= here
    ranked = np.sort(np.concatenate(farthest))
    return float(ranked[min(len(ranked), ceil((1 - level) * (len(ranked) + 1))) - 1])


def _agreement(sums: Numbers, sizes: Numbers, orders: Integers, starts: Integers) -> Numbers:
    """Agreement by window (orders, windows) of documents put into `orders` (orders, documents)."""
    agreement: Numbers = np.add.reduceat(sums[orders], starts, axis=1) / np.add.reduceat(
        sizes[orders], starts, axis=1
    )
    return agreement


def _ewma(agreement: Numbers, mean: float, smoothing: float) -> Numbers:
    smoothed = np.empty_like(agreement)
    before = np.full(len(agreement), mean)
    for i in range(agreement.shape[1]):
        before = smoothing * agreement[:, i] + (1 - smoothing) * before
        smoothed[:, i] = before
    return smoothed
