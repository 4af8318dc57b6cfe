"""What is known of the columns of a foreign file; what is not said is guessed from the values."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

LIST_SEPARATORS = (";", "|")


@dataclass(frozen=True, slots=True)
class Hints:
    """What a format or a map knows of its columns.

    `codes` gives the closed list of a column, `dates` and `ids` name the columns that hold days and ids, `parallel` the columns
    whose lists go together item by item. `key` names what tells one row from all others, and is empty where no single
    column does. None stands for "not known": it is guessed; an empty collection says that there is none.
    """

    codes: Mapping[str, Collection[str]] = field(default_factory=dict)
    dates: Collection[str] | None = None
    ids: Collection[str] | None = None
    parallel: Sequence[Sequence[str]] | None = None
    key: str | None = None
