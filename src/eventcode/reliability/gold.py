"""Coders against gold: what is adjudicated, or was coded by an expert, taken for true."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from eventcode.reliability.voters import Labels, ordered, repeats
from eventcode.reliability.wilson import Share, share


@dataclass(frozen=True, slots=True)
class CodeQuality:
    """How a coder did on one value: `recall` of the gold units that have it, `precision` of the units to which the coder gave it."""

    value: Hashable
    precision: Share
    recall: Share


@dataclass(frozen=True, slots=True)
class AgainstGold:
    """A coder held against gold: `n_units` gold units that the coder said something of, `n_not_coded` that it did not."""

    coder: str
    accuracy: Share
    codes: tuple[CodeQuality, ...]
    n_units: int
    n_not_coded: int


def against_gold(
    labels: Labels,
    gold: Mapping[Any, Hashable],
    *,
    documents: Mapping[Any, Hashable] | None = None,
    confidence: float = 0.95,
) -> dict[str, AgainstGold]:
    """Accuracy, and precision and recall of each value, of every coder, with Wilson intervals (see `wilson.share`).

    `labels` maps unit → coder → value or list of values, `gold` unit → value. Only units with gold count, and only what a coder said: a
    unit that it was not given is no error, and one that it should have found and did not must say so as a value. Repeat codings of a
    unit, and units of one document (`documents`: unit → document), are clusters: the interval has the n of as many independent units.
    Gold that was made by looking at a coder's readings flatters that coder; nothing here can tell.
    """
    cluster = {unit: (documents or {}).get(unit, unit) for unit in gold}
    number = {name: i for i, name in enumerate(dict.fromkeys(cluster.values()))}
    coders = sorted({coder for unit in gold for coder in labels.get(unit, ())})
    found = {}
    for coder in coders:
        said = {unit: repeats(labels.get(unit, {}).get(coder)) for unit in gold}
        pairs = [
            (truth, value, number[cluster[unit]]) for unit, truth in gold.items() for value in said[unit]
        ]
        n_units = sum(map(bool, said.values()))
        found[coder] = AgainstGold(
            coder, _share(pairs, confidence), _codes(pairs, confidence), n_units, len(gold) - n_units
        )
    return found


Pairs = list[tuple[Hashable, Hashable, int]]  # gold value, value said, number of the cluster


def _codes(pairs: Pairs, confidence: float) -> tuple[CodeQuality, ...]:
    values = {value for pair in pairs for value in pair[:2]}
    return tuple(
        CodeQuality(
            value,
            _share([pair for pair in pairs if pair[1] == value], confidence, "the coder never gave it"),
            _share([pair for pair in pairs if pair[0] == value], confidence, "it is not in the gold"),
        )
        for value in ordered(values)
    )


def _share(
    pairs: Pairs, confidence: float, reason: str = "the coder said nothing of the gold units"
) -> Share:
    return share(
        [float(truth == value) for truth, value, _ in pairs], [i for *_, i in pairs], confidence, reason
    )
