"""A codebook rendered: as a site, one Markdown page or a PDF, with whatever is at hand around it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from eventcode.codebook import markdown
from eventcode.codebook.site import pages
from eventcode.codebook.site.surroundings import Observed, Surroundings
from eventcode.codebook.slugs import address_part
from eventcode.errors import CodebookError, DatasetError
from eventcode.model import Codebook
from eventcode.pipeline import codebooks, site_folder
from eventcode.pipeline.observed import observed
from eventcode.project import find

HOME = "codebooks"  # build/codebooks/NAME: where a codebook is rendered if nothing else is said


def render(name: str | None, to: str, out: Path | None = None, dataset: str | None = None) -> Path:
    """Render a codebook; returns where it is. Nothing is left half-written, and nothing foreign is overwritten."""
    book = codebooks.open_codebook(name)
    path = out or _usual(book, to)
    seen = observed(dataset, book) if dataset else None
    if to == "html":
        site_folder.guard(path.absolute())
        site_folder.write(
            path, pages.render(book, surroundings(book, path, seen)), {"codebook": book.reference}
        )
    elif to == "md":
        site_folder.write_file(path, markdown.codebook(book).encode(), ("<!-- ", " -->"))
    else:
        from eventcode.pipeline import pdf

        site_folder.write_file(path, pdf.compiled(book, surroundings(book, path, seen)), ("% ", ""))
    return path


def _usual(book: Codebook, to: str) -> Path:
    try:
        root = find().root
    except DatasetError:
        root = Path.cwd()
    return (
        root / "build" / HOME / (address_part(book.id) if to == "html" else f"{address_part(book.id)}.{to}")
    )


def surroundings(book: Codebook, folder: Path, seen: Observed | None) -> Surroundings:
    """The codebooks at hand that this one leads to or that are rendered beside it, its changelog, and counts."""
    beside = frozenset(
        path.name
        for path in folder.absolute().parent.glob("*/")
        if path.name != folder.name and site_folder.listed(path)
    )
    wanted = (
        {row.target_codebook for row in book.crosswalks}
        | beside
        | {one.partition("@")[0] for one in book.uses}
    )
    return Surroundings(others(book, wanted), beside, "", changelog(book), seen)


def others(book: Codebook, wanted: Iterable[str]) -> dict[str, Codebook]:
    """The codebooks of these names that can be loaded; those that cannot are shown by their codes alone."""
    found = {}
    for name in sorted(set(wanted) & set(codebooks.at_hand()) - {book.id}):
        try:
            found[name] = codebooks.open_codebook(name)
        except CodebookError:
            continue
    return found


def changelog(book: Codebook) -> str:
    """The changelog of a codebook, or nothing."""
    path = Path(book.folder) / "CHANGELOG.md"
    return path.read_text("utf-8") if path.is_file() else ""
