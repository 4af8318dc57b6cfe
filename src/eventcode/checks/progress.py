"""How far a check is, told while it runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """What is being done (`events: 12 row rules`), and which part of the whole check is done, from 0 to 1."""

    doing: str
    done: float


Say = Callable[[Progress], None]
