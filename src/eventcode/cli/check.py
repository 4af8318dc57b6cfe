"""`eventcode check`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from eventcode.cli import check_options, foreign_files, output
from eventcode.cli.memory import memory

if TYPE_CHECKING:
    from eventcode.checks.report.groups import Group
    from eventcode.checks.result import Result
    from eventcode.model import Codebook
    from eventcode.pipeline.baseline import Difference

FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("check")
@click.argument("target", required=False)
@click.option("--codebook", metavar="NAME", help="The codebook of a bare file (JSONL, xlsx, Parquet).")
@click.option(
    "--table", metavar="TABLE", help="What the rows of a bare Parquet file are: events, reports, codings …"
)
@click.option("--as", "form", metavar="FORMAT", help="TARGET is a foreign file: ucdp, acled, gdelt …")
@click.option(
    "--map",
    "map_",
    type=FILE,
    metavar="MAP",
    help="TARGET is a foreign file, and MAP says what its columns are.",
)
@foreign_files.taking_files
@click.option(
    "--against", type=FILE, metavar="EVENTS",
    help="With --as gdelt-mentions: hold the mentions against the counts in EVENTS.",
)  # fmt: skip
@click.option(
    "--engine", type=click.Choice(["duckdb", "spark"]), help="What asks the rules; duckdb by default."
)
@click.option(
    "--memory-limit", type=memory, metavar="SIZE", help="Memory that the engine may take, such as 2GB."
)
@click.option(
    "--format",
    "style",
    type=output.FINDING_FORMATS,
    default="table",
    show_default=True,
    help="How findings are written.",
)
@click.option(
    "--output", "file", type=FILE, metavar="FILE", help="Write the findings into FILE, in one step."
)
@click.option(
    "--report", type=FILE, metavar="FILE.html", help="Write a page with charts, too; it needs no network."
)
@click.option(
    "--explain", "rule", metavar="RULE", help="Tell what RULE asks and why, and what it finds in TARGET."
)
@click.option(
    "--baseline",
    metavar="OLD",
    help="Show only what is new since OLD: NAME@VERSION, a build, findings.parquet, or JSON of an earlier check.",
)
@click.option(
    "--all", "show_all", is_flag=True, help="Keep and show every finding, flags and waived ones too."
)
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DAY",
    help="Hold waivers against this day, not the card's.",
)
@click.pass_context
def command(ctx: click.Context, /, target: str | None, rule: str | None, **options: Any) -> None:
    """Check a dataset of the project by NAME, or a bare file.

    TARGET is the name of a dataset, or the path of a file that belongs to none (then --codebook is needed, or --as for a foreign file, or
    --map and --codebook); a findings.parquet of a build is shown again. Findings are grouped by rule, errors first, with the first places
    of each. Exit code 1 means findings that are errors and not waived; with --baseline, new ones.
    """
    check_options.refuse(ctx, target, rule, options)
    how = {"reading": foreign_files.reading(options), "layout": options["layout"]}
    options = {name: value for name, value in options.items() if name not in foreign_files.NAMES} | {
        "how": how
    }
    ctx.exit(_explain(rule, target, **options) if rule is not None else _check(str(target), **options))


def _check(
    target: str, *, style: str, file: Path | None, report: Path | None, baseline: str | None, show_all: bool, strict: bool, **asked: Any
) -> int:  # fmt: skip
    from eventcode.checks.report.groups import grouped
    from eventcode.formats import files
    from eventcode.pipeline import rules
    from eventcode.pipeline.baseline import compare, read

    if report is not None:
        from eventcode.pipeline.report import needed

        needed()
    old = None if baseline is None else read(baseline)  # before anything is asked anew
    drawn = report is not None and _is_foreign(asked["form"], asked["map_"])
    with files.scratch() if drawn else nullcontext() as tables:  # the charts are drawn from them
        result, book = _result(target, every=show_all or old is not None, tables=tables, **asked)
        known = rules.rules_of(book)
        difference = None if old is None else compare(result, old)
        if difference is not None:
            _perhaps_cut(difference)
        shown = difference.result if difference else result
        groups = difference.groups(known) if difference else grouped(shown, known)
        if report is not None:
            _report(report, target, tables, shown, groups, book, difference, show_all)
    _print(shown, groups, style, file, show_all, difference)
    foreign_files.not_asked(result.not_asked, "--explain RULE says why")
    return output.exit_code(shown, strict)


def _result(
    target: str,
    *,
    codebook: str | None,
    form: str | None,
    map_: Path | None,
    against: Path | None,
    as_of: datetime | None,
    every: bool,
    how: dict[str, Any],
    tables: Path | None = None,
    **options: str | None,
) -> tuple[Result, Codebook | None]:
    """What a check finds, and the codebook that it follows."""
    from eventcode.cli.bar import Bar
    from eventcode.pipeline import rules
    from eventcode.pipeline.check import check
    from eventcode.pipeline.report import FINDINGS, stored

    foreign = _is_foreign(form, map_)
    if Path(target).name == FINDINGS and not foreign:
        held = stored(Path(target))
        return held.result, held.book
    given: dict[str, Any] = {"codebook": codebook, **options, "as_of": as_of.date() if as_of else None}
    output.progress(f"checking {target}")
    with Bar() as bar:
        wanted = {name: value for name, value in given.items() if value is not None}
        wanted |= {"say": bar, **({"cap": None} if every else {})}
        kept = {**wanted, **how, "tables": tables}
        result = _foreign(target, form, map_, against, kept) if foreign else check(target, **wanted)
    return result, rules.book_of(target, codebook, form)


def _is_foreign(form: str | None, map_: Path | None) -> bool:
    return form is not None or map_ is not None


def _foreign(
    target: str, form: str | None, map_: Path | None, against: Path | None, wanted: dict[str, Any]
) -> Result:
    from eventcode.checks.result import Result
    from eventcode.pipeline.foreign import check_foreign

    found = check_foreign(Path(target), form, map=map_, **wanted)
    if against is None:
        return found
    from eventcode.pipeline.mentions import compare

    held = compare(against, Path(target))
    return Result((*held.findings, *found.findings), (*held.counts, *found.counts), found.not_asked)


def _print(
    result: Result,
    groups: list[Group],
    style: str,
    file: Path | None,
    show_all: bool,
    difference: Difference | None,
) -> None:
    from eventcode.cli import grouped

    def say(out: TextIO, colours: bool) -> None:
        if style != "table":
            output.write_findings(result.findings, style, out)
            return
        lines = grouped.lines(result, groups, show_all=show_all, difference=difference)
        out.writelines(f"{line if colours else click.unstyle(line)}\n" for line in lines)

    if file is not None:
        from eventcode.formats import files

        def fill(path: Path) -> None:
            with path.open("w", encoding="utf-8", newline="") as out:
                say(out, False)

        files.write(file, fill)
        click.echo(grouped.last(result, groups, difference))
        output.note(f"→ {file}")
    else:
        with _stdout() as (out, colours):
            say(out, colours)
    if style != "table":
        _told_less(groups)


@contextmanager
def _stdout() -> Iterator[tuple[TextIO, bool]]:
    """Standard output; DatasetError where it cannot take it all, unless its reader has gone."""
    out = sys.stdout
    try:
        yield out, out.isatty()
        out.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        from eventcode.errors import DatasetError

        remedy = "free some space, or name another place with --output"
        raise DatasetError(f"the findings cannot be written: {error.strerror}", remedy) from error


def _told_less(groups: list[Group]) -> None:
    """A notice where not all findings were kept."""
    fewer = [group for group in groups if len(group.findings) < group.found]
    if fewer:
        kept, found = sum(len(group.findings) for group in fewer), sum(group.found for group in fewer)
        rules = output.count(len(fewer), "rule")
        output.note(f"{kept:,} of {found:,} findings of {rules} are kept: --all keeps them all")


# ── a baseline, a report ──────────────────────────────────────────────────────────────────────────────────────────────


def _perhaps_cut(difference: Difference) -> None:
    """A notice where the baseline holds just as many findings of a rule as are kept without --all."""
    from eventcode.pipeline.baseline import perhaps_cut

    cut = perhaps_cut(difference)
    if cut:
        kept = f"{difference.was[cut[0]]:,} findings"
        output.note(f"the baseline holds {kept} of {', '.join(cut)}, perhaps not all: write it with --all")


def _report(
    path: Path, target: str, tables: Path | None, result: Result, groups: list[Group], book: Codebook | None,
    difference: Difference | None, show_all: bool,
) -> None:  # fmt: skip
    from eventcode.pipeline import report

    output.progress("drawing the report")
    remark = "Only what is new since the baseline." if difference else ""
    report.write(path, target, result, groups, book, tables=tables, remark=remark, every=show_all)
    output.note(f"report: {path}")


# ── one rule ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _explain(name: str, target: str | None, *, show_all: bool, **options: Any) -> int:
    from eventcode.checks.report.groups import grouped, merged
    from eventcode.cli import rule_page
    from eventcode.pipeline import rules

    asked = {option: value for option, value in options.items() if option not in check_options.SHOWING}
    book = rules.book_of(target, asked["codebook"], asked["form"])
    found = rules.explain(name, book)
    click.echo(rule_page.page(found))
    if target is not None:
        result, _ = _result(target, every=show_all, **asked)
        if name in result.not_asked:
            click.echo(f"\nNot asked here: {result.not_asked[name]}.")
            return 0
        groups = [group for group in grouped(result, {name: found.rule}) if group.id == name]
        count = next((count for count in merged(result.counts) if count.rule == name), None)
        click.echo("\n" + "\n".join(rule_page.here(target, groups, count, show_all=show_all)))
    return 0
