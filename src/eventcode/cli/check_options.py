"""Which options of `eventcode check` go together: what would be ignored is refused."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from eventcode.cli import foreign_files

NAMES = {
    "codebook": "--codebook", "table": "--table", "form": "--as", "map_": "--map", "against": "--against", "engine": "--engine",
    "memory_limit": "--memory-limit", "as_of": "--as-of", "style": "--format", "file": "--output", "report": "--report",
    "baseline": "--baseline", "strict": "--strict", **foreign_files.NAMES,
}  # fmt: skip
SHOWING = ("style", "file", "report", "baseline", "strict")  # and how they are shown, but for --all
MAKING = ("codebook", "table", "engine", "memory_limit", "as_of")  # options that say how findings are made
MENTIONS = "gdelt-mentions"


def refuse(ctx: click.Context, target: str | None, rule: str | None, given: Mapping[str, Any]) -> None:
    """UsageError for options that have nothing to say together."""
    if target is None and rule is None:
        raise click.UsageError("Missing argument 'TARGET'.", ctx)
    named = {**given, "style": None if given["style"] == "table" else given["style"]}
    for names, why in _idle(target, rule, named):
        idle = [NAMES[name] for name in names if named[name]]
        if idle:
            raise click.UsageError(
                f"{' and '.join(idle)} {'say' if len(idle) > 1 else 'says'} nothing here: {why}.", ctx
            )
    _refuse_one_file_twice(ctx, target, given)


def _idle(
    target: str | None, rule: str | None, given: Mapping[str, Any]
) -> list[tuple[tuple[str, ...], str]]:
    """Options without a meaning, and why they have none."""
    found: list[tuple[tuple[str, ...], str]] = []
    if rule is not None:
        found.append((SHOWING, "--explain tells of one rule"))
    if not given["form"] and not given["map_"]:
        found.append((tuple(foreign_files.NAMES), "it is for a foreign file, of --as or --map"))
    if given["engine"] == "spark":
        found.append((("memory_limit",), "Spark has its memory from its own settings"))
    if given["form"] != MENTIONS:
        found.append((("against",), f"it is for --as {MENTIONS}"))
    if target is None:
        return found
    if given["form"] or given["map_"]:
        found.append((("table", "engine", "as_of"), "a foreign file is mapped, then checked by DuckDB"))
        found.append((("map_",) if given["form"] else (), "a format has its own maps"))
    elif Path(target).name == "findings.parquet":
        found.append((MAKING, "the findings of a build are shown again, not made anew"))
    elif _is_name(target):
        why = f"there is no file '{target}', and a dataset has its own codebook and tables"
        found.append((("codebook", "table", "memory_limit"), why))
    else:
        found.append((("as_of",), "only a dataset has waivers"))
    return found


def _is_name(target: str) -> bool:
    """Whether a target can only be the name of a dataset."""
    path = Path(target)
    return not (path.exists() or path.suffix or set("/\\*?[") & set(target))


def _refuse_one_file_twice(ctx: click.Context, target: str | None, given: Mapping[str, Any]) -> None:
    files = {
        "TARGET": target,
        **{NAMES[name]: given[name] for name in ("file", "report", "baseline", "against", "map_")},
    }
    places = [(name, Path(path).resolve()) for name, path in files.items() if path]
    for name, path in places:
        for other, same in places:
            if name in ("--output", "--report") and other != name and path == same:
                raise click.UsageError(f"{name} would write over {other}: {path.name}.", ctx)
