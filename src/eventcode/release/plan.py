"""A release before it is written: the tables of a build without what stays behind, with what only a release knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eventcode.codebook.load import load
from eventcode.formats import parquet
from eventcode.model import Codebook
from eventcode.release import diff as differences
from eventcode.release import manifest
from eventcode.release.leaks import holds
from eventcode.release.withhold import Name, Withheld, withhold
from eventcode.tables import NOT_RELEASED, TABLES, build

if TYPE_CHECKING:
    import pyarrow as pa

Card = Mapping[str, Any]
Tables = dict[str, "pa.Table"]


@dataclass(frozen=True, slots=True)
class Plan:
    """A release before it is written."""

    name: str
    version: str
    card: Card
    codebook: Codebook
    tables: Tables
    judged: Tables
    withheld: Withheld
    diff: differences.Diff | None
    source: Mapping[str, Any]
    before: str | None


def plan(
    folder: Path,
    source: Mapping[str, Any],
    version: str,
    card: Card,
    before: Path | None,
    reasons: Mapping[str, str] | None,
) -> Plan:
    """The release `version` of the build in `folder` with the manifest `source`; `before` is the folder of the one before."""
    own = parquet.read_folder(folder)
    judged = {name: own.pop(name) for name in NOT_RELEASED if name in own}
    hidden = withhold(own, [row["source"] for row in card.get("withhold", ())])
    tables, name = hidden.tables, str(source["dataset"])
    last, diff, gone = None, None, list[Any]()
    if before:
        older, last = parquet.read_folder(before), _version(before)
        diff = _quiet(differences.compare(older, tables, f"{name} {last}", f"{name} {version}"), hidden.names)
        gone = differences.deletions(older, tables, last, reasons)
        tables = {**tables, "events": _dated(tables, older["events"], _modified(tables, diff), version)}
    else:
        tables = {**tables, "events": _dated(tables, None, set(), version)}
    tables["changes"] = build(TABLES["changes"].columns, [*diff.changes] if diff else [])
    tables["deletions"] = build(TABLES["deletions"].columns, gone)
    codebook = load(folder / "codebook" / source["codebook"]["id"], [folder / "codebook"])
    return Plan(name, version, card, codebook, tables, judged, hidden, diff, source, last)


def _version(release: Path) -> str:
    """The version of an earlier release: from its manifest, else its folder's name."""
    return str(manifest.read(release).get("release", {}).get("version", release.name))


def _quiet(diff: differences.Diff, names: Sequence[Name]) -> differences.Diff:
    """The differences without the names of withheld sources, which an earlier release may have shown."""
    changes = (
        {**row, **{c: None for c in ("before", "after") if _named(row[c], names)}} for row in diff.changes
    )
    return replace(diff, changes=tuple(changes)) if names else diff


def _named(text: str | None, names: Sequence[Name]) -> bool:
    return text is not None and any(holds(text, name) for name in names)


def _dated(tables: Tables, older: pa.Table | None, changed: set[str], version: str) -> pa.Table:
    """The events with the release in which each came up, and the one that last changed it."""
    import pyarrow as pa

    events = tables["events"]
    known = {row["event_id"]: row for row in older.to_pylist()} if older is not None else {}
    for name in ("first_release", "last_modified_release"):
        anew = changed if name == "last_modified_release" else set[str]()
        ids = events.column("event_id").to_pylist()
        values = [known[own][name] if own in known and own not in anew else version for own in ids]
        i = events.schema.get_field_index(name)
        events = events.set_column(i, events.schema.field(i), pa.array(values, pa.string()))
    return events


def _modified(tables: Tables, diff: differences.Diff) -> set[str]:
    """Events whose own fields, or the participants of whose reports, are not what they were."""
    names = {
        row["document_id"]: row["document_key"] or row["document_id"]
        for row in tables["documents"].to_pylist()
    }
    reports = {
        f"{names.get(row['document_id'], row['document_id'])}/adjudicated/{row['report_key']}": row[
            "event_id"
        ]
        for row in tables["reports"].select(["document_id", "report_key", "event_id"]).to_pylist()
    }
    own = {row["key"] for row in diff.changes if row["table"] == "events"}
    takers = {row["key"].rsplit("/", 2)[0] for row in diff.changes if row["table"] == "participants"}
    return own | {reports[key] for key in takers if key in reports}
