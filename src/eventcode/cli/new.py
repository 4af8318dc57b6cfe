"""`eventcode new`."""

from __future__ import annotations

from datetime import date

import click


@click.group("new")
def command() -> None:
    """Add to a project."""


@command.command("dataset")
@click.argument("name")
@click.option(
    "--codebook",
    default="disarmament",
    show_default=True,
    metavar="NAME",
    help="The codebook that it is coded under.",
)
@click.option(
    "--coder",
    "coders",
    multiple=True,
    default=("coder-1",),
    metavar="ID",
    help="A person who codes; may be given again.",
)
def dataset(name: str, codebook: str, coders: tuple[str, ...]) -> None:
    """Lay out datasets/NAME: card, documents, and where readings go."""
    from eventcode.pipeline.scaffold import new_dataset
    from eventcode.project import find

    for made in new_dataset(find(), name, codebook, coders, date.today()):
        click.echo(f"  datasets/{name}/{made}")
    click.echo(
        f"→ describe your documents in datasets/{name}/documents.yaml, then: eventcode sheet out {name} --coder {coders[0]}"
    )
