"""Lint of what stands around a codebook: the codebooks that its crosswalks lead to, and the pages that speak of its codes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from eventcode.codebook.crosswalk import fits
from eventcode.codebook.lint_rules import Hit
from eventcode.codebook.load import load
from eventcode.errors import CodebookError
from eventcode.model import Codebook, Crossing, Place
from eventcode.shape import did_you_mean

CODE_IN_TEXT = re.compile(r"`([^`\s]+)`")


@lru_cache(maxsize=32)
def neighbour(codebook: Codebook, name: str) -> Codebook | None:
    """Another codebook, from beside this one or among the bundled ones; None where it is not at hand or cannot be loaded.

    It is loaded once for a codebook, until `neighbour.cache_clear()`.
    """
    if name == codebook.id:
        return codebook
    try:
        return load(name, [Path(codebook.folder).parent])
    except CodebookError:
        return None


def _targets(codebook: Codebook) -> dict[str, list[Crossing]]:
    found: dict[str, list[Crossing]] = {}
    for row in codebook.crosswalks:
        found.setdefault(row.target_codebook, []).append(row)
    return found


def unseen(codebook: Codebook) -> Iterator[Hit]:
    """A crosswalk to a codebook that is not at hand: its codes cannot be checked."""
    for name, rows in _targets(codebook).items():
        if neighbour(codebook, name) is None:
            yield Hit(name, f"the crosswalk leads to '{name}', which is not at hand", rows[0].place)


def versions(codebook: Codebook) -> Iterator[Hit]:
    """A crosswalk is to the edition, or the version, of its target that is there."""
    for name, rows in _targets(codebook).items():
        target = neighbour(codebook, name)
        for version in dict.fromkeys(row.target_version for row in rows) if target else ():
            assert target is not None
            if not fits(target, version):
                first = next(row for row in rows if row.target_version == version)
                here = f"edition {target.edition}, " if target.edition else ""
                message = f"the crosswalk is to {name}@{version}, and {here}version {target.version} is here"
                yield Hit(
                    f"{name}@{version}",
                    message,
                    first.place,
                    f"see what changed, and write {target.edition or target.version}",
                )


def targets(codebook: Codebook) -> Iterator[Hit]:
    """The targets of a crosswalk are codes of the target, and the fields that it implies are fields with such values."""
    for name, rows in _targets(codebook).items():
        target = neighbour(codebook, name)
        for row in rows if target else ():
            assert target is not None
            for message, hint in _missed(row, target):
                yield Hit(f"{row.code} → {row.target}", f"code {row.code}: {message}", row.place, hint)


def _missed(row: Crossing, target: Codebook) -> Iterator[tuple[str, str]]:
    if row.target_vocabulary is None:
        known: Iterable[str] = target.codes
    elif row.target_vocabulary in target.vocabularies:
        known = target.vocabularies[row.target_vocabulary].values
    else:
        yield (
            f"{target.id} has no vocabulary '{row.target_vocabulary}'",
            did_you_mean(row.target_vocabulary, [*target.vocabularies]),
        )
        return
    if row.target_code is not None and row.target_code not in known:
        yield f"{target.id} has no code '{row.target_code}'", did_you_mean(row.target_code, [*known])
    for name, given in row.fields.items():
        field = target.fields.get(("codings", name))
        vocabulary = target.vocabularies.get(field.vocabulary or "") if field else None
        if field is None:
            yield (
                f"{target.id} has no field '{name}'",
                did_you_mean(name, [f.name for f in target.fields_of("codings")]),
            )
        for value in given.split("|") if vocabulary else ():
            assert vocabulary is not None
            if value not in vocabulary.values:
                yield (
                    f"'{value}' is no value of {name} in {target.id}",
                    did_you_mean(value, [*vocabulary.values]),
                )


# ── pages ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def pages(codebook: Codebook) -> Iterator[Hit]:
    """A page or a decision rule that speaks of a code which the tree does not have."""
    looks_like = _code_pattern(codebook)
    if looks_like is None:
        return
    for name, line, text in _texts(codebook):
        for word in CODE_IN_TEXT.findall(text):
            if looks_like.fullmatch(word) and word not in codebook.event_types:
                hint = did_you_mean(word, [*codebook.event_types])
                yield Hit(
                    f"{Path(name).name}/{word}",
                    f"{Path(name).name} speaks of code `{word}`, which does not exist",
                    Place(name, line),
                    hint,
                )


def _texts(codebook: Codebook) -> Iterator[tuple[str, int | None, str]]:
    """(file, line, text) of the README, and of the guidance; a CHANGELOG speaks of codes that are gone."""
    readme = Path(codebook.folder) / "README.md"
    if readme.is_file():
        lines = readme.read_text("utf-8", errors="replace").splitlines()
        yield from ((str(readme), number, text) for number, text in enumerate(lines, 1))
    for entry in codebook.guidance:
        yield from ((entry.place.file, entry.place.line, text) for text in (entry.text, entry.example))


def _code_pattern(codebook: Codebook) -> re.Pattern[str] | None:
    """What a code of this codebook looks like: so many digits, or capitals with or without a mode; None where codes look like words."""
    shapes = {_shape(code) for code in codebook.event_types}
    known = [shape for shape in shapes if shape is not None]
    return re.compile("|".join(sorted(known))) if known and len(known) == len(shapes) else None


def _shape(code: str) -> str | None:
    if re.fullmatch("[0-9]{2,}", code):
        return f"[0-9]{{{len(code)}}}"
    if re.fullmatch(r"[A-Z]{3,}", code):
        return "[A-Z]{3,}"
    return r"[A-Z]{3,}\.[a-z-]+" if re.fullmatch(r"[A-Z]{3,}\.[a-z-]+", code) else None
