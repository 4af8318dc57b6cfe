"""Whether readings of one document say the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from eventcode import identity, readings
from eventcode.readings import Row

# What two coders never share, or write in two ways: who, when, which revision, notes, salts, the document by key or by id.
_PRIVATE = (
    *readings.NOT_CONTENT, "document", "coder", "revision", "note", "salt", "quote_hash", "sample_role", "inclusion_p", "codebook",
)  # fmt: skip


def whole(given: Sequence[Row]) -> bool:
    """Whether canonical readings agree in everything that two people can share."""
    return len({identity.content_id(_bare(reading)) for reading in given}) == 1


def _bare(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _bare(child) for key, child in value.items() if key not in _PRIVATE}
    return [_bare(child) for child in value] if isinstance(value, list) else value
