"""Invented events with planted violations: any number of rows, written in chunks, the same for the same number.

Every value is a function of the row's number, so that what is wrong is known without looking. Of every 10,000 rows, fifteen break one
rule each, and the rest break none.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from eventcode.formats.parquet import ROW_GROUP, SETTINGS

CODEBOOK = Path(__file__).parent / "bench-events"
CHUNK = 8 * ROW_GROUP
EVERY = 10_000
DAYS = 11_000
FIRST_DAY = 9_131  # 1995-01-01, in days since 1970

CODES = [f"{10 * i:03}" for i in range(1, 21)]
REALIS = ["occurred", "ongoing", "planned", "possible", "negated"]
PRECISIONS = ["site", "town", "admin1", "country", "unknown"]
COUNTRIES = [f"C{i:02}" for i in range(1, 61)]
ACTORS = [f"a.{i:04}" for i in range(499)]
# A pair of place and actor comes back after 503,491 rows, which is more than two days at any size up to 100M: no accidental duplicates.
PLACES = [f"Place {i:04}" for i in range(1009)]

RULES = [
    "codings.event_type-code", "codings.realis-code", "codings.country-code", "codings.place_precision-code", "codings.date-order",
    "bench.coordinates-in-range", "bench.coordinates-whole", "bench.coarse-place", "bench.deaths-in-order", "bench.deaths-need-a-deed",
    "bench.named-among-sources", "bench.day-is-one-day", "events.key-unique", "bench.actor-exists", "bench.near-duplicate",
]  # fmt: skip
ROW_RULES = RULES[:12]
UNIQUE, EXISTS, NEAR = RULES[12:]
NEEDED = [
    "event_id", "event_type", "realis", "date_start", "date_end", "date_precision", "place_name", "country", "lat", "lon",
    "place_precision", "actor", "fatalities_low", "fatalities_best", "fatalities_high", "n_sources", "n_named",
]  # fmt: skip


def planted(rows: int) -> dict[str, list[str]]:
    """The ids that break each rule, in a table of so many rows."""
    found = {}
    for number, rule in enumerate(RULES):
        index = np.arange(_position(number), rows, EVERY)
        found[rule] = ids(index - 1 if rule == UNIQUE else index).to_pylist()
    return found


def _position(rule: int) -> int:
    return 37 + 613 * rule


def ids(index: Any) -> pa.Array:
    """The ids of rows: a letter and eleven digits, as long as those of the large public event files."""
    text = np.char.zfill(index.astype("U11"), 11)
    return pa.array(np.char.add("E", text))


def write_codebook(folder: Path) -> Path:
    """The codebook with its list of actors, in `folder`."""
    shutil.copytree(CODEBOOK, folder, dirs_exist_ok=True)
    lines = [f'  - {{id: "{actor}", name: "Actor {actor[2:]}", kind: armed_group}}\n' for actor in ACTORS]
    text = "---\nid: actors\nkind: actors\nactors:\n" + "".join(lines)
    (folder / "vocabularies" / "actors.yaml").write_text(text, encoding="utf-8")
    return folder


def write(path: Path, rows: int) -> Path:
    """A Parquet file of events as the project writes it, sorted by day and id; a file that is there is left alone."""
    if path.is_file():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".part")
    schema = chunk(0, 1, rows).schema
    order = pq.SortingColumn.from_ordering(schema, [("date_start", "ascending"), ("event_id", "ascending")])
    options = {name: value for name, value in SETTINGS.items() if name != "row_group_size"}
    with pq.ParquetWriter(temporary, schema, sorting_columns=order, **options) as writer:
        for part in _chunks(rows):
            writer.write_table(part, row_group_size=ROW_GROUP)
    temporary.rename(path)
    return path


def write_csv(path: Path, rows: int) -> Path:
    """The same events as CSV; a file that is there is left alone."""
    import pyarrow.csv

    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(".part")
        with pyarrow.csv.CSVWriter(temporary, chunk(0, 1, rows).schema) as writer:
            for part in _chunks(rows):
                writer.write_table(part)
        temporary.rename(path)
    return path


def _chunks(rows: int) -> Iterator[pa.Table]:
    """All rows, a chunk at a time; the next one is made while one is used."""
    starts = iter(range(0, rows, CHUNK))
    with ThreadPoolExecutor(1) as maker:
        waiting = maker.submit(chunk, next(starts), min(CHUNK, rows), rows)
        for start in starts:
            made = waiting.result()
            waiting = maker.submit(chunk, start, min(start + CHUNK, rows), rows)
            yield made
        yield waiting.result()


def chunk(start: int, end: int, rows: int) -> pa.Table:
    """The rows from `start` to before `end` of a table of `rows`."""
    index = np.arange(start, end, dtype=np.int64)
    block = index % EVERY
    breaks = {rule: block == _position(number) for number, rule in enumerate(RULES)}
    twin = np.where(breaks[NEAR], index - 1, index)
    doubled = block == _position(RULES.index(NEAR)) - 1
    values = {**_what(index, twin, breaks), **_when(index, rows, breaks), **_where(index, twin, breaks)}
    values |= _who(twin, breaks, doubled | breaks[NEAR]) | _counts(index, breaks)
    values["event_id"] = ids(np.where(breaks[UNIQUE], index - 1, index))
    return pa.table({name: values[name] for name in COLUMNS})


COLUMNS = [
    "event_id", "status", "n_reports", "event_type", "realis", "date_start", "date_end", "date_precision", "place_name", "country",
    "admin1", "lat", "lon", "place_precision", "actor", "recipient", "fatalities_low", "fatalities_best", "fatalities_high",
    "origins_min", "n_articles", "n_outlets", "n_sources", "n_named", "codebook_id",
]  # fmt: skip


def _what(index: Any, twin: Any, breaks: dict[str, Any]) -> dict[str, Any]:
    kinds = (_chance(twin, 1) ** 2 * len(CODES)).astype(np.int32)
    realis = np.searchsorted([0.85, 0.92, 0.96, 0.98], _chance(index, 2), side="right")
    plain = breaks["bench.deaths-in-order"]
    realis = np.where(plain, 0, np.where(breaks["bench.deaths-need-a-deed"], 2, realis))
    deed = realis < 2
    deaths = np.where(deed & (_chance(index, 3) > 0.7), 1 + (_chance(index, 4) ** 4 * 60).astype(np.int64), 0)
    low = np.maximum(deaths - (_chance(index, 5) * 3).astype(np.int64), 0)
    high = deaths + (_chance(index, 6) * 4).astype(np.int64)
    planned = breaks["bench.deaths-need-a-deed"]
    deaths, low, high = (np.where(planned, 3, column) for column in (deaths, low, high))
    low = np.where(plain, deaths + 2, low)
    wrong = breaks["codings.realis-code"]
    untold = (_chance(index, 7) < 0.1) & ~plain & ~planned
    figures = [np.where(wrong, 0, column) for column in (low, deaths, high)]
    return {
        "event_type": _words(kinds, CODES, breaks["codings.event_type-code"], "999"),
        "realis": _words(realis, REALIS, wrong, "happened"),
        **{f"fatalities_{part}": pa.array(figure, mask=untold) for part, figure in zip(("low", "best", "high"), figures, strict=True)},
    }  # fmt: skip


def _when(index: Any, rows: int, breaks: dict[str, Any]) -> dict[str, Any]:
    first = FIRST_DAY + index * DAYS // max(rows, DAYS)
    span = np.searchsorted([0.8, 0.95], _chance(index, 8), side="right")
    span = np.where(breaks["codings.date-order"], 1, span)
    span = np.where(breaks["bench.day-is-one-day"], 0, span)
    last = first + np.asarray([0, 29, 364])[span]
    last = np.where(breaks["codings.date-order"], first - 3, last)
    last = np.where(breaks["bench.day-is-one-day"], first + 2, last)
    return {
        "date_start": pa.array(first.astype(np.int32)).cast(pa.date32()),
        "date_end": pa.array(last.astype(np.int32)).cast(pa.date32()),
        "date_precision": _words(span, ["day", "interval", "interval"]),
    }


def _where(index: Any, twin: Any, breaks: dict[str, Any]) -> dict[str, Any]:
    place = twin % len(PLACES)
    off_earth, half, coarse = (
        breaks[f"bench.{name}"] for name in ("coordinates-in-range", "coordinates-whole", "coarse-place")
    )
    precision = np.searchsorted([0.2, 0.6, 0.8, 0.95], _chance(index, 9), side="right")
    precision = np.where(off_earth | half, 1, np.where(coarse, 3, precision))
    nowhere = ((precision > 2) | (_chance(index, 10) < 0.05)) & ~(off_earth | half | coarse)
    nowhere |= breaks["codings.place_precision-code"]
    lat = np.round(np.where(off_earth, 95.5, place / 1009 * 120 - 60 + _chance(index, 11)), 4)
    lon = np.round(place / 1009 * 300 - 150 + _chance(index, 12), 4)
    return {
        "place_name": _words(place, PLACES),
        "country": _words(place % len(COUNTRIES), COUNTRIES, breaks["codings.country-code"], "XX"),
        "admin1": _words(place % 211, [f"Province {i:03}" for i in range(211)]),
        "lat": pa.array(lat, mask=nowhere),
        "lon": pa.array(lon, mask=nowhere | half),
        "place_precision": _words(precision, PRECISIONS, breaks["codings.place_precision-code"], "village"),
    }


def _who(twin: Any, breaks: dict[str, Any], named: Any) -> dict[str, Any]:
    nobody = (_chance(twin, 13) < 0.03) & ~named & ~breaks[EXISTS]
    return {
        "actor": _words(twin % len(ACTORS), ACTORS, breaks[EXISTS], "a.9999", nobody),
        "recipient": _words((_chance(twin, 14) * len(ACTORS)).astype(np.int32), ACTORS),
    }


def _counts(index: Any, breaks: dict[str, Any]) -> dict[str, Any]:
    sources = 1 + (_chance(index, 15) ** 2 * 8).astype(np.int64)
    named = (_chance(index, 16) * (sources + 1)).astype(np.int64)
    articles = 1 + (_chance(index, 17) ** 3 * 30).astype(np.int64)
    return {
        "status": _words((_chance(index, 18) < 0.2).astype(np.int32), ["final", "candidate"]),
        "n_reports": pa.array(articles),
        "origins_min": pa.array(np.minimum(sources, 2)),
        "n_articles": pa.array(articles),
        "n_outlets": pa.array(np.minimum(articles, 9)),
        "n_sources": pa.array(sources),
        "n_named": pa.array(np.where(breaks["bench.named-among-sources"], sources + 1, named)),
        "codebook_id": _words(np.zeros(len(index), np.int32), ["bench-events"]),
    }


def _words(
    choice: Any, words: list[str], broken: Any = None, wrong: str = "", absent: Any = None
) -> pa.Array:
    """The words of numbers, with a wrong one in place of some and nothing in place of others."""
    choice = choice if broken is None else np.where(broken, len(words), choice)
    numbers = pa.array(choice.astype(np.int32), mask=absent)
    return pa.DictionaryArray.from_arrays(numbers, pa.array([*words, wrong])).cast(pa.string())


def _chance(index: Any, column: int) -> Any:
    """A number from 0 to below 1 that a row and a column determine (splitmix64)."""
    with np.errstate(over="ignore"):
        x = index.astype(np.uint64) * np.uint64(64) + np.uint64(column)
        x = (x + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return ((x ^ (x >> np.uint64(31))) >> np.uint64(11)).astype(np.float64) / 2**53


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]))
