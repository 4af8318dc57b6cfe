"""What every page in Markdown is made of: escaped text, anchors, links, lists, tables."""

from __future__ import annotations

import re
from collections.abc import Iterable

from eventcode.codebook.slugs import address_part

_SPECIAL = re.compile(r"([\\*`\[\]<>|~])")
_OPENING = re.compile(r"^([-+#=]+|[0-9]+[.)])(?=\s|$)")
_UNDERSCORE = re.compile(r"(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")


def text(words: object) -> str:
    """Words as Markdown that shows them as they are, on one line."""
    line = " ".join(str(words).split())
    line = _UNDERSCORE.sub(r"\\_", _SPECIAL.sub(r"\\\1", line))
    return _OPENING.sub(lambda found: f"{found[1][:-1]}\\{found[1][-1]}", line)


def within(words: str) -> str:
    """A text to be put into quotation marks: its own become single ones."""
    return re.sub(r'"([^"]*)"', r"‘\1’", words.strip())


def anchor(kind: str, key: str) -> str:
    """The name of an anchor: `code-072`."""
    return f"{kind}-{address_part(key)}"


def mark(kind: str, key: str) -> str:
    """An anchor as HTML, which every Markdown reader keeps."""
    return f'<a id="{anchor(kind, key)}"></a>'


def link(kind: str, key: str, words: str | None = None, base: str = "") -> str:
    """A link to an anchor."""
    return f"[{text(words or key)}]({base}#{anchor(kind, key)})"


def paragraphs(*blocks: str | None) -> str:
    """Blocks with an empty line between them; None and empty ones are left out."""
    return "\n\n".join(block for block in blocks if block)


def bullets(items: Iterable[str]) -> str:
    """A list with a dash before each item."""
    return "\n".join(f"- {item}" for item in items)


def table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table; empty text for no rows."""
    names, lines = list(header), [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([f"| {' | '.join(names)} |", f"|{'---|' * len(names)}", *lines]) if lines else ""
