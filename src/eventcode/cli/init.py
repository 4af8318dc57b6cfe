"""`eventcode init`."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("init")
@click.argument("folder", type=click.Path(path_type=Path))
def command(folder: Path) -> None:
    """Lay out a new project in FOLDER, of the same shape as eventcode's own."""
    from eventcode.pipeline.scaffold import new_project

    for name in new_project(folder):
        click.echo(f"  {folder}/{name}")
    click.echo(f"→ cd {folder} && eventcode new dataset NAME --codebook disarmament --coder ID")
