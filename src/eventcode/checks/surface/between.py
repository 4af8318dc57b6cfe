"""The rules about columns beside each other: codes and their list, ids, parallel lists, rows that are there twice."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import combinations

from eventcode.checks.surface.columns import LOOK, Column, Columns
from eventcode.checks.surface.hints import LIST_SEPARATORS, Hints
from eventcode.checks.surface.told import Hit, Told, rows, told

_ID = "^([A-Za-z]{1,6}[-_])([0-9]{1,8})$"
_NAMED_ID = r"^id$|[_ ]id$|Id$|ID$|uuid$"
FEW = 50  # beginnings of ids in one column, above which they are no sign of it
COMPARED = 60  # columns with lists that are held against each other, two by two
ALIKE = 0.6  # share of rows in which lists that go together have the same length


# ── codes ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def zeros(file: Columns, hints: Hints) -> Iterator[Told]:
    """Codes that lost the zeros in front of them: given the list of a column, or by both forms being there."""
    listed = {column.index: hints.codes[column.name] for column in file.columns if column.name in hints.codes}
    found = [
        (col, *lost) for col, codes in listed.items() for lost in _unlisted(file, file.columns[col], codes)
    ]
    found += [one for one in _both_forms(file) if one[0] not in listed]
    hits = [
        Hit(file.columns[col].name, row, {"value": v, "n": rows(n), "code": code})
        for col, v, n, row, code in sorted(found, key=lambda one: (one[0], one[3]))
    ]
    yield told("file.lost-zeros", sum(column.whole for column in file.columns), hits)


def _unlisted(file: Columns, column: Column, listed: Collection[str]) -> list[tuple[str, int, int, str]]:
    """Values that are no code and become one with zeros in front, or without the `.0` of a number."""
    digits = {code for code in listed if code.isdigit()}
    by_number: dict[str, str] = {}
    for code in sorted(digits, key=len):
        by_number.setdefault(code.lstrip("0"), code)
    found = file.query(
        f"SELECT v, n, row FROM cells WHERE col = {column.index} AND v IS NOT NULL ORDER BY row"
    )
    lost = []
    for value, n, row in found:
        bare = value.strip().removesuffix(".0")
        if bare.isdigit() and value.strip() not in digits:
            code = bare if bare in digits else by_number.get(bare.lstrip("0"), "")
            if code:
                lost.append((value, n, row, code))
    return lost


def _both_forms(file: Columns) -> list[tuple[int, str, int, int, str]]:
    """Values of digits that stand in one column with zeros in front and without."""
    found = file.query(
        "WITH d AS (SELECT col, v, n, row, ltrim(v, '0') AS bare FROM cells WHERE regexp_full_match(v, '[0-9]+')) "
        "SELECT a.col, a.v, a.n, a.row, min(b.v) FROM d a JOIN d b ON b.col = a.col AND b.bare = a.bare AND length(b.v) > length(a.v) "
        "WHERE a.bare <> '' GROUP BY ALL"
    )
    return [one for one in found if file.columns[one[0]].whole and file.columns[one[0]].kind != "date"]


# ── ids ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


def ids(file: Columns, hints: Hints) -> Iterator[Told]:
    """Ids of one column that stand in another, where most values look otherwise."""
    patterns = _patterns(file, hints)
    columns = [column for column in file.columns if column.whole and column.kind == "text"]
    hits = []
    for family, pattern in patterns.items():
        own = next(column.name for column in file.columns if column.family == family)
        like: dict[int, list[tuple[str, int, int]]] = {}
        for col, *one in file.query(
            f"SELECT col, v, n, row FROM cells WHERE regexp_full_match(v, '{pattern}') ORDER BY col, row"
        ):
            like.setdefault(col, []).append((one[0], one[1], one[2]))
        for column in columns:
            if column.family == family or patterns.get(column.family) == pattern:
                continue
            found = like.get(column.index, [])
            if found and 2 * len(found) < column.values:
                hits += [
                    Hit(column.name, row, {"value": v, "n": rows(n), "column": column.name, "own": own})
                    for v, n, row in found
                ]
    yield told("file.foreign-id", len(columns) if patterns else 0, hits)


def _patterns(file: Columns, hints: Hints) -> dict[str, str]:
    """How the ids of each family of columns are written: their beginnings, and how many digits they have."""
    columns = [
        column
        for column in file.columns
        if column.kind == "text" and (hints.ids is None or column.name in hints.ids)
    ]
    if not columns:
        return {}
    families = [*dict.fromkeys(column.family for column in columns)]
    numbers = ", ".join(f"({column.index}, {families.index(column.family)})" for column in columns)
    parts = ["SELECT col, v FROM cells"]
    parts += [
        f"(SELECT {c.index} AS col, c{c.index} AS v FROM rows LIMIT {LOOK})" for c in columns if not c.whole
    ]
    found = file.query(
        f"WITH seen AS (SELECT DISTINCT family, v, regexp_extract(v, '{_ID}', ['start', 'number']) AS id FROM "
        f"({' UNION ALL '.join(parts)}) JOIN (VALUES {numbers}) AS f(col, family) USING (col) WHERE v <> '') "
        "SELECT family, list(DISTINCT id.start) FILTER (id.number <> ''), min(length(id.number)) FILTER (id.number <> ''), "
        "max(length(id.number)) FROM seen GROUP BY family HAVING count(*) FILTER (id.number <> '') >= greatest(3, 0.9 * count(*))"
    )
    return {
        families[family]: f"({'|'.join(sorted(starts))})[0-9]{{{low},{high}}}"
        for family, starts, low, high in found
        if len(starts) <= FEW
    }


# ── lists ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def lists(file: Columns, hints: Hints, cap: int | None) -> Iterator[Told]:
    """Rows in which lists that go together item by item have different lengths."""
    hits: list[Hit] = []
    failed = looked_at = 0
    for columns, separator in _parallel(file, hints):
        lengths = [_length(column, separator) for column in columns]
        differs = f"least({', '.join(lengths)}) <> greatest({', '.join(lengths)}) AND greatest({', '.join(lengths)}) > 1"
        [(n, wrong)] = file.query(
            f"SELECT count(*) FILTER (greatest({', '.join(lengths)}) > 0), count(*) FILTER ({differs}) FROM rows"
        )
        looked_at, failed = looked_at + n, failed + wrong
        limit = "" if cap is None else f" LIMIT {cap}"
        for row, *counts in file.query(
            f"SELECT row, {', '.join(lengths)} FROM rows WHERE {differs} ORDER BY row{limit}"
        ):
            said = ", ".join(f"{column.name} {n}" for column, n in zip(columns, counts, strict=True))
            hits.append(Hit(columns[0].name, row, {"lengths": said, "separator": separator}))
    yield told("file.parallel-lists", looked_at, hits, failed)


def _length(column: Column, separator: str) -> str:
    """How many items a list has; an empty one has none."""
    c = f"trim(c{column.index}, ' {separator}')"
    return f"(CASE WHEN coalesce({c}, '') = '' THEN 0 ELSE 1 + length({c}) - length(replace({c}, '{separator}', '')) END)"


def _parallel(file: Columns, hints: Hints) -> list[tuple[list[Column], str]]:
    if hints.parallel is not None:
        groups = [file.named(names) for names in hints.parallel]
        return [(columns, _separator(file, columns)) for columns in groups if len(columns) > 1]
    found = []
    for separator in LIST_SEPARATORS:
        columns = _with_lists(file, separator)
        found += [(group, separator) for group in _grouped(file, columns, separator)]
    return found


def _separator(file: Columns, columns: Sequence[Column]) -> str:
    """The sign that parts the items, the one that is there most often."""
    counts = {sign: sum(n for _, n in _separated(file, columns, sign)) for sign in LIST_SEPARATORS}
    return max(counts, key=lambda sign: counts[sign])


def _separated(file: Columns, columns: Sequence[Column], separator: str) -> list[tuple[Column, int]]:
    counts = file.figures(
        [f"count(*) FILTER (contains(c{column.index}, '{separator}'))" for column in columns]
    )
    return [*zip(columns, counts, strict=True)]


def _with_lists(file: Columns, separator: str) -> list[Column]:
    """Columns in which at least two rows in a hundred hold a list."""
    texts = [column for column in file.columns if column.kind in ("text", "date")]
    return [column for column, n in _separated(file, texts, separator) if n >= max(2, 0.02 * file.rows)]


def _grouped(file: Columns, columns: Sequence[Column], separator: str) -> Iterator[list[Column]]:
    """The columns whose lists mostly have the same length, in groups."""
    if len(columns) > COMPARED:
        return
    pairs = [*combinations(columns, 2)]
    shares = []
    for a, b in pairs:
        x, y = _length(a, separator), _length(b, separator)
        shares += [
            f"count(*) FILTER (greatest({x}, {y}) > 1)",
            f"count(*) FILTER (greatest({x}, {y}) > 1 AND {x} = {y})",
        ]
    counts = file.figures(shares)
    groups: list[list[Column]] = []
    for (a, b), lists_, alike in zip(pairs, counts[::2], counts[1::2], strict=True):
        if lists_ and alike >= ALIKE * lists_:
            group = next((g for g in groups if a in g or b in g), None)
            if group is None:
                groups.append(group := [])
            group += [column for column in (a, b) if column not in group]
    yield from groups


# ── rows ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def same(file: Columns, hints: Hints, cap: int | None) -> Iterator[Told]:
    """Rows that are there twice, whatever tells rows apart (the key) left aside."""
    key = _key(file, hints)
    names = [f"c{column.index}" for column in file.columns if column is not key]
    if not names:
        return
    listed = ", ".join(names)
    file.connection.execute(
        f"CREATE OR REPLACE TEMP TABLE hashed AS SELECT row, hash({listed}) AS h FROM rows"
    )
    twice = "SELECT h FROM hashed GROUP BY h HAVING count(*) > 1"
    file.connection.execute(
        f"CREATE OR REPLACE TEMP TABLE twice AS SELECT row, min(row) OVER (PARTITION BY {listed}) AS first FROM rows "
        f"WHERE row IN (SELECT row FROM hashed WHERE h IN ({twice}))"
    )
    [(failed,)] = file.query("SELECT count(*) FROM twice WHERE row > first")
    limit = "" if cap is None else f" LIMIT {cap}"
    but = f" but for {key.name}" if key else ""
    found = file.query(f"SELECT row, first FROM twice WHERE row > first ORDER BY row{limit}")
    hits = [Hit(None, row, {"row": f"{row:,}", "first": f"{first:,}", "but": but}) for row, first in found]
    yield told("file.duplicate-rows", file.rows, hits, failed)


def _key(file: Columns, hints: Hints) -> Column | None:
    """The column that tells rows apart: the one that is named, or one that is called an id and has no value twice."""
    if hints.key is not None:
        return next(iter(file.named([hints.key])), None)
    named = [
        column
        for column in file.columns
        if re.search(_NAMED_ID, column.name) and column.values >= 0.9 * file.rows
    ]
    for column in named:
        [(all_, different)] = file.query(
            f"SELECT count(c{column.index}), count(DISTINCT c{column.index}) FROM rows"
        )
        if all_ == different == file.rows:
            return column
    return None
