"""Making releases in tests: builds by hand, refusals, and what spares time."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import small_build
from eventcode.errors import DatasetError
from eventcode.release import manifest, metadata
from eventcode.release import plan as planning
from eventcode.release.publish import Release, publish
from small_build import CARD, World

Row = dict[str, Any]
WITHHELD = {**CARD, "withhold": [{"source": "page-1/reader-1/s2", "reason": "asked to be left out"}]}
PLAIN: list[Path] = []


@pytest.fixture(scope="session")
def plain_build(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The build that most tests begin with, made once and copied."""
    PLAIN.append(small_build.write(tmp_path_factory.mktemp("builds") / "plain", small_build.world()))


@pytest.fixture
def quick_release(monkeypatch: pytest.MonkeyPatch, plain_build: None) -> None:
    """Spare each test a second for the codebook and one for the profile."""
    monkeypatch.setattr(planning, "load", lambda *where: small_build.codebook())
    monkeypatch.setattr(metadata, "validate", lambda package: None)


@pytest.fixture
def releases(tmp_path: Path) -> Iterator[Path]:
    """Where the releases of `camps` go; made writable again at the end."""
    yield tmp_path / "releases" / "camps"
    for path in (tmp_path / "releases").rglob("*"):
        path.chmod(0o755)


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
