"""New codebooks: from a small template, on top of another, or as a copy of another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from importlib.resources import files as resources
from pathlib import Path
from string import Template
from typing import Any

from eventcode.codebook.load import load, names
from eventcode.errors import CodebookError
from eventcode.model import Codebook
from eventcode.pipeline import codebooks
from eventcode.pipeline.authoring import Made, check_name, put

FIRST = '"0.1.0"'


def new(name: str, into: Path, like: str | None = None, *, copy: bool = False) -> Made:
    """Lay out a codebook below `into`: a small one, one that extends `like`, or a copy of `like`.

    CodebookError for a bad name, or one that a codebook at hand bears already.
    """
    check_name(name)
    if copy and like is None:
        raise CodebookError("nothing to copy", "name a codebook with --like")
    if (into / name).exists() or name in names([into, *codebooks.folders()]) or name in codebooks.at_hand():
        raise CodebookError(f"there is a codebook '{name}' already", "choose another name")
    if like is None:
        content = dict(_template("own", {"id": name, "title": _title(name), **_majors("sourcing", "record")}))
    else:
        other = codebooks.open_codebook(like)
        content = _copied(other, name) if copy else dict(_template("like", _words(other, name)))
    put(into / name, content, what=like or "the template")
    return Made(into / name, tuple(sorted(content)))


def _title(name: str) -> str:
    return name.replace("-", " ").replace("_", " ").capitalize()


def _majors(*modules: str) -> dict[str, str]:
    return {module: load(module, codebooks.folders()).version.partition(".")[0] for module in modules}


def _words(other: Codebook, name: str) -> dict[str, str]:
    """What the template of an extending codebook says of the other one; its first code that is no root serves as the example."""
    if not other.event_types:
        raise CodebookError(
            f"{other.id} is a module and has no event types",
            f'write uses: ["{other.id}@1"] in a codebook of your own',
        )
    kind = next(
        (one for one in other.event_types.values() if one.parent), next(iter(other.event_types.values()))
    )
    return {
        "id": name, "title": _title(name), "like": other.id, "like_title": other.title, "major": other.version.partition(".")[0],
        "licence": other.licence, "code": kind.code, "code_name": kind.name, "code_label": kind.label, "act": kind.act,
        "stata": _stata(other),
    }  # fmt: skip


def _stata(other: Codebook) -> str:
    """The line with a number for Stata that is free, where the other codebook has such numbers: then every code owes one."""
    kinds = other.event_types.values()
    given = [kind.stata_value for kind in kinds if kind.stata_value is not None]
    if not given:
        return ""
    codes = [int(kind.code) for kind in kinds if kind.code.isascii() and kind.code.isdigit()]
    return f"#    stata_value: {max([*given, *codes]) + 1}  # one that no other code has: the next is free\n"


def _template(which: str, words: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    yield from _filled(resources("eventcode").joinpath("templates", "codebook", which), "", words)


def _filled(folder: Any, inside: str, words: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for entry in sorted(folder.iterdir(), key=lambda one: str(one.name)):
        if entry.is_dir():
            yield from _filled(entry, f"{inside}{entry.name}/", words)
        elif not entry.name.startswith((".", "__")):
            yield f"{inside}{entry.name}", Template(entry.read_text("utf-8")).substitute(words)


def _copied(other: Codebook, name: str) -> dict[str, str]:
    """Every file of a codebook, comments and all, under the new id."""
    home = Path(other.folder)
    found = {
        path.relative_to(home).as_posix(): path.read_text("utf-8")
        for kind in ("*.yaml", "*.csv")
        for path in sorted(home.rglob(kind))
    }
    card = re.sub(r"^id:.*$", f"id: {name}", found["codebook.yaml"], count=1, flags=re.M)
    found["codebook.yaml"] = re.sub(r"^version:.*$", f"version: {FIRST}", card, count=1, flags=re.M)
    changes = (
        f"# Changes to the codebook {name}\n\n## 0.1.0\n\n* A copy of {other.reference}.\n"
        "* Recoding owed: none. There is no earlier version.\n"
    )
    return found | {"CHANGELOG.md": changes}
