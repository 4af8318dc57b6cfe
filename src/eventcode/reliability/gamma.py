"""Gamma: agreement on where things stand in a text and what they are, of an alignment found by itself (Mathet et al. 2015)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import ceil

import numpy as np
from numpy.typing import NDArray

from eventcode.errors import EventcodeError
from eventcode.reliability.gamma_alignment import LIMIT, STANDARD, Dissimilarity, TooManyError, best_alignment
from eventcode.reliability.result import NO_PAIRS
from eventcode.reliability.unitizing import Continuum, Span
from eventcode.reliability.units import Coefficient

Numbers = NDArray[np.float64]
MOST = 500  # draws, however precise it should be


@dataclass(frozen=True, slots=True)
class Gamma:
    """γ, the disorders that it comes from, and how the expected one was found: the mean of `draws` with its `standard_error`."""

    coefficient: Coefficient
    observed: float | None
    expected: float | None
    standard_error: float | None
    draws: int
    seed: int
    sampler: str


def gamma(
    continua: Sequence[Continuum],
    dissimilarity: Dissimilarity = STANDARD,
    *,
    seed: int,
    draws: int = 30,
    precision: float | None = 0.02,
    sampler: str = "shuffle",
    limit: int = LIMIT,
) -> Gamma:
    """γ = 1 − δ / δ_e (Mathet, Widlöcher & Métivier 2015, Computational Linguistics 41: 437–479).

    δ is the disorder of the best alignment, δ_e the mean disorder of the best alignments of continua without agreement, drawn with
    `seed`. Of several texts, aligned each by itself, the disorder is the sum of the costs over the sum of the mean numbers of spans.
    There are at least `draws` draws of every text, and so many more, (1.96 · CV / precision)² but 500 at the most, that δ_e is within
    the share `precision` of itself with 95% confidence, as the authors do; None leaves it at `draws`.

    `sampler` is "shuffle" (see `shuffled`) or "statistical" (see `invented`). γ is None with the reason where no text was read by two
    coders, where nobody marked anything, or where there are more than `limit` ways to align spans of one text, as where three coders
    each mark 60 spans in one place.
    """
    if sampler not in SAMPLERS:
        raise EventcodeError(f"no sampler {sampler}", f"one of {', '.join(SAMPLERS)}")
    kept = [continuum for continuum in continua if len(continuum.coders) > 1]
    spans = sum(len(continuum.spans) for continuum in kept)
    coders = {coder for continuum in kept for coder in continuum.coders}
    head = Coefficient("gamma", "unitizing", None, None, spans, spans, len(kept), len(coders))
    if not spans:
        reason = "nobody marked a span" if kept else NO_PAIRS
        return Gamma(replace(head, reason=reason), None, None, None, 0, seed, sampler)
    rng = np.random.default_rng(seed)
    try:
        observed = _disorder(kept, dissimilarity, limit)
        drawn = _drawn(kept, dissimilarity, limit, sampler, rng)
        found = [next(drawn) for _ in range(max(draws, 2))]
        if precision and any(found):
            wanted = ceil((1.96 * float(np.std(found, ddof=1) / np.mean(found)) / precision) ** 2)
            found += [next(drawn) for _ in range(min(MOST, wanted) - len(found))]
    except TooManyError as refused:
        return Gamma(replace(head, reason=refused.message), None, None, None, 0, seed, sampler)
    expected, n = float(np.mean(found)), len(found)
    if expected <= 0:
        reason = "spans drawn at random agree as well: there is nothing to disagree on"
        return Gamma(replace(head, reason=reason), observed, expected, 0.0, n, seed, sampler)
    error = float(np.std(found, ddof=1) / np.sqrt(n))
    reached = replace(head, estimate=1 - observed / expected)
    return Gamma(reached, observed, expected, error, n, seed, sampler)


def _disorder(continua: Sequence[Continuum], dissimilarity: Dissimilarity, limit: int) -> float:
    best = [best_alignment(continuum, dissimilarity, limit) for continuum in continua]
    spans = sum(alignment.mean_spans for alignment in best)
    return sum(alignment.cost for alignment in best) / spans if spans else 0.0


def _drawn(
    continua: Sequence[Continuum], d: Dissimilarity, limit: int, sampler: str, rng: np.random.Generator
) -> Iterator[float]:
    marked = [continuum for continuum in continua if continuum.spans]
    while True:
        yield _disorder([SAMPLERS[sampler](continuum, rng) for continuum in marked], d, limit)


# ── continua without agreement ────────────────────────────────────────────────────────────────────────────────────────


def shuffled(continuum: Continuum, rng: np.random.Generator) -> Continuum:
    """A continuum whose coders each take the spans of a coder drawn at random, moved round it by an amount of their own (section 5.2).

    A span that crosses the end goes on beyond it. The amounts differ by at least the mean length of a span, as far as there is room, so
    that what was agreed does not come to lie together again.
    """
    length = ceil(continuum.end - continuum.begin)
    apart = int(np.mean([span.end - span.start for span in continuum.spans]))
    free = np.ones(length, bool)
    spans: list[Span] = []
    for coder in continuum.coders:
        places = np.flatnonzero(free)
        shift = int(rng.choice(places)) if len(places) else int(rng.integers(length))
        free[np.arange(shift - apart + 1, shift + apart) % length] = False
        source = continuum.coders[int(rng.integers(len(continuum.coders)))]
        for span in continuum.spans:
            if span.coder == source:
                start = continuum.begin + (span.start - continuum.begin + shift) % length
                spans.append(Span(coder, span.category, start, start + span.end - span.start))
    return _grown(continuum, spans)


def invented(continuum: Continuum, rng: np.random.Generator) -> Continuum:
    """A continuum of invented spans with the statistics of the given one, as the program pygamma-agreement draws them (Titeux & Riad 2021).

    How many spans a coder marks, how long they are and how far each begins after the one before (the first after the beginning) are
    normal with the means and standard deviations found; categories have the shares found. Since it keeps the distances it keeps the places
    where there are one or two spans in a text: for such texts take "shuffle".
    """
    own = [
        sorted(
            (span for span in continuum.spans if span.coder == coder), key=lambda span: (span.start, span.end)
        )
        for coder in continuum.coders
    ]
    numbers = [len(spans) for spans in own]
    lengths = [span.end - span.start for span in continuum.spans]
    gaps = [after.start - before.end for spans in own for before, after in pairwise(spans)]
    gaps += [first for spans in own if spans and (first := spans[0].start - continuum.begin) > 0]
    categories = [span.category for span in continuum.spans]
    spans: list[Span] = []
    for coder in continuum.coders:
        at: float = continuum.begin
        for _ in range(max(1, int(rng.normal(np.mean(numbers), np.std(numbers))))):
            start = at + (float(rng.normal(np.mean(gaps), np.std(gaps))) if gaps else 0.0)
            at = start + max(abs(float(rng.normal(np.mean(lengths), np.std(lengths)))), 1e-6)
            spans.append(Span(coder, str(rng.choice(categories)), start, at))
    return _grown(continuum, spans)


def _grown(continuum: Continuum, spans: list[Span]) -> Continuum:
    begin = min([continuum.begin, *(span.start for span in spans)])
    end = max([continuum.end, *(span.end for span in spans)])
    return Continuum(begin, end, continuum.coders, tuple(spans))


SAMPLERS = {"shuffle": shuffled, "statistical": invented}
