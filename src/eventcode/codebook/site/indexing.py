"""The search index of a site: light enough to travel with it, searched by `site.js` without any network.

It is inverted: for every stem a line of numbers in base 36, each the distance to the next entry that speaks of it, followed by capital
letters for where the word stands there (`A` is the first of `search.WEIGHTS`). Stems, weights and kinds are those of the command
`eventcode codebook search`, so that page and command find alike.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from eventcode.codebook import search
from eventcode.codebook.site.places import Thing, value_anchors
from eventcode.model import Codebook

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
WHERE = {name: chr(ord("A") + i) for i, name in enumerate(search.WEIGHTS)}
SHOWN = 90  # so much of a definition stands below a hit


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that can be found: its kind, key and label as shown, its address, a few words on it, and the words it is found by."""

    kind: str
    key: str
    label: str
    address: str
    about: str
    parts: Mapping[str, str]


def entries(book: Codebook, places: Mapping[Thing, str]) -> list[Entry]:
    """What can be found in a codebook."""
    found = []
    anchors = {id_: value_anchors(vocabulary) for id_, vocabulary in book.vocabularies.items()}
    for one in search.entries(book):
        about = one.parts.get("definition") or one.parts.get("text", "")
        key, label = (one.parts["code"], one.label) if one.kind == "value" else (one.key, one.label)
        found.append(
            Entry(
                one.kind,
                key,
                label,
                _address(one.kind, one.key, places, anchors),
                shortened(about),
                one.parts,
            )
        )
    return found


def _address(
    kind: str, key: str, places: Mapping[Thing, str], anchors: Mapping[str, Mapping[str, str]]
) -> str:
    if kind == "value":
        vocabulary, _, value = key.partition(": ")
        return f"{places['vocabulary', vocabulary].partition('#')[0]}#{anchors[vocabulary][value]}"
    return places[kind, key.replace(".", "-", 1) if kind == "field" else key]


def shortened(text: str, width: int = SHOWN) -> str:
    """The beginning of a text, cut between words."""
    line = " ".join(text.split())
    return line if len(line) <= width else f"{line[: line.rfind(' ', 0, width)]} …"


def script(found: Sequence[Entry], kinds: Mapping[str, float] = search.KINDS) -> str:
    """The index as a script that a page loads when somebody begins to search."""
    pages = list(dict.fromkeys(one.address.partition("#")[0] for one in found))
    numbers = {page: number for number, page in enumerate(pages)}
    data = {
        "kinds": kinds, "weights": {WHERE[name]: weight for name, weight in search.WEIGHTS.items()}, "line": search.LINE["code"],
        "stop": sorted(search.STOP), "endings": search.ENDINGS,
        "pages": pages, "entries": [_row(one, numbers) for one in found],
        "stems": {stem: _line(where) for stem, where in sorted(inverted(found).items())},
    }  # fmt: skip
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return f"window.searchIndex={text};\n"


def _row(one: Entry, numbers: Mapping[str, int]) -> list[str | int]:
    page, _, anchor = one.address.partition("#")
    return [one.kind, one.key, one.label, numbers[page], anchor, one.about]


def inverted(found: Iterable[Entry]) -> dict[str, dict[int, str]]:
    """stem → number of the entry → letters of where the stem stands in it."""
    index: dict[str, dict[int, str]] = {}
    for number, one in enumerate(found):
        for where, text in one.parts.items():
            for stem in dict.fromkeys(map(search.stem, search.words_of(text))):
                if stem not in search.STOP or where in ("code", "label"):
                    places = index.setdefault(stem, {})
                    places[number] = places.get(number, "") + WHERE[where]
    return index


def _line(places: Mapping[int, str]) -> str:
    told, last = [], 0
    for number, letters in places.items():
        told.append(f"{base36(number - last)}{letters}")
        last = number
    return "".join(told)


def base36(number: int) -> str:
    """A number in base 36."""
    shown = DIGITS[number % 36]
    while number := number // 36:
        shown = DIGITS[number % 36] + shown
    return shown
