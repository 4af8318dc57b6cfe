"""The sources of an adjudicated reading: those of one reading, and those that borrowed support brings along."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from eventcode.readings import Row


def borrow(coder: str, sources: Iterable[Row], row: Row, borrowed: dict[str, Row]) -> Row:
    """A support row of another coder's reading, its source renamed `coder.key` and added to `borrowed`.

    The source comes with what it is a part of and with the sources that stand on its way to the page (`via`).
    """
    known = {source["key"]: source for source in sources}
    _bring(coder, row["source"], known, borrowed)
    return {**row, "source": f"{coder}.{row['source']}"}


def _bring(coder: str, key: str, known: Mapping[str, Row], borrowed: dict[str, Row]) -> None:
    own = f"{coder}.{key}"
    if key not in known or own in borrowed:
        return
    source = borrowed[own] = {**known[key], "key": own}
    for name in ("part_of", "via"):
        if name in source:
            source[name] = _renamed(coder, source[name], known)
    for other in _named(known[key]):
        _bring(coder, other, known, borrowed)


def _renamed(coder: str, value: Any, known: Mapping[str, Row]) -> Any:
    if isinstance(value, list):
        return [_renamed(coder, part, known) for part in value]
    return f"{coder}.{value}" if value in known else value


def _named(source: Row) -> list[str]:
    """Keys of other sources that a source may name: the whole that it is part of, and stations on its way."""
    whole = source.get("part_of")
    return [*([whole] if whole else []), *source.get("via", ())]


def used(sources: Iterable[Row], codings: Sequence[Mapping[str, Any]]) -> list[Row]:
    """The sources of a reading that support a report, and those that they name."""
    rows = {row["key"]: row for row in sources}
    wanted = {support["source"] for coding in codings for support in coding.get("support", ())}
    frontier = list(wanted)
    while frontier:
        for key in _named(rows.get(frontier.pop(), {})):
            if key in rows and key not in wanted:
                wanted.add(key)
                frontier.append(key)
    return [row for key, row in rows.items() if key in wanted]
