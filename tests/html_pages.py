"""Pages of a site, read with the parser of the standard library: ids, links, headings, resources, tags that do not close."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from itertools import pairwise
from urllib.parse import unquote

from eventcode.model import Codebook, EventType

EMPTY = {"meta", "link", "input", "br", "hr", "img", "wbr", "source", "col"}
OPTIONAL = {"p", "li", "td", "th", "tr", "dt", "dd"}  # HTML would close these itself; our pages do it


@dataclass
class Read(HTMLParser):
    """What a page holds."""

    ids: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    resources: list[str] = field(default_factory=list)
    headings: list[int] = field(default_factory=list)
    landmarks: list[str] = field(default_factory=list)
    scripts: list[dict[str, str]] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if len(given) != len(attrs):
            self.wrong.append(f"<{tag}> has an attribute twice: {attrs}")
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif "src" in given or "href" in given or "srcset" in given:
            self.resources.append(given.get("src") or given.get("href") or given.get("srcset", ""))
        if tag == "script":
            self.scripts.append(given)
        if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
            self.headings.append(int(tag[1]))
        if tag in ("header", "nav", "main", "footer"):
            self.landmarks.append(tag)
        self.wrong += [f"<{tag} {name}>" for name in given if name.startswith("on")]
        if tag in ("p", "ul", "dl", "table", "div", "figure", "section") and "p" in self.open:
            self.wrong.append(f"<{tag}> within <p>")
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}> closes nothing at line {self.getpos()[0]}")

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def read(text: str) -> Read:
    """A page."""
    page = Read()
    page.feed(text)
    page.close()
    page.wrong += [f"<{tag}> is never closed" for tag in page.open]
    return page


def sites(pages: Mapping[str, str]) -> dict[str, Read]:
    """The pages of a site by path."""
    return {path: read(text) for path, text in pages.items() if path.endswith(".html")}


def nowhere(found: Mapping[str, Read], pages: Mapping[str, str], outside: str = "../") -> Iterator[str]:
    """`page: link` for every link or resource that leads to no page, file or anchor; those that begin with `outside` are another site's."""
    for path, page in found.items():
        for link in (*page.links, *page.resources):
            target, mark, fragment = link.partition("#")
            if "://" in link or link.startswith("mailto:"):
                continue
            where = (
                posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(target)))
                if target
                else path
            )
            if where.startswith(outside):
                continue
            if where not in pages or (
                mark and where in found and unquote(fragment) not in found[where].ids and fragment != "main"
            ):
                yield f"{path}: {link}"


def with_codes(book: Codebook, *codes: str) -> Codebook:
    """A codebook with these codes alone."""
    kinds = {
        code: EventType(code, f"n{i}", f"Label {i}", None, "root", "deed", "Said.")
        for i, code in enumerate(codes)
    }
    return replace(book, event_types=kinds, examples=(), crosswalks=(), fields={}, rules={}, guidance=())


def whole(text: str) -> Read:
    """A page that is well formed, fetches nothing, runs nothing, and whose links lead somewhere."""
    found = read(text)
    assert found.wrong == []
    assert (found.resources, found.scripts) == ([], [])
    assert len(set(found.ids)) == len(found.ids)
    assert {link.removeprefix("#") for link in found.links} <= set(found.ids)
    assert not re.search(r"url\(|@import|https?://(?!www\.w3\.org/)", text)
    levels = found.headings[found.headings.index(1) :]  # those before it are of the contents
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    return found
