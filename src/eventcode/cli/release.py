"""`eventcode release`."""

from __future__ import annotations

import click

from eventcode.cli import output


@click.command("release")
@click.argument("name")
@click.argument("version")
def command(name: str, version: str) -> None:
    """Publish dataset NAME as VERSION (MAJOR.MINOR): an immutable folder releases/NAME/VERSION.

    Refuses errors that are not waived, a failed gate, a version that exists, text that would leak and withheld names; then prints what a
    person must still look at.
    """
    from eventcode.pipeline.publishing import release_dataset
    from eventcode.project import find

    project = find()
    done = release_dataset(project.dataset(name), version, say=output.progress)
    click.echo(f"{name} {version}: {project.shown(done.folder)}")
    for item in done.checklist:
        mark = (
            click.style("✓", fg="green") if item.status == "ok" else click.style("?", fg="yellow", bold=True)
        )
        click.echo(f"{mark} {click.style(item.title, bold=True)}\n{output.wrap(item.text, '    ')}")
    if any(item.status != "ok" for item in done.checklist):
        click.echo("Look at every line with a question mark before you announce the release.")
