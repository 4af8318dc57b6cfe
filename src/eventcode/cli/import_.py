"""`eventcode import`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from eventcode.cli import output

OPTIONS = (
    click.option("--batch", metavar="BATCH", help="Name of the journal file; by default that of FILE."),
    click.option(
        "--texts",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        help="Folder of the documents' texts, for quotes.",
    ),
    click.option("--dry-run", is_flag=True, help="Check everything and write nothing."),
    click.option("--format", "form", type=output.FINDING_FORMATS, default="table", show_default=True),
    click.option("--strict", is_flag=True, help="Warnings count as errors."),
)


def taking_readings(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command the arguments and options of every import."""
    for option in reversed(OPTIONS):
        function = option(function)
    function = click.argument("file", type=click.Path(path_type=Path))(function)
    return click.argument("name")(function)


@click.command("import")
@taking_readings
@click.pass_context
def command(ctx: click.Context, /, name: str, file: Path, form: str, strict: bool, **options: Any) -> None:
    """Add the readings of FILE (JSONL or a coder's workbook) to the dataset NAME.

    Bad shape refuses the whole file, with every problem and its place, and writes nothing. Readings that break a rule are imported and
    reported (exit code 1): correct them with a next revision.
    """
    run(ctx, name, file, form, strict, **options)


def run(ctx: click.Context, name: str, file: Path, form: str, strict: bool, **options: Any) -> None:
    """Import a file, print the findings, and end with the exit code; `options` are those of `import_readings`."""
    from eventcode.pipeline.importing import import_readings
    from eventcode.project import find

    done = import_readings(find().dataset(name), file, **options)
    output.findings(done.result, form, show_all=form == "table")
    what = output.count(done.readings, "reading")
    if not done.readings:
        output.note("nothing new in it: nothing written")
    elif done.path is None:
        output.note(f"{what}: nothing written (dry run)")
    else:
        output.note(f"{what}: added to readings/{done.path.parent.name}/{done.path.name}")
    ctx.exit(output.exit_code(done.result, strict))
