"""`eventcode sources`."""

from __future__ import annotations

import click


@click.command("sources")
@click.argument("record")
@click.option(
    "--dataset",
    "name",
    metavar="NAME",
    help="The dataset; by default that of RECORD's first part, or the only one.",
)
def command(record: str, name: str | None) -> None:
    """Explain who told RECORD, which of them are one origin, and why.

    RECORD is an event id, a report (document/key) or a coding (document/coder/key) of a built dataset.
    """
    from eventcode.pipeline.explain import explain_record
    from eventcode.project import find

    click.echo(explain_record(find(), record, name))
