"""The charts of a report of agreement: coefficients as dots with their intervals, confusions as a heat map, drift over time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from math import floor
from typing import Any

from eventcode.codebook.site import drawing
from eventcode.codebook.site.drawing import INK, LINE, SOFT, STAND_INS, data
from eventcode.codebook.site.words import printable
from eventcode.reliability.report import words
from eventcode.reliability.report.shown import Window
from eventcode.reliability.result import HIGH, LOW, Matrix

WIDTH, LONGEST = 330, 60
SHAPES = {"high": "circle", "middle": "diamond", "low": "triangle-down", "open": "square"}
WIDE, HEAD = 900, 200  # the heat map, and the room for labels at its left; a cell is as large as that allows
CELLS = (13, 24)
TICK = "datum.value % 1 ? replace(format(datum.value, '{}'), '0.', '.') : datum.value"  # without leading zero, as all coefficients
OUTSIDE = {
    "below": ("triangle-down", "--bad"),
    "above": ("triangle-up", "--soft"),
}  # a fall is a fault, a rise is none
SMALLEST = 0.05  # a count below this is nothing


@dataclass(frozen=True, slots=True)
class Dot:
    """A coefficient with its interval, if it has one."""

    label: str
    estimate: float
    low: float | None
    high: float | None
    verdict: str


def dots(rows: Sequence[Dot], label: str) -> str:
    """Coefficients as dots on one scale, with the two thresholds."""
    import altair as alt

    lowest = min([0.0, *(row.estimate if row.low is None else row.low for row in rows)])
    bottom = max(-1.0, floor(lowest * 10) / 10)
    scale = alt.Scale(domain=[bottom, 1], range=[4, WIDTH - 6], nice=False, clamp=True)
    line = alt.Y("place:O", axis=None, scale=alt.Scale(paddingInner=0.0, paddingOuter=0.0))
    told = [_dot(i, row, bottom) for i, row in enumerate(rows)]
    base = alt.Chart(data(told))
    ticks = [*([-0.5] if bottom <= -0.5 else []), 0, LOW, HIGH, 1]
    axis = alt.Axis(
        values=ticks, labelExpr=TICK.format(".3f"),
        title=None, domain=False, ticks=False, grid=True, gridColor=LINE, orient="top", labelOverlap=False,
    )  # fmt: skip
    x = alt.X("estimate:Q", scale=scale, axis=axis)
    thresholds = (
        alt.Chart(data([{"at": LOW}, {"at": HIGH}]))
        .mark_rule(strokeDash=[3, 3], color=SOFT, opacity=0.8)
        .encode(x=alt.X("at:Q", scale=scale))
    )
    colour = alt.Color("colour:N", scale=None, legend=None)
    bars = base.mark_rule(strokeWidth=3, yOffset=6, opacity=0.55).encode(
        y=line, x=alt.X("low:Q", scale=scale), x2="high:Q", color=colour
    )
    points = base.mark_point(filled=True, size=85, yOffset=6, opacity=1).encode(
        y=line, x=x, color=colour, shape=alt.Shape("shape:N", scale=None, legend=None)
    )
    labels = base.mark_text(align="left", baseline="middle", dy=-9, limit=WIDTH - 60, color=INK).encode(
        y=line, x=alt.value(0), text="label:N"
    )
    numbers = base.mark_text(align="right", baseline="middle", dy=-9, color=INK).encode(
        y=line, x=alt.value(WIDTH), text="said:N"
    )
    drawn = alt.layer(thresholds, bars, points, labels, numbers).properties(width=WIDTH, height=alt.Step(36))
    return drawing.svg(drawn, label)


def _dot(place: int, row: Dot, bottom: float) -> dict[str, Any]:
    low, high = (row.estimate if v is None else v for v in (row.low, row.high))
    return {
        "place": place, "label": printable(row.label)[:LONGEST], "estimate": row.estimate, "low": max(low, bottom), "high": high,
        "said": words.number(row.estimate), "colour": STAND_INS[words.COLOURS[row.verdict]], "shape": SHAPES[row.verdict],
    }  # fmt: skip


def heat(matrix: Matrix, names: Mapping[str, str], roots: Mapping[str, str], label: str) -> str:
    """What coders said of the same things, value by value: the stronger the colour, the larger the share of the row.

    `names` holds what each value is called, `roots` the value above each: where it changes a line is drawn.
    """
    import altair as alt

    n = len(matrix.values)
    cell = min(max((WIDE - HEAD) // n, CELLS[0]), CELLS[1])
    side = cell * n
    pixels = alt.Scale(domain=[0, side], range=[0, side], nice=False, zero=False)
    x, y = (kind(f"{name}:Q", scale=pixels, axis=None) for kind, name in ((alt.X, "x"), (alt.Y, "y")))
    cells = alt.Chart(data(_cells(matrix, cell)))
    squares = cells.mark_rect(stroke=None).encode(
        x=x, y=y, x2="x2:Q", y2="y2:Q", color=alt.Color("colour:N", scale=None, legend=None),
        opacity=alt.Opacity("shade:Q", scale=None, legend=None),
    )  # fmt: skip
    middle = {"x": alt.X("mx:Q", scale=pixels, axis=None), "y": alt.Y("my:Q", scale=pixels, axis=None)}
    numbers = cells.mark_text(fontSize=9, color=INK, baseline="middle").encode(**middle, text="said:N")
    families = [roots.get(value) for value in matrix.values]
    edges = [0, *(i for i in range(1, n) if families[i] != families[i - 1]), n]
    lines = [{"x": 0, "x2": side, "y": i * cell, "y2": i * cell} for i in edges]
    lines += [{"x": i * cell, "x2": i * cell, "y": 0, "y2": side} for i in edges]
    frame = alt.Chart(data(lines)).mark_rule(color=LINE).encode(x=x, y=y, x2="x2:Q", y2="y2:Q")
    heads = _heads(alt, matrix, names, roots, cell, middle)
    return drawing.svg(alt.layer(squares, numbers, frame, *heads).properties(width=side, height=side), label)


def _cells(matrix: Matrix, cell: int) -> list[dict[str, Any]]:
    """The cells with something in them, in pixels; agreement on the diagonal in another colour."""
    found = []
    for i, counts in enumerate(matrix.counts):
        total = sum(counts)
        for j, count in enumerate(counts):
            if count >= SMALLEST:
                found.append(
                    {
                        "x": j * cell, "x2": (j + 1) * cell, "y": i * cell, "y2": (i + 1) * cell, "mx": (j + 0.5) * cell,
                        "my": (i + 0.5) * cell, "said": f"{count:.0f}" if count >= 0.5 else "·",
                        "colour": STAND_INS["--bar" if i == j else "--bad"],
                        "shade": round(0.12 + 0.4 * (count / total) ** 0.6, 3),
                    }
                )  # fmt: skip
    return found


def _heads(
    alt: Any,
    matrix: Matrix,
    names: Mapping[str, str],
    roots: Mapping[str, str],
    cell: int,
    middle: Mapping[str, Any],
) -> list[Any]:
    """What rows and columns are called; the roots in bold."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for i, value in enumerate(matrix.values):
        weight = "bold" if roots.get(value) == value else "normal"
        name = printable(f"{value} {names.get(value, '')}".strip())
        at = (i + 0.5) * cell
        rows.setdefault(weight, []).append({"mx": at, "my": at, "value": printable(value), "name": name})
    layers = []
    for weight, some in rows.items():
        chart = alt.Chart(data(some))
        like = {"align": "left", "baseline": "middle", "fontSize": 11, "fontWeight": weight, "color": INK}
        layers += [
            chart.mark_text(limit=HEAD - 34, **like).encode(y=middle["y"], x=alt.value(-HEAD), text="name:N"),
            chart.mark_text(limit=90, angle=270, **like).encode(
                x=middle["x"], y=alt.value(-6), text="value:N"
            ),
        ]
    return layers


def drift(windows: Sequence[Window], label: str) -> str:
    """A coder's agreement over the windows of its work: each window, the moving average, and the limits that chance would keep."""
    import altair as alt

    rows = [{**asdict(w), "label": None, "version": printable(w.version)} for w in windows]
    lowest = min([0.0, *(v for w in windows for v in (w.low, w.value) if v is not None)])
    scale = alt.Scale(
        domain=[lowest, max([1.0, *(w.high for w in windows if w.high is not None)])], nice=False
    )
    axis = alt.Axis(title=None, values=[0, 0.5, 1], domain=False, ticks=False, labelExpr=TICK.format(".1f"))
    x = alt.X(
        "place:O",
        axis=alt.Axis(title=None, labelAngle=0, labelOverlap="greedy", ticks=False, domainColor=SOFT),
    )

    def y(name: str) -> Any:
        return alt.Y(f"{name}:Q", scale=scale, axis=axis)

    base = alt.Chart(data(rows))
    limited = alt.Chart(data([row for row in rows if row["low"] is not None]))
    band = limited.mark_area(color=STAND_INS["--bar"], opacity=0.3).encode(
        x=x, y=y("low"), y2="high:Q", detail="version:N"
    )
    seen = base.mark_point(color=SOFT, size=26, filled=True, opacity=0.8).encode(x=x, y=y("value"))
    moving = base.mark_line(color=STAND_INS["--accent"], strokeWidth=2).encode(
        x=x, y=y("ewma"), detail="version:N"
    )
    layers = [*([band] if any(row["low"] is not None for row in rows) else []), seen, moving]
    for side, (shape, colour) in OUTSIDE.items():
        out = [row for row in rows if row["side"] == side]
        marks = alt.Chart(data(out)).mark_point(
            shape=shape, color=STAND_INS[colour], size=90, filled=True, opacity=1
        )
        layers += [marks.encode(x=x, y=y("ewma"))] if out else []
    return drawing.svg(alt.layer(*layers).properties(width=WIDTH - 30, height=120), label)
