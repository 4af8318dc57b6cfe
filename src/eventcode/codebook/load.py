"""A codebook folder as one `Codebook`, or every reason why it is none, with file, line, value and remedy."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from eventcode import shape
from eventcode.bundled import codebook_folder
from eventcode.codebook import parts
from eventcode.errors import CodebookError, EventcodeError, Problem, refuse
from eventcode.model import Codebook, Place, Term, Vocabulary
from eventcode.yamlfile import Document, Path_, parse

T = TypeVar("T")
TREE = "event_type"  # the vocabulary that stands for the codebook's own tree
CROSSWALK = ("code", "target_codebook", "target_version", "target_code", "match", "note")


@dataclass(slots=True)
class _Parts:
    """What has been read so far, and what is wrong with it."""

    problems: list[Problem] = field(default_factory=list)
    event_types: dict[str, Any] = field(default_factory=dict)
    fields: dict[tuple[str, str], Any] = field(default_factory=dict)
    vocabularies: dict[str, Any] = field(default_factory=dict)
    rules: dict[str, Any] = field(default_factory=dict)
    actors: dict[str, Any] = field(default_factory=dict)
    examples: list[Any] = field(default_factory=list)
    guidance: list[Any] = field(default_factory=list)
    crosswalks: list[Any] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)
    modules: list[str] = field(default_factory=list)
    digests: list[str] = field(default_factory=list)


def load(name: str | Path, folders: Iterable[Path] = ()) -> Codebook:
    """The codebook of a folder, or the first of that name in `folders` and then among the bundled ones.

    Raises CodebookError with every problem found: YAML, shape, doubles, and names that lead nowhere.
    """
    searched = [*folders, codebook_folder()]
    folder = find(name, searched)
    found = _Parts()
    card = _read(folder, found, searched, ())
    refuse(CodebookError, f"{_shown(folder)} cannot be used", found.problems)
    _cross_check(found)
    refuse(CodebookError, f"{_shown(folder)} does not hold together", found.problems)
    return _assemble(card, found, folder)


def find(name: str | Path, folders: Iterable[Path]) -> Path:
    """The folder of a codebook given by path or name."""
    direct = Path(name)
    if (direct / "codebook.yaml").is_file() and ("/" in str(name) or direct.is_absolute() or str(name) in {".", ".."}):
        return direct
    for folder in folders:
        if (folder / str(name) / "codebook.yaml").is_file():
            return folder / str(name)
    raise CodebookError(f"no codebook '{name}'", hint=f"there are: {', '.join(names(folders)) or 'none'}")


def names(folders: Iterable[Path]) -> list[str]:
    """The names of the codebooks in `folders`."""
    return sorted({path.parent.name for folder in folders for path in folder.glob("*/codebook.yaml")})


def _shown(path: Path) -> str:
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()


def _read(folder: Path, found: _Parts, searched: list[Path], above: tuple[str, ...]) -> dict[str, Any]:
    """Read a folder after the modules it uses; returns its card."""
    document = _document(folder / "codebook.yaml", "codebook", found)
    card: dict[str, Any] = document.data if document else {}
    if document is None or found.problems:
        return card
    for i, reference in enumerate(card.get("uses", ())):
        _use(document, ("uses", i), reference, found, searched, (*above, card["id"]))
    _entries(folder, found)
    _vocabularies(folder, found)
    _crosswalks(folder, found)
    found.digests.append(_digest(folder))
    return card


def _use(document: Document, path: Path_, reference: str, found: _Parts, searched: list[Path], above: tuple[str, ...]) -> None:
    name, _, version = reference.partition("@")
    if name in above:
        chain = " → ".join([*above, name])
        found.problems.append(document.problem(path, f"'{reference}' leads back to itself: {chain}", "break the circle"))
        return
    if name in found.modules:
        return
    try:
        folder = find(name, searched)
    except CodebookError as error:
        found.problems.append(document.problem(path, error.message, error.hint))
        return
    found.modules.append(name)
    card = _read(folder, found, searched, above)
    if card and not f"{card['version']}.".startswith(f"{version}."):
        hint = f"write {name}@{card['version']}, and see its CHANGELOG for what changed"
        found.problems.append(document.problem(path, f"{reference} is wanted, {card['version']} is here", hint))


def _document(path: Path, schema: str, found: _Parts) -> Document | None:
    name = _shown(path)
    found.files.append(path)
    try:
        document = parse(path.read_bytes(), name)
    except OSError as error:
        found.problems.append(Problem(f"cannot be read: {error.strerror}", "", name))
        return None
    except EventcodeError as error:
        found.problems += error.problems
        return None
    problems = shape.check(document, shape.bundled(schema))
    found.problems += problems
    return None if problems else document


def _entries(folder: Path, found: _Parts) -> None:
    """The files that hold lists of event types, fields, rules, examples and guidance."""
    for path in sorted((folder / "events").glob("*.yaml")):
        for place, plain in _items(path, "events", "event_types", found):
            _add(found, found.event_types, plain["code"], parts.event_type(plain, place), place, "code")
    for place, plain in _items(folder / "fields.yaml", "fields", "fields", found):
        key = (plain["table"], plain["name"])
        _add(found, found.fields, key, parts.field(plain, place), place, "field")
    for place, plain in _items(folder / "rules.yaml", "rules", "rules", found):
        _add(found, found.rules, plain["id"], parts.rule(plain, place), place, "rule")
    for _, plain in _items(folder / "guidance.yaml", "guidance", "guidance", found):
        found.guidance.append(parts.guidance(plain))
    for path in sorted((folder / "examples").glob("*.yaml")):
        found.examples += [parts.example(plain, place) for place, plain in _items(path, "examples", "examples", found)]


def _items(path: Path, schema: str, key: str, found: _Parts) -> Iterator[tuple[Place, dict[str, Any]]]:
    document = _document(path, schema, found) if path.is_file() else None
    for i, plain in enumerate(document.data[key] if document else ()):
        assert document is not None
        yield Place(document.file, document.line((key, i)), f"{key}[{i}]"), plain


def _add(found: _Parts, into: dict[Any, Any], key: Any, value: Any, place: Place, what: str) -> None:
    if key in into:
        shown = ".".join(key) if isinstance(key, tuple) else key
        first = getattr(into[key], "place", "")
        hint = f"the first is at {first}: keep one" if str(first) else "keep one"
        found.problems.append(Problem(f"the {what} '{shown}' is defined twice", hint, place.file, place.line, place.path))
    into[key] = value


def _vocabularies(folder: Path, found: _Parts) -> None:
    for path in sorted((folder / "vocabularies").glob("*.csv")):
        _add_vocabulary(found, _csv_vocabulary(path, found), Place(_shown(path), 1))
    for path in sorted((folder / "vocabularies").glob("*.yaml")):
        if path.stem == "actors":
            for place, plain in _items(path, "actors", "actors", found):
                _add(found, found.actors, plain["id"], parts.actor(plain), place, "actor")
        else:
            document = _document(path, "vocabulary", found)
            if document:
                _twice(document, found)
                _add_vocabulary(found, parts.vocabulary(document.data), Place(document.file, 1))


def _twice(document: Document, found: _Parts) -> None:
    seen: set[str] = set()
    for i, entry in enumerate(document.data["terms"]):
        if entry["value"] in seen:
            found.problems.append(document.problem(("terms", i), f"the value '{entry['value']}' stands twice", "keep one"))
        seen.add(entry["value"])


def _add_vocabulary(found: _Parts, vocabulary: Vocabulary, place: Place) -> None:
    _add(found, found.vocabularies, vocabulary.id, vocabulary, place, "vocabulary")


def _rows(path: Path, header: tuple[str, ...], found: _Parts) -> Iterator[tuple[int, dict[str, str]]]:
    """(line, row) of a CSV file that must have the columns of `header`."""
    found.files.append(path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        missing = [name for name in header if name not in (reader.fieldnames or ())]
        if missing:
            hint = f"the first line must be {','.join(header)}"
            found.problems.append(Problem(f"the column {missing[0]} is missing", hint, _shown(path), 1))
            return
        for row in reader:
            yield reader.line_num, row


def _csv_vocabulary(path: Path, found: _Parts) -> Vocabulary:
    terms = []
    for line, row in _rows(path, ("value", "label"), found):
        if not row["value"] or not row["label"]:
            found.problems.append(Problem("a value or its label is empty", "fill both", _shown(path), line))
        terms.append(parts.term({k: v for k, v in row.items() if v}) if row["value"] and row["label"] else Term("", ""))
    return Vocabulary(path.stem, path.stem.replace("_", " "), "", tuple(terms))


def _crosswalks(folder: Path, found: _Parts) -> None:
    for path in sorted((folder / "crosswalks").glob("*.csv")):
        for line, row in _rows(path, CROSSWALK, found):
            found.crosswalks.append(parts.crossing(row, Place(_shown(path), line)))


def _cross_check(found: _Parts) -> None:
    """Names that lead nowhere: parents, vocabularies, reasons without a place to stand."""
    for code, kind in found.event_types.items():
        if kind.parent is not None and kind.parent not in found.event_types:
            hint = shape.did_you_mean(kind.parent, [*found.event_types])
            _wrong(found, kind.place, f"code {code}: its parent '{kind.parent}' does not exist", hint)
        elif _circle(code, found.event_types):
            _wrong(found, kind.place, f"code {code} is its own ancestor", "mend the parents")
    for (table, name), spec in found.fields.items():
        if spec.type in ("code", "set") and spec.vocabulary not in (*found.vocabularies, TREE):
            hint = shape.did_you_mean(str(spec.vocabulary), [*found.vocabularies])
            _wrong(found, spec.place, f"{table}.{name}: no vocabulary '{spec.vocabulary}'", hint)
    for actor in found.actors.values():
        for relation in actor.parents:
            if relation.actor not in found.actors:
                hint = shape.did_you_mean(relation.actor, [*found.actors])
                _wrong(found, Place("actors"), f"{actor.id}: no actor '{relation.actor}'", hint)


def _wrong(found: _Parts, place: Place, message: str, hint: str) -> None:
    found.problems.append(Problem(message, hint, place.file, place.line, place.path))


def _circle(code: str, event_types: Mapping[str, Any]) -> bool:
    seen: set[str] = set()
    at: str | None = code
    while at is not None and at in event_types:
        if at in seen:
            return True
        seen.add(at)
        at = event_types[at].parent
    return False


def _digest(folder: Path) -> str:
    """sha256 over the names and contents of a folder's YAML and CSV files, with line ends made alike."""
    total = hashlib.sha256()
    for path in sorted([*folder.rglob("*.yaml"), *folder.rglob("*.csv")]):
        content = path.read_bytes().replace(b"\r\n", b"\n")
        total.update(f"{path.relative_to(folder).as_posix()}\0{hashlib.sha256(content).hexdigest()}\n".encode())
    return total.hexdigest()


def _frozen(values: dict[Any, T]) -> Mapping[Any, T]:
    return MappingProxyType(values)


def _assemble(card: dict[str, Any], found: _Parts, folder: Path) -> Codebook:
    digest = hashlib.sha256("\n".join(found.digests).encode()).hexdigest()
    make: Callable[[Any], Any] = parts.frozen
    return Codebook(
        id=card["id"], title=card["title"], version=card["version"], kind=card["kind"], digest=digest,
        description=card["description"], licence=card["licence"], unit=card.get("unit", ""),
        authors=make(card.get("authors", [])), uses=make(card.get("uses", [])), scales=make(card.get("scales", {})),
        event_types=_frozen(found.event_types), fields=_frozen(found.fields), vocabularies=_frozen(found.vocabularies),
        rules=_frozen(found.rules), actors=_frozen(found.actors), examples=tuple(found.examples),
        guidance=tuple(found.guidance), crosswalks=tuple(found.crosswalks),
        files=tuple(str(path) for path in found.files), folder=str(folder),
    )  # fmt: skip
