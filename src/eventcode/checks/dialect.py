"""DuckDB's SQL, as `compile` writes it, in the words of Spark: sqlglot translates, and what it leaves to chance is rewritten here.

What is rewritten means the same on both engines for every input, with `spark.sql.ansi.enabled` on or off: lists that hold nothing,
division by zero, days that are subtracted, letters in upper and lower case, and the dialect of patterns.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import sqlglot
from sqlglot import exp

from eventcode.checks import patterns
from eventcode.checks.kinds import DATE, LIST, NUMBER, Kinds
from eventcode.errors import CodebookError

Columns = Mapping[str, Mapping[str, str]]  # column → type name, by table
TEXTS = "ARRAY<STRING>"


def spark(sql: str, columns: Columns, views: Mapping[str, str]) -> str:
    """A query for Spark; `columns` are those of the tables it may read, `views` their names in the session."""
    return written(translated(sqlglot.parse_one(sql, read="duckdb"), columns, views))


def written(tree: Any) -> str:
    """A translated query as text."""
    return str(tree.sql("spark", identify=True, comments=False))


def translated(tree: Any, columns: Columns, views: Mapping[str, str]) -> Any:
    """The tree of a query with everything rewritten that Spark would understand otherwise."""
    kinds = Kinds(tree, columns)
    nodes = [*tree.walk()]
    known = {id(node): kinds.of(node) for node in nodes}
    for node in reversed(nodes):
        rewrite = _REWRITES.get(type(node))
        made = rewrite(node, lambda part: known.get(id(part), "")) if rewrite else None
        if made is not None and made is not node:
            known[id(made)] = known[id(node)]
            nodes.append(made)  # kept, so that no other node is given its identity
            if node is tree:
                tree = made
            else:
                node.replace(made)
    for table in [*tree.find_all(exp.Table)]:
        if table.args.get("joins") and isinstance(table.parent, exp.Join):
            table.replace(
                exp.Subquery(this=table.copy())
            )  # Spark wants parentheses around joins within a join
    named = {cte.alias for cte in tree.find_all(exp.CTE)}
    for table in [*tree.find_all(exp.Table)]:
        if table.name in views and table.name not in named:
            if not table.alias:
                table.set("alias", exp.TableAlias(this=exp.to_identifier(table.name)))
            table.set("this", exp.to_identifier(views[table.name]))
    return tree


Rewrite = Callable[[Any, Callable[[Any], str]], Any]


def _call(name: str, *parts: Any) -> Any:
    return exp.Anonymous(this=name, expressions=[*parts])


def _cast(node: Any, kind: str) -> Any:
    return exp.Cast(this=node, to=exp.DataType.build(kind, dialect="spark"))


# ── texts ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@cache
def letters(case: str) -> tuple[str, str]:
    """The letters that DuckDB changes into lower or upper case, and what they become.

    Java has a table of its own, with rules about the end of a word and one letter that becomes two; so Spark is given DuckDB's.
    """
    import duckdb

    halves = " UNION ALL ".join(
        f"SELECT chr(CAST(i AS INTEGER)) AS c FROM range({start}, {stop}) AS r(i)"
        for start, stop in ((1, 0xD800), (0xE000, 0x110000))  # what lies between are no characters
    )
    pairs = (
        duckdb.connect()
        .execute(f"SELECT c, {case}(c) FROM ({halves}) WHERE {case}(c) <> c ORDER BY c")
        .fetchall()
    )
    return "".join(a for a, _ in pairs), "".join(b for _, b in pairs)


def _cased(case: str) -> Rewrite:
    def rewrite(node: Any, kind: Callable[[Any], str]) -> Any:
        before, after = letters(case)
        return _call("TRANSLATE", node.this, exp.Literal.string(before), exp.Literal.string(after))

    return rewrite


def _like(node: Any, kind: Callable[[Any], str]) -> Any:
    r"""DuckDB knows no escape in LIKE, Spark takes `\` for one."""
    text, pattern = node.this, node.expression
    if isinstance(node, exp.ILike):
        text, pattern = (_cased("lower")(exp.Lower(this=part), kind) for part in (text, pattern))
    if isinstance(pattern, exp.Literal):
        pattern = exp.Literal.string(pattern.name.replace("\\", "\\\\"))
    else:
        pattern = _call("REPLACE", pattern, exp.Literal.string("\\"), exp.Literal.string("\\\\"))
    return exp.Like(this=text, expression=pattern)


def _pattern(node: Any) -> str:
    if not isinstance(node, exp.Literal) or not node.is_string:
        raise CodebookError("a pattern must be written out in quotes", hint="regexp_matches(title, '^[A-Z]')")
    return str(node.name)


def _matches(node: Any, kind: Callable[[Any], str]) -> Any:
    make = patterns.full if isinstance(node, exp.RegexpFullMatch) else patterns.java
    return exp.RegexpLike(this=node.this, expression=exp.Literal.string(make(_pattern(node.expression))))


def _replaced(node: Any, kind: Callable[[Any], str]) -> Any:
    pattern, new = _pattern(node.expression), node.args["replacement"]
    every = node.args.get("modifiers") is not None and "g" in node.args["modifiers"].name
    if not (every or pattern.startswith("^")) or any(sign in new.name for sign in "\\$"):
        raise NotImplementedError(f"regexp_replace of the first match alone, or with groups: {pattern}")
    return _call("REGEXP_REPLACE", node.this, exp.Literal.string(patterns.java(pattern)), new)


def _extracted(node: Any, kind: Callable[[Any], str]) -> Any:
    pattern = exp.Literal.string(patterns.java(_pattern(node.expression)))
    return _call("REGEXP_EXTRACT_ALL", node.this, pattern, exp.Literal.number(0))


# ── lists ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _list(node: Any) -> Any:
    """A list of texts, also where nothing says of what it is one."""
    return _cast(node, TEXTS) if isinstance(node, exp.Null) else node


def _full(node: Any) -> Any:
    """A list without what is nothing in it, which DuckDB's functions overlook."""
    return _call("ARRAY_COMPACT", _list(node))


def _array(node: Any, kind: Callable[[Any], str]) -> Any:
    return None if node.expressions else _cast(node.copy(), TEXTS)


def _length(node: Any, kind: Callable[[Any], str]) -> Any:
    of_list = isinstance(node, exp.ArraySize) or kind(node.this) == LIST
    return _call("ARRAY_SIZE", _list(node.this)) if of_list else None


def _contains(node: Any, kind: Callable[[Any], str]) -> Any:
    value = _cast(node.expression, "STRING") if isinstance(node.expression, exp.Null) else node.expression
    return _call("ARRAY_CONTAINS", _full(node.this), value)


def _overlaps(node: Any, kind: Callable[[Any], str]) -> Any:
    return _call("ARRAYS_OVERLAP", _full(node.this), _full(node.expression))


def _anonymous(node: Any, kind: Callable[[Any], str]) -> Any:
    if node.name.lower() == "list_has_all":
        whole, part = node.expressions
        left = _call("ARRAY_EXCEPT", _full(part), _full(whole))
        return exp.Paren(this=exp.EQ(this=_call("ARRAY_SIZE", left), expression=exp.Literal.number(0)))
    return None


def _distinct(node: Any, kind: Callable[[Any], str]) -> Any:
    return _call("ARRAY_DISTINCT", _full(node.this))


# ── numbers and days ──────────────────────────────────────────────────────────────────────────────────────────────────


def _endless(sign: str, number: Any) -> Any:
    return exp.Mul(this=_cast(number, "DOUBLE"), expression=_cast(exp.Literal.string(sign), "DOUBLE"))


def _divided(node: Any, kind: Callable[[Any], str]) -> Any:
    """Something divided by zero is endless, with its sign and that of the zero; nothing divided by zero is no number."""
    over, under = (_cast(exp.paren(part), "DOUBLE") for part in (node.this, node.expression))
    zero = exp.EQ(this=under.copy(), expression=exp.Literal.number(0))
    below = exp.GT(
        this=_call("ATAN2", _cast(exp.Literal.number(0), "DOUBLE"), under.copy()),
        expression=exp.Literal.number(0),
    )
    endless = (
        exp.Case().when(below, _endless("-Infinity", over.copy())).else_(_endless("Infinity", over.copy()))
    )
    return exp.Case().when(zero, endless).else_(_call("TRY_DIVIDE", over, under))


def _remainder(node: Any, kind: Callable[[Any], str]) -> Any:
    """Of two whole numbers, one of them zero, neither engine will say; of two others it is no number."""
    if NUMBER not in (kind(node.this), kind(node.expression)):
        return None
    over, under = (_cast(exp.paren(part), "DOUBLE") for part in (node.this, node.expression))
    zero = exp.EQ(this=under.copy(), expression=exp.Literal.number(0))
    rest = _call("TRY_MOD", over, under)
    return exp.Case().when(zero, _endless("NaN", over.copy())).else_(rest)


def _added(node: Any, kind: Callable[[Any], str]) -> Any:
    left, right = kind(node.this), kind(node.expression)
    if DATE not in (left, right):
        return None
    if left == right:
        return _call("DATEDIFF", node.this, node.expression)
    day, days = (node.this, node.expression) if left == DATE else (node.expression, node.this)
    name = "DATE_SUB" if isinstance(node, exp.Sub) else "DATE_ADD"
    return _call(
        name, _cast(day, "DATE") if isinstance(day, exp.Null) else day, _cast(exp.paren(days), "INT")
    )


def _days(node: Any, kind: Callable[[Any], str]) -> Any:
    """A day in quotes next to a column of days is a day."""
    parts = [*node.iter_expressions()]
    if DATE in map(kind, parts):
        for part in parts:
            if isinstance(part, exp.Literal) and part.is_string:
                part.replace(_cast(part.copy(), "DATE"))
    return None


_MEETING = (
    exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.NullSafeEQ, exp.NullSafeNEQ, exp.In, exp.Between, exp.Coalesce,
    exp.Greatest, exp.Least,
)  # fmt: skip
_REWRITES: dict[Any, Rewrite] = {
    **dict.fromkeys(_MEETING, _days),
    exp.Lower: _cased("lower"), exp.Upper: _cased("upper"), exp.Like: _like, exp.ILike: _like,
    exp.RegexpLike: _matches, exp.RegexpFullMatch: _matches, exp.RegexpReplace: _replaced, exp.RegexpExtractAll: _extracted,
    exp.Array: _array, exp.Length: _length, exp.ArraySize: _length, exp.ArrayContains: _contains, exp.ArrayOverlaps: _overlaps,
    exp.ArrayDistinct: _distinct, exp.Anonymous: _anonymous, exp.Div: _divided, exp.Mod: _remainder, exp.Add: _added, exp.Sub: _added,
}  # fmt: skip
