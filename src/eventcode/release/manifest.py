"""The manifest of a build or a release: what went in, what came out, and the hashes of both."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eventcode.errors import DatasetError, Problem
from eventcode.formats.content import content_hash
from eventcode.formats.hashes import file_hash

if TYPE_CHECKING:
    import pyarrow as pa

NAME = "manifest.json"


def entry(path: Path, table: pa.Table, key: Sequence[str]) -> dict[str, Any]:
    """What the manifest says of a table that was written to `path`."""
    return {
        "file": path.name, "rows": table.num_rows, "columns": table.num_columns, "bytes": path.stat().st_size,
        "content_hash": content_hash(table, key), "file_hash": file_hash(path),
    }  # fmt: skip


def others(folder: Path) -> dict[str, str]:
    """The hashes of every other file below a folder, by relative path; the manifest itself is left out."""
    found = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != NAME]
    return {
        path.relative_to(folder).as_posix(): file_hash(path) for path in found if path.suffix != ".parquet"
    }


def render(manifest: Mapping[str, Any]) -> bytes:
    """The bytes of a manifest, the same for the same content."""
    return (json.dumps(manifest, indent=2, ensure_ascii=False) + "\n").encode()


def read(folder: Path) -> dict[str, Any]:
    """The manifest of a build or release; DatasetError where there is none."""
    try:
        found = json.loads((folder / NAME).read_text("utf-8"))
    except FileNotFoundError as error:
        raise DatasetError(
            f"{folder} is no build: it has no {NAME}", "run `eventcode build` first"
        ) from error
    except (OSError, ValueError) as error:
        raise DatasetError(f"{folder / NAME} cannot be read: {error}", "build the dataset again") from error
    if not isinstance(found, dict):
        raise DatasetError(f"{folder / NAME} is no manifest", "build the dataset again")
    return found


def differing(folder: Path, manifest: Mapping[str, Any]) -> Iterator[Problem]:
    """Files that are gone, or are not those that the manifest was written for."""
    hashes = {row["file"]: row["file_hash"] for row in manifest.get("tables", {}).values()}
    for name, wanted in {**hashes, **manifest.get("files", {})}.items():
        path = folder / name
        if not path.is_file():
            yield Problem("the file is gone", "build the dataset again", name)
        elif file_hash(path).removeprefix("sha256:") != str(wanted).removeprefix("sha256:"):
            yield Problem(
                "the file was changed after the build", "build the dataset again; never edit a build", name
            )
