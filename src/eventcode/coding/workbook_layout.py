"""Which sheets and columns a codebook gives a coder's workbook: generated, so that the two cannot drift apart.

Six sheets hold a coder's readings, one row a thing: `documents` (a reading each), `codings`, `participants`, `sources`, `support`,
`evidence`. The first columns of a sheet say where its row belongs (a document, and below it a coding or another key); the columns of the
codebook's fields follow, each with its missing reason beside it. `Sheet.extras` are columns that a sheet has only where some reading
needs them, such as the three columns of a date that no EDTF text says.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from eventcode.coding.workbook_columns import (
    ALWAYS,
    Choices,
    Column,
    actors,
    entry,
    event_types,
    fixed,
    of_fields,
    roots,
)
from eventcode.model import MISSING_REASONS, ROLES, STATUSES, Codebook

SHEETS = ("documents", "codings", "participants", "sources", "support", "evidence")
README, GUIDE, LISTS = "read me", "guide", "lists"
OF = ("coding", "source", "support")  # what a row of evidence may belong to
CATEGORY = "category"  # of a coding: the root above its event type, which narrows the list of types
NOT_READ = ("document_id", "title", "publisher", "url")  # what a coder sees of a document, and its id


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
    pairs = [
        (entry(root, codebook.event_types[root].label), entries[code])
        for code in codes
        for root in [codebook.root(code)]
    ]
    order = list(dict.fromkeys(root for root, _ in pairs))
    return sorted(pairs, key=lambda pair: order.index(pair[0]))


_DOCUMENT = Column(
    "document",
    "code",
    "Document",
    "Which document?",
    "",
    "Where it belongs",
    20,
    ALWAYS,
    True,
    keys="documents",
)


def _key(what: str, like: str) -> Column:
    text = f"Your short name for this {what}: {like}1, {like}2 …"
    return Column(
        "key",
        "string",
        "Key",
        text,
        "Letters, digits, . _ and -; once per document.",
        "Where it belongs",
        9,
        ALWAYS,
        True,
    )


def _coding(help: str = "") -> Column:
    return Column(
        "coding", "code", "Coding", "Its key", help, "Where it belongs", 10, ALWAYS, True, keys="codings"
    )


def _asked(codebook: Codebook, name: str, otherwise: Column) -> Column:
    """A column of `support` with the words in which the codebook asks for it, where it does."""
    field = codebook.fields.get(("support", name))
    return (
        replace(otherwise, label=field.label, question=field.question, help=field.help)
        if field
        else otherwise
    )


def _documents(codebook: Codebook) -> Sheet:
    def given(name: str, label: str, width: float = 16, kind: str = "string", hidden: bool = False) -> Column:
        return Column(name, kind, label, section="The document", width=width, locked=True, hidden=hidden)

    status = "coded: its events are on the sheet codings. no_event: read, and nothing to code. skipped: not read. withdrawn: taken back."
    shown = (
        replace(given("document", "Document", 24), needed=True), given("title", "Title", 48), given("publisher", "Publisher"),
        given("url", "Address", 30),
        Column("status", "code", "Status", "What became of it?", status, "Your reading", 13, choices=fixed("status", STATUSES)),
        Column("note", "string", "Note", "Anything the next reader should know?", "", "Your reading", 40),
        replace(given("revision", "Revision", 10, "integer"), question="Counted on import", section="Your reading", minimum=1),
    )  # fmt: skip
    hidden = [
        given(n, n, hidden=True) for n in ("document_id", "coder", "codebook", "coded_at", "sample_role")
    ]
    rest = (*hidden, given("inclusion_p", "inclusion_p", kind="number", hidden=True))
    about = "One row a document. Say what became of each; a row without a status has not been read yet."
    return Sheet("documents", about, (*shown, *rest), (given("adopted_from", "adopted_from"),))


def _codings(codebook: Codebook) -> Sheet:
    base: tuple[Column, ...] = (_DOCUMENT, _key("event", "e"))
    what = codebook.fields.get(("codings", "event_type"))
    category = Column(
        CATEGORY, "code", "Category", "Which family? It shortens the next list.", "Not stored: the event type says it.",
        what.section if what else "", 26, choices=roots(codebook),
    )  # fmt: skip
    own, extras = of_fields(codebook, "codings", base)
    at = next((i for i, column in enumerate(own) if column.name == "event_type"), len(base))
    return Sheet(
        "codings", "One row an event that the document tells.", (*own[:at], category, *own[at:]), extras
    )


def _participants(codebook: Codebook) -> Sheet:
    listed = actors(codebook)
    own = (
        _DOCUMENT, _coding("The event of the sheet codings in which it takes part."),
        Column("role", "code", "Role", "What is its part?", "actor: who says or does it. recipient: to whom. about: whom it concerns.",
               "Who", 12, ALWAYS, True, fixed("role", ROLES)),
        Column("actor_id", "code", "Actor", "Which entry of the actor list?", "Empty where the list has none, or the text names nobody.",
               "Who", 30, ALWAYS, choices=listed, open=True, instead="actor_missing"),
        Column("actor_missing", "code", "Actor: why empty", "No entry? Then the reason.", "", "Who", 14,
               choices=fixed("actor_missing", MISSING_REASONS)),
        Column("name_as_printed", "string", "Name as printed", "What does the text call it?", "The words of the text.", "Who", 30),
        Column("member_of", "code", "Member of", "Part of which body, if it is nameless itself?", "", "Who", 30, choices=listed, open=True),
        Column("position", "integer", "Position", "Leave empty: rows count in their order.",
               "Counts from 0 within coding and role.", "Who", 11, minimum=0),
    )  # fmt: skip
    return Sheet("participants", "One row an actor in a role of an event.", own)


def _sources(codebook: Codebook) -> Sheet:
    return Sheet(
        "sources",
        "One row a source that the document uses.",
        *of_fields(codebook, "sources", (_DOCUMENT, _key("source", "s"))),
    )


def _names(codebook: Codebook) -> Choices:
    """What a row of support or evidence may be about: the fields of a coding and the roles in it."""
    labels = {field.name: field.label for field in codebook.fields_of("codings")}
    names = (*labels, *ROLES)
    return Choices(
        "field",
        {name: name for name in names},
        {name: labels.get(name, "participants in this role") for name in names},
    )


def _support(codebook: Codebook) -> Sheet:
    where = "Where it belongs"
    source = Column(
        "source", "code", "Source", "The source's key", "", where, 10, ALWAYS, True, keys="sources"
    )
    field = Column(
        "field", "code", "Field", "Only if for one field", "", where, 17, choices=_names(codebook), open=True
    )
    base = (
        _DOCUMENT, _coding("The event of the sheet codings that it carries."), _asked(codebook, "source", source),
        Column("no", "string", "No.", "1, 2 … per document", "Needed only where a row of evidence points here.", where, 8),
        _asked(codebook, "field", field),
    )  # fmt: skip
    return Sheet(
        "support",
        "One row a source and an event (or one field of it) that it speaks to.",
        *of_fields(codebook, "support", base),
    )


def _evidence(codebook: Codebook) -> Sheet:
    where, words = "Where it belongs", "The words"
    quote = "Paste them exactly as they stand. On import they become a place in the text; the words themselves are not kept."
    own = (
        _DOCUMENT,
        Column("of", "code", "Of what", "What do the words show?", "A coding, a source, or a row of support.", where, 12, ALWAYS, True,
               fixed("of", OF)),
        Column("key", "string", "Key", "Key of the coding or source, or No. of the support", "", where, 11, ALWAYS, True, keys="of"),
        Column("field", "code", "Field", "Which answer do they justify?", "Of a coding: the field, as event_type or place_name.", where, 19,
               choices=_names(codebook), open=True),
        Column("quote", "string", "Quote", "Which words of the text?", quote, words, 60),
        Column("start", "integer", "From", "Filled on import", "First character, counted from 0.", words, 10, minimum=0),
        Column("end", "integer", "To", "Filled on import", "The character after the last.", words, 10, minimum=0),
        Column("salt", "string", "salt", section=words, hidden=True),
        Column("quote_hash", "string", "quote_hash", section=words, hidden=True),
    )  # fmt: skip
    return Sheet("evidence", "One row a passage that shows an answer.", own)
