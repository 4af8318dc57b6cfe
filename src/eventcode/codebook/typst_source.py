"""A codebook as the source of a PDF: a Typst template and the data that it prints, as JSON. Nothing of a codebook is ever Typst code."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from importlib.resources import files
from typing import Any

from eventcode.codebook import markdown_lists, views
from eventcode.codebook.markdown_parts import anchor, within
from eventcode.codebook.site import mentions
from eventcode.codebook.site.citation import authors, citation
from eventcode.codebook.site.codings import plain
from eventcode.codebook.site.look import Look
from eventcode.codebook.site.pages import MATCHES, facts, groups, paragraphs
from eventcode.codebook.site.places import crosswalks, places, tables
from eventcode.codebook.site.surroundings import ALONE, Surroundings
from eventcode.model import Codebook, Crossing, EventType, Example, Field, Vocabulary

Plain = dict[str, Any]
SHORT = 24  # a longer list of values stands with the vocabularies alone


def source(book: Codebook, around: Surroundings = ALONE) -> dict[str, bytes]:
    """The files that Typst compiles: `main.typ` and `book.json`."""
    template = (files("eventcode.codebook.site") / "templates" / "book.typ").read_bytes()
    return {"main.typ": template, "book.json": json.dumps(data(book, around), ensure_ascii=False).encode()}


def data(book: Codebook, around: Surroundings = ALONE) -> Plain:
    """Everything that is printed, as plain values."""
    print_ = _Print(Look(book, around, places(book)))
    codes = [print_.code(depth, kind) for depth, kind in book.walk()]
    return {
        **_front(book, around), "codes": codes, "tables": [*print_.tables()], "guidance": [*print_.guidance()],
        "vocabularies": [vocabulary(found) for found in book.vocabularies.values()], "rules": [*_rules(book)],
        "crosswalks": [*_crosswalks(print_.look)], "matches": MATCHES, "actors": [*_actors(book)],
        "by_code": index((code["code"], code["anchor"]) for code in codes),
        "by_name": index((code["label"], code["anchor"]) for code in codes if code["label"] != code["code"]),
        "by_field": index((spec.label, anchor("field", f"{spec.table}-{spec.name}")) for spec in book.fields.values()),
    }  # fmt: skip


def _front(book: Codebook, around: Surroundings) -> Plain:
    scales = [
        {"name": name, **{key: plain(value) for key, value in scale.items() if key != "editions"}}
        for name, scale in book.scales.items()
    ]
    editions = [
        [key, told] for scale in book.scales.values() for key, told in scale.get("editions", {}).items()
    ]
    seen = around.observed
    return {
        "title": book.title, "id": book.id, "version": book.version, "edition": book.edition, "licence": book.licence, "kind": book.kind,
        "authors": authors(book), "citation": citation(book), "digest": book.digest, "description": paragraphs(book.description),
        "unit": book.unit, "uses": list(book.uses), "scales": scales, "editions": editions, "references": list(book.references),
        "observed": f"{seen.named}, coded with {seen.codebook}" if seen else "",
    }  # fmt: skip


def index(entries: Iterable[tuple[str, str]]) -> list[list[Any]]:
    """Words with the anchors that they lead to, in the order of the alphabet; words that several things share stand once."""
    found: dict[str, list[str]] = {}
    for words, where in entries:
        found.setdefault(words, []).append(where)
    return [[words, found[words]] for words in sorted(found, key=str.casefold)]


class _Print:
    """What needs the codebook to be said."""

    def __init__(self, look: Look) -> None:
        self.look, self.book = look, look.book
        self._mentioned = mentions.pattern(look.book)

    def words(self, text: str) -> list[list[str | None]]:
        """A text in pieces, each with the anchor that it leads to."""
        parts = mentions.mentions(self.book, self._mentioned, text)
        return [[part, anchor(*thing) if thing else None] for part, thing in parts if part]

    def code(self, depth: int, kind: EventType) -> Plain:
        """An event type."""
        return {
            "code": kind.code, "label": kind.label, "depth": depth, "anchor": anchor("code", kind.code),
            "definition": self.words(kind.definition), "note": self.words(kind.note),
            "includes": list(kind.includes), "facts": [*self._facts(kind)],
            "excludes": [{"text": one.text, **self._see(one.see)} for one in kind.excludes],
            "alike": [self._alike(shown) for shown in self.book.lookalikes_of(kind.code)[:2]],
            "examples": [self._example(shown) for shown in self.book.examples_of(kind.code)[:3]],
            "triggers": [[name, " · ".join(kind.triggers[name])] for name in ("verbs", "nouns", "phrases") if kind.triggers.get(name)],
            "counterparts": [[one.book, one.code or "no counterpart", one.label, one.match] for one in self.look.counterparts(kind.code)],
        }  # fmt: skip

    def _facts(self, kind: EventType) -> Iterator[list[str]]:
        yield ["act", self.look.term("act", kind.act).lower()]
        if kind.quad:
            yield ["quad", self.look.term("quad", kind.quad).lower()]
        if kind.intensity is not None:
            yield ["intensity", f"{kind.intensity:+.1f}".replace("-", "−")]
        for edition, value in kind.other_intensities.items():
            yield [edition, f"{value:+.1f}".replace("-", "−")]
        if kind.realis:
            yield ["realis", ", ".join(self.look.term("realis", one).lower() for one in kind.realis)]
        if kind.requires:
            yield ["requires", ", ".join(self.look.required(one)[0].lower() for one in kind.requires)]
        if self.look.around.observed:
            yield [
                "observed",
                ", ".join(f"{self.look.seen(table, kind.code):,} {table}" for table in ("events", "reports")),
            ]

    def _see(self, code: str | None) -> Plain:
        known = self.look.has("code", code)
        return {
            "see": code or "",
            "label": self.look.label(code or ""),
            "anchor": anchor("code", code or "") if known else None,
        }

    def _alike(self, shown: Example) -> Plain:
        codes = self.look.verdict(shown) or ([shown.negative] if shown.negative else [])
        return {
            "text": within(_line(shown.text)),
            "codes": [self._see(code) for code in codes],
            "note": self.words(shown.note),
        }

    def _example(self, shown: Example) -> Plain:
        said = [
            [[one.name, one.value] for one in self.look.coding(expected, shown) if not one.code]
            for expected in shown.expect or ()
        ]
        codes = [
            [one.value for one in self.look.coding(expected, shown) if one.code]
            for expected in shown.expect or ()
        ]
        rows = [[" ".join(code), answers] for code, answers in zip(codes, said, strict=True)]
        return {
            "text": within(_line(shown.text)),
            "rows": rows,
            "none": not rows and shown.expect is not None,
            "note": self.words(shown.note),
        }

    def tables(self) -> Iterator[Plain]:
        """The fields, table by table."""
        for table in tables(self.book):
            yield {"name": table, "fields": [self._field(spec) for spec in self.book.fields_of(table)]}

    def _field(self, spec: Field) -> Plain:
        told = facts(self.look, spec)
        shown = [[name, str(value)] for name, value in told.items() if name not in ("Columns", "From")]
        found = self.book.vocabularies.get(spec.vocabulary or "")
        terms = (
            [[term.value, term.label] for term in found.terms] if found and len(found.terms) <= SHORT else []
        )
        return {
            "label": spec.label, "name": f"{spec.table}.{spec.name}", "anchor": anchor("field", f"{spec.table}-{spec.name}"),
            "question": spec.question, "help": self.words(spec.help), "facts": shown, "terms": terms,
            "applies_if": " ".join((spec.applies_if or "").split()), "vocabulary": found.title if found else "",
            "list": anchor("vocabulary", found.id) if found else None, "n": len(views.allowed(self.book, spec)),
        }  # fmt: skip

    def guidance(self) -> Iterator[Plain]:
        """The decision rules."""
        for entry in self.book.guidance:
            yield {
                "id": entry.id, "title": entry.title, "anchor": anchor("guidance", entry.id),
                "text": [self.words(part) for part in paragraphs(entry.text)], "example": self.words(entry.example),
            }  # fmt: skip


def vocabulary(found: Vocabulary) -> Plain:
    """A closed list."""
    terms = [[term.value, term.label, _line(term.definition)] for term in found.terms]
    return {
        "id": found.id, "title": found.title, "anchor": anchor("vocabulary", found.id), "definition": _line(found.definition),
        "terms": terms, "defined": any(term[2] for term in terms),
    }  # fmt: skip


def _rules(book: Codebook) -> Iterator[Plain]:
    for rule in book.rules.values():
        yield {
            "id": rule.id, "severity": rule.severity, "why": _line(rule.why or rule.message), "table": rule.table, "hint": rule.hint,
            "asks": markdown_lists.statement(rule),
        }  # fmt: skip


def _crosswalks(look: Look) -> Iterator[Plain]:
    for target, rows in crosswalks(look.book).items():
        other = look.around.books.get(target)
        parts = [[head, [_crossing(look, row) for row in found]] for head, found in groups(rows)]
        yield {
            "target": target, "title": other.title if other else target, "version": rows[0].target_version,
            "groups": parts,
        }  # fmt: skip


def _crossing(look: Look, row: Crossing) -> list[Any]:
    """From, to (each a code and its label), match, note."""
    end = look.counterpart(row)
    own = look.term(row.vocabulary, row.code) if row.vocabulary else look.label(row.code)
    implied = "; ".join(f"{name} = {value}" for name, value in row.fields.items())
    note = "; ".join(part for part in (_line(row.note), implied) if part)
    return [[row.code, own], [row.target_code or "", end.label], row.match, note]


def _actors(book: Codebook) -> Iterator[list[str]]:
    for actor in book.actors.values():
        yield [actor.name, actor.kind.replace("_", " "), actor.country or "", ", ".join(actor.aliases)]


def _line(text: str) -> str:
    return " ".join(text.split())
