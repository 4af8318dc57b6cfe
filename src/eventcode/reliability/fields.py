"""What is compared, field by field: which answers of the codebook, at which level, and how an answer becomes a value.

The level is that of the codebook's field. A cell without an answer says nothing: the question was not put (`applies_if`), or nobody
answered it. A reason that the text gives for an empty answer (`not_stated`, `cannot_tell`) and a value that says as much (`unknown`) are
answers: values of a nominal field or a set. Where a level has no room for them (ranks, numbers, days), they are left out there, and
`FIELD.stated` compares whether there was an answer, and if not, why not. Free text is never compared.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from eventcode.model import ROLES, Codebook, Field
from eventcode.reliability import fields_values as said
from eventcode.sourcing import normal_name
from eventcode.tables import SOURCING

Row = Mapping[str, Any]
Value = Callable[[Row], Hashable | None]
Tree = Mapping[Hashable, Hashable | None]

METRIC = ("ordinal", "interval", "ratio")
# Keys of a source are local to a reading, and so is what refers to them; whole rows of support are paired by `source` and `field`.
NOT_COMPARED = {
    ("sources", "part_of"), ("support", "source"), ("support", "field"), ("codings", "event_type"), ("codings", "date"),
}  # fmt: skip
PLACE = ("place_name", "place_id", "country", "admin1", "lat", "lon", "place_precision")
ORGANISATION = ("affiliation_actors", "speaks_for")
SECTIONS = {"codings": "coding", "sources": "source", "support": "support"}
# Derived columns that one document cannot vary in, or that are about the program.
NOT_DERIVED = ("n_articles", "n_outlets", "origins_version")


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """One thing that is compared: an answer (`value` gives it, None where there is none) and the level at which.

    `leave_out` is the identity field that it belongs to, which takes no part in pairing the codings that it is compared on. `values` are
    those that may be given (of an ordinal field in their order); `tree` gives the parent of each value of a hierarchical one (None
    where the values are paths).
    """

    section: str
    table: str
    field: str
    level: str
    value: Value
    leave_out: str | None = None
    values: tuple[Hashable, ...] | None = None
    tree: Tree | None = None

    @property
    def name(self) -> str:
        """How a card or a person names it: `event_type.root`, `sources.identity`, `derived.origins_min`."""
        return named(self.section, self.field)


def named(section: str, field: str | None) -> str:
    """`detection`, `joint`, a field of codings by its own name, any other with its section before it."""
    if section in ("detection", "joint"):
        return section
    where = {"coding": "", "source": "sources."}.get(section, f"{section}.")
    return f"{where}{field}"


def items(codebook: Codebook) -> tuple[Item, ...]:
    """Everything that is compared under a codebook, in the order of its fields: codings, then sources, support and what is derived."""
    return (*_event_types(codebook), *_dates(codebook), *_places(codebook), *_roles(),
            *_fields(codebook, "codings"), *_fields(codebook, "sources"), *_fields(codebook, "support"),
            *_derived(codebook))  # fmt: skip


# ── codings ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _event_types(codebook: Codebook) -> list[Item]:
    """The code in its tree, the code as such (`leaf`) and the topmost code above it (`root`)."""

    def root(row: Row) -> Hashable | None:
        code = row.get("event_type")
        return codebook.root(str(code)) if code in codebook.event_types else code

    tree: dict[Hashable, Hashable | None] = {code: kind.parent for code, kind in codebook.event_types.items()}
    found = [
        _coding("event_type", "hierarchical", said.plain("event_type"), tree=tree),
        _coding(
            "event_type.root", "nominal", root, values=tuple(kind.code for kind in codebook.children(None))
        ),
        _coding("event_type.leaf", "nominal", said.plain("event_type"), values=codebook.codes),
    ]
    return found if len(set(tree.values())) > 1 else found[2:]


def _dates(codebook: Codebook) -> list[Item]:
    """The first day, in days; and whether interval and precision are the very same."""
    field = codebook.fields.get(("codings", "date"))
    missing = field.missing if field else ()
    return [
        _coding("date", "interval", said.day("date"), "date"),
        _coding("date.exact", "nominal", said.exact("date"), "date"),
        *(
            [_coding("date.stated", "nominal", said.stated("date_precision", "date"), "date")]
            if missing
            else []
        ),
    ]


def _places(codebook: Codebook) -> list[Item]:
    """The place as a path: country, first-order division, place."""
    if ("codings", "place_name") not in codebook.fields:
        return []
    return [_coding("place", "hierarchical", said.place, "place")]


def _roles() -> list[Item]:
    return [
        _coding(role, "set", said.participants(role), role if role != "about" else None) for role in ROLES
    ]


def _coding(
    field: str, level: str, value: Value, leave_out: str | None = None,
    values: tuple[Hashable, ...] | None = None, tree: Tree | None = None,
) -> Item:  # fmt: skip
    return Item("coding", "codings", field, level, value, leave_out, values, tree)


# ── any field ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _fields(codebook: Codebook, table: str) -> list[Item]:
    return [
        item
        for field in codebook.fields_of(table)
        if (table, field.name) not in NOT_COMPARED and field.level != "text"
        for item in _field(codebook, field)
    ]


def _field(codebook: Codebook, field: Field) -> list[Item]:
    """A field at its level, and beside a level without room for reasons, whether there was an answer at all."""
    section, leave_out = SECTIONS[field.table], field.name if field.name in (*PLACE, *ORGANISATION) else None
    level, values, tree = field.level, None, _tree(codebook, field)
    absent = _says_absent(codebook, field)
    vocabulary = codebook.vocabularies.get(field.vocabulary or "")
    if level == "ordinal":
        values = tuple(v for v in (vocabulary.values if vocabulary else ()) if v not in absent)
    elif level == "nominal" and vocabulary:
        values = (*vocabulary.values, *(why for why in field.missing if why not in said.NOTHING_SAID))
    if level == "hierarchical" and tree is None:
        level = "nominal"
    own = Item(
        section, field.table, field.name, level, _value(field, level, absent, values), leave_out, values, tree
    )
    found = [own]
    if level in METRIC and (field.missing or absent):
        asked = said.stated(field.presence, field.name, absent)
        found.append(Item(section, field.table, f"{field.name}.stated", "nominal", asked, leave_out))
    if field.type == "date":
        exact = said.exact(field.name)
        found.append(Item(section, field.table, f"{field.name}.exact", "nominal", exact, leave_out))
    return found


def _tree(codebook: Codebook, field: Field) -> Tree | None:
    """The parent of each value of a hierarchical field's closed list; None for any other."""
    vocabulary = codebook.vocabularies.get(field.vocabulary or "")
    if field.level != "hierarchical" or vocabulary is None:
        return None
    return {term.value: term.parent for term in vocabulary.terms}


def _says_absent(codebook: Codebook, field: Field) -> tuple[str, ...]:
    """The values of a field that say that there is no answer."""
    vocabulary = codebook.vocabularies.get(field.vocabulary or "")
    return tuple(dict.fromkeys((*field.missing_values, *(vocabulary.missing_values if vocabulary else ()))))


def _value(field: Field, level: str, absent: tuple[str, ...], values: tuple[Hashable, ...] | None) -> Value:
    if field.type == "date":
        return said.day(field.name)
    if field.name == "via":
        return said.stations
    if field.type in ("set", "list", "actors"):
        return said.several(field.name)
    if level == "ordinal":
        return said.ranked(field.name, values or ())
    if level in METRIC:
        return said.number(field.name)
    if field.type == "string":
        return said.plain(field.name, normal_name)
    return said.plain(field.name)


# ── what is derived from each coder's sources ─────────────────────────────────────────────────────────────────────────


def _derived(codebook: Codebook) -> list[Item]:
    """The sourcing columns of each coder's codings: numbers, yes or no, and closed lists; none without a codebook of sourcing."""
    if not codebook.fields_of("support"):
        return []
    found = []
    for name, kind in SOURCING.items():
        if name not in NOT_DERIVED:
            level = "ratio" if kind == "int64" else "nominal"
            value = said.number(name) if level == "ratio" else said.plain(name)
            found.append(Item("derived", "reports", name, level, value, values=_listed(codebook, name)))
    party = said.plain("party_to_event")
    return [
        *found,
        Item(
            "support",
            "support",
            "party_to_event",
            "nominal",
            party,
            values=_listed(codebook, "party_to_event"),
        ),
    ]


def _listed(codebook: Codebook, name: str) -> tuple[Hashable, ...] | None:
    """The values of the closed list that a derived column has, by its name; None for any other."""
    return codebook.vocabularies[name].values if name in codebook.vocabularies else None
