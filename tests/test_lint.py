"""Each line of the linter: a codebook it objects to, in its exact words, and one with which it has no quarrel."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import faults_in_codes
import faults_in_history
import faults_in_lists
import faults_in_rules
from eventcode.bundled import codebook_folder
from eventcode.checks.engine import Result
from eventcode.codebook import lint as static
from eventcode.codebook.load import load, names
from eventcode.errors import CodebookError
from eventcode.pipeline import lint
from tiny_codebook import Files, files, vocabulary, write
from tiny_parts import Change, codes, rule

SPOILT = [
    *faults_in_codes.FAULTS,
    *faults_in_lists.FAULTS,
    *faults_in_history.FAULTS,
    *faults_in_rules.FAULTS,
]
LINES = (*static.RULES, *lint.RULES, static.UNUSED)


def linted(folder: Path, found: Files, **options: Any) -> Result:
    return lint.check(write(folder, found), **options)


def said(result: Result) -> list[tuple[str, str]]:
    return [(finding.rule, finding.message) for finding in result.findings]


def test_the_linter_has_nothing_to_say_of_a_codebook_without_fault(tmp_path: Path) -> None:
    result = linted(tmp_path, files())

    assert said(result) == []
    assert {count.rule for count in result.counts} == {found.id for found in LINES}
    assert all(count.passed == count.rows > 0 for count in result.counts)


@pytest.mark.parametrize(
    ("name", "change", "message"), SPOILT, ids=[f"{name} {message}"[:70] for name, _, message in SPOILT]
)
def test_a_fault_is_found_with_its_place_and_its_remedy(
    tmp_path: Path, name: str, change: Change, message: str
) -> None:
    found = files()
    change(found)

    result = linted(tmp_path, found)

    assert (f"lint.{name}", message) in said(result)
    finding = next(f for f in result.findings if (f.rule, f.message) == (f"lint.{name}", message))
    line = next(rule for rule in LINES if rule.id == finding.rule)
    assert Path(finding.place.file).is_file()
    assert finding.place.line or line.table == "codebook" or name in ("crosswalk-gaps", "intensity-scale")
    assert finding.severity == line.severity
    assert finding.hint
    assert finding.key


def test_every_line_of_the_linter_is_tried_here() -> None:
    tried = {f"lint.{name}" for name, _, _ in SPOILT} | {"lint.folder-name", "lint.rule-binds"}

    assert {rule.id for rule in LINES} == tried


def test_every_line_of_the_linter_says_what_it_asks_and_what_to_do() -> None:
    for line in LINES:
        assert line.about
        assert line.hint
        assert line.severity in ("error", "warning")
        assert line.find.__doc__ or line is static.UNUSED


def test_a_codebook_in_a_folder_of_another_name_is_reported(tmp_path: Path) -> None:
    result = lint.check(write(tmp_path, files(), "small"))

    assert said(result) == [("lint.folder-name", "the id is 'tiny' and the folder 'small'")]


def test_a_rule_that_the_database_refuses_is_reported_with_its_place(tmp_path: Path) -> None:
    found = files()
    rule(found).update(require="year(deadline_start) > length(realis) or regexp_matches(realis, '(')")

    [finding] = [f for f in linted(tmp_path, found, rule_examples=False).findings if f.severity == "error"]

    assert finding.rule == "lint.rule-binds"
    assert finding.message.startswith("tiny.some-sites: ")
    assert finding.place.line == 2


def test_a_shared_verb_is_no_fault(tmp_path: Path) -> None:
    found = files()
    assert codes(found)[1]["triggers"]["verbs"] == codes(found)[2]["triggers"]["verbs"]

    assert said(linted(tmp_path, found, rule_examples=False)) == []


def test_a_label_may_come_again_further_off(tmp_path: Path) -> None:
    found = files()
    codes(found)[1].update(label="Leave")

    assert said(linted(tmp_path, found, rule_examples=False)) == []


def test_a_codebook_that_does_not_load_is_reported_problem_by_problem(tmp_path: Path) -> None:
    found = files()
    codes(found)[1].update(parent="012", colour="red")
    del codes(found)[2]["label"]

    result = linted(tmp_path, found)

    assert said(result) == [
        ("lint.loads", "'colour' is unknown here"),
        ("lint.loads", "'label' is missing"),
    ]
    assert [finding.place.path for finding in result.findings] == ["event_types[1].colour", "event_types[2]"]
    assert result.errors == 2


def test_a_codebook_that_is_not_there_is_an_error_and_no_finding(tmp_path: Path) -> None:
    with pytest.raises(CodebookError, match="no codebook 'sourcin'") as caught:
        lint.check("sourcin")

    assert caught.value.hint == "did you mean 'sourcing'?"


def test_an_example_of_a_module_is_held_against_the_codes_that_it_names(tmp_path: Path) -> None:
    module = {
        "codebook.yaml": {
            "id": "told",
            "title": "Told",
            "version": "1.0.0",
            "kind": "module",
            "licence": "MIT",
            "description": "Who.",
        },
        "examples/all.yaml": {
            "codes_of": "tiny",
            "examples": [{"name": "theirs", "text": "Gone.", "expect": [{"event_type": "099"}]}],
        },
    }
    write(tmp_path, module, "told")
    one, other = files(), files()
    one["codebook.yaml"]["uses"] = ["told@1"]
    other["codebook.yaml"] |= {"uses": ["told@1"], "id": "another"}
    write(tmp_path, one, "tiny")
    write(tmp_path, other, "another")

    assert said(lint.check("tiny", [tmp_path])) == [
        ("lint.example-codes", "example 'theirs': there is no code '099'")
    ]
    assert said(lint.check("another", [tmp_path])) == []


@pytest.mark.parametrize("name", names([codebook_folder()]))
def test_the_bundled_codebooks_pass_with_every_warning_explained(name: str) -> None:
    findings = lint.check(name, rule_examples=False).findings

    assert [str(found) for found in findings if not found.waived] == []
    assert all(len(str(found.waived).split()) >= 8 for found in findings), "an explanation is a sentence"


def test_the_terms_of_a_vocabulary_file_and_of_a_csv_have_their_lines(tmp_path: Path) -> None:
    found = files() | {"vocabularies/extent.yaml": vocabulary("extent", ["all", "some"])}
    codebook = load(write(tmp_path, found))

    assert [term.place.line for term in codebook.vocabularies["country"].terms] == [2, 3]
    assert [term.place.line for term in codebook.vocabularies["extent"].terms] == [4, 6]
