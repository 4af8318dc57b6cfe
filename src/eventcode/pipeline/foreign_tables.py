"""Mapped rows into Parquet files, a batch at a time: our tables of a foreign file, and the line on which each row stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eventcode import identity, readings
from eventcode.canonical import plain_reading_id
from eventcode.codebook import views
from eventcode.formats.mapping import Imported
from eventcode.formats.parquet import IN_PIECES
from eventcode.model import Codebook
from eventcode.readings import Row
from eventcode.tables import READING_TABLES

if TYPE_CHECKING:
    import pyarrow as pa

TABLES = ("documents", *READING_TABLES, "publishers", "links")
PLACES = "places"


@dataclass(slots=True)
class Tables:
    """Files that are being written: `rows` counts what each table got. Close them before they are read.

    Rows are laid out as `readings.explode` does it, of which a map needs little: what it makes has the canonical form, no evidence, and
    plain numbers in all columns but perhaps `numbers`.
    """

    folder: Path
    codebook: Codebook
    metadata: Mapping[str, str]
    numbers: frozenset[str] = frozenset()
    rows: dict[str, int] = field(default_factory=lambda: dict.fromkeys(TABLES, 0))
    actors: list[Row] = field(default_factory=list)
    _writers: dict[str, Any] = field(default_factory=dict)

    def add(self, done: Imported) -> None:
        """Write what came out of a batch, whose readings are used up: their rows become those of the tables."""
        tables: dict[str, list[Row]] = {name: [] for name in READING_TABLES}
        ids = {row["document_key"]: row["document_id"] for row in done.documents}
        places: dict[str, int] = {}
        for reading, _ in done.readings:
            document = ids[reading["document"]]
            lines = done.lines[f"{reading['document']}/{reading['coder']}"]
            places[document] = lines[0]
            self._lay(reading, document, lines, tables, places)
        tables |= {"documents": done.documents, "publishers": done.publishers}
        tables["links"] = [
            {"event_id": event, "document_id": document, "report_key": key, "relation": "same_event",
             "by": link["by"], "reason": link["reason"]}
            for link in done.links
            for event, document, key in [done.reports[link["report"]]]
        ]  # fmt: skip
        self.actors += done.actors
        for name, rows in tables.items():
            self._write(name, rows, views.schema(self.codebook, name))
        self._write(PLACES, [{"row": row, "line": line} for row, line in places.items()], _place_schema())

    def _lay(
        self,
        reading: Row,
        document: str,
        lines: list[int],
        tables: dict[str, list[Row]],
        places: dict[str, int],
    ) -> None:
        own = self._id(reading, document)
        places[own] = lines[0]
        tables["readings"].append(
            {
                "reading_id": own, "document_id": document, "coder_id": reading["coder"], "coder_kind": "imported",
                "revision": reading["revision"], "status": reading["status"], **readings.stamp(reading, self.codebook),
            }
        )  # fmt: skip
        told: dict[str, str] = {}
        for source in reading.get("sources", ()):
            child = told[source["key"]] = identity.child_id(own, "sources", f"sources/{source['key']}")
            places[child] = lines[0]
            tables["sources"].append(source | {"source_id": child, "reading_id": own})
        for coding, line in zip(reading["codings"], lines[1:], strict=True):
            child = identity.child_id(own, "codings", f"codings/{coding['key']}")
            places[child] = line
            coding["coding_id"], coding["reading_id"] = child, own
            tables["codings"].append(coding)
            for row in coding.get("participants", ()):
                row["coding_id"] = child
                places[f"{child}/{row['role']}/{row['position']}"] = line
                tables["participants"].append(row)
            for i, row in enumerate(coding.get("support", ())):
                row["support_id"] = identity.child_id(child, "support", f"support/{i}")
                row["coding_id"], row["source_id"] = child, told[row["source"]]
                places[row["support_id"]] = line
                tables["support"].append(row)

    def _id(self, reading: Row, document: str) -> str:
        if self.numbers and not all(map(self._plain, _rows(reading))):
            return readings.reading_id(reading, document)
        return plain_reading_id(reading, document)

    def _plain(self, row: Row) -> bool:
        """Whether all numbers of a row are such that their JSON is that of RFC 8785; 5.0 is made so, and remains 5.0 in its column."""
        for name in self.numbers.intersection(row):
            number = row[name]
            if number is None:
                continue
            if (
                type(number) is float
                and number.is_integer()
                and abs(number) < identity.LARGEST
                and str(number) != "-0.0"
            ):
                row[name] = int(number)
            elif not identity.is_plain(number):
                return False
        return True

    def _write(self, name: str, rows: list[Row], schema: pa.Schema) -> None:
        import pyarrow.parquet as pq

        if name not in self._writers:
            metadata = {
                **(schema.metadata or {}),
                **{k.encode(): v.encode() for k, v in self.metadata.items()},
            }
            schema = schema.with_metadata(metadata)
            self._writers[name] = pq.ParquetWriter(self.folder / f"{name}.parquet", schema, **IN_PIECES)
        writer = self._writers[name]
        if rows:
            writer.write_table(_columns(writer.schema, rows))
            self.rows[name] = self.rows.get(name, 0) + len(rows)

    def close(self) -> None:
        """Finish the files."""
        for writer in self._writers.values():
            writer.close()
        self._writers.clear()


def _place_schema() -> pa.Schema:
    import pyarrow as pa

    return pa.schema([("row", pa.string()), ("line", pa.int64())])


def _rows(reading: Row) -> Iterator[Row]:
    """The rows of a reading that may hold numbers."""
    yield from reading.get("sources", ())
    for coding in reading["codings"]:
        yield coding
        yield from coding.get("participants", ())
        yield from coding.get("support", ())


def _columns(schema: pa.Schema, rows: list[Row]) -> pa.Table:
    """Rows as an Arrow table of a schema, days being ISO texts; what is no column of it is left out."""
    import pyarrow as pa

    there = set().union(*rows)
    fields = [
        pa.field(column.name, pa.string() if pa.types.is_date32(column.type) else column.type)
        for column in schema
        if column.name in there
    ]
    filled = pa.array(rows, pa.struct(fields)).flatten()
    by_name = dict(zip((field.name for field in fields), filled, strict=True))
    arrays = [
        by_name[column.name].cast(column.type) if column.name in by_name else pa.nulls(len(rows), column.type)
        for column in schema
    ]
    return pa.Table.from_arrays(arrays, schema=schema)
