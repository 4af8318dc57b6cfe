"""How often codes and values were observed in a build or release, for the codebook's own pages."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from eventcode.codebook.site.surroundings import Observed, Values
from eventcode.errors import DatasetError
from eventcode.formats import parquet
from eventcode.model import Codebook, Field
from eventcode.pipeline.folders import folder_of
from eventcode.project import find
from eventcode.release import manifest

Rows = list[dict[str, Any]]
COUNTED = ("code", "set", "boolean")  # the types whose values are counted one by one
TABLES = ("reports", "events", "sources", "support", "documents", "readings")


def observed(name: str, book: Codebook) -> Observed:
    """The counts of dataset NAME (its build), NAME@VERSION (a release) or a path; DatasetError where it has another codebook."""
    folder = folder_of(find(), name)
    card = manifest.read(folder)
    stamp = _rows(folder, "codes")[:1] or [{}]
    used, version = stamp[0].get("codebook_id"), stamp[0].get("codebook_version")
    if used != book.id:
        raise DatasetError(
            f"{name} is coded with {used or 'no codebook'}, not with {book.id}",
            hint=f"render {used}, or name a dataset of {book.id}",
        )
    return _observed(
        book, {table: _rows(folder, table) for table in TABLES}, card, f"{used}@{version}", _title(folder)
    )


def _rows(folder: Path, table: str) -> Rows:
    path = folder / f"{table}.parquet"
    return parquet.read(path).to_pylist() if path.is_file() else []


def _title(folder: Path) -> str:
    try:
        return str(json.loads((folder / "datapackage.json").read_text("utf-8")).get("title", ""))
    except (OSError, ValueError):
        return ""


def _observed(
    book: Codebook, tables: Mapping[str, Rows], card: Mapping[str, Any], codebook: str, title: str
) -> Observed:
    release = card.get("release", {}).get("version")
    version = f"release {release}" if release else f"build {str(card.get('input_digest', ''))[:12]}"
    codes = {
        table: Counter(str(row["event_type"]) for row in tables[table]) for table in ("events", "reports")
    }
    kept = _adjudicated(tables)
    of = {
        "codings": ("reports", kept["reports"]),
        **{name: (name, rows) for name, rows in kept.items() if name != "reports"},
    }
    fields = {
        key: counted
        for key, spec in book.fields.items()
        if spec.table in of and (counted := values(spec, *of[spec.table])) is not None
    }
    return Observed(str(card["dataset"]), version, title, codebook, codes, MappingProxyType(fields))


def _adjudicated(tables: Mapping[str, Rows]) -> dict[str, Rows]:
    """Reports, and the sources, support and documents behind them: what several coders wrote of one document counts once."""
    readings = {row["reading_id"] for row in tables["readings"] if row["coder_kind"] == "adjudicated"}
    codings = {row["coding_id"] for row in tables["reports"]}
    return {
        "reports": tables["reports"], "documents": tables["documents"],
        "sources": [row for row in tables["sources"] if row["reading_id"] in readings],
        "support": [row for row in tables["support"] if row["coding_id"] in codings],
    }  # fmt: skip


def values(spec: Field, table: str, rows: Rows) -> Values | None:
    """The values of a field in the rows of a table; None where the rows do not have it."""
    if not rows or spec.presence not in rows[0]:
        return None
    told = [row[spec.presence] for row in rows]
    empty = sum(value is None or value == [] for value in told)
    counts = (
        Counter(_plain(one) for value in told for one in _items(value))
        if spec.type in COUNTED
        else Counter[str]()
    )
    return Values(
        table, len(rows), empty, counts if spec.vocabulary == "event_type" else dict(counts.most_common())
    )


def _items(value: Any) -> Iterable[Any]:
    if value is None:
        return ()
    return value if isinstance(value, Sequence) and not isinstance(value, str) else (value,)


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
