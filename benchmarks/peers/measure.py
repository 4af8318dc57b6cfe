"""One process, measured from outside: its time, and the most memory it ever held."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]


def process(words: list[str]) -> tuple[float, float, float, str]:
    """Seconds, those that processors worked, peak memory in MB, and what was printed, of a command.

    An exit code that is no verdict on the data ends the benchmark with what the command said.
    """
    with tempfile.TemporaryFile("w+") as printed, tempfile.TemporaryFile("w+") as said:
        start = time.perf_counter()
        child = subprocess.Popen(words, cwd=HERE, stdout=printed, stderr=said)
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        error = said.read()
        if child.returncode not in (0, 1) or "Traceback" in error:
            sys.exit(f"{' '.join(words)}\nexit code {child.returncode}\n{error}")
        printed.seek(0)
        peak = usage.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
        return seconds, usage.ru_utime + usage.ru_stime, peak, printed.read()
