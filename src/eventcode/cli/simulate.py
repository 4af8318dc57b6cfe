"""`eventcode simulate`."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("simulate")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--documents", default=200, show_default=True, metavar="N", help="How many texts, 10 to 999.")
@click.option(
    "--coders", default=4, show_default=True, metavar="N", help="How many coders read them, 2 to 5."
)
@click.option(
    "--seed", default=1, show_default=True, metavar="N", help="The same seed makes the same project."
)
def command(folder: Path, documents: int, coders: int, seed: int) -> None:
    """Lay out a project in FOLDER whose texts and readings are invented, to try the reports on.

    Nothing in it is real. truth/ holds what the texts truly tell, and how often the simulated coders err.
    """
    from eventcode.pipeline.simulate import NAME, simulate

    made = simulate(folder, documents=documents, n_coders=coders, seed=seed)
    click.echo(
        f"{folder}: {len(made):,} files; dataset {NAME}: {documents:,} invented texts, {coders} simulated coders"
    )
    click.echo(f"→ cd {folder} && eventcode agree {NAME}")
