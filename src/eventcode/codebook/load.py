"""A codebook folder as one `Codebook`, or every reason why it is none, with file, line, value and remedy."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from eventcode import shape
from eventcode.bundled import codebook_folder
from eventcode.codebook import crosscheck, csvfile, parts
from eventcode.codebook.crosscheck import problem
from eventcode.errors import CodebookError, EventcodeError, Problem, refuse
from eventcode.model import Codebook, Place, Vocabulary
from eventcode.yamlfile import Document, Path_, parse

T = TypeVar("T")
CROSSWALK = ("code", "target_codebook", "target_version", "target_code", "match", "note")
FILLED = CROSSWALK[:3] + CROSSWALK[4:5]  # what no row of a crosswalk may leave empty


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
    modules: dict[str, str] = field(default_factory=dict)  # the modules read, with their versions
    digests: list[str] = field(default_factory=list)


def load(name: str | Path, folders: Iterable[Path] = ()) -> Codebook:
    """The codebook of a folder, or the first of that name in `folders` and then among the bundled ones.

    Raises CodebookError with every problem found: YAML, shape, doubles, and names that lead nowhere.
    """
    searched = (*folders, codebook_folder())
    folder = find(name, searched)
    return _load(folder, searched, _signature((folder, *searched)))


def _signature(folders: Iterable[Path]) -> tuple[tuple[str, int, int], ...]:
    """Name, time and size of every file that a codebook may be made of: the same signature, the same codebook."""
    files = {path for folder in folders for path in (*folder.rglob("*.yaml"), *folder.rglob("*.csv"))}
    stats = ((path, path.stat()) for path in sorted(files))
    return tuple((str(path), stat.st_mtime_ns, stat.st_size) for path, stat in stats)


@lru_cache(maxsize=8)
def _load(folder: Path, searched: tuple[Path, ...], signature: tuple[tuple[str, int, int], ...]) -> Codebook:
    found = _Parts()
    card = _read(folder, found, list(searched), ())
    refuse(CodebookError, f"{_shown(folder)} cannot be used", found.problems)
    found.problems += crosscheck.problems(found.event_types, found.fields, found.vocabularies, found.actors)
    refuse(CodebookError, f"{_shown(folder)} does not hold together", found.problems)
    return _assemble(card, found, folder)


def find(name: str | Path, folders: Iterable[Path]) -> Path:
    """The folder of a codebook given by path or name."""
    direct = Path(name)
    if (direct / "codebook.yaml").is_file() and (
        "/" in str(name) or direct.is_absolute() or str(name) in {".", ".."}
    ):
        return direct
    for folder in folders:
        if (folder / str(name) / "codebook.yaml").is_file():
            return folder / str(name)
    known = names(folders)
    close = shape.did_you_mean(str(name), known)
    hint = close if close.startswith("did you mean") else f"there are: {', '.join(known) or 'none'}"
    raise CodebookError(f"no codebook '{name}'", hint)


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
    if not found.problems:
        found.digests.append(_digest(folder, found))
    return card


def _use(
    document: Document,
    path: Path_,
    reference: str,
    found: _Parts,
    searched: list[Path],
    above: tuple[str, ...],
) -> None:
    name, _, version = reference.partition("@")
    if name in above:
        chain = " → ".join([*above, name])
        found.problems.append(
            document.problem(path, f"'{reference}' leads back to itself: {chain}", "break the circle")
        )
        return
    if name not in found.modules:
        try:
            folder = find(name, searched)
        except CodebookError as error:
            found.problems.append(document.problem(path, error.message, error.hint))
            return
        found.modules[name] = _read(folder, found, searched, above).get("version", "")
    here = found.modules[name]
    if here and not f"{here}.".startswith(f"{version}."):
        hint = f"write {name}@{here}, and see its CHANGELOG for what changed"
        found.problems.append(document.problem(path, f"{reference} is wanted, {here} is here", hint))


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
    for place, plain in _items(folder / "guidance.yaml", "guidance", "guidance", found):
        found.guidance.append(parts.guidance(plain, place))
    for path in sorted((folder / "examples").glob("*.yaml")):
        found.examples += [
            parts.example(plain, place) for place, plain in _items(path, "examples", "examples", found)
        ]


def _items(path: Path, schema: str, key: str, found: _Parts) -> Iterator[tuple[Place, dict[str, Any]]]:
    document = _document(path, schema, found) if path.is_file() else None
    for i, plain in enumerate(document.data[key] if document else ()):
        assert document is not None
        shared = {"codes_of": document.data["codes_of"]} if "codes_of" in document.data else {}
        yield Place(document.file, document.line((key, i)), f"{key}[{i}]"), plain | shared


def _add(found: _Parts, into: dict[Any, Any], key: Any, value: Any, place: Place, what: str) -> None:
    if key in into:
        shown = ".".join(key) if isinstance(key, tuple) else key
        first = getattr(into[key], "place", "")
        hint = f"the first is at {first}: keep one" if str(first) else "keep one"
        found.problems.append(
            Problem(f"the {what} '{shown}' is defined twice", hint, place.file, place.line, place.path)
        )
    into[key] = value


def _vocabularies(folder: Path, found: _Parts) -> None:
    for path in sorted((folder / "vocabularies").glob("*.csv")):
        _add_vocabulary(found, _csv_vocabulary(path, found))
    for path in sorted((folder / "vocabularies").glob("*.yaml")):
        if path.stem == "actors":
            for place, plain in _items(path, "actors", "actors", found):
                _add(found, found.actors, plain["id"], parts.actor(plain, place), place, "actor")
        else:
            document = _document(path, "vocabulary", found)
            if document:
                places = [
                    Place(document.file, document.line(("terms", i)))
                    for i in range(len(document.data["terms"]))
                ]
                terms = [
                    parts.term(entry, place)
                    for entry, place in zip(document.data["terms"], places, strict=True)
                ]
                _add_vocabulary(found, parts.vocabulary(document.data, terms, Place(document.file, 1)))


def _add_vocabulary(found: _Parts, vocabulary: Vocabulary) -> None:
    _add(found, found.vocabularies, vocabulary.id, vocabulary, vocabulary.place, "vocabulary")
    seen: dict[str, Place] = {}
    for term in vocabulary.terms:
        if term.value in seen:
            hint = f"the first is at {seen[term.value]}: keep one"
            found.problems.append(problem(term.place, f"the value '{term.value}' stands twice", hint))
        seen[term.value] = term.place


def _csv(
    path: Path, header: tuple[str, ...], filled: tuple[str, ...], found: _Parts, more: bool
) -> Iterator[tuple[Place, dict[str, str]]]:
    """The rows of a CSV file with their places; a row that lacks one of `filled` is a problem and left out."""
    name = _shown(path)
    found.files.append(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        found.problems.append(Problem(f"cannot be read: {error.strerror}", "", name))
        return
    for line, row in csvfile.rows(data, name, header, found.problems, more=more):
        empty = [column for column in filled if column not in row]
        if empty:
            found.problems.append(Problem(f"{empty[0]} is empty", "fill it", name, line, empty[0]))
        else:
            yield Place(name, line), row


def _csv_vocabulary(path: Path, found: _Parts) -> Vocabulary:
    rows = _csv(path, ("value", "label"), ("value", "label"), found, True)
    card = {"id": path.stem, "title": path.stem.replace("_", " ")}
    return parts.vocabulary(card, [parts.term(row, place) for place, row in rows], Place(_shown(path), 1))


def _crosswalks(folder: Path, found: _Parts) -> None:
    for path in sorted((folder / "crosswalks").glob("*.csv")):
        found.crosswalks += [
            parts.crossing(row, place) for place, row in _csv(path, CROSSWALK, FILLED, found, False)
        ]


def _digest(folder: Path, found: _Parts) -> str:
    """sha256 over the names and contents of a folder's YAML and CSV files, with line ends made alike."""
    total = hashlib.sha256()
    for path in sorted(path for kind in ("*.yaml", "*.csv") for path in folder.rglob(kind) if path.is_file()):
        try:
            content = path.read_bytes().replace(b"\r\n", b"\n")
        except OSError as error:
            found.problems.append(Problem(f"cannot be read: {error.strerror}", "", _shown(path)))
            continue
        name = path.relative_to(folder).as_posix()
        total.update(f"{name}\0{hashlib.sha256(content).hexdigest()}\n".encode())
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
