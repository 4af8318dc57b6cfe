"""A foreign table in memory, as columns of text."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from eventcode.formats.tabular.opening import open_table
from eventcode.formats.tabular.tables import AS_TOLD, Reading


@dataclass(frozen=True, slots=True)
class TextTable:
    """Columns of text, all of one length, and the line (or row) of every value."""

    columns: dict[str, list[str | None]]
    lines: list[int]

    def __len__(self) -> int:
        return len(self.lines)


def read(path: Path, reading: Reading = AS_TOLD) -> TextTable:
    """The whole table of a file; DatasetError where it is none."""
    table = open_table(path, reading)
    columns: dict[str, list[str | None]] = {name: [] for name in table.columns}
    lines: list[int] = []
    for batch in table.batches():
        lines += batch.lines
        for values, column in zip(zip(*batch.rows, strict=True), columns.values(), strict=bool(batch.rows)):
            column.extend(values)
    return TextTable(columns, lines)
