"""The MAVERICK reports: the map and the codebook on an invented row, and on the producers' file where it is at hand."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest

import mapped
from eventcode import readings, shape, yamlfile
from eventcode.checks import context
from eventcode.checks.engine import Checker
from eventcode.codebook import parts, views
from eventcode.codebook.load import load
from eventcode.formats import mapping
from eventcode.model import Codebook
from eventcode.tables import build

ROOT = Path(__file__).parents[1]
DATASET = ROOT / "datasets" / "maverick"
FILE = "maverick_event_report_3287.parquet"
SHARED = os.environ.get("EVENTCODE_SHARED")
PATH = Path(SHARED or "none") / "data" / "real" / FILE
needs_file = pytest.mark.skipif(
    not PATH.is_file(), reason=f"EVENTCODE_SHARED names no folder with data/real/{FILE}"
)

# An invented report: two actors, one of them both perpetrator and victim.
EMPTY_ACTOR = {
    "": None, "_id": None, "_type": None, "_subtype": None, "_party": None, "_violence": None, "_precision": None,
    "_initiator": 0.0, "_perpetrator": 0.0, "_intervener": 0.0, "_bystander": 0.0, "_victim": 0.0,
}  # fmt: skip
ACTORS: dict[int, dict[str, Any]] = {
    1: {
        "": "Supporters of the Blue List", "_id": "KE-599", "_type": "Political actor", "_party": "BL", "_precision": 4.0,
        "_subtype": "Political actor: Party supporters", "_violence": "Arson; Unknown", "_initiator": 1.0,
        "_perpetrator": 1.0, "_victim": 1.0,
    },
    2: {"": "Unknown actor (Kenya)", "_id": "KE-100", "_type": "", "_subtype": "", "_party": "", "_violence": "", "_precision": 0.0},
}  # fmt: skip
REPORT: dict[str, Any] = {
    "id": "a-1", "event_id": "KE-0001", "country": "Kenya", "election": "Other", "certain": 2.0,
    **{f"certain{i}": int(i in (2, 6)) for i in range(1, 7)}, "date_start": "2013-03-03", "date_end": "2013-03-04",
    "city": "Lisane", "location": "", "latitude": -1.5, "longitude": 36.5, "geo_precision": 3.0,
    **{f"actor{n}{key}": value for n in range(1, 7) for key, value in {**EMPTY_ACTOR, **ACTORS.get(n, {})}.items()},
    "event_context": "Unknown", "target": "Unknown", "deaths_best": 2, "deaths_low": 1, "deaths_high": 3,
    "injuries_best": 0, "injuries_low": 0, "injuries_high": 0, "displacement": 0, "damage": 1,
    "source": "The Bell/All Africa (2013-03-05) Fire in Lisane", "number_of_sources": 0.0,
    "source_author": "The Bell/All Africa", "source_type": "National news media", "source_classification": 1.0,
    "sampling": 0.0, "unit_of_analysis": "Event report", "aggregation": "None",
}  # fmt: skip


@pytest.fixture(scope="module")
def codebook() -> Codebook:
    return load(ROOT / "codebook" / "maverick")


@pytest.fixture(scope="module")
def the_map(codebook: Codebook) -> mapping.Mapping:
    return mapping.read_map(DATASET / "map.yaml", codebook)


@pytest.fixture(scope="module")
def real(codebook: Codebook, the_map: mapping.Mapping) -> mapping.Imported:
    return mapping.apply(the_map, PATH, codebook)


@pytest.fixture
def invented(tmp_path: Path, codebook: Codebook, the_map: mapping.Mapping) -> mapping.Imported:
    return mapping.apply(the_map, mapped.write_rows(tmp_path, [REPORT]), codebook)


# ── an invented report ────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_map_names_every_column_of_the_file(the_map: mapping.Mapping) -> None:
    assert sorted(the_map.columns) == sorted(REPORT)
    assert len(the_map.columns) == 108


def test_the_card_the_origin_and_the_waivers_have_the_right_shape() -> None:
    for name, schema in (
        ("dataset.yaml", "dataset"),
        (f"raw/{FILE}.origin.yaml", "origin"),
    ):
        assert shape.check(yamlfile.read(DATASET / name), schema) == []
    header, *rows = (DATASET / "waivers.csv").read_text("utf-8").splitlines()
    assert header == "rule,key,count,who,why,until"
    assert len(rows) == 6


def test_the_rows_are_not_in_the_repository() -> None:
    kept = {path.name for path in DATASET.rglob("*") if path.is_file()}
    assert kept - {FILE} == {"README.md", "dataset.yaml", "map.yaml", "waivers.csv", f"{FILE}.origin.yaml"}


def test_an_invented_report_is_mapped_whole(invented: mapping.Imported) -> None:
    (coding,) = mapped.codings(invented)
    assert not invented.problems
    shown = {k: v for k, v in coding.items() if k != "participants"}
    assert shown == {
        "key": "a-1", "event_type": "100", "realis": "occurred", "event_context_missing": "not_stated",
        "forms_of_violence": ["arson", "unknown"], "target_missing": "not_stated", "producer_event": "KE-0001",
        "election": "other", "inclusion_criteria": ["party_ties", "near_election"], "n_criteria": 2,
        "date_start": "2013-03-03", "date_end": "2013-03-04", "date_precision": "interval", "country": "KEN",
        "place_name": "Lisane", "city": "Lisane", "lat": -1.5, "lon": 36.5, "place_precision": "3", "deaths_low": 1,
        "deaths_best": 2, "deaths_high": 3, "injuries_low": 0, "injuries_best": 0, "injuries_high": 0,
        "displacement": False, "damage": True, "source_type": "national_media", "source_standing": 1,
        "found_through": "press_archive", "actor1_sort": "party_supporters", "actor1_forms": ["arson", "unknown"],
        "actor1_roles": ["initiator", "perpetrator", "victim"], "actor1_precision": 4, "actor2_precision": 0,
    }  # fmt: skip


def test_an_invented_reports_actors_take_their_roles(invented: mapping.Imported) -> None:
    (coding,) = mapped.codings(invented)
    assert coding["participants"] == [
        {"role": "actor", "position": 0, "actor_id": "KE-599", "member_of": "BL"},
        {"role": "recipient", "position": 0, "actor_id": "KE-599", "member_of": "BL"},
        {"role": "about", "position": 1, "actor_missing": "not_stated"},
    ]
    assert {row["id"]: row["kind"] for row in invented.actors} == {"KE-599": "party", "BL": "party"}


def test_an_outlet_is_told_from_the_archive_that_carried_it(invented: mapping.Imported) -> None:
    (document,) = invented.documents
    assert (document["publisher"], document["relay"], document["title"]) == (
        "the-bell",
        "All Africa",
        "Fire in Lisane",
    )
    assert [row["name"] for row in invented.publishers] == ["The Bell"]


def test_no_source_is_made_up(invented: mapping.Imported) -> None:
    reading, _ = invented.readings[0]
    assert "sources" not in reading
    assert "support" not in reading["codings"][0]


def test_every_event_type_has_an_example_and_a_look_alike(codebook: Codebook) -> None:
    assert [code for code in codebook.codes if not codebook.examples_of(code)] == []
    looked = {code for example in codebook.examples for code in example.not_}
    assert [code for code in codebook.codes if code not in looked] == []


# ── the producers' file ───────────────────────────────────────────────────────────────────────────────────────────────


@needs_file
def test_the_file_is_the_one_that_its_origin_describes() -> None:
    origin = yamlfile.read(DATASET / "raw" / f"{FILE}.origin.yaml").data
    data = PATH.read_bytes()
    assert (hashlib.sha256(data).hexdigest(), len(data)) == (origin["sha256"], origin["bytes"])


@needs_file
def test_every_value_of_the_file_is_handled(real: mapping.Imported) -> None:
    assert real.problems == []
    assert len(mapped.codings(real)) == len(real.links) == 3287
    assert len(real.documents) == len(real.readings) == 1298
    assert len({link["event"] for link in real.links}) == 2200


@needs_file
def test_its_readings_have_the_shape_of_a_readings_file(real: mapping.Imported, codebook: Codebook) -> None:
    validator = shape.compiled(views.json_schema(codebook, strict=True))
    assert [list(shape.violations(reading, validator)) for reading, _ in real.readings[:200]] == [[]] * 200


@needs_file
def test_numbers_and_days_arrive_unchanged(real: mapping.Imported) -> None:
    raw = pyarrow.parquet.read_table(PATH).to_pydict()
    by_key = {coding["key"]: coding for coding in mapped.codings(real)}
    for ours, theirs in (
        ("deaths_best", "deaths_best"),
        ("injuries_high", "injuries_high"),
        ("date_start", "date_start"),
    ):
        assert [by_key[key][ours] for key in raw["id"]] == raw[theirs]


@needs_file
def test_every_way_to_say_unknown_gets_a_reason(real: mapping.Imported) -> None:
    codings = mapped.codings(real)
    participants = [participant for coding in codings for participant in coding["participants"]]
    assert Counter(coding.get("event_context_missing") for coding in codings) == {
        None: 2041,
        "not_stated": 1228,
        "not_coded": 18,
    }
    assert Counter(coding.get("target_missing") for coding in codings) == {None: 2511, "not_stated": 776}
    assert Counter(coding.get("city_missing") for coding in codings) == {None: 2912, "not_stated": 375}
    assert Counter(coding.get("election_missing") for coding in codings) == {None: 3281, "not_coded": 6}
    missing = Counter(participant.get("actor_missing") for participant in participants)
    assert missing["not_coded"] == 71  # reports in which nobody began violence or used it
    assert missing["not_stated"] == sum(1 for _ in _unknown_actors())
    assert not any(participant.get("actor_id") in ("KE-100", "CIV-100") for participant in participants)


def _unknown_actors() -> Any:
    """Each role that an actor called "Unknown actor" has in the file."""
    raw = pyarrow.parquet.read_table(PATH).to_pydict()
    for n in range(1, 7):
        names = [f"actor{n}_{part}" for part in ("id", "initiator", "perpetrator", "victim")]
        for own, began, used, suffered in zip(*(raw[name] for name in names), strict=True):
            if own in ("KE-100", "CIV-100"):
                yield from ["actor"] * bool(began or used) + ["recipient"] * bool(suffered)
                yield from ["about"] * (not (began or used or suffered))


FOUND = {
    "codings.date-order": 10,
    "maverick.reported-after-it-happened": 35,
    "maverick.injuries-best-above-high": 3,
    "maverick.injuries-low-above-best": 1,
    "maverick.deaths-in-order": 0,
    "maverick.party-is-no-actor-id": 4,  # three cells; one of the three actors has two roles
    "participants.member-of-exists": 4,  # the same
    "participants.actor-id-exists": 0,
    "maverick.party-twins": 3,  # the rarer spelling of NARC, KANU and FORD-K
    "maverick.event-told-once": 28,  # 14 pairs
    "maverick.event-of-one-election": 22,  # the reports of 4 events
    "maverick.event-in-one-country": 0,
    "maverick.source-of-one-sort": 124,  # the reports of 22 documents
    "maverick.standing-follows-sort": 0,
    "maverick.grounds-counted": 0,
    "maverick.coordinates-fit-precision": 0,
    "maverick.actors-have-a-part": 97,  # 102 actors
    "maverick.unknown-is-no-name": 0,
    "maverick.title-twins": 9,
    "sourcing.support-exists": 3287,
}


@needs_file
def test_the_rules_find_the_known_errors(real: mapping.Imported, codebook: Codebook) -> None:
    whole = replace(codebook, actors={row["id"]: parts.actor(row) for row in real.actors})
    checked = Checker(whole, only=FOUND).check(_tables(real, whole))
    assert {count.rule: count.failed for count in checked.counts} == FOUND
    assert sum(count.unknown for count in checked.counts) == 0


@needs_file
def test_nothing_else_is_wrong_with_codes_and_fields(real: mapping.Imported, codebook: Codebook) -> None:
    whole = replace(codebook, actors={row["id"]: parts.actor(row) for row in real.actors})
    fields = [field.name for field in codebook.fields_of("codings")]
    kinds = (
        "code",
        "required",
        "reason-code",
        "value-or-reason",
        "not-applicable",
        "minimum",
        "maximum",
        "pattern",
    )
    rules = [f"codings.{name}-{kind}" for name in fields for kind in kinds]
    checked = Checker(whole, only=[*rules, "codings.role-required", "codings.realis-fits-code"]).check(
        _tables(real, whole)
    )
    assert len(checked.counts) > 60
    assert {count.rule: count.failed for count in checked.counts if count.failed or count.unknown} == {}


def _tables(found: mapping.Imported, codebook: Codebook) -> dict[str, Any]:
    rows = readings.Rows()
    ids = {row["document_key"]: row["document_id"] for row in found.documents}
    for reading, place in found.readings:
        coder = readings.Coder("eventreport", "imported")
        rows.extend(readings.explode(reading, ids[reading["document"]], coder, codebook, place))
    tables = {**rows.tables, "documents": found.documents, "publishers": found.publishers}
    tables["actors"] = context.actor_rows(codebook)
    return {name: build(views.columns(codebook, name), table) for name, table in tables.items()}


@needs_file
def test_the_parties_in_two_spellings_are_those_of_the_file(real: mapping.Imported) -> None:
    raw = pyarrow.parquet.read_table(PATH).to_pydict()
    cells = Counter(text for n in range(1, 7) for text in raw[f"actor{n}_party"] if text)
    spellings: dict[str, list[str]] = {}
    for text in sorted(cells):
        spellings.setdefault(text.casefold(), []).append(text)
    twins = {
        name: {text: cells[text] for text in texts} for name, texts in spellings.items() if len(texts) > 1
    }
    assert twins == {
        "ford-k": {"FORD-K": 2, "Ford-K": 2}, "kanu": {"KANU": 85, "Kanu": 1}, "narc": {"NARC": 25, "Narc": 3},
    }  # fmt: skip
    assert cells["KE-517"] == 3
