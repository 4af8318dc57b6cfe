"""The documentation of the repository, written as one site."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from eventcode.codebook.load import load, names
from eventcode.errors import CodebookError
from eventcode.model import Codebook
from eventcode.pipeline import docs_pages, render, site_folder

SOURCES = (
    "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "docs/*.md", "docs/decisions/*.md", "docs/reference/*.md", "codebook/README.md",
    "datasets/README.md", "benchmarks/README.md", "tests/README.md",
)  # fmt: skip


def write(root: Path, folder: Path) -> tuple[int, dict[str, str]]:
    """Write the site of a repository into a folder; returns the number of its pages and, by name, why a codebook is not in it."""
    texts = {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in _sources(root)}
    books, left_out = codebooks(root)
    changelogs = {name: render.changelog(book) for name, book in books.items()}
    found = docs_pages.site(texts, books, changelogs, lambda path: (root / path).exists())
    site_folder.write(folder, found, {"documentation": root.name})
    return sum(name.endswith(".html") for name in found), left_out


def _sources(root: Path) -> Iterator[Path]:
    for pattern in SOURCES:
        yield from sorted(root.glob(pattern))


def codebooks(root: Path) -> tuple[dict[str, Codebook], dict[str, str]]:
    """The codebooks of a repository by name, those of its own first and modules last; and why others cannot be loaded."""
    books, left_out = {}, {}
    for name in names([root / "codebook"]):
        try:
            books[name] = load(name, [root / "codebook"])
        except CodebookError as error:
            left_out[name] = str(error)
    return dict(sorted(books.items(), key=lambda item: (item[1].kind == "module", item[0]))), left_out
