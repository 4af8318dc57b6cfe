"""Names made from labels."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

_OTHER = re.compile(r"[^a-z0-9]+")


def slug(text: str, joint: str = "-") -> str:
    """Small ASCII letters and digits with `joint` between words; empty where nothing of the text is left."""
    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return _OTHER.sub(joint, plain).strip(joint)


def name(text: str, taken: Collection[str] = (), otherwise: str = "x", longest: int = 60) -> str:
    """A name in small letters, digits and `_`, a letter first, that is not `taken`."""
    found = slug(text, "_")[:longest].strip("_") or slug(otherwise, "_") or "x"
    found = found if found[0].isalpha() else f"x_{found}"
    number, base = 2, found
    while found in taken:
        found, number = f"{base}_{number}", number + 1
    return found
