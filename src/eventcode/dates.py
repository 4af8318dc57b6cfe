"""Dates as the text gives them: ISO 8601 or EDTF in, an interval with a precision out, and back again.

The part of EDTF (ISO 8601-2:2019) that event coding needs; everything else is refused, so that no date is guessed:

| written | start | end | precision |
|---|---|---|---|
| `2025-06-16` | 2025-06-16 | 2025-06-16 | day |
| `2025-06` | 2025-06-01 | 2025-06-30 | month |
| `2025` | 2025-01-01 | 2025-12-31 | year |
| `2025-21` (spring; 22 summer, 23 autumn, 24 winter) | 2025-03-01 | 2025-05-31 | season |
| `202X` | 2020-01-01 | 2029-12-31 | decade |
| `2025-04~`, `2025-04-03~`, `2025~` | as without `~` | | about_month, about_day, about_year |
| `2025-01/2025-06-16` | 2025-01-01 | 2025-06-16 | interval |
| `2025-01/..` | 2025-01-01 | | after |
| `../2025-06-16` | | 2025-06-16 | before |

Winter runs from December of the year named to the end of February of the next.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

PRECISIONS = (
    "day", "month", "season", "year", "decade", "interval", "before", "after",
    "about_day", "about_month", "about_year",
)  # fmt: skip
MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
)  # fmt: skip
HINT = "write a date as 2025-06-16, 2025-06, 2025, 2025-01/2025-06-16, 2025-01/.. or 2025-04~"

_FORMS = (
    ("day", re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")),
    ("season", re.compile(r"([0-9]{4})-(2[1-4])")),
    ("month", re.compile(r"([0-9]{4})-([0-9]{2})")),
    ("year", re.compile(r"([0-9]{4})")),
    ("decade", re.compile(r"([0-9]{3})X")),
)
_APPROXIMATE = ("day", "month", "year")


@dataclass(frozen=True, slots=True)
class Interval:
    """The days between which something lies, both included; None is an open side."""

    start: date | None
    end: date | None
    precision: str


def parse(text: str) -> Interval:
    """The interval that `text` names; ValueError says what is wrong with it.

    An interval whose end is before its start is returned as written: that is a finding, not a misspelling.
    """
    text = text.strip()
    if "/" not in text:
        return _point(text)
    left, _, right = text.partition("/")
    if left == ".." and right == "..":
        raise ValueError(f"'{text}' is open on both sides, which says nothing")
    if left == "..":
        return Interval(None, _plain(right).end, "before")
    if right == "..":
        return Interval(_plain(left).start, None, "after")
    return Interval(_plain(left).start, _plain(right).end, "interval")


def format(interval: Interval) -> str:
    """The shortest text that `parse` turns into `interval`; ValueError where there is none."""
    text = _format(interval)
    if parse(text) != interval:
        raise ValueError(f"{interval} is no {interval.precision}")
    return text


def expressible(interval: Interval) -> bool:
    """Whether the three columns say one thing: some text parses to exactly them."""
    try:
        format(interval)
    except ValueError:
        return False
    return True


def _plain(text: str) -> Interval:
    if text.endswith("~"):
        raise ValueError(f"'{text}' is approximate inside an interval; write the outer days instead")
    return _point(text)


def _point(text: str) -> Interval:
    approximate = text.endswith("~")
    body = text[:-1] if approximate else text
    for precision, form in _FORMS:
        match = form.fullmatch(body)
        if match and (not approximate or precision in _APPROXIMATE):
            start, end = _bounds(precision, [int(part) for part in match.groups()], text)
            return Interval(start, end, f"about_{precision}" if approximate else precision)
    raise ValueError(f"'{text}' is no date")


def _bounds(precision: str, parts: list[int], text: str) -> tuple[date, date]:
    try:
        return _SPANS[precision](*parts)
    except ValueError as error:
        raise ValueError(f"'{text}' is no date: {error}") from None


def _month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _month_span(year: int, month: int) -> tuple[date, date]:
    return date(year, month, 1), _month_end(year, month)


def _season_span(year: int, season: int) -> tuple[date, date]:
    first = (season - 20) * 3
    last_year, last = (year + 1, 2) if first == 12 else (year, first + 2)
    return date(year, first, 1), _month_end(last_year, last)


_SPANS: dict[str, Callable[..., tuple[date, date]]] = {
    "day": lambda year, month, day: (date(year, month, day),) * 2,
    "month": _month_span,
    "season": _season_span,
    "year": lambda year: (date(year, 1, 1), date(year, 12, 31)),
    "decade": lambda tens: (date(tens * 10, 1, 1), date(tens * 10 + 9, 12, 31)),
}


def _format(interval: Interval) -> str:
    start, end, precision = interval.start, interval.end, interval.precision
    if precision == "before" and end:
        return f"../{end}"
    if precision == "after" and start:
        return f"{start}/.."
    if not start or not end:
        raise ValueError(f"a date of precision {precision} needs both ends")
    if precision == "interval":
        return f"{start}/{end}"
    base = precision.removeprefix("about_")
    writers: dict[str, Callable[[date], str]] = {
        "day": date.isoformat,
        "month": lambda day: day.isoformat()[:7],
        "season": lambda day: f"{day.isoformat()[:4]}-{20 + day.month // 3}",
        "year": lambda day: day.isoformat()[:4],
        "decade": lambda day: day.isoformat()[:3] + "X",
    }
    if base not in writers:
        raise ValueError(f"'{precision}' is no precision of a date")
    return writers[base](start) + ("~" if precision != base else "")


def is_day(text: str) -> bool:
    """Whether `text` is a day of the calendar, written 2025-06-16."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
