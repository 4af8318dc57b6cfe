"""What a check gives back: findings and counts."""

from __future__ import annotations

from dataclasses import dataclass

from eventcode.model.nouns import Place


@dataclass(frozen=True, slots=True)
class Finding:
    """One violation of one rule at one place.

    `key` is the row's lineage (`document/coder/key…`), which survives a correction; `row` its id in this build.
    """

    rule: str
    severity: str
    table: str
    key: str
    message: str
    hint: str
    row: str = ""
    field: str | None = None
    place: Place = Place()
    waived: str | None = None


@dataclass(frozen=True, slots=True)
class RuleCount:
    """What one rule met: rows it looked at and how many passed, failed, stayed unknown; waived are among the failed."""

    rule: str
    severity: str
    table: str
    rows: int
    passed: int
    failed: int
    unknown: int
    waived: int = 0
