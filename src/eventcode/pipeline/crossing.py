"""Crosswalks between the codebooks at hand, and a table read under another codebook."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from eventcode.codebook import crosswalk
from eventcode.codebook.crosswalk import Crosswalk
from eventcode.errors import CodebookError, DatasetError
from eventcode.model import Codebook, Crossing
from eventcode.pipeline import codebooks

if TYPE_CHECKING:
    import pandas as pd


class CrosswalkWarning(UserWarning):
    """What a table loses when it is read under another codebook."""


def between(source: str, target: str) -> Crosswalk:
    """The crosswalk between two codebooks at hand, through others if there is no direct one; CodebookError where there is none."""
    start, end = codebooks.open_codebook(source), codebooks.open_codebook(target)
    if start.id == end.id:
        raise CodebookError(f"{start.id} and {end.id} are the same codebook", "name two")
    return between_books(start, end)


def between_books(start: Codebook, end: Codebook) -> Crosswalk:
    """The same for two codebooks."""
    found = crosswalk.find(start, end) or crosswalk.find(start, end, _others(start, end))
    if found is None:
        led = sorted({row.target_codebook for row in start.crosswalks if row.vocabulary is None})
        hint = (
            f"from {start.id} there are crosswalks to: {', '.join(led)}"
            if led
            else f"add codebook/{start.id}/crosswalks/{end.id}.csv"
        )
        raise CodebookError(f"no crosswalk leads from {start.id} to {end.id}", hint)
    return found


def _others(start: Codebook, end: Codebook) -> list[Codebook]:
    found = []
    for name in codebooks.at_hand():
        if name not in (start.id, end.id):
            try:
                found.append(codebooks.open_codebook(name))
            except CodebookError:
                continue  # one that cannot be used leads nowhere
    return found


def of_vocabulary(source: str, target: str, vocabulary: str) -> tuple[Crossing, ...]:
    """The rows between a vocabulary of one codebook and those of another; CodebookError where there are none."""
    start = codebooks.open_codebook(source)
    rows = tuple(
        row for row in start.crosswalks if row.vocabulary == vocabulary and row.target_codebook == target
    )
    if not rows:
        known = sorted(
            {f"{row.vocabulary} → {row.target_codebook}" for row in start.crosswalks if row.vocabulary}
        )
        hint = f"there are: {', '.join(known)}" if known else f"add a file to codebook/{start.id}/crosswalks/"
        raise CodebookError(
            f"no crosswalk leads from the vocabulary '{vocabulary}' of {start.id} to {target}", hint
        )
    return rows


def labels(source: str, target: str) -> Callable[[str | None, str | None], str]:
    """(vocabulary, value) → its label, in the first of two codebooks at hand that has it; empty where neither does."""
    books = (codebooks.open_codebook(source), codebooks.open_codebook(target))

    def label(vocabulary: str | None, value: str | None) -> str:
        lists = (book.vocabularies.get(vocabulary or "") for book in books)
        return next((term.label for found in lists if found and (term := found.get(value or ""))), "")

    return label


def translated(data: pd.DataFrame, name: str, target: str) -> pd.DataFrame:
    """Events, reports or codings with the codes of another codebook; warns of what is lost.

    `event_type` becomes the target's code or missing; `event_type_original` keeps the old one, `event_type_match` how good the match is.
    Fields that a code implies in the target (`context`) are added as columns. `attrs["crosswalk"]` holds the steps and the loss.
    """
    import pandas as pd

    if "event_type" not in data.columns:
        raise DatasetError(f"'{name}' has no event_type to translate", "load events, reports or codings")
    walk = between(_made_under(data, name), target)
    original = data["event_type"].astype("object")
    pairs = {code: crosswalk.counterpart(walk, str(code)) for code in original.dropna().unique()}
    codes, matches = ({code: pair[i] for code, pair in pairs.items()} for i in (0, 1))
    found = data.copy()
    found["event_type"] = pd.Categorical(original.map(codes), categories=list(walk.target.codes))
    place = int(found.columns.get_loc("event_type")) + 1
    found.insert(place, "event_type_original", original)
    found.insert(
        place + 1, "event_type_match", pd.Categorical(original.map(matches), categories=[*crosswalk.MATCHES])
    )
    for field, values in _implied(walk, pairs).items():
        found[field if field not in data.columns else f"{field}_implied"] = original.map(values)
    found.attrs["crosswalk"] = {"steps": list(walk.steps), "loss": _told(original, pairs, walk)}
    if found.attrs["crosswalk"]["loss"]:
        warnings.warn(
            f"{name} as {walk.target.reference}: {found.attrs['crosswalk']['loss']}",
            CrosswalkWarning,
            stacklevel=3,
        )
    return found


def _made_under(data: pd.DataFrame, name: str) -> str:
    """The codebook of a table; DatasetError where it is not the version that is at hand."""
    made: set[tuple[str, str]] = {
        (row[0], row[1])
        for row in data[["codebook_id", "codebook_version"]]
        .dropna()
        .drop_duplicates()
        .itertuples(index=False)
    }
    ids = sorted({codebook for codebook, _ in made})
    if len(ids) != 1:
        raise DatasetError(
            f"'{name}' is made under {len(ids)} codebooks: {', '.join(ids) or 'none'}", "take the rows of one"
        )
    here = codebooks.open_codebook(ids[0])
    other = sorted(version for _, version in made if version.split(".")[0] != here.version.split(".")[0])
    if other:
        raise DatasetError(
            f"'{name}' is made under {ids[0]}@{other[0]}, and {here.version} is here", "build it again"
        )
    return ids[0]


def _implied(walk: Crosswalk, pairs: dict[Any, tuple[str | None, str]]) -> dict[str, dict[str, list[str]]]:
    """Per field of the target: the values that a code of the source implies, where its counterpart is one code alone."""
    found: dict[str, dict[str, list[str]]] = {}
    for code, (target, _) in pairs.items():
        for field, values in crosswalk.implied(walk, str(code), target).items():
            found.setdefault(field, {})[code] = values.split("|")
    return found


def _told(original: Any, pairs: dict[Any, tuple[str | None, str]], walk: Crosswalk) -> str:
    counts = original.value_counts()
    groups = {"have no counterpart": [c for c, (_, match) in pairs.items() if match == "none"],
              "keep less detail": [c for c, (_, match) in pairs.items() if match == "broad"]}  # fmt: skip
    parts = []
    for what, codes in groups.items():
        if codes:
            known = walk.source.event_types
            shown = ", ".join(
                f"{code} {known[code].label}" if code in known else code for code in sorted(map(str, codes))
            )
            parts.append(f"{int(counts[codes].sum())} of {len(original)} rows {what} ({shown})")
    return "; ".join(parts)
