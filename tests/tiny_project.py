"""A whole small project in a folder: one invented text, two documents, one coder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from eventcode import identity, text

NAME = "tiny"
WORDS = """The Marwan Brigade said on Friday it would close its camp near Ras Amara by June.

A commander of the brigade, who asked not to be named, said the first trucks had left the camp on 2 May.
"""
DOCUMENT = "agency-2025-05-03"
CARD = """\
title: A tiny dataset
description: Two acts that an invented text tells.
licence: CC-BY-4.0
codebook: disarmament@1.0.1
date: "2025-06-01"
as_of: "2025-06-01"
people:
  - {name: A. Person, role: editor}
coders:
  - {id: anna, kind: person}
  - {id: ben, kind: person}
coverage: {time: 2025-05, places: [IRQ]}
limits: [It is invented.]
"""
DOCUMENTS = """\
documents:
  - key: agency-2025-05-03
    document_id: "%s"
    n_chars: %d
    text_version: 1
    language: en
    published_at: "2025-05-03"
    published_at_basis: printed
    document_relation: original
  - key: agency-2025-05-04
    published_at: "2025-05-04"
    published_at_basis: printed
    document_relation: original
"""


def reading(**changes: Any) -> dict[str, Any]:
    """Anna's reading of the first document, as she would hand it in; `changes` replace keys of its head."""
    pledge = "said on Friday it would close its camp near Ras Amara by June"
    left = "the first trucks had left the camp on 2 May"
    return {
        "document": DOCUMENT, "coder": "anna", "codebook": "disarmament@1.0.0", "revision": 1, "status": "coded",
        "coded_at": "2025-05-05T10:00:00Z",
        "sources": [
            {"key": "s0", "identity": "own_voice"},
            {
                "key": "s1", "identity": "anonymous", "anonymity": "stated_no_reason", "source_kind": "person",
                "source_descriptor": "A commander of the brigade", "n_persons": 1, "n_persons_basis": "exact",
                "position": "fighter", "affiliations": ["armed_group"], "tenure": "current", "medium": "not_stated",
            },
        ],
        "codings": [
            {
                "key": "e1", "event_type": "031", "realis": "occurred", "setting": "public", "date": "2025-05-02",
                "place_name": "Ras Amara",
                "participants": [{"role": "actor", "actor_missing": "not_coded", "name_as_printed": "The Marwan Brigade"}],
                "support": [
                    {
                        "source": "s0", "stance": "asserts", "knowledge": "unknown", "quote_form": "own_words",
                        "scope_basis": "same_sentence", "evidence": [{"quote": pledge}],
                    }
                ],
                "evidence": [{"field": "event_type", "quote": pledge}],
            },
            {
                "key": "e2", "event_type": "074", "realis": "ongoing", "setting": "unknown", "date": "2025-05-02",
                "place_name": "Ras Amara",
                "participants": [{"role": "actor", "actor_missing": "not_coded", "name_as_printed": "the brigade"}],
                "support": [
                    {
                        "source": "s1", "stance": "asserts", "knowledge": "participant", "quote_form": "indirect",
                        "scope_basis": "same_sentence", "evidence": [{"quote": left}],
                    }
                ],
                "evidence": [{"field": "event_type", "quote": left}],
            },
        ],
        **changes,
    }  # fmt: skip


def tiny_project(folder: Path, *, with_readings: bool = True) -> Path:
    """Lay the project out in `folder`, with Anna's reading imported or not; returns its root."""
    from eventcode.pipeline.importing import import_readings
    from eventcode.project import find

    home = folder / "datasets" / NAME
    (home / "raw").mkdir(parents=True)
    words = text.canonical(WORDS)
    (home / "raw" / f"{DOCUMENT}.txt").write_text(WORDS, "utf-8")
    (home / "dataset.yaml").write_text(CARD, "utf-8")
    (home / "documents.yaml").write_text(DOCUMENTS % (identity.text_document_id(words), len(words)), "utf-8")
    if with_readings:
        batch = folder / "anna.jsonl"
        batch.write_text(json.dumps(reading(**{"codings": _salted(reading()["codings"])})) + "\n", "utf-8")
        import_readings(find(folder).dataset(NAME), batch)
        batch.unlink()
    return folder


def _salted(codings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The codings with a fixed salt in every piece of evidence, so that two projects are alike to the byte."""
    for coding in codings:
        rows = [*coding["evidence"], *(e for support in coding["support"] for e in support["evidence"])]
        for row in rows:
            row["salt"] = "0123456789abcdef"
    return codings
