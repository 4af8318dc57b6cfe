"""What a data card tells of, gathered in one place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from eventcode.model import Codebook

if TYPE_CHECKING:
    import pyarrow as pa

Card = Mapping[str, Any]
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Facts:
    """Everything that a data card tells of.

    `tables` are those of the folder, `judged` has the build's `findings` and `rule_counts` (which a release leaves out), `entries` are the
    manifest's. `changed` is one line on what differs from the release before, `withheld` the number of sources hidden, `not_asked`
    the reason for each rule that was left out, `agreement` the manifest's headline and cautions about the table `agreement`.
    """

    name: str
    card: Card
    codebook: Codebook
    tables: Mapping[str, pa.Table]
    entries: Mapping[str, Mapping[str, Any]]
    judged: Mapping[str, pa.Table] = field(default_factory=dict)
    version: str | None = None
    changed: str = ""
    withheld: int = 0
    not_asked: Mapping[str, str] = field(default_factory=dict)
    agreement: Mapping[str, Any] = field(default_factory=dict)

    def rows(self, name: str, *names: str) -> Rows:
        """Some columns of a table as rows; none where there is no such table, null where there is no such column."""
        found = self.tables.get(name, self.judged.get(name))
        if found is None:
            return []
        have = [column for column in names if column in found.column_names]
        blank = dict.fromkeys(names)
        return (
            [{**blank, **row} for row in found.select(have).to_pylist()]
            if have
            else [dict(blank)] * found.num_rows
        )

    def count(self, name: str) -> int:
        """The rows of a table; 0 where there is none."""
        return self.tables[name].num_rows if name in self.tables else 0
