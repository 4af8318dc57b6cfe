"""Names as they are compared: without case, spacing and punctuation."""

from __future__ import annotations

import unicodedata
from functools import lru_cache


@lru_cache(maxsize=65536)
def normal_name(text: str) -> str:
    """The form in which two printings of one name are equal.

    NFKC and case folding; letters, digits and combining marks stay, invisible format characters go, and every
    run of anything else (spaces, punctuation, symbols) becomes one space. A name without any letter or digit
    stays as it is.

    >>> normal_name("  AL-Sudani,\\u00a0Mohammed ")
    'al sudani mohammed'
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    kept = (_plain(character) for character in folded)
    return " ".join("".join(kept).split()) or folded.strip()


def _plain(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cf":
        return ""
    return character if category[0] in "LMN" else " "
