"""Markdown that reads well before it is rendered: tables with aligned columns, wrapped paragraphs."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

WIDTH = 110


def table(header: Sequence[str], rows: Iterable[Sequence[object]], right: Sequence[int] = ()) -> str:
    """A table; `right` names the columns of numbers by position. The last column is not padded. No rows, no table."""
    cells = [[_cell(value) for value in row] for row in rows]
    if not cells:
        return ""
    widths = [max(len(row[i]) for row in [[*header], *cells]) for i in range(len(header))]
    widths[-1] = widths[-1] if len(header) - 1 in right else 0
    rule = [("-" * (width - 1) + ":") if i in right else "-" * (width or 3) for i, width in enumerate(widths)]
    lines = [_line([*header], widths, right), _line(rule, widths, right)]
    return "\n".join([*lines, *(_line(row, widths, right) for row in cells)])


def paragraph(text: str) -> str:
    """A text of several paragraphs, each wrapped."""
    parts = [" ".join(part.split()) for part in str(text).split("\n\n")]
    return "\n\n".join(_wrapped(part) for part in parts if part)


def bullets(items: Iterable[str]) -> str:
    """A list, wrapped with hanging indents."""
    return "\n".join(_wrapped(" ".join(str(item).split()), "- ", "  ") for item in items)


def count(number: int, one: str, many: str | None = None) -> str:
    """`1 event`, `1,204 events`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def share(part: int, whole: int) -> str:
    """`25%`, or nothing of nothing."""
    return f"{100 * part / whole:.0f}%" if whole else "–"


def size(number: int) -> str:
    """Bytes in kB or MB (powers of ten)."""
    return f"{number / 1e6:,.1f} MB" if number >= 1e6 else f"{max(1, round(number / 1e3)):,} kB"


def were(number: int) -> str:
    """The verb that goes with a count."""
    return "was" if number == 1 else "were"


def _wrapped(text: str, first: str = "", rest: str = "") -> str:
    return textwrap.fill(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _cell(value: object) -> str:
    return "" if value is None else " ".join(str(value).split()).replace("|", "\\|")


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[int]) -> str:
    padded = [
        c.rjust(w) if i in right else c.ljust(w) for i, (c, w) in enumerate(zip(cells, widths, strict=True))
    ]
    return "| " + " | ".join(padded) + " |"
