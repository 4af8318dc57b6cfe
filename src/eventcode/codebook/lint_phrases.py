"""Lint of date phrases: what can be read, whose precisions exist, and whose examples come out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from eventcode.codebook import date_phrases
from eventcode.codebook.lint_rules import Hit, groups
from eventcode.model import Codebook, DatePhrase


def wrong(codebook: Codebook) -> Iterator[Hit]:
    """Everything wrong with the date phrases of a codebook."""
    for group in groups(codebook.date_phrases, lambda entry: entry.phrase):
        yield Hit(
            group[-1].phrase,
            f"the phrase '{group[-1].phrase}' stands twice",
            group[-1].place,
            "keep the first: it wins",
        )
    for entry in codebook.date_phrases:
        broken = next(_unreadable(codebook, entry), None)
        if broken is not None:
            yield Hit(entry.phrase, broken, entry.place)
        else:
            yield from (Hit(entry.phrase, message, entry.place) for message in _examples(codebook, entry))


def _unreadable(codebook: Codebook, entry: DatePhrase) -> Iterator[str]:
    try:
        re.compile(entry.phrase)
    except re.error as error:
        yield f"the phrase '{entry.phrase}' is no regular expression: {error}"
        return
    for text in (entry.start, entry.end):
        try:
            date_phrases.check(text, entry.phrase)
        except ValueError as error:
            yield f"'{text}' of '{entry.phrase}': {error}"


def _examples(codebook: Codebook, entry: DatePhrase) -> Iterator[str]:
    if not entry.examples:
        yield f"the phrase '{entry.phrase}' has no example"
    for example in entry.examples:
        published = date.fromisoformat(example["published"])
        found = date_phrases.date(codebook, example["phrase"], published)
        got = (found.start.isoformat(), found.end.isoformat(), found.precision, found.entry.phrase)
        wanted = (
            example["start"],
            example["end"],
            str(example.get("precision", entry.precision)),
            entry.phrase,
        )
        if got != wanted:
            yield f"'{example['phrase']}', published {published}: {_shown(wanted)} is expected, and it comes out as {_shown(got)}"


def _shown(result: tuple[str, str, str, str]) -> str:
    start, end, precision, phrase = result
    return f"{start} to {end}, precision {precision}, by '{phrase}'"
