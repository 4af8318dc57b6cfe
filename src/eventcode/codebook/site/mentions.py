"""Where a text names a code or a decision rule of its codebook, so that the name can be a link."""

from __future__ import annotations

import re
from collections.abc import Iterator

from eventcode.codebook.site.places import Thing
from eventcode.model import Codebook

QUOTED = re.compile(r'("[^"]*"|“[^”]*”)')
TELLING = re.compile(
    r"[0-9]{3,}|[A-Z][A-Z_]{2,}(\.[a-z_]+)?|[A-Z][0-9]+"
)  # what a text can be seen to mean as a code


def pattern(book: Codebook) -> re.Pattern[str] | None:
    """What finds the codes and decision rules of a codebook in a text; None where none of them can be told from words."""
    known = [*book.event_types, *(entry.id for entry in book.guidance)]
    telling = sorted((key for key in known if TELLING.fullmatch(key)), key=len, reverse=True)
    return re.compile(rf"(?<![\w.:/-])(?:{'|'.join(map(re.escape, telling))})(?![\w-])") if telling else None


def mentions(book: Codebook, found: re.Pattern[str] | None, words: str) -> Iterator[tuple[str, Thing | None]]:
    """A text in pieces, each with what it names; what stands in quotation marks is the news and names nothing."""
    for i, part in enumerate(QUOTED.split(" ".join(words.split()))):
        last = 0
        for match in found.finditer(part) if found and not i % 2 else ():
            yield part[last : match.start()], None
            yield match[0], ("code" if match[0] in book.event_types else "guidance", match[0])
            last = match.end()
        yield part[last:], None
