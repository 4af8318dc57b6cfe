"""The rows of a dataset joined by their keys, and the voices that affirm one record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from eventcode.model import EMPTY, Actor, Codebook
from eventcode.sourcing.names import normal_name

Row = dict[str, Any]
Plain = Mapping[str, Any]
Tables = Mapping[str, Sequence[Plain]]
Actors = Codebook | Mapping[str, Actor]

AFFIRMING = frozenset({"asserts", "confirms", "claims_responsibility"})
# A denial of one of these denies the record; a denial of another field leaves the record as such alone.
WHOLE_RECORD = frozenset({None, "event_type", "realis"})
COPIES = frozenset({"reprint", "rewrite"})


def values(entry: Any) -> tuple[str, ...]:
    """A set or list column as a tuple; null is empty."""
    return () if entry is None else tuple(entry)


@dataclass(frozen=True, slots=True, eq=False)
class Voice:
    """A source with an affirming row for the record; `order` sorts voices whatever the order of the rows."""

    id: str
    source: Plain
    document: Plain
    order: tuple[Any, ...]
    on_scene: bool

    @property
    def own(self) -> bool:
        """Whether the page itself speaks."""
        return self.source.get("identity") == "own_voice"

    @property
    def anonymous(self) -> bool:
        """Whether the text gives no name."""
        return self.source.get("identity") == "anonymous"

    @property
    def page(self) -> tuple[str, str]:
        """Document and reading: one account of one page."""
        return self.document["document_id"], self.source["reading_id"]

    @property
    def actors(self) -> frozenset[str]:
        """The actors it belongs to; if none is given, the one it speaks for."""
        speaks_for = self.source.get("speaks_for")
        return frozenset(
            values(self.source.get("affiliation_actors")) or ([speaks_for] if speaks_for else [])
        )

    @property
    def affiliations(self) -> frozenset[str]:
        """The sorts of body it belongs to, as far as they are known."""
        return frozenset(values(self.source.get("affiliations"))) - {"unknown"}


@dataclass(frozen=True, slots=True)
class Record:
    """What a record rests on: documents, support rows of known sources, affirming voices, denying sources."""

    documents: tuple[Plain, ...]
    support: tuple[Plain, ...]
    voices: tuple[Voice, ...]
    denying: frozenset[str]


class Index:
    """Tables joined by their keys, built once in linear time; rows are neither copied nor changed."""

    def __init__(self, tables: Tables, actors: Actors) -> None:
        self.tables = tables
        self.actors: Mapping[str, Actor] = actors.actors if isinstance(actors, Codebook) else actors
        self.documents = {row["document_id"]: row for row in tables.get("documents", ())}
        self.readings = {row["reading_id"]: row["document_id"] for row in tables.get("readings", ())}
        self.codings = {row["coding_id"]: row for row in tables.get("codings", ())}
        self.sources = {row["source_id"]: row for row in tables.get("sources", ())}
        self.keys = {(row["reading_id"], row.get("key")): name for name, row in self.sources.items()}
        self.support = _grouped(tables.get("support", ()))
        self.participants = _grouped(tables.get("participants", ()))

    @cached_property
    def document_keys(self) -> dict[str, str]:
        """Document ids by the human key of the document."""
        keyed = (
            (row.get("document_key"), name) for name, row in sorted(self.documents.items(), reverse=True)
        )
        return {key: name for key, name in keyed if key}

    @cached_property
    def publishers(self) -> dict[str, str]:
        """Normal id of a publisher by its normal id and its normal name."""
        rows = sorted(
            self.tables.get("publishers", ()), key=lambda row: str(row["publisher_id"]), reverse=True
        )
        found = {
            normal_name(row["name"]): normal_name(row["publisher_id"]) for row in rows if row.get("name")
        }
        return found | {normal_name(row["publisher_id"]): normal_name(row["publisher_id"]) for row in rows}

    @cached_property
    def _called(self) -> dict[tuple[str, str], str]:
        """Sources by reading and normal name, so that a station of `via` may be given by name."""
        ordered = sorted(
            self.sources.items(), key=lambda pair: (str(pair[1].get("key")), pair[0]), reverse=True
        )
        return {
            (row["reading_id"], normal_name(row["source_name"])): name
            for name, row in ordered
            if row.get("source_name")
        }

    @cached_property
    def _people(self) -> frozenset[str]:
        """Normal ids, names and aliases of the listed actors that are human beings."""
        people = (actor for actor in self.actors.values() if actor.kind == "person")
        return frozenset(
            normal_name(text) for actor in people for text in (actor.id, actor.name, *actor.aliases)
        )

    def outlet(self, text: str | None) -> str | None:
        """The key of an outlet from its id or name; None for None."""
        if not text:
            return None
        normal = normal_name(text)
        return self.publishers.get(normal, normal)

    def document(self, name: str | None) -> str | None:
        """The id of a document from its id or its key; None where there is no such document."""
        if name in self.documents:
            return name
        return self.document_keys.get(name) if name else None

    def source_of(self, reading: str, name: str) -> str | None:
        """The id of a source from its key in the reading, its id or its name."""
        if (reading, name) in self.keys:
            return str(self.keys[reading, name])
        return name if name in self.sources else self._called.get((reading, normal_name(name)))

    def station(self, reading: str, name: str) -> tuple[bool, tuple[str, str]]:
        """Whether a station of `via` is a person, and its key: an outlet, a name or the id of a source.

        A person is a source of kind person of the same reading (by key, id or name) or a listed actor of kind
        person; every other station counts as an outlet, since a name in print does not say which it is.
        """
        source = self.sources.get(self.source_of(reading, name) or "", EMPTY)
        called = source.get("source_name") if source else name
        if source.get("source_kind") == "person":
            return True, ("name", normal_name(called)) if called else ("source", source["source_id"])
        if not called:
            return False, ("source", source["source_id"])
        normal = normal_name(called)
        if not source and normal in self._people and normal not in self.publishers:
            return True, ("name", normal)
        return False, ("outlet", self.publishers.get(normal, normal))

    def first_outlet(self, voice: Voice) -> str | None:
        """Who printed or sent the words first; None where the page does not show it.

        The first station of `via` that is no person, else the page's own publisher where the page is an
        original.
        """
        for name in values(voice.source.get("via")):
            person, (_, key) = self.station(voice.source["reading_id"], name)
            if not person:
                return key
        original = voice.document.get("document_relation") == "original"
        return self.outlet(voice.document.get("publisher")) if original else None

    def record(self, codings: Iterable[str]) -> Record:
        """What a set of codings rests on; KeyError for a coding that is not in the tables."""
        wanted = sorted(set(codings))
        documents = {name: self._document(self.readings[self.codings[name]["reading_id"]]) for name in wanted}
        support = [
            row for name in wanted for row in self.support.get(name, ()) if row["source_id"] in self.sources
        ]
        affirming: dict[str, list[Plain]] = {}
        for row in support:
            if row.get("stance") in AFFIRMING:
                affirming.setdefault(row["source_id"], []).append(row)
        voices = sorted(
            (self._voice(name, rows) for name, rows in affirming.items()), key=lambda voice: voice.order
        )
        denying = frozenset(row["source_id"] for row in support if denies(row))
        pages = {row["document_id"]: row for row in documents.values()}
        return Record(tuple(pages[name] for name in sorted(pages)), tuple(support), tuple(voices), denying)

    def _document(self, name: str) -> Plain:
        return self.documents.get(name, {"document_id": name})

    def _voice(self, name: str, rows: Sequence[Plain]) -> Voice:
        source = self.sources[name]
        document = self._document(self.readings[source["reading_id"]])
        key = str(source.get("key") or "")
        title = str(document.get("document_key") or document["document_id"])
        order = (title, document["document_id"], source["reading_id"], len(key), key, name)
        seen = source.get("identity") == "own_voice" and any(
            row.get("knowledge") == "eyewitness" for row in rows
        )
        return Voice(name, source, document, order, seen)


def denies(row: Plain) -> bool:
    """Whether a support row denies the record as such, not merely a detail of it."""
    return row.get("stance") == "denies" and row.get("field") in WHOLE_RECORD


def _grouped(rows: Iterable[Plain]) -> dict[str, list[Plain]]:
    groups: dict[str, list[Plain]] = {}
    for row in rows:
        groups.setdefault(row["coding_id"], []).append(row)
    return groups
