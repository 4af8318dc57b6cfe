"""What is suggested for a word that is not known."""

from __future__ import annotations

import pytest

from eventcode.shape import did_you_mean


@pytest.mark.parametrize(
    ("word", "known", "hint"),
    [
        ("relais", ["realis", "date"], "did you mean 'realis'?"),
        ("UCDP", ["acled", "ucdp"], "did you mean 'ucdp'?"),
        ("colour", ["date"], "one of: date"),
        ("40", ["140", "04", "040"], "did you mean '040'?"),
        ("4", ["04", "040", "14"], "did you mean '04'?"),
        ("40.0", ["140", "040"], "did you mean '040'?"),
        ("101", ["010", "011"], "did you mean '011'?"),
        ("0404", ["404"], "did you mean '404'?"),
        ("11223", ["11233"], "did you mean '11233'?"),
        ("²", ["2"], "one of: 2"),
        ("9" * 5_000, ["9"], "one of: 9"),
    ],
)
def test_the_nearest_is_suggested_and_to_a_number_what_differs_in_leading_zeros(
    word: str, known: list[str], hint: str
) -> None:
    assert did_you_mean(word, known) == hint


def test_a_long_list_is_cut_and_says_how_many_more_there_are() -> None:
    known = [f"value-{n}" for n in range(33)]
    assert did_you_mean("quite another", known).endswith("value-28, value-29, … (3 more)")
    assert did_you_mean("quite another", known[:30]).endswith("value-28, value-29")
