"""One `check` for everything: a dataset, a bare file of readings or events, or a table in memory."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eventcode import identity, readings, shape
from eventcode.checks import generated
from eventcode.checks.engine import Checker, Result
from eventcode.codebook import migrate, views
from eventcode.errors import DatasetError, Problem, refuse
from eventcode.formats import parquet
from eventcode.model import Codebook
from eventcode.pipeline import assemble, importing, inputs, judge, lines
from eventcode.project import Project, find
from eventcode.readings import Coder, Rows
from eventcode.tables import TABLES, build

if TYPE_CHECKING:
    import pyarrow as pa


def check(
    target: str | Path | Any,
    *,
    codebook: str | Codebook | None = None,
    table: str | None = None,
    as_of: date | None = None,
) -> Result:
    """Check a dataset of the project (by name), a file (JSONL, xlsx, Parquet, CSV), or a pandas, polars or Arrow table.

    A file or table that belongs to no dataset needs `codebook`; `table` names what its rows are (by default the file's stem, if that is
    a table's name, else `events`). DatasetError where the input cannot be read or a column has a wrong type.
    """
    if isinstance(target, str | Path) and not _is_file(target):
        return check_dataset(find(), str(target), as_of)
    if codebook is None:
        raise DatasetError("a bare file or table needs a codebook", hint="name one: codebook='disarmament'")
    book = codebook if isinstance(codebook, Codebook) else _codebook(codebook)
    if isinstance(target, str | Path):
        return check_file(Path(target), book, table)
    return check_table(_arrow(target), book, table or "events")


def _is_file(target: str | Path) -> bool:
    return (
        isinstance(target, Path)
        or Path(target).is_file()
        or Path(target).suffix.lower() in (".jsonl", ".parquet", *importing.WORKBOOKS)
    )


def _codebook(name: str) -> Codebook:
    try:
        return find().codebook(name)
    except DatasetError:
        from eventcode.codebook.load import load

        return load(name)


def _arrow(target: Any) -> pa.Table:
    import pyarrow as pa

    if isinstance(target, pa.Table):
        return target
    if hasattr(target, "to_arrow"):
        return target.to_arrow()
    return pa.Table.from_pandas(target, preserve_index=False)


def check_dataset(
    project: Project, name: str, as_of: date | None = None, *, cap: int | None = None
) -> Result:
    """All checks on a dataset's inputs, without building it."""
    return judge.check(assemble.assemble(inputs.load(project.dataset(name))), as_of, cap=cap)


def check_file(path: Path, codebook: Codebook, table: str | None = None) -> Result:
    """All checks that a bare file allows."""
    if path.suffix.lower() == ".parquet":
        return check_table(
            parquet.read(path), codebook, table or (path.stem if path.stem in TABLES else "events")
        )
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


def check_table(data: pa.Table, codebook: Codebook, table: str = "events") -> Result:
    """The checks on one table: those of its own rows, and those among its rows.

    Columns are cast to the codebook's types; DatasetError where one cannot be, or is unknown.
    """
    import pyarrow as pa

    if table not in TABLES:
        raise DatasetError(f"there is no table '{table}'", hint=shape.did_you_mean(table, [*TABLES]))
    schema = views.schema(codebook, table)
    unknown = [name for name in data.column_names if name not in schema.names]
    hints = [
        Problem(f"the column '{name}' is unknown", shape.did_you_mean(name, list(schema.names)), path=name)
        for name in unknown
    ]
    refuse(DatasetError, f"these are no {table} of {codebook.reference}", hints)
    columns = []
    for field in schema:
        if field.name not in data.column_names:
            columns.append(pa.nulls(data.num_rows, field.type))
            continue
        try:
            columns.append(data.column(field.name).cast(field.type))
        except pa.ArrowException as error:
            hint = (
                "store codes as text" if pa.types.is_string(field.type) else "see `eventcode codebook show`"
            )
            raise DatasetError(
                f"column '{field.name}' is {data.column(field.name).type}, not {field.type}: {error}", hint
            ) from error
    lost = _lost_zeros(data, codebook)
    refuse(DatasetError, f"these are no {table} of {codebook.reference}", lost)
    whole = pa.Table.from_arrays(columns, schema=schema)
    result = judge.checker_of(codebook).check({table: whole})
    if table not in judge.ABOVE:
        return result
    values = _values(whole, codebook, table)
    return Result((*result.findings, *values.findings), (*result.counts, *values.counts))


def _values(data: pa.Table, codebook: Codebook, table: str) -> Result:
    """What the rules about the values of codings say of reports or events that come without any."""
    import pyarrow as pa

    own = data.column("event_id" if table == "events" else "report_id")
    rows = pa.array([f"row {i}" for i in range(1, data.num_rows + 1)])
    given = {name: data.column(name) for name in data.column_names} | {"coding_id": rows}
    schema = views.schema(codebook, "codings")
    columns = [given.get(field.name, pa.nulls(data.num_rows, field.type)) for field in schema]
    found = _of_values(codebook).check({"codings": pa.Table.from_arrays(columns, schema=schema)})
    ids = {f"row {i}": key or f"row {i}" for i, key in enumerate(own.to_pylist(), 1)}
    findings = [replace(f, table=table, key=ids[f.row], row=ids[f.row]) for f in found.findings]
    return Result(tuple(findings), tuple(replace(count, table=table) for count in found.counts))


@lru_cache(maxsize=8)
def _of_values(codebook: Codebook) -> Checker:
    """The generated rules about one value alone: closed lists, bounds, the order of days."""
    rules = generated.rules(codebook, lambda field: field.applies_if)
    ends = ("-code", "-minimum", "-maximum", "-order")
    own = [rule.id for rule in rules if rule.table == "codings" and rule.id.endswith(ends)]
    return Checker(codebook, only=[name for name in own if not name.endswith("-required-by-code")])


def _lost_zeros(data: pa.Table, codebook: Codebook) -> list[Problem]:
    """Columns of codes that hold numbers: 010 and 10 are one there."""
    coded = {field.name for field in codebook.fields.values() if field.type in ("code", "set")}
    return [
        Problem(
            f"the codes in '{field.name}' are numbers ({field.type}): leading zeros are lost",
            "read that column as text",
            path=field.name,
        )
        for field in data.schema
        if field.name in coded and _numeric(field.type)
    ]


def _numeric(kind: pa.DataType) -> bool:
    """Whether a column holds numbers, in categories and lists too."""
    import pyarrow as pa

    if pa.types.is_dictionary(kind) or pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return _numeric(kind.value_type)
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind))
