"""Findings counted for the charts of a report: by rule, by severity, over time, by coder, by column.

Counts by rule and severity are exact. The others count the findings that were kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from eventcode.checks.report.groups import Group, totals
from eventcode.model import SEVERITIES, Finding

KINDS = (*SEVERITIES, "waived")
CODED = ("readings", "codings", "sources", "support", "participants", "evidence")
MOST = 12  # bars of a chart
MONTHS, YEARS = 36, 120  # how long a time is shown without a gap
Whereabouts = Callable[
    [Finding], tuple[str | None, str | None]
]  # the month (`2025-05`) and the coder of a finding


@dataclass(frozen=True, slots=True)
class Tally:
    """One chart: a title, what its bars stand for, and for each bar the number of findings by severity or `waived`."""

    id: str
    title: str
    head: str
    bars: tuple[tuple[str, Mapping[str, int]], ...]
    exact: bool = True

    @property
    def kinds(self) -> tuple[str, ...]:
        """The severities that occur."""
        return tuple(kind for kind in KINDS if any(numbers.get(kind) for _, numbers in self.bars))


def tallies(groups: Sequence[Group], whereabouts: Whereabouts) -> list[Tally]:
    """The charts that have something to show."""
    kept = [finding for group in groups for finding in group.findings]
    exact = all(len(group.findings) >= group.found for group in groups)
    known = {id(finding): whereabouts(finding) for finding in kept}
    months = Counter((month, _kind(f)) for f in kept if (month := known[id(f)][0]))
    coders = Counter((coder, _kind(f)) for f in kept if (coder := known[id(f)][1] or _coder(f)))
    columns = Counter((f"{f.table}.{f.field}" if f.field else f.table, _kind(f)) for f in kept)
    unit, periods = _periods(months)
    found = [
        Tally("by-severity", "By severity", "severity", _severities(groups)),
        Tally("by-rule", "By rule", "rule", _most(_rules(groups), "other rules")),
        Tally("over-time", f"By {unit} of the event, or else of publication", unit, periods, exact),
        Tally("by-coder", "By coder", "coder", _most(coders, "other coders"), exact),
        Tally("by-column", "By table and column", "column", _most(columns, "other columns"), exact),
    ]
    return [tally for tally in found if tally.bars]


def _kind(finding: Finding) -> str:
    return "waived" if finding.waived is not None else finding.severity


def _coder(finding: Finding) -> str | None:
    """The coder that a lineage names."""
    parts = finding.key.split("/")
    return parts[1] if finding.table in CODED and len(parts) > 1 else None


def _rules(groups: Iterable[Group]) -> Counter[tuple[str, str]]:
    found = Counter[tuple[str, str]]()
    for group in groups:
        found[group.id, group.severity] += group.open
        found[group.id, "waived"] += group.waived
    return found


def _severities(groups: Sequence[Group]) -> tuple[tuple[str, Mapping[str, int]], ...]:
    sums = totals(groups)
    numbers = {kind: getattr(sums, kind) for kind in KINDS}
    return tuple((kind, {kind: number}) for kind, number in numbers.items() if number)


def _bars(counts: Mapping[tuple[str, str], int]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for (label, kind), number in counts.items():
        if number:
            found.setdefault(label, {})[kind] = number
    return found


def _most(counts: Mapping[tuple[str, str], int], rest: str) -> tuple[tuple[str, Mapping[str, int]], ...]:
    """The largest bars, and one for all others."""
    bars = sorted(_bars(counts).items(), key=lambda bar: (-sum(bar[1].values()), bar[0]))
    if len(bars) <= MOST:
        return tuple(bars)
    others = Counter[str]()
    for _, numbers in bars[MOST - 1 :]:
        others.update(numbers)
    return (*bars[: MOST - 1], (f"{len(bars) - MOST + 1:,} {rest}", others))


def _periods(
    months: Mapping[tuple[str, str], int],
) -> tuple[str, tuple[tuple[str, Mapping[str, int]], ...]]:
    """(`month` or `year`, bars in order), with a bar of nothing for every period between."""
    if not months:
        return "month", ()
    named = sorted({month for month, _ in months})
    if _number(named[-1]) - _number(named[0]) < MONTHS:
        between = [_month(n) for n in range(_number(named[0]), _number(named[-1]) + 1)]
        bars = _bars(months)
        return "month", tuple((month, bars.get(month, {})) for month in between)
    years = Counter[tuple[str, str]]()
    for (month, kind), number in months.items():
        years[month[:4], kind] += number
    bars = _bars(years)
    first, last = int(min(bars)), int(max(bars))
    shown = [f"{year:04}" for year in range(first, last + 1)] if last - first < YEARS else sorted(bars)
    return "year", tuple((year, bars.get(year, {})) for year in shown)


def _number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:7]) - 1


def _month(number: int) -> str:
    return f"{number // 12:04}-{number % 12 + 1:02}"
