"""A foreign file as a folder of our tables, or as the raw file of a dataset, from which `build` makes them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from eventcode.checks.progress import Say
from eventcode.checks.result import PER_RULE
from eventcode.codebook import views
from eventcode.errors import DatasetError
from eventcode.formats import files
from eventcode.formats.foreign import registry
from eventcode.formats.foreign.guess import draft
from eventcode.formats.hashes import file_hash
from eventcode.formats.parquet import SETTINGS
from eventcode.formats.tabular.opening import open_table
from eventcode.pipeline import foreign, judge
from eventcode.pipeline.asking import MAP, ORIGIN
from eventcode.pipeline.foreign import Mapped, Source, codebook_of
from eventcode.project import Dataset
from eventcode.tables import build
from eventcode.yamlfile import parse

__all__ = ["add_raw", "codebook_of", "guess", "import_foreign"]


def import_foreign(
    source: Source,
    to: Path,
    *,
    memory_limit: str | None = None,
    cap: int | None = PER_RULE,
    say: Say | None = None,
    dry_run: bool = False,
) -> Mapped:
    """Turn a foreign file into a folder of our tables with what was found in it, in one step and without a project.

    Values that the map has no place for are left out and told (`file.value`). DatasetError, and nothing written, where the file cannot
    be read, fits no layout, or `to` is a folder that holds something else. A dry run does all of it but leaves no folder.
    """
    if to.exists() and not (to / ORIGIN).is_file() and (not to.is_dir() or any(to.iterdir())):
        raise DatasetError(f"{to} is there and holds no import", "name a folder that is new or empty")
    done: list[Mapped] = []

    def make(folder: Path) -> None:
        made = foreign.mapped(source, folder, memory_limit=memory_limit, cap=cap, say=say)
        done.append(made)
        _write_rest(folder, source, made)

    if dry_run:
        with files.scratch() as aside:
            make(aside)
    else:
        files.put_folder(to, make)
    return done[0]


def _write_rest(folder: Path, source: Source, made: Mapped) -> None:
    import pyarrow.parquet as pq

    book = made.codebook
    rows: dict[str, list[dict[str, Any]]] = {
        "findings": judge.finding_rows(made.result.findings), "rule_counts": judge.count_rows(made.result.counts),
        "codes": views.codes(book), "fields": views.fields(book), "vocabularies": views.vocabularies(book),
    }  # fmt: skip
    for name, listed in rows.items():
        table = build(views.columns(book, name), listed).cast(views.schema(book, name))
        pq.write_table(table, folder / f"{name}.parquet", **SETTINGS)
    (folder / MAP).write_text(_map_text(source, made.layout), "utf-8")
    told = {
        "file": source.path.name, "sha256": _sha256(source.path), "format": source.form or "", "layout": made.layout,
        "codebook": book.reference, "codebook_digest": book.digest,
    }  # fmt: skip
    lines = [f"{key}: {_quoted(value)}" for key, value in told.items() if value]
    (folder / ORIGIN).write_text(
        "---\n# What these tables were made of, by the map beside this file.\n" + "\n".join(lines) + "\n",
        "utf-8",
    )


def _sha256(path: Path) -> str:
    return file_hash(path).removeprefix("sha256:")


def _quoted(text: str) -> str:
    import json

    return json.dumps(text, ensure_ascii=False)


def _map_text(source: Source, layout: str) -> str:
    """The map that a file fits, naming it: in place of the name that is there, or in a line of its own before everything else."""
    path = source.map or registry.format_of(str(source.form)).layouts[layout]
    text, own = path.read_text("utf-8"), f"file: {_quoted(source.path.name)}\n"
    lines = text.splitlines(keepends=True)
    if "file" in parse(text.encode(), MAP).data:
        return "".join(own if line.startswith("file:") else line for line in lines)
    at = next(i for i, line in enumerate(lines) if line[:1].isalpha())
    return "".join([*lines[:at], own, *lines[at:]])


@dataclass(frozen=True, slots=True)
class Added:
    """The files that came into a dataset, and what keeps one that may not be passed on out of git."""

    files: tuple[str, ...] = ()
    kept_out: str = ""


def add_raw(dataset: Dataset, source: Source, today: date, *, dry_run: bool = False) -> Added:
    """Copy a foreign file into a dataset with its origin and its map, so that `build` reads it.

    A file that may not be passed on goes into the private store, or is named in `raw/.gitignore` where there is none. DatasetError, and
    nothing written, where the file fits no layout, the dataset is of another codebook, or one of the files is there.
    """
    form = registry.format_of(source.form) if source.form is not None else None
    _of_codebook(dataset, source, form)
    fitting = foreign.fitting(source, dataset.codebook)
    raw = dataset.folder / "raw" / source.path.name
    origin = raw.with_name(f"{raw.name}.origin.yaml")
    target = dataset.folder / dataset.card.get("map", MAP)
    for path in (raw, origin, target):
        if path.exists():
            shown = dataset.project.shown(path)
            raise DatasetError(
                f"{shown} is there already",
                "a dataset has one map and its file: remove them, or make another dataset",
            )
    _coder(dataset, fitting.mapping.coder, source.path.name)
    if dry_run:
        return Added()
    told = {
        "file": raw.name, "producer": form.label if form else fitting.mapping.producer, "url": form.homepage if form else "",
        "accessed": today.isoformat(), "licence": form.licence if form else "see its origin", "sha256": _sha256(source.path),
        "how": f"get it from {form.homepage}" if form else "ask whoever gave it to you",
    }  # fmt: skip
    home = _place_of(dataset, form, raw)
    ignore = _ignored(raw) if form and form.private and home == raw else None
    content = "---\n" + "".join(f"{key}: {_quoted(value)}\n" for key, value in told.items() if value)
    files.write(home, lambda temporary: _copy(source.path, temporary))
    files.write(origin, content.encode())
    files.write(target, _map_text(source, fitting.layout).encode())
    made = tuple(dataset.project.shown(path) for path in (home, origin, target, ignore) if path)
    if ignore is None:
        return Added(made)
    why = f"{raw.name} may not be passed on, and {made[-1]} keeps it out of git"
    return Added(made, f"{why}; docs/private-files.md tells of a store outside the project")


def _ignored(raw: Path) -> Path:
    """Name a file in the `.gitignore` beside it."""
    ignore = raw.with_name(".gitignore")
    held = ignore.read_text("utf-8").splitlines() if ignore.is_file() else ["# may not be passed on"]
    line = "/" + re.sub(r"([*?![\\])", r"\\\1", raw.name)
    files.write(ignore, "".join(f"{text}\n" for text in dict.fromkeys([*held, line])).encode())
    return ignore


def _of_codebook(dataset: Dataset, source: Source, form: registry.Format | None) -> None:
    """Refuse a file of a format that comes under another codebook than the dataset."""
    if form is None or source.map is not None or dataset.codebook.id == form.codebook:
        return
    hint = f"make a dataset of it: eventcode new dataset NAME --codebook {form.codebook}; docs/importing.md shows its card"
    problem = dataset.document.problem(
        ("codebook",), f"{form.label} come under {form.codebook}, and this dataset is of {dataset.codebook.id}", hint
    )  # fmt: skip
    raise DatasetError(f"{source.path.name} was not imported", problems=[problem])


def _coder(dataset: Dataset, coder: str, file: str) -> None:
    """Refuse a card that does not have the coder of a map as an imported one."""
    line = f"{{id: {coder}, kind: imported}}"
    ids = [row["id"] for row in dataset.card["coders"]]
    if coder not in ids:
        problem = dataset.document.problem(
            ("coders",), f"the map's coder is '{coder}'", f"add to coders: {line}"
        )
    elif dataset.coders[coder].kind != "imported":
        told = f"'{coder}', the coder of the map, is of kind '{dataset.coders[coder].kind}'"
        path = ("coders", ids.index(coder), "kind")
        problem = dataset.document.problem(path, told, f"write it so: {line}")
    else:
        return
    raise DatasetError(f"{file} was not imported", problems=[problem])


def _place_of(dataset: Dataset, form: registry.Format | None, raw: Path) -> Path:
    """Where the file goes: into the private store, if there is one and the file may not be passed on."""
    store = dataset.project.store
    return store / dataset.name / raw.name if form and form.private and store else raw


def _copy(source: Path, target: Path) -> None:
    import shutil

    shutil.copyfile(source, target)


def guess(source: Source) -> str:
    """A draft of a map for a file, to be decided column by column."""
    table = open_table(source.path, source.reading)
    known = foreign.looks_like(source.path)
    return draft(table, source.reading, codebook_of(source), known.name if known else "")
