"""Workbooks for coders: what is in them, and that writing and reading one back loses nothing."""

from __future__ import annotations

import tempfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eventcode.coding import sheet_in, sheet_out
from eventcode.coding.cell_values import join, split
from eventcode.errors import CoderError
from eventcode.model import Codebook
from eventcode.readings import Row
from sheet_case import CODER, DOCUMENTS, READING
from strategies import AWKWARD, readings_for


@pytest.fixture
def workbook(tmp_path: Path, small_codebook: Codebook) -> Path:
    path = tmp_path / "reader-1.xlsx"
    sheet_out.write(path, small_codebook, CODER, DOCUMENTS, [READING])
    return path


def written_and_read(
    codebook: Codebook, readings: list[Row], documents: list[Row] | None = None
) -> sheet_in.Readback:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "w.xlsx"
        sheet_out.write(path, codebook, CODER, documents or [], readings)
        return sheet_in.read(path, codebook)


# ── round trip ────────────────────────────────────────────────────────────────────────────────────────────────────────


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_any_reading_comes_back_from_a_workbook_as_it_was(
    small_codebook: Codebook, data: st.DataObject
) -> None:
    readings = [data.draw(readings_for(small_codebook, document=name)) for name in ("doc-1", "doc-2")]
    back = written_and_read(small_codebook, readings, DOCUMENTS[:1])
    assert back.problems == []
    assert [reading for reading, _ in back.readings] == readings


@given(
    st.lists(st.sampled_from(AWKWARD) | st.text(st.characters(exclude_categories=["Cs", "Cc"])), max_size=4)
)
def test_several_values_in_one_cell_come_apart_as_they_were_put_together(items: list[str]) -> None:
    assert split(join(items)) == items


@pytest.mark.parametrize(
    ("typed", "values"),
    [
        ("convoy;paper", ["convoy", "paper"]),
        (" convoy ; paper ;", ["convoy", "paper"]),
        ('"a;b"; c', ["a;b", "c"]),
        ('"half quoted; c', ['"half quoted', "c"]),
        ("the \"Front\"; c", ['the "Front"', "c"]),
        (";;", []),
    ],
)  # fmt: skip
def test_lists_are_read_as_people_type_them(typed: str, values: list[str]) -> None:
    assert split(typed) == values


def test_a_document_may_be_named_by_its_id(small_codebook: Codebook) -> None:
    reading = {**READING, "document": "text:1"}
    back = written_and_read(small_codebook, [reading], DOCUMENTS)
    assert [r for r, _ in back.readings] == [reading]


def test_derived_values_and_dates_that_no_text_says_get_columns_of_their_own(
    small_codebook: Codebook,
) -> None:
    odd = {
        "key": "e1",
        "event_type": "011",
        "origins_min": 1,
        "contested": False,
        "date_start": "2025-01-02",
        "date_precision": "month",
    }
    reading = {**READING, "codings": [odd], "adopted_from": "doc-1/reader-2"}
    assert [r for r, _ in written_and_read(small_codebook, [reading]).readings] == [reading]


def test_of_several_revisions_the_last_is_shown(small_codebook: Codebook) -> None:
    newer = {**READING, "revision": 3, "status": "withdrawn"}
    assert [r for r, _ in written_and_read(small_codebook, [newer, READING]).readings] == [newer]


def test_a_document_without_a_status_has_not_been_read(workbook: Path, small_codebook: Codebook) -> None:
    back = sheet_in.read(workbook, small_codebook)
    assert back.problems == []
    assert [reading["document"] for reading, _ in back.readings] == ["doc-1"]


def test_what_a_coder_fills_in_becomes_a_reading(workbook: Path, small_codebook: Codebook) -> None:
    book = openpyxl.load_workbook(workbook)
    book["documents"]["E6"] = "coded"
    book["codings"].append(["doc-2", " e1\u00a0", "020 · Leave", "021 · Leave a base", "occurred"])
    book["participants"].append(["doc-2", "e1", "actor", "front"])
    book["participants"].append(["doc-2", "e1", "actor", None, "not_stated"])
    book["evidence"].append(["doc-2", "coding", "e1", "event_type", "left the base"])
    book.save(workbook)
    back = sheet_in.read(workbook, small_codebook)
    assert back.problems == []
    assert back.readings[1][0] == {
        "document": "doc-2", "coder": "reader-1", "codebook": "small@1.2.0", "revision": 1, "status": "coded",
        "codings": [
            {
                "key": "e1", "event_type": "021", "realis": "occurred",
                "participants": [
                    {"role": "actor", "position": 0, "actor_id": "front"},
                    {"role": "actor", "position": 1, "actor_missing": "not_stated"},
                ],
                "evidence": [{"field": "event_type", "quote": "left the base"}],
            }
        ],
    }  # fmt: skip


def test_every_value_knows_its_cell(workbook: Path, small_codebook: Codebook) -> None:
    back = sheet_in.read(workbook, small_codebook)
    paths = {
        "status": "documents!E5", "codings[0]": "codings!B5", "codings[0].realis": "codings!E5",
        "codings[0].date_end": "codings!G5", "codings[0].setting": "codings!F5", "sources[0].via": "sources!L5",
        "codings[0].support[0].stance": "support!F5", "codings[0].support[0].evidence[0].start": "evidence!F6",
        "codings[0].participants[0].actor_id": "participants!D5", "codings[0].nothing[0].known": "codings!B5",
    }  # fmt: skip
    assert {path: back.place(0, path).path for path in paths} == paths
    assert str(back.place(0, "codings[0].realis")) == f"{workbook}  codings!E5"


# ── what no workbook holds ────────────────────────────────────────────────────────────────────────────────────────────


def test_text_that_no_cell_can_hold_is_refused_with_its_place(
    tmp_path: Path, small_codebook: Codebook
) -> None:
    with pytest.raises(CoderError) as refusal:
        sheet_out.write(tmp_path / "w.xlsx", small_codebook, CODER, [], [{**READING, "note": "a\x07b"}])
    assert str(refusal.value) == (
        "these readings do not fit into a workbook: 1 problem\n"
        "documents!5  doc-1  note\n"
        "  '\\x07' cannot stand in a workbook\n"
        "  → take that character out of the text"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_field_that_the_codebook_does_not_have_is_refused(tmp_path: Path, small_codebook: Codebook) -> None:
    coding = {"key": "e1", "event_type": "011", "colour": "red"}
    with pytest.raises(CoderError, match="the codebook has no such field"):
        sheet_out.write(tmp_path / "w.xlsx", small_codebook, CODER, [], [{**READING, "codings": [coding]}])


def test_a_reading_by_somebody_else_is_refused(tmp_path: Path, small_codebook: Codebook) -> None:
    with pytest.raises(CoderError, match="the reading of doc-1 is by reader-2"):
        sheet_out.write(tmp_path / "w.xlsx", small_codebook, CODER, [], [{**READING, "coder": "reader-2"}])
