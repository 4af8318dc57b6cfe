"""How often the 95% intervals of alpha hold the true alpha, and whether random codes come out at 0.

    python benchmarks/coverage.py                        (2,000 replications a line: some 20 minutes on two processors)
    python benchmarks/coverage.py --replications 200
    python benchmarks/coverage.py --methods percentile bca bootstrap jackknife --documents 20 50

Invented documents of 1 to some 12 events (5 on average). Each document has its own shares of codes and its own
difficulty: how probable it is that a coder errs. The true alpha is that of 4 million such documents, coded by the same
coders. Lines: a binary field (15%), five codes, five ranks; three coders with missing codes; documents sampled four
times as often where they hold five events or more, weighted by 1 / inclusion probability; and the difference between
two pairs of coders on the same documents.

Held to: coverage between 93% and 97% on every line of the default method; the standard error from drawing documents
within 5% of the true one (with fewer replications both are allowed their own sampling error); and alphas of random
codes, aligned, within ± .02 of 0 on average.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eventcode.readings import Coder
from eventcode.reliability import align, intervals, paired, records
from eventcode.reliability.alpha import alpha
from eventcode.reliability.units import MISSING, Units, coded, scaled

BATCH = 50  # replications that a process does at a time, from one seed
TRUTH = (40, 100_000)  # batches × documents from which the true alpha comes
LOW, HIGH = 0.93, 0.97
ENOUGH = 2000  # replications from which on the claims are taken at their word


@dataclass(frozen=True)
class Setting:
    """A population of documents and coders, and how it is sampled. `errs`: mean and concentration of the documents' difficulty."""

    name: str
    level: str
    shares: tuple[float, ...]
    errs: tuple[float, float] = (0.16, 0.8)
    coders: int = 2
    missing: float = 0.0
    weighted: bool = False
    paired: bool = False


SETTINGS = (
    Setting("binary, 15%", "nominal", (0.85, 0.15)),
    Setting("five codes", "nominal", (0.4, 0.25, 0.15, 0.12, 0.08)),
    Setting("five ranks", "ordinal", (0.1, 0.2, 0.4, 0.2, 0.1), errs=(0.2, 0.8)),
    Setting("three coders, missing", "nominal", (0.4, 0.25, 0.15, 0.12, 0.08), coders=3, missing=0.2),
    Setting("weighted sample", "nominal", (0.4, 0.25, 0.15, 0.12, 0.08), weighted=True),
    Setting("difference", "nominal", (0.4, 0.25, 0.15, 0.12, 0.08), coders=4, paired=True),
)


def population(rng: np.random.Generator, n_documents: int, of: Setting) -> Units:
    """Documents as coders saw them. Codes within a document resemble each other (Dirichlet, concentration 4), and so do errors (beta)."""
    shares = np.array(of.shares)
    document = np.repeat(np.arange(n_documents), 1 + rng.poisson(4, n_documents))
    own = rng.standard_gamma(4 * shares, size=(n_documents, len(shares)))
    own /= own.sum(axis=1, keepdims=True)
    mean, concentration = of.errs
    difficulty = rng.beta(mean * concentration, (1 - mean) * concentration, n_documents)[document]
    truth = _code(rng, own.cumsum(axis=1)[document])
    codes = np.empty((len(document), of.coders), dtype=np.int64)
    for coder in range(of.coders):
        # in a pair of pairs, the second pair errs more
        errs = rng.random(len(document)) < difficulty * (0.7 if of.paired and coder < 2 else 1)
        codes[:, coder] = np.where(errs, _error(rng, truth, of, shares), truth)
    codes[rng.random(codes.shape) < of.missing] = MISSING
    return coded(codes, range(len(shares)), documents=document)


def _error(rng: np.random.Generator, truth: NDArray[Any], of: Setting, shares: NDArray[Any]) -> NDArray[Any]:
    """What is said in error: a rank or two aside, or any code as often as it occurs."""
    if of.level == "ordinal":
        aside = rng.choice([-2, -1, 1, 2], len(truth), p=[0.15, 0.35, 0.35, 0.15])
        return np.clip(truth + aside, 0, len(shares) - 1)
    return _code(rng, np.broadcast_to(shares.cumsum(), (len(truth), len(shares))))


def _code(rng: np.random.Generator, cumulated: NDArray[Any]) -> NDArray[Any]:
    return (rng.random(len(cumulated))[:, None] > cumulated[:, :-1]).sum(axis=1)


def sample(rng: np.random.Generator, n_documents: int, of: Setting) -> Units:
    """A sample of documents; a weighted one takes each of four times as many by chance, so that their number varies a little."""
    if not of.weighted:
        return population(rng, n_documents, of)
    units = population(rng, 4 * n_documents, of)
    chance = np.where(np.bincount(units.documents) >= 5, 0.4, 0.1)
    taken = (rng.random(len(chance)) < chance)[units.documents]
    document = units.documents[taken]
    return scaled(coded(units.codes[taken], units.values, documents=document, weights=1 / chance[document]))


def estimates(units: Units, of: Setting) -> tuple[float | None, ...]:
    """Alpha; of pairs of coders the alphas of the first and the second."""
    if of.paired:
        return tuple(alpha(part, of.level).estimate for part in _pairs(units))
    return (alpha(units, of.level).estimate,)


def _pairs(units: Units) -> tuple[Units, Units]:
    return paired.only(units, units.coders[:2]), paired.only(units, units.coders[2:])


def true_value(of: Setting) -> float:
    """The alpha of the population, or the difference of two: means over batches, whose own error is some .0002."""
    batches, documents = TRUTH
    found = [
        estimates(population(np.random.default_rng([9, batch]), documents, of), of)
        for batch in range(batches)
    ]
    means = np.array(found, dtype=float).mean(axis=0)
    return float(means[0] - means[1] if of.paired else means[0])


@dataclass(frozen=True)
class One:
    """What one replication gave: whether the interval lay right, above or below the true value, or was none; and standard errors."""

    estimate: float
    error: float | None
    by_unit: float | None
    low: float | None
    high: float | None


def batch(of: Setting, n_documents: int, method: str, draws: int, number: int) -> list[One]:
    """Some replications from one seed."""
    rng = np.random.default_rng([1, number])
    found = []
    for k in range(BATCH):
        units = sample(rng, n_documents, of)
        seed = number * BATCH + k
        if of.paired:
            gap = paired.difference(*_pairs(units), of.level, seed=seed, draws=draws)
            if gap.estimate is not None:
                found.append(One(gap.estimate, gap.standard_error, None, gap.low, gap.high))
            continue
        own = intervals.interval(units, of.level, seed=seed, draws=draws, method=method)
        if own.estimate is not None:
            singly = coded(units.codes, units.values, weights=units.weights)
            by_unit = intervals.interval(singly, of.level, seed=seed, method="jackknife").standard_error
            found.append(One(own.estimate, own.standard_error, by_unit, own.low, own.high))
    return found


def line(of: Setting, n_documents: int, method: str, true: float, ones: Sequence[One]) -> bool:
    """Print a line; whether its coverage is what it should be. Below and above: the true alpha lies there of the interval."""
    known = [one for one in ones if one.low is not None and one.high is not None]
    low, high = (np.array([getattr(one, end) for one in known]) for end in ("low", "high"))
    held = float(((low <= true) & (true <= high)).mean())
    spread = float(np.std([one.estimate for one in ones]))
    error, by_unit = (
        _root_mean_square([getattr(one, name) for one in ones]) for name in ("error", "by_unit")
    )
    noise = 2 * (0.95 * 0.05 / len(ones)) ** 0.5 if len(ones) < ENOUGH else 0.0
    right = LOW - noise <= held <= HIGH + noise
    print(
        f"{of.name:22s} {n_documents:5d}  {method:10s} {true:6.3f}  {held:6.1%}  {float((true < low).mean()):5.1%} "
        f"{float((true > high).mean()):5.1%}  {float((high - low).mean()):5.3f}  {spread:.4f}  {error:.4f}  {by_unit:.4f}"
        f"  {len(ones) - len(known):4d}  {'' if right else 'MISSED'}",
        flush=True,
    )
    return right


def _root_mean_square(found: Sequence[float | None]) -> float:
    known = np.array([one for one in found if one is not None])
    return float(np.sqrt((known**2).mean())) if len(known) else float("nan")


def random_codes(number: int) -> float:
    """The alpha of event types given at random to the same events, aligned by their evidence and day alone: 100 documents, three coders."""
    rng = np.random.default_rng([2, number])
    reads = []
    for document in range(100):
        events = [(int(rng.integers(3000)), int(rng.integers(1, 29))) for _ in range(int(rng.poisson(5)))]
        for coder in ("a", "b", "c"):
            rows = [_row(rng, key, *event) for key, event in enumerate(events) if rng.random() < 0.8]
            reads.append(
                Read(
                    coder,
                    f"d{document:03}",
                    {
                        "coder": coder,
                        "revision": 1,
                        "status": "coded" if rows else "no_event",
                        "codings": rows,
                    },
                )
            )
    corpus = records.corpus(reads, {name: Coder(name, "person") for name in ("a", "b", "c")}, _codebook(), {})
    pairs = align.align(corpus, align.Settings()).pairs
    codes = np.full((len(pairs), 3), MISSING, dtype=np.int64)
    for coder, at in ((pairs.coder_a, pairs.i), (pairs.coder_b, pairs.j)):
        said = zip(pairs.document.tolist(), coder.tolist(), at.tolist(), strict=True)
        codes[np.arange(len(pairs)), coder] = [
            int(corpus.readings[d, c]["codings"][i]["event_type"]) - 1 for d, c, i in said
        ]
    found = alpha(coded(codes, range(5), documents=pairs.document, weights=pairs.weight), "nominal").estimate
    return float("nan") if found is None else found


@dataclass(frozen=True)
class Read:
    """A reading of a document by a coder."""

    coder: str
    document_id: str
    reading: dict[str, Any]


def _row(rng: np.random.Generator, key: int, start: int, day: int) -> dict[str, Any]:
    """A coding of an event that starts at `start` and happened on `day`, both told with some error, with a type that says nothing."""
    start, day = start + int(rng.integers(-20, 21)), min(28, max(1, day + int(rng.integers(-1, 2))))
    date = f"2025-05-{day:02}"
    return {
        "key": f"e{key}", "event_type": f"{rng.integers(1, 6)}", "date_start": date, "date_end": date, "date_precision": "day",
        "evidence": [{"field": "event_type", "start": max(0, start), "end": max(0, start) + 120}],
    }  # fmt: skip


def _codebook() -> Any:
    from eventcode.model import Codebook, EventType

    types = {
        str(n): EventType(str(n), f"type_{n}", str(n), None, "core", "deed", f"Invented type {n}.")
        for n in range(1, 6)
    }
    return Codebook(
        "invented",
        "Invented",
        "1.0.0",
        "codebook",
        "0" * 64,
        "For a benchmark.",
        "CC0-1.0",
        event_types=types,
    )


def errors(ones: Sequence[One]) -> bool:
    """Print the true standard error beside that of drawing documents and of drawing events; whether the first is met."""
    true = float(np.std([one.estimate for one in ones]))
    document, unit = (
        _root_mean_square([getattr(one, name) for one in ones]) for name in ("error", "by_unit")
    )
    noise = 2 / (2 * len(ones)) ** 0.5 if len(ones) < ENOUGH else 0.0
    right = abs(document / true - 1) <= 0.05 + noise
    print(f"\nfive codes, 100 documents: true standard error {true:.4f}; drawing documents {document:.4f}, events {unit:.4f}"
          f"{'' if right else '  MISSED'}")  # fmt: skip
    return right


def lines(asked: argparse.Namespace, pool: ProcessPoolExecutor) -> Iterator[bool]:
    """The table, line by line, then the standard errors."""
    batches = range(-(-asked.replications // BATCH))
    print(f"{'':77s}standard error")
    print(
        f"{'field':22s} docs.  {'method':10s}   true    held  below above  width    true   docs.  events  none"
    )
    truths = dict(zip((of.name for of in SETTINGS), pool.map(true_value, SETTINGS), strict=True))
    for of in SETTINGS:
        for n_documents in asked.documents:
            for method in asked.methods if not of.paired else {"auto"} & {*asked.methods}:
                work: Callable[[int], list[One]] = partial(batch, of, n_documents, method, asked.draws)
                ones = [one for found in pool.map(work, batches) for one in found]
                right = line(of, n_documents, method, truths[of.name], ones)
                yield right or method != "auto"
                if (of.name, n_documents, method) == ("five codes", 100, "auto"):
                    kept = ones
    if "auto" in asked.methods and 100 in asked.documents:
        yield errors(kept)


def main() -> int:
    """Print the table; 1 where a claim does not hold."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--replications", type=int, default=2000)
    parser.add_argument("--documents", type=int, nargs="+", default=[50, 100, 200])
    parser.add_argument("--methods", nargs="+", default=["auto"], choices=intervals.METHODS)
    parser.add_argument("--draws", type=int, default=1000)
    parser.add_argument("--processes", type=int, default=2)
    asked = parser.parse_args()
    with ProcessPoolExecutor(asked.processes) as pool:
        held = list(lines(asked, pool))
        found = np.array(list(pool.map(random_codes, range(20))))
    near = abs(float(found.mean())) <= 0.02
    print(f"random codes, aligned: alpha {found.mean():+.4f} (20 corpora, from {found.min():+.3f} to {found.max():+.3f})"
          f"{'' if near else '  MISSED'}")  # fmt: skip
    return 0 if all(held) and near else 1


if __name__ == "__main__":
    sys.exit(main())
