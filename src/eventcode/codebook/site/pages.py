"""All pages of a codebook's site."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from eventcode.codebook import markdown_lists
from eventcode.codebook.markdown import field_facts
from eventcode.codebook.site import indexing, prose, templating
from eventcode.codebook.site.citation import authors, citation
from eventcode.codebook.site.codings import plain
from eventcode.codebook.site.look import Look
from eventcode.codebook.site.places import (
    code_page,
    crosswalk_page,
    crosswalks,
    field_page,
    places,
    tables,
    vocabulary_page,
)
from eventcode.codebook.site.surroundings import ALONE, Surroundings
from eventcode.model import Actor, Codebook, Crossing, EventType, Field, Relation, Vocabulary

Pages = dict[str, str]
MATCHES = {
    "exact": "the same", "close": "nearly the same", "broad": "the target is broader", "narrow": "the target is narrower",
    "none": "the target has nothing like it",
}  # fmt: skip


def render(book: Codebook, around: Surroundings = ALONE) -> Pages:
    """The site of a codebook: relative path → text. CodebookError where two things would have the same address."""
    found = places(book)
    site = _Site(book, Look(book, around, found))
    return (
        dict(site.pages())
        | templating.assets()
        | {"search-index.js": indexing.script(indexing.entries(book, found))}
    )


@dataclass(frozen=True)
class _Site:
    book: Codebook
    look: Look

    def page(self, address: str, template: str, title: str, about: str = "", **names: Any) -> tuple[str, str]:
        """One page: its address and its text."""
        look = replace(self.look, page=address)
        head = (
            f"{title} · {self.book.title} {self.book.version}"
            if title
            else f"{self.book.title} {self.book.version}"
        )
        common = {
            "book": self.book, "look": look, "rel": look.rel, "to": look.to, "root": "../" * address.count("/"), "page_title": head,
            "about": indexing.shortened(about, 200), "code_page": self.code_page, "matches": MATCHES, "paragraphs": paragraphs,
            "roots": self.roots, "sections": [*self.sections(address)], "plain": plain, "span": span,
        }  # fmt: skip
        return address, templating.render(template, **common, **names)

    def code_page(self, code: str) -> str:
        return code_page(self.book, code)

    @cached_property
    def roots(self) -> tuple[EventType, ...]:
        return self.book.children(None)

    # ── the navigation ──

    def sections(self, address: str) -> Iterator[tuple[str, str, list[tuple[str, str, str]]]]:
        """(heading, its page, the pages below it as label, page, key) of everything but the event types; only what is near is opened."""
        near = address.partition("/")[0]
        if self.book.fields:
            yield "Fields", "fields/index.html", [*self._near_fields(address)] if near == "fields" else []
        if self.book.guidance:
            yield "Guidance", "guidance.html", []
        if self.book.vocabularies:
            lists = [
                (found.title, vocabulary_page(key), key) for key, found in self.book.vocabularies.items()
            ]
            yield "Vocabularies", "vocabularies/index.html", lists if near == "vocabularies" else []
        if self.book.rules:
            yield "Rules", "rules.html", []
        if self.book.date_phrases:
            yield "Date phrases", "dates.html", []
        if self.book.actors:
            yield "Actors", "actors.html", []
        if self.targets:
            yield (
                "Crosswalks",
                "crosswalks/index.html",
                [(f"to {name}", crosswalk_page(name), name) for name in self.targets],
            )
        if self.look.around.changelog:
            yield "Changes", "changelog.html", []

    def _near_fields(self, address: str) -> Iterator[tuple[str, str, str]]:
        here = next(
            (
                spec.table
                for spec in self.book.fields.values()
                if field_page(spec.table, spec.name) == address
            ),
            None,
        )
        for spec in self.book.fields_of(here) if here else ():
            yield spec.label, field_page(spec.table, spec.name), spec.name

    # ── the pages ──

    def pages(self) -> Iterator[tuple[str, str]]:
        """Every page."""
        yield self._index()
        yield from self._codes()
        yield from self._fields()
        yield from self._vocabularies()
        yield from self._lists()
        yield from self._crosswalks()
        if self.look.around.changelog:
            changed = prose.html(self.look.around.changelog)
            yield self.page("changelog.html", "prose.html", "Changes", prose=changed)

    def _index(self) -> tuple[str, str]:
        seen = self.look.around.observed
        sample = next(iter(self.look.places.values()), "index.html")
        return self.page(
            "index.html", "index.html", "", self.book.description, authors=authors(self.book), citation=citation(self.book),
            tally=[*self._tally()], sample=sample, events=sum(seen.codes.get("events", {}).values()) if seen else 0,
        )  # fmt: skip

    def _tally(self) -> Iterator[tuple[int, str, str | None]]:
        book = self.book
        counts: tuple[tuple[int, str, str | None], ...] = (
            (len(book.codes), "codes", "index.html#tree"), (len(book.fields), "fields", "fields/index.html"),
            (len(book.vocabularies), "vocabularies", "vocabularies/index.html"),
            (len(book.guidance), "decision rules", "guidance.html"), (len(book.rules), "rules", "rules.html"),
            (len(book.date_phrases), "date phrases", "dates.html"),
            (len(book.examples), "examples", None), (len(book.actors), "actors", "actors.html"),
            (len(self.targets), "crosswalks", "crosswalks/index.html"),
        )  # fmt: skip
        return ((n, _plural(n, what), address) for n, what, address in counts if n)

    def _codes(self) -> Iterator[tuple[str, str]]:
        for before, kind, after in zip(
            (None, *self.roots), self.roots, (*self.roots[1:], None), strict=False
        ):
            title = kind.label if kind.label == kind.code else f"{kind.code} {kind.label}"
            yield self.page(
                self.code_page(kind.code),
                "root.html",
                title,
                kind.definition,
                kind=kind,
                previous=before,
                following=after,
            )

    def _fields(self) -> Iterator[tuple[str, str]]:
        listed = tables(self.book)
        if listed:
            yield self.page(
                "fields/index.html",
                "fields.html",
                "Fields",
                tables=[(table, self.book.fields_of(table)) for table in listed],
            )
        for spec in self.book.fields.values():
            shown = self.book.vocabularies.get(spec.vocabulary or "")
            title = f"{spec.label} ({spec.table}.{spec.name})"
            address = field_page(spec.table, spec.name)
            yield self.page(
                address,
                "field.html",
                title,
                spec.question,
                spec=spec,
                vocabulary=shown,
                facts=facts(self.look, spec),
            )

    def _vocabularies(self) -> Iterator[tuple[str, str]]:
        if self.book.vocabularies:
            yield self.page("vocabularies/index.html", "vocabularies.html", "Vocabularies")
        for found in self.book.vocabularies.values():
            names: dict[str, Any] = {
                "found": found,
                "defined": any(term.definition for term in found.terms),
                "extra": extra(found),
            }
            yield self.page(
                vocabulary_page(found.id), "vocabulary.html", found.title, found.definition, **names
            )

    def _lists(self) -> Iterator[tuple[str, str]]:
        if self.book.guidance:
            yield self.page("guidance.html", "guidance.html", "Guidance")
        if self.book.rules:
            tools: dict[str, Any] = {"statement": markdown_lists.statement, "compact": markdown_lists.compact}
            yield self.page("rules.html", "rules.html", "Rules", **tools)
        if self.book.date_phrases:
            yield self.page("dates.html", "dates.html", "Date phrases")
        if self.book.actors:
            yield self.page("actors.html", "actors.html", "Actors")

    @cached_property
    def targets(self) -> Mapping[str, list[Crossing]]:
        return crosswalks(self.book)

    def _title(self, target: str) -> str:
        other = self.look.around.books.get(target)
        return other.title if other else target

    def _crosswalks(self) -> Iterator[tuple[str, str]]:
        if self.targets:
            listed = [(target, self._title(target), len(rows)) for target, rows in self.targets.items()]
            yield self.page("crosswalks/index.html", "crosswalks.html", "Crosswalks", targets=listed)
        for target, rows in self.targets.items():
            counts = Counter(row.match for row in rows)
            names: dict[str, Any] = {"tally": [(name, counts[name]) for name in MATCHES if counts[name]], "groups": [*groups(rows)],
                     "versions": list(dict.fromkeys(row.target_version for row in rows))}  # fmt: skip
            yield self.page(
                crosswalk_page(target),
                "crosswalk.html",
                f"To {target}",
                target=target,
                other=self._title(target),
                **names,
            )


def groups(rows: list[Crossing]) -> Iterator[tuple[str, list[Crossing]]]:
    """The rows of a crosswalk in one table for the event types and one for each vocabulary, with their headings."""
    found: dict[str, list[Crossing]] = {}
    for row in rows:
        head = (
            f"{row.vocabulary} → {row.target_vocabulary or row.vocabulary}"
            if row.vocabulary
            else "Event types"
        )
        found.setdefault(head, []).append(row)
    return iter(found.items() if len(found) > 1 else [("", rows)])


def _plural(number: int, what: str) -> str:
    """`vocabularies`, of one `vocabulary`."""
    return what if number != 1 else f"{what[:-3]}y" if what.endswith("ies") else what[:-1]


def facts(look: Look, spec: Field) -> dict[str, Any]:
    """What is short about a field; what Markdown marks up is plain here."""
    told = {
        name: value
        for name, value in field_facts(spec).items()
        if name not in ("Vocabulary", "Applies if", "Pattern", "Scale")
    }
    plain_ = {name: value.replace("\\", "") for name, value in told.items()}
    plain_ |= {"Pattern": spec.pattern} if spec.pattern else {}
    plain_ |= (
        {"Scale": ", ".join(f"{name} {plain(value)}" for name, value in spec.scale.items())}
        if spec.scale
        else {}
    )
    return (
        plain_
        | {"Columns": ", ".join(spec.columns)}
        | ({"From": look.shipped(spec)} if look.shipped(spec) else {})
    )


def extra(found: Vocabulary) -> list[str]:
    """The attributes that a vocabulary adds to its terms, and `parent` where it has a tree."""
    return list(
        dict.fromkeys(name for term in found.terms for name, value in term.extra.items() if value is not None)
    )


def span(dated: Actor | Relation) -> str:
    """The days on which an actor or a tie is there."""
    first, last = dated.valid_from, dated.valid_to
    return f" ({first or '…'} to {last or '…'})" if first or last else ""


def paragraphs(text: str) -> list[str]:
    """A text in the paragraphs that empty lines make."""
    return [" ".join(part.split()) for part in text.split("\n\n") if part.strip()]
