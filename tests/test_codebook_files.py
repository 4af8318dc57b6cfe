"""The files of a codebook, broken one by one as files: YAML and CSV that cannot be read, or only too well."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from eventcode import yamlfile
from eventcode.bundled import codebook_folder
from eventcode.codebook import csvfile
from eventcode.codebook.load import load
from eventcode.errors import CodebookError, EventcodeError, Problem
from eventcode.yamlfile import YamlError, parse
from tiny_codebook import files, write
from tiny_parts import Said, problems


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder: messages name files relative to it."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "text",
    ["a: &x [1]\nb: *x\n", "a: &x word\nb: *x\n", "a: &x {c: 1}\nb: {d: *x}\n"],
    ids=["list", "word", "mapping"],
)
def test_an_alias_is_refused(here: Path, text: str) -> None:
    [(file, line, message, hint)] = problems(here, files() | {"guidance.yaml": text})

    assert (file, line) == ("tiny/guidance.yaml", 2)
    assert message == "an alias repeats another value"
    assert hint == "write the value out: aliases are not used here"


def test_an_alias_of_nothing_and_a_key_that_is_no_word_are_refused(here: Path) -> None:
    assert problems(here, files() | {"guidance.yaml": "a: *x\n"}) == [
        (
            "tiny/guidance.yaml",
            1,
            "an alias repeats another value",
            "write the value out: aliases are not used here",
        )
    ]
    assert problems(here, files() | {"guidance.yaml": "? [a, b]\n: c\n"}) == [
        ("tiny/guidance.yaml", 1, "a key is no plain word", "write a word before the colon")
    ]


def test_a_mistake_made_many_times_is_told_three_times_and_counted(here: Path) -> None:
    told = problems(
        here, files() | {"guidance.yaml": "a: &x [1]\n" + "".join(f"b{i}: *x\n" for i in range(9))}
    )

    assert [message for _, _, message, _ in told] == ["an alias repeats another value"] * 2 + [
        "an alias repeats another value (and 6 more like it)"
    ]


def test_a_tab_is_refused_with_the_advice_to_use_spaces(here: Path) -> None:
    assert problems(here, files() | {"guidance.yaml": "guidance:\n\t- id: G1\n"}) == [
        (
            "tiny/guidance.yaml",
            2,
            "a tab stands in the indentation",
            "indent with spaces, never tabs",
        )
    ]


def test_a_quotation_mark_that_is_not_closed_is_refused(here: Path) -> None:
    [(file, line, message, hint)] = problems(here, files() | {"guidance.yaml": 'guidance: "open\n'})

    assert (file, line) == ("tiny/guidance.yaml", 2)
    assert "while scanning" in message or "unexpected end" in message
    assert hint == "check indentation, colons and quotes around this line"


CSV: list[tuple[str, str | bytes, Said]] = [
    (
        "a column is missing",
        "value,name\nIRQ,Iraq\n",
        (
            "tiny/vocabularies/country.csv",
            1,
            "the column label is missing",
            "the first line must be value,label and what you add",
        ),
    ),
    (
        "a column twice",
        "value,label,label\nIRQ,Iraq,Irak\n",
        ("tiny/vocabularies/country.csv", 1, "the column label stands twice", "keep one"),
    ),
    (
        "an empty cell",
        "value,label\nIRQ,\n",
        ("tiny/vocabularies/country.csv", 2, "label is empty", "fill it"),
    ),
    (
        "too many cells",
        "value,label\nIRQ,Iraq, Republic of\n",
        (
            "tiny/vocabularies/country.csv",
            2,
            "3 cells, and the header has 2",
            "put a cell with a comma in double quotes",
        ),
    ),
    (
        "not UTF-8",
        b"value,label\nCIV,C\xf4te d'Ivoire\n",
        ("tiny/vocabularies/country.csv", 2, "byte 17 is not UTF-8", "save the file as UTF-8"),
    ),
    (
        "an open quote",
        'value,label\nIRQ,"Iraq\n',
        (
            "tiny/vocabularies/country.csv",
            2,
            "not CSV: unexpected end of data",
            "look for a quotation mark that is not closed",
        ),
    ),
    (
        "nothing at all",
        "",
        (
            "tiny/vocabularies/country.csv",
            1,
            "the column value is missing",
            "the first line must be value,label and what you add",
        ),
    ),
]


@pytest.mark.parametrize(("content", "told"), [case[1:] for case in CSV], ids=[case[0] for case in CSV])
def test_a_vocabulary_in_a_broken_csv_file_is_refused(here: Path, content: str | bytes, told: Said) -> None:
    assert problems(here, files() | {"vocabularies/country.csv": content})[0] == told


def test_a_crosswalk_without_its_columns_or_values_is_refused(here: Path) -> None:
    found = files()
    found["crosswalks/more.csv"] = "code,target,match\n010,13,exact\n"
    found["crosswalks/other.csv"] += "010,other,,13,exact,\n"

    assert problems(here, found) == [
        ("tiny/crosswalks/more.csv", 1, "the column target_codebook is missing", CROSSWALK_HINT),
        ("tiny/crosswalks/more.csv", 1, "the column target_version is missing", CROSSWALK_HINT),
        ("tiny/crosswalks/more.csv", 1, "the column target_code is missing", CROSSWALK_HINT),
        ("tiny/crosswalks/more.csv", 1, "the column note is missing", CROSSWALK_HINT),
        ("tiny/crosswalks/more.csv", 1, "the column 'target' is unknown here", CROSSWALK_HINT),
        ("tiny/crosswalks/other.csv", 6, "target_version is empty", "fill it"),
    ]


CROSSWALK_HINT = "the first line must be code,target_codebook,target_version,target_code,match,note, and may have target_fields, vocabulary, target_vocabulary"


def test_codes_in_csv_keep_their_zeros_and_a_byte_order_mark_does_no_harm(here: Path) -> None:
    found = files()
    found["crosswalks/other.csv"] = "\ufeff" + found["crosswalks/other.csv"].replace("\n", "\r\n")

    crosswalks = load(write(here, found)).crosswalks

    assert [row.code for row in crosswalks] == ["010", "011", "020", "030"]
    assert [row.target_code for row in crosswalks] == ["13", "13", None, None]


def test_a_file_of_ten_megabytes_is_refused(here: Path) -> None:
    found = files() | {"guidance.yaml": b"# " + b"x" * 10_000_000}

    assert problems(here, found) == [
        ("tiny/guidance.yaml", None, "the file has 10,000,002 bytes", "split it: the limit is 10,000,000")
    ]


@pytest.mark.parametrize(
    "bomb",
    [
        "[" * 100 + "]" * 100,
        "{a: " * 100 + "}" * 100,
        "- " * 100,
        "[" * 100_000 + "]" * 100_000,
        "? " * 5_000,
    ],
)
def test_nesting_without_end_is_refused(here: Path, bomb: str) -> None:
    [(file, _, message, hint)] = problems(here, files() | {"guidance.yaml": bomb})

    assert file == "tiny/guidance.yaml"
    assert (message, hint) in [
        ("nested deeper than 40 levels", "flatten the file"),
        ("a key is no plain word", "write a word before the colon"),
    ]


def test_a_file_that_is_not_utf_8_is_refused_with_the_line(here: Path) -> None:
    found = files() | {"guidance.yaml": "guidance:\n  - id: G1\n    title: für\n".encode("latin-1")}

    assert problems(here, found) == [
        ("tiny/guidance.yaml", 3, "byte 33 is not UTF-8", "save the file as UTF-8")
    ]


def test_a_control_character_is_refused_with_its_line(here: Path) -> None:
    found = files() | {"guidance.yaml": b"guidance:\n  - id: G\x011\n"}

    assert problems(here, found) == [
        ("tiny/guidance.yaml", 2, "the control character U+0001 is not allowed", "remove it")
    ]


def test_a_number_may_begin_with_its_point() -> None:
    assert parse(b"minimum: [.667, -.5, 0.667]", "f.yaml").data["minimum"] == [0.667, -0.5, 0.667]


@pytest.mark.parametrize(
    ("number", "message"),
    [
        ("1e999", "1e999 is too large for a number"),
        ("1234567890123456789", "123456789012345678… is too long for a number"),
    ],
)
def test_a_number_that_would_change_when_read_is_refused(number: str, message: str) -> None:
    with pytest.raises(YamlError) as caught:
        parse(f"minimum: {number}".encode(), "f.yaml")

    assert [problem.message for problem in caught.value.problems] == [message]


def test_words_that_other_readers_take_for_values_stay_words() -> None:
    assert parse(
        b"a: no\nb: on\nc: 1_000\nd: 12:30\ne: .inf\nf: 0x1F\ng: NULL\nh: !!binary Zm9v\n", "f.yaml"
    ).data == {
        "a": "no",
        "b": "on",
        "c": "1_000",
        "d": "12:30",
        "e": ".inf",
        "f": "0x1F",
        "g": None,
        "h": "Zm9v",
    }


def test_a_file_that_cannot_be_read_is_a_problem_and_no_traceback(here: Path) -> None:
    found = files()
    del found["vocabularies/country.csv"]
    home = write(here, found)
    (home / "vocabularies/country.csv").mkdir()

    with pytest.raises(CodebookError) as caught:
        load(home)

    assert [str(problem) for problem in caught.value.problems] == [
        "tiny/vocabularies/country.csv\n  cannot be read: Is a directory"
    ]


@settings(deadline=None)
@given(
    st.binary(max_size=200) | st.text(alphabet="ab01:-[]{}&*!|>'\"#%@`, \n\t?", max_size=80).map(str.encode)
)
def test_any_bytes_are_a_document_or_a_yaml_error(data: bytes) -> None:
    problems: tuple[Problem, ...] = ()
    try:
        lines = [*parse(data, "f.yaml").lines.values()]
    except YamlError as error:
        problems, lines = error.problems, [problem.line for problem in error.problems]

    assert all(line is not None and line >= 1 for line in lines)
    assert all(problem.file == "f.yaml" and problem.message for problem in problems)


@settings(deadline=None)
@given(st.binary(max_size=120) | st.text(alphabet='value,label\n\r"; ', max_size=60).map(str.encode))
def test_any_bytes_are_rows_or_problems(data: bytes) -> None:
    wrong: list[Any] = []
    rows = csvfile.rows(data, "f.csv", ("value", "label"), wrong, more=None)

    assert all(set(row) and "" not in row.values() for _, row in rows)
    assert all(problem.message and problem.line for problem in wrong)


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**9), 10**9)
    | st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)


@settings(deadline=None)
@given(VALUES)
def test_what_json_says_is_read_as_it_stands(value: Any) -> None:
    import json

    assert parse(json.dumps(value, ensure_ascii=False).encode(), "f.yaml").data == value


def test_every_line_of_a_document_can_be_pointed_to() -> None:
    document = parse(b"a:\n  - b: 1\n    c: 2\n", "f.yaml")

    assert document.line(("a", 0, "c")) == 3
    assert document.line(("a", 0, "d", "e")) == 2
    assert (
        str(document.problem(("a", 0, "c"), "wrong", "mend it")) == "f.yaml:3  a[0].c\n  wrong\n  → mend it"
    )
    assert issubclass(YamlError, EventcodeError)
    assert yamlfile.dotted(("a", 0, "c")) == "a[0].c"


@pytest.mark.parametrize(
    "path", sorted(codebook_folder().rglob("*.yaml")), ids=lambda path: "/".join(path.parts[-3:])
)
def test_the_quick_reader_and_the_slow_one_agree(path: Path) -> None:
    text = path.read_text("utf-8")
    slow = yamlfile._Reader("f.yaml", text)
    value = slow.document()
    quick = parse(text.encode(), "f.yaml")

    assert quick.data == value
    assert {where: slow.lines[where] for where in quick.near} == quick.near


WORDS = st.text("ab 0é\n:#-", max_size=6)
NESTED = st.recursive(
    st.none() | st.booleans() | st.integers(-99, 99) | WORDS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text("ab0", min_size=1, max_size=3), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(NESTED)
def test_what_is_written_as_yaml_is_read_alike_by_both_readers(value: Any) -> None:
    text = yaml.safe_dump(json.loads(json.dumps(value)), allow_unicode=True)
    try:
        read = parse(text.encode(), "f.yaml")
    except YamlError:
        return  # a number that lost its quotes, say: the slow reader has spoken
    slow = yamlfile._Reader("f.yaml", text)

    assert read.data == slow.document()
    assert {where: slow.lines[where] for where in read.near} == read.near
