"""Lint of event types: numbers that collide, pointers that lead nowhere, values outside their lists, labels that are twins."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator

from eventcode.codebook.lint_rules import Hit, groups, plain, quoted
from eventcode.model import ROLES, Codebook, EventType, Place
from eventcode.shape import did_you_mean

PLACEHOLDER = re.compile(r"(TODO|TBD|FIXME|\?\?|\.\.\.|…)", re.IGNORECASE)
SIGNS = {"cooperation": 1, "conflict": -1}


def _kinds(codebook: Codebook) -> Iterator[EventType]:
    yield from codebook.event_types.values()


def _number(code: str) -> Hashable:
    return int(code) if code.isascii() and code.isdigit() else plain(code)


def collide(codebook: Codebook) -> Iterator[Hit]:
    """Codes that differ as text and are one number, or one word, to a program that is careless with them."""
    for group in groups(_kinds(codebook), lambda kind: _number(kind.code)):
        for kind in group[1:]:
            what = f"'{kind.code}' and '{group[0].code}' are the same number" if kind.code.isdigit() else ""
            message = (
                what or f"'{kind.code}' and '{group[0].code}' differ only by case, spacing or punctuation"
            )
            yield Hit(kind.code, message, kind.place)


def stata_value(codebook: Codebook) -> Iterator[Hit]:
    """Numeric values for Stata: given for all codes or none, each once, and none that reads as another code."""
    for group in groups(_kinds(codebook), lambda kind: kind.stata_value):
        for kind in group[1:]:
            message = (
                f"code {kind.code} has the stata_value {kind.stata_value}, which code {group[0].code} has too"
            )
            yield Hit(kind.code, message, kind.place)
    given = [kind for kind in _kinds(codebook) if kind.stata_value is not None]
    numbers = {
        int(kind.code): kind.code for kind in _kinds(codebook) if kind.code.isascii() and kind.code.isdigit()
    }
    for kind in given:
        other = numbers.get(int(kind.stata_value or 0), kind.code)
        if other != kind.code:
            yield Hit(
                kind.code,
                f"code {kind.code} has the stata_value {kind.stata_value}, which reads as code {other}",
                kind.place,
            )
    for kind in _kinds(codebook) if given else ():
        if kind.stata_value is None:
            yield Hit(kind.code, f"code {kind.code} has no stata_value, and others have", kind.place)


def names(codebook: Codebook) -> Iterator[Hit]:
    """The name of a code stands for it in programs, so two codes cannot share one."""
    for group in groups(_kinds(codebook), lambda kind: kind.name):
        for kind in group[1:]:
            yield Hit(
                kind.code, f"codes {group[0].code} and {kind.code} have the name '{kind.name}'", kind.place
            )


def tier(codebook: Codebook) -> Iterator[Hit]:
    """Roots have no parent, and negative codes stand for no act."""
    for kind in _kinds(codebook):
        if (kind.tier == "root") != (kind.parent is None):
            parent = f"the parent '{kind.parent}'" if kind.parent else "no parent"
            yield Hit(kind.code, f"code {kind.code} has the tier '{kind.tier}' and {parent}", kind.place)
        elif kind.parent is not None and (kind.tier == "negative") != (kind.act == "none"):
            yield Hit(
                kind.code, f"code {kind.code} has the tier '{kind.tier}' and the act '{kind.act}'", kind.place
            )


def no_example(codebook: Codebook) -> Iterator[Hit]:
    """A code that no example shows."""
    for kind in _kinds(codebook):
        if not codebook.examples_of(kind.code):
            yield Hit(kind.code, f"no example shows code {kind.code} ({kind.label})", kind.place)


def no_lookalike(codebook: Codebook) -> Iterator[Hit]:
    """A code that no example is told apart from; negative codes are look-alikes themselves."""
    for kind in _kinds(codebook):
        if kind.act != "none" and not codebook.lookalikes_of(kind.code):
            yield Hit(
                kind.code, f"no example looks like code {kind.code} ({kind.label}) and is not", kind.place
            )


def excludes(codebook: Codebook) -> Iterator[Hit]:
    """What a code excludes points to another code of this codebook."""
    for kind in _kinds(codebook):
        for exclude in kind.excludes:
            if exclude.see == kind.code:
                yield Hit(
                    kind.code, f"code {kind.code} excludes '{exclude.text}' and points to itself", kind.place
                )
            elif exclude.see is not None and exclude.see not in codebook.event_types:
                hint = did_you_mean(exclude.see, [*codebook.event_types])
                yield Hit(
                    kind.code,
                    f"code {kind.code} points to '{exclude.see}', which does not exist",
                    kind.place,
                    hint,
                )


def requires(codebook: Codebook) -> Iterator[Hit]:
    """What a code requires is a role or a field of codings."""
    known = [*ROLES, *(field.name for field in codebook.fields_of("codings"))]
    for kind in _kinds(codebook):
        for name in kind.requires:
            if name not in known:
                message = f"code {kind.code} requires '{name}', which is neither a role nor a field"
                yield Hit(kind.code, message, kind.place, did_you_mean(name, known))


def values(codebook: Codebook) -> Iterator[Hit]:
    """Realis, quad and act come from the vocabularies of that name, where the codebook has them."""
    for kind in _kinds(codebook):
        given = (*(("realis", value) for value in kind.realis), ("quad", kind.quad), ("act", kind.act))
        for name, value in given:
            vocabulary = codebook.vocabularies.get(name)
            if vocabulary and value is not None and vocabulary.get(value) is None:
                hint = did_you_mean(value, [*vocabulary.values])
                yield Hit(
                    kind.code,
                    f"code {kind.code} has the {name} '{value}', which is not in vocabulary {name}",
                    kind.place,
                    hint,
                )
        if kind.act != "none" and not kind.realis:
            yield Hit(
                kind.code,
                f"code {kind.code} allows no realis, so no coding can carry it",
                kind.place,
                "list what it may carry",
            )


def intensity_scale(codebook: Codebook) -> Iterator[Hit]:
    """An intensity lies on the declared scale."""
    scale = codebook.scales.get("intensity")
    for kind in _kinds(codebook):
        if kind.intensity is not None and scale is None:
            message = f"code {kind.code} has an intensity, and codebook.yaml declares no scale 'intensity'"
            yield Hit(
                kind.code,
                message,
                kind.place,
                "add scales: intensity: with title, edition, minimum, maximum, direction",
            )
        elif (
            kind.intensity is not None
            and scale
            and not scale["minimum"] <= kind.intensity <= scale["maximum"]
        ):
            ends = f"from {scale['minimum']:g} to {scale['maximum']:g}"
            message = f"code {kind.code} has the intensity {kind.intensity:g}; the scale runs {ends}"
            yield Hit(kind.code, message, kind.place)


def intensity_sign(codebook: Codebook) -> Iterator[Hit]:
    """Cooperation is not below zero and conflict not above it."""
    for kind in _kinds(codebook):
        sign = SIGNS.get((kind.quad or "").rpartition("_")[2], 0)
        if kind.intensity is not None and kind.intensity * sign < 0:
            yield Hit(
                kind.code,
                f"code {kind.code} is {kind.quad} and has the intensity {kind.intensity:g}",
                kind.place,
            )


def intensity_editions(codebook: Codebook) -> Iterator[Hit]:
    """Editions of a scale that give one code different values: results cannot be compared until one is chosen."""
    chosen = codebook.scales.get("intensity", {}).get("edition", "the chosen edition")
    for kind in _kinds(codebook):
        for edition, other in kind.other_intensities.items():
            if kind.intensity is not None and other != kind.intensity:
                message = f"code {kind.code} has the intensity {kind.intensity:g} in {chosen} and {other:g} in {edition}"
                yield Hit(kind.code, message, kind.place)


def edition_declared(codebook: Codebook) -> Iterator[Hit]:
    """Editions of the scale that codes name are declared with the scale."""
    known = [*codebook.scales.get("intensity", {}).get("editions", {})]
    for kind in _kinds(codebook):
        for edition in kind.other_intensities:
            if edition not in known:
                message = f"code {kind.code} has an intensity in the edition '{edition}', which the scale does not declare"
                yield Hit(kind.code, message, kind.place, did_you_mean(edition, known) if known else "")


def sibling_labels(codebook: Codebook) -> Iterator[Hit]:
    """Siblings have labels of their own; further apart, a label may come again."""
    for group in groups(_kinds(codebook), lambda kind: (kind.parent, kind.label)):
        for kind in group[1:]:
            yield Hit(
                kind.code,
                f"siblings {group[0].code} and {kind.code} are both called '{kind.label}'",
                kind.place,
            )


def label_twins(codebook: Codebook) -> Iterator[Hit]:
    """Labels that a reader takes for the same and a program does not."""
    for group in groups(_kinds(codebook), lambda kind: plain(kind.label)):
        spellings = dict.fromkeys(kind.label for kind in group)
        if len(spellings) > 1:
            codes = ", ".join(kind.code for kind in group)
            yield Hit(
                group[-1].code,
                f"the labels of {codes} differ only by case, spacing or punctuation: {quoted(spellings)}",
                group[-1].place,
            )


def definition_twice(codebook: Codebook) -> Iterator[Hit]:
    """Two codes with one definition: nobody can tell them apart."""
    for group in groups(_kinds(codebook), lambda kind: " ".join(kind.definition.casefold().split())):
        codes = ", ".join(kind.code for kind in group)
        yield Hit(group[-1].code, f"codes {codes} have the same definition", group[-1].place)


def placeholder(codebook: Codebook) -> Iterator[Hit]:
    """A definition, or the description of the codebook, that is still to be written."""
    if PLACEHOLDER.match(codebook.description):
        yield Hit(
            codebook.id,
            f"the codebook is not described yet: '{codebook.description}'",
            Place(f"{codebook.folder}/codebook.yaml"),
        )
    for kind in _kinds(codebook):
        if PLACEHOLDER.match(kind.definition):
            yield Hit(
                kind.code,
                f"code {kind.code} ({kind.label}) is not defined yet: '{kind.definition}'",
                kind.place,
            )


def triggers(codebook: Codebook) -> Iterator[Hit]:
    """A phrase decides for one code. Single verbs and nouns may be shared: they only add weight."""
    said = [
        (plain(phrase), phrase, kind)
        for kind in _kinds(codebook)
        for phrase in kind.triggers.get("phrases", ())
    ]
    for group in groups(said, lambda entry: entry[0]):
        for _, phrase, kind in group[1:]:
            other = group[0][2].code
            yield Hit(
                kind.code,
                f"the trigger phrase '{phrase}' stands at code {other} and at code {kind.code}",
                kind.place,
            )
