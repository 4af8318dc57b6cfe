"""Every rule of the bundled codebooks, tried on its own examples: add one to the YAML, and it is tested here."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest

from eventcode.checks import examples
from eventcode.checks.engine import Bench
from eventcode.codebook.load import load
from eventcode.model import SEVERITIES, Codebook, Rule

# Where the rules of each codebook are tried: a module's examples use the codes of the codebook that it names.
OWN = (
    "disarmament",
    "maverick",
    "ucdp",
    "acled",
    "gdelt",
    "gdelt-mentions",
    "icews",
    "phoenix",
    "plover-records",
)
HOSTS = {"sourcing": "disarmament", "record": "ucdp", **{name: name for name in OWN}}


def own_rules(name: str) -> list[Rule]:
    return [rule for rule in load(name).rules.values() if rule.id.startswith(f"{name}.")]


CASES = [
    pytest.param(HOSTS[name], rule, expected, number, id=f"{rule.id}-{expected}-{number + 1}")
    for name in HOSTS
    for rule in own_rules(name)
    for expected in ("pass", "fail")
    for number in range(len(rule.examples.get(expected, ())))
]


@cache
def bench(name: str) -> Bench:
    return Bench(load(name))


@pytest.mark.parametrize(("host", "rule", "expected", "number"), CASES)
def test_the_example_of_a_rule_comes_out_as_it_says(
    host: str, rule: Rule, expected: str, number: int
) -> None:
    result = examples.run(bench(host), rule, rule.examples[expected][number])

    assert [count.rule for count in result.counts] == [rule.id]
    assert bool(result.findings) == (expected == "fail")
    for finding in result.findings:
        assert finding.rule == rule.id
        assert finding.severity == rule.severity
        assert finding.hint == rule.hint
        assert "{" not in finding.message
        assert finding.key


@pytest.mark.parametrize("name", HOSTS)
def test_no_rule_is_without_an_id_a_hint_a_reason_and_examples_of_both_kinds(name: str) -> None:
    for rule in own_rules(name):
        assert rule.id.startswith(f"{name}.")
        assert rule.severity in SEVERITIES
        assert rule.message
        assert rule.hint
        assert rule.why.endswith("."), f"{rule.id}: a reason is a sentence"
        assert rule.examples["pass"], f"{rule.id} has no passing example"
        assert rule.examples["fail"], f"{rule.id} has no failing example"
        assert (rule.require is not None) + (rule.kind != "row") == 1


def test_every_rule_of_the_design_is_there() -> None:
    names = {rule.id.removeprefix("sourcing.") for rule in own_rules("sourcing")}

    assert names >= {
        "named-needs-name", "anonymous-has-name", "anonymous-needs-descriptor", "anonymous-needs-basis",
        "own-voice-is-empty", "own-voice-once", "person-counts-one", "group-counts-many",
        "count-not-applicable", "affiliation-agrees", "part-of-exists", "part-of-acyclic", "part-of-smaller",
        "via-not-publisher", "support-exists", "support-covers-fields", "support-same-document",
        "contradictory-stance", "claim-is-by-actor", "private-word-needs-teller", "uttered-before-published",
        "one-span-two-codes", "via-means-relation", "same-words-same-source", "person-name-leak",
        "withheld-leak", "small-cell", "derived-columns", "name-twins", "publisher-attributes",
        "flag-bare-descriptor", "flag-anonymous-only", "flag-party-only", "flag-deniers-only",
        "flag-single-origin", "flag-relayed-only",
    }  # fmt: skip


def test_an_example_that_does_not_come_out_is_told_with_what_it_gave() -> None:
    codebook = load("disarmament")
    rule = codebook.rules["sourcing.anonymous-has-name"]
    swapped = turned(rule, {"pass": rule.examples["fail"], "fail": rule.examples["pass"]})

    verdicts = [str(verdict) for verdict in examples.misjudged(with_rule(codebook, swapped), [swapped])]

    assert verdicts == [
        "sourcing.anonymous-has-name: example 1 under `pass` gives 1 finding and 0 unknown",
        "sourcing.anonymous-has-name: example 1 under `fail` gives 0 findings and 0 unknown",
        "sourcing.anonymous-has-name: example 2 under `fail` gives 0 findings and 0 unknown",
    ]


def turned(rule: Rule, given: Mapping[str, Any]) -> Rule:
    from dataclasses import replace

    return replace(rule, examples=given)


def with_rule(codebook: Codebook, rule: Rule) -> Codebook:
    from dataclasses import replace

    return replace(codebook, rules={**codebook.rules, rule.id: rule})


def test_one_example_leaves_nothing_behind_for_the_next() -> None:
    one = bench("disarmament")
    rule = one.codebook.rules["sourcing.affiliation-agrees"]
    fail, good = rule.examples["fail"][0], rule.examples["pass"][0]

    outcomes = [
        bool(examples.run(one, rule, example).findings) for example in (fail, good, {}, fail, {}, good)
    ]

    assert outcomes == [True, False, False, True, False, False]
