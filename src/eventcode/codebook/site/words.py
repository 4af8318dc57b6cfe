"""Texts and numbers as pages and terminals show them."""

from __future__ import annotations

JOINERS = "\u200c\u200d"  # what joins letters in Arabic and Indic scripts is no format of a terminal


def printable(text: str) -> str:
    """A text without what moves a cursor, changes colours or turns the direction of writing: such signs are shown by their number."""
    return text if text.isprintable() else "".join(map(_visible, text))


def _visible(sign: str) -> str:
    return sign if sign.isprintable() or sign in JOINERS else ascii(sign)[1:-1]


def plain(value: object) -> object:
    """What a template puts in as text: printable, whoever wrote it."""
    return printable(value) if type(value) is str else value
