"""What coders said of units, as arrays: the one input of every coefficient."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from eventcode.errors import EventcodeError

Integers = NDArray[np.int64]
Numbers = NDArray[np.float64]

MISSING = -1  # the code of a cell in which a coder said nothing: never a category
CHUNK = 1 << 16  # rows of an array that are turned into codes at once
MOST = 1 << 31  # documents are counted up to the largest number
DENSE = 1 << 20  # whole numbers at most so far apart are counted instead of sorted


@dataclass(frozen=True, slots=True, eq=False)
class Units:
    """Units × coders.

    `codes` has shape (units, coders) and holds the index of a value in `values`, −1 where the coder said nothing of the unit.
    `values` stand in the order of the level: ranks of an ordinal field, numbers ascending; sets are frozensets. `documents`
    (units,) numbers the document of each unit, which is what a bootstrap draws; `weights` (units,) are 1 unless units count
    unequally (a sample's inverse inclusion probability, the share of an aligned pair). A weight of 2 equals the unit twice, in the
    small-sample term n − 1 of alpha as well: bring sampling weights to a mean of 1 (`scaled`) so that n stays the number of values
    that were given.
    """

    codes: Integers
    values: tuple[Hashable, ...]
    documents: Integers
    weights: Numbers
    coders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coefficient:
    """A coefficient, or None with the reason why there is none.

    `n_units` counts the units that could be compared (said of by two coders or more), `n_values` what was said of them.
    """

    measure: str
    level: str
    estimate: float | None
    reason: str | None
    n_units: int
    n_values: int
    n_documents: int
    n_coders: int


def units(
    rows: Sequence[Sequence[Any]],
    *,
    values: Sequence[Hashable] | None = None,
    documents: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    coders: Sequence[str] | None = None,
) -> Units:
    """Units from rows of values, one row a unit and one column a coder; None and NaN say nothing, lists and sets are sets of values.

    `values` fixes the order (and may hold values that nobody gave); else it is that of sorting. Each unit is a document of its own unless
    `documents` says otherwise. EventcodeError: rows of unequal length, a value that `values` does not hold.
    """
    cells = [[_value(cell) for cell in row] for row in rows]
    if len({len(row) for row in cells}) > 1:
        raise EventcodeError("units have different numbers of coders", "a coder who said nothing: None")
    given = {cell for row in cells for cell in row if cell is not None}
    order = _sorted(given) if values is None else [_value(value) for value in values]
    index = {value: code for code, value in enumerate(order)}
    if unknown := given - index.keys():
        raise EventcodeError(
            f"a coder gave {next(iter(unknown))!r}, which is not one of the values", "add it to `values`"
        )
    codes = [[MISSING if cell is None else index[cell] for cell in row] for row in cells]
    shape = (len(cells), len(cells[0]) if cells else len(coders or ()))
    array = np.array(codes, dtype=np.int64).reshape(shape)
    return coded(array, order, documents=documents, weights=weights, coders=coders)


def coded(
    codes: ArrayLike,
    values: Sequence[Any],
    *,
    documents: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    coders: Sequence[str] | None = None,
) -> Units:
    """Units from an integer array (units, coders) of indices in `values`, −1 where a coder said nothing; the array is not copied
    if it is int64.

    EventcodeError: a code outside −1 … len(values) − 1, weights that are negative or not numbers, arrays of other lengths.
    """
    array = np.asarray(codes)
    if array.ndim != 2 or array.dtype.kind not in "iu":
        raise EventcodeError(
            f"codes have {array.ndim} dimensions of type {array.dtype}",
            "give an array of integers, units × coders",
        )
    if array.size and not (array.min() >= MISSING and array.max() < len(values)):
        raise EventcodeError(
            f"a code is outside −1 … {len(values) - 1}", "codes are indices in `values`, −1 is missing"
        )
    n_units, n_coders = array.shape
    of = np.arange(n_units) if documents is None else np.asarray(documents)
    weigh = np.ones(n_units) if weights is None else np.asarray(weights, dtype=np.float64)
    names = tuple(f"coder {number + 1}" for number in range(n_coders)) if coders is None else tuple(coders)
    if not (of.shape == weigh.shape == (n_units,)) or len(names) != n_coders:
        raise EventcodeError(
            f"{n_units} units × {n_coders} coders, but {of.size} documents, {weigh.size} weights, {len(names)} coders",
            "one document and one weight a unit, one name a coder",
        )
    if len(set(names)) < n_coders:
        raise EventcodeError("two coders have the same name", "give each coder a name of its own")
    if n_units and (of.dtype.kind not in "iu" or of.min() < 0 or of.max() >= MOST):
        raise EventcodeError("documents are not whole numbers from 0", "number them: 0, 1, 2 …")
    if not (np.isfinite(weigh).all() and (weigh >= 0).all()):
        raise EventcodeError("a weight is negative or not a number", "weights are 0 or more")
    whole = array.astype(np.int64, copy=False)
    return Units(whole, tuple(values), of.astype(np.int64, copy=False), weigh, names)


def from_array(
    array: ArrayLike,
    *,
    missing: float | None = None,
    documents: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    coders: Sequence[str] | None = None,
) -> Units:
    """Units from an array of numbers (units, coders); NaN says nothing, and so does `missing` (say −1 in an array of integers).

    Values are the distinct numbers ascending. Whole numbers are counted rather than sorted, in chunks: a million units × 5 take a
    fraction of a second.
    """
    numbers = np.asarray(array)
    if numbers.ndim != 2 or numbers.dtype.kind not in "iufb":
        raise EventcodeError(
            f"an array of {numbers.ndim} dimensions of type {numbers.dtype}",
            "give numbers, units × coders; other values: units(rows)",
        )
    if numbers.dtype.kind == "b":
        numbers = numbers.astype(np.int8)
    codes, values = _counted(numbers, missing) or _ordered(numbers, missing)
    return coded(codes, values.tolist(), documents=documents, weights=weights, coders=coders)


def from_counts(counts: ArrayLike, values: Sequence[Any] | None = None, **more: Any) -> Units:
    """Units from a table (units, values) of how many coders gave each value, as Fleiss (1971, table 1) prints them.

    Who gave which is not known: the columns of `codes` are no persons, so ask only measures that do not tell coders apart (not
    Cohen's or Conger's).
    """
    table = _table(counts)
    sizes = table.sum(axis=1)
    codes = np.full((len(table), int(sizes.max(initial=0))), MISSING, dtype=np.int64)
    columns = np.arange(codes.shape[1])
    codes[columns < sizes[:, None]] = np.repeat(np.tile(np.arange(table.shape[1]), len(table)), table.ravel())
    return coded(codes, range(table.shape[1]) if values is None else values, **more)


def from_contingency(table: ArrayLike, values: Sequence[Any] | None = None, **more: Any) -> Units:
    """Units of two coders from their contingency table: rows what the first said, columns what the second said, cells how often.

    Shares instead of counts leave the kappas as they are, but not alpha, which asks how many there were.
    """
    cells = np.asarray(table, dtype=np.float64)
    if cells.ndim != 2 or cells.shape[0] != cells.shape[1]:
        raise EventcodeError(f"a contingency table of shape {cells.shape}", "as many columns as rows")
    first, second = np.nonzero(cells)
    order = range(len(cells)) if values is None else values
    return coded(np.column_stack([first, second]), order, weights=cells[first, second], **more)


def from_coincidences(table: ArrayLike, values: Sequence[Any] | None = None) -> Units:
    """Units of two values from a matrix of coincidences (Krippendorff 2011, section C, step 2), of which alpha is the same.

    Which coder said what, and of how many units, is not known: ask nothing but alpha.
    """
    cells = np.asarray(table, dtype=np.float64)
    if cells.ndim != 2 or cells.shape[0] != cells.shape[1] or not np.allclose(cells, cells.T):
        raise EventcodeError(
            f"a matrix of coincidences of shape {cells.shape}",
            "a symmetric one: each pair stands in it twice",
        )
    return from_contingency(np.triu(cells) - np.diag(cells.diagonal()) / 2, values)


def scaled(of: Units) -> Units:
    """The same units with weights of mean 1 over the units that can be compared: what sampling weights need so that n − 1 keeps
    its meaning.
    """
    weights = of.weights[comparable(of)]
    mean = weights.mean() if weights.size else 0.0
    return Units(of.codes, of.values, of.documents, of.weights / mean if mean else of.weights, of.coders)


def comparable(of: Units) -> NDArray[np.bool_]:
    """(units,) Whether two coders or more said something of the unit, and it has weight."""
    said = np.zeros(len(of.codes), dtype=np.int64)
    for column in of.codes.T:
        said += column != MISSING
    return (said >= 2) & (of.weights > 0)


def _value(cell: Any) -> Hashable:
    if cell is None or (isinstance(cell, float | np.floating) and np.isnan(cell)):
        return None
    value: Hashable = frozenset(cell) if isinstance(cell, list | set | frozenset) else cell
    return value


def _sorted(values: set[Hashable]) -> list[Hashable]:
    """Values ascending; values of several types by type and text, sets by size and members."""

    def key(value: Any) -> tuple[Any, ...]:
        if isinstance(value, frozenset):
            return (type(value).__name__, len(value), sorted(map(str, value)))
        return (type(value).__name__, str(value))

    if any(isinstance(value, frozenset) for value in values):
        return sorted(values, key=key)
    try:
        return sorted(values)  # type: ignore[type-var]
    except TypeError:
        return sorted(values, key=key)


def _table(counts: ArrayLike) -> Integers:
    table = np.asarray(counts)
    numeric = table.ndim == 2 and table.dtype.kind in "iuf"
    if not numeric or (table != np.floor(table)).any() or (table < 0).any():
        raise EventcodeError(
            "counts are not whole numbers, units × values", "how many coders gave each value"
        )
    return table.astype(np.int64)


def _counted(numbers: NDArray[Any], missing: float | None) -> tuple[Integers, NDArray[Any]] | None:
    """Codes and values of whole numbers that are not too far apart; None for others."""
    low, high = _range(numbers, missing)
    if not (low <= high and high - low < DENSE and float(low).is_integer()):
        return None
    least, whole = int(low), numbers.dtype.kind != "f"
    codes = np.empty(numbers.shape, dtype=np.int64)
    seen = np.zeros(int(high) - least + 2, dtype=bool)
    for start in range(0, len(numbers), CHUNK):
        chunk, part = numbers[start : start + CHUNK], codes[start : start + CHUNK]
        if whole:
            np.subtract(chunk, least, out=part, dtype=np.int64, casting="unsafe")
            if missing is not None:
                part[~_said(chunk, missing)] = MISSING
        else:
            away = np.where(_said(chunk, missing), chunk - least, MISSING)
            part[:] = away
            if (part != away).any():
                return None
        seen[part.ravel()] = True  # −1 marks the last place, which no value has
    seen[-1] = False
    values = np.flatnonzero(seen)
    if len(values) < len(seen) - 1:
        codes_of = np.cumsum(seen) - 1
        codes_of[-1] = MISSING
        for start in range(0, len(codes), CHUNK):
            codes[start : start + CHUNK] = codes_of[codes[start : start + CHUNK]]
    return codes, (values + least).astype(numbers.dtype)


def _range(numbers: NDArray[Any], missing: float | None) -> tuple[Any, Any]:
    """The least and the greatest number given; infinite ones are refused."""
    low, high = np.inf, -np.inf
    for start in range(0, len(numbers), CHUNK):
        chunk = numbers[start : start + CHUNK]
        if missing is not None:
            chunk = chunk[_said(chunk, missing)]
        if chunk.size:  # fmin and fmax pass over NaN
            low = min(low, np.fmin.reduce(chunk, axis=None).item())
            high = max(high, np.fmax.reduce(chunk, axis=None).item())
    if low <= high and not (np.isfinite(low) and np.isfinite(high)):
        raise EventcodeError("an infinite number among the values", "leave it out (NaN) if it says nothing")
    return low, high


def _ordered(numbers: NDArray[Any], missing: float | None) -> tuple[Integers, NDArray[Any]]:
    said = _said(numbers, missing)
    codes = np.full(numbers.shape, MISSING, dtype=np.int64)
    values, codes[said] = np.unique(numbers[said], return_inverse=True)
    return codes, values


def _said(numbers: NDArray[Any], missing: float | None) -> NDArray[np.bool_]:
    said: NDArray[np.bool_] = numbers == numbers  # NaN alone differs from itself
    return said if missing is None else said & (numbers != missing)
