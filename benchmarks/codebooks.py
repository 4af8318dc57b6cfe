"""How long every bundled codebook takes to load and to check, each in a process of its own.

    python benchmarks/codebooks.py [RUNS]

`load`: the first `load()` of a new process; `import`: what has to be imported for it. `linter`: every line of the linter on the loaded
codebook, without the examples of rules (`eventcode codebook check NAME --no-rules`); `examples`: what those take. Medians of RUNS
processes (5), and the slowest. Exit code 1 where a median of `load` is over 150 ms or one of `linter` over 1 s.
"""

from __future__ import annotations

import statistics
import subprocess
import sys

from eventcode.bundled import codebook_folder
from eventcode.codebook.load import names

TIMED = """
import sys, time
start = time.perf_counter()
from eventcode.codebook.load import load
imported = time.perf_counter()
book = load(sys.argv[1])
loaded = time.perf_counter()
from eventcode.pipeline import lint
import duckdb, sqlglot
ready = time.perf_counter()
lint.lint(book, rule_examples=False)
linted = time.perf_counter()
list(lint.example_verdicts(book))
times = (imported - start, loaded - imported, linted - ready, time.perf_counter() - linted)
print(*times, len(book.event_types), len(book.examples))
"""


LIMITS = {1: 0.15, 2: 1.0}  # seconds of load and linter


def main() -> None:
    """Print a line per codebook."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    heads = " ".join(f"{head + ' ms':>15}" for head in ("import", "load", "linter", "examples"))
    print(f"{'codebook':<12} {'codes':>5} {'examples':>8}   {heads}")
    late = []
    for name in names([codebook_folder()]):
        rows = [[float(part) for part in _run(name).split()] for _ in range(runs)]
        codes, examples = (int(number) for number in rows[0][4:])
        columns = (_shown([row[i] for row in rows]) for i in range(4))
        print(f"{name:<12} {codes:>5} {examples:>8}   {' '.join(columns)}", flush=True)
        if any(statistics.median([row[i] for row in rows]) > limit for i, limit in LIMITS.items()):
            late.append(name)
    if late:
        sys.exit(f"over the limit: {', '.join(late)}")


def _run(name: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", TIMED, name], capture_output=True, text=True, check=True
    ).stdout


def _shown(seconds: list[float]) -> str:
    return f"{statistics.median(seconds) * 1000:>7.0f} (≤{max(seconds) * 1000:>5.0f})"


if __name__ == "__main__":
    main()
