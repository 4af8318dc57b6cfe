"""All rules of the surface on one file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from eventcode.checks.result import Result, count, finding, order
from eventcode.checks.surface import between, values
from eventcode.checks.surface.columns import lay
from eventcode.checks.surface.hints import Hints
from eventcode.checks.surface.rules import RULES
from eventcode.checks.surface.told import Hit, Told
from eventcode.model import Finding, Place

if TYPE_CHECKING:
    import pyarrow as pa

NOTHING_KNOWN = Hints()


def check(
    columns: Mapping[str, Sequence[str | None]] | pa.Table,
    hints: Hints = NOTHING_KNOWN,
    *,
    file: str = "",
    cap: int | None = None,
) -> Result:
    """What is damaged in the columns of a file, read as text.

    A finding is of a column, of a value of a column, or of a row, and names the first row (from 1, without the header) in its key
    `column:row`. Counts are of findings: exact, while at most `cap` of each rule are given.
    """
    laid = lay(columns, None if hints.dates is None else [*hints.dates])
    if not laid.columns or not laid.rows:
        return Result((), tuple(count(rule, 0, 0, 0) for rule in RULES.values()))
    told = [
        *values.missing(laid), *values.twins(laid), *values.mojibake(laid), *between.zeros(laid, hints), *values.days(laid),
        *between.lists(laid, hints, cap), *between.ids(laid, hints), *values.numbers(laid), *between.same(laid, hints, cap),
    ]  # fmt: skip
    by_rule = {one.rule: one for one in told}
    findings = [found for one in by_rule.values() for found in _findings(one, file, cap)]
    counts = [
        count(rule, one.looked_at, one.failed, 0) if (one := by_rule.get(rule.id)) else count(rule, 0, 0, 0)
        for rule in RULES.values()
    ]
    return Result(tuple(sorted(findings, key=order)), tuple(counts))


def _findings(told: Told, file: str, cap: int | None) -> list[Finding]:
    return [_finding(told.rule, hit, file) for hit in told.hits[:cap]]


def _finding(rule: str, hit: Hit, file: str) -> Finding:
    key = ":".join(str(part) for part in (hit.column, hit.row) if part is not None) or "file"
    row = {"k": key, "lineage": key, **hit.says}
    place = Place(file, path=key) if file else Place()
    hint = RULES[rule].hint.replace("{separator}", hit.says.get("separator", ""))
    return finding(
        replace(RULES[rule], field=hit.column, hint=hint), row, {key: place, f"{key}.{hit.column}": place}
    )
