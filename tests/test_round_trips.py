"""A reading comes back whole from every form it can take."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eventcode import readings, shape
from eventcode.codebook import views
from eventcode.coding import journal, sheet_in, sheet_out
from eventcode.formats import jsonl, parquet
from eventcode.model import Codebook
from eventcode.readings import Coder, Row
from eventcode.tables import READING_TABLES, TABLES, build
from strategies import readings_for

DOCUMENT, CODER = "text:1", Coder("reader-1", "person")
few = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def exploded(reading: Row, codebook: Codebook) -> dict[str, list[Row]]:
    """The rows of a reading, by table."""
    return readings.explode(reading, DOCUMENT, CODER, codebook).tables


def loaded(reading: Row) -> Row:
    """What comes back from tables: the document by its id."""
    return {**reading, "document": DOCUMENT}


def by_key(reading: Row) -> Row:
    """A reading whose rows stand in the order of their keys: tables have an order of their own."""
    plain = dict(reading)
    for name in ("sources", "codings"):
        if name in plain:
            plain[name] = sorted(plain[name], key=lambda row: row["key"])
    for i, coding in enumerate(plain.get("codings", [])):
        roles = sorted(coding.get("participants", []), key=lambda row: (row["role"], row["position"]))
        plain["codings"][i] = coding | ({"participants": roles} if roles else {})
    return plain


@few
@given(data=st.data())
def test_a_reading_survives_a_line_of_a_journal(small_codebook: Codebook, data: Any) -> None:
    reading = data.draw(readings_for(small_codebook))
    line = journal.line(reading)
    assert line.count(b"\n") == 1
    [(raw, _)], problems = jsonl.parse(line, "x.jsonl")
    assert problems == []
    assert list(shape.violations(raw, views.json_schema(small_codebook))) == []
    assert readings.normalise(raw, small_codebook) == (reading, [])
    assert journal.line(raw) == line


@few
@given(data=st.data())
def test_a_reading_survives_its_rows(small_codebook: Codebook, data: Any) -> None:
    reading = data.draw(readings_for(small_codebook))
    assert readings.implode(exploded(reading, small_codebook)) == [loaded(reading)]


@few
@given(data=st.data())
def test_a_reading_survives_parquet_and_keeps_its_id(small_codebook: Codebook, data: Any) -> None:
    reading = data.draw(readings_for(small_codebook))
    rows = exploded(reading, small_codebook)
    with tempfile.TemporaryDirectory() as folder:
        for name in READING_TABLES:
            table = build(views.columns(small_codebook, name), rows[name])
            parquet.write(Path(folder) / f"{name}.parquet", table, TABLES[name].key)
        back = {name: parquet.read(Path(folder) / f"{name}.parquet").to_pylist() for name in READING_TABLES}
    ordered = {name: in_order(back[name], rows[name], name) for name in READING_TABLES}
    assert readings.implode(ordered) == [loaded(reading)]
    assert back["readings"][0]["reading_id"] == readings.reading_id(reading, DOCUMENT)
    [again] = readings.implode(back)
    assert spread(by_key(again)) == spread(by_key(loaded(reading)))


def in_order(back: list[Row], rows: list[Row], table: str) -> list[Row]:
    """Rows that were sorted by key, in the order that they had."""
    order = {readings.row_key(table, row): i for i, row in enumerate(rows)}
    return sorted(back, key=lambda row: order[readings.row_key(table, row)])


def spread(reading: Row) -> Row:
    """A reading whose support and evidence are compared as bags: their ids are hashes, and tables sort by them."""
    plain = dict(reading)
    for row in [*plain.get("sources", []), *plain.get("codings", [])]:
        for name in ("support", "evidence"):
            for child in row.get(name, []):
                if "evidence" in child:
                    child["evidence"] = sorted(child["evidence"], key=repr)
            if name in row:
                row[name] = sorted(row[name], key=lambda child: repr(sorted(child.items())))
    return plain


@settings(parent=few, max_examples=15)
@given(data=st.data())
def test_a_reading_survives_a_workbook(small_codebook: Codebook, data: Any) -> None:
    reading = data.draw(readings_for(small_codebook))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "w.xlsx"
        sheet_out.write(path, small_codebook, CODER, [{"key": "doc-1"}], [reading])
        back = sheet_in.read(path, small_codebook)
    assert back.problems == []
    [(found, _)] = back.readings
    assert {**found, "revision": reading["revision"]} == reading
