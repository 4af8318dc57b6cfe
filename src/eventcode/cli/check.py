"""`eventcode check`."""

from __future__ import annotations

from datetime import datetime

import click

from eventcode.cli import output


@click.command("check")
@click.argument("target")
@click.option("--codebook", metavar="NAME", help="The codebook of a bare file (JSONL, xlsx, Parquet).")
@click.option(
    "--table", metavar="TABLE", help="What the rows of a bare Parquet file are: events, reports, codings …"
)
@click.option("--format", "form", type=output.FINDING_FORMATS, default="table", show_default=True)
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DAY",
    help="Hold waivers against this day, not the card's.",
)
@click.option("--all", "show_all", is_flag=True, help="Show every finding, flags and waived ones too.")
@click.pass_context
def command(
    ctx: click.Context,
    target: str,
    codebook: str | None,
    table: str | None,
    form: str,
    strict: bool,
    as_of: datetime | None,
    show_all: bool,
) -> None:
    """Check a dataset of the project by NAME, or a bare file.

    TARGET is the name of a dataset, or the path of a file that belongs to none (then --codebook is needed). Exit code 1 means findings
    that are errors and not waived.
    """
    from eventcode.pipeline.check import check

    output.progress(f"checking {target}")
    result = check(target, codebook=codebook, table=table, as_of=as_of.date() if as_of else None)
    output.findings(result, form, show_all=show_all)
    ctx.exit(output.exit_code(result, strict))
