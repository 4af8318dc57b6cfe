"""A rule's own examples, run against that rule alone: those under `pass` must give no finding, those under `fail` at least one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from eventcode import identity, readings, sourcing
from eventcode.checks.compile import EXTRA
from eventcode.checks.context import actor_rows, context_tables, relation_rows
from eventcode.checks.engine import Bench, Result
from eventcode.checks.stated import stated_rows
from eventcode.codebook import parts, views
from eventcode.errors import CodebookError
from eventcode.model import Codebook, Place, Rule
from eventcode.readings import Coder, Row, Rows
from eventcode.tables import TABLES, build

CODER = Coder("example", "person")
_DATASET = (
    "document",
    "documents",
    "readings",
    "sources",
    "codings",
    "publishers",
    "actors",
    "withhold",
    "reports",
    "events",
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """An example of a rule that did not come out as it says: `expected` is `pass` or `fail`."""

    rule: Rule
    expected: str
    number: int
    result: Result

    def __str__(self) -> str:
        failed = sum(count.failed for count in self.result.counts)
        unknown = sum(count.unknown for count in self.result.counts)
        found = "1 finding" if failed == 1 else f"{failed} findings"
        return f"{self.rule.id}: example {self.number + 1} under `{self.expected}` gives {found} and {unknown} unknown"


def misjudged(codebook: Codebook, rules: Iterable[Rule] | None = None) -> Iterator[Verdict]:
    """Every example of some rules (all of the codebook's for None) that does not come out as it says; CodebookError where the rules
    do not compile."""
    bench = Bench(codebook)
    for rule in codebook.rules.values() if rules is None else rules:
        yield from misjudged_by(bench, rule)


def misjudged_by(bench: Bench, rule: Rule) -> Iterator[Verdict]:
    """The examples of one rule that do not come out as they say."""
    for expected in ("pass", "fail"):
        for number, example in enumerate(rule.examples.get(expected, ())):
            result = run(bench, rule, example)
            if (expected == "fail") != any(count.failed for count in result.counts):
                yield Verdict(rule, expected, number, result)


def run(bench: Bench, rule: Rule, example: Mapping[str, Any]) -> Result:
    """One example through the engine."""
    return bench.check(rule.id, tables_of(bench.codebook, rule.table, example))


def tables_of(codebook: Codebook, table: str, example: Mapping[str, Any]) -> dict[str, Any]:
    """An example as Arrow tables: a bare row is set into the smallest dataset that can hold it."""
    plain = _thawed(example)
    dataset = plain if plain.keys() & set(_DATASET) else _around(table, plain)
    return _tables(codebook, dataset)


def _thawed(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _thawed(child) for key, child in value.items()}
    return [_thawed(child) for child in value] if isinstance(value, tuple | list) else value


def _around(table: str, row: Row) -> Row:
    """A dataset that holds one row of a table."""
    if table == "sources":
        return {"sources": [{"key": "s1", **row}]}
    if table == "codings":
        return {"codings": [{"key": "e1", **row}]}
    if table == "support":
        return {"sources": [{"key": "s1"}], "codings": [{"key": "e1", "support": [{"source": "s1", **row}]}]}
    if table == "participants":
        return {"codings": [{"key": "e1", "participants": [row]}]}
    return {"document": row} if table == "documents" else {table: [row]}


def _tables(codebook: Codebook, dataset: Row) -> dict[str, Any]:
    rows, documents = Rows(), [_document(codebook, row) for row in _documents(dataset)]
    for i, reading in enumerate(_readings(dataset)):
        document = _of(reading, documents)
        coder = replace(CODER, id=reading.get("coder", f"{CODER.id}{i or ''}"))
        clean, problems = readings.normalise({"status": "coded", "revision": 1, **reading}, codebook)
        if problems:
            raise CodebookError(f"an example holds no date: {problems[0].message}", problems=problems)
        rows.extend(readings.explode(clean, document, coder, codebook))
    tables: dict[str, list[Row]] = {**rows.tables, "documents": documents}
    actors = _with_actors(codebook, dataset)
    reports = _reports(tables, actors)
    tables |= {"stated": stated_rows(rows.given, reports, tables, actors)}
    tables |= {
        "reports": [*dataset.get("reports", ()), *reports.values()],
        "events": dataset.get("events", []),
    }
    tables |= {"publishers": dataset.get("publishers", []), "withheld": _withheld(dataset)}
    ready = {name: context_tables(codebook)[name] for name in ("actors", "actor_relations")}
    if actors is not codebook:
        tables |= {"actors": actor_rows(actors), "actor_relations": relation_rows(actors)}
    empty = _empty_tables(codebook)
    filled = {name: _some(codebook, name, found) for name, found in tables.items()}
    return ready | {
        name: build(columns(codebook, name), rows) if rows else empty[name] for name, rows in filled.items()
    }


@cache
def _empty_tables(codebook: Codebook) -> dict[str, Any]:
    return {name: build(columns(codebook, name), []) for name in [*TABLES, *EXTRA]}


def columns(codebook: Codebook, table: str) -> dict[str, str]:
    """The columns of a table, that of stated values included."""
    return EXTRA[table] if table in EXTRA else views.columns(codebook, table)


def _some(codebook: Codebook, table: str, rows: Sequence[Row]) -> list[Row]:
    known = columns(codebook, table)
    keys = TABLES[table].key if table in TABLES else ()
    return [{**{k: f"row{i}" for k in keys if known.get(k) == "string"}, **row} for i, row in enumerate(rows)]


def _documents(dataset: Row) -> list[Row]:
    return dataset.get("documents") or [dataset.get("document") or {}]


def _readings(dataset: Row) -> list[Row]:
    whole: list[Row] = dataset.get("readings") or []
    own: Row = {key: dataset[key] for key in ("sources", "codings") if key in dataset}
    return whole or ([own] if own else [])


def _document(codebook: Codebook, row: Row) -> Row:
    plain = dict(row)
    problems = readings.expand_dates(plain, readings.date_fields(codebook, "documents"), Place(), "document")
    if problems:
        raise CodebookError(f"an example holds no date: {problems[0].message}", problems=problems)
    key = plain.pop("key", plain.get("document_key", "example"))
    return {
        "document_key": key,
        "document_id": plain.get("document_id") or identity.reference_document_id("example", key),
        **plain,
    }


def _of(reading: Row, documents: list[Row]) -> str:
    wanted = reading.get("document")
    names = ("document_key", "document_id")
    found = next((d for d in documents if wanted in [d.get(name) for name in names]), documents[0])
    return str(found["document_id"])


def _with_actors(codebook: Codebook, dataset: Row) -> Codebook:
    own = {row["id"]: parts.actor(row) for row in dataset.get("actors", ())}
    return replace(codebook, actors={**codebook.actors, **own}) if own else codebook


def _reports(tables: Mapping[str, list[Row]], codebook: Codebook) -> dict[str, Row]:
    """Every coding as if it were a report of its own, with the derived sourcing columns, by coding id."""
    homes = {row["reading_id"]: row["document_id"] for row in tables["readings"]}
    derived = sourcing.derive(
        tables, {row["coding_id"]: [row["coding_id"]] for row in tables["codings"]}, codebook.actors
    )
    return {
        row["coding_id"]: {
            "report_id": row["coding_id"], "document_id": homes[row["reading_id"]], "report_key": row["key"],
            **{name: value for name, value in row.items() if name not in ("reading_id", "key")}, **derived[row["coding_id"]],
        }
        for row in tables["codings"]
    }  # fmt: skip


def _withheld(dataset: Row) -> list[Row]:
    return [
        {"lineage": row["source"], "reason": row.get("reason")} if isinstance(row, dict) else {"lineage": row}
        for row in dataset.get("withhold", ())
    ]
