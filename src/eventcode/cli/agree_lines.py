"""What `eventcode agree` prints: the rows that stand first, each section's fields, other blocks, and what cannot be concluded."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import click

from eventcode.cli import output
from eventcode.errors import DatasetError

if TYPE_CHECKING:
    from eventcode.pipeline.agree import Measured
    from eventcode.reliability.planner import Plan
    from eventcode.reliability.result import Agreement, Estimate

SECTIONS = {
    "detection": "Detection: event or none, over the documents read", "joint": "Finding and coding together",
    "coding": "Fields of codings, on those that were paired", "source": "Sources, on those that were paired",
    "support": "What a source says of a coding", "derived": "Sourcing columns, derived from each coder's sources",
    "evidence": "Words taken for an event", "linking": "Reports linked into events",
}  # fmt: skip
COLUMNS = ("field", "measure", "estimate", "95% interval", "P(<.667)", "units", "documents", "coverage")
RIGHT = (2, 4, 5, 6, 7)
SHORT = {
    "alpha_pairwise_aligned": "alpha", "alpha_pairwise_aligned_jaccard": "alpha (Jaccard)", "alpha_joint": "joint alpha",
    "alpha_u": "alpha_U", "f1": "F1", "gwet_ac1": "AC1",
}  # fmt: skip
LEVELS = {"nominal": "", "set": " (MASI)"}
WIDTH, CONFUSED = 100, 10


def write(measured: Measured, form: str, *, block: str | None, every: bool) -> None:
    """Print an agreement: a table for people, the rows of the table `agreement` as CSV, or all that was found as JSON."""
    from eventcode.pipeline import agree_table
    from eventcode.tables import TABLES

    found = measured.agreement
    if block is not None:
        _known(found, block)
    kept = replace(found, estimates=tuple(row for row in found.estimates if block in (None, row.block)))
    if form == "table":
        for line in table(found, block, every):
            click.echo(line)
    elif form == "json":
        click.echo(json.dumps(asdict(kept), ensure_ascii=False, indent=2, default=str))
    else:
        output.rows(agree_table.rows(kept, measured.inputs.codebook), form, [*TABLES["agreement"].columns])


def _known(found: Agreement, block: str) -> None:
    """DatasetError for a block that there is not."""
    blocks = list(dict.fromkeys(row.block for row in found.estimates))
    if block not in blocks:
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


def table(found: Agreement, block: str | None, every: bool) -> Iterator[str]:
    """The lines of the table."""
    from eventcode.pipeline.agree_main import SELF, headline, is_main, shown_block

    shown, notes = block or shown_block(found), Notes()
    yield click.style(f"{found.dataset}, {found.codebook}", bold=True)
    if shown == SELF:
        yield "Runs of one voter held against each other: self-consistency, not reliability."
    if block is None:
        yield from _part("First of all", headline(found), notes, fully=True)
    rows = [
        row
        for row in found.estimates
        if (every or row.block == shown) and (every or is_main(row, found.settings))
    ]
    for section, title in SECTIONS.items():
        own = [row for row in rows if row.section == section and row.n_units]
        if own and (every or block is not None or section not in ("detection", "joint")):
            yield from _part(title, own, notes, blocks=every)
    yield from notes.lines()
    if block is None and not every:
        yield from _elsewhere(found, shown)
        yield from _confused(found)
        yield from _coders(found)
    yield from _cautions(found)
    yield from _settings(found, shown)


def _part(
    title: str, rows: Sequence[Estimate], notes: Notes, *, fully: bool = False, blocks: bool = False
) -> Iterator[str]:
    head = [*COLUMNS, *(("coders",) if blocks else ()), ""]
    cells = [[*_cells(row, fully), *((_block(row),) if blocks else ()), notes.mark(row)] for row in rows]
    yield from _titled(title, [head, *cells], RIGHT)


def _titled(title: str, lines: Sequence[Sequence[str]], right: Sequence[int] = ()) -> Iterator[str]:
    """A title, a line of column names, and rows, in columns."""
    yield ""
    yield click.style(title, bold=True)
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    for number, line in enumerate(lines):
        cells = zip(line, widths, strict=True)
        parts = [
            cell.rjust(width) if i in right else cell.ljust(width) for i, (cell, width) in enumerate(cells)
        ]
        text = "  " + "  ".join(parts).rstrip()
        yield click.style(text, dim=True) if number == 0 else text


def _cells(row: Estimate, named_fully: bool) -> list[str]:
    from eventcode.reliability.fields import named

    name = named(row.section, row.field) if named_fully else str(row.field)
    measure = SHORT.get(row.measure, row.measure.replace("_", " "))
    level = LEVELS.get(row.level, f" ({row.level})") if measure == "alpha" else ""
    interval = "–" if row.low is None or row.high is None else f"{_number(row.low)} to {_number(row.high)}"
    coverage = "" if row.coverage is None else f"{row.coverage:.0%}"
    return [name, measure + level, _number(row.estimate), interval, _share(row.p_below_667), f"{row.n_units:,}",
            f"{row.n_documents:,}", coverage]  # fmt: skip


def _number(value: float | None) -> str:
    """A coefficient without its leading zero, as is usual: `.667`, `−.20`, `1.000`."""
    if value is None:
        return "–"
    text = f"{abs(value):.3f}".removeprefix("0")
    return f"−{text}" if value < 0 and text != ".000" else text


def _share(value: float | None) -> str:
    if value is None:
        return "–"
    return "<.001" if 0 < value < 0.001 else ">.999" if 0.999 < value < 1 else _number(value)


def _block(row: Estimate) -> str:
    theta = f" θ {row.theta:g}" if row.theta is not None else ""
    return row.block + theta


def _elsewhere(found: Agreement, shown: str) -> Iterator[str]:
    """The rows that stand first in the other blocks, and at other thetas."""
    from eventcode.pipeline.agree_main import MAIN
    from eventcode.reliability.fields import named

    wanted = list(found.settings["headline"])
    main = [row for row in found.estimates if named(row.section, row.field) in wanted and row.measure in MAIN]
    usual = [row for row in main if row.theta in (None, found.settings["theta"])]
    others = [row for row in usual if row.block not in (shown, "all") and row.estimate is not None]
    if others:
        yield from _grid("By coders and versions", others, lambda row: row.block, wanted)
    trials = [row for row in main if row.block == shown and row.theta is not None]
    if len({row.theta for row in trials}) > 1:
        yield from _grid("With other values of theta", trials, lambda row: f"θ = {row.theta:g}", wanted)


def _grid(title: str, rows: Sequence[Estimate], by: Any, wanted: Sequence[str]) -> Iterator[str]:
    """One line a block or theta, one column a measure."""
    from eventcode.reliability.fields import named

    cells: dict[str, dict[str, str]] = {}
    for row in rows:
        inside = (
            "" if row.low is None or row.high is None else f" ({_number(row.low)} to {_number(row.high)})"
        )
        cells.setdefault(by(row), {})[named(row.section, row.field)] = _number(row.estimate) + inside
    names = [name for name in wanted if any(name in own for own in cells.values())]
    order = sorted(cells) if title.startswith("With") else list(cells)
    lines = [["", *names], *([key, *(cells[key].get(name, "") for name in names)] for key in order)]
    yield from _titled(title, lines)


def _confused(found: Agreement) -> Iterator[str]:
    """The commonest confusions of event types, and of each answer about sources the first."""
    types = [row for row in found.confusions if row.field == "event_type"][:CONFUSED]
    others: dict[str, Any] = {}
    for row in found.confusions:
        if row.field != "event_type":
            others.setdefault(row.field, row)
    lines = [
        [row.field, f"{row.values[0]} / {row.values[1]}", f"{row.count:,.1f}", _where(row)]
        for row in (*types, *others.values())
    ]
    if lines:
        yield from _titled("Most confused", [["field", "values", "pairs", "for example"], *lines], (2,))


def _where(row: Any) -> str:
    case = row.cases[0]
    return f"{case.document}: {case.codings[0]} and {case.codings[1]}"


def _coders(found: Agreement) -> Iterator[str]:
    """Who coded how much, and how each agrees with the others; and where a coder drifted."""
    if len(found.coders) > 2:
        head = ["coder", "kind", "documents", "codings", "detection", "events found (F1)", "root", "leaf"]
        lines = [
            [row["coder"], row["kind"], f"{row['n_documents']:,}", f"{row['n_codings']:,}",
             *(_number(row[name]) for name in ("alpha_detection", "f1_events", "alpha_root", "alpha_leaf"))]
            for row in found.coders
        ]  # fmt: skip
        yield from _titled("Each coder with the others", [head, *lines], (2, 3, 4, 5, 6, 7))
    for row in found.drift:
        if row["flagged"]:
            days = f"{str(row['first'])[:10]} to {str(row['last'])[:10]}"
            where = f"{_number(row['ewma'])} where {_number(row['mean'])} is usual"
            yield f"  drift: {row['coder']} under {row['version']}, {days}: agreement with the others is {where}"


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
        writer.writerows(long_form.long(matrix))
    return out.getvalue()


def plan(planned: Plan, name: str, form: str) -> None:
    """Print how many documents to double-code."""
    if form != "table":
        output.rows([{"field": name, **asdict(planned)}], form)
        return
    more = max(0, planned.documents - planned.n_documents)
    click.echo(
        click.style(
            f"{name}: {planned.documents:,} documents in all for a 95% interval of ± {planned.half_width:g}",
            bold=True,
        )
    )
    if planned.n_documents:
        left = f"{more:,} more" if more else "enough"
        there = output.count(planned.n_documents, "document")
        click.echo(f"  read by two coders already: {there}, {left}")
    if planned.documents_low is not None and planned.documents_high is not None:
        click.echo(
            f"  by what they tell, between {planned.documents_low:,} and {planned.documents_high:,} in all"
        )
    click.echo(f"  {planned.units:,} units, with a design effect of {planned.design_effect:.1f}")
    if planned.reason is not None:
        click.echo(output.wrap(f"What is there does not tell: {planned.reason}.", "  ", WIDTH))
    click.echo("")
    click.echo(click.style("What this rests on", bold=True))
    for text in planned.assumptions:
        click.echo("  • " + output.wrap(text, "    ", WIDTH).lstrip())
