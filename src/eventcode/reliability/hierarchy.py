"""Codes in a tree: how far two of them lie apart, and agreement at the root, at the leaf and in between."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from eventcode.errors import EventcodeError
from eventcode.reliability.distances import Distance, Tree
from eventcode.reliability.units import MISSING, Units


def path(value: Any, tree: Tree) -> tuple[Any, ...]:
    """A value and those above it, top first; a value that the tree does not hold is a top of its own."""
    above = [value]
    while (parent := tree.get(above[-1])) is not None:
        if parent in above:
            raise EventcodeError(f"{value!r} stands below itself", "mend the tree of codes")
        above.append(parent)
    return tuple(reversed(above))


def shared(one: tuple[Any, ...], other: tuple[Any, ...]) -> int:
    """How many steps two paths have in common from the top."""
    for depth, (first, second) in enumerate(zip(one, other, strict=False)):
        if first != second:
            return depth
    return min(len(one), len(other))


def wu_palmer(tree: Tree) -> Distance:
    """1 − 2·depth(deepest common) / (depth(a) + depth(b)), tops at depth 1 below one common root at 0 (Wu & Palmer 1994, Verb
    semantics, p. 136).

    Codes below different tops are 1 apart, two children of one top 1/2, a top and its child 1/3.
    """

    def between(one: Any, other: Any) -> float:
        first, second = path(one, tree), path(other, tree)
        return 1 - 2 * shared(first, second) / (len(first) + len(second))

    return between


def level_costs(tree: Tree, costs: Sequence[float]) -> Distance:
    """The cost of the highest level at which two codes part: `costs[0]` at the top, `costs[1]` one below; the last holds for all
    deeper levels.

    A code and one below it part at the level of the deeper, where the coder of the higher stopped.
    """
    if not costs or any(cost < 0 for cost in costs) or any(a < b for a, b in pairwise(costs)):
        raise EventcodeError(
            f"level costs {list(costs)}", "one from 0 for each level, top first, never rising"
        )

    def between(one: Any, other: Any) -> float:
        first, second = path(one, tree), path(other, tree)
        return 0.0 if first == second else float(costs[min(shared(first, second), len(costs) - 1)])

    return between


def at_root(units: Units, tree: Tree) -> Units:
    """The same units with each value taken for the top of its path."""
    tops = [path(value, tree)[0] for value in units.values]
    values: list[Hashable] = list(dict.fromkeys(tops))
    place = {value: code for code, value in enumerate(values)}
    code_of = np.array([*(place[top] for top in tops), MISSING], dtype=np.int64)
    return Units(code_of[units.codes], tuple(values), units.documents, units.weights, units.coders)
