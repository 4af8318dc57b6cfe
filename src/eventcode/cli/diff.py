"""`eventcode diff`."""

from __future__ import annotations

import click

from eventcode.cli import output


@click.command("diff")
@click.argument("old")
@click.argument("new")
@click.option("--format", "form", type=output.ROW_FORMATS, default="table", show_default=True)
def command(old: str, new: str, form: str) -> None:
    """Tell what changed from OLD to NEW: folders, NAME (the build) or NAME@VERSION (a release).

    Added, removed, changed by field, recoded, and changes of the codebook.
    """
    from eventcode.pipeline.explain import folder_of
    from eventcode.project import find
    from eventcode.release.diff import diff, render

    project = find()
    found = diff(folder_of(project, old), folder_of(project, new))
    if form == "table":
        click.echo(render(found))
    else:
        output.rows(found.rows, form, ("table", "key", "change", "field", "before", "after"))
