"""What codes refer to: values of the lists quad and realis, roles and fields, other codes. Each name that leads nowhere has its cell."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from eventcode.codebook.sheet.complete import Book
from eventcode.codebook.sheet.context import Context
from eventcode.codebook.sheet.records import Entry
from eventcode.errors import Problem
from eventcode.model import ROLES
from eventcode.shape import did_you_mean


def problems(book: Book, context: Context) -> Iterator[Problem]:
    """Everything that the codes name and that is nowhere."""
    codes = {*context.codes, *_column(book, "codes", "code")}
    fields = {entry.plain.get("name") for entry in book.get("fields", ()) if entry.plain.get("table") == "codings"}  # fmt: skip
    required = [*ROLES, *sorted({*context.answers, *map(str, fields)})]
    quads, realis = _values(book, context, "quad"), _values(book, context, "realis")
    for entry in book.get("codes", ()):
        plain = entry.plain
        yield from _listed(entry, "quad", [plain["quad"]] if plain.get("quad") else [], quads)
        yield from _listed(entry, "realis", plain.get("realis") or [], realis)
        for name in plain.get("requires") or ():
            if name not in required:
                message = f"'{name}' is neither a role nor a field"
                yield entry.problem("requires", message, did_you_mean(str(name), required))
        for exclude in plain.get("excludes") or ():
            see = exclude.get("see") if isinstance(exclude, dict) else None
            if see is not None and see not in codes:
                yield entry.problem("excludes", f"there is no code '{see}'", did_you_mean(see, sorted(codes)))


def _column(book: Book, sheet: str, name: str) -> Iterator[str]:
    return (str(entry.plain[name]) for entry in book.get(sheet, ()) if entry.plain.get(name) is not None)


def _values(book: Book, context: Context, of: str) -> list[str]:
    own = (entry for entry in book.get("values", ()) if entry.plain.get("vocabulary") == of)
    return [*dict.fromkeys([*(str(entry.plain.get("value")) for entry in own), *context.values(of)])]


def _listed(entry: Entry, column: str, given: Collection[str], known: list[str]) -> Iterator[Problem]:
    """Values outside a list; of a list that nobody has, nothing is said."""
    for value in given if known else ():
        if value in known:
            continue
        hint = did_you_mean(str(value), known)
        if column == "realis" and column not in entry.places:
            yield Problem(f"--realis names '{value}', which is not in the list realis", hint)
        else:
            yield entry.problem(column, f"'{value}' is not in the list {column}", hint)
