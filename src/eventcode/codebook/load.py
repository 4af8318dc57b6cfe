"""A codebook folder as one `Codebook`, or every reason why it is none, with file, line, value and remedy."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from eventcode import shape
from eventcode.bundled import codebook_folder
from eventcode.codebook import crosscheck, inherit, parts
from eventcode.codebook import folder as files
from eventcode.codebook.folder import Parts, shown
from eventcode.errors import CodebookError, refuse
from eventcode.model import Codebook
from eventcode.yamlfile import Document, Path_

T = TypeVar("T")


def load(name: str | Path, folders: Iterable[Path] = ()) -> Codebook:
    """The codebook of a folder, or the first of that name in `folders` and then among the bundled ones.

    Raises CodebookError with every problem found: YAML, shape, doubles, and names that lead nowhere.
    """
    searched = (*folders, codebook_folder())
    folder = find(name, searched)
    return _load(folder, searched, _signature((folder, *searched)))


def _signature(folders: Iterable[Path]) -> tuple[tuple[str, int, int], ...]:
    """Name, time and size of every file that a codebook may be made of: the same signature, the same codebook."""
    found = {path for folder in folders for path in _files(folder)}
    return tuple((path, *_stat(path)) for path in sorted(found))


def _files(folder: Path) -> Iterator[str]:
    for inside, _, names in os.walk(folder):
        yield from (
            os.path.join(inside, name)
            for name in names
            if name.endswith((".yaml", ".csv")) and not name.startswith((".", "~"))
        )


def _stat(path: str) -> tuple[int, int]:
    try:
        stat = os.stat(path)
    except OSError:  # gone since, or a link that leads nowhere: reading it will say so
        return (0, 0)
    return (stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=8)
def _load(folder: Path, searched: tuple[Path, ...], signature: tuple[tuple[str, int, int], ...]) -> Codebook:
    found = Parts()
    card = _read(folder, found, list(searched), ())
    refuse(CodebookError, f"{shown(folder)} cannot be used", found.problems)
    found.problems += crosscheck.problems(found.event_types, found.fields, found.vocabularies, found.actors)
    refuse(CodebookError, f"{shown(folder)} does not hold together", found.problems)
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
    empty = next(
        (folder / str(name) for folder in folders if str(name) and (folder / str(name)).is_dir()), None
    )
    if empty is not None or direct.is_dir():
        raise CodebookError(
            f"{shown(empty or direct)} has no codebook.yaml", "write one, or name another folder"
        )
    known = names(folders)
    close = shape.did_you_mean(str(name), known)
    hint = close if close.startswith("did you mean") else f"there are: {', '.join(known) or 'none'}"
    raise CodebookError(f"no codebook '{name}'", hint)


def names(folders: Iterable[Path]) -> list[str]:
    """The names of the codebooks in `folders`."""
    return sorted({path.parent.name for folder in folders for path in folder.glob("*/codebook.yaml")})


def _read(folder: Path, found: Parts, searched: list[Path], above: tuple[str, ...]) -> dict[str, Any]:
    """Read a folder after the codebook it extends and the modules it uses; returns its card."""
    page = files.card(folder, found)
    if page is None or found.problems:
        return page.data if page else {}
    card: dict[str, Any] = page.data
    above = (*above, card["id"])
    inherited = None
    if "extends" in card:
        _other(page, ("extends",), card["extends"], found, searched, above)
        inherited = inherit.take_over(page, found)
    replaceable, found.inherited = found.inherited, set()
    for i, reference in enumerate(card.get("uses", ())):
        _other(page, ("uses", i), reference, found, searched, above)
    found.inherited = replaceable
    found.migrations = []  # those of other codebooks are about versions of theirs
    files.read(folder, page, found)
    if inherited is not None:
        inherit.settle(page, found, *inherited)
    return card


def _other(
    page: Document, path: Path_, reference: str, found: Parts, searched: list[Path], above: tuple[str, ...]
) -> None:
    """Read a codebook that a card names, once, and hold its version against the one that is wanted."""
    name, _, version = reference.partition("@")
    if name in above:
        chain = " → ".join([*above, name])
        found.problems.append(
            page.problem(path, f"'{reference}' leads back to itself: {chain}", "break the circle")
        )
        return
    if name not in found.modules:
        try:
            folder = find(name, searched)
        except CodebookError as error:
            found.problems.append(page.problem(path, error.message, error.hint))
            return
        found.modules[name] = _read(folder, found, searched, above).get("version", "")
    here = found.modules[name]
    if here and not f"{here}.".startswith(f"{version}."):
        hint = f"write {name}@{here}, and see its CHANGELOG for what changed"
        found.problems.append(page.problem(path, f"{reference} is wanted, {here} is here", hint))


def _frozen(values: dict[Any, T]) -> Mapping[Any, T]:
    return MappingProxyType(values)


def _assemble(card: dict[str, Any], found: Parts, folder: Path) -> Codebook:
    digest = hashlib.sha256("\n".join(found.digests).encode()).hexdigest()
    make: Callable[[Any], Any] = parts.frozen
    return Codebook(
        id=card["id"], title=card["title"], version=card["version"], kind=card["kind"], digest=digest,
        description=card["description"], licence=card["licence"], unit=card.get("unit", ""), edition=card.get("edition", ""),
        references=make(card.get("references", [])), authors=make(card.get("authors", [])), uses=make(card.get("uses", [])),
        extends=card.get("extends"), scales=make(found.scales),
        event_types=_frozen(found.event_types), fields=_frozen(found.fields), vocabularies=_frozen(found.vocabularies),
        rules=_frozen(found.rules), actors=_frozen(found.actors), examples=tuple(found.examples),
        guidance=tuple(found.guidance), crosswalks=tuple(found.crosswalks), accepted=tuple(found.accepted),
        migrations=tuple(found.migrations), date_phrases=tuple(found.date_phrases),
        date_spans=tuple(found.date_spans),
        files=tuple(str(path) for path in found.files), folder=str(folder),
    )  # fmt: skip
