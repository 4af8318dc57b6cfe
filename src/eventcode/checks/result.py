"""What a check gives back: findings with their places, and for every rule how many rows passed, failed or stayed unknown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from eventcode.model import Finding, Place, Rule, RuleCount
from eventcode.shape import did_you_mean

_PLACEHOLDER = re.compile(r"\{([a-z0-9_.]+)\}")
Places = Mapping[str, Place]
_APART = re.compile(r"\s*[-;,/|]\s*")  # between words of one cell
NO_KEY = "a row without a key"
PER_RULE = 1_000  # findings of one rule that a check of files keeps, where nobody says how many


@dataclass(frozen=True, slots=True)
class Result:
    """What a check found; `counts` holds a row for every rule that was asked, `not_asked` the reason for each that was left out."""

    findings: tuple[Finding, ...]
    counts: tuple[RuleCount, ...]
    not_asked: Mapping[str, str] = field(default_factory=dict, hash=False)

    @classmethod
    def of(cls, results: Sequence[Result], not_asked: Mapping[str, str]) -> Result:
        """Several results as one, in their order."""
        findings = tuple(finding for result in results for finding in result.findings)
        return cls(findings, tuple(count for result in results for count in result.counts), not_asked)

    @property
    def errors(self) -> int:
        """Findings that are errors and not waived."""
        return sum(finding.severity == "error" and not finding.waived for finding in self.findings)

    @property
    def warnings(self) -> int:
        """Findings that are warnings and not waived."""
        return sum(finding.severity == "warning" and not finding.waived for finding in self.findings)


def order(finding: Finding) -> tuple[Any, ...]:
    """The order in which findings are listed: by place, then by rule, row and what is said."""
    place = finding.place
    return (place.file, place.line or 0, place.path, finding.rule, finding.key, finding.message, finding.row)


def count(rule: Rule, rows: int, failed: int, unknown: int) -> RuleCount:
    """The count of a rule; what neither failed nor stayed unknown passed."""
    return RuleCount(rule.id, rule.severity, rule.table, rows, rows - failed - unknown, failed, unknown)


def finding(rule: Rule, row: Mapping[str, Any], places: Places) -> Finding:
    """The finding that a row violates a rule: `row` holds k, lineage, and every value that the message shows."""
    key = NO_KEY if row["k"] is None else str(row["k"])
    return Finding(
        rule=rule.id, severity=rule.severity, table=rule.table, key=str(row["lineage"] or key), row=key, field=rule.field,
        message=_PLACEHOLDER.sub(lambda match: _shown(row, match[1]), rule.message), hint=_hint(rule, row),
        place=_place(places, key, rule.field),
    )  # fmt: skip


def violations(
    rule: Rule, rows: Iterable[Mapping[str, Any]], total: int, places: Places, cap: int | None = None
) -> tuple[list[Finding], RuleCount]:
    """Findings (at most `cap`, the first by key) and the exact count of a set rule: its query gave `rows`, its table has `total`.

    A row that says `unknown` is no violation: nobody can say. A key with several violations counts once.
    """
    findings: dict[
        Finding, None
    ] = {}  # rows that share a key, which is what `unique` finds, are told of once
    failed, unknown = set(), set()
    for row in rows if cap is None else sorted(rows, key=_by_key):
        if row.get("unknown"):
            unknown.add(row["k"])
            continue
        failed.add(row["k"])
        if cap is None or len(findings) < cap:
            findings[finding(rule, row, places)] = None
    return [*findings], count(rule, total, len(failed), len(unknown - failed))


def _by_key(row: Mapping[str, Any]) -> tuple[str, str]:
    return str(row["k"]), str([*row.values()])


def placeholders(message: str) -> list[str]:
    """The column names in braces of a message; other braces are text."""
    return _PLACEHOLDER.findall(message)


def _shown(row: Mapping[str, Any], name: str) -> str:
    value = row.get(f"show {name}", row.get(name))
    if value is None:
        return "nothing"
    return ", ".join(str(part) for part in value) if isinstance(value, list) else str(value)


def _hint(rule: Rule, row: Mapping[str, Any]) -> str:
    """The remedy; where a value is made of known words, with the word that each unknown one is near to."""
    words = [*rule.options.get("words", ())]
    if not words:
        return rule.hint
    given = _APART.split(_shown(row, str(rule.field)))
    near = {one: did_you_mean(one, words) for one in given if one not in words}
    said = [f"for '{one}' {guess}" for one, guess in near.items() if guess.startswith("did")]
    return f"{rule.hint}; {', '.join(said)}" if said else rule.hint


def _place(places: Places, key: str, field: str | None) -> Place:
    exact = places.get(f"{key}.{field}") if field else None
    if exact is not None:
        return exact
    place = places.get(key, Place())
    return replace(place, path=f"{place.path}.{field}".removeprefix(".")) if field and place.file else place
