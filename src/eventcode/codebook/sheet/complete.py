"""What a person left out of a workbook, made from what is there: each default is reported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from eventcode.codebook.lint_fields import LEVELS
from eventcode.codebook.sheet import inline, unknown
from eventcode.codebook.sheet.context import Context
from eventcode.codebook.sheet.records import Entry
from eventcode.codebook.sheet.told import Report
from eventcode.codebook.slugs import name as named
from eventcode.codebook.slugs import slug
from eventcode.errors import Problem
from eventcode.model import ACTS

Book = dict[str, list[Entry]]
TODO = "TODO"
MODULES = ("sourcing@1", "record@1")
QUADS = ("verbal_cooperation", "material_cooperation", "verbal_conflict", "material_conflict")
TYPES = {
    "text": "string", "str": "string", "free_text": "string", "open": "string", "select_one": "code", "single": "code",
    "categorical": "code",
    "category": "code", "list": "code", "select_multiple": "set", "multiple": "set", "multi": "set", "int": "integer", "count": "integer",
    "float": "number", "decimal": "number", "numeric": "number", "bool": "boolean", "yes_no": "boolean", "dummy": "boolean",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the caller says of the new codebook."""

    id: str = ""
    title: str = ""
    act: str = ""
    realis: tuple[str, ...] = ()
    more: Mapping[str, Any] = field(default_factory=dict)


def complete(
    book: Book,
    card: dict[str, Any],
    wishes: Wishes,
    context: Context,
    report: Report,
    problems: list[Problem],
) -> None:
    """Fill in what is missing, from the codes to the values."""
    _codes(book, card, wishes, context, report)
    _fields(book, context, report, problems)
    _vocabularies(book, context, report)
    for number, entry in enumerate(book.get("guidance", ()), 1):
        _default(entry, "title", f"G{number}", "a number", report, of=str(entry.plain.get("id", "")))
    for number, entry in enumerate(book.get("examples", ()), 1):
        _default(entry, "name", f"example {number}", "a number", report, of=f"example {number}")
    for entry in book.get("crosswalks", ()):
        _default(entry, "target_version", "1", "1", report, of=str(entry.plain.get("code", "")), todo=True)
    for entry in book.get("actors", ()):
        _default(entry, "name", entry.plain.get("id"), "as the id", report, of=str(entry.plain.get("id", "")))


def card(given: Mapping[str, Any], said: set[str], wishes: Wishes, report: Report) -> dict[str, Any]:
    """The codebook's first page; `said` are the keys that the sheet has, if only with an empty value."""
    made = {key: value for key, value in given.items() if value is not None}
    name = wishes.id or made.get("id") or ""
    if wishes.id:
        made["id"] = wishes.id
    defaults: dict[str, tuple[Any, str, bool]] = {
        "title": (name.replace("_", " ").replace("-", " ").capitalize(), "made from the id", False),
        "version": ("0.1.0", "0.1.0", False), "kind": ("codebook", "codebook", False),
        "licence": ("all rights reserved", "all rights reserved; say under which terms others may use it, such as CC-BY-4.0", True),
        "description": (f"{TODO}: say what this codebook is about.", "to be written", True),
    }  # fmt: skip
    if wishes.title and not made.get("title"):
        made["title"] = wishes.title
    for key, (value, what, todo) in defaults.items():
        if not made.get(key):
            made[key] = value
            report.add("codebook", key, what, todo=todo)
    if "uses" not in said and "extends" not in made and made["kind"] == "codebook":
        made["uses"] = [*MODULES]
        report.add("codebook", "uses", f"the modules {' and '.join(MODULES)}")
    return made


def _default(
    entry: Entry, key: str, value: Any, what: str, report: Report, *, todo: bool = False, of: str = ""
) -> None:
    if key in entry.plain or key in entry.unread or value in (None, ""):
        return
    entry.plain[key] = value
    report.add(entry.sheet, key, what, of or entry.at(key).path.partition("!")[2], todo=todo)


# ── codes ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _codes(book: Book, card: dict[str, Any], wishes: Wishes, context: Context, report: Report) -> None:
    entries = book.get("codes", [])
    own_quads = any(entry.plain.get("vocabulary") == "quad" for entry in book.get("values", ()))
    taken = {entry.plain["name"] for entry in entries if "name" in entry.plain}
    by_code = {entry.plain["code"]: entry for entry in entries if "code" in entry.plain}
    for entry in entries:
        code = _called(entry)
        if entry.plain.get("parent") == code:
            del entry.plain["parent"]
            report.add("codes", "parent", "none, where it is the code itself", code)
        labelled = "label" in entry.plain
        _default(
            entry,
            "label",
            str(entry.plain.get("name", code)).replace("_", " ").capitalize(),
            "made from the name" if "name" in entry.plain else "made from the code",
            report,
            of=code,
        )
        made = _name(str(entry.plain.get("label", code)), code, taken)
        taken.add(entry.plain.get("name", made))
        _default(entry, "name", made, f"made from the {'label' if labelled else 'code'}", report, of=code)
        if not own_quads:
            _quad(entry, context, report)
        _default(
            entry,
            "definition",
            f"{TODO}: define {code}, {entry.plain.get('label', code)}.",
            "to be written",
            report,
            todo=True,
            of=code,
        )
    for entry in entries:
        _act(entry, by_code, wishes, report)
        realis = (
            []
            if entry.plain.get("act") == "none"
            else [*(wishes.realis or context.values("realis") or ("occurred",))]
        )
        what = (
            "none, since the code is no event"
            if not realis
            else f"{', '.join(realis)}: say which of them each code may carry"
        )
        _default(
            entry,
            "realis",
            realis,
            what,
            report,
            todo=bool(realis and not wishes.realis),
            of=_called(entry),
        )
    _scale(entries, card, report)


def _called(entry: Entry) -> str:
    """The code, or the cell of a row without one."""
    return str(entry.plain.get("code", entry.place.path))


def _name(label: str, code: str, taken: set[str]) -> str:
    """A name from the label; with the code where another code has that one."""
    plain = named(label, (), f"code_{code}")
    return plain if plain not in taken else named(f"{label} {code}", taken, f"code_{code}")


def _act(entry: Entry, by_code: Mapping[str, Entry], wishes: Wishes, report: Report) -> None:
    code, quad = _called(entry), str(entry.plain.get("quad", ""))
    above = by_code.get(entry.plain.get("parent", ""))
    if wishes.act:
        _default(entry, "act", wishes.act, f"{wishes.act}, as asked for", report, of=code)
    elif quad in QUADS:
        act = "word" if quad.startswith("verbal") else "deed"
        _default(entry, "act", act, f"{act}, since its quad is {quad.split('_')[0]}", report, of=code)
    elif above is not None and above.plain.get("act") in ACTS:
        _default(entry, "act", above.plain["act"], "that of the code above it", report, of=code)
    else:
        _default(
            entry,
            "act",
            "mixed",
            "mixed: say of each whether it is a word or a deed",
            report,
            todo=True,
            of=code,
        )


def _quad(entry: Entry, context: Context, report: Report) -> None:
    """`1 verbal cooperation`, `Verbal Cooperation` and class 1 of the four are verbal_cooperation."""
    given = entry.plain.get("quad")
    if given is None or given in QUADS or given in context.values("quad"):
        return
    words = slug(str(given), "_")
    plain = words.lstrip("0123456789_") or (QUADS[int(words) - 1] if words in ("1", "2", "3", "4") else words)
    if plain in QUADS:
        entry.plain["quad"] = plain
        report.add("codes", "quad", f"{given} taken for {plain}", _called(entry))


def _scale(entries: list[Entry], card: dict[str, Any], report: Report) -> None:
    """A scale for the scores, where none is declared."""
    scores = [
        entry.plain["intensity"] for entry in entries if isinstance(entry.plain.get("intensity"), int | float)
    ]
    if not scores or "intensity" in card.get("scales", {}) or "extends" in card:
        return
    most = 10 if max(map(abs, scores)) <= 10 else max(map(abs, scores))
    title, direction = "Intensity", f"{TODO}: say what the two ends mean."
    card.setdefault("scales", {})["intensity"] = {
        "title": title, "edition": TODO, "minimum": -most if min(scores) < 0 else 0, "maximum": most, "direction": direction,
    }  # fmt: skip
    report.add(
        "scales",
        "intensity",
        f"from {-most if min(scores) < 0 else 0:g} to {most:g}: name the scale, its edition and direction",
        todo=True,
    )


# ── fields and lists ──────────────────────────────────────────────────────────────────────────────────────────────────


def _fields(book: Book, context: Context, report: Report, problems: list[Problem]) -> None:
    taken = {entry.plain["name"] for entry in book.get("fields", ()) if "name" in entry.plain}
    for entry in book.get("fields", ()):
        plain = entry.plain
        _field_name(entry, taken, report)
        of = str(plain.get("name", ""))
        _default(entry, "table", "codings", "codings", report, of=of)
        _default(entry, "label", of.replace("_", " ").capitalize(), "made from the name", report, of=of)
        _default(
            entry, "question", f"{plain.get('label', of)}?", "made from the label", report, of=of, todo=True
        )
        listed = [*inline.values(entry, _plain_type(entry), report, problems)]
        book.setdefault("values", []).extend(listed)
        _type(entry, report)
        kind = plain.get("type", "")
        if kind in ("code", "set"):
            has = (
                any(value.plain.get("vocabulary") == of for value in book.get("values", ()))
                or of in context.vocabularies
            )
            _default(entry, "vocabulary", of if has else None, "the list of the same name", report, of=of)
        level = LEVELS.get(kind, ("",))[0]
        _default(entry, "level", level, f"{level}, from the type {kind}", report, of=of)


def _field_name(entry: Entry, taken: set[str], report: Report) -> None:
    """A name from the label; where another field has it, one with a number, for somebody to mend."""
    label = str(entry.plain.get("label") or entry.plain.get("question") or "field")
    made, wanted = named(label, taken, "field"), named(label, (), "field")
    taken.add(entry.plain.get("name", made))
    other = f", since another field is called {wanted}" if made != wanted else ""
    what = f"made from the label{other}"
    _default(entry, "name", made, what, report, of=f"{made} for '{label}'", todo=bool(other))


def _plain_type(entry: Entry) -> str:
    """The type that a field says, by our name for it."""
    given = slug(str(entry.plain.get("type", "")), "_")
    return TYPES.get(given, given)


def _type(entry: Entry, report: Report) -> None:
    plain, of = entry.plain, str(entry.plain.get("name", ""))
    given = slug(str(plain.get("type", "")), "_")
    if given == "list" and "vocabulary" not in plain:
        given = ""
    if given in TYPES and given:
        plain["type"] = TYPES[given]
        report.add("fields", "type", f"{given} taken for {TYPES[given]}", of)
    guess = "code" if "vocabulary" in plain else "string"
    _default(
        entry, "type", guess, f"{guess}: say what kind of answer it is", report, of=of, todo=guess == "string"
    )


def _vocabularies(book: Book, context: Context, report: Report) -> None:
    listed = {entry.plain.get("id") for entry in book.get("vocabularies", ())}
    for entry in book.get("values", ()):
        of = entry.plain.get("vocabulary")
        if of and of not in listed:
            book.setdefault("vocabularies", []).append(
                Entry({"id": of}, "vocabularies", place=entry.at("vocabulary"))
            )
            listed.add(of)
        _default(
            entry,
            "label",
            str(entry.plain.get("value", "")).replace("_", " ").capitalize(),
            "made from the value",
            report,
            of=f"{entry.plain.get('value', '')} in {of}",
        )
    for entry in book.get("vocabularies", ()):
        of = str(entry.plain.get("id", ""))
        _default(entry, "title", of.replace("_", " ").capitalize(), "made from the name", report, of=of)
    unknown.mark(book.get("vocabularies", ()), book.get("values", ()), book.get("fields", ()), report)
