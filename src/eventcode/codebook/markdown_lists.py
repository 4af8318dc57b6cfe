"""The lists of a codebook as Markdown: guidance, vocabularies, rules, actors, crosswalks."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from eventcode.codebook.markdown_parts import bullets, link, mark, paragraphs, table, text
from eventcode.model import Actor, Codebook, Crossing, Guidance, Rule, Vocabulary


def guidance(book: Codebook) -> str:
    """The decision rules for coders."""
    return paragraphs(*(guidance_entry(entry) for entry in book.guidance))


def guidance_entry(entry: Guidance) -> str:
    """One decision rule with its example."""
    return paragraphs(
        f"{mark('guidance', entry.id)}\n### {text(entry.id)} {text(entry.title)}", text(entry.text),
        f"*Example.* {text(entry.example)}" if entry.example else None,
    )  # fmt: skip


def vocabularies(book: Codebook) -> str:
    """Every closed list."""
    return paragraphs(*(vocabulary(found) for found in book.vocabularies.values()))


def vocabulary(found: Vocabulary) -> str:
    """One closed list with its definitions."""
    defined = any(term.definition for term in found.terms)
    header = ("Value", "Label", *(("Definition",) if defined else ()))
    rows = [
        (f"`{term.value}`", text(term.label), *((text(term.definition),) if defined else ()))
        for term in found.terms
    ]
    missing = f"Means unknown: {', '.join(found.missing_values)}." if found.missing_values else None
    head = f"{mark('vocabulary', found.id)}\n### {text(found.title)} (`{found.id}`)"
    return paragraphs(head, text(found.definition), missing, table(header, rows))


def rules(book: Codebook) -> str:
    """What must hold, rule by rule."""
    return paragraphs(*(rule(found) for found in book.rules.values()))


def rule(found: Rule) -> str:
    """One rule: what it asks, why, what to do, and its examples."""
    shown = {
        "Table": found.table,
        "Field": found.field or "",
        "Severity": found.severity,
        "Says": f"“{text(found.message)}”",
        "Remedy": text(found.hint),
    }
    return paragraphs(
        f"{mark('rule', found.id)}\n### {text(found.id)}", text(found.why),
        bullets(f"{name}: {value}" for name, value in shown.items() if value),
        f"```sql\n{statement(found)}\n```", _rule_examples(found),
    )  # fmt: skip


def statement(found: Rule) -> str:
    """What a rule asks, as SQL or in the words of its kind."""
    if found.require is not None:
        when = [f"when    {' '.join(found.when.split())}"] if found.when else []
        return "\n".join([*when, f"require {' '.join(found.require.split())}"])
    options = {name: value for name, value in found.options.items() if name not in ("builtin", "definition")}
    told = [
        f"{name}: {', '.join(value) if isinstance(value, tuple) else value}"
        for name, value in options.items()
    ]
    columns = [f"columns: {', '.join(found.columns)}"] if found.columns else []
    what = (
        [f"-- {' '.join(str(found.options['definition']).split())}"] if "definition" in found.options else []
    )
    name = f" {found.options['builtin']}" if "builtin" in found.options else ""
    return "\n".join([f"{found.kind}{name}", *columns, *told, *what])


def _rule_examples(found: Rule) -> str:
    shown = [(sort, one) for sort in ("pass", "fail") for one in found.examples.get(sort, ())]
    return bullets(
        f"{'holds for' if sort == 'pass' else 'fails for'} `{compact(one)}`" for sort, one in shown
    )


def compact(value: Any) -> str:
    """A row or data set of an example on one line."""
    return json.dumps(value, ensure_ascii=False, default=_plain).replace('"', "").replace("`", "'")


def _plain(value: Any) -> Any:
    return dict(value) if isinstance(value, Mapping) else list(value)


def actors(book: Codebook) -> str:
    """Who acts, speaks or is spoken of."""
    rows = [_actor(book, found) for found in book.actors.values()]
    return table(("Id", "Name", "Kind", "Country", "Also called", "Ties"), rows)


def _actor(book: Codebook, found: Actor) -> tuple[str, ...]:
    ties = [
        f"{tie.relation.replace('_', ' ')} {link('actor', tie.actor)}{_when(tie.valid_from, tie.valid_to)}"
        for tie in found.parents
    ]
    name = f"{text(found.name)}{_when(found.valid_from, found.valid_to)}"
    return (
        f"{mark('actor', found.id)}`{found.id}`",
        name,
        found.kind,
        found.country or "",
        text(", ".join(found.aliases)),
        "; ".join(ties),
    )


def _when(first: str | None, last: str | None) -> str:
    return f" ({first or '…'} to {last or '…'})" if first or last else ""


def crosswalks(book: Codebook) -> str:
    """How the codes, and the values of vocabularies, map to other codebooks: one table each."""
    groups: dict[tuple[str | None, str], list[Crossing]] = {}
    for row in book.crosswalks:
        groups.setdefault((row.vocabulary, row.target), []).append(row)
    return paragraphs(*(_crosswalk(rows) for rows in groups.values()))


def _crosswalk(rows: list[Crossing]) -> str:
    first = rows[0]
    own = first.vocabulary
    told = [
        (
            f"`{row.code}`" if own else link("code", row.code),
            f"`{row.target_code}`" if row.target_code else "",
            row.match,
            text(row.note),
        )
        for row in rows
    ]
    title = (
        f"From {text(own)} to {text(first.target)}"
        if own
        else f"To {text(first.target_codebook)} {text(first.target_version)}"
    )
    anchor = f"{own}-{first.target_codebook}-{first.target_vocabulary}" if own else first.target_codebook
    head = f"{mark('crosswalk', anchor)}\n### {title}"
    return paragraphs(head, table(("Value" if own else "Code", "Target", "Match", "Note"), told))
