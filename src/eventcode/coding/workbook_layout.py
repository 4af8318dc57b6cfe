"""Which sheets and columns a codebook gives a coder's workbook: generated, so that the two cannot drift apart.

Six sheets hold a coder's readings, one row a thing: `documents` (a reading each), `codings`, `participants`, `sources`, `support`,
`evidence`. The first columns of a sheet say where its row belongs (a document, and below it a coding or another key); the columns of the
codebook's fields follow, each with its missing reason beside it. `Sheet.extras` are columns that a sheet has only where some reading
needs them, such as the three columns of a date that no EDTF text says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from eventcode import dates
from eventcode.codebook.views import allowed, columns
from eventcode.model import MISSING_REASONS, ROLES, STATUSES, Codebook, Field
from eventcode.tables import BOOLEAN, DATE, INTEGER, NUMBER, SOURCING, TEXT, TEXTS

SHEETS = ("documents", "codings", "participants", "sources", "support", "evidence")
README, GUIDE, LISTS = "read me", "guide", "lists"
OF = ("coding", "source", "support")  # what a row of evidence may belong to
CATEGORY = "category"  # of a coding: the root above its event type, which narrows the list of types
LABEL_MARK = " · "  # between a code and its label where a list shows both
NOT_READ = ("document_id", "title", "publisher", "url")  # what a coder sees of a document, and its id
_SPEAKING = re.compile(r"[a-z][a-z0-9_.]*")
_IDS = ("reading_id", "coding_id", "source_id", "support_id", "key")
_KINDS = {TEXT: "string", INTEGER: "integer", NUMBER: "number", BOOLEAN: "boolean", DATE: "day", TEXTS: "list"}
_WIDTHS = {"code": 19, "string": 26, "set": 26, "list": 26, "date": 21, "day": 12, "integer": 11, "number": 11, "boolean": 9}
ALWAYS, WHERE_IT_APPLIES = "always", "where it applies"


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
        """The value of an entry, or the text itself where it is none."""
        plain = entry.replace("\N{NO-BREAK SPACE}", " ")
        return next((value for value, shown in self.entries.items() if shown == plain), entry)


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


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet's columns in order, and those that it has only where they are needed."""

    name: str
    about: str
    columns: tuple[Column, ...]
    extras: tuple[Column, ...] = ()

    @property
    def known(self) -> dict[str, Column]:
        """Every column by name."""
        return {column.name: column for column in (*self.columns, *self.extras)}

    def having(self, names: set[str]) -> Sheet:
        """The sheet with those of its extras that are among `names`."""
        wanted = tuple(column for column in self.extras if column.name in names)
        return replace(self, columns=(*self.columns, *wanted))


def sheets(codebook: Codebook) -> dict[str, Sheet]:
    """The sheets of a workbook under a codebook, by name, in their order."""
    makers = (_documents, _codings, _participants, _sources, _support, _evidence)
    return {sheet.name: sheet for sheet in (make(codebook) for make in makers)}


def tree(codebook: Codebook) -> list[tuple[str, str]]:
    """(entry of the root, entry of the code) of every code a reading may carry, roots before what is below them."""
    entries = event_types(codebook).entries
    codes = [kind.code for _, kind in codebook.walk() if kind.code in entries]
    pairs = [(_entry(root, codebook.event_types[root].label), entries[code]) for code in codes for root in [codebook.root(code)]]
    order = list(dict.fromkeys(root for root, _ in pairs))
    return sorted(pairs, key=lambda pair: order.index(pair[0]))


# ── lists ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _entry(value: str, label: str) -> str:
    """A value with its label, free of what a spreadsheet's look-up functions take for a wildcard."""
    return f"{value}{LABEL_MARK}{re.sub(r'[*?~]', '', label)[:80].strip()}"


def _fixed(name: str, values: tuple[str, ...]) -> Choices:
    return Choices(name, {value: value for value in values}, dict.fromkeys(values, ""))


def event_types(codebook: Codebook) -> Choices:
    """The codes a reading may carry, each shown with its label."""
    kinds = [kind for _, kind in codebook.walk() if kind.code in codebook.codes]
    entries = {kind.code: _entry(kind.code, kind.label) for kind in kinds}
    return Choices("event_type", entries, {kind.code: kind.definition for kind in kinds})


def _roots(codebook: Codebook) -> Choices:
    roots = [kind for kind in codebook.children(None) if kind.code in codebook.codes]
    return Choices("category", {k.code: _entry(k.code, k.label) for k in roots}, {k.code: k.definition for k in roots})


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
        return _fixed("yes_no", ("yes", "no"))
    if not field.vocabulary:
        return None
    if field.vocabulary == "event_type":
        return event_types(codebook)
    terms = [t for t in codebook.vocabularies[field.vocabulary].terms if t.value in allowed(codebook, field)]
    speaking = all(_SPEAKING.fullmatch(term.value) for term in terms)
    entries = {term.value: term.value if speaking else _entry(term.value, term.label) for term in terms}
    return Choices(field.vocabulary, entries, {t.value: ". ".join(filter(None, (t.label, t.definition))) for t in terms})


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
    yield replace(value, width=34) if field.vocabulary == "event_type" or (field.max_words or 0) > 20 else value
    if field.missing:
        yield Column(
            f"{field.name}_missing", "code", f"{field.label}: why empty", "No answer? Then the reason.", "", field.section, 13,
            choices=_fixed(f"reasons_{'_'.join(field.missing)}", field.missing),
        )  # fmt: skip


def _help(field: Field) -> str:
    date = f"{dates.HINT[0].upper()}{dates.HINT[1:]}." if field.type == "date" else ""
    many = {"set": "Several: with ; between them.", "actors": "Several: with ; between them.", "list": "Several, in order: with ; between them."}
    where = f"Only where {field.applies_if}." if field.applies_if else ""
    unit = f"In {field.unit}." if field.unit and field.type in ("integer", "number") else ""
    return "\n".join(filter(None, (field.help, date, many.get(field.type, ""), unit, where)))


def _of_fields(codebook: Codebook, table: str, base: tuple[Column, ...]) -> tuple[tuple[Column, ...], tuple[Column, ...]]:
    """`base` and the columns of the table's fields; and the columns that a reading may have besides."""
    taken = {column.name for column in base}
    own = [c for field in codebook.fields_of(table) if field.name not in taken for c in _field(codebook, field)]
    kinds = columns(codebook, table) | (SOURCING if table == "codings" else {})
    taken |= {column.name for column in own} | {*_IDS}
    rest = [Column(name, _KINDS[kind], name, section="More", width=14) for name, kind in kinds.items() if name not in taken]
    return (*base, *own), tuple(rest)


_DOCUMENT = Column("document", "code", "Document", "Which document?", section="Where it belongs", width=20, filled=ALWAYS, needed=True, keys="documents")


def _key(what: str, like: str) -> Column:
    text = f"Your short name for this {what}: {like}1, {like}2 …"
    return Column("key", "string", "Key", text, "Letters, digits, . _ and -; once per document.", "Where it belongs", 9, ALWAYS, True)


def _coding(help: str = "") -> Column:
    return Column("coding", "code", "Coding", "Its key", help, "Where it belongs", 10, ALWAYS, True, keys="codings")


def _asked(codebook: Codebook, name: str, otherwise: Column) -> Column:
    """A column of `support` with the words in which the codebook asks for it, where it does."""
    field = codebook.fields.get(("support", name))
    return replace(otherwise, label=field.label, question=field.question, help=field.help) if field else otherwise


def _documents(codebook: Codebook) -> Sheet:
    def given(name: str, label: str, width: float = 16, kind: str = "string", hidden: bool = False) -> Column:
        return Column(name, kind, label, section="The document", width=width, locked=True, hidden=hidden)

    status = "coded: its events are on the sheet codings. no_event: read, and nothing to code. skipped: not read. withdrawn: taken back."
    shown = (
        replace(given("document", "Document", 24), needed=True), given("title", "Title", 48), given("publisher", "Publisher"),
        given("url", "Address", 30),
        Column("status", "code", "Status", "What became of it?", status, "Your reading", 13, choices=_fixed("status", STATUSES)),
        Column("note", "string", "Note", "Anything the next reader should know?", "", "Your reading", 40),
        replace(given("revision", "Revision", 10, "integer"), question="Counted on import", section="Your reading", minimum=1),
    )  # fmt: skip
    hidden = [given(n, n, hidden=True) for n in ("document_id", "coder", "codebook", "coded_at", "sample_role")]
    rest = (*hidden, given("inclusion_p", "inclusion_p", kind="number", hidden=True))
    about = "One row a document. Say what became of each; a row without a status has not been read yet."
    return Sheet("documents", about, (*shown, *rest), (given("adopted_from", "adopted_from"),))


def _codings(codebook: Codebook) -> Sheet:
    base: tuple[Column, ...] = (_DOCUMENT, _key("event", "e"))
    what = codebook.fields.get(("codings", "event_type"))
    category = Column(
        CATEGORY, "code", "Category", "Which family? It shortens the next list.", "Not stored: the event type says it.",
        what.section if what else "", 26, choices=_roots(codebook),
    )  # fmt: skip
    own, extras = _of_fields(codebook, "codings", base)
    at = next((i for i, column in enumerate(own) if column.name == "event_type"), len(base))
    return Sheet("codings", "One row an event that the document tells.", (*own[:at], category, *own[at:]), extras)


def _participants(codebook: Codebook) -> Sheet:
    listed = actors(codebook)
    own = (
        _DOCUMENT, _coding("The event of the sheet codings in which it takes part."),
        Column("role", "code", "Role", "What is its part?", "actor: who says or does it. recipient: to whom. about: whom it concerns.",
               "Who", 12, ALWAYS, True, _fixed("role", ROLES)),
        Column("actor_id", "code", "Actor", "Which entry of the actor list?", "Empty where the list has none, or the text names nobody.",
               "Who", 30, ALWAYS, choices=listed, open=True, instead="actor_missing"),
        Column("actor_missing", "code", "Actor: why empty", "No entry? Then the reason.", "", "Who", 14,
               choices=_fixed("actor_missing", MISSING_REASONS)),
        Column("name_as_printed", "string", "Name as printed", "What does the text call it?", "The words of the text.", "Who", 30),
        Column("member_of", "code", "Member of", "Part of which body, if it is nameless itself?", "", "Who", 30, choices=listed, open=True),
        Column("position", "integer", "Position", "Leave empty: rows count in their order.",
               "Counts from 0 within coding and role.", "Who", 11, minimum=0),
    )  # fmt: skip
    return Sheet("participants", "One row an actor in a role of an event.", own)


def _sources(codebook: Codebook) -> Sheet:
    return Sheet("sources", "One row a source that the document uses.", *_of_fields(codebook, "sources", (_DOCUMENT, _key("source", "s"))))


def _names(codebook: Codebook) -> Choices:
    """What a row of support or evidence may be about: the fields of a coding and the roles in it."""
    labels = {field.name: field.label for field in codebook.fields_of("codings")}
    names = (*labels, *ROLES)
    return Choices("field", {name: name for name in names}, {name: labels.get(name, "participants in this role") for name in names})


def _support(codebook: Codebook) -> Sheet:
    where = "Where it belongs"
    source = Column("source", "code", "Source", "The source's key", "", where, 10, ALWAYS, True, keys="sources")
    field = Column("field", "code", "Field", "Only if for one field", "", where, 17, choices=_names(codebook), open=True)
    base = (
        _DOCUMENT, _coding("The event of the sheet codings that it carries."), _asked(codebook, "source", source),
        Column("no", "string", "No.", "1, 2 … per document", "Needed only where a row of evidence points here.", where, 8),
        _asked(codebook, "field", field),
    )  # fmt: skip
    return Sheet("support", "One row a source and an event (or one field of it) that it speaks to.", *_of_fields(codebook, "support", base))


def _evidence(codebook: Codebook) -> Sheet:
    where, words = "Where it belongs", "The words"
    quote = "Paste them exactly as they stand. On import they become a place in the text; the words themselves are not kept."
    own = (
        _DOCUMENT,
        Column("of", "code", "Of what", "What do the words show?", "A coding, a source, or a row of support.", where, 12, ALWAYS, True,
               _fixed("of", OF)),
        Column("key", "string", "Key", "Key of the coding or source, or No. of the support", "", where, 11, ALWAYS, True, keys="of"),
        Column("field", "code", "Field", "Which answer do they justify?", "Of a coding: the field, as event_type or place_name.", where, 19,
               choices=_names(codebook), open=True),
        Column("quote", "string", "Quote", "Which words of the text?", quote, words, 60),
        Column("start", "integer", "From", "Filled on import", "First character, counted from 0.", words, 10, minimum=0),
        Column("end", "integer", "To", "Filled on import", "The character after the last.", words, 10, minimum=0),
        Column("salt", "string", "salt", section=words, hidden=True), Column("quote_hash", "string", "quote_hash", section=words, hidden=True),
    )  # fmt: skip
    return Sheet("evidence", "One row a passage that shows an answer.", own)
