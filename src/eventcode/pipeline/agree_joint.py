"""The rows that are no field: events found by both, the joint coefficient, and the words of the evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np

from eventcode.pipeline.agree_main import ALPHA_U, JOINT
from eventcode.pipeline.agree_measure import World
from eventcode.reliability import detection, intervals, unitizing
from eventcode.reliability import joint as joints
from eventcode.reliability.fields import Item
from eventcode.reliability.fields_pairs import Block
from eventcode.reliability.result import Estimate
from eventcode.reliability.unitizing import Continuum, Span
from eventcode.reliability.units import Coefficient, Integers, Numbers

F1 = "f1"
WHOLE = Item(
    "joint", "codings", "event_type", "hierarchical", lambda row: None
)  # what the joint coefficient is of
Statistic = Callable[[Numbers], Numbers]  # (draws, documents) weights of documents → (draws,) values


def with_interval(
    head: Estimate,
    found: Coefficient,
    statistic: Statistic,
    world: World,
    read: Integers,
    scale: str = "coefficient",
) -> Estimate:
    """A coefficient with the interval that drawing the documents in `read` (indexes) gives (`intervals.of_statistic`)."""
    row = replace(
        head, estimate=found.estimate, reason=found.reason, n_documents=found.n_documents, n_units=found.n_units,
        n_coders=found.n_coders,
    )  # fmt: skip
    if found.estimate is None:
        return row

    def drawn(times: Numbers) -> Numbers:
        weights = np.zeros((len(times), len(world.weights)))
        weights[:, read] = times * world.weights[read]
        return statistic(weights)

    plan = world.plan
    around = intervals.of_statistic(drawn, len(read), seed=plan.seed, draws=plan.draws, scale=scale)
    return replace(
        row, low=around.low, high=around.high, standard_error=around.standard_error, p_below_667=around.p_below_667,
        p_below_800=around.p_below_800, reason=around.reason if around.low is None else None,
    )  # fmt: skip


def together(world: World, block: Block) -> Integers:
    """The documents in which two coders of the block are compared."""
    reading = block.readings.astype(np.int64)
    return np.flatnonzero(((reading @ block.pairs) * reading).sum(axis=1) > 0)


def events_found(world: World, block: Block) -> Iterator[Estimate]:
    """F1 of the events found, at the theta of the settings."""
    alignment = world.aligned(None, world.plan.align.theta)
    found = detection.events(world.corpus, alignment)
    kept = block.pairs[found.coder_a, found.coder_b]
    kept &= block.readings[found.document, found.coder_a] & block.readings[found.document, found.coder_b]
    own = found.where(kept)
    head = Estimate(
        "detection", "codings", "events", F1, "nominal", block.name, None, theta=world.plan.align.theta
    )
    yield with_interval(head, own.f1(world.weights), own.estimates, world, together(world, block), "share")


def joint(world: World, block: Block, theta: float | None = None, *, interval: bool = True) -> Estimate:
    """The joint coefficient of finding and coding events; with another `theta` for its sensitivity."""
    used = world.plan.align.theta if theta is None else theta
    own = joints.joint(
        world.corpus, world.plan.align, theta=used, pairs=block.pairs, readings=block.readings, voters=world.votes,
        seed=world.plan.seed,
    )  # fmt: skip
    head = Estimate("joint", "codings", "event_type", JOINT, own.level, block.name, None, theta=used)
    found = own.coefficient(world.weights)
    if not interval:
        return replace(head, estimate=found.estimate, reason=found.reason, n_documents=found.n_documents,
                       n_units=found.n_units, n_coders=found.n_coders)  # fmt: skip
    return with_interval(head, found, own.estimates, world, together(world, block))


# ── evidence ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def evidence(world: World, block: Block) -> Iterator[Estimate]:
    """Alpha_U of the spans of the event type: whether the same words are taken for an event, and for which root of the tree.

    Of several runs of one voter the first counts. Nothing where the coders of a block are not all compared with each other.
    """
    coders = _complete(world, block)
    if len(coders) < 2:
        return
    for field, category in (("event_type", _any), ("event_type.root", world.root)):
        marked = [
            _marked(world, block, document, coders, field, category)
            for document in range(len(world.corpus.documents))
        ]
        continua = [continuum for continuum, _ in marked]
        if not any(continuum.spans for continuum in continua):
            return
        apart = [one for _, one in marked]
        found = unitizing.alpha_u(continua, weights=world.weights.tolist(), apart=apart)
        head = Estimate("evidence", "evidence", field, ALPHA_U, "nominal", block.name, None)
        read = np.flatnonzero([len(continuum.coders) > 1 for continuum in continua])
        yield with_interval(head, found, _ratio(np.array(apart)), world, read)


def _ratio(parts: Numbers) -> Statistic:
    """1 − observed / expected under weights of documents, NaN where nothing is expected."""

    def statistic(weights: Numbers) -> Numbers:
        observed, expected = (weights @ parts).T
        found = np.full(len(weights), np.nan)
        np.divide(observed, expected, out=found, where=expected > 0)
        return 1 - found

    return statistic


def _complete(world: World, block: Block) -> list[int]:
    """The coders of a block, one for each voter, if each is compared with each; else none."""
    active = np.flatnonzero(block.pairs.any(axis=1)).tolist()
    within = any(block.pairs[i, j] and world.votes[i] == world.votes[j] for i in active for j in active)
    first: dict[int, int] = {}
    for coder in active:
        first.setdefault(coder if within else world.votes[coder], coder)
    own = list(first.values())
    return own if all(block.pairs[i, j] for i, j in combinations(own, 2)) else []


def _marked(
    world: World, block: Block, document: int, coders: list[int], field: str, category: Callable[[str], str]
) -> tuple[Continuum, tuple[float, float]]:
    """A document with the spans of its readers and their disagreements, worked out once for all blocks with these readers.

    A document whose length is not known has none.
    """
    readers = tuple(coder for coder in coders if block.readings[document, coder])
    key = (field, document, readers)
    if key not in world.marked:
        continuum = _continuum(world, document, readers, category)
        plain = world.marked.get(("event_type", document, readers))
        one = len({span.category for span in continuum.spans}) < 2  # which is as good as none
        world.marked[key] = continuum, plain[1] if plain and one else unitizing.disagreements(continuum)
    return world.marked[key]


def _continuum(
    world: World, document: int, readers: tuple[int, ...], category: Callable[[str], str]
) -> Continuum:
    length, names = world.length(document), world.corpus.coders
    if not length or not readers:
        return Continuum(0, 1, (), ())
    spans = [
        Span(names[coder], category(coding["event_type"]), own["start"], own["end"])
        for coder in readers
        for coding in world.corpus.readings[document, coder].get("codings", ())
        for own in coding.get("evidence", ())
        if own.get("field") == "event_type" and _fits(own, length)
    ]
    return Continuum(0, length, tuple(names[coder] for coder in readers), tuple(spans))


def _fits(evidence: Mapping[str, Any], length: int) -> bool:
    start, end = evidence.get("start"), evidence.get("end")
    return start is not None and end is not None and start < end <= length


def _any(_: str) -> str:
    return "event"
