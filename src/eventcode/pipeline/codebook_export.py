"""A codebook as data for other programs: tables, SKOS, DDI."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from eventcode.codebook import data
from eventcode.codebook.emit import table as csv_text
from eventcode.codebook.views import Rows
from eventcode.errors import DatasetError
from eventcode.formats import files
from eventcode.model import Codebook
from eventcode.pipeline import authoring


def export(
    codebook: Codebook,
    form: str,
    path: Path,
    *,
    base: str = "",
    language: str = "en",
    replace_it: bool = False,
) -> list[str]:
    """Write a codebook in a form of `FORMS`, whole or not at all; returns the names of the files.

    DatasetError where the target is there already (unless `replace_it`) or cannot be written.
    """
    if path.is_dir() and form not in ("parquet", "csv"):
        raise DatasetError(
            f"{path} is a folder, and a file is to be written", "give the file's name with --out"
        )
    if path.exists() and not replace_it:
        raise DatasetError(
            f"{path} is there already", "choose another name with --out, or replace it with --replace"
        )
    if form in ("parquet", "csv"):
        return _tables(codebook, form, path)
    _FORMS[form](codebook, path, base, language)
    return [path.name]


def _tables(codebook: Codebook, form: str, path: Path) -> list[str]:
    """A folder of tables, put in place in one step. An existing folder must be one that an export made: nothing else is replaced."""
    target = path.absolute()
    if target == Path.cwd() or target in Path.cwd().parents:
        raise DatasetError(
            f"{path} is the working folder or above it, and the tables are a folder of their own",
            "name one with --out",
        )
    if path.exists() and not _exported(path, form):
        raise DatasetError(f"{path} holds something other than an export", "choose another name with --out")
    tables = data.tables(codebook)

    def write(new: Path) -> None:
        for name, rows in tables.items():
            _write(new / f"{name}.{form}", form, name, rows, codebook)

    files.put_folder(path, write)
    return [f"{name}.{form}" for name in tables]


def _exported(folder: Path, form: str) -> bool:
    """Whether a folder holds tables of this form and nothing else."""
    known = {f"{name}.{form}" for name in data.KEYS}
    return folder.is_dir() and all(
        files.is_clutter(entry) or (entry.name in known and entry.is_file() and not entry.is_symlink())
        for entry in folder.iterdir()
    )


def _write(path: Path, form: str, name: str, rows: Rows, codebook: Codebook) -> None:
    if form == "csv":
        files.write(path, csv_text([*rows[0]], rows).encode())
        return
    from eventcode.formats import parquet

    parquet.write(
        path,
        data.arrow(rows),
        data.KEYS[name],
        metadata={"codebook": codebook.reference, "codebook_digest": codebook.digest},
    )


def _skos(codebook: Codebook, path: Path, base: str, language: str) -> None:
    from eventcode.codebook import skos

    files.write(path, skos.turtle(codebook, base or skos.BASE, language).encode())


def _ddi(codebook: Codebook, path: Path, base: str, language: str) -> None:
    from eventcode.codebook import ddi

    files.write(path, ddi.xml(codebook))


def _xlsx(codebook: Codebook, path: Path, base: str, language: str) -> None:
    authoring.write_workbook(codebook, path)


_FORMS: dict[str, Callable[[Codebook, Path, str, str], None]] = {"skos": _skos, "ddi": _ddi, "xlsx": _xlsx}
# form → what the file is called where no name is given; the tables are a folder
FORMS = {
    "parquet": "{id}-parquet",
    "csv": "{id}-csv",
    "skos": "{id}.ttl",
    "ddi": "{id}.xml",
    "xlsx": "{id}.xlsx",
}
