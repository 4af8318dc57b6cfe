"""Coders held against gold: the readings with the sample role `gold`, which are taken for true.

A gold reading is no coder's in the agreement of coders: it may be one that all agreed on, or that of an expert who taught them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from eventcode.pipeline.agree_measure import World
from eventcode.pipeline.agree_settings import Plan
from eventcode.pipeline.inputs import Inputs
from eventcode.pipeline.lines import Read
from eventcode.readings import Coder
from eventcode.reliability import gold as quality
from eventcode.reliability import matrices, records
from eventcode.reliability.records import READ
from eventcode.reliability.result import Estimate, Matrix

ROLE, ACCURACY = "gold", "accuracy"
NONE = "(no event)"
LEVELS = ("root", "leaf")


def keys(reads: Sequence[Read]) -> dict[str, str]:
    """Document id → the coder whose reading of it is gold; a document with several such readings has none, as they may contradict."""
    found: dict[str, set[str]] = {}
    for read in reads:
        if read.reading.get("sample_role") == ROLE and read.reading["status"] in READ:
            found.setdefault(read.document_id, set()).add(read.coder)
    return {document: min(names) for document, names in found.items() if len(names) == 1}


@dataclass(frozen=True, slots=True)
class Gold:
    """The rows of the table `agreement`, the matrices of gold × coder, and what both do not show."""

    estimates: tuple[Estimate, ...] = ()
    matrices: tuple[Matrix, ...] = ()
    cautions: tuple[str, ...] = ()


def against(reads: Sequence[Read], read: Inputs, plan: Plan) -> Gold:
    """Each coder held against the gold readings of a dataset; empty where there are none."""
    of = keys(reads)
    told = tuple(cautions(reads, of))
    if not of:
        return Gold(cautions=told)
    # An adjudicated reading may be gold, and is a coder's here.
    kinds = read.dataset.coders | {name: Coder(name, "person") for name in of.values()}
    own = [r for r in reads if r.document_id in of]
    world = World(
        records.corpus(own, kinds, read.codebook, read.names, read.texts),
        plan,
        read.documents,
        read.publishers,
    )
    found = units(world, of)
    return Gold(tuple(rows(world, found)), tuple(matrices_of(world, found)), told)


@dataclass(frozen=True, slots=True)
class Units:
    """What gold says of each thing, and what coders say of it, by coder; a thing is a pair (index of the document, its name)."""

    truth: Mapping[Any, str]
    said: Mapping[Any, Mapping[str, str]]


def units(world: World, of: Mapping[str, str]) -> Units:
    """Event types by gold and by coder: of each coding of gold, of each coding that a coder has and gold has not (there gold says
    `(no event)`), and of each document without a coding in gold. A coder who has no partner of a gold coding says `(no event)`.

    `world` holds the gold readings and those held against them; `of` says whose the gold of a document is (`keys`).
    """
    corpus = world.corpus
    key = {n: corpus.coders.index(of[document]) for n, document in enumerate(corpus.documents)}
    types = {place: [str(row["event_type"]) for row in reading.get("codings", ())]
             for place, reading in corpus.readings.items()}  # fmt: skip
    partner = _partners(world, key)
    truth: dict[Any, str] = {}
    said: dict[Any, dict[str, str]] = {}
    for n, coder in key.items():
        true = dict(enumerate(types[n, coder]))
        truth |= {(n, i): value for i, value in true.items()} if true else {(n, None): NONE}
    for (n, coder), own in types.items():
        if coder == key[n]:
            continue
        name = corpus.coders[coder]
        met = {partner[n, coder, j]: value for j, value in enumerate(own) if (n, coder, j) in partner}
        for i in range(len(types[n, key[n]])):
            said.setdefault((n, i), {})[name] = met.get(i, NONE)
        if not types[n, key[n]] and not own:
            said.setdefault((n, None), {})[name] = NONE
        for j, value in enumerate(own):
            if (n, coder, j) not in partner:
                truth[n, (name, j)], said[n, (name, j)] = NONE, {name: value}
    return Units(truth, said)


def _partners(world: World, key: Mapping[int, int]) -> dict[tuple[int, int, int], int]:
    """(document, coder, position of a coding) → position of the coding of gold that it is paired with."""
    found = world.aligned(None, world.plan.align.theta).pairs
    partner = {}
    for n, a, b, i, j in zip(found.document.tolist(), found.coder_a.tolist(), found.coder_b.tolist(),
                             found.i.tolist(), found.j.tolist(), strict=True):  # fmt: skip
        if key[n] == a:
            partner[n, b, j] = i
        elif key[n] == b:
            partner[n, a, i] = j
    return partner


def rows(world: World, of: Units) -> Iterator[Estimate]:
    """The share of event types that each coder has right, as root and as leaf, with Wilson's interval."""
    documents = {unit: unit[0] for unit in of.truth}
    for level in LEVELS:
        said, truth = _at(world, of, level)
        for name, found in quality.against_gold(said, truth, documents=documents).items():
            share = found.accuracy
            yield Estimate(
                "gold", "codings", f"event_type.{level}", ACCURACY, "nominal", f"coder:{name}", share.estimate, share.low, share.high,
                reason=share.reason, n_documents=share.n_clusters, n_units=share.n, n_coders=1, theta=world.plan.align.theta,
            )  # fmt: skip


def matrices_of(world: World, of: Units) -> Iterator[Matrix]:
    """What each coder said of what gold says, value by value, at leaf and root; documents weigh as the sample has them."""
    weights = {unit: float(world.corpus.weights[unit[0]]) for unit in of.truth}
    codes = [kind.code for _, kind in world.corpus.codebook.walk()]
    for level in reversed(LEVELS):
        said, truth = _at(world, of, level)
        given = {*truth.values(), *(value for own in said.values() for value in own.values())}
        order = [code for code in codes if code in given] + sorted(given - {*codes})
        tops: dict[str, str | None] = dict.fromkeys(order)
        made = matrices.against_gold(
            said, truth, "event_type", level, values=order, tree=tops, weights=weights
        )
        yield from (replace(matrix, columns=name) for name, matrix in made.items())


def _at(world: World, of: Units, level: str) -> tuple[dict[Any, dict[str, str]], dict[Any, str]]:
    """What coders and gold say, at leaf or root."""

    def value(code: str) -> str:
        return code if level == "leaf" or code == NONE else world.root(code)

    said = {unit: {name: value(code) for name, code in own.items()} for unit, own in of.said.items()}
    return said, {unit: value(code) for unit, code in of.truth.items()}


def cautions(reads: Sequence[Read], of: Mapping[str, str]) -> Iterator[str]:
    """What gold does not show, where there is any."""
    marked = {read.document_id for read in reads if read.reading.get("sample_role") == ROLE}
    if several := len(marked - of.keys()):
        which = "document has" if several == 1 else "documents have"
        yield (
            f"{several} {which} no single reading with the sample role gold: which one is true is not known, so none is taken for true "
            "there, and all count as those of coders."
        )
    if of:
        yield "Gold is taken for true. Where it was made with a look at a coder's readings, it flatters that coder."
