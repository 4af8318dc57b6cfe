"""The parts of the statement that counts and shows, among suspect rows, what rules say of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from eventcode.checks import settle
from eventcode.checks.expression import quoted
from eventcode.checks.settled_rule import SettledRule


class Flags:
    """Conditions by short names, each worked out once a row: called with its SQL, it gives the name."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def __call__(self, sql: str) -> str:
        return self._names.setdefault(sql, f"c{len(self._names)}")

    def named(self) -> Iterator[str]:
        """SQL for a column of each; what is null is not true."""
        return (f"coalesce({sql}, FALSE) AS {name}" for sql, name in self._names.items())


def counts(asked: SettledRule, failing: bool, flags: Flags) -> list[str]:
    """Five counts among the suspect rows: what is added to those that a rule applies to, taken from them, added to those in which it is
    open, taken from them; and those that fail."""
    base, open_, guarded = settle.text(asked.base), settle.text(asked.open), bool(asked.row.guards)
    whole = "*" if asked.row.rule.kind == "row" else "DISTINCT k"
    failed = f"count({whole}) FILTER (WHERE {flags(settle.text(asked.fails))})" if failing else "0"
    if settle.constant(asked.broken) in (settle.FALSE, settle.NULL):
        return ["0", "0", "0", "0", failed]
    broken = flags(settle.text(asked.broken))
    pairs = [f"{broken} AND {'NOT ' if guarded else ''}{flags(sql)}" for sql in (base, open_)]
    applies, unknown = (f"count(*) FILTER (WHERE {pair})" for pair in pairs)
    changes = [applies, "0", unknown, "0"] if guarded else ["0", applies, "0", unknown]
    return [*changes, failed]


def first(asked: SettledRule, shown: str, cap: int | None, flags: Flags) -> str:
    """The first rows by key in which a rule fails, at most `cap`, as a list of what is shown of them."""
    once = "" if asked.row.rule.kind == "row" else "DISTINCT "
    return f"min({once}{shown}, {cap}) FILTER (WHERE {flags(settle.text(asked.fails))})"


def struct(columns: Mapping[str, str], named: Mapping[str, str] = MappingProxyType({})) -> str:
    """SQL for a row of some columns, whose SQL may have a name of its own."""
    parts = ", ".join(f"{quoted(name)}: {named.get(sql, sql)}" for name, sql in columns.items())
    return f"{{{parts}}}"
