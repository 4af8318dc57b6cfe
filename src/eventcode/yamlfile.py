"""YAML as researchers write it: read strictly, with the line of every value.

Scalars follow YAML 1.2: `no` and `on` are words, `010` is refused where it stands unquoted (a code that lost its quotes), a key twice in
one mapping is an error, and so are aliases, tabs, more than 10 MB and nesting deeper than 40.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import isfinite
from pathlib import Path
from typing import Any

import yaml

from eventcode.errors import EventcodeError, Problem
from eventcode.yamlquick import (
    INTEGER,
    LOST_QUOTES,
    MAX_DEPTH,
    MAX_DIGITS,
    NUMBER,
    WORDS,
    Loader,
    Quick,
    Wrong,
    line_of,
)
from eventcode.yamlquick import (
    Path_ as Path_,
)

MAX_BYTES = 10_000_000
FEW = 3
NO_ALIAS = "write the value out: aliases are not used here"

_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Document:
    """A YAML file's value, its name for messages, and the 1-based line of every path in it.

    `near` holds the lines of the two uppermost levels; those below are read from `text` when somebody asks.
    """

    data: Any
    file: str
    near: dict[Path_, int]
    text: str

    def line(self, path: Path_) -> int | None:
        """The line of the value at `path`, or of the nearest thing around it."""
        if path in self.near:
            return self.near[path]
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path)

    @cached_property
    def lines(self) -> dict[Path_, int]:
        """The line of every path."""
        reader = _Reader(self.file, self.text)
        reader.document()
        return reader.lines

    def problem(self, path: Path_, message: str, hint: str = "") -> Problem:
        """A problem at a path of this file."""
        return Problem(message, hint, self.file, self.line(path), dotted(path))


class YamlError(EventcodeError):
    """A YAML file that cannot be read; `problems` holds each reason with its line."""


def dotted(path: Path_) -> str:
    """`('codings', 0, 'realis')` as `codings[0].realis`."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")


def read(path: Path, name: str | None = None) -> Document:
    """A YAML file; YamlError with every problem and its line where it is none, OSError where it cannot be opened."""
    data = path.read_bytes()
    return parse(data, name or str(path))


def parse(data: bytes, file: str) -> Document:
    """The bytes of a YAML file called `file` in messages."""
    if len(data) > MAX_BYTES:
        raise _error(
            Problem(f"the file has {len(data):,} bytes", f"split it: the limit is {MAX_BYTES:,}", file)
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _error(
            Problem(f"byte {error.start} is not UTF-8", "save the file as UTF-8", file, line)
        ) from error
    quick = Quick(text)
    try:
        return Document(quick.document(), file, quick.lines, text)
    except (Wrong, yaml.YAMLError):
        pass  # read again, slowly, to say what is wrong and where
    reader = _Reader(file, text)
    try:
        value = reader.document()
    except yaml.MarkedYAMLError as error:
        raise _error(*reader.problems, _syntax(error, text, file)) from error
    except yaml.reader.ReaderError as error:
        raise _error(_unreadable(text, file)) from error
    except _TooDeep:
        raise _error(*reader.problems) from None
    if reader.problems:
        raise _error(*reader.problems)
    return Document(value, file, reader.lines, text)


def _few(problems: Sequence[Problem]) -> Iterator[Problem]:
    """The problems, of those that say the same the first three and how many more there are."""
    counts = Counter(problem.message for problem in problems)
    seen: Counter[str] = Counter()
    for problem in problems:
        seen[problem.message] += 1
        if seen[problem.message] == FEW and counts[problem.message] > FEW:
            more = f"{problem.message} (and {counts[problem.message] - FEW} more like it)"
            yield replace(problem, message=more)
        elif seen[problem.message] <= FEW:
            yield problem


def _error(*found: Problem) -> YamlError:
    problems = tuple(_few(found))
    count = "a problem" if len(problems) == 1 else f"{len(problems)} problems"
    return YamlError(f"{problems[0].file}: {count} in the YAML", problems=problems)


def _syntax(error: yaml.MarkedYAMLError, text: str, file: str) -> Problem:
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else None
    before = text.split("\n")[mark.line] if mark and mark.line <= text.count("\n") else ""
    hint = "check indentation, colons and quotes around this line"
    if "\t" in before[: len(before) - len(before.lstrip())]:
        return Problem("a tab stands in the indentation", "indent with spaces, never tabs", file, line)
    if "alias" in (error.problem or ""):
        hint = NO_ALIAS
    return Problem(error.problem or "not YAML", hint, file, line)


def _unreadable(text: str, file: str) -> Problem:
    """The first character that YAML forbids, with its line."""
    found = _FORBIDDEN.search(text)
    if found is None:
        return Problem("a character that YAML does not allow", "remove it", file)
    line = text.count("\n", 0, found.start()) + 1
    return Problem(f"the control character U+{ord(found[0]):04X} is not allowed", "remove it", file, line)


class _TooDeep(Exception):  # noqa: N818 - never leaves this module
    pass


class _Reader:
    """Builds the value from the parser's events, so that nothing is nested deeper than this class allows."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.lines: dict[Path_, int] = {}
        self.problems: list[Problem] = []
        self.events = yaml.parse(text, Loader=Loader)

    def document(self) -> Any:
        """The value of the one document; None for an empty file."""
        first = self._next(yaml.StreamStartEvent)
        if isinstance(first, yaml.StreamEndEvent):
            return None
        value = self.value(next(self.events), ())
        after = self._next(yaml.DocumentEndEvent)
        if not isinstance(after, yaml.StreamEndEvent):
            self._report(
                (), "a second document begins here", "keep one, or give each its own file", line_of(after)
            )
        return value

    def _next(self, passed: type[yaml.Event]) -> yaml.Event:
        """The event after the next one, which is of the kind `passed`."""
        event = next(self.events)
        assert isinstance(event, passed)
        return next(self.events)

    def value(self, event: yaml.Event, path: Path_) -> Any:
        self.lines[path] = line_of(event)
        if isinstance(event, yaml.AliasEvent):
            return self._report(path, "an alias repeats another value", NO_ALIAS)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, path)
        if len(path) >= MAX_DEPTH:
            self._report(
                path[:4], f"nested deeper than {MAX_DEPTH} levels", "flatten the file", line_of(event)
            )
            raise _TooDeep
        if isinstance(event, yaml.SequenceStartEvent):
            return list(self._items(path))
        return dict(self._pairs(path))

    def _items(self, path: Path_) -> Iterator[Any]:
        for number, event in enumerate(iter(self.events.__next__, None)):
            if isinstance(event, yaml.SequenceEndEvent):
                return
            yield self.value(event, (*path, number))

    def _pairs(self, path: Path_) -> Iterator[tuple[str, Any]]:
        seen: dict[str, int] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            line = line_of(event)
            if not isinstance(event, yaml.ScalarEvent):
                self._report(path, "a key is no plain word", "write a word before the colon", line)
                self._skip(event)
                self._skip(next(self.events))
                continue
            key = str(event.value)
            if key in seen:
                hint = f"the first is on line {seen[key]}: keep one"
                self._report((*path, key), f"the key '{key}' stands twice", hint, line)
            seen[key] = line
            value = self.value(next(self.events), (*path, key))
            self.lines[(*path, key)] = line
            yield key, value

    def _skip(self, event: yaml.Event) -> None:
        """Pass over a value whose first event is `event`."""
        depth = 0
        while True:
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth <= 0:
                return
            event = next(self.events)

    def _scalar(self, event: yaml.ScalarEvent, path: Path_) -> Any:
        text = str(event.value)
        if event.style or event.tag:
            return text
        if text.lower() in WORDS:
            return WORDS[text.lower()]
        if INTEGER.fullmatch(text):
            return self._integer(text, path)
        if NUMBER.fullmatch(text):
            return self._number(float(text), text, path)
        if LOST_QUOTES.fullmatch(text):
            hint = f'write "{text}": a code is text, and would lose its zero'
            return self._report(path, f"{text} is unquoted", hint)
        return text

    def _integer(self, text: str, path: Path_) -> int | None:
        if len(text) <= MAX_DIGITS:
            return int(text)
        self._report(
            path, f"{text[:MAX_DIGITS]}… is too long for a number", "put it in quotes if it is a name"
        )
        return None

    def _number(self, number: float, text: str, path: Path_) -> float:
        if not isfinite(number):
            self._report(path, f"{text} is too large for a number", "write a smaller one")
        return number

    def _report(self, path: Path_, message: str, hint: str, line: int | None = None) -> None:
        self.problems.append(Problem(message, hint, self.file, line or self.lines.get(path), dotted(path)))
