"""Amounts of memory as people write them: `500MB`, `2 GB`, `1.5GiB`."""

from __future__ import annotations

import re

from eventcode.errors import DatasetError

_AMOUNT = re.compile(r"([0-9]+(?:\.[0-9]+)?) ?([KMGT])(i?)B", re.IGNORECASE)
LEAST, MOST = 50e6, 1e15  # below it no check ends; above it no machine has that much


def amount(text: str) -> str:
    """An amount of memory as the engine takes it; DatasetError for what is none, or can be no limit."""
    found = _AMOUNT.fullmatch(text)
    if found is None:
        raise DatasetError(f"'{text}' is no amount of memory", "give memory as 500MB or 2GB")
    base = 1024 if found[3] else 1000
    size = float(found[1]) * base ** ("KMGT".index(found[2].upper()) + 1)
    if size < LEAST:
        raise DatasetError(f"'{text}' is too little memory for a check", "give memory as 500MB or 2GB")
    if size > MOST:
        raise DatasetError(f"'{text}' is more memory than there is", "give memory as 500MB or 2GB")
    return text
