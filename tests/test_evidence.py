"""Evidence against texts: verified, moved, different, missing."""

from __future__ import annotations

from pathlib import Path

import pytest

import small_build
from eventcode.errors import DatasetError
from eventcode.release import evidence

Row = dict[str, object]


@pytest.fixture(scope="module")
def world() -> small_build.World:
    return small_build.world()


def statuses(world: small_build.World, texts: dict[str, str]) -> dict[str, int]:
    rows = evidence.verify(evidence.located(world), world["documents"], texts)
    return {status: n for status, n in evidence.counts(rows).items() if n}


def test_every_span_of_the_right_texts_is_verified(world: small_build.World) -> None:
    assert statuses(world, small_build.texts()) == {"verified": 20}


def test_each_span_is_named_by_document_coder_and_what_it_is_evidence_for(world: small_build.World) -> None:
    lineages = [
        row["lineage"] for row in evidence.located(world) if row["lineage"].startswith("page-1/reader-1")
    ]
    assert lineages == [
        "page-1/reader-1/s1", "page-1/reader-1/s2", "page-1/reader-1/s3", "page-1/reader-1/e1/support/s1",
        "page-1/reader-1/e1/support/s2", "page-1/reader-1/e1/support/s3", "page-1/reader-1/e1/event_type", "page-1/reader-1/e1/realis",
    ]  # fmt: skip


def test_words_that_stand_elsewhere_have_moved(world: small_build.World) -> None:
    page = small_build.document_id("page-1")
    texts = {**small_build.texts(), page: "Updated. " + small_build.texts()[page]}
    rows = evidence.verify(evidence.located(world), world["documents"], texts)
    first = next(row for row in rows if row["lineage"] == "page-1/reader-1/s1")
    assert first["status"] == "moved"
    assert (first["new_start"], first["new_end"]) == (first["start"] + 9, first["end"] + 9)
    assert statuses(world, texts) == {"verified": 4, "moved": 16}


def test_words_that_stand_nowhere_are_different(world: small_build.World) -> None:
    page = small_build.document_id("page-1")
    texts = {**small_build.texts(), page: small_build.texts()[page].replace("Ali Hasan", "Ali Hassan")}
    found = evidence.verify(evidence.located(world), world["documents"], texts)
    assert {row["lineage"] for row in found if row["status"] == "different"} == {
        "page-1/reader-1/s2",
        "page-1/adjudicated/s2",
    }


def test_without_a_text_the_spans_are_missing(world: small_build.World) -> None:
    own = small_build.document_id("page-2")
    assert statuses(world, {own: small_build.texts()[own]}) == {"verified": 4, "missing": 16}


def test_evidence_of_nothing_is_missing_and_has_no_lineage(world: small_build.World) -> None:
    orphan = {**world["evidence"][0], "source_id": "gone"}
    (row,) = evidence.verify(
        evidence.located({**world, "evidence": [orphan]}), world["documents"], small_build.texts()
    )
    assert (row["status"], row["lineage"], row["document"]) == ("missing", None, None)


def test_texts_are_found_by_their_hash_and_a_changed_copy_by_its_name(
    tmp_path: Path, world: small_build.World
) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "whatever.txt").write_bytes(
        b"\xef\xbb\xbf" + small_build.TEXTS["page-1"].replace("\n", "\r\n").encode()
    )
    (tmp_path / "page-2.txt").write_text("Corrected: " + small_build.TEXTS["page-2"], encoding="utf-8")
    (tmp_path / "notes.md").write_text("not a text")
    found = evidence.texts_in(tmp_path, world["documents"])
    assert found[small_build.document_id("page-1")] == small_build.texts()[small_build.document_id("page-1")]
    assert found[small_build.document_id("page-2")].startswith("Corrected: The Northern")
    assert statuses(world, found) == {"verified": 16, "moved": 4}


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        DatasetError, match="nowhere is not a folder\n  → name the folder that holds the texts"
    ):
        evidence.texts_in(tmp_path / "nowhere")


def test_texts_that_are_not_utf_8_are_listed(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"caf\xe9")
    with pytest.raises(DatasetError) as caught:
        evidence.texts_in(tmp_path)
    assert str(caught.value) == (
        f"{tmp_path} has texts that cannot be read: 1 problem\na.txt\n  byte 3 is not UTF-8\n  → save the file as UTF-8"
    )
