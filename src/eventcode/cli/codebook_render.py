"""`eventcode codebook render`."""

from __future__ import annotations

from pathlib import Path

import click

from eventcode.cli import output


@click.command("render")
@click.argument("name", required=False)
@click.option(
    "--to",
    "to",
    type=click.Choice(["html", "md", "pdf"]),
    default="html",
    show_default=True,
    help="A site, one Markdown page, or a PDF.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="The folder (html) or file; build/codebooks/NAME by default.",
)
@click.option(
    "--dataset",
    metavar="NAME",
    help="Show how often codes and values were observed in this build, or release NAME@VERSION.",
)
def command(name: str | None, to: str, out: Path | None, dataset: str | None) -> None:
    """Render the codebook NAME as documentation to read, print, mail and cite.

    The site needs no server and no network: open its index.html. A folder or file that eventcode did not write is never overwritten.
    """
    from eventcode.pipeline.render import render

    output.progress("rendering")
    path = render(name, to, out, dataset)
    click.echo(path / "index.html" if to == "html" else path)
