"""Columns of our tables and the cells that `map.yaml` fills them from, read against a codebook."""

from __future__ import annotations

import json
from collections.abc import Iterator
from collections.abc import Mapping as Pairs
from dataclasses import replace
from typing import Any

from eventcode.codebook import views
from eventcode.formats.mapping.cells import Cell
from eventcode.formats.mapping.slots import Slot
from eventcode.formats.mapping.syntax import CellReader
from eventcode.model import MISSING_REASONS, Codebook
from eventcode.readings import date_fields
from eventcode.shape import did_you_mean
from eventcode.tables import BOOLEAN, DATE, INTEGER, NUMBER, TEXT, TEXTS
from eventcode.yamlfile import Document, Path_

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


class SlotReader(CellReader):
    """Reads columns with their cells, and complains of what the codebook does not know or allow."""

    def __init__(self, document: Document, codebook: Codebook) -> None:
        super().__init__(document)
        self.codebook = codebook

    def repeated(self, plain: Any) -> Iterator[tuple[int | None, Any]]:
        """`plain` once for every item of `repeat` where it holds `{n}`, with the item's place; else as it is."""
        if "{n}" not in json.dumps(plain):
            yield None, plain
            return
        for i, item in enumerate(self.data.get("repeat", ())):
            yield i, _filled(plain, item)

    def slots(self, table: str, values: Pairs[str, Any], path: Path_) -> tuple[Slot, ...]:
        """Every column under `values:` or the like with its cell; one whose name holds `{n}` becomes several."""
        slots: dict[str, Slot] = {}
        for name, cell in values.items():
            for _, (column, each) in self.repeated([name, cell if "{n}" in name else self._listed(cell)]):
                at: Path_ = (*path, name)
                if column in slots:
                    self.problem(
                        at,
                        f"{table}.{column} is mapped more than once",
                        "repeat its name with {n}, or not at all",
                    )
                slots[column] = self._slot(table, column, each, at)
        return tuple(slots.values())

    def _listed(self, cell: Any) -> Any:
        """A cell whose list of columns is written out where it holds `{n}`."""
        if not isinstance(cell, dict) or "columns" not in cell:
            return cell
        return {**cell, "columns": [one for column in cell["columns"] for _, one in self.repeated(column)]}

    def _slot(self, table: str, name: str, plain: Any, path: Path_) -> Slot:
        known = ACTOR if table == "actors" else views.columns(self.codebook, table)
        known = {**known, **dict.fromkeys(date_fields(self.codebook, table), DATE)}
        choices = [column for column in known if column not in _NOT_MAPPED]
        if name not in choices:
            self.problem(path, f"{table} has no column '{name}' to map", did_you_mean(name, choices))
        cell = self._by(table, name, self.cell(plain, path), path)
        spec = self.codebook.fields.get((table, name))
        slot = Slot(
            name, table, known.get(name, TEXT), cell, self._allowed(table, name), self._reasons(table, name),
            repeats=spec is not None and spec.type == "list",
        )  # fmt: skip
        self._fits(slot, path)
        return slot

    def _by(self, table: str, name: str, cell: Cell, path: Path_) -> Cell:
        """A cell whose texts are labels, or other attributes, of the field's vocabulary: their values are its recode."""
        if cell.first:
            cell = replace(cell, first=tuple(self._by(table, name, one, path) for one in cell.first))
        if cell.by is None:
            return cell
        spec = self.codebook.fields.get((table, name))
        known = _VOCABULARIES.get((table, name), "") if spec is None else spec.vocabulary or ""
        listed = self.codebook.vocabularies.get("country" if name == "country" else known)
        if listed is None:
            self.problem(path, f"{table}.{name} has no vocabulary to look in", "write a recode")
            return cell
        values: dict[str, str | None] = {}
        for term in sorted(listed.terms, key=lambda term: term.extra.get("status") not in (None, "current")):
            text = term.label if cell.by == "label" else term.extra.get(cell.by)
            for key in (term.value, str(text).casefold()) if text else (term.value,):
                values.setdefault(key, term.value)
        if len(values) == len(listed.terms) and cell.by != "label":
            self.problem(
                path, f"the terms of '{listed.id}' have no attribute '{cell.by}'", "by: label goes always"
            )
        return replace(cell, recode=values)

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
        if slot.kind != TEXTS and not cell.join and (len(cell.columns) > 1 or cell.flags or cell.split):
            self.problem(
                path,
                f"{name} takes one value, and the cell gives several",
                "map one column, make the field a set, or say join:",
            )
        if cell.join and slot.kind != TEXT:
            self.problem(path, f"{name} is no text", "join: is for texts")
        if cell.bounds and slot.kind != DATE:
            self.problem(path, f"{name} is no date", "from: and to: are for dates")
        if cell.value is not None and type(cell.value) not in _CONSTANTS[slot.kind]:
            self.problem(path, f"{name} cannot be {json.dumps(cell.value)}", f"it is of type {slot.kind}")
        for text in cell.gives():
            if slot.allowed is not None and text not in slot.allowed:
                self.problem(path, f"'{text}' is no value of {name}", did_you_mean(text, list(slot.allowed)))
        nothing = set(self.data.get("reading", {}).get("nulls", ())) & cell.missing.keys()
        if nothing and not cell.split and set(cell.columns) & self.lines.keys():
            told = f"missing: explains {', '.join(map(repr, sorted(nothing)))}, which nulls: of reading: makes nothing of before"
            self.problem(path, told, "say it in when_null:, or take it out of nulls:")
        for reason in {reason for reason in (*cell.missing.values(), cell.when_null) if reason is not None}:
            if reason not in slot.reasons:
                hint = (
                    did_you_mean(reason, list(slot.reasons))
                    or "write null there, or declare missing: in the codebook"
                )
                self.problem(path, f"'{reason}' is no missing reason of {name}", hint)


def _filled(plain: Any, item: str) -> Any:
    if isinstance(plain, str):
        return plain.replace("{n}", item)
    if isinstance(plain, dict):
        return {_filled(key, item): _filled(value, item) for key, value in plain.items()}
    return [_filled(value, item) for value in plain] if isinstance(plain, list) else plain
