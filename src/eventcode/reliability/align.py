"""Which coding of one coder tells the same event as which coding of another: the pairs whose fields are then
compared.

Codings are paired within a document by *identity fields* alone: where the evidence stands, date, place, actor,
recipient. The type of the event is never among them, and whoever scores one of them leaves it out
(`leave_out`): pairs chosen for agreeing on a field would agree on it by choice.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np

from eventcode.errors import EventcodeError
from eventcode.reliability import identity_fields, similarity
from eventcode.reliability.assign import Matched, solve
from eventcode.reliability.assign import align_matrices as align_matrices
from eventcode.reliability.assign import assign as assign
from eventcode.reliability.records import Corpus, Listed
from eventcode.reliability.similarity import Component
from eventcode.reliability.units import Integers, Numbers

WEIGHTS: Mapping[str, float] = MappingProxyType(
    {"evidence": 0.4, "date": 0.2, "place": 0.15, "actor": 0.15, "recipient": 0.1}
)
SOURCE_WEIGHTS: Mapping[str, float] = MappingProxyType({"evidence": 0.5, "name": 0.35, "organisation": 0.15})
# The identity field that holds a column of codings or sources.
HOLDS = {
    "date_start": "date", "date_end": "date", "date_precision": "date",
    "place_name": "place", "place_id": "place", "country": "place", "admin1": "place", "lat": "place", "lon": "place",
    "place_precision": "place",
    "source_name": "name", "source_descriptor": "name", "affiliation_actors": "organisation", "speaks_for": "organisation",
}  # fmt: skip
_AT_ONCE = 2_000_000  # pairs of codings whose similarity is held at a time


@dataclass(frozen=True, slots=True)
class Settings:
    """How codings are aligned; a project registers its own before coding.

    `weights` of the identity fields (those left out of the mapping count nothing), `tau` in days, `kilometres`
    for places with coordinates, `theta`: pairs that are no more alike than this are none; `thetas` for the
    sensitivity.
    """

    weights: Mapping[str, float] = field(default_factory=lambda: WEIGHTS)
    tau: float = 3.0
    theta: float = 0.4
    thetas: tuple[float, ...] = (0.3, 0.4, 0.5)
    kilometres: float = 25.0
    source_weights: Mapping[str, float] = field(default_factory=lambda: SOURCE_WEIGHTS)

    def __post_init__(self) -> None:
        _known(self.weights, WEIGHTS, "weights")
        _known(self.source_weights, SOURCE_WEIGHTS, "source_weights")
        for name in ("tau", "kilometres"):
            if not getattr(self, name) > 0:
                raise EventcodeError(f"{name} is {getattr(self, name)}", "give a number above 0")
        for theta in (self.theta, *self.thetas):
            if not 0 <= theta < 1:
                raise EventcodeError(f"theta is {theta}", "give a number from 0 to below 1")


def _known(weights: Mapping[str, float], fields: Mapping[str, float], name: str) -> None:
    for key, weight in weights.items():
        if key not in fields:
            raise EventcodeError(f"{name}: '{key}' is no identity field", f"use {', '.join(fields)}")
        if not 0 <= weight < np.inf:
            raise EventcodeError(f"{name}: the weight of {key} is {weight}", "give a number from 0 on")
    if not sum(weights.values()) > 0:
        raise EventcodeError(
            f"{name}: no identity field has a weight", f"give one of {', '.join(fields)} a weight"
        )


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Two codings each: document, coders (coder_a < coder_b), the index of either in its coder's reading, how
    alike they are, and the weight."""

    document: Integers
    coder_a: Integers
    coder_b: Integers
    i: Integers
    j: Integers
    similarity: Numbers
    weight: Numbers

    def __len__(self) -> int:
        return len(self.document)


@dataclass(frozen=True, slots=True, eq=False)
class Alignment:
    """The pairs of all documents, and how many codings there were to pair.

    `n_a`, `n_b` count the codings of either coder for every document and pair of coders who both read it
    (`read_document`, `read_a`, `read_b`), also where there is none. `left_out` is the identity field that was
    not used.
    """

    pairs: Pairs
    theta: float
    left_out: str | None
    read_document: Integers
    read_a: Integers
    read_b: Integers
    n_a: Integers
    n_b: Integers

    def coverage(self, weights: Numbers | None = None) -> float | None:
        """The share of codings that found a partner: 2 · pairs / (codings + codings) over all pairs of coders;
        None where there is no coding.

        `weights` (documents,) are those of documents.
        """
        per_document = np.ones(1 + self.read_document.max(initial=0)) if weights is None else weights
        total = float(np.sum(per_document[self.read_document] * (self.n_a + self.n_b)))
        found = float(np.sum(per_document[self.pairs.document]))
        return 2 * found / total if total > 0 else None


def align(
    corpus: Corpus, settings: Settings, leave_out: str | None = None, theta: float | None = None
) -> Alignment:
    """The codings of every two coders who read a document, paired.

    `leave_out` is the field to be scored, by the name of a column, a role or an identity field; one that is no
    identity field changes nothing. `theta` stands in for that of the settings.
    """
    components = identity_fields.of_codings(corpus, settings.tau, settings.kilometres)
    used = settings.theta if theta is None else theta
    return _aligned(corpus, corpus.codings, components, settings.weights, used, identity_field(leave_out))


def align_sources(
    corpus: Corpus, settings: Settings, leave_out: str | None = None, theta: float | None = None
) -> Alignment:
    """The sources of every two coders who read a document, paired by where their cue stands, by name or
    descriptor, and by organisation."""
    components = identity_fields.of_sources(corpus)
    used = settings.theta if theta is None else theta
    return _aligned(
        corpus, corpus.sources, components, settings.source_weights, used, identity_field(leave_out)
    )


def identity_field(name: str | None) -> str | None:
    """The identity field that a column or role belongs to, or None."""
    found = HOLDS.get(name or "", name)
    return found if found in WEIGHTS or found in SOURCE_WEIGHTS else None


def _aligned(
    corpus: Corpus,
    listed: Listed,
    components: Mapping[str, Component],
    weights: Mapping[str, float],
    theta: float,
    left_out: str | None,
) -> Alignment:
    used = {name: component for name, component in components.items() if name != left_out}
    pairs = align_rows(used, weights, theta, listed.documents, listed.coders, listed.positions)
    counts = np.zeros((len(corpus.documents), len(corpus.coders)), dtype=np.int64)
    np.add.at(counts, (listed.documents, listed.coders), 1)
    first, second = np.triu_indices(len(corpus.coders), 1)
    at, which = np.nonzero(corpus.read[:, first] & corpus.read[:, second])
    a, b = first[which], second[which]
    return Alignment(pairs, theta, left_out, at, a, b, counts[at, a], counts[at, b])


def align_rows(
    components: Mapping[str, Component],
    weights: Mapping[str, float],
    theta: float,
    documents: Integers,
    coders: Integers,
    positions: Integers,
) -> Pairs:
    """The same on arrays of identity fields: rows in the order of document, coder and rank within the reading.

    This is the whole work of an alignment: 20,000 documents of 5 × 6 codings, 600,000 similarities.
    """
    starts, counts = _runs(documents, coders)
    left, right = _blocks(documents[starts])
    found = paired(components, weights, theta, starts, counts, left, right)
    x, y = found.rows, found.columns
    ends = documents[x], coders[x], coders[y], positions[x], positions[y]
    return Pairs(*ends, similarity=found.similarity, weight=_weights(*ends))


def paired(
    components: Mapping[str, Component],
    weights: Mapping[str, float],
    theta: float,
    starts: Integers,
    counts: Integers,
    left: Integers,
    right: Integers,
) -> Matched:
    """The rows of readings `left` (blocks,) paired with those of readings `right`; reading r has counts[r] rows
    from starts[r] on.

    In what comes back `blocks` are indexes of `left`, `rows` and `columns` those of rows in the components.
    """
    found = [Matched.none()]
    for chunk in _chunks(counts[left] * counts[right]):
        a, b = left[chunk], right[chunk]
        i, j = _products(starts[a], counts[a], starts[b], counts[b])
        alike = similarity.mean(components, weights, i, j)
        matched = solve(np.nan_to_num(alike, nan=-1.0), counts[a], counts[b], theta)
        rows, columns = starts[a][matched.blocks] + matched.rows, starts[b][matched.blocks] + matched.columns
        found.append(Matched(matched.blocks + chunk.start, rows, columns, matched.similarity))
    return Matched.joined(found)


def _runs(documents: Integers, coders: Integers) -> tuple[Integers, Integers]:
    """(first row, number of rows) of every reading that has rows."""
    new = np.ones(len(documents), dtype=bool)
    new[1:] = (np.diff(documents) != 0) | (np.diff(coders) != 0)
    starts = np.flatnonzero(new)
    return starts, np.diff(starts, append=len(documents))


def _blocks(documents: Integers) -> tuple[Integers, Integers]:
    """Every two readings of one document, as indexes; `documents` are those of the readings, in order."""
    found = []
    step = 1
    while len(at := np.flatnonzero(documents[step:] == documents[:-step])):
        found.append((at, at + step))
        step += 1
    if not found:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    left, right = (np.concatenate(one) for one in zip(*found, strict=True))
    order = np.lexsort((right, left))
    return left[order], right[order]


def _chunks(sizes: Integers) -> list[slice]:
    """Runs of blocks that hold no more than `_AT_ONCE` pairs, or one block each."""
    chunk = np.cumsum(sizes) // _AT_ONCE
    edges = [0, *(np.flatnonzero(np.diff(chunk)) + 1).tolist(), len(sizes)]
    return [slice(a, b) for a, b in itertools.pairwise(edges) if b > a]


def _products(starts_a: Integers, n: Integers, starts_b: Integers, m: Integers) -> tuple[Integers, Integers]:
    """Every row of the one reading with every row of the other, block by block, as `solve` takes them."""
    size = n * m
    block = np.repeat(np.arange(len(n)), size)
    row, column = np.divmod(np.arange(len(block)) - (np.cumsum(size) - size)[block], m[block])
    return starts_a[block] + row, starts_b[block] + column


def _weights(document: Integers, coder_a: Integers, coder_b: Integers, i: Integers, j: Integers) -> Numbers:
    """2 / (degree + degree), the degree of a coding being the number of its pairs.

    Where k codings tell one event and all pairs of them are there, each pair weighs 1 / (k − 1), as each pair
    of values of a unit does in Krippendorff's matrix of coincidences (2011, Computing Krippendorff's
    alpha-reliability, section C), so that alpha over the pairs is alpha over the table.
    """
    if not len(document):
        return np.zeros(0)
    coder, at = np.concatenate([coder_a, coder_b]), np.concatenate([i, j])
    ends = (np.tile(document, 2) * (coder.max() + 1) + coder) * (at.max() + 1) + at
    _, which, degree = np.unique(ends, return_inverse=True, return_counts=True)
    degrees = degree[which]
    return 2 / (degrees[: len(document)] + degrees[len(document) :])


def summary(settings: Settings) -> dict[str, Any]:
    """The settings as plain values, for a report."""
    return {
        "weights": dict(settings.weights),
        "source_weights": dict(settings.source_weights),
        "tau": settings.tau,
        "kilometres": settings.kilometres,
        "theta": settings.theta,
        "thetas": list(settings.thetas),
    }
