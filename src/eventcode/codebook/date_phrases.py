"""Words that date something ("last night", "recently", nothing at all) as an interval, by the table of a codebook.

The first phrase of the table that occurs in the words decides. Its `start` and `end` are steps, taken one after the other from the day of
publication:

| step | goes to |
|---|---|
| `P` | the day of publication itself |
| `-1d`, `+2d`, `-1w`, `-1m`, `-1y` | so many days, weeks, months, years on |
| `week_start`, `week_end` | the Monday or Sunday of that week |
| `month_start`, `month_end`, `year_start`, `year_end` | the first or last day |
| `weekday` | the last day before it with the name in the group `weekday` of the phrase (`monday`) |
| `month` | the first day of the last month of the name in the group `month` that has begun by then, or of the one in the group `year` |
| `day` | the day of that month in the group `day` |

Nothing that is told has happened after it was told: an interval that starts after the publication is taken a year back, one that only ends
after it ends with it. The precision of an interval that was cut is that of its days, by the `spans` of the table.

`{n}` and `{unit}` stand for what the groups of that name caught: `-{n}{unit}` for "three weeks ago". Number words up to twelve are read.
"""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from eventcode.dates import MONTHS
from eventcode.errors import CodebookError
from eventcode.model import Codebook, DatePhrase

MAX_WORDS = 300  # of a text: a phrase that dates something stands in a sentence
SHIFT = re.compile(r"([+-])([0-9]+)([dwmy])")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "couple": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
           "ten": 10, "eleven": 11, "twelve": 12}  # fmt: skip
Groups = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Dated:
    """The days between which something lies, both included, the precision on the codebook's scale, and the entry that decided."""

    start: datetime.date
    end: datetime.date
    precision: str
    entry: DatePhrase


def date(codebook: Codebook, words: str, published: datetime.date) -> Dated:
    """What the words of a text say of the day, given the day of publication; `words` may be empty.

    CodebookError where the codebook has no table, no entry for these words, or where they name a day that there is not or that is still
    to come.
    """
    if not codebook.date_phrases:
        raise CodebookError(
            f"{codebook.reference} has no date phrases", f"write codebook/{codebook.id}/dates.yaml"
        )
    plain = " ".join(words.casefold().split())[:MAX_WORDS]
    for entry in codebook.date_phrases:
        match = _match(entry, plain)
        if match is not None:
            groups = {name: value for name, value in match.groupdict().items() if value is not None}
            try:
                start, end = _interval(entry, published, groups)
            except (ValueError, OverflowError, KeyError) as error:
                raise CodebookError(
                    f"'{words}' names no day that there is: {error}", "give the date itself"
                ) from error
            if start > published:
                raise CodebookError(
                    f"'{words}' lies after the publication on {published}", "date what is planned by hand"
                )
            end = min(end, published)
            return Dated(start, end, _precision(codebook, entry, (end - start).days + 1), entry)
    raise CodebookError(f"no date phrase of {codebook.reference} fits '{words}'", "give the date itself")


def _match(entry: DatePhrase, words: str) -> re.Match[str] | None:
    try:
        return re.search(entry.phrase, words)
    except re.error as error:
        raise CodebookError(
            f"{entry.place}: the phrase is no regular expression: {error}", "correct it in dates.yaml"
        ) from error


def _interval(
    entry: DatePhrase, published: datetime.date, groups: Groups
) -> tuple[datetime.date, datetime.date]:
    """The days that an entry stands for; taken from a year earlier where they would start after the publication."""
    start, end = (_go(steps, published, groups) for steps in (entry.start, entry.end))
    if start <= published or "year" in groups:
        return start, end
    before = _months(published, -12)
    return _go(entry.start, before, groups), _go(entry.end, before, groups)


def _precision(codebook: Codebook, entry: DatePhrase, days: int) -> str:
    """The precision of an entry, unless its interval has more or fewer days than that precision has."""
    spans = {span.precision: span for span in codebook.date_spans}
    own = spans.get(entry.precision)
    if own is None or own.at_least <= days <= own.at_most:
        return entry.precision
    return next(
        (span.precision for span in codebook.date_spans if span.at_least <= days <= span.at_most),
        entry.precision,
    )


def check(steps: str, phrase: str) -> None:
    """Refuse steps that cannot be taken for a phrase: ValueError says why."""
    groups = re.compile(phrase).groupindex
    for name in re.findall(r"\{(\w+)\}", steps):
        if name not in groups:
            raise ValueError(f"the phrase has no group '{name}'")
    sample = dict.fromkeys(groups, "2") | {"n": "2", "unit": "d", "weekday": "monday", "month": "may"}
    for step in steps.format_map(sample).split():
        if step in ("weekday", "month", "day") and step not in groups:
            raise ValueError(f"the phrase has no group '{step}'")
        if step not in _STEPS and SHIFT.fullmatch(step) is None:
            raise ValueError(f"'{step}' is no step")


def _go(steps: str, published: datetime.date, groups: Groups) -> datetime.date:
    at = published
    spelt = {**groups, "n": str(_number(groups.get("n", "0"))), "unit": groups.get("unit", "d")[0]}
    for step in steps.format_map(spelt).split():
        shift = SHIFT.fullmatch(step)
        at = _shifted(at, shift) if shift else _STEPS[step](at, groups)
    return at


def _number(text: str) -> int:
    return int(text) if text.isdigit() else NUMBERS[text]


def _shifted(at: datetime.date, shift: re.Match[str]) -> datetime.date:
    number = int(f"{shift[1]}{shift[2]}")
    if shift[3] in "dw":
        return at + datetime.timedelta(days=number * (7 if shift[3] == "w" else 1))
    return _months(at, number * (12 if shift[3] == "y" else 1))


def _months(at: datetime.date, number: int) -> datetime.date:
    """So many months on, at the end of the month where it is shorter."""
    year, month = divmod(at.year * 12 + at.month - 1 + number, 12)
    return datetime.date(year, month + 1, min(at.day, calendar.monthrange(year, month + 1)[1]))


def _weekday(at: datetime.date, groups: Groups) -> datetime.date:
    wanted = next(i for i, name in enumerate(WEEKDAYS) if name.startswith(groups["weekday"][:3]))
    return at - datetime.timedelta(days=(at.weekday() - wanted - 1) % 7 + 1)


def _month(at: datetime.date, groups: Groups) -> datetime.date:
    wanted = next(i for i, name in enumerate(MONTHS, 1) if name.startswith(groups["month"][:3]))
    year = int(groups["year"]) if "year" in groups else at.year if wanted <= at.month else at.year - 1
    return datetime.date(year, wanted, 1)


def _day(at: datetime.date, groups: Groups) -> datetime.date:
    """The day of the month; of 29 February without a year, the last one that there was."""
    day = int(groups["day"])
    while (at.month, day) == (2, 29) and "year" not in groups and not calendar.isleap(at.year):
        at = at.replace(year=at.year - 1)
    return at.replace(day=day)


def _month_end(at: datetime.date, groups: Groups) -> datetime.date:
    return at.replace(day=calendar.monthrange(at.year, at.month)[1])


_STEPS: Mapping[str, Callable[[datetime.date, Groups], datetime.date]] = {
    "P": lambda at, groups: at,
    "week_start": lambda at, groups: at - datetime.timedelta(days=at.weekday()),
    "week_end": lambda at, groups: at + datetime.timedelta(days=6 - at.weekday()),
    "month_start": lambda at, groups: at.replace(day=1),
    "month_end": _month_end,
    "year_start": lambda at, groups: datetime.date(at.year, 1, 1),
    "year_end": lambda at, groups: datetime.date(at.year, 12, 31),
    "weekday": _weekday,
    "month": _month,
    "day": _day,
}
