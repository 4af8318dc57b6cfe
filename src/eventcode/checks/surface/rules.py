"""The rules of the surface, with their reasons and examples. An example is a file: columns by name, each a list of texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from eventcode.model import Rule

TABLE = "file"
File = Mapping[str, Sequence[str | None]]


def _rule(
    name: str,
    message: str,
    hint: str,
    why: str,
    passes: Sequence[File],
    fails: Sequence[File],
    *,
    severity: str = "warning",
) -> Rule:
    examples: dict[str, tuple[Mapping[str, Any], ...]] = {"pass": tuple(passes), "fail": tuple(fails)}
    return Rule(
        id=f"file.{name}", table=TABLE, severity=severity, message=message, hint=hint, why=why, kind="surface", examples=examples,
    )  # fmt: skip


_ALL = (
    _rule(
        "mixed-missing",
        "{column} says in {n} ways that there is no value: {ways}",
        "find out what each of them means, and say in the map which missing reason each becomes",
        "Two ways to write nothing are two values in every count, and may mean different things: not asked, not told, not there.",
        [{"party": ["Reform", "", "Unity", ""]}, {"deaths": ["0", "4", "99", "210"]}],
        [{"party": ["Reform", "", "Unknown", None]}, {"deaths": ["0", "4", "-99", "", "3"]}],
    ),
    _rule(
        "ways-to-say-nothing",
        "the file says in {n} ways that there is no value: {ways}",
        "ask the producer for one way in all columns, or list every way in the map",
        "Who reads one column with the habits of another takes a gap for a value.",
        [{"place": ["Velmar", ""], "party": ["", "Reform"]}],
        [{"place": ["Velmar", ""], "party": ["Unknown", "Reform"], "actor": [None, "Guards"]}],
        severity="flag",
    ),
    _rule(
        "case-twins",
        "{value} ({n}) differs from {other} ({m}) only by capital letters",
        "if they are the same, write them alike",
        "A name in two spellings is two names in every table that counts them.",
        [{"party": ["NRC", "NRC", "NRC-United"]}],
        [{"party": ["NRC", "NRC", "Nrc"]}, {"actor1": ["Guards", "Army"], "actor2": ["", "guards"]}],
    ),
    _rule(
        "space-twins",
        "{value} ({n}) looks like {other} ({m}) and is not the same text",
        "replace no-break and doubled spaces, invisible characters, and look-alike dashes and quotes by the plain ones",
        "What differs only in signs that nobody sees is joined and counted apart all the same.",
        [{"place": ["Al-Qara", "Al Qara", "Alqara"]}],
        [{"place": ["Al Qara", "Al\u00a0Qara"]}, {"place": ["Velmar", "Velmar "]}, {"place": ["Qurra", "Qurra\u200b"]},
         {"place": ["Al-Qara", "Al\u2013Qara"]}, {"place": ["Vélmar", "Ve\u0301lmar"]}],
    ),
    _rule(
        "mojibake",
        "{value} ({n}) was read in a wrong encoding: {before}",
        "read the file again in the encoding in which it was written, mostly UTF-8",
        "A garbled name matches nothing, and letters that became � cannot be had back.",
        [{"name": ["Côte d’Ivoire", "São Tomé", "Åland", "Ñandú", "CAFÉ–BAR", "Úžice", "Молдова", "Ελλάδα", "العراق", "L’Île “bleue”"]}],
        [{"name": ["CÃ´te dâ€™Ivoire"]}, {"name": ["SÃ£o TomÃ©"]}, {"name": ["Ð\u009cÐ¾Ð»Ð´Ð¾Ð²Ð°"]}, {"name": ["Velm\ufffdr"]}],
    ),
    _rule(
        "lost-zeros",
        "'{value}' ({n}) has lost something that the code {code} has",
        "read codes as text; a program that took them for numbers has dropped the zeros in front",
        "Without its zero a code is another code, or none: 010 and 10 are different acts.",
        [{"code": ["010", "020", "100"]}],
        [{"code": ["010", "10", "020"]}],
    ),
    _rule(
        "sentinel-date",
        "{column} is {value} ({n}), which programs write where there is no day",
        "leave the day empty, and say why",
        "The first or last day that a program knows becomes the oldest or newest event of the file.",
        [{"date": ["2025-05-03", "2025-05-04"]}, {"date": ["1969-12-01", "1970-01-01", "1970-02-01"]}],
        [{"date": ["2025-05-03", "1900-01-01"]}, {"date": ["2025-05-03 00:00:00", "9999-12-31 00:00:00"]},
         {"event_date": ["03 May 2025", "01 January 1970"]}, {"year": ["2025", "1753"]}],
    ),
    _rule(
        "parallel-lists",
        "lists that go together item by item have different lengths: {lengths}",
        "give every list an item for each, empty ones too, and take '{separator}' out of the items",
        "Which date belongs to which source is said by nothing but the place in the list.",
        [{"office": ["A;B", "C", "D;E"], "day": ["2025-05-03;2025-05-04", "2025-05-05", "2025-05-06;2025-05-06"]}],
        [{"office": ["A;B", "C;F", "D;E", "G;H"], "day": ["2025-05-03;2025-05-04", "2025-05-05;2025-05-05",
                                                        "2025-05-06;2025-05-06", "2025-05-06"]}],
    ),
    _rule(
        "foreign-id",
        "'{value}' ({n}) stands in {column} and is an id of {own}",
        "look the name up that belongs here",
        "An id in a column of names is counted as one more name, and says that two cells were mixed up.",
        [{"actor_id": ["AA-101", "AA-102", "AA-103", "AA-104"], "party": ["Reform", "Unity", "A-1 Bloc", ""]}],
        [{"actor_id": ["AA-101", "AA-102", "AA-103", "AA-104"], "party": ["Reform", "Unity", "AA-103", ""]}],
    ),
    _rule(
        "numbers-as-text",
        "{odd} of {all} numbers in {column} are written with a comma or with spaces, as '{example}'",
        "write 1234.5: a point before the decimals and nothing between the thousands",
        "One program reads 1,234 as a thousand and another as one and a bit; a third drops it.",
        [{"latitude": ["33.5", "34.25", "36.1"]}],
        [{"latitude": ["33,5", "34,25", "36,1"]}, {"deaths": ["3", "1,200", "7"]}],
    ),
    _rule(
        "duplicate-rows",
        "row {row} is the same as row {first}{but}",
        "if both stand for one event, keep one of them; if not, look for the column that should tell them apart",
        "A row that is there twice is mostly one event counted as two.",
        [{"id": ["1", "2"], "place": ["Velmar", "Qurra"]}],
        [{"place": ["Velmar", "Qurra", "Velmar"]}, {"id": ["1", "2"], "place": ["Velmar", "Velmar"]}],
    ),
)  # fmt: skip
RULES: Mapping[str, Rule] = {rule.id: rule for rule in _ALL}
