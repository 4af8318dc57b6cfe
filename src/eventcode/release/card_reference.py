"""The reference part of a data card: every column of every table, and every file with its hashes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from eventcode.codebook import views
from eventcode.model import Codebook
from eventcode.release.columns import Column, describe
from eventcode.release.markdown import count, paragraph, size, table
from eventcode.tables import TABLES

if TYPE_CHECKING:
    import pyarrow as pa

CODEBOOK = ("codebook_id", "codebook_version", "codebook_digest")


def columns(codebook: Codebook, tables: Mapping[str, pa.Table], names: Sequence[str]) -> str:
    """A section for each table: what a row is, its key, and its columns."""
    note = (
        "Every table that depends on the codebook also carries `codebook_id`, `codebook_version` and `codebook_digest`, which are left "
        "out below. `datapackage.json` has the same in a form for programs, with the closed lists of values."
    )
    return "\n\n".join([paragraph(note), *(_table(codebook, name, tables[name]) for name in names)])


def _table(codebook: Codebook, name: str, data: pa.Table) -> str:
    about = TABLES[name]
    key = ", ".join(f"`{column}`" for column in about.key)
    told = {*CODEBOOK, *_of_a_coding(codebook, name)}
    described = [column for column in describe(codebook, name, data.schema) if column.name not in told]
    rows = [(f"`{column.name}`", column.kind, _said(column)) for column in described]
    head = f"### {name}\n\n{about.about} {count(data.num_rows, 'row')}, key {key}."
    more = "" if len(told) == len(CODEBOOK) else "\n\nThe fields of a coding are those of `reports`."
    return f"{head}\n\n{table(('column', 'type', 'what it says'), rows)}{more}"


def _of_a_coding(codebook: Codebook, name: str) -> list[str]:
    """What is told under `reports` and need not be told again under `codings`."""
    return (
        [column for column in views.columns(codebook, "reports") if column != "coding_id"]
        if name == "codings"
        else []
    )


def _said(column: Column) -> str:
    if column.field is None:
        return column.description
    if column.part:
        return column.title
    return f"{column.title}: {column.description}"


def files(entries: Mapping[str, Mapping[str, Any]], names: Sequence[str]) -> str:
    """The tables with their size and content hash, and the file hashes as `sha256sum --check` reads them."""
    rows = [
        (
            entries[n]["file"],
            f"{entries[n]['rows']:,}",
            size(entries[n]["bytes"]),
            f"`{_bare(entries[n]['content_hash'])}`",
        )
        for n in names
    ]
    note = (
        "The content hash stands for what a table says, whatever version of a program wrote the file: rows sorted by key, numbers in their "
        "shortest form, NFC text, nulls apart from empty texts. The file hashes are for whoever downloads the files (`sha256sum --check`). "
        "Both are in `manifest.json`, with those of all other files."
    )
    sums = "\n".join(f"{_bare(entries[n]['file_hash'])}  {entries[n]['file']}" for n in names)
    return f"{table(('table', 'rows', 'size', 'content hash'), rows, right=(1, 2))}\n\n{paragraph(note)}\n\n```\n{sums}\n```"


def _bare(value: str) -> str:
    return value.removeprefix("sha256:")
