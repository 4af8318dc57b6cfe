"""One engine, one file, one fresh process: `python -m peers.run ENGINE FILE ANSWER [MEMORY_LIMIT]`.

Imports are over before the clock starts; compiling the rules, reading, checking and writing down the failing ids are timed.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

from peers import ours
from peers.engines import ENGINES


def main() -> None:
    """Write the failing ids by rule to ANSWER, and print the seconds that went by, and those that processors worked."""
    name, path, answer, *limit = sys.argv[1:]
    if limit:
        ours.OPTIONS["memory_limit"] = limit[0]
    check = ENGINES[name]()
    before, worked = time.perf_counter(), time.process_time()
    Path(answer).write_text(json.dumps(check(path)), encoding="utf-8")
    print(time.perf_counter() - before, time.process_time() - worked, flush=True)
    os._exit(0)  # taking a large heap down is nobody's work


if __name__ == "__main__":
    main()
