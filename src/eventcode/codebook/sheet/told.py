"""What an import chose because nothing was said: every choice is listed, none is silent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

SHOWN = 8


@dataclass(frozen=True, slots=True)
class Chosen:
    """One default: of which column of which sheet, what was taken and why, and for which entries. `todo`: somebody must still decide."""

    sheet: str
    column: str
    what: str
    of: tuple[str, ...] = ()
    todo: bool = False

    def line(self, limit: int | None = SHOWN) -> str:
        """`codes.act: mixed …: 010, 011 and 12 more`."""
        where = f"{self.sheet}.{self.column}" if self.column else self.sheet
        many = limit is not None and len(self.of) > limit + 1
        names = ", ".join(self.of[:limit] if many else self.of)
        rest = f" and {len(self.of) - (limit or 0)} more" if many else ""
        return f"{where}: {self.what}" + (f" ({names}{rest})" if names else "")


@dataclass(slots=True)
class Report:
    """All defaults of an import, those alike together."""

    found: dict[tuple[str, str, str, bool], list[str]] = field(default_factory=dict)

    def add(self, sheet: str, column: str, what: str, of: str = "", *, todo: bool = False) -> None:
        """Note a default for one entry."""
        names = self.found.setdefault((sheet, column, what, todo), [])
        if of:
            names.append(of)

    def chosen(self) -> list[Chosen]:
        """What is still to be decided first, then the rest in the order of the sheets."""
        listed = [
            Chosen(sheet, column, what, tuple(of), todo)
            for (sheet, column, what, todo), of in self.found.items()
        ]
        return sorted(listed, key=lambda one: not one.todo)


def lines(chosen: Iterable[Chosen], limit: int | None = SHOWN) -> Iterator[str]:
    """The report as text, one line for each kind of default."""
    for one in chosen:
        yield ("TODO " if one.todo else "     ") + one.line(limit)


def page(title: str, source: str, chosen: Iterable[Chosen]) -> str:
    """The report as a page of the folder."""
    kept = [*chosen]
    owed = [f"- [ ] {one.line(None)}" for one in kept if one.todo]
    rest = [f"- {one.line(None)}" for one in kept if not one.todo]
    parts = [f"# What was chosen when {title} was imported from {source}", ""]
    if owed:
        parts += ["To be decided by somebody who knows the subject:", "", *owed, ""]
    if rest:
        parts += ["Taken because nothing was said; change what is wrong:", "", *rest, ""]
    return "\n".join([*parts, "Delete this page when nothing is left to decide.", ""])
