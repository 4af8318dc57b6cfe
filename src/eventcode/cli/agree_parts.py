"""The parts of what `eventcode agree` prints that are not one coefficient a line: other blocks, differences, confusions, coders."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from eventcode.reliability.report import words

if TYPE_CHECKING:
    from eventcode.reliability.result import Agreement, Estimate

CONFUSED = 10


def titled(title: str, lines: Sequence[Sequence[str]], right: Sequence[int] = ()) -> Iterator[str]:
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


def elsewhere(found: Agreement, shown: str) -> Iterator[str]:
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
        inside = f" ({words.interval(row)})" if words.interval(row) else ""
        cells.setdefault(by(row), {})[named(row.section, row.field)] = words.number(row.estimate) + inside
    names = [name for name in wanted if any(name in own for own in cells.values())]
    order = sorted(cells) if title.startswith("With") else list(cells)
    lines = [["", *names], *([key, *(cells[key].get(name, "") for name in names)] for key in order)]
    yield from titled(title, lines)


def differences(found: Agreement) -> Iterator[str]:
    """Whether agreement differs between versions of the codebook, and between persons held against the same others."""
    rows = [row for row in found.estimates if row.section == "difference" and row.estimate is not None]
    cells: dict[str, dict[str, str]] = {}
    for row in rows:
        cells.setdefault(words.sides(row.block), {})[str(row.field)] = words.difference(row)
    names = list(dict.fromkeys(str(row.field) for row in rows))
    if rows:
        lines = [["", *names], *([key, *(own.get(name, "") for name in names)] for key, own in cells.items())]
        yield from titled(
            "Differences of alpha: between versions, and between persons held against the same others", lines
        )


def confused(found: Agreement) -> Iterator[str]:
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
        yield from titled("Most confused", [["field", "values", "pairs", "for example"], *lines], (2,))


def _where(row: Any) -> str:
    case = row.cases[0]
    return f"{case.document}: {case.codings[0]} and {case.codings[1]}"


def coders(found: Agreement) -> Iterator[str]:
    """Who coded how much, and how each agrees with the others; and where a coder drifted."""
    if len(found.coders) > 2:
        head = ["coder", "kind", "documents", "codings", "detection", "events found (F1)", "root", "leaf"]
        lines = [
            [row["coder"], row["kind"], f"{row['n_documents']:,}", f"{row['n_codings']:,}",
             *(words.number(row[name]) or "–" for name in ("alpha_detection", "f1_events", "alpha_root", "alpha_leaf"))]
            for row in found.coders
        ]  # fmt: skip
        yield from titled("Each coder with the others", [head, *lines], (2, 3, 4, 5, 6, 7))
    for row in found.drift:
        if row["flagged"]:
            days = f"{str(row['first'])[:10]} to {str(row['last'])[:10]}"
            where = f"{words.number(row['ewma'])} where {words.number(row['mean'])} is usual"
            yield f"  drift: {row['coder']} under {row['version']}, {days}: agreement with the others is {where}"


def gold(found: Agreement) -> Iterator[str]:
    """Which share of its event types each coder has right, by gold."""
    cells: dict[str, dict[str, Estimate]] = {}
    for row in found.estimates:
        if row.section == "gold":
            cells.setdefault(words.block(row.block), {})[str(row.field).rpartition(".")[2]] = row
    if cells:
        head = ["coder", "root", "95% interval", "leaf", "95% interval", "units", "documents"]
        lines = [[coder, *(cell for level in ("root", "leaf") for cell in (words.number(by[level].estimate), words.interval(by[level]))),
                  f"{by['root'].n_units:,}", f"{by['root'].n_documents:,}"] for coder, by in cells.items()]  # fmt: skip
        yield from titled("Share of event types that is right, by gold", [head, *lines], (1, 3, 5, 6))
