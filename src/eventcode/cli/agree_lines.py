"""What `eventcode agree` prints: the rows that stand first, each section's fields, other blocks, and what cannot be concluded."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import click

from eventcode.cli import agree_parts, output
from eventcode.cli.agree_parts import titled
from eventcode.errors import DatasetError
from eventcode.reliability.report import words

if TYPE_CHECKING:
    from eventcode.model import Codebook
    from eventcode.pipeline.agree import Measured
    from eventcode.reliability.planner import Plan
    from eventcode.reliability.result import Agreement, Estimate

SECTIONS = {
    "detection": "Detection: event or none, over the documents read", "joint": "Finding and coding together",
    "coding": "Fields of codings, on those that were paired", "source": "Sources, on those that were paired",
    "support": "What a source says of a coding", "derived": "Sourcing columns, derived from each coder's sources",
    "evidence": "Words taken for an event", "difference": "Differences of alpha",
    "gold": "Share of event types that is right, by gold", "adjudicated": "Documents adjudicated twice",
    "linking": "Reports linked into events by two persons",
}  # fmt: skip
COLUMNS = ("field", "measure", "estimate", "95% interval", "P(<.667)", "units", "documents", "coverage")
RIGHT = (2, 4, 5, 6, 7)
SHORT = {
    "alpha_pairwise_aligned": "alpha", "alpha_pairwise_aligned_jaccard": "alpha (Jaccard)", "alpha_joint": "joint alpha",
    "alpha_u": "alpha_U", "f1": "F1", "gwet_ac1": "AC1", "accuracy": "share right",
    "pairwise_f1": "pairwise F1", "b_cubed_f1": "B³", "alpha_difference": "difference of alpha",
}  # fmt: skip
LEVELS = {"nominal": "", "set": " (MASI)"}
TWO = ("adjudicated", "linking")  # of two persons who stand where no coders stand
APART = ("difference", "gold", *TWO)  # whose blocks are none of coders compared with each other
WIDTH = 100


def write(measured: Measured, form: str, *, block: str | None, every: bool) -> None:
    """Print an agreement: a table for people, the rows of the table `agreement` as CSV, or all that was found as JSON."""
    from eventcode.pipeline import agree_table
    from eventcode.tables import TABLES

    found = measured.agreement
    if block is not None:
        block = _known(found, block)
    kept = replace(found, estimates=tuple(row for row in found.estimates if block in (None, row.block)))
    if form == "table":
        for line in table(found, block, every, labels(measured.inputs.codebook)):
            click.echo(line)
    elif form == "json":
        click.echo(json.dumps(asdict(kept), ensure_ascii=False, indent=2, default=str))
    else:
        output.rows(agree_table.rows(kept, measured.inputs.codebook), form, [*TABLES["agreement"].columns])


def labels(codebook: Codebook) -> dict[str, str]:
    """What each event type is called."""
    return {code: kind.label for code, kind in codebook.event_types.items()}


def _known(found: Agreement, block: str) -> str:
    """The block as it is called, a hyphen for its dash allowed; DatasetError for one that there is not."""
    blocks = list(dict.fromkeys(row.block for row in found.estimates))
    for name in (block, block.replace("-", "–")):
        if name in blocks:
            return name
    raise DatasetError(f"there is no block '{block}'", f"there are: {', '.join(blocks) or 'none'}")


class Notes:
    """Reasons, each printed once: rows carry its number."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}

    def mark(self, row: Estimate) -> str:
        """`[2]` for a row that lacks its coefficient or interval."""
        if row.reason is None:
            return ""
        what = "no coefficient" if row.estimate is None else "no interval"
        return f"[{self.numbers.setdefault(f'{what}: {row.reason}', len(self.numbers) + 1)}]"

    def lines(self) -> Iterator[str]:
        """The reasons by number."""
        if self.numbers:
            yield ""
        for text, number in self.numbers.items():
            yield click.style(output.wrap(f"[{number}] {text}", "      ", WIDTH)[2:], dim=True)


def table(
    found: Agreement, block: str | None, every: bool, called: Mapping[str, str] = MappingProxyType({})
) -> Iterator[str]:
    """The lines of the table; `called` holds the labels of event types."""
    from eventcode.pipeline.agree_main import SELF, headline, is_main, shown_block

    shown, notes = block or shown_block(found), Notes()
    yield click.style(f"{found.dataset}, {found.codebook}", bold=True)
    if shown == SELF:
        yield "Runs of one voter held against each other: self-consistency, not reliability."
    if block is None:
        yield from _part("Headline", headline(found), notes, fully=True)

    def wanted(row: Estimate) -> bool:
        if every:
            return True
        if row.section in APART:
            return row.block == block or (block is None and row.section in TWO)
        return row.block == shown and is_main(row, found.settings)

    rows = [row for row in found.estimates if wanted(row)]
    for section, title in SECTIONS.items():
        own = [row for row in rows if row.section == section and (row.n_units or row.section in TWO)]
        if own and (every or block is not None or section not in ("detection", "joint")):
            yield from _part(title, own, notes, blocks=_block if every else _two if section in TWO else None)
    yield from notes.lines()
    if block is None and not every:
        yield from agree_parts.elsewhere(found, shown)
        yield from agree_parts.differences(found)
        yield from agree_parts.confused(found, called, WIDTH)
        yield from agree_parts.coders(found)
        yield from agree_parts.drift(found)
        yield from agree_parts.gold(found)
    yield from _cautions(found)
    yield from _settings(found, shown)


def _part(
    title: str,
    rows: Sequence[Estimate],
    notes: Notes,
    *,
    fully: bool = False,
    blocks: Callable[[Estimate], str] | None = None,
) -> Iterator[str]:
    head = [*COLUMNS, *(("coders",) if blocks else ()), ""]
    cells = [[*_cells(row, fully), *((blocks(row),) if blocks else ()), notes.mark(row)] for row in rows]
    yield from titled(title, [head, *cells], RIGHT)


def _cells(row: Estimate, named_fully: bool) -> list[str]:
    from eventcode.reliability.fields import named

    name = named(row.section, row.field) if named_fully else str(row.field)
    measure = SHORT.get(row.measure, row.measure.replace("_", " "))
    level = LEVELS.get(row.level, f" ({row.level})") if measure == "alpha" else ""
    numbers = (words.number(row.estimate), words.interval(row), words.chance(row.p_below_667))
    return [name, measure + level, *(number or "–" for number in numbers), f"{row.n_units:,}", f"{row.n_documents:,}",
            words.per_cent(row.coverage)]  # fmt: skip


def _block(row: Estimate) -> str:
    theta = f" θ {row.theta:g}" if row.theta is not None else ""
    return row.block + theta


def _two(row: Estimate) -> str:
    return words.block(row.block)


def _cautions(found: Agreement) -> Iterator[str]:
    if found.cautions:
        yield ""
        yield click.style("What this does not show", bold=True)
        for text in found.cautions:
            yield "  • " + output.wrap(text, "    ", WIDTH).lstrip()


def _settings(found: Agreement, shown: str) -> Iterator[str]:
    own = found.settings
    weights = ", ".join(f"{name} {weight:g}" for name, weight in own["weights"].items())
    text = (
        f"Coders: {shown}. Codings are paired above θ = {own['theta']:g} of likeness ({weights}; τ = {own['tau']:g} days), without the "
        f"field that is compared. Intervals: {own['draws']:,} draws of documents, seed {own['seed']}. --all shows all measures and blocks."
    )
    yield ""
    yield click.style(output.wrap(text, "", WIDTH), dim=True)


def matrices(found: Agreement) -> str:
    """The confusion matrices in long form, as CSV."""
    from eventcode.reliability import matrices as long_form

    out = io.StringIO()
    writer = csv.DictWriter(out, long_form.COLUMNS, lineterminator="\n")
    writer.writeheader()
    for matrix in found.matrices:
        writer.writerows(long_form.long(matrix, column=matrix.columns))
    return out.getvalue()


def plan(planned: Plan, name: str, form: str) -> None:
    """Print how many documents two coders should read."""
    if form != "table":
        output.rows([{"field": name, **asdict(planned)}], form)
        return
    wanted = f"for a 95% interval of ± {words.short(planned.half_width)}"
    head = f"{name}: {planned.documents:,} documents in all, each read by two coders or more, {wanted}"
    click.echo(click.style(output.wrap(head, "", WIDTH), bold=True))
    if planned.n_read:
        more = max(0, planned.documents - planned.n_read)
        there = output.count(planned.n_read, "document")
        click.echo(f"  read by two coders already: {there}, {f'{more:,} more' if more else 'enough'}")
    if planned.share is not None and planned.n_documents < planned.n_read:
        found = f"{planned.n_documents:,} of them ({words.per_cent(planned.share)})"
        counted = "the number above counts the others, too, as nobody knows them before they are read"
        click.echo(output.wrap(f"{found} have something of {name} to compare; {counted}", "  ", WIDTH))
    low, high = planned.documents_low, planned.documents_high
    if low is not None and high is not None:
        click.echo(f"  the data leave it open: between {low:,} and {high:,} in all (95%)")
    click.echo(f"  {planned.units:,} units, with a design effect of {planned.design_effect:.1f}")
    if planned.reason is not None:
        click.echo(output.wrap(f"What is there does not tell: {planned.reason}.", "  ", WIDTH))
    click.echo("")
    click.echo(click.style("What this rests on", bold=True))
    for text in planned.assumptions:
        click.echo("  • " + output.wrap(text, "    ", WIDTH).lstrip())
