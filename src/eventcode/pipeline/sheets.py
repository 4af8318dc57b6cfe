"""A coder's workbook out: the documents to read and the readings that exist."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from eventcode.coding import sheet_out
from eventcode.errors import DatasetError
from eventcode.pipeline import inputs
from eventcode.project import Dataset
from eventcode.shape import did_you_mean


def write_workbook(dataset: Dataset, coder: str, path: Path, keys: Sequence[str] = ()) -> int:
    """Write the workbook of a coder for all documents, or those named; returns how many documents it holds.

    CoderError for an unknown coder, DatasetError for an unknown document or a file that cannot be written.
    """
    who = dataset.coder(coder)
    held = inputs.load(dataset)
    known = {row["document_key"]: row for row in held.documents}
    for key in keys:
        if key not in known:
            raise DatasetError(f"no document '{key}' in {dataset.name}", hint=did_you_mean(key, [*known]))
    documents = [known[key] for key in keys] or held.documents
    wanted = {row["document_id"] for row in documents}
    names = {row["document_id"]: row["document_key"] for row in documents}
    readings = [
        {**read.reading, "document": names[read.document_id]}
        for read in held.current
        if read.coder == coder and read.document_id in wanted
    ]
    sheet_out.write(path, held.codebook, who, documents, readings)
    return len(documents)
