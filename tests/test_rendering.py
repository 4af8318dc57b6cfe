"""`eventcode codebook render`: what is written where, what is never overwritten, and what is counted."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import small_build
from eventcode.cli import group
from eventcode.codebook.load import load
from eventcode.errors import DatasetError, EventcodeError
from eventcode.formats import files
from eventcode.model import Codebook
from eventcode.pipeline import observed, render, site_folder

PAGES = {"index.html": "<p>new</p>", "codes/010.html": "x"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder that is no project."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _run(*words: str) -> str:
    done = CliRunner().invoke(group, ["codebook", "render", *words], prog_name="eventcode")
    if done.exception is not None:
        raise done.exception
    return done.output


# ── the command ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_site_goes_to_build_codebooks_and_says_which_page_to_open(folder: Path) -> None:
    assert _run("sourcing") == f"{folder}/build/codebooks/sourcing/index.html\n"
    site = folder / "build/codebooks/sourcing"
    assert {"index.html", "fields", "style.css", "site.js", "search-index.js", "site.json"} <= {
        path.name for path in site.iterdir()
    }
    assert json.loads((site / "site.json").read_text("utf-8"))["codebook"] == load("sourcing").reference


def test_a_site_is_the_same_each_time(folder: Path) -> None:
    _run("sourcing", "--out", "a")
    _run("sourcing", "--out", "b/c")
    alike = [path.relative_to(folder / "a") for path in (folder / "a").rglob("*") if path.is_file()]
    assert len(alike) > 50
    assert all((folder / "a" / name).read_bytes() == (folder / "b/c" / name).read_bytes() for name in alike)


def test_markdown_is_one_page(folder: Path) -> None:
    assert _run("sourcing", "--to", "md", "--out", "s.md") == "s.md\n"
    assert (folder / "s.md").read_text("utf-8").startswith("# Who told the reporter")
    _run("sourcing", "--to", "md", "--out", "s.md")


def test_codebooks_rendered_beside_each_other_are_linked(folder: Path) -> None:
    _run("sourcing", "--out", "all/sourcing")
    _run("maverick", "--out", "all/maverick")
    assert 'href="../sourcing/index.html">sourcing@1</a>' in (folder / "all/maverick/index.html").read_text(
        "utf-8"
    )


def test_a_codebook_alone_has_no_link_out_of_its_folder(folder: Path) -> None:
    _run("maverick", "--out", "all/maverick")
    assert 'href="../' not in (folder / "all/maverick/index.html").read_text("utf-8")


# ── what is there stays ───────────────────────────────────────────────────────────────────────────────────────────────


def test_a_site_replaces_the_one_before_and_leaves_nothing_of_it(folder: Path) -> None:
    site_folder.write(folder / "site", {"old.html": "old"}, {})
    site_folder.write(folder / "site", PAGES, {})
    assert sorted(path.name for path in (folder / "site").iterdir()) == ["codes", "index.html", "site.json"]
    assert [path.name for path in folder.iterdir()] == ["site"]


def test_a_folder_with_other_files_is_refused(folder: Path) -> None:
    (folder / "thesis").mkdir()
    (folder / "thesis/draft.docx").write_text("years of work")
    with pytest.raises(DatasetError) as error:
        _run("sourcing", "--out", "thesis")
    assert str(error.value) == (
        f"{folder}/thesis has files that eventcode did not write\n  → choose another place with --out, or move it away"
    )
    assert [path.name for path in folder.rglob("*")] == ["thesis", "draft.docx"]


@pytest.mark.parametrize(
    ("name", "message"), [("notes.txt", "notes.txt\n  eventcode did not write this"), ("index.html", "index.html\n  changed since eventcode wrote it")]
)  # fmt: skip
def test_a_site_that_somebody_worked_in_is_refused(folder: Path, name: str, message: str) -> None:
    site_folder.write(folder / "site", PAGES, {})
    (folder / "site" / name).write_text("my own words")
    with pytest.raises(DatasetError) as error:
        site_folder.write(folder / "site", PAGES, {})
    assert str(error.value) == (
        f"{folder}/site is not as eventcode wrote it: 1 problem\n  → choose another place with --out, or move it away\n{message}"
    )
    assert (folder / "site" / name).read_text() == "my own words"


def test_a_link_in_the_place_of_a_site_is_refused(folder: Path) -> None:
    (folder / "else").mkdir()
    (folder / "site").symlink_to("else")
    with pytest.raises(DatasetError, match="is no folder that eventcode wrote"):
        site_folder.write(folder / "site", PAGES, {})


def test_the_working_folder_is_refused(folder: Path) -> None:
    with pytest.raises(
        DatasetError, match="is the working folder or above it, and a site is a folder of its own"
    ):
        _run("sourcing", "--out", ".")


@pytest.mark.parametrize("text", ["", "# My notes\n", "# My notes\n\n- Version: sourcing@ and eventcode\n"])
def test_a_file_of_somebody_else_is_refused(folder: Path, text: str) -> None:
    (folder / "s.md").write_text(text)
    with pytest.raises(DatasetError) as error:
        _run("sourcing", "--to", "md", "--out", "s.md")
    assert str(error.value) == (
        "s.md is not as eventcode wrote it\n  → choose another place with --out, or move it away"
    )
    assert (folder / "s.md").read_text() == text


@pytest.mark.parametrize(
    ("old", "new"), [("# Who", "# Oh who"), ("<!-- eventcode", "<!-- mine"), (" -->\n", " -->\n\nA note of mine.\n")]
)  # fmt: skip
def test_a_file_that_somebody_worked_in_is_refused(folder: Path, old: str, new: str) -> None:
    _run("sourcing", "--to", "md", "--out", "s.md")
    text = (folder / "s.md").read_text("utf-8").replace(old, new)
    (folder / "s.md").write_text(text, "utf-8")
    with pytest.raises(DatasetError, match=r"s\.md is not as eventcode wrote it"):
        _run("sourcing", "--to", "md", "--out", "s.md")
    assert (folder / "s.md").read_text("utf-8") == text


@pytest.mark.parametrize("name", [".DS_Store", "Thumbs.db", "codes/desktop.ini"])
def test_what_the_system_puts_into_a_site_does_not_stop_the_next(folder: Path, name: str) -> None:
    site_folder.write(folder / "site", PAGES, {})
    (folder / "site" / name).write_bytes(b"\0")
    site_folder.write(folder / "site", PAGES, {})
    assert not (folder / "site" / name).exists()


def test_a_folder_in_which_only_the_system_wrote_is_free(folder: Path) -> None:
    (folder / "site").mkdir()
    (folder / "site/.DS_Store").write_bytes(b"\0")
    site_folder.write(folder / "site", PAGES, {})


def test_a_folder_in_the_place_of_a_file_is_refused(folder: Path) -> None:
    with pytest.raises(EventcodeError, match=r"is a folder, and a file is to be written"):
        _run("sourcing", "--to", "md", "--out", str(folder))


@pytest.mark.parametrize("broken", ["sync_tree", "sync"])
def test_a_disk_that_refuses_leaves_the_old_site_and_nothing_half_written(
    folder: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    site_folder.write(folder / "site", {"index.html": "old"}, {})

    def full(path: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, broken, full)
    with pytest.raises(DatasetError, match="cannot be written: No space left on device"):
        site_folder.write(folder / "site", PAGES, {})
    assert (folder / "site/index.html").read_text() in ("old", "<p>new</p>")
    assert (folder / "site/site.json").is_file()
    assert [path.name for path in folder.iterdir()] == ["site"]


def test_a_swap_that_fails_brings_the_old_site_back(folder: Path, closed: Callable[[Path], None]) -> None:
    site_folder.write(folder / "site", {"index.html": "old"}, {})
    closed(folder / "site")
    with pytest.raises(DatasetError, match="cannot be written: Permission denied"):
        site_folder.write(folder / "site", PAGES, {})
    assert (folder / "site/index.html").read_text() == "old"
    assert [path.name for path in folder.iterdir()] == ["site"]


def test_a_place_below_a_file_is_refused_with_nothing_left(folder: Path) -> None:
    (folder / "file").write_text("x")
    with pytest.raises(DatasetError, match="cannot be written"):
        site_folder.write(folder / "file/site", PAGES, {})
    assert [path.name for path in folder.iterdir()] == ["file"]


# ── what is counted ───────────────────────────────────────────────────────────────────────────────────────────────────


def _field(book: Codebook, kind: str) -> Any:
    return next(spec for spec in book.fields.values() if spec.type == kind and spec.table == "codings")


@pytest.mark.parametrize(
    ("kind", "told", "counts", "empty"),
    [
        ("code", ["a", "a", None, "b"], {"a": 2, "b": 1}, 1),
        ("set", [["a", "b"], ["a"], [], None], {"a": 2, "b": 1}, 2),
        ("integer", [3, None, 4, 4], {}, 1),
        ("string", ["x", "y", "z", None], {}, 1),
    ],
)
def test_values_of_closed_lists_are_counted_one_by_one_and_all_others_only_as_there_or_not(
    small_codebook: Codebook, kind: str, told: list[Any], counts: Mapping[str, int], empty: int
) -> None:
    spec = _field(small_codebook, kind)
    found = observed.values(spec, "reports", [{spec.name: value} for value in told])
    assert found is not None
    assert (found.rows, found.empty, dict(found.counts)) == (4, empty, counts)


def test_a_field_that_the_table_does_not_have_is_not_counted(small_codebook: Codebook) -> None:
    assert observed.values(_field(small_codebook, "code"), "reports", [{"other": 1}]) is None


def test_rendering_passes_a_codebook_that_cannot_be_loaded_over(small_codebook: Codebook) -> None:
    assert render.others(small_codebook, ["no-such-codebook"]) == {}


@pytest.fixture
def build_of_camps(folder: Path) -> Path:
    """A project with a built dataset."""
    (folder / "datasets").mkdir()
    return small_build.write(folder / "elsewhere", small_build.world())


def test_with_a_dataset_every_code_says_how_often_it_was_observed(folder: Path, build_of_camps: Path) -> None:
    rows = small_build.world()["events"]
    _run("disarmament", "--out", "site", "--dataset", str(build_of_camps))
    text = (folder / "site/codes/070.html").read_text("utf-8")
    n = sum(row["event_type"] == "072" for row in rows)
    part = text[text.index('id="code-072"') :]
    assert f"<b>{n}</b> events" in part[: part.index("</article>")]
    assert f"Counts: camps, build {'0' * 12}, made with {small_build.codebook().reference}." in text


def test_sources_of_several_readings_of_one_document_count_once(folder: Path, build_of_camps: Path) -> None:
    seen = observed.observed(str(build_of_camps), small_build.codebook())
    world = small_build.world()
    adjudicated = {row["reading_id"] for row in world["readings"] if row["coder_kind"] == "adjudicated"}
    kept = [row for row in world["sources"] if row["reading_id"] in adjudicated]
    assert 0 < len(kept) < len(world["sources"])
    assert seen.fields["sources", "identity"].rows == len(kept)


def test_a_dataset_of_another_codebook_is_refused(folder: Path, build_of_camps: Path) -> None:
    with pytest.raises(DatasetError) as error:
        _run("maverick", "--dataset", str(build_of_camps))
    assert str(error.value) == (
        f"{build_of_camps} is coded with disarmament, not with maverick\n  → render disarmament, or name a dataset of maverick"
    )
    assert not (folder / "build").exists()
