"""From CSV to validated Parquet: every rule checked, against the same file parsed and written by pyarrow unchecked.

    python benchmarks/import_csv.py [ROWS]

1M rows (or 10M …) of the events of benchmarks/checks.py with 15 rules and planted violations, all of which must be found. Both ways give
every column the type that the codebook declares, and write with the same settings; each run is a process of its own, and they take turns.
Medians of 5 runs, the ratio within each turn. Exit code 1 where the checked way takes more than twice as long.
"""

from __future__ import annotations

import statistics
import sys
from pathlib import Path

from peers import data
from peers.measure import HERE, process

FOLDER = HERE.parent / "build" / "bench"
RUNS, MOST = 5, 2.0

UNCHECKED = """
import sys, time
import pyarrow.csv as csv, pyarrow.parquet as pq
from eventcode.codebook import views
from eventcode.codebook.load import load
from eventcode.formats.parquet import SETTINGS
source, target, codebook = sys.argv[1:]
schema = views.schema(load(codebook), "events")
start = time.perf_counter()
convert = csv.ConvertOptions(column_types=schema, null_values=[""], strings_can_be_null=True)
pq.write_table(csv.read_csv(source, convert_options=convert), target, **SETTINGS)
print(time.perf_counter() - start)
"""

CHECKED = """
import json, sys, time
from pathlib import Path
import duckdb, pyarrow.csv, pyarrow.parquet, sqlglot
from eventcode.codebook.load import load
from eventcode.pipeline.flat import to_parquet
source, target, codebook = sys.argv[1:]
start = time.perf_counter()
found = to_parquet(Path(source), Path(target), load(codebook), "events")
print()
print(time.perf_counter() - start, *(f"{count.rule}={count.failed}" for count in found.counts))
"""


def main() -> None:
    """Print both ways and the ratio."""
    rows = int(float(sys.argv[1].upper().replace("M", "e6"))) if len(sys.argv) > 1 else 1_000_000
    source = FOLDER / f"events-{rows}.csv"
    process(
        [
            sys.executable,
            "-c",
            f"from pathlib import Path; from peers import data; data.write_csv(Path({str(source)!r}), {rows})",
        ]
    )
    codebook = str(data.write_codebook(FOLDER / data.CODEBOOK.name))
    ways = {"pyarrow, unchecked": UNCHECKED, "eventcode, checked": CHECKED}
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    peaks: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(RUNS):
        for name, program in ways.items():
            target = FOLDER / "imported.parquet"
            _, _, peak, printed = process([sys.executable, "-c", program, str(source), str(target), codebook])
            first, *counts = printed.splitlines()[-1].split()
            seconds[name].append(float(first))
            peaks[name].append(peak)
            if program is CHECKED:
                _compare(rows, dict(count.split("=") for count in counts))
    print(f"{rows:,} rows of CSV, {source.stat().st_size / 2**20:,.0f} MB")
    for name, found in seconds.items():
        print(f"{name:<20}{statistics.median(found):>8.2f} s{max(peaks[name]):>8,.0f} MB")
    unchecked, checked = seconds.values()
    ratio = statistics.median(own / other for own, other in zip(checked, unchecked, strict=True))
    print(f"{'ratio':<20}{ratio:>8.2f}   (at most {MOST:g})")
    Path(FOLDER / "imported.parquet").unlink()
    if rows > 1_000_000:
        source.unlink()
    if ratio > MOST:
        sys.exit(f"importing takes {ratio:.2f} times as long as pyarrow alone, and may take {MOST:g}")


def _compare(rows: int, counts: dict[str, str]) -> None:
    for rule, planted in data.planted(rows).items():
        if int(counts[rule]) != len(planted):
            sys.exit(f"{rule} counts {counts[rule]}, and {len(planted)} are planted")


if __name__ == "__main__":
    main()
