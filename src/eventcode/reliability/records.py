"""What agreement is measured on: the current readings of a dataset's coders, before adjudication."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Protocol

import numpy as np

from eventcode.model import Codebook
from eventcode.readings import Coder, Row
from eventcode.reliability.units import Integers, Numbers

READ = (
    "coded",
    "no_event",
)  # the statuses in which a document was read; skipped and withdrawn say nothing of it


class Read(Protocol):
    """A reading with its coder and document, as `pipeline.lines.Read` is one."""

    @property
    def coder(self) -> str: ...
    @property
    def document_id(self) -> str: ...
    @property
    def reading(self) -> Row: ...


@dataclass(frozen=True, slots=True, eq=False)
class Listed:
    """The codings (or sources) of all readings as one list, in the order of document, coder and key.

    The order within a reading is that of keys, and never that of the file. `documents`, `coders` (n,) are
    indexes into the corpus, `positions` (n,) the index in the reading.
    """

    rows: tuple[Row, ...]
    documents: Integers
    coders: Integers
    positions: Integers


@dataclass(frozen=True, eq=False)
class Corpus:
    """Who read which documents, and what they made of them.

    `coders` and `documents` (ids) are sorted, `names` gives the key of a document's id. `readings` holds, by
    (document index, coder index), the reading of every coder who read the document: it has the status coded or
    no_event. `weights` (documents,) are 1 / inclusion_p, or 1 where none is recorded; where readings of one
    document record several, their mean. `roles` are the sample roles that readings of the document record.
    `texts` are canonical texts by document id, as far as they are at hand.
    """

    codebook: Codebook
    coders: tuple[str, ...]
    kinds: Mapping[str, Coder]
    documents: tuple[str, ...]
    names: Mapping[str, str]
    readings: Mapping[tuple[int, int], Row]
    weights: Numbers
    roles: tuple[frozenset[str], ...]
    texts: Mapping[str, str]

    def without(self, coder: str) -> Corpus:
        """The corpus as if `coder` had read nothing; documents keep their index."""
        return self.only([name for name in self.coders if name != coder])

    def only(self, coders: Iterable[str]) -> Corpus:
        """The corpus of some coders; documents keep their index, also those that none of them read."""
        kept = tuple(sorted(set(coders) & set(self.coders)))
        index = {self.coders.index(name): i for i, name in enumerate(kept)}
        readings = {(d, index[c]): row for (d, c), row in self.readings.items() if c in index}
        return replace(self, coders=kept, kinds={name: self.kinds[name] for name in kept}, readings=readings)

    @cached_property
    def codings(self) -> Listed:
        """Every coding."""
        return self._listed("codings")

    @cached_property
    def sources(self) -> Listed:
        """Every source."""
        return self._listed("sources")

    @cached_property
    def read(self) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """(documents, coders): who read what."""
        found = np.zeros((len(self.documents), len(self.coders)), dtype=bool)
        for document, coder in self.readings:
            found[document, coder] = True
        return found

    @cached_property
    def evidence_in(self) -> str:
        """What evidence is measured in: `tokens` where every document's text is at hand, else `characters`."""
        return "tokens" if self.texts.keys() >= set(self.documents) else "characters"

    def _listed(self, name: str) -> Listed:
        found = [
            (document, coder, position, row)
            for (document, coder), reading in sorted(self.readings.items(), key=lambda item: item[0])
            for position, row in sorted(enumerate(reading.get(name) or ()), key=lambda item: by_key(item[1]))
        ]
        numbers = np.array([item[:3] for item in found], dtype=np.int64).reshape(len(found), 3)
        return Listed(tuple(item[3] for item in found), *numbers.T.copy())


def by_key(row: Mapping[str, Any]) -> tuple[int, str]:
    """What rows of a reading are ordered by: e2 before e10."""
    key = str(row.get("key", ""))
    return len(key), key


def corpus(
    reads: Iterable[Read],
    coders: Mapping[str, Coder],
    codebook: Codebook,
    names: Mapping[str, str],
    texts: Mapping[str, str] | None = None,
) -> Corpus:
    """The corpus of the given readings, whatever their order.

    Of several revisions the latest counts, and a document whose latest is withdrawn or skipped was not read.
    Adjudicated readings are left out: agreement is that of coders before adjudication. A coder who is not among
    `coders` counts as `imported`.
    """
    current: dict[tuple[str, str], Row] = {}
    for read in reads:
        kind = coders[read.coder].kind if read.coder in coders else "imported"
        held = current.get((read.document_id, read.coder))
        if kind != "adjudicated" and (held is None or _revision(read.reading) >= _revision(held)):
            current[read.document_id, read.coder] = read.reading
    usable = {pair: row for pair, row in current.items() if row["status"] in READ}
    documents = tuple(sorted({document for document, _ in usable}))
    people = tuple(sorted({coder for _, coder in usable}))
    number = {document: i for i, document in enumerate(documents)}
    readings = {
        (number[document], people.index(coder)): row
        for (document, coder), row in sorted(usable.items(), key=_place)
    }
    return Corpus(
        codebook,
        people,
        {coder: coders.get(coder) or Coder(coder, "imported") for coder in people},
        documents,
        {document: names.get(document, document) for document in documents},
        readings,
        _weights(readings, len(documents)),
        _roles(readings, len(documents)),
        {document: text for document, text in (texts or {}).items() if document in number},
    )


def _place(item: tuple[tuple[str, str], Row]) -> tuple[str, str]:
    return item[0]


def _revision(reading: Row) -> int:
    return int(reading.get("revision", 1))


def _weights(readings: Mapping[tuple[int, int], Row], n_documents: int) -> Numbers:
    """Inverse inclusion probabilities, the weights of Horvitz and Thompson (1952, JASA 47: 663–685)."""
    total, count = np.zeros(n_documents), np.zeros(n_documents)
    for (document, _), reading in readings.items():
        if reading.get("inclusion_p"):
            total[document] += 1 / float(reading["inclusion_p"])
            count[document] += 1
    return np.where(count > 0, total / np.maximum(count, 1), 1.0)


def _roles(readings: Mapping[tuple[int, int], Row], n_documents: int) -> tuple[frozenset[str], ...]:
    found: list[set[str]] = [set() for _ in range(n_documents)]
    for (document, _), reading in readings.items():
        if reading.get("sample_role"):
            found[document].add(str(reading["sample_role"]))
    return tuple(map(frozenset, found))
