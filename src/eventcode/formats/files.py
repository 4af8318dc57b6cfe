"""Files and folders that appear whole or not at all: write to a temporary name, fsync, rename."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from eventcode.errors import DatasetError

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


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


def sync(path: Path) -> None:
    """Wait until a file or a folder's entries are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_tree(folder: Path) -> None:
    """`sync` for everything below a folder and the folder itself."""
    for path in sorted(folder.rglob("*"), reverse=True):
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
            sync(link.parent)
        finally:
            temporary.unlink(missing_ok=True)
