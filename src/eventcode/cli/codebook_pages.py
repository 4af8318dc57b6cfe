"""The pages of a codebook for the terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import click

from eventcode.cli.layout import LEFT, dashes, dim, facts, fill, page, section, title, width
from eventcode.codebook import markdown_lists, views
from eventcode.codebook.lint_rules import LintRule
from eventcode.codebook.lookup import Found
from eventcode.codebook.markdown_parts import within
from eventcode.model import Actor, Codebook, EventType, Example, Field, Guidance, Rule, Vocabulary

ACTS = {"word": "cyan", "deed": "green", "mixed": "yellow", "none": "bright_black"}
SEVERITIES = {"error": "red", "warning": "yellow", "flag": "cyan"}
SHORT = 40  # a longer list of values is shown without definitions


# ── things ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def show(book: Codebook, found: Found) -> str:
    """The page of one thing of a codebook."""
    return _PAGES[found.kind](book, found.thing)


def overview(book: Codebook) -> str:
    """What a codebook is about, its roots and what it is made of."""
    counts = {"event types": len(book.codes), "fields": len(book.fields), "rules": len(book.rules), "examples": len(book.examples),
              "vocabularies": len(book.vocabularies), "actors": len(book.actors), "decision rules": len(book.guidance)}  # fmt: skip
    scales = (
        f"{scale['title']}, {scale['minimum']:g} to {scale['maximum']:g} (edition {scale['edition']})"
        for scale in book.scales.values()
    )
    roots = (f"    {click.style(kind.code, bold=True)}  {kind.label}" for kind in book.children(None))
    return page(
        title(book.id, book.title, book.reference), fill(book.description),
        facts({"Unit": book.unit, "Scale": "; ".join(scales), "Uses": ", ".join(book.uses), "Licence": book.licence,
               "Holds": ", ".join(f"{n} {name}" for name, n in counts.items() if n), "Digest": book.digest[:12]}),
        section("Roots", roots),
        dim(f"  → eventcode codebook tree {book.id}"),
    )  # fmt: skip


def code(book: Codebook, kind: EventType) -> str:
    """An event type."""
    return page(
        title(kind.code, kind.label, book.reference), fill(kind.definition), facts(_code_facts(book, kind)),
        section("Includes", dashes(kind.includes)), section("Not this code", _excludes(book, kind)),
        section("Note", [fill(kind.note, "    ")] if kind.note else []), section("Triggers", _triggers(kind)),
        section("Examples", _examples(book.examples_of(kind.code))),
        section("Do not confuse with", _examples(book.lookalikes_of(kind.code))),
        section("In other codebooks", _crossings(book, kind.code)),
    )  # fmt: skip


def _code_facts(book: Codebook, kind: EventType) -> dict[str, str]:
    scale = book.scales.get("intensity")
    told = (
        f" on a scale from {scale['minimum']:g} to {scale['maximum']:g}: {scale['title']}, edition {scale['edition']}"
        if scale
        else ""
    )
    return {
        "Name": kind.name, "Act": kind.act, "Tier": "" if kind.tier in ("root", "core") else kind.tier,
        "Parent": f"{kind.parent} {book.event_types[kind.parent].label}" if kind.parent else "",
        "Below": ", ".join(child.code for child in book.children(kind.code)), "Realis": ", ".join(kind.realis),
        "Requires": ", ".join(kind.requires), "Intensity": "" if kind.intensity is None else f"{kind.intensity:+g}{told}",
        "Quad": (kind.quad or "").replace("_", " "), "In Stata": "" if kind.stata_value is None else str(kind.stata_value),
    }  # fmt: skip


def _excludes(book: Codebook, kind: EventType) -> Iterator[str]:
    for exclude in kind.excludes:
        other = book.event_types.get(exclude.see or "")
        pointer = f" → {other.code} {other.label}" if other else ""
        text = fill(f"{exclude.text}{pointer}", "    – ", "      ")
        yield (
            text.replace(f"→ {exclude.see}", f"→ {click.style(str(exclude.see), fg='blue')}")
            if other
            else text
        )


def _triggers(kind: EventType) -> Iterator[str]:
    for name in ("verbs", "nouns", "phrases"):
        said = kind.triggers.get(name)
        if said:
            head = f"    {name:<{LEFT - 2}}"
            yield f"{dim(head)}{fill('; '.join(said), ' ' * len(head))[len(head) :]}"


def _examples(examples: Iterable[Example]) -> Iterator[str]:
    for shown in examples:
        codes = [coding["event_type"] for coding in shown.expect or () if "event_type" in coding]
        verdict = (
            f"no event ({shown.negative})"
            if shown.negative
            else ", ".join(codes) or ("no event" if shown.expect == () else "")
        )
        yield fill(f"“{within(shown.text)}”", "    ")
        note = fill(f"{verdict}. {shown.note}" if shown.note else verdict, "      → ", "        ")
        yield note.replace(f"→ {verdict}", f"→ {click.style(verdict, fg='blue')}", 1)


def _crossings(book: Codebook, code: str) -> Iterator[str]:
    for row in book.crossings(code):
        implied = (
            f" with {', '.join(f'{name} {value}' for name, value in row.fields.items())}"
            if row.fields
            else ""
        )
        target = f"{row.target_code}{implied} ({row.match})" if row.target_code else "no counterpart"
        head = f"    {row.target_codebook} {row.target_version}"
        text = f"{target}{f': {row.note}' if row.note else ''}"
        yield f"{head:<{LEFT + 4}}  {fill(text, ' ' * (LEFT + 6))[LEFT + 6 :]}"


def field(book: Codebook, spec: Field) -> str:
    """A field, with its values."""
    from eventcode.codebook.markdown import field_facts

    told = {name: value.replace("`", "").replace("\\", "") for name, value in field_facts(spec).items()}
    found = {
        "Type": told["Type"], "Required": told["Required"], "Applies if": told.get("Applies if", ""), "Unit": told.get("Unit", ""),
        "If not told": told.get("If the text does not tell", ""), "Bounds": told.get("Bounds", ""), "Pattern": spec.pattern or "",
        "Words at most": told.get("Words at most", ""), "Scale": told.get("Scale", ""), "Evidence": spec.evidence,
        "To events": spec.aggregate, "Section": spec.section, "Columns": ", ".join(spec.columns) if len(spec.columns) > 1 else "",
    }  # fmt: skip
    vocabulary = book.vocabularies.get(spec.vocabulary or "")
    values = _terms(vocabulary) if vocabulary else iter(())
    tree = dim(f"  → eventcode codebook tree {book.id}") if spec.vocabulary == "event_type" else ""
    return page(
        title(f"{spec.table}.{spec.name}", spec.label, book.reference), fill(spec.question), fill(spec.help) if spec.help else "",
        facts(found), section(f"Values ({spec.vocabulary})", values), tree,
    )  # fmt: skip


def vocabulary(book: Codebook, found: Vocabulary) -> str:
    """A closed list."""
    users = ", ".join(
        f"{spec.table}.{spec.name}" for spec in book.fields.values() if spec.vocabulary == found.id
    )
    return page(
        title(found.id, found.title, book.reference), fill(found.definition) if found.definition else "",
        facts({"Used by": users, "Means unknown": ", ".join(found.missing_values)}), section("Values", _terms(found)),
    )  # fmt: skip


def _terms(found: Vocabulary) -> Iterator[str]:
    if len(found.terms) > SHORT:
        yield fill("; ".join(f"{term.value} {term.label}" for term in found.terms), "    ")
        return
    room = min(26, max(len(term.value) for term in found.terms)) + 2
    for term in found.terms:
        said = f"{term.label}. {term.definition}" if term.definition else term.label
        body = fill(said, " " * (4 + room))
        yield f"    {click.style(term.value, bold=True)}{' ' * max(1, room - len(term.value))}{body[4 + room :]}"


def rule(book: Codebook, found: Rule) -> str:
    """A rule: what it says, why, what to do, its SQL and examples."""
    where = f"{found.table}.{found.field}" if found.field else found.table
    severity = click.style(found.severity, fg=SEVERITIES[found.severity], bold=True)
    origin = (
        "compiled from the codebook's fields and codes"
        if found.generated
        else f"in {found.place.file}, line {found.place.line}"
    )
    body = textwrap.indent("\n".join(_wrapped_sql(found)), "    ")
    return page(
        title(found.id, "", book.reference), fill(found.why) if found.why else "",
        facts({"Severity": severity, "About": where, "Says": found.message, "Remedy": found.hint, "Stands": origin}),
        section("Asks", [body]),
        section("Holds for", _rows(found, "pass")), section("Fails for", _rows(found, "fail")),
    )  # fmt: skip


def _wrapped_sql(found: Rule) -> Iterator[str]:
    for line in markdown_lists.statement(found).splitlines():
        hanging = (
            "-- " if line.startswith("-- ") else " " * (8 if line.startswith(("when ", "require ")) else 2)
        )
        yield from textwrap.wrap(
            line, width() - 4, subsequent_indent=hanging, break_long_words=False, break_on_hyphens=False
        )


def _rows(found: Rule, sort: str) -> Iterator[str]:
    for one in found.examples.get(sort, ()):
        yield fill(markdown_lists.compact(one), "    – ", "      ")


def lint_rule(found: LintRule) -> str:
    """One line of the linter."""
    severity = click.style(found.severity, fg=SEVERITIES[found.severity], bold=True)
    return page(
        title(found.id, "", "the linter"),
        facts(
            {"Severity": severity, "Looks at": found.table, "Asks that": found.about, "Remedy": found.hint}
        ),
    )


def guidance(book: Codebook, entry: Guidance) -> str:
    """A decision rule."""
    return page(
        title(entry.id, entry.title, book.reference),
        fill(entry.text),
        section("Example", [fill(entry.example, "    ")] if entry.example else []),
    )


def actor(book: Codebook, found: Actor) -> str:
    """An actor, with its ties in both directions."""
    up = [
        f"{tie.relation.replace('_', ' ')} {_name(book, tie.actor)}{_when(tie.valid_from, tie.valid_to)}"
        for tie in found.parents
    ]
    down = [f"{_name(book, other.id)}: {tie.relation.replace('_', ' ')} it{_when(tie.valid_from, tie.valid_to)}"
            for other in book.actors.values() for tie in other.parents if tie.actor == found.id]  # fmt: skip
    shown = {
        "Kind": found.kind,
        "Country": found.country or "",
        "Also called": ", ".join(found.aliases),
        "Exists": _when(found.valid_from, found.valid_to),
    }
    return page(
        title(found.id, found.name, book.reference), fill(found.note) if found.note else "", facts(shown),
        section("Is", dashes(up)), section("Of others", dashes(down)),
    )  # fmt: skip


def _name(book: Codebook, key: str) -> str:
    return f"{book.actors[key].name} ({key})" if key in book.actors else key


def _when(first: str | None, last: str | None) -> str:
    return f" from {first or '…'} to {last or '…'}" if first or last else ""


_PAGES: dict[str, Callable[[Codebook, Any], str]] = {
    "code": code, "field": field, "rule": rule, "vocabulary": vocabulary, "guidance": guidance, "actor": actor,
}  # fmt: skip


# ── the tree, and what was found ──────────────────────────────────────────────────────────────────────────────────────


def tree(book: Codebook, top: str | None = None) -> str:
    """The event types below `top` (all for None), one a line: code, label, act, intensity."""
    rows = (
        list(book.walk(top))
        if top is None
        else [(0, book.event_types[top]), *((depth + 1, kind) for depth, kind in book.walk(top))]
    )
    column = {depth: max(len(kind.code) for at, kind in rows if at == depth) for depth, _ in rows}
    heads = [
        f"{'  ' * depth}{kind.code:<{column[depth]}}  {kind.label if kind.label != kind.code else ''}"
        for depth, kind in rows
    ]
    room = max((len(head) for head in heads), default=0)
    lines = []
    for (_, kind), head in zip(rows, heads, strict=True):
        shown = head.replace(kind.code, click.style(kind.code, bold=True, fg="blue"), 1)
        weight = "" if kind.intensity is None else f"{kind.intensity:+5.1f}" if kind.intensity else "  0.0"
        tier = dim(f"  {kind.tier}") if kind.tier in ("optional", "negative") else ""
        gap = " " * (room - len(head) + 2)
        lines.append(
            f"{shown}{gap}{click.style(f'{kind.act:<6}', fg=ACTS.get(kind.act))}{weight:>6}{tier}".rstrip()
        )
    return "\n".join(lines)


def values(book: Codebook, spec: Field) -> str:
    """The values of a field in a few words."""
    if spec.vocabulary == "event_type":
        return f"{len(book.codes)} codes"
    allowed = views.allowed(book, spec)
    return (
        ", ".join(allowed)
        if len(", ".join(allowed)) <= SHORT
        else f"{len(allowed)} values"
        if allowed
        else ""
    )
