"""The sources of an adjudicated reading: those of one reading, and those that borrowed support brings along."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from eventcode.readings import Row


def borrow(
    coder: str, sources: Iterable[Row], row: Row, held: Iterable[Row], borrowed: dict[str, Row]
) -> Row:
    """A support row of another coder's reading, its source renamed `coder.key` and added to `borrowed`.

    The source comes with what it is a part of and with the sources that stand on its way to the page (`via`). The text's own voice is one:
    where `held` or `borrowed` has it, it is that.
    """
    known = {source["key"]: source for source in sources}
    voice = next((source["key"] for source in (*held, *borrowed.values()) if _is_own(source)), None)
    names = {key: voice if voice and _is_own(source) else f"{coder}.{key}" for key, source in known.items()}
    _bring(row["source"], names, known, borrowed)
    return {**row, "source": names.get(row["source"], f"{coder}.{row['source']}")}


def _is_own(source: Row) -> bool:
    return source.get("identity") == "own_voice"


def _bring(key: str, names: Mapping[str, str], known: Mapping[str, Row], borrowed: dict[str, Row]) -> None:
    own = names.get(key, "")
    if own in borrowed or not own.endswith(f".{key}"):
        return
    source = borrowed[own] = {**known[key], "key": own}
    for name in ("part_of", "via"):
        if name in source:
            source[name] = _renamed(source[name], names)
    for other in _named(known[key]):
        _bring(other, names, known, borrowed)


def _renamed(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        return [_renamed(part, names) for part in value]
    return names.get(value, value)


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
