"""The report: one HTML page with everything in it, that needs no network, no scripts and no other file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from eventcode.checks.report import charts
from eventcode.checks.report.groups import Group, merged, totals
from eventcode.checks.report.tallies import Tally, Whereabouts, tallies
from eventcode.checks.report.words import printable, share
from eventcode.checks.result import Result
from eventcode.codebook import markdown_lists
from eventcode.codebook.site import templating
from eventcode.codebook.site.words import plain
from eventcode.codebook.slugs import address_part
from eventcode.model import Finding

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

PACKAGE = "eventcode.checks.report"
SHOWN = 50  # findings of a rule


@dataclass(frozen=True, slots=True)
class About:
    """What a report is about: what was checked, under which codebook, and with what remark (a baseline)."""

    target: str
    codebook: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A group on the page: its anchor, the findings that are shown, how many are not, and where the rule comes from."""

    group: Group
    anchor: str
    findings: Sequence[Finding]
    left: int
    origin: str

    @property
    def statement(self) -> str:
        """What the rule asks, as it is written in a codebook."""
        rule = self.group.rule
        return (
            markdown_lists.statement(rule) if rule and (rule.require or rule.columns or rule.options) else ""
        )

    @property
    def examples(self) -> list[tuple[str, str]]:
        """What the rule holds for and fails for, on one line each."""
        rows = self.group.rule.examples if self.group.rule else {}
        words = {"pass": "holds for", "fail": "fails for"}
        return [
            (said, markdown_lists.compact(row)) for name, said in words.items() for row in rows.get(name, ())
        ]

    @property
    def several_hints(self) -> bool:
        """Whether each finding has a remedy of its own."""
        return not self.group.hint


def render(
    result: Result,
    groups: Sequence[Group],
    about: About,
    whereabouts: Whereabouts,
    origins: Mapping[str, str] | None = None,
    shown: int | None = SHOWN,
) -> str:
    """The page. `shown` bounds the findings of a rule; EventcodeError where the extra `report` is not installed."""
    charts.needed()
    found = [_shown(group, shown, origins or {}, number) for number, group in enumerate(groups)]
    counted = merged(result.counts)
    unknown = sorted((c for c in counted if c.unknown), key=lambda c: (-c.unknown, c.rule))
    drawn = [(tally, _svg(tally)) for tally in tallies(groups, whereabouts)]
    return environment().get_template("page.html").render(
        about=about, totals=totals(groups), groups=found, charts=drawn, unknown=unknown, asked=len(counted),
        times=sum(count.passed + count.failed + count.unknown for count in counted), passed=sum(c.passed for c in counted),
        unanswered=sum(c.unknown for c in counted), kind="Findings", name=about.target,
        style=templating.style(PACKAGE),
    )  # fmt: skip


def _shown(group: Group, most: int | None, origins: Mapping[str, str], number: int) -> Shown:
    first = group.findings if most is None else group.findings[:most]
    anchor = f"rule-{number + 1}-{address_part(group.id)}"
    return Shown(group, anchor, first, group.found - len(first), origins.get(group.id, ""))


def _svg(tally: Tally) -> Markup:
    from markupsafe import Markup

    return Markup(charts.svg(tally))


@cache
def environment() -> Environment:
    """Jinja with the template of this package, everything escaped and printable."""
    found = templating.made(PACKAGE, finalize=plain)
    found.filters |= {
        "printable": printable,
        "ticked": templating.ticked,
        "share": share,
        "number": lambda number: f"{number:,}",
    }
    return found
