"""A little of Turtle (RDF 1.1): enough to write what `skos` says, the same bytes for the same statements."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import quote

PREFIXES = {
    "dct": "http://purl.org/dc/terms/", "owl": "http://www.w3.org/2002/07/owl#", "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "skos": "http://www.w3.org/2004/02/skos/core#", "xsd": "http://www.w3.org/2001/XMLSchema#",
}  # fmt: skip
_ESCAPED = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
FORBIDDEN = re.compile('[\x00-\x20\x7f-\x9f<>"{}|^`\\\\\ud800-\udfff]')  # no IRI holds one of these
TAG = re.compile(  # a language: RFC 5646, without what was never registered
    r"(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}(?:-[a-z]{4})?(?:-(?:[a-z]{2}|[0-9]{3}))?(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*"
    r"(?:-[0-9a-wy-z](?:-[a-z0-9]{2,8})+)*(?:-x(?:-[a-z0-9]{1,8})+)?|x(?:-[a-z0-9]{1,8})+)",
    re.IGNORECASE | re.ASCII,
)
_CONTROL = re.compile("[\x00-\x1f\x7f\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Uri:
    """A resource by its full address, or by a prefixed name such as `skos:Concept`."""

    value: str

    def __str__(self) -> str:
        return (
            self.value
            if self.value.partition(":")[0] in PREFIXES and "/" not in self.value
            else f"<{self.value}>"
        )


@dataclass(frozen=True, slots=True)
class Literal:
    """A text with its language, or plain."""

    value: str
    language: str = ""

    def __str__(self) -> str:
        text = "".join(_ESCAPED.get(letter, letter) for letter in self.value)
        text = _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04X}", text)
        return f'"{text}"' + (f"@{self.language}" if self.language else "")


Statement = tuple[Uri, str, Uri | Literal]


def part(text: str) -> str:
    """A piece of an address: every character that has a meaning there is escaped."""
    return quote(text, safe="-._~")


def write(statements: Iterable[Statement], prefixes: Mapping[str, str] = PREFIXES) -> str:
    """Statements as Turtle, those of one subject together in the order given, each once."""
    kept = [*dict.fromkeys(statements)]
    order = {
        subject: number for number, subject in enumerate(dict.fromkeys(subject for subject, _, _ in kept))
    }
    kept.sort(key=lambda statement: order[statement[0]])
    head = "\n".join(f"@prefix {name}: <{address}> ." for name, address in prefixes.items())
    return (
        "\n\n".join([head, *(_subject(subject, [*some]) for subject, some in groupby(kept, lambda s: s[0]))])
        + "\n"
    )


def _subject(subject: Uri, statements: list[Statement]) -> str:
    lines = []
    for predicate, some in groupby(sorted(statements, key=lambda s: _FIRST.get(s[1], 1)), lambda s: s[1]):
        objects = ",\n        ".join(str(found) for _, _, found in some)
        lines.append(f"{'a' if predicate == 'rdf:type' else predicate} {objects}")
    return f"{subject} " + " ;\n    ".join(lines) + " ."


_FIRST = {"rdf:type": 0}
