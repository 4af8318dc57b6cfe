"""A result by rule: how many findings each has, exactly, and those that were kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from eventcode.checks import reasons
from eventcode.checks.result import Result, order
from eventcode.errors import EventcodeError
from eventcode.model import SEVERITIES, Finding, Rule, RuleCount


@dataclass(frozen=True, slots=True)
class Group:
    """What one rule found.

    `found` and `waived` are exact, `findings` may be fewer. `rows` is how many rows the rule was asked of, None where that cannot be
    said; `rule` is None for one that nobody knows. `was` is the number of open findings in the baseline, where there is one.
    """

    id: str
    severity: str
    table: str
    found: int
    waived: int
    rows: int | None
    findings: tuple[Finding, ...]
    rule: Rule | None = None
    was: int | None = None
    now: int | None = None

    @property
    def open(self) -> int:
        """The findings that nobody waived."""
        return self.found - self.waived

    @property
    def asked(self) -> str:
        """How often the rule was asked, in words; what is asked of a raw file is columns or values."""
        if not self.rows:
            return ""
        noun = "" if self.table == "file" else " row" if self.rows == 1 else " rows"
        return f"{self.rows:,}{noun}"

    @property
    def meaning(self) -> str:
        """Why the rule exists, as a sentence; nothing where nobody said."""
        return meaning(self.rule) if self.rule else ""

    @property
    def hint(self) -> str:
        """The remedy, where it is one for all findings."""
        hints = {finding.hint for finding in self.findings}
        return hints.pop() if len(hints) == 1 else ""


@dataclass(frozen=True, slots=True)
class Totals:
    """How many findings there are of each severity, those waived apart."""

    error: int
    warning: int
    flag: int
    waived: int


def meaning(rule: Rule) -> str:
    """Why a rule exists, as a sentence; nothing for one that says nothing."""
    try:
        why = " ".join(reasons.why(rule).split())
    except EventcodeError:
        return ""
    why = why or (rule.message if rule.kind == reasons.STAGE else "")
    return f"{why[:1].upper()}{why[1:]}{'' if why[-1:] in ('.', '!', '?') else '.'}" if why else ""


def grouped(result: Result, rules: Mapping[str, Rule] | None = None) -> list[Group]:
    """The rules that found something: errors first, then by number, and last what is waived altogether; a rule that finds errors and
    warnings is two groups."""
    known = rules or {}
    kept: dict[tuple[str, str], list[Finding]] = {}
    for finding in sorted(result.findings, key=order):
        kept.setdefault((finding.rule, finding.severity), []).append(finding)
    counts = {count.rule: count for count in merged(result.counts)}
    for count in counts.values():
        if count.failed and not any((count.rule, severity) in kept for severity in SEVERITIES):
            kept[count.rule, count.severity] = []
    mixed = {id_ for id_, severity in kept if sum((id_, other) in kept for other in SEVERITIES) > 1}
    found = [
        _group(id_, severity, findings, None if id_ in mixed else counts.get(id_), known.get(id_))
        for (id_, severity), findings in kept.items()
    ]
    return sorted(found, key=lambda group: (not group.open, _rank(group.severity), -group.open, group.id))


def _group(
    id_: str, severity: str, findings: list[Finding], count: RuleCount | None, rule: Rule | None
) -> Group:
    waived = sum(finding.waived is not None for finding in findings)
    if count is None:
        return Group(id_, severity, findings[0].table, len(findings), waived, None, tuple(findings), rule)
    stage = count.rows == count.failed and (rule is None or rule.kind == reasons.STAGE)
    return Group(
        id_, severity, count.table, max(count.failed, len(findings)), max(count.waived, waived),
        None if stage else count.rows, tuple(findings), rule,
    )  # fmt: skip


def _rank(severity: str) -> int:
    return SEVERITIES.index(severity) if severity in SEVERITIES else len(SEVERITIES)


def merged(counts: Iterable[RuleCount]) -> list[RuleCount]:
    """Counts with those of one rule added up."""
    found: dict[str, RuleCount] = {}
    for count in counts:
        held = found.get(count.rule)
        found[count.rule] = count if held is None else _sum(held, count)
    return [*found.values()]


def _sum(one: RuleCount, two: RuleCount) -> RuleCount:
    names = ("rows", "passed", "failed", "unknown", "waived")
    return RuleCount(
        one.rule,
        one.severity,
        one.table,
        **{name: getattr(one, name) + getattr(two, name) for name in names},
    )


def totals(groups: Iterable[Group]) -> Totals:
    """The findings of all groups."""
    found, waived = dict.fromkeys(SEVERITIES, 0), 0
    for group in groups:
        found[group.severity] = found.get(group.severity, 0) + group.open
        waived += group.waived
    return Totals(found["error"], found["warning"], found["flag"], waived)
