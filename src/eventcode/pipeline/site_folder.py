"""A site on disk: it appears whole or not at all, and nothing that eventcode did not write is ever overwritten.

A site carries `site.json`, which lists its files with their hashes. A folder without one, or with a file that it does not list or that was
changed since, is somebody's work: it is refused. A single file carries the hash of the rest of it at its end.
"""

from __future__ import annotations

import json
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
    content[NAME] = (json.dumps(card, indent=1, ensure_ascii=False) + "\n").encode()
    files.put_folder(target, lambda new: files.fill(new, content))


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
    if known is None and not all(map(files.is_clutter, folder.iterdir())):
        raise DatasetError(f"{folder} has files that eventcode did not write", hint=MOVE)
    refuse(
        DatasetError, f"{folder} is not as eventcode wrote it", [*_strange(folder, known or {})][:SHOWN], MOVE
    )


def _strange(folder: Path, known: Mapping[str, str]) -> Iterator[Problem]:
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if files.is_clutter(path):
            continue
        if path.is_symlink() or (path.is_file() and name not in known and name != NAME):
            yield Problem("eventcode did not write this", "", name)
        elif path.is_file() and name != NAME and sha256(path.read_bytes()) != known[name]:
            yield Problem("changed since eventcode wrote it", "", name)


# ── one file ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def write_file(path: Path, data: bytes, comment: tuple[str, str]) -> None:
    """Put one file in place, with a mark at its end: a comment with the hash of all before it. `comment` begins and ends one.

    DatasetError, and nothing changed, where the file that is there has no such mark or was changed since it got it.
    """
    if path.is_dir():
        raise EventcodeError(
            f"{path} is a folder, and a file is to be written", hint="give the file's name with --out"
        )
    with files.refusing(path):
        there = path.read_bytes() if path.is_file() or path.is_symlink() else None
    if there is not None and not _ours(there, comment):
        raise DatasetError(f"{path} is not as eventcode wrote it", hint=MOVE)
    files.write(path, data + _mark(data, comment))


def _mark(data: bytes, comment: tuple[str, str]) -> bytes:
    begin, end = comment
    return f"\n{begin}eventcode {sha256(data)}{end}\n".encode()


def _ours(content: bytes, comment: tuple[str, str]) -> bool:
    at = len(content) - len(_mark(b"", comment))
    return at >= 0 and content[at:] == _mark(content[:at], comment)
