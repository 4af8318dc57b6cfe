"""Pages of documentation, read: their fenced blocks, links and anchors, and the commands that they show, run.

An HTML comment right above a block says what a test does with it: `file: PATH` writes it there, `file: PATH, added` appends it, and
`cell: FILE SHEET CELL VALUE` changes a workbook before the commands of the block run.
"""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import click
from click.testing import CliRunner

from eventcode import cli
from eventcode.errors import EventcodeError

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
_DIRECTIVE = re.compile(r"<!-- (file|cell): (.*) -->")
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_REST = "…"


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its language, its text, the line it begins on, and the comments above it as (verb, rest)."""

    language: str
    text: str
    line: int
    directives: tuple[tuple[str, str], ...] = ()

    @property
    def commands(self) -> list[tuple[str, list[str]]]:
        """(command, lines printed) of a console block."""
        found: list[tuple[str, list[str]]] = []
        for line in self.text.splitlines():
            if line.startswith("$ "):
                found.append((line[2:], []))
            elif found:
                found[-1][1].append(line)
        return found


@dataclass(slots=True)
class Page:
    """A Markdown file: its fenced blocks, and its lines outside them."""

    path: Path
    blocks: list[Block] = field(default_factory=list)
    prose: list[str] = field(default_factory=list)

    @property
    def links(self) -> list[str]:
        """Where its links lead."""
        return [link for line in self.prose for link in _LINK.findall(line)]

    @property
    def anchors(self) -> set[str]:
        """The anchors of its headings, as GitHub makes them."""
        titles = [line.lstrip("#").strip() for line in self.prose if line.startswith("#")]
        return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def read(path: Path) -> Page:
    """A page with its blocks."""
    page = Page(path)
    lines = iter(enumerate(path.read_text("utf-8").splitlines(), 1))
    above: list[tuple[str, str]] = []
    for number, line in lines:
        if line.startswith("```"):
            text = "".join(f"{inner}\n" for inner in _until(lines))
            page.blocks.append(Block(line[3:].strip(), text, number, tuple(above)))
            above = []
        elif match := _DIRECTIVE.fullmatch(line):
            above.append((match[1], match[2]))
        else:
            page.prose.append(line)
    return page


def _until(lines: Iterator[tuple[int, str]]) -> Iterator[str]:
    for _, line in lines:
        if line == "```":
            return
        yield line


# ── commands as they are shown ────────────────────────────────────────────────────────────────────────────────────────


def wrong(command: str) -> str | None:
    """What is wrong with a command line that begins with `eventcode`; None where it could be run."""
    words = shlex.split(re.split(r"\s(?:[|>]|&&)", command)[0])[1:]
    found: click.Command = cli.group
    context = click.Context(found, info_name="eventcode")
    while isinstance(found, click.Group) and words and not words[0].startswith("-"):
        below = found.get_command(context, words[0])
        if below is None:
            return f"there is no command {words[0]}"
        found, context, words = below, click.Context(below, context, info_name=words[0]), words[1:]
    try:
        given, rest, _ = found.make_parser(context).parse_args(list(words))
    except click.UsageError as error:
        return error.format_message()
    return f"{rest} is too much" if rest else _values(found, context, given)


def _values(command: click.Command, context: click.Context, given: dict[str, object]) -> str | None:
    for param in command.params:
        values = given.get(param.name or "")
        texts = [
            value
            for value in (values if isinstance(values, list | tuple) else [values])
            if isinstance(value, str)
        ]
        if param.required and not texts:
            return f"{param.name} is missing"
        if isinstance(param.type, click.Choice) and not {*texts} <= {*param.type.choices}:
            return f"{texts} is none of {param.type.choices}"
    return None


# ── pages that run ────────────────────────────────────────────────────────────────────────────────────────────────────


def lay_out(page: Page, folder: Path) -> None:
    """Write the files of a page into a folder, running nothing."""
    for block in page.blocks:
        for verb, rest in block.directives:
            if verb == "file":
                _write(folder, rest, block.text)


def _write(folder: Path, rest: str, text: str) -> None:
    name, _, added = rest.partition(", ")
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a" if added else "w", encoding="utf-8", newline="") as file:
        file.write(text)


def run(page: Page, folder: Path) -> Iterator[tuple[str, str, str]]:
    """Run a page from top to bottom, beginning in `folder`: (command, what the page shows, what was printed) for each."""
    for block in page.blocks:
        for verb, rest in block.directives:
            _write(folder, rest, block.text) if verb == "file" else _set_cell(folder, *rest.split())
        for command, shown in block.commands if block.language == "console" else ():
            words = shlex.split(command)
            if words[0] == "cd":
                folder = folder / words[1]
            else:
                yield command, "\n".join(shown), printed(words, folder)


def _set_cell(folder: Path, file: str, sheet: str, cell: str, value: str) -> None:
    import openpyxl

    book = openpyxl.load_workbook(folder / file)
    book[sheet][cell] = value
    book.save(folder / file)


def printed(words: list[str], folder: Path) -> str:
    """What a command prints, stdout and stderr together, run in a folder."""
    import os

    before = Path.cwd()
    os.chdir(folder)
    try:
        return _eventcode(words[1:]) if words[0] == "eventcode" else _python(words[1:])
    finally:
        os.chdir(before)


def _eventcode(words: list[str]) -> str:
    done = CliRunner(env={"COLUMNS": "100"}).invoke(cli.group, words, prog_name="eventcode")
    if isinstance(done.exception, EventcodeError):
        return f"{done.output}error: {done.exception}\n"
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


def _python(words: list[str]) -> str:
    target = words[words.index(">") + 1] if ">" in words else None
    done = subprocess.run(
        [sys.executable, *words[: words.index(">") if target else None]],
        capture_output=True,
        text=True,
        check=True,
    )
    if target is None:
        return done.stdout
    Path(target).write_text(done.stdout, "utf-8")
    return ""


def fits(shown: str, output: str) -> bool:
    """Whether output is what a page shows; `…` stands for anything, on a line of its own for any number of lines."""
    lines = [
        r"(?:.*\n)*" if line == _REST else re.escape(line).replace(_REST, ".*") + r"\n"
        for line in shown.splitlines()
    ]
    plain = "".join(f"{line.rstrip()}\n" for line in output.splitlines())
    return re.fullmatch("".join(lines).rstrip() + r"\n*", plain) is not None or (
        not shown.strip() and not plain.strip()
    )
