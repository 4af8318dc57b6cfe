"""Confusion matrices between coders and against gold, and their long form."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from eventcode.errors import EventcodeError
from eventcode.reliability.hierarchy import path
from eventcode.reliability.result import Matrix
from eventcode.reliability.voters import Labels, repeats

COLUMNS = ("field", "level", "row", "column", "row_value", "column_value", "count", "share")
Pair = tuple[Any, Any] | tuple[Any, Any, float]


def matrix(
    pairs: Iterable[Pair],
    field: str,
    level: str = "leaf",
    *,
    rows: str = "coder",
    tree: Mapping[str, str | None] | None = None,
    values: Sequence[str] | None = None,
) -> Matrix:
    """What was said of the same things, value by value, from pairs (value, value) or (value, value, weight).

    With `rows` "coder" the pairs are of two coders, whose order means nothing: each pair is counted both ways, as in Krippendorff's
    coincidence matrix (2004, Content Analysis, ch. 11), so the counts sum to twice the pairs. With "gold" the first of a pair is the
    gold value and each is counted once. `level` "root" takes each value for the uppermost of its tree (`tree`: value → parent, None
    above). A pair in which one is missing (None) is left out. `values` fixes the order, and may hold values that nobody gave; else it is
    that of sorting.
    """
    if rows not in ("coder", "gold") or level not in ("leaf", "root") or (level == "root" and tree is None):
        raise EventcodeError(
            f"no matrix of {level} by {rows}",
            "rows are coder or gold, levels leaf or root; root needs the tree",
        )
    counts: dict[tuple[str, str], float] = defaultdict(float)
    for first, second, *weight in pairs:
        if first is None or second is None:
            continue
        one, other = (path(str(v), tree)[0] if level == "root" and tree else str(v) for v in (first, second))
        counts[one, other] += weight[0] if weight else 1
        if rows == "coder":
            counts[other, one] += weight[0] if weight else 1
    order = (
        tuple(values) if values is not None else tuple(sorted({value for pair in counts for value in pair}))
    )
    if strange := sorted({value for pair in counts for value in pair} - {*order}):
        raise EventcodeError(
            f"values of {field} that are not among those given: {', '.join(strange)}",
            "give every value that was said; at the level root, the roots",
        )
    return Matrix(
        field, level, rows, order, tuple(tuple(counts.get((a, b), 0.0) for b in order) for a in order)
    )


def against_gold(
    labels: Labels,
    gold: Mapping[Any, Any],
    field: str,
    level: str = "leaf",
    *,
    tree: Mapping[str, str | None] | None = None,
    values: Sequence[str] | None = None,
    weights: Mapping[Any, float] | None = None,
) -> dict[str, Matrix]:
    """A matrix of gold × coder for each coder, as `matrix` makes them.

    `labels` maps unit → coder → value or list of values, `gold` unit → value, `weights` unit → weight (else 1), as the inverse of the
    probability with which the sample took it.
    """
    pairs: dict[str, list[Pair]] = {
        coder: [] for coder in sorted({coder for unit in gold for coder in labels.get(unit, ())})
    }
    for unit, truth in gold.items():
        weight = 1.0 if weights is None else weights[unit]
        for coder, said in labels.get(unit, {}).items():
            pairs[coder] += [(truth, value, weight) for value in repeats(said)]
    return {
        coder: matrix(of, field, level, rows="gold", tree=tree, values=values) for coder, of in pairs.items()
    }


def long(matrix: Matrix, *, column: str = "coder") -> list[dict[str, Any]]:
    """A matrix in long form, a row for each cell with the columns `COLUMNS`: what corrections of misclassification read.

    `row` says what the rows are (coder or gold), `column` whose the columns are (a coder's id, or coder). `share` is the share of the cell
    in its row: of gold × coder, the probability of the value said given the true one; null where the row is empty. Cells of 0 are there
    too, so that a pivot is complete.
    """
    head = (matrix.field, matrix.level, matrix.rows, column)
    cells = []
    for value, counts in zip(matrix.values, matrix.counts, strict=True):
        total = sum(counts)
        for other, count in zip(matrix.values, counts, strict=True):
            cell = (*head, value, other, count, count / total if total else None)
            cells.append(dict(zip(COLUMNS, cell, strict=True)))
    return cells
