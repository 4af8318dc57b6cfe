"""What the templates may ask: links from the page they make, texts with their codes linked, examples, counterparts, counts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from eventcode.codebook import views
from eventcode.codebook.markdown_parts import anchor
from eventcode.codebook.site import codings, mentions
from eventcode.codebook.site.places import (
    Thing,
    code_page,
    crosswalk_page,
    field_key,
    relative,
    value_anchors,
)
from eventcode.codebook.site.surroundings import Surroundings, Values
from eventcode.codebook.slugs import address_part
from eventcode.model import Codebook, Crossing, EventType, Example, Field, Rule, Vocabulary

if TYPE_CHECKING:
    from markupsafe import Markup

TICKED = re.compile(r"`([^`]+)`")


@dataclass(frozen=True, slots=True)
class Counterpart:
    """A code of another codebook: where it is described (None: not beside this site), its label, the match and its note."""

    book: str
    version: str
    code: str | None
    label: str
    href: str | None
    match: str
    note: str
    fields: Mapping[str, str]


@dataclass(frozen=True)
class Look:
    """A codebook with its surroundings, as seen from one page."""

    book: Codebook
    around: Surroundings
    places: Mapping[Thing, str]
    page: str = "index.html"

    # ── links ──

    def rel(self, address: str) -> str:
        """An address of the site as a link."""
        return relative(self.page, address)

    def has(self, kind: str, key: str | None) -> bool:
        """Whether the site describes a thing."""
        return (kind, key) in self.places

    def to(self, kind: str, key: str) -> str:
        """The link to a thing; KeyError for one that the site does not describe."""
        return self.rel(self.places[kind, key])

    def to_field(self, spec: Field) -> str:
        """The link to a field."""
        return self.to("field", field_key(spec.table, spec.name))

    def anchor(self, kind: str, key: str) -> str:
        """The anchor of a thing."""
        return self.places[kind, key].partition("#")[2]

    def slug(self, key: str) -> str:
        """A key as part of an anchor."""
        return address_part(key)

    def value_anchors(self, vocabulary: Vocabulary) -> dict[str, str]:
        """The anchors of the values of a closed list."""
        return value_anchors(vocabulary)

    # ── texts ──

    def text(self, words: object) -> Markup:
        """A text with what stands between backticks as code."""
        from markupsafe import Markup, escape

        parts = TICKED.split(str(words))
        shown = (
            Markup("<code>{}</code>").format(part) if i % 2 else escape(part) for i, part in enumerate(parts)
        )
        return Markup("").join(shown)

    def linked(self, words: str) -> Markup:
        """A text whose codes and decision rules are links, save those that stand in quotation marks."""
        from markupsafe import Markup

        link = Markup('<a href="{}">{}</a>')
        parts = mentions.mentions(self.book, self._mentioned, words)
        return Markup("").join(
            link.format(self.to(*thing), part) if thing else self.text(part) for part, thing in parts
        )

    @cached_property
    def _mentioned(self) -> re.Pattern[str] | None:
        return mentions.pattern(self.book)

    # ── event types ──

    def label(self, code: str) -> str:
        """The label of a code of this codebook; nothing for an unknown one."""
        kind = self.book.event_types.get(code)
        return kind.label if kind else ""

    def term(self, vocabulary: str, value: str) -> str:
        """The label of a value, or the value itself."""
        found = self.book.vocabularies.get(vocabulary)
        term = found.get(value) if found else None
        return term.label if term else value.replace("_", " ")

    def at(self, intensity: float) -> float:
        """Where a number lies on the scale of intensity, in per cent of its length."""
        scale = self.book.scales.get("intensity")
        if not scale or scale["maximum"] == scale["minimum"]:
            return 50.0
        share = (intensity - scale["minimum"]) / (scale["maximum"] - scale["minimum"])
        return round(100 * min(1.0, max(0.0, float(share))), 1)

    def editions(self) -> Mapping[str, str]:
        """What the other editions of the scale of intensity are, by id."""
        return dict(self.book.scales.get("intensity", {}).get("editions", {}))

    def required(self, name: str) -> tuple[str, str | None]:
        """(label, link) of a role or field that a code requires."""
        spec = self.book.fields.get(("codings", name))
        return (spec.label, self.to_field(spec)) if spec else (name.replace("_", " "), None)

    def coding(self, expected: Mapping[str, Any], shown: Example) -> list[codings.Said]:
        """An expected coding of an example, answer by answer."""
        return codings.said(self.book, expected, shown.sources)

    def verdict(self, example: Example) -> list[str]:
        """The codes that an example expects."""
        found = [str(one["event_type"]) for one in example.expect or () if "event_type" in one]
        return list(dict.fromkeys(found))

    # ── other codebooks ──

    def counterparts(self, code: str) -> list[Counterpart]:
        """What a code is in other codebooks."""
        return [
            self.counterpart(row)
            for row in self.book.crosswalks
            if row.code == code and row.vocabulary is None
        ]

    def counterpart(self, row: Crossing) -> Counterpart:
        """The far end of a row of a crosswalk."""
        other = self.around.books.get(row.target_codebook)
        kind = other.event_types.get(row.target_code or "") if other and not row.vocabulary else None
        href = self._beyond(other, kind) if other and kind else None
        label = kind.label if kind and kind.label != kind.code else ""
        return Counterpart(
            row.target_codebook, row.target_version, row.target_code, label, href, row.match, row.note, row.fields
        )  # fmt: skip

    def _beyond(self, other: Codebook, kind: EventType) -> str | None:
        if other.id not in self.around.beside:
            return None
        return self.rel(
            f"../{address_part(other.id)}/{code_page(other, kind.code)}#{anchor('code', kind.code)}"
        )

    def other_site(self, name: str) -> str | None:
        """The link to another codebook's site, if there is one beside this."""
        return self.rel(f"../{address_part(name)}/index.html") if name in self.around.beside else None

    def other_crosswalk(self, name: str) -> str | None:
        """The link to the crosswalk that leads from another codebook to this one."""
        other = self.around.books.get(name)
        if name not in self.around.beside or other is None:
            return None
        back = any(row.target_codebook == self.book.id for row in other.crosswalks)
        return self.rel(f"../{address_part(name)}/{crosswalk_page(self.book.id)}") if back else None

    def leading_here(self, code: str) -> list[Counterpart]:
        """The codes of other codebooks at hand whose crosswalks name this code."""
        return self._arrivals.get(code, [])

    @cached_property
    def _arrivals(self) -> dict[str, list[Counterpart]]:
        found: dict[str, list[Counterpart]] = {}
        for other in self.around.books.values():
            for row in other.crosswalks if other.id != self.book.id else ():
                kind = other.event_types.get(row.code)
                if row.target_codebook == self.book.id and row.target_code and kind and not row.vocabulary:
                    label = kind.label if kind.label != kind.code else ""
                    one = Counterpart(
                        other.id,
                        other.version,
                        kind.code,
                        label,
                        self._beyond(other, kind),
                        row.match,
                        row.note,
                        row.fields,
                    )
                    found.setdefault(row.target_code, []).append(one)
        return found

    # ── fields and rules ──

    def allowed(self, spec: Field) -> Sequence[str]:
        """The values that a field may take."""
        return views.allowed(self.book, spec)

    def rules_of(self, spec: Field) -> Iterator[Rule]:
        """The written rules that point at a field."""
        return (
            rule for rule in self.book.rules.values() if rule.table == spec.table and rule.field == spec.name
        )

    def requiring(self, spec: Field) -> list[EventType]:
        """The codes that make a field necessary."""
        kinds = self.book.event_types.values()
        return [kind for kind in kinds if spec.table == "codings" and spec.name in kind.requires]

    def asking(self, vocabulary: str) -> list[Field]:
        """The fields that take their values from a closed list."""
        return [spec for spec in self.book.fields.values() if spec.vocabulary == vocabulary]

    def shipped(self, spec: Field) -> str:
        """The module that a field comes from, or nothing for the codebook's own."""
        folder = spec.place.file.split("/")[-2:-1]
        return folder[0] if folder and folder[0] != self.book.id and "/" in spec.place.file else ""

    # ── what was observed ──

    def observed(self, spec: Field) -> Values | None:
        """The counts of a field's values."""
        seen = self.around.observed
        return seen.fields.get((spec.table, spec.name)) if seen else None

    def seen(self, table: str, code: str) -> int:
        """How many rows of a table carry a code."""
        return self.around.observed.code(table, code) if self.around.observed else 0

    def below(self, table: str, code: str) -> int:
        """How many rows of a table carry a code or one below it."""
        codes = [code, *(kind.code for _, kind in self.book.walk(code))]
        return sum(self.seen(table, one) for one in codes)

    @cached_property
    def most(self) -> int:
        """The largest count of a code, for the length of bars."""
        seen = self.around.observed
        return max((n for counts in seen.codes.values() for n in counts.values()), default=0) if seen else 0
