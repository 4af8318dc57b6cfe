"""Texts that lie in a folder outside the repository, matched to the documents whose text they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from eventcode import text
from eventcode.errors import DatasetError, Problem, refuse
from eventcode.identity import text_document_id
from eventcode.readings import Row


def texts_in(folder: Path, documents: Iterable[Row] = ()) -> dict[str, str]:
    """Canonical texts by document id, of every `.txt` file below `folder`.

    A file belongs to the document whose id is the hash of its canonical text. A document that no file has the hash of, because
    its copy changed or its id is no hash, gets the file whose name is `<document_key>.txt`. Files of no document keep their own id.
    Raises DatasetError, listing each, for a folder that is not there and files that are not UTF-8.
    """
    if not folder.is_dir():
        raise DatasetError(f"{folder} is not a folder", "name the folder that holds the texts")
    files = _read(folder)
    found = {text_document_id(content): content for content in files.values()}
    for row in documents:
        key, own = row.get("document_key"), row["document_id"]
        named = next((path for path in files if path.stem == key), None)
        if own not in found and named is not None:
            found[own] = files[named]
    return found


def _read(folder: Path) -> Mapping[Path, str]:
    """The canonical text of every `.txt` file, by path."""
    files, problems = {}, []
    for path in sorted(folder.rglob("*.txt")):
        try:
            files[path] = text.decode(path.read_bytes())
        except (OSError, ValueError) as error:
            problems.append(
                Problem(str(error), "save the file as UTF-8", path.relative_to(folder).as_posix())
            )
    refuse(DatasetError, f"{folder} has texts that cannot be read", problems)
    return files
