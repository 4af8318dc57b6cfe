"""One value in one cell, and back.

Whatever a cell would not give back as it was (spaces at the ends, control characters, a list whose entry has two lines) is written as
`json:` and its JSON, so that nothing is lost and nothing is guessed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from eventcode.codebook import yamlout
from eventcode.model import Place

Value = str | int | float | bool
JSON = "json:"
NONE = "none"  # a list that is there and empty
ARROW = " → "
LONGEST = 32_767  # characters that a cell holds
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff\ud800-\udfff]|_x[0-9A-Fa-f]{4}_|x005F_")
SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u2007\u202f\u205f\u3000\u200b\u2060\ufeff]")
POWER = re.compile(r"[-+]?[0-9]+([.,][0-9]+)?[eE][-+]?[0-9]+")
SPLIT = re.compile(r"[;,\n]")


class Raw(Protocol):
    """A cell as read: `kind` is text, number, boolean, date, formula or error."""

    @property
    def value(self) -> Any:
        """What stands in it."""

    @property
    def kind(self) -> str:
        """What it is."""


class Grid(Protocol):
    """The cells of one sheet by row and column, counted from 1; merged ranges as (text, first row, last row, first column)."""

    name: str
    file: str
    rows: Any
    merged: tuple[tuple[str, int, int, int], ...]

    def place(self, row: int, column: int) -> Place:
        """Where a cell stands: `codes!C7`."""


@dataclass(frozen=True, slots=True)
class Text:
    """A cell of a CSV file, or one that was made."""

    value: Any
    kind: str = "text"


class CellError(Exception):
    """A cell that does not hold what its column asks for: what is wrong, and the remedy."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message, self.hint = message, hint


# ── out ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


def to_cell(value: Any, kind: str) -> Value | None:
    """What the cell of a column of this kind holds; None for nothing. CellError where no cell can hold it."""
    if value is None:
        return _json(None) if kind == "any" else None
    written = _WRITERS[kind](value)
    if isinstance(written, str) and len(written) > LONGEST:
        raise CellError(f"a text of {len(written):,} characters", f"shorten it: a cell holds {LONGEST:,}")
    return written


def _json(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=True).replace("_x", "\\u005fx").replace("x005F", "\\u0078005F")
    return JSON + text.replace("\x7f", "\\u007f")


def plain(text: str) -> bool:
    """Whether a cell gives a text back as it is."""
    return bool(text) and text == text.strip() and not text.startswith(JSON) and not _UNWRITABLE.search(text)


def _text_out(text: str) -> str:
    return text if plain(text) else _json(text)


def _strict_out(text: str) -> str:
    return text if plain(text) and not SPACES.search(text) and not POWER.fullmatch(text) else _json(text)


def _lines_out(items: Sequence[str]) -> str:
    if not items:
        return NONE
    whole = all(plain(item) and "\n" not in item for item in items)
    return "\n".join(items) if whole and [*items] != [NONE] else _json([*items])


def _keys_out(items: Sequence[str]) -> str:
    if not items:
        return NONE
    whole = all(plain(item) and not SPLIT.search(item) and not SPACES.search(item) for item in items)
    return ", ".join(items) if whole and [*items] != [NONE] else _json([*items])


def _excludes_out(items: Sequence[Mapping[str, Any]]) -> str:
    if not items:
        return NONE
    text = "\n".join(ARROW.join(filter(None, (item["text"], item.get("see")))) for item in items)
    there = [{key: value for key, value in item.items() if value is not None} for item in items]
    return text if plain(text) and told_apart(text.split("\n")) == there else _json([*there])


def _any_out(value: Any) -> Value:
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return _number_out(value)
    return _text_out(value) if isinstance(value, str) else _json(value)


def _number_out(value: int | float) -> Value:
    """The number itself, or JSON where the sixteen digits of a cell are not enough."""
    exact = abs(value) < 2**53 if isinstance(value, int) else float(f"{value:.15g}") == value
    return value if exact else _json(value)


def _yaml_out(value: Any) -> str:
    text = yamlout.scalar(value)
    return text if plain(text) else _json(value)


_WRITERS: dict[str, Callable[[Any], Value]] = {
    "key": _strict_out, "name": _strict_out, "text": _text_out, "lines": _lines_out, "keys": _keys_out, "excludes": _excludes_out,
    "number": _number_out, "integer": _number_out, "boolean": lambda value: "yes" if value else "no", "any": _any_out, "yaml": _yaml_out,
    "coded": lambda value: _coded_out(value),
}  # fmt: skip


def _coded_out(value: Sequence[Mapping[str, Any]]) -> str:
    """Expected codings: bare codes where nothing more is said of them, else YAML."""
    codes = [coding.get("event_type") for coding in value if [*coding] == ["event_type"]]
    if len(codes) == len(value) and all(isinstance(code, str) for code in codes):
        written = _keys_out([str(code) for code in codes])
        if not written.startswith(JSON):
            return written
    return _yaml_out(value)


def told_apart(lines: Iterable[str]) -> list[dict[str, str]]:
    """`a promise to do so → 031` as text and the code to see."""
    found = []
    for line in lines:
        text, _, see = (
            line.replace("->", "→").rpartition("→") if "→" in line or "->" in line else (line, "", "")
        )
        found.append({"text": text.strip()} | ({"see": see.strip()} if see.strip() else {}))
    return found
