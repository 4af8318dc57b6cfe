"""How a codebook is cited."""

from __future__ import annotations

from eventcode.model import Codebook


def authors(book: Codebook) -> str:
    """The authors, with commas."""
    return ", ".join(str(author["name"]) for author in book.authors)


def citation(book: Codebook) -> str:
    """One line: authors, title, version with the digest that names exactly this text, licence."""
    who = f"{authors(book)}. " if book.authors else ""
    edition = f", after edition {book.edition}" if book.edition else ""
    what = "Codebook" if book.kind == "codebook" else "Codebook module"
    return f"{who}{book.title}. {what} {book.id}, version {book.version}{edition} (digest {book.digest[:12]}). {book.licence}."
