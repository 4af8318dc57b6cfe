"""Foreign files checked where they lie, or turned into our tables: read, laid aside, mapped, and asked every rule that makes sense."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eventcode.checks import context
from eventcode.checks.database import Means
from eventcode.checks.progress import Progress, Say
from eventcode.checks.relations import Relation
from eventcode.checks.result import PER_RULE, Result
from eventcode.codebook import parts, views
from eventcode.errors import DatasetError, EventcodeError
from eventcode.formats import files, parquet_files
from eventcode.formats.foreign import registry
from eventcode.formats.mapping import Mapping, Run, fit, read_map
from eventcode.formats.mapping.decimals import everywhere
from eventcode.formats.mapping.marks import marker
from eventcode.formats.parquet import SETTINGS
from eventcode.formats.tabular import records
from eventcode.formats.tabular.opening import WORKBOOKS, open_table
from eventcode.formats.tabular.spool import Spool, spool
from eventcode.formats.tabular.tables import AS_TOLD, Reading
from eventcode.model import Codebook
from eventcode.pipeline import codebooks, foreign_asked
from eventcode.pipeline.foreign_tables import PLACES, TABLES, Tables
from eventcode.pipeline.uncollected import uncollected
from eventcode.tables import build

if TYPE_CHECKING:
    import pyarrow as pa

SLOW = (*records.SUFFIXES, *WORKBOOKS)  # files that are read whole before their columns are known


@dataclass(frozen=True, slots=True)
class Source:
    """A foreign file and how to take it: its format by name, or a map of its own; what is not given is told from the file."""

    path: Path
    form: str | None = None
    map: Path | None = None
    layout: str | None = None
    codebook: str | Codebook | None = None
    reading: Reading = AS_TOLD


@dataclass(frozen=True, slots=True)
class Mapped:
    """What a foreign file became: rows by table, and what was found."""

    mapping: Mapping
    layout: str
    codebook: Codebook
    rows: dict[str, int]
    result: Result


def check_foreign(
    path: Path,
    form: str | None = None,
    *,
    map: Path | None = None,
    layout: str | None = None,
    codebook: str | Codebook | None = None,
    reading: Reading = AS_TOLD,
    memory_limit: str | None = None,
    threads: int | None = None,
    cap: int | None = PER_RULE,
    say: Say | None = None,
    tables: Path | None = None,
) -> Result:
    """Check a foreign file where it lies: its raw columns, what no map can place, and the rules of its codebook.

    Findings stand at lines of the file, or rows of one that has no lines. Needs memory for a batch of rows, and room in the folder of
    temporary files for the file and its tables, which are kept where `tables` names a folder for them. DatasetError where the file
    cannot be read or fits no layout of the format.
    """
    source = Source(path, form, map, layout, codebook, reading)
    with files.scratch() if tables is None else nullcontext(tables) as folder:
        made = mapped(source, folder, memory_limit=memory_limit, threads=threads, cap=cap, say=say)
    return made.result


@uncollected()
def mapped(
    source: Source,
    folder: Path,
    *,
    memory_limit: str | None = None,
    threads: int | None = None,
    cap: int | None = PER_RULE,
    say: Say | None = None,
) -> Mapped:
    """Map a foreign file into Parquet files in a folder, and check them and the raw file."""
    tell = say or _silent
    book = codebook_of(source)
    found = fitting(source, book)
    mapping, table = found.mapping, found.table
    with files.scratch() as scratch:
        means = Means(memory_limit, threads, str(scratch / "checking"))
        tell(Progress(f"reading {table.file}", 0.0))
        told = {"codebook": book.reference, "codebook_digest": book.digest}
        tables = Tables(folder, book, told, frozenset(mapping.numbers))
        spooled = spool(table, scratch, marker(mapping, table.columns))
        twice = spooled.twice(memory_limit)
        decimals = everywhere(mapping, table.columns, spooled.batches())
        run = Run(mapping, book, table.file, table.columns, whole=False, twice=twice, decimals=decimals)
        _map(run, tables, spooled, memory_limit, tell)
        actors = _with_actors(book, tables.actors)
        _write_actors(folder, actors)
        tell(Progress("checking the raw columns", 0.75))
        raw = foreign_asked.surface_of(spooled, mapping, table.file, cap, run.signals)
        tell(Progress("asking the rules", 0.8))
        checker, not_asked = foreign_asked.checker(book, mapping)
        checked = checker.check(_relations(folder, actors), cap=cap, means=means)
        placed = foreign_asked.placed(checked.findings, folder, table.file)
    (folder / f"{PLACES}.parquet").unlink()
    signalled, counted = foreign_asked.signalled(run.signals, mapping, table.file, spooled.rows)
    result = Result((*signalled, *raw.findings, *placed), (*counted, *raw.counts, *checked.counts), not_asked)
    return Mapped(mapping, found.layout, book, dict(tables.rows), result)


def _silent(_: Progress) -> None:
    return None


def codebook_of(source: Source) -> Codebook:
    """The codebook that a file comes under: the one that is named, or that of its format."""
    book = codebooks.given(source.codebook, source.form)
    if book is None:
        raise DatasetError("a map of your own needs a codebook", "name it with --codebook")
    return book


def looks_like(path: Path) -> registry.Format | None:
    """The format whose columns a file has; None where it is none of them, or cannot be read."""
    for form in registry.FORMATS.values() if path.is_file() else ():
        source = Source(path, form.name)
        try:
            found = opened(source, codebook_of(source))
            fit(found.mapping, found.table.columns, found.table.file)
        except EventcodeError:
            continue
        return form
    return None


def fitting(source: Source, book: Codebook) -> registry.Opened:
    """A file with the map that it fits; where it fits none and has the columns of another format, that one is told instead."""
    try:
        found = opened(source, book)
        fit(found.mapping, found.table.columns, found.table.file, sparse=found.table.sparse)
    except DatasetError as error:
        asked = source.map is None and source.path.suffix.lower() not in SLOW
        known = looks_like(source.path) if asked else None
        if known is None or known.name == source.form:
            raise
        hint = f"--as {known.name} checks it, --from {known.name} imports it"
        raise DatasetError(f"the columns of {source.path.name} are those of {known.label}", hint) from error
    return found


def opened(source: Source, book: Codebook) -> registry.Opened:
    """A file with the map that it fits."""
    if source.map is not None:
        mapping = read_map(source.map, book)
        table = open_table(source.path, registry.merged(mapping.reading, source.reading))
        return registry.Opened(table, mapping, "")
    if source.form is None:
        raise DatasetError(
            "which format is it?", f"one of {', '.join(registry.FORMATS)}, or a map of your own"
        )
    return registry.open_as(registry.format_of(source.form), source.path, book, source.reading, source.layout)


def _map(
    run: Run, tables: Tables, spooled: Spool, memory_limit: str | None, tell: Callable[[Progress], None]
) -> None:
    done = 0
    try:
        for batch in spooled.documents(memory_limit):
            run.rows(batch)
            tables.add(run.take())
            done += len(batch.rows)
            tell(Progress(f"mapping {run.file}: {done:,} rows", 0.05 + 0.7 * done / max(spooled.rows, 1)))
    finally:
        tables.close()


# ── what is asked ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _relations(folder: Path, actors: pa.Table) -> dict[str, Any]:
    tables: dict[str, Any] = {"actors": actors}
    for name in TABLES:
        told = parquet_files.opened([folder / f"{name}.parquet"])
        tables[name] = Relation(told.paths, tuple(told.types), told.rows, told.nulls)
    return tables


def _with_actors(book: Codebook, rows: list[dict[str, Any]]) -> pa.Table:
    """The codebook's actors and those of the file."""
    whole = parts.with_actors(book, rows)
    return build(views.columns(book, "actors"), context.actor_rows(whole)).cast(views.schema(book, "actors"))


def _write_actors(folder: Path, actors: pa.Table) -> None:
    import pyarrow.parquet as pq

    pq.write_table(actors, folder / "actors.parquet", **SETTINGS)
