"""The file `map.yaml`: what it says, read against a codebook, or every reason why it cannot be used."""

from __future__ import annotations

import json
from collections.abc import Iterator
from collections.abc import Mapping as Pairs
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from eventcode import shape, yamlfile
from eventcode.codebook import views
from eventcode.errors import DatasetError, refuse
from eventcode.formats.mapping_cells import PLACEHOLDER, Slot, Where
from eventcode.formats.mapping_syntax import CellReader, Part
from eventcode.model import EMPTY, MISSING_REASONS, Codebook
from eventcode.readings import date_fields
from eventcode.shape import did_you_mean
from eventcode.tables import BOOLEAN, DATE, INTEGER, NUMBER, TEXT, TEXTS
from eventcode.yamlfile import Document, Path_

KEYS = {"actors": "id", "publishers": "publisher_id"}
# An actor is mapped to the words of a codebook's actor list, from which the table `actors` is made.
ACTOR = dict.fromkeys(("id", "name", "kind", "country", "valid_from", "valid_to", "note"), TEXT)
_NOT_MAPPED = {"document_id", "document_key", "coding_id", "reading_id", "key", "role", "position"}
_VOCABULARIES = {
    ("actors", "kind"): "actor_kind", ("publishers", "outlet_type"): "outlet_type",
    ("publishers", "outlet_scale"): "outlet_scale",
}  # fmt: skip
_CONSTANTS: dict[str, tuple[type, ...]] = {
    TEXT: (str,), INTEGER: (int,), NUMBER: (int, float), BOOLEAN: (bool,), TEXTS: (), DATE: (),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ignored:
    """Why a column is left out and, if given, the only values that it may hold."""

    why: str
    only: tuple[str | None, ...] | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """Columns to fill from every row that meets `where`; participants have a role and perhaps a position."""

    slots: tuple[Slot, ...]
    where: Where = ()
    role: str = ""
    position: int | None = None


@dataclass(frozen=True)
class Mapping:
    """A map, read: what makes a document, what a coding, and what becomes of every column of the raw file (`file`).

    `name` is that of the map itself, `lines` has the line on which each column is first named.
    """

    name: str
    file: str
    producer: str
    coder: str
    identity: tuple[str, ...]
    document_key: str
    documents: Entry
    coding_key: str
    codings: Entry
    participants: tuple[Entry, ...] = ()
    open_roles: Pairs[str, str] = field(default_factory=lambda: EMPTY)
    link: Pairs[str, Any] = field(default_factory=lambda: EMPTY)
    publishers: tuple[Entry, ...] = ()
    actors: tuple[Entry, ...] = ()
    parts: tuple[Part, ...] = ()
    ignored: Pairs[str, Ignored] = field(default_factory=lambda: EMPTY)
    lines: Pairs[str, int | None] = field(default_factory=lambda: EMPTY, compare=False)

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that the map names, mapped or ignored."""
        return tuple(self.lines)


def read_map(path: Path, codebook: Codebook) -> Mapping:
    """The map in a file; DatasetError with every problem, its line and its remedy.

    Names of our columns, codes, missing reasons and recodes are checked here; names of the file's columns by `apply`.
    """
    document = yamlfile.read(path, path.name)
    problems = shape.check(document, "map")
    refuse(DatasetError, f"{path.name} is no map", problems)
    reader = _Reader(document, codebook)
    mapping = reader.mapping()
    refuse(DatasetError, f"{path.name} cannot be used", list(dict.fromkeys(reader.problems)))
    return mapping


class _Reader(CellReader):
    def __init__(self, document: Document, codebook: Codebook) -> None:
        super().__init__(document)
        self.codebook = codebook

    def mapping(self) -> Mapping:
        data = self.data
        self._codebook()
        ignored = {name: _ignored(entry) for name, entry in data.get("ignore", {}).items()}
        documents, codings, link = data["documents"], data["codings"], data.get("links", {})
        for column in (*documents["identity"], *PLACEHOLDER.findall(documents["key"])):
            self.use(column, ("documents",))
        self.use(codings["key"], ("codings", "key"))
        if link:
            self.use(link["event"], ("links", "event"))
        mapping = Mapping(
            self.document.file, data["file"], data["producer"], data["coder"], tuple(documents["identity"]), documents["key"],
            self._entry("documents", documents, ("documents",)), codings["key"],
            self._entry("codings", codings, ("codings",)), tuple(self._participants(codings)),
            codings.get("open_roles", EMPTY), link, tuple(self._entities("publishers")), tuple(self._entities("actors")),
            tuple(self.parts.values()), ignored, self.lines,
        )  # fmt: skip
        self._ignored(ignored)
        self._unused()
        return mapping

    def _codebook(self) -> None:
        if "{n}" in json.dumps(self.data) and "repeat" not in self.data:
            self.problem((), "{n} is used, and nothing is repeated", 'add repeat: ["1", "2"]')
        name, _, version = self.data["codebook"].partition("@")
        if name != self.codebook.id or not f"{self.codebook.version}.".startswith(f"{version}."):
            hint = f"write {self.codebook.reference}, and see its CHANGELOG for what changed"
            self.problem(
                ("codebook",),
                f"the map is for {self.data['codebook']}, not for {self.codebook.reference}",
                hint,
            )

    def _ignored(self, ignored: Pairs[str, Ignored]) -> None:
        for column in ignored:
            if column in self.lines:
                self.problem(
                    ("ignore", column), f"'{column}' is mapped and ignored", "take it out of ignore:"
                )
            self.lines.setdefault(column, self.document.line(("ignore", column)))

    def _unused(self) -> None:
        for name in self.recodes.keys() - self.recodes_used:
            self.problem(
                ("recodes", name), f"the recode '{name}' is used nowhere", "take it out, or name it in a cell"
            )

    def _entities(self, table: str) -> Iterator[Entry]:
        for i, plain in enumerate(self.data.get(table, ())):
            if KEYS[table] not in plain["values"]:
                self.problem((table, i), f"{KEYS[table]} is not mapped", f"add {KEYS[table]}: under values:")
            for _, one in self._repeated(plain):
                yield self._entry(table, one, (table, i))

    def _participants(self, codings: Pairs[str, Any]) -> Iterator[Entry]:
        for i, plain in enumerate(codings.get("participants", ())):
            for position, one in self._repeated(plain):
                entry = self._entry("participants", one, ("codings", "participants", i))
                yield Entry(entry.slots, entry.where, one["role"], position)

    def _repeated(self, plain: Any) -> Iterator[tuple[int | None, Any]]:
        """`plain` once for every item of `repeat` where it holds `{n}`, with the item's place; else as it is."""
        if "{n}" not in json.dumps(plain):
            yield None, plain
            return
        for i, item in enumerate(self.data.get("repeat", ())):
            yield i, _filled(plain, item)

    def _entry(self, table: str, plain: Pairs[str, Any], path: Path_) -> Entry:
        slots: dict[str, Slot] = {}
        for name, cell in plain["values"].items():
            for _, (column, each) in self._repeated([name, cell if "{n}" in name else self._listed(cell)]):
                at: Path_ = (*path, "values", name)
                if column in slots:
                    self.problem(
                        at,
                        f"{table}.{column} is mapped more than once",
                        "repeat its name with {n}, or not at all",
                    )
                slots[column] = self._slot(table, column, each, at)
        return Entry(tuple(slots.values()), self.where(plain.get("where"), (*path, "where")))

    def _listed(self, cell: Any) -> Any:
        """A cell whose list of columns is written out where it holds `{n}`."""
        if not isinstance(cell, dict) or "columns" not in cell:
            return cell
        return {**cell, "columns": [one for column in cell["columns"] for _, one in self._repeated(column)]}

    def _slot(self, table: str, name: str, plain: Any, path: Path_) -> Slot:
        known = ACTOR if table == "actors" else views.columns(self.codebook, table)
        known = {**known, **dict.fromkeys(date_fields(self.codebook, table), DATE)}
        choices = [column for column in known if column not in _NOT_MAPPED]
        if name not in choices:
            self.problem(path, f"{table} has no column '{name}' to map", did_you_mean(name, choices))
        cell = self.cell(plain, path)
        slot = Slot(
            name, table, known.get(name, TEXT), cell, self._allowed(table, name), self._reasons(table, name)
        )
        self._fits(slot, path)
        return slot

    def _allowed(self, table: str, name: str) -> tuple[str, ...] | None:
        spec = self.codebook.fields.get((table, name))
        if spec is not None:
            return views.allowed(self.codebook, spec) if spec.type in ("code", "set") else None
        listed = self.codebook.vocabularies.get(_VOCABULARIES.get((table, name), ""))
        return listed.values if listed else None

    def _reasons(self, table: str, name: str) -> tuple[str, ...]:
        if (table, name) == ("participants", "actor_id"):
            return MISSING_REASONS
        spec = self.codebook.fields.get((table, name))
        return spec.missing if spec else ()

    def _fits(self, slot: Slot, path: Path_) -> None:
        """Complain of what can be seen to be wrong before any row is read."""
        cell, name = slot.cell, f"{slot.table}.{slot.name}"
        if slot.kind != TEXTS and (len(cell.columns) > 1 or cell.flags or cell.split):
            self.problem(
                path,
                f"{name} takes one value, and the cell gives several",
                "map one column, or make the field a set",
            )
        if cell.bounds and slot.kind != DATE:
            self.problem(path, f"{name} is no date", "from: and to: are for dates")
        if cell.value is not None and type(cell.value) not in _CONSTANTS[slot.kind]:
            self.problem(path, f"{name} cannot be {json.dumps(cell.value)}", f"it is of type {slot.kind}")
        for text in cell.gives():
            if slot.allowed is not None and text not in slot.allowed:
                self.problem(path, f"'{text}' is no value of {name}", did_you_mean(text, list(slot.allowed)))
        for reason in {reason for reason in (*cell.missing.values(), cell.when_null) if reason is not None}:
            if reason not in slot.reasons:
                hint = (
                    did_you_mean(reason, list(slot.reasons))
                    or "write null there, or declare missing: in the codebook"
                )
                self.problem(path, f"'{reason}' is no missing reason of {name}", hint)


def _ignored(plain: Any) -> Ignored:
    if isinstance(plain, str):
        return Ignored(plain)
    return Ignored(plain["why"], tuple(plain["only"]) if "only" in plain else None)


def _filled(plain: Any, item: str) -> Any:
    if isinstance(plain, str):
        return plain.replace("{n}", item)
    if isinstance(plain, dict):
        return {_filled(key, item): _filled(value, item) for key, value in plain.items()}
    return [_filled(value, item) for value in plain] if isinstance(plain, list) else plain
