"""What the numbers do not show, in sentences, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from eventcode.pipeline.agree_main import ALL
from eventcode.pipeline.agree_measure import World
from eventcode.reliability.report import words
from eventcode.reliability.result import LOW, Estimate

FEW = 20  # documents below which an interval is rough
SAMPLE = "reliability"


def cautions(world: World, estimates: Sequence[Estimate]) -> tuple[str, ...]:
    """The gravest first."""
    return (
        *_documents(world),
        *_voters(world),
        *_sample(world),
        *_authors(world),
        *_coverage(estimates),
        *_fixed(world),
    )


def double(world: World) -> int:
    """How many documents two coders or more read."""
    return int((world.corpus.read.sum(axis=1) > 1).sum())


def _documents(world: World) -> Iterator[str]:
    n = double(world)
    if n == 0:
        yield "No document was read by two coders: nothing can be said about agreement."
    elif n == 1:
        yield (
            "Only one document was read by two coders. There is no interval, as documents are what a sample draws; no alpha of "
            "detection, as one document cannot vary; and no joint coefficient, as its chance term compares different documents. "
            "Every coefficient here describes this one text, and nothing can be concluded about others."
        )
    elif n < FEW:
        few = "intervals from so few are rough, and a few other documents could change them much"
        yield f"Only {n} documents were read by two coders: {few}."


def _voters(world: World) -> Iterator[str]:
    runs = {
        voter: sorted(name for name, own in world.voters.items() if own == voter)
        for voter, n in Counter(world.voters.values()).items()
        if n > 1
    }
    if len(set(world.voters.values())) == 1 and runs:
        [(voter, names)] = runs.items()
        yield (
            f"All readings are runs of one voter ({voter}: {_listed(names)}). Where they agree, that is self-consistency, not "
            "reliability: runs of one model share its mistakes, and nothing can be concluded about whether another coder, or a "
            "person, would code alike."
        )
    else:
        for voter, names in runs.items():
            shared = "share one vote; held against each other they show self-consistency alone"
            yield f"{_listed(names)} are runs of one voter ({voter}) and {shared}."
    kinds = {coder.kind for coder in world.corpus.kinds.values()}
    if "imported" in kinds:
        names = sorted(name for name, coder in world.corpus.kinds.items() if coder.kind == "imported")
        yield f"{_listed(names)} came with imported data: who coded them, and how independently, is not known."


def _sample(world: World) -> Iterator[str]:
    wanted = set(world.plan.samples or (SAMPLE,))
    read = world.corpus.read.sum(axis=1) > 1
    others = [
        roles for roles, both in zip(world.corpus.roles, read, strict=True) if both and not roles & wanted
    ]
    if others:
        n = double(world)
        roles = sorted({role for own in others for role in own})
        marked = f"sample_role: {_listed(roles)}" if roles else "no sample_role is recorded"
        if len(others) < n:
            yield (
                f"{len(others)} of the {n} documents that two coders read were not drawn to measure reliability ({marked}): the "
                "coefficients rest on them, too. `samples: [reliability]` below `reliability:` in the card leaves them out."
            )
        else:
            which = "documents that two coders read were" if n > 1 else "document that two coders read was"
            yield f"The {which} not drawn to measure reliability ({marked}): the coefficients describe what was read, not the corpus."
    elif read.any() and not any(row.get("inclusion_p") for row in world.corpus.readings.values()):
        yield "No inclusion probability is recorded (inclusion_p): every document counts alike, as in a simple random sample."


def _authors(world: World) -> Iterator[str]:
    names = [name for name in world.plan.authors if name in world.corpus.coders]
    if names:
        they = "wrote the codebook or a part of it"
        yield f"{_listed(names)} {they}: coders who did not may agree less."


def _coverage(estimates: Sequence[Estimate]) -> Iterator[str]:
    used = next(
        (e for e in estimates if e.section == "coding" and e.field == "event_type.leaf" and e.block == ALL),
        None,
    )
    used = used or next(
        (e for e in estimates if e.section == "coding" and e.field == "event_type.leaf"), None
    )
    if used is None or used.coverage is None:
        return
    flatter = "Codings are paired where coders agreed on words, day, place or actors, so coefficients of fields flatter"
    share = f"{words.per_cent(used.coverage)} of the codings found a partner"
    if used.coverage < LOW:
        left = "the coefficients of fields leave out what coders did not both see"
        yield f"Only {share}: {left}. {flatter}: read them with detection and the joint coefficient."
    else:
        yield f"{flatter}: read them with detection, the joint coefficient and the coverage ({share})."


def _fixed(world: World) -> Iterator[str]:
    if double(world) > 1 and world.every_pair:
        more = (
            " The blocks without:CODER show how much hangs on each." if len(world.corpus.coders) > 2 else ""
        )
        yield f"Intervals draw documents and hold the coders fixed: they do not say how other coders would agree.{more}"


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
