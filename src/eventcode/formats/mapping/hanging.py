"""What hangs on a coding: who took part, and who told of it and what of it they support."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from eventcode.formats.mapping.cells import Row, Texts, slug, template
from eventcode.formats.mapping.fill import Filler, Signals
from eventcode.formats.mapping.model import Entry, Mapping
from eventcode.formats.mapping.ready import Ready


@dataclass(frozen=True, slots=True)
class _Teller:
    """An entry of sources: what fills the source and what it supports, and what puts its key together."""

    entry: Entry
    source: Filler
    support: Filler | None
    key: Callable[[Texts], str] | None


class Hanging:
    """The participants, sources and support of rows that are ready."""

    def __init__(self, mapping: Mapping, ready: Ready, signals: Signals) -> None:
        self.ready, self.signals, self.open_roles = ready, signals, mapping.open_roles
        self.entries = [(entry, Filler(entry.slots)) for entry in mapping.participants]
        self.tellers = [
            _Teller(
                entry,
                Filler(entry.slots),
                None if entry.support is None else Filler(entry.support),
                None if entry.key is None else template(entry.key),
            )
            for entry in mapping.sources
        ]

    def participants(self, raw: Row) -> Iterator[Row]:
        """Those of a row's coding, and the roles that its text leaves open."""
        taken: dict[str, int] = {}
        for entry, filler in self.entries:
            for one in self.ready.each(entry, raw):
                position = taken.get(entry.role, 0) if entry.position is None else entry.position
                taken[entry.role] = position + 1
                yield {"role": entry.role, "position": position, **filler.fill(one, self.signals)}
        for role, reason in self.open_roles.items():
            if role not in taken:
                yield {"role": role, "position": 0, "actor_missing": reason}

    def support(self, told: dict[str, Row], raw: Row) -> Iterator[Row]:
        """Add the sources of a row to those of its reading, `told` by key, and give what they support of its coding."""
        for teller in self.tellers:
            for one in self.ready.each(teller.entry, raw):
                row = teller.source.fill(one, self.signals)
                if not row:
                    continue
                key = f"s{len(told) + 1}"
                if teller.key is not None:
                    key = slug(teller.key(one)) or key
                row = {"key": key, **row}
                if key not in told:
                    told[key] = row
                elif told[key] != row:
                    column = next(iter(teller.entry.slots[0].reads), "")
                    wrong = f"the source '{key}' is told of in two ways"
                    self.signals.add("value", column, wrong, "give its key: more columns")
                if teller.support is not None:
                    yield {"source": key, **teller.support.fill(one, self.signals)}
