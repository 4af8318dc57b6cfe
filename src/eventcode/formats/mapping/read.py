"""The file `map.yaml`: what it says, read against a codebook, or every reason why it cannot be used."""

from __future__ import annotations

import json
from collections.abc import Iterator
from collections.abc import Mapping as Pairs
from dataclasses import replace
from pathlib import Path
from typing import Any

from eventcode import shape, yamlfile
from eventcode.errors import DatasetError, refuse
from eventcode.formats.mapping.cells import PLACEHOLDER
from eventcode.formats.mapping.model import KEYS, Entry, Ignored, Mapping, key_columns
from eventcode.formats.mapping.slot_reader import SlotReader
from eventcode.formats.mapping.slots import Slot
from eventcode.formats.tabular.tables import Reading
from eventcode.model import EMPTY, Codebook
from eventcode.shape import did_you_mean
from eventcode.yamlfile import Document, Path_

MAPS = Path(__file__).parents[1] / "foreign" / "maps"


def read_map(path: Path, codebook: Codebook) -> Mapping:
    """The map in a file; DatasetError with every problem, its line and its remedy.

    Names of our columns, codes, missing reasons and recodes are checked here; names of the file's columns by `apply`.
    """
    if not path.is_file():
        raise DatasetError(f"the map {path} is not there", "check its name")
    document = _like(path, yamlfile.read(path, path.name))
    problems = shape.check(document, "map")
    refuse(DatasetError, f"{path.name} is no map", problems)
    reader = _Reader(document, codebook)
    mapping = replace(reader.mapping(), known=path.stem if path.parent == MAPS else "")
    refuse(DatasetError, f"{path.name} cannot be used", list(dict.fromkeys(reader.problems)))
    return mapping


def _like(path: Path, document: Document) -> Document:
    """A map with what the map has that it is `like`: one beside it, or one that comes with eventcode.

    Each key of its own stands in the place of the other's.
    """
    own = document.data
    if not isinstance(own, dict) or "like" not in own:
        return document
    known = {
        other.stem: other
        for folder in (MAPS, path.parent)
        for other in folder.glob("*.yaml")
        if other != path
    }
    name = str(own["like"])
    if name not in known:
        problem = document.problem(
            ("like",),
            f"there is no map '{name}'",
            did_you_mean(name, [path.stem for path in MAPS.glob("*.yaml")]),
        )
        refuse(DatasetError, f"{path.name} is no map", [problem])
    model = yamlfile.read(known[name], known[name].name).data
    return replace(document, data=model | {key: value for key, value in own.items() if key != "like"})


class _Reader(SlotReader):
    def mapping(self) -> Mapping:
        data = self.data
        self._codebook()
        ignored = {name: _ignored(entry) for name, entry in data.get("ignore", {}).items()}
        documents, codings, link = data["documents"], data["codings"], data.get("links", {})
        for column in (*documents["identity"], *PLACEHOLDER.findall(documents["key"])):
            self.use(column, ("documents",))
        for column in key_columns(codings["key"]):
            self.use(column, ("codings", "key"))
        if link:
            self.use(link["event"], ("links", "event"))
        mapping = Mapping(
            self.document.file, data.get("file", ""), data["producer"], data["coder"], tuple(documents["identity"]), documents["key"],
            self._entry("documents", documents, ("documents",)), codings["key"],
            self._entry("codings", codings, ("codings",)), tuple(self._participants(codings)), tuple(self._sources(codings)),
            codings.get("open_roles", EMPTY), link, self.where(link.get("where"), ("links", "where")),
            tuple(self._entities("publishers")), tuple(self._entities("actors")),
            tuple(self.parts.values()), tuple(self.lists.values()), ignored, frozenset(data.get("optional", ())),
            data.get("not_asked", EMPTY), self._reading(), self.lines, self._agree(codings),
        )  # fmt: skip
        self._ignored(ignored)
        self._undecided()
        self._optional(mapping)
        self._unused()
        return mapping

    def _agree(self, codings: Pairs[str, Any]) -> tuple[Slot, ...]:
        """What is read a second time, from columns that say again what a mapped one says."""
        plain = self.data.get("agree", {})
        for name in plain:
            if name not in codings["values"]:
                self.problem(("agree", name), f"{name} is not mapped", "add it under values: of codings:")
        return self.slots("codings", plain, ("agree",))

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

    def _reading(self) -> Reading:
        plain = self.data.get("reading", {})
        if len(set(plain.get("header", ()))) != len(plain.get("header", ())):
            self.problem(("reading", "header"), "a name stands twice", "columns need names of their own")
        return Reading(
            plain.get("delimiter"), tuple(plain.get("header", ())), plain.get("quotes", True), tuple(plain.get("nulls", ())),
            plain.get("encoding"),
        )  # fmt: skip

    def _undecided(self) -> None:
        for column, plain in self.data.get("ignore", {}).items():
            why = plain if isinstance(plain, str) else plain["why"]
            if why.startswith("TODO"):
                self.problem(
                    ("ignore", column), f"'{column}' is undecided", "map it, or say why it is left out"
                )

    def _optional(self, mapping: Mapping) -> None:
        for i, column in enumerate(self.data.get("optional", ())):
            if column not in mapping.lines:
                self.problem(
                    ("optional", i), f"'{column}' is neither mapped nor ignored", "say what becomes of it"
                )

    def _unused(self) -> None:
        for name in self.recodes.keys() - self.recodes_used:
            self.problem(
                ("recodes", name), f"the recode '{name}' is used nowhere", "take it out, or name it in a cell"
            )

    def _entities(self, table: str) -> Iterator[Entry]:
        for i, plain in enumerate(self.data.get(table, ())):
            if KEYS[table] not in plain["values"]:
                self.problem((table, i), f"{KEYS[table]} is not mapped", f"add {KEYS[table]}: under values:")
            for _, one in self.repeated(plain):
                yield self._entry(table, one, (table, i))

    def _participants(self, codings: Pairs[str, Any]) -> Iterator[Entry]:
        for i, plain in enumerate(codings.get("participants", ())):
            for position, one in self.repeated(plain):
                entry = self._entry("participants", one, ("codings", "participants", i))
                yield replace(entry, role=one["role"], position=None if entry.each else position)

    def _sources(self, codings: Pairs[str, Any]) -> Iterator[Entry]:
        for i, plain in enumerate(codings.get("sources", ())):
            path: Path_ = ("codings", "sources", i)
            for _, one in self.repeated(plain):
                entry = self._entry("sources", one, path)
                for column in PLACEHOLDER.findall(one.get("key", "")):
                    self.use(column, (*path, "key"))
                support = (
                    self.slots("support", one["support"], (*path, "support")) if "support" in one else None
                )
                yield replace(entry, key=one.get("key"), support=support)

    def _entry(self, table: str, plain: Pairs[str, Any], path: Path_) -> Entry:
        each = plain.get("each")
        if each is not None and each not in self.lists:
            self.problem((*path, "each"), f"there is no list '{each}'", did_you_mean(each, [*self.lists]))
        slots = self.slots(table, plain["values"], (*path, "values"))
        entry = Entry(slots, self.where(plain.get("where"), (*path, "where")), each=each)
        reads = {
            *(column for slot in slots for column in slot.reads),
            *(c.column for every in entry.where for c in every),
        }
        for column in sorted(reads):
            whole, dot, _ = column.partition(".")
            if dot and whole in self.lists and whole != each:
                self.problem(path, f"'{column}' is a piece of a list", f"add each: {whole}")
        return entry


def _ignored(plain: Any) -> Ignored:
    if isinstance(plain, str):
        return Ignored(plain)
    return Ignored(plain["why"], tuple(plain["only"]) if "only" in plain else None)
