"""What a second person did apart from the first: reports linked twice, and documents adjudicated twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import combinations

from eventcode.errors import DatasetError
from eventcode.pipeline import agree_joint, agree_rows
from eventcode.pipeline.agree_main import ALL, ALPHA, HEAD
from eventcode.pipeline.agree_measure import STATUS, World
from eventcode.pipeline.agree_settings import Plan
from eventcode.pipeline.inputs import Inputs
from eventcode.reliability import linking as links
from eventcode.reliability import records
from eventcode.reliability.fields import named
from eventcode.reliability.result import Estimate

# ── linking ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def linked(read: Inputs) -> Iterator[Estimate]:
    """Pairwise F1 and B³ of the two linkers, on the reports that both decided about; nothing where nobody linked a second time."""
    if not read.links:
        return
    from eventcode.pipeline import assemble, linking

    if not (read.dataset.folder / linking.SECOND).is_file():
        return
    partitions = linking.partitions(read.dataset, assemble.assemble(read))
    for one, other in combinations(partitions, 2):
        yield from _linked(partitions, one, other)


def _linked(partitions: Mapping[str, Mapping[str, str]], one: str, other: str) -> Iterator[Estimate]:
    found = links.linking(partitions[one], partitions[other])
    documents = {report.rpartition("/")[0] for report in partitions[one].keys() & partitions[other].keys()}
    for measure, score in (("pairwise_f1", found.pairwise), ("b_cubed_f1", found.b_cubed)):
        yield Estimate(
            "linking", "links", "event_id", measure, "nominal", f"pair:{one}·{other}", score.f1,
            reason=score.reason if score.f1 is None else None, n_documents=len(documents), n_units=found.n_reports, n_coders=2,
        )  # fmt: skip


# ── adjudication ──────────────────────────────────────────────────────────────────────────────────────────────────────


def adjudicated(read: Inputs, plan: Plan) -> Iterator[Estimate]:
    """Detection, the joint coefficient and the event type between two adjudications of the same documents.

    Nothing where nobody adjudicated a second time; one row without a coefficient where no document is wholly decided twice.
    """
    if not read.decisions:
        return
    from eventcode.pipeline import adjudicate, agree_twice

    if not (read.dataset.folder / adjudicate.SECOND).is_file():
        return
    pair = f"pair:{'·'.join(agree_twice.CODERS)}"
    try:
        held = agree_twice.as_coders(read.dataset, read)
    except DatasetError as error:
        if error.problems:  # the file is none of decisions
            raise
        yield Estimate(
            "adjudicated", STATUS.table, STATUS.section, ALPHA, STATUS.level, pair, None, reason=error.message
        )
        return
    corpus = records.corpus(held.current, held.dataset.coders, held.codebook, held.names, held.texts)
    world = World(corpus, replace(plan, samples=None), held.documents, held.publishers)
    for row in _compared(world):
        name = row.field if row.measure == agree_joint.F1 else named(row.section, row.field)
        yield replace(row, section="adjudicated", field=name, block=pair)


def _compared(world: World) -> Iterator[Estimate]:
    block, plan = world.block(ALL, world.every_pair), world.plan
    yield agree_rows.rows(world.detection, block, seed=plan.seed, draws=plan.draws, theta=None)[0]
    yield from agree_joint.events_found(world, block)
    yield agree_joint.joint(world, block)
    for found in world.comparisons():
        if found.item.section == "coding" and found.item.field in HEAD and (found.codes >= 0).any():
            yield agree_rows.rows(found, block, seed=plan.seed, draws=plan.draws, theta=plan.align.theta)[0]
