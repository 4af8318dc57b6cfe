"""What is no workbook, or a bare list of codes: refused with its reason, or taken as it is."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from codebook_sheets import bring, chosen
from eventcode.codebook.load import load
from eventcode.errors import CodebookError
from eventcode.pipeline.lint import check

# ── files that are no workbook ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (b"code,label\n", "this is no Excel workbook"),
        (b"PK\x03\x04 nothing", "the workbook is damaged or cut off"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "this is a workbook of the old .xls format"),
    ],
)
def test_a_file_that_is_no_workbook_is_refused(content: bytes, said: str, tmp_path: Path) -> None:
    (tmp_path / "book.xlsx").write_bytes(content)
    with pytest.raises(CodebookError) as caught:
        bring(tmp_path / "book.xlsx", tmp_path, "mine")
    assert [p.message for p in caught.value.problems] == [said]


def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            for _ in range(41):
                part.write(b" " * 10_000_000)
    with pytest.raises(CodebookError) as caught:
        bring(path, tmp_path, "mine")
    assert [p.message for p in caught.value.problems] == ["the workbook unpacks to more than 400 MB"]


# ── raw lists ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_raw_list_is_taken_as_it_is_and_the_linter_says_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(
        "code,name,parent,goldstein,quadclass\n01,MAKE STATEMENT,,3,3 verbal conflict\n010,Make  statement,01,NA,1\n10,Demand,99,-5,3\n10,Ask,,-5,3\n"
    )
    made = bring(tmp_path / "list.csv", tmp_path, "raw")
    assert not made.loads
    assert [f"{f.message}" for f in check(made.folder).findings] == ["the code '10' is defined twice"]
    assert "codes.intensity: NA taken for an empty cell (010)" in chosen(made)
    assert "codes.quad: 3 verbal conflict taken for verbal_conflict (01)" in chosen(made)
    text = (tmp_path / "list.csv").read_text().replace("10,Ask,,-5,3\n", "").replace("99", "01")
    (tmp_path / "list.csv").write_text(text)
    made = bring(tmp_path / "list.csv", tmp_path, "better")
    found = {
        f.rule: f.message
        for f in check(made.folder).findings
        if f.rule in ("lint.codes-collide", "lint.intensity-sign", "lint.label-twins")
    }
    assert found == {
        "lint.codes-collide": "'10' and '010' are the same number",
        "lint.intensity-sign": "code 01 is verbal_conflict and has the intensity 3",
        "lint.label-twins": "the labels of 01, 010 differ only by case, spacing or punctuation: 'MAKE STATEMENT', 'Make  statement'",
    }


def test_events_with_modes_make_codes(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(
        "event,mode,parent,plover_score,quad\nACCUSE,,,3,Verbal Conflict\nACCUSE,allege,ACCUSE,-3.5,Verbal Conflict\n"
    )
    book = load(bring(tmp_path / "list.csv", tmp_path, "raw").folder)
    assert [(k.code, k.label, k.parent, k.intensity, k.act) for k in book.event_types.values()] == [
        ("ACCUSE", "Accuse", None, 3, "word"), ("ACCUSE.allege", "allege", "ACCUSE", -3.5, "word"),
    ]  # fmt: skip
