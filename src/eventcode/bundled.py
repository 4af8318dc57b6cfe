"""Where the codebooks that come with eventcode are: in the wheel, or in the repository of an editable install."""

from __future__ import annotations

from pathlib import Path

from eventcode.errors import EventcodeError


def codebook_folder() -> Path:
    """The folder of bundled codebooks and of the JSON Schemas of their files."""
    here = Path(__file__).resolve().parent
    for folder in (here / "_codebook", here.parents[1] / "codebook"):
        if (folder / "schema").is_dir():
            return folder
    raise EventcodeError("the bundled codebooks are not installed", hint="reinstall eventcode")


def schema_file(name: str) -> Path:
    """The JSON Schema of one kind of file: `fields`, `rules`, `dataset` …"""
    return codebook_folder() / "schema" / f"{name}.schema.json"
