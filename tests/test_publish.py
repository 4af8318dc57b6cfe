"""Releases: what goes in, what is refused, and that nothing half-made is ever left."""

from __future__ import annotations

import copy
import json
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

import small_build
from eventcode.errors import DatasetError
from eventcode.formats import files, parquet
from eventcode.model import Finding
from eventcode.readings import Coder
from eventcode.release import manifest, metadata
from eventcode.release import plan as planning
from eventcode.release.checklist import as_text
from eventcode.release.publish import Release, publish, versions
from eventcode.tables import NOT_RELEASED, TABLES
from small_build import CARD, World

Row = dict[str, Any]
WITHHELD = {**CARD, "withhold": [{"source": "page-1/reader-1/s2", "reason": "asked to be left out"}]}
FINDING = {
    "rule": "sourcing.named-needs-name", "severity": "error", "table": "sources", "key": "page-1/reader-1/s1", "row": "1",
    "message": "the source is named but has no source_name", "hint": "fill source_name", "file": "readings/1.jsonl", "line": 3,
    "path": "sources[0]",
}  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def plain(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The build that most tests begin with, made once and copied."""
    PLAIN.append(small_build.write(tmp_path_factory.mktemp("builds") / "plain", small_build.world()))


PLAIN: list[Path] = []


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spare each test a second for the codebook and one for the profile."""
    monkeypatch.setattr(planning, "load", lambda *where: small_build.codebook())
    monkeypatch.setattr(metadata, "validate", lambda package: None)


@pytest.fixture
def target(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "releases" / "camps"
    for path in (tmp_path / "releases").rglob("*"):
        path.chmod(0o755)


def made(tmp_path: Path, world: World | None = None, name: str = "build", **more: Any) -> Path:
    if world is None and not more:
        return Path(shutil.copytree(PLAIN[0], tmp_path / name))
    return small_build.write(tmp_path / name, world or small_build.world(), **more)


def released(
    tmp_path: Path, target: Path, version: str = "1.0", world: World | None = None, **more: Any
) -> Release:
    folder = made(tmp_path, world, name=f"build-{version}")
    return publish(folder, target, version, more.pop("card", CARD), **more)


def refusal(folder: Path, target: Path, version: str = "1.0", card: Row = CARD, **more: Any) -> str:
    """The message of a refusal, after which nothing may have been written."""
    before = sorted(target.rglob("*")) if target.exists() else []
    with pytest.raises(DatasetError) as caught:
        publish(folder, target, version, card, **more)
    assert (sorted(target.rglob("*")) if target.exists() else []) == before
    return str(caught.value)


# ── what goes in ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_release_is_a_whole_read_only_folder(tmp_path: Path, target: Path) -> None:
    found = released(tmp_path, target)
    assert (found.name, found.version, found.folder, found.diff) == ("camps", "1.0", target / "1.0", None)
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
    assert [path.name for path in target.iterdir()] == ["1.0"]


def test_its_manifest_vouches_for_every_file(tmp_path: Path, target: Path) -> None:
    folder = released(tmp_path, target).folder
    found = manifest.read(folder)
    assert found["release"] == {"version": "1.0", "previous": None, "withheld": 0}
    assert [*manifest.differing(folder, found)] == []
    named = {entry["file"] for entry in found["tables"].values()} | {*found["files"], "manifest.json"}
    assert named == {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert "Version 1.0" in (folder / "README.md").read_text("utf-8")
    assert "version: '1.0'" in (folder / "CITATION.cff").read_text("utf-8")


def test_it_is_made_under_the_builds_own_codebook_and_fits_the_profile(
    tmp_path: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    package = json.loads((released(tmp_path, target).folder / "datapackage.json").read_text("utf-8"))
    metadata.validate(package)
    assert package["version"] == "1.0"
    assert not {row["name"] for row in package["resources"]} & {*NOT_RELEASED}


def test_the_same_build_is_released_in_the_same_bytes(tmp_path: Path) -> None:
    folder = made(tmp_path)
    one, other = (publish(folder, tmp_path / name, "1.0", CARD).folder for name in ("a", "b"))
    for path in one.rglob("*"):
        if path.is_file():
            assert path.read_bytes() == (other / path.relative_to(one)).read_bytes()


def test_a_build_is_released_through_its_link(tmp_path: Path, target: Path) -> None:
    made(tmp_path)
    files.point(tmp_path / "current", tmp_path / "build")
    assert publish(tmp_path / "current", target, "1.0", CARD).folder.is_dir()


def test_events_say_in_which_release_they_came_up_and_changed(tmp_path: Path, target: Path) -> None:
    released(tmp_path, target, "1.0")
    world = small_build.world()
    world["events"].append({**world["events"][0], "event_id": "f" * 32})
    world["events"][0]["event_type"] = "071"
    released(tmp_path, target, "1.1", world)
    world["participants"][3]["name_as_printed"] = "The Brigades"  # of page-2's adjudicated coding
    found = released(tmp_path, target, "2.0", world)
    rows = {row["event_id"]: row for row in parquet.read(found.folder / "events.parquet").to_pylist()}
    assert [(rows[e["event_id"]]["first_release"], rows[e["event_id"]]["last_modified_release"]) for e in world["events"]] == [
        ("1.0", "1.1"), ("1.0", "2.0"), ("1.1", "1.1"),
    ]  # fmt: skip


def test_changes_and_deletions_are_told_since_the_release_before(tmp_path: Path, target: Path) -> None:
    first = released(tmp_path, target, "1.0")
    assert parquet.read(first.folder / "changes.parquet").num_rows == 0
    world = small_build.world()
    world["events"][0]["realis"] = "negated"
    world["reports"].pop(1)
    gone = world["events"].pop(1)["event_id"]
    second = released(tmp_path, target, "1.1", world)
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
def test_a_version_is_major_and_minor(tmp_path: Path, target: Path, version: str) -> None:
    assert refusal(made(tmp_path), target, version) == (
        f"camps {version} cannot be released: 1 problem\n'{version}' is no version of a release\n  → write MAJOR.MINOR, such as 1.0"
    )


def test_a_release_is_never_replaced_nor_followed_by_a_lower_one(tmp_path: Path, target: Path) -> None:
    released(tmp_path, target, "1.9")
    released(tmp_path, target, "1.10")
    assert versions(target) == ["1.9", "1.10"]
    folder = made(tmp_path)
    assert "1.10 exists, and a release never changes\n  → take a version above 1.10" in refusal(
        folder, target, "1.10"
    )
    assert "1.2 is not above 1.10, the last release\n  → take a version above 1.10" in refusal(
        folder, target, "1.2"
    )


def test_errors_that_nobody_waived_stop_it(tmp_path: Path, target: Path) -> None:
    world = small_build.world()
    world["findings"] = [
        FINDING,
        {**FINDING, "row": "2", "waived": "Ada: known"},
        {**FINDING, "row": "3", "severity": "warning"},
    ]
    assert refusal(made(tmp_path, world), target) == (
        "camps 1.0 cannot be released: 1 problem\n"
        "readings/1.jsonl:3  sources[0]\n"
        "  sourcing.named-needs-name: the source is named but has no source_name\n"
        "  → fill source_name"
    )


def test_a_failed_gate_stops_it(tmp_path: Path, target: Path) -> None:
    assert "the expectations of the card are not met" in refusal(made(tmp_path, gate="failed"), target)


def test_a_build_that_somebody_edited_stops_it(tmp_path: Path, target: Path) -> None:
    folder = made(tmp_path)
    (folder / "README.md").write_text("better")
    (folder / "events.parquet").unlink()
    message = refusal(folder, target)
    assert "README.md\n  the file was changed after the build" in message
    assert "events.parquet\n  the file is gone" in message


def test_what_is_no_build_stops_it(tmp_path: Path, target: Path) -> None:
    assert refusal(tmp_path, target).endswith(
        "is no build: it has no manifest.json\n  → run `eventcode build` first"
    )


def test_findings_of_the_release_itself_stop_it(tmp_path: Path, target: Path) -> None:
    seen: list[set[str]] = []

    def check(tables: Any) -> list[Finding]:
        seen.append({*tables})
        return [
            Finding("sourcing.withheld-leak", "error", "sources", "page-1/reader-1/s2", "it shows", "hide it")
        ]

    assert "sourcing.withheld-leak: it shows\n  → hide it" in refusal(made(tmp_path), target, check=check)
    assert seen[0] >= {"sources", "events", "withheld"}
    assert "findings" not in seen[0]


# ── text that must not leave ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("sources", "source_descriptor"),
        ("participants", "name_as_printed"),
        ("documents", "title"),
        ("events", "place_name"),
    ],
)
def test_quotations_of_more_than_12_words_are_refused(
    tmp_path: Path, target: Path, table: str, column: str
) -> None:
    world = small_build.world()
    world[table][0][column] = " ".join(["word"] * 12)
    publish(made(tmp_path, world, "fine"), target, "1.0", CARD)
    world[table][0][column] = " ".join(["word"] * 13)
    message = refusal(made(tmp_path, world), target, "1.1")
    assert "'word word word word word …' has 13 words of what may be copied text" in message
    assert f"{table}.parquet  {column} of " in message


def test_eight_words_of_a_text_are_refused_wherever_they_stand(tmp_path: Path, target: Path) -> None:
    world = small_build.world()
    for row in world["readings"]:
        row["note"] = "They CLOSED a camp near Hit, on 3 May! Nothing more."
    folder = made(tmp_path, world)
    message = refusal(folder, target, texts=small_build.texts())
    assert (
        "'They CLOSED a camp near …' repeats 8 words of a document\n  → say it in your own words" in message
    )
    assert "readings.parquet  note of reading_id" in message
    for row in world["readings"]:
        row["note"] = "They closed a camp near Hit on 4 May."
    assert publish(
        made(tmp_path, world, "fine"), target, "1.0", CARD, texts=small_build.texts()
    ).folder.is_dir()


def test_eight_words_in_the_card_are_refused_but_not_the_title_of_a_source(
    tmp_path: Path, target: Path
) -> None:
    title = "The Northern Brigades closed a camp near Hit on 3 May"
    card = {
        **CARD,
        "sources": [
            {"title": title, "url": "https://example.org/the-northern-brigades-closed-a-camp-near-hit"}
        ],
    }
    folder = made(tmp_path, dataset_card=card)
    assert publish(folder, target, "1.0", card, texts=small_build.texts()).folder.is_dir()
    card["methods"] = "We know that he saw ten trucks leave, that morning; a commander agreed."
    assert "README.md\n  8 words of a document stand in it" in refusal(
        folder, target, "1.1", card, texts=small_build.texts()
    )


def test_a_withheld_source_leaves_neither_name_nor_words(tmp_path: Path, target: Path) -> None:
    found = released(tmp_path, target, card=WITHHELD, texts=small_build.texts())
    sources = parquet.read(found.folder / "sources.parquet").to_pylist()
    hidden = [row for row in sources if row["source_name_missing"] == "withheld"]
    assert [
        (row["key"], row["identity"], row["source_name"], row["source_descriptor"]) for row in hidden
    ] == [("s2", "named", None, "a medic")] * 2  # the reader's, and the adjudicated reading's
    ids = {row["source_id"] for row in hidden}
    told = {
        row["support_id"]
        for row in parquet.read(found.folder / "support.parquet").to_pylist()
        if row["source_id"] in ids
    }
    evidence = parquet.read(found.folder / "evidence.parquet").to_pylist()
    assert not [row for row in evidence if row["source_id"] in ids or row["support_id"] in told]
    assert len(evidence) == 20 - 6  # own, support, and the span of `realis` that lay within it; twice
    ours = [path for path in found.folder.rglob("*") if path.is_file() and "codebook" not in path.parts]
    assert all(
        b"Hasan" not in path.read_bytes() for path in ours
    )  # the codebook has one of its own, who is made up
    text = (found.folder / "README.md").read_text("utf-8")
    assert "names and words of 1 source are withheld" in " ".join(text.split())
    assert manifest.read(found.folder)["release"]["withheld"] == 1


def test_the_same_source_of_another_reader_is_withheld_too(tmp_path: Path, target: Path) -> None:
    world = small_build.world()
    raw = copy.deepcopy(small_build._readings()["page-1"])
    raw["sources"][1] |= {"key": "m", "source_name": "ali hasan", "source_descriptor": "a doctor"}
    raw["codings"][0]["support"][1]["source"] = "m"
    small_build.reading(world, "page-1", raw, Coder("reader-2", "person"))
    folder = released(tmp_path, target, world=world, card=WITHHELD).folder
    rows = parquet.read(folder / "sources.parquet").to_pylist()
    assert sorted(row["key"] for row in rows if row["source_name_missing"] == "withheld") == ["m", "s2", "s2"]


def test_a_name_in_the_projects_own_codebook_stops_it(tmp_path: Path, target: Path) -> None:
    folder = made(tmp_path)
    path = folder / "codebook" / "disarmament" / "CHANGELOG.md"
    path.write_text("Ali Hasan asked for code 072.\n")
    source = manifest.read(folder)
    source["files"] = manifest.others(folder)
    (folder / "manifest.json").write_bytes(manifest.render(source))
    message = refusal(folder, target, card=WITHHELD)
    assert (
        "codebook/disarmament/CHANGELOG.md\n  the name of the withheld source page-1/reader-1/s2 stands here"
        in message
    )


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("readings", "note", "spoke to ALI  Hasan's brother"), ("participants", "name_as_printed", "Ali Hasan"),
        ("sources", "via", ["Ali Hasan", "a wire"]), ("actors", "name", "Ali Hasan"),
    ],
)  # fmt: skip
def test_a_withheld_name_that_stands_elsewhere_stops_it(
    tmp_path: Path, target: Path, table: str, column: str, value: Any
) -> None:
    world = small_build.world()
    world[table][0][column] = value
    message = refusal(made(tmp_path, world), target, card=WITHHELD)
    assert (
        "the name of the withheld source page-1/reader-1/s2 stands here\n  → withhold that one too" in message
    )
    assert f"{table}.parquet  {column} of " in message
    assert "Hasan" not in message


def test_a_withheld_name_in_the_card_stops_it(tmp_path: Path, target: Path) -> None:
    card = {**WITHHELD, "ethics": "Ali Hasan agreed to be quoted."}
    assert "README.md\n  the name of the withheld source" in refusal(made(tmp_path), target, card=card)


def test_a_withheld_organization_may_share_its_name_with_a_label(tmp_path: Path, target: Path) -> None:
    card = {**CARD, "withhold": [{"source": "page-1/reader-1/s1", "reason": "local police at risk"}]}
    assert released(tmp_path, target, card=card).folder.is_dir()


def test_a_slip_in_the_list_of_withheld_sources_stops_it(tmp_path: Path, target: Path) -> None:
    card = {**CARD, "withhold": [{"source": "page-1/reader-1/s9", "reason": "asked"}]}
    assert "withhold names 'page-1/reader-1/s9', and there is no such source" in refusal(
        made(tmp_path), target, card=card
    )


def test_a_name_that_an_earlier_release_showed_is_not_shown_as_a_change(tmp_path: Path, target: Path) -> None:
    released(tmp_path, target, "1.0")
    found = released(tmp_path, target, "1.1", card=WITHHELD)
    rows = [
        row for row in parquet.read(found.folder / "changes.parquet").to_pylist() if row["table"] == "sources"
    ]
    assert {(row["field"], row["before"], row["after"]) for row in rows} == {
        ("source_name", None, None), ("source_name_missing", None, "withheld"),
    }  # fmt: skip


# ── the checklist ─────────────────────────────────────────────────────────────────────────────────────────────────────


def items(found: Release) -> dict[str, tuple[str, str]]:
    return {item.title: (item.status, item.text) for item in found.checklist}


def test_the_checklist_says_what_nobody_looked_at(tmp_path: Path, target: Path) -> None:
    found = items(released(tmp_path, target))
    assert found["checks"] == ("ok", "findings: 0 error, 0 warning, 0 flag, 0 waived; the gate passed")
    assert found["evidence"] == ("look", "not verified: no texts were given (--texts FOLDER)")
    assert found["copied text"][0] == "look"
    assert found["anonymous persons"][0] == "look"
    assert found["licence"] == (
        "look",
        "the data: CC-BY-4.0; texts read: CC0-1.0; made from: Two pages of our own (CC0-1.0). May you publish what is derived from them "
        "under this licence?",
    )
    assert found["coders"] == ("look", "readings by kind of coder: llm 2; does the card say so plainly?")
    assert found["limits"] == ("ok", "the card names 1 limit")


def test_the_checklist_says_what_was_verified(tmp_path: Path, target: Path) -> None:
    small = Finding("sourcing.small-cell", "warning", "sources", "page-1/reader-1/s3", "alone", "coarsen")
    found = items(released(tmp_path, target, texts=small_build.texts(), check=lambda tables: [small]))
    assert found["evidence"] == ("ok", "20 verified")
    assert found["copied text"] == ("ok", "nothing copied from the 2 texts at hand; quotations are short")
    assert found["anonymous persons"] == (
        "look", "1 source could be recognised: coarsen place or date, or withhold (page-1/reader-1/s3)",
    )  # fmt: skip


def test_moved_evidence_is_looked_at(tmp_path: Path, target: Path) -> None:
    page = small_build.document_id("page-1")
    texts = {**small_build.texts(), page: "Updated. " + small_build.texts()[page]}
    assert items(released(tmp_path, target, texts=texts))["evidence"] == ("look", "4 verified, 16 moved")


def test_a_name_that_could_be_guessed_from_an_id_is_looked_at(tmp_path: Path, target: Path) -> None:
    world = small_build.world()
    world["evidence"] = [row for row in world["evidence"] if row.get("field")]
    found = released(tmp_path, target, world=world, card=WITHHELD)
    assert "page-1/reader-1/s2, page-1/adjudicated/s2" in as_text(found.checklist)
    assert "a guess at the name can be confirmed" in as_text(found.checklist)


def test_a_bare_card_asks_for_ethics_and_limits(tmp_path: Path, target: Path) -> None:
    bare = {name: CARD[name] for name in ("title", "licence", "codebook", "date", "as_of", "coders")}
    lines = as_text(released(tmp_path, target, card=bare).checklist).splitlines()
    assert "? ethics             the card has no `ethics:`; whom could these data harm?" in lines
    assert "? limits             the card has no `limits:`; what can these data not show?" in lines


# ── whatever happens ──────────────────────────────────────────────────────────────────────────────────────────────────


def whole(folder: Path) -> bool:
    return (folder / "manifest.json").is_file() and not [*manifest.differing(folder, manifest.read(folder))]


@pytest.mark.parametrize("call", ["fsync", "replace", "open", "mkdir", "chmod"])
@pytest.mark.parametrize(
    "error", [OSError(28, "No space left on device"), KeyboardInterrupt()], ids=["disk full", "interrupted"]
)
def test_a_fault_at_any_step_leaves_no_half_release(
    tmp_path: Path, target: Path, monkeypatch: pytest.MonkeyPatch, call: str, error: BaseException
) -> None:
    first = publish(made(tmp_path), target, "1.0", CARD).folder
    before = {path: path.read_bytes() for path in first.rglob("*") if path.is_file()}
    counter = Failing(getattr(os, call), 0, error)
    with monkeypatch.context() as patch:
        patch.setattr(os, call, counter)
        publish(tmp_path / "build", target, "1.1", CARD)
    there = ["1.0", "1.1"]
    for step in sorted({1, counter.calls // 2, counter.calls}):
        with monkeypatch.context() as patch:
            patch.setattr(os, call, Failing(counter.real, step, error))
            with suppress(DatasetError, KeyboardInterrupt):
                publish(tmp_path / "build", target, f"2.{step}", CARD)
        found = sorted(path.name for path in target.iterdir())
        assert (
            {*there} <= {*found} <= {*there, f"2.{step}"}
        )  # the last calls may come after the release is in its place
        assert all(whole(target / name) for name in found)
        assert {path: path.read_bytes() for path in first.rglob("*") if path.is_file()} == before
        there = found
    assert "2.1" not in there  # the first call comes before it


class Failing:
    """A function of `os` that fails at one call, and works before and after (the cleaning up needs it)."""

    def __init__(self, real: Any, at: int, error: BaseException) -> None:
        self.real, self.at, self.error, self.calls = real, at, error, 0

    def __call__(self, *args: Any, **more: Any) -> Any:
        self.calls += 1
        if self.calls == self.at:
            raise self.error
        return self.real(*args, **more)


def test_a_full_disk_is_told_plainly(tmp_path: Path, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = made(tmp_path)
    monkeypatch.setattr(os, "fsync", Failing(os.fsync, 3, OSError(28, "No space left on device")))
    assert "cannot be written: No space left on device\n  → free some space" in refusal(folder, target)


def test_what_a_killed_release_left_is_no_release(tmp_path: Path, target: Path) -> None:
    (target / ".1.0.abcd.tmp").mkdir(parents=True)
    (target / ".1.0.abcd.tmp" / "events.parquet").write_text("half")
    assert versions(target) == []
    assert released(tmp_path, target, "1.0").diff is None


def test_two_releases_of_one_version_at_once_make_one(
    tmp_path: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = made(tmp_path)
    real = files.sync_tree

    def meanwhile(path: Path) -> None:
        monkeypatch.setattr(files, "sync_tree", real)
        publish(folder, target, "1.0", CARD)
        real(path)

    monkeypatch.setattr(files, "sync_tree", meanwhile)
    with pytest.raises(DatasetError, match=r"1\.0 cannot be written"):
        publish(folder, target, "1.0", CARD)
    assert whole(target / "1.0")
    assert [path.name for path in target.iterdir()] == ["1.0"]
