"""Everything that a dataset is built from, read strictly: bad shape stops here, with every problem and its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from eventcode import identity, readings, shape, text
from eventcode.codebook import parts, views
from eventcode.errors import DatasetError, EventcodeError, Problem, refuse
from eventcode.formats import jsonl, mapping, table
from eventcode.formats.text_files import texts_in
from eventcode.model import Codebook, Finding, Place
from eventcode.project import Dataset, RawMissing, read_yaml
from eventcode.readings import Row

WAIVER = ("rule", "who", "why")
PUBLISHER = ("publisher_id", "name")
ACTOR = ("id", "name", "kind")


@dataclass(frozen=True, slots=True)
class Read:
    """A reading of the journal: its canonical form, id, document and place."""

    reading: Row
    reading_id: str
    document_id: str
    place: Place
    cells: Mapping[str, Place] = field(default_factory=dict)

    @property
    def coder(self) -> str:
        """The coder's id."""
        return str(self.reading["coder"])

    @property
    def lineage(self) -> tuple[str, str]:
        """What all revisions share: document and coder."""
        return self.document_id, self.coder


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
    """All inputs of a dataset; DatasetError lists everything of bad shape, RawMissing says which raw file is not at hand."""
    problems: list[Problem] = []
    codebook = _with_actors(dataset, problems)
    documents = _documents(dataset, codebook, problems)
    imported = _imported(dataset, codebook)
    documents += imported.documents if imported else []
    refuse(DatasetError, f"dataset {dataset.name} cannot be read", problems)
    journal = [*_foreign(imported, documents), *_journal(dataset, codebook, documents, problems)]
    links = [row for row, _ in _jsonl(dataset, "links.jsonl", "link", problems)]
    inputs = Inputs(
        dataset=dataset, codebook=codebook, documents=documents, journal=journal,
        decisions=[row for row, _ in _jsonl(dataset, "decisions.jsonl", "decision", problems)],
        links=[*(imported.links if imported else []), *links],
        waivers=_csv(dataset, "waivers.csv", WAIVER, ("key", "count", "until"), problems),
        publishers=[*(imported.publishers if imported else []), *(row for row, _ in _csv(
            dataset, "publishers.csv", PUBLISHER, ("country", "outlet_scale", "outlet_type", "period"), problems))],
        texts=texts(dataset, documents),
    )  # fmt: skip
    refuse(DatasetError, f"dataset {dataset.name} cannot be read", problems)
    if imported is not None and imported.actors:
        inputs.codebook = _plus(codebook, imported.actors)
    inputs.findings = _revisions(inputs)
    return inputs


def files(dataset: Dataset) -> list[Path]:
    """Every input file of a dataset, raw files in the private store included, sorted."""
    found = {path for path in dataset.folder.rglob("*") if path.is_file() and not path.name.startswith((".", "~"))}
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


def _jsonl(dataset: Dataset, name: str, schema: str, problems: list[Problem]) -> list[tuple[Row, Place]]:
    path = dataset.folder / name
    if not path.is_file():
        return []
    rows, found = jsonl.parse(_bytes(dataset, path), dataset.project.shown(path))
    problems += found
    for row, place in rows:
        problems += shape_problems(row, shape.bundled(schema), place)
    return rows


def shape_problems(value: Any, validator: Any, place: Place) -> list[Problem]:
    """What a schema refuses in the value that stands at a place."""
    from eventcode.yamlfile import dotted

    return [
        Problem(message, hint, place.file, place.line, dotted(path))
        for path, message, hint in shape.violations(value, validator)
    ]


def _with_actors(dataset: Dataset, problems: list[Problem]) -> Codebook:
    rows = _csv(dataset, "actors.csv", ACTOR, ("country", "aliases", "valid_from", "valid_to", "note"), problems)
    split = [{**row, "aliases": row.get("aliases", "").split(";") if row.get("aliases") else []} for row, _ in rows]
    return _plus(dataset.codebook, split) if split else dataset.codebook


def _plus(codebook: Codebook, actors: Iterable[Row]) -> Codebook:
    return replace(codebook, actors={**codebook.actors, **{row["id"]: parts.actor(row) for row in actors}})


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
        problems += readings.expand_dates(row, readings.date_fields(codebook, "documents"), place, f"documents[{i}]")
        row["document_key"] = key = row.pop("key")
        row.setdefault("document_id", identity.reference_document_id(dataset.name, key))
        rows.append(row)
    twice = [row["document_key"] for row in rows if [r["document_key"] for r in rows].count(row["document_key"]) > 1]
    problems += [Problem(f"the document '{key}' stands twice", "keep one", document.file) for key in dict.fromkeys(twice)]
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
        except RawMissing:
            continue
        found[identity.text_document_id(words)] = words
    return found


# ── readings ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _imported(dataset: Dataset, codebook: Codebook) -> Any:
    """What map.yaml makes of the raw file that the card names, or None where there is no map."""
    path = dataset.folder / dataset.card.get("map", "map.yaml")
    if not path.is_file():
        return None
    found = mapping.read_map(path, codebook)
    imported = mapping.apply(found, dataset.raw(found.file), codebook)
    refuse(DatasetError, f"dataset {dataset.name}: {found.file} does not fit {path.name}", imported.problems)
    return imported


def _foreign(imported: Any, documents: Sequence[Row]) -> Iterable[Read]:
    """The readings of a mapped file, each row with its own line of that file."""
    ids = {row["document_key"]: row["document_id"] for row in documents}
    for reading, place in imported.readings if imported else ():
        document = ids.get(reading["document"], reading["document"])
        lines = {}
        for i, coding in enumerate(reading.get("codings", ())):
            line = imported.places.get(f"{reading['document']}/{reading['coder']}/{coding['key']}")
            if line is not None:
                below = [f".participants[{k}]" for k in range(len(coding.get("participants", ())))]
                lines |= {f"codings[{i}]{rest}": line for rest in ("", *below)}
        yield Read(reading, readings.reading_id(reading, document), document, place, lines)


def _journal(dataset: Dataset, codebook: Codebook, documents: Sequence[Row], problems: list[Problem]) -> list[Read]:
    found = []
    validator = shape.compiled(views.json_schema(codebook))
    known = document_ids(documents)
    for path in sorted((dataset.folder / "readings").glob("*/*.jsonl")):
        name = dataset.project.shown(path)
        lines, broken = jsonl.parse(_bytes(dataset, path), name)
        problems += broken
        for raw, place in lines:
            read, wrong = canonical(raw, place, dataset, codebook, known, validator)
            problems += wrong
            if read is not None:
                problems += _quotes(read)
                if path.parent.name != read.coder:
                    hint = f"move the line to readings/{read.coder}/"
                    problems.append(Problem(f"the line is by '{read.coder}' and lies with '{path.parent.name}'", hint, name, place.line))
                found.append(read)
    return found


def document_ids(documents: Sequence[Row]) -> dict[str, str]:
    """Document ids by key and by themselves."""
    return {row[name]: row["document_id"] for row in documents for name in ("document_key", "document_id")}


def canonical(
    raw: Row, place: Place, dataset: Dataset, codebook: Codebook, known: Mapping[str, str], validator: Any
) -> tuple[Read | None, list[Problem]]:
    """A line of a readings file as a `Read`, or everything wrong with its shape."""
    problems = shape_problems(raw, validator, place)
    if problems:
        return None, problems
    reading, problems = readings.normalise(raw, codebook, place)
    problems += [*_twice(reading, place), *_references(reading, place, dataset, codebook, known)]
    if problems:
        return None, problems
    document = known[reading["document"]]
    own = readings.reading_id(reading, document)
    if raw.get("reading_id") not in (None, own):
        return None, [Problem("reading_id is not the hash of what the line says", "leave it out", place.file, place.line, "reading_id")]
    return Read(reading, own, document, place), []


def _references(
    reading: Row, place: Place, dataset: Dataset, codebook: Codebook, known: Mapping[str, str]
) -> Iterable[Problem]:
    """Document, coder and codebook of a line must be known to the dataset."""
    if reading["document"] not in known:
        hint = shape.did_you_mean(reading["document"], [*known])
        yield Problem(f"no document '{reading['document']}' in documents.yaml", hint, place.file, place.line, "document")
    try:
        dataset.coder(reading["coder"])
    except EventcodeError as error:
        yield Problem(error.message, error.hint, place.file, place.line, "coder")
    if not _covers(codebook.reference, reading["codebook"]):
        hint = f"the dataset uses {codebook.reference}; readings may be made under an earlier version with the same first number"
        yield Problem(f"made under {reading['codebook']}, which is not known here", hint, place.file, place.line, "codebook")


def _covers(current: str, made_under: str) -> bool:
    """Whether readings of one codebook version stand under another: same codebook, same major, not newer."""
    (name, _, now), (other, _, then) = current.partition("@"), made_under.partition("@")
    new, old = ([int(part) for part in version.split(".")] for version in (now, then))
    return name == other and new[0] == old[0] and old <= new


def _twice(reading: Row, place: Place) -> Iterable[Problem]:
    for name in ("sources", "codings"):
        keys = [row["key"] for row in reading.get(name, ())]
        for i, key in enumerate(keys):
            if key in keys[:i]:
                yield Problem(f"the key '{key}' stands twice", "give each its own", place.file, place.line, f"{name}[{i}].key")


def _quotes(read: Read) -> Iterable[Problem]:
    """Lines that are kept hold no words of the text."""
    if any("quote" in evidence for evidence, _ in evidences(read.reading)):
        yield Problem("evidence holds a quote", "import the line with `eventcode import`: quotes become offsets and hashes", read.place.file, read.place.line)


def evidences(reading: Row) -> Iterable[tuple[Row, str]]:
    """Every evidence object of a reading with its path."""
    for i, source in enumerate(reading.get("sources", ())):
        yield from _listed(source, f"sources[{i}]")
    for i, coding in enumerate(reading.get("codings", ())):
        yield from _listed(coding, f"codings[{i}]")
        for j, support in enumerate(coding.get("support", ())):
            yield from _listed(support, f"codings[{i}].support[{j}]")


def _listed(row: Row, path: str) -> Iterable[tuple[Row, str]]:
    for i, evidence in enumerate(row.get("evidence", ())):
        yield evidence, f"{path}.evidence[{i}]"


def _revisions(inputs: Inputs) -> list[Finding]:
    """Two successors of one revision, or a revision without its predecessor."""
    by_lineage: dict[tuple[str, str], list[Read]] = {}
    for read in inputs.journal:
        by_lineage.setdefault(read.lineage, []).append(read)
    findings = []
    for (document, coder), reads in by_lineage.items():
        numbers = [read.reading["revision"] for read in reads]
        key = f"{inputs.names.get(document, document)}/{coder}"
        for i, read in enumerate(reads):
            if numbers[i] in numbers[:i]:
                findings.append(_finding("one-successor", key, f"revision {numbers[i]} stands twice", "give the later one the next number", read))
            elif numbers[i] > 1 and numbers[i] - 1 not in numbers:
                findings.append(_finding("revision-gap", key, f"revision {numbers[i]} has no revision {numbers[i] - 1}", "number corrections one after the other", read))
    return findings


def _finding(rule: str, key: str, message: str, hint: str, read: Read) -> Finding:
    return Finding(f"readings.{rule}", "error", "readings", key, message, hint, row=read.reading_id, field="revision", place=read.place)


