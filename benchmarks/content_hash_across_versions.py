"""The content hash of a table is the same under two versions of pyarrow and several of Python; the bytes of its file need not be.

Makes a virtual environment per pair (with uv where it is there, else venv and pip), writes the same table to Parquet in each, and prints
what came out. Needs the network; takes a minute or two. Exits 1 if any two content hashes differ.

    python benchmarks/content_hash_across_versions.py [--python python3.10 --python python3.13]
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

SRC = Path(__file__).resolve().parents[1] / "src"
OLDEST = {(3, 13): "18.1.0"}  # the first that has wheels for it; 17.0.0 for older ones
CHILD = """
import datetime as dt, json, random, sys, tempfile
from pathlib import Path
import pyarrow as pa
from eventcode.formats import parquet
from eventcode.formats.content import content_hash
from eventcode.formats.hashes import file_hash

r, n = random.Random(7), 20_000
texts = ["010", "10", "caf\\u00e9", "cafe\\u0301", "\\U0001d4d0", "", "a \\"quoted\\" one", "line\\nfeed", None]
day = lambda: dt.date(2025, 1, 1) + dt.timedelta(r.randrange(400))
table = pa.table({
    "event_id": pa.array([f"{r.getrandbits(64):016x}" for _ in range(n)]),
    "event_type": pa.array([r.choice(["010", "031", "072"]) for _ in range(n)]),
    "place_name": pa.array([r.choice(texts) for _ in range(n)]),
    "date_start": pa.array([day() if r.random() < 0.9 else None for _ in range(n)], pa.date32()),
    "lat": pa.array([r.choice([r.uniform(-90, 90), -0.0, 0.1, 1e-7, 1e21, None]) for _ in range(n)], pa.float64()),
    "fatalities": pa.array([r.choice([0, 3, 2**53, None]) for _ in range(n)], pa.int64()),
    "contested": pa.array([r.choice([True, False, None]) for _ in range(n)]),
    "means": pa.array([r.choice([["b", "a"], ["a", "b"], [], None]) for _ in range(n)], pa.list_(pa.string())),
    "via": pa.array([r.choice([["b", "a"], ["a", "b"], None]) for _ in range(n)], pa.list_(pa.string())),
    "at": pa.array([dt.datetime(2025, 1, 1) + dt.timedelta(microseconds=r.randrange(10**15)) for _ in range(n)], pa.timestamp("us")),
})
with tempfile.TemporaryDirectory() as folder:
    path = Path(folder) / "events.parquet"
    parquet.write(path, table, ("event_id",), metadata={"codebook_digest": "0" * 64})
    found = content_hash(parquet.read(path), ("event_id",))
    assert found == content_hash(table, ("event_id",)), "the file says something else than the table"
    print(json.dumps({"python": sys.version.split()[0], "pyarrow": pa.__version__, "content": found, "file": file_hash(path)}))
"""


def main() -> int:
    """Print a line per environment and whether the content hashes agree."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--python",
        action="append",
        help="an interpreter; by default python3.10 and python3.13 where they are, and this one",
    )
    wanted = parser.parse_args().python or ["python3.10", "python3.13", sys.executable]
    rows = [row for python in wanted for version in ("oldest", "newest") if (row := _row(python, version))]
    print(f"{'python':<10}{'pyarrow':<10}{'content hash':<26}file hash")
    for row in rows:
        print(f"{row['python']:<10}{row['pyarrow']:<10}{row['content'][7:25]}…       {row['file'][7:25]}…")
    contents, versions = {row["content"] for row in rows}, {row["pyarrow"] for row in rows}
    if len(versions) < 2:
        print("there was only one pyarrow to be had, which shows nothing", file=sys.stderr)
        return 1
    print("one content hash" if len(contents) == 1 else f"{len(contents)} content hashes: that is a bug")
    return int(len(contents) > 1)


def _row(name: str, which: str) -> dict[str, str] | None:
    """What the table gives under an interpreter and the oldest or newest pyarrow for it; None, with a notice, where that cannot be had."""
    python = _interpreter(name)
    if python is None:
        print(f"{name} is not here, left out", file=sys.stderr)
        return None
    minor = _run([python, "-c", "import sys; print(*sys.version_info[:2])"]).stdout.split()
    oldest = OLDEST.get((int(minor[0]), int(minor[1])), "17.0.0")
    pyarrow = f"pyarrow=={oldest}" if which == "oldest" else "pyarrow"
    with tempfile.TemporaryDirectory() as folder:
        own = Path(folder) / "venv"
        try:
            _install(python, own, [pyarrow, "rfc8785"])
        except subprocess.CalledProcessError as error:
            print(
                f"{name} with {pyarrow} cannot be had: {error.stderr.strip().splitlines()[-1:]}",
                file=sys.stderr,
            )
            return None
        done = _run([str(own / "bin" / "python"), "-c", CHILD], env={**os.environ, "PYTHONPATH": str(SRC)})
        row: dict[str, str] = json.loads(done.stdout)
        return row


def _interpreter(name: str) -> str | None:
    """An interpreter that runs: the one on the PATH, or pyenv's (whose shim on the PATH may lead nowhere)."""
    pyenv = (
        (Path.home() / ".pyenv" / "versions").glob(f"{name.removeprefix('python')}.*/bin/{Path(name).name}")
        if "/" not in name
        else ()
    )
    for python in (name, *(str(path) for path in sorted(pyenv))):
        try:
            return _run([python, "-c", "import sys; print(sys.executable)"]).stdout.strip()
        except (OSError, subprocess.CalledProcessError):
            continue
    return None


def _install(python: str, folder: Path, packages: list[str]) -> None:
    try:
        _run(["uv", "--version"])
    except (OSError, subprocess.CalledProcessError):
        _run([python, "-m", "venv", str(folder)])
        _run(
            [str(folder / "bin" / "python"), "-m", "pip", "install", "-qq", "--only-binary=:all:", *packages]
        )
        return
    _run(["uv", "venv", "-q", "--python", python, str(folder)])
    _run(
        [
            "uv",
            "pip",
            "install",
            "-q",
            "--only-binary=:all:",
            "--python",
            str(folder / "bin" / "python"),
            *packages,
        ]
    )


def _run(command: list[str], env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, check=True, capture_output=True, text=True, env=env)


if __name__ == "__main__":
    sys.exit(main())
