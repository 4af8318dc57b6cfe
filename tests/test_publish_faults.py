"""Releases: whatever happens, none is left half-made."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from eventcode.errors import DatasetError
from eventcode.formats import files
from eventcode.release.publish import publish, versions
from small_build import CARD
from small_release import made, refusal, released, whole

pytest_plugins = ["release_fixtures"]
pytestmark = pytest.mark.usefixtures("quick_release")


@pytest.mark.parametrize("call", ["fsync", "replace", "open", "mkdir", "chmod"])
@pytest.mark.parametrize(
    "error", [OSError(28, "No space left on device"), KeyboardInterrupt()], ids=["disk full", "interrupted"]
)
def test_a_fault_at_any_step_leaves_no_half_release(
    tmp_path: Path, releases: Path, monkeypatch: pytest.MonkeyPatch, call: str, error: BaseException
) -> None:
    first = publish(made(tmp_path), releases, "1.0", CARD).folder
    before = {path: path.read_bytes() for path in first.rglob("*") if path.is_file()}
    counter = Failing(getattr(os, call), 0, error)
    with monkeypatch.context() as patch:
        patch.setattr(os, call, counter)
        publish(tmp_path / "build", releases, "1.1", CARD)
    if not counter.calls:
        pytest.skip("pathlib of Python 3.10 keeps a reference of its own to this call")
    there = ["1.0", "1.1"]
    for step in sorted({1, counter.calls // 2, counter.calls}):
        with monkeypatch.context() as patch:
            patch.setattr(os, call, Failing(counter.real, step, error))
            with suppress(DatasetError, KeyboardInterrupt):
                publish(tmp_path / "build", releases, f"2.{step}", CARD)
        found = sorted(path.name for path in releases.iterdir())
        assert (
            {*there} <= {*found} <= {*there, f"2.{step}"}
        )  # the last calls may come after the release is in its place
        assert all(whole(releases / name) for name in found)
        assert {path: path.read_bytes() for path in first.rglob("*") if path.is_file()} == before
        there = found
    assert "2.1" not in there  # the first call comes before it


class Failing:
    """A function of `os` that fails at one call, and works before and after (the cleaning up needs it)."""

    def __init__(self, real: Any, at: int, error: BaseException) -> None:
        self.real, self.at, self.error, self.calls = real, at, error, 0

    def __call__(self, *args: Any, **more: Any) -> Any:
        self.calls += 1
        if self.calls == self.at:
            raise self.error
        return self.real(*args, **more)


def test_a_full_disk_is_told_plainly(tmp_path: Path, releases: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = made(tmp_path)
    monkeypatch.setattr(os, "fsync", Failing(os.fsync, 3, OSError(28, "No space left on device")))
    assert "cannot be written: No space left on device\n  → free some space" in refusal(folder, releases)


def test_what_a_killed_release_left_is_no_release(tmp_path: Path, releases: Path) -> None:
    (releases / ".1.0.abcd.tmp").mkdir(parents=True)
    (releases / ".1.0.abcd.tmp" / "events.parquet").write_text("half")
    assert versions(releases) == []
    assert released(tmp_path, releases, "1.0").diff is None


def test_two_releases_of_one_version_at_once_make_one(
    tmp_path: Path, releases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = made(tmp_path)
    real = files.sync_tree

    def meanwhile(path: Path) -> None:
        monkeypatch.setattr(files, "sync_tree", real)
        publish(folder, releases, "1.0", CARD)
        real(path)

    monkeypatch.setattr(files, "sync_tree", meanwhile)
    with pytest.raises(DatasetError, match=r"1\.0 cannot be written"):
        publish(folder, releases, "1.0", CARD)
    assert whole(releases / "1.0")
    assert [path.name for path in releases.iterdir()] == ["1.0"]
