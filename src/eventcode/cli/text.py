"""`eventcode text`."""

from __future__ import annotations

from pathlib import Path

import click

from eventcode.cli import output


@click.group("text")
def command() -> None:
    """The canonical form of a document's text."""


@command.command("id")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--format", "form", type=output.ROW_FORMATS, default="table", show_default=True)
def id_(files: tuple[Path, ...], form: str) -> None:
    """Print the document_id and n_chars of text FILES, for documents.yaml."""
    from eventcode import identity, text
    from eventcode.errors import DatasetError

    rows = []
    for path in files:
        try:
            words = text.decode(path.read_bytes())
        except ValueError as error:
            raise DatasetError(f"{path}: {error}", hint="save the file as UTF-8") from error
        known = {"document_id": identity.text_document_id(words), "n_chars": len(words)}
        rows.append({"file": path.name, **known, "text_version": text.VERSION})
    output.rows(rows, form)
