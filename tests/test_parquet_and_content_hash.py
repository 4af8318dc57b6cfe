"""Parquet as it is published, and the content hash that stands for what a table says."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import unicodedata
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

import small_build
from eventcode.errors import DatasetError
from eventcode.formats import parquet
from eventcode.formats.content import content_hash
from eventcode.tables import TABLES

Row = dict[str, Any]
SCHEMA = pa.schema(
    [
        ("code", pa.string()), ("id", pa.int64()), ("label", pa.string()), ("score", pa.float64()), ("day", pa.date32()),
        ("done", pa.bool_()), ("means", pa.list_(pa.string())), ("via", pa.list_(pa.string())), ("at", pa.timestamp("us")),
    ]
)  # fmt: skip
KEY = ("code", "id")


def by_hand(rows: list[Row], names: list[str], key: tuple[str, ...]) -> str:
    """The content hash as its docstring says it, without Arrow."""
    order = [*key, *sorted(name for name in names if name not in key)]
    head = rfc8785.dumps({"columns": order, "key": [*key], "version": 1}) + b"\n"
    lines = sorted(b"[" + b",".join(_cell(row[name], name) for name in order) + b"]\n" for row in rows)
    return "sha256:" + hashlib.sha256(head + b"".join(lines)).hexdigest()


def _cell(value: Any, name: str) -> bytes:
    if isinstance(value, list):
        texts = [unicodedata.normalize("NFC", text) for text in value]
        return rfc8785.dumps(texts if name == "via" else sorted(set(texts))) if texts else b"null"
    if isinstance(value, str):
        return rfc8785.dumps(unicodedata.normalize("NFC", value))
    if isinstance(value, dt.datetime):
        return rfc8785.dumps(value.isoformat(timespec="microseconds") + "Z")
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value).encode()
    return rfc8785.dumps(value.isoformat() if isinstance(value, dt.date) else value)


texts = st.text(max_size=6) | st.sampled_from(
    ["010", "10", "é", "e\u0301", "", "a b", '"', "\\", "\x00", "\u2028", "𐐷", "\uffee"]
)
days = st.dates(dt.date(1, 1, 1), dt.date(9999, 12, 31))
times = st.datetimes(dt.datetime(1, 1, 1), dt.datetime(9999, 12, 31))
numbers = st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from(
    [0.1, -0.0, 1e21, 1e-7, 5e-324, 100.0]
)
cells = st.fixed_dictionaries(
    {
        "code": texts, "id": st.integers(-20, 200), "label": st.none() | texts, "score": st.none() | numbers, "day": st.none() | days,
        "done": st.none() | st.booleans(), "means": st.none() | st.lists(texts, max_size=3), "via": st.none() | st.lists(texts, max_size=3),
        "at": st.none() | times,
    }
)  # fmt: skip
tables = st.lists(cells, max_size=8)


def table(rows: list[Row]) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=SCHEMA)


@settings(max_examples=150, deadline=None)
@given(tables)
def test_the_hash_is_the_one_that_its_description_gives(rows: list[Row]) -> None:
    assert content_hash(table(rows), KEY) == by_hand(rows, SCHEMA.names, KEY)


@settings(max_examples=100, deadline=None)
@given(tables, st.randoms(use_true_random=False), st.integers(0, 8))
def test_order_chunks_and_string_types_do_not_enter(rows: list[Row], random: Any, cut: int) -> None:
    shuffled = random.sample(rows, len(rows))
    names = random.sample(SCHEMA.names, len(SCHEMA.names))
    other = pa.concat_tables([table(shuffled[:cut]), table(shuffled[cut:])]).select(names)
    kinds = {
        "code": pa.dictionary(pa.int32(), pa.string()),
        "label": pa.large_string(),
        "means": pa.large_list(pa.large_string()),
    }
    recast = [
        field.with_type(kinds.get(field.name, field.type)).with_metadata({"label": "x"})
        for field in other.schema
    ]
    assert content_hash(other.cast(pa.schema(recast)), KEY) == content_hash(table(rows), KEY)


@settings(max_examples=30, deadline=None)
@given(rows=tables)
def test_the_hash_survives_a_parquet_file(tmp_path_factory: pytest.TempPathFactory, rows: list[Row]) -> None:
    path = tmp_path_factory.mktemp("t") / "t.parquet"
    parquet.write(path, table(rows), KEY)
    assert content_hash(parquet.read(path), KEY) == content_hash(table(rows), KEY)


def test_the_hash_of_a_known_table_never_changes() -> None:
    rows = [
        {
            "code": "010",
            "score": -0.0,
            "means": ["b", "a", "a"],
            "via": ["b", "a"],
            "day": dt.date(2025, 6, 16),
            "done": True,
        },
        {"code": "072", "score": 1e21, "means": None, "via": [], "day": None, "done": None},
    ]
    expected = "\n".join(
        [
            '{"columns":["code","day","done","means","score","via"],"key":["code"],"version":1}',
            '["010","2025-06-16",true,["a","b"],0,["b","a"]]',
            '["072",null,null,null,1e+21,null]\n',
        ]
    )
    assert (
        content_hash(pa.Table.from_pylist(rows), ("code",))
        == "sha256:" + hashlib.sha256(expected.encode()).hexdigest()
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"x": [None]}, {"x": [""]}),
        ({"x": ["010"]}, {"x": ["10"]}),
        ({"x": ["010"]}, {"x": [10]}),
        ({"x": ["a"]}, {"y": ["a"]}),
        ({"x": [["a"]]}, {"x": [["a", "b"]]}),
        ({"via": [["a", "b"]]}, {"via": [["b", "a"]]}),
        ({"x": [True]}, {"x": ["true"]}),
    ],
)
def test_what_says_something_else_has_another_hash(one: Row, other: Row) -> None:
    assert content_hash(pa.table({"id": ["1"], **one}), ("id",)) != content_hash(
        pa.table({"id": ["1"], **other}), ("id",)
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"x": [0.0]}, {"x": [-0.0]}),
        ({"x": [1]}, {"x": [1.0]}),
        ({"x": ["e\u0301"]}, {"x": ["é"]}),
        ({"x": [["b", "a", "b"]]}, {"x": [["a", "b"]]}),
        ({"x": pa.array([[]], pa.list_(pa.string()))}, {"x": pa.array([None], pa.null())}),
        ({"x": [dt.date(2025, 6, 16)]}, {"x": ["2025-06-16"]}),
    ],
)
def test_what_says_the_same_has_the_same_hash(one: Row, other: Row) -> None:
    assert content_hash(pa.table({"id": ["1"], **one}), ("id",)) == content_hash(
        pa.table({"id": ["1"], **other}), ("id",)
    )


def test_times_are_compared_in_utc() -> None:
    noon = dt.datetime(2025, 6, 16, 12, tzinfo=dt.timezone.utc)
    stamps = [
        pa.array([noon], pa.timestamp("ns", "Asia/Baghdad")),
        pa.array([noon], pa.timestamp("s", "UTC")),
        pa.array([noon.replace(tzinfo=None)], pa.timestamp("ms")),
    ]
    assert len({content_hash(pa.table({"id": ["1"], "at": at}), ("id",)) for at in stamps}) == 1


def test_rows_of_one_key_are_hashed_all_the_same() -> None:
    rows = [{"id": "1", "x": "b"}, {"id": "1", "x": "a"}, {"id": "0", "x": None}]
    assert content_hash(pa.Table.from_pylist(rows), ("id",)) == content_hash(
        pa.Table.from_pylist(rows[::-1]), ("id",)
    )
    assert content_hash(pa.Table.from_pylist(rows), ("id",)) == by_hand(rows, ["id", "x"], ("id",))


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (
            {"id": ["a", "b"], "lat": [1.0, float("nan")]},
            "column 'lat' holds NaN in the row with id 'b'\n  → write null where there is no number",
        ),
        (
            {"id": ["a"], "lat": [float("-inf")]},
            "column 'lat' holds -inf in the row with id 'a'\n  → write null where there is no number",
        ),
        ({"key": ["a"]}, "the key column 'id' is not in the table\n  → it has: key"),
        (
            {"id": ["a"], "x": [b"raw"]},
            "column 'x' is of the type binary, which has no place in a table\n"
            "  → use text, whole or other numbers, truth, dates, times or lists of text",
        ),
        (
            {"id": ["a"], "at": pa.array([1], pa.timestamp("ns"))},
            "column 'at' holds a time finer than a microsecond\n  → round it first",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_hashed_is_refused(columns: Row, message: str) -> None:
    with pytest.raises(DatasetError) as caught:
        content_hash(pa.table(columns), ("id",))
    assert str(caught.value) == message


def test_the_bytes_depend_on_content_alone(tmp_path: Path) -> None:
    rows = [{"code": f"{i % 7:03}", "id": i, "day": dt.date(2025, 1, 1 + i % 28)} for i in range(300)]
    one = pa.Table.from_pylist(rows, schema=SCHEMA)
    other = pa.concat_tables([one.slice(200), one.slice(0, 200)])
    parquet.write(tmp_path / "one.parquet", one, KEY, metadata={"codebook_digest": "0" * 64})
    parquet.write(tmp_path / "other.parquet", other, KEY, metadata={"codebook_digest": "0" * 64})
    assert (tmp_path / "one.parquet").read_bytes() == (tmp_path / "other.parquet").read_bytes()


def test_a_file_is_sorted_compressed_and_says_under_which_codebook(tmp_path: Path) -> None:
    days = pa.array([dt.date(2025, 5, 2), None, dt.date(2025, 5, 1)])
    labelled = pa.field("event_id", pa.string(), metadata={"label": "Event"})
    data = pa.Table.from_arrays(
        [pa.array(["b", "c", "a"]), days, pa.array(["010", "10", "010"]).dictionary_encode()],
        schema=pa.schema(
            [labelled, ("date_start", pa.date32()), ("event_type", pa.dictionary(pa.int32(), pa.string()))]
        ),
    )
    parquet.write(tmp_path / "events.parquet", data, ("event_id",), metadata={"codebook_digest": "abc"})
    found = pq.ParquetFile(tmp_path / "events.parquet")
    assert found.read().column("event_id").to_pylist() == ["a", "b", "c"]  # by date, the unknown one last
    assert found.schema_arrow.field("event_type").type == pa.string()
    assert found.schema_arrow.field("event_id").metadata[b"label"] == b"Event"
    assert found.schema_arrow.metadata[b"codebook_digest"] == b"abc"
    chunk = found.metadata.row_group(0).column(0)
    assert (chunk.compression, chunk.has_column_index, chunk.has_offset_index) == ("ZSTD", True, True)
    assert "RLE_DICTIONARY" in chunk.encodings
    assert [c.column_index for c in found.metadata.row_group(0).sorting_columns] == [1, 0]


def test_row_groups_hold_122880_rows(tmp_path: Path) -> None:
    parquet.write(tmp_path / "t.parquet", pa.table({"id": pa.array(range(130_000))}), ("id",))
    found = pq.ParquetFile(tmp_path / "t.parquet").metadata
    assert [found.row_group(i).num_rows for i in range(found.num_row_groups)] == [122_880, 7_120]


def test_a_folder_named_like_a_partition_adds_no_column(tmp_path: Path) -> None:
    parquet.write(tmp_path / "version=1" / "t.parquet", pa.table({"id": ["a"]}), ("id",))
    assert parquet.read(tmp_path / "version=1" / "t.parquet").column_names == ["id"]


def test_what_is_no_parquet_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "t.parquet").write_text("no")
    with pytest.raises(DatasetError, match=r"t\.parquet is not a Parquet file"):
        parquet.read(tmp_path / "t.parquet")
    with pytest.raises(DatasetError, match=r"other\.parquet is not there\n  → build the dataset again"):
        parquet.read(tmp_path / "other.parquet")
    with pytest.raises(DatasetError, match="holds no tables"):
        parquet.read_folder(tmp_path / "empty")


def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "t.parquet"
    parquet.write(path, pa.table({"id": ["old"]}), ("id",))
    monkeypatch.setattr(os, "fsync", _full)
    with pytest.raises(DatasetError, match="No space left on device\n  → free some space"):
        parquet.write(path, pa.table({"id": ["new"]}), ("id",))
    assert [p.name for p in tmp_path.iterdir()] == ["t.parquet"]
    assert parquet.read(path).column("id").to_pylist() == ["old"]


def _full(handle: int) -> None:
    raise OSError(28, "No space left on device")


@pytest.fixture(scope="module")
def build_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    world = small_build.world()
    world["events"][0]["event_type"] = "010"
    return small_build.write(tmp_path_factory.mktemp("builds") / "camps", world)


def test_codes_keep_their_zero_in_pandas(build_folder: Path) -> None:
    import pandas as pd

    events = pd.read_parquet(build_folder / "events.parquet")
    assert sorted(events["event_type"]) == ["010", "035"]
    codes = pd.read_parquet(build_folder / "codes.parquet", dtype_backend="pyarrow")
    assert events.merge(codes, left_on="event_type", right_on="code")["label"].notna().all()


def test_codes_keep_their_zero_in_polars(build_folder: Path) -> None:
    pl = pytest.importorskip("polars")
    events = pl.read_parquet(build_folder / "events.parquet")
    assert events["event_type"].dtype == pl.String
    assert sorted(events["event_type"]) == ["010", "035"]


def test_codes_keep_their_zero_in_duckdb(build_folder: Path) -> None:
    import duckdb

    found = duckdb.sql(
        f"SELECT e.event_type, c.label FROM '{build_folder}/events.parquet' e "
        f"JOIN '{build_folder}/codes.parquet' c ON c.code = e.event_type WHERE e.date_start >= DATE '2025-01-01' ORDER BY 1"
    ).fetchall()
    assert [code for code, _ in found] == ["010", "035"]


def test_the_manifest_has_the_hash_of_every_table(build_folder: Path) -> None:
    manifest = json.loads((build_folder / "manifest.json").read_text())
    for name, entry in manifest["tables"].items():
        assert (
            content_hash(parquet.read(build_folder / entry["file"]), TABLES[name].key)
            == entry["content_hash"]
        )
