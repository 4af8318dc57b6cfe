"""SQL for texts as they are compared: without case, punctuation and the accidents of spacing."""

from __future__ import annotations

# Punctuation as ranges: \\p{P} holds 189 of them, and a regular expression with it takes ten times as long to set up as
# everything else in the check of one reading. These are ASCII, Latin-1, Hebrew, Arabic, Devanagari, typographic, CJK and full-width.
PUNCTUATION = (
    r"!-#%-*,-/:;?@\[-\]_{}\x{A1}\x{A7}\x{AB}\x{B6}\x{B7}\x{BB}\x{BF}\x{37E}\x{387}\x{589}\x{58A}\x{5BE}\x{5C0}\x{5C3}"
    r"\x{5F3}\x{5F4}\x{609}-\x{60D}\x{61B}-\x{61F}\x{66A}-\x{66D}\x{6D4}\x{964}\x{965}\x{2010}-\x{2027}\x{2030}-\x{205E}"
    r"\x{3001}-\x{3003}\x{3008}-\x{3011}\x{3014}-\x{301F}\x{30FB}\x{FF01}-\x{FF0F}\x{FF1A}\x{FF1B}\x{FF1F}"
)
SPACE = r"\s\x{A0}"


def normal(column: str) -> str:
    """A name without case, spaces and punctuation."""
    return f"regexp_replace(lower({column}), '[{SPACE}{PUNCTUATION}]+', '', 'g')"


def words(column: str) -> str:
    """A text in lower case, with punctuation dropped and spaces folded to one."""
    return f"trim(regexp_replace(regexp_replace(lower({column}), '[{PUNCTUATION}]+', '', 'g'), '[{SPACE}]+', ' ', 'g'))"


def tokens(column: str) -> str:
    """The words of a text in lower case, parted by whatever is no word, each with one space before and after."""
    return f"' ' || trim(regexp_replace(lower({column}), '[{SPACE}{PUNCTUATION}]+', ' ', 'g')) || ' '"


def descriptor(column: str) -> str:
    """The words that describe a source, without the article before them."""
    return f"regexp_replace({words(column)}, '^(a|an|the) ', '')"
