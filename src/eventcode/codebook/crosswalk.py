"""Crosswalks between codebooks: the rows that one declares, the same read backwards, and several in a row.

A match is read from the source. `exact` and `close` are as good as the same; `broad` says that the target is broader, so detail is
lost; `narrow` that it is narrower, so that it says more than the source did; `none` that there is no counterpart. In a composed crosswalk
`related` is what is left of a broad and a narrow step: the two codes share something, and neither holds the other.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from eventcode.model import Codebook, Crossing

MATCHES = ("exact", "close", "broad", "narrow", "none")
CLOSENESS = (
    "exact",
    "close",
    "broad",
    "narrow",
    "related",
    "none",
)  # of two ways to one code the closer one is kept
BACKWARDS = {"broad": "narrow", "narrow": "broad"}
MAX_STEPS = 3


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """The way from one codebook to another: the steps it takes (`acled`, `plover`) and a row per code and counterpart."""

    source: Codebook
    target: Codebook
    steps: tuple[str, ...]
    rows: tuple[Crossing, ...]

    def of(self, code: str) -> tuple[Crossing, ...]:
        """The rows of one code that lead somewhere."""
        return tuple(row for row in self.rows if row.code == code and row.target_code is not None)


@dataclass(frozen=True, slots=True)
class Loss:
    """What a crosswalk loses: codes of the source without a counterpart, with a broader one only, with several, with a narrower one."""

    none: tuple[str, ...]
    broader: tuple[str, ...]
    several: tuple[str, ...]
    narrower: tuple[str, ...]
    unreached: tuple[str, ...]

    def __str__(self) -> str:
        said = {
            "without a counterpart": self.none, "lose detail": self.broader, "have several counterparts": self.several,
            "would say more than they do": self.narrower,
        }  # fmt: skip
        parts = [f"{len(codes)} {what}" for what, codes in said.items() if codes]
        reached = f"{len(self.unreached)} codes of the target are never reached" if self.unreached else ""
        return "; ".join([*parts, *([reached] if reached else [])]) or "nothing is lost"


def fits(target: Codebook, version: str) -> bool:
    """Whether `version` names the target: its edition, or its version or the beginning of it (`1`, `1.0`)."""
    return version == target.edition or f"{target.version}.".startswith(f"{version}.")


def find(source: Codebook, target: Codebook, others: Iterable[Codebook] = ()) -> Crosswalk | None:
    """The crosswalk with the fewest steps from one codebook to another, through `others` if need be; None where there is none.

    Declared rows are taken before the same read backwards; at most three steps.
    """
    books = {book.id: book for book in (*others, source, target)}
    path = _path(source.id, target.id, books)
    if path is None:
        return None
    rows = tuple(_step(books[path[0]], books[path[1]]))
    for a, b in pairwise(path[1:]):
        rows = tuple(_compose(rows, tuple(_step(books[a], books[b])), a))
    return Crosswalk(source, target, path, _complete(rows, source, target))


def _path(start: str, end: str, books: Mapping[str, Codebook]) -> tuple[str, ...] | None:
    ahead: deque[tuple[str, ...]] = deque([(start,)])
    seen = {start}
    while ahead:
        path = ahead.popleft()
        if path[-1] == end and len(path) > 1:
            return path
        for name in books if len(path) <= MAX_STEPS else ():
            if name not in seen and _joined(books[path[-1]], books[name]):
                seen.add(name)
                ahead.append((*path, name))
    return None


def _joined(a: Codebook, b: Codebook) -> bool:
    return _declares(a, b) or _declares(b, a) or _extends(a, b) or _extends(b, a)


def _declares(a: Codebook, b: Codebook) -> bool:
    return any(row.target_codebook == b.id and row.vocabulary is None for row in a.crosswalks)


def _extends(a: Codebook, b: Codebook) -> bool:
    return (a.extends or "").partition("@")[0] == b.id


def _step(a: Codebook, b: Codebook) -> Iterator[Crossing]:
    """The rows from one codebook to the next, codes only."""
    if _declares(a, b):
        yield from (row for row in a.crosswalks if row.target_codebook == b.id and row.vocabulary is None)
    elif _extends(a, b) or _extends(b, a):
        yield from (_same(a, b, code) for code in a.event_types if code in b.event_types)
    else:
        yield from (
            _back(row, a, b)
            for row in b.crosswalks
            if row.target_codebook == a.id and row.target_code and row.vocabulary is None
        )


def _same(a: Codebook, b: Codebook, code: str) -> Crossing:
    """A code that two codebooks share because one extends the other: the same, unless it was given a definition of its own."""
    ours, theirs = (book.event_types[code] for book in (a, b))
    meaning = ("definition", "includes", "act", "realis", "parent")
    if all(getattr(ours, name) == getattr(theirs, name) for name in meaning):
        return Crossing(code, b.id, b.version, code, "exact", "the same code: one codebook extends the other")
    child = a if _extends(a, b) else b
    return Crossing(
        code, b.id, b.version, code, "close", f"the same code, with a definition of its own in {child.id}"
    )


def _back(row: Crossing, a: Codebook, b: Codebook) -> Crossing:
    """A row read backwards; where it needed fields of the target, the other way is no wider than the code alone."""
    match = BACKWARDS.get(row.match, row.match)
    if row.fields and match in ("exact", "close"):
        match = "narrow"
    return Crossing(
        str(row.target_code), b.id, b.edition or b.version, row.code, match, row.note, place=row.place
    )


def _compose(first: Iterable[Crossing], second: tuple[Crossing, ...], through: str) -> Iterator[Crossing]:
    onward: dict[str, list[Crossing]] = {}
    for row in second:
        onward.setdefault(row.code, []).append(row)
    for row in first:
        for after in onward.get(row.target_code or "", ()):
            match = composed(_alone(row), after.match)
            note = "; ".join(
                dict.fromkeys(
                    text for text in (f"through {through} {row.target_code}", row.note, after.note) if text
                )
            )
            if match == "none":
                yield replace(after, code=row.code, target_code=None, match="none", note=note, fields={})
            else:
                yield replace(after, code=row.code, match=match, note=note)


def _alone(row: Crossing) -> str:
    """The match of a row without the fields that it needs of its target: the code alone is broader."""
    return composed(row.match, "broad") if row.fields else row.match


def composed(first: str, second: str) -> str:
    """The match of two steps in a row."""
    if "none" in (first, second):
        return "none"
    directions = {match for match in (first, second) if match in ("broad", "narrow", "related")}
    if len(directions) > 1:
        return "related"
    if directions:
        return directions.pop()
    return "exact" if (first, second) == ("exact", "exact") else "close"


def _complete(rows: tuple[Crossing, ...], source: Codebook, target: Codebook) -> tuple[Crossing, ...]:
    """One row per code and counterpart, in the order of the source's tree; a code without any gets a row that says so."""
    by_code: dict[str, dict[tuple[str | None, tuple[tuple[str, str], ...]], Crossing]] = {}
    for row in rows:
        own_rows = by_code.setdefault(row.code, {})
        key = (row.target_code, tuple(row.fields.items()))
        if key not in own_rows or CLOSENESS.index(row.match) < CLOSENESS.index(own_rows[key].match):
            own_rows[key] = row
    found: list[Crossing] = []
    for _, kind in source.walk():
        own = [*by_code.get(kind.code, {}).values()]
        led = [row for row in own if row.target_code is not None]
        empty = Crossing(
            kind.code, target.id, target.edition or target.version, None, "none", own[0].note if own else ""
        )
        found += led or [replace(empty, place=own[0].place) if own else empty]
    return tuple(found)


def counterpart(crosswalk: Crosswalk, code: str) -> tuple[str | None, str]:
    """(code of the target, match) that one code can be turned into without a guess; (None, match) where there is none.

    Of several counterparts it is the nearest code of the target that holds them all. A narrower one would say more than the source
    did: the code above it is taken, if there is one.
    """
    rows = [row for row in crosswalk.of(code) if row.match != "related"]
    codes = list(dict.fromkeys(str(row.target_code) for row in rows))
    if not rows:
        return None, "none"
    narrow = {str(row.target_code) for row in rows if row.match == "narrow"}
    if len(codes) == 1 and not narrow:
        return codes[0], rows[0].match
    holding = _above(crosswalk.target, codes, narrow)
    return holding, "broad" if holding else "none"


def implied(crosswalk: Crosswalk, code: str, target: str | None) -> Mapping[str, str]:
    """The fields of the target that a code implies, where one row alone leads to its counterpart."""
    rows = [row for row in crosswalk.of(code) if row.target_code == target]
    return rows[0].fields if len(rows) == 1 else {}


def _above(target: Codebook, codes: list[str], narrow: set[str]) -> str | None:
    """The nearest code that holds all of `codes` and is none of the narrower ones."""
    chains = [(code, *target.ancestors(code)) for code in codes]
    return next(
        (code for code in chains[0] if code not in narrow and all(code in chain for chain in chains)), None
    )


def loss(crosswalk: Crosswalk) -> Loss:
    """What is lost on the way, code by code."""
    own = {
        code: [row for row in crosswalk.of(code) if row.match != "related"] for code in crosswalk.source.codes
    }
    reached = {row.target_code for row in crosswalk.rows}
    return Loss(
        none=tuple(code for code, rows in own.items() if not rows),
        broader=tuple(
            code for code, rows in own.items() if rows and all(row.match == "broad" for row in rows)
        ),
        several=tuple(code for code, rows in own.items() if len({row.target_code for row in rows}) > 1),
        narrower=tuple(
            code for code, rows in own.items() if rows and all(row.match == "narrow" for row in rows)
        ),
        unreached=tuple(code for code in crosswalk.target.codes if code not in reached),
    )
