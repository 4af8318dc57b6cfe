"""`eventcode codebook export`."""

from __future__ import annotations

from pathlib import Path

import click

FORMS = ("xlsx", "parquet", "csv", "skos", "ddi")


@click.command("export")
@click.argument("name", required=False)
@click.option(
    "--to",
    "form",
    type=click.Choice(FORMS),
    required=True,
    help="A workbook to edit, tables, SKOS in Turtle, or DDI Codebook 2.5.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="Where to; for tables a folder. Left out, it is named after the codebook.",
)
@click.option(
    "--base",
    default="",
    metavar="URI",
    help="What the addresses in SKOS begin with.  [default: urn:eventcode:codebook:]",
)
@click.option(
    "--language",
    default="en",
    show_default=True,
    metavar="TAG",
    help="The language of the texts, as SKOS names it.",
)
@click.option("--replace", "replace_it", is_flag=True, help="Replace what is there.")
def export(name: str | None, form: str, out: Path | None, base: str, language: str, replace_it: bool) -> None:
    """Write the codebook NAME as a workbook, as tables, or in a form that other programs read.

    The workbook holds all of the codebook's own content: `eventcode codebook import` turns it back into the same codebook.
    """
    from eventcode.cli import output
    from eventcode.pipeline import codebook_export, codebooks

    book = codebooks.open_codebook(name)
    target = out or Path(codebook_export.FORMS[form].format(id=book.id))
    output.progress(f"writing {target}")
    made = codebook_export.export(book, form, target, base=base, language=language, replace_it=replace_it)
    click.echo(f"{target}" + (f": {', '.join(made)}" if len(made) > 1 else ""))
