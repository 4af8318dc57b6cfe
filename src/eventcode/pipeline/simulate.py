"""A simulated project: invented texts, read by simulated coders who err at known rates."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from eventcode import identity, text
from eventcode.errors import DatasetError
from eventcode.formats import files
from eventcode.model import Codebook
from eventcode.pipeline import simulate_coders as coders
from eventcode.pipeline import simulate_rates as rates
from eventcode.pipeline import simulate_texts as texts
from eventcode.pipeline.scaffold import new_project
from eventcode.pipeline.simulate_decisions import decisions, links
from eventcode.pipeline.simulate_parts import Page, World, parts
from eventcode.project import find

Read = tuple[
    dict[str, Any], dict[str, int | None]
]  # a line of readings, and which event each of its codings is of
NAME = "simulated"
CODEBOOK = "disarmament"
FEWEST, MOST = 10, 999


def simulate(folder: Path, *, documents: int = 200, n_coders: int = 4, seed: int = 1) -> list[str]:
    """Lay out a project with the dataset `simulated` in a folder that is not there yet or is empty; returns what was made, relative to it.

    The same numbers make the same project, to the byte. `truth/` holds what the texts truly tell, which event every coding is of, and
    the rates at which the coders err. DatasetError where the folder is taken or a number is out of bounds.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise DatasetError(f"{folder} is there already", hint="choose another name, or empty it")
    _refuse_numbers(documents, n_coders)
    parent = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}.tmp")
    with files.refusing(folder):
        try:
            made = parent / folder.resolve().name
            new_project(made)
            _fill(made, documents, rates.READERS[:n_coders], seed)
            names = sorted(p.relative_to(made).as_posix() for p in made.rglob("*") if p.is_file())
            files.sync_tree(made)
            if folder.is_dir():
                folder.rmdir()
            made.replace(folder)
            files.sync(folder.parent)
        finally:
            files.remove_tree(parent)
    return names


def _refuse_numbers(documents: int, n_coders: int) -> None:
    if not FEWEST <= documents <= MOST:
        raise DatasetError(
            f"{documents} documents cannot be simulated", hint=f"from {FEWEST} to {MOST} documents"
        )
    if not 2 <= n_coders <= len(rates.READERS):
        raise DatasetError(
            f"{n_coders} coders cannot be simulated", hint=f"from 2 to {len(rates.READERS)} coders"
        )


def _fill(root: Path, n: int, readers: Sequence[rates.Reader], seed: int) -> None:
    """The dataset and its truth, in a project that is laid out already."""
    home = root / "datasets" / NAME
    book = find(root).codebook(CODEBOOK)
    rng = np.random.default_rng(seed)
    world = texts.world(n, book, rng)
    readings = _readings(world, readers, book, seed)
    home.mkdir(parents=True)
    _write(home / "README.md", README)
    _write(home / "dataset.yaml", _yaml(_card(book.reference, readers, n, seed)))
    _write(home / "documents.yaml", _yaml({"documents": [_document(page) for page in world.pages]}))
    _write(home / "publishers.csv", _publishers())
    _write(home / "actors.csv", _actors())
    for page in world.pages:
        _write(home / "raw" / f"{page.key}.txt", page.text + "\n")
    for reader in readers:
        read_by = [readings[p.key][reader.id] for p in world.pages if reader.id in readings[p.key]]
        _write(home / "readings" / reader.id / "simulated.jsonl", _jsonl(line for line, _ in read_by))
    decided = [*decisions(world, readings, book, [reader.id for reader in readers])]
    _write(home / "decisions.jsonl", _jsonl(decided))
    _write(home / "links.jsonl", _jsonl(links(world, readings, decided)))
    _write(root / "truth" / "documents.jsonl", _jsonl(_truth(page, world, readings) for page in world.pages))
    _write(root / "truth" / "rates.json", json.dumps(_rates(readers, seed), indent=1) + "\n")


def _readings(
    world: World, readers: Sequence[rates.Reader], book: Codebook, seed: int
) -> dict[str, dict[str, Read]]:
    """What each coder makes of each document, by document and coder; each coder draws from numbers of its own."""
    told = [act["code"] for act in parts()["acts"]]
    among = [code for code in book.codes if code in told or book.event_types[code].parent is None]
    found: dict[str, dict[str, Read]] = {page.key: {} for page in world.pages}
    for reader in readers:
        rng = np.random.default_rng([seed, rates.READERS.index(reader)])
        for i, page in enumerate(world.pages):
            read = coders.read(page, world, reader, i / len(world.pages), among, book, rng)
            first = found[page.key].get(reader.repeats or "")
            if read and first and rng.random() < rates.AGAIN:
                read = ({**first[0], "coder": reader.id, "coded_at": read[0]["coded_at"]}, first[1])
            if read:
                found[page.key][reader.id] = read
    return found


# ── what is true ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _truth(page: Page, world: World, readings: Mapping[str, Any]) -> dict[str, Any]:
    """A document's events, and for every coder which event each coding is of; None where it is of none."""
    events = []
    for told in page.told:
        it = world.happenings[told.happening]
        events.append(
            {
                "happening": told.happening, "event_type": it.code, "realis": it.realis, "date": it.day.isoformat(),
                "place_name": it.place, "actor": it.actor, "recipient": it.recipient, "about": it.about,
                "start": told.spans["event_type"][0], "end": told.spans["event_type"][1],
            }
        )  # fmt: skip
    of = {coder: truth for coder, (_, truth) in readings[page.key].items()}
    return {"document": page.key, "difficulty": page.difficulty, "events": events, "codings": of}


def _rates(readers: Sequence[rates.Reader], seed: int) -> dict[str, Any]:
    return {
        "seed": seed,
        "coders": {
            reader.id: {**asdict(reader.rates), "turns": reader.turns, "worse": reader.worse, "absent": reader.absent}
            for reader in readers
        },
        "confused": {"sibling": rates.SIBLING, "lookalike": rates.LOOKALIKE, "habit": rates.HABIT},
        "first_version": {"share": rates.LATER, "times": rates.UNCLEAR},
        "difficulties": texts.DIFFICULTIES,
    }  # fmt: skip


# ── the files ─────────────────────────────────────────────────────────────────────────────────────────────────────────

README = """\
# Simulated

Everything here is simulated. The texts are composed of invented parts, the coders are dice with known odds. The dataset
shows what the reports of `eventcode` look like; nothing about the world, about coders or about a codebook follows from it.

`truth/` at the top of the project holds what the texts truly tell and the rates at which the coders err.
"""


def _card(codebook: str, readers: Sequence[rates.Reader], n: int, seed: int) -> dict[str, Any]:
    return {
        "title": "Simulated: invented texts and simulated coders",
        "description": (
            f"Everything in this dataset is simulated: {n} invented short texts about places, actors and people that do not exist, "
            f"and their readings by {len(readers)} simulated coders who err at known rates. It shows what the reports look like."
        ),
        "licence": "CC0-1.0",
        "codebook": codebook,
        "date": "2025-12-01",
        "as_of": "2025-12-01",
        "people": [{"name": "Nobody: simulated", "role": "simulation"}],
        "coders": [_coder(reader) for reader in readers],
        "coverage": {"time": "2025-01/2025-06", "places": [], "note": "An invented country."},
        "methods": (
            f"Made by `eventcode simulate` with the seed {seed}. The first tenth of the documents trained the coders; the others are as if "
            "drawn at random within each outlet, with the probability that inclusion_p gives."
        ),
        "limits": [
            "Everything is simulated: no text, actor, place, person, outlet, event, coder or reading is real.",
            "No count, share, trend or coefficient says anything about the world, about coders or about the codebook.",
            "The simulated coders err at random and independently of what a text means; real coders do not.",
        ],
        "keywords": ["simulated"],
    }


def _coder(reader: rates.Reader) -> dict[str, str]:
    return {"id": reader.id, "kind": reader.kind, "version": reader.version, "note": reader.note}


def _document(page: Page) -> dict[str, Any]:
    words = text.canonical(page.text)
    return {
        "key": page.key, "document_id": identity.text_document_id(words), "n_chars": len(words), "text_version": text.VERSION,
        "publisher": page.publisher, "language": "en", "published_at": page.published.isoformat(),
        "published_at_basis": "printed", "text_licence": "CC0-1.0", "document_relation": "original",
        "raw": f"{page.key}.txt",
    }  # fmt: skip


def _publishers() -> str:
    rows = [f"{key},{name},,{scale},{kind}\n" for key, (name, kind, scale, _) in parts()["outlets"].items()]
    return "publisher_id,name,country,outlet_scale,outlet_type\n" + "".join(rows)


def _actors() -> str:
    rows = [f"{key},{name[:1].upper()}{name[1:]},{kind}\n" for key, (name, kind) in parts()["actors"].items()]
    return "id,name,kind\n" + "".join(rows)


def _yaml(value: Any) -> str:
    return str(yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=120))


def _jsonl(rows: Iterable[Mapping[str, Any]]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _write(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, "utf-8")
