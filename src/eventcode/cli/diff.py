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
    from eventcode.pipeline.folders import folder_of
    from eventcode.project import find
    from eventcode.release import diff_text
    from eventcode.release.diff import diff

    project = find()
    found = diff(folder_of(project, old), folder_of(project, new))
    writers = {"table": diff_text.as_text, "json": diff_text.as_json, "csv": diff_text.as_csv}
    click.echo(writers[form](found).rstrip("\n"))
