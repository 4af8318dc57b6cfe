"""What a rule of the surface tells: hits, each with its place and the values that the message shows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_SPACES = re.compile("^ +| +$| {2,}")
SHOWN = 60  # characters of a value in a message


@dataclass(frozen=True, slots=True)
class Hit:
    """One finding: its column and row (None where it is of no single one) and the values of the message."""

    column: str | None
    row: int | None
    says: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Told:
    """What one rule found among `looked_at` columns, values or rows; `failed` counts all, `hits` may be fewer."""

    rule: str
    looked_at: int
    hits: Sequence[Hit]
    failed: int


def told(rule: str, looked_at: int, hits: Sequence[Hit], failed: int | None = None) -> Told:
    """What one rule found."""
    return Told(rule, looked_at, hits, len(hits) if failed is None else failed)


def cut(value: str) -> str:
    """A value as a message shows it: on one line, and not too long of it. What is not seen is named."""
    return around(value, 0)


def around(value: str, at: int) -> str:
    """As `cut`, with what stands at a place in the value."""
    first = max(0, at - SHOWN // 3) if len(value) > SHOWN else 0
    part = _SPACES.sub(_spaces, value[first : first + SHOWN])
    more = "…" if first + SHOWN < len(value) else ""
    return ("…" if first else "") + "".join(_NAMED.get(sign, sign) for sign in part) + more


def _spaces(found: re.Match[str]) -> str:
    """Spaces that a reader would overlook, named: several, or those at an end."""
    return "⟨space⟩" if len(found[0]) == 1 else f"⟨{len(found[0])} spaces⟩"


def rows(n: int) -> str:
    """`1 row`, `1,200 rows`."""
    return "1 row" if n == 1 else f"{n:,} rows"


_NAMED = {
    "\xa0": "⟨no-break space⟩", "\u200b": "⟨zero-width space⟩", "\u200c": "⟨zero-width non-joiner⟩", "\u200d": "⟨zero-width joiner⟩",
    "\u2060": "⟨word joiner⟩", "\ufeff": "⟨byte-order mark⟩", "\xad": "⟨soft hyphen⟩", "\n": "⟨new line⟩", "\r": "⟨return⟩",
    "\t": "⟨tab⟩", "\u202f": "⟨narrow no-break space⟩", "\u2009": "⟨thin space⟩", "\u3000": "⟨wide space⟩",
    "\u200e": "⟨left-to-right mark⟩", "\u200f": "⟨right-to-left mark⟩", "\x00": "⟨null⟩",
}  # fmt: skip
