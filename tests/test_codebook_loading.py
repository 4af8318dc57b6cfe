"""What a broken codebook gets: every problem with its file, its line, what is wrong and the remedy, word for word."""

from __future__ import annotations


from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventcode import yamlfile
from eventcode.codebook import csvfile
from eventcode.codebook.load import find, load
from eventcode.errors import CodebookError, EventcodeError
from eventcode.model import ACTS, TIERS
from eventcode.yamlfile import YamlError, parse
from tiny_codebook import Files, code, files, write

Said = tuple[str, int | None, str, str]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder: messages name files relative to it."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def problems(folder: Path, found: Files, folders: list[Path] | None = None) -> list[Said]:
    """(file, line, message, hint) of every problem of a codebook that must not load."""
    with pytest.raises(CodebookError) as caught:
        load(write(folder, found), folders or [])
    return [(problem.file, problem.line, problem.message, problem.hint) for problem in caught.value.problems]


def spoilt(path: str, old: str, new: str) -> Files:
    """The tiny codebook with one file as text, `old` in it replaced by `new`."""
    found = files()
    home = write(Path.cwd() / "before", found)
    text = (home / path).read_text("utf-8")
    assert text.count(old) >= 1
    return found | {path: text.replace(old, new, 1)}


def test_a_good_codebook_loads_with_everything_in_its_place(here: Path) -> None:
    codebook = load(write(here, files()))

    assert codebook.reference == "tiny@1.2.0"
    assert [*codebook.event_types] == ["010", "011", "020", "030"]
    assert codebook.codes == ("010", "011", "020")
    assert codebook.event_types["011"].place.file == "tiny/events/all.yaml"
    assert codebook.ancestors("011") == ("010",)
    assert codebook.actors["front.north"].place.line == 14
    assert codebook.event_types["030"].tier == "root"
    assert {kind.act for kind in codebook.event_types.values()} <= set(ACTS)
    assert {kind.tier for kind in codebook.event_types.values()} <= set(TIERS)


def test_what_an_example_says_of_its_document_and_support_is_kept(here: Path) -> None:
    found = files()
    found["examples/all.yaml"]["examples"][0]["document"] = {"publisher": "delta"}

    example = load(write(here, found)).examples[0]

    assert example.document == {"publisher": "delta"}
    assert example.support == ({"source": "s1"},)


def test_an_unquoted_code_is_refused(here: Path) -> None:
    assert problems(here, spoilt("events/all.yaml", 'code: "010"', "code: 010")) == [
        ("tiny/events/all.yaml", 2, "010 is unquoted", 'write "010": a code is text, and would lose its zero')
    ]


def test_a_code_that_is_a_number_is_refused(here: Path) -> None:
    assert problems(here, spoilt("events/all.yaml", 'code: "010"', "code: 110")) == [
        ("tiny/events/all.yaml", 2, "110 is not text", 'put it in quotes: "110"')
    ]


def test_a_version_without_quotes_is_refused(here: Path) -> None:
    found = files()
    found["codebook.yaml"]["version"] = 1.2

    assert problems(here, found) == [("tiny/codebook.yaml", 3, "1.2 is not text", 'put it in quotes: "1.2"')]


def test_an_unknown_parent_is_refused(here: Path) -> None:
    found = files()
    found["events/all.yaml"]["event_types"][1]["parent"] = "101"

    assert problems(here, found) == [("tiny/events/all.yaml", 19, "code 011: its parent '101' does not exist", "did you mean '011'?")]


def test_codes_that_go_round_in_a_circle_are_refused(here: Path) -> None:
    found = files()
    kinds = found["events/all.yaml"]["event_types"]
    kinds[0]["parent"] = "011"
    kinds.append(code("012", "below", "Below", "word", "011"))

    assert [problem[2:] for problem in problems(here, found)] == [
        ("code 010 is its own ancestor", "mend the parents"),
        ("code 011 is its own ancestor", "mend the parents"),
    ]


def test_a_code_in_two_files_is_refused_with_both_places(here: Path) -> None:
    found = files()
    found["events/more.yaml"] = {"event_types": [code("020", "leave_again", "Leave again", "deed")]}

    assert problems(here, found) == [
        ("tiny/events/more.yaml", 2, "the code '020' is defined twice", "the first is at tiny/events/all.yaml:37  event_types[2]: keep one")
    ]


def test_a_field_a_rule_and_a_value_that_stand_twice_are_refused(here: Path) -> None:
    found = files()
    found["fields.yaml"]["fields"].append(found["fields.yaml"]["fields"][1])
    found["rules.yaml"]["rules"] *= 2
    found["vocabularies/country.csv"] += "IRQ,Iraq again\n"

    assert [problem[2] for problem in problems(here, found)] == [
        "the field 'codings.realis' is defined twice",
        "the rule 'tiny.some-sites' is defined twice",
        "the value 'IRQ' stands twice",
    ]


def test_a_key_that_stands_twice_is_refused(here: Path) -> None:
    assert problems(here, spoilt("codebook.yaml", "licence: CC-BY-4.0", "licence: MIT\nlicence: CC-BY-4.0")) == [
        ("tiny/codebook.yaml", 6, "the key 'licence' stands twice", "the first is on line 5: keep one")
    ]


@pytest.mark.parametrize(
    "text", ["a: &x [1]\nb: *x\n", "a: &x word\nb: *x\n", "a: &x {c: 1}\nb: {d: *x}\n"], ids=["list", "word", "mapping"]
)
def test_an_alias_is_refused(here: Path, text: str) -> None:
    [(file, line, message, hint)] = problems(here, files() | {"guidance.yaml": text})

    assert (file, line) == ("tiny/guidance.yaml", 2)
    assert message == "an alias repeats another value"
    assert hint == "write the value out: aliases are not used here"


def test_an_alias_of_nothing_and_a_key_that_is_no_word_are_refused(here: Path) -> None:
    assert problems(here, files() | {"guidance.yaml": "a: *x\n"}) == [
        ("tiny/guidance.yaml", 1, "an alias repeats another value", "write the value out: aliases are not used here")
    ]
    assert problems(here, files() | {"guidance.yaml": "? [a, b]\n: c\n"}) == [
        ("tiny/guidance.yaml", 1, "a key is no plain word", "write a word before the colon")
    ]


def test_a_tab_is_refused_with_the_advice_to_use_spaces(here: Path) -> None:
    assert problems(here, files() | {"guidance.yaml": "guidance:\n\t- id: G1\n"}) == [
        ("tiny/guidance.yaml", 2, "found character that cannot start any token", "indent with spaces, never tabs")
    ]


def test_a_quotation_mark_that_is_not_closed_is_refused(here: Path) -> None:
    [(file, line, message, hint)] = problems(here, files() | {"guidance.yaml": 'guidance: "open\n'})

    assert (file, line) == ("tiny/guidance.yaml", 2)
    assert "while scanning" in message or "unexpected end" in message
    assert hint == "check indentation, colons and quotes around this line"


def test_an_unknown_key_is_refused_with_the_one_that_was_meant(here: Path) -> None:
    assert problems(here, spoilt("fields.yaml", "  question: Setting?", "  question: Setting?\n  requierd: true")) == [
        ("tiny/fields.yaml", 25, "'requierd' is unknown here", "did you mean 'required'?")
    ]


def test_a_value_that_is_not_allowed_is_refused_with_the_one_that_was_meant(here: Path) -> None:
    assert problems(here, spoilt("fields.yaml", "level: hierarchical", "level: hierachical")) == [
        ("tiny/fields.yaml", 7, '"hierachical" is not allowed here', "did you mean 'hierarchical'?")
    ]


def test_every_missing_key_is_told_once(here: Path) -> None:
    found = files()
    for name in ("label", "definition"):
        del found["events/all.yaml"]["event_types"][2][name]

    assert problems(here, found) == [
        ("tiny/events/all.yaml", 37, "'label' is missing", "add label:"),
        ("tiny/events/all.yaml", 37, "'definition' is missing", "add definition:"),
    ]


def test_a_module_without_its_version_is_refused(here: Path) -> None:
    found = files()
    found["codebook.yaml"]["uses"] = ["sourcing"]

    assert problems(here, found) == [
        ("tiny/codebook.yaml", 15, '"sourcing" is not written as it must be', "write id@version, such as sourcing@1")
    ]


def test_a_module_of_another_version_is_refused(here: Path) -> None:
    found = files()
    found["codebook.yaml"]["uses"] = ["sourcing@2"]
    del found["vocabularies/actor_kind.yaml"]  # the module brings it

    assert problems(here, found) == [
        ("tiny/codebook.yaml", 15, "sourcing@2 is wanted, 1.0.0 is here", "write sourcing@1.0.0, and see its CHANGELOG for what changed")
    ]


def module(name: str, *uses: str) -> Files:
    card: dict[str, Any] = {"id": name, "title": name, "version": "1.0.0", "kind": "module", "licence": "MIT", "description": "-"}
    return {"codebook.yaml": card | {"uses": list(uses)}}


def test_two_modules_that_want_different_versions_of_a_third_are_refused(here: Path) -> None:
    write(here, module("one", "deep@1"), "one")
    write(here, module("two", "deep@2"), "two")
    write(here, module("deep"), "deep")
    found = files()
    found["codebook.yaml"]["uses"] = ["one@1", "two@1"]

    assert problems(here, found, [here]) == [
        ("two/codebook.yaml", 8, "deep@2 is wanted, 1.0.0 is here", "write deep@1.0.0, and see its CHANGELOG for what changed")
    ]


def test_modules_that_use_each_other_are_refused(here: Path) -> None:
    write(here, module("one", "two@1"), "one")
    write(here, module("two", "one@1"), "two")
    found = files()
    found["codebook.yaml"]["uses"] = ["one@1"]

    assert problems(here, found, [here]) == [
        ("two/codebook.yaml", 8, "'one@1' leads back to itself: tiny → one → two → one", "break the circle")
    ]


def test_a_module_that_is_not_there_is_refused(here: Path) -> None:
    found = files()
    found["codebook.yaml"]["uses"] = ["sorcing@1"]

    assert problems(here, found) == [("tiny/codebook.yaml", 15, "no codebook 'sorcing'", "did you mean 'sourcing'?")]


def test_a_field_whose_vocabulary_is_not_there_is_refused(here: Path) -> None:
    found = files()
    del found["vocabularies/extent.yaml"]
    found["fields.yaml"]["fields"][5]["vocabulary"] = "contry"
    del found["fields.yaml"]["fields"][2]["vocabulary"]

    assert [problem[2:] for problem in problems(here, found)] == [
        ("codings.setting names no vocabulary", "add vocabulary: with the id of a closed list"),
        ("codings.extent: no vocabulary 'extent'", "one of: country, act, actor_kind, quad, realis, setting"),
        ("codings.n_sites: no vocabulary 'contry'", "did you mean 'country'?"),
    ]


def test_an_actor_who_belongs_to_nobody_or_whose_date_is_none_is_refused(here: Path) -> None:
    found = files()
    actors = found["vocabularies/actors.yaml"]["actors"]
    actors[0]["valid_from"] = "June 1921"
    actors[2]["parents"][0]["actor"] = "frunt"

    assert [problem[1:] for problem in problems(here, found)] == [
        (14, "front.north: no actor 'frunt'", "did you mean 'front'?"),
        (4, "gov: 'June 1921' is no date", "write a date as 2025-06-16, 2025-06, 2025, 2025-01/2025-06-16, 2025-01/.. or 2025-04~"),
    ]


CSV: list[tuple[str, str | bytes, Said]] = [
    ("a column is missing", "value,name\nIRQ,Iraq\n", ("tiny/vocabularies/country.csv", 1, "the column label is missing",
                                                         "the first line must be value,label and what you add")),
    ("a column twice", "value,label,label\nIRQ,Iraq,Irak\n", ("tiny/vocabularies/country.csv", 1, "the column label stands twice", "keep one")),
    ("an empty cell", "value,label\nIRQ,\n", ("tiny/vocabularies/country.csv", 2, "label is empty", "fill it")),
    ("too many cells", "value,label\nIRQ,Iraq, Republic of\n",
     ("tiny/vocabularies/country.csv", 2, "3 cells, and the header has 2", "put a cell with a comma in double quotes")),
    ("not UTF-8", b"value,label\nCIV,C\xf4te d'Ivoire\n", ("tiny/vocabularies/country.csv", 2, "byte 17 is not UTF-8", "save the file as UTF-8")),
    ("an open quote", 'value,label\nIRQ,"Iraq\n',
     ("tiny/vocabularies/country.csv", 2, "not CSV: unexpected end of data", "look for a quotation mark that is not closed")),
    ("nothing at all", "", ("tiny/vocabularies/country.csv", 1, "the column value is missing", "the first line must be value,label and what you add")),
]  # fmt: skip


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


CROSSWALK_HINT = "the first line must be code,target_codebook,target_version,target_code,match,note"


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


@pytest.mark.parametrize("bomb", ["[" * 100 + "]" * 100, "{a: " * 100 + "}" * 100, "- " * 100, "[" * 100_000 + "]" * 100_000, "? " * 5_000])
def test_nesting_without_end_is_refused(here: Path, bomb: str) -> None:
    [(file, line, message, hint)] = problems(here, files() | {"guidance.yaml": bomb})

    assert file == "tiny/guidance.yaml"
    assert (message, hint) in [
        ("nested deeper than 40 levels", "flatten the file"),
        ("a key is no plain word", "write a word before the colon"),
    ]


def test_a_file_that_is_not_utf_8_is_refused_with_the_line(here: Path) -> None:
    found = files() | {"guidance.yaml": "guidance:\n  - id: G1\n    title: für\n".encode("latin-1")}

    assert problems(here, found) == [("tiny/guidance.yaml", 3, "byte 33 is not UTF-8", "save the file as UTF-8")]


def test_a_control_character_is_refused_with_its_line(here: Path) -> None:
    found = files() | {"guidance.yaml": b"guidance:\n  - id: G\x011\n"}

    assert problems(here, found) == [("tiny/guidance.yaml", 2, "the control character U+0001 is not allowed", "remove it")]


@pytest.mark.parametrize(
    ("number", "message"),
    [("1e999", "1e999 is too large for a number"), ("1234567890123456789", "123456789012345678… is too long for a number")],
)
def test_a_number_that_would_change_when_read_is_refused(number: str, message: str) -> None:
    with pytest.raises(YamlError) as caught:
        parse(f"minimum: {number}".encode(), "f.yaml")

    assert [problem.message for problem in caught.value.problems] == [message]


def test_words_that_other_readers_take_for_values_stay_words() -> None:
    assert parse(b"a: no\nb: on\nc: 1_000\nd: 12:30\ne: .inf\nf: 0x1F\ng: NULL\nh: !!binary Zm9v\n", "f.yaml").data == {
        "a": "no", "b": "on", "c": "1_000", "d": "12:30", "e": ".inf", "f": "0x1F", "g": None, "h": "Zm9v",
    }  # fmt: skip


def test_a_file_that_cannot_be_read_is_a_problem_and_no_traceback(here: Path) -> None:
    found = files()
    del found["vocabularies/country.csv"]
    home = write(here, found)
    (home / "vocabularies/country.csv").mkdir()

    with pytest.raises(CodebookError) as caught:
        load(home)

    assert [str(problem) for problem in caught.value.problems] == ["tiny/vocabularies/country.csv\n  cannot be read: Is a directory"]


def test_a_codebook_that_is_not_there_is_named_with_those_that_are(here: Path) -> None:
    with pytest.raises(CodebookError) as caught:
        find("zzz", [write(here, files()).parent])

    assert str(caught.value) == "no codebook 'zzz'\n  → there are: tiny"


def test_the_whole_error_says_file_line_value_and_remedy(here: Path) -> None:
    found = files()
    found["events/all.yaml"]["event_types"][1]["parent"] = "101"

    with pytest.raises(CodebookError) as caught:
        load(write(here, found))

    assert str(caught.value) == (
        "tiny does not hold together: 1 problem\n"
        "tiny/events/all.yaml:19  event_types[1]\n"
        "  code 011: its parent '101' does not exist\n"
        "  → did you mean '011'?"
    )


def test_the_digest_changes_with_every_word_and_not_with_the_line_ends(here: Path) -> None:
    found = files()
    digest = load(write(here / "a", found)).digest
    home = write(here / "b", found)
    for path in home.rglob("*.yaml"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    found["guidance.yaml"]["guidance"][0]["text"] = "Read it twice."

    assert load(home).digest == digest
    assert load(write(here / "c", found)).digest != digest


@given(st.binary(max_size=200) | st.text(alphabet="ab01:-[]{}&*!|>'\"#%@`, \n\t?", max_size=80).map(str.encode))
def test_any_bytes_are_a_document_or_a_yaml_error(data: bytes) -> None:
    try:
        document = parse(data, "f.yaml")
    except YamlError as error:
        assert error.problems
        assert all(problem.file == "f.yaml" and problem.message for problem in error.problems)
    else:
        assert all(line >= 1 for line in document.lines.values())


@given(st.binary(max_size=120) | st.text(alphabet='value,label\n\r"; ', max_size=60).map(str.encode))
def test_any_bytes_are_rows_or_problems(data: bytes) -> None:
    wrong: list[Any] = []
    rows = csvfile.rows(data, "f.csv", ("value", "label"), wrong, more=True)

    assert all(set(row) and "" not in row.values() for _, row in rows)
    assert all(problem.message and problem.line for problem in wrong)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-10**9, 10**9) | st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)


@given(VALUES)
def test_what_json_says_is_read_as_it_stands(value: Any) -> None:
    import json

    assert parse(json.dumps(value, ensure_ascii=False).encode(), "f.yaml").data == value


def test_every_line_of_a_document_can_be_pointed_to() -> None:
    document = parse(b"a:\n  - b: 1\n    c: 2\n", "f.yaml")

    assert document.line(("a", 0, "c")) == 3
    assert document.line(("a", 0, "d", "e")) == 2
    assert str(document.problem(("a", 0, "c"), "wrong", "mend it")) == "f.yaml:3  a[0].c\n  wrong\n  → mend it"
    assert issubclass(YamlError, EventcodeError)
    assert yamlfile.dotted(("a", 0, "c")) == "a[0].c"


