"""How many runs of one voter there are in a document; apart from `voters`, which needs no arrays."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from eventcode.reliability.units import Numbers


def runs_of_voters(
    readings: NDArray[np.bool_], pairs: NDArray[np.bool_], voters: ArrayLike | None = None
) -> Numbers:
    """How many runs each coder's voter has in each document, by (documents, coders): a run then has 1 / r of a vote.

    `readings` (documents, coders) says who read what, `pairs` (coders, coders) who is compared with whom, never with oneself; `voters`
    numbers the voter of each coder, by default one each. Where runs of one voter are held against each other, each is one of its own.
    """
    active = readings & pairs.any(axis=1)
    numbers = np.arange(len(pairs)) if voters is None else np.asarray(voters)
    same = numbers[:, None] == numbers[None, :]
    if (pairs & same).any():
        same = np.eye(len(pairs), dtype=bool)
    found: Numbers = active.astype(np.float64) @ same.astype(np.float64)
    return found
