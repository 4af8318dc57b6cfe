"""Generated rules about values that no codebook writes down again: spans that fit their precision, days that stand for none, bounds."""

from __future__ import annotations

import re
from collections.abc import Iterator

from eventcode import dates
from eventcode.checks.expression import literals
from eventcode.model import Codebook, Field, Rule

# The first and last days that programs know, and the days from which they count.
NO_DAYS = (
    "1582-10-15",
    "1601-01-01",
    "1753-01-01",
    "1899-12-30",
    "1899-12-31",
    "1900-01-01",
    "1904-01-01",
    "1970-01-01",
)
_LAST_YEAR = 9999
AHEAD = ("planned", "possible", "negated")  # what may lie ahead of the document that tells of it
_NUMBERS = ("integer", "number")


def dated(table: str, name: str) -> Iterator[Rule]:
    """The span of a date and its precision; and days that a program writes where there is none."""
    start, end, precision = (f'self."{name}_{part}"' for part in ("start", "end", "precision"))
    shown = f"{name} from {{{name}_start}} to {{{name}_end}}"
    both = f"{start} IS NOT NULL AND {end} IS NOT NULL AND {start} <= {end}"
    yield Rule(
        id=f"{table}.{name}-span", table=table, severity="error", field=name, generated=True, when=both,
        require=_fits(start, end, precision), message=f"{shown} is not of the precision '{{{name}_precision}}'", hint=dates.HINT,
    )  # fmt: skip
    days = ", ".join(f"DATE '{day}'" for day in NO_DAYS)
    yield Rule(
        id=f"{table}.{name}-placeholder", table=table, severity="warning", field=name, generated=True,
        when=f"{start} IS NOT NULL OR {end} IS NOT NULL",
        require=f"NOT coalesce({start} IN ({days}) OR year({start}) IN (1, {_LAST_YEAR}), FALSE) "
        f"AND NOT coalesce({end} IN ({days}) OR year({end}) IN (1, {_LAST_YEAR}), FALSE)",
        message=f"{shown} is a day that programs write where there is none",
        hint="leave the date empty and say why, if nobody knows the day",
    )  # fmt: skip


def _fits(start: str, end: str, precision: str) -> str:
    """Whether the days from `start` to `end` are one day, month, season, year or decade, as the precision says."""
    last = f"(day({end}) = 31 OR (day({end}) = 30 AND month({end}) IN (4, 6, 9, 11)) OR (day({end}) >= 28 AND month({end}) = 2))"
    whole = f"day({start}) = 1 AND {last}"
    year = f"{whole} AND month({start}) = 1 AND month({end}) = 12"
    spans = {
        "day": f"{start} = {end}",
        "month": f"{whole} AND year({start}) = year({end}) AND month({start}) = month({end})",
        "season": f"{whole} AND month({start}) IN (3, 6, 9, 12) AND {end} - {start} BETWEEN 89 AND 91",
        "year": f"{year} AND year({start}) = year({end})",
        "decade": f"{year} AND year({start}) % 10 = 0 AND year({end}) = year({start}) + 9",
    }
    cases = " ".join(
        f"WHEN {precision} IN ({literals((name, f'about_{name}'))}) THEN {span}"
        for name, span in spans.items()
    )
    return f"CASE {cases} ELSE TRUE END"


def bounded(codebook: Codebook) -> Iterator[Rule]:
    """Numbers called low, best and high (`deaths_low`, `deaths_best`, `deaths_high`) are in that order.

    A rule of the codebook that compares two of them takes the place of the generated one.
    """
    written = [rule for rule in codebook.rules.values() if rule.require]
    for low in codebook.fields.values():
        found = re.fullmatch("(.*_)?low", low.name)
        if not found or low.type not in _NUMBERS:
            continue
        best, high = (_number(codebook, low, f"{found[1] or ''}{name}") for name in ("best", "high"))
        pairs = [(low, best, "low"), (best, high, "high"), *([] if best else [(low, high, "low")])]
        for less, more, end in pairs:
            if less and more and not any(_compares(rule, less, more) for rule in written):
                yield _in_order(less, more, low if end == "low" else more)


def _number(codebook: Codebook, low: Field, name: str) -> Field | None:
    field = codebook.fields.get((low.table, name))
    return field if field and field.type in _NUMBERS else None


def _compares(rule: Rule, less: Field, more: Field) -> bool:
    said = f"{rule.when or ''} {rule.require}"
    return rule.table == less.table and all(re.search(rf"\b{field.name}\b", said) for field in (less, more))


def _in_order(less: Field, more: Field, of: Field) -> Rule:
    small, large = (f'self."{field.name}"' for field in (less, more))
    return Rule(
        id=f"{of.table}.{of.name}-bounds", table=of.table, severity="error", field=of.name, generated=True,
        when=f"{small} IS NOT NULL AND {large} IS NOT NULL", require=f"{small} <= {large}",
        message=f"{less.name} is {{{less.name}}} and {more.name} is {{{more.name}}}",
        hint="the low number is at most the best, and the best at most the high",
    )  # fmt: skip


def placed(codebook: Codebook) -> Iterator[Rule]:
    """A latitude never stands without its longitude (`lat` and `lon`, `actor1_lat` and `actor1_lon`), nor the other way round.

    A rule of the codebook that asks whether both are there takes the place of the generated one.
    """
    written = [rule for rule in codebook.rules.values() if rule.require]
    for lat in codebook.fields.values():
        found = re.fullmatch("(.*_)?lat", lat.name)
        lon = _number(codebook, lat, f"{found[1] or ''}lon") if found and lat.type in _NUMBERS else None
        if lon is None or any(_both_there(rule, lat, lon) for rule in written):
            continue
        north, east = (f'self."{field.name}"' for field in (lat, lon))
        yield Rule(
            id=f"{lat.table}.{lat.name}-with-lon", table=lat.table, severity="error", field=lat.name,
            generated=True, when=f"{north} IS NOT NULL OR {east} IS NOT NULL",
            require=f"{north} IS NOT NULL AND {east} IS NOT NULL",
            message=f"{lat.name} is {{{lat.name}}} and {lon.name} is {{{lon.name}}}", hint="give both, or neither",
        )  # fmt: skip


def _both_there(rule: Rule, *fields: Field) -> bool:
    said = str(rule.require)
    asked = (re.search(rf"\b{field.name} is (not )?null", said, re.IGNORECASE) for field in fields)
    return rule.table == fields[0].table and all(asked)


_WORDS = r"[^()\\[\]{}.*+?^$]+"


def spelt(pattern: str) -> tuple[str, tuple[str, ...]]:
    """How to write what must match a pattern; and the words, where it is nothing but words, alone or two of them joined by a sign."""
    found = re.fullmatch(rf"\(?({_WORDS})\)?(?:\(([^\w\s])\(\1\)\)\?)?", pattern)
    words = tuple(found[1].split("|")) if found else ()
    if found is None or len(words) < 2:
        return f"it must match {pattern}", ()
    two = f", or two of them joined by '{found[2]}'" if found[2] else ""
    return f"write {', '.join(words[:-1])} or {words[-1]}{two}", words


def reported(codebook: Codebook) -> Iterator[Rule]:
    """An act that took place began no later than the document that tells of it.

    A rule of the codebook that compares the two days takes the place of the generated one.
    """
    if any(("codings", name) not in codebook.fields for name in ("date", "realis")):
        return
    for rule in codebook.rules.values():
        said = f"{rule.when or ''} {rule.require or ''}"
        if rule.table == "codings" and "date_start" in said and "document.published_at_end" in said:
            return
    yield Rule(
        id="codings.date-reported", table="codings", severity="error", field="date", generated=True,
        when='self."date_start" IS NOT NULL AND document.published_at_end IS NOT NULL '
        f"AND coalesce(self.realis, '') NOT IN ({literals(AHEAD)})",
        require='self."date_start" <= document.published_at_end',
        message="told as {realis}, it begins on {date_start}, and the document that tells of it is of {document.published_at_end}",
        hint="check the year of both dates; an act that is only announced is planned",
    )  # fmt: skip
