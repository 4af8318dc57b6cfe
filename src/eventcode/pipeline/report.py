"""The report of a check as a page: what it needs to know beside the findings, and the file it becomes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eventcode.checks.report import charts, page
from eventcode.checks.report.groups import Group
from eventcode.checks.report.tallies import Whereabouts
from eventcode.checks.result import Result
from eventcode.errors import DatasetError, EventcodeError
from eventcode.formats import files, parquet
from eventcode.model import Codebook, Finding, Place, RuleCount
from eventcode.pipeline import assemble, inputs, rules
from eventcode.pipeline.explain import tables_of
from eventcode.project import find
from eventcode.readings import Row

Known = Mapping[str, tuple[str | None, str | None]]
FINDINGS = "findings.parquet"


def needed() -> None:
    """EventcodeError where a report cannot be drawn, before anything is checked."""
    charts.needed()


def write(
    path: Path,
    target: str,
    result: Result,
    groups: Sequence[Group],
    book: Codebook | None,
    *,
    tables: Path | None = None,
    remark: str = "",
    every: bool = False,
) -> None:
    """Put the report in place in one step, with the first findings of each rule, or with `every` one that was kept.

    `tables` is the folder of what a foreign file was mapped to.
    """
    stands = {group.id: rules.origin(group.rule, book) for group in groups if group.rule}
    named = (
        Path(target).name if Path(target).is_absolute() else target
    )  # a page is passed on, folders are not
    about = page.About(named, book.reference if book else "", remark)
    known = whereabouts(target, tables, result.findings)
    shown = None if every else page.SHOWN
    files.write(path, page.render(result, groups, about, known, stands, shown).encode())


# ── when, and who ─────────────────────────────────────────────────────────────────────────────────────────────────────


def whereabouts(target: str, tables: Path | None, findings: Iterable[Finding]) -> Whereabouts:
    """The month and the coder of findings, as far as they can be told from what was checked."""
    try:
        known = _known(target, tables, [*findings])
    except EventcodeError:  # what cannot be told is left out of the charts
        known = {}
    return lambda finding: known.get(finding.row) or _nearest(known, finding.key)


def _known(target: str, tables: Path | None, findings: Sequence[Finding]) -> Known:
    if tables is not None:
        return _of_foreign(tables, {finding.row for finding in findings})
    if Path(target).is_file():
        return _of_file(Path(target), {finding.key for finding in findings})
    return _of_rows(assemble.assemble(inputs.load(find().dataset(target))).rows)


def _nearest(known: Known, key: str) -> tuple[str | None, str | None]:
    """What is known of a lineage, or else of the row above it."""
    while key and key not in known:
        key = key.rpartition("/")[0]
    return known.get(key, (None, None))


def _of_rows(rows: Mapping[str, Sequence[Row]]) -> Known:
    """By lineage, for a dataset: documents, readings and codings, reports, events."""
    documents = {row["document_id"]: row for row in rows["documents"]}
    keys = {id_: str(row.get("document_key") or id_) for id_, row in documents.items()}
    printed = {id_: _month(row, "published_at") for id_, row in documents.items()}
    found: dict[str, tuple[str | None, str | None]] = {keys[id_]: (printed[id_], None) for id_ in documents}
    readings = {row["reading_id"]: row for row in rows["readings"]}
    for reading in readings.values():
        document, coder = reading["document_id"], str(reading["coder_id"])
        found[f"{keys.get(document, document)}/{coder}"] = (printed.get(document), coder)
    for coding in rows["codings"]:
        reading = readings[coding["reading_id"]]
        document, coder = reading["document_id"], str(reading["coder_id"])
        when = _month(coding, "date") or printed.get(document)
        found[f"{keys.get(document, document)}/{coder}/{coding['key']}"] = (when, coder)
    for report in rows["reports"]:
        document = report["document_id"]
        when = _month(report, "date") or printed.get(document)
        found[f"{keys.get(document, document)}/{report['report_key']}"] = (when, None)
    return found | {row["event_id"]: (_month(row, "date"), None) for row in rows["events"]}


def _month(row: Mapping[str, Any], name: str) -> str | None:
    day = row.get(f"{name}_start") or row.get(f"{name}_end")
    return str(day)[:7] if day else None


def _of_file(path: Path, keys: set[str]) -> Known:
    """By id, for a Parquet file of reports or events; a build's findings lie beside its tables."""
    if path.name == FINDINGS:
        return _of_rows(tables_of(path.parent))
    if path.suffix != ".parquet":
        return {}
    return {**_months(path, "event_id", "date", keys), **_months(path, "report_id", "date", keys)}


def _of_foreign(folder: Path, rows: set[str]) -> Known:
    """By id, for what a foreign file was mapped to."""
    documents = _months(folder / "documents.parquet", "document_id", "published_at", rows)
    return {**documents, **_months(folder / "codings.parquet", "coding_id", "date", rows)}


def _months(path: Path, own: str, date: str, wanted: set[str]) -> Known:
    """The months of some rows of a Parquet file, by id."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    columns = [own, f"{date}_start"]
    if not path.is_file() or not set(columns) <= set(pq.read_schema(path).names):
        return {}
    rows = pq.read_table(path, columns=columns)
    kept = rows.filter(pc.is_in(rows[own].cast(pa.string()), value_set=pa.array(sorted(wanted), pa.string())))
    return {str(row[own]): (_month(row, date), None) for row in kept.to_pylist()}


# ── findings that a build holds ───────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Stored:
    """The findings of a build, and the codebook that lies with it."""

    result: Result
    book: Codebook | None


def stored(path: Path) -> Stored:
    """What a `findings.parquet` holds, with the counts and the codebook beside it."""
    try:
        rows, counted = parquet.read(path).to_pylist(), path.with_name("rule_counts.parquet")
        findings = tuple(_finding(row) for row in rows)
        counts = parquet.read(counted).to_pylist() if counted.is_file() else []
        result = Result(findings, tuple(RuleCount(**row) for row in counts))
    except (KeyError, TypeError) as error:
        raise DatasetError(f"{path} holds no findings of a build", f"column: {error}") from error
    try:
        book = rules.codebook_in(path.parent)
    except EventcodeError:
        book = None
    return Stored(result, book)


def _finding(row: Mapping[str, Any]) -> Finding:
    plain = ("rule", "severity", "table", "key", "message", "hint", "row", "field", "waived")
    place = Place(row["file"] or "", row["line"], row["path"] or "")
    return Finding(**{name: row[name] for name in plain}, place=place)
