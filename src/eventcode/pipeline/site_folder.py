"""A site on disk: it appears whole or not at all, and nothing that eventcode did not write is ever overwritten.

A site carries `site.json`, which lists its files with their hashes. A folder without one, or with a file that it does not list or that was
changed since, is somebody's work: it is refused.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path

from eventcode.errors import DatasetError, EventcodeError, Problem, refuse
from eventcode.formats import files
from eventcode.identity import sha256

NAME = "site.json"
SHOWN = 5
MOVE = "choose another place with --out, or move it away"


def write(folder: Path, pages: Mapping[str, str | bytes], about: Mapping[str, str]) -> None:
    """Put a site in place: beside it first, synced, then swapped with the one that was there.

    DatasetError, and nothing changed, for a folder that is not as eventcode wrote it.
    """
    target = folder.absolute()
    guard(target)
    content = {name: text.encode() if isinstance(text, str) else text for name, text in pages.items()}
    listed = {name: sha256(data) for name, data in sorted(content.items())}
    card = {"made_by": "eventcode", **about, "files": listed}
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(4)}.tmp")
    with files.refusing(folder):
        try:
            _fill(
                temporary, {**content, NAME: (json.dumps(card, indent=1, ensure_ascii=False) + "\n").encode()}
            )
            files.sync_tree(temporary)
            _swap(temporary, target)
        finally:
            files.remove_tree(temporary)


def _fill(folder: Path, content: Mapping[str, bytes]) -> None:
    for name, data in content.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _swap(new: Path, target: Path) -> None:
    """`new` in the place of `target`; the old site comes back where that fails."""
    old = target.with_name(f".{target.name}.{secrets.token_hex(4)}.old")
    there = target.exists()
    if there:
        target.replace(old)
    try:
        new.replace(target)
    except OSError:
        if there:
            old.replace(target)
        raise
    try:
        files.sync(target.parent)
    finally:
        files.remove_tree(old)


# ── whose folder it is ────────────────────────────────────────────────────────────────────────────────────────────────


def listed(folder: Path) -> dict[str, str] | None:
    """The files of a site with their hashes; None where the folder is no site."""
    try:
        found = json.loads((folder / NAME).read_text("utf-8"))
        return (
            {str(name): str(value) for name, value in found["files"].items()}
            if found["made_by"] == "eventcode"
            else None
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def guard(folder: Path) -> None:
    """Refuse a place that holds anything but a site as eventcode wrote it; a free place and an empty folder are fine."""
    if folder == Path.cwd() or folder in Path.cwd().parents:
        raise DatasetError(
            f"{folder} is the working folder or above it, and a site is a folder of its own",
            hint="name one with --out",
        )
    if not folder.exists() and not folder.is_symlink():
        return
    if folder.is_symlink() or not folder.is_dir():
        raise DatasetError(f"{folder} is no folder that eventcode wrote", hint=MOVE)
    known = listed(folder)
    if known is None and any(folder.iterdir()):
        raise DatasetError(f"{folder} has files that eventcode did not write", hint=MOVE)
    refuse(
        DatasetError, f"{folder} is not as eventcode wrote it", [*_strange(folder, known or {})][:SHOWN], MOVE
    )


def _strange(folder: Path, known: Mapping[str, str]) -> Iterator[Problem]:
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink() or (path.is_file() and name not in known and name != NAME):
            yield Problem("eventcode did not write this", "", name)
        elif path.is_file() and name != NAME and sha256(path.read_bytes()) != known[name]:
            yield Problem("changed since eventcode wrote it", "", name)


def write_file(path: Path, data: bytes, mark: bytes) -> None:
    """Put one file in place; an existing one is replaced only if it holds `mark`, as every such file that eventcode writes does."""
    if path.is_dir():
        raise EventcodeError(
            f"{path} is a folder, and a file is to be written", hint="give the file's name with --out"
        )
    with files.refusing(path):
        foreign = (path.is_file() or path.is_symlink()) and mark not in path.read_bytes()
    if foreign:
        raise DatasetError(f"{path} was not written by eventcode", hint=MOVE)
    files.write(path, data)
