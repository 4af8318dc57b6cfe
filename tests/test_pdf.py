"""A codebook as a PDF: contents, every code, an index with page numbers; nothing of a codebook is read as Typst."""

from __future__ import annotations

import importlib.util
import io
import json
import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from eventcode.bundled import codebook_folder
from eventcode.codebook import typst_source
from eventcode.codebook.load import load, names
from eventcode.errors import DatasetError, EventcodeError
from eventcode.model import Codebook
from eventcode.pipeline import pdf, render

typst = pytest.mark.skipif(
    importlib.util.find_spec("typst") is None, reason="typst is not installed: pip install typst"
)
HOSTILE = '#panic("x") <b> $ @y *z* _w_ `v` // u " \\'


@cache
def _made(name: str) -> bytes:
    return pdf.compiled(load(name))


def _text(content: bytes) -> list[str]:
    """The text of each page, spaces made alike."""
    reader = pytest.importorskip("pypdf", reason="pypdf is not installed: pip install pypdf")
    return [" ".join(page.extract_text().split()) for page in reader.PdfReader(io.BytesIO(content)).pages]


def test_the_source_names_every_code_field_and_decision_rule() -> None:
    for name in names([codebook_folder()]):
        book = load(name)
        data: Any = json.loads(typst_source.source(book)["book.json"])
        assert [code["code"] for code in data["codes"]] == [kind.code for _, kind in book.walk()]
        assert sum(len(table["fields"]) for table in data["tables"]) == len(book.fields)
        assert [entry["id"] for entry in data["guidance"]] == [entry.id for entry in book.guidance]


def test_words_that_several_codes_share_stand_once_in_the_index() -> None:
    assert typst_source.index([("b", "code-2"), ("A", "code-1"), ("b", "code-3")]) == [
        ["A", ["code-1"]],
        ["b", ["code-2", "code-3"]],
    ]


@typst
def test_a_pdf_has_contents_tree_codes_and_an_index_with_page_numbers() -> None:
    content = _made("disarmament")
    assert content.startswith(b"%PDF-")
    pages = _text(content)
    assert pages[0].startswith("Disarmament, demobilisation and restraint of armed groups")
    assert "How to cite." in pages[0]
    assert "Contents" in pages[1]
    last = " ".join(pages[-4:])
    codes = re.search(r"Codes 010 (\d+)", last)
    assert codes is not None
    assert "Threaten" in pages[int(codes[1]) - 1]
    assert re.search(r"Vacate a site \d+", last)


@typst
def test_a_pdf_that_was_written_can_be_read_and_is_replaced_unless_it_was_changed(tmp_path: Path) -> None:
    path = tmp_path / "s.pdf"
    render.render("sourcing", "pdf", path)
    render.render("sourcing", "pdf", path)
    assert _text(path.read_bytes()) == _text(_made("sourcing"))
    path.write_bytes(path.read_bytes() + b"% a note of mine\n")
    with pytest.raises(DatasetError, match=r"s\.pdf is not as eventcode wrote it"):
        render.render("sourcing", "pdf", path)
    path.write_bytes(b"%PDF-1.7 a paper about eventcode")
    with pytest.raises(DatasetError, match=r"s\.pdf is not as eventcode wrote it"):
        render.render("sourcing", "pdf", path)


@typst
def test_a_pdf_is_the_same_each_time() -> None:
    assert pdf.compiled(load("sourcing")) == pdf.compiled(load("sourcing"))


@typst
def test_nothing_in_a_codebook_is_code(small_codebook: Codebook) -> None:
    first = next(iter(small_codebook.event_types))
    kind = replace(
        small_codebook.event_types[first],
        label=HOSTILE,
        definition=HOSTILE,
        includes=(HOSTILE,),
        note=HOSTILE,
    )
    book = replace(small_codebook, title=HOSTILE, event_types={**small_codebook.event_types, first: kind})
    assert '#panic("x")' in " ".join(_text(pdf.compiled(book)))


def test_without_typst_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> Any:
        raise ImportError(name)

    monkeypatch.setattr(pdf, "import_module", missing)
    with pytest.raises(EventcodeError) as error:
        pdf.compiled(load("sourcing"))
    assert (
        str(error.value)
        == "typst is not installed, and it makes the PDF\n  → run `pip install 'eventcode[pdf]'`"
    )
