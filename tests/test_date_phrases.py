"""Words that date something, as days and a precision, by the table of UCDP."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from eventcode.cli import group
from eventcode.codebook import date_phrases
from eventcode.codebook.load import load
from eventcode.errors import CodebookError
from tiny_codebook import files, write

UCDP = load("ucdp")
SAID = [example["phrase"] for entry in UCDP.date_phrases for example in entry.examples]
MONDAY = date(2025, 6, 16)


@pytest.mark.parametrize(
    ("words", "start", "end", "precision"),
    [
        ("last night", "2025-06-15", "2025-06-16", "2"),
        ("Yesterday", "2025-06-15", "2025-06-15", "1"),
        ("three weeks ago", "2025-05-23", "2025-05-29", "3"),
        ("over the weekend", "2025-06-14", "2025-06-15", "2"),
        ("on 3 May", "2025-05-03", "2025-05-03", "1"),
        ("on 20 June", "2024-06-20", "2024-06-20", "1"),
        ("on 3 May 2019", "2019-05-03", "2019-05-03", "1"),
        ("", "2025-06-10", "2025-06-16", "3"),
    ],
)
def test_words_stand_for_days(words: str, start: str, end: str, precision: str) -> None:
    found = date_phrases.date(UCDP, words, MONDAY)

    assert (found.start.isoformat(), found.end.isoformat(), found.precision) == (start, end, precision)


def test_recently_is_wide_and_says_whose_decision_that_is() -> None:
    found = date_phrases.date(UCDP, "recently", MONDAY)

    assert found.entry.basis == "ours"
    assert found.precision in ("4", "5")
    assert found.end == MONDAY


def test_words_that_no_row_fits_are_an_error_and_no_guess() -> None:
    with pytest.raises(CodebookError, match="no date phrase of ucdp@1.1.0 fits 'once upon a time'"):
        date_phrases.date(UCDP, "once upon a time", MONDAY)


def test_a_date_after_the_publication_is_refused_where_the_year_is_given() -> None:
    with pytest.raises(CodebookError, match="'on 3 May 2029' lies after the publication on 2025-06-16"):
        date_phrases.date(UCDP, "on 3 May 2029", MONDAY)


@pytest.mark.parametrize(
    ("words", "published", "start", "end"),
    [
        ("in late February", "2025-02-10", "2024-02-21", "2024-02-29"),
        ("on 29 February", "2025-03-10", "2024-02-29", "2024-02-29"),
        ("on 31 January", "2025-02-10", "2025-01-31", "2025-01-31"),
        ("on 31 December", "2025-01-02", "2024-12-31", "2024-12-31"),
    ],
)
def test_the_ends_of_months_and_leap_days_are_what_they_were(
    words: str, published: str, start: str, end: str
) -> None:
    found = date_phrases.date(UCDP, words, date.fromisoformat(published))

    assert (found.start.isoformat(), found.end.isoformat()) == (start, end)


@pytest.mark.parametrize(
    "words",
    [
        "on 31 June",
        "on 99 March",
        "on 0 March",
        "on 29 February 2023",
        "3000 years ago",
        "99999999999 days ago",
        "in May 0000",
    ],
)
def test_a_day_that_there_is_not_is_an_error_and_no_guess(words: str) -> None:
    with pytest.raises(CodebookError, match=f"'{words}' names no day that there is|no date phrase of ucdp"):
        date_phrases.date(UCDP, words, MONDAY)


def test_a_phrase_that_is_no_regular_expression_is_told_with_its_place(tmp_path: Path) -> None:
    found = files()
    found["dates.yaml"] = {
        "phrases": [{"phrase": "last (night", "start": "-1d", "end": "P", "precision": "1"}]
    }

    with pytest.raises(
        CodebookError, match=r"dates.yaml:2  phrases\[0\]: the phrase is no regular expression"
    ):
        date_phrases.date(load(write(tmp_path, found)), "last night", MONDAY)


def test_a_codebook_without_a_table_says_so() -> None:
    with pytest.raises(CodebookError, match="plover@1.0.0 has no date phrases"):
        date_phrases.date(load("plover"), "yesterday", MONDAY)


@given(words=st.sampled_from(SAID), days=st.integers(0, 3000))
def test_nothing_is_dated_after_its_publication_and_the_precision_fits_the_span(
    words: str, days: int
) -> None:
    published = date(2019, 1, 1) + timedelta(days=days)
    try:
        found = date_phrases.date(UCDP, words, published)
    except CodebookError:
        assert any(
            part.isdigit() and len(part) == 4 for part in words.split()
        )  # a year that is still to come
        return

    assert found.start <= found.end <= published
    span = next(span for span in UCDP.date_spans if span.precision == found.precision)
    assert span.at_least <= (found.end - found.start).days + 1 <= span.at_most


def test_the_command_prints_the_days_and_the_precision() -> None:
    result = CliRunner().invoke(group, ["codebook", "date", "last", "night", "--published", "2025-06-16"])

    assert result.stdout == "2025-06-15/2025-06-16  precision 2\n"
    refused = CliRunner().invoke(group, ["codebook", "date", "last", "night", "--published", "16.6.2025"])
    assert refused.exit_code == 2
    assert "'16.6.2025' is no day; write it as 2025-06-16" in refused.stderr
