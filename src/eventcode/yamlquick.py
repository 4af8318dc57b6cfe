"""The quick way through a YAML file in which nothing is wrong, and what counts as a number, a word, a code without its quotes."""

from __future__ import annotations

import re
from math import isfinite
from typing import Any

import yaml

MAX_DEPTH = 40
MAX_DIGITS = 18
NEAR = 2  # the levels whose lines are kept at once: keys of the file, and the entries of their lists
Path_ = tuple[str | int, ...]

Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
WORDS: dict[str, Any] = {"": None, "~": None, "null": None, "true": True, "false": False}
INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
NUMBER = re.compile(r"[-+]?((0|[1-9][0-9]*)(\.[0-9]+)?|\.[0-9]+)([eE][-+]?[0-9]+)?")
LOST_QUOTES = re.compile(r"0[0-9]+")


class Wrong(Exception):  # noqa: N818 - `yamlfile` reads again and says what it is
    """Something in the file is not as it must be."""


class Quick:
    """Builds the value of a file in which nothing is wrong, with the lines of the two uppermost levels; `Wrong` at the first doubt.

    It takes half the time of `_Reader`, which says what is wrong.
    """

    def __init__(self, text: str) -> None:
        self.lines: dict[Path_, int] = {}
        self.next = Loader(text).get_event

    def document(self) -> Any:
        """The value of the one document; None for an empty file."""
        self.next()
        if type(self.next()) is yaml.StreamEndEvent:
            return None
        value = self._value(self.next(), (), 0)
        self.next()
        if type(self.next()) is not yaml.StreamEndEvent:
            raise Wrong
        return value

    def _value(self, event: yaml.Event, path: Path_, depth: int) -> Any:
        if depth <= NEAR:
            self.lines[path] = line_of(event)
        if isinstance(event, yaml.ScalarEvent):
            return _plain(event)
        if isinstance(event, yaml.AliasEvent) or depth >= MAX_DEPTH:
            raise Wrong
        inside = self._items if isinstance(event, yaml.SequenceStartEvent) else self._pairs
        return inside(path, depth + 1)

    def _items(self, path: Path_, depth: int) -> list[Any]:
        found: list[Any] = []
        while type(event := self.next()) is not yaml.SequenceEndEvent:
            found.append(self._value(event, (*path, len(found)) if depth <= NEAR else (), depth))
        return found

    def _pairs(self, path: Path_, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while type(event := self.next()) is not yaml.MappingEndEvent:
            if type(event) is not yaml.ScalarEvent or event.value in found:
                raise Wrong
            key: str = event.value
            below = (*path, key) if depth <= NEAR else ()
            found[key] = self._value(self.next(), below, depth)
            if depth <= NEAR:
                self.lines[below] = line_of(event)
        return found


def _plain(event: yaml.ScalarEvent) -> Any:
    """The value of a scalar in which nothing is wrong."""
    text: str = event.value
    if event.style or event.tag or (text[:1].isalpha() and text.lower() not in WORDS):
        return text
    if text.lower() in WORDS:
        return WORDS[text.lower()]
    if INTEGER.fullmatch(text):
        if len(text) > MAX_DIGITS:
            raise Wrong
        return int(text)
    if NUMBER.fullmatch(text):
        if not isfinite(float(text)):
            raise Wrong
        return float(text)
    if LOST_QUOTES.fullmatch(text):
        raise Wrong
    return text


def line_of(event: yaml.Event) -> int:
    """The 1-based line on which an event starts."""
    assert event.start_mark is not None
    return int(event.start_mark.line) + 1
