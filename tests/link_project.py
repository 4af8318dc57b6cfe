"""A project with reports of invented happenings in several documents, for tests of linking."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from eventcode.project import Dataset, find

CARD = """\
title: Camps
description: Invented reports.
licence: CC-BY-4.0
codebook: disarmament@1.0.1
date: "2025-06-01"
as_of: "2025-06-01"
people:
  - {name: A. Person, role: editor}
coders:
  - {id: anna, kind: person}
coverage: {time: 2025-05, places: [IRQ]}
limits: [It is invented.]
"""
ACTORS = """\
id,name,kind,country
brigades,The River Brigades,armed_group,IRQ
army,The Army,military,IRQ
"""
# document → its codings: key, code, date, place, who did it to whom.
CODINGS: dict[str, list[tuple[str, ...]]] = {
    "agency": [("e1", "072", "2025-05-01", "Kilo 40", "brigades", ""), ("e2", "111", "2025-05-09", "Delta", "army", "brigades")],
    "gazette": [("e1", "070", "2025-05-01/2025-05-04", "Kilo Forty", "", "")],
    "radio": [("e1", "072", "2025-05-02", "Kilo 40", "brigades", "")],
    "herald": [("e1", "111", "2025-05-11", "Delta", "brigades", "army")],
    "weekly": [("e1", "072", "2025-07-20", "Kilo 40", "brigades", "")],
}  # fmt: skip
SAME = {
    "report": "radio/e1",
    "event": "agency/e1",
    "relation": "same_event",
    "by": "carla",
    "reason": "one camp",
}


def link_project(folder: Path, *links: dict[str, Any], second: tuple[dict[str, Any], ...] = ()) -> Dataset:
    """Lay the project out in `folder`, with these links; returns its dataset."""
    home = folder / "datasets" / "camps"
    (home / "readings/anna").mkdir(parents=True)
    (home / "dataset.yaml").write_text(CARD, "utf-8")
    (home / "actors.csv").write_text(ACTORS, "utf-8")
    documents = [
        {
            "key": key,
            "published_at": f"2025-05-{12 + i}",
            "published_at_basis": "printed",
            "document_relation": "original",
        }
        for i, key in enumerate(CODINGS)
    ]
    (home / "documents.yaml").write_text(json.dumps({"documents": documents}), "utf-8")
    (home / "readings/anna/all.jsonl").write_text("".join(map(_line, CODINGS)), "utf-8")
    for name, rows in (("links.jsonl", links), ("links-second.jsonl", second)):
        if rows:
            (home / name).write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    return find(folder).dataset("camps")


def _line(document: str) -> str:
    codings = [
        {
            "key": key, "event_type": code, "realis": "occurred", "setting": "public", "date": date, "place_name": place,
            "country": "IRQ",
            "participants": [
                {"role": role, "actor_id": who} for role, who in (("actor", actor), ("recipient", recipient)) if who
            ] or [{"role": "actor", "actor_missing": "cannot_tell"}],
        }
        for key, code, date, place, actor, recipient in CODINGS[document]
    ]  # fmt: skip
    head = {
        "document": document,
        "coder": "anna",
        "codebook": "disarmament@1.0.1",
        "revision": 1,
        "status": "coded",
    }
    return (
        json.dumps({**head, "sources": [{"key": "s0", "identity": "own_voice"}], "codings": codings}) + "\n"
    )
