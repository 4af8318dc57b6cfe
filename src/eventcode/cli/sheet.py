"""`eventcode sheet`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from eventcode.cli import output


@click.group("sheet")
def command() -> None:
    """Workbooks for coders who live in spreadsheets."""


@command.command("out")
@click.argument("name")
@click.option("--coder", required=True, metavar="ID", help="Whose workbook it is.")
@click.option(
    "--documents",
    "keys",
    multiple=True,
    metavar="KEY",
    help="Only these documents (may be given again); by default all.",
)
@click.option(
    "--to", "path", type=click.Path(dir_okay=False, path_type=Path), help="The file; by default ID.xlsx."
)
def out(name: str, coder: str, keys: tuple[str, ...], path: Path | None) -> None:
    """Write a workbook generated from the codebook of dataset NAME, with the coder's readings so far."""
    from eventcode.pipeline.sheets import write_workbook
    from eventcode.project import find

    target = path or Path(f"{coder}.xlsx")
    count = write_workbook(find().dataset(name), coder, target, keys)
    click.echo(f"{target}: {output.count(count, 'document')} for {coder}")


@command.command("in")
@click.argument("name")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--coder", metavar="ID", help="Whose readings they are, where a CSV file does not say it.")
@click.option("--batch", metavar="BATCH", help="Name of the journal file; by default that of FILE.")
@click.option(
    "--texts",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of the documents' texts, for quotes.",
)
@click.option("--dry-run", is_flag=True, help="Check everything and write nothing.")
@click.option("--format", "form", type=output.FINDING_FORMATS, default="table", show_default=True)
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
@click.pass_context
def in_(ctx: click.Context, /, name: str, file: Path, form: str, strict: bool, **options: Any) -> None:
    """Read a workbook back into the dataset NAME, everything checked again, cell by cell."""
    from eventcode.cli.import_ import run

    run(ctx, name, file, form, strict, **options)
