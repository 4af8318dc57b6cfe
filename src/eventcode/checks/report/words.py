"""Texts and numbers as reports show them."""

from __future__ import annotations

JOINERS = "\u200c\u200d"  # what joins letters in Arabic and Indic scripts is no format of a terminal


def printable(text: str) -> str:
    """A text without what moves a cursor, changes colours or turns the direction of writing: such signs are shown by their number."""
    return text if text.isprintable() else "".join(map(_visible, text))


def _visible(sign: str) -> str:
    return sign if sign.isprintable() or sign in JOINERS else ascii(sign)[1:-1]


def share(part: int, whole: int) -> str:
    """A share in per cent, never rounded to nothing or to all: `0.2%`, `<0.1%`."""
    per_cent = 100 * part / whole
    if 0 < per_cent < 0.05:
        return "<0.1%"
    if 99.95 <= per_cent < 100:
        return ">99.9%"
    return f"{per_cent:.1f}%".replace(".0%", "%")
