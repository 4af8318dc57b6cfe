"""Differences of agreement between versions of the codebook and between persons."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import coders_at_work
from coders_at_work import at_random, coding, corpus
from eventcode.pipeline import agree_paired
from eventcode.pipeline.agree_measure import World
from eventcode.pipeline.agree_settings import Plan
from eventcode.readings import Coder
from eventcode.reliability import align
from eventcode.reliability.records import Corpus
from eventcode.reliability.result import Estimate


def read(document: str, coder: str, codings: Any = (), version: str = "1.0.0") -> Any:
    return coders_at_work.read(document, coder, codings, codebook=f"invented@{version}")


def differences(of: Corpus) -> list[Estimate]:
    world = World(of, Plan(align.Settings(), draws=200), [], [])
    return [*agree_paired.differences(world, world.comparisons())]


def versions() -> Corpus:
    """Under 1.0.0 the two find an event in the same documents half of the time, under 1.0.1 always."""
    reads = []
    for n in range(60):
        version = "1.0.1" if n % 2 else "1.0.0"
        ann = n % 3 == 0
        ben = ann if n % 2 else n % 4 == 0
        for who, found in (("ann", ann), ("ben", ben)):
            reads.append(read(f"d{n:02}", who, [coding("e1", span=(0, 9))] if found else [], version))
    return corpus(reads)


def test_a_version_is_held_against_the_one_before() -> None:
    row = next(row for row in differences(versions()) if row.field == "detection")
    assert (row.block, row.measure) == ("version:1.0.1·1.0.0", "alpha_difference")
    assert row.estimate is not None
    assert row.low is not None
    assert row.high is not None
    assert 0 < row.low < row.estimate < row.high


def test_versions_of_which_one_has_no_coefficient_have_a_reason() -> None:
    reads = [
        read(f"d{n}", who, version="1.0.1" if n else "1.0.0") for n in range(4) for who in ("ann", "ben")
    ]
    row = differences(corpus(reads))[0]
    assert (row.estimate, row.low) == (None, None)
    assert row.reason is not None
    assert row.reason.startswith("the first has no coefficient")


def test_two_persons_are_held_against_the_same_others() -> None:
    of = at_random(1, 40, ("ann", "ben", "cleo"))
    of = replace(
        of, readings={place: {**row, "codebook": "invented@1.0.0"} for place, row in of.readings.items()}
    )
    found = differences(of)
    assert [row.block for row in found if row.field == "event_type.root"] == [
        "coder:ann·ben", "coder:ann·cleo", "coder:ben·cleo",
    ]  # fmt: skip
    assert {row.n_coders for row in found} == {3}


def test_two_coders_alone_have_nobody_to_be_held_against() -> None:
    assert differences(corpus([read("d1", "ann"), read("d1", "ben")])) == []


def test_machines_are_others_and_never_persons() -> None:
    machine = {"m": Coder("m", "llm", "m-1")}
    reads = [
        read(f"d{n}", who, [coding("e1", span=(0, 9))] if n % 2 else [])
        for n in range(6)
        for who in ("ann", "ben", "m")
    ]
    assert {row.block for row in differences(corpus(reads, machine))} == {"coder:ann·ben"}
