"""To which document a row belongs and what the key of its coding is, told from its texts alone, before it is mapped."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from eventcode.formats.mapping.cells import PLACEHOLDER, formatted
from eventcode.formats.mapping.model import Mapping, key_columns
from eventcode.formats.mapping.syntax import Part

Texts = Sequence["str | None"]
Look = Callable[[Texts], "str | None"]


def marker(mapping: Mapping, columns: Sequence[str]) -> Callable[[Texts], tuple[str | None, str | None]]:
    """What tells the document and the key of a row with these columns; None where the row has none."""
    identity = [_looking(mapping, columns, name) for name in mapping.identity]
    written = formatted(mapping.coding_key) if PLACEHOLDER.search(mapping.coding_key) else "%s"
    keys = [_looking(mapping, columns, name) for name in key_columns(mapping.coding_key)]

    def mark(row: Texts) -> tuple[str | None, str | None]:
        document = [look(row) or "" for look in identity]
        key = tuple([look(row) or "" for look in keys])
        return "\t".join(document) if any(document) else None, written % key if all(key) else None

    return mark


def _looking(mapping: Mapping, columns: Sequence[str], name: str) -> Look:
    """What finds a column, or a piece of a part, in a row."""
    for part in mapping.parts:
        if name in [own for _, own in part.names]:
            return _cutting(part, _looking(mapping, columns, part.column), name)
    if name not in columns:
        return lambda row: None
    at = columns.index(name)
    return lambda row: row[at]


def _cutting(part: Part, look: Look, name: str) -> Look:
    return lambda row: part.cut(look(row))[1][name]
