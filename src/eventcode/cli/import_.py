"""`eventcode import`."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from eventcode.cli import foreign_files, output
from eventcode.cli.memory import memory

if TYPE_CHECKING:
    from eventcode.checks.result import Result
    from eventcode.model import Finding
    from eventcode.pipeline.foreign import Source

OPTIONS = (
    click.option("--batch", metavar="BATCH", help="Name of the journal file; by default that of FILE."),
    click.option(
        "--texts",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        help="Folder of the documents' texts, for quotes.",
    ),
    click.option("--dry-run", is_flag=True, help="Check everything and write nothing."),
    click.option("--format", "form", type=output.FINDING_FORMATS, default="table", show_default=True),
    click.option("--strict", is_flag=True, help="Warnings count as errors."),
)
PATH = click.Path(path_type=Path)
FOREIGN = (
    click.option("--from", "origin", metavar="FORMAT", help="FILE is of this format: ucdp, acled, gdelt …"),
    click.option("--map", "map_", type=PATH, metavar="MAP", help="FILE is what this map says."),
    click.option("--guess", is_flag=True, help="Draft a map for FILE, to be decided column by column."),
    click.option("--to", type=PATH, metavar="PATH", help="Write tables into this folder, a flat table or a draft into this file."),
    click.option("--codebook", metavar="NAME", help="The codebook of a flat table, a draft, or a map of your own."),
    click.option("--table", metavar="TABLE", help="FILE is flat and has the columns of this table: events, reports …"),
    *foreign_files.OPTIONS,
    click.option("--memory-limit", type=memory, metavar="SIZE", help="Memory that sorting and checking may take, such as 2GB."),
    click.option("--all", "show_all", is_flag=True, help="Keep and show every finding, flags and waived ones too."),
)  # fmt: skip


# What every import of readings takes.
taking_readings = foreign_files.taking(click.argument("name"), click.argument("file", type=PATH), *OPTIONS)


@click.command("import")
@click.argument("words", nargs=-1, required=True, metavar="[NAME] FILE")
@foreign_files.taking(*OPTIONS, *FOREIGN)
@click.pass_context
def command(
    ctx: click.Context,
    /,
    words: tuple[str, ...],
    form: str,
    strict: bool,
    batch: str | None,
    texts: Path | None,
    **foreign: Any,
) -> None:
    """Add the readings of FILE (JSONL or a coder's workbook) to the dataset NAME, or take in somebody else's file.

    Bad shape refuses the whole file, with every problem and its place, and writes nothing. Readings that break a rule are imported and
    reported (exit code 1): correct them with a next revision.

    \b
    eventcode import NAME FILE                               readings of a coder
    eventcode import NAME FILE --from ucdp                   the raw file of a dataset, with its map
    eventcode import FILE --from ucdp --to FOLDER            our tables, without a project
    eventcode import FILE --guess --codebook CODEBOOK        a draft of a map, for --map
    eventcode import FILE --codebook CODEBOOK --table events --to OUT.parquet
    """
    name, file = _named(ctx, words)
    if foreign["guess"]:
        _guess(ctx, name, file, foreign)
    elif foreign["origin"] or foreign["map_"]:
        _foreign(ctx, name, file, form, strict, foreign)
    elif foreign["table"]:
        _flat(ctx, name, file, form, strict, foreign)
    elif name is None:
        raise click.UsageError(
            "whose readings are these? Name a dataset, or say what FILE is: --from, --map or --table.", ctx
        )
    else:
        run(ctx, name, file, form, strict, batch=batch, texts=texts, dry_run=foreign["dry_run"])


NOTHING = "nothing written (dry run)"


def _named(ctx: click.Context, words: tuple[str, ...]) -> tuple[str | None, Path]:
    if len(words) > 2:
        raise click.UsageError(f"Got unexpected extra argument ({words[2]})", ctx)
    return (words[0] if len(words) == 2 else None), Path(words[-1])


def run(ctx: click.Context, name: str, file: Path, form: str, strict: bool, **options: Any) -> None:
    """Import a file, print the findings, and end with the exit code; `options` are those of `import_readings`."""
    from eventcode.pipeline.importing import import_readings
    from eventcode.project import find

    done = import_readings(find().dataset(name), file, **options)
    output.findings(done.result, form, show_all=form == "table")
    what = output.count(done.readings, "reading")
    if not done.readings:
        output.note("nothing new in it: nothing written")
    elif done.path is None:
        output.note(f"{what}: {NOTHING}")
    else:
        output.note(f"{what}: added to readings/{done.path.parent.name}/{done.path.name}")
    ctx.exit(output.exit_code(done.result, strict))


# ── other people's files ──────────────────────────────────────────────────────────────────────────────────────────────


def _source(file: Path, foreign: dict[str, Any]) -> Source:
    from eventcode.pipeline.foreign import Source

    reading = foreign_files.reading(foreign)
    return Source(file, foreign["origin"], foreign["map_"], foreign["layout"], foreign["codebook"], reading)


def _foreign(
    ctx: click.Context, name: str | None, file: Path, form: str, strict: bool, foreign: dict[str, Any]
) -> None:
    from datetime import date

    from eventcode.cli.bar import Bar
    from eventcode.pipeline import foreign_out
    from eventcode.project import find

    source = _source(file, foreign)
    if name is not None:
        if foreign["to"] is not None:
            raise click.UsageError("A file goes into a dataset or into a folder (--to), not into both.", ctx)
        added = foreign_out.add_raw(find().dataset(name), source, date.today(), dry_run=foreign["dry_run"])
        for written in added.files:
            click.echo(f"  {written}")
        if added.kept_out:
            output.note(added.kept_out)
        if foreign["dry_run"]:
            output.note(f"{file.name} fits {name}: {NOTHING}")
        else:
            click.echo(f"→ eventcode build {name}")
        return
    if foreign["to"] is None:
        raise click.UsageError("Where to? Name a dataset before FILE, or a folder with --to.", ctx)
    with Bar() as bar:
        made = foreign_out.import_foreign(
            source, foreign["to"], memory_limit=foreign["memory_limit"], say=bar, dry_run=foreign["dry_run"],
            **({"cap": None} if foreign["show_all"] else {}),
        )  # fmt: skip
    _findings(made.result, form, foreign)
    rows = ", ".join(f"{n:,} {table}" for table, n in made.rows.items() if n and table != "places")
    output.note(f"{rows}: {NOTHING}" if foreign["dry_run"] else f"{foreign['to']}: {rows}")
    foreign_files.not_asked(made.result.not_asked, "`check … --explain RULE` says why")
    ctx.exit(output.exit_code(made.result, strict))


def _findings(result: Result, form: str, foreign: dict[str, Any]) -> None:
    """Findings as they stand in the file, from its first line to its last."""

    def place(finding: Finding) -> tuple[str, int, str]:
        return finding.place.file, finding.place.line or 0, finding.place.path

    ordered = replace(result, findings=tuple(sorted(result.findings, key=place)))
    output.findings(ordered, form, show_all=foreign["show_all"])


def _guess(ctx: click.Context, name: str | None, file: Path, foreign: dict[str, Any]) -> None:
    from eventcode.pipeline import foreign_out

    if name is not None or foreign["codebook"] is None:
        raise click.UsageError("A draft is of one FILE and for one --codebook.", ctx)
    text = foreign_out.guess(_source(file, foreign))
    if foreign["to"] is None:
        click.echo(text, nl=False)
        return
    from eventcode.errors import DatasetError
    from eventcode.formats import files

    if foreign["to"].exists():
        raise DatasetError(f"{foreign['to']} is there already", "name another file")
    if foreign["dry_run"]:
        output.note(f"a draft of {len(text.splitlines()):,} lines: {NOTHING}")
        return
    files.write(foreign["to"], text.encode())
    output.note(f"→ {foreign['to']}: decide every TODO, then use it with --map")


def _flat(
    ctx: click.Context, name: str | None, file: Path, form: str, strict: bool, foreign: dict[str, Any]
) -> None:
    from eventcode.pipeline import foreign_out
    from eventcode.pipeline.flat import to_parquet

    if name is not None or foreign["codebook"] is None or foreign["to"] is None:
        raise click.UsageError("A flat table needs --codebook, --table and --to, and no dataset.", ctx)
    source = _source(file, foreign)
    book = foreign_out.codebook_of(source)
    with tempfile.TemporaryDirectory(prefix="eventcode-") as aside:
        target = Path(aside, foreign["to"].name) if foreign["dry_run"] else foreign["to"]
        result = to_parquet(
            file, target, book, foreign["table"], delimiter=source.reading.delimiter, memory_limit=foreign["memory_limit"]
        )  # fmt: skip
    _findings(result, form, foreign)
    output.note(NOTHING if foreign["dry_run"] else f"→ {foreign['to']}")
    ctx.exit(output.exit_code(result, strict))
