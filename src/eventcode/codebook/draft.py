"""A codebook's own content as plain values, between the files of its folder, a workbook and a form.

What the codebooks that it uses or extends bring is not in it: their names are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from eventcode.codebook import csvfile
from eventcode.codebook.folder import CROSSWALK, CROSSWALK_MORE
from eventcode.errors import CodebookError, Problem, refuse
from eventcode.yamlfile import parse

Plain = dict[str, Any]
LISTED = {
    "fields.yaml": ("fields", "fields"),
    "rules.yaml": ("rules", "rules"),
    "guidance.yaml": ("guidance", "guidance"),
}


@dataclass(slots=True)
class Draft:
    """The entries of a codebook folder, as its files hold them.

    The defaults of an events file are written into its entries, and `codes_of` of a file into each of them. `actor_list` holds title
    and definition of the list of actors, `dates` the head of the date phrases.
    """

    card: Plain = field(default_factory=dict)
    event_types: list[Plain] = field(default_factory=list)
    fields: list[Plain] = field(default_factory=list)
    vocabularies: list[Plain] = field(default_factory=list)
    rules: list[Plain] = field(default_factory=list)
    guidance: list[Plain] = field(default_factory=list)
    examples: list[Plain] = field(default_factory=list)
    actors: list[Plain] = field(default_factory=list)
    actor_list: Plain = field(default_factory=dict)
    crosswalks: list[Plain] = field(default_factory=list)
    phrases: list[Plain] = field(default_factory=list)
    dates: Plain = field(default_factory=dict)
    migrations: list[Plain] = field(default_factory=list)


def gather(pages: Mapping[str, bytes]) -> Draft:
    """The draft of a folder that loads: its YAML and CSV files by their name within it.

    CodebookError where a CSV file cannot be read; YamlError where a YAML file cannot.
    """
    draft, problems = Draft(), list[Problem]()
    for name in sorted(pages):
        folder, _, file = name.rpartition("/")
        stem, _, kind = file.rpartition(".")
        if kind == "yaml":
            _yaml(draft, folder, stem, parse(pages[name], name).data or {})
        elif folder in ("crosswalks", "vocabularies"):
            _csv(draft, folder, stem, pages[name], name, problems)
    draft.vocabularies.sort(key=lambda vocabulary: not vocabulary.pop("csv", False))
    refuse(CodebookError, "the codebook cannot be read", problems)
    return draft


def _yaml(draft: Draft, folder: str, stem: str, data: Plain) -> None:
    entries = [*_entries(data)]
    if not folder and stem == "codebook":
        draft.card = data
    elif not folder and f"{stem}.yaml" in LISTED:
        getattr(draft, LISTED[f"{stem}.yaml"][0]).extend(entries)
    elif not folder and stem == "dates":
        draft.phrases, draft.dates = entries, _head(data, "phrases")
    elif folder == "events":
        draft.event_types += entries
    elif folder == "examples":
        draft.examples += entries
    elif folder == "migrations":
        draft.migrations.append(data)
    elif folder == "vocabularies" and stem == "actors":
        draft.actors, draft.actor_list = entries, _head(data, "actors", "id", "kind")
    elif folder == "vocabularies":
        draft.vocabularies.append(data)


def _entries(data: Plain) -> Iterator[Plain]:
    """The entries of a file, with what its head says of all of them."""
    listed = next((value for name, value in data.items() if isinstance(value, list) and name in _LISTS), [])
    shared = {"codes_of": data["codes_of"]} if "codes_of" in data else {}
    shared |= data.get("defaults", {})
    for entry in listed:
        yield shared | entry


_LISTS = ("event_types", "fields", "rules", "guidance", "examples", "actors", "phrases")


def _head(data: Plain, *but: str) -> Plain:
    return {name: value for name, value in data.items() if name not in but}


def _csv(draft: Draft, folder: str, stem: str, data: bytes, name: str, problems: list[Problem]) -> None:
    if folder == "crosswalks":
        rows = csvfile.rows(data, name, CROSSWALK, problems, more=CROSSWALK_MORE)
        draft.crosswalks += [row for _, row in rows]
        return
    terms = [row for _, row in csvfile.rows(data, name, ("value", "label"), problems, more=None)]
    draft.vocabularies.append({"id": stem, "title": stem.replace("_", " "), "terms": terms, "csv": True})
