"""The rules about the values of one column: what stands for nothing, twins, encoding, days, numbers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from eventcode.checks.expression import quoted
from eventcode.checks.surface import encoding, words
from eventcode.checks.surface.columns import NUMBER, Column, Columns
from eventcode.checks.surface.told import Hit, Told, around, cut, rows, told

_COMMA = (
    r"[-+]?[0-9]{1,3}([., ][0-9]{3})*,[0-9]+|[-+]?[0-9]+,[0-9]+|[-+]?[0-9]{1,3}([, ][0-9]{3})+(\.[0-9]+)?"
)
LONG = 120  # characters above which a value is a text and no name
YEARS = 5  # a day that stands for none lies further than that from every other


# ── no value ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def missing(file: Columns) -> Iterator[Told]:
    """Columns in which nothing is said in several ways, and all the ways of the file."""
    ways = _ways(file)
    hits = [
        Hit(name, min(row for _, row in found.values()), {"column": name, "ways": _list(found), "n": str(len(found))})
        for name, found in ((file.columns[col].name, found) for col, found in ways.items())
        if len(found) > 1
    ]  # fmt: skip
    yield told("file.mixed-missing", len(file.columns), hits)
    everywhere: dict[str, tuple[int, int]] = {}
    for found in ways.values():
        for way, (n, row) in found.items():
            seen = everywhere.get(way, (0, row))
            everywhere[way] = (seen[0] + n, min(seen[1], row))
    said = {"ways": _list(everywhere), "n": str(len(everywhere))}
    yield told("file.ways-to-say-nothing", 1, [Hit(None, None, said)] if len(everywhere) > 2 else [])


def _list(ways: dict[str, tuple[int, int]]) -> str:
    return ", ".join(
        f"{way} ({n:,})" for way, (n, _) in sorted(ways.items(), key=lambda item: (-item[1][0], item[0]))
    )


def _ways(file: Columns) -> dict[int, dict[str, tuple[int, int]]]:
    """How each column says that there is no value: the ways, how often, and the first row."""
    found: dict[int, dict[str, tuple[int, int]]] = {column.index: {} for column in file.columns}
    said = file.query(
        "SELECT col, way, sum(n)::BIGINT, min(row) FROM (SELECT col, n, row, CASE WHEN v IS NULL THEN 'null' "
        "WHEN trim(v) = '' THEN 'empty text' ELSE chr(39) || trim(v) || chr(39) END AS way FROM cells "
        "WHERE v IS NULL OR trim(v) = '' OR lower(trim(v)) IN (SELECT word FROM nothing)) GROUP BY col, way ORDER BY col, way"
    )
    for col, way, n, row in said:
        if way != "'NA'" or not _two_letters(file, file.columns[col]):  # Namibia
            found[col][way] = (n, row)
    for col, way, n, row in _numbers(file):
        found[col][way] = (n, row)
    return found


def _two_letters(file: Columns, column: Column) -> bool:
    [(all_, short)] = file.query(
        f"SELECT count(*), count(*) FILTER (regexp_full_match(v, '[A-Z]{{2}}')) FROM cells WHERE col = {column.index} AND v <> ''"
    )
    return column.whole and all_ > 2 and short >= 0.8 * all_


def _numbers(file: Columns) -> Iterator[tuple[int, str, int, int]]:
    """Numbers that stand for no number, and 0 among texts."""
    cells = f"SELECT col, {words.number('v')} AS v, n, row FROM cells WHERE regexp_full_match(trim(v), '{NUMBER}')"
    candidates = ("0", *words.NEGATIVE, *words.NINES)
    counted = file.query(
        f"SELECT col, v, sum(n)::BIGINT, min(row) FROM ({cells}) WHERE v IN {candidates} GROUP BY col, v ORDER BY col, v"
    )
    if not counted:
        return
    bounds = {
        col: (low, high, others)
        for col, low, high, others in file.query(
            f"SELECT col, min(CAST(v AS DOUBLE)) FILTER (v NOT IN {words.NEGATIVE}), max(CAST(v AS DOUBLE)) "
            f"FILTER (v NOT IN {words.NINES}), count(*) FILTER (v <> '0') FROM ({cells}) GROUP BY col"
        )
    }
    for col, v, n, row in counted:
        column, (low, high, others) = file.columns[col], bounds[col]
        if column.whole and column.kind == "text" and v == "0" and not others:
            yield col, "'0' among texts", n, row
        if column.whole and column.kind == "number":
            alone = v in words.NEGATIVE and low is not None and low >= 0
            if alone or (v in words.NINES and high is not None and float(v) > 5 * max(high, 1)):
                yield col, v, n, row


# ── twins ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def twins(file: Columns) -> Iterator[Told]:
    """Values of a column, or of a family of columns, that differ only by case or by what nobody sees."""
    families = ", ".join(
        f"({column.index}, {quoted(column.family)})" for column in file.columns if column.whole
    )
    if not families:
        return
    names = {column.index: column.name for column in file.columns}
    file.connection.execute(
        "CREATE OR REPLACE TEMP TABLE spelt AS SELECT family, v, plain, lower(plain) AS folded, n, row, col FROM "
        f"(SELECT family, v, {words.plain('v')} AS plain, sum(n)::BIGINT AS n, min(row) AS row, arg_min(col, row) AS col FROM cells "
        f"JOIN (VALUES {families}) AS f(col, family) USING (col) WHERE v <> '' AND length(v) <= {LONG} AND NOT contains(v, '://') "
        "GROUP BY family, v)"
    )
    [(looked_at,)] = file.query("SELECT count(*) FROM spelt")
    spaces = file.query(_twins("v", "plain", "spelt"))
    once = "(SELECT family, plain, folded, sum(n)::BIGINT AS n, min(row) AS row, arg_min(col, row) AS col FROM spelt GROUP BY ALL)"
    cases = file.query(_twins("plain", "folded", once))
    for rule, found in (("file.space-twins", spaces), ("file.case-twins", cases)):
        hits = [Hit(names[col], row, _pair(v, n, other, m)) for v, n, row, col, other, m in found]
        yield told(rule, looked_at, hits)


def _twins(value: str, alike: str, table: str) -> str:
    """Each value that is not the most frequent of those that are alike, with that one."""
    window = f"PARTITION BY family, {alike} ORDER BY n DESC, row"
    return (
        f"SELECT v, n, row, col, other, m FROM (SELECT {value} AS v, n, row, col, first({value}) OVER w AS other, first(n) OVER w AS m "
        f"FROM {table} WINDOW w AS ({window})) WHERE v <> other ORDER BY col, row"
    )


def _pair(value: str, n: int, other: str, m: int) -> dict[str, str]:
    at = next((i for i, (a, b) in enumerate(zip(value, other, strict=False)) if a != b), 0)
    left, right = around(value, at), around(other, at)
    if unicodedata.normalize("NFC", left) == unicodedata.normalize("NFC", right):
        left, right = _points(value, other), _points(other, value)
    return {"value": f"'{left}'", "n": rows(n), "other": f"'{right}'", "m": rows(m)}


def _points(text: str, other: str) -> str:
    """A text with the characters that the other lacks as code points."""
    return "".join(sign if sign in other else f"⟨U+{ord(sign):04X}⟩" for sign in text)


# ── encoding ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def mojibake(file: Columns) -> Iterator[Told]:
    """Values that were read in a wrong encoding, each with what it was."""
    found = file.query(
        f"SELECT col, v, n, row FROM cells WHERE v IS NOT NULL AND {words.garbled('v')} ORDER BY col, row"
    )
    hits = []
    for col, value, n, row in found:
        before = encoding.sound(value)
        if before is not None:
            at = next((i for i, (a, b) in enumerate(zip(value, before, strict=False)) if a != b), -1)
            guess = "letters are lost" if at < 0 else f"'{around(before, at)}' before"
            seen = around(value, value.find(encoding.LOST) if at < 0 else at)
            hits.append(
                Hit(
                    file.columns[col].name,
                    row,
                    {"value": f"'{seen}'", "n": rows(n), "before": guess},
                )
            )
    [(looked_at,)] = file.query("SELECT count(*) FROM cells WHERE v IS NOT NULL")
    yield told("file.mojibake", looked_at, hits)


# ── days and numbers ──────────────────────────────────────────────────────────────────────────────────────────────────


def days(file: Columns) -> Iterator[Told]:
    """Days that a program writes for no day, far from all others of their column."""
    dated = [column for column in file.columns if column.kind == "date"]
    hits = []
    for column in dated:
        found = file.query(
            f"SELECT v, n, row FROM cells WHERE col = {column.index} AND regexp_matches(v, '{words.SENTINEL}') ORDER BY row"
        )
        years = _years(file, column) if found else set()
        hits += [
            Hit(column.name, row, {"column": column.name, "value": cut(value), "n": rows(n)})
            for value, n, row in found
            if not any(abs(year - _year(value)) <= YEARS for year in years)
        ]
    yield told("file.sentinel-date", len(dated), hits)


def _years(file: Columns, column: Column) -> set[int]:
    """The years of the days that are not under suspicion."""
    source = f"cells WHERE col = {column.index} AND" if column.whole else "rows WHERE"
    v = "v" if column.whole else f"c{column.index}"
    found = file.query(
        f"SELECT DISTINCT regexp_extract({v}, '[0-9]{{4}}') FROM {source} {v} IS NOT NULL AND NOT regexp_matches({v}, '{words.SENTINEL}')"
    )
    return {int(year) for (year,) in found if year}


def _year(value: str) -> int:
    found = re.search("[0-9]{4}", value)
    return int(found[0]) if found else 0


def numbers(file: Columns) -> Iterator[Told]:
    """Columns of numbers some of which are written with a comma or with spaces."""
    columns = {
        column.index: column.name
        for column in file.columns
        if column.whole and column.kind in ("number", "text")
    }
    odd = f"regexp_full_match(v, '{_COMMA}')"
    found = file.query(
        f"SELECT col, sum(n)::BIGINT AS all_, coalesce(sum(n) FILTER (regexp_full_match(v, '{NUMBER}')), 0)::BIGINT AS plain, "
        f"sum(n) FILTER ({odd})::BIGINT AS odd, min(row) FILTER ({odd}), arg_min(v, row) FILTER ({odd}) "
        "FROM (SELECT col, trim(v) AS v, n, row FROM cells WHERE trim(v) <> '') WHERE lower(v) NOT IN (SELECT word FROM nothing) "
        "GROUP BY col HAVING odd > 0 AND plain + odd >= 0.9 * all_ ORDER BY col"
    )
    hits = [
        Hit(
            columns[col],
            row,
            {"column": columns[col], "odd": f"{n:,}", "all": f"{all_:,}", "example": example},
        )
        for col, all_, _, n, row, example in found
        if col in columns
    ]
    yield told("file.numbers-as-text", len(columns), hits)
