"""Faults in actors, crosswalks, rules, guidance, examples and files, each with the words of the linter."""

from __future__ import annotations

from tiny_parts import Fault, actors, codes, crosswalk, examples, fields, rule

IMPLIES = "code,target_codebook,target_version,target_code,target_fields,match,note\n"
LISTS = "vocabulary,code,target_codebook,target_version,target_vocabulary,target_code,match,note\n"
FAULTS: list[Fault] = [
    (
        "actor-kind",
        lambda f: actors(f)[0].update(kind="sate"),
        "actor gov has the kind 'sate', which is not in vocabulary actor_kind",
    ),
    (
        "actor-country",
        lambda f: actors(f)[0].update(country="IRK"),
        "actor gov has the country 'IRK', which is not in vocabulary country",
    ),
    (
        "actor-dates",
        lambda f: actors(f)[0].update(valid_to="1920"),
        "actor gov ends (1920) before it starts (1921)",
    ),
    (
        "actor-dates",
        lambda f: actors(f)[2]["parents"][0].update(to="2013"),
        "actor front.north, part_of front, ends (2013) before it starts (2014)",
    ),
    (
        "actor-circle",
        lambda f: actors(f)[1].update(parents=[{"actor": "front.north", "relation": "member_of"}]),
        "actor front is a member or part of itself",
    ),
    (
        "actor-names",
        lambda f: actors(f)[2].update(aliases=["the FRONT"]),
        "the name 'The Front' stands for 'front', 'front.north'",
    ),
    (
        "crosswalk-rows",
        lambda f: crosswalk(f, "012,other,1,13,exact,"),
        "the crosswalk to other@1 has code '012', which does not exist",
    ),
    ("crosswalk-rows", lambda f: crosswalk(f, "010,other,1,14,same,"), "'same' is no match"),
    (
        "crosswalk-rows",
        lambda f: crosswalk(f, "010,other,1,,close,"),
        "code 010 has the match 'close' and no target",
    ),
    (
        "crosswalk-rows",
        lambda f: crosswalk(f, "010,other,1,13,close,"),
        "code 010 is mapped to the same target twice",
    ),
    (
        "crosswalk-gaps",
        lambda f: f.update(
            {"crosswalks/other.csv": f["crosswalks/other.csv"].replace("020,other,1,,none,\n", "")}
        ),
        "the crosswalk to other@1 says nothing of 020",
    ),
    ("rule-parts", lambda f: rule(f).pop("why"), "rule tiny.some-sites lacks why"),
    (
        "rule-parts",
        lambda f: rule(f)["examples"].update(fail=[]),
        "rule tiny.some-sites lacks a failing example",
    ),
    (
        "rule-parts",
        lambda f: rule(f).pop("examples"),
        "rule tiny.some-sites lacks a passing example and a failing example",
    ),
    (
        "rule-fields",
        lambda f: rule(f).update(field="n_site"),
        "rule tiny.some-sites is about the field 'n_site', which codings does not have",
    ),
    (
        "rule-fields",
        lambda f: rule(f).update(table="coding"),
        "rule tiny.some-sites is about the table 'coding', which does not exist",
    ),
    (
        "guidance-ids",
        lambda f: f["guidance.yaml"]["guidance"][1].update(id="G1"),
        "the guidance G1 stands twice: 'First' and 'Then'",
    ),
    ("example-names", lambda f: examples(f)[1].update(name="left"), "two examples are called 'left'"),
    (
        "example-codes",
        lambda f: examples(f)[2].update({"not": ["010", "012"]}),
        "example 'left': there is no code '012'",
    ),
    (
        "example-codes",
        lambda f: examples(f)[2].update({"not": ["010", "020"]}),
        "example 'left': code 020 is both expected and excluded",
    ),
    (
        "example-codes",
        lambda f: examples(f)[3].update(expect=[{"event_type": "030"}]),
        "example 'will they': code 030 stands for no act and is expected",
    ),
    (
        "example-codes",
        lambda f: examples(f)[3].update(negative="020"),
        "example 'will they': code 020 is an act and stands under negative",
    ),
    (
        "example-values",
        lambda f: examples(f)[0]["expect"][0].update(realis="ongoing"),
        "example 'leave or else': code 010 cannot be 'ongoing'",
    ),
    (
        "example-values",
        lambda f: examples(f)[1]["expect"][0]["participants"].update(recipient="front.south"),
        "example 'by noon': there is no actor 'front.south'",
    ),
    (
        "example-values",
        lambda f: examples(f)[1]["expect"][0].update(participants={"target": "x"}),
        "example 'by noon': there is no role 'target'",
    ),
    (
        "example-values",
        lambda f: examples(f)[0]["support"][0].update(source="s2"),
        "example 'leave or else': there is no source 's2'",
    ),
    (
        "example-values",
        lambda f: examples(f)[1]["expect"][0]["fields"].update(setting="open"),
        "example 'by noon': 'open' is no value of setting",
    ),
    (
        "example-values",
        lambda f: examples(f)[1]["expect"][0]["fields"].update(dedline="2025"),
        "example 'by noon': codings has no field 'dedline'",
    ),
    (
        "example-values",
        lambda f: examples(f)[1]["expect"][0]["fields"].update(deadline="noon"),
        "example 'by noon': deadline: 'noon' is no date",
    ),
    (
        "example-values",
        lambda f: examples(f)[1]["expect"][0]["fields"].update(deadline_missing="withheld"),
        "example 'by noon': 'withheld' is no missing reason of deadline",
    ),
    (
        "unread-file",
        lambda f: f.update({"events/more.yml": "event_types: []"}),
        "events/more.yml is not read",
    ),
    (
        "rule-compiles",
        lambda f: rule(f).update(require="n_sites > 'none'"),
        "tiny.some-sites: `n_sites > 'none'` compares number with text",
    ),
    (
        "rule-compiles",
        lambda f: rule(f).update(require="n_site > 0"),
        "tiny.some-sites: there is no column 'n_site' in reach of codings",
    ),
    (
        "rule-compiles",
        lambda f: rule(f).update(when="type.code = '012'"),
        "tiny.some-sites: '012' is no value of type.code, so this can never hold",
    ),
    (
        "rule-compiles",
        lambda f: fields(f)[3].update(applies_if="type.cod = '011'"),
        "applies_if of deadline: there is no column 'type.cod' in reach of codings",
    ),
    (
        "rule-message",
        lambda f: rule(f).update(message="there are {sites}"),
        "rule tiny.some-sites shows '{sites}', which is no column in its reach",
    ),
    (
        "required-applies",
        lambda f: codes(f)[2].update(requires=["actor", "deadline"]),
        "codings.deadline is required by code 020 and does not apply there",
    ),
    (
        "required-applies",
        lambda f: (
            fields(f)[3].update(applies_if="type.code = '030'") or codes(f)[1].update(requires=["actor"])
        ),
        "codings.deadline applies to no code at all",
    ),
    (
        "rule-example",
        lambda f: rule(f).update(require="n_sites >= 0"),
        "tiny.some-sites: example 1 under `fail` gives 0 findings and 0 unknown",
    ),
    (
        "rule-example",
        lambda f: rule(f).update(require="n_sites > 1"),
        "tiny.some-sites: example 1 under `pass` gives 1 finding and 0 unknown",
    ),
    (
        "crosswalk-target",
        lambda f: f.update(
            {"crosswalks/other.csv": f["crosswalks/other.csv"].replace("011,other,1,13", "011,other,1,1214")}
        ),
        "code 011: other has no code '1214'",
    ),
    (
        "crosswalk-target",
        lambda f: f.update({"crosswalks/more.csv": IMPLIES + "010,other,1,14,colour=red,close,\n"}),
        "code 010: other has no field 'colour'",
    ),
    (
        "crosswalk-target",
        lambda f: f.update({"crosswalks/more.csv": IMPLIES + "010,other,1,14,setting=public|loud,close,\n"}),
        "code 010: 'loud' is no value of setting in other",
    ),
    (
        "crosswalk-target",
        lambda f: f.update({"crosswalks/lists.csv": LISTS + "extent,all,other,1,ranges,public,close,\n"}),
        "code all: other has no vocabulary 'ranges'",
    ),
    (
        "crosswalk-rows",
        lambda f: f.update({"crosswalks/lists.csv": LISTS + "extents,all,other,1,setting,public,close,\n"}),
        "there is no vocabulary 'extents'",
    ),
    (
        "crosswalk-rows",
        lambda f: f.update({"crosswalks/lists.csv": LISTS + ",010,other,1,setting,public,close,\n"}),
        "code 010 is mapped between an event type and a value",
    ),
    (
        "crosswalk-version",
        lambda f: f.update({"crosswalks/other.csv": f["crosswalks/other.csv"].replace(",1,", ",2019,")}),
        "the crosswalk is to other@2019, and edition 2021, version 1.0.0 is here",
    ),
    (
        "crosswalk-unseen",
        lambda f: crosswalk(f, "010,elsewhere,1,13,close,"),
        "the crosswalk leads to 'elsewhere', which is not at hand",
    ),
    (
        "page-codes",
        lambda f: f.update(
            {"README.md": "# Tiny\n\nThere are `010`, `011`, `020` and `0111`, and `012` too.\n"}
        ),
        "README.md speaks of code `012`, which does not exist",
    ),
    (
        "page-codes",
        lambda f: f["guidance.yaml"]["guidance"][0].update(text="Take `090` in doubt."),
        "guidance.yaml speaks of code `090`, which does not exist",
    ),
    (
        "accepted-rule",
        lambda f: f["codebook.yaml"].update(accepted=[{"rule": "stata-value", "why": "It is so."}]),
        "lint.stata-value is an error and cannot be accepted",
    ),
    (
        "accepted-rule",
        lambda f: f["codebook.yaml"].update(accepted=[{"rule": "label-twin", "why": "It is so."}]),
        "there is no line 'lint.label-twin' of the linter",
    ),
    (
        "accepted-unused",
        lambda f: f["codebook.yaml"].update(
            accepted=[{"rule": "label-twins", "of": ["010"], "why": "It is so."}]
        ),
        "lint.label-twins is accepted at 010, and nothing of it is found",
    ),
    (
        "term-countries",
        lambda f: f.update({"vocabularies/team.csv": "value,label,country\nred,Red,JAP\n"}),
        "vocabulary team: 'red' has the country 'JAP', which is not in vocabulary country",
    ),
    (
        "actor-country",
        lambda f: actors(f)[0].update(country="ITL"),
        "actor gov has the country 'ITL', which is not in vocabulary country",
    ),
]
