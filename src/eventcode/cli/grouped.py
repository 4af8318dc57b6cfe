"""What a check found, in a terminal: rule by rule, errors first, with the first places of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from eventcode.checks.report.words import printable, share
from eventcode.cli import layout, output

if TYPE_CHECKING:
    from eventcode.checks.report.groups import Group
    from eventcode.checks.result import Result
    from eventcode.model import Finding, RuleCount
    from eventcode.pipeline.baseline import Difference

LONG = 400  # code points of a message, where not everything is shown
NAMED = 4  # rules that a line of counts names


def lines(
    result: Result, groups: Sequence[Group], *, show_all: bool = False, difference: Difference | None = None
) -> Iterator[str]:
    """The groups with something to mend, what was left out, what nobody could answer, and a last line that counts."""
    for group in groups:
        if show_all or (group.severity != "flag" and group.open):
            yield from _group(group, show_all)
            yield ""
    told = [line for line in (*_quiet(groups, show_all), _unknown(result, show_all)) if line]
    if told:
        yield from (*told, "")
    yield last(result, groups, difference)


def last(result: Result, groups: Sequence[Group], difference: Difference | None = None) -> str:
    """The line that counts."""
    if difference is None:
        return output.summary(result, groups)
    from eventcode.checks.report.groups import totals

    found = totals(groups)
    new = [
        output.count(found.error, "new error"),
        output.count(found.warning, "new warning"),
        output.count(found.flag, "new flag"),
    ]
    text = f"{', '.join(new)}; {difference.same:,} as in the baseline, {difference.gone:,} of it gone"
    return click.style(text, fg="red" if found.error else "green")


def _group(group: Group, show_all: bool) -> Iterator[str]:
    kind = group.severity if group.open else "waived"
    yield f"{click.style(group.id, fg=output.COLOURS[kind], bold=True)}  {_counted(group)}"
    if group.meaning:
        yield layout.dim(_filled(group.meaning, "  ", layout.width()))
    yield from places(group, show_all=show_all)
    if group.hint:
        yield _hanging("  → ", printable(group.hint), layout.width())


def places(group: Group, *, show_all: bool, indent: str = "  ") -> Iterator[str]:
    """The first findings of a group, and how many there are beyond them."""
    kept = group.findings if show_all else [finding for finding in group.findings if not finding.waived]
    shown = kept if show_all else kept[: output.SHOWN]
    own_hints, room = not group.hint, layout.width()
    for finding in shown:
        yield from _finding(finding, show_all, indent, room, own_hint=own_hints)
    left = (group.found if show_all else group.open) - len(shown)
    if left > 0:
        yield layout.dim(f"{indent}… {_left(left, len(kept), len(shown))}")


def _counted(group: Group) -> str:
    """`error, 3 of 1,204 (0.2%), 1 waived, 4 unknown`."""
    found = f"{group.found:,}"
    if group.was is not None:
        found = f"{group.open:,} new (was {group.was:,}, is {group.now:,})"
    elif group.rows:
        found += f" of {group.asked} ({share(group.found, group.rows)})"
    parts = [group.severity, found, f"{group.waived:,} waived" if group.waived and group.was is None else ""]
    return ", ".join(part for part in parts if part)


def _left(left: int, kept: int, shown: int) -> str:
    if kept - shown >= left:
        return f"{left:,} more (--all shows them)"
    return f"{left:,} more, {kept - shown:,} of them kept (--all keeps and shows them all)"


def _finding(finding: Finding, show_all: bool, indent: str, room: int, *, own_hint: bool) -> Iterator[str]:
    """A finding: its place, which a terminal makes a link of, and what it says; on one line where that fits."""
    place, said = f"{indent}{output.where(finding)}", _said(finding, show_all)
    if not finding.place.file and len(place) + len(said) + 2 <= room:
        yield f"{place}: {said}"
    else:
        yield place
        yield _filled(said, f"{indent}  ", room)
    if finding.waived:
        yield layout.dim(_hanging(f"{indent}  waived: ", printable(finding.waived), room))
    elif own_hint and finding.hint:
        yield layout.dim(_hanging(f"{indent}  → ", printable(finding.hint), room))


def _said(finding: Finding, show_all: bool) -> str:
    text = finding.message if show_all or len(finding.message) <= LONG else f"{finding.message[:LONG]}…"
    return printable(" ".join(text.split()))


def _filled(text: str, indent: str, room: int) -> str:
    """A paragraph; most are short, and filling is what takes the time."""
    return f"{indent}{text}" if len(text) + len(indent) <= room else layout.fill(text, indent)


def _hanging(head: str, text: str, room: int) -> str:
    line = f"{head}{text}"
    return line if len(line) <= room else layout.fill(text, head, " " * len(head))


# ── what is not shown, by name ────────────────────────────────────────────────────────────────────────────────────────


def _quiet(groups: Sequence[Group], show_all: bool) -> Iterator[str]:
    if show_all:
        return
    flags = [(group.id, group.open) for group in groups if group.severity == "flag" and group.open]
    waived = [(group.id, group.waived) for group in groups if group.waived]
    one = sum(number for _, number in flags) == 1
    yield _named(
        f"flag{'' if one else 's'}, {'a fact' if one else 'facts'} about the news", flags, "--all shows them"
    )
    yield _named("waived", waived, "--all shows them")


def _unknown(result: Result, show_all: bool) -> str:
    from eventcode.checks.report.groups import merged

    counts: list[RuleCount] = sorted(merged(result.counts), key=lambda count: (-count.unknown, count.rule))
    unknown = [(count.rule, count.unknown) for count in counts if count.unknown]
    words = "unknown, because what the rule reads is empty or wrong"
    return _named(words, unknown, "--all names them", every=show_all)


def _named(words: str, found: Sequence[tuple[str, int]], remedy: str, *, every: bool = False) -> str:
    """`waived: rule 12, other 3 and 2 more rules (--all shows them)`; nothing for no findings."""
    if not found:
        return ""
    shown = found if every else found[:NAMED]
    named = ", ".join(f"{rule} {number:,}" for rule, number in shown)
    more = len(found) - len(shown)
    tail = f" and {output.count(more, 'more rule')}" if more else ""
    note = f" ({remedy})" if more or "shows" in remedy else ""
    total = sum(number for _, number in found)
    return layout.dim(layout.fill(f"{total:,} {words}: {named}{tail}{note}", "", "  "))
