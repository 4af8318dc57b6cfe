"""Codings, sources, support rows and readings that were paired, as units: who said what of the same thing, for any set of coders.

A pair of coders' rows is a unit of two values. A pair weighs 2 / (deg_i + deg_j), where the degree of a row is the number of rows it is
compared with: where everybody's rows are paired with everybody's, a row counts once in all, and the alpha of the pairs is Krippendorff's
alpha of the table (Krippendorff 2011, Computing Krippendorff's alpha-reliability: each pair within a unit of m values weighs
1 / (m − 1)). Degrees are counted over the pairs in which both say something. Several runs of one voter share its one vote.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eventcode.reliability import distances, hierarchy
from eventcode.reliability import fields_values as said
from eventcode.reliability.fields import Item
from eventcode.reliability.units import MISSING, Integers, Numbers, Units
from eventcode.reliability.votes import runs_of_voters

Row = Mapping[str, Any]
Truths = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """What coders said, row by row: `document` and `coder` (n,) number those of each row, `where` has the rows of a reading."""

    document: Integers
    coder: Integers
    rows: tuple[Row, ...]
    where: Mapping[tuple[int, int], range]

    def key(self, i: int) -> str:
        """The key of a row within its reading."""
        return str(self.rows[i].get("key", ""))


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Which rows tell of the same thing: positions in `Rows`, those of the coder who comes first in `a`."""

    a: Integers
    b: Integers


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Which comparisons count: `pairs` (coders, coders), symmetric; `readings` (documents, coders)."""

    name: str
    pairs: Truths
    readings: Truths


def gathered(lists: Iterable[tuple[tuple[int, int], Sequence[Row]]]) -> Rows:
    """Rows by (document, coder), one reading after the other."""
    documents: list[int] = []
    coders: list[int] = []
    rows: list[Row] = []
    where = {}
    for (document, coder), own in lists:
        where[document, coder] = range(len(rows), len(rows) + len(own))
        documents += [document] * len(own)
        coders += [coder] * len(own)
        rows += own
    return Rows(np.array(documents, dtype=np.int64), np.array(coders, dtype=np.int64), tuple(rows), where)


def reading_rows(readings: Mapping[tuple[int, int], Row]) -> Rows:
    """One row a reading: its head."""
    return gathered((place, [readings[place]]) for place in sorted(readings))


def coding_rows(readings: Mapping[tuple[int, int], Row]) -> Rows:
    """The codings of all readings."""
    return gathered((place, list(readings[place].get("codings", ()))) for place in sorted(readings))


def source_rows(readings: Mapping[tuple[int, int], Row]) -> Rows:
    """The sources of all readings, each with what the sources of its reading are called."""

    def own(reading: Row) -> list[Row]:
        names = {row["key"]: said.called(row) for row in reading.get("sources", ())}
        return [{**row, "_names": names} for row in reading.get("sources", ())]

    return gathered((place, own(readings[place])) for place in sorted(readings))


def aligned(rows: Rows, pairs: Any) -> Pairs:
    """The pairs of an alignment as positions in `rows`; `pairs` has the arrays document, coder_a, coder_b, i and j."""
    triples = zip(pairs.document.tolist(), pairs.coder_a.tolist(), pairs.coder_b.tolist(),
                  pairs.i.tolist(), pairs.j.tolist(), strict=True)  # fmt: skip
    found = [(rows.where[d, x][i], rows.where[d, y][j]) for d, x, y, i, j in triples]
    return _pairs(found)


def same_document(rows: Rows) -> Pairs:
    """Readings of one document, each with each: the fixed universe of what was read."""
    by_document: dict[int, list[int]] = {}
    for i, document in enumerate(rows.document.tolist()):
        by_document.setdefault(document, []).append(i)
    return _pairs([(i, j) for own in by_document.values() for n, i in enumerate(own) for j in own[n + 1 :]])


def support_rows(codings: Rows) -> tuple[Rows, list[int]]:
    """The support rows of all codings, and the position of the coding of each."""
    lists, owners = [], []
    for place, own in codings.where.items():
        found: list[Row] = []
        for i in own:
            rows = list(codings.rows[i].get("support", ()))
            found += rows
            owners += [i] * len(rows)
        lists.append((place, found))
    return gathered(lists), owners


def support_pairs(
    codings: Rows, coded: Pairs, sources: Rows, told: Pairs, rows: Rows, owners: Sequence[int]
) -> Pairs:
    """Support rows of paired codings by paired sources, for the same field; where one has several of these, in their order."""
    partner = {(i, int(sources.coder[j])): j for i, j in zip(told.a.tolist(), told.b.tolist(), strict=True)}
    position = {(place, sources.key(i)): i for place, own in sources.where.items() for i in own}
    of: dict[int, list[int]] = {}
    for row, owner in enumerate(owners):
        of.setdefault(owner, []).append(row)

    def source(row: int) -> int | None:
        place = int(rows.document[row]), int(rows.coder[row])
        return position.get((place, str(rows.rows[row].get("source"))))

    found = []
    for i, j in zip(coded.a.tolist(), coded.b.tolist(), strict=True):
        waiting: dict[tuple[int | None, Any], list[int]] = {}
        for row in of.get(j, ()):
            waiting.setdefault((source(row), rows.rows[row].get("field")), []).append(row)
        for row in of.get(i, ()):
            own = source(row)
            other = partner.get((own, int(codings.coder[j]))) if own is not None else None
            left = waiting.get((other, rows.rows[row].get("field")), []) if other is not None else []
            if left:
                found.append((row, left.pop(0)))
    return _pairs(found)


def _pairs(found: Sequence[tuple[int, int]]) -> Pairs:
    both = np.array(found, dtype=np.int64).reshape(-1, 2)
    return Pairs(both[:, 0], both[:, 1])


# ── a comparison ──────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """An item, the rows that answer it and which of them are paired.

    `codes` (rows,) holds the position of each row's answer in `values`, −1 where it says nothing. `weights` (documents,) are inverse
    inclusion probabilities, `voters` (coders,) numbers whose vote each coder's is. `tables` keeps what `apart` worked out.
    """

    item: Item
    rows: Rows
    pairs: Pairs
    codes: Integers
    values: tuple[Hashable, ...]
    coders: tuple[str, ...]
    voters: Integers
    weights: Numbers
    tables: dict[str, Numbers] = field(default_factory=dict)

    def apart(self, distance: str = "") -> Numbers:
        """(values, values) how far values lie apart: of sets by `distance` (masi, jaccard), of a tree by Wu and Palmer; worked out once."""
        if distance not in self.tables:
            self.tables[distance] = distances.table(
                self.values, distances.SETS.get(distance) or hierarchy.wu_palmer(self.tree)
            )
        return self.tables[distance]

    @property
    def tree(self) -> Mapping[Hashable, Hashable | None]:
        """The parent of each value; of paths the path without its last step."""
        if self.item.tree is not None:
            return self.item.tree
        paths = [value for value in self.values if isinstance(value, tuple)]
        return {path[:n]: path[: n - 1] or None for path in paths for n in range(1, len(path) + 1)}

    def chosen(self, block: Block) -> Pairs:
        """The pairs of a block in which both say something."""
        a, b = self.pairs.a, self.pairs.b
        keep = (self.codes[a] != MISSING) & (self.codes[b] != MISSING) & _in_block(self.rows, a, b, block)
        return Pairs(a[keep], b[keep])

    def units(self, block: Block) -> Units:
        """The pairs of a block as units of two values."""
        pairs = self.chosen(block)
        n = len(pairs.a)
        codes = np.full((n, len(self.coders)), MISSING, dtype=np.int64)
        codes[np.arange(n), self.rows.coder[pairs.a]] = self.codes[pairs.a]
        codes[np.arange(n), self.rows.coder[pairs.b]] = self.codes[pairs.b]
        documents = self.rows.document[pairs.a]
        weights = _weights(pairs, self.rows, self.voters, block) * self.weights[documents]
        return Units(codes, self.values, documents, weights, self.coders)

    def coverage(self, block: Block) -> float | None:
        """The share of the answers which found one of the other coder's to be compared with; None where there are no answers.

        Each pair of coders counts its answers in documents that both read: 2 × compared / (answers of one + answers of the other).
        """
        n_documents, n_coders = block.readings.shape
        answered = np.zeros((n_documents, n_coders))
        given = self.codes != MISSING
        np.add.at(answered, (self.rows.document[given], self.rows.coder[given]), 1.0)
        possible = 0.0
        for x, y in zip(*np.nonzero(np.triu(block.pairs, 1)), strict=True):
            both = block.readings[:, x] & block.readings[:, y]
            possible += float((self.weights * both * (answered[:, x] + answered[:, y])).sum())
        compared = 2 * float(self.weights[self.rows.document[self.chosen(block).a]].sum())
        return compared / possible if possible else None


def compare(
    item: Item, rows: Rows, pairs: Pairs, coders: Sequence[str], voters: Sequence[int], weights: Numbers
) -> Comparison:
    """What coders answered to an item, as far as their rows are paired."""
    answers = [item.value(row) for row in rows.rows]
    listed = item.values or ()
    given = {answer for answer in answers if answer is not None}
    values = (*listed, *sorted(given.difference(listed), key=_order))
    place = {value: i for i, value in enumerate(values)}
    codes = np.array([MISSING if a is None else place[a] for a in answers], dtype=np.int64)
    return Comparison(
        item, rows, pairs, codes, values, tuple(coders), np.asarray(voters, dtype=np.int64), weights
    )


def _order(value: Any) -> tuple[Any, ...]:
    """Numbers by size, all else by its words."""
    if isinstance(value, bool | str):
        return (1, str(value))
    if isinstance(value, int | float):
        return (0, value)
    return (2, sorted(map(str, value))) if isinstance(value, frozenset) else (3, [*map(str, value)])


def _in_block(rows: Rows, a: Integers, b: Integers, block: Block) -> Truths:
    document, x, y = rows.document[a], rows.coder[a], rows.coder[b]
    return np.asarray(block.pairs[x, y] & block.readings[document, x] & block.readings[document, y])


def _weights(pairs: Pairs, rows: Rows, voters: Integers, block: Block) -> Numbers:
    """The weight of every pair. With r runs of its voter in the document, a run has 1/r of a vote.

    A pair of runs weighs s = 1/(r_a r_b), a row's degree is D = Σ s over its pairs, and the pair's weight is 2s / (r_a D_a + r_b D_b):
    with one run each that is 2 / (deg_a + deg_b).
    """
    runs = runs_of_voters(block.readings, block.pairs, voters)
    document = rows.document[pairs.a]
    of_a, of_b = runs[document, rows.coder[pairs.a]], runs[document, rows.coder[pairs.b]]
    share = 1.0 / (of_a * of_b)
    degree = np.zeros(len(rows.rows))
    np.add.at(degree, pairs.a, share)
    np.add.at(degree, pairs.b, share)
    return np.asarray(2 * share / (of_a * degree[pairs.a] + of_b * degree[pairs.b]))


def voted(coders: Sequence[str], voters: Mapping[str, str]) -> list[int]:
    """The number of each coder's voter, in the order in which they come up."""
    numbers: dict[str, int] = {}
    return [numbers.setdefault(voters[coder], len(numbers)) for coder in coders]


# ── blocks ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def block(name: str, coders: Sequence[str], pairs: Iterable[tuple[str, str]], readings: Truths) -> Block:
    """A block from the names of the coders who are compared in it."""
    position = {coder: i for i, coder in enumerate(coders)}
    matrix = np.zeros((len(coders), len(coders)), dtype=bool)
    for one, other in pairs:
        matrix[position[one], position[other]] = matrix[position[other], position[one]] = True
    return Block(name, matrix, readings)
