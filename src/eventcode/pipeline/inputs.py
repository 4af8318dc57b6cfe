"""Everything that a dataset is built from, read strictly: bad shape stops here, with every problem and its place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from eventcode import dates, identity, readings, shape, text
from eventcode.codebook import parts
from eventcode.errors import DatasetError, Problem, refuse
from eventcode.formats import jsonl, mapping, table
from eventcode.formats.text_files import texts_in
from eventcode.model import Codebook, Finding, Place
from eventcode.pipeline import lines
from eventcode.pipeline.lines import Read
from eventcode.project import Dataset, RawMissingError, read_yaml
from eventcode.readings import Row

WAIVER = ("rule", "who", "why")
PUBLISHER = ("publisher_id", "name")
ACTOR = ("id", "name", "kind")


@dataclass(slots=True)
class Inputs:
    """A dataset's inputs as plain rows, with the codebook that holds its own actors too."""

    dataset: Dataset
    codebook: Codebook
    documents: list[Row]
    journal: list[Read]
    decisions: list[Row]
    links: list[Row]
    waivers: list[tuple[Row, Place]]
    publishers: list[Row]
    texts: dict[str, str]
    findings: list[Finding] = field(default_factory=list)
    map: mapping.Mapping | None = None

    @property
    def current(self) -> list[Read]:
        """The latest revision of every document × coder; withdrawn and skipped ones are there too."""
        latest: dict[tuple[str, str], Read] = {}
        for read in self.journal:
            held = latest.get(read.lineage)
            if held is None or read.reading["revision"] >= held.reading["revision"]:
                latest[read.lineage] = read
        return list(latest.values())

    @property
    def names(self) -> dict[str, str]:
        """The key of every document by its id."""
        return {row["document_id"]: row["document_key"] for row in self.documents}


def load(dataset: Dataset) -> Inputs:
    """All inputs of a dataset; DatasetError lists everything of bad shape, RawMissingError says which raw file is not at hand."""
    problems: list[Problem] = []
    codebook = _with_actors(dataset, problems)
    documents = _documents(dataset, codebook, problems)
    map_ = _map(dataset, codebook)
    imported = _imported(dataset, codebook, map_) if map_ else None
    documents += imported.documents if imported else []
    refuse(DatasetError, f"dataset {dataset.name} cannot be read", problems)
    journal = [*_foreign(imported, documents), *lines.journal(dataset, codebook, documents, problems)]
    links = [row for row, _ in _jsonl(dataset, "links.jsonl", "link", problems)]
    inputs = Inputs(
        dataset=dataset, codebook=codebook, documents=documents, journal=journal,
        decisions=[row for row, _ in _jsonl(dataset, "decisions.jsonl", "decision", problems)],
        links=[*(imported.links if imported else []), *links],
        waivers=_waivers(dataset, problems),
        publishers=[*(imported.publishers if imported else []), *(row for row, _ in _csv(
            dataset, "publishers.csv", PUBLISHER, ("country", "outlet_scale", "outlet_type", "period"), problems))],
        texts=texts(dataset, documents), map=map_,
    )  # fmt: skip
    refuse(DatasetError, f"dataset {dataset.name} cannot be read", problems)
    if imported is not None and imported.actors:
        inputs.codebook = parts.with_actors(codebook, imported.actors)
    inputs.findings = [
        *lines.revisions(inputs.journal, inputs.names),
        *lines.recodes(inputs.current, inputs.names),
    ]
    return inputs


def files(dataset: Dataset) -> list[Path]:
    """Every input file of a dataset, raw files in the private store included, sorted."""
    found = {
        path for path in dataset.folder.rglob("*") if path.is_file() and not path.name.startswith((".", "~"))
    }
    for origin in (dataset.folder / "raw").glob("*.origin.yaml"):
        try:
            found.add(dataset.raw(origin.name.removesuffix(".origin.yaml")))
        except DatasetError:
            continue
    return sorted(found)


# ── lists ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _bytes(dataset: Dataset, path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise DatasetError(f"{dataset.project.shown(path)} cannot be read: {error.strerror}") from error


def _csv(
    dataset: Dataset, name: str, required: Sequence[str], optional: Sequence[str], problems: list[Problem]
) -> list[tuple[Row, Place]]:
    path = dataset.folder / name
    if not path.is_file():
        return []
    rows, found = table.parse(_bytes(dataset, path), dataset.project.shown(path), required, optional)
    problems += found
    return rows


def _waivers(dataset: Dataset, problems: list[Problem]) -> list[tuple[Row, Place]]:
    rows = _csv(dataset, "waivers.csv", WAIVER, ("key", "count", "until"), problems)
    for row, place in rows:
        if "count" in row and not (row["count"].isascii() and row["count"].isdigit()):
            message, hint = f"'{row['count']}' is no number of findings", "write a whole number"
            problems.append(Problem(message, hint, place.file, place.line, "count"))
        if "until" in row and not dates.is_day(row["until"]):
            message, hint = f"'{row['until']}' is not a day", "write it as 2025-06-16"
            problems.append(Problem(message, hint, place.file, place.line, "until"))
    return rows


def _jsonl(dataset: Dataset, name: str, schema: str, problems: list[Problem]) -> list[tuple[Row, Place]]:
    path = dataset.folder / name
    if not path.is_file():
        return []
    rows, found = jsonl.parse(_bytes(dataset, path), dataset.project.shown(path))
    problems += found
    for row, place in rows:
        problems += lines.shape_problems(row, shape.bundled(schema), place)
    return rows


def _with_actors(dataset: Dataset, problems: list[Problem]) -> Codebook:
    """The codebook with the actors of actors.csv, whose kinds must be in its vocabulary."""
    optional = ("country", "aliases", "valid_from", "valid_to", "note")
    kinds = dataset.codebook.vocabularies.get("actor_kind")
    rows = []
    for row, place in _csv(dataset, "actors.csv", ACTOR, optional, problems):
        if kinds is not None and row.get("kind") not in kinds.values:
            hint = shape.did_you_mean(str(row.get("kind")), [*kinds.values])
            problems.append(
                Problem(f"'{row.get('kind')}' is no kind of actor", hint, place.file, place.line, "kind")
            )
        rows.append(
            {**row, "aliases": [part.strip() for part in row.get("aliases", "").split(";") if part.strip()]}
        )
    return parts.with_actors(dataset.codebook, rows) if rows and not problems else dataset.codebook


# ── documents and their texts ─────────────────────────────────────────────────────────────────────────────────────────


def _documents(dataset: Dataset, codebook: Codebook, problems: list[Problem]) -> list[Row]:
    path = dataset.folder / "documents.yaml"
    if not path.is_file():
        return []
    document = read_yaml(path, "documents", dataset.project.root)
    rows = []
    for i, plain in enumerate(document.data["documents"]):
        row = {key: value for key, value in plain.items() if key not in ("raw", "note") and value is not None}
        place = Place(document.file, document.line(("documents", i)))
        problems += readings.expand_dates(
            row, readings.date_fields(codebook, "documents"), place, f"documents[{i}]"
        )
        row["document_key"] = key = row.pop("key")
        row.setdefault("document_id", identity.reference_document_id(dataset.name, key))
        rows.append(row)
    keys = [row["document_key"] for row in rows]
    problems += [
        document.problem(("documents", i, "key"), f"the document '{key}' stands twice", "keep one")
        for i, key in enumerate(keys)
        if key in keys[:i]
    ]
    return rows


def texts(dataset: Dataset, documents: Sequence[Row], folder: Path | None = None) -> dict[str, str]:
    """The canonical texts at hand, by document id: from `folder`, else from raw/ and the private store.

    Of the store only the dataset's own folder and the files that an origin names are read.
    """
    if folder is not None:
        return texts_in(folder, documents)
    found: dict[str, str] = {}
    store = dataset.project.store
    for place in (dataset.folder / "raw", *([store / dataset.name] if store else [])):
        found |= texts_in(place, documents) if place.is_dir() else {}
    for origin in (dataset.folder / "raw").glob("*.txt.origin.yaml"):
        try:
            words = text.decode(dataset.raw(origin.name.removesuffix(".origin.yaml")).read_bytes())
        except RawMissingError:
            continue
        found[identity.text_document_id(words)] = words
    return found


# ── readings ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _map(dataset: Dataset, codebook: Codebook) -> mapping.Mapping | None:
    """The map of the dataset's raw file, or None where there is none."""
    path = dataset.folder / dataset.card.get("map", "map.yaml")
    return mapping.read_map(path, codebook) if path.is_file() else None


def _imported(dataset: Dataset, codebook: Codebook, map_: mapping.Mapping) -> Any:
    """What a map makes of the raw file that it names."""
    imported = mapping.apply(map_, dataset.raw(map_.file), codebook)
    refuse(DatasetError, f"dataset {dataset.name}: {map_.file} does not fit {map_.name}", imported.problems)
    return imported


def _foreign(imported: Any, documents: Sequence[Row]) -> Iterable[Read]:
    """The readings of a mapped file, each row with its own line of that file."""
    ids = {row["document_key"]: row["document_id"] for row in documents}
    for reading, place in imported.readings if imported else ():
        document = ids.get(reading["document"], reading["document"])
        places: dict[str, Place] = {}
        for i, coding in enumerate(reading.get("codings", ())):
            line = imported.places.get(f"{reading['document']}/{reading['coder']}/{coding['key']}")
            if line is not None:
                below = [f".participants[{k}]" for k in range(len(coding.get("participants", ())))]
                places |= {f"codings[{i}]{rest}": line for rest in ("", *below)}
        yield Read(reading, readings.reading_id(reading, document), document, place, places)
