"""The codebooks at hand: those of the project, then the bundled ones, and which one is meant where none is named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from eventcode import yamlfile
from eventcode.bundled import codebook_folder
from eventcode.codebook.lint_rules import LintRule
from eventcode.codebook.load import load, names
from eventcode.codebook.search import Hit, search
from eventcode.errors import CodebookError, DatasetError, EventcodeError
from eventcode.model import Codebook, Rule
from eventcode.project import Project, find

USUAL = "disarmament"


def folders() -> list[Path]:
    """Where codebooks are looked for before the bundled ones."""
    project = _project()
    return project.codebook_folders if project else []


def at_hand() -> list[str]:
    """The names of all codebooks that can be loaded by name."""
    return names([*folders(), codebook_folder()])


def open_codebook(name: str | None = None) -> Codebook:
    """A codebook by name or path, the obvious one for None; CodebookError where it cannot be loaded."""
    return load(name or obvious(), folders())


def given(codebook: str | Codebook | None, form: str | None = None) -> Codebook | None:
    """The codebook that is given, itself or by name or path, else that of a foreign format; None where neither is."""
    if isinstance(codebook, Codebook):
        return codebook
    if codebook is None and form is not None:
        from eventcode.formats.foreign.registry import format_of

        codebook = format_of(form).codebook
    return None if codebook is None else load(codebook, folders())


def obvious() -> str:
    """The one codebook of the project's datasets, else the project's only own one, else the one that eventcode comes with.

    CodebookError where several could be meant.
    """
    project = _project()
    used = _used(project) if project else []
    own = [name for name in names(folders()) if _is_codebook(folders(), name)]
    for found in (used, own):
        if len(found) == 1:
            return found[0]
    if USUAL in at_hand():
        return USUAL
    raise CodebookError("several codebooks could be meant", hint=f"name one: {', '.join(used or own)}")


def _used(project: Project) -> list[str]:
    """The codebooks of the datasets; a card that cannot be read names none."""
    found: dict[str, None] = {}
    for name in project.dataset_names():
        try:
            found[project.dataset(name).card["codebook"].partition("@")[0]] = None
        except DatasetError:
            continue
    return [*found]


def _is_codebook(searched: list[Path], name: str) -> bool:
    """Whether it is a codebook and no module, read from its first page alone."""
    card = next(
        folder / name / "codebook.yaml" for folder in searched if (folder / name / "codebook.yaml").is_file()
    )
    try:
        data = yamlfile.read(card).data
    except (OSError, EventcodeError):
        return True
    return not isinstance(data, dict) or data.get("kind") != "module"


def _project() -> Project | None:
    try:
        return find()
    except DatasetError:
        return None


def search_all(words: Sequence[str], limit: int) -> list[Hit]:
    """What speaks of the words in any codebook at hand, best first, its key with the codebook's name; what modules hold comes once."""
    found: dict[tuple[str, str], Hit] = {}
    for name in at_hand():
        try:
            book = open_codebook(name)
        except CodebookError:
            continue
        for hit in search(book, words, limit):
            own = hit.kind == "code" or book.kind == "module"
            key = f"{book.id}:{hit.key}" if own or hit.key not in {key for _, key in found} else hit.key
            if own or not _of_module(book, hit):
                found.setdefault((hit.kind, key), replace(hit, key=key))
    return sorted(found.values(), key=lambda hit: -hit.score)[:limit]


def _of_module(book: Codebook, hit: Hit) -> bool:
    """Whether what was found belongs to a module that the codebook uses: it is found there."""
    places = {
        "field": {f"{table}.{name}": field.place.file for (table, name), field in book.fields.items()},
        "rule": {name: rule.place.file for name, rule in book.rules.items()},
        "guidance": {entry.id: entry.place.file for entry in book.guidance},
        "value": {f"{v.id}: {t.value}": t.place.file for v in book.vocabularies.values() for t in v.terms},
        "actor": {name: actor.place.file for name, actor in book.actors.items()},
    }
    return f"/{book.id}/" not in f"/{places[hit.kind].get(hit.key, '')}"


def rule(codebook: Codebook, name: str) -> Rule | None:
    """A rule by id, also one of those that are compiled from fields and codes (`codings.realis-fits-code`)."""
    from eventcode.checks.compile import plan

    return next((found for found in plan(codebook).rules if found.id == name), None)


def lint_rule(name: str) -> LintRule | None:
    """A line of the linter by id."""
    from eventcode.codebook import lint as static
    from eventcode.pipeline import lint

    return next((found for found in (*static.RULES, *lint.RULES) if found.id == name), None)
