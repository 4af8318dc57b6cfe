"""Other people's files: how they are read, which formats are known, and the maps that turn them into our tables."""

from __future__ import annotations

from typing import Any


def __getattr__(name: str) -> Any:
    """`FORMATS`, loaded when it is asked for: the maps need the readers, and the registry needs the maps."""
    if name != "FORMATS":
        raise AttributeError(name)
    from eventcode.formats.foreign.registry import FORMATS

    return FORMATS
