"""Coefficients of agreement, their bootstraps and the alignment: ours beside the package krippendorff.

    python benchmarks/agreement.py           a few minutes
    python benchmarks/agreement.py --full    krippendorff at its full sizes too: 14 GB of memory, and minutes a run

Each run is a process of its own, and the engines take turns. Seconds are those of the work: from an array of numbers with NaN for
what is missing to the coefficient; starting Python, importing and making the data are left out, and peak memory holds them all.
Medians of as many runs as are asked for; `cpu` is what processors worked meanwhile, which is what limits in seconds are held to.

krippendorff compares all pairs of values in every unit, so that many values are beyond it: without --full it is asked of fewer
units than its own examples have (and so are we, in the same row), and of 100 of 1,000 draws, its time scaled. It draws from counts
of values, its fastest way.

Exit code 1 where a claim does not hold: 1M units × 5 coders 8 times as fast and below 250 MB; 250 codes, and continuous values,
1,000 times; 1,000 draws 100 times; 1,000 draws of documents with 100,000 events, and 20,000 documents aligned, within a second;
and where the two do not say the same.
"""

from __future__ import annotations

import argparse
import math
import statistics
import sys
from dataclasses import dataclass, field, replace

from peers.measure import process


@dataclass(frozen=True)
class Work:
    """A work at its size, and what it is held to: so many times faster than the peer, or seconds, and MB. `small` is the size
    without --full, at which a quarter of the times will do, for the peer's cost grows faster than the size.
    """

    name: str
    text: str
    size: int
    small: int = 0
    times: float = 0
    seconds: float = 0
    memory: float = 0
    draws: bool = False  # the size is a number of draws: the peer may make fewer, and its time is scaled


@dataclass
class Runs:
    """What the runs of one engine took: seconds, those that processors worked, peak memory in MB; and their answers."""

    seconds: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    peak: list[float] = field(default_factory=list)
    answers: list[float] = field(default_factory=list)

    def add(self, name: str, engine: str, size: int) -> None:
        """One run, in a process of its own."""
        _, _, peak, printed = process([sys.executable, "-m", "peers.agreement", name, engine, str(size)])
        seconds, cpu, answer = map(float, printed.split()[-3:])
        for kept, value in (
            (self.seconds, seconds),
            (self.cpu, cpu),
            (self.peak, peak),
            (self.answers, answer),
        ):
            kept.append(value)

    def median(self, values: list[float]) -> float:
        """The median of one of them; NaN without runs."""
        return statistics.median(values) if values else math.nan


WORKS = (
    Work("many_units", "alpha, {:,} units × 5 coders, 5 values", 1_000_000, times=8, memory=250),
    Work("many_codes", "alpha, {:,} units × 3 coders, 250 codes", 10_000, small=1_000, times=1000),
    Work("many_codes", "  ours alone, {:,} units", 10_000, seconds=0.072),
    Work("continuous", "interval alpha, {:,} units × 2, continuous", 400, small=200, times=1000),
    Work("continuous", "  ours alone, {:,} units", 400, seconds=0.0288),
    Work("bootstraps", "{:,} draws of 10,000 units × 5", 1_000, small=100, times=100, draws=True),
    Work("documents", "{:,} draws of 20,000 documents, 100,000 events × 3", 1_000, seconds=1),
    Work("pairing", "{:,} documents of 5 × 6 codings paired", 20_000, seconds=1),
    Work("alignment", "  the same from identity fields", 20_000, seconds=1),
)


def main() -> None:
    """Print a line a work, then what does not hold."""
    parser = argparse.ArgumentParser(
        description="Agreement, its bootstraps and the alignment, beside krippendorff."
    )
    parser.add_argument("--full", action="store_true", help="krippendorff at its full sizes, up to 14 GB")
    parser.add_argument("--runs", type=int, default=5, help="of each engine (5)")
    parser.add_argument("--only", nargs="+", choices=sorted({work.name for work in WORKS}))
    options = parser.parse_args()
    print(f"{'':<54}{'ours s':>9}{'cpu s':>9}{'MB':>9}{'peer s':>9}{'MB':>9}{'times':>9} held to")
    failed: list[str] = []
    for work in WORKS:
        if not options.only or work.name in options.only:
            failed += _work(work, options.full, options.runs)
    if failed:
        sys.exit("\n".join(failed))


def _work(work: Work, full: bool, runs: int) -> list[str]:
    """Run a work by turns, print its line, and tell what does not hold."""
    theirs = work.small if work.small and not full else work.size
    mine = work.size if work.draws else theirs
    ours, peer = Runs(), Runs()
    for _ in range(runs):
        ours.add(work.name, "eventcode", mine)
        if work.times:
            peer.add(work.name, "krippendorff", theirs)
    if work.small and not full and not work.draws:
        work = replace(work, times=work.times / 4)
    text = work.text.format(mine)
    took = peer.median(peer.seconds) * mine / theirs
    times = took / ours.median(ours.seconds)
    line = f"{text:<54}{ours.median(ours.seconds):>9.3g}{ours.median(ours.cpu):>9.3g}{max(ours.peak):>9,.0f}"
    if peer.seconds:
        line += f"{took:>9.3g}{max(peer.peak):>9,.0f}{times:>9,.0f}"
    note = f"  (peer: {theirs} draws, scaled)" if mine != theirs else ""
    print(line.ljust(99), ", ".join(_held(work)) + note, flush=True)
    return [f"{text.strip()}: {what}" for what in _missed(work, ours, peer, times)]


def _held(work: Work) -> list[str]:
    held = [f"≥ {work.times:,.0f} times"] if work.times else []
    held += [f"≤ {work.seconds:g} s"] if work.seconds else []
    return held + ([f"≤ {work.memory:,.0f} MB"] if work.memory else [])


def _missed(work: Work, ours: Runs, peer: Runs, times: float) -> list[str]:
    missed = []
    answers = {round(answer, 2 if work.draws else 9) for answer in (*ours.answers, *peer.answers)}
    if len(answers) > 1:
        missed.append(f"the engines differ: {answers}")
    if work.times and not times >= work.times:
        missed.append(f"{times:,.0f} times as fast, and should be {work.times:,.0f}")
    if work.seconds and ours.median(ours.cpu) > work.seconds:
        missed.append(f"{ours.median(ours.cpu):.3g} s of a processor, and may take {work.seconds}")
    if work.memory and max(ours.peak) > work.memory:
        missed.append(f"{max(ours.peak):,.0f} MB, and may take {work.memory:,.0f}")
    return missed


if __name__ == "__main__":
    main()
