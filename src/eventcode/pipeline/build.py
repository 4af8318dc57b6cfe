"""Building a dataset: every input hashed, every table written into a new folder, and the link switched to it at the end.

Kill it at any point and the last good build stays: a build is a folder named by its input digest, written under a temporary name, synced,
renamed, and only then pointed to by `build/<name>`.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import eventcode
from eventcode import identity
from eventcode.checks import gate
from eventcode.checks.engine import Result
from eventcode.codebook import views
from eventcode.formats import files, parquet
from eventcode.pipeline import agree_table, assemble, inputs, judge
from eventcode.pipeline.folders import FOLDER, KEPT, complete, current, locked
from eventcode.project import Dataset
from eventcode.release import card, manifest, metadata
from eventcode.tables import TABLES, build

LIBRARIES = ("pyarrow", "duckdb", "great_expectations", "numpy", "scipy")
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Built:
    """A build: its folder (through the link), its manifest, and what the checks found (None where it was up to date)."""

    folder: Path
    manifest: Mapping[str, Any]
    result: Result | None

    @property
    def fresh(self) -> bool:
        """Whether this call built it."""
        return self.result is not None

    @property
    def errors(self) -> int:
        """Findings that are errors and not waived."""
        return int(self.manifest["findings"]["error"])


def build_dataset(
    dataset: Dataset, *, as_of: date | None = None, force: bool = False, say: Say = lambda _: None
) -> Built:
    """Build a dataset, or return the build at hand where no input has changed.

    Raises RawMissingError where a raw file is not at hand, DatasetError for input of bad shape, for a second build of the same dataset at
    the same time, and for a disk that refuses; the last good build is untouched then.
    """
    home = dataset.project.root / FOLDER
    with locked(home, dataset.name):
        hashes = input_hashes(dataset)
        digest = input_digest(dataset, hashes, as_of)
        at_hand = current(home, dataset.name)
        if (
            at_hand is not None
            and not force
            and at_hand["input_digest"] == digest
            and complete(home / dataset.name, at_hand)
        ):
            return Built(home / dataset.name, at_hand, None)
        return _build(dataset, home, hashes, digest, as_of, say)


def input_hashes(dataset: Dataset) -> dict[str, str]:
    """sha256 of every input: the dataset's files, its raw files, the codebook's files; by a name that holds no machine's path."""
    root = dataset.project.root
    hashes = {}
    for path in inputs.files(dataset):
        inside = path.is_relative_to(root)
        name = path.relative_to(root).as_posix() if inside else f"store/{path.name}"
        hashes[name] = identity.sha256(path.read_bytes())
    hashes["codebook"] = dataset.codebook.digest
    return dict(sorted(hashes.items()))


def input_digest(dataset: Dataset, hashes: Mapping[str, str], as_of: date | None) -> str:
    """One hash over the inputs, the date that waivers are held against, and the program."""
    program = {"eventcode": eventcode.__version__, "code": _code_hash(), **_versions()}
    held = str(as_of or dataset.card["as_of"])
    return identity.content_id({"dataset": dataset.name, "inputs": hashes, "as_of": held, "program": program})


def _code_hash() -> str:
    """Hash of the package's own source and maps, so that a changed program builds anew."""
    total = hashlib.sha256()
    here = Path(eventcode.__file__).parent
    for path in sorted([*here.rglob("*.py"), *here.rglob("maps/*.yaml")]):
        total.update(path.relative_to(here).as_posix().encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


def _versions() -> dict[str, str]:
    from importlib.metadata import version

    return {name: version(name.replace("_", "-")) for name in LIBRARIES}


def _build(
    dataset: Dataset, home: Path, hashes: Mapping[str, str], digest: str, as_of: date | None, say: Say
) -> Built:
    say(f"{dataset.name}: reading")
    read = inputs.load(dataset)
    assembled = assemble.assemble(read)
    agreement = agree_table.measured(read)
    say(f"{dataset.name}: checking")
    result = judge.check(assembled, as_of, others=agree_table.findings(dataset, agreement))
    tables = _tables(assembled, result, agreement)
    say(f"{dataset.name}: the gate (great_expectations)")
    verdict = gate.gate(
        tables, result.counts, dataset.card, read.codebook, name=dataset.name, report=dataset.document.problem
    )
    say(f"{dataset.name}: writing")
    target = home / KEPT / f"{dataset.name}-{digest[:12]}"
    temporary = home / KEPT / f".{dataset.name}-{secrets.token_hex(4)}.tmp"
    with files.refusing(target):
        try:
            temporary.mkdir()
            head = _head(dataset, hashes, digest, as_of, result, verdict)
            if agreement is not None:
                head["agreement"] = agree_table.told(agreement)
            written = write_folder(temporary, dataset, tables, head, verdict)
            files.sync_tree(temporary)
            files.remove_tree(target)
            temporary.replace(target)
            files.point(home / dataset.name, target)
        finally:
            files.remove_tree(temporary)
    _sweep(home, dataset.name, target)
    return Built(home / dataset.name, written, result)


def _tables(assembled: assemble.Assembled, result: Result, agreement: Any | None) -> dict[str, Any]:
    """The tables of a build with the schema of the codebook, labels included; `agreement` only where a document was read twice."""
    codebook = assembled.inputs.codebook
    rows = {
        **assembled.rows,
        "findings": judge.finding_rows(result.findings),
        "rule_counts": judge.count_rows(result.counts),
    }
    names: tuple[str, ...] = assemble.BUILT
    if agreement is not None:
        rows["agreement"] = agree_table.rows(agreement, codebook)
        names = (*names, "agreement")
    return {
        name: build(views.columns(codebook, name), rows.get(name, [])).cast(views.schema(codebook, name))
        for name in names
    }


def _head(
    dataset: Dataset,
    hashes: Mapping[str, str],
    digest: str,
    as_of: date | None,
    result: Result,
    verdict: gate.Gate,
) -> dict[str, Any]:
    waived = sum(finding.waived is not None for finding in result.findings)
    flags = sum(finding.severity == "flag" for finding in result.findings)
    codebook = dataset.codebook
    return {
        "dataset": dataset.name, "input_digest": digest, "inputs": dict(hashes),
        "codebook": {"id": codebook.id, "version": codebook.version, "digest": codebook.digest},
        "tool": {"eventcode": eventcode.__version__, **_versions()}, "as_of": str(as_of or dataset.card["as_of"]),
        "findings": {"error": result.errors, "warning": result.warnings, "flag": flags, "waived": waived},
        "not_asked": dict(sorted(result.not_asked.items())), "gate": "passed" if verdict.passed else "failed",
    }  # fmt: skip


def write_folder(
    folder: Path, dataset: Dataset, tables: Mapping[str, Any], head: Mapping[str, Any], verdict: gate.Gate
) -> dict[str, Any]:
    """Write every file of a build into an empty folder; returns the manifest, which is written last."""
    codebook, entries = dataset.codebook, {}
    about = {"dataset": dataset.name, "codebook": codebook.reference, "codebook_digest": codebook.digest}
    for name, table in tables.items():
        path = folder / f"{name}.parquet"
        parquet.write(path, table, TABLES[name].key, metadata=about)
        entries[name] = manifest.entry(path, table, TABLES[name].key)
    copy_codebook(codebook.files, folder / "codebook")
    package = metadata.datapackage(dataset.name, dataset.card, codebook, tables, entries)
    metadata.validate(package)
    facts = card.Facts(
        dataset.name, dataset.card, codebook, tables, entries, judged=tables, not_asked=head["not_asked"],
        agreement=head.get("agreement", {}),
    )  # fmt: skip
    contents = {
        "expectations.json": verdict.suite_json, "gate.json": gate_json(verdict),
        "datapackage.json": metadata.render(package), "CITATION.cff": metadata.citation_cff(dataset.card),
        "README.md": card.render(facts),
    }  # fmt: skip
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    whole = {**head, "tables": entries, "files": manifest.others(folder)}
    (folder / manifest.NAME).write_bytes(manifest.render(whole))
    return whole


def gate_json(verdict: gate.Gate) -> bytes:
    """The gate's verdict, expectation by expectation."""
    whole = {"passed": verdict.passed, "results": verdict.results}
    return (json.dumps(whole, indent=1, ensure_ascii=False, sort_keys=True) + "\n").encode()


def copy_codebook(paths: tuple[str, ...], folder: Path) -> None:
    """Copy a codebook's files, each below the name of its own folder."""
    for path in map(Path, paths):
        home = next(parent for parent in path.parents if (parent / "codebook.yaml").is_file())
        target = folder / home.name / path.relative_to(home)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())


def _sweep(home: Path, name: str, target: Path) -> None:
    """Remove earlier builds of a dataset and what killed builds left."""
    for path in [*(home / KEPT).glob(f"{name}-*"), *(home / KEPT).glob(f".{name}-*.tmp")]:
        if path != target and len(path.name.removeprefix(".").removesuffix(".tmp")) - len(name) in (9, 13):
            files.remove_tree(path)
