"""Codebooks in and out: the folder as a workbook, tables, SKOS or DDI; a workbook, a list of codes or a form as a folder."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

from eventcode.codebook import emit
from eventcode.codebook.draft import Draft, gather
from eventcode.codebook.load import load
from eventcode.codebook.sheet import back, told
from eventcode.codebook.sheet.back import Back
from eventcode.codebook.sheet.cells import Grid
from eventcode.codebook.sheet.complete import Wishes
from eventcode.codebook.sheet.layout import ID, SHEETS
from eventcode.codebook.sheet.records import Reading
from eventcode.codebook.sheet.told import Chosen
from eventcode.errors import CodebookError, EventcodeError, Problem, refuse
from eventcode.formats import files
from eventcode.model import Codebook
from eventcode.pipeline import codebooks, losses
from eventcode.yamlfile import parse

TABLES = (".csv", ".tsv", ".txt")
REPORT = "TODO.md"
READ = ("codebook.yaml", "fields.yaml", "rules.yaml", "guidance.yaml", "dates.yaml")
FOLDERS = {
    "events": (".yaml",),
    "examples": (".yaml",),
    "migrations": (".yaml",),
    "crosswalks": (".csv",),
    "vocabularies": (".yaml", ".csv"),
}


@dataclass(frozen=True, slots=True)
class Made:
    """A codebook folder that was written, its files, and the defaults that were taken."""

    folder: Path
    files: tuple[str, ...]
    chosen: tuple[Chosen, ...] = ()
    loads: bool = True


def draft_of(codebook: Codebook) -> Draft:
    """The own content of a loaded codebook, from its folder."""
    return gather({name: path.read_bytes() for name, path in _pages(Path(codebook.folder))})


def _draft_at(folder: Path) -> Draft:
    """What a codebook folder holds; of one that cannot be read, nothing."""
    try:
        return gather({name: path.read_bytes() for name, path in _pages(folder)})
    except (OSError, EventcodeError):
        return Draft()


def _pages(folder: Path) -> Iterable[tuple[str, Path]]:
    for name in READ:
        if (folder / name).is_file():
            yield name, folder / name
    for below, endings in FOLDERS.items():
        for path in sorted((folder / below).glob("*")):
            if path.suffix in endings and path.is_file():
                yield f"{below}/{path.name}", path


def write_workbook(codebook: Codebook, path: Path) -> None:
    """Write the workbook of a codebook; DatasetError where the file cannot be written, CodebookError where a text fits no cell."""
    from eventcode.pipeline.codebook_workbook import workbook

    modules = {name: vocabulary.values for name, vocabulary in codebook.vocabularies.items()}
    book = workbook(draft_of(codebook), f"{codebook.title} ({codebook.reference})", modules=modules)
    files.write(path, lambda temporary: book.save(temporary))


# ── in ────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def import_workbook(
    path: Path, into: Path, wishes: Wishes, how: Reading, *, replace_it: bool = False, drop: bool = False
) -> Made:
    """A workbook, a folder of CSV files or one CSV list of codes as a codebook folder below `into`.

    CodebookError with every problem and its cell, and nothing written, where something is wrong.
    """
    grids = _grids(path)
    how = replace(how, raw=path.suffix.lower() in TABLES)
    found = back.read(grids, wishes, how, opened)
    return finish(found, path, into, replace_it=replace_it, drop=drop, lenient=how.raw)


def opened(reference: str) -> Codebook:
    """A codebook by reference, `sourcing@1`; CodebookError where another version is at hand."""
    name, _, version = reference.partition("@")
    codebook = load(name, codebooks.folders())
    if not f"{codebook.version}.".startswith(f"{version}."):
        raise CodebookError(
            f"{reference} is wanted, {codebook.version} is here", f"write {name}@{codebook.version}"
        )
    return codebook


def _grids(path: Path) -> Mapping[str, Grid]:
    from eventcode.coding import sheet_grid

    headers = {sheet.name: {*sheet.known, *(o for c in sheet.columns for o in c.also)} for sheet in SHEETS}
    book = sheet_grid.read(path, headers)
    refuse(CodebookError, f"{path.name} cannot be read", book.problems)
    if path.is_file() and path.suffix.lower() in TABLES:
        only = next(iter(book.grids.values()))
        only.name = "codes"
        return {"codes": only}
    return dict(book.grids)


def finish(
    found: Back,
    source: Path,
    into: Path,
    *,
    replace_it: bool = False,
    drop: bool = False,
    lenient: bool = False,
) -> Made:
    """Write the folder of a draft, whole or not at all; it must load, unless `lenient` leaves that to the linter.

    Of a codebook that it replaces, examples, migrations and a higher version go only with leave to `drop` them.
    """
    refuse(CodebookError, f"{source.name} makes no codebook yet", found.problems, "nothing was written")
    name = found.draft.card["id"]
    check_name(name)
    content = emit.files(found.draft)
    if found.chosen:
        content[REPORT] = told.page(found.draft.card["title"], source.name, found.chosen)
    folder = into / name
    _check_place(folder, replace_it=replace_it)
    if folder.exists() and not drop:
        losses.check(_draft_at(folder), found.draft)
    loads = put(folder, content, lenient=lenient, what=source.name)
    return Made(folder, tuple(sorted(content)), tuple(found.chosen), loads)


def _check_place(folder: Path, *, replace_it: bool) -> None:
    """CodebookError for a place that is taken: by anything but the codebook of that name, or without leave to replace it."""
    if not folder.exists():
        return
    if not replace_it:
        raise CodebookError(
            f"there is a codebook '{folder.name}' already",
            "choose another name with --name, or replace it with --replace",
        )
    if _id(folder) != folder.name:
        raise CodebookError(
            f"{folder} is not the codebook '{folder.name}', and nothing else is replaced",
            "choose another name with --name, or move it away",
        )


def _id(folder: Path) -> str | None:
    """The id on the card of a codebook folder; None where there is none to be read."""
    path = folder / "codebook.yaml"
    try:
        card = parse(path.read_bytes(), path.name).data
    except (OSError, EventcodeError):
        return None
    return str(card.get("id")) if isinstance(card, dict) else None


def check_name(name: str) -> None:
    """CodebookError for what is no name of a codebook."""
    import re

    if not re.fullmatch(ID, name):
        raise CodebookError(
            f"'{name}' is no name for a codebook", "use small letters, digits, - and _, a letter first"
        )


def put(folder: Path, content: Mapping[str, str], *, lenient: bool = False, what: str = "it") -> bool:
    """Put a codebook folder in place in one step, after it was loaded. Of a folder that it replaces, all that is no page of a codebook is
    kept as it is, and an older report under another name.

    Returns whether it loads, which it need not with `lenient`. DatasetError, and nothing written, for a name that leads out of the folder.
    """
    loads = []

    def make(new: Path) -> None:
        files.fill(new, {name: text.encode() for name, text in content.items()})
        if folder.is_dir():
            _keep(folder, new)
        loads.append(_loads(new, lenient, what))

    files.put_folder(folder, make)
    return loads[0]


def _keep(old: Path, new: Path) -> None:
    """What the codebook `new` takes over from the one it replaces."""
    files.keep(old, new, {name for name, _ in _pages(old)})
    report = old / REPORT
    if report.is_file() and report.read_bytes() != (new / REPORT).read_bytes():
        kept = (new / f"{Path(REPORT).stem}-{number}.md" for number in count(1))
        next(path for path in kept if not path.exists()).write_bytes(report.read_bytes())


def _loads(folder: Path, lenient: bool, what: str) -> bool:
    try:
        load(folder.resolve(), codebooks.folders())
    except CodebookError as error:
        if lenient:
            return False
        problems = [
            Problem(p.message, p.hint, p.file.rpartition(f"{folder.name}/")[2], p.line, p.path)
            for p in error.problems
        ]
        raise CodebookError(
            f"the codebook made of {what} does not load: {error.message}", error.hint, problems=problems
        ) from error
    return True


def import_form(
    path: Path,
    into: Path,
    wishes: Wishes,
    how: Reading,
    *,
    codes: str,
    language: str,
    replace_it: bool = False,
    drop: bool = False,
) -> Made:
    """A form in XLSForm as a codebook folder below `into`; as `import_workbook` otherwise."""
    from eventcode.codebook.xlsform.survey import read

    found = read(_grids(path), wishes, codes, language, replace(how, form=True), opened)
    return finish(found, path, into, replace_it=replace_it, drop=drop)


def is_form(path: Path) -> bool:
    """Whether a workbook is a form: it has a sheet `survey`."""
    from eventcode.coding import sheet_grid

    if path.suffix.lower() in TABLES or path.is_dir():
        return False
    book = sheet_grid.read(path, {})
    return "survey" in book.grids and "codes" not in book.grids
