"""`eventcode codebook import` and `eventcode codebook new`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from eventcode.pipeline.authoring import Made

INTO = "Where codebooks lie.  [default: codebook/ of the project, or of this folder]"


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--name",
    default="",
    metavar="NAME",
    help="The name of the codebook; it may stand on the sheet codebook instead.",
)
@click.option("--into", type=click.Path(path_type=Path), metavar="FOLDER", help=INTO)
@click.option(
    "--act", type=click.Choice(["word", "deed", "mixed", "none"]), help="What codes are that do not say it."
)
@click.option(
    "--realis",
    default="",
    metavar="VALUES",
    help="What codes may carry that do not say it, with commas between.",
)
@click.option(
    "--ignore", multiple=True, metavar="COLUMN", help="Leave out a column or sheet; may be given again."
)
@click.option(
    "--map",
    "renamed",
    multiple=True,
    metavar="THEIRS=OURS",
    help="A column has another name: score=intensity; may be given again.",
)
@click.option(
    "--codes", default="", metavar="LIST", help="Of a form: the list of choices that are the event types."
)
@click.option(
    "--language",
    default="",
    metavar="NAME",
    help="Of a form: the language of label::NAME.  [default: its own]",
)
@click.option(
    "--replace",
    "replace_it",
    is_flag=True,
    help="Replace the codebook of that name; whatever is no page of a codebook stays.",
)
@click.option(
    "--drop",
    is_flag=True,
    help="With --replace: go on where examples or migrations go, or the version falls.",
)
def import_(
    file: Path, name: str, into: Path | None, act: str | None, realis: str, ignore: tuple[str, ...],
    renamed: tuple[str, ...], codes: str, language: str, replace_it: bool, drop: bool,
) -> None:  # fmt: skip
    """Make a codebook of FILE: a workbook, a form in XLSForm, or a list of codes (CSV).

    A workbook needs a sheet codes with the columns code and label; see `eventcode codebook export NAME --to xlsx` for all there may be.
    Everything that was chosen because nothing was said is listed, and stands in TODO.md of the new folder. Whatever is wrong is listed with
    sheet and cell, and nothing is written then. A CSV list is taken as it is: `eventcode codebook check` says what is wrong with it.
    """
    from eventcode.codebook.sheet.complete import Wishes
    from eventcode.codebook.sheet.records import Reading
    from eventcode.pipeline import authoring

    wishes = Wishes(name, "", act or "", tuple(part.strip() for part in realis.split(",") if part.strip()))
    how = Reading(ignore, dict(_pair(one) for one in renamed))
    target = into or _into()
    if authoring.is_form(file):
        made = authoring.import_form(
            file, target, wishes, how, codes=codes, language=language, replace_it=replace_it, drop=drop
        )
    elif codes or language:
        raise click.UsageError("--codes and --language are for forms, and this file has no sheet survey")
    else:
        made = authoring.import_workbook(file, target, wishes, how, replace_it=replace_it, drop=drop)
    _told(made)


def _pair(text: str) -> tuple[str, str]:
    theirs, equals, ours = text.partition("=")
    if not equals or not theirs.strip() or not ours.strip():
        raise click.UsageError(f"'{text}' is not THEIRS=OURS")
    return theirs.strip(), ours.strip()


def _told(made: Made) -> None:
    """What was written, and every default."""
    from eventcode.cli import output
    from eventcode.codebook.sheet import told

    click.echo(f"{made.folder}: {output.count(len(made.files), 'file')}")
    for line in told.lines(made.chosen):
        click.echo(f"  {line}")
    if not made.loads:
        output.note("it does not load yet: the check says why")
    click.echo(f"→ eventcode codebook check {_name(made)}")


def _name(made: Made) -> str:
    """How the commands name the new codebook: by its name where they find it, else by its path."""
    from eventcode.pipeline import codebooks

    known = made.folder.parent.resolve() in {folder.resolve() for folder in codebooks.folders()}
    return made.folder.name if known else str(made.folder)


def _into() -> Path:
    from eventcode.pipeline import codebooks

    folders = codebooks.folders()
    return folders[0] if folders else Path("codebook")


@click.command("new")
@click.argument("name")
@click.option(
    "--like",
    metavar="CODEBOOK",
    help="Build on this codebook: whatever the new one does not say is as it is there.",
)
@click.option("--copy", is_flag=True, help="With --like: copy it whole instead.")
@click.option("--into", type=click.Path(path_type=Path), metavar="FOLDER", help=INTO)
def new(name: str, like: str | None, copy: bool, into: Path | None) -> None:
    """Lay out a codebook NAME of your own: a small one that passes the check, with a comment on everything."""
    from eventcode.pipeline import new_codebook

    made = new_codebook.new(name, into or _into(), like, copy=copy)
    for file in made.files:
        click.echo(f"  {made.folder}/{file}")
    click.echo(f"→ eventcode codebook check {_name(made)}")


COMMANDS = (import_, new)
