"""What is asked of a foreign file: the rules that make sense for its format, its raw columns, and what the map had no place for."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from eventcode.checks import surface
from eventcode.checks.engine import Checker, Result
from eventcode.formats.mapping import Mapping
from eventcode.formats.mapping.fill import Signals
from eventcode.formats.mapping.model import key_columns
from eventcode.formats.tabular.spool import LINE, Spool
from eventcode.model import Codebook, Finding, Place, RuleCount
from eventcode.pipeline.asking import checker_of, left_out
from eventcode.pipeline.foreign_tables import PLACES

SIGNALS = {
    "value": ("file.value", "error", "a value that the map has no place for was left out"),
    "key": ("file.key", "error", "a row without a key of its own was left out"),
    "lists": ("file.lists", "warning", "a list that does not go with the one beside it was left out"),
    "agree": ("file.disagrees", "error", "two columns that say the same do not agree"),
    "ignored": ("file.ignored", "warning", "a column that is ignored holds something else than it should"),
    "decimals": ("file.decimals", "warning", "whole numbers with a decimal point were read as whole numbers"),
}  # fmt: skip
MAP_WORDS = re.compile(
    r"\b(re(code|name)|missing|form|when_null|match|where):|the map\b|\brecode it\b"
)  # words for who writes a map


def checker(book: Codebook, mapping: Mapping) -> tuple[Checker, dict[str, str]]:
    """The rules that make sense for a format, and the others with the reason why not."""
    reasons = left_out(book, mapping)
    return checker_of(book, frozenset(reasons)), reasons


def surface_of(spooled: Spool, mapping: Mapping, file: str, cap: int | None, signals: Signals) -> Result:
    """The checks of the raw columns, each finding at the line of its row; what was signalled as decimals is no lost code."""
    alike = [[column for _, column, at in one.columns if at == one.columns[0][2]] for one in mapping.lists]
    codes = {
        slot.cell.columns[0]: slot.allowed
        for entry in (mapping.codings, mapping.documents, *mapping.participants)
        for slot in entry.slots
        if slot.allowed and slot.cell.columns and slot.cell.recode is None and slot.cell.split is None
    }
    for kind, column, *_ in signals.all:
        if kind == "decimals":
            codes.pop(column, None)
    # Rows whose key has several columns relate things: two that differ in one of them alone are two relations.
    key = "" if len(key_columns(mapping.coding_key)) > 1 else None
    result = surface.check(
        spooled.texts(),
        surface.Hints(codes=codes, parallel=[one for one in alike if len(one) > 1] or None, key=key),
        file=file,
        cap=cap,
    )
    lines = spooled.table().column(LINE)

    def at_line(finding: Finding) -> Finding:
        column, _, row = finding.key.rpartition(":")
        if not row.isdigit() or int(row) > len(lines):
            return finding
        return replace(finding, place=Place(file, lines[int(row) - 1].as_py(), column))

    return Result(tuple(map(at_line, result.findings)), result.counts)


def placed(findings: Collection[Finding], folder: Path, file: str) -> list[Finding]:
    """Findings at the lines of their rows."""
    import duckdb
    import pyarrow as pa

    wanted = pa.table({"row": pa.array(sorted({finding.row for finding in findings}), pa.string())})
    connection = duckdb.connect()
    try:
        connection.register("wanted", wanted)
        rows = connection.execute(
            "SELECT p.row, p.line FROM read_parquet(?) p WHERE p.row IN (SELECT row FROM wanted)",
            [str(folder / f"{PLACES}.parquet")],
        ).fetchall()
    finally:
        connection.close()
    lines = dict(rows)
    return [
        replace(finding, place=Place(file, lines[finding.row], finding.field or ""))
        if finding.row in lines
        else finding
        for finding in findings
    ]


def signalled(
    signals: Signals, mapping: Mapping, file: str, rows: int
) -> tuple[list[Finding], list[RuleCount]]:
    """What the map had no place for, as findings with counts."""
    found, failed, known = [], dict.fromkeys(SIGNALS, 0), mapping.known
    for (kind, column, wrong, remedy), signal in signals.all.items():
        failed[kind] += 1 if kind == "decimals" else signal.count
        rule, severity, _ = SIGNALS[kind]
        shown = ", ".join(map(str, signal.rows)) + (" …" if signal.count > len(signal.rows) else "")
        if kind == "value" and known and MAP_WORDS.search(remedy):
            known = ""  # once is enough
            remedy += f", in a map of your own that begins with `like: {mapping.known}` (docs/map.md)"
        told = wrong if signal.count == 1 else f"{wrong} ({signal.count:,} rows: {shown})"
        place = Place(file, signal.rows[0], column)
        found.append(
            Finding(
                rule, severity, "file", f"{column}:{signal.rows[0]}", told, remedy, field=column, place=place
            )
        )
    cells = {
        "value": rows * len(mapping.columns), "key": rows, "lists": rows * len(mapping.lists), "agree": rows * len(mapping.agree),
        "decimals": len(mapping.columns), "ignored": rows * sum(one.only is not None for one in mapping.ignored.values()),
    }  # fmt: skip
    counts = [
        RuleCount(SIGNALS[kind][0], SIGNALS[kind][1], "file", cells[kind], max(0, cells[kind] - n), n, 0)
        for kind, n in failed.items()
    ]
    return found, counts
