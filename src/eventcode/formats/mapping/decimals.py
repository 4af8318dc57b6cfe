"""Whole numbers that a program wrote with a decimal point, `2.0` for 2, because nothing stood in some row of their column."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from eventcode.formats.mapping.cells import Cell
from eventcode.formats.mapping.model import Mapping
from eventcode.formats.tabular.tables import Batch
from eventcode.tables import BOOLEAN, INTEGER, NUMBER

WRITTEN = re.compile(r"(-?[0-9]+)\.0+")
TOLD = "whole numbers stand here with a decimal point (2.0 for 2), and are read as whole numbers"
REMEDY = "a program took the column for numbers with decimals: mend it where the file was saved, or fetch the file again"


def counted(mapping: Mapping) -> frozenset[str]:
    """The columns that hold whole numbers or codes of digits by what the map makes of them."""
    found = set[str]()
    for slot in (*mapping.slots, *mapping.agree):
        counts = slot.kind in (INTEGER, BOOLEAN) or any(text.isdigit() for text in slot.allowed or ())
        found |= set(_columns(slot.cell, counts))
    return frozenset(found & mapping.lines.keys()) - _kept(mapping)


def everywhere(mapping: Mapping, columns: Sequence[str], batches: Iterable[Batch]) -> frozenset[str]:
    """The columns, ids above all, in which every value of the file is a whole number with a decimal point."""
    kept = _kept(mapping)
    left = {at: False for at, name in enumerate(columns) if name in mapping.lines and name not in kept}
    for batch in batches:
        for at in [*left]:
            texts = [row[at] for row in batch.rows if row[at]]
            if all(map(WRITTEN.fullmatch, texts)):  # type: ignore[arg-type]
                left[at] = left[at] or bool(texts)
            else:
                del left[at]
        if not left:
            break
    return frozenset(columns[at] for at, there in left.items() if there)


def _columns(cell: Cell, counts: bool) -> Iterator[str]:
    """The columns of a cell that takes whole numbers or codes of digits, in itself or in a list in which it looks."""
    if counts or any(text.isdigit() for text in (*(cell.recode or ()), *cell.missing)):
        yield from (*cell.columns, *(column for column, _ in cell.flags))
    for inner in cell.first:
        yield from _columns(inner, counts)


def _kept(mapping: Mapping) -> set[str]:
    """The columns whose decimals are meant, or of which nothing is taken."""
    numbers = {column for slot in mapping.slots if slot.kind == NUMBER for column in slot.reads}
    return numbers | {column for column, ignored in mapping.ignored.items() if ignored.only is None}
