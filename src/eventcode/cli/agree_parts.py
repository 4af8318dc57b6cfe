"""The parts of what `eventcode agree` prints that are not one coefficient a line: other blocks, differences, confusions, coders."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from eventcode.reliability.report import words

if TYPE_CHECKING:
    from eventcode.reliability.result import Agreement, Estimate

CONFUSED = 10
SHORTEST = 6  # a label of which less is left says nothing
WEIGHTED, EXAMPLE = "weighted pairs", "for example"


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


def confused(found: Agreement, called: Mapping[str, str], width: int) -> Iterator[str]:
    """The commonest confusions of event types with their labels as far as `width` allows, and the first of each answer about sources."""
    types = [row for row in found.confusions if row.field == "event_type"][:CONFUSED]
    if types:
        taken = max(len(_where(row)) for row in types) + len(f"  {WEIGHTED}  ") + len("  ")
        lines = [[_both(row.values, called, width - taken), _count(row), _where(row)] for row in types]
        yield from titled("Event types confused most", [["event types", WEIGHTED, EXAMPLE], *lines], (1,))
    others: dict[str, Any] = {}
    for row in found.confusions:
        if row.field != "event_type":
            others.setdefault(row.field, row)
    lines = [[row.field, " / ".join(row.values), _count(row), _where(row)] for row in others.values()]
    if lines:
        yield from titled(
            "Answers about sources confused most", [["field", "values", WEIGHTED, EXAMPLE], *lines], (2,)
        )


def _both(values: Sequence[str], called: Mapping[str, str], width: int) -> str:
    """Two codes with their labels, these cut where the line is too short for them, without them where nothing would be left."""
    bare = " / ".join(values)
    names = [called.get(value, "") for value in values]
    room = width - len(bare) - 2
    if room < 2 * SHORTEST or not any(names):
        return bare
    shorter = min(map(len, names))
    most = max(room - shorter, room // 2)  # what the shorter label leaves goes to the longer
    return " / ".join(
        f"{value} {_cut(name, most)}".rstrip() for value, name in zip(values, names, strict=True)
    )


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 1].rstrip()}…"


def _count(row: Any) -> str:
    return f"{row.count:,.1f}"


def _where(row: Any) -> str:
    case = row.cases[0]
    return f"{case.document}: {case.codings[0]} and {case.codings[1]}"


def coders(found: Agreement) -> Iterator[str]:
    """Who coded how much, and how each agrees with the others."""
    if len(found.coders) > 2:
        head = ["coder", "kind", "documents", "codings", "detection", "events found (F1)", "root", "leaf"]
        lines = [
            [row["coder"], row["kind"], f"{row['n_documents']:,}", f"{row['n_codings']:,}",
             *(words.number(row[name]) or "–" for name in ("alpha_detection", "f1_events", "alpha_root", "alpha_leaf"))]
            for row in found.coders
        ]  # fmt: skip
        yield from titled("Each coder with the others", [head, *lines], (2, 3, 4, 5, 6, 7))


def drift(found: Agreement) -> Iterator[str]:
    """Where a coder left what is usual for it, a window a line: falls first, and rises as notes, since they are no fault."""
    left = sorted((row for row in found.drift if row["flagged"]), key=lambda row: row["ewma"] >= row["mean"])
    if left:
        yield ""
        yield click.style("Drift: agreement with the others beyond what chance would do", bold=True)
    for row in left:
        days = f"{str(row['first'])[:10]} to {str(row['last'])[:10]}"
        who = f"{row['coder']} under {row['version']}, {days}: {words.number(row['ewma'])}"
        usual = f"the usual {words.number(row['mean'])}"
        if row["ewma"] < row["mean"]:
            yield f"  {click.style('▼', fg='red')} {who}, below {usual}"
        else:
            yield f"  note: {who}, above {usual}"


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
