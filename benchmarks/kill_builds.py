"""Kill a real build many times at random moments: the last good build must be whole each time, and no reading lost.

    python benchmarks/kill_builds.py [TIMES]

Lays out a project in a temporary folder, builds its dataset, then starts a build that is forced to do all its work again and kills it
(SIGKILL) after a random time, TIMES times (50). After each kill every file that the manifest lists must be there with its
hash. Prints how far
the builds had come when they were killed.
"""

from __future__ import annotations

import json
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from eventcode.pipeline.folders import KEPT, complete, current

ROOT = Path(__file__).resolve().parents[1]
NAME = "iraq-militias-2025"
SEED = 20261123


def project(folder: Path) -> Path:
    """A project with a copy of the first dataset."""
    (folder / "datasets").mkdir(parents=True)
    shutil.copytree(ROOT / "datasets" / NAME, folder / "datasets" / NAME)
    return folder


def command(folder: Path) -> subprocess.Popen[bytes]:
    """Start a forced build."""
    words = [sys.executable, "-m", "eventcode", "build", NAME, "--force"]
    return subprocess.Popen(words, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def stage(folder: Path) -> str:
    """How far the killed build had come, by what it left."""
    left = list((folder / "build" / KEPT).glob(f".{NAME}-*.tmp"))
    return (
        f"while writing ({len(list(left[0].rglob('*.parquet')))} tables)"
        if left
        else "before writing or after the switch"
    )


def main() -> None:
    """Run the experiment and print what came of it."""
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    dice = random.Random(SEED)
    with tempfile.TemporaryDirectory() as temporary:
        folder = project(Path(temporary) / "project")
        start = time.monotonic()
        assert command(folder).wait() == 0, "the first build failed"
        whole = time.monotonic() - start
        journal = {path: path.read_bytes() for path in folder.rglob("*.jsonl")}
        good = json.dumps(current(folder / "build", NAME), sort_keys=True)
        stages: Counter[str] = Counter()
        for _ in range(times):
            process = command(folder)
            # Half of the kills fall into the last third, where files are written and switched.
            time.sleep(
                dice.uniform(0, whole) if dice.random() < 0.5 else dice.uniform(whole * 0.66, whole * 1.02)
            )
            process.send_signal(signal.SIGKILL)
            process.wait()
            stages[stage(folder)] += 1
            manifest = current(folder / "build", NAME)
            assert manifest is not None, "there is no good build any more"
            assert complete(folder / "build" / NAME, manifest), "the build is not whole"
            assert json.dumps(manifest, sort_keys=True) == good, "the build changed"
            assert all(path.read_bytes() == data for path, data in journal.items()), "a reading was lost"
        assert command(folder).wait() == 0, "a build after all the kills failed"
        left = [path.name for path in (folder / "build" / KEPT).iterdir() if path.is_dir()]
        print(
            f"{times} builds killed at random (a whole build takes {whole:.1f} s): the good build stood every time"
        )
        for name, n in sorted(stages.items()):
            print(f"  {n:3d} killed {name}")
        print(f"  after one more build there is {len(left)} folder of builds and nothing else")
        assert len(left) == 1, left


if __name__ == "__main__":
    main()
