"""`eventcode diff`."""

from __future__ import annotations

from pathlib import Path

import click

from eventcode.cli import output


@click.command("diff")
@click.argument("old")
@click.argument("new")
@click.option(
    "--key",
    "keys",
    multiple=True,
    metavar="COLUMN",
    help="For files: the column that names a row; may be given again.",
)
@click.option(
    "--stamp", "stamps", multiple=True, metavar="COLUMN",
    help="For files: a column that changes whenever a row does, as a version or timestamp; may be given again.",
)  # fmt: skip
@click.option(
    "--format", "form", type=output.ROW_FORMATS, default="table", show_default=True,
    help="How the differences are written: csv gives every changed value a line.",
)  # fmt: skip
def command(old: str, new: str, keys: tuple[str, ...], stamps: tuple[str, ...], form: str) -> None:
    """Tell what changed from OLD to NEW: folders, NAME (the build) or NAME@VERSION (a release), or two editions of one file.

    Added, removed, changed by field, recoded, changed silently, and changes of the codebook.
    """
    from eventcode.release import diff_files, diff_text
    from eventcode.release.diff import diff

    if diff_files.is_file(old) and diff_files.is_file(new):
        found = diff_files.diff_files(Path(old), Path(new), keys, stamps)
    else:
        from eventcode.pipeline.folders import dataset_folder

        if keys or stamps:
            raise click.UsageError("--key and --stamp are for two files; a build or release knows its own")
        found = diff(dataset_folder(old), dataset_folder(new))
    writers = {"table": diff_text.as_text, "json": diff_text.as_json, "csv": diff_text.as_csv}
    click.echo(writers[form](found).rstrip("\n"))
