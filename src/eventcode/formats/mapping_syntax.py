"""How `map.yaml` writes parts, cells, tables of values and conditions.

A cell is the name of a column, or a mapping with one source and what becomes of it, in this order:

| key | says |
|---|---|
| `column`, `columns` | take one column, or several for a set |
| `value` | always this |
| `template` | `"{a} {b}"`: columns put together; nothing where one of them is empty |
| `first` | the first of several cells that gives something |
| `flags` | column → value: a set of the values whose column is 1 |
| `from`, `to` | a date between two columns |
| `where` | only in rows where this holds: column → text, texts, or `{present, is, like, unlike}`; a list gives alternatives |
| `split` | cut into parts at this text |
| `when_null`, `missing` | the reason why nothing stands there; text → reason, or null to say nothing |
| `rename` | text → text, or null to drop it; every other text stays |
| `recode` | text → text, or null to drop it; every other text is reported |
| `slug` | small letters, digits and hyphens |

`rename` and `recode` are tables or names of tables under `recodes:`. `{n}` in a name stands for each item of `repeat:`. A part cuts a
column by a regular expression that must match; its group `x` is read like a column, as `part.x`, with white space folded.
"""

from __future__ import annotations

import re
from collections.abc import Mapping as Pairs
from dataclasses import dataclass
from typing import Any

from eventcode.errors import Problem
from eventcode.formats.mapping_cells import Cell, Condition, Where
from eventcode.model import EMPTY
from eventcode.shape import did_you_mean
from eventcode.yamlfile import Document, Path_

_SOURCES = ("column", "columns", "value", "template", "first", "flags", "from")


@dataclass(frozen=True, slots=True)
class Part:
    """Pieces of a column, cut by a pattern that must match: the group `x` of the part `p` is read as `p.x`."""

    name: str
    column: str
    pattern: re.Pattern[str]
    rename: Pairs[str, str | None]


class CellReader:
    """Reads cells of one map, collecting `problems`, the columns that are named (`lines`) and the recodes that are used."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.data: dict[str, Any] = document.data
        self.recodes: dict[str, dict[str, str | None]] = self.data.get("recodes", {})
        self.problems: list[Problem] = []
        self.lines: dict[str, int | None] = {}
        self.recodes_used: set[str] = set()
        self.parts: dict[str, Part] = {}
        self._parts()

    def problem(self, path: Path_, message: str, hint: str) -> None:
        """Note what is wrong at a path of the map."""
        self.problems.append(self.document.problem(path, message, hint))

    def _parts(self) -> None:
        for name, plain in self.data.get("parts", {}).items():
            path: Path_ = ("parts", name)
            self.use(plain["column"], (*path, "column"))
            try:
                pattern = re.compile(plain["pattern"], re.DOTALL)
            except re.error as error:
                self.problem(
                    (*path, "pattern"), f"the pattern cannot be read: {error}", "mend the regular expression"
                )
                continue
            if not pattern.groupindex:
                self.problem(
                    (*path, "pattern"), "the pattern names no group", "write (?P<name>…) around each piece"
                )
            self.parts[name] = Part(
                name, plain["column"], pattern, self.table(plain.get("rename", EMPTY), path)
            )

    def use(self, column: str, path: Path_) -> None:
        """Note a column that the map reads; a piece of a part is none."""
        part, dot, group = column.partition(".")
        if not dot or part not in self.parts:
            self.lines.setdefault(column, self.document.line(path))
        elif group not in self.parts[part].pattern.groupindex:
            hint = did_you_mean(group, [*self.parts[part].pattern.groupindex])
            self.problem(path, f"the part '{part}' has no piece '{group}'", hint)

    def cell(self, plain: Any, path: Path_) -> Cell:
        if isinstance(plain, str):
            plain = {"column": plain}
        given = [key for key in _SOURCES if key in plain]
        if len(given) != 1 or ("from" in plain) != ("to" in plain):
            self.problem(path, "the cell needs one source", f"give one of {', '.join(_SOURCES)} (with to)")
        columns = [plain["column"]] if "column" in plain else plain.get("columns", [])
        cell = Cell(
            tuple(columns), plain.get("value"), plain.get("template"),
            tuple(self.cell(one, (*path, "first", i)) for i, one in enumerate(plain.get("first", ()))),
            tuple(plain.get("flags", {}).items()), (plain["from"], plain["to"]) if "from" in plain and "to" in plain else None,
            plain.get("split"), plain.get("when_null"), plain.get("missing", EMPTY),
            self.table(plain.get("rename", EMPTY), (*path, "rename")),
            self.table(plain["recode"], (*path, "recode")) if "recode" in plain else None,
            plain.get("slug", False), self.where(plain.get("where"), (*path, "where")),
        )  # fmt: skip
        for column in cell.reads():
            self.use(column, path)
        return cell

    def table(self, plain: Any, path: Path_) -> Pairs[str, str | None]:
        """A table of values, given in place or by name."""
        if not isinstance(plain, str):
            return dict(plain)
        if plain not in self.recodes:
            self.problem(path, f"there is no recode '{plain}'", did_you_mean(plain, [*self.recodes]))
        self.recodes_used.add(plain)
        return self.recodes.get(plain, {})

    def where(self, plain: Any, path: Path_) -> Where:
        if plain is None:
            return ()
        alternatives = plain if isinstance(plain, list) else [plain]
        where = tuple(tuple(self._condition(c, p, path) for c, p in every.items()) for every in alternatives)
        for every in where:
            for condition in every:
                self.use(condition.column, path)
        return where

    def _condition(self, column: str, plain: Any, path: Path_) -> Condition:
        if not isinstance(plain, dict):
            return Condition(column, (plain,) if isinstance(plain, str) else tuple(plain))
        patterns: dict[str, re.Pattern[str]] = {}
        for key in ("like", "unlike"):
            try:
                patterns |= {key: re.compile(plain[key])} if key in plain else {}
            except re.error as error:
                self.problem(path, f"the pattern cannot be read: {error}", "mend the regular expression")
        values = tuple(plain["is"]) if "is" in plain else None
        return Condition(column, values, plain.get("present"), patterns.get("like"), patterns.get("unlike"))
