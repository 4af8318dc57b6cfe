"""A folder takes the place of another in one step: whatever goes wrong, the one that was there is there still."""

from __future__ import annotations

from pathlib import Path

import pytest

from eventcode.errors import DatasetError
from eventcode.formats import files


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with a file in it."""
    found = tmp_path / "place"
    found.mkdir()
    (found / "old.txt").write_text("old")
    return found


def _new(folder: Path) -> None:
    (folder / "new.txt").write_text("new")


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_folder_takes_the_place_of_the_one_before(place: Path) -> None:
    files.put_folder(place, _new)
    assert (_names(place), _names(place.parent)) == (["new.txt"], ["place"])


def test_a_free_place_is_taken_with_the_folders_above_it(tmp_path: Path) -> None:
    files.put_folder(tmp_path / "a" / "b", _new)
    assert _names(tmp_path / "a" / "b") == ["new.txt"]


def test_the_new_folder_bears_its_name_while_it_is_filled(place: Path) -> None:
    seen: list[str] = []
    files.put_folder(place, lambda new: seen.append(new.name))
    assert seen == ["place"]


@pytest.mark.parametrize("error", [ValueError("x"), KeyboardInterrupt()])
def test_whatever_stops_the_filling_leaves_the_old_folder_alone(place: Path, error: BaseException) -> None:
    def broken(new: Path) -> None:
        _new(new)
        raise error

    with pytest.raises(type(error)):
        files.put_folder(place, broken)
    assert (_names(place), _names(place.parent)) == (["old.txt"], ["place"])


@pytest.mark.parametrize("error", [OSError(13, "Permission denied"), KeyboardInterrupt()])
def test_a_swap_that_is_stopped_puts_the_old_folder_back(
    place: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    replace = Path.replace

    def stopped(path: Path, target: Path) -> Path:
        if path.parent.name.endswith(".tmp"):
            raise error
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", stopped)
    with pytest.raises((DatasetError, KeyboardInterrupt)):
        files.put_folder(place, _new)
    assert (_names(place), _names(place.parent)) == (["old.txt"], ["place"])


def test_a_folder_that_cannot_be_put_back_is_kept_and_named(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace = Path.replace

    def stopped(path: Path, target: Path) -> Path:
        if target == place:
            raise OSError(13, "Permission denied")
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", stopped)
    with pytest.raises(DatasetError) as caught:
        files.put_folder(place, _new)
    (kept,) = place.parent.iterdir()
    assert str(caught.value) == (
        f"{place} cannot be put back: Permission denied\n  → what was there lies in {kept}"
    )
    assert _names(kept) == ["old.txt"]


def test_the_place_that_a_link_leads_to_is_replaced_and_the_link_stays(place: Path) -> None:
    (place.parent / "link").symlink_to("place")
    files.put_folder(place.parent / "link", _new)
    assert (place.parent / "link").is_symlink()
    assert _names(place) == ["new.txt"]


@pytest.mark.parametrize(
    "name", ["../x", "a/../../x", "/x", "", ".", "a/..", "out/x", "a\\..\\..\\x", "a\0b", "a\nb"]
)
def test_a_name_that_leads_out_of_a_folder_is_refused_before_anything_is_written(
    name: str, place: Path
) -> None:
    (place / "out").symlink_to(place.parent)
    with pytest.raises(DatasetError) as caught:
        files.fill(place, {"good.txt": b"x", name: b"x"})
    assert str(caught.value) == f"'{name}' is no name of a file below place\n  → nothing was written"
    assert (_names(place), _names(place.parent)) == (["old.txt", "out"], ["place"])


def test_names_that_look_odd_but_stay_below_are_fine(place: Path) -> None:
    files.fill(place, {"a/..b/日本.txt": b"x", "…": b"y"})
    assert (place / "a" / "..b" / "日本.txt").read_bytes() == b"x"
