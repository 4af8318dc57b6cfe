"""Each line of the linter: a codebook it objects to, in its exact words, and one with which it has no quarrel."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from eventcode.checks.engine import Result
from eventcode.codebook import lint as static
from eventcode.codebook.load import load
from eventcode.errors import CodebookError
from eventcode.pipeline import lint
from tiny_codebook import Files, code, field, files, vocabulary, write

Change = Callable[[Files], object]


def codes(found: Files) -> list[dict[str, Any]]:
    return found["events/all.yaml"]["event_types"]


def fields(found: Files) -> list[dict[str, Any]]:
    return found["fields.yaml"]["fields"]


def rule(found: Files) -> dict[str, Any]:
    return found["rules.yaml"]["rules"][0]


def actors(found: Files) -> list[dict[str, Any]]:
    return found["vocabularies/actors.yaml"]["actors"]


def examples(found: Files) -> list[dict[str, Any]]:
    return found["examples/all.yaml"]["examples"]


def terms(found: Files, name: str) -> list[dict[str, Any]]:
    return found[f"vocabularies/{name}.yaml"]["terms"]


def crosswalk(found: Files, line: str) -> None:
    found["crosswalks/other.csv"] += line + "\n"


# (lint rule, what is spoilt, what the linter says)
SPOILT: list[tuple[str, Change, str]] = [
    ("codes-collide", lambda f: codes(f).append(code("10", "ten", "Ten", "deed", "020", stata_value=99)),
     "'10' and '010' are the same number"),
    ("codes-collide", lambda f: codes(f).extend([code("7", "a", "A", "deed", "020", stata_value=97) | {"code": "EVENT.Mode"},
                                                 code("8", "b", "B", "deed", "020", stata_value=98) | {"code": "event mode"}]),
     "'event mode' and 'EVENT.Mode' differ only by case, spacing or punctuation"),
    ("stata-value", lambda f: codes(f)[1].update(stata_value=10), "code 011 has the stata_value 10, which code 010 has too"),
    ("stata-value", lambda f: codes(f)[1].update(stata_value=20) or codes(f)[2].update(stata_value=21),
     "code 011 has the stata_value 20, which reads as code 020"),
    ("stata-value", lambda f: codes(f)[1].pop("stata_value"), "code 011 has no stata_value, and others have"),
    ("code-names", lambda f: codes(f)[1].update(name="threaten"), "codes 010 and 011 have the name 'threaten'"),
    ("tier", lambda f: codes(f)[0].update(tier="core"), "code 010 has the tier 'core' and no parent"),
    ("tier", lambda f: codes(f)[1].update(tier="root"), "code 011 has the tier 'root' and the parent '010'"),
    ("tier", lambda f: codes(f)[1].update(tier="negative"), "code 011 has the tier 'negative' and the act 'word'"),
    ("excludes-see", lambda f: codes(f)[0]["excludes"][0].update(see="021"), "code 010 points to '021', which does not exist"),
    ("excludes-see", lambda f: codes(f)[0]["excludes"][0].update(see="010"), "code 010 excludes 'done' and points to itself"),
    ("requires-known", lambda f: codes(f)[2].update(requires=["actor", "n_site"]),
     "code 020 requires 'n_site', which is neither a role nor a field"),
    ("type-values", lambda f: codes(f)[2].update(realis=["occured"]), "code 020 has the realis 'occured', which is not in vocabulary realis"),
    ("type-values", lambda f: codes(f)[2].update(quad="cooperation"), "code 020 has the quad 'cooperation', which is not in vocabulary quad"),
    ("type-values", lambda f: codes(f)[2].update(act="mixed"), "code 020 has the act 'mixed', which is not in vocabulary act"),
    ("type-values", lambda f: codes(f)[2].update(realis=[]), "code 020 allows no realis, so no coding can carry it"),
    ("intensity-scale", lambda f: codes(f)[2].update(intensity=10.5),
     "code 020 has the intensity 10.5; the scale runs from -10 to 10"),
    ("intensity-scale", lambda f: f["codebook.yaml"].pop("scales"),
     "code 010 has an intensity, and codebook.yaml declares no scale 'intensity'"),
    ("intensity-sign", lambda f: codes(f)[0].update(intensity=3), "code 010 is verbal_conflict and has the intensity 3"),
    ("intensity-sign", lambda f: codes(f)[2].update(intensity=-1), "code 020 is material_cooperation and has the intensity -1"),
    ("sibling-labels", lambda f: codes(f)[2].update(label="Threaten"), "siblings 010 and 020 are both called 'Threaten'"),
    ("label-twins", lambda f: codes(f)[2].update(label="threaten\u00a0"),
     "the labels of 010, 020 differ only by case, spacing or punctuation: 'Threaten', 'threaten\u00a0'"),
    ("code-example", lambda f: examples(f).pop(2), "no example shows code 020 (Leave)"),
    ("code-lookalike", lambda f: examples(f)[0].update({"not": ["020"]}),
     "no example looks like code 011 (Give an ultimatum) and is not"),
    ("trigger-shared", lambda f: codes(f)[2]["triggers"].update(phrases=["Or else"]),
     "the trigger phrase 'Or else' stands at code 011 and at code 020"),
    ("field-columns", lambda f: fields(f).append(field("lat", "string", "text")), "codings.lat: the column lat of codings is float64, not string"),
    ("field-columns", lambda f: fields(f).append(field("reading_id", "string", "text")),
     "codings.reading_id: the column reading_id of codings is not a coder's to fill"),
    ("field-columns", lambda f: fields(f).append(field("deadline_missing", "string", "text")),
     "codings.deadline_missing and codings.deadline both need the column deadline_missing"),
    ("field-bounds", lambda f: fields(f)[5].update(minimum=100), "codings.n_sites is at least 100 and at most 99"),
    ("field-bounds", lambda f: fields(f)[3].update(minimum=1), "codings.deadline has a minimum or maximum and is of type date"),
    ("level-fits-type", lambda f: fields(f)[5].update(level="nominal"), "codings.n_sites is of type integer and level nominal"),
    ("aggregate-fits-type", lambda f: fields(f)[4].update(aggregate="range"), "codings.extent is of type code and aggregates by range"),
    ("missing-values", lambda f: fields(f)[2].update(missing_values=["unkown"]),
     "codings.setting: the missing value 'unkown' is not in vocabulary setting"),
    ("missing-values", lambda f: f["vocabularies/setting.yaml"].update(missing_values=["none"]),
     "vocabulary setting: the missing value 'none' is not among its values"),
    ("scale-values", lambda f: fields(f)[4].update(scale={"best": "most", "worst": "some"}),
     "codings.extent: the best value 'most' is not in vocabulary extent"),
    ("scale-values", lambda f: fields(f)[4].update(scale={"best": "all", "worst": "all"}), "codings.extent: best and worst are both 'all'"),
    ("scale-direction", lambda f: fields(f)[4].pop("scale"), "codings.extent is ordinal, and its scale names no best and worst"),
    ("not-stated", lambda f: fields(f)[2].pop("missing_values"),
     "codings.setting is required and has no way to say that the text does not tell"),
    ("value-twins", lambda f: terms(f, "extent").append({"value": "Some\u00a0", "label": "Rest"}),
     "vocabulary extent: 'some', 'Some\u00a0' differ only by case, spacing or punctuation"),
    ("term-labels", lambda f: terms(f, "extent").append({"value": "rest", "label": "some"}),
     "vocabulary extent: 'some', 'rest' are all called 'Some'"),
    ("term-parents", lambda f: terms(f, "extent")[0].update(parent="whole"),
     "vocabulary extent: the parent 'whole' of 'all' is no other value of it"),
    ("actor-kind", lambda f: actors(f)[0].update(kind="sate"), "actor gov has the kind 'sate', which is not in vocabulary actor_kind"),
    ("actor-country", lambda f: actors(f)[0].update(country="IRK"), "actor gov has the country 'IRK', which is not in vocabulary country"),
    ("actor-dates", lambda f: actors(f)[0].update(valid_to="1920"), "actor gov ends (1920) before it starts (1921)"),
    ("actor-dates", lambda f: actors(f)[2]["parents"][0].update(to="2013"),
     "actor front.north, part_of front, ends (2013) before it starts (2014)"),
    ("actor-circle", lambda f: actors(f)[1].update(parents=[{"actor": "front.north", "relation": "member_of"}]),
     "actor front is a member or part of itself"),
    ("actor-names", lambda f: actors(f)[2].update(aliases=["the FRONT"]), "the name 'The Front' stands for 'front', 'front.north'"),
    ("crosswalk-rows", lambda f: crosswalk(f, "012,other,1,13,exact,"), "the crosswalk to other@1 has code '012', which does not exist"),
    ("crosswalk-rows", lambda f: crosswalk(f, "010,other,1,14,same,"), "'same' is no match"),
    ("crosswalk-rows", lambda f: crosswalk(f, "010,other,1,,close,"), "code 010 has the match 'close' and no target"),
    ("crosswalk-rows", lambda f: crosswalk(f, "010,other,1,13,close,"), "code 010 is mapped to the same target twice"),
    ("crosswalk-gaps", lambda f: f.update({"crosswalks/other.csv": f["crosswalks/other.csv"].replace("020,other,1,,none,\n", "")}),
     "the crosswalk to other@1 says nothing of 020"),
    ("rule-parts", lambda f: rule(f).pop("why"), "rule tiny.some-sites lacks why"),
    ("rule-parts", lambda f: rule(f)["examples"].update(fail=[]), "rule tiny.some-sites lacks a failing example"),
    ("rule-parts", lambda f: rule(f).pop("examples"), "rule tiny.some-sites lacks a passing example and a failing example"),
    ("rule-fields", lambda f: rule(f).update(field="n_site"), "rule tiny.some-sites is about the field 'n_site', which codings does not have"),
    ("rule-fields", lambda f: rule(f).update(table="coding"), "rule tiny.some-sites is about the table 'coding', which does not exist"),
    ("guidance-ids", lambda f: f["guidance.yaml"]["guidance"][1].update(id="G1"), "the guidance G1 stands twice: 'First' and 'Then'"),
    ("example-names", lambda f: examples(f)[1].update(name="left"), "two examples are called 'left'"),
    ("example-codes", lambda f: examples(f)[2].update({"not": ["010", "012"]}), "example 'left': there is no code '012'"),
    ("example-codes", lambda f: examples(f)[2].update({"not": ["010", "020"]}), "example 'left': code 020 is both expected and excluded"),
    ("example-codes", lambda f: examples(f)[3].update(expect=[{"event_type": "030"}]),
     "example 'will they': code 030 stands for no act and is expected"),
    ("example-codes", lambda f: examples(f)[3].update(negative="020"), "example 'will they': code 020 is an act and stands under negative"),
    ("example-values", lambda f: examples(f)[0]["expect"][0].update(realis="ongoing"), "example 'leave or else': code 010 cannot be 'ongoing'"),
    ("example-values", lambda f: examples(f)[1]["expect"][0]["participants"].update(recipient="front.south"),
     "example 'by noon': there is no actor 'front.south'"),
    ("example-values", lambda f: examples(f)[1]["expect"][0].update(participants={"target": "x"}), "example 'by noon': there is no role 'target'"),
    ("example-values", lambda f: examples(f)[0]["support"][0].update(source="s2"), "example 'leave or else': there is no source 's2'"),
    ("example-values", lambda f: examples(f)[1]["expect"][0]["fields"].update(setting="open"), "example 'by noon': 'open' is no value of setting"),
    ("example-values", lambda f: examples(f)[1]["expect"][0]["fields"].update(dedline="2025"),
     "example 'by noon': codings has no field 'dedline'"),
    ("example-values", lambda f: examples(f)[1]["expect"][0]["fields"].update(deadline="noon"), "example 'by noon': deadline: 'noon' is no date"),
    ("example-values", lambda f: examples(f)[1]["expect"][0]["fields"].update(deadline_missing="withheld"),
     "example 'by noon': 'withheld' is no missing reason of deadline"),
    ("unread-file", lambda f: f.update({"events/more.yml": "event_types: []"}), "events/more.yml is not read"),
    ("rule-compiles", lambda f: rule(f).update(require="n_sites > 'none'"),
     "tiny.some-sites: `\"self\".\"n_sites\" > 'none'` compares number with text"),
    ("rule-compiles", lambda f: rule(f).update(require="n_site > 0"), "tiny.some-sites: there is no column 'n_site' in reach of codings"),
    ("rule-compiles", lambda f: rule(f).update(when="type.code = '012'"),
     "tiny.some-sites: '012' is no value of type.code, so this can never hold"),
    ("rule-compiles", lambda f: fields(f)[3].update(applies_if="type.cod = '011'"),
     "applies_if of deadline: there is no column 'type.cod' in reach of codings"),
    ("rule-message", lambda f: rule(f).update(message="there are {sites}"),
     "rule tiny.some-sites shows '{sites}', which is no column in its reach"),
    ("required-applies", lambda f: codes(f)[2].update(requires=["actor", "deadline"]),
     "codings.deadline is required by code 020 and does not apply there"),
    ("required-applies", lambda f: fields(f)[3].update(applies_if="type.code = '030'") or codes(f)[1].update(requires=["actor"]),
     "codings.deadline applies to no code at all"),
    ("rule-example", lambda f: rule(f).update(require="n_sites >= 0"),
     "tiny.some-sites: example 1 under `fail` gives 0 findings and 0 unknown"),
    ("rule-example", lambda f: rule(f).update(require="n_sites > 1"), "tiny.some-sites: example 1 under `pass` gives 1 finding and 0 unknown"),
]  # fmt: skip


def linted(folder: Path, found: Files, **options: Any) -> Result:
    return lint.check(write(folder, found), **options)


def said(result: Result) -> list[tuple[str, str]]:
    return [(finding.rule, finding.message) for finding in result.findings]


def test_the_linter_has_nothing_to_say_of_a_codebook_without_fault(tmp_path: Path) -> None:
    result = linted(tmp_path, files())

    assert said(result) == []
    assert {count.rule for count in result.counts} == {found.id for found in (*static.RULES, *lint.RULES)}
    assert all(count.passed == count.rows > 0 for count in result.counts)


@pytest.mark.parametrize(("name", "change", "message"), SPOILT, ids=[f"{name} {message}"[:70] for name, _, message in SPOILT])
def test_a_fault_is_found_with_its_place_and_its_remedy(tmp_path: Path, name: str, change: Change, message: str) -> None:
    found = files()
    change(found)

    result = linted(tmp_path, found)

    assert (f"lint.{name}", message) in said(result)
    finding = next(f for f in result.findings if (f.rule, f.message) == (f"lint.{name}", message))
    line = next(rule for rule in (*static.RULES, *lint.RULES) if rule.id == finding.rule)
    assert Path(finding.place.file).is_file()
    assert finding.place.line or line.table == "codebook" or name in ("crosswalk-gaps", "intensity-scale")
    assert finding.severity == line.severity
    assert finding.hint
    assert finding.key


def test_every_line_of_the_linter_is_tried_here() -> None:
    tried = {f"lint.{name}" for name, _, _ in SPOILT} | {"lint.folder-name", "lint.rule-binds"}

    assert {rule.id for rule in (*static.RULES, *lint.RULES)} == tried


def test_every_line_of_the_linter_says_what_it_asks_and_what_to_do() -> None:
    for rule in (*static.RULES, *lint.RULES):
        assert rule.about
        assert rule.hint
        assert rule.severity in ("error", "warning")
        assert rule.find.__doc__


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
        "codebook.yaml": {"id": "told", "title": "Told", "version": "1.0.0", "kind": "module", "licence": "MIT", "description": "Who."},
        "examples/all.yaml": {"codes_of": "tiny", "examples": [{"name": "theirs", "text": "Gone.", "expect": [{"event_type": "099"}]}]},
    }  # fmt: skip
    write(tmp_path, module, "told")
    one, other = files(), files()
    one["codebook.yaml"]["uses"] = ["told@1"]
    other["codebook.yaml"] |= {"uses": ["told@1"], "id": "other"}
    write(tmp_path, one, "tiny")
    write(tmp_path, other, "other")

    assert said(lint.check("tiny", [tmp_path])) == [("lint.example-codes", "example 'theirs': there is no code '099'")]
    assert said(lint.check("other", [tmp_path])) == []


@pytest.mark.parametrize("name", ["sourcing", "disarmament", "maverick"])
def test_the_bundled_codebooks_pass_without_a_finding(name: str) -> None:
    assert said(lint.check(name, rule_examples=False)) == []


def test_linting_without_rule_examples_is_quick() -> None:
    from time import process_time

    codebook = load("disarmament")
    static.lint(codebook)  # what is only imported once is not measured
    start = process_time()
    static.lint(codebook)

    assert process_time() - start < 1


def test_the_terms_of_a_vocabulary_file_and_of_a_csv_have_their_lines(tmp_path: Path) -> None:
    found = files() | {"vocabularies/extent.yaml": vocabulary("extent", ["all", "some"])}
    codebook = load(write(tmp_path, found))

    assert [term.place.line for term in codebook.vocabularies["country"].terms] == [2, 3]
    assert [term.place.line for term in codebook.vocabularies["extent"].terms] == [4, 6]
