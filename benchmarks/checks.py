"""Fifteen rules on a table of events: ours beside the peers, and all of them beside the limit.

    python benchmarks/checks.py                              1M rows, a few minutes
    python benchmarks/checks.py --rows 10M                   where the claims of speed and memory hold
    python benchmarks/checks.py --rows 10M 100M --ours-only  ours and the limit: does it stay linear, in bounded memory?

25 columns, 12 row rules, uniqueness, a foreign key and near-duplicates within a day; one row in 10,000 breaks each, and every engine must
find exactly those ids, in every run. The limit is DuckDB reading and decoding the 17 columns that the rules need.

Each run is a process of its own, and the engines take turns. `check` leaves out starting Python and importing the engine, and of the
command nothing; `cpu` is what the processors worked meanwhile; `process` is all of it. A ratio is that of `check` to the limit of the
same turn. Medians of as many runs as stand in the table: 5, or fewer where an engine has used up its time. Those that would take minutes
are asked of 20,000 rows, and their time is scaled.

Exit code 1 where a claim does not hold: at 10M rows `check()` at most 5 times the limit, below 800 MB and ahead of every peer, the command
below 800 MB; 100M rows below 2 GB, and a row there at most 1.3 times as long as at 10M. The command is shown as a whole process,
more than a second of which goes by before it reads anything.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from peers import data
from peers.engines import ENGINES, SAMPLED
from peers.measure import HERE, process

FOLDER = HERE.parent / "build" / "bench"
LIMIT, CHECK, COMMAND = "limit", "eventcode.check()", "eventcode check"
SAMPLE, CAP = 20_000, 1000
MILLION, TEN_MILLION = 10**6, 10**7


@dataclass
class Runs:
    """What the runs of one engine took: seconds of the check, of processors in it, of the process; × limit; peak memory in MB."""

    check: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    process: list[float] = field(default_factory=list)
    ratio: list[float] = field(default_factory=list)
    peak: list[float] = field(default_factory=list)

    def median(self, name: str) -> float:
        """The median of one of them."""
        return statistics.median(getattr(self, name))


def main() -> None:
    """Print a table per size, then what does not hold."""
    options = _options()
    data.write_codebook(FOLDER / data.CODEBOOK.name)
    found = {rows: _size(rows, options) for rows in sorted(options.rows)}
    failed = [claim for rows, runs in found.items() for claim in _claims(rows, runs)] + _linear(found)
    if failed:
        sys.exit("\n".join(failed))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description="Fifteen rules on a table of events, beside the peers and the limit."
    )
    parser.add_argument(
        "--rows", nargs="+", type=_number, default=[MILLION], metavar="N", help="1M, 10M, 100M …"
    )
    parser.add_argument("--ours-only", action="store_true", help="ours and the limit, no peers")
    parser.add_argument(
        "--only", nargs="+", metavar="ENGINE", help=f"with the limit, of: {', '.join([*ENGINES, COMMAND])}"
    )
    parser.add_argument("--runs", type=int, default=5, help="at most so many of each engine (5)")
    parser.add_argument(
        "--seconds", type=float, default=20, help="per 1M rows: an engine that has used them up runs no more"
    )
    parser.add_argument("--memory-limit", metavar="SIZE", help="given to our check and to no other")
    parser.add_argument("--keep", action="store_true", help="leave files of more than 1M rows in build/bench")
    return parser.parse_args()


def _number(text: str) -> int:
    return int(float(text.upper().replace("M", "e6").replace("K", "e3")))


def _size(rows: int, options: argparse.Namespace) -> dict[str, Runs]:
    """The runs of every engine on so many rows, by turns."""
    for size in {rows, min(rows, SAMPLE)}:
        words = [sys.executable, "-m", "peers.data", str(_file(size)), str(size)]
        subprocess.run(
            words, cwd=HERE, check=True
        )  # elsewhere, for children begin with the peak of their parent
    peers = [name for name in ENGINES if name not in (LIMIT, CHECK)]
    names = options.only or [CHECK, COMMAND, *([] if options.ours_only else peers)]
    runs = {name: Runs() for name in [LIMIT, *names]}
    _run(LIMIT, rows, options.memory_limit)  # the file into the cache
    for turn in range(options.runs):
        for name, one in runs.items():
            if not turn or sum(one.process) < options.seconds * rows / MILLION:
                _measure(name, rows, options.memory_limit, runs)
    print(_table(rows, runs), flush=True)
    if rows > MILLION and not options.keep:
        _file(rows).unlink()
    return runs


def _file(rows: int) -> Path:
    return FOLDER / f"events-{rows}.parquet"


def _measure(name: str, rows: int, memory_limit: str | None, runs: dict[str, Runs]) -> None:
    asked = min(rows, SAMPLE) if name in SAMPLED else rows
    check, cpu, whole, peak = _run(name, asked, memory_limit)
    one, scale = runs[name], rows / asked
    one.check.append(check * scale)
    one.cpu.append(cpu * scale)
    one.process.append(whole + check * (scale - 1))
    one.ratio.append(one.check[-1] / runs[LIMIT].check[-1])
    one.peak.append(peak)


def _run(name: str, rows: int, memory_limit: str | None) -> tuple[float, float, float, float]:
    """Seconds of the check, of processors in it and of the process, and peak memory; the process must find what is planted, no more."""
    file, answer = str(_file(rows)), FOLDER / "answer.json"
    answer.unlink(missing_ok=True)
    limit = ["--memory-limit", memory_limit] if memory_limit else []
    if name == COMMAND:
        about = ["--codebook", str(FOLDER / data.CODEBOOK.name), "--table", "events", "--format", "json"]
        words = ["-m", "eventcode", "check", file, *about, "--output", str(answer), *limit]
        seconds, cpu, peak, _ = process([sys.executable, *words])
        _compare(name, rows, _by_rule(json.loads(answer.read_bytes())))
        return seconds, cpu, seconds, peak
    words = ["-W", "ignore", "-m", "peers.run", name, file, str(answer), *limit[1:]]
    seconds, _, peak, printed = process([sys.executable, *words])
    if name != LIMIT:
        _compare(name, rows, json.loads(answer.read_bytes()))
    check, cpu = map(float, printed.split()[-2:])
    return check, cpu, seconds, peak


def _by_rule(findings: list[dict[str, Any]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for finding in findings:
        found.setdefault(finding["rule"], []).append(finding["key"])
    return found


def _compare(name: str, rows: int, found: dict[str, list[str]]) -> None:
    """End the benchmark where an engine missed an id or made one up; of ours, details are capped and counts are not."""
    for rule, planted in data.planted(rows).items():
        ids = set(found.get(rule, ()))
        right = ids & set(planted)
        wanted = min(len(planted), CAP) if name in (CHECK, COMMAND) else len(planted)
        [counted] = found.get(f"count {rule}", [len(planted)])
        if not len(right) == len(ids) == wanted or int(counted) != len(planted):
            sys.exit(
                f"{name}, {rule}: {len(planted)} planted, {counted} counted, {len(ids)} found, {len(right)} of them planted"
            )


def _table(rows: int, runs: dict[str, Runs]) -> str:
    head = f"{rows:,} rows, {len(data.ROW_RULES)} row rules and {len(data.RULES) - len(data.ROW_RULES)} set rules"
    lines = [
        head,
        f"{'':<26}{'runs':>5}{'check s':>10}{'× limit':>9}{'cpu s':>9}{'process s':>11}{'peak MB':>9}",
    ]
    for name, one in runs.items():
        check, ratio, cpu, process_ = (one.median(kind) for kind in ("check", "ratio", "cpu", "process"))
        sample = f"  scaled from {min(rows, SAMPLE):,} rows" if name in SAMPLED and rows > SAMPLE else ""
        lines.append(
            f"{name:<26}{len(one.check):>5}{check:>10.2f}{ratio:>9.1f}{cpu:>9.2f}{process_:>11.2f}{max(one.peak):>9,.0f}{sample}"
        )
    return "\n".join([*lines, ""])


def _claims(rows: int, runs: dict[str, Runs]) -> list[str]:
    """What does not hold at one size."""
    if rows < TEN_MILLION:
        return []
    failed = []
    if ours := runs.get(CHECK):
        peers = [peer for peer in runs if peer not in (LIMIT, CHECK, COMMAND)]
        if faster := [peer for peer in peers if runs[peer].median("check") < ours.median("check")]:
            failed.append(f"{rows:,} rows: {CHECK} is behind {', '.join(faster)}")
        if rows == TEN_MILLION and (ratio := ours.median("ratio")) > 5:
            failed.append(f"{rows:,} rows: {CHECK} takes {ratio:.1f} times the limit, and may take 5")
    most = 800 if rows == TEN_MILLION else 2000
    peaks = {name: max(runs[name].peak) for name in (CHECK, COMMAND) if name in runs}
    heavy = [
        f"{name} takes {peak:,.0f} MB, and may take {most:,}" for name, peak in peaks.items() if peak > most
    ]
    return [*failed, *(f"{rows:,} rows: {told}" for told in heavy)]


def _linear(found: dict[int, dict[str, Runs]]) -> list[str]:
    """What does not hold between the smallest and the largest size from 10M rows on."""
    sizes = [rows for rows in found if rows >= TEN_MILLION]
    if len(sizes) < 2:
        return []
    few, many = sizes[0], sizes[-1]
    failed = []
    for name in [one for one in (CHECK, COMMAND) if one in found[many]]:
        times = found[many][name].median("check") / found[few][name].median("check") / many * few
        print(f"{name}: a row takes {times:.2f} times as long at {many:,} rows as at {few:,}")
        failed += [f"{name} is not linear: it may take 1.3 times as long a row"] if times > 1.3 else []
    return failed


if __name__ == "__main__":
    main()
