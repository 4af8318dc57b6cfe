"""Charts of a page: drawn by altair without a browser or a network, and set into the page as plain SVG.

Colours are those of the page, so that a chart follows it into the dark: altair draws with stand-ins, which are then replaced.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from eventcode.errors import EventcodeError

STAND_INS = {
    "--ink": "#0a0c00", "--soft": "#0a0c01", "--line": "#0a0c02", "--bar": "#0a0c03", "--accent": "#0a0c04", "--good": "#0a0c05",
    "--warn": "#0a0c06", "--bad": "#0a0c07", "--calm": "#0a0c08", "--paper": "#0a0c09", "--wash": "#0a0c0a",
}  # fmt: skip
INK, SOFT, LINE = STAND_INS["--ink"], STAND_INS["--soft"], STAND_INS["--line"]
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


def data(rows: Iterable[Mapping[str, Any]]) -> Any:
    """Rows as altair takes them."""
    import altair as alt

    made: Any = alt.Data
    return made(values=[dict(row) for row in rows])


def dressed(chart: Any) -> Any:
    """A chart without frame or background, in the page's letters."""
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


def svg(chart: Any, label: str) -> str:
    """A chart in the page's colours, as one picture to those who have it read out; `label` is the id of what names it."""
    import vl_convert

    drawn = vl_convert.vegalite_to_svg(dressed(chart).to_dict(validate=False))
    plain = _ROLES.sub("", drawn).replace('font-family="sans-serif"', 'font-family="inherit"')
    for name, colour in STAND_INS.items():
        plain = plain.replace(f'"{colour}"', f'"var({name})"')
    return plain.replace("<svg ", f'<svg role="img" aria-labelledby="{label}" ', 1)
