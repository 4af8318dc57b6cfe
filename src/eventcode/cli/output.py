"""What every command prints the same way: findings by place, tables, progress."""

from __future__ import annotations

import csv
import io
import json
import sys
import textwrap
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TextIO

import click

from eventcode.checks.report.words import printable

if TYPE_CHECKING:
    from eventcode.checks.report.groups import Group
    from eventcode.checks.result import Result
    from eventcode.model import Finding

COLOURS = {"error": "red", "warning": "yellow", "flag": "cyan", "waived": "bright_black"}
FINDING_FORMATS = click.Choice(["table", "json", "csv", "github"])
ROW_FORMATS = click.Choice(["table", "json", "csv"])
SHOWN = 5
COMMA = ",\n"
_FINDING = ("rule", "severity", "table", "key", "field", "message", "hint", "file", "line", "path", "waived")


def progress(message: str) -> None:
    """Say on stderr what is being done; silent where stderr is no terminal."""
    if sys.stderr.isatty():
        click.echo(click.style(f"… {message}", dim=True), err=True)


def note(message: str) -> None:
    """A notice on stderr."""
    click.echo(message, err=True)


def findings(result: Result, form: str, *, show_all: bool = False, cap: int | None = SHOWN) -> None:
    """Print findings in the form asked for, a table by place with at most `cap` of a rule; the answer goes to stdout."""
    if form == "table":
        _text(result, show_all, cap)
    else:
        write_findings(result.findings, form, sys.stdout)


def write_findings(found: Sequence[Finding], form: str, out: TextIO) -> None:
    """Write findings as `json`, `csv` or `github`, one after the other, however many there are."""
    if form == "github":
        out.writelines(f"{_annotation(finding)}\n" for finding in found)
    elif form == "csv":
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(_FINDING)
        writer.writerows([_cell(value) for value in finding_row(finding).values()] for finding in found)
    else:
        encode = json.JSONEncoder(ensure_ascii=False).encode  # with an indent it would be ten times as slow
        out.write("[")
        for number, finding in enumerate(found):
            lines = (f'    "{name}": {encode(value)}' for name, value in finding_row(finding).items())
            out.write(f"{',' if number else ''}\n  {{\n{COMMA.join(lines)}\n  }}")
        out.write("\n]\n" if found else "]\n")


def finding_row(finding: Finding) -> dict[str, Any]:
    """A finding as plain values."""
    place = finding.place
    return {
        "rule": finding.rule, "severity": finding.severity, "table": finding.table, "key": finding.key, "field": finding.field,
        "message": finding.message, "hint": finding.hint, "file": place.file or None, "line": place.line,
        "path": place.path or None, "waived": finding.waived,
    }  # fmt: skip


def _text(result: Result, show_all: bool, cap: int | None) -> None:
    """Findings by place, the commonest first shortened, and a last line that counts."""
    shown = Counter[str]()
    for finding in result.findings:
        shown[finding.rule] += 1
        quiet = finding.severity == "flag" or finding.waived
        if show_all or (not quiet and (cap is None or shown[finding.rule] <= cap)):
            click.echo(_block(finding))
    if not show_all and cap is not None:
        _hidden(result, shown)
    click.echo(summary(result))


def _hidden(result: Result, counts: Mapping[str, int]) -> None:
    loud = [f.rule for f in result.findings if f.severity != "flag" and not f.waived]
    for rule, n in Counter(loud).items():
        if counts[rule] > SHOWN and n > SHOWN:
            click.echo(click.style(f"… and {n - SHOWN} more of {rule} (--all shows them)", dim=True))


def _block(finding: Finding) -> str:
    kind = "waived" if finding.waived else finding.severity
    mark = click.style(finding.rule, fg=COLOURS[kind], bold=True)
    label = "" if kind == "error" else f" ({kind})"
    lines = [where(finding), f"  {mark}{label}: {printable(finding.message)}"]
    lines.append(click.style(f"  → {finding.waived or finding.hint}", dim=True))
    return "\n".join(lines) + "\n"


def where(finding: Finding) -> str:
    """`file:line  path  [lineage]`, or table and key for what stands in no file."""
    if not finding.place.file:
        return printable(f"{finding.table} {finding.key}  {finding.place.path}".rstrip())
    key = click.style(f"  [{printable(finding.key)}]", dim=True) if finding.key else ""
    return f"{printable(str(finding.place))}{key}"


def summary(result: Result, groups: Sequence[Group] | None = None) -> str:
    """`3 errors, 1 warning, 2 waived, 5 flags; 80 rules asked 812 times without a finding, 4 of them unknown`."""
    from eventcode.checks.report.groups import grouped, totals

    found = totals(grouped(result) if groups is None else groups)
    parts = [
        count(found.error, "error"),
        count(found.warning, "warning"),
        f"{found.waived:,} waived",
        count(found.flag, "flag"),
    ]
    passed, unknown = sum(c.passed for c in result.counts), sum(c.unknown for c in result.counts)
    text = f"{', '.join(parts)}; {count(len(result.counts), 'rule')} asked {passed + unknown:,} times without a finding"
    text += f", {unknown:,} of them unknown" if unknown else ""
    return click.style(text, fg="red" if found.error else "green")


def count(number: int, noun: str) -> str:
    """`1 event`, `1,204 events`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _annotation(finding: Finding) -> str:
    """A workflow command of GitHub; its properties and its text are escaped each in their own way."""
    level = "notice" if finding.waived or finding.severity == "flag" else finding.severity
    place = {"file": finding.place.file, "line": finding.place.line, "title": finding.rule}
    properties = ",".join(
        f"{name}={_escaped(str(value)).replace(':', '%3A').replace(',', '%2C')}"
        for name, value in place.items()
        if value
    )
    remedy = finding.waived or finding.hint
    row = "" if finding.place.file else f"{finding.table} {finding.key}: "
    text = f"{row}{finding.message}{f' → {remedy}' if remedy else ''}"
    return f"::{level} {properties}::{_escaped(text)}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def exit_code(result: Result, strict: bool) -> int:
    """1 for errors that are not waived, and with `strict` for warnings too."""
    from eventcode.checks.report.groups import grouped, totals

    found = totals(grouped(result))
    return int(bool(found.error or (strict and found.warning)))


def rows(data: Sequence[Mapping[str, Any]], form: str, columns: Sequence[str] | None = None) -> None:
    """Print rows as an aligned table, JSON or CSV."""
    names = list(columns or (data[0].keys() if data else ()))
    if form == "json":
        click.echo(
            json.dumps(
                [{name: row.get(name) for name in names} for row in data],
                ensure_ascii=False,
                indent=2,
                default=str,
            )
        )
    elif form == "csv":
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerows([names, *([_cell(row.get(name)) for name in names] for row in data)])
        click.echo(out.getvalue(), nl=False)
    else:
        _aligned([names, *([_cell(row.get(name)) for name in names] for row in data)])


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return ";".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _aligned(lines: list[list[str]]) -> None:
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    for number, line in enumerate(lines):
        text = "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        click.echo(click.style(text, bold=True) if number == 0 else text)


def wrap(text: str, indent: str = "  ", width: int = 96) -> str:
    """A paragraph, indented."""
    return textwrap.fill(
        " ".join(text.split()),
        width,
        initial_indent=indent,
        subsequent_indent=indent,
        break_on_hyphens=False,
        break_long_words=False,
    )
