"""How far two linkers agree on which reports tell one event."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import dataclass

NO_REPORTS = "no report was linked by both"
NO_LINKS = "neither linker put two reports together"
ONE_LINKS = "only one linker put two reports together, so that {missing} is undefined"


@dataclass(frozen=True, slots=True)
class Score:
    """Precision (the share of the second's links that the first has too), recall (of the first's that the
    second has too), and F1.

    Exchanging the linkers exchanges precision and recall and leaves F1. What is undefined is None, and `reason`
    says why.
    """

    precision: float | None
    recall: float | None
    f1: float | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Linking:
    """Agreement of two partitions of the reports that both linkers placed: by pairs of reports, and report by
    report (B³).

    `n_first`, `n_second`, `n_both` count pairs of reports in one event, for either linker and for both.
    """

    pairwise: Score
    b_cubed: Score
    n_reports: int
    n_first: int
    n_second: int
    n_both: int


def linking(first: Mapping[str, Hashable], second: Mapping[str, Hashable]) -> Linking:
    """Agreement of two partitions, each as report → event; what the events are called does not matter.

    Only reports that both placed are compared. An event of one report is part of the partition, and no pair.
    """
    shared = sorted(first.keys() & second.keys())
    mine, theirs = Counter(first[one] for one in shared), Counter(second[one] for one in shared)
    both = Counter((first[one], second[one]) for one in shared)
    n_first, n_second, n_both = (sum(n * (n - 1) // 2 for n in c.values()) for c in (mine, theirs, both))
    return Linking(
        _pairwise(n_first, n_second, n_both, len(shared)),
        _b_cubed(mine, theirs, both, len(shared)),
        len(shared),
        n_first,
        n_second,
        n_both,
    )


def _pairwise(n_first: int, n_second: int, n_both: int, n_reports: int) -> Score:
    """Over pairs of reports in one event: |both| / |second|, |both| / |first|, 2|both| / (|first| + |second|).

    The measure of Wallace (1983, JASA 78: 569–576), whose two asymmetric indices these are; F1 is their
    harmonic mean.
    """
    if not n_first + n_second:
        return Score(None, None, None, NO_LINKS if n_reports else NO_REPORTS)
    missing = "recall" if not n_first else "precision" if not n_second else None
    return Score(
        n_both / n_second if n_second else None,
        n_both / n_first if n_first else None,
        2 * n_both / (n_first + n_second),
        ONE_LINKS.format(missing=missing) if missing else None,
    )


def _b_cubed(
    mine: Mapping[Hashable, int],
    theirs: Mapping[Hashable, int],
    both: Mapping[tuple[Hashable, Hashable], int],
    n_reports: int,
) -> Score:
    """Over reports: the share of its event at the second linker's that is in its event at the first's, and the
    other way round (Bagga & Baldwin 1998, LREC workshop on linguistic coreference: 563–566; every report weighs
    the same).
    """
    if not n_reports:
        return Score(None, None, None, NO_REPORTS)
    precision = sum(n * n / theirs[event] for (_, event), n in both.items()) / n_reports
    recall = sum(n * n / mine[event] for (event, _), n in both.items()) / n_reports
    return Score(precision, recall, 2 * precision * recall / (precision + recall), None)
