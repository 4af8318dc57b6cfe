"""Faults at every step of a build and an import: the last good state stays, nothing is half done."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections import Counter
from pathlib import Path

import pytest

from eventcode.errors import DatasetError
from eventcode.pipeline import build as building
from eventcode.pipeline.build import build_dataset
from eventcode.pipeline.folders import KEPT, complete, current, locked
from eventcode.project import find
from tiny_project import NAME, tiny_project

FAULTS = [(os, "fsync"), (Path, "replace"), (Path, "write_bytes"), (Path, "mkdir"), (Path, "symlink_to")]


class Stop(BaseException):
    """The process dies: nothing catches this but `finally`."""


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    """A project with a good build, made once and copied for each test."""
    root = tiny_project(tmp_path_factory.mktemp("original") / "project")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(building.gate, "gate", quick_gate)
        build_dataset(find(root).dataset(NAME))
    return root


@pytest.fixture
def built(original, tmp_path, monkeypatch):
    """A project with a good build, and a changed input that asks for the next."""
    monkeypatch.setattr(building.gate, "gate", quick_gate)
    root = tmp_path / "project"
    shutil.copytree(original, root, symlinks=True)
    card = root / "datasets" / NAME / "dataset.yaml"
    card.write_text(card.read_text("utf-8").replace("A tiny dataset", "A tiny dataset, changed"), "utf-8")
    return root, current(root / "build", NAME)


@pytest.fixture(scope="module")
def totals(original, tmp_path_factory):
    """How often a whole build calls each thing that can fail."""
    root = tmp_path_factory.mktemp("totals") / "project"
    shutil.copytree(original, root, symlinks=True)
    counts: Counter[str] = Counter()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(building.gate, "gate", quick_gate)
        for owner, name in FAULTS:
            patch.setattr(owner, name, counting(getattr(owner, name), name, counts))
        build_dataset(find(root).dataset(NAME), force=True)
    return counts


def counting(real, name, counts):
    """`real`, counted."""

    def counted(*args, **kwargs):
        counts[name] += 1
        return real(*args, **kwargs)

    return counted


def quick_gate(*_, **__):
    """The gate's verdict without great_expectations, which takes seconds to import."""
    from eventcode.checks.gate import Gate

    return Gate(True, (), b"{}\n")


def failing(owner, name, at, error, monkeypatch):
    """Let the call number `at` of `owner.name` fail."""
    real, seen = getattr(owner, name), 0

    def maybe(*args, **kwargs):
        nonlocal seen
        seen += 1
        if seen == at:
            raise error
        return real(*args, **kwargs)

    monkeypatch.setattr(owner, name, maybe)


def assert_good(root: Path, manifest) -> None:
    """The old build is whole, and nothing of the new one is left."""
    assert current(root / "build", NAME) == manifest
    assert complete(root / "build" / NAME, manifest)
    folders = [path.name for path in (root / "build" / KEPT).iterdir() if path.is_dir()]
    assert len(folders) <= 2
    assert not [name for name in folders if name.endswith(".tmp")]


@pytest.mark.parametrize(("owner", "name"), FAULTS)
def test_a_disk_that_fails_during_a_build_leaves_the_last_good_one(built, monkeypatch, totals, owner, name):
    root, manifest = built
    assert totals[name], f"{name} is never called"
    for at in sorted({1, max(1, totals[name] // 2), max(1, totals[name] - 1)}):
        with monkeypatch.context() as patch:
            failing(owner, name, at, OSError(errno.ENOSPC, "No space left on device"), patch)
            with pytest.raises(DatasetError, match="No space left on device"):
                build_dataset(find(root).dataset(NAME))
        assert_good(root, manifest)


@pytest.mark.parametrize(("owner", "name"), FAULTS)
def test_a_build_that_dies_at_any_call_leaves_a_good_one(built, monkeypatch, totals, owner, name):
    root, _ = built
    for at in sorted({1, totals[name] // 3 or 1, totals[name]}):
        with monkeypatch.context() as patch:
            failing(owner, name, at, Stop(), patch)
            with pytest.raises(Stop):
                build_dataset(find(root).dataset(NAME), force=True)
        assert complete(root / "build" / NAME, current(root / "build", NAME))


def test_two_builds_of_a_dataset_at_once_are_refused(built):
    root, _ = built
    with locked(root / "build", NAME), pytest.raises(DatasetError) as raised:
        build_dataset(find(root).dataset(NAME))
    assert str(raised.value) == f"another build of {NAME} is running\n  → wait for it to end"


def test_a_build_with_a_lost_or_changed_file_is_built_again(built):
    root, _ = built
    build_dataset(find(root).dataset(NAME))
    assert not build_dataset(find(root).dataset(NAME)).fresh
    (root / "build" / NAME / "events.parquet").unlink()
    assert build_dataset(find(root).dataset(NAME)).fresh
    (root / "build" / NAME / "README.md").write_text("scribbled", "utf-8")
    assert build_dataset(find(root).dataset(NAME)).fresh


def test_the_same_inputs_give_the_same_bytes(tmp_path, monkeypatch):
    monkeypatch.setattr(building.gate, "gate", quick_gate)
    one, two = tiny_project(tmp_path / "a"), tiny_project(tmp_path / "b")
    for root in (one, two):
        build_dataset(find(root).dataset(NAME))
    files = sorted(
        path.relative_to(one / "build" / NAME) for path in (one / "build" / NAME).rglob("*") if path.is_file()
    )
    assert files
    for path in files:
        assert (one / "build" / NAME / path).read_bytes() == (two / "build" / NAME / path).read_bytes(), path


def test_a_manifest_holds_no_time_host_or_absolute_path(built):
    root, manifest = built
    text = json.dumps(manifest)
    assert str(root) not in text
    assert "/" + root.name not in text
    assert os.uname().nodename not in text.replace("eventcode", "")


def test_old_builds_are_swept(built):
    root, _ = built
    build_dataset(find(root).dataset(NAME))
    assert len([path for path in (root / "build" / KEPT).iterdir() if path.is_dir()]) == 1
