"""The folder `build/`: its lock, the last good build of a dataset, and whether it is whole."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from eventcode.errors import DatasetError
from eventcode.formats import files
from eventcode.project import Project, find
from eventcode.release.manifest import differing

FOLDER, KEPT = "build", ".builds"


@contextmanager
def locked(home: Path, name: str, *, taken: str = "") -> Iterator[None]:
    """Hold the lock of a dataset's build, or of another work on it; DatasetError, which says `taken`, where another process has it."""
    from filelock import FileLock, Timeout

    with files.refusing(home):
        (home / KEPT).mkdir(parents=True, exist_ok=True)
        lock = FileLock(home / KEPT / f"{name}.lock", timeout=0)
        try:
            lock.acquire()
        except Timeout as error:
            message = taken or f"another build of {name} is running"
            raise DatasetError(message, hint="wait for it to end") from error
    try:
        yield
    finally:
        lock.release()


def current(home: Path, name: str) -> dict[str, Any] | None:
    """The manifest of the last good build, or None."""
    try:
        manifest: dict[str, Any] = json.loads((home / name / "manifest.json").read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return manifest


def complete(folder: Path, manifest: Mapping[str, Any]) -> bool:
    """Whether every file that a manifest lists is there with the hash that it had."""
    return not list(differing(folder, manifest))


def built(project: Project, name: str) -> Path:
    """The folder of the last good build; DatasetError where there is none."""
    folder = project.root / FOLDER / name
    if not (folder / "manifest.json").is_file():
        project.dataset(name)
        raise DatasetError(f"dataset {name} is not built", hint=f"run `eventcode build {name}`")
    return folder


def folder_of(project: Project, name: str) -> Path:
    """The folder that is meant by a path, NAME (the build) or NAME@VERSION (a release)."""
    dataset, _, version = name.partition("@")
    if version:
        path = project.root / "releases" / dataset / version
    elif Path(name).is_dir() and any(Path(name).glob("*.parquet")):
        return Path(name)
    else:
        return built(project, dataset)
    if not path.is_dir():
        there = ", ".join(sorted(p.name for p in path.parent.glob("[0-9]*"))) or "none"
        raise DatasetError(f"there is no release {version} of {dataset}", hint=f"there are: {there}")
    return path


def dataset_folder(name: str | Path, version: str | None = None) -> Path:
    """The folder that is meant by the path of a build or release, or by a dataset of the project that the working folder lies in."""
    path = Path(name)
    if path.is_dir() and any(path.glob("*.parquet")):
        return path
    return folder_of(find(), f"{name}@{version}" if version else str(name))
