"""What must not leave the project: the text of documents, and the names of withheld sources.

Names, titles and descriptors as printed are short quotations of at most 12 words. Everywhere else a run of 8 words that also stands in
a text at hand is refused. The names of withheld persons must stand nowhere, as whole words without regard to case. Those of
organizations, which may be as general as "Police", must not be printed anywhere in the tables of data; codes, labels and the list of
actors may have them. What is in `tables` and `files` is
searched: whoever calls leaves out what is public anyway.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from eventcode.errors import Problem
from eventcode.release.withhold import Name, words
from eventcode.tables import TABLES

if TYPE_CHECKING:
    import pyarrow as pa

AS_PRINTED = ("source_name", "source_descriptor", "name_as_printed", "title", "place_name", "via")
CODEBOOK_TABLES = ("codes", "fields", "vocabularies")
LISTS = ("actors", "actor_relations", "publishers")
MAX_WORDS = 12
RUN = 8

Tables = Mapping[str, "pa.Table"]
_ADDRESS = re.compile(r"https?://\S+")


def leaks(
    tables: Tables,
    files: Mapping[str, str],
    texts: Iterable[str] = (),
    names: Sequence[Name] = (),
    quoted: Iterable[str] = (),
) -> list[Problem]:
    """Everything in `tables` and in `files` (name → content) that must not be published.

    `texts` are the texts at hand; `quoted` are short strings that the files may hold although a text has them, such as a title.
    """
    cells = [*_cells(tables)]
    found = [problem for cell in cells for problem in _too_long(cell)]
    found += _runs(cells, files, [*texts], [*quoted])
    return found + [problem for name in names for problem in _named(name, cells, files)]


# A cell: table, column, key of the first row that has it, value.
Cell = tuple[str, str, str, str]


def _cells(tables: Tables) -> Iterator[Cell]:
    """Every text in every table, once per column, with the first row that holds it."""
    for name, table in tables.items():
        key = TABLES[name].key[0]
        rows = table.column(key).to_pylist() if key in table.column_names else [""] * table.num_rows
        for column in table.column_names:
            seen: dict[str, str] = {}
            if str(table.schema.field(column).type) in ("string", "large_string") or _is_list(table, column):
                for row, value in zip(rows, table.column(column).to_pylist(), strict=True):
                    for text in value if isinstance(value, list) else (value,):
                        if text:
                            seen.setdefault(text, str(row))
            yield from ((name, column, row, text) for text, row in seen.items())


def _is_list(table: pa.Table, column: str) -> bool:
    return str(table.schema.field(column).type).startswith("list<")


def _place(cell: Cell) -> dict[str, Any]:
    table, column, row, _ = cell
    return {"file": f"{table}.parquet", "path": f"{column} of {TABLES[table].key[0]} '{row}'"}


def _too_long(cell: Cell) -> Iterator[Problem]:
    number = len(cell[3].split())
    if cell[1] in AS_PRINTED and cell[0] not in CODEBOOK_TABLES and number > MAX_WORDS:
        hint = f"quote at most {MAX_WORDS} words, or describe it in your own"
        yield Problem(
            f"'{_beginning(cell[3])}' has {number} words of what may be copied text", hint, **_place(cell)
        )


def _beginning(text: str) -> str:
    return " ".join(text.split()[:5]) + " …"


def _runs(
    cells: Sequence[Cell], files: Mapping[str, str], texts: Sequence[str], quoted: Sequence[str]
) -> Iterator[Problem]:
    """Runs of words that also stand in a text: looked up from the texts' side, which may be many."""
    if not texts:
        return
    wanted: dict[tuple[str, ...], list[Problem]] = {}
    hint = "say it in your own words: the texts are not ours to publish"
    for cell in cells:
        if cell[1] not in AS_PRINTED and " " in cell[3]:
            problem = Problem(
                f"'{_beginning(cell[3])}' repeats {RUN} words of a document", hint, **_place(cell)
            )
            _note(wanted, cell[3], problem)
    for name, content in files.items():
        for part in _parts(content, quoted):
            _note(wanted, part, Problem(f"{RUN} words of a document stand in it", hint, name))
    found = (problem for text in texts for gram in _grams(text) if gram in wanted for problem in wanted[gram])
    yield from dict.fromkeys(found)


def _note(wanted: dict[tuple[str, ...], list[Problem]], text: str, problem: Problem) -> None:
    for gram in _grams(text):
        wanted.setdefault(gram, []).append(problem)


def _grams(text: str) -> Iterator[tuple[str, ...]]:
    found = words(text)
    return (tuple(found[i : i + RUN]) for i in range(len(found) - RUN + 1))


def _parts(content: str, quoted: Sequence[str]) -> list[str]:
    """The words of a file, cut where there is an address or a short quotation that it may hold."""
    plain = "\0".join(f" {' '.join(words(part))} " for part in _ADDRESS.split(content))
    for text in sorted((text for text in quoted if len(text.split()) <= MAX_WORDS), key=len, reverse=True):
        plain = plain.replace(f" {' '.join(words(text))} ", " \0 ")
    return plain.split("\0")


def holds(text: str, name: Name) -> bool:
    """Whether a text has the name as whole words, without regard to case and punctuation."""
    return f" {' '.join(words(name.text))} " in f" {' '.join(words(text))} "


def _named(name: Name, cells: Sequence[Cell], files: Mapping[str, str]) -> Iterator[Problem]:
    body = name.kind == "organization"
    hint = "withhold that one too, or take the name out; then build again"
    message = f"the name of the withheld source {name.lineage} stands here"
    for cell in cells:
        if (_printed(cell) or not body) and holds(cell[3], name):
            yield Problem(message, hint, **_place(cell))
    for file, content in () if body else files.items():
        if holds(content, name):
            yield Problem(message, hint, file)


def _printed(cell: Cell) -> bool:
    """Whether a cell is prose or a name of the data, not a code, an id, or part of the codebook's lists."""
    return cell[0] not in (*CODEBOOK_TABLES, *LISTS) and (cell[1] in AS_PRINTED or " " in cell[3])
