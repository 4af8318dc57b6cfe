"""Releases: what goes in, and what is refused."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest

import small_build
from eventcode.formats import files, parquet
from eventcode.model import Finding
from eventcode.release import manifest, metadata
from eventcode.release.publish import publish, versions
from eventcode.tables import NOT_RELEASED, TABLES
from small_build import CARD
from small_release import made, refusal, released

pytest_plugins = ["release_fixtures"]
pytestmark = pytest.mark.usefixtures("quick_release")
FINDING = {
    "rule": "sourcing.named-needs-name", "severity": "error", "table": "sources", "key": "page-1/reader-1/s1", "row": "1",
    "message": "the source is named but has no source_name", "hint": "fill source_name", "file": "readings/1.jsonl", "line": 3,
    "path": "sources[0]",
}  # fmt: skip


# ── what goes in ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_release_is_a_whole_read_only_folder(tmp_path: Path, releases: Path) -> None:
    found = released(tmp_path, releases)
    assert (found.name, found.version, found.folder, found.diff) == ("camps", "1.0", releases / "1.0", None)
    names = {path.name for path in found.folder.iterdir()}
    tables = {f"{name}.parquet" for name in TABLES if name not in NOT_RELEASED}
    assert names == tables | {
        "manifest.json",
        "datapackage.json",
        "README.md",
        "CITATION.cff",
        "codebook",
        "expectations.json",
        "gate.json",
    }
    modes = {stat.S_IMODE(path.stat().st_mode) for path in found.folder.rglob("*") if path.is_file()}
    assert modes == {0o444}
    assert [path.name for path in releases.iterdir()] == ["1.0"]


def test_its_manifest_vouches_for_every_file(tmp_path: Path, releases: Path) -> None:
    folder = released(tmp_path, releases).folder
    found = manifest.read(folder)
    assert found["release"] == {"version": "1.0", "previous": None, "withheld": 0}
    assert [*manifest.differing(folder, found)] == []
    named = {entry["file"] for entry in found["tables"].values()} | {*found["files"], "manifest.json"}
    assert named == {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert "Version 1.0" in (folder / "README.md").read_text("utf-8")
    assert "version: '1.0'" in (folder / "CITATION.cff").read_text("utf-8")


def test_it_is_made_under_the_builds_own_codebook_and_fits_the_profile(
    tmp_path: Path, releases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    package = json.loads((released(tmp_path, releases).folder / "datapackage.json").read_text("utf-8"))
    metadata.validate(package)
    assert package["version"] == "1.0"
    assert not {row["name"] for row in package["resources"]} & {*NOT_RELEASED}


def test_the_same_build_is_released_in_the_same_bytes(tmp_path: Path) -> None:
    folder = made(tmp_path)
    one, other = (publish(folder, tmp_path / name, "1.0", CARD).folder for name in ("a", "b"))
    for path in one.rglob("*"):
        if path.is_file():
            assert path.read_bytes() == (other / path.relative_to(one)).read_bytes()


def test_a_build_is_released_through_its_link(tmp_path: Path, releases: Path) -> None:
    made(tmp_path)
    files.point(tmp_path / "current", tmp_path / "build")
    assert publish(tmp_path / "current", releases, "1.0", CARD).folder.is_dir()


def test_events_say_in_which_release_they_came_up_and_changed(tmp_path: Path, releases: Path) -> None:
    released(tmp_path, releases, "1.0")
    world = small_build.world()
    world["events"].append({**world["events"][0], "event_id": "f" * 32})
    world["events"][0]["event_type"] = "071"
    released(tmp_path, releases, "1.1", world)
    world["participants"][3]["name_as_printed"] = "The Brigades"  # of page-2's adjudicated coding
    found = released(tmp_path, releases, "2.0", world)
    rows = {row["event_id"]: row for row in parquet.read(found.folder / "events.parquet").to_pylist()}
    assert [(rows[e["event_id"]]["first_release"], rows[e["event_id"]]["last_modified_release"]) for e in world["events"]] == [
        ("1.0", "1.1"), ("1.0", "2.0"), ("1.1", "1.1"),
    ]  # fmt: skip


def test_changes_and_deletions_are_told_since_the_release_before(tmp_path: Path, releases: Path) -> None:
    first = released(tmp_path, releases, "1.0")
    assert parquet.read(first.folder / "changes.parquet").num_rows == 0
    world = small_build.world()
    world["events"][0]["realis"] = "negated"
    world["reports"].pop(1)
    gone = world["events"].pop(1)["event_id"]
    second = released(tmp_path, releases, "1.1", world)
    rows = parquet.read(second.folder / "changes.parquet").to_pylist()
    assert [(row["table"], row["change"], row["field"], row["after"]) for row in rows] == [
        ("events", "removed", None, None), ("events", "changed", "realis", "negated"), ("reports", "removed", None, None),
    ]  # fmt: skip
    assert parquet.read(second.folder / "deletions.parquet").to_pylist() == [
        {"event_id": gone, "last_release": "1.0", "reason": "no longer coded"}
    ]
    assert second.diff is not None
    assert "Since camps 1.0: 0 events added, 1 removed, 1 changed." in (
        second.folder / "README.md"
    ).read_text("utf-8")
    assert manifest.read(second.folder)["release"]["previous"] == "1.0"


# ── what is refused ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("version", ["1", "1.0.0", "v1.0", "01.0", "1.x", ""])
def test_a_version_is_major_and_minor(tmp_path: Path, releases: Path, version: str) -> None:
    assert refusal(made(tmp_path), releases, version) == (
        f"camps {version} cannot be released: 1 problem\n'{version}' is no version of a release\n  → write MAJOR.MINOR, such as 1.0"
    )


def test_a_release_is_never_replaced_nor_followed_by_a_lower_one(tmp_path: Path, releases: Path) -> None:
    released(tmp_path, releases, "1.9")
    released(tmp_path, releases, "1.10")
    assert versions(releases) == ["1.9", "1.10"]
    folder = made(tmp_path)
    assert "1.10 exists, and a release never changes\n  → take a version above 1.10" in refusal(
        folder, releases, "1.10"
    )
    assert "1.2 is not above 1.10, the last release\n  → take a version above 1.10" in refusal(
        folder, releases, "1.2"
    )


def test_errors_that_nobody_waived_stop_it(tmp_path: Path, releases: Path) -> None:
    world = small_build.world()
    world["findings"] = [
        FINDING,
        {**FINDING, "row": "2", "waived": "Ada: known"},
        {**FINDING, "row": "3", "severity": "warning"},
    ]
    assert refusal(made(tmp_path, world), releases) == (
        "camps 1.0 cannot be released: 1 problem\n"
        "readings/1.jsonl:3  sources[0]\n"
        "  sourcing.named-needs-name: the source is named but has no source_name\n"
        "  → fill source_name"
    )


def test_a_failed_gate_stops_it(tmp_path: Path, releases: Path) -> None:
    assert "the expectations of the card are not met" in refusal(made(tmp_path, gate="failed"), releases)


def test_a_build_that_somebody_edited_stops_it(tmp_path: Path, releases: Path) -> None:
    folder = made(tmp_path)
    (folder / "README.md").write_text("better")
    (folder / "events.parquet").unlink()
    message = refusal(folder, releases)
    assert "README.md\n  the file was changed after the build" in message
    assert "events.parquet\n  the file is gone" in message


def test_what_is_no_build_stops_it(tmp_path: Path, releases: Path) -> None:
    assert refusal(tmp_path, releases).endswith(
        "is no build: it has no manifest.json\n  → run `eventcode build` first"
    )


def test_findings_of_the_release_itself_stop_it(tmp_path: Path, releases: Path) -> None:
    seen: list[set[str]] = []

    def check(tables: Any) -> list[Finding]:
        seen.append({*tables})
        return [
            Finding("sourcing.withheld-leak", "error", "sources", "page-1/reader-1/s2", "it shows", "hide it")
        ]

    assert "sourcing.withheld-leak: it shows\n  → hide it" in refusal(made(tmp_path), releases, check=check)
    assert seen[0] >= {"sources", "events", "withheld"}
    assert "findings" not in seen[0]
