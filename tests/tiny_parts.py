"""The parts of the tiny codebook by name, for changing one of them, and what its loading then says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from eventcode.codebook.load import load
from eventcode.errors import CodebookError
from tiny_codebook import Files, files, write

Said = tuple[str, int | None, str, str]  # file, line, message, hint
Change = Callable[[Files], object]
Fault = tuple[str, Change, str]  # the line of the linter, what is spoilt, what the linter says


def codes(found: Files) -> list[dict[str, Any]]:
    return found["events/all.yaml"]["event_types"]


def fields(found: Files) -> list[dict[str, Any]]:
    return found["fields.yaml"]["fields"]


def rule(found: Files) -> dict[str, Any]:
    return found["rules.yaml"]["rules"][0]


def actors(found: Files) -> list[dict[str, Any]]:
    return found["vocabularies/actors.yaml"]["actors"]


def examples(found: Files) -> list[dict[str, Any]]:
    return found["examples/all.yaml"]["examples"]


def terms(found: Files, name: str) -> list[dict[str, Any]]:
    return found[f"vocabularies/{name}.yaml"]["terms"]


def crosswalk(found: Files, line: str) -> None:
    found["crosswalks/other.csv"] += line + "\n"


def problems(folder: Path, found: Files, folders: list[Path] | None = None) -> list[Said]:
    """(file, line, message, hint) of every problem of a codebook that must not load."""
    with pytest.raises(CodebookError) as caught:
        load(write(folder, found), folders or [])
    return [(problem.file, problem.line, problem.message, problem.hint) for problem in caught.value.problems]


def spoilt(path: str, old: str, new: str) -> Files:
    """The tiny codebook with one file as text, `old` in it replaced by `new`."""
    found = files()
    home = write(Path.cwd() / "before", found)
    text = (home / path).read_text("utf-8")
    assert text.count(old) >= 1
    return found | {path: text.replace(old, new, 1)}
