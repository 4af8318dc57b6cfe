"""A codebook as SKOS: a concept scheme for its tree and one for each vocabulary, with crosswalks as mappings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from eventcode.codebook.turtle import FORBIDDEN, PREFIXES, TAG, Literal, Statement, Uri, part, write
from eventcode.errors import EventcodeError
from eventcode.model import Codebook, Crossing, EventType, Example, Term, Vocabulary

BASE = "urn:eventcode:codebook:"
LICENCES = {
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/", "CC-BY-SA-4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
    "CC-BY-NC-4.0": "https://creativecommons.org/licenses/by-nc/4.0/", "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
}  # fmt: skip
MATCHES = {
    "exact": "skos:exactMatch",
    "close": "skos:closeMatch",
    "broad": "skos:broadMatch",
    "narrow": "skos:narrowMatch",
}
SHOWN = 12  # examples of one code
_SCHEME = re.compile(r"(https?(?=://[^/?#:@])|(?!https?:)[a-z][a-z0-9+.-]*):.", re.IGNORECASE)


def turtle(codebook: Codebook, base: str = BASE, language: str = "en") -> str:
    """The codebook in Turtle. `base` begins every address: `https://example.org/codebooks/`; by default they are URNs.

    EventcodeError for a base that begins no address, and a language that is no BCP 47 tag.
    """
    if not TAG.fullmatch(language):
        raise EventcodeError(
            f"'{language}' is no tag of a language", "write one of BCP 47: en, pt-BR, zh-Hant"
        )
    return write(_Scheme(codebook, _base(base), language).statements())


def _base(base: str) -> str:
    """The beginning of every address, with a mark at its end that parts it from what follows."""
    scheme = _SCHEME.match(base)
    if not scheme or scheme[1].lower() in PREFIXES or FORBIDDEN.search(base):
        raise EventcodeError(
            f"'{base}' begins no address", "write a whole one, without spaces: https://example.org/codebooks/"
        )
    return base if base.endswith(("/", "#", ":")) else f"{base}{_joint(base)}"


def _joint(base: str) -> str:
    return ":" if base.lower().startswith("urn:") else "/"


class _Scheme:
    def __init__(self, codebook: Codebook, base: str, language: str) -> None:
        self.book, self.base, self.language = codebook, base, language
        self.joint = _joint(base)

    def statements(self) -> Iterator[Statement]:
        """Everything that is said, scheme by scheme."""
        if self.book.event_types:
            yield from self._tree()
        for vocabulary in self.book.vocabularies.values():
            yield from self._vocabulary(vocabulary)
        yield from self._mappings()

    def uri(self, book: str, *parts: str) -> Uri:
        """An address below a codebook's."""
        return Uri(self.base + self.joint.join(part(piece) for piece in (book, *parts)))

    def text(self, text: str) -> Literal:
        """A text in the language of the codebook."""
        return Literal(" ".join(text.split()), self.language)

    # ── the tree ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def _tree(self) -> Iterator[Statement]:
        book, scheme = self.book, self.uri(self.book.id)
        yield from self._scheme(scheme, book.title, book.description)
        for reference in book.references:
            yield scheme, "dct:source", self.text(reference)
        for author in book.authors:
            yield scheme, "dct:creator", Literal(str(author["name"]))
        labels = _labels({code: kind.label for code, kind in book.event_types.items()})
        for kind in book.event_types.values():
            yield from self._code(scheme, kind, labels[kind.code])

    def _scheme(self, scheme: Uri, title: str, description: str) -> Iterator[Statement]:
        book = self.book
        yield scheme, "rdf:type", Uri("skos:ConceptScheme")
        yield scheme, "skos:prefLabel", self.text(title)
        yield scheme, "dct:title", self.text(title)
        if description:
            yield scheme, "dct:description", self.text(description)
        licence = LICENCES.get(book.licence)
        yield scheme, "dct:license", Uri(licence) if licence else Literal(book.licence)
        yield scheme, "owl:versionInfo", Literal(book.version)
        yield scheme, "dct:identifier", Literal(book.reference)

    def _code(self, scheme: Uri, kind: EventType, label: str) -> Iterator[Statement]:
        concept = self.code(kind.code)
        yield from self._concept(concept, scheme, kind.code, label)
        yield concept, "skos:definition", self.text(kind.definition)
        yield from self._place(
            concept,
            scheme,
            kind.parent and self.code(kind.parent),
            [c.code for c in self.book.children(kind.code)],
        )
        for text in kind.includes:
            yield concept, "skos:scopeNote", self.text(f"Includes: {text}")
        for exclude in kind.excludes:
            see = f" (see {exclude.see})" if exclude.see else ""
            yield concept, "skos:scopeNote", self.text(f"Excludes: {exclude.text}{see}")
            if (
                exclude.see in self.book.event_types
                and exclude.see
                and not self._in_line(kind.code, exclude.see)
            ):
                yield concept, "skos:related", self.code(exclude.see)
                yield self.code(exclude.see), "skos:related", concept
        if kind.note:
            yield concept, "skos:editorialNote", self.text(kind.note)
        for example in self.book.examples_of(kind.code)[:SHOWN]:
            yield concept, "skos:example", self.text(_told(example))

    def code(self, code: str) -> Uri:
        """The concept of a code."""
        return self.uri(self.book.id, "code", code)

    def _in_line(self, code: str, other: str) -> bool:
        """Whether one code stands above the other: what is broader cannot be related as well (S27)."""
        return code == other or code in self.book.ancestors(other) or other in self.book.ancestors(code)

    def _concept(self, concept: Uri, scheme: Uri, notation: str, label: str) -> Iterator[Statement]:
        yield concept, "rdf:type", Uri("skos:Concept")
        yield concept, "skos:inScheme", scheme
        yield concept, "skos:notation", Literal(notation)
        yield concept, "skos:prefLabel", self.text(label)

    def _place(
        self, concept: Uri, scheme: Uri, above: Uri | str | None, below: list[str]
    ) -> Iterator[Statement]:
        if isinstance(above, Uri):
            yield concept, "skos:broader", above
        else:
            yield concept, "skos:topConceptOf", scheme
            yield scheme, "skos:hasTopConcept", concept
        for code in below:
            yield concept, "skos:narrower", self.code(code)

    # ── vocabularies ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _vocabulary(self, vocabulary: Vocabulary) -> Iterator[Statement]:
        scheme = self.uri(self.book.id, "vocabulary", vocabulary.id)
        yield from self._scheme(scheme, vocabulary.title, vocabulary.definition)
        values = {*vocabulary.values}
        labels = _labels({term.value: term.label for term in vocabulary.terms})
        for term in vocabulary.terms:
            yield from self._term(vocabulary.id, scheme, term, values, labels[term.value])

    def _term(
        self, vocabulary: str, scheme: Uri, term: Term, values: set[str], label: str
    ) -> Iterator[Statement]:
        concept = self.value(vocabulary, term.value)
        yield from self._concept(concept, scheme, term.value, label)
        if term.definition:
            yield concept, "skos:definition", self.text(term.definition)
        above = self.value(vocabulary, term.parent) if term.parent in values and term.parent else None
        yield from self._place(concept, scheme, above, [])
        if above:
            yield above, "skos:narrower", concept

    def value(self, vocabulary: str, value: str) -> Uri:
        """The concept of a value."""
        return self.uri(self.book.id, "vocabulary", vocabulary, value)

    # ── mappings ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def _mappings(self) -> Iterator[Statement]:
        """Crosswalks. Of two that say different things of one pair the first counts: exact and broad exclude each other (S46)."""
        said: set[tuple[Uri, Uri]] = set()
        for row in self.book.crosswalks:
            ends = self._ends(row)
            if ends and row.match in MATCHES and ends not in said:
                said.add(ends)
                yield ends[0], MATCHES[row.match], ends[1]

    def _ends(self, row: Crossing) -> tuple[Uri, Uri] | None:
        vocabulary = self.book.vocabularies.get(row.vocabulary or "")
        here = vocabulary.get(row.code) if vocabulary else self.book.event_types.get(row.code)
        if row.target_code is None or here is None:
            return None
        start = self.value(row.vocabulary, row.code) if row.vocabulary else self.code(row.code)
        place = ("vocabulary", row.target_vocabulary) if row.target_vocabulary else ("code",)
        return start, self.uri(row.target_codebook, *place, row.target_code)


def _labels(labels: dict[str, str]) -> dict[str, str]:
    """A label for each; one that several bear is followed by the code, so that a thesaurus can tell them apart."""
    seen = Counter(" ".join(label.casefold().split()) for label in labels.values())
    return {
        code: f"{label} ({code})" if seen[" ".join(label.casefold().split())] > 1 else label
        for code, label in labels.items()
    }


def _told(example: Example) -> str:
    return example.text if not example.note else f"{example.text} [{example.note}]"
