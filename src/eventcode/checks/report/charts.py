"""The charts of a report: drawn by altair without a browser or a network, and set into the page as plain SVG.

Colours are those of the page, so that a chart follows it into the dark: altair draws with stand-ins, which are then replaced.
"""

from __future__ import annotations

import re
from typing import Any

from eventcode.checks.report.tallies import KINDS, Tally
from eventcode.checks.report.words import printable
from eventcode.errors import EventcodeError

WIDTH, LONGEST = 330, 80
COLOURS = {"error": "--bad", "warning": "--warn", "flag": "--calm", "waived": "--bar"}
STAND_INS = {kind: f"#0a0b0{i}" for i, kind in enumerate(COLOURS)}
INK, SOFT, LINE = "#0a0c00", "#0a0c01", "#0a0c02"
_ROLES = re.compile(r' (?:role|aria-[a-z]+)="[^"]*"')


def needed() -> None:
    """EventcodeError where what draws the charts is not installed."""
    try:
        import altair  # noqa: F401
        import vl_convert  # noqa: F401
    except ImportError as error:
        raise EventcodeError(
            f"a report needs altair and vl-convert-python: {error.name} is not installed",
            hint="run `pip install 'eventcode[report]'`",
        ) from error


def svg(tally: Tally) -> str:
    """A chart as SVG that can stand in a page; what it says is in its label and in the table beside it."""
    import vl_convert

    chart = _columns(tally) if tally.id == "over-time" else _bars(tally)
    drawn = vl_convert.vegalite_to_svg(chart.to_dict())
    return _as_of_the_page(drawn, tally)


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
        alt.Chart(_data(_rows(tally)))
        .mark_bar(height=9, yOffset=9)
        .encode(y=line, x=alt.X("n:Q", axis=None, scale=length), color=_colour(alt), order="order:Q")
    )
    total = alt.Chart(_data(sums))
    labels = total.mark_text(align="left", baseline="middle", dy=-7, limit=WIDTH, color=INK).encode(
        y=line, x=alt.value(0), text="label:N"
    )
    numbers = total.mark_text(align="left", baseline="middle", dx=5, dy=9, color=SOFT).encode(
        y=line, x=alt.X("n:Q", axis=None, scale=length), text="said:N"
    )
    return _dressed(alt.layer(bars, labels, numbers).properties(width=WIDTH, height=alt.Step(36)))


def _columns(tally: Tally) -> Any:
    """Columns side by side, in the order of time."""
    import altair as alt

    labels = alt.Axis(
        title=None, labelAngle=0, labelOverlap="greedy", labelSeparation=8, ticks=False, domainColor=SOFT
    )
    numbers = alt.Axis(title=None, tickMinStep=1, format=",d", tickCount=4, domain=False, ticks=False)
    chart = alt.Chart(_data(_rows(tally))).mark_bar()
    return _dressed(
        chart.encode(
            x=alt.X("label:O", sort=None, axis=labels, scale=alt.Scale(paddingInner=0.15, paddingOuter=0.1)),
            y=alt.Y("n:Q", axis=numbers), color=_colour(alt), order="order:Q",
        ).properties(width=min(WIDTH - 46, max(60, 30 * len(tally.bars))), height=150)
    )  # fmt: skip


def _data(rows: list[dict[str, Any]]) -> Any:
    import altair as alt

    made: Any = alt.Data
    return made(values=rows)


def _colour(alt: Any) -> Any:
    scale = alt.Scale(domain=[*STAND_INS], range=[*STAND_INS.values()])
    return alt.Color("kind:N", scale=scale, legend=None)


def _dressed(chart: Any) -> Any:
    return (
        chart.configure(
            background="transparent",
            padding={"left": 1, "top": 6, "right": 12, "bottom": 1},
            font="sans-serif",
        )
        .configure_view(stroke=None)
        .configure_text(fontSize=12)
        .configure_axis(labelColor=SOFT, labelFontSize=11, gridColor=LINE)
    )


def _as_of_the_page(drawn: str, tally: Tally) -> str:
    """The drawing in the page's colours and letters, as one picture to those who have it read out."""
    plain = _ROLES.sub("", drawn).replace('font-family="sans-serif"', 'font-family="inherit"')
    names = {STAND_INS[kind]: name for kind, name in COLOURS.items()} | {
        INK: "--ink",
        SOFT: "--soft",
        LINE: "--line",
    }
    for colour, name in names.items():
        plain = plain.replace(f'"{colour}"', f'"var({name})"')
    return plain.replace("<svg ", f'<svg role="img" aria-labelledby="{tally.id}" ', 1)
