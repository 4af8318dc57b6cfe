"""How far the coders of a dataset agree, before adjudication: alignment, coefficients, intervals, and what cannot be concluded."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from eventcode.errors import DatasetError
from eventcode.pipeline import (
    agree_cautions,
    agree_coders,
    agree_gold,
    agree_joint,
    agree_paired,
    agree_rows,
    agree_second,
    agree_shown,
    inputs,
)
from eventcode.pipeline.agree_main import ALIGNED, ALL, ALPHA, HEAD, JOINT, SECTIONS, SELF
from eventcode.pipeline.agree_measure import World, version
from eventcode.pipeline.agree_settings import Plan, compared, plan
from eventcode.pipeline.inputs import Inputs
from eventcode.pipeline.lines import Read
from eventcode.project import Dataset, find
from eventcode.reliability import planner, records
from eventcode.reliability.fields_pairs import Block, Comparison
from eventcode.reliability.result import Agreement, Estimate
from eventcode.shape import did_you_mean

Say = Callable[[str], None]
ONE_VOTER = "no two voters read the same document"


@dataclass(frozen=True, slots=True)
class Measured:
    """The agreement of a dataset, with what it was measured on."""

    inputs: Inputs
    world: World
    agreement: Agreement


def agreement(
    dataset: str | Dataset,
    *,
    seed: int | None = None,
    theta: float | None = None,
    draws: int | None = None,
    codebook_version: str | None = None,
) -> Agreement:
    """The agreement of a dataset of the project, by name, on the current readings before adjudication.

    What is not given is as the card settles it under `reliability:`, else seed 1 and 1,000 draws. `codebook_version` keeps to readings made
    under that version. DatasetError where there is no such dataset, it cannot be read, or nothing was made under that version.
    """
    return measured(dataset, seed=seed, theta=theta, draws=draws, codebook_version=codebook_version).agreement


def measured(dataset: str | Dataset, *, say: Say = lambda _: None, **settings: Any) -> Measured:
    """The same with what it was measured on; `settings` are those of `agreement`."""
    read, world = opened(dataset, say=say, **settings)
    return of(read, world, say)


def opened(dataset: str | Dataset, *, say: Say = lambda _: None, **settings: Any) -> tuple[Inputs, World]:
    """The inputs of a dataset and the corpus in them, nothing measured yet."""
    own = find().dataset(dataset) if isinstance(dataset, str) else dataset
    settled = plan(own, **settings)
    say(f"{own.name}: reading")
    read = inputs.load(own)
    return read, world_of(read, settled)


def of(read: Inputs, world: World, say: Say = lambda _: None) -> Measured:
    """The agreement of a dataset whose inputs are read."""
    say(f"{read.dataset.name}: pairing what coders coded")
    found = world.comparisons()
    say(f"{read.dataset.name}: coefficients and intervals")
    gold = agree_gold.against(_reads(read, world.plan), read, world.plan)
    estimates = _arranged([
        *_headline(world), *_estimates(world, found), *agree_paired.differences(world, found), *gold.estimates,
        *agree_second.adjudicated(read, world.plan), *agree_second.linked(read),
    ])  # fmt: skip
    main = main_block(world)
    shown = [c for c in found if agree_shown.is_confused(c, read.codebook)] if main else []
    whole = Agreement(
        read.dataset.name, read.codebook.reference, world.plan.told(world.voters), tuple(estimates),
        confusions=agree_shown.confusions(world, shown, main) if main else (),
        matrices=(*(agree_shown.shown_matrices(found, main, read.codebook) if main else ()), *gold.matrices),
        coders=agree_coders.coders(world, found), drift=agree_coders.drift(world),
        cautions=(*agree_cautions.cautions(world, estimates), *gold.cautions),
    )  # fmt: skip
    return Measured(read, world, whole)


def world_of(read: Inputs, settled: Plan) -> World:
    """The corpus that agreement is measured on; DatasetError where no reading was made under the version asked for.

    Gold readings have no part in it. DatasetError also where the card names a measure that nobody knows.
    """
    compared(read.dataset, read.codebook)
    reads = _reads(read, settled)
    if not reads and settled.codebook_version is not None:
        made = sorted({version(r.reading) for r in read.current})
        hint = f"there are readings under {', '.join(made) or 'none'}"
        raise DatasetError(
            f"{read.dataset.name} has no reading under version {settled.codebook_version}", hint
        )
    gold = agree_gold.keys(reads)
    reads = [r for r in reads if gold.get(r.document_id) != r.coder]
    if settled.samples:
        kept = {r.document_id for r in reads if r.reading.get("sample_role") in settled.samples}
        reads = [r for r in reads if r.document_id in kept]
    corpus = records.corpus(reads, read.dataset.coders, read.codebook, read.names, read.texts)
    return World(corpus, settled, read.documents, read.publishers)


def _reads(read: Inputs, settled: Plan) -> list[Read]:
    """The current readings made under the version asked for, if any is."""
    return [r for r in read.current if settled.codebook_version in (None, version(r.reading))]


def main_block(world: World) -> Block | None:
    """The block that the report is about: all voters, else the runs of one; None where nothing was read twice."""
    by_name = {block.name: block for block in world.blocks}
    return by_name[ALL] if world.every_pair else by_name.get(SELF)


# ── rows ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _headline(world: World) -> Iterator[Estimate]:
    """Detection and the joint coefficient, in every block."""

    def rows(block: Block) -> Iterator[Estimate]:
        yield from _measured(world, world.detection, block, theta=None)
        yield from agree_joint.events_found(world, block)
        yield agree_joint.joint(world, block)
        yield from agree_joint.evidence(world, block)

    return _each(world, rows)


def _estimates(world: World, found: Sequence[Comparison]) -> Iterator[Estimate]:
    used = world.plan.align.theta

    def rows(block: Block) -> Iterator[Estimate]:
        for comparison in found:
            if (comparison.codes >= 0).any():
                yield from _measured(world, comparison, block, theta=used)

    yield from _each(world, rows)
    main = main_block(world)
    for theta in world.plan.align.thetas if main else ():
        if main and theta != used:
            yield agree_joint.joint(world, main, theta, interval=False)
            yield from (
                agree_rows.alone(c, main, theta=theta)
                for c in world.comparisons(theta)
                if (c.codes >= 0).any()
            )
    if not world.every_pair:
        yield from _undefined(world, found)


def _each(world: World, rows: Callable[[Block], Iterator[Estimate]]) -> Iterator[Estimate]:
    """The rows of every block; where two compare the same, as `without:MACHINE` and `person–person` may, they are worked out once."""
    known: dict[tuple[bytes, bytes, bool], list[Estimate]] = {}
    for block in world.blocks:
        if block.pairs.any():
            key = block.pairs.tobytes(), block.readings.tobytes(), block.name in (ALL, SELF)
            if key not in known:
                known[key] = [*rows(block)]
            yield from (replace(row, block=block.name) for row in known[key])


def _measured(world: World, comparison: Comparison, block: Block, theta: float | None) -> list[Estimate]:
    """Everything in the main block; elsewhere alpha, with an interval for what stands first."""
    plan, main = world.plan, block.name in (ALL, SELF)
    if main or comparison.item.field in HEAD or comparison.item.section == "detection":
        found = agree_rows.rows(comparison, block, seed=plan.seed, draws=plan.draws, theta=theta)
        return found if main else found[:1]
    return [agree_rows.alone(comparison, block, theta=theta)]


def _undefined(world: World, found: Sequence[Comparison]) -> Iterator[Estimate]:
    """The headline among all voters where there is only one: null, with the reason."""
    wanted = set(world.plan.headline) | {name for name, _ in world.plan.minimum}
    for item in (world.detection.item, agree_joint.WHOLE, *(c.item for c in found)):
        if item.name in wanted:
            measure = {"detection": ALPHA, "joint": JOINT}.get(item.section, ALIGNED)
            theta = None if item.section == "detection" else world.plan.align.theta
            where = (item.section, item.table, item.field, measure, item.level)
            yield Estimate(*where, ALL, None, reason=ONE_VOTER, theta=theta)


def _arranged(estimates: Sequence[Estimate]) -> list[Estimate]:
    """By section and block, each as it first comes up; what says nothing at all (no reason, no units) is left out."""
    told = [
        e
        for e in estimates
        if e.n_units or e.block == ALL or e.estimate is not None or e.section == "adjudicated"
    ]
    return sorted(told, key=lambda e: SECTIONS.index(e.section))


# ── what the command asks besides ─────────────────────────────────────────────────────────────────────────────────────


def planned(world: World, name: str, half_width: float) -> planner.Plan:
    """How many documents to double-code for a 95% interval of `half_width` either side, by what is there (else by assumptions).

    It counts documents to draw, those that turn out to have nothing to compare included.
    DatasetError where nothing of that name is compared.
    """
    comparisons = {c.item.name: c for c in (world.detection, *world.comparisons())}
    if name not in comparisons:
        raise DatasetError(f"nothing called '{name}' is compared", did_you_mean(name, [*comparisons]))
    comparison, block = comparisons[name], main_block(world)
    units = None if block is None else comparison.units(block)
    read = 0 if block is None else read_twice(block)
    return planner.plan(units, half_width=half_width, read=read, **agree_rows.measured_at(comparison))


def read_twice(block: Block) -> int:
    """How many documents two coders read who are compared in a block, whatever they found."""
    reads = block.readings.astype(int)
    return int(((reads @ block.pairs.astype(int)) * reads).any(axis=1).sum())


def page(held: Measured) -> str:
    """The report as one page of HTML that needs no network."""
    from eventcode.pipeline import agreement_page

    names = held.inputs.names
    texts = {names[document]: text for document, text in held.inputs.texts.items() if document in names}
    card = held.inputs.dataset.card
    return agreement_page.page(
        held.agreement, held.inputs.codebook, texts, title=card["title"], limits=card.get("limits", ())
    )
