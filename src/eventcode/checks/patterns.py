r"""Regular expressions as DuckDB reads them (RE2), written so that Java, and so Spark, reads the same.

The two differ in what `.`, `$`, `\s`, `\b` and `(?i)` mean and in what may stand in a class; look-around and references back are in
neither, since RE2 has none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from eventcode.errors import CodebookError

_WORD = "0-9A-Za-z_"
_EDGE = rf"(?:(?<=[{_WORD}])(?![{_WORD}])|(?<![{_WORD}])(?=[{_WORD}]))"
_NO_EDGE = rf"(?:(?<=[{_WORD}])(?=[{_WORD}])|(?<![{_WORD}])(?![{_WORD}]))"
_BLANK = r"\t\n\f\r "
_OUTSIDE = {r"\s": f"[{_BLANK}]", r"\S": f"[^{_BLANK}]", r"\b": _EDGE, r"\B": _NO_EDGE, r"\v": r"\x0B"}
_INSIDE = {r"\s": _BLANK, r"\S": r"\S\x0B", r"\v": r"\x0B"}
_POSIX = {
    "alnum": "0-9A-Za-z", "alpha": "A-Za-z", "ascii": r"\x00-\x7F", "blank": r"\t ", "cntrl": r"\x00-\x1F\x7F", "digit": "0-9",
    "graph": r"\x21-\x7E", "lower": "a-z", "print": r"\x20-\x7E", "punct": r"\x21-\x2F\x3A-\x40\x5B-\x60\x7B-\x7E",
    "space": r"\t\n\x0B\f\r ", "upper": "A-Z", "word": _WORD, "xdigit": "0-9A-Fa-f",
}  # fmt: skip

_TOKEN = re.compile(
    r"""(?P<quoted>\\Q(?:.|\n)*?(?:\\E|\Z))
      | (?P<property>\\[pP](?:\{\^?\w+\}|[A-Z]))
      | (?P<octal>\\[0-7]{1,3})
      | (?P<escape>\\(?:x\{[0-9A-Fa-f]+\}|(?:.|\n)))
      | (?P<named>\(\?P?<\w+>)
      | (?P<flags>\(\?[a-zA-Z]*(?:-[a-zA-Z]+)?[:)])
      | (?P<class>\[)
      | (?P<count>\{\d+(?:,\d*)?\})
      | (?P<other>.|\n)""",
    re.VERBOSE,
)
_ITEM = re.compile(
    r"""(?P<posix>\[:\^?[a-z]+:\])
      | (?P<property>\\[pP](?:\{\^?\w+\}|[A-Z]))
      | (?P<octal>\\[0-7]{1,3})
      | (?P<escape>\\(?:x\{[0-9A-Fa-f]+\}|(?:.|\n)))
      | (?P<other>.|\n)""",
    re.VERBOSE,
)


def java(pattern: str) -> str:
    """A pattern of RE2 as one of Java; CodebookError for the few things that only one of them can say."""
    lines = bool(re.search(r"\(\?[a-zA-Z]*m", pattern))
    return "(?d)" + "".join(_parts(pattern, lines))


def full(pattern: str) -> str:
    """As `java`, for a pattern that the whole text must match."""
    return rf"\A(?:{java(pattern)})\z"


def _parts(pattern: str, lines: bool) -> Iterator[str]:
    at = 0
    while at < len(pattern):
        found = _TOKEN.match(pattern, at)
        assert found is not None  # the last branch takes any character
        at, text, kind = found.end(), found[0], found.lastgroup
        if kind == "class":
            body, at = _class(pattern, at)
            yield body
        elif kind == "escape":
            yield _OUTSIDE.get(text, text)
        elif kind == "property":
            yield _property(text, pattern)
        elif kind == "octal":
            yield f"\\x{{{int(text[1:], 8):x}}}"
        elif kind == "named":
            yield "("
        elif kind == "flags":
            yield _flags(text, pattern)
        elif kind == "other":
            yield {"$": "$" if lines else r"\z", "{": r"\{", "}": r"\}"}.get(text, text)
        else:
            yield text


def _class(pattern: str, at: int) -> tuple[str, int]:
    """What stands in brackets from `at`, and the place after it."""
    parts = ["["]
    if pattern.startswith("^", at):
        parts, at = ["[^"], at + 1
    if pattern.startswith("]", at):
        parts, at = [*parts, r"\]"], at + 1
    while at < len(pattern) and not pattern.startswith("]", at):
        found = _ITEM.match(pattern, at)
        assert found is not None
        at, text, kind = found.end(), found[0], found.lastgroup
        if kind == "posix":
            parts.append(_posix(text, pattern))
        elif kind == "property":
            parts.append(_property(text, pattern))
        elif kind == "octal":
            parts.append(f"\\x{{{int(text[1:], 8):x}}}")
        elif kind == "escape":
            parts.append(_INSIDE.get(text, text))
        else:
            parts.append("\\" + text if text in "[&^" else text)
    return "".join(parts) + "]", at + 1


def _posix(text: str, pattern: str) -> str:
    name = text.strip("[:]^")
    if name not in _POSIX:
        raise CodebookError(
            f"the pattern `{pattern}` names no known class in {text}", hint=f"one of {', '.join(_POSIX)}"
        )
    return f"[^{_POSIX[name]}]" if "^" in text else _POSIX[name]


def _property(text: str, pattern: str) -> str:
    r"""`\p{Greek}` is `\p{IsGreek}` in Java; the names of categories (`L`, `Nd`) are the same."""
    letter, name = text[1], text[2:].strip("{}")
    if name.startswith("^"):
        letter, name = ("P" if letter == "p" else "p"), name[1:]
    if name == "Any":
        raise CodebookError(f"the pattern `{pattern}` has {text}", hint=r"write (?s:.) for any character")
    return f"\\{letter}{{{name if len(name) <= 2 else 'Is' + name}}}"


def _flags(text: str, pattern: str) -> str:
    if "U" in text:
        raise CodebookError(
            f"the pattern `{pattern}` has the flag U", hint="write *? and +? for the shortest match"
        )
    return text.replace("i", "iu")
