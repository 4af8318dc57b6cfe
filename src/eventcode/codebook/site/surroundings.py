"""What a site may tell beyond its codebook: the codebooks around it, its changelog, and how often things were observed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from eventcode.model import Codebook

Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Values:
    """How often the values of one field stand in one table; `rows` is how many rows were looked at, `empty` those without a value."""

    table: str
    rows: int
    empty: int
    counts: Counts


@dataclass(frozen=True, slots=True)
class Observed:
    """What was counted in a dataset: `dataset` and `version` name it; `codes` is by table (`events`, `reports`), then code."""

    dataset: str
    version: str
    title: str
    codebook: str
    codes: Mapping[str, Counts]
    fields: Mapping[tuple[str, str], Values]

    @property
    def named(self) -> str:
        """`iraq-militias-2025, release 1.0`."""
        return f"{self.dataset}, {self.version}"

    def code(self, table: str, code: str) -> int:
        """The rows of a table that carry a code."""
        return self.codes.get(table, {}).get(code, 0)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The codebooks at hand by id, which of them are rendered beside this one (`../id/`), the page of the documentation that all
    belong to (relative to the site), the changelog as Markdown, and counts."""

    books: Mapping[str, Codebook] = field(default_factory=lambda: MappingProxyType({}))
    beside: frozenset[str] = frozenset()
    home: str = ""
    changelog: str = ""
    observed: Observed | None = None


ALONE = Surroundings()
