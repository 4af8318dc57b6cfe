"""Dates in ISO 8601 and EDTF, and the intervals that they stand for."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventcode import dates
from eventcode.dates import Interval
from strategies import intervals

FORMS = [
    ("2025-06-16", "2025-06-16", "2025-06-16", "day"),
    ("2024-02-29", "2024-02-29", "2024-02-29", "day"),
    ("2025-06", "2025-06-01", "2025-06-30", "month"),
    ("2024-02", "2024-02-01", "2024-02-29", "month"),
    ("2025", "2025-01-01", "2025-12-31", "year"),
    ("2025-21", "2025-03-01", "2025-05-31", "season"),
    ("2025-22", "2025-06-01", "2025-08-31", "season"),
    ("2025-23", "2025-09-01", "2025-11-30", "season"),
    ("2025-24", "2025-12-01", "2026-02-28", "season"),
    ("2023-24", "2023-12-01", "2024-02-29", "season"),
    ("202X", "2020-01-01", "2029-12-31", "decade"),
    ("2025-06-16~", "2025-06-16", "2025-06-16", "about_day"),
    ("2025-04~", "2025-04-01", "2025-04-30", "about_month"),
    ("2025~", "2025-01-01", "2025-12-31", "about_year"),
    ("2025-01/2025-06-16", "2025-01-01", "2025-06-16", "interval"),
    ("2025/2026", "2025-01-01", "2026-12-31", "interval"),
    ("2025-06-16/2025-06-16", "2025-06-16", "2025-06-16", "interval"),
    ("2025-01/..", "2025-01-01", None, "after"),
    ("../2025-06-16", None, "2025-06-16", "before"),
    ("../2025-06", None, "2025-06-30", "before"),
    ("0999", "0999-01-01", "0999-12-31", "year"),
]  # fmt: skip

REFUSED = [
    ("", "'' is no date"),
    ("June 2025", "'June 2025' is no date"),
    ("16.06.2025", "'16.06.2025' is no date"),
    ("06/16/2025", "'06' is no date"),
    ("2025-6-16", "'2025-6-16' is no date"),
    ("2025-13", "'2025-13' is no date"),
    ("2025-13-01", "'2025-13-01' is no date"),
    ("2025-02-29", "'2025-02-29' is no date"),
    ("0000", "'0000' is no date"),
    ("000X", "'000X' is no date"),
    ("9999-24", "'9999-24' is no date"),
    ("٢٠٢٥", "'٢٠٢٥' is no date"),
    ("2025?", "'2025?' is no date"),
    ("202X~", "'202X~' is no date"),
    ("2025-21~", "'2025-21~' is no date"),
    ("2025-06-16T10:00:00Z", "'2025-06-16T10:00:00Z' is no date"),
    ("../..", "'../..' is open on both sides, which says nothing"),
    ("/", "'' is no date"),
    ("2025/", "'' is no date"),
    ("2025-01/2025-02/2025-03", "'2025-02/2025-03' is no date"),
    ("2025-01~/2025-03", "'2025-01~' is approximate inside an interval; write the outer days instead"),
    ("../2025~", "'2025~' is approximate inside an interval; write the outer days instead"),
]  # fmt: skip


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


@pytest.mark.parametrize(("written", "start", "end", "precision"), FORMS)
def test_every_form_is_an_interval_with_a_precision(
    written: str, start: str | None, end: str | None, precision: str
) -> None:
    assert dates.parse(written) == Interval(_day(start), _day(end), precision)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form[0])
def test_what_is_written_says_the_same_when_it_is_read_again(form: tuple[str, str, str, str]) -> None:
    interval = dates.parse(form[0])
    assert dates.parse(dates.format(interval)) == interval


def test_every_precision_has_a_form() -> None:
    assert {precision for *_, precision in FORMS} == set(dates.PRECISIONS)


@pytest.mark.parametrize(("written", "message"), REFUSED)
def test_nothing_else_is_taken_for_a_date(written: str, message: str) -> None:
    with pytest.raises(ValueError, match="no date|open on both|approximate") as caught:
        dates.parse(written)
    assert str(caught.value).partition(": ")[0] == message


def test_space_around_a_date_is_ignored() -> None:
    assert dates.parse(" 2025-06 ") == dates.parse("2025-06")


def test_a_reversed_interval_is_kept_as_written_for_a_rule_to_find() -> None:
    interval = dates.parse("2025-06-16/2025-01-01")
    assert interval == Interval(date(2025, 6, 16), date(2025, 1, 1), "interval")
    assert dates.format(interval) == "2025-06-16/2025-01-01"


@pytest.mark.parametrize(
    "interval",
    [
        Interval(date(2025, 6, 2), date(2025, 6, 30), "month"),
        Interval(date(2025, 6, 1), date(2025, 6, 30), "day"),
        Interval(None, None, "before"),
        Interval(date(2025, 1, 1), date(2025, 6, 30), "after"),
        Interval(date(2025, 1, 1), None, "year"),
        Interval(date(2025, 1, 1), date(2025, 1, 1), "contested"),
    ],
)
def test_columns_that_contradict_each_other_cannot_be_written_as_one_date(interval: Interval) -> None:
    assert not dates.expressible(interval)
    with pytest.raises(ValueError):  # noqa: PT011 (one message per way of contradicting)
        dates.format(interval)


@given(intervals().filter(dates.expressible))
def test_whatever_can_be_written_reads_back_the_same(interval: Interval) -> None:
    assert dates.parse(dates.format(interval)) == interval


@given(st.text(alphabet="0123456789-/~.XT ", max_size=24) | st.text(max_size=12))
def test_no_text_makes_the_reader_of_dates_stumble(text: str) -> None:
    try:
        interval = dates.parse(text)
    except ValueError:
        return
    assert interval.precision in dates.PRECISIONS
    assert dates.expressible(interval)
