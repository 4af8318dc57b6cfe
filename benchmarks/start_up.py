"""How long a user waits before anything happens: `eventcode --help`, and a second `make datasets`.

    python benchmarks/start_up.py

Whole processes, side by side with a Python that does nothing, medians of 11 runs after a warm-up.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RUNS = 11


def seconds(words: list[str]) -> float:
    """The median wall time of a command."""
    times = []
    for _ in range(RUNS + 1):
        start = time.perf_counter()
        subprocess.run(words, cwd=ROOT, check=True, capture_output=True)
        times.append(time.perf_counter() - start)
    return statistics.median(times[1:])


def main() -> None:
    """Print one line per command."""
    commands = {
        "python, doing nothing": [sys.executable, "-c", "pass"],
        "eventcode --help": [sys.executable, "-m", "eventcode", "--help"],
    }
    if (ROOT / "build" / ".stamps").is_dir() and shutil.which("make"):
        commands["make datasets, nothing to do"] = ["make", "-s", "datasets"]
    for name, words in commands.items():
        print(f"{name:30s} {seconds(words):6.3f} s")


if __name__ == "__main__":
    main()
