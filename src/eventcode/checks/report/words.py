"""Texts and numbers as reports show them."""

from __future__ import annotations

from eventcode.codebook.site.words import printable as printable


def share(part: int, whole: int) -> str:
    """A share in per cent, never rounded to nothing or to all: `0.2%`, `<0.1%`."""
    per_cent = 100 * part / whole
    if 0 < per_cent < 0.05:
        return "<0.1%"
    if 99.95 <= per_cent < 100:
        return ">99.9%"
    return f"{per_cent:.1f}%".replace(".0%", "%")
