"""The charts of a report of findings: bars of each severity, and columns over time."""

from __future__ import annotations

from typing import Any

from eventcode.checks.report.tallies import KINDS, Tally
from eventcode.checks.report.words import printable
from eventcode.codebook.site import drawing
from eventcode.codebook.site.drawing import INK, SOFT, data
from eventcode.codebook.site.drawing import needed as needed

WIDTH, LONGEST = 330, 80
COLOURS = {"error": "--bad", "warning": "--warn", "flag": "--calm", "waived": "--bar"}
STAND_INS = {kind: drawing.STAND_INS[name] for kind, name in COLOURS.items()}


def svg(tally: Tally) -> str:
    """A chart as SVG that can stand in a page; what it says is in its label and in the table beside it."""
    return drawing.svg(_columns(tally) if tally.id == "over-time" else _bars(tally), tally.id)


def _label(text: str) -> str:
    """A label without control characters: what draws the charts aborts the whole process at one."""
    return printable(text)[:LONGEST]


def _rows(tally: Tally) -> list[dict[str, Any]]:
    return [
        {
            "label": _label(label),
            "place": place,
            "kind": kind,
            "order": KINDS.index(kind),
            "n": numbers.get(kind, 0),
        }
        for place, (label, numbers) in enumerate(tally.bars)
        for kind in (tally.kinds if any(numbers.values()) else ("error",))
        if numbers.get(kind) or not any(numbers.values())
    ]


def _bars(tally: Tally) -> Any:
    """Bars from left to right, each with its label above and its number behind."""
    import altair as alt

    sums: list[dict[str, Any]] = [
        {
            "label": _label(label),
            "place": place,
            "n": sum(numbers.values()),
            "said": f"{sum(numbers.values()):,}",
        }
        for place, (label, numbers) in enumerate(tally.bars)
    ]
    most = max(row["n"] for row in sums)
    line = alt.Y("place:O", axis=None, scale=alt.Scale(paddingInner=0.0, paddingOuter=0.0))
    length = alt.Scale(domain=[0, most], range=[0, WIDTH - 52])
    bars = (
        alt.Chart(data(_rows(tally)))
        .mark_bar(height=9, yOffset=9)
        .encode(y=line, x=alt.X("n:Q", axis=None, scale=length), color=_colour(alt), order="order:Q")
    )
    total = alt.Chart(data(sums))
    labels = total.mark_text(align="left", baseline="middle", dy=-7, limit=WIDTH, color=INK).encode(
        y=line, x=alt.value(0), text="label:N"
    )
    numbers = total.mark_text(align="left", baseline="middle", dx=5, dy=9, color=SOFT).encode(
        y=line, x=alt.X("n:Q", axis=None, scale=length), text="said:N"
    )
    return alt.layer(bars, labels, numbers).properties(width=WIDTH, height=alt.Step(36))


def _columns(tally: Tally) -> Any:
    """Columns side by side, in the order of time."""
    import altair as alt

    labels = alt.Axis(
        title=None, labelAngle=0, labelOverlap="greedy", labelSeparation=8, ticks=False, domainColor=SOFT
    )
    numbers = alt.Axis(title=None, tickMinStep=1, format=",d", tickCount=4, domain=False, ticks=False)
    chart = alt.Chart(data(_rows(tally))).mark_bar()
    return chart.encode(
        x=alt.X("label:O", sort=None, axis=labels, scale=alt.Scale(paddingInner=0.15, paddingOuter=0.1)),
        y=alt.Y("n:Q", axis=numbers), color=_colour(alt), order="order:Q",
    ).properties(width=min(WIDTH - 46, max(60, 30 * len(tally.bars))), height=150)  # fmt: skip


def _colour(alt: Any) -> Any:
    scale = alt.Scale(domain=[*STAND_INS], range=[*STAND_INS.values()])
    return alt.Color("kind:N", scale=scale, legend=None)
