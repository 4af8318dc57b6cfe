"""Files and folders that appear whole or not at all: write to a temporary name, fsync, rename."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from eventcode.errors import DatasetError

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
PLACED: list[Path] = []  # what this process has put in place, for whoever stops it
CLUTTER = (".ds_store", "thumbs.db", "desktop.ini")  # what systems put into any folder that is looked at


def write(path: Path, content: bytes | Callable[[Path], None]) -> None:
    """Put a file in place in one step; `content` is its bytes or a function that writes the file it is given.

    Raises DatasetError, with nothing left behind and the old file untouched, where the disk refuses.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    with refusing(path):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if callable(content):
                content(temporary)
            else:
                temporary.write_bytes(content)
            sync(temporary)
            temporary.replace(path)
            PLACED.append(path)
            sync(path.parent)
        finally:
            temporary.unlink(missing_ok=True)


@contextmanager
def refusing(path: Path) -> Iterator[None]:
    """Turn an OSError about `path` into a DatasetError that says what to do."""
    try:
        yield
    except OSError as error:
        hint = (
            "free some space" if error.errno in FULL else "check that the folder exists and may be written to"
        )
        raise DatasetError(f"{path} cannot be written: {error.strerror or error}", hint) from error


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder for a while; it is gone afterwards, however what is done with it ends."""
    import tempfile

    with tempfile.TemporaryDirectory(prefix="eventcode-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def put_folder(folder: Path, make: Callable[[Path], None]) -> None:
    """Put a folder in place in one step, in the place of the one that is there; `make` fills the new, empty folder that it is given.

    The new folder bears its name from the start, within a temporary one beside the place; where the place is a link, it is the place that
    the link leads to. Raises DatasetError where the disk refuses; then, and where `make` raises, what was there is there still.
    """
    shown, folder = folder, Path(os.path.realpath(folder))
    temporary = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}.tmp")
    with refusing(shown):
        try:
            new = temporary / folder.name
            new.mkdir(parents=True)
            make(new)
            sync_tree(new)
            _swap(new, folder)
            PLACED.append(shown)
        finally:
            remove_tree(temporary)


def _swap(new: Path, folder: Path) -> None:
    """`new` in the place of `folder`. Until that is done, what was there lies beside it, in no tree that is deleted."""
    old = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}.old")
    there = folder.exists()
    if there:
        folder.replace(old)
    try:
        new.replace(folder)
    except BaseException:
        if there:
            _put_back(old, folder)
        raise
    try:
        sync(folder.parent)
    finally:
        remove_tree(old)


def _put_back(old: Path, folder: Path) -> None:
    try:
        old.replace(folder)
    except OSError as error:
        raise DatasetError(
            f"{folder} cannot be put back: {error.strerror or error}", f"what was there lies in {old}"
        ) from error


def fill(folder: Path, content: Mapping[str, bytes]) -> None:
    """Write files by name below a folder; DatasetError, and nothing written, where a name leads out of it."""
    paths = {below(folder, name): data for name, data in content.items()}
    for path, data in paths.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def keep(old: Path, new: Path, left: Collection[str] = ()) -> None:
    """Copy what lies in `old` and not yet in `new`, byte by byte, links as links; but for the paths in `left`, as seen from `old`."""
    import shutil

    for entry in sorted(old.iterdir()):
        target = new / entry.name
        below = {path.partition("/")[2] for path in left if path.partition("/")[0] == entry.name}
        if "" in below:
            continue
        if entry.is_dir() and not entry.is_symlink():
            target.mkdir(exist_ok=True)
            keep(entry, target, below)
        elif not os.path.lexists(target):
            shutil.copy2(entry, target, follow_symlinks=False)


def below(folder: Path, name: str) -> Path:
    """The path of a file below a folder; DatasetError for a name that leads anywhere else."""
    home = Path(os.path.realpath(folder))
    plain = "\\" not in name and name.isprintable()
    if not plain or home not in Path(os.path.realpath(home / name)).parents:
        raise DatasetError(f"'{name}' is no name of a file below {folder.name}", "nothing was written")
    return folder / name


def is_clutter(path: Path) -> bool:
    """Whether a file was put there by the system that showed the folder, and is nobody's work."""
    return path.name.casefold() in CLUTTER and path.is_file() and not path.is_symlink()


def sync(path: Path) -> None:
    """Wait until a file or a folder's entries are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_tree(folder: Path) -> None:
    """`sync` for everything below a folder, but for links, and the folder itself."""
    for path in sorted(folder.rglob("*"), reverse=True):
        if not path.is_symlink():
            sync(path)
    sync(folder)


def remove_tree(folder: Path) -> None:
    """Delete a folder, whatever is in it; nothing happens where it is not there."""
    import shutil

    shutil.rmtree(folder, ignore_errors=True)


def point(link: Path, target: Path) -> None:
    """Make `link` a relative symbolic link to `target` in one step, replacing what it pointed to."""
    temporary = link.with_name(f".{link.name}.{secrets.token_hex(4)}.tmp")
    with refusing(link):
        try:
            temporary.symlink_to(os.path.relpath(target, link.parent), target_is_directory=True)
            temporary.replace(link)
            PLACED.append(link)
            sync(link.parent)
        finally:
            temporary.unlink(missing_ok=True)
