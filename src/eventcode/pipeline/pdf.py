"""A codebook as a PDF, by Typst."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

from eventcode.codebook import typst_source
from eventcode.codebook.site.surroundings import ALONE, Surroundings
from eventcode.errors import CodebookError, EventcodeError
from eventcode.model import Codebook


def compiled(book: Codebook, around: Surroundings = ALONE) -> bytes:
    """The bytes of the PDF, the same for the same codebook; EventcodeError where Typst is not installed."""
    try:
        typst = import_module("typst")
    except ImportError as error:
        hint = "run `pip install 'eventcode[pdf]'`"
        raise EventcodeError("typst is not installed, and it makes the PDF", hint) from error
    with TemporaryDirectory() as folder:
        for name, content in typst_source.source(book, around).items():
            Path(folder, name).write_bytes(content)
        try:
            return bytes(typst.compile(str(Path(folder, "main.typ")), format="pdf", ignore_system_fonts=True))
        except RuntimeError as error:
            hint = "this is a mistake of eventcode: please report it, with the codebook"
            raise CodebookError(f"Typst cannot set {book.reference}: {error}", hint) from error
