"""A foreign row made ready to be mapped: decimal points taken off, parts and lists cut, ignored columns looked at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from eventcode.formats.mapping.cells import Row, holds
from eventcode.formats.mapping.decimals import REMEDY, TOLD, WRITTEN, counted
from eventcode.formats.mapping.fill import Signals
from eventcode.formats.mapping.model import Entry, Mapping
from eventcode.formats.tabular.tables import Texts


class Ready:
    """What makes rows with these columns ready; `decimals` are columns in which all whole numbers of the file have a decimal point."""

    def __init__(
        self, mapping: Mapping, columns: tuple[str, ...], decimals: frozenset[str], signals: Signals
    ) -> None:
        self.map, self.columns, self.signals = mapping, columns, signals
        self.blank = dict.fromkeys(column for column in mapping.lines if column not in set(columns))
        self.whole_numbers = [*(counted(mapping) | decimals) & set(columns)]
        self.only = [
            (column, set(ignored.only))
            for column, ignored in mapping.ignored.items()
            if ignored.only is not None
        ]
        self.pieces: dict[str, list[Row]] = {}  # of the lists of the row at hand

    def row(self, values: Texts) -> Row:
        """A row of the file by column, with the pieces of its parts; those of its lists are at hand until the next one."""
        raw: Row = dict(zip(self.columns, values, strict=True)) | self.blank
        self._plain(raw)
        self._parts(raw)
        self._lists(raw)
        self._only(raw)
        return raw

    def each(self, entry: Entry, raw: Row) -> Iterable[Row]:
        """The row, or the row with each piece of the entry's list in turn, where the entry's condition holds."""
        if entry.each is not None:
            return self._with_pieces(entry, self.pieces[entry.each], raw)
        return (raw,) if holds(entry.where, raw) else ()

    def _with_pieces(self, entry: Entry, pieces: list[Row], raw: Row) -> Iterator[Row]:
        for piece in pieces:
            raw.update(piece)
            if holds(entry.where, raw):
                yield raw

    def _plain(self, raw: Row) -> None:
        """Take the decimal point off whole numbers that a program wrote with one."""
        for column in self.whole_numbers:
            text = raw[column]
            if text and "." in text and (found := WRITTEN.fullmatch(text)):
                raw[column] = found[1]
                self.signals.add("decimals", column, TOLD, REMEDY)

    def _parts(self, raw: Row) -> None:
        for part in self.map.parts:
            fits, found = part.cut(raw[part.column])
            raw.update(found)
            if not fits:
                told = f"'{raw[part.column]}' does not fit the part '{part.name}'"
                self.signals.add("value", part.column, told, "widen its pattern, or rename the text")

    def _lists(self, raw: Row) -> None:
        for listed in self.map.lists:
            cut = [
                [piece.strip() for piece in text.split(at)] if (text := raw[column]) else []
                for _, column, at in listed.columns
            ]
            lead = len(cut[0])
            for (name, column, _), pieces in zip(listed.columns[1:], cut[1:], strict=True):
                if lead and pieces and len(pieces) != lead:
                    first = listed.columns[0][1]
                    told = f"{name} has not as many pieces as {first}, beside which it stands"
                    self.signals.add("lists", column, told, "look for the separator within a piece")
                    pieces.clear()
            names = [f"{listed.name}.{name}" for name, _, _ in listed.columns]
            self.pieces[listed.name] = [
                {
                    name: pieces[i] if i < len(pieces) else None
                    for name, pieces in zip(names, cut, strict=True)
                }
                for i in range(lead)
            ]

    def _only(self, raw: Row) -> None:
        for column, only in self.only:
            if raw[column] not in only:
                told = f"the ignored column holds '{raw[column]}'"
                self.signals.add("ignored", column, told, "map it, or add the value to only:")
