"""A build or a release in the form of another producer or program: a file, and beside it what was lost on the way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eventcode import yamlfile
from eventcode.codebook.load import load as load_codebook
from eventcode.errors import DatasetError
from eventcode.formats import files, parquet
from eventcode.formats.export import acled, losses, plover, records, spss, stata, ucdp
from eventcode.formats.export.losses import Loss, Losses
from eventcode.model import Codebook
from eventcode.pipeline import codebooks, crossing, export_folders
from eventcode.pipeline.folders import dataset_folder
from eventcode.release import manifest
from eventcode.shape import did_you_mean

if TYPE_CHECKING:
    import pyarrow as pa

FORMS = {
    "acled": "{name}-acled.csv", "ucdp": "{name}-ucdp.csv", "plover": "{name}-plover.json", "stata": "{name}-{table}.dta",
    "spss": "{name}-{table}.sav", "csv": "{name}-csv", "expectations": "{name}-expectations",
}  # fmt: skip
PRODUCERS: Mapping[str, Any] = {"acled": acled, "ucdp": ucdp, "plover": plover}
PACKAGES: Mapping[str, Callable[..., None]] = {"stata": stata.write, "spss": spss.write}
FOLDERS = {"csv": export_folders.csv, "expectations": export_folders.expectations}
OF_FILES = (".csv", ".dta", ".gz", ".json", ".jsonl", ".parquet", ".sav", ".tsv", ".txt", ".xlsx", ".zip")


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export wrote, how many rows of which table went in, and what was lost."""

    path: Path
    rows: int
    losses: tuple[Loss, ...]
    losses_path: Path | None


@dataclass(frozen=True, slots=True)
class Source:
    """The folder of a build or release, with what it says of itself; `same` where its codebook is the very one of its tables."""

    folder: Path
    name: str
    title: str
    codebook: Codebook
    same: bool

    @property
    def main(self) -> str:
        """The table that a file is of where none is named: the events; an import has codings alone."""
        return "codings" if (self.folder / export_folders.IMPORT).is_file() else "events"

    def table(self, name: str) -> pa.Table:
        """A table; DatasetError names those that there are."""
        path = self.folder / f"{name}.parquet"
        if not path.is_file():
            there = sorted(path.stem for path in self.folder.glob("*.parquet"))
            raise DatasetError(f"there is no table '{name}' in {self.name}", did_you_mean(name, there))
        return parquet.read(path)

    def tables(self, names: Sequence[str]) -> dict[str, pa.Table]:
        """Those of some tables that are there."""
        return {name: self.table(name) for name in names if (self.folder / f"{name}.parquet").is_file()}


def export(
    name: str | Path,
    form: str,
    out: Path | None = None,
    *,
    table: str | None = None,
    replace_it: bool = False,
    codebook: Codebook | None = None,
) -> Exported:
    """Write a dataset (NAME, NAME@VERSION, or the folder of a build or release) in a form of `FORMS`, whole or not at all.

    `table` chooses what goes into a Stata or SPSS file (if it is not given: the events, or the codings of an import), or the one table of
    a CSV folder. DatasetError where there is no such dataset, form or table, or the target is there; CodebookError where no crosswalk
    leads to the form's codebook.
    """
    if form not in FORMS:
        raise DatasetError(f"there is no form '{form}'", did_you_mean(form, [*FORMS]))
    if table is not None and (form in PRODUCERS or form == "expectations"):
        raise DatasetError(f"--table says nothing for {form}", "it is always about the whole dataset")
    source = source_of(name, codebook)
    if form in PACKAGES:
        table = table or source.main
    path = out or Path(FORMS[form].format(name=source.name, table=table))
    _ending(path, form)
    lost = Losses()
    if not source.same:
        lost.tell(
            "codebook",
            "labels and numbers are those of the codebook in the folder, which differs from that of the tables",
        )
    if form in FOLDERS:
        rows = FOLDERS[form](source.folder, path, source.codebook, table, lost, replace_it)
    else:
        _free(path, replace_it)
        rows = _file(source, form, path, table or source.main, lost)
    return Exported(path, rows, lost.found, _told(path, lost.found))


def source_of(name: str | Path, codebook: Codebook | None = None) -> Source:
    """The build, release or import that is meant, with the codebook that its tables were made under (the copy in its folder)."""
    folder = dataset_folder(name)
    about = _imported(folder) if (folder / export_folders.IMPORT).is_file() else manifest.read(folder)
    made = about["codebook"]
    book = codebook or load_codebook(made["id"], [folder / "codebook", *codebooks.folders()])
    version = about.get("release", {}).get("version")
    label = f"{about['dataset']}-{version}" if version else str(about["dataset"])
    return Source(
        folder, label, f"{about['dataset']} {version or ''}".strip(), book, book.digest == made["digest"]
    )


def _imported(folder: Path) -> dict[str, Any]:
    """What a folder that `eventcode import --to` wrote says of itself, as a manifest would."""
    told = yamlfile.read(folder / export_folders.IMPORT).data
    made, _, version = str(told["codebook"]).partition("@")
    digest = told.get("codebook_digest")
    return {"dataset": folder.name, "codebook": {"id": made, "version": version, "digest": digest}}


def _ending(path: Path, form: str) -> None:
    """Refuse a name that says of the file what it is not. A name without an ending says nothing."""
    right, given = Path(FORMS[form]).suffix, path.suffix.lower()
    if given in OF_FILES and given != right:
        wanted = path.with_suffix(right)
        hint = f"-o {wanted}" if right else f"a folder is written: -o {wanted}"
        raise DatasetError(f"{path} has the ending of something else than {form}", hint)


def _free(path: Path, replace_it: bool) -> None:
    if path.is_dir():
        raise DatasetError(f"{path} is a folder, and a file is to be written", "give the file's name with -o")
    if path.exists() and not replace_it:
        raise DatasetError(
            f"{path} is there already", "choose another name with -o, or replace it with --replace"
        )


def _file(source: Source, form: str, path: Path, table: str, lost: Losses) -> int:
    if form in PACKAGES:
        data = source.table(table)
        write = PACKAGES[form]
        files.write(path, lambda new: write(new, data, table, source.codebook, source.title, lost))
        return int(data.num_rows)
    producer = PRODUCERS[form]
    target = codebooks.open_codebook(producer.TARGET)
    own = source.codebook.id == target.id or (source.codebook.extends or "").partition("@")[0] == target.id
    walk = None if own else crossing.between_books(source.codebook, target)
    tables = records.with_events(source.tables(records.NEEDED))
    content, rows = producer.write(tables, source.codebook, target, walk, lost)
    files.write(path, content)
    return int(rows)


def _told(path: Path, found: tuple[Loss, ...]) -> Path | None:
    """The losses in a file beside the export; where there are none, that of an earlier export goes. Only of a `.csv` is the ending left
    out: `camps.dta` and `camps.sav` may lie in one folder."""
    beside = path.with_name(f"{path.stem if path.suffix == '.csv' else path.name}.losses.csv")
    if found:
        files.write(beside, losses.table(found))
        return beside
    if beside.is_file() and beside.read_bytes().startswith(losses.table(())):
        beside.unlink()
    return None
