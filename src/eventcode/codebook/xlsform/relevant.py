"""XPath conditions of a form (`${x} = 'a' and selected(${y}, 'b')`) as expressions of a codebook."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""\s*(?:(?P<name>\$\{\s*[^}\s]+\s*\})|(?P<text>'[^']*'|"[^"]*")|(?P<number>[0-9]+(?:\.[0-9]+)?)|(?P<mark><=|>=|!=|=|<|>|\(|\)|,|-|\.(?![\w.]))"""
    r"""|(?P<word>[A-Za-z][A-Za-z0-9_-]*)|(?P<odd>\S))"""
)
SIGNS = {"=": "=", "!=": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
DEEPEST = 40


class CannotTranslateError(Exception):
    """A condition that has no counterpart, and why."""


@dataclass(frozen=True, slots=True)
class Name:
    """A question of the form as a field: its name and type."""

    name: str
    type: str


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of SQL and what it is: a field, a text, a number or a condition."""

    sql: str
    kind: str
    field: Name | None = None
    value: str = ""


def translate(text: str, names: Mapping[str, Name]) -> str:
    """The condition in SQL; CannotTranslateError where it cannot be had. `names` are the form's questions by their name in it."""
    return _Parser(text, names).whole()


class _Parser:
    def __init__(self, text: str, names: Mapping[str, Name]) -> None:
        self.tokens = [(str(m.lastgroup), m[str(m.lastgroup)]) for m in _TOKEN.finditer(text)]
        self.names, self.at, self.depth = names, 0, 0

    def whole(self) -> str:
        """The SQL of everything."""
        found = self._or()
        if self.at < len(self.tokens):
            raise CannotTranslateError(f"'{self.tokens[self.at][1]}' is not understood")
        return self._condition(found)

    def _peek(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def _take(self, wanted: str = "") -> tuple[str, str]:
        if self.at >= len(self.tokens):
            raise CannotTranslateError("it ends too early")
        token = self.tokens[self.at]
        if wanted and token[1] != wanted:
            raise CannotTranslateError(f"'{wanted}' is missing before '{token[1]}'")
        self.at += 1
        return token

    def _or(self) -> _Part:
        return self._joined("or", lambda: self._joined("and", self._compared))

    def _joined(self, word: str, inner: Callable[[], _Part]) -> _Part:
        parts = [inner()]
        while self._peek() == word:
            self._take()
            parts.append(inner())
        if len(parts) == 1:
            return parts[0]
        joined = f" {word} ".join(self._condition(part) for part in parts)
        return _Part(f"({joined})" if word == "or" else joined, "condition")

    def _condition(self, part: _Part) -> str:
        if part.kind != "condition":
            raise CannotTranslateError(f"{part.sql} alone is no condition")
        return part.sql

    def _compared(self) -> _Part:
        left = self._one()
        sign = self._peek()
        if sign not in SIGNS:
            return left
        self._take()
        return _Part(_compare(left, SIGNS[sign], self._one()), "condition")

    def _one(self) -> _Part:
        self.depth += 1
        if self.depth > DEEPEST:
            raise CannotTranslateError("it is nested too deep")
        kind, token = self._take()
        found = self._plain(kind, token)
        self.depth -= 1
        return found

    def _plain(self, kind: str, token: str) -> _Part:
        if kind == "name":
            return self._field(token[2:-1].strip())
        if kind == "text":
            return _Part(_quoted(token[1:-1]), "text", value=token[1:-1])
        if kind == "number":
            return _Part(token, "number", value=token)
        if token == "-" and self.at < len(self.tokens) and self.tokens[self.at][0] == "number":
            number = self._take()[1]
            return _Part(f"-{number}", "number", value=f"-{number}")
        if token == "(":
            inner = self._or()
            self._take(")")
            return inner  # what `or` joins has brackets of its own
        if kind == "word" and self._peek() == "(":
            return self._call(token)
        raise CannotTranslateError(f"'{token}' is not understood")

    def _field(self, name: str) -> _Part:
        if name not in self.names:
            raise CannotTranslateError(f"it asks for {name}, which is no field of the codebook")
        return _Part(self.names[name].name, "field", self.names[name])

    def _call(self, function: str) -> _Part:
        self._take("(")
        given = []
        while self._peek() != ")":
            given.append(self._or())
            if self._peek() == ",":
                self._take()
            elif self._peek() != ")":
                raise CannotTranslateError(f"'{self._peek()}' is not understood")
        self._take(")")
        made = _CALLS.get((function, len(given)))
        if made is None:
            raise CannotTranslateError(f"{function}() has no counterpart")
        return made(*given)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _compare(left: _Part, sign: str, right: _Part) -> str:
    """A comparison as XPath means it: an unanswered question is the empty text, so that it differs from every value."""
    if left.field is None and right.field is not None:
        turned = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}.get(sign, sign)
        return _compare(right, turned, left)
    if "condition" in (left.kind, right.kind):
        raise CannotTranslateError("it compares conditions")
    if left.field is None or right.field is not None:
        return f"{left.sql} {sign} {right.sql}"
    name, sql = left.sql, right.sql
    if right.kind == "text" and not right.value:
        if sign not in ("=", "<>"):
            raise CannotTranslateError("it compares with an empty text")
        return f"{name} is null" if sign == "=" else f"{name} is not null"
    if left.field.type in ("code", "string") and right.kind == "number":
        sql = _quoted(right.value)
    if left.field.type == "set":
        held = f"coalesce(list_contains({name}, {_quoted(right.value)}) and len({name}) = 1, false)"
        if sign not in ("=", "<>"):
            raise CannotTranslateError(f"it compares the several answers of {name}")
        return held if sign == "=" else f"not {held}"
    if left.field.type in ("date", "boolean", "list", "actor", "actors", "source"):
        raise CannotTranslateError(f"it compares {name}, which is of type {left.field.type}")
    return f"({name} is null or {name} <> {sql})" if sign == "<>" else f"{name} {sign} {sql}"


def _selected(field: _Part, value: _Part) -> _Part:
    if field.field is None or value.field is not None or value.kind == "condition":
        raise CannotTranslateError("selected() wants a question and a value")
    if field.field.type == "set":
        return _Part(f"coalesce(list_contains({field.sql}, {_quoted(value.value)}), false)", "condition")
    return _Part(f"{field.sql} = {_quoted(value.value)}", "condition")


def _not(inner: _Part) -> _Part:
    if inner.kind != "condition":
        raise CannotTranslateError("not() wants a condition")
    sure = (
        inner.sql.startswith("coalesce(")
        and inner.sql.endswith(", false)")
        and inner.sql.count("coalesce(") == 1
    )
    return _Part(f"not {inner.sql}" if sure else f"not coalesce({inner.sql}, false)", "condition")


def _count(field: _Part) -> _Part:
    if field.field is None or field.field.type != "set":
        raise CannotTranslateError("count-selected() wants a question with several answers")
    return _Part(f"coalesce(len({field.sql}), 0)", "amount")


_CALLS: dict[tuple[str, int], Callable[..., _Part]] = {
    ("selected", 2): _selected, ("not", 1): _not, ("count-selected", 1): _count,
    ("true", 0): lambda: _Part("true", "condition"), ("false", 0): lambda: _Part("false", "condition"),
}  # fmt: skip


_BOUND = re.compile(r"\s*\.\s*(<=|>=|<|>|=)\s*(-?[0-9]+(?:\.[0-9]+)?)\s*")
_REGEX = re.compile(r"""\s*regex\(\s*\.\s*,\s*('[^']*'|"[^"]*")\s*\)\s*""")


def bounds(text: str, whole: bool) -> dict[str, float | int | str]:
    """`minimum`, `maximum` and `pattern` of a constraint such as `. >= 0 and . <= 10`; CannotTranslateError for any other."""
    found: dict[str, float | int | str] = {}
    for part in re.split(r"\sand\s", text):
        bound, regex = _BOUND.fullmatch(part), _REGEX.fullmatch(part)
        if regex:
            found["pattern"] = regex[1][1:-1]
        elif bound and (bound[1] in ("<=", ">=") or (bound[1] in "<>" and whole and "." not in bound[2])):
            number: float | int = float(bound[2]) if "." in bound[2] else int(bound[2])
            step = {"<": -1, ">": 1}.get(bound[1], 0)
            found["maximum" if "<" in bound[1] else "minimum"] = number + step
        else:
            raise CannotTranslateError(f"'{part.strip()}' is no bound and no pattern")
    return found
