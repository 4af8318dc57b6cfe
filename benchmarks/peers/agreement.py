"""One work of benchmarks/agreement.py, in a process of its own: python -m peers.agreement WORK ENGINE SIZE prints the seconds and
the answer.

The data come from a fixed seed and are there before the clock runs, in the form that each engine takes: units × coders for ours,
coders × units for krippendorff, NaN for what is missing. Imports are done before, too.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

Work = Callable[[], float]


def _said(units: int, coders: int, values: int, missing: float) -> np.ndarray[Any, Any]:
    """(units, coders) Values that coders give: the true one in seven cases of ten, and NaN where they say nothing."""
    rng = np.random.default_rng(1)
    true = rng.integers(0, values, (units, 1), dtype=np.int16)
    right = rng.random((units, coders), dtype=np.float32) < 0.7
    said = np.where(right, true, rng.integers(0, values, (units, coders), dtype=np.int16)).astype(np.float64)
    said[rng.random((units, coders), dtype=np.float32) < missing] = np.nan
    return said


def _alpha(engine: str, said: np.ndarray[Any, Any], level: str) -> Work:
    if engine == "krippendorff":
        import krippendorff

        turned = np.ascontiguousarray(said.T)
        return lambda: float(krippendorff.alpha(reliability_data=turned, level_of_measurement=level))
    from eventcode.reliability.alpha import alpha
    from eventcode.reliability.units import from_array

    return lambda: alpha(from_array(said), level).estimate or float("nan")


def many_units(engine: str, size: int) -> Work:
    return _alpha(engine, _said(size, 5, 5, 0.1), "nominal")


def many_codes(engine: str, size: int) -> Work:
    return _alpha(engine, _said(size, 3, 250, 0.0), "nominal")


def continuous(engine: str, size: int) -> Work:
    rng = np.random.default_rng(1)
    return _alpha(engine, rng.normal(size=(size, 1)) + rng.normal(size=(size, 2)) / 2, "interval")


def bootstraps(engine: str, size: int) -> Work:
    """`size` draws of 10,000 units × 5; the mean of alpha."""
    said = _said(10_000, 5, 5, 0.0)
    if engine == "krippendorff":
        import krippendorff

        counts = np.stack([(said == value).sum(axis=1) for value in range(5)], axis=1)
        rng = np.random.default_rng(1)

        def drawn() -> float:
            of = [krippendorff.alpha(value_counts=counts[rng.integers(0, 10_000, 10_000)], level_of_measurement="nominal")
                  for _ in range(size)]  # fmt: skip
            return float(np.mean(of))

        return drawn
    from eventcode.reliability.intervals import interval
    from eventcode.reliability.units import from_array

    def ours() -> float:
        found = interval(from_array(said), "nominal", seed=1, draws=size, method="bootstrap")
        return found.estimate or float("nan")

    return ours


def documents(engine: str, size: int) -> Work:
    """`size` draws of 20,000 documents with 100,000 events, 20 codes, 3 coders."""
    from eventcode.reliability.intervals import interval
    from eventcode.reliability.units import from_array

    said = _said(100_000, 3, 20, 0.1)
    of = np.sort(np.random.default_rng(2).integers(0, 20_000, 100_000))

    def ours() -> float:
        found = interval(from_array(said, documents=of), "nominal", seed=1, draws=size, method="bootstrap")
        return found.estimate or float("nan")

    return ours


def pairing(engine: str, size: int) -> Work:
    """`size` documents in which one coder has 5 codings and the other 6, from their similarities; the number of pairs."""
    from eventcode.reliability.assign import align_matrices

    table = np.random.default_rng(1).random((size, 5, 6))
    return lambda: float(len(align_matrices(table, 0.4).rows))


def alignment(engine: str, size: int) -> Work:
    """The same from the identity fields: evidence, date, place, actor and recipient of each coding."""
    from eventcode.reliability import align, similarity

    rng = np.random.default_rng(1)
    of = np.repeat(np.arange(size), 11)
    coders = np.tile(np.repeat([0, 1], [5, 6]), size)
    positions = np.tile([*range(5), *range(6)], size)
    n = len(of)
    one_each = similarity.Ragged(np.arange(n + 1))
    start, day = rng.integers(0, 2000, n), rng.integers(0, 10, n).astype(np.float64)
    levels = np.stack([rng.integers(-1, 3, n), rng.integers(-1, 10, n), rng.integers(-1, 40, n)])
    apart = np.where(rng.random((2, n)) < 0.5, np.nan, rng.random((2, n)) + np.array([[33], [44]]))
    sides = [
        similarity.Participants(one_each, *(rng.integers(-1, 10, n) for _ in range(3))) for _ in range(2)
    ]
    fields = {
        "evidence": similarity.Spans(one_each, start, start + rng.integers(20, 200, n)),
        "date": similarity.Dates(day, day, 3.0),
        "place": similarity.Places(
            levels, rng.integers(-1, 40, n), np.zeros(n, dtype=np.int64), *apart, 25.0
        ),
        "actor": sides[0],
        "recipient": sides[1],
    }
    return lambda: float(len(align.align_rows(fields, align.WEIGHTS, 0.4, of, coders, positions)))


def main() -> None:
    """Make the data, then run the work once with the clock on."""
    import scipy.optimize
    import scipy.sparse
    import scipy.special  # noqa: F401

    work = globals()[sys.argv[1]](sys.argv[2], int(sys.argv[3]))
    start, worked = time.perf_counter(), time.process_time()
    answer = work()
    print(time.perf_counter() - start, time.process_time() - worked, answer)


if __name__ == "__main__":
    main()
