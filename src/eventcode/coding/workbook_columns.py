"""Columns of a coder's workbook, generated from the codebook's fields, and the closed lists that their cells choose from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from eventcode import dates
from eventcode.codebook.views import allowed, columns
from eventcode.model import Codebook, Field
from eventcode.tables import BOOLEAN, DATE, INTEGER, NUMBER, SOURCING, TEXT, TEXTS

LABEL_MARK = " · "  # between a code and its label where a list shows both
ALWAYS, WHERE_IT_APPLIES = "always", "where it applies"
_SPEAKING = re.compile(r"[a-z][a-z0-9_.]*")
_IDS = ("reading_id", "coding_id", "source_id", "support_id", "key")
_KINDS = {
    TEXT: "string",
    INTEGER: "integer",
    NUMBER: "number",
    BOOLEAN: "boolean",
    DATE: "day",
    TEXTS: "list",
}
_WIDTHS = {
    "code": 19, "string": 26, "set": 26, "list": 26, "date": 21, "day": 12, "integer": 11, "number": 11, "boolean": 9,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Choices:
    """A closed list: value → the entry a drop-down shows for it, and value → what it means."""

    id: str
    entries: Mapping[str, str]
    meanings: Mapping[str, str]

    def shown(self, value: str) -> str:
        """The entry of a value, or the value itself where the list does not have it."""
        return self.entries.get(value, value)

    def value(self, entry: str) -> str:
        """The value of an entry, whatever the label behind its mark says, or the text itself where it is none."""
        value, mark, _ = entry.replace("\N{NO-BREAK SPACE}", " ").partition(LABEL_MARK)
        return value if mark and value in self.entries else entry


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet. `kind` is a field's type, or `day` for an ISO day.

    `filled` says whether the coder must (`always`, `where it applies`, or empty); `needed` that no row can be read without it. `keys`
    names the sheet whose keys, of the same document, may stand here; `instead` the column that may be filled in its place.
    """

    name: str
    kind: str
    label: str
    question: str = ""
    help: str = ""
    section: str = ""
    width: float = 16
    filled: str = ""
    needed: bool = False
    choices: Choices | None = None
    open: bool = False
    keys: str = ""
    instead: str = ""
    minimum: float | None = None
    maximum: float | None = None
    locked: bool = False
    hidden: bool = False

    @property
    def is_text(self) -> bool:
        """Whether cells are formatted as text, so that a spreadsheet changes nothing that is typed."""
        return self.kind not in ("integer", "number")


# ── lists ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def entry(value: str, label: str) -> str:
    """A value with its label, free of what a spreadsheet's look-up functions take for a wildcard."""
    return f"{value}{LABEL_MARK}{re.sub(r'[*?~]', '', label)[:80].strip()}"


def fixed(name: str, values: tuple[str, ...]) -> Choices:
    """A list that the structure of a reading gives, not the codebook."""
    return Choices(name, {value: value for value in values}, dict.fromkeys(values, ""))


def event_types(codebook: Codebook) -> Choices:
    """The codes a reading may carry, each shown with its label."""
    kinds = [kind for _, kind in codebook.walk() if kind.code in codebook.codes]
    entries = {kind.code: entry(kind.code, kind.label) for kind in kinds}
    return Choices("event_type", entries, {kind.code: kind.definition for kind in kinds})


def roots(codebook: Codebook) -> Choices:
    """The codes at the top of the tree that a reading may carry."""
    kinds = [kind for kind in codebook.children(None) if kind.code in codebook.codes]
    entries = {kind.code: entry(kind.code, kind.label) for kind in kinds}
    return Choices("category", entries, {kind.code: kind.definition for kind in kinds})


def actors(codebook: Codebook) -> Choices | None:
    """The ids of the actor list; None where the codebook has none."""
    if not codebook.actors:
        return None
    meanings = {key: "; ".join((actor.name, *actor.aliases)) for key, actor in codebook.actors.items()}
    return Choices("actors", {key: key for key in codebook.actors}, meanings)


def _choices(codebook: Codebook, field: Field) -> Choices | None:
    if field.type in ("actor", "actors"):
        return actors(codebook)
    if field.type == "boolean":
        return fixed("yes_no", ("yes", "no"))
    if not field.vocabulary:
        return None
    if field.vocabulary == "event_type":
        return event_types(codebook)
    terms = [t for t in codebook.vocabularies[field.vocabulary].terms if t.value in allowed(codebook, field)]
    speaking = all(_SPEAKING.fullmatch(term.value) for term in terms)
    entries = {term.value: term.value if speaking else entry(term.value, term.label) for term in terms}
    meanings = {term.value: ". ".join(filter(None, (term.label, term.definition))) for term in terms}
    return Choices(field.vocabulary, entries, meanings)


# ── columns ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _field(codebook: Codebook, field: Field) -> Iterator[Column]:
    """A field's column and, where reasons are declared, that of its missing reason."""
    kind = {"actor": "code", "source": "code", "actors": "set"}.get(field.type, field.type)
    asked = field.required or field.missing
    value = Column(
        field.name, kind, field.label, field.question, _help(field), field.section, _WIDTHS[kind],
        filled=("" if not asked else WHERE_IT_APPLIES if field.applies_if else ALWAYS),
        needed=(field.table, field.name) == ("codings", "event_type"), choices=_choices(codebook, field),
        open=field.type in ("actor", "actors"), keys="sources" if field.type == "source" else "",
        instead=f"{field.name}_missing" if field.missing else "", minimum=field.minimum, maximum=field.maximum,
    )  # fmt: skip
    wide = field.vocabulary == "event_type" or (field.max_words or 0) > 20
    yield replace(value, width=34) if wide else value
    if field.missing:
        yield Column(
            f"{field.name}_missing", "code", f"{field.label}: why empty", "No answer? Then the reason.", "", field.section, 13,
            choices=fixed(f"reasons_{'_'.join(field.missing)}", field.missing),
        )  # fmt: skip


def _help(field: Field) -> str:
    date = f"{dates.HINT[0].upper()}{dates.HINT[1:]}." if field.type == "date" else ""
    several = "Several: with ; between them."
    many = {"set": several, "actors": several, "list": "Several, in their order: with ; between them."}
    where = f"Only where {field.applies_if}." if field.applies_if else ""
    unit = f"In {field.unit}." if field.unit and field.type in ("integer", "number") else ""
    return "\n".join(filter(None, (field.help, date, many.get(field.type, ""), unit, where)))


def of_fields(
    codebook: Codebook, table: str, base: tuple[Column, ...]
) -> tuple[tuple[Column, ...], tuple[Column, ...]]:
    """`base` and the columns of the table's fields; and the columns that a reading may have besides."""
    taken = {column.name for column in base}
    own = [
        c for field in codebook.fields_of(table) if field.name not in taken for c in _field(codebook, field)
    ]
    kinds = columns(codebook, table) | (SOURCING if table == "codings" else {})
    taken |= {column.name for column in own} | {*_IDS}
    rest = [
        Column(name, _KINDS[kind], name, section="More", width=14)
        for name, kind in kinds.items()
        if name not in taken
    ]
    return (*base, *own), tuple(rest)
