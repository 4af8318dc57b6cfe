"""A rule's SQL expression, checked before it ever meets data.

Three steps: an allow-list of syntax and functions on sqlglot's tree, types and values of literals against the declared columns, and
(in `compile`) DuckDB's own binder. The first two are here; sqlglot alone would accept `read_text('/etc/passwd') = 'x'` and
`identity > 3`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlglot
from sqlglot import exp

from eventcode.checks import patterns
from eventcode.checks.scope import SELF, Scope
from eventcode.dates import is_day
from eventcode.errors import CodebookError
from eventcode.shape import did_you_mean

_COMPARE = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.NullSafeEQ, exp.NullSafeNEQ)
_LOGIC = (exp.And, exp.Or, exp.Not)
_PREDICATES = (
    *_COMPARE,
    exp.Is,
    exp.In,
    exp.Between,
    exp.Like,
    exp.ILike,
    exp.RegexpLike,
    exp.StartsWith,
    exp.ArrayContains,
)
_ARITHMETIC = (exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod, exp.Neg, exp.Abs)
_NUMBERS = (exp.Length, exp.ArraySize, exp.Year, exp.Month, exp.Day)
_TEXTS = (exp.Lower, exp.Upper, exp.Trim, exp.DPipe)
_SAME = (exp.Coalesce, exp.Greatest, exp.Least, exp.Paren)
_LEAVES = (exp.Column, exp.Identifier, exp.Literal, exp.Boolean, exp.Null, exp.Case, exp.If)
ALLOWED = (*_LOGIC, *_PREDICATES, *_ARITHMETIC, *_NUMBERS, *_TEXTS, *_SAME, *_LEAVES)
MAX_LENGTH, MAX_NODES, SHOWN = 5_000, 500, 80
FUNCTIONS = "coalesce, length, lower, upper, trim, abs, list_contains, regexp_matches, starts_with, year, month, day, greatest, least"
HINT = f"allowed are columns, literals, comparisons, AND, OR, NOT, IN, BETWEEN, LIKE, IS NULL, CASE and {FUNCTIONS}"

_CLASSES = {
    "string": "text",
    "int64": "number",
    "float64": "number",
    "bool": "boolean",
    "date32": "date",
    "list<string>": "list",
}


@dataclass(frozen=True, slots=True)
class Expression:
    """A checked expression: its SQL with every column qualified, and the columns it reads as (prefix, name)."""

    sql: str
    columns: tuple[tuple[str, str], ...]


def checked(text: str, scope: Scope, values: Callable[[str, str], tuple[str, ...] | None]) -> Expression:
    """The expression `text` over `scope`; CodebookError says what is wrong.

    `values(prefix, column)` gives the values of a closed list, or None: a literal that is none of them can never be met. The empty
    text is let through: `coalesce(stance, '') = 'denies'` is how a rule says what an empty cell means.
    """
    tree = _parse(text)
    _allow(tree)
    columns = _resolve(tree, scope)
    kinds = _Kinds(scope, values)
    if kinds.of(tree) not in ("boolean", "null"):
        raise CodebookError(f"`{text}` is not true or false", hint="compare something: identity = 'named'")
    return Expression(tree.sql("duckdb", comments=False), columns)


def _parse(text: str) -> Any:
    if len(text) > MAX_LENGTH:
        raise CodebookError(f"the expression has {len(text)} characters", hint=f"the limit is {MAX_LENGTH}")
    try:
        trees = [tree for tree in sqlglot.parse(text, read="duckdb") if tree is not None]
    except (sqlglot.errors.SqlglotError, RecursionError) as error:
        raise CodebookError(f"`{text}` is not a SQL expression", hint=_reason(error)) from error
    if len(trees) != 1:
        raise CodebookError(f"`{text}` is not one SQL expression", hint=HINT)
    return trees[0]


def _reason(error: Exception) -> str:
    details = getattr(error, "errors", None) or [{}]
    return str(details[0].get("description") or HINT)


def _allow(tree: exp.Expression) -> None:
    for count, node in enumerate(tree.walk()):
        if count > MAX_NODES:
            raise CodebookError(
                "the expression is too long", hint=f"split the rule: the limit is {MAX_NODES} parts"
            )
        if not isinstance(node, ALLOWED):
            raise CodebookError(f"`{_said(node)}` is not allowed in a rule", hint=HINT)
        if isinstance(node, exp.In) and (
            node.args.get("query") or node.args.get("unnest") or node.args.get("field")
        ):
            raise CodebookError("IN needs a list of values", hint="write identity IN ('named', 'anonymous')")
        if isinstance(node, exp.Trim) and (node.args.get("position") or node.args.get("collation")):
            raise CodebookError("TRIM takes one value here", hint="write trim(source_name)")
        if isinstance(node, exp.RegexpLike):
            _pattern(node)


def _pattern(node: Any) -> None:
    """A pattern is written out, and is one that every engine reads."""
    if not isinstance(node.expression, exp.Literal) or not node.expression.is_string or node.args.get("flag"):
        raise CodebookError(
            "a pattern must be written out in quotes", hint="write regexp_matches(title, '(?i)^part')"
        )
    patterns.java(node.expression.name)


def _resolve(tree: exp.Expression, scope: Scope) -> tuple[tuple[str, str], ...]:
    """Qualify and quote every column, in place; the columns read."""
    found: dict[tuple[str, str], None] = {}
    for column in list(tree.find_all(exp.Column)):
        prefix, name = column.table or SELF, column.name
        if column.args.get("db") or column.args.get("catalog") or scope.kind(prefix, name) is None:
            known = [n if p == SELF else f"{p}.{n}" for p, n in scope.columns]
            raise CodebookError(
                f"there is no column '{column.sql()}' in reach of {scope.table}",
                did_you_mean(column.sql(), known),
            )
        column.set("this", exp.to_identifier(name, quoted=True))
        column.set("table", exp.to_identifier(prefix, quoted=True))
        found[(prefix, name)] = None
    return tuple(found)


class _Kinds:
    """The class of every part (text, number, boolean, date, list, null), and whether parts that meet fit together."""

    def __init__(self, scope: Scope, values: Callable[[str, str], tuple[str, ...] | None]) -> None:
        self.scope = scope
        self.values = values

    def of(self, node: Any) -> str:
        if isinstance(node, exp.Literal):
            return "text" if node.is_string else "number"
        if isinstance(node, exp.Column):
            return _CLASSES[str(self.scope.kind(node.table, node.name))]
        for types, method in self._methods().items():
            if isinstance(node, types):
                return method(node)
        return "null"

    def _methods(self) -> Mapping[Any, Callable[[Any], str]]:
        return {
            (exp.Boolean,): lambda _: "boolean",
            _LOGIC: self._logic,
            (*_COMPARE, exp.Between, exp.Greatest, exp.Least, exp.Coalesce): self._together,
            (exp.In,): self._together,
            (exp.ArrayContains,): self._contains,
            (exp.Like, exp.ILike, exp.RegexpLike, exp.StartsWith): self._texts_to_boolean,
            (exp.Is,): self._is,
            _TEXTS: self._texts,
            _NUMBERS: self._measure,
            _ARITHMETIC: self._arithmetic,
            (exp.Paren,): lambda node: self.of(node.this),
            (exp.Case,): lambda node: self._branches(
                node, node.args.get("ifs", ()), node.args.get("default")
            ),
            (exp.If,): lambda node: self._branches(node, (node,), node.args.get("false")),
        }

    def _logic(self, node: Any) -> str:
        for child in node.iter_expressions():
            self._want(child, "boolean")
        return "boolean"

    def _together(self, node: Any) -> str:
        parts = list(node.iter_expressions())
        column = next((found for part in parts if (found := _column(part)) is not None), None)
        kinds = [self._literal(part, column) for part in parts]
        known = {kind for kind in kinds if kind != "null"}
        if len(known) > 1:
            raise CodebookError(
                f"`{_said(node)}` compares {' with '.join(sorted(known))}",
                hint="compare like with like",
            )
        if isinstance(node, (exp.Coalesce, exp.Greatest, exp.Least)):
            return known.pop() if known else "null"
        return "boolean"

    def _literal(self, node: Any, column: Any) -> str:
        """The class of a part next to a column: a day in quotes is a date there; a value outside a closed list is refused."""
        kind = self.of(node)
        if not isinstance(node, exp.Literal) or column is None or kind != "text":
            return kind
        if _CLASSES[str(self.scope.kind(column.table, column.name))] == "date" and is_day(node.name):
            return "date"
        self._known(node.name, column)
        return kind

    def _known(self, value: str, column: Any) -> None:
        values = self.values(column.table, column.name)
        if value and values is not None and value not in values:
            shown = column.name if column.table == SELF else f"{column.table}.{column.name}"
            raise CodebookError(
                f"'{value}' is no value of {shown}, so this can never hold", did_you_mean(value, list(values))
            )

    def _contains(self, node: Any) -> str:
        self._want(node.this, "list")
        self._want(node.expression, "text")
        if isinstance(node.expression, exp.Literal) and isinstance(node.this, exp.Column):
            self._known(node.expression.name, node.this)
        return "boolean"

    def _texts_to_boolean(self, node: Any) -> str:
        self._texts(node)
        return "boolean"

    def _texts(self, node: Any) -> str:
        for child in node.iter_expressions():
            self._want(child, "text")
        return "text"

    def _is(self, node: Any) -> str:
        self.of(node.this)
        return "boolean"

    def _measure(self, node: Any) -> str:
        kinds = ("date",) if isinstance(node, (exp.Year, exp.Month, exp.Day)) else ("text", "list")
        for child in node.iter_expressions():
            self._want(child, *kinds)
        return "number"

    def _arithmetic(self, node: Any) -> str:
        kinds = {self.of(child) for child in node.iter_expressions()} - {"null"}
        if kinds == {"date"} and isinstance(node, exp.Sub):
            return "number"
        if kinds == {"date", "number"} and isinstance(node, (exp.Add, exp.Sub)):
            return "date"
        for child in node.iter_expressions():
            self._want(child, "number")
        return "number"

    def _branches(self, node: Any, branches: Iterable[Any], default: Any) -> str:
        found = {"null"}
        for branch in branches:
            self._want(branch.this, "boolean")
            found.add(self.of(branch.args["true"]))
        if default is not None:
            found.add(self.of(default))
        found.discard("null")
        if len(found) > 1:
            raise CodebookError(
                f"`{_said(node)}` gives {' or '.join(sorted(found))}",
                hint="give one kind of value",
            )
        return found.pop() if found else "null"

    def _want(self, node: Any, *kinds: str) -> None:
        kind = self.of(node)
        if kind not in (*kinds, "null"):
            raise CodebookError(f"`{_said(node)}` is {kind}, not {' or '.join(kinds)}", hint=HINT)


def _said(node: Any) -> str:
    """A part as its author may have written it, without the quotes and prefixes that `_resolve` gives to columns."""
    plain = node.copy()
    for column in plain.find_all(exp.Column):
        if column.table == SELF:
            column.set("table", None)
        for part in column.find_all(exp.Identifier):
            part.set("quoted", False)
    text = str(plain.sql("duckdb", comments=False))
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def _column(node: Any) -> Any:
    """The column that a part stands for, also as `coalesce(column, '')`; None for anything else."""
    while isinstance(node, (exp.Coalesce, exp.Paren)):
        node = node.this
    return node if isinstance(node, exp.Column) else None


def literals(values: tuple[str, ...]) -> str:
    """Values as a SQL list, `'a', 'b'`."""
    return ", ".join(quoted(value) for value in values)


def quoted(value: str) -> str:
    """A text as a SQL literal."""
    return "'" + value.replace("'", "''") + "'"
