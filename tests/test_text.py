"""The canonical form of a text, and evidence as spans of it."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventcode import text

WORDS = "The base was left.\n\nThe base stands empty."


@pytest.mark.parametrize(
    ("raw", "canonical"),
    [
        ("\ufeffA base", "A base"),
        ("\n\ufeff \ufeffA base", "A base"),
        ("a\u2028b\u0085c\x1fd", "a b\u0085c\x1fd"),
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("a\u00a0b\u2009c\td", "a b c d"),
        ("a  \nb\t\nc", "a\nb\nc"),
        ("a\n\n\n\n\nb", "a\n\nb"),
        ("a\n \n\t\n\u00a0\nb", "a\n\nb"),
        ("\n \n a \n\n", "a"),
        ("cafe\u0301", "caf\u00e9"),
        ("“No” — he said…", "“No” — he said…"),
        ("  two  spaces", "two  spaces"),
        ("", ""),
    ],
)  # fmt: skip
def test_the_canonical_form_is_the_one_described(raw: str, canonical: str) -> None:
    assert text.canonical(raw) == canonical


@given(st.text())
def test_the_canonical_form_of_a_canonical_form_is_itself(raw: str) -> None:
    once = text.canonical(raw)
    assert text.canonical(once) == once


@given(st.text())
def test_a_canonical_text_is_nfc_without_stray_spaces(raw: str) -> None:
    found = text.canonical(raw)
    assert unicodedata.is_normalized("NFC", found)
    assert not any(part in found for part in ("\r", "\t", "\u00a0", " \n", "\n\n\n"))
    assert found == found.strip(" \n")


def test_bytes_that_are_not_utf8_are_refused_with_their_place() -> None:
    with pytest.raises(ValueError, match="^byte 4 is not UTF-8$"):
        text.decode(b"base\xff")


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert text.decode("\ufeffa base".encode()) == "a base"


def test_offsets_count_code_points_and_not_bytes_or_pairs() -> None:
    words = text.canonical("𐍈🕊 cafe\u0301 left")
    assert text.locate(words, "café") == (3, 7)
    assert words[3:7] == "café"


def test_a_quote_is_found_however_its_spaces_and_accents_are_written() -> None:
    words = text.canonical("The café was left.")
    assert text.locate(words, " cafe\u0301\u00a0was ") == (4, 12)


@pytest.mark.parametrize(
    ("quote", "message"),
    [
        ("The base", "the quote stands 2 times in the text"),
        ("the camp", "the quote is not in the text"),
        ("", "the quote is not in the text"),
        (" \n", "the quote is not in the text"),
    ],
)
def test_a_quote_must_stand_in_the_text_once(quote: str, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        text.locate(WORDS, quote)


def test_a_quote_that_overlaps_itself_stands_there_twice() -> None:
    with pytest.raises(ValueError, match="^the quote stands 2 times in the text$"):
        text.locate("gogogo", "gogo")


@pytest.mark.parametrize(("start", "end"), [(-1, 3), (3, 3), (5, 4), (0, 43)])
def test_a_span_must_lie_in_the_text(start: int, end: int) -> None:
    with pytest.raises(ValueError, match=f"^the span {start}–{end} lies outside the text of 42 code points$"):
        text.span(WORDS, start, end)


def test_the_words_at_the_span_are_verified() -> None:
    evidence = text.span(WORDS, 4, 8)
    assert text.verify(WORDS, evidence) == text.Verdict("verified", 4, 8)


def test_words_that_moved_are_found_where_they_are_now() -> None:
    evidence = text.span(WORDS, 24, 28)
    longer = "A headline.\n\n" + WORDS
    assert text.verify(longer, evidence) == text.Verdict("moved", 17, 21)
    assert longer[17:21] == "base"


def test_of_several_places_the_nearest_counts() -> None:
    evidence = text.span("x base x base", 2, 6)
    assert text.verify("base … base", evidence) == text.Verdict("moved", 0, 4)


def test_words_that_are_gone_are_different() -> None:
    evidence = text.span(WORDS, 0, 8)
    assert text.verify("Nothing of the kind.", evidence) == text.Verdict("different")
    assert text.verify("", evidence) == text.Verdict("different")


@given(st.text(min_size=1, max_size=40).map(text.canonical).filter(bool), st.data())
def test_every_span_of_every_text_can_be_verified(words: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(words) - 1))
    end = data.draw(st.integers(start + 1, len(words)))
    evidence = text.span(words, start, end)
    assert text.verify(words, evidence).status == "verified"
    moved = text.verify("## " + words, evidence)
    assert moved.status in ("verified", "moved")
