"""Fixtures of the tests of releases; a plugin, so that three files share them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import small_build
from eventcode.release import metadata
from eventcode.release import plan as planning
from small_release import PLAIN


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
