"""Near-duplicates that are only like each other: one family of codes, days apart, places near, actors in common.

Every row is laid into blocks (day, place, actor), and looks for others in the blocks where its like could lie: the days and the cells of a
grid around its own. So the work grows with the rows, and not with their pairs. In a block of more than `CROWD` rows nothing is compared:
its rows are unknown, and counted so.
"""

from __future__ import annotations

from eventcode.checks.scope import key
from eventcode.codebook import views
from eventcode.errors import CodebookError
from eventcode.model import Codebook, Rule
from eventcode.tables import TEXTS

FUZZY = ("family", "km", "same_place", "overlap")
CROWD = 1_000
EARTH = 6371.0088  # km, the mean radius
PARTICIPANTS = "participants"
STEPS = "(VALUES (-1), (0), (1))"


def day(column: str, alias: str = "self") -> str:
    """SQL for a date as a number of days."""
    return f"date_diff('day', DATE '1970-01-01', {alias}.\"{column}\")"


def columns(rule: Rule) -> tuple[str, ...]:
    """The own columns that the options of a rule name or imply."""
    options = rule.options
    named = [*options.get("same_place", ()), *(c for c in options.get("overlap", ()) if c != PARTICIPANTS)]
    implied = [
        *(("event_type",) if options.get("family") else ()),
        *(("lat", "lon") if "km" in options else ()),
    ]
    return (*named, *implied)


def sql(rule: Rule, codebook: Codebook) -> str:
    """The violations: per row the earliest key that it is like, or `unknown` where its block is too large."""
    if len(rule.columns) > 1:
        raise CodebookError("a near-duplicate by likeness has one date", "name one column in columns")
    if PARTICIPANTS in rule.options.get("overlap", ()) and rule.table != "codings":
        raise CodebookError(f"{rule.table} have no participants", "name columns with actors in overlap")
    days = int(rule.options.get("days", 0))
    alike = [
        *(f"w{i}" for i in range(len(rule.options.get("within", ())))),
        *(["root"] if rule.options.get("family") else []),
    ]
    block = [*alike, "d", "p", "a"]
    same = " AND ".join(f"b.{name} = self.{name}" for name in block)
    listed = ", ".join(block)
    close = f" AND abs(b.day - self.day) <= {days}" if rule.columns else ""
    return (
        f"WITH laid AS ({_laid(rule, codebook)}), home AS ({_home(rule, days)}), seek AS ({_seek(rule, days)}), "
        f"crowded AS (SELECT {listed} FROM home GROUP BY {listed} HAVING count(*) > {CROWD}), "
        f"quiet AS (SELECT self.* FROM home AS self ANTI JOIN crowded AS b ON {same}), "
        f"found AS (SELECT self.k, min(b.k) AS other FROM seek AS self JOIN quiet AS b ON {same} AND b.k < self.k{close}"
        f"{_within_km(rule)} GROUP BY self.k), "
        f"lost AS (SELECT DISTINCT self.k FROM home AS self SEMI JOIN crowded AS b ON {same}) "
        f"SELECT k, other, FALSE AS unknown FROM found UNION ALL "
        f"SELECT lost.k, CAST(NULL AS VARCHAR) AS other, TRUE AS unknown FROM lost ANTI JOIN found ON found.k = lost.k"
    )


def _laid(rule: Rule, codebook: Codebook) -> str:
    """The rows that can be like another, with what is compared."""
    options = rule.options
    within = tuple(options.get("within", ()))
    parts = [f"{key(rule.table)} AS k", f"{day(rule.columns[0]) if rule.columns else '0'} AS day"]
    parts += [f'self."{column}" AS w{i}' for i, column in enumerate(within)]
    source, needed = (
        f"{rule.table} AS self",
        [f'self."{column}" IS NOT NULL' for column in (*within, *rule.columns)],
    )
    if options.get("family"):
        parts.append('"type".root AS root')
        source += ' JOIN codes AS "type" ON "type".code = self."event_type"'
    if "km" in options:
        parts.append('self."lat" AS lat, self."lon" AS lon')
    if options.get("same_place"):
        parts.append(_unit(options["same_place"]))
    if options.get("overlap"):
        parts.append(f"{_actors(rule, codebook)} AS actors")
        if PARTICIPANTS in options["overlap"]:
            source += (
                " LEFT JOIN (SELECT coding_id, list(actor_id) AS actors FROM participants WHERE actor_id IS NOT NULL "
                "GROUP BY coding_id) AS acting ON acting.coding_id = self.coding_id"
            )
    return f"SELECT {', '.join(parts)} FROM {source} WHERE {' AND '.join(needed) or 'TRUE'}"


def _unit(names: tuple[str, ...]) -> str:
    """An administrative unit as one text; null where a part of it is."""
    texts = " || '/' || ".join(f"replace(self.\"{name}\", '/', '//')" for name in names)
    return f"{texts} AS unit"


def _actors(rule: Rule, codebook: Codebook) -> str:
    known = views.columns(codebook, rule.table)
    lists = []
    for name in rule.options["overlap"]:
        if name == PARTICIPANTS:
            lists.append("coalesce(acting.actors, [])")
        elif known[name] == TEXTS:
            lists.append(f'coalesce(self."{name}", [])')
        else:
            lists.append(f'CASE WHEN self."{name}" IS NULL THEN [] ELSE [self."{name}"] END')
    joined = lists[0]
    for other in lists[1:]:
        joined = f"list_concat({joined}, {other})"
    return f"list_distinct({joined})"


def _home(rule: Rule, days: int) -> str:
    """Every row in its own blocks."""
    return _spread(rule, f"floor(day / {days + 1}.0)", _cell("band", "0"), "laid", rule.options.get("km"))


def _seek(rule: Rule, days: int) -> str:
    """Every row in its own blocks and those around."""
    ahead = (
        f"SELECT laid.*, step.i FROM laid CROSS JOIN {STEPS} AS step(i)"
        if rule.columns
        else "SELECT laid.*, 0 AS i FROM laid"
    )
    near = f"SELECT laid.*, up.j, side.m FROM ({ahead}) AS laid CROSS JOIN {STEPS} AS up(j) CROSS JOIN {STEPS} AS side(m)"
    cell = _cell("band + j", "m")
    return _spread(
        rule,
        f"floor(day / {days + 1}.0) + i",
        cell,
        f"({ahead}) AS laid",
        rule.options.get("km"),
        f"({near}) AS laid",
    )


def _spread(rule: Rule, when: str, cell: str, rows: str, km: float | None, around: str = "") -> str:
    """Rows with a block of days `d`, of places `p` and of actors `a`; `far` where the place is a cell, in which not all is near."""
    actor = "unnest(actors)" if rule.options.get("overlap") else "''"
    kinds = []
    if km is not None:
        height = _height(km)
        source = f"(SELECT *, floor((lat + 90) / {height!r}) AS band FROM {around or rows} WHERE lat IS NOT NULL AND lon IS NOT NULL)"
        placed = cell.replace("HEIGHT", repr(height)).replace("HALF", repr(km / (2 * EARTH)))
        kinds.append((source, f"'c' || {placed}", "TRUE"))
    if rule.options.get("same_place"):
        kinds.append((f"(SELECT * FROM {rows} WHERE unit IS NOT NULL)", "'u' || unit", "FALSE"))
    kinds = kinds or [(rows, "''", "FALSE")]
    carried = [
        *(f"w{i}" for i in range(len(rule.options.get("within", ())))),
        *(["root"] if rule.options.get("family") else []),
    ]
    own = ", ".join(["k", "day", *carried, *(["lat", "lon"] if km is not None else [])])
    return " UNION ALL ".join(
        f"SELECT {own}, {when} AS d, {place} AS p, {far} AS far, {actor} AS a FROM {source}"
        for source, place, far in kinds
    )


def _height(km: float) -> float:
    """Degrees of latitude of a cell: a little more than the distance."""
    return max(km, 0.001) / 111.0


def _cell(band: str, side: str) -> str:
    """SQL for the name of a cell: its band of latitude, and its place around the earth in cells no narrower than the distance there."""
    edge = f"least(90.0, greatest(abs(({band}) * HEIGHT - 90), abs(({band} + 1) * HEIGHT - 90)) + HEIGHT)"
    width = f"degrees(2 * asin(least(1.0, sin(HALF) / greatest(cos(radians({edge})), 0.000001))))"
    around = f"greatest(1, floor(360 / greatest({width}, 0.00001)))"
    at = f"(floor((lon + 180) / 360 * {around}) + {side})"
    place = f"({at} - {around} * floor({at} / {around}))"
    return f"CAST(CAST({band} AS BIGINT) AS VARCHAR) || ':' || CAST(CAST({place} AS BIGINT) AS VARCHAR)"


def _within_km(rule: Rule) -> str:
    if "km" not in rule.options:
        return ""
    haversine = (
        "pow(sin(radians(b.lat - self.lat) / 2), 2) + cos(radians(self.lat)) * cos(radians(b.lat)) "
        "* pow(sin(radians(b.lon - self.lon) / 2), 2)"
    )
    distance = f"{2 * EARTH!r} * asin(sqrt(least(1.0, {haversine})))"
    return f" AND (NOT self.far OR {distance} <= {rule.options['km']})"
