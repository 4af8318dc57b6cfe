"""One `check` for everything: a dataset, files of readings or tables, or a table in memory."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from eventcode import identity, readings, shape
from eventcode.checks.database import FREE, Means
from eventcode.checks.progress import Say
from eventcode.checks.result import PER_RULE, Result
from eventcode.codebook import migrate, views
from eventcode.errors import DatasetError, refuse
from eventcode.formats import files, parquet_files
from eventcode.formats.tabular.tables import AS_TOLD, Reading
from eventcode.model import Codebook
from eventcode.pipeline import (
    agree_table,
    asking,
    assemble,
    bare,
    codebooks,
    importing,
    inputs,
    judge,
    lines,
    on_spark,
)
from eventcode.project import Project, find
from eventcode.readings import Coder, Rows
from eventcode.tables import build


def check(
    target: str | Path | Any,
    *,
    codebook: str | Codebook | None = None,
    table: str | None = None,
    as_of: date | None = None,
    form: str | None = None,
    map: Path | None = None,
    layout: str | None = None,
    reading: Reading = AS_TOLD,
    engine: str = "duckdb",
    memory_limit: str | None = None,
    threads: int | None = None,
    cap: int | None = PER_RULE,
    say: Say | None = None,
) -> Result:
    """Check a dataset of the project (by name), files, or a table: pandas, polars, Arrow, or Spark.

    Files are JSONL, xlsx and CSV of readings, and Parquet: one file, a folder (partitioned or not; one that holds several tables by name
    gives them all), or a glob. Parquet is scanned and never loaded whole. What belongs to no dataset needs `codebook`; `table` names
    what its rows are (by default the file's stem, if that is a table's name, else `events`). `form` names a foreign format such as
    `ucdp`, or `map` says what the columns of a foreign file are; `layout` and `reading` say how it is read. `cap` bounds the findings
    kept per rule, the first by key; counts stay exact, None lifts it, and a dataset keeps all. `memory_limit` (`500MB`) makes what does
    not fit spill into a temporary folder. `say` is told how far the check is. DatasetError
    where the input cannot be read or a column has a wrong type.
    """
    spark = engine == "spark" or on_spark.is_frame(target)
    if (
        isinstance(target, str | Path)
        and not _is_file(target, codebook is not None)
        and not on_spark.is_address(target)
    ):
        if spark:
            raise DatasetError(
                f"'{target}' is no path",
                "build the dataset, and give the folder of its tables and --codebook",
            )
        return check_dataset(find(), str(target), as_of)
    if form is not None or map is not None:
        how: dict[str, Any] = {"map": map, "layout": layout, "reading": reading}
        return _foreign(
            target, form, codebook, **how, memory_limit=memory_limit, threads=threads, cap=cap, say=say
        )
    book = codebooks.given(codebook)
    if book is None:
        raise DatasetError("a bare file or table needs a codebook", _what_it_may_be(target))
    without = asking.of_folder(target, book) if table is None else {}
    if spark and memory_limit is not None:
        raise DatasetError("Spark has its memory from its own settings", "leave out --memory-limit")
    if spark:
        return on_spark.check(target, book, table=table, without=without, cap=cap, say=say)
    with files.scratch() as scratch:
        means = Means(memory_limit, threads, str(scratch))
        if isinstance(target, str | Path):
            return check_file(target, book, table, without=without, means=means, cap=cap, say=say)
        tables = bare.from_memory(target, book, bare.table_called(None, table), scratch)
        return check_tables(tables, book, means=means, cap=cap, say=say)


def _is_file(target: str | Path, has_codebook: bool) -> bool:
    """Whether a target is a path; a word that is both a dataset and a folder is a path only where a codebook is given with it."""
    text = str(target)
    return (
        isinstance(target, Path)
        or Path(text).is_file()
        or parquet_files.is_glob(text)
        or (Path(text).is_dir() and (has_codebook or "/" in text))
        or Path(text).suffix.lower() in (".jsonl", ".parquet", *importing.WORKBOOKS)
    )


def _what_it_may_be(target: Any) -> str:
    """What to name for a file or table that comes without a codebook."""
    if not isinstance(target, str | Path):
        return "name one: codebook='disarmament'"
    from eventcode.pipeline.foreign import looks_like

    known = looks_like(Path(target))
    if known is not None:
        return f"this looks like {known.label}: --as {known.name}"
    return "name it with --codebook, or, if it is somebody else's file, its format with --as"


def _foreign(target: Any, form: str | None, codebook: str | Codebook | None, **options: Any) -> Result:
    from eventcode.pipeline.foreign import check_foreign

    return check_foreign(Path(target), form, codebook=codebook, **options)


def check_dataset(
    project: Project, name: str, as_of: date | None = None, *, cap: int | None = None
) -> Result:
    """All checks on a dataset's inputs, without building it."""
    read = inputs.load(project.dataset(name))
    return judge.check(assemble.assemble(read), as_of, cap=cap, others=agree_table.demanded(read))


def check_file(
    target: str | Path,
    codebook: Codebook,
    table: str | None = None,
    *,
    without: Mapping[str, str] | None = None,
    means: Means = FREE,
    cap: int | None = PER_RULE,
    say: Say | None = None,
) -> Result:
    """All checks that bare files allow, but for the rules in `without`."""
    path = Path(target)
    if parquet_files.is_parquet(target):
        tables = bare.from_path(target, codebook, table)
        return check_tables(tables, codebook, without=without, means=means, cap=cap, say=say)
    raws, problems = importing.read_file(path, codebook)
    if importing.is_workbook(path):
        refuse(DatasetError, f"{path.name} cannot be checked", problems)
    validator = shape.compiled(views.json_schema(codebook))
    rows, documents = Rows(), dict[str, str]()
    for line, place, cells in raws:
        raw, _ = migrate.project(line, codebook)
        wrong = lines.shape_problems(raw, validator, place)
        reading, dates = ({}, []) if wrong else readings.normalise(_without_quotes(raw), codebook, place)
        bad = [*wrong, *dates, *([] if wrong else lines.twice(reading, place))]
        problems += bad
        if not bad:
            document = documents.setdefault(
                reading["document"], identity.reference_document_id(path.name, reading["document"])
            )
            found = readings.explode(reading, document, Coder(reading["coder"], "person"), codebook, place)
            rows.extend(assemble.with_cells(found, lines.Read(reading, "", document, place, cells)))
    refuse(DatasetError, f"{path.name} cannot be checked", importing.in_order(problems))
    known = [{"document_id": value, "document_key": key} for key, value in documents.items()]
    tables = {
        name: build(views.columns(codebook, name), found)
        for name, found in {**rows.tables, "documents": known}.items()
    }
    return judge.checker_of(codebook).check(tables, places=rows.places)


def _without_quotes(raw: dict[str, Any]) -> dict[str, Any]:
    """A reading whose quotes are hashed only: without a text they cannot be held against anything."""
    import copy

    reading = copy.deepcopy(raw)
    for evidence, _ in lines.evidences(reading):
        quote = evidence.pop("quote", None)
        if quote is not None and "quote_hash" not in evidence:
            evidence["salt"] = identity.new_salt()
            evidence["quote_hash"] = identity.quote_hash(evidence["salt"], quote)
    return reading


def check_tables(
    tables: Mapping[str, bare.Bare],
    codebook: Codebook,
    *,
    without: Mapping[str, str] | None = None,
    means: Means = FREE,
    cap: int | None = None,
    say: Say | None = None,
) -> Result:
    """The checks on tables of the model by name: those of their rows, and those among them, but for the rules in `without`.

    Reports and events that come without codings are held against the rules on the values of codings, too.
    """
    without = without or {}
    checker = judge.checker_of(codebook, frozenset(without))
    if len(tables) == 1 and (name := next(iter(tables))) in judge.ABOVE:
        return checker.check(tables, means=means, cap=cap, say=say, alone=name)
    ask = tables.keys() - set(judge.ABOVE)
    results = [
        checker.check(bare.coded(tables, codebook), means=means, cap=cap, say=say, ask=ask),
        *(
            [checker.check(tables, means=means, cap=cap, say=say, ask=judge.ABOVE)]
            if len(ask) < len(tables)
            else []
        ),
    ]
    return Result.of(results, without)
