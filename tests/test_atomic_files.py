"""Files that appear whole or not at all, whatever the disk does at whatever step."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from eventcode.coding import journal
from eventcode.errors import DatasetError
from eventcode.formats import files

FULL = OSError(errno.ENOSPC, "No space left on device")
QUOTA = OSError(errno.EDQUOT, "Disk quota exceeded")
READ_ONLY = OSError(errno.EROFS, "Read-only file system")
HINTS = {
    FULL: "free some space",
    QUOTA: "free some space",
    READ_ONLY: "check that the folder exists and may be written to",
}
STEPS = [(Path, "mkdir"), (Path, "write_bytes"), (os, "open"), (os, "fsync"), (Path, "replace")]
LINE = {"document": "d", "coder": "anna", "codebook": "small@1.2.0", "revision": 1, "status": "no_event"}
OLD = b'{"old": 1}\n'


def _failing(error: OSError, monkeypatch: pytest.MonkeyPatch, owner: Any, name: str) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr(owner, name, fail)


def _writes(path: Path) -> None:
    files.write(path, b"new")


def _streams(path: Path) -> None:
    files.write(path, lambda temporary: temporary.write_bytes(b"new") and None)


def _appends(path: Path) -> None:
    journal.append(path.parents[2], path.parent.name, path.stem, [LINE])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A journal file with one line in it."""
    found = tmp_path / "readings" / "anna" / "batch.jsonl"
    found.parent.mkdir(parents=True)
    found.write_bytes(OLD)
    return found


@pytest.mark.parametrize("act", [_writes, _streams, _appends])
@pytest.mark.parametrize(("owner", "name"), STEPS, ids=[name for _, name in STEPS])
@pytest.mark.parametrize("error", HINTS, ids=["full", "quota", "read-only"])
def test_a_disk_that_refuses_at_any_step_leaves_the_old_file_and_nothing_else(
    path: Path,
    monkeypatch: pytest.MonkeyPatch,
    act: Callable[[Path], None],
    owner: Any,
    name: str,
    error: OSError,
) -> None:
    with monkeypatch.context() as patch, pytest.raises(DatasetError) as caught:
        _failing(error, patch, owner, name)
        act(path)
    assert caught.value.message == f"{path} cannot be written: {error.strerror}"
    assert caught.value.hint == HINTS[error]
    assert path.read_bytes() == OLD
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_where_only_the_last_sync_fails_the_new_file_is_whole(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, calls = os.fsync, []

    def second(handle: int) -> None:
        calls.append(handle)
        if len(calls) == 2:
            raise FULL
        real(handle)

    with monkeypatch.context() as patch, pytest.raises(DatasetError):
        patch.setattr(os, "fsync", second)
        _writes(path)
    assert path.read_bytes() == b"new"
    assert [p.name for p in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("act", [_writes, _appends])
def test_a_process_that_is_stopped_leaves_the_old_file(
    path: Path, monkeypatch: pytest.MonkeyPatch, act: Callable[[Path], None]
) -> None:
    def stop(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(os, "fsync", stop)
        act(path)
    assert path.read_bytes() == OLD
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_a_writer_that_stumbles_leaves_the_old_file_and_its_own_error(path: Path) -> None:
    def stumble(temporary: Path) -> None:
        temporary.write_bytes(b"half")
        raise RuntimeError("a bug")

    with pytest.raises(RuntimeError, match="^a bug$"):
        files.write(path, stumble)
    assert path.read_bytes() == OLD
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_a_file_where_a_folder_should_be_is_told_plainly(path: Path) -> None:
    with pytest.raises(DatasetError, match="cannot be written") as caught:
        files.write(path / "more.jsonl", b"new")
    assert caught.value.hint == "check that the folder exists and may be written to"
    assert path.read_bytes() == OLD


def test_folders_on_the_way_are_made(tmp_path: Path) -> None:
    files.write(tmp_path / "a" / "b" / "c.txt", b"new")
    assert (tmp_path / "a" / "b" / "c.txt").read_bytes() == b"new"


def test_a_journal_is_added_to_and_nothing_in_it_changes(path: Path) -> None:
    for _ in range(2):
        journal.append(path.parents[2], "anna", "batch", [LINE])
    lines = path.read_bytes().splitlines(keepends=True)
    assert lines[0] == OLD
    assert (
        lines[1]
        == lines[2]
        == b'{"document": "d", "coder": "anna", "codebook": "small@1.2.0", "revision": 1, "status": "no_event"}\n'
    )


def test_a_line_begins_with_its_head_and_holds_no_id() -> None:
    reading = {
        "codings": [{"key": "e1"}],
        "status": "coded",
        "reading_id": "abc",
        "adopted_from": None,
        "document": "d",
    }
    assert (
        journal.line(reading)
        == b'{"document": "d", "status": "coded", "codings": [{"key": "e1"}], "adopted_from": null}\n'
    )


def test_a_journal_whose_last_line_is_cut_off_is_left_alone(path: Path) -> None:
    path.write_bytes(OLD + b'{"ha')
    with pytest.raises(DatasetError, match="does not end with a line end"):
        journal.append(path.parents[2], "anna", "batch", [LINE])
    assert path.read_bytes() == OLD + b'{"ha'


# ── links to folders ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_link_is_switched_in_one_step(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        files.point(tmp_path / "now", tmp_path / name)
    assert os.readlink(tmp_path / "now") == "b"


def test_a_link_that_cannot_be_switched_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").mkdir()
    files.point(tmp_path / "now", tmp_path / "a")
    with monkeypatch.context() as patch, pytest.raises(DatasetError, match="cannot be written"):
        _failing(READ_ONLY, patch, Path, "replace")
        files.point(tmp_path / "now", tmp_path / "b")
    assert os.readlink(tmp_path / "now") == "a"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a", "now"]
