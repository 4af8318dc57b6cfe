"""A project on disk: where it begins, its settings, its datasets, and where raw files may lie."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from eventcode import shape, yamlfile
from eventcode.codebook.load import load, names
from eventcode.dates import is_day
from eventcode.errors import CoderError, DatasetError, refuse
from eventcode.identity import sha256
from eventcode.model import Codebook
from eventcode.readings import Coder
from eventcode.yamlfile import Document

SETTINGS = "eventcode.yaml"
STORE = "EVENTCODE_STORE"


@dataclass(frozen=True)
class Project:
    """A folder with `datasets/`, and perhaps its own `codebook/` and settings (`eventcode.yaml`)."""

    root: Path
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def codebook_folders(self) -> list[Path]:
        """Where codebooks are looked for before the bundled ones."""
        return [self.root / "codebook"]

    def codebook(self, name: str) -> Codebook:
        """A codebook by name (the project's own wins) or path; CodebookError where it cannot be loaded."""
        return load(name, self.codebook_folders)

    def codebook_names(self) -> list[str]:
        """The codebooks at hand."""
        from eventcode.bundled import codebook_folder

        return names([*self.codebook_folders, codebook_folder()])

    def dataset_names(self) -> list[str]:
        """The datasets of the project."""
        return sorted(path.parent.name for path in (self.root / "datasets").glob("*/dataset.yaml"))

    def dataset(self, name: str) -> Dataset:
        """A dataset by name; DatasetError where there is none or its card is wrong."""
        folder = self.root / "datasets" / name
        if not (folder / "dataset.yaml").is_file():
            raise DatasetError(
                f"no dataset '{name}'", hint=f"there are: {', '.join(self.dataset_names()) or 'none'}"
            )
        card = read_yaml(folder / "dataset.yaml", "dataset", self.root)
        hint = 'write a day of the calendar, such as "2026-11-23"'
        wrong = [name for name in ("date", "as_of") if not is_day(card.data[name])]
        problems = [card.problem((name,), f"'{card.data[name]}' is not a day", hint) for name in wrong]
        refuse(DatasetError, f"{card.file} cannot be used", problems)
        return Dataset(name, folder, card, self)

    @property
    def store(self) -> Path | None:
        """The private folder of files that may not be passed on: EVENTCODE_STORE, else `store:` of the settings."""
        named = os.environ.get(STORE) or self.settings.get("store")
        return (self.root / str(named)).resolve() if named else None

    def shown(self, path: Path) -> str:
        """A path as messages show it: relative to the project where it lies inside."""
        return shown(path, self.root)


@dataclass(frozen=True)
class Dataset:
    """A folder below `datasets/` with its card."""

    name: str
    folder: Path
    document: Document
    project: Project

    @property
    def card(self) -> dict[str, Any]:
        """dataset.yaml as plain values."""
        return dict(self.document.data)

    @cached_property
    def codebook(self) -> Codebook:
        """The codebook that the card names; DatasetError where another version is at hand."""
        name, _, version = self.card["codebook"].partition("@")
        codebook = self.project.codebook(name)
        if not f"{codebook.version}.".startswith(f"{version}."):
            problem = self.document.problem(
                ("codebook",), f"{name}@{version} is wanted, {codebook.version} is here",
                f"write {codebook.reference}, or put codebook/{name} of that version into the project",
            )  # fmt: skip
            raise DatasetError(f"dataset {self.name} cannot be used", problems=[problem])
        return codebook

    @cached_property
    def coders(self) -> dict[str, Coder]:
        """The coders of the card, by id."""
        return {
            row["id"]: Coder(row["id"], row["kind"], row.get("version"), row.get("voter"))
            for row in self.card["coders"]
        }

    def coder(self, name: str) -> Coder:
        """A coder by id; CoderError for an unknown one."""
        if name not in self.coders:
            hint = f"add it to coders: of {self.project.shown(self.folder)}/dataset.yaml"
            raise CoderError(f"dataset {self.name} has no coder '{name}'", hint)
        return self.coders[name]

    def raw(self, file: str) -> Path:
        """A raw file in `raw/` or the private store, its hash verified; DatasetError says what is missing and how to get it."""
        origin = self.folder / "raw" / f"{file}.origin.yaml"
        card = read_yaml(origin, "origin", self.project.root).data if origin.is_file() else {}
        for path in self._places(file):
            if path.is_file():
                self._verify(path, card)
                return path
        looked = " and ".join(self.project.shown(path) for path in self._places(file))
        hint = str(card.get("how") or "put it there")
        raise RawMissingError(f"{file} is not at hand (looked for {looked})", hint=hint)

    def _places(self, file: str) -> list[Path]:
        store = self.project.store
        return [self.folder / "raw" / file, *([store / file, store / self.name / file] if store else [])]

    def _verify(self, path: Path, card: Mapping[str, Any]) -> None:
        if card and sha256(path.read_bytes()) != card["sha256"]:
            hint = f"get the file again; or if it was changed on purpose, correct sha256 in {path.name}.origin.yaml"
            raise DatasetError(
                f"{self.project.shown(path)} is not the file that its origin describes: its sha256 differs",
                hint,
            )


class RawMissingError(DatasetError):
    """A raw file that may not be passed on and is not here."""


def find(start: Path | None = None) -> Project:
    """The project that a folder (by default the working one) lies in; DatasetError where there is none."""
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / "datasets").is_dir() or (folder / SETTINGS).is_file():
            return Project(folder, _settings(folder))
    raise DatasetError(
        f"{here} is in no eventcode project",
        hint="run `eventcode init NAME`, or go to a folder that has datasets/",
    )


def _settings(folder: Path) -> Mapping[str, Any]:
    path = folder / SETTINGS
    return dict(read_yaml(path, "settings", folder).data or {}) if path.is_file() else {}


def read_yaml(path: Path, schema: str, root: Path) -> Document:
    """A YAML file of a known shape; DatasetError lists everything wrong with it."""
    name = shown(path, root)
    try:
        document = yamlfile.parse(path.read_bytes(), name)
    except yamlfile.YamlError as error:
        raise DatasetError(f"{name} cannot be read", problems=error.problems) from error
    except OSError as error:
        raise DatasetError(
            f"{name} cannot be read: {error.strerror}", hint="create it, or mend its permissions"
        ) from error
    refuse(DatasetError, f"{name} cannot be used", shape.check(document, schema))
    return document


def shown(path: Path, root: Path) -> str:
    """A path relative to `root` where it lies inside, else its name alone below `…/`."""
    try:
        return path.resolve().relative_to(root.resolve()).as_posix()
    except ValueError:
        return f"…/{path.name}"
