"""`eventcode sheet`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from eventcode.cli import output
from eventcode.cli.import_ import run, taking_readings


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
@taking_readings
@click.option("--coder", metavar="ID", help="Whose readings they are, where a CSV file does not say it.")
@click.pass_context
def in_(ctx: click.Context, /, name: str, file: Path, form: str, strict: bool, **options: Any) -> None:
    """Read a workbook back into the dataset NAME, everything checked again, cell by cell."""
    run(ctx, name, file, form, strict, **options)
