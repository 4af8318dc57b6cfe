"""What a broken codebook gets: every problem with its file, its line, what is wrong and the remedy, word for word."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from eventcode.codebook.load import find, load
from eventcode.errors import CodebookError
from eventcode.model import ACTS, TIERS
from tiny_codebook import Files, code, files, write
from tiny_parts import problems, spoilt


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder: messages name files relative to it."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


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

    assert problems(here, found) == [
        ("tiny/events/all.yaml", 19, "code 011: its parent '101' does not exist", "did you mean '011'?")
    ]


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
        (
            "tiny/events/more.yaml",
            2,
            "the code '020' is defined twice",
            "the first is at tiny/events/all.yaml:37  event_types[2]: keep one",
        )
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
    assert problems(
        here, spoilt("codebook.yaml", "licence: CC-BY-4.0", "licence: MIT\nlicence: CC-BY-4.0")
    ) == [("tiny/codebook.yaml", 6, "the key 'licence' stands twice", "the first is on line 5: keep one")]


def test_an_unknown_key_is_refused_with_the_one_that_was_meant(here: Path) -> None:
    assert problems(
        here, spoilt("fields.yaml", "  question: Setting?", "  question: Setting?\n  requierd: true")
    ) == [("tiny/fields.yaml", 25, "'requierd' is unknown here", "did you mean 'required'?")]


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
        (
            "tiny/codebook.yaml",
            15,
            '"sourcing" is not written as it must be',
            "write id@version, such as sourcing@1",
        )
    ]


def test_a_module_of_another_version_is_refused(here: Path) -> None:
    found = files()
    found["codebook.yaml"]["uses"] = ["sourcing@2"]
    del found["vocabularies/actor_kind.yaml"]  # the module brings it

    assert problems(here, found) == [
        (
            "tiny/codebook.yaml",
            15,
            "sourcing@2 is wanted, 1.0.0 is here",
            "write sourcing@1.0.0, and see its CHANGELOG for what changed",
        )
    ]


def module(name: str, *uses: str) -> Files:
    card: dict[str, Any] = {
        "id": name,
        "title": name,
        "version": "1.0.0",
        "kind": "module",
        "licence": "MIT",
        "description": "-",
    }
    return {"codebook.yaml": card | {"uses": list(uses)}}


def test_two_modules_that_want_different_versions_of_a_third_are_refused(here: Path) -> None:
    write(here, module("one", "deep@1"), "one")
    write(here, module("two", "deep@2"), "two")
    write(here, module("deep"), "deep")
    found = files()
    found["codebook.yaml"]["uses"] = ["one@1", "two@1"]

    assert problems(here, found, [here]) == [
        (
            "two/codebook.yaml",
            8,
            "deep@2 is wanted, 1.0.0 is here",
            "write deep@1.0.0, and see its CHANGELOG for what changed",
        )
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

    assert problems(here, found) == [
        ("tiny/codebook.yaml", 15, "no codebook 'sorcing'", "did you mean 'sourcing'?")
    ]


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
        (
            4,
            "gov: 'June 1921' is no date",
            "write a date as 2025-06-16, 2025-06, 2025, 2025-01/2025-06-16, 2025-01/.. or 2025-04~",
        ),
    ]


def test_a_codebook_that_is_not_there_is_named_with_those_that_are(here: Path) -> None:
    with pytest.raises(CodebookError) as caught:
        find("zzz", [write(here, files()).parent])

    assert str(caught.value) == "no codebook 'zzz'\n  → there are: other, tiny"


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
