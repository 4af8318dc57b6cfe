"""How far a long run is: one line on stderr, drawn over itself and gone at the end."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING

import click

from eventcode.cli import layout

if TYPE_CHECKING:
    from eventcode.checks.progress import Progress

PATIENCE, PAUSE, CELLS = 1.0, 0.1, 24


class Bar:
    """A bar for what takes longer than a second; nothing where stderr is no terminal."""

    def __init__(self) -> None:
        self.begun = time.monotonic()
        self.drawn = 0.0
        self.done = 0.0

    def __enter__(self) -> Bar:
        return self

    def __call__(self, progress: Progress) -> None:
        """Draw how far it is, ten times a second at most, and never back."""
        now, self.done = time.monotonic(), max(self.done, progress.done)
        if not sys.stderr.isatty() or now - self.begun < PATIENCE or now - self.drawn < PAUSE:
            return
        self.drawn = now
        click.echo(f"\r\x1b[2K{line(progress.doing, self.done)}", err=True, nl=False)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        if self.drawn:
            click.echo("\r\x1b[2K", err=True, nl=False)


def line(doing: str, done: float) -> str:
    """`████████░░░░  34%  events: 12 row rules`, no wider than the terminal."""
    share = min(1.0, max(0.0, done))
    full = int(CELLS * share)
    return f"{'█' * full}{'░' * (CELLS - full)} {share:4.0%}  {doing}"[: layout.width() - 1]
