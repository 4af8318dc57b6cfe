"""Fixtures that more than one test file needs."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from eventcode.codebook.load import load
from eventcode.model import Codebook
from sheet_case import CODER, SMALL_READING, Book, Said
from small import write_small_codebook

settings.register_profile("untimed", deadline=None)  # a busy machine is no failure
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def small_codebook(tmp_path_factory: pytest.TempPathFactory) -> Codebook:
    """A codebook of two roots with a field of every type."""
    return load(write_small_codebook(tmp_path_factory.mktemp("codebooks")))


@pytest.fixture(scope="session")
def real() -> Path:
    """The folder with the real files."""
    shared = os.environ.get("EVENTCODE_SHARED")
    if not shared:
        pytest.skip("EVENTCODE_SHARED names the folder with the real files")
    return Path(shared) / "data" / "real"


@pytest.fixture
def closed(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    """Closes a place: nothing new can be put there, and only what was there before can come back."""
    replace = Path.replace

    def close(place: Path) -> None:
        def refusing(path: Path, target: Path) -> Path:
            if target == place and not path.name.endswith(".old"):
                raise PermissionError(13, "Permission denied")
            return replace(path, target)

        monkeypatch.setattr(Path, "replace", refusing)

    return close


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory, small_codebook: Codebook) -> Path:
    """A workbook with nothing wrong in it."""
    from eventcode.coding import sheet_out

    path = tmp_path_factory.mktemp("good") / "w.xlsx"
    sheet_out.write(path, small_codebook, CODER, [{"key": "doc-1"}, {"key": "doc-2"}], [SMALL_READING])
    return path


@pytest.fixture
def told(
    tmp_path: Path, good: Path, small_codebook: Codebook
) -> Callable[[Callable[[Book], object]], list[Said]]:
    """(place, message, hint) of everything that is wrong once `change` has been made to a good workbook."""
    import openpyxl

    from eventcode.coding import sheet_in

    def tell(change: Callable[[Book], object]) -> list[Said]:
        path = tmp_path / "w.xlsx"
        book = openpyxl.load_workbook(good)
        change(book)
        book.save(path)
        back = sheet_in.read(path, small_codebook)
        assert all(problem.file == str(path) for problem in back.problems)
        return [(problem.path, problem.message, problem.hint) for problem in back.problems]

    return tell
