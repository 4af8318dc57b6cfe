"""Rows of the table `agreement`: a coefficient with its interval, for each item and block."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from eventcode.pipeline.agree_main import ALIGNED, ALPHA
from eventcode.reliability import alpha, intervals, kappa
from eventcode.reliability.fields_pairs import Block, Comparison
from eventcode.reliability.result import Estimate
from eventcode.reliability.units import Coefficient, Units

MOST_VALUES = 3000  # of sets or in a tree: their distances are a table of so many rows and columns
TOO_MANY = f"more than {MOST_VALUES:,} different values: too many to hold each against each"


def rows(
    comparison: Comparison, block: Block, *, seed: int, draws: int, theta: float | None
) -> list[Estimate]:
    """The alpha of an item in a block with its interval, and what is commonly printed beside it."""
    units = comparison.units(block)
    head = _head(comparison, block, units, theta)
    return [_with_interval(head, comparison, units, seed, draws), *_beside(head, comparison, units)]


def alone(comparison: Comparison, block: Block, *, theta: float | None = None) -> Estimate:
    """The alpha of an item in a block, without interval."""
    units = comparison.units(block)
    return _filled(_head(comparison, block, units, theta), _alpha(comparison, units))


def _head(comparison: Comparison, block: Block, units: Units, theta: float | None) -> Estimate:
    item = comparison.item
    return Estimate(
        item.section, item.table, item.field, ALPHA if item.section == "detection" else ALIGNED, item.level, block.name, None,
        coverage=comparison.coverage(block), prevalence=prevalence(units), theta=theta,
    )  # fmt: skip


def measured_at(comparison: Comparison, distance: str = "masi") -> dict[str, Any]:
    """The arguments `level` and `distance` of a coefficient: distances between sets or in a tree are worked out once for all blocks."""
    level = comparison.item.level
    if level == "set":
        return {"level": "custom", "distance": comparison.apart(distance)}
    if level == "hierarchical":
        return {"level": "custom", "distance": comparison.apart()}
    return {"level": level}


def _alpha(comparison: Comparison, units: Units, distance: str = "masi") -> Coefficient:
    if comparison.item.level in ("set", "hierarchical") and len(comparison.values) > MOST_VALUES:
        return replace(alpha.alpha(units, "nominal"), estimate=None, reason=TOO_MANY)
    return alpha.alpha(units, **measured_at(comparison, distance))


def prevalence(units: Units) -> float | None:
    """The share of the commonest value among those compared; None where there are none."""
    counts = np.zeros(len(units.values))
    for column in units.codes.T:
        said = column >= 0
        np.add.at(counts, column[said], units.weights[said])
    total = float(counts.sum())
    return float(counts.max()) / total if total else None


def _filled(head: Estimate, found: Coefficient) -> Estimate:
    return replace(
        head, estimate=found.estimate, reason=found.reason, n_documents=found.n_documents, n_units=found.n_units,
        n_coders=found.n_coders,
    )  # fmt: skip


def _with_interval(head: Estimate, comparison: Comparison, units: Units, seed: int, draws: int) -> Estimate:
    row = _filled(head, _alpha(comparison, units))
    if row.estimate is None:
        return row
    around = intervals.interval(units, seed=seed, draws=draws, **measured_at(comparison))
    return replace(
        row, low=around.low, high=around.high, standard_error=around.standard_error, p_below_667=around.p_below_667,
        p_below_800=around.p_below_800, reason=around.reason if around.low is None else None,
    )  # fmt: skip


def _beside(head: Estimate, comparison: Comparison, units: Units) -> Iterator[Estimate]:
    """Percent agreement, AC1 and kappa of nominal fields; the alpha of sets by Jaccard's distance. They come without interval."""
    if comparison.item.level == "nominal":
        two = sum(bool((column >= 0).any()) for column in units.codes.T) == 2
        for measure in (
            kappa.percent_agreement,
            kappa.gwet_ac1,
            kappa.cohen_kappa if two else kappa.conger_kappa,
        ):
            found = measure(units)
            yield _filled(replace(head, measure=found.measure), found)
    if comparison.item.level == "set":
        found = _alpha(comparison, units, "jaccard")
        yield _filled(replace(head, measure=f"{head.measure}_jaccard"), found)
