"""How the command line says how somebody else's file is read, and what it is told of the rules that were left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import click

from eventcode.cli import output

if TYPE_CHECKING:
    from eventcode.formats.tabular.tables import Reading

Command = Callable[..., None]
SHOWN = 3
NAMES = {
    "layout": "--layout",
    "encoding": "--encoding",
    "delimiter": "--delimiter",
    "no_quotes": "--no-quotes",
}
OPTIONS = (
    click.option("--layout", metavar="LAYOUT", help="Which layout of the format it is; told from the columns by default."),
    click.option("--encoding", metavar="NAME", help="utf-8 (default), latin-1 or cp1252."),
    click.option("--delimiter", metavar="SIGN", help="What separates cells: , ; | or tab."),
    click.option("--no-quotes", is_flag=True, help="A quotation mark is a letter like any other."),
)  # fmt: skip


def taking(*options: Callable[[Command], Command]) -> Callable[[Command], Command]:
    """What gives a command options, in this order."""

    def given(function: Command) -> Command:
        for option in reversed(options):
            function = option(function)
        return function

    return given


taking_files = taking(*OPTIONS)


def reading(given: Mapping[str, Any]) -> Reading:
    """What the options say of how a file is read."""
    from eventcode.formats.tabular.tables import Reading

    delimiter = {"tab": "\t", "\\t": "\t"}.get(given["delimiter"], given["delimiter"])
    if delimiter is not None and len(delimiter) != 1:
        raise click.UsageError(f"--delimiter is one sign or the word tab, not '{delimiter}'")
    return Reading(delimiter, quotes=not given["no_quotes"], encoding=given["encoding"])


def not_asked(rules: Mapping[str, str], where: str) -> None:
    """A notice in one line of the rules that were not asked; `where` says how to learn why."""
    if rules:
        named = ", ".join([*rules][:SHOWN]) + (" …" if len(rules) > SHOWN else "")
        left = f"not asked, as they make no sense for the file: {output.count(len(rules), 'rule')} ({named}); {where}"
        output.note(click.style(left, dim=True))
