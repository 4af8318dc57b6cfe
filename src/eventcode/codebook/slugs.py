"""Names made from labels, and the part of an address that a key makes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

from eventcode.identity import sha256

_OTHER = re.compile(r"[^a-z0-9]+")
_FOREIGN = re.compile(r"[^\x00-\x7f]")
_JOINED = re.compile(r"[^a-z0-9_]+")
LONGEST = 100  # letters of a key in an address: file names end at 255


def slug(text: str, joint: str = "-") -> str:
    """Small ASCII letters and digits with `joint` between words; empty where nothing of the text is left."""
    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return _OTHER.sub(joint, plain).strip(joint)


def address_part(key: str) -> str:
    """A key in an address or a file name: `Explosions/Remote violence` → `explosions-remote-violence`, `ä` → `_e4_`.

    Small ASCII letters, digits and `_`; letters of other scripts by their number, all else a hyphen, and nothing but such is written by
    number too. A long one is cut and ends in a hash. It depends on the key alone.
    """
    plain = _JOINED.sub("-", _FOREIGN.sub(_number, key.lower())).strip("-")
    plain = plain or "".join(f"_{ord(letter):x}_" for letter in key)
    return plain if len(plain) <= LONGEST else f"{plain[: LONGEST - 9].rstrip('-')}-{short_hash(key)}"


def _number(letter: re.Match[str]) -> str:
    return f"_{ord(letter[0]):x}_"


def short_hash(key: str) -> str:
    """Eight letters that tell a key from others."""
    return sha256(key.encode())[:8]


def name(text: str, taken: Collection[str] = (), otherwise: str = "x", longest: int = 60) -> str:
    """A name in small letters, digits and `_`, a letter first, that is not `taken`."""
    found = slug(text, "_")[:longest].strip("_") or slug(otherwise, "_") or "x"
    found = found if found[0].isalpha() else f"x_{found}"
    number, base = 2, found
    while found in taken:
        found, number = f"{base}_{number}", number + 1
    return found
