"""What kind of value a part of a compiled query gives: enough of it to tell the length of a text from that of a list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlglot import exp

TEXT, WHOLE, NUMBER, DATE, LIST, TRUTH = "text", "whole", "number", "date", "list", "truth"
_OF_COLUMN = {
    "string": TEXT, "int64": WHOLE, "float64": NUMBER, "bool": TRUTH, "date32": DATE, "list<string>": LIST,
}  # fmt: skip
_OF_NODE: dict[Any, str] = {
    **dict.fromkeys(
        (exp.Lower, exp.Upper, exp.Trim, exp.DPipe, exp.RegexpReplace, exp.ConcatWs, exp.SplitPart), TEXT
    ),
    **dict.fromkeys(
        (exp.Length, exp.ArraySize, exp.Year, exp.Month, exp.Day, exp.Count, exp.DateDiff), WHOLE
    ),
    **dict.fromkeys(
        (exp.Array, exp.ArrayAgg, exp.ArrayConcat, exp.ArrayDistinct, exp.ArraySort, exp.RegexpExtractAll),
        LIST,
    ),
    **dict.fromkeys(
        (exp.Predicate, exp.Connector, exp.Not, exp.Boolean, exp.Exists, exp.LogicalOr, exp.LogicalAnd), TRUTH
    ),
    exp.Div: NUMBER,
}
_SAME = (
    exp.Coalesce,
    exp.Greatest,
    exp.Least,
    exp.Paren,
    exp.Neg,
    exp.Abs,
    exp.Min,
    exp.Max,
    exp.Mul,
    exp.Mod,
)


class Kinds:
    """The kinds of the parts of one query, by the columns of the tables that it reads."""

    def __init__(self, tree: Any, columns: Mapping[str, Mapping[str, str]]) -> None:
        self.columns = columns
        self.named = {cte.alias: cte.this for cte in tree.find_all(exp.CTE)}

    def of(self, node: Any) -> str:
        """The kind of a part; empty where nothing can be said."""
        if isinstance(node, exp.Column):
            return self._column(node)
        if isinstance(node, exp.Literal):
            return TEXT if node.is_string else WHOLE if node.name.isdigit() else NUMBER
        if isinstance(node, exp.Cast):
            return self._cast(node)
        if isinstance(node, (exp.Add, exp.Sub)):
            return self._sum(node)
        if isinstance(node, (exp.Case, exp.If)):
            return self._common(self._branches(node))
        if isinstance(node, _SAME):
            return self._common(node.iter_expressions())
        if isinstance(node, (exp.Alias, exp.Subquery)):
            return self.of(node.this)
        return next((kind for types, kind in _OF_NODE.items() if isinstance(node, types)), "")

    def _common(self, parts: Iterator[Any]) -> str:
        """The kind that parts give together: a day beside a text in quotes is a day, a fraction beside a whole number a fraction."""
        found = {self.of(part) for part in parts}
        return next((kind for kind in (DATE, LIST, NUMBER, WHOLE, TEXT, TRUTH) if kind in found), "")

    def _branches(self, node: Any) -> Iterator[Any]:
        branches = node.args.get("ifs") or [node]
        yield from (branch.args["true"] for branch in branches)
        yield from filter(None, [node.args.get("default"), node.args.get("false")])

    def _sum(self, node: Any) -> str:
        kinds = [self.of(node.this), self.of(node.expression)]
        if kinds == [DATE, DATE]:
            return WHOLE
        return self._common(node.iter_expressions())

    def _cast(self, node: Any) -> str:
        to = node.to.this
        if to == exp.DataType.Type.DATE:
            return DATE
        if to in (exp.DataType.Type.DOUBLE, exp.DataType.Type.FLOAT):
            return NUMBER
        if to in exp.DataType.INTEGER_TYPES:
            return WHOLE
        return TEXT if to in exp.DataType.TEXT_TYPES else ""

    def _column(self, node: Any) -> str:
        select = node.find_ancestor(exp.Select)
        while select is not None:
            for name, source in _sources(select):
                if not node.table or node.table == name:
                    kind = self._within(source, node.name)
                    if kind:
                        return kind
            select = select.find_ancestor(exp.Select)
        return ""

    def _within(self, source: Any, column: str) -> str:
        """The kind of a column of a table, of a named query, or of a query in parentheses."""
        if isinstance(source, exp.Table):
            if source.name not in self.named:
                return _OF_COLUMN.get(self.columns.get(source.name, {}).get(column, ""), "")
            source = self.named[source.name]
        query = source.unnest() if isinstance(source, exp.Subquery) else source
        while isinstance(query, exp.SetOperation):
            query = query.this
        for projection in query.selects if isinstance(query, exp.Select) else ():
            if projection.alias_or_name == column:
                return self.of(projection)
            if projection.is_star:
                inner = [self._within(below, column) for _, below in _sources(query)]
                if any(inner):
                    return next(kind for kind in inner if kind)
        return ""


def _sources(select: Any) -> Iterator[tuple[str, Any]]:
    """The tables and queries that a SELECT reads from, by the name that its columns have there."""
    clauses = [select.args.get("from_") or select.args.get("from"), *(select.args.get("joins") or ())]
    for clause in filter(None, clauses):
        yield clause.this.alias_or_name, clause.this
        if isinstance(clause.this, exp.Table):
            yield from ((join.this.alias_or_name, join.this) for join in clause.this.args.get("joins") or ())
