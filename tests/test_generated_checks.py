"""The checks that nobody writes by hand: for each kind a reading that breaks it, and one that keeps it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from checking import (
    DISARMAMENT,
    DOCUMENT,
    GOOD,
    HASH,
    SPAN,
    changed,
    checked,
    checker,
    counted,
    drafted,
    laid_out,
    side_by_side,
    told,
)  # fmt: skip
from eventcode.checks.engine import Result
from eventcode.checks.generated_values import placed, spelt
from eventcode.codebook.load import load
from eventcode.model import Place
from eventcode.readings import Coder

Changes = list[tuple[str, Any]]
E1, S1, U1 = "codings.0.", "sources.1.", "codings.0.support.0."
PERSON = {"role": "actor", "name_as_printed": "the Brigades", "actor_missing": "not_coded"}
AT: Changes = [(E1 + "lon", 40.0), (E1 + "place_precision", "town")]
TWELVE = " ".join(["word"] * 12)

# rule, what breaks it, what keeps it, the message, the place
CASES: list[tuple[str, Changes, Changes, str, str]] = [
    # closed lists
    ("codings.event_type-code", [(E1 + "event_type", "999")], [], "'999' is no value of event_type", "codings[0].event_type"),
    ("codings.realis-code", [(E1 + "realis", "done")], [], "'done' is no value of realis", "codings[0].realis"),
    ("codings.country-code", [(E1 + "country", "IRAQ")], [(E1 + "country", "IRQ")], "'IRAQ' is no value of country", "codings[0].country"),
    ("sources.affiliations-code", [(S1 + "affiliations", ["armed_group", "armd"])], [],
     "'armed_group, armd' is no value of affiliations", "sources[1].affiliations"),
    ("support.stance-code", [(U1 + "stance", "says")], [], "'says' is no value of stance", "codings[0].support[0].stance"),
    # required
    ("codings.realis-required", [(E1 + "realis", None)], [], "realis is empty", "codings[0].realis"),
    ("support.quote_form-required", [(U1 + "quote_form", None)], [], "quote_form is empty", "codings[0].support[0].quote_form"),
    ("sources.tenure-required", [(S1 + "tenure", None)], [], "tenure is empty", "sources[1].tenure"),
    # value or reason
    ("codings.place_name-value-or-reason", [(E1 + "place_name", None)], [],
     "place_name needs a value or a missing reason, and not both", "codings[0].place_name"),
    ("codings.place_name-value-or-reason", [(E1 + "place_name_missing", "not_stated")],
     [(E1 + "place_name", None), (E1 + "place_name_missing", "not_stated")],
     "place_name needs a value or a missing reason, and not both", "codings[0].place_name"),
    ("codings.date-value-or-reason", [(E1 + "date", None)], [], "date needs a value or a missing reason, and not both", "codings[0].date"),
    ("codings.date-reason-code", [(E1 + "date", None), (E1 + "date_missing", "withheld")],
     [(E1 + "date", None), (E1 + "date_missing", "not_stated")], "'withheld' is no missing reason of date", "codings[0].date_missing"),
    # what does not apply
    ("codings.n_sites-not-applicable", [(E1 + "event_type", "011"), (E1 + "n_sites", 3)], [(E1 + "event_type", "011")],
     "n_sites does not apply here", "codings[0].n_sites"),
    ("codings.deadline-not-applicable", [(E1 + "deadline", "2025-06")], [], "deadline does not apply here", "codings[0].deadline"),
    ("codings.deadline-not-applicable", [(E1 + "deadline_missing", "not_stated")], [], "deadline does not apply here", "codings[0].deadline"),
    ("sources.part_of_basis-not-applicable", [(S1 + "part_of_basis", "yes")], [], "part_of_basis does not apply here", "sources[1].part_of_basis"),
    # bounds, patterns, words
    ("codings.n_sites-minimum", [(E1 + "n_sites", 0)], [(E1 + "n_sites", 1)], "n_sites is 0, and must be at least 1", "codings[0].n_sites"),
    ("codings.lat-maximum", [(E1 + "lat", 90.5), *AT], [(E1 + "lat", 90.0), *AT], "lat is 90.5, and must be at most 90", "codings[0].lat"),
    ("codings.place_id-pattern", [(E1 + "place_id", "Hit")], [(E1 + "place_id", "geonames:95446")],
     "'Hit' is not written as place_id must be", "codings[0].place_id"),
    ("codings.place_name-words", [(E1 + "place_name", TWELVE + " word")], [(E1 + "place_name", f"  {TWELVE} ")],
     "place_name has more than 12 words", "codings[0].place_name"),
    ("codings.place_name-words", [(E1 + "place_name", TWELVE.replace(" ", "\u00a0") + " and more")], [(E1 + "place_name", "  Hit   town ")],
     "place_name has more than 12 words", "codings[0].place_name"),
    # dates
    ("support.utterance_date-order", [(U1 + "utterance_date", "2025-06-16/2025-05-01")], [(U1 + "utterance_date", "2025-05/2025-06-16")],
     "utterance_date ends on 2025-05-01, before its start on 2025-06-16", "codings[0].support[0].utterance_date"),
    ("support.utterance_date-precision", [(U1 + "utterance_date_start", "2025-05-01"), (U1 + "utterance_date_precision", "day")],
     [(U1 + "utterance_date", "2025-05/..")], "the bounds of utterance_date do not fit its precision 'day'",
     "codings[0].support[0].utterance_date"),
    ("support.utterance_date-precision", [(U1 + "utterance_date_start", "2025-05-01")], [],
     "the bounds of utterance_date do not fit its precision 'nothing'", "codings[0].support[0].utterance_date"),
    ("support.utterance_date-precision", [(U1 + "utterance_date_start", "2025-05-01"), (U1 + "utterance_date_precision", "around")],
     [(U1 + "utterance_date", "../2025-05")], "the bounds of utterance_date do not fit its precision 'around'",
     "codings[0].support[0].utterance_date"),
    ("support.utterance_date-span", [(U1 + "utterance_date_start", "2025-05-03"), (U1 + "utterance_date_end", "2025-05-04"),
      (U1 + "utterance_date_precision", "day")], [(U1 + "utterance_date", "2024-02")],
     "utterance_date from 2025-05-03 to 2025-05-04 is not of the precision 'day'", "codings[0].support[0].utterance_date"),
    # what the code asks for
    ("codings.realis-fits-code", [(E1 + "event_type", "051"), (E1 + "realis", "ongoing")], [], "code 051 cannot be 'ongoing'", "codings[0].realis"),
    ("codings.demand-required-by-code", [(E1 + "event_type", "012")], [(E1 + "event_type", "012"), (E1 + "demand", ["disband"])],
     "code 012 needs demand", "codings[0].demand"),
    ("codings.place_name-required-by-code", [(E1 + "place_name", None)], [(E1 + "place_name", None), (E1 + "place_name_missing", "cannot_tell")],
     "code 072 needs place_name", "codings[0].place_name"),
    ("codings.role-required", [(E1 + "participants", None)], [], "code 072 needs a participant in the role 'actor'", "codings[0].participants"),
    ("codings.evidence-required", [(E1 + "evidence", None)], [], "no words of the text are given for event_type", "codings[0].evidence"),
    # readings
    ("readings.status-code", [("status", "done"), ("codings", None)], [], "'done' is no status", "status"),
    ("readings.status-agrees", [("status", "no_event")], [], "the status is 'no_event' and there are 1 codings", "status"),
    ("readings.status-agrees", [("codings", None)], [("status", "no_event"), ("codings", None)],
     "the status is 'coded' and there are 0 codings", "status"),
    # participants
    ("participants.actor-missing-code", [(E1 + "participants.0.actor_missing", "lost")], [], "'lost' is no missing reason",
     "codings[0].participants[0].actor_missing"),
    ("participants.actor-or-missing", [(E1 + "participants.0.actor_id", "irq.government")], [(E1 + "participants.0.actor_missing", None)],
     "both actor_id and actor_missing are given", "codings[0].participants[0].actor_id"),
    ("participants.actor-named", [(E1 + "participants.0", {"role": "actor"})], [(E1 + "participants.0", {"role": "actor", "member_of": "usa"})],
     "nobody is named in the role 'actor'", "codings[0].participants[0].actor_id"),
    ("participants.name_as_printed-words", [(E1 + "participants.0.name_as_printed", TWELVE + " word")], [],
     "name_as_printed has more than 12 words", "codings[0].participants[0].name_as_printed"),
    ("participants.actor-id-exists", [(E1 + "participants.0", {"role": "actor", "actor_id": "irq.nobody"})],
     [(E1 + "participants.0", {"role": "actor", "actor_id": "irq.pmf"})], "actor_id 'irq.nobody' is not among the actors",
     "codings[0].participants[0].actor_id"),
    ("participants.key-unique", [(E1 + "participants.0.position", 1), (E1 + "participants.1", {**PERSON, "position": 1})],
     [(E1 + "participants.1", PERSON)], "the same key stands twice", "codings[0].participants[1]"),
    # evidence
    ("evidence.field-named", [(E1 + "evidence.0.field", None)], [], "the evidence of a coding names no field", "codings[0].evidence[0].field"),
    ("evidence.span-order", [(U1 + "evidence.0.end", 0)], [], "the span ends at 0, not after its start at 0", "codings[0].support[0].evidence[0].end"),
    ("evidence.inside-text", [(U1 + "evidence.0.end", 901)], [(U1 + "evidence.0.end", 900)], "the span ends at 901, the text at 900",
     "codings[0].support[0].evidence[0].end"),
    ("evidence.anchored", [(S1 + "evidence", [{"salt": "ab", "quote_hash": HASH}])], [(S1 + "evidence", [SPAN])],
     "the quoted words are not in the text", "sources[1].evidence[0].start"),
    ("evidence.hashed", [(E1 + "evidence.0.salt", None)], [], "the span has no salt and quote hash", "codings[0].evidence[0].quote_hash"),
    # keys
    ("support.source-id-exists", [(U1 + "source", "s9")], [], "source_id 'unknown:s9' is not among the sources", "codings[0].support[0].source_id"),
]  # fmt: skip


IDS = [f"{case[0]}-{i}" for i, case in enumerate(CASES)]


@pytest.fixture(scope="module")
def broken() -> Result:
    """What is said of all readings that break a rule; that of case i stands on line i."""
    return checked(side_by_side([changed(*case[1]) for case in CASES]))


@pytest.fixture(scope="module")
def kept() -> Result:
    """What is said of all readings that keep a rule; that of case i stands on line i."""
    return checked(side_by_side([changed(*case[2]) for case in CASES]))


@pytest.mark.parametrize("i", range(len(CASES)), ids=IDS)
def test_a_reading_that_breaks_the_rule_is_told_where_and_how(i: int, broken: Result) -> None:
    rule, _, _, message, path = CASES[i]
    found = [finding for finding in told(broken, rule) if finding.place.line == i]
    assert (found[0].message, found[0].place, found[0].severity) == (
        message,
        Place("batch.jsonl", i, path),
        "error",
    )
    assert found[0].hint


@pytest.mark.parametrize("i", range(len(CASES)), ids=IDS)
def test_a_reading_that_keeps_the_rule_passes_it(i: int, kept: Result) -> None:
    rule, _, changes, _, _ = CASES[i]
    assert [finding for finding in told(kept, rule) if finding.place.line == i] == []
    rows, passed, failed, unknown = counted(drafted(laid_out(changed(*changes))), rule)
    assert (passed, failed, unknown) == (rows, 0, 0)


@pytest.mark.parametrize("i", range(len(CASES)), ids=IDS)
def test_the_check_of_one_reading_says_the_same(i: int, broken: Result) -> None:
    rows = laid_out(changed(*CASES[i][1]), place=Place("batch.jsonl", i))
    alone = [(f.rule, f.message, f.place) for f in drafted(rows).findings]
    among = [
        (f.rule, f.message, f.place)
        for f in broken.findings
        if f.place.line == i and f.rule != "sourcing.name-twins"
    ]
    assert alone == among


def test_a_good_reading_has_no_finding() -> None:
    assert checked(laid_out(GOOD)).findings == drafted(laid_out(GOOD)).findings == ()


def test_every_kind_of_generated_rule_is_tried_here() -> None:
    generated = [rule for rule in checker(DISARMAMENT).plan.rules if rule.generated]
    kinds = {_kind(rule.id) for rule in generated}
    tried = {_kind(case[0]) for case in CASES}
    assert kinds - tried == {"coder_kind-code", "one-owner", "placeholder"}


def _kind(rule: str) -> str:
    """What a rule says, whatever the field: `codings.realis-code` is `code`."""
    name = rule.partition(".")[2]
    field = next((f.name for f in DISARMAMENT.fields.values() if name.startswith(f"{f.name}-")), None)
    if field:
        return name.removeprefix(f"{field}-")
    for suffix in ("-exists", "-words", "-precision", "-order", "-span", "-placeholder"):
        if name.endswith(suffix):
            return suffix[1:]
    return name


@pytest.mark.parametrize(("book", "rules"), [("ucdp", ["codings.lat-with-lon"]), ("gdelt", [])])
def test_coordinates_come_in_pairs_unless_the_codebook_has_a_rule_for_it(book: str, rules: list[str]) -> None:
    assert [rule.id for rule in placed(load(book))] == rules


@pytest.mark.parametrize(
    ("pattern", "hint", "words"),
    [
        ("(Near|Far)(-(Near|Far))?", "write Near or Far, or two of them joined by '-'", ("Near", "Far")),
        ("North|East|South", "write North, East or South", ("North", "East", "South")),
        ("(KE|CI)-[0-9]{4}", "it must match (KE|CI)-[0-9]{4}", ()),
        ("(Near|Far)(-(Near|Else))?", "it must match (Near|Far)(-(Near|Else))?", ()),
        ("[0-9]+", "it must match [0-9]+", ()),
    ],
)
def test_a_pattern_of_words_is_told_in_words(pattern: str, hint: str, words: tuple[str, ...]) -> None:
    assert spelt(pattern) == (hint, words)


def test_a_coder_of_an_unknown_kind_is_told_of() -> None:
    result = checked(laid_out(GOOD, coder=Coder("anna", "human")))
    assert [finding.message for finding in result.findings] == ["'human' is no coder_kind"]


def test_evidence_belongs_to_one_thing() -> None:
    rows = laid_out(GOOD)
    row = next(row for row in rows.tables["evidence"] if "coding_id" in row)
    row["support_id"] = rows.tables["support"][0]["support_id"]
    assert [finding.message for finding in told(checked(rows), "evidence.one-owner")] == [
        "evidence must belong to one coding, support row or source"
    ]


def test_a_document_that_appears_before_it_is_written_is_told_of() -> None:
    document = {**DOCUMENT, "published_at_start": "2025-06-20", "published_at_precision": "interval"}
    result = checked(laid_out(GOOD, document=document))
    assert [(f.rule, f.key, f.message) for f in result.findings if f.table == "documents"] == [
        (
            "documents.published_at-order",
            "page-1",
            "published_at ends on 2025-06-16, before its start on 2025-06-20",
        )
    ]


@pytest.mark.parametrize(("key", "table"), [("codings", "codings"), ("sources", "sources")])
def test_a_key_that_stands_twice_is_told_of(key: str, table: str) -> None:
    raw = changed()
    raw[key].append(raw[key][-1])
    rows = laid_out(raw)
    for result in (checked(rows), drafted(rows)):
        assert {finding.message for finding in told(result, f"{table}.key-unique")} == {
            "the same key stands twice"
        }


def test_without_a_text_no_evidence_is_asked_for() -> None:
    rows = laid_out(changed((E1 + "evidence", None)), document={**DOCUMENT, "n_chars": None})
    assert checked(rows).findings == drafted(rows).findings == ()


@pytest.mark.parametrize(("bounds", "rule"), [({}, "maximum"), ({"maximum": None}, "minimum")])
def test_what_is_no_number_breaks_a_bound_whichever_there_is(bounds: dict[str, None], rule: str) -> None:
    lat = ("codings", "lat")
    fields = {**DISARMAMENT.fields, lat: replace(DISARMAMENT.fields[lat], **bounds)}
    codebook = replace(DISARMAMENT, fields=fields)
    rows = laid_out(changed(*AT, (E1 + "lat", 36.2)))
    rows.tables["codings"][0]["lat"] = float("nan")
    for result in (checked(rows, codebook), drafted(rows, codebook)):
        [finding] = [one for one in result.findings if one.rule.startswith("codings.lat-m")]
        assert finding.rule == f"codings.lat-{rule}"
        assert finding.message.startswith("lat is nan, and must be at")
