"""Questions about what is built: who told a record, whether the evidence stands, which folder a name means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from eventcode import sourcing
from eventcode.errors import DatasetError
from eventcode.formats import parquet
from eventcode.pipeline import inputs
from eventcode.pipeline.folders import built, folder_of
from eventcode.project import Project
from eventcode.readings import Row
from eventcode.release import evidence
from eventcode.shape import did_you_mean

READ = (
    "documents",
    "readings",
    "codings",
    "sources",
    "support",
    "participants",
    "evidence",
    "reports",
    "events",
    "publishers",
)


def tables_of(folder: Path) -> dict[str, list[Row]]:
    """The tables of a build as rows."""
    return {name: parquet.read(folder / f"{name}.parquet").to_pylist() for name in READ}


def verify_evidence(
    project: Project, name: str, texts: Path | None = None, version: str | None = None
) -> list[Row]:
    """What became of every span of a build or release, with the texts of a folder, or those in raw/ and the private store."""
    dataset = project.dataset(name)
    tables = tables_of(folder_of(project, f"{name}@{version}" if version else name))
    words = inputs.texts(dataset, tables["documents"], texts)
    return evidence.verify(evidence.located(tables), tables["documents"], words)


def explain_record(project: Project, record: str, name: str | None = None) -> str:
    """Why a record has the origins it has, as text for a terminal.

    `record` is an event id, a report (document/key) or a coding (document/coder/key); DatasetError where no dataset built has it.
    """
    names = [name] if name else project.dataset_names()
    known: list[str] = []
    for candidate in names:
        try:
            tables = tables_of(built(project, candidate))
        except DatasetError:
            if name:
                raise
            continue
        found = records(tables)
        if record in found:
            actors = project.dataset(candidate).codebook.actors
            return sourcing.render(sourcing.explain(tables, record, found[record], actors))
        known += found
    raise DatasetError(
        f"no record '{record}' in what is built", hint=did_you_mean(record, known) or "run `eventcode build`"
    )


def records(tables: Mapping[str, Sequence[Row]]) -> dict[str, list[str]]:
    """The codings behind every event, report and coding, by the names that people use for them."""
    keys = {row["document_id"]: row["document_key"] or row["document_id"] for row in tables["documents"]}
    readings = {row["reading_id"]: row for row in tables["readings"]}
    found: dict[str, list[str]] = {}
    for row in tables["codings"]:
        reading: Any = readings[row["reading_id"]]
        if reading["coder_kind"] != "adjudicated":
            found[f"{keys[reading['document_id']]}/{reading['coder_id']}/{row['key']}"] = [row["coding_id"]]
    for row in tables["reports"]:
        found[f"{keys[row['document_id']]}/{row['report_key']}"] = [row["coding_id"]]
        found.setdefault(row["event_id"], []).append(row["coding_id"])
    return found
