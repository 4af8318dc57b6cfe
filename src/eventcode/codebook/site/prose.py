"""Markdown as HTML: tables can be scrolled, every heading has the anchor that GitHub gives it, and of raw HTML only anchors stay.

Comments are left out, pictures become their words, every other tag is shown as text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from eventcode.errors import EventcodeError

if TYPE_CHECKING:
    from markdown_it.token import Token
    from markupsafe import Markup

Link = Callable[[str], "str | None"]
Colour = Callable[[str, str], str]
OPEN = re.compile(r'<a id="([A-Za-z0-9_.-]+)">')
COMMENT = re.compile(r"\s*<!--.*?-->\s*", re.DOTALL)
FAR = ("https://", "http://", "mailto:", "#")


def far(href: str) -> str | None:
    """A link that needs no site around it; None for one into files that are not there."""
    return href if href.startswith(FAR) else None


def html(text: str, link: Link = far, colour: Colour | None = None) -> Markup:
    """Markdown as HTML.

    `link` gives the address for a link (None: the words stay, the link goes), `colour` code in its language as HTML.
    """
    from markupsafe import Markup

    reader = _reader(colour)
    found = _clean(reader.parse(text))
    for token in found:
        if token.type == "inline":
            token.children = [*_linked(token.children or [], link)]
    shown = str(reader.renderer.render(found, reader.options, {}))
    return Markup(shown.replace("<table>", '<div class="wide"><table>').replace("</table>", "</table></div>"))


def tokens(text: str) -> list[Token]:
    """The pieces of a Markdown text, its headings with their anchors."""
    return _clean(_reader().parse(text))


def _reader(colour: Colour | None = None) -> Any:
    try:
        from markdown_it import MarkdownIt
    except ImportError as error:
        raise EventcodeError(
            "markdown-it-py is not installed", hint="run `pip install markdown-it-py`"
        ) from error
    highlight = {"highlight": lambda code, language, _: colour(code, language)} if colour else {}
    return MarkdownIt("commonmark", {"html": True, **highlight}).enable("table")


# ── raw HTML ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _clean(found: Iterable[Token]) -> list[Token]:
    kept = [token for token in map(_block, found) if token is not None]
    seen: set[str] = set()
    for token in kept:
        if token.type == "inline":
            token.children = [*_inline(token.children or [], seen)]
            token.content = plain(token)
    _anchor(kept)
    return kept


def _block(token: Token) -> Token | None:
    """A comment goes, any other block of HTML is shown as text."""
    if token.type != "html_block":
        return token
    words = COMMENT.sub("", token.content)
    token.type, token.tag, token.content, token.info = "code_block", "code", words, ""
    return token if words.strip() else None


def _inline(children: Sequence[Token], seen: set[str]) -> Iterator[Token]:
    """Of HTML within a line, anchors stay, each where it stands first; a picture becomes its words."""
    mark: re.Match[str] | None = None
    kept = True
    for token in children:
        before, mark = mark, OPEN.fullmatch(token.content) if token.type == "html_inline" else None
        if mark:
            kept = mark[1] not in seen
            seen.add(mark[1])
        elif token.type == "html_inline" and COMMENT.fullmatch(token.content):
            continue
        elif token.type == "html_inline" and not (before and token.content == "</a>"):
            token.type = "text"
        elif token.type == "image":
            token.type, token.tag, token.children = "text", "", None
        if kept or token.type != "html_inline":
            yield token


# ── anchors ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _anchor(found: Sequence[Token]) -> None:
    seen = dict.fromkeys(anchors(found), 1)
    for head, inline in pairwise(found):
        if head.type == "heading_open":
            head.attrSet("id", _unique(heading(inline.content), seen))


def _unique(name: str, seen: dict[str, int]) -> str:
    number = seen.get(name, 0)
    seen[name] = number + 1
    return f"{name}-{number}" if number else name


def heading(words: str) -> str:
    """The anchor of a heading, as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-")


def anchors(found: Iterable[Token]) -> Iterator[str]:
    """Every anchor of a page."""
    for token in found:
        if token.type == "heading_open" and token.attrGet("id"):
            yield str(token.attrGet("id"))
        for child in token.children or ():
            match = OPEN.fullmatch(child.content) if child.type == "html_inline" else None
            if match:
                yield match[1]


def plain(token: Token) -> str:
    """The words of a piece without any mark-up."""
    kinds = {"text", "code_inline"}
    parts = (
        " " if child.type.endswith("break") else child.content if child.type in kinds else ""
        for child in token.children or ()
    )
    return "".join(parts) if token.children is not None else token.content


# ── links ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _linked(children: Iterable[Token], link: Link) -> Iterator[Token]:
    kept: list[bool] = []
    for token in children:
        if token.type == "link_open":
            href = link(str(token.attrGet("href")))
            kept.append(href is not None)
            if href is None:
                continue
            token.attrSet("href", href)
        elif token.type == "link_close" and not kept.pop():
            continue
        yield token
