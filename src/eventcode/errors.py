"""The one family of errors that eventcode raises on purpose.

An error is for the operator's mistake; what is wrong with the data is a finding (`model.Finding`), never an exception.
Every message says where, what, and the remedy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong at one place: `file`, 1-based `line`, `path` within it, what, and the remedy."""

    message: str
    hint: str = ""
    file: str = ""
    line: int | None = None
    path: str = ""

    @property
    def place(self) -> str:
        """`file:line  path`, leaving out what is not known."""
        where = f"{self.file}:{self.line}" if self.file and self.line else self.file
        return "  ".join(part for part in (where, self.path) if part)

    def __str__(self) -> str:
        """The problem in up to three lines: place, message, remedy."""
        head = f"{self.place}\n  {self.message}" if self.place else self.message
        return f"{head}\n  → {self.hint}" if self.hint else head


class EventcodeError(Exception):
    """A mistake that stops the work, with every problem found and how to mend each.

    >>> print(EventcodeError("no such dataset: iraq", hint="see `eventcode datasets`"))
    no such dataset: iraq
      → see `eventcode datasets`
    """

    def __init__(self, message: str, hint: str = "", *, problems: Sequence[Problem] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.problems = tuple(problems)

    def __str__(self) -> str:
        own = str(Problem(self.message, self.hint))
        return "\n".join([own, *(str(problem) for problem in self.problems)])


class CodebookError(EventcodeError):
    """A codebook that cannot be read or does not hold together."""


class DatasetError(EventcodeError):
    """A dataset folder, file or build that cannot be used."""


class CoderError(EventcodeError):
    """A coder, person or machine, that is unknown or cannot work."""


def refuse(kind: type[EventcodeError], what: str, problems: Sequence[Problem], hint: str = "") -> None:
    """Raise `kind` if there is any problem; the message counts them."""
    if problems:
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        raise kind(f"{what}: {count}", hint, problems=problems)
