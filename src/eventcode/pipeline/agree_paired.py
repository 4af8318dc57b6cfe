"""Whether agreement differs between two versions of the codebook, or between two persons, on the same draws of documents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise

from eventcode.pipeline import agree_rows
from eventcode.pipeline.agree_measure import World
from eventcode.reliability import paired
from eventcode.reliability.fields_pairs import Block, Comparison
from eventcode.reliability.result import Estimate

DIFFERENCE = "alpha_difference"
COMPARED = ("detection", "event_type.root")
PERSONS = 5  # with more, pairs of them are too many to look at: the blocks without:CODER tell


def differences(world: World, found: Sequence[Comparison]) -> Iterator[Estimate]:
    """Alpha of detection and of the roots: of each version less that of the one before, and of one person with the others less that of
    another person with the same others.

    `estimate` is a difference, `low` and `high` its interval (`paired.difference`); `block` names the first and the second.
    """
    by_name = {comparison.item.name: comparison for comparison in (world.detection, *found)}
    compared = [by_name[name] for name in COMPARED if name in by_name]
    for name, one, other in (*_versions(world), *_persons(world)):
        for comparison in compared:
            yield _difference(world, comparison, name, one, other)


def _difference(world: World, comparison: Comparison, name: str, one: Block, other: Block) -> Estimate:
    sides = comparison.units(one), comparison.units(other)
    how = agree_rows.measured_at(comparison)
    found = paired.difference(*sides, seed=world.plan.seed, draws=world.plan.draws, **how)
    item = comparison.item
    return Estimate(
        "difference", item.table, item.name, DIFFERENCE, item.level, name, found.estimate, found.low, found.high,
        found.standard_error, reason=found.reason, n_documents=found.n_documents, n_units=sum(len(side.codes) for side in sides),
        n_coders=int((one.pairs | other.pairs).any(axis=1).sum()), theta=None if item.section == "detection" else world.plan.align.theta,
    )  # fmt: skip


def _versions(world: World) -> Iterator[tuple[str, Block, Block]]:
    """Each version of the codebook with the one before it."""
    for old, new in pairwise(world.versions):
        yield f"version:{new}·{old}", world.of_version(new), world.of_version(old)


def _persons(world: World) -> Iterator[tuple[str, Block, Block]]:
    """Every two persons, each with those who are different voters from both."""
    kinds = world.corpus.kinds
    persons = [name for name in world.corpus.coders if kinds[name].kind == "person"]
    for pair in combinations(persons, 2) if len(persons) <= PERSONS else ():
        voters = {world.voters[name] for name in pair}
        others = [name for name in world.corpus.coders if world.voters[name] not in voters]
        if others and len(voters) == 2:
            one, other = (world.block(name, [(name, third) for third in others]) for name in pair)
            yield f"coder:{pair[0]}·{pair[1]}", one, other
