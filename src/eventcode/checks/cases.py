"""Every combination of what rows can say, with sets of combinations as integers of one bit for each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

from eventcode.checks.truths import Condition, Truth

Row = dict[str, Any]


@dataclass(frozen=True)
class Kind:
    """Rows that say the same of some conditions: what they say, one of them, and the codes of all of them."""

    truths: tuple[bool | None, ...]
    row: Row
    codes: frozenset[str | None] = frozenset()
    empty: tuple[bool, ...] = ()  # which columns are, where several are held together


@dataclass(frozen=True)
class Part:
    """Columns that conditions hold together, with the kinds of rows they can make."""

    variables: frozenset[str]
    conditions: tuple[Condition, ...]
    kinds: tuple[Kind, ...]


class Cases:
    """Every combination of the kinds of some parts; a set of cases is an integer with one bit for each."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self.parts = parts
        self._strides = [prod(len(part.kinds) for part in parts[:i]) for i in range(len(parts))]
        self.size = prod(len(part.kinds) for part in parts)
        self.every = (1 << self.size) - 1
        self.truths: dict[str, Truth] = {}
        for i, part in enumerate(parts):
            for j, condition in enumerate(part.conditions):
                said = [kind.truths[j] for kind in part.kinds]
                self.truths[condition.sql] = (
                    self._set(i, [k for k, truth in enumerate(said) if truth is True]),
                    self._set(i, [k for k, truth in enumerate(said) if truth is False]),
                )

    def _set(self, part: int, kinds: Iterable[int]) -> int:
        stride = self._strides[part]
        block = sum(((1 << stride) - 1) << (kind * stride) for kind in kinds)
        period = stride * len(self.parts[part].kinds)
        return block * (self.every // ((1 << period) - 1))

    def row(self, cases: int) -> Row:
        """A row of the first of some cases; columns about which it says nothing are left out."""
        first = (cases & -cases).bit_length() - 1
        found: Row = {}
        for part, stride in zip(self.parts, self._strides, strict=True):
            found |= part.kinds[first // stride % len(part.kinds)].row
        return found

    def given(self, columns: Collection[str]) -> int:
        """The cases in which none of these columns is empty."""
        cases = self.every
        for i, part in enumerate(self.parts):
            kinds = [
                k
                for k, kind in enumerate(part.kinds)
                if all(kind.row[c] is not None for c in columns if c in kind.row)
            ]
            cases &= self._set(i, kinds)
        return cases

    def of(self, codes: Collection[str]) -> int:
        """The cases that a row of one of these codes can be; every one where no condition asks for the code."""
        cases = self.every
        for i, part in enumerate(self.parts):
            if any(kind.codes for kind in part.kinds):
                cases &= self._set(
                    i, [k for k, kind in enumerate(part.kinds) if not kind.codes.isdisjoint(codes)]
                )
        return cases

    @property
    def by_code(self) -> bool:
        """Whether a condition asks for the code."""
        return any(kind.codes for part in self.parts for kind in part.kinds)


def distinct(kinds: Iterable[Kind]) -> tuple[Kind, ...]:
    """One kind for all that say the same: the first, which is nothing only where there is no other, with the codes of all."""
    found: dict[tuple[tuple[bool | None, ...], tuple[bool, ...]], tuple[Row, set[str | None]]] = {}
    for kind in kinds:
        found.setdefault((kind.truths, kind.empty), (kind.row, set()))[1].update(kind.codes)
    return tuple(
        Kind(truths, row, frozenset(codes), empty) for (truths, empty), (row, codes) in found.items()
    )
