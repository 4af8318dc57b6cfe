"""When two printings of a name are one."""

from __future__ import annotations

import pytest

from eventcode.sourcing import normal_name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Al-Sudani", "al sudani"), ("ALI\u00a0 HASAN.", "Ali Hasan"), ("Ｒｅｕｔｅｒｓ", "reuters"), ("Straße", "STRASSE"),
        ("Cafe\u0301", "Café"), ("AFP\u200b", "afp"),
    ],
)  # fmt: skip
def test_names_that_differ_in_case_spacing_or_punctuation_are_one(one: str, other: str) -> None:
    assert normal_name(one) == normal_name(other)


@pytest.mark.parametrize(("one", "other"), [("किसान", "कसान"), ("Ali Hasan", "Ali Hassan"), ("?", "!")])
def test_names_that_differ_in_a_letter_or_a_vowel_sign_are_two(one: str, other: str) -> None:
    assert normal_name(one) != normal_name(other)
