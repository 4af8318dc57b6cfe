"""Commands that are told to stop: one message, an exit code that shells know, and nothing left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from eventcode.cli import group
from eventcode.formats import files
from foreign_cases import UCDP, put

NOTHING = "stopped: nothing was written\n"
# The import stands still where it asks the rules, with its temporary folders full, until a signal comes.
STILL = """
import sys, time
from eventcode.pipeline import foreign_asked
def wait(*_):
    print("waiting", flush=True)
    time.sleep(600)
foreign_asked.surface_of = wait
sys.argv = ["eventcode", *sys.argv[1:]]
from eventcode.__main__ import main
main()
"""


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_import_that_is_stopped_leaves_nothing_behind(
    tmp_path: Path, number: signal.Signals, code: int
) -> None:
    path = put(tmp_path, "ged.csv", [UCDP])
    (tmp_path / "scratch").mkdir()
    command = [
        sys.executable,
        "-c",
        STILL,
        "import",
        str(path),
        "--from",
        "ucdp",
        "--to",
        str(tmp_path / "out"),
    ]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "TMPDIR": str(tmp_path / "scratch")},
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == "waiting\n"
        process.send_signal(number)
        _, said = process.communicate(timeout=60)
    assert (process.returncode, said) == (code, NOTHING)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["ged.csv", "scratch"]
    assert [*(tmp_path / "scratch").iterdir()] == []


# A signal that comes while the command line is still being loaded.
EARLY = """
import os, signal, sys
class Finder:
    def find_spec(self, name, *_):
        if name == "eventcode.cli":
            os.kill(os.getpid(), getattr(signal, sys.argv[1]))
sys.meta_path.insert(0, Finder())
from eventcode.__main__ import main
main()
"""


@pytest.mark.parametrize(("name", "code"), [("SIGINT", 130), ("SIGTERM", 143)])
def test_a_command_can_be_stopped_before_it_is_loaded(name: str, code: int) -> None:
    done = subprocess.run([sys.executable, "-c", EARLY, name], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (code, "", NOTHING)


@pytest.mark.parametrize(
    ("words", "stands_in"),
    [
        (("build", "x"), "eventcode.project.find"),
        (("export", "x", "--as", "stata", "-o", "x.dta"), "eventcode.pipeline.exporting.export"),
        (("import", "x", "f.jsonl"), "eventcode.project.find"),
        (("datasets",), "eventcode.project.find"),
    ],
)
def test_every_command_says_the_same(
    words: tuple[str, ...], stands_in: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(stands_in, stop)
    result = CliRunner().invoke(group, words)
    assert (result.exit_code, result.stderr) == (130, NOTHING)


def test_what_had_been_written_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object, **__: object) -> None:
        files.write(tmp_path / "one.txt", b"whole")
        raise KeyboardInterrupt

    monkeypatch.setattr("eventcode.project.find", stop)
    result = CliRunner().invoke(group, ["datasets"])
    assert result.exit_code == 130
    assert result.stderr == f"stopped: {tmp_path / 'one.txt'} had been written, and nothing else\n"
