"""`eventcode agree`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from eventcode.cli import output

if TYPE_CHECKING:
    from eventcode.pipeline.agree import Measured

FILE = click.Path(dir_okay=False, path_type=Path)
WITH_REFERENCE = ("form", "file")


@click.command("agree")
@click.argument("name", required=False)
@click.option(
    "--format",
    "form",
    type=output.ROW_FORMATS,
    default="table",
    show_default=True,
    help="How the answer is written.",
)
@click.option("--output", "file", type=FILE, metavar="FILE", help="Write it into FILE, in one step.")
@click.option(
    "--report", type=FILE, metavar="FILE.html", help="Write a page with charts, too; it needs no network."
)
@click.option(
    "--matrices", type=FILE, metavar="FILE.csv", help="Write the confusion matrices in long form, too."
)
@click.option(
    "--block", metavar="BLOCK", help="Show one block of coders: person–person, without:CODER, version:1.0.0 …"
)
@click.option("--all", "every", is_flag=True, help="Show all measures in all blocks, not alpha in one.")
@click.option(
    "--seed", type=click.IntRange(min=0), metavar="N", help="Seed of the draws; the card's, else 1."
)
@click.option(
    "--draws",
    type=click.IntRange(min=100),
    metavar="N",
    help="Bootstrap draws of documents; the card's, else 1,000.",
)
@click.option(
    "--theta", type=click.FloatRange(0, 1, max_open=True), metavar="SHARE",
    help="Codings are paired where they are more alike than this; the card's, else .4.",
)  # fmt: skip
@click.option(
    "--codebook-version", metavar="VERSION", help="Only readings made under this version of the codebook."
)
@click.option("--plan", metavar="FIELD", help="Tell how many documents two coders should read for FIELD.")
@click.option(
    "--half-width", type=click.FloatRange(0, 1, min_open=True), metavar="WIDTH",
    help="With --plan: half the width that the 95% interval shall have; .05 by default.",
)  # fmt: skip
@click.option(
    "--reference", type=FILE, metavar="FILE", help="Hold the measures against published cases instead (JSON)."
)
@click.pass_context
def command(ctx: click.Context, /, name: str | None, reference: Path | None, **options: Any) -> None:
    """Tell how far the coders of the dataset NAME agree, before adjudication.

    Detection, the joint coefficient and the event type come first; then each field with its coefficient, its 95% interval, the
    probability that it lies below .667, and the share of answers that could be compared; then what cannot be concluded. JSON and CSV
    hold every row of the table `agreement`. Exit code 1 means that a lower bound does not reach the minimum of the card, or, with
    --reference, that a case is missed.
    """
    _refuse(ctx, name, reference, options)
    ctx.exit(
        _reference(reference, options["form"], options["file"]) if reference else _agree(str(name), **options)
    )


def _refuse(ctx: click.Context, name: str | None, reference: Path | None, options: dict[str, Any]) -> None:
    """Usage errors: what does not go together."""
    if (name is None) == (reference is None):
        ctx.fail(
            "name a dataset, or a file of cases with --reference"
            if name is None
            else "--reference works without a dataset"
        )
    other = [option for option, value in options.items() if value and option not in WITH_REFERENCE]
    if reference is not None and other:
        ctx.fail(f"--reference and --{other[0].replace('_', '-')} do not go together")
    if options["half_width"] is not None and options["plan"] is None:
        ctx.fail("--half-width needs --plan FIELD")
    for option in ("report", "matrices"):
        if options["plan"] is not None and options[option] is not None:
            ctx.fail(f"--plan and --{option} do not go together")


def _agree(
    name: str, *, form: str, file: Path | None, report: Path | None, matrices: Path | None, block: str | None, every: bool,
    plan: str | None, half_width: float | None, **asked: Any,
) -> int:  # fmt: skip
    from eventcode.cli import agree_lines
    from eventcode.pipeline import agree

    if plan is not None:
        _, world = agree.opened(name, say=output.progress, **asked)
        planned = agree.planned(world, plan, 0.05 if half_width is None else half_width)
        _say(lambda: agree_lines.plan(planned, plan, form), file)
        return 0
    if report is not None:
        from eventcode.pipeline.agreement_page import needed

        needed()  # before anything is measured
    measured = agree.measured(name, say=output.progress, **asked)
    found = measured.agreement
    _say(lambda: agree_lines.write(measured, form, block=block, every=every), file)
    if matrices is not None:
        _written(matrices, agree_lines.matrices(found))
    if report is not None:
        output.progress("drawing the report")
        _written(report, agree.page(measured))
    return _minimum(measured)


def _say(print_: Callable[[], None], file: Path | None) -> None:
    """Print to standard output, or into a file in one step."""
    if file is None:
        print_()
        return
    import contextlib
    import io

    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        print_()
    _written(file, click.unstyle(out.getvalue()))


def _written(path: Path, text: str) -> None:
    from eventcode.formats import files

    files.write(path, text.encode())
    output.note(f"→ {path}")


def _minimum(measured: Measured) -> int:
    """What falls short of the card's minimum, on stderr; 1 where something does that nobody waived."""
    from eventcode.pipeline.agree_table import short

    below = short(measured.inputs, measured.agreement)
    for finding in below:
        waived = f" (waived by {finding.waived})" if finding.waived else ""
        output.note(f"{finding.rule}: {finding.message}{waived}")
        if not finding.waived:
            output.note(click.style(f"  → {finding.hint}", dim=True))
    return int(any(finding.waived is None for finding in below))


def _reference(path: Path, form: str, file: Path | None) -> int:
    """The measures against published cases; 1 where one is missed."""
    from eventcode.pipeline.agree_reference import verdicts
    from eventcode.reliability.reference import failed, table

    found = verdicts(path)
    if form == "table":
        _say(lambda: click.echo(table(found)), file)
    else:
        _say(lambda: output.rows([asdict(verdict) for verdict in found], form), file)
    return int(failed(found))
