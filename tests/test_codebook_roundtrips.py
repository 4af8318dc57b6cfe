"""Whatever a codebook says survives YAML and a workbook; whatever a person types is a codebook or a refusal, never a crash."""

from __future__ import annotations

import tempfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from codebook_sheets import bring, grid, opened, read
from draft_strategies import anything, codebooks, texts
from eventcode.codebook import emit, yamlout
from eventcode.codebook.draft import gather
from eventcode.codebook.load import load
from eventcode.codebook.same import differences
from eventcode.codebook.sheet import back, layout, rows
from eventcode.codebook.sheet.complete import Wishes
from eventcode.codebook.sheet.records import Reading
from eventcode.codebook.xlsform.survey import read as read_form
from eventcode.coding.cell_values import Raw
from eventcode.errors import EventcodeError
from eventcode.pipeline import authoring
from eventcode.yamlfile import parse
from tiny_codebook import Files, write

slow = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(texts, anything, min_size=1, max_size=4))
def test_what_is_written_as_yaml_reads_back_as_it_was(value: dict[str, Any]) -> None:
    assert parse(yamlout.dump(value).encode(), "x").data == value


@slow
@given(codebooks())
def test_a_generated_codebook_comes_back_from_its_files_and_from_its_sheets(found: Files) -> None:
    with tempfile.TemporaryDirectory() as folder:
        book = load(write(Path(folder) / "one", _written(found)))
        draft = authoring.draft_of(book)
        authoring.put(Path(folder) / "two" / "tiny", emit.files(draft))
        assert differences(book, load(Path(folder) / "two" / "tiny")) == []
        sheets = {
            name: grid(
                name,
                [[c.name for c in columns], *([_cell(row.get(c.name)) for c in columns] for row in entries)],
            )
            for name, (columns, entries) in rows.sheets(draft).items()
        }
        got = back.read(sheets, Wishes(), Reading(), opened)
        assert (got.problems, [one.line() for one in got.chosen]) == ([], [])
        authoring.put(Path(folder) / "three" / "tiny", emit.files(got.draft))
        assert differences(book, load(Path(folder) / "three" / "tiny")) == []


def _written(found: Files) -> Files:
    """The files as text in YAML 1.2, which the writer of the test codebooks does not speak."""
    return {
        name: yamlout.dump(content) if isinstance(content, dict) else content
        for name, content in found.items()
    }


def _cell(value: object) -> object:
    """Text stays text, also where it begins with `=`."""
    return Raw(value, "text") if isinstance(value, str) else value


@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(codebooks())
def test_a_generated_codebook_comes_back_from_a_real_workbook(found: Files) -> None:
    with tempfile.TemporaryDirectory() as folder:
        book = load(write(Path(folder) / "one", _written(found)))
        authoring.write_workbook(book, Path(folder) / "book.xlsx")
        made = bring(Path(folder) / "book.xlsx", Path(folder) / "two")
        assert (differences(book, load(made.folder)), made.chosen) == ([], ())


def test_what_the_files_of_a_bundled_codebook_say_is_what_a_draft_says() -> None:
    draft = authoring.draft_of(load("disarmament"))
    again = gather({name: text.encode() for name, text in emit.files(draft).items()})
    assert again == draft


# ── whatever is typed ─────────────────────────────────────────────────────────────────────────────────────────────────

LIKELY = ("010", "011", "word", "deed", "code", "label", "name", "type", "code_list", "yes", "select_one a", "begin group", "end group", "${a} = 'b'",
          "json:[1]", "json:", "json:NaN", "expect", "- a: b", "uses", "id", "none", "event_type", "integer", "a → b", "NA", "1e400", "realis")  # fmt: skip
cells = (
    st.none() | st.sampled_from(LIKELY) | texts | st.integers(-9, 2**60) | st.floats(allow_nan=False) | st.booleans() | st.dates()
    | st.datetimes() | st.just("=1+1") | st.just(Raw("#N/A", "error"))
)  # fmt: skip


def _headings(name: str) -> st.SearchStrategy[list[str]]:
    known = [column.name for column in layout.BY_NAME[name].columns]
    return st.lists(st.sampled_from(known), min_size=1, max_size=6) | st.permutations(known)


@st.composite
def _sheets(draw: st.DrawFn) -> dict[str, list[list[object]]]:
    found = {}
    for name in draw(st.lists(st.sampled_from([*layout.BY_NAME]), min_size=1, max_size=4, unique=True)):
        head = draw(_headings(name))
        body = st.lists(cells, min_size=1, max_size=len(head))
        found[name] = [head, *draw(st.lists(body, max_size=4))]
    return found


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_sheets(), st.booleans())
def test_random_cells_make_a_codebook_or_a_refusal(found: dict[str, list[list[Any]]], raw: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        try:
            authoring.finish(read(found, "mine", raw=raw), Path("x.xlsx"), Path(folder), lenient=raw)
        except EventcodeError as error:
            refused = error
        else:
            return
        assert refused.problems or refused.hint


@st.composite
def _forms(draw: st.DrawFn) -> dict[str, list[list[object]]]:
    survey = draw(
        st.lists(
            st.sampled_from(
                [
                    "type",
                    "name",
                    "label",
                    "label::English (en)",
                    "hint",
                    "required",
                    "relevant",
                    "constraint",
                    "appearance",
                ]
            ),
            min_size=1,
            max_size=6,
        )
    )
    choices = draw(
        st.lists(
            st.sampled_from(["list_name", "name", "label", "definition", "parent", "x"]),
            min_size=1,
            max_size=5,
        )
    )
    types = st.sampled_from(
        [
            "select_one a",
            "select_multiple a",
            "integer",
            "decimal",
            "text",
            "date",
            "note",
            "begin group",
            "end group",
            "begin_repeat",
            "x",
            "range",
        ]
    )
    relevant = st.sampled_from(
        [
            "${a} = 'b'",
            "selected(${a}, 'b') and (${b} > 1 or not(${c} = ''))",
            "((((",
            "not(",
            "${a}",
            "today()",
            "1",
            "'",
            "a = b",
        ]
    )
    row = st.lists(cells | types | relevant | st.sampled_from(["a", "b", "c"]), max_size=6)
    return {"survey": [survey, *draw(st.lists(row, max_size=6))], "choices": [choices, *draw(st.lists(row, max_size=4))],
            "settings": [["form_id", "form_title"], draw(st.lists(cells, max_size=2))]}  # fmt: skip


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_forms(), st.sampled_from(["", "a", "b"]))
def test_random_forms_make_a_codebook_or_a_refusal(found: dict[str, list[list[Any]]], codes: str) -> None:
    grids = {name: grid(name, content) for name, content in found.items()}
    with tempfile.TemporaryDirectory() as folder:
        try:
            made = read_form(grids, Wishes("mine"), codes, "", Reading(form=True), opened)
            authoring.finish(made, Path("form.xlsx"), Path(folder))
        except EventcodeError as error:
            refused = error
        else:
            return
        assert refused.problems or refused.hint


@pytest.mark.parametrize("value", [date(2025, 1, 2), datetime(2025, 1, 2, 3, 4), 1.5, "=A1"])
def test_every_kind_of_cell_in_a_real_workbook_is_named(value: object, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "codes"
    book.active.append(["code", "label"])
    book.active.append([value, "x"])
    book.save(tmp_path / "book.xlsx")
    with pytest.raises(EventcodeError) as caught:
        bring(tmp_path / "book.xlsx", tmp_path, "mine")
    assert [p.path for p in caught.value.problems] == ["codes!A2"]
