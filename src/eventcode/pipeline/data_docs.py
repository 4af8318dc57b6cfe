"""Data Docs of a build, on request: pages of great_expectations beside the build, in no manifest."""

from __future__ import annotations

from pathlib import Path

from eventcode.checks import data_docs
from eventcode.errors import DatasetError
from eventcode.formats import files, parquet
from eventcode.model import RuleCount
from eventcode.pipeline.build import Built
from eventcode.project import Dataset

OWN = {"index.html", "expectations", "validations", "static"}


def write_data_docs(dataset: Dataset, built: Built, folder: Path) -> Path:
    """Write the pages into `folder`, whole or not at all; returns the first page. DatasetError where something else lies there."""
    folder = folder.absolute()
    if folder.exists() and not _ours(folder):
        raise DatasetError(f"{folder} holds something other than Data Docs", "name a folder of its own")
    tables = parquet.read_folder(built.folder)
    counts = [RuleCount(**row) for row in tables["rule_counts"].to_pylist()]

    def make(new: Path) -> None:
        data_docs.data_docs(new, tables, counts, dataset.card, dataset.codebook, name=dataset.name)

    files.put_folder(folder, make)
    return folder / "index.html"


def _ours(folder: Path) -> bool:
    """Whether a folder is empty or holds what an earlier call wrote."""
    if not folder.is_dir() or folder == Path.cwd() or folder in Path.cwd().parents:
        return False
    names = {entry.name for entry in folder.iterdir() if not files.is_clutter(entry)}
    return not names or ("index.html" in names and names <= OWN)
