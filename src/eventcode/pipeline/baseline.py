"""What is new since an earlier check: findings held against those of a build, a release, or a file.

A finding is known by its rule, table, field and the lineage of its row, which survive corrections and moved lines; where several share
them, they are counted. What it says may change with a correction, so it decides only which of several are the new ones. Rows without a
name of their own (`row 12`) are known by what the finding says, and what is found in the columns of a foreign file (`column:row`) by that
without its numbers, which count rows.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from eventcode.checks.report.groups import Group, grouped, merged
from eventcode.checks.result import PER_RULE, Result
from eventcode.errors import DatasetError, EventcodeError
from eventcode.formats import parquet
from eventcode.model import SEVERITIES, Finding, Place, Rule
from eventcode.pipeline.check import check
from eventcode.pipeline.folders import dataset_folder
from eventcode.pipeline.rules import codebook_in

NUMBERED = re.compile(r"row \d+")
COUNTED = re.compile(r"(?<![\w'.-])\d[\d,]*(?![\w'.-])( rows?\b)?")  # and no part of a value
HINT = "write it with `eventcode check NAME --format json --output FILE`, or name a build or a release"
NEEDED = ("rule", "severity", "table", "key", "field", "message", "waived")


@dataclass(frozen=True, slots=True)
class Difference:
    """What is new: a result with those findings alone, how many open findings each rule had and has, and how many are gone or the same."""

    result: Result
    was: Mapping[str, int]
    now: Mapping[str, int]
    gone: int
    same: int

    def groups(self, rules: Mapping[str, Rule]) -> list[Group]:
        """The new findings by rule, with the numbers of before and now."""
        return [
            replace(group, was=self.was.get(group.id, 0), now=self.now.get(group.id, 0))
            for group in grouped(self.result, rules)
        ]


def read(old: str) -> Sequence[Finding]:
    """The findings of an earlier check: a JSON file that `--format json` wrote, findings.parquet, a build or a release (a folder, NAME or
    NAME@VERSION).

    A release holds no findings, so that its tables are checked again under the codebook that lies with them. DatasetError for anything
    else.
    """
    path = Path(old)
    if path.is_file() or path.suffix in (".json", ".parquet"):
        return _rows(_parquet(path) if path.suffix == ".parquet" else _json(path), old)
    folder = dataset_folder(old)
    held = folder / "findings.parquet"
    return _rows(_parquet(held), old) if held.is_file() else _again(folder, old)


def _parquet(path: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = parquet.read(path).to_pylist()
    return rows


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except OSError as error:
        raise DatasetError(f"{path} cannot be read: {error.strerror}", "check the name") from error
    except ValueError as error:
        raise DatasetError(f"{path} is no JSON: {error}", HINT) from error


def _rows(rows: Any, old: str) -> list[Finding]:
    if not isinstance(rows, list) or not all(isinstance(row, dict) and _is_finding(row) for row in rows):
        raise DatasetError(f"{old} holds no findings", HINT)
    return [
        Finding(
            row["rule"], row["severity"], row["table"], row["key"], row["message"], row.get("hint") or "", field=row["field"],
            place=Place(row.get("file") or "", row.get("line"), row.get("path") or ""), waived=row["waived"],
        )
        for row in rows
    ]  # fmt: skip


def _is_finding(row: Mapping[str, Any]) -> bool:
    texts = all(isinstance(row.get(name), str) for name in ("rule", "table", "key", "message"))
    return texts and row.keys() >= set(NEEDED) and row["severity"] in SEVERITIES


def _again(folder: Path, old: str) -> Sequence[Finding]:
    """What the rules say of the tables of a release."""
    try:
        return check(folder, codebook=codebook_in(folder), cap=None).findings
    except EventcodeError as error:
        raise DatasetError(
            f"{old} holds no findings, and cannot be checked again: {error.message}", HINT
        ) from error


# ── the difference ────────────────────────────────────────────────────────────────────────────────────────────────────


def compare(result: Result, old: Sequence[Finding]) -> Difference:
    """What a result has that an earlier check had not; findings that are waived count on neither side."""
    before, after = _by_identity(old), _by_identity(result.findings)
    new = {id(finding) for name, found in after.items() for finding in _new(found, before.get(name, ()))}
    findings = tuple(finding for finding in result.findings if id(finding) in new)
    number = Counter(finding.rule for finding in findings)
    counts = tuple(replace(count, failed=number[count.rule], waived=0) for count in merged(result.counts))
    waived = Counter(_identity(finding) for finding in result.findings if finding.waived)
    gone = sum(max(0, len(found) - len(after.get(name, ())) - waived[name]) for name, found in before.items())
    now = _by_rule(result.findings)
    return Difference(Result(findings, counts), _by_rule(old), now, gone, now.total() - len(findings))


def perhaps_cut(difference: Difference) -> list[str]:
    """The rules of which the baseline has just as many findings as a check keeps of a file, and fewer than there are now."""
    return [rule for rule, was in difference.was.items() if was == PER_RULE < difference.now.get(rule, 0)]


def _identity(finding: Finding) -> tuple[str, str, str | None, str]:
    own = finding.message if NUMBERED.fullmatch(finding.key) else finding.key
    if finding.table == "file":
        own = COUNTED.sub("", finding.message)
    return finding.rule, finding.table, finding.field, own


def _by_identity(findings: Iterable[Finding]) -> dict[tuple[str, str, str | None, str], list[Finding]]:
    found: dict[tuple[str, str, str | None, str], list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.waived is None:
            found[_identity(finding)].append(finding)
    return found


def _new(now: Sequence[Finding], before: Sequence[Finding]) -> Sequence[Finding]:
    """As many as there are more, those first that say what was not said before."""
    more = len(now) - len(before)
    if more <= 0:
        return ()
    said = Counter(finding.message for finding in before)
    fresh, known = list[Finding](), list[Finding]()
    for finding in now:
        (known if said[finding.message] else fresh).append(finding)
        said[finding.message] -= bool(said[finding.message])
    return (fresh + known)[:more]


def _by_rule(findings: Iterable[Finding]) -> Counter[str]:
    return Counter(finding.rule for finding in findings if finding.waived is None)
