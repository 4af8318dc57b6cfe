"""Releases: a build, without what must not leave, as a folder that never changes again.

The folder `releases/<name>/<MAJOR.MINOR>` appears whole or not at all: it is written beside its place, synced to the disk, made
read-only, and renamed. Whatever stops that leaves no release and the earlier ones untouched.
"""

from __future__ import annotations

import re
import secrets
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eventcode.bundled import codebook_folder
from eventcode.errors import DatasetError, Problem, refuse
from eventcode.formats import files, parquet
from eventcode.model import Finding
from eventcode.release import card as data_card
from eventcode.release import diff as differences
from eventcode.release import evidence, manifest, metadata
from eventcode.release.checklist import Item, Seen, checklist
from eventcode.release.diff_text import sentence
from eventcode.release.leaks import CODEBOOK_TABLES, leaks
from eventcode.release.plan import Plan, plan
from eventcode.tables import TABLES, build

if TYPE_CHECKING:
    import pyarrow as pa

VERSION = re.compile(r"(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)")
WRITTEN = (
    "README.md",
    "CITATION.cff",
    "datapackage.json",
)  # made anew for a release; every other file is taken over
SHOWN = 20

Card = Mapping[str, Any]
Tables = dict[str, "pa.Table"]
Check = Callable[[Mapping[str, "pa.Table"]], Sequence[Finding]]


@dataclass(frozen=True, slots=True)
class Release:
    """A release that is in its place. `diff` is None for the first one."""

    name: str
    version: str
    folder: Path
    checklist: tuple[Item, ...]
    diff: differences.Diff | None


def versions(target: Path) -> list[str]:
    """The versions that are in `target` (releases/<name>), lowest first."""
    found = (
        [path.name for path in target.iterdir() if VERSION.fullmatch(path.name)] if target.is_dir() else []
    )
    return sorted(found, key=_number)


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def publish(
    build_folder: Path,
    target: Path,
    version: str,
    card: Card,
    *,
    previous: Path | None = None,
    texts: Mapping[str, str] | None = None,
    check: Check | None = None,
    reasons: Mapping[str, str] | None = None,
) -> Release:
    """Make `target`/`version` out of a build, or raise DatasetError with every reason why not, nothing written.

    `card` is the dataset card; `previous` the folder of the release before (by default the highest in `target`); `texts` canonical texts by
    document id, to look for copied text and verify evidence with; `check` is called with the tables as they would be published and
    the table `withheld`, and gives findings of the rules that hold for releases; `reasons` says why events were deleted, by id.
    """
    folder = build_folder.resolve()
    source = manifest.read(folder)
    earlier = versions(target)
    before = previous or (target / earlier[-1] if earlier else None)
    problems = [*_version(version, target, earlier, before), *_build(folder, source)]
    refuse(DatasetError, f"{source['dataset']} {version} cannot be released", problems)
    planned = plan(folder, source, version, card, before, reasons)
    late = _late(planned, card, check)
    content = _texts(folder, planned)
    problems = [*planned.withheld.problems, *_errors(late), *_leaks(planned, content, texts, card)]
    refuse(DatasetError, f"{source['dataset']} {version} cannot be released", problems[:SHOWN])
    items = checklist(_seen(planned, source, card, texts, late, check is not None))
    _write(planned, target / version, content)
    return Release(source["dataset"], version, target / version, items, planned.diff)


# ── reasons to refuse ─────────────────────────────────────────────────────────────────────────────────────────────────


def _version(version: str, target: Path, earlier: Sequence[str], before: Path | None) -> Iterator[Problem]:
    others = [*earlier, *([before.name] if before and VERSION.fullmatch(before.name) else [])]
    last = max(others, key=_number, default=None)
    if not VERSION.fullmatch(version):
        yield Problem(f"'{version}' is no version of a release", "write MAJOR.MINOR, such as 1.0")
    elif (target / version).exists():
        yield Problem(
            f"{version} exists, and a release never changes", f"take a version above {last or version}"
        )
    elif last and _number(version) <= _number(last):
        yield Problem(f"{version} is not above {last}, the last release", f"take a version above {last}")


def _build(folder: Path, source: Mapping[str, Any]) -> Iterator[Problem]:
    """What speaks against the build itself: files changed after it, the gate, errors that nobody waived."""
    yield from manifest.differing(folder, source)
    if source.get("gate") == "failed":
        yield Problem(
            "the expectations of the card are not met",
            "see gate.json; correct the data, or the expectation and its reason",
        )
    path = folder / "findings.parquet"
    rows = parquet.read(path).to_pylist() if path.is_file() else []
    errors = [row for row in rows if row["severity"] == "error" and not row["waived"]]
    for row in errors[:SHOWN]:
        yield Problem(
            f"{row['rule']}: {row['message']}",
            row["hint"] or "",
            row["file"] or "",
            row["line"],
            row["path"] or row["key"],
        )
    if len(errors) > SHOWN:
        yield Problem(
            f"… and {len(errors) - SHOWN:,} more errors",
            "run `eventcode check`; correct them, or waive them with a reason",
        )


def _errors(late: Sequence[Finding]) -> Iterator[Problem]:
    for finding in late:
        if finding.severity == "error" and not finding.waived:
            yield Problem(
                f"{finding.rule}: {finding.message}",
                finding.hint,
                finding.place.file,
                finding.place.line,
                finding.key,
            )


def _leaks(
    plan: Plan, content: Mapping[str, bytes], texts: Mapping[str, str] | None, card: Card
) -> list[Problem]:
    """What must not leave; the codebooks that come with eventcode are public and not searched."""
    own = {name: data for name, data in content.items() if not _bundled(name, data)}
    public = () if any(name.startswith("codebook/") for name in own) else CODEBOOK_TABLES
    tables = {name: table for name, table in plan.tables.items() if name not in public}
    shown = {name: data.decode("utf-8", "replace") for name, data in own.items()}
    quoted = [str(card["title"]), *(str(row["title"]) for row in card.get("sources", ()))]
    return leaks(tables, shown, [*(texts or {}).values()], plan.withheld.names, quoted)


def _bundled(name: str, data: bytes) -> bool:
    """Whether a file is that of a codebook which comes with eventcode, unchanged."""
    path = codebook_folder() / name.removeprefix("codebook/")
    return name.startswith("codebook/") and path.is_file() and path.read_bytes() == data


# ── what goes in ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _late(plan: Plan, card: Card, check: Check | None) -> Sequence[Finding]:
    if check is None:
        return ()
    listed = [{"lineage": row["source"], "reason": row["reason"]} for row in card.get("withhold", ())]
    return check({**plan.tables, "withheld": build(TABLES["withheld"].columns, listed)})


def _texts(folder: Path, plan: Plan) -> dict[str, bytes]:
    """Every file of the release but tables, manifest, and those that need the tables' hashes, by relative path."""
    kept = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix != ".parquet"]
    names = {path.relative_to(folder).as_posix(): path for path in kept}
    found = {name: path.read_bytes() for name, path in names.items() if name not in (*WRITTEN, manifest.NAME)}
    return found | {"CITATION.cff": metadata.citation_cff(plan.card, plan.version)} | _described(plan, {})


def _described(plan: Plan, entries: Mapping[str, dict[str, Any]]) -> dict[str, bytes]:
    """Data card and descriptor; without entries they have all their words and no files."""
    package = metadata.datapackage(plan.name, plan.card, plan.codebook, plan.tables, entries, plan.version)
    changed = sentence(plan.diff) if plan.diff else ""
    facts = data_card.Facts(
        plan.name,
        plan.card,
        plan.codebook,
        plan.tables,
        entries,
        plan.judged,
        plan.version,
        changed,
        plan.withheld.sources,
        plan.source.get("not_asked", {}),
        plan.source.get("agreement", {}),
    )
    if entries:
        metadata.validate(package)
    return {"datapackage.json": metadata.render(package), "README.md": data_card.render(facts)}


# ── writing ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _write(plan: Plan, final: Path, content: Mapping[str, bytes]) -> None:
    """Write beside the place, sync, make read-only, rename; nothing is left where any of it fails."""
    temporary = final.with_name(f".{final.name}.{secrets.token_hex(4)}.tmp")
    with files.refusing(final):
        try:
            temporary.mkdir(parents=True)
            _fill(plan, temporary, content)
            files.sync_tree(temporary)
            for path in temporary.rglob("*"):
                if path.is_file():
                    path.chmod(0o444)
            temporary.replace(final)
            files.sync(final.parent)
        finally:
            files.remove_tree(temporary)


def _fill(plan: Plan, folder: Path, content: Mapping[str, bytes]) -> None:
    stamp = {
        "dataset": plan.name,
        "version": plan.version,
        "codebook": plan.codebook.reference,
        "codebook_digest": plan.codebook.digest,
    }
    entries = {}
    for name, table in plan.tables.items():
        path = folder / f"{name}.parquet"
        parquet.write(path, table, TABLES[name].key, metadata=stamp)
        entries[name] = manifest.entry(path, table, TABLES[name].key)
    for name, data in {**content, **_described(plan, entries)}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    release = {"version": plan.version, "previous": plan.before, "withheld": plan.withheld.sources}
    whole = {**plan.source, "release": release, "tables": entries, "files": manifest.others(folder)}
    (folder / manifest.NAME).write_bytes(manifest.render(whole))


def _seen(
    plan: Plan,
    source: Mapping[str, Any],
    card: Card,
    texts: Mapping[str, str] | None,
    late: Sequence[Finding],
    checked: bool,
) -> Seen:
    rows = {
        name: plan.tables[name].to_pylist()
        for name in ("documents", "readings", "codings", "sources", "support", "evidence")
    }
    verified = evidence.verify(evidence.located(rows), rows["documents"], texts) if texts else []
    kinds = Counter(row["coder_kind"] for row in rows["readings"] if row["coder_kind"] != "adjudicated")
    return Seen(
        card=card,
        findings=source.get("findings", {}),
        gate=str(source.get("gate", "none")),
        documents=rows["documents"],
        coders=kinds,
        evidence=evidence.counts(verified) if texts else {},
        texts=len(texts or ()),
        withheld=plan.withheld.sources,
        guessable=plan.withheld.guessable,
        late=late,
        checked=checked,
    )
