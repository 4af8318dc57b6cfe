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
| `split` | cut into parts at this text, or at every match of `{pattern: …}` |
| `when_null`, `missing` | the reason why nothing stands there; text → reason, or null to say nothing |
| `rename` | text → text, or null to drop it; every other text stays |
| `match` | the first group of a regular expression that is searched for; a text without it is reported |
| `pad` | zeros before a number of fewer digits than this |
| `recode` | text → text, or null to drop it; every other text is reported |
| `by` | in place of a recode: the value whose `label`, or other attribute, in the field's vocabulary the text is, in any case |
| `form` | how a day is written, or several ways tried in order; without it as ISO 8601 or EDTF |
| `slug` | small letters, digits and hyphens |
| `join` | several values become one text with this between them |

`rename` and `recode` are tables or names of tables under `recodes:`. `{n}` in a name stands for each item of `repeat:`. A part cuts a
column by a regular expression that must match unless it `may_fail`; its group `x` is read like a column, as `part.x`, with white space
folded. A list cuts columns at a text, side by side; its pieces are read as `list.x` in an entry that is filled `each: list`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping as Pairs
from dataclasses import dataclass, field
from typing import Any

from eventcode.errors import Problem
from eventcode.formats.mapping.cells import Cell, Condition, Where
from eventcode.formats.mapping.days import FORMS
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
    may_fail: bool = False
    names: tuple[tuple[str, str], ...] = field(init=False, default=())  # (group, its name in a row)

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", tuple((g, f"{self.name}.{g}") for g in self.pattern.groupindex))

    def cut(self, text: str | None) -> tuple[bool, dict[str, str | None]]:
        """Whether a text of the column fits or is none, and its pieces by their names in a row, white space folded."""
        text = self.rename.get(text, text) if text is not None else None
        match = self.pattern.fullmatch(text) if text else None
        if match is None:
            return not text or self.may_fail, dict.fromkeys([name for _, name in self.names])
        found = [(name, match[group]) for group, name in self.names]
        return True, {name: " ".join(piece.split()) if piece is not None else None for name, piece in found}


@dataclass(frozen=True, slots=True)
class List:
    """Columns that hold lists, side by side: the piece `x` of the list `l` is read as `l.x`. `columns` has (piece, column, cut at)."""

    name: str
    columns: tuple[tuple[str, str, str], ...]


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
        self.lists: dict[str, List] = {}
        self._parts()
        self._lists()

    def problem(self, path: Path_, message: str, hint: str) -> None:
        """Note what is wrong at a path of the map."""
        self.problems.append(self.document.problem(path, message, hint))

    def _parts(self) -> None:
        for name, plain in self.data.get("parts", {}).items():
            path: Path_ = ("parts", name)
            self.use(plain["column"], (*path, "column"))
            pattern = self._compiled(plain["pattern"], (*path, "pattern"), re.DOTALL)
            if pattern is None:
                continue
            if not pattern.groupindex:
                self.problem(
                    (*path, "pattern"), "the pattern names no group", "write (?P<name>…) around each piece"
                )
            self.parts[name] = Part(
                name, plain["column"], pattern, self.table(plain.get("rename", EMPTY), path), plain.get("may_fail", False),
            )  # fmt: skip

    def _lists(self) -> None:
        for name, plain in self.data.get("lists", {}).items():
            path: Path_ = ("lists", name)
            if name in self.parts:
                self.problem(path, f"'{name}' is a part too", "give one of them another name")
            columns = []
            for piece, one in plain["columns"].items():
                column, at = (
                    (one, plain.get("at"))
                    if isinstance(one, str)
                    else (one["column"], one.get("at", plain.get("at")))
                )
                if at is None:
                    self.problem((*path, "columns", piece), f"where '{column}' is cut is not said", "add at:")
                self.use(column, (*path, "columns", piece))
                columns.append((piece, column, at or ";"))
            self.lists[name] = List(name, tuple(columns))

    def use(self, column: str, path: Path_) -> None:
        """Note a column that the map reads; a piece of a part or a list is none."""
        whole, dot, piece = column.partition(".")
        if not dot or (whole not in self.parts and whole not in self.lists):
            self.lines.setdefault(column, self.document.line(path))
            return
        pieces = (
            [*self.parts[whole].pattern.groupindex]
            if whole in self.parts
            else [name for name, _, _ in self.lists[whole].columns]
        )
        if piece not in pieces:
            kind = "part" if whole in self.parts else "list"
            self.problem(path, f"the {kind} '{whole}' has no piece '{piece}'", did_you_mean(piece, pieces))

    def cell(self, plain: Any, path: Path_) -> Cell:
        if isinstance(plain, str):
            plain = {"column": plain}
        given = [key for key in _SOURCES if key in plain]
        if len(given) != 1 or ("from" in plain) != ("to" in plain):
            self.problem(path, "the cell needs one source", f"give one of {', '.join(_SOURCES)} (with to)")
        columns = [plain["column"]] if "column" in plain else plain.get("columns", [])
        if "by" in plain and "recode" in plain:
            self.problem(path, "by: and recode: exclude each other", "take one of them out")
        cell = Cell(
            tuple(columns), plain.get("value"), plain.get("template"),
            tuple(self.cell(one, (*path, "first", i)) for i, one in enumerate(plain.get("first", ()))),
            tuple(plain.get("flags", {}).items()), (plain["from"], plain["to"]) if "from" in plain and "to" in plain else None,
            self._split(plain.get("split"), path), plain.get("when_null"), plain.get("missing", EMPTY),
            self._match(plain.get("match"), path),
            self.table(plain.get("rename", EMPTY), (*path, "rename")), plain.get("pad"), self._forms(plain.get("form", ()), path),
            self.table(plain["recode"], (*path, "recode")) if "recode" in plain else None,
            plain.get("by"), plain.get("slug", False), plain.get("join"), self.where(plain.get("where"), (*path, "where")),
        )  # fmt: skip
        for column in cell.reads():
            self.use(column, path)
        return cell

    def _split(self, plain: str | dict[str, str] | None, path: Path_) -> str | re.Pattern[str] | None:
        return self._compiled(plain["pattern"], (*path, "split")) if isinstance(plain, dict) else plain

    def _match(self, plain: str | None, path: Path_) -> re.Pattern[str] | None:
        pattern = None if plain is None else self._compiled(plain, (*path, "match"))
        if pattern is not None and not pattern.groups:
            self.problem((*path, "match"), "the pattern has no group", "put ( ) around what is wanted")
            return None
        return pattern

    def _forms(self, plain: str | list[str], path: Path_) -> tuple[str, ...]:
        forms = (plain,) if isinstance(plain, str) else tuple(plain)
        for form in forms:
            if form not in FORMS:
                self.problem((*path, "form"), f"'{form}' is no form of a date", f"one of {', '.join(FORMS)}")
        return tuple(form for form in forms if form in FORMS)

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
        like, unlike = (
            self._compiled(plain[key], path) if key in plain else None for key in ("like", "unlike")
        )
        values = tuple(plain["is"]) if "is" in plain else None
        return Condition(column, values, plain.get("present"), like, unlike)

    def _compiled(self, pattern: str, path: Path_, flags: int = 0) -> re.Pattern[str] | None:
        try:
            return re.compile(pattern, flags)
        except re.error as error:
            self.problem(path, f"the pattern cannot be read: {error}", "mend the regular expression")
            return None
