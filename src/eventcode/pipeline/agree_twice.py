"""Documents that two adjudicators decided independently, with what the decisions of each make as the reading of a coder.

Agreement of coders says nothing of what comes out of adjudication. So a sample of documents is adjudicated a second time, by somebody who
does not know the first decisions; these lie in `decisions-second.jsonl`, and no build reads them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from eventcode.adjudication import adopt
from eventcode.errors import DatasetError
from eventcode.model import Place
from eventcode.pipeline import adjudicate, inputs
from eventcode.pipeline.adjudicate import SECOND
from eventcode.pipeline.inputs import Inputs
from eventcode.pipeline.lines import Read
from eventcode.project import Dataset
from eventcode.readings import Row, reading_id
from eventcode.yamlfile import Document

CODERS = ("first", "second")  # what the two adjudicators are called where they stand as coders


def as_coders(dataset: Dataset, held: Inputs | None = None) -> Inputs:
    """The inputs of a dataset with the two adjudicated readings of each document as those of two coders, `first` and `second`.

    Documents that one of them has not decided, or not wholly, are left out. DatasetError where none is left. `held` are the inputs, where
    they are read already.
    """
    held = held or inputs.load(dataset)
    journal = [read for pair in both(held).values() for read in pair]
    if not journal:
        hint = "let somebody else decide a sample: eventcode adjudicate NAME --second --sample 30 --write second.xlsx"
        raise DatasetError(f"no document of {dataset.name} is wholly decided twice", hint)
    card = dict(dataset.document.data) | {"coders": [{"id": name, "kind": "person"} for name in CODERS]}
    card["reliability"] = {
        k: v for k, v in card.get("reliability", {}).items() if k not in ("authors", "samples")
    }
    document: Document = replace(dataset.document, data=card)
    return replace(
        held,
        dataset=Dataset(dataset.name, dataset.folder, document, dataset.project),
        journal=journal,
        decisions=[],
        links=[],
    )


def both(held: Inputs) -> dict[str, tuple[Read, Read]]:
    """By document id: the adjudicated readings that the first and the second decisions make, where neither leaves anything open."""
    by_file = [held.decisions, adjudicate.decisions(held.dataset, SECOND)]
    found: dict[str, tuple[Read, Read]] = {}
    for document, reads in adjudicate.by_document(held).items():
        name = held.names.get(document, document)
        made = [_made(document, name, reads, decisions, held) for decisions in by_file]
        if made[0] is not None and made[1] is not None:
            found[document] = (_read(made[0], document, CODERS[0]), _read(made[1], document, CODERS[1]))
    return found


def _made(
    document: str, name: str, reads: Sequence[adopt.Read], decisions: Sequence[Row], held: Inputs
) -> Row | None:
    """The adjudicated reading that decisions make; None where there are none about the document, or they leave something open."""
    if not any(row["document"] in (name, document) for row in decisions):
        return None
    result = adopt.adjudicate(document, name, reads, decisions, held.codebook)
    return None if result.findings else result.reading


def _read(reading: Mapping[str, Any], document: str, coder: str) -> Read:
    row = {**reading, "coder": coder}
    return Read(row, reading_id(row, document), document, Place())
