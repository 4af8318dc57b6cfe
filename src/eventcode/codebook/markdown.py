"""A codebook, one code or one field as Markdown (GitHub's flavour), with an anchor for everything that can be pointed to.

Anchors are stable: `#code-072`, `#field-codings-realis`, `#vocabulary-realis`, `#rule-sourcing-anonymous-has-name`, `#guidance-d3`,
`#actor-irq`. They depend on the id alone, never on a label or an order. In a page of its own, a link to what is elsewhere leads to
`base` + anchor.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from eventcode.codebook import markdown_lists as lists
from eventcode.codebook import views
from eventcode.codebook.markdown_parts import bullets, link, mark, paragraphs, text, within
from eventcode.model import Codebook, Crossing, EventType, Example, Field


def codebook(book: Codebook) -> str:
    """The whole codebook as one page."""
    roots = book.children(None)
    parts = [
        ("Event types", [_tree(book), *(code(book, kind.code) for _, kind in book.walk())] if roots else []),
        ("Fields", [field(book, spec) for spec in book.fields.values()]),
        ("Guidance", [lists.guidance(book)]), ("Vocabularies", [lists.vocabularies(book)]), ("Rules", [lists.rules(book)]),
        ("Actors", [lists.actors(book)]), ("Crosswalks", [lists.crosswalks(book)]),
    ]  # fmt: skip
    body = [paragraphs(f"## {title}", *blocks) for title, blocks in parts if any(blocks)]
    return paragraphs(_head(book), *body) + "\n"


def _head(book: Codebook) -> str:
    facts = {"Version": f"{book.reference} (digest `{book.digest[:12]}`)", "Licence": text(book.licence)}
    facts |= {
        "Authors": ", ".join(text(author["name"]) for author in book.authors),
        "Uses": ", ".join(book.uses),
    }
    scales = [
        paragraphs(
            f"**Scale `{name}`: {text(scale['title'])}**, edition {text(scale['edition'])}, "
            f"from {scale['minimum']:g} to {scale['maximum']:g}.",
            text(scale["direction"]), text(scale.get("note", "")),
        )
        for name, scale in book.scales.items()
    ]  # fmt: skip
    return paragraphs(
        f"# {text(book.title)}", bullets(f"{name}: {value}" for name, value in facts.items() if value), text(book.description),
        f"**Unit of observation.** {text(book.unit)}" if book.unit else None, *scales,
    )  # fmt: skip


def _tree(book: Codebook) -> str:
    return "\n".join(
        f"{'  ' * depth}- {link('code', kind.code, f'{kind.code} {kind.label}')}"
        for depth, kind in book.walk()
    )


# ── one event type ────────────────────────────────────────────────────────────────────────────────────────────────────


def code(book: Codebook, key: str, base: str = "") -> str:
    """An event type with everything that is known of it; KeyError for an unknown code."""
    kind = book.event_types[key]
    heading = "###" if kind.parent is None else "####"
    return paragraphs(
        f"{mark('code', kind.code)}\n{heading} {text(kind.code)} {text(kind.label)}", text(kind.definition), _facts(book, kind, base),
        _section("Includes", map(text, kind.includes)), _section("Excludes", _excludes(book, kind, base)),
        f"**Note.** {text(kind.note)}" if kind.note else None, _section("Triggers", _triggers(kind.triggers)),
        _section("Examples", (example(book, e, base) for e in book.examples_of(key))),
        _section("Do not confuse with", (example(book, e, base) for e in book.lookalikes_of(key))),
        _section("In other codebooks", (_crossing(row) for row in book.crossings(key))),
    )  # fmt: skip


def _section(title: str, items: Iterable[str]) -> str | None:
    found = list(items)
    return f"**{title}**\n\n{bullets(found)}" if found else None


def _facts(book: Codebook, kind: EventType, base: str) -> str:
    return bullets(f"{name}: {value}" for name, value in facts(book, kind, base).items())


def facts(book: Codebook, kind: EventType, base: str = "") -> dict[str, str]:
    """What is short about an event type, as Markdown by name."""
    below = [
        link("code", child.code, f"{child.code} {child.label}", base) for child in book.children(kind.code)
    ]
    found = {
        "Name": f"`{kind.name}`", "Parent": link("code", kind.parent, f"{kind.parent} {book.event_types[kind.parent].label}", base)
        if kind.parent else "", "Tier": kind.tier, "Act": kind.act, "Realis": ", ".join(kind.realis),
        "Requires": ", ".join(_required(book, name, base) for name in kind.requires), "Intensity": intensity(book, kind),
        "Quad": text((kind.quad or "").replace("_", " ")), "Stata": str(kind.stata_value or ""), "Codes below": ", ".join(below),
    }  # fmt: skip
    return {name: value for name, value in found.items() if value}


def intensity(book: Codebook, kind: EventType) -> str:
    """`6 on Progress of disarmament, edition 1.0 (-10 to 10)`, or nothing."""
    if kind.intensity is None:
        return ""
    scale = book.scales.get("intensity")
    told = (
        f" on {text(scale['title'])}, edition {text(scale['edition'])} ({scale['minimum']:g} to {scale['maximum']:g})"
        if scale
        else ""
    )
    return f"{kind.intensity:g}{told}"


def _required(book: Codebook, name: str, base: str) -> str:
    return link("field", f"codings-{name}", name, base) if ("codings", name) in book.fields else text(name)


def _excludes(book: Codebook, kind: EventType, base: str) -> Iterator[str]:
    for exclude in kind.excludes:
        other = book.event_types.get(exclude.see or "")
        pointer = f" → {link('code', other.code, f'{other.code} {other.label}', base)}" if other else ""
        yield f"{text(exclude.text)}{pointer}"


def _triggers(triggers: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    for name in ("verbs", "nouns", "phrases"):
        if triggers.get(name):
            yield f"{name}: {'; '.join(text(word) for word in triggers[name])}"


def example(book: Codebook, shown: Example, base: str = "") -> str:
    """One example as one line: the text, what it is, what it is not, and why."""
    expected = [coding["event_type"] for coding in shown.expect or () if "event_type" in coding]
    known = [
        link("code", key, None, base) if key in book.event_types else text(key)
        for key in dict.fromkeys(expected)
    ]
    verdict = ", ".join(known) if known else "no event" if shown.expect is not None else ""
    if shown.negative:
        verdict = f"no event ({link('code', shown.negative, None, base)})"
    note = f" *{text(shown.note)}*" if shown.note else ""
    return f"“{text(within(shown.text))}”{f' → {verdict}' if verdict else ''}{note}"


def _crossing(row: Crossing) -> str:
    target = f"`{row.target_code}`" if row.target_code else "no counterpart"
    note = f": {text(row.note)}" if row.note else ""
    return f"{text(row.target_codebook)} {text(row.target_version)}: {target}{'' if row.match == 'none' else f' ({row.match})'}{note}"


# ── one field ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def field(book: Codebook, spec: Field, base: str = "") -> str:
    """A field: the question, how it is answered, and where it applies."""
    shown = {name: value for name, value in field_facts(spec).items() if name != "Vocabulary"}
    if spec.vocabulary:
        values = views.allowed(book, spec)
        own = (
            link("vocabulary", spec.vocabulary, None, base)
            if spec.vocabulary in book.vocabularies
            else "the codes"
        )
        shown["Values"] = (
            f"{own} ({len(values)})"
            if len(values) > 12 or spec.vocabulary == "event_type"
            else f"{own}: {', '.join(values)}"
        )
    return paragraphs(
        f"{mark('field', f'{spec.table}-{spec.name}')}\n### {text(spec.label)}", f"`{spec.table}.{spec.name}` — **{text(spec.question)}**",
        text(spec.help), bullets(f"{name}: {value}" for name, value in shown.items()),
    )  # fmt: skip


def field_facts(spec: Field) -> dict[str, str]:
    """What is short about a field, as Markdown by name."""
    found: dict[str, Any] = {
        "Type": f"{spec.type}, {spec.level}", "Unit": spec.unit, "Required": "yes" if spec.required else "no",
        "Applies if": f"`{' '.join(spec.applies_if.split())}`" if spec.applies_if else "", "Vocabulary": spec.vocabulary,
        "If the text does not tell": _silent(spec), "Bounds": _bounds(spec), "Pattern": f"`{spec.pattern}`" if spec.pattern else "",
        "Words at most": spec.max_words, "Scale": _scale(spec), "Evidence": spec.evidence, "From reports to events": spec.aggregate,
    }  # fmt: skip
    return {name: str(value) for name, value in found.items() if value}


def _silent(spec: Field) -> str:
    reasons = [f"empty, with {spec.name}_missing one of {', '.join(spec.missing)}"] if spec.missing else []
    values = [f"the value {', '.join(spec.missing_values)}"] if spec.missing_values else []
    return " or ".join([*reasons, *values]) or ("" if spec.required else "leave it empty")


def _bounds(spec: Field) -> str:
    low, high = spec.minimum, spec.maximum
    if low is not None and high is not None:
        return f"{low:g} to {high:g}"
    return f"at least {low:g}" if low is not None else f"at most {high:g}" if high is not None else ""


def _scale(spec: Field) -> str:
    if not spec.scale:
        return ""
    note = f": {text(spec.scale['note'])}" if spec.scale.get("note") else ""
    return f"best {text(spec.scale.get('best'))}, worst {text(spec.scale.get('worst'))}{note}"
