"""One codebook folder read into `Parts`: every file against its shape, every entry with its place, every problem kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from eventcode import shape
from eventcode.codebook import csvfile, parts
from eventcode.codebook.crosscheck import problem
from eventcode.errors import EventcodeError, Problem
from eventcode.model import DateSpan, Place, Term, Vocabulary
from eventcode.yamlfile import Document, Path_, parse

CROSSWALK = ("code", "target_codebook", "target_version", "target_code", "match", "note")
CROSSWALK_MORE = ("target_fields", "vocabulary", "target_vocabulary")
MAY_BE_EMPTY = ("target_code", "note")


@dataclass(slots=True)
class Parts:
    """What has been read so far, and what is wrong with it.

    `inherited` holds (what, key) of the entries of the codebook that is extended: an own entry may take the place of one.
    """

    problems: list[Problem] = field(default_factory=list)
    event_types: dict[str, Any] = field(default_factory=dict)
    fields: dict[tuple[str, str], Any] = field(default_factory=dict)
    vocabularies: dict[str, Any] = field(default_factory=dict)
    rules: dict[str, Any] = field(default_factory=dict)
    actors: dict[str, Any] = field(default_factory=dict)
    examples: list[Any] = field(default_factory=list)
    guidance: list[Any] = field(default_factory=list)
    crosswalks: list[Any] = field(default_factory=list)
    accepted: list[Any] = field(default_factory=list)
    migrations: list[Any] = field(default_factory=list)
    date_phrases: list[Any] = field(default_factory=list)
    date_spans: list[Any] = field(default_factory=list)
    scales: dict[str, Any] = field(default_factory=dict)
    files: list[Path] = field(default_factory=list)
    modules: dict[str, str] = field(
        default_factory=dict
    )  # the codebooks read for this one, with their versions
    digests: list[str] = field(default_factory=list)
    inherited: set[tuple[str, Any]] = field(default_factory=set)

    def add(self, into: dict[Any, Any], key: Any, value: Any, place: Place, what: str) -> None:
        """Put an entry under its key; a second one of the same folder or of a module is a problem."""
        if key in into and (what, key) not in self.inherited:
            shown = ".".join(key) if isinstance(key, tuple) else key
            first = getattr(into[key], "place", "")
            hint = f"the first is at {first}: keep one" if str(first) else "keep one"
            self.problems.append(problem(place, f"the {what} '{shown}' is defined twice", hint))
        self.inherited.discard((what, key))
        into[key] = value


def shown(path: Path) -> str:
    """A path as messages show it: from the working folder, where it lies in it."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()


def visible(folder: Path, pattern: str) -> Iterator[Path]:
    """The files below a folder that fit a pattern, without those that editors and file managers hide (`.#all.yaml`, `._all.yaml`)."""
    yield from (path for path in sorted(folder.glob(pattern)) if not path.name.startswith((".", "~")))


def card(folder: Path, found: Parts) -> Document | None:
    """The first page of a codebook; None where it cannot be used."""
    return _document(folder / "codebook.yaml", "codebook", found)


def read(folder: Path, page: Document, found: Parts) -> None:
    """Everything in a folder but the codebooks that its card names."""
    found.scales |= page.data.get("scales", {})
    for i, plain in enumerate(page.data.get("accepted", ())):
        found.accepted.append(parts.acceptance(plain, _place(page, ("accepted", i))))
    _entries(folder, found)
    _vocabularies(folder, found)
    for path in visible(folder / "crosswalks", "*.csv"):
        name = shown(path)
        data = _data(path, name, found)
        if data is not None:
            rows = _rows(data, name, CROSSWALK, found.problems, CROSSWALK_MORE)
            found.crosswalks += [parts.crossing(row, place) for place, row in rows]
    _migrations(folder, found)
    if not found.problems:
        found.digests.append(_digest(folder, found))


def _document(path: Path, schema: str, found: Parts) -> Document | None:
    name = shown(path)
    data = _data(path, name, found)
    if data is None:
        return None
    document, problems = _judged(data, name, schema)
    found.problems += problems
    return document


@lru_cache(maxsize=512)
def _judged(data: bytes, name: str, schema: str) -> tuple[Document | None, tuple[Problem, ...]]:
    """A file as a document, or what is wrong with it. Modules are read again by every codebook that uses them: the same bytes, the same
    answer.
    """
    try:
        document = parse(data, name)
    except EventcodeError as error:
        return None, error.problems
    problems = tuple(shape.check(document, schema))
    return (None if problems else document), problems


def _place(document: Document, path: Path_) -> Place:
    where = "".join(f"[{part}]" if isinstance(part, int) else part for part in path)
    return Place(document.file, document.line(path), where)


def _entries(folder: Path, found: Parts) -> None:
    """The files that hold lists of event types, fields, rules, examples, guidance and date phrases."""
    for path in visible(folder / "events", "*.yaml"):
        for place, plain in _event_types(path, found):
            found.add(found.event_types, plain["code"], parts.event_type(plain, place), place, "code")
    for place, plain in _items(folder / "fields.yaml", "fields", "fields", found):
        found.add(found.fields, (plain["table"], plain["name"]), parts.field(plain, place), place, "field")
    for place, plain in _items(folder / "rules.yaml", "rules", "rules", found):
        found.add(found.rules, plain["id"], parts.rule(plain, place), place, "rule")
    for place, plain in _items(folder / "guidance.yaml", "guidance", "guidance", found):
        found.guidance.append(parts.guidance(plain, place))
    for path in visible(folder / "examples", "*.yaml"):
        found.examples += [
            parts.example(plain, place) for place, plain in _items(path, "examples", "examples", found)
        ]
    _dates(folder / "dates.yaml", found)


def _dates(path: Path, found: Parts) -> None:
    """The table of date phrases; an own one takes the place of an inherited one whole."""
    document = _document(path, "dates", found) if path.is_file() else None
    if document is not None:
        found.date_phrases = [
            parts.date_phrase(plain, _place(document, ("phrases", i)))
            for i, plain in enumerate(document.data["phrases"])
        ]
        found.date_spans = [
            DateSpan(one["precision"], one["from"], one["to"]) for one in document.data.get("spans", ())
        ]


def _items(path: Path, schema: str, key: str, found: Parts) -> Iterator[tuple[Place, dict[str, Any]]]:
    document = _document(path, schema, found) if path.is_file() else None
    if document is None:
        return
    shared = {"codes_of": document.data["codes_of"]} if "codes_of" in document.data else {}
    shared |= document.data.get("defaults", {})
    for i, plain in enumerate(document.data[key]):
        yield _place(document, (key, i)), shared | plain


def _event_types(path: Path, found: Parts) -> Iterator[tuple[Place, dict[str, Any]]]:
    """The entries of an events file with the defaults of the file; one that still lacks act or realis is a problem."""
    for place, plain in _items(path, "events", "event_types", found):
        lacking = [name for name in ("act", "realis") if name not in plain]
        for name in lacking:
            hint = f"add {name}: to the entry, or to defaults: at the head of the file"
            found.problems.append(Problem(f"'{name}' is missing", hint, place.file, place.line, place.path))
        if not lacking:
            yield place, plain


def _migrations(folder: Path, found: Parts) -> None:
    for path in visible(folder / "migrations", "*.yaml"):
        document = _document(path, "migration", found)
        if document:
            places = [_place(document, ("steps", i)) for i in range(len(document.data["steps"]))]
            found.migrations.append(parts.migration(document.data, places, Place(document.file, 1)))


# ── vocabularies and CSV files ────────────────────────────────────────────────────────────────────────────────────────


def _vocabularies(folder: Path, found: Parts) -> None:
    for path in visible(folder / "vocabularies", "*.csv"):
        _add_vocabulary(found, _csv_vocabulary(path, found))
    for path in visible(folder / "vocabularies", "*.yaml"):
        if path.stem == "actors":
            for place, plain in _items(path, "actors", "actors", found):
                found.add(found.actors, plain["id"], parts.actor(plain, place), place, "actor")
        else:
            document = _document(path, "vocabulary", found)
            if document:
                _add_vocabulary(found, _yaml_vocabulary(document))


def _yaml_vocabulary(document: Document) -> Vocabulary:
    terms = [
        parts.term(entry, Place(document.file, document.line(("terms", i))))
        for i, entry in enumerate(document.data["terms"])
    ]
    return parts.vocabulary(document.data, terms, Place(document.file, 1))


def _csv_vocabulary(path: Path, found: Parts) -> Vocabulary:
    name = shown(path)
    data = _data(path, name, found)
    vocabulary, problems = (
        _listed(data, path.stem, name) if data is not None else (_list_of([], path.stem, name), ())
    )
    found.problems += problems
    return vocabulary


@lru_cache(maxsize=128)
def _listed(data: bytes, stem: str, name: str) -> tuple[Vocabulary, tuple[Problem, ...]]:
    """A file as a vocabulary, and what is wrong with it; as with `_judged`, modules are read again and again."""
    problems: list[Problem] = []
    terms = [parts.term(row, place) for place, row in _rows(data, name, ("value", "label"), problems)]
    return _list_of(terms, stem, name), tuple(problems)


def _list_of(terms: list[Term], stem: str, name: str) -> Vocabulary:
    return parts.vocabulary({"id": stem, "title": stem.replace("_", " ")}, terms, Place(name, 1))


def _add_vocabulary(found: Parts, vocabulary: Vocabulary) -> None:
    found.add(found.vocabularies, vocabulary.id, vocabulary, vocabulary.place, "vocabulary")
    seen: dict[str, Place] = {}
    for term in vocabulary.terms:
        if term.value in seen:
            hint = f"the first is at {seen[term.value]}: keep one"
            found.problems.append(problem(term.place, f"the value '{term.value}' stands twice", hint))
        seen[term.value] = term.place


def _data(path: Path, name: str, found: Parts) -> bytes | None:
    """The bytes of a file; None where it cannot be read."""
    found.files.append(path)
    try:
        return path.read_bytes()
    except OSError as error:
        found.problems.append(Problem(f"cannot be read: {error.strerror}", "", name))
        return None


def _rows(
    data: bytes,
    name: str,
    header: tuple[str, ...],
    problems: list[Problem],
    more: tuple[str, ...] | None = None,
) -> Iterator[tuple[Place, dict[str, str]]]:
    """The rows of a CSV file with their places; a row that lacks a value it must have is a problem and left out.

    `header` are the columns it must have, `more` those it may have; None for any.
    """
    for line, row in csvfile.rows(data, name, header, problems, more=more):
        empty = [column for column in header if column not in row and column not in MAY_BE_EMPTY]
        if empty:
            problems.append(Problem(f"{empty[0]} is empty", "fill it", name, line, empty[0]))
        else:
            yield Place(name, line), row


def _digest(folder: Path, found: Parts) -> str:
    """sha256 over the names and contents of a folder's YAML and CSV files, with line ends made alike."""
    total = hashlib.sha256()
    for path in sorted(
        path for kind in ("**/*.yaml", "**/*.csv") for path in visible(folder, kind) if path.is_file()
    ):
        try:
            content = path.read_bytes().replace(b"\r\n", b"\n")
        except OSError as error:
            found.problems.append(Problem(f"cannot be read: {error.strerror}", "", shown(path)))
            continue
        name = path.relative_to(folder).as_posix()
        total.update(f"{name}\0{hashlib.sha256(content).hexdigest()}\n".encode())
    return total.hexdigest()
