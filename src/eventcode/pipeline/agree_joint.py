"""The rows that are no field: events found by both, the joint coefficient, the words of the evidence, and the linking of reports."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import combinations

import numpy as np

from eventcode.pipeline.agree_main import ALPHA_U, JOINT
from eventcode.pipeline.agree_measure import World
from eventcode.pipeline.inputs import Inputs
from eventcode.reliability import detection, intervals, unitizing
from eventcode.reliability import joint as joints
from eventcode.reliability import linking as links
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
        continua = [_continuum(world, block, n, coders, category) for n in range(len(world.corpus.documents))]
        whole = [one if one is not None else Continuum(0, 1, (), ()) for one in continua]
        if not any(one.spans for one in whole):
            return
        parts = np.array(
            [unitizing.disagreements(one) if len(one.coders) > 1 else (0.0, 0.0) for one in whole]
        )
        found = unitizing.alpha_u(whole, weights=world.weights.tolist())
        head = Estimate("evidence", "evidence", field, ALPHA_U, "nominal", block.name, None)
        read = np.array([n for n, one in enumerate(whole) if len(one.coders) > 1], dtype=np.int64)
        yield with_interval(head, found, _ratio(parts), world, read)


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


def _continuum(
    world: World, block: Block, document: int, coders: list[int], category: Callable[[str], str]
) -> Continuum | None:
    """A document with the spans of its readers; None where its length is not known."""
    length = world.length(document)
    readers = [coder for coder in coders if block.readings[document, coder]]
    if not length or not readers:
        return None
    spans = []
    for coder in readers:
        for coding in world.corpus.readings[document, coder].get("codings", ()):
            for own in coding.get("evidence", ()):
                start, end = own.get("start"), own.get("end")
                if (
                    own.get("field") == "event_type"
                    and start is not None
                    and end is not None
                    and start < end <= length
                ):
                    spans.append(Span(world.corpus.coders[coder], category(coding["event_type"]), start, end))
    return Continuum(0, length, tuple(world.corpus.coders[coder] for coder in readers), tuple(spans))


def _any(_: str) -> str:
    return "event"


# ── linking ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def linking(read: Inputs) -> Iterator[Estimate]:
    """Pairwise F1 and B³ of every two linkers (`by`) who linked the same reports; nothing where one person linked alone."""
    partitions: dict[str, dict[str, str]] = {}
    for link in read.links:
        if link.get("relation") == "same_event" and link.get("report") and link.get("event"):
            partitions.setdefault(str(link["by"]), {})[str(link["report"])] = str(link["event"])
    for one, other in combinations(sorted(partitions), 2):
        if shared := partitions[one].keys() & partitions[other].keys():
            yield from _linked(partitions, one, other, {report.rpartition("/")[0] for report in shared})


def _linked(
    partitions: Mapping[str, Mapping[str, str]], one: str, other: str, documents: set[str]
) -> Iterator[Estimate]:
    found = links.linking(partitions[one], partitions[other])
    for measure, score in (("pairwise_f1", found.pairwise), ("b_cubed_f1", found.b_cubed)):
        yield Estimate(
            "linking", "links", "event_id", measure, "nominal", f"pair:{one}·{other}", score.f1,
            reason=score.reason if score.f1 is None else None, n_documents=len(documents), n_units=found.n_reports, n_coders=2,
        )  # fmt: skip
