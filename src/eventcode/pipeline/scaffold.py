"""New projects and datasets from templates: whole, or not at all."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from datetime import date
from importlib.resources import files as resources
from pathlib import Path
from string import Template
from typing import Any

import eventcode
from eventcode.errors import DatasetError
from eventcode.formats import files
from eventcode.project import Project

RENAMED = {"gitignore": ".gitignore"}
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*")


def new_project(folder: Path) -> list[str]:
    """Lay out a project in a folder that is not there yet or is empty; returns the files, relative to it."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise DatasetError(f"{folder} is there already", hint="choose another name, or empty it")
    words = {"title": folder.resolve().name, "version": eventcode.__version__}
    return _lay_out("project", folder, words)


def new_dataset(project: Project, name: str, codebook: str, coders: Sequence[str], today: date) -> list[str]:
    """Lay out datasets/NAME; `coders` are ids of persons. DatasetError for a bad name or one that is taken."""
    if not _NAME.fullmatch(name):
        raise DatasetError(
            f"'{name}' is no name for a dataset",
            hint="use small letters, digits, - . and _, a letter or digit first",
        )
    folder = project.root / "datasets" / name
    if folder.exists():
        raise DatasetError(f"there is a dataset '{name}' already", hint="choose another name")
    book = project.codebook(codebook.partition("@")[0])
    listed = "\n".join(f"  - {{id: {coder}, kind: person}}" for coder in coders)
    words = {
        "title": name.replace("-", " ").capitalize(),
        "codebook": book.reference,
        "coders": listed,
        "today": today.isoformat(),
    }
    return _lay_out("dataset", folder, words)


def _lay_out(template: str, folder: Path, words: Mapping[str, str]) -> list[str]:
    """Copy a template to a temporary folder beside the target and rename it."""
    temporary = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}.tmp")
    with files.refusing(folder):
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            made = list(_copy(resources("eventcode").joinpath("templates", template), temporary, words))
            if folder.is_dir():
                folder.rmdir()
            files.sync_tree(temporary)
            temporary.replace(folder)
            files.sync(folder.parent)
        finally:
            files.remove_tree(temporary)
    return sorted(made)


def _copy(source: Any, target: Path, words: Mapping[str, str], inside: str = "") -> list[str]:
    target.mkdir()
    made = []
    for entry in sorted(source.iterdir(), key=lambda e: str(e.name)):
        name = RENAMED.get(entry.name, entry.name)
        if entry.is_dir():
            made += _copy(entry, target / name, words, f"{inside}{name}/")
        elif not name.startswith("__"):
            (target / name).write_text(Template(entry.read_text("utf-8")).substitute(words), "utf-8")
            made.append(f"{inside}{name}")
    return made
