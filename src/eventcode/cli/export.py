"""`eventcode export`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from eventcode.cli import output

if TYPE_CHECKING:
    from eventcode.formats.export.losses import Loss

FORMS = ("acled", "ucdp", "plover", "stata", "spss", "csv", "expectations")
SHOWN, COLUMNS = 12, 6  # values, and columns in a line


class _Form(click.Choice):  # type: ignore[type-arg]  # of click 8.1 too
    def get_invalid_choice_message(self, value: object, ctx: click.Context | None) -> str:
        from eventcode.shape import did_you_mean

        return f"there is no form '{value}': {did_you_mean(str(value), [*FORMS])}"


@click.command("export")
@click.argument("name")
@click.option(
    "--as",
    "form",
    type=_Form(FORMS),
    required=True,
    help="Events as ACLED, UCDP or PLOVER lay them out; a labelled Stata or SPSS file; CSV with its types; the suites of "
    "great_expectations.",
)
@click.option(
    "--table",
    metavar="TABLE",
    help="The table of a Stata or SPSS file [default: events, or the codings of an import], or of CSV [all].",
)
@click.option(
    "-o",
    "--output",
    "out",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="Where to; for csv and expectations a folder. Left out, it is named after the dataset.",
)
@click.option("--replace", "replace_it", is_flag=True, help="Replace what is there.")
def command(name: str, form: str, table: str | None, out: Path | None, replace_it: bool) -> None:
    """Write the dataset NAME (its build), NAME@VERSION (a release) or a folder of either in another form.

    What the form has no place for is listed in a file beside it (….losses.csv). Event types go through the crosswalk to the form's
    codebook; where that has no counterpart, or several, the cell stays empty and is listed: nothing is guessed.
    """
    from eventcode.pipeline.exporting import export

    output.progress(f"{name}: writing as {form}")
    done = export(name, form, out, table=table, replace_it=replace_it)
    click.echo(f"{done.path}: {output.count(done.rows, 'expectation' if form == 'expectations' else 'row')}")
    for line in _lines(done.losses):
        output.note(f"  {line}")
    if done.losses_path:
        output.note(f"  → what was lost: {done.losses_path}")


def _lines(losses: Sequence[Loss]) -> Iterator[str]:
    """The commonest losses of single values one by one, then the columns that share a reason in one line."""
    values = sorted((loss for loss in losses if loss.value), key=lambda loss: -loss.rows)
    yield from map(str, values[:SHOWN])
    if len(values) > SHOWN:
        yield f"… and {output.count(len(values) - SHOWN, 'more value')}"
    columns: dict[str, list[str]] = {}
    for loss in losses:
        if not loss.value:
            columns.setdefault(loss.what, []).append(loss.column)
    for what, names in columns.items():
        shown = ", ".join([*names[:COLUMNS], "…"] if len(names) > COLUMNS else names)
        yield f"{output.count(len(names), 'column')}: {what}: {shown}"
