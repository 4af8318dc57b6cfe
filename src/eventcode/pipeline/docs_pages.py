"""The toolkit's own documentation as one site: its Markdown pages and every codebook, with one look, one navigation and one search.

Pure: texts and codebooks go in, pages come out. A link between Markdown pages becomes a link between pages of the site; a link to a
file that is no page (a licence, a folder of code) keeps its words; a link that leads nowhere is refused.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from eventcode.codebook import search
from eventcode.codebook.site import indexing, pages, prose, templating
from eventcode.codebook.site.places import places, relative
from eventcode.codebook.site.surroundings import Surroundings
from eventcode.codebook.slugs import address_part
from eventcode.errors import DatasetError, Problem, refuse
from eventcode.model import Codebook
from eventcode.pipeline.colours import coloured

BOOKS = "codebook"
MARKDOWN = "docs/reference/codebook-"  # the Markdown view of a codebook: its site takes its place
KINDS = {"page": 1.1, "section": 1.0, **search.KINDS}
GROUPS = (
    ("Start", ("README.md", "docs/README.md", "docs/getting-started.md")), ("Guides", ("docs/",)), ("Codebooks", ()),
    ("Reference", ("docs/reference/",)), ("Decisions", ("docs/decisions/",)), ("Project", ("",)),
)  # fmt: skip


def address(path: str) -> str:
    """The page of a Markdown file: `docs/text.md` → `docs/text.html`, a README the index of its folder."""
    folder, name = posixpath.split(path)
    stem = "index" if name == "README.md" else name.removesuffix(".md")
    return posixpath.join(folder, f"{stem}.html")


@dataclass(frozen=True)
class Page:
    """A Markdown page: its path in the repository and its text."""

    path: str
    text: str

    @cached_property
    def headings(self) -> list[tuple[int, str, str]]:
        """(level, anchor, words) of every heading."""
        found = prose.tokens(self.text)
        pairs = pairwise(found)
        return [
            (int(head.tag[1]), str(head.attrGet("id")), inline.content)
            for head, inline in pairs
            if head.type == "heading_open"
        ]

    @cached_property
    def anchors(self) -> frozenset[str]:
        """Everything in it that a link can point at."""
        return frozenset(prose.anchors(prose.tokens(self.text)))

    @property
    def title(self) -> str:
        """Its first heading, or its path."""
        return self.headings[0][2] if self.headings else self.path

    def sections(self) -> Iterator[tuple[str, str, str]]:
        """(anchor, heading, words below it) of every heading; what stands above the first belongs to it."""
        head, words = None, list[str]()
        for token in prose.tokens(self.text):
            if token.type == "heading_open":
                if head:
                    yield *head, " ".join(words)
                head, words = (str(token.attrGet("id")), ""), []
            elif token.type == "inline" and head and not head[1]:
                head = (head[0], token.content)
            elif token.type == "inline":
                words.append(token.content)
        if head:
            yield *head, " ".join(words)


@dataclass(frozen=True)
class Docs:
    """The pages by path, the codebooks by id with their changelogs, and which other files the repository has."""

    pages: Mapping[str, Page]
    books: Mapping[str, Codebook]
    changelogs: Mapping[str, str]
    exists: Callable[[str], bool]

    @cached_property
    def anchors(self) -> dict[str, dict[str, str]]:
        """Codebook → anchor → address in its site."""
        return {
            key: {found.partition("#")[2]: found for found in places(book).values()}
            for key, book in self.books.items()
        }


def site(
    texts: Mapping[str, str],
    books: Mapping[str, Codebook],
    changelogs: Mapping[str, str],
    exists: Callable[[str], bool],
) -> dict[str, str]:
    """All pages, by relative path. DatasetError with every link that leads nowhere."""
    shown = {path: Page(path, text) for path, text in texts.items() if not path.startswith(MARKDOWN)}
    docs = Docs(shown, books, changelogs, exists)
    refuse(DatasetError, "the documentation has links that lead nowhere", [*_broken(docs)])
    found = {address(path): _page(docs, page) for path, page in shown.items()}
    found |= templating.assets() | {"search-index.js": indexing.script([*_entries(docs)], KINDS)}
    for key, book in books.items():
        around = Surroundings(books, frozenset(books), "../../index.html", changelogs.get(key, ""))
        found |= {
            f"{BOOKS}/{address_part(key)}/{name}": text for name, text in pages.render(book, around).items()
        }
    return found


# ── links ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def lead(docs: Docs, page: Page, href: str) -> str | None:
    """Where a link of a page leads in the site: an address, None for a file that is no page; KeyError where it leads nowhere."""
    if href.startswith(("https://", "http://", "mailto:")):
        return href
    path, _, fragment = href.partition("#")
    target = posixpath.normpath(posixpath.join(posixpath.dirname(page.path), path)) if path else page.path
    found = _book(docs, target, fragment)
    if found is not None:
        return relative(address(page.path), found)
    for name in (target, posixpath.join(target, "README.md").removeprefix("./")):
        if name in docs.pages:
            if fragment and fragment not in docs.pages[name].anchors:
                raise KeyError(href)
            return relative(address(page.path), f"{address(name)}{'#' if fragment else ''}{fragment}")
    if target.startswith("..") or not docs.exists(target):
        raise KeyError(href)
    return None


def _book(docs: Docs, target: str, fragment: str) -> str | None:
    """The address of what a path says of a codebook: its folder, its README, its Markdown view."""
    folder, _, rest = (
        target.removeprefix(f"{BOOKS}/").partition("/") if target.startswith(f"{BOOKS}/") else ("", "", "")
    )
    name = target.removeprefix(MARKDOWN).removesuffix(".md") if target.startswith(MARKDOWN) else folder
    if name not in docs.books or rest not in ("", "README.md", "CHANGELOG.md"):
        return None
    if rest == "CHANGELOG.md" and docs.changelogs.get(name):
        return f"{BOOKS}/{address_part(name)}/changelog.html"
    return f"{BOOKS}/{address_part(name)}/{docs.anchors[name][fragment] if fragment else 'index.html'}"


def _broken(docs: Docs) -> Iterator[Problem]:
    for page in docs.pages.values():
        for token in prose.tokens(page.text):
            for child in token.children or ():
                if child.type == "link_open":
                    try:
                        lead(docs, page, str(child.attrGet("href")))
                    except KeyError:
                        hint = "mend the link; pages of docs/reference/ come from `python -m eventcode.cli.reference docs/reference`"
                        yield Problem(
                            f"'{child.attrGet('href')}' leads nowhere",
                            hint,
                            page.path,
                            (token.map or [0])[0] + 1,
                        )


# ── pages ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _page(docs: Docs, page: Page) -> str:
    here = address(page.path)

    def rel(target: str) -> str:
        return relative(here, target)

    about = next((words for _, _, words in page.sections() if words), "")
    return templating.render(
        "docs.html", page_title=page.title if here == "index.html" else f"{page.title} · eventcode", about=indexing.shortened(about, 200),
        rel=rel, root="../" * here.count("/"), here=here, groups=[*_groups(docs)], path=page.path,
        below=[(anchor, words) for level, anchor, words in page.headings if level == 2],
        prose=prose.html(page.text, lambda href: lead(docs, page, href), coloured),
    )  # fmt: skip


def _groups(docs: Docs) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """The navigation: (heading, (title, address) of its pages), in the order that the guide to the documentation lists them."""
    left = dict.fromkeys(_ordered(docs))
    for head, wanted in GROUPS:
        if head == "Codebooks":
            yield (
                head,
                [
                    (book.title.partition(":")[0], f"{BOOKS}/{address_part(key)}/index.html")
                    for key, book in docs.books.items()
                ],
            )
            continue
        mine = [path for path in left if any(_belongs(path, name) for name in wanted)]
        for path in mine:
            del left[path]
        if mine:
            yield head, [(docs.pages[path].title, address(path)) for path in mine]


def _belongs(path: str, name: str) -> bool:
    if name.endswith(".md"):
        return path == name
    return path.startswith(name) and (not name or "/" not in path.removeprefix(name))


def _ordered(docs: Docs) -> list[str]:
    guide = docs.pages.get("docs/README.md")
    links = (
        [
            str(child.attrGet("href"))
            for token in prose.tokens(guide.text)
            for child in token.children or ()
            if child.type == "link_open"
        ]
        if guide
        else []
    )
    listed = [f"docs/{link}" for link in links if f"docs/{link}" in docs.pages]
    named = [name for _, wanted in GROUPS for name in wanted if name in docs.pages]
    return list(dict.fromkeys([*named, *listed, *sorted(docs.pages)]))


def _entries(docs: Docs) -> Iterator[indexing.Entry]:
    """What can be found: pages, their sections, and the codes, fields and lists of every codebook."""
    for page in docs.pages.values():
        for number, (anchor, words, text) in enumerate(page.sections()):
            kind = "section" if number else "page"
            parts = {"label": words, "definition": "" if number else text, "text": text if number else ""}
            label = page.title if number else ""
            yield indexing.Entry(
                kind,
                words,
                label,
                f"{address(page.path)}#{anchor}" if number else address(page.path),
                indexing.shortened(text),
                parts,
            )
    for key, book in docs.books.items():
        for entry in indexing.entries(book, places(book)):
            if entry.kind in ("code", "field"):
                parts = {
                    name: entry.parts[name] for name in ("code", "label", "triggers") if name in entry.parts
                }
                yield indexing.Entry(
                    entry.kind,
                    entry.key,
                    f"{entry.label} ({key})",
                    f"{BOOKS}/{address_part(key)}/{entry.address}",
                    "",
                    parts,
                )
