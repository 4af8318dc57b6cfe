"""What an import may write and replace: nothing outside the folder, nobody else's folder, and of the author's own files none is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from codebook_sheets import Rows, problems, workbook
from eventcode.codebook.load import load
from eventcode.errors import CodebookError, DatasetError
from eventcode.pipeline import authoring

CODES: Rows = [
    ["code", "label", "definition"],
    ["010", "Threaten", "Says that it will do harm."],
    ["020", "Leave", "Goes."],
]
LIST = "The name of the list: small letters, digits, _, a letter first."


def _bring(path: Path, into: Path, name: str = "mine") -> authoring.Made:
    return authoring.import_workbook(path, into, authoring.Wishes(name), authoring.Reading(), replace_it=True)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A workbook with two codes."""
    return workbook(tmp_path / "book.xlsx", {"codes": CODES})


# ── nothing outside the folder ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("sheets", "said"),
    [
        ({"values": [["vocabulary", "value"], ["../../../../evil", "a"]]},
         f"values!A2: '../../../../evil' is not written as it must be → {LIST}"),
        ({"vocabularies": [["vocabulary", "title"], ["/evil", "Evil"]]},
         f"vocabularies!A2: '/evil' is not written as it must be → {LIST}"),
        ({"fields": [["name", "vocabulary", "values"], ["ended", "../evil", "a; b"]]},
         f"fields!B2: '../evil' is not written as it must be → {LIST}"),
        ({"migrations": [["from_version", "to_version", "do", "of"], ["1.0.0", "/../../evil4", "remove_field", "x"]]},
         "migrations!B2: '/../../evil4' is not written as it must be → Three numbers with dots between: 1.2.0"),
        ({"migrations": [["from_version", "to_version", "do", "of"], ["1.0", "1.1.0", "remove_field", "x"]]},
         "migrations!A2: '1.0' is not written as it must be → Three numbers with dots between: 1.2.0"),
        ({"codebook": [["key", "value"], ["version", "../1"]]},
         "codebook!B2: '../1' is no version → write three numbers with dots between: 1.2.0"),
    ],
)  # fmt: skip
def test_a_name_that_would_be_a_path_is_refused_at_its_cell(sheets: dict[str, Rows], said: str) -> None:
    assert problems({"codes": CODES, **sheets}) == [said]


@pytest.mark.parametrize("name", ["vocabularies/../../../evil.yaml", "migrations/001-/../../../evil.yaml"])
def test_a_file_is_never_put_outside_the_folder(name: str, tmp_path: Path) -> None:
    (tmp_path / "evil.yaml").write_text("mine")
    with pytest.raises(DatasetError) as caught:
        authoring.put(tmp_path / "codebook" / "mine", {"codebook.yaml": "id: mine", name: "evil"})
    assert str(caught.value) == f"'{name}' is no name of a file below mine\n  → nothing was written"
    assert (tmp_path / "evil.yaml").read_text() == "mine"
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and path.name != "evil.yaml"]


# ── nobody else's folder ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "text"),
    [("thesis.docx", "years of work"), ("codebook.yaml", "id: other\n"), ("codebook.yaml", "id: [")],
)
def test_a_folder_that_is_not_the_codebook_is_not_replaced(
    name: str, text: str, tmp_path: Path, book: Path
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / name).write_text(text)
    with pytest.raises(CodebookError) as caught:
        _bring(book, tmp_path)
    assert str(caught.value) == (
        f"{tmp_path / 'mine'} is not the codebook 'mine', and nothing else is replaced\n"
        "  → choose another name with --name, or move it away"
    )
    assert (tmp_path / "mine" / name).read_text() == text


# ── nothing of the author's is lost ───────────────────────────────────────────────────────────────────────────────────


def test_all_that_is_no_page_of_the_codebook_is_kept_byte_by_byte(tmp_path: Path, book: Path) -> None:
    home = _bring(book, tmp_path).folder
    own = {
        "LICENSE": b"CC0\r\n", "notes.txt": b"caf\xe9", "figures/tree.png": b"\x89PNG\0", "docs/a/how.md": b"# How\n",
        "events/notes.md": b"later", "events/old.yml": b"x", "docs/table.csv": b"a,b\n", ".gitignore": b"*.tmp",
    }  # fmt: skip
    for name, data in own.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_bytes(data)
    (home / "empty").mkdir()
    (home / "link").symlink_to("nowhere")
    (home / "vocabularies").mkdir(exist_ok=True)
    (home / "vocabularies" / "gone.csv").write_text("value,label\na,A\n")
    _bring(book, tmp_path)
    assert {name: (home / name).read_bytes() for name in own} == own
    assert (home / "empty").is_dir()
    assert (home / "link").is_symlink()
    assert not (home / "vocabularies" / "gone.csv").exists()
    assert [*load(home).event_types] == ["010", "020"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["book.xlsx", "mine"]


def test_a_list_of_things_to_do_that_somebody_worked_in_is_kept(tmp_path: Path, book: Path) -> None:
    home = _bring(book, tmp_path).folder
    _bring(book, tmp_path)
    assert sorted(path.name for path in home.glob("TODO*")) == ["TODO.md"]
    for number in (1, 2):
        (home / "TODO.md").write_text(f"my own words {number}")
        _bring(book, tmp_path)
        assert (home / f"TODO-{number}.md").read_text() == f"my own words {number}"
    assert "to be written" in (home / "TODO.md").read_text()


def test_pages_in_a_folder_that_is_a_link_elsewhere_are_left_alone(tmp_path: Path, book: Path) -> None:
    home = _bring(book, tmp_path).folder
    (home / "events").rename(tmp_path / "elsewhere")
    (home / "events").symlink_to(tmp_path / "elsewhere")
    before = {path.name: path.read_bytes() for path in (tmp_path / "elsewhere").iterdir()}
    _bring(book, tmp_path)
    assert {path.name: path.read_bytes() for path in (tmp_path / "elsewhere").iterdir()} == before
    assert not (home / "events").is_symlink()
