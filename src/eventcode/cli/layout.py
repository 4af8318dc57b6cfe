"""How a page is laid out in the terminal: at most 100 columns, colour only as an aid."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterable, Iterator, Mapping

import click

LEFT = 14  # the columns of the names of facts


def width() -> int:
    """The columns to fill: those of the terminal, but no more than 100."""
    return max(40, min(100, shutil.get_terminal_size((100, 24)).columns))


def dim(text: str) -> str:
    """Text that is there to be found, not to be read first."""
    return click.style(text, dim=True)


def fill(text: str, indent: str = "  ", hanging: str | None = None) -> str:
    """A paragraph; `hanging` begins the lines after the first."""
    line = " ".join(text.split())
    after = indent if hanging is None else hanging
    return textwrap.fill(
        line,
        width(),
        initial_indent=indent,
        subsequent_indent=after,
        break_on_hyphens=False,
        break_long_words=False,
    )


def title(key: str, label: str, right: str) -> str:
    """The first line of a page: what it is about, and on the right where it belongs."""
    label = "" if label == key else label
    if not label and not right:
        return click.style(key, bold=True, fg="blue")
    room = width() - len(key) - len(label) - len(right) - 4
    return f"{click.style(key, bold=True, fg='blue')}  {click.style(label, bold=True)}{' ' * max(2, room)}{dim(right)}"


def facts(found: Mapping[str, str]) -> str:
    """Short answers, one a line, aligned; empty ones are left out."""
    lines = []
    for name, value in found.items():
        if value:
            head = f"  {name:<{LEFT}}"
            body = fill(value, " " * len(head))
            lines.append(f"{dim(head)}{body[len(head) :]}")
    return "\n".join(lines)


def section(name: str, lines: Iterable[str]) -> str:
    """A heading and what stands below it; nothing for no lines."""
    body = "\n".join(lines)
    return f"  {click.style(name, bold=True)}\n{body}" if body else ""


def dashes(items: Iterable[str]) -> Iterator[str]:
    """A dash before each item."""
    for item in items:
        yield fill(item, "    – ", "      ")


def page(*blocks: str) -> str:
    """Blocks with an empty line between them."""
    return "\n\n".join(block for block in blocks if block)
