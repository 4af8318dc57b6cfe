"""Which rows of an agreement stand first. It imports nothing heavy, so that a command can print what was measured."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from eventcode.reliability.fields import named
from eventcode.reliability.result import Agreement, Estimate

ALL, SELF = "all", "self-consistency"  # all voters; runs of one voter against each other
ALPHA = "alpha"
ALIGNED = "alpha_pairwise_aligned"  # the alpha of pairs: equal to alpha where the alignment is complete and consistent
JOINT, ALPHA_U = "alpha_joint", "alpha_u"
MAIN = (ALPHA, ALIGNED, JOINT, ALPHA_U)
HEAD = ("event_type", "event_type.root", "event_type.leaf")  # what every block gives with an interval
SECTIONS = (
    "detection", "joint", "coding", "source", "support", "derived", "evidence", "difference", "gold", "adjudicated", "linking",
)  # fmt: skip


def is_main(row: Estimate, settings: Mapping[str, Any]) -> bool:
    """Whether a row is a chance-corrected coefficient at the theta of the settings: not one that is printed beside it."""
    return row.measure in MAIN and row.theta in (None, settings["theta"])


def shown_block(found: Agreement) -> str:
    """The block that a report is about: all voters, or the runs of one where there is one."""
    told = {row.block for row in found.estimates if row.estimate is not None}
    return SELF if SELF in told and ALL not in told else ALL


def headline(found: Agreement) -> list[Estimate]:
    """The rows that stand first: those that the settings name, in the block that a report is about."""
    shown = shown_block(found)
    rows = {
        named(row.section, row.field): row
        for row in found.estimates
        if row.block == shown and is_main(row, found.settings)
    }
    return [rows[name] for name in found.settings["headline"] if name in rows]
