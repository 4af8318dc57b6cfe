"""How long every bundled codebook takes to load and to check, each in a process of its own.

    python benchmarks/codebooks.py [RUNS]

`load`: the first `load()` of a new process, with the imports it needs, without Python's own start. `linter`: every line of the linter on
a loaded codebook, without the examples of rules (`eventcode codebook check NAME --no-rules`); `examples`: those too. Medians of RUNS
processes (5), and the slowest.
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
book = load(sys.argv[1])
loaded = time.perf_counter()
from eventcode.pipeline import lint
imported = time.perf_counter()
lint.lint(book, rule_examples=False)
linted = time.perf_counter()
lint.lint(book)
print(loaded - start, linted - imported, time.perf_counter() - linted, len(book.event_types), len(book.examples))
"""


def main() -> None:
    """Print a line per codebook."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    print(f"{'codebook':<12} {'codes':>5} {'examples':>8}   {'load ms':>15} {'linter ms':>15} {'examples ms':>15}")
    for name in names([codebook_folder()]):
        rows = [[float(part) for part in _run(name).split()] for _ in range(runs)]
        codes, examples = (int(number) for number in rows[0][3:])
        columns = (_shown([row[i] for row in rows]) for i in range(3))
        print(f"{name:<12} {codes:>5} {examples:>8}   {' '.join(columns)}", flush=True)


def _run(name: str) -> str:
    return subprocess.run([sys.executable, "-c", TIMED, name], capture_output=True, text=True, check=True).stdout


def _shown(seconds: list[float]) -> str:
    return f"{statistics.median(seconds) * 1000:>7.0f} (≤{max(seconds) * 1000:>5.0f})"


if __name__ == "__main__":
    main()
