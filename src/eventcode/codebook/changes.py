"""One change of a codebook, its level, and the version bump that changes owe together."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from eventcode.codebook import migrate

LEVELS = ("none", "patch", "minor", "major")


@dataclass(frozen=True, slots=True)
class Change:
    """One change: its level, kind (`added`, `renamed` …), what it is about (`code`, `field` …), the key, and what was before and after."""

    level: str
    kind: str
    what: str
    key: str
    before: str = ""
    after: str = ""
    note: str = ""


def owed(changes: Iterable[Change]) -> str:
    """The bump that the changes owe together: `none`, `patch`, `minor` or `major`."""
    return max((change.level for change in changes), key=LEVELS.index, default="none")


def bumped(version: str, level: str) -> str:
    """The version that follows with a bump of that level."""
    a, b, c = migrate.version(version)
    following = {"none": (a, b, c), "patch": (a, b, c + 1), "minor": (a, b + 1, 0), "major": (a + 1, 0, 0)}
    return ".".join(str(part) for part in following[level])


def enough(old: str, new: str, level: str) -> bool:
    """Whether the newer version number owns up to the changes."""
    return migrate.version(new) >= migrate.version(bumped(old, level))


def plain(text: str) -> str:
    """A text without case, punctuation and line ends."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def likeness(a: str, b: str) -> float:
    """The share of words that two texts have in common, in order (0 to 1)."""
    return difflib.SequenceMatcher(None, plain(a).split(), plain(b).split(), autojunk=False).ratio()


def shown(value: Any) -> str:
    """A value as a line of a report shows it."""
    if value is None or value == ():
        return "none"
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {shown(own)}" for key, own in value.items()) or "none"
    return ", ".join(str(one) for one in value) if isinstance(value, tuple) else str(value)
