"""Making releases in tests: builds by hand, refusals, and what spares time."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

import small_build
from eventcode.errors import DatasetError
from eventcode.release import manifest
from eventcode.release.publish import Release, publish
from small_build import CARD, World

Row = dict[str, Any]
WITHHELD = {**CARD, "withhold": [{"source": "page-1/reader-1/s2", "reason": "asked to be left out"}]}
PLAIN: list[Path] = []  # the build that most tests begin with (see release_fixtures)


def made(tmp_path: Path, world: World | None = None, name: str = "build", **more: Any) -> Path:
    """A build folder `name` of these rows."""
    if world is None and not more:
        return Path(shutil.copytree(PLAIN[0], tmp_path / name))
    return small_build.write(tmp_path / name, world or small_build.world(), **more)


def released(
    tmp_path: Path, releases: Path, version: str = "1.0", world: World | None = None, **more: Any
) -> Release:
    """A release of these rows."""
    folder = made(tmp_path, world, name=f"build-{version}")
    return publish(folder, releases, version, more.pop("card", CARD), **more)


def refusal(folder: Path, releases: Path, version: str = "1.0", card: Row = CARD, **more: Any) -> str:
    """The message of a refusal, after which nothing may have been written."""
    before = sorted(releases.rglob("*")) if releases.exists() else []
    with pytest.raises(DatasetError) as caught:
        publish(folder, releases, version, card, **more)
    assert (sorted(releases.rglob("*")) if releases.exists() else []) == before
    return str(caught.value)


def whole(folder: Path) -> bool:
    """Whether a release has every file of its manifest, unchanged."""
    return (folder / "manifest.json").is_file() and not [*manifest.differing(folder, manifest.read(folder))]
