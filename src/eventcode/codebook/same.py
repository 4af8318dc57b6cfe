"""Whether two codebooks say the same, wherever they lie and however their files are laid out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from eventcode.model import Codebook

APART = ("place", "digest", "files", "folder")
ORDERED = ("event_types", "fields", "rules", "actors")


def differences(a: Codebook, b: Codebook) -> list[str]:
    """The names of what differs, as `event_types.072`; places, files, folder and digest may."""
    return [*_differences(bare(a), bare(b), "")]


def bare(value: Any) -> Any:
    """A value of the model as plain mappings and lists, without where it stands."""
    if is_dataclass(value):
        return {f.name: bare(getattr(value, f.name)) for f in fields(value) if f.name not in APART}
    if isinstance(value, Mapping):
        return {key: bare(child) for key, child in value.items()}
    return [bare(child) for child in value] if isinstance(value, list | tuple) else value


def _differences(a: Any, b: Any, path: str) -> Any:
    if isinstance(a, dict) and isinstance(b, dict):
        for key in dict.fromkeys((*a, *b)):
            name = ".".join(key) if isinstance(key, tuple) else str(key)
            inner = f"{path}.{name}".lstrip(".")
            if key not in a or key not in b:
                yield inner
            else:
                yield from _differences(a[key], b[key], inner)
        if [*a] != [*b] and path in ORDERED:
            yield f"{path}: order"
    elif isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        for number, (one, other) in enumerate(zip(a, b, strict=True)):
            yield from _differences(one, other, f"{path}[{number}]")
    elif (
        type(a) is not type(b) and not (isinstance(a, int | float) and isinstance(b, int | float))
    ) or a != b:
        yield path
