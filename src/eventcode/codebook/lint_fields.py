"""Lint of fields and vocabularies: values that lead nowhere, scales without direction, lists with no way to say "not stated"."""

from __future__ import annotations

from collections.abc import Iterator

from eventcode.codebook import views
from eventcode.codebook.lint_rules import Hit, groups, plain, quoted
from eventcode.model import Codebook, Field, Vocabulary
from eventcode.shape import did_you_mean
from eventcode.tables import TABLES

# The measurement levels that fit a type; reliability picks its measure by the level.
LEVELS = {
    "string": ("text", "nominal"), "code": ("nominal", "ordinal", "hierarchical"), "set": ("set",),
    "integer": ("ratio", "interval", "ordinal"), "number": ("ratio", "interval"),
    "boolean": ("nominal",), "date": ("interval",), "actor": ("nominal",), "actors": ("set",),
    "source": ("nominal",), "list": ("set", "text"),
}  # fmt: skip
# The types that a way of aggregating fits; what is not listed fits every type.
AGGREGATES = {
    "most_specific": ("code",), "union": ("set", "actors", "list"), "range": ("integer", "number"), "min": ("integer", "number"),
    "max": ("integer", "number"), "interval": ("date",), "any": ("boolean",), "all": ("boolean",),
}  # fmt: skip
STRUCTURE = (("support", "source"), ("support", "field"))


def _key(field: Field) -> str:
    return f"{field.table}.{field.name}"


def _vocabulary(codebook: Codebook, field: Field) -> Vocabulary | None:
    return codebook.vocabularies.get(field.vocabulary or "")


def missing_values(codebook: Codebook) -> Iterator[Hit]:
    """What a field or vocabulary calls unknown is one of its values."""
    for field in codebook.fields.values():
        known = views.allowed(codebook, field)
        for value in field.missing_values:
            if value not in known:
                message = (
                    f"{_key(field)}: the missing value '{value}' is not in vocabulary {field.vocabulary}"
                )
                yield Hit(_key(field), message, field.place, did_you_mean(value, [*known]))
    for vocabulary in codebook.vocabularies.values():
        for value in vocabulary.missing_values:
            if value not in vocabulary.values:
                message = f"vocabulary {vocabulary.id}: the missing value '{value}' is not among its values"
                yield Hit(vocabulary.id, message, vocabulary.place, did_you_mean(value, [*vocabulary.values]))


def not_stated(codebook: Codebook) -> Iterator[Hit]:
    """A required question has an answer for a text that is silent: else the coder must invent one."""
    for field in codebook.fields.values():
        if not field.required or field.always_answerable:
            continue
        vocabulary = _vocabulary(codebook, field)
        if not (field.missing or field.missing_values or (vocabulary and vocabulary.missing_values)):
            yield Hit(
                _key(field),
                f"{_key(field)} is required and has no way to say that the text does not tell",
                field.place,
            )


def scale_direction(codebook: Codebook) -> Iterator[Hit]:
    """An ordinal field says which end is best."""
    for field in codebook.fields.values():
        if field.level == "ordinal" and not {"best", "worst"} <= field.scale.keys():
            yield Hit(
                _key(field), f"{_key(field)} is ordinal, and its scale names no best and worst", field.place
            )


def scale_values(codebook: Codebook) -> Iterator[Hit]:
    """The ends of a scale are two values of the list."""
    for field in codebook.fields.values():
        known = views.allowed(codebook, field)
        for end in ("best", "worst"):
            if known and end in field.scale and field.scale[end] not in known:
                hint = did_you_mean(str(field.scale[end]), [*known])
                yield Hit(
                    _key(field),
                    f"{_key(field)}: the {end} value '{field.scale[end]}' is not in vocabulary {field.vocabulary}",
                    field.place,
                    hint,
                )
        if "best" in field.scale and field.scale["best"] == field.scale.get("worst"):
            yield Hit(
                _key(field), f"{_key(field)}: best and worst are both '{field.scale['best']}'", field.place
            )


def level(codebook: Codebook) -> Iterator[Hit]:
    """The measurement level fits the type."""
    for field in codebook.fields.values():
        if field.level not in LEVELS[field.type]:
            hint = f"one of: {', '.join(LEVELS[field.type])}"
            yield Hit(
                _key(field),
                f"{_key(field)} is of type {field.type} and level {field.level}",
                field.place,
                hint,
            )


def aggregate(codebook: Codebook) -> Iterator[Hit]:
    """The way from reports to events fits the type."""
    for field in codebook.fields.values():
        fits = AGGREGATES.get(field.aggregate)
        if fits and field.type not in fits:
            hint = f"{field.aggregate} is for {' and '.join(fits)}; see `aggregate` in codebook/schema/fields.schema.json"
            yield Hit(
                _key(field),
                f"{_key(field)} is of type {field.type} and aggregates by {field.aggregate}",
                field.place,
                hint,
            )


def columns(codebook: Codebook) -> Iterator[Hit]:
    """Every column belongs to one field, and a core column keeps its type."""
    taken: dict[tuple[str, str], Field] = {}
    for (table, name), field in codebook.fields.items():
        if (table, name) in STRUCTURE:
            continue
        for column, kind in views.field_columns(field).items():
            core = TABLES[table].columns.get(column)
            if core is not None and core != kind:
                yield Hit(
                    _key(field),
                    f"{_key(field)}: the column {column} of {table} is {core}, not {kind}",
                    field.place,
                )
            elif (
                core is not None
                and column.endswith(("_id", "_digest", "_version"))
                and column not in ("place_id",)
            ):
                yield Hit(
                    _key(field),
                    f"{_key(field)}: the column {column} of {table} is not a coder's to fill",
                    field.place,
                )
            other = taken.setdefault((table, column), field)
            if other is not field:
                yield Hit(
                    _key(field), f"{_key(field)} and {_key(other)} both need the column {column}", field.place
                )


def bounds(codebook: Codebook) -> Iterator[Hit]:
    """A minimum is below its maximum, and both are for numbers."""
    for field in codebook.fields.values():
        given = [bound for bound in (field.minimum, field.maximum) if bound is not None]
        if given and field.type not in ("integer", "number"):
            yield Hit(
                _key(field),
                f"{_key(field)} has a minimum or maximum and is of type {field.type}",
                field.place,
            )
        elif len(given) == 2 and given[0] > given[1]:
            yield Hit(
                _key(field), f"{_key(field)} is at least {given[0]:g} and at most {given[1]:g}", field.place
            )


# ── vocabularies ──────────────────────────────────────────────────────────────────────────────────────────────────────


def value_twins(codebook: Codebook) -> Iterator[Hit]:
    """Values that a reader takes for the same and a program does not."""
    for vocabulary in codebook.vocabularies.values():
        for group in groups(vocabulary.terms, lambda term: plain(term.value)):
            message = f"vocabulary {vocabulary.id}: {quoted(term.value for term in group)} differ only by case, spacing or punctuation"
            yield Hit(f"{vocabulary.id}/{group[-1].value}", message, group[-1].place)


def term_labels(codebook: Codebook) -> Iterator[Hit]:
    """Values of one list have labels that a reader can tell apart."""
    for vocabulary in codebook.vocabularies.values():
        for group in groups(vocabulary.terms, lambda term: plain(term.label)):
            message = f"vocabulary {vocabulary.id}: {quoted(term.value for term in group)} are all called '{group[0].label}'"
            yield Hit(f"{vocabulary.id}/{group[-1].value}", message, group[-1].place)


def term_parents(codebook: Codebook) -> Iterator[Hit]:
    """The parent of a value is another value of the list."""
    for vocabulary in codebook.vocabularies.values():
        for term in vocabulary.terms:
            if term.parent is not None and (
                term.parent not in vocabulary.values or term.parent == term.value
            ):
                hint = did_you_mean(term.parent, [*vocabulary.values])
                message = f"vocabulary {vocabulary.id}: the parent '{term.parent}' of '{term.value}' is no other value of it"
                yield Hit(f"{vocabulary.id}/{term.value}", message, term.place, hint)


def term_countries(codebook: Codebook) -> Iterator[Hit]:
    """A value that names its country names it in the standard: JAP, ITL and VTN stand in published files."""
    standard = codebook.vocabularies.get("country")
    known = {*standard.values} if standard else set()
    for vocabulary in codebook.vocabularies.values() if known else ():
        for term in vocabulary.terms if vocabulary is not standard else ():
            country = term.extra.get("country")
            if country is not None and country not in known:
                message = f"vocabulary {vocabulary.id}: '{term.value}' has the country '{country}', which is not in vocabulary country"
                yield Hit(
                    f"{vocabulary.id}/{term.value}",
                    message,
                    term.place,
                    did_you_mean(str(country), sorted(known)),
                )
