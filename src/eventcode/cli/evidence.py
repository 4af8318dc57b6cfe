"""`eventcode evidence`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from eventcode.cli import output


@click.group("evidence")
def command() -> None:
    """Hold the evidence of a dataset against the texts."""


@command.command("verify")
@click.argument("name")
@click.option(
    "--texts",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of texts; by default raw/ and the private store.",
)
@click.option("--version", metavar="VERSION", help="Verify a release, not the build.")
@click.option("--format", "form", type=output.ROW_FORMATS, default="table", show_default=True)
@click.pass_context
def verify(ctx: click.Context, name: str, texts: Path | None, version: str | None, form: str) -> None:
    """Say of every span of NAME: verified, moved (re-anchored), different or missing.

    A text is known by its content; a changed copy by its file name (document key + .txt). Exit code 1 where a span is different.
    """
    from eventcode.pipeline.explain import verify_evidence
    from eventcode.project import find

    rows = verify_evidence(find(), name, texts, version)
    shown = rows if form != "table" else [row for row in rows if row["status"] != "verified"]
    if shown:
        output.rows(shown, form, ("lineage", "status", "start", "end", "new_start", "new_end"))
    counts = Counter(row["status"] for row in rows)
    output.note(
        ", ".join(f"{counts[status]} {status}" for status in ("verified", "moved", "different", "missing"))
    )
    ctx.exit(int(counts["different"] > 0))
