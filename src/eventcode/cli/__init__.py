"""The command line: one file per command, loaded only when it is called, so that `eventcode --help` answers at once."""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from eventcode import __version__
from eventcode.errors import EventcodeError

# name → (module, what it does): the help of the group costs no import of the commands.
COMMANDS = {
    "init": ("init", "Lay out a new project."),
    "new": ("new", "Add a dataset to the project."),
    "simulate": ("simulate", "Lay out a project of invented texts and readings, to try things on."),
    "codebook": ("codebook", "Look things up in a codebook, and check one."),
    "sheet": ("sheet", "Workbooks for coders: write one, read one back."),
    "text": ("text", "Give the id of a text, for documents.yaml."),
    "import": ("import_", "Add readings to a dataset, all of a file or nothing."),
    "check": ("check", "Check a dataset or a file, and list the findings."),
    "adjudicate": ("adjudicate", "List what needs a decision; decide in a workbook."),
    "agree": ("agree", "Tell how far the coders of a dataset agree."),
    "link": ("link", "List reports that may tell of one event, and take decided links."),
    "build": ("build", "Build a dataset: tables, findings, manifest, data card."),
    "release": ("release", "Publish a build as an immutable folder."),
    "export": ("export", "Write a dataset as ACLED, UCDP, PLOVER, Stata, SPSS or CSV."),
    "diff": ("diff", "Tell what changed between two builds or releases."),
    "evidence": ("evidence", "Hold the evidence against the texts."),
    "sources": ("sources", "Explain the sources and origins of a record."),
    "datasets": ("datasets", "List the datasets of the project."),
    "doctor": ("doctor", "Tell what is installed and what is missing."),
}

SIGNALS: list[int] = []  # those that told this process to end
SHOWN = 3


class Lazy(click.Group):
    """A group whose commands are modules that are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"eventcode.cli.{COMMANDS[cmd_name][0]}")
        command: click.Command = module.command
        return command

    def invoke(self, ctx: click.Context) -> Any:
        from eventcode.formats.files import PLACED

        PLACED.clear()
        try:
            if ctx.obj is not None:
                ctx.obj()
            return super().invoke(ctx)
        except (KeyboardInterrupt, click.Abort):
            stopped = signal.SIGINT
        except (Exception, SystemExit):  # what a library makes of a signal, and SIGTERM itself
            if not SIGNALS:
                raise
            stopped = signal.Signals(SIGNALS[0])
        click.echo(_told(PLACED), err=True)
        ctx.exit(128 + stopped)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, about) for name, (_, about) in COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0] if args else ""
        if name and name not in COMMANDS and not name.startswith("-"):
            from eventcode.shape import did_you_mean

            ctx.fail(f"there is no command '{name}': {did_you_mean(name, [*COMMANDS])}")
        return super().resolve_command(ctx, args)


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="eventcode", message="%(prog)s %(version)s")
def group() -> None:
    """Political event data from news text: from codebook to validated release.

    A codebook says what an event is; coders' readings of documents are checked against it, adjudicated and linked; the result is a
    documented, reproducible Parquet dataset. Run `eventcode COMMAND --help` for each command.
    """


def _listen() -> None:
    """From here on there may be something to tidy up."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupted)


def _interrupted(number: int, _: Any) -> None:
    """Told to end, a command ends as after an error, so that no temporary files are left."""
    SIGNALS.append(number)
    if number == signal.SIGINT:
        raise KeyboardInterrupt
    sys.exit(128 + number)


def _told(placed: Sequence[Path]) -> str:
    """What a command that was stopped has written."""
    there = [str(path) for path in dict.fromkeys(placed) if path.exists()]
    if not there:
        return "stopped: nothing was written"
    more = f" and {len(there) - SHOWN} more" if len(there) > SHOWN else ""
    return f"stopped: {', '.join(there[:SHOWN])}{more} had been written, and nothing else"


def main() -> None:
    """The command line: the one place where an EventcodeError becomes a message and exit code 1."""
    try:
        group(prog_name="eventcode", obj=_listen)
    except EventcodeError as error:
        click.echo(f"{click.style('error', fg='red', bold=True, reset=True)}: {error}", err=True)
        sys.exit(1)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(141)
