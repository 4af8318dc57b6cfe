"""What stands for no value, what stands for no day, and what a wrong encoding looks like: as SQL over one column of text."""

from __future__ import annotations

from eventcode.checks.generated_values import NO_DAYS

NOTHING = frozenset(
    (
        "unknown", "unk", "n/a", "na", "n.a.", "nan", "null", "none", "nil", "nat", "<na>", "#n/a", "missing", "not available",
        "not known", "not stated", "not reported", "not applicable", "unspecified", "undefined", "no data", "?", "-", "--", "–", "—",
        ".", "..", "...", "…",
    )
)  # fmt: skip
NEGATIVE = ("-1", "-9", "-99", "-999", "-9999")  # in a column that has no other number below zero
NINES = ("9", "99", "999", "9999")  # where they lie far above every other number

SENTINELS = ("0001-01-01", *NO_DAYS, "2079-06-06", "9999-12-31", "9999-01-01")
SENTINEL_YEARS = ("0001", "1753", "1899", "1900", "9999")


def number(column: str) -> str:
    """A number as it is compared: -99.0 is -99."""
    return rf"regexp_replace(trim({column}), '\.0+$', '')"


def suspect(column: str) -> str:
    """Whether some rule could find something in a value of a column that has too many to list."""
    years = "|".join(dict.fromkeys(day[:4] for day in SENTINELS))
    return (
        f"{column} IS NULL OR trim({column}) = '' "
        f"OR (length({column}) <= 14 AND lower(trim({column})) IN (SELECT word FROM nothing)) "
        f"OR (length({column}) BETWEEN 4 AND 30 AND regexp_matches({column}, '{years}') AND regexp_matches({column}, '{SENTINEL}')) "
        f"OR {garbled(column)}"
    )


def _spellings(day: str) -> list[str]:
    year, month, date = day.split("-")
    name = ("January", "June", "October", "December")[("01", "06", "10", "12").index(month)]
    numbers = [f"{year}[-/.]{month}[-/.]{date}", f"{year}{month}{date}"]
    named = [f"{int(date):02}[-/.]{month}[-/.]{year}", f"{month}[-/.]{date}[-/.]{year}"]
    short = [f"0?{int(date)}[-/. ]{name[:3]}({name[3:]})?[-/. ]{year}", f"{int(month)}/{int(date)}/{year}"]
    return [*numbers, *named, *short]


SENTINEL = (
    r"^\s*("
    + "|".join([*(form for day in SENTINELS for form in _spellings(day)), *SENTINEL_YEARS])
    + r")([T ].*)?\s*$"
)


def garbled(column: str) -> str:
    """Whether a value may have been read in a wrong encoding: the few that may are looked at closely."""
    return (
        f"(strlen({column}) <> length({column}) AND regexp_matches({column}, "
        r"'[\x{C2}-\x{F4}][^\x{00}-\x{7F}]|\x{FFFD}|[\x{80}-\x{84}\x{86}-\x{9F}]'))"
    )


def plain(column: str) -> str:
    """A value as it looks on a screen: spaces, dashes, quotes and composed letters made alike, what is not seen left out."""
    seen = f"regexp_replace(nfc_normalize({column}), '{_UNSEEN}', '', 'g')"
    for pattern, sign in ((_DASHES, "-"), (_QUOTES, "''"), (_DOUBLE, '"'), (_SPACES, " ")):
        seen = f"regexp_replace({seen}, '{pattern}', '{sign}', 'g')"
    simple = f"strlen({column}) = length({column}) AND NOT regexp_matches({column}, '  |[\\t\\r\\n`]')"
    return f"CASE WHEN {simple} THEN trim({column}) ELSE trim({seen}) END"


_UNSEEN = r"[\x{AD}\x{200B}-\x{200F}\x{202A}-\x{202E}\x{2060}\x{FEFF}]"
_SPACES = r"[\s\x{A0}\x{1680}\x{2000}-\x{200A}\x{202F}\x{205F}\x{3000}]+"
_DASHES = r"[\x{2010}-\x{2015}\x{2212}\x{FE58}\x{FE63}\x{FF0D}]"
_QUOTES = r"[`\x{B4}\x{2018}\x{2019}\x{201B}\x{2BC}]"
_DOUBLE = r"[\x{201C}\x{201D}\x{201E}\x{201F}]"
