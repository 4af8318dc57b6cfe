"""The sha256 of files, for the manifest and whoever downloads them."""

from __future__ import annotations

import hashlib
from pathlib import Path


def file_hash(path: Path) -> str:
    """`sha256:` and the hexadecimal sha256 of a file's bytes, read a megabyte at a time."""
    total = hashlib.sha256()
    with path.open("rb") as file:
        while part := file.read(1 << 20):
            total.update(part)
    return f"sha256:{total.hexdigest()}"
