"""The canonical form of a document's text, and evidence as spans of it.

Canonical form, version 1: decode as UTF-8 (a byte order mark is dropped); normalise to Unicode NFC; turn CRLF and
CR into LF; turn every other separator (Unicode categories Zs, such as the non-breaking space, Zl and Zp) and the tab
into one plain space; drop spaces at line ends; fold three or more line feeds in a row into two; drop line feeds and spaces at both
ends. Nothing else changes: quotation marks, dashes and case stay as printed. Offsets count Unicode code points of
this form, from 0, the end not included.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from eventcode import identity

VERSION = 1

_SPACES = re.compile(
    r"[\t\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"
)  # the tab, Zs but the space itself, Zl, Zp


@dataclass(frozen=True, slots=True)
class Span:
    """Code points `start` to `end` (not included) of a canonical text, with the salted hash of the words there."""

    start: int
    end: int
    salt: str
    quote_hash: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a span in a text: verified, moved (then `start` and `end` say where to), different or missing."""

    status: str
    start: int | None = None
    end: int | None = None


def canonical(raw: str) -> str:
    """The canonical form, version 1, of a text."""
    text = unicodedata.normalize("NFC", raw)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _SPACES.sub(" ", text)
    text = re.sub(r" +\n", "\n", text)
    text = re.sub(r"\n{3,}", "\n\n", text)
    return text.lstrip(" \n\ufeff").rstrip(" \n")


def decode(data: bytes) -> str:
    """Canonical text of a file's bytes; ValueError says where they are not UTF-8."""
    try:
        return canonical(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ValueError(f"byte {error.start} is not UTF-8") from error


def locate(text: str, quote: str) -> tuple[int, int]:
    """Where `quote` stands in the canonical `text`; ValueError where it does not, or does more than once."""
    wanted = canonical(quote)
    places = list(_places(text, wanted)) if wanted else []
    if len(places) != 1:
        raise ValueError(
            f"the quote stands {len(places)} times in the text" if places else "the quote is not in the text"
        )
    return places[0], places[0] + len(wanted)


def _places(text: str, wanted: str) -> Iterator[int]:
    """Every place where `wanted` begins, overlapping ones too."""
    start = text.find(wanted)
    while start >= 0:
        yield start
        start = text.find(wanted, start + 1)


def span(text: str, start: int, end: int, salt: str | None = None) -> Span:
    """The evidence for `text[start:end]`, with a fresh salt where none is given."""
    if not 0 <= start < end <= len(text):
        raise ValueError(f"the span {start}–{end} lies outside the text of {len(text)} code points")
    salt = salt or identity.new_salt()
    return Span(start, end, salt, identity.quote_hash(salt, text[start:end]))


def verify(text: str, evidence: Span) -> Verdict:
    """Whether the words at the span are those that were quoted, or where else in `text` they stand now."""
    quoted = identity.quote_hash(evidence.salt, text[evidence.start : evidence.end])
    if quoted == evidence.quote_hash:
        return Verdict("verified", evidence.start, evidence.end)
    moved = _find(text, evidence)
    return Verdict("moved", *moved) if moved else Verdict("different")


def _find(text: str, evidence: Span) -> tuple[int, int] | None:
    """The place nearest to the old one where the same number of code points hashes to the quote."""
    length = evidence.end - evidence.start
    starts = sorted(range(len(text) - length + 1), key=lambda start: abs(start - evidence.start))
    for start in starts:
        if identity.quote_hash(evidence.salt, text[start : start + length]) == evidence.quote_hash:
            return start, start + length
    return None
