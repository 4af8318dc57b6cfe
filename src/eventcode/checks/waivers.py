"""Waivers: findings accepted on record.

A waived finding stays visible; a waiver that is unused, expired or miscounted is a finding itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from eventcode.checks.reasons import OTHER
from eventcode.model import Finding, Place, RuleCount
from eventcode.readings import Row

RULE = "waivers"


def apply(
    findings: Sequence[Finding],
    counts: Sequence[RuleCount],
    waivers: Sequence[tuple[Row, Place]],
    as_of: date,
) -> tuple[list[Finding], list[RuleCount]]:
    """Findings with those waived marked, the findings about waivers added, and counts with the waived filled in.

    A waiver names a `rule` and either the `key` of a row (its lineage) or the expected `count` of all its findings; from the day after
    `until` it is expired against `as_of`, never against the clock.
    """
    waived = list(findings)
    about: list[Finding] = []
    for row, place in waivers:
        hits = [i for i, finding in enumerate(waived) if _covers(row, finding)]
        problem = _problem(row, hits, as_of)
        if problem is None:
            for i in hits:
                waived[i] = replace(waived[i], waived=f"{row['who']}: {row['why']}")
        else:
            about.append(_finding(row, place, *problem))
    return [*waived, *about], [_counted(count, waived) for count in counts]


def _covers(row: Row, finding: Finding) -> bool:
    return finding.rule == row["rule"] and (not row.get("key") or finding.key == row["key"])


def _problem(row: Row, hits: Sequence[int], as_of: date) -> tuple[str, str] | None:
    """(rule, message) of what keeps a waiver from holding."""
    if row.get("until") and date.fromisoformat(row["until"]) < as_of:
        return "expired", f"the waiver of {row['rule']} ended on {row['until']}"
    if not hits:
        return "unused", f"the waiver of {row['rule']} waives nothing"
    if row.get("count") and int(row["count"]) != len(hits):
        message = f"the waiver of {row['rule']} expects {row['count']} findings, and there are {len(hits)}"
        return "count", message
    if not row.get("key") and not row.get("count"):
        return "open", f"the waiver of {row['rule']} names neither a key nor a count"
    return None


def _finding(row: Row, place: Place, rule: str, message: str) -> Finding:
    name = f"{RULE}.{rule}"
    severity, _, hint = OTHER[name]
    return Finding(
        name,
        severity,
        "waivers",
        row["rule"],
        message,
        hint,
        row=row.get("key") or row["rule"],
        place=place,
    )


def _counted(count: RuleCount, findings: Sequence[Finding]) -> RuleCount:
    if not count.failed:
        return count
    return replace(
        count, waived=sum(finding.rule == count.rule and finding.waived is not None for finding in findings)
    )
