"""Files that are no workbook, disks that are full, and CSV files as every program writes them."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import openpyxl
import pytest

from eventcode.coding import sheet_in, sheet_out
from eventcode.errors import DatasetError
from eventcode.model import Codebook
from eventcode.readings import Coder, Row

CODER = Coder("reader-1", "person")
READING: Row = {
    "document": "doc-1",
    "coder": "reader-1",
    "codebook": "small@1.2.0",
    "revision": 1,
    "status": "no_event",
}


# ── files that are none ───────────────────────────────────────────────────────────────────────────────────────────────

AS_XLSX = "open it in the spreadsheet program and save it as 'Excel workbook (.xlsx)'"
AGAIN = "copy or download it again"


def only(path: Path, codebook: Codebook) -> tuple[str, str]:
    (problem,) = sheet_in.read(path, codebook).problems
    assert problem.file == str(path)
    return problem.message, problem.hint


@pytest.mark.parametrize(
    ("content", "message", "hint"),
    [
        (b"", "the file is empty", "export or save it again"),
        (b"document;key\n", "this is no Excel workbook", f"{AS_XLSX}; a CSV file needs the ending .csv"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "this is a workbook of the old .xls format", AS_XLSX),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le") + bytes(600),
            "the workbook is protected with a password", "remove it (File → Info → Protect Workbook) and save again",
        ),
        (b"PK\x03\x04 garbage", "the workbook is damaged or cut off", AGAIN),
    ],
)  # fmt: skip
def test_a_file_that_is_no_workbook_is_told_of(
    tmp_path: Path, small_codebook: Codebook, content: bytes, message: str, hint: str
) -> None:
    (tmp_path / "w.xlsx").write_bytes(content)
    assert only(tmp_path / "w.xlsx", small_codebook) == (message, hint)


def test_a_workbook_that_was_cut_off_is_told_of(tmp_path: Path, small_codebook: Codebook) -> None:
    path = tmp_path / "w.xlsx"
    sheet_out.write(path, small_codebook, CODER, [], [READING])
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert only(path, small_codebook) == ("the workbook is damaged or cut off", AGAIN)


def test_a_workbook_with_a_flipped_byte_is_told_of(tmp_path: Path, small_codebook: Codebook) -> None:
    path = tmp_path / "w.xlsx"
    sheet_out.write(path, small_codebook, CODER, [], [READING])
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        part = archive.getinfo("xl/worksheets/sheet3.xml")
    data[part.header_offset + 200] ^= 0xFF
    path.write_bytes(data)
    assert only(path, small_codebook)[0].startswith("the workbook is damaged")


def test_another_kind_of_zip_file_is_told_of(tmp_path: Path, small_codebook: Codebook) -> None:
    path = tmp_path / "w.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("content.xml", "<a/>")
    assert only(path, small_codebook) == ("this is no Excel workbook", AS_XLSX)


def test_broken_xml_in_a_workbook_is_told_of(tmp_path: Path, small_codebook: Codebook) -> None:
    path = tmp_path / "w.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<a>")
        archive.writestr("xl/workbook.xml", "<a>")
    message, hint = only(path, small_codebook)
    assert (message.startswith("the workbook cannot be read: "), hint) == (True, AS_XLSX)


def test_a_path_that_leads_nowhere_is_the_operators_mistake(tmp_path: Path, small_codebook: Codebook) -> None:
    with pytest.raises(DatasetError, match="cannot be read: No such file or directory"):
        sheet_in.read(tmp_path / "none.xlsx", small_codebook)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_to_is_told_of_and_nothing_is_left(
    tmp_path: Path, small_codebook: Codebook
) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(DatasetError, match="cannot be written"):
        sheet_out.write(tmp_path / "w.xlsx", small_codebook, CODER, [], [READING])
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_the_old_workbook_as_it_was(
    tmp_path: Path, small_codebook: Codebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "w.xlsx"
    path.write_bytes(b"old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(openpyxl.Workbook, "save", full)
    with pytest.raises(DatasetError, match="No space left on device"):
        sheet_out.write(path, small_codebook, CODER, [], [READING])
    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [("w.xlsx", b"old")]


# ── CSV ───────────────────────────────────────────────────────────────────────────────────────────────────────────────

NAMES = ("document", "key", "event_type", "realis", "setting", "date", "date_missing", "place_name", "place_name_missing", "country",
         "lat", "lon", "deadline", "deadline_missing", "means", "n_sites", "complete", "beneficiary", "bystanders", "summary")  # fmt: skip
VALUES = ("doc-1", "e1", "010", "occurred", "", "2025-06", "", '"Baghdad"', "", "IRQ", "33.5", "", "", "", '"paper; convoy"', "3", "TRUE",
          "", "", "Ṣāliḥ")  # fmt: skip
CODING = {
    "key": "e1", "event_type": "010", "realis": "occurred", "date_start": "2025-06-01", "date_end": "2025-06-30",
    "date_precision": "month", "place_name": "Baghdad", "country": "IRQ", "lat": 33.5, "means": ["paper", "convoy"], "n_sites": 3,
    "complete": True, "summary": "Ṣāliḥ",
}  # fmt: skip


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_one_csv_file_of_codings_is_read_whatever_program_wrote_it(
    tmp_path: Path, small_codebook: Codebook, separator: str, encoding: str, end: str
) -> None:
    path = tmp_path / "my export.csv"
    path.write_bytes(end.join((separator.join(NAMES), separator.join(VALUES), "")).encode(encoding))
    back = sheet_in.read(path, small_codebook, coder="reader-1")
    assert back.problems == []
    head = {
        "document": "doc-1",
        "coder": "reader-1",
        "codebook": "small@1.2.0",
        "revision": 1,
        "status": "coded",
    }
    assert [reading for reading, _ in back.readings] == [{**head, "codings": [CODING]}]
    assert back.place(0, "codings[0].realis").path == "codings!D2"


def test_a_csv_file_may_say_its_separator(tmp_path: Path, small_codebook: Codebook) -> None:
    (tmp_path / "c.csv").write_text("\n".join(("sep=;", ";".join(NAMES), ";".join(VALUES))), encoding="utf-8")
    back = sheet_in.read(tmp_path / "c.csv", small_codebook, coder="reader-1")
    assert (back.problems, back.readings[0][0]["codings"]) == ([], [CODING])
    assert back.place(0, "codings[0].realis").path == "codings!D3"


def test_a_csv_file_does_not_say_whose_it_is(tmp_path: Path, small_codebook: Codebook) -> None:
    (tmp_path / "c.csv").write_text("\n".join((",".join(NAMES), ",".join(VALUES))), encoding="utf-8")
    assert only(tmp_path / "c.csv", small_codebook) == (
        "nothing says who coded this",
        "name the coder: --coder ID",
    )


def test_a_csv_file_in_another_encoding_is_told_of(tmp_path: Path, small_codebook: Codebook) -> None:
    (tmp_path / "c.csv").write_bytes("document;key\nä;b\n".encode("latin-1"))
    assert only(tmp_path / "c.csv", small_codebook) == ("the file is not UTF-8", "export it as 'CSV UTF-8'")


def test_a_folder_without_csv_files_is_told_of(tmp_path: Path, small_codebook: Codebook) -> None:
    message, hint = only(tmp_path, small_codebook)
    assert (message, hint.startswith("put documents.csv, codings.csv")) == (
        "the folder holds no CSV file",
        True,
    )


def test_an_unknown_file_in_a_folder_is_told_of(tmp_path: Path, small_codebook: Codebook) -> None:
    (tmp_path / "codings.csv").write_text("\n".join((",".join(NAMES), ",".join(VALUES))), encoding="utf-8")
    (tmp_path / "budget.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    back = sheet_in.read(tmp_path, small_codebook, coder="reader-1")
    assert [(problem.path, problem.message) for problem in back.problems] == [
        ("budget", "the sheet 'budget' is unknown")
    ]
