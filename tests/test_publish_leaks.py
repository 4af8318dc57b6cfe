"""Releases: text that must not leave, withheld sources, and the checklist that a person reads."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

import small_build
from eventcode.formats import parquet
from eventcode.model import Finding
from eventcode.readings import Coder
from eventcode.release import manifest
from eventcode.release.publish import Release, publish
from small_build import CARD
from small_release import WITHHELD, made, refusal, released

pytest_plugins = ["release_fixtures"]
pytestmark = pytest.mark.usefixtures("quick_release")


# ── text that must not leave ──────────────────────────────────────────────────────────────────────────────────────────


def as_text(items: Any) -> str:
    """The checklist, a line an item."""
    return "\n".join(f"{item.status} {item.title}: {item.text}" for item in items)


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
    tmp_path: Path, releases: Path, table: str, column: str
) -> None:
    world = small_build.world()
    world[table][0][column] = " ".join(["word"] * 12)
    publish(made(tmp_path, world, "fine"), releases, "1.0", CARD)
    world[table][0][column] = " ".join(["word"] * 13)
    message = refusal(made(tmp_path, world), releases, "1.1")
    assert "'word word word word word …' has 13 words of what may be copied text" in message
    assert f"{table}.parquet  {column} of " in message


def test_eight_words_of_a_text_are_refused_wherever_they_stand(tmp_path: Path, releases: Path) -> None:
    world = small_build.world()
    for row in world["readings"]:
        row["note"] = "They CLOSED a camp near Hit, on 3 May! Nothing more."
    folder = made(tmp_path, world)
    message = refusal(folder, releases, texts=small_build.texts())
    assert (
        "'They CLOSED a camp near …' repeats 8 words of a document\n  → say it in your own words" in message
    )
    assert "readings.parquet  note of reading_id" in message
    for row in world["readings"]:
        row["note"] = "They closed a camp near Hit on 4 May."
    assert publish(
        made(tmp_path, world, "fine"), releases, "1.0", CARD, texts=small_build.texts()
    ).folder.is_dir()


def test_eight_words_in_the_card_are_refused_but_not_the_title_of_a_source(
    tmp_path: Path, releases: Path
) -> None:
    title = "The Northern Brigades closed a camp near Hit on 3 May"
    card = {
        **CARD,
        "sources": [
            {"title": title, "url": "https://example.org/the-northern-brigades-closed-a-camp-near-hit"}
        ],
    }
    folder = made(tmp_path, dataset_card=card)
    assert publish(folder, releases, "1.0", card, texts=small_build.texts()).folder.is_dir()
    card["methods"] = "We know that he saw ten trucks leave, that morning; a commander agreed."
    assert "README.md\n  8 words of a document stand in it" in refusal(
        folder, releases, "1.1", card, texts=small_build.texts()
    )


def test_a_withheld_source_leaves_neither_name_nor_words(tmp_path: Path, releases: Path) -> None:
    found = released(tmp_path, releases, card=WITHHELD, texts=small_build.texts())
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


def test_the_same_source_of_another_reader_is_withheld_too(tmp_path: Path, releases: Path) -> None:
    world = small_build.world()
    raw = copy.deepcopy(small_build._readings()["page-1"])
    raw["sources"][1] |= {"key": "m", "source_name": "ali hasan", "source_descriptor": "a doctor"}
    raw["codings"][0]["support"][1]["source"] = "m"
    small_build.reading(world, "page-1", raw, Coder("reader-2", "person"))
    folder = released(tmp_path, releases, world=world, card=WITHHELD).folder
    rows = parquet.read(folder / "sources.parquet").to_pylist()
    assert sorted(row["key"] for row in rows if row["source_name_missing"] == "withheld") == ["m", "s2", "s2"]


def test_a_name_in_the_projects_own_codebook_stops_it(tmp_path: Path, releases: Path) -> None:
    folder = made(tmp_path)
    path = folder / "codebook" / "disarmament" / "CHANGELOG.md"
    path.write_text("Ali Hasan asked for code 072.\n")
    source = manifest.read(folder)
    source["files"] = manifest.others(folder)
    (folder / "manifest.json").write_bytes(manifest.render(source))
    message = refusal(folder, releases, card=WITHHELD)
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
    tmp_path: Path, releases: Path, table: str, column: str, value: Any
) -> None:
    world = small_build.world()
    world[table][0][column] = value
    message = refusal(made(tmp_path, world), releases, card=WITHHELD)
    assert (
        "the name of the withheld source page-1/reader-1/s2 stands here\n  → withhold that one too" in message
    )
    assert f"{table}.parquet  {column} of " in message
    assert "Hasan" not in message


def test_a_withheld_name_in_the_card_stops_it(tmp_path: Path, releases: Path) -> None:
    card = {**WITHHELD, "ethics": "Ali Hasan agreed to be quoted."}
    assert "README.md\n  the name of the withheld source" in refusal(made(tmp_path), releases, card=card)


def test_a_withheld_organization_may_share_its_name_with_a_label(tmp_path: Path, releases: Path) -> None:
    card = {**CARD, "withhold": [{"source": "page-1/reader-1/s1", "reason": "local police at risk"}]}
    assert released(tmp_path, releases, card=card).folder.is_dir()


def test_a_slip_in_the_list_of_withheld_sources_stops_it(tmp_path: Path, releases: Path) -> None:
    card = {**CARD, "withhold": [{"source": "page-1/reader-1/s9", "reason": "asked"}]}
    assert "withhold names 'page-1/reader-1/s9', and there is no such source" in refusal(
        made(tmp_path), releases, card=card
    )


def test_a_name_that_an_earlier_release_showed_is_not_shown_as_a_change(
    tmp_path: Path, releases: Path
) -> None:
    released(tmp_path, releases, "1.0")
    found = released(tmp_path, releases, "1.1", card=WITHHELD)
    rows = [
        row for row in parquet.read(found.folder / "changes.parquet").to_pylist() if row["table"] == "sources"
    ]
    assert {(row["field"], row["before"], row["after"]) for row in rows} == {
        ("source_name", None, None), ("source_name_missing", None, "withheld"),
    }  # fmt: skip


# ── the checklist ─────────────────────────────────────────────────────────────────────────────────────────────────────


def items(found: Release) -> dict[str, tuple[str, str]]:
    return {item.title: (item.status, item.text) for item in found.checklist}


def test_the_checklist_says_what_nobody_looked_at(tmp_path: Path, releases: Path) -> None:
    found = items(released(tmp_path, releases))
    assert found["checks"] == ("ok", "findings: 0 errors, 0 warnings, 0 flags, 0 waived; the gate passed")
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


def test_the_checklist_says_what_was_verified(tmp_path: Path, releases: Path) -> None:
    small = Finding("sourcing.small-cell", "warning", "sources", "page-1/reader-1/s3", "alone", "coarsen")
    found = items(released(tmp_path, releases, texts=small_build.texts(), check=lambda tables: [small]))
    assert found["evidence"] == ("ok", "20 verified")
    assert found["copied text"] == ("ok", "nothing copied from the 2 texts at hand; quotations are short")
    assert found["anonymous persons"] == (
        "look", "1 source could be recognised: coarsen place or date, or withhold (page-1/reader-1/s3)",
    )  # fmt: skip


def test_moved_evidence_is_looked_at(tmp_path: Path, releases: Path) -> None:
    page = small_build.document_id("page-1")
    texts = {**small_build.texts(), page: "Updated. " + small_build.texts()[page]}
    assert items(released(tmp_path, releases, texts=texts))["evidence"] == ("look", "4 verified, 16 moved")


def test_a_name_that_could_be_guessed_from_an_id_is_looked_at(tmp_path: Path, releases: Path) -> None:
    world = small_build.world()
    world["evidence"] = [row for row in world["evidence"] if row.get("field")]
    found = released(tmp_path, releases, world=world, card=WITHHELD)
    assert "page-1/reader-1/s2, page-1/adjudicated/s2" in as_text(found.checklist)
    assert "a guess at the name can be confirmed" in as_text(found.checklist)


def test_a_bare_card_asks_for_ethics_and_limits(tmp_path: Path, releases: Path) -> None:
    bare = {name: CARD[name] for name in ("title", "licence", "codebook", "date", "as_of", "coders")}
    lines = as_text(released(tmp_path, releases, card=bare).checklist).splitlines()
    assert "look ethics: the card has no `ethics:`; whom could these data harm?" in lines
    assert "look limits: the card has no `limits:`; what can these data not show?" in lines
