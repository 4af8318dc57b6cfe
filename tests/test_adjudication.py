"""From the readings of a document to the one that counts: what is adopted, what is decided, what stays open."""

from __future__ import annotations

from typing import Any

import pytest

from eventcode import readings
from eventcode.adjudication import adopt
from eventcode.adjudication.adopt import Adjudicated, Read
from eventcode.model import Codebook
from eventcode.readings import Row

NAME, DOCUMENT = "page", "text:1"
GROUP = {
    "document": NAME,
    "kind": "group",
    "from": ["anna/e1", "ben/x1"],
    "by": "carla",
    "reason": "the same act",
}
SOURCES = {"document": NAME, "kind": "sources", "from": ["anna"], "by": "carla", "reason": "she is thorough"}


def coding(key: str = "e1", **changes: Any) -> Row:
    """A coding as the small codebook has it."""
    return {
        "key": key, "event_type": "021", "realis": "occurred", "setting": "public", "date": "2025-05-02", "place_name": "Ras Amara",
        "participants": [{"role": "actor", "actor_id": "front"}], "support": [{"source": "s1", "stance": "asserts"}],
        "evidence": [{"field": "event_type", "start": 3, "end": 9}], **changes,
    }  # fmt: skip


def source(key: str = "s1", **changes: Any) -> Row:
    """A source, by default the page's own voice."""
    return {"key": key, "identity": "own_voice", **changes}


def field(name: str, **said: Any) -> Row:
    """A decision about a field of the report e1."""
    return {
        "document": NAME,
        "kind": "field",
        "report": "e1",
        "field": name,
        "by": "carla",
        "reason": "the text says so",
        **said,
    }


@pytest.fixture
def read(small_codebook: Codebook) -> Any:
    """A function that makes a coder's current reading."""

    def make(coder: str, codings: list[Row], **changes: Any) -> Read:
        plain = {
            "document": NAME, "coder": coder, "codebook": "small@1.2.0", "revision": 1,
            "status": "coded" if codings else "no_event", "sources": [source()], "codings": codings, **changes,
        }  # fmt: skip
        reading, problems = readings.normalise(plain, small_codebook)
        assert problems == []
        return Read(coder, reading, readings.reading_id(reading, DOCUMENT))

    return make


@pytest.fixture
def adjudicate(small_codebook: Codebook) -> Any:
    """Adjudicate the readings of one page by decisions."""

    def run(reads: list[Read], *decisions: Row) -> Adjudicated:
        return adopt.adjudicate(DOCUMENT, NAME, reads, decisions, small_codebook)

    return run


def said(result: Adjudicated) -> list[tuple[str, str]]:
    """(rule, message) of every finding, the prefix of the rule left out."""
    return [(finding.rule.removeprefix("adjudication."), finding.message) for finding in result.findings]


def only(result: Adjudicated) -> Row:
    """The one report of a reading without findings."""
    assert said(result) == []
    assert result.reading is not None
    [report] = result.reading["codings"]
    return dict(report)


# ── adopted ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_sole_reading_is_adopted_and_says_so(read, adjudicate):
    anna = read("anna", [coding(), coding("e2")])
    result = adjudicate([anna])
    assert said(result) == []
    assert result.reading["adopted_from"] == anna.reading_id
    assert result.reading["coder"] == "adjudicated"
    assert result.reading["codings"] == anna.reading["codings"]


def test_readings_that_agree_wholly_are_adopted(read, adjudicate):
    anna = read("anna", [coding()], note="clear", coded_at="2025-06-01T10:00:00Z")
    ben = read("ben", [coding()], revision=3, document=DOCUMENT)
    result = adjudicate([ben, anna])
    assert said(result) == []
    assert result.reading["adopted_from"] == anna.reading_id


def test_readers_who_found_nothing_agree(read, adjudicate):
    result = adjudicate([read("anna", [], sources=[]), read("ben", [], sources=[])])
    assert said(result) == []
    assert result.reading["status"] == "no_event"


def test_skipped_readings_do_not_count(read, adjudicate):
    anna = read("anna", [coding()])
    result = adjudicate([anna, read("ben", [], status="skipped")])
    assert result.reading["adopted_from"] == anna.reading_id
    assert adjudicate([read("ben", [], status="skipped")]).reading is None


# ── groups ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_ungrouped_coding_is_a_finding(read, adjudicate):
    result = adjudicate([read("anna", [coding()]), read("ben", [coding("x1"), coding("x2")])], GROUP, SOURCES)
    assert said(result) == [("ungrouped", "coding ben/x2 (021) is in no group")]
    assert result.findings[0].key == "page/ben/x2"
    assert [report["key"] for report in result.reading["codings"]] == ["e1"]


def test_a_group_of_none_drops_its_codings(read, adjudicate):
    none = {**GROUP, "from": ["ben/x2"], "chosen": "none"}
    result = adjudicate(
        [read("anna", [coding()]), read("ben", [coding("x1"), coding("x2")])], GROUP, none, SOURCES
    )
    assert only(result)["key"] == "e1"


def test_where_every_coding_is_dropped_nobody_need_decide_about_sources(read, adjudicate):
    result = adjudicate(
        [read("anna", [coding()]), read("ben", [])], {**GROUP, "from": ["anna/e1"], "chosen": "none"}
    )
    assert said(result) == []
    assert result.reading["status"] == "no_event"
    assert "codings" not in result.reading


def test_two_groups_with_one_report_key_are_a_finding_and_the_first_stands(read, adjudicate):
    reads = [read("anna", [coding()]), read("ben", [coding("e1", event_type="022")])]
    groups = [{**GROUP, "from": [name]} for name in ("anna/e1", "ben/e1")]
    result = adjudicate(reads, *groups, SOURCES)
    assert said(result) == [("report-twice", "two groups give the report key 'e1'")]
    assert [report["event_type"] for report in result.reading["codings"]] == ["021"]
    named = adjudicate(reads, groups[0], {**groups[1], "report": "e2"}, SOURCES)
    assert said(named) == []
    assert [report["key"] for report in named.reading["codings"]] == ["e1", "e2"]


def test_a_coding_in_two_groups_is_a_finding(read, adjudicate):
    again = {**GROUP, "from": ["ben/x1"], "report": "e2"}
    result = adjudicate([read("anna", [coding()]), read("ben", [coding("x1")])], GROUP, again, SOURCES)
    assert said(result) == [("grouped-twice", "coding ben/x1 is in two groups")]


def test_a_decision_about_a_coding_that_is_not_there_is_a_finding(read, adjudicate):
    wrong = {**GROUP, "from": ["anna/e1", "ben/x1", "ben/e9"]}
    result = adjudicate([read("anna", [coding()]), read("ben", [coding("x1")])], wrong, SOURCES)
    assert said(result) == [
        ("decision-of-nothing", "a decision names the coding 'ben/e9', which is not there")
    ]
    assert result.findings[0].hint == "there are: anna/e1, ben/x1"


def test_decisions_survive_a_correction_because_they_name_coder_and_key(read, adjudicate):
    anna = read("anna", [coding()])
    for revision, place in ((1, "021"), (2, "022")):
        ben = read("ben", [coding("x1", event_type=place)], revision=revision)
        decisions = (GROUP, SOURCES, field("event_type", **{"from": ["ben/x1"]}))
        assert only(adjudicate([anna, ben], *decisions))["event_type"] == place


# ── fields ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def differing(read) -> list[Read]:
    """Anna and Ben, who differ in the type, the day and the actor."""
    other = coding(
        "x1", event_type="022", date="2025-05", participants=[{"role": "actor", "actor_missing": "cannot_tell"}],
        evidence=[{"field": "event_type", "start": 20, "end": 29}],
    )  # fmt: skip
    return [read("anna", [coding()]), read("ben", [other])]


def test_a_field_that_differs_without_a_decision_stays_empty_and_names_both_values(adjudicate, differing):
    result = adjudicate(differing, GROUP, SOURCES)
    assert said(result) == [
        ("undecided", "event_type is undecided (anna/e1: 021; ben/x1: 022)"),
        (
            "undecided",
            "date is undecided (anna/e1: 2025-05-02, 2025-05-02, day; ben/x1: 2025-05-01, 2025-05-31, month)",
        ),
        ("undecided", "actor is undecided (anna/e1: front; ben/x1: cannot_tell)"),
    ]
    assert result.findings[0].hint == (
        "record a field decision for event_type of page/e1 with `eventcode adjudicate NAME`"
    )
    [report] = result.reading["codings"]
    assert not {"event_type", "date_start", "date_end", "date_precision", "participants"} & report.keys()
    assert "evidence" not in report, "words that justify an empty field justify nothing"
    assert report["realis"] == "occurred"


def test_a_field_decision_takes_the_value_of_a_coding_with_its_evidence(adjudicate, differing):
    decisions = [field(name, **{"from": ["ben/x1"]}) for name in ("event_type", "date", "actor")]
    report = only(adjudicate(differing, GROUP, SOURCES, *decisions))
    assert (report["event_type"], report["date_precision"]) == ("022", "month")
    assert report["participants"] == [{"role": "actor", "position": 0, "actor_missing": "cannot_tell"}]
    assert report["evidence"] == [{"field": "event_type", "start": 20, "end": 29}]


def test_a_field_decision_takes_the_value_that_it_gives(adjudicate, differing):
    decisions = (
        field("event_type", chosen="020"),
        field("date", chosen="2025-05-03"),
        field("actor", chosen=[{"actor_id": "gov"}, {"actor_id": "front"}]),
    )
    report = only(adjudicate(differing, GROUP, SOURCES, *decisions))
    assert report["event_type"] == "020"
    assert [report[f"date_{part}"] for part in ("start", "end", "precision")] == [
        "2025-05-03",
        "2025-05-03",
        "day",
    ]
    assert [(row["position"], row["actor_id"]) for row in report["participants"]] == [
        (0, "gov"),
        (1, "front"),
    ]


def test_a_field_decision_may_give_a_missing_reason_or_nothing(read, adjudicate):
    reads = [read("anna", [coding()]), read("ben", [coding("x1", country="IRQ")])]
    decisions = (
        field("place_name", chosen={"place_name_missing": "cannot_tell"}),
        field("country", chosen=None),
    )
    report = only(adjudicate(reads, GROUP, SOURCES, *decisions))
    assert report["place_name_missing"] == "cannot_tell"
    assert not {"place_name", "country"} & report.keys()


@pytest.mark.parametrize(
    ("name", "chosen", "message"),
    [
        ("event_type", 21, '21 is not text or nothing; put it in quotes: "21"'),
        ("date", "early May", "'early May' is no date"),
        ("date", {"day": "2025-05-01"}, "'day' is no column of it"),
        ("actor", "front", "participants are a list of mappings"),
        (
            "actor",
            [{"id": "front"}],
            "'id' is unknown here; one of: role, position, actor_id, actor_missing, name_as_printed, member_of",
        ),
    ],
)
def test_a_chosen_value_that_is_none_is_a_finding_and_the_field_stays_empty(
    adjudicate, differing, name, chosen, message
):
    rest = [
        field(other, **{"from": ["anna/e1"]}) for other in ("event_type", "date", "actor") if other != name
    ]
    result = adjudicate(differing, GROUP, SOURCES, *rest, field(name, chosen=chosen))
    assert said(result) == [("not-a-value", f"the value chosen for {name} cannot be taken: {message}")]


def test_a_field_decision_from_a_coding_that_is_not_there_leaves_the_field_empty(read, adjudicate):
    reads = [read("anna", [coding()]), read("ben", [coding("x1", event_type="022")])]
    result = adjudicate(reads, GROUP, SOURCES, field("event_type", **{"from": ["ben/e1"]}))
    assert said(result) == [
        ("decision-of-nothing", "a decision names the coding 'ben/e1', which is not there")
    ]
    assert "event_type" not in result.reading["codings"][0]


def test_a_field_decision_about_a_report_or_field_that_is_not_there_is_a_finding(read, adjudicate):
    reads = [read("anna", [coding()]), read("ben", [coding("x1")])]
    wrong = (field("realis", chosen="planned") | {"report": "e7"}, field("relais", chosen="planned"))
    result = adjudicate(reads, GROUP, SOURCES, *wrong)
    assert said(result) == [
        ("decision-of-nothing", "a decision names the report 'e7', which is not there"),
        ("decision-of-nothing", "a decision names the field 'relais', which is not there"),
    ]
    assert result.findings[1].hint == "did you mean 'realis'?"


def test_the_last_of_two_decisions_about_a_field_counts(adjudicate, differing):
    rest = [field(name, **{"from": ["anna/e1"]}) for name in ("date", "actor", "event_type")]
    report = only(adjudicate(differing, GROUP, SOURCES, *rest, field("event_type", chosen="020")))
    assert report["event_type"] == "020"


def test_text_fields_never_need_a_decision(read, adjudicate):
    reads = [
        read("anna", [coding(summary="They left.")]),
        read("ben", [coding("x1", summary="The base is empty.", place_name="the camp")]),
    ]
    report = only(adjudicate(reads, GROUP, SOURCES))
    assert (report["summary"], report["place_name"]) == ("They left.", "Ras Amara")


def test_the_order_of_participants_and_of_sets_is_no_difference(read, adjudicate):
    front, gov = (
        {"role": "actor", "actor_id": "front"},
        {"role": "actor", "actor_id": "gov", "name_as_printed": "Baghdad"},
    )
    reads = [
        read("anna", [coding(means=["paper", "convoy"], participants=[front, gov])]),
        read("ben", [coding("x1", means=["convoy", "paper"], participants=[gov, front])]),
    ]
    assert only(adjudicate(reads, GROUP, SOURCES))["means"] == ["paper", "convoy"]


# ── sources ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def told(read) -> list[Read]:
    """Anna has one source, Ben another, which came by a third and is part of a fourth."""
    chain = [
        source("s1", identity="anonymous", part_of="s2", via=["s3", "Delta Press"]), source("s2", identity="named"),
        source("s3", identity="named"), source("s4", identity="named"),
    ]  # fmt: skip
    return [
        read("anna", [coding()], sources=[source("s1"), source("s2", identity="named")]),
        read("ben", [coding("x1", support=[{"source": "s1", "stance": "denies"}])], sources=chain),
    ]


def test_a_sources_decision_takes_one_readings_sources_and_support_whole(adjudicate, told):
    result = adjudicate(told, GROUP, {**SOURCES, "from": ["ben"]})
    assert only(result)["support"] == [{"source": "s1", "stance": "denies"}]
    assert [row["key"] for row in result.reading["sources"]] == ["s1", "s2", "s3"], (
        "those that support nothing stay behind"
    )


def test_without_a_sources_decision_there_is_a_finding_and_no_support(adjudicate, told):
    result = adjudicate(told, GROUP)
    assert said(result) == [("sources-undecided", "nobody decided whose sources are taken")]
    assert "support" not in result.reading["codings"][0]
    assert "sources" not in result.reading


def test_a_sources_decision_for_a_stranger_is_a_finding(adjudicate, told):
    result = adjudicate(told, GROUP, {**SOURCES, "from": ["dora"]})
    assert said(result)[0] == ("decision-of-nothing", "a sources decision names 'dora', who has no reading")


def test_borrowed_support_brings_its_source_and_what_that_names(adjudicate, told):
    both = field("support", **{"from": ["anna/e1", "ben/x1"]})
    result = adjudicate(told, GROUP, SOURCES, both)
    assert only(result)["support"] == [
        {"source": "s1", "stance": "asserts"},
        {"source": "ben.s1", "stance": "denies"},
    ]
    sources = {row["key"]: row for row in result.reading["sources"]}
    assert sorted(sources) == ["ben.s1", "ben.s2", "ben.s3", "s1"]
    assert sources["ben.s1"]["identity"] == "anonymous"
    assert sources["ben.s1"]["part_of"] == "ben.s2"
    assert sources["ben.s1"]["via"] == ["ben.s3", "Delta Press"]


def test_the_own_voice_of_a_text_stays_one_when_support_is_borrowed(adjudicate, told):
    for reading in told:
        for source in reading.reading["sources"]:
            if source["key"] == "s1":
                source.clear()
                source.update(key="s1", identity="own_voice")
    both = field("support", **{"from": ["anna/e1", "ben/x1"]})
    result = adjudicate(told, GROUP, SOURCES, both)
    assert [row["source"] for row in only(result)["support"]] == ["s1", "s1"]
    assert [row["key"] for row in result.reading["sources"]] == ["s1"]
