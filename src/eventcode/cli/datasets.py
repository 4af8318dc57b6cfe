"""`eventcode datasets`."""

from __future__ import annotations

import click

from eventcode.cli import output


@click.command("datasets")
@click.option("--format", "form", type=output.ROW_FORMATS, default="table", show_default=True)
def command(form: str) -> None:
    """List the datasets of the project, with what is built of them."""
    from eventcode.pipeline.folders import FOLDER, current
    from eventcode.project import find

    project = find()
    rows = []
    for name in project.dataset_names():
        manifest = current(project.root / FOLDER, name)
        events = manifest["tables"]["events"]["rows"] if manifest else "not built"
        errors = manifest["findings"]["error"] if manifest else ""
        rows.append(
            {
                "dataset": name,
                "codebook": project.dataset(name).card["codebook"],
                "events": events,
                "errors": errors,
            }
        )
    output.rows(rows, form, ("dataset", "codebook", "events", "errors"))
