"""One rule in a terminal: what it asks in words and SQL, why, where it comes from, its examples, and what it finds."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from eventcode.cli import grouped, layout, output
from eventcode.codebook import markdown_lists
from eventcode.model import RuleCount

if TYPE_CHECKING:
    from eventcode.checks.report.groups import Group
    from eventcode.pipeline.rules import Explained


def page(found: Explained) -> str:
    """The page of a rule."""
    rule = found.rule
    severity = click.style(rule.severity, fg=output.COLOURS[rule.severity], bold=True)
    facts = {
        "Severity": severity, "About": found.about, "Says": rule.message, "Remedy": rule.hint, "Comes from": found.origin,
    }  # fmt: skip
    return layout.page(
        layout.title(rule.id, "", found.reference),
        layout.fill(found.why) if found.why else "",
        layout.facts(facts),
        layout.section("Asks", [layout.fill(words, "    ", "      ") for words in found.words]),
        layout.section("Finds, as SQL", _sql(found.sql)),
        layout.section("Holds for", _examples(rule.examples, "pass")),
        layout.section("Fails for", _examples(rule.examples, "fail")),
    )


def _sql(sql: str) -> Iterator[str]:
    for line in sql.splitlines():
        yield from textwrap.wrap(
            line, layout.width() - 4, initial_indent="    ", subsequent_indent="      ",
            break_long_words=False, break_on_hyphens=False,
        )  # fmt: skip


def _examples(examples: Mapping[str, Sequence[Mapping[str, Any]]], sort: str) -> Iterator[str]:
    for one in examples.get(sort, ()):
        yield layout.fill(markdown_lists.compact(one), "    – ", "      ")


def here(target: str, groups: Sequence[Group], count: RuleCount | None, *, show_all: bool) -> Iterator[str]:
    """What a rule finds in what was checked."""
    yield click.style(f"  In {target}", bold=True)
    if count is None and not groups:
        yield "    not asked: what it is about is not there"
        return
    if count is not None:
        parts = [
            f"{count.failed:,} found",
            f"{count.waived:,} waived",
            f"{count.passed:,} passed",
            f"{count.unknown:,} unknown",
        ]
        # what a rule about a raw file looks at are its columns, values or rows, by the rule
        asked = (
            output.count(count.rows, "time")
            if count.table == "file"
            else f"of {output.count(count.rows, 'row')}"
        )
        yield f"    asked {asked}: {', '.join(parts)}"
    for group in groups:
        yield from grouped.places(group, show_all=show_all, indent="    ")
