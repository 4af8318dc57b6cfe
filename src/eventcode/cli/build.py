"""`eventcode build`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from eventcode.cli import foreign_files, output

if TYPE_CHECKING:
    from eventcode.pipeline.build import Built
    from eventcode.project import Dataset


@click.command("build")
@click.argument("names", nargs=-1)
@click.option(
    "--if-available", is_flag=True, help="Skip a dataset whose raw file is not at hand, with a notice."
)
@click.option("--force", is_flag=True, help="Build even where no input has changed.")
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DAY",
    help="Hold waivers against this day, not the card's.",
)
@click.option(
    "--data-docs",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Also write the pages of great_expectations to DIR/NAME; they load styles from the network.",
)
@click.pass_context
def command(
    ctx: click.Context,
    names: tuple[str, ...],
    if_available: bool,
    force: bool,
    as_of: datetime | None,
    data_docs: Path | None,
) -> None:
    """Build datasets by NAME (all of the project for none): readings → reports → events.

    Writes build/NAME/: every table as Parquet, the findings, a manifest, the data card. A killed build leaves the last good one. Exit
    code 1 means findings that are errors and not waived, or a gate that failed; the build is there all the same.
    """
    from eventcode.pipeline.build import build_dataset
    from eventcode.project import RawMissingError, find

    project = find()
    failed = False
    for name in names or project.dataset_names():
        dataset = project.dataset(name)
        try:
            done = build_dataset(
                dataset, as_of=as_of.date() if as_of else None, force=force, say=output.progress
            )
        except RawMissingError as error:
            if not if_available:
                raise
            output.note(f"{name}: skipped, {error.message}\n  → {' '.join(error.hint.split())}")
            continue
        _report(name, done)
        if data_docs is not None:
            _data_docs(dataset, done, data_docs / name)
        failed |= bool(done.errors) or done.manifest["gate"] == "failed"
    ctx.exit(int(failed))


def _data_docs(dataset: Dataset, done: Built, folder: Path) -> None:
    from eventcode.checks.data_docs import NOTICE
    from eventcode.pipeline.data_docs import write_data_docs

    output.progress(f"{dataset.name}: Data Docs (great_expectations)")
    write_data_docs(dataset, done, folder)
    click.echo(f"  → {folder / 'index.html'}")
    output.note(f"  {NOTICE}")


def _report(name: str, done: object) -> None:
    from eventcode.pipeline.build import Built

    assert isinstance(done, Built)
    if not done.fresh:
        click.echo(f"{name}: up to date")
        return
    tables = done.manifest["tables"]
    shown = ("document", "reading", "report", "event")
    counts = ", ".join(output.count(tables[f"{noun}s"]["rows"], noun) for noun in shown)
    click.echo(f"{name}: {counts}")
    assert done.result is not None
    click.echo(f"  {output.summary(done.result)}")
    if done.manifest["gate"] == "failed":
        click.echo(click.style(f"  the gate failed: see build/{name}/gate.json", fg="red"))
    if done.errors:
        click.echo(f"  → run `eventcode check {name}` for the places")
    foreign_files.not_asked(done.result.not_asked, "the data card says why")
    click.echo(f"  → build/{name}/README.md")
