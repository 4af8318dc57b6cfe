"""What every command prints the same way: findings, tables, progress."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from eventcode.checks.engine import Result
    from eventcode.model import Finding

COLOURS = {"error": "red", "warning": "yellow", "flag": "cyan", "waived": "bright_black"}
FINDING_FORMATS = click.Choice(["table", "json", "csv", "github"])
ROW_FORMATS = click.Choice(["table", "json", "csv"])
SHOWN = 5
_FINDING = ("rule", "severity", "table", "key", "field", "message", "hint", "file", "line", "path", "waived")


def progress(message: str) -> None:
    """Say on stderr what is being done; silent where stderr is no terminal."""
    if sys.stderr.isatty():
        click.echo(click.style(f"… {message}", dim=True), err=True)


def note(message: str) -> None:
    """A notice on stderr."""
    click.echo(message, err=True)


def findings(result: Result, form: str, *, show_all: bool = False, cap: int | None = SHOWN) -> None:
    """Print findings in the form asked for, with at most `cap` of a rule in the table; the answer goes to stdout."""
    if form == "table":
        _text(result, show_all, cap)
    elif form == "github":
        for finding in result.findings:
            click.echo(_annotation(finding))
    else:
        rows([finding_row(finding) for finding in result.findings], form, _FINDING)


def finding_row(finding: Finding) -> dict[str, Any]:
    """A finding as plain values."""
    place = {
        "file": finding.place.file or None,
        "line": finding.place.line,
        "path": finding.place.path or None,
    }
    plain = ("rule", "severity", "table", "key", "field", "message", "hint", "waived")
    return {name: getattr(finding, name) for name in plain} | place


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
    where = (
        str(finding.place)
        if finding.place.file
        else f"{finding.table} {finding.key}  {finding.place.path}".rstrip()
    )
    kind = "waived" if finding.waived else finding.severity
    mark = click.style(finding.rule, fg=COLOURS[kind], bold=True)
    label = "" if kind == "error" else f" ({kind})"
    lines = [click.style(where, underline=False, bold=False), f"  {mark}{label}: {finding.message}"]
    if finding.place.file and finding.key:
        lines[0] += click.style(f"  [{finding.key}]", dim=True)
    lines.append(click.style(f"  → {finding.waived or finding.hint}", dim=True))
    return "\n".join(lines) + "\n"


def summary(result: Result) -> str:
    """`3 errors, 1 warning, 2 waived, 5 flags; 812 checks passed, 4 unknown`."""
    waived = sum(bool(finding.waived) for finding in result.findings)
    flags = sum(finding.severity == "flag" and not finding.waived for finding in result.findings)
    parts = [
        count(result.errors, "error"),
        count(result.warnings, "warning"),
        f"{waived} waived",
        count(flags, "flag"),
    ]
    passed, unknown = sum(c.passed for c in result.counts), sum(c.unknown for c in result.counts)
    text = (
        f"{', '.join(parts)}; {len(result.counts)} rules asked {passed + unknown:,} times without a finding"
    )
    text += f", {unknown:,} of them unknown" if unknown else ""
    return click.style(text, fg="red" if result.errors else "green")


def count(number: int, noun: str) -> str:
    """`1 event`, `1,204 events`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _annotation(finding: Finding) -> str:
    level = "notice" if finding.waived or finding.severity == "flag" else finding.severity
    place = f"file={finding.place.file}," if finding.place.file else ""
    line = f"line={finding.place.line}," if finding.place.line else ""
    text = f"{finding.message} → {finding.hint}".replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return f"::{level} {place}{line}title={finding.rule}::{text}"


def exit_code(result: Result, strict: bool) -> int:
    """1 for errors that are not waived, and with `strict` for warnings too."""
    return int(bool(result.errors or (strict and result.warnings)))


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
    import textwrap

    return textwrap.fill(
        " ".join(text.split()),
        width,
        initial_indent=indent,
        subsequent_indent=indent,
        break_on_hyphens=False,
        break_long_words=False,
    )
