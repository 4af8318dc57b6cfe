"""What is compared between coders, on which pairs, and what the agreement of a dataset says of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import coders_at_work
from coders_at_work import Read, at_random, coding, corpus
from eventcode.codebook.load import load
from eventcode.errors import DatasetError
from eventcode.pipeline import agree, agree_coders, agree_rows
from eventcode.pipeline.agree_cautions import cautions
from eventcode.pipeline.agree_measure import World
from eventcode.pipeline.agree_settings import Plan
from eventcode.pipeline.simulate import simulate
from eventcode.project import find
from eventcode.readings import Coder
from eventcode.reliability import align, alpha, fields, fields_pairs, units
from eventcode.reliability import fields_values as said
from eventcode.reliability.fields_pairs import Comparison
from eventcode.reliability.records import Corpus
from eventcode.reliability.result import Agreement, Estimate

DISARMAMENT = load("disarmament")
ITEMS = {item.name: item for item in fields.items(DISARMAMENT)}


def read(document: str, coder: str, codings: Any = (), **head: Any) -> Read:
    """A reading under the first version of a codebook."""
    return coders_at_work.read(document, coder, codings, **{"codebook": "invented@1.0.0", **head})


def world(of: Corpus, **changes: Any) -> World:
    """A corpus as it is measured."""
    return World(of, replace(Plan(align.Settings(), draws=200), **changes), [], [])


def comparison(of: World, name: str) -> Comparison:
    """One item of a world."""
    return next(c for c in (of.detection, *of.comparisons()) if c.item.name == name)


def everybody(of: World, name: str) -> Any:
    """The units of an item among all voters."""
    return comparison(of, name).units(of.block("all", of.every_pair))


# ── what is compared ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("event_type", "hierarchical"), ("event_type.root", "nominal"), ("event_type.leaf", "nominal"), ("date", "interval"),
        ("date.exact", "nominal"), ("place", "hierarchical"), ("actor", "set"), ("realis", "nominal"), ("extent", "ordinal"),
        ("object", "set"), ("fatalities_best", "ratio"), ("lat", "interval"), ("sources.identity", "nominal"),
        ("sources.n_persons", "ratio"), ("sources.affiliations", "set"), ("sources.via", "set"), ("support.stance", "nominal"),
        ("support.party_to_event", "nominal"), ("derived.origins_min", "ratio"), ("derived.contested", "nominal"),
    ],
)  # fmt: skip
def test_the_level_is_that_of_the_codebook(name: str, level: str) -> None:
    assert ITEMS[name].level == level


@pytest.mark.parametrize("name", ["summary", "condition", "sources.source_name", "sources.source_descriptor"])
def test_free_text_is_never_compared(name: str) -> None:
    assert name not in ITEMS


def test_keys_that_are_local_to_a_reading_are_not_compared() -> None:
    assert not ITEMS.keys() & {"sources.part_of", "support.source", "support.field"}


@pytest.mark.parametrize(
    ("name", "left_out"),
    [("date", "date"), ("date.exact", "date"), ("place", "place"), ("country", "place"), ("lat", "place"), ("actor", "actor"),
     ("recipient", "recipient"), ("event_type", None), ("realis", None), ("sources.affiliation_actors", "organisation")],
)  # fmt: skip
def test_what_is_scored_takes_no_part_in_pairing(name: str, left_out: str | None) -> None:
    assert align.identity_field(ITEMS[name].leave_out) == left_out


def test_a_codebook_without_sourcing_has_no_sources_to_compare() -> None:
    assert {item.section for item in fields.items(at_random(1, 2, "ab").codebook)} == {"coding"}


# ── answers ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "row", "value"),
    [
        ("realis", {}, None),
        ("realis", {"realis": "occurred"}, "occurred"),
        ("setting", {"setting": "unknown"}, "unknown"),
        ("date", {"date_start": "2025-05-02"}, 739373),
        ("date", {"date_missing": "not_stated"}, None),
        ("date.stated", {"date_missing": "not_stated"}, "not_stated"),
        ("date.stated", {"date_precision": "day", "date_start": "2025-05-02"}, "stated"),
        ("date.exact", {"date_precision": "month", "date_start": "2025-05-01", "date_end": "2025-05-31"},
         "2025-05-01/2025-05-31 (month)"),
        ("place_name", {"place_name": "Ras  AMARA"}, "ras amara"),
        ("place_name", {"place_name_missing": "cannot_tell"}, "cannot_tell"),
        ("place", {"country": "IRQ", "admin1": "IQ-AN", "place_name": "Hit"}, ("IRQ", "IQ-AN", "hit")),
        ("place", {"country": "IRQ", "place_name": "Iraq", "place_precision": "country"}, ("IRQ",)),
        ("place", {"place_name_missing": "not_stated"}, ("not_stated",)),
        ("place", {}, None),
        ("extent", {"extent": "most"}, "most"),
        ("extent", {"extent": "unknown"}, None),
        ("extent.stated", {"extent": "unknown"}, "unknown"),
        ("fatalities_best", {"fatalities_best": 3}, 3.0),
        ("fatalities_best", {"fatalities_best_missing": "cannot_tell"}, None),
        ("fatalities_best.stated", {"fatalities_best_missing": "cannot_tell"}, "cannot_tell"),
        ("deadline.stated", {"deadline_missing": "not_coded"}, None),
        ("object", {"object": ["camp", "site"]}, frozenset({"camp", "site"})),
        ("object", {}, None),
        ("actor", {}, frozenset()),
        ("actor", {"participants": [{"role": "actor", "actor_id": "irq.government"}, {"role": "recipient", "actor_id": "x"}]},
         frozenset({"irq.government"})),
        ("actor", {"participants": [{"role": "actor", "actor_missing": "not_stated", "name_as_printed": "The Brigade"}]},
         frozenset({"the brigade"})),
        ("sources.affiliations", {"affiliations": ["unknown"]}, frozenset({"unknown"})),
        ("sources.via", {"identity": "own_voice"}, None),
        ("sources.via", {"identity": "named"}, frozenset()),
        ("sources.via", {"identity": "named", "via": ["s2", "Reuters"], "_names": {"s2": "Ali Hasan"}},
         frozenset({"ali hasan", "reuters"})),
    ],
)  # fmt: skip
def test_an_answer_is_a_value_and_no_answer_is_none(name: str, row: dict[str, Any], value: Any) -> None:
    assert ITEMS[name].value(row) == value


def test_an_empty_cell_is_missing_and_a_stated_absence_is_a_value() -> None:
    def a_pair(one: dict[str, Any], other: dict[str, Any]) -> list[Any]:
        return [
            read("d1", "ann", [coding("e1", span=(0, 9), **one)]),
            read("d1", "bob", [coding("e1", span=(0, 9), **other)]),
        ]

    of = replace(
        corpus(a_pair({"place_name_missing": "not_stated"}, {"place_name_missing": "not_stated"})),
        codebook=DISARMAMENT,
    )
    assert len(everybody(world(of), "place_name").codes) == 1
    of = replace(corpus(a_pair({"place_name_missing": "not_stated"}, {})), codebook=DISARMAMENT)
    assert len(everybody(world(of), "place_name").codes) == 0
    assert comparison(world(of), "place_name").coverage(world(of).blocks[0]) == 0.0


def test_a_source_is_called_by_its_name_else_its_description() -> None:
    assert said.called({"source_name": "Ali", "source_descriptor": "a medic"}) == "Ali"
    assert said.called({"source_descriptor": "a medic"}) == "a medic"


# ── pairs and weights ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_codings_that_only_the_date_pairs_are_no_pair_where_the_date_is_scored() -> None:
    own = [read("d1", who, [coding("e1", day="2025-05-02")]) for who in ("ann", "bob")]
    assert len(everybody(world(corpus(own)), "event_type.leaf").codes) == 1
    assert len(everybody(world(corpus(own)), "date").codes) == 0


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 4))
def test_alpha_of_the_pairs_is_alpha_of_the_table_where_everything_is_aligned(seed: int, coders: int) -> None:
    draw = np.random.default_rng(seed)
    names = "abcd"[:coders]
    table = [[str(draw.choice(["01", "011", "02"])) for _ in names] for _ in range(12)]
    rows = [
        read(f"d{n}", who, [coding("e1", row[i], span=(0, 50))])
        for n, row in enumerate(table)
        for i, who in enumerate(names)
    ]
    found = alpha.alpha(everybody(world(corpus(rows)), "event_type.leaf"), "nominal").estimate
    assert found == pytest.approx(alpha.alpha(units.units(table), "nominal").estimate)


def test_detection_is_alpha_over_the_documents_read() -> None:
    rows = [
        read(f"d{n}", who, [coding("e1", span=(0, 9))] if found else [])
        for n, row in enumerate([(1, 1), (0, 0), (1, 0), (1, 1), (0, 0)])
        for who, found in zip(("ann", "bob"), row, strict=True)
    ]
    found = alpha.alpha(everybody(world(corpus(rows)), "detection"), "nominal").estimate
    assert found == pytest.approx(
        alpha.alpha(units.units([(1, 1), (0, 0), (1, 0), (1, 1), (0, 0)]), "nominal").estimate
    )


def test_runs_of_one_voter_share_one_vote() -> None:
    machine = {name: Coder(name, "llm", "m-1") for name in ("m1", "m2", "m3")}
    statuses = [(1, 1, 1, 1), (1, 0, 0, 0), (0, 0, 0, 0), (1, 1, 1, 1)]
    names = ("ann", "m1", "m2", "m3")
    rows = [
        read(f"d{n}", who, [coding("e1", span=(0, 9))] if found else [])
        for n, row in enumerate(statuses)
        for who, found in zip(names, row, strict=True)
    ]
    all_runs, one_run = (
        world(corpus(rows, machine)),
        world(corpus([r for r in rows if r.coder in ("ann", "m1")], machine)),
    )
    whole, single = everybody(all_runs, "detection"), everybody(one_run, "detection")
    assert whole.weights.tolist() == pytest.approx([1 / 3] * 12)
    assert alpha.alpha(whole, "nominal").estimate == pytest.approx(alpha.alpha(single, "nominal").estimate)


def test_runs_of_one_voter_are_compared_only_as_self_consistency() -> None:
    machine = {name: Coder(name, "llm", "m-1") for name in ("m1", "m2")}
    of = world(corpus([read("d1", who) for who in ("ann", "m1", "m2")], machine))
    blocks = {block.name: int(np.triu(block.pairs).sum()) for block in of.blocks}
    assert blocks == {"all": 2, "person–machine": 2, "self-consistency": 1}


def test_blocks_leave_each_coder_out_and_keep_versions_apart() -> None:
    rows = [read(f"d{n}", who, codebook=f"x@1.0.{n}") for n in (0, 1) for who in ("ann", "bob", "cleo")]
    names = [block.name for block in world(corpus(rows)).blocks]
    assert names == [
        "all",
        "person–person",
        "without:ann",
        "without:bob",
        "without:cleo",
        "version:1.0.0",
        "version:1.0.1",
    ]


def test_coverage_is_the_share_of_answers_that_met_another() -> None:
    ann = [coding("e1", span=(0, 50)), coding("e2", span=(100, 150)), coding("e3", span=(200, 250))]
    bob = [coding("e1", span=(0, 50))]
    of = world(corpus([read("d1", "ann", ann), read("d1", "bob", bob), read("d2", "ann", ann)]))
    assert comparison(of, "event_type.leaf").coverage(of.blocks[0]) == pytest.approx(2 / 4)


def test_a_document_drawn_with_half_the_probability_counts_twice() -> None:
    rows = [read(f"d{n}", who, inclusion_p=p) for n, p in enumerate((1.0, 0.5)) for who in ("ann", "bob")]
    weights = everybody(world(corpus(rows)), "detection").weights
    assert weights[1] == 2 * weights[0]
    assert weights.mean() == pytest.approx(1)


def test_support_is_paired_by_its_codings_its_sources_and_its_field() -> None:
    def own(who: str, stance: str, name: str, key: str) -> Any:
        source = {"key": key, "identity": "named", "source_name": name, "evidence": [{"start": 0, "end": 9}]}
        rows = [{"source": key, "stance": stance}, {"source": key, "field": "date", "stance": "denies"}]
        return read("d1", who, [coding("e1", span=(0, 50), support=rows)], sources=[source])

    found = replace(
        corpus([own("ann", "asserts", "Ali Hasan", "s1"), own("bob", "confirms", "Ali Hasan", "s7")]),
        codebook=DISARMAMENT,
    )
    of = world(found)
    pairs = comparison(of, "support.stance")
    values = [
        (pairs.values[pairs.codes[i]], pairs.values[pairs.codes[j]])
        for i, j in zip(pairs.pairs.a, pairs.pairs.b, strict=True)
    ]
    assert values == [("asserts", "confirms"), ("denies", "denies")]


def test_distances_in_the_tree_and_between_sets_are_those_of_alpha() -> None:
    of = world(at_random(5, 60, "ab"))
    block = of.block("all", of.every_pair)
    for name, how in (
        ("event_type", {"level": "hierarchical", "tree": comparison(of, "event_type").tree}),
        ("actor", {"level": "set"}),
    ):
        own = comparison(of, name)
        assert agree_rows.alone(own, block).estimate == pytest.approx(
            alpha.alpha(own.units(block), **how).estimate
        )


def test_more_values_than_a_table_holds_have_no_coefficient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agree_rows, "MOST_VALUES", 1)
    of = world(at_random(5, 10, "ab"))
    row = agree_rows.alone(comparison(of, "actor"), of.block("all", of.every_pair))
    assert row.estimate is None
    assert row.reason == "more than 3,000 different values: too many to hold each against each"


def test_random_types_have_an_alpha_of_about_nothing() -> None:
    found = alpha.alpha(everybody(world(at_random(3, 300, "ab")), "event_type.leaf"), "nominal").estimate
    assert found == pytest.approx(0, abs=0.06)


# ── what cannot be concluded ──────────────────────────────────────────────────────────────────────────────────────────


def told(of: World) -> str:
    return " ".join(cautions(of, ()))


def test_one_document_is_said_to_prove_nothing() -> None:
    assert "Only one document was read by two coders" in told(
        world(corpus([read("d1", who) for who in "ab"]))
    )


def test_runs_of_one_model_are_said_to_be_self_consistency() -> None:
    machine = {name: Coder(name, "llm", "m-1") for name in "ab"}
    said_of = told(world(corpus([read(f"d{n}", who) for n in range(3) for who in "ab"], machine)))
    assert "All readings are runs of one voter (m-1: a and b)" in said_of
    assert "self-consistency, not reliability" in said_of


def test_documents_that_nobody_drew_are_said_to_be_no_sample() -> None:
    rows = [
        read(f"d{n}", who, sample_role="training" if n else "reliability") for n in range(3) for who in "ab"
    ]
    assert (
        "2 of the 3 documents that two coders read were not drawn to measure reliability (sample_role: training)"
        in told(world(corpus(rows)))
    )


def test_authors_of_the_codebook_are_named() -> None:
    assert "a wrote the codebook" in told(world(corpus([read("d1", who) for who in "ab"]), authors=("a",)))


def test_coders_held_fixed_are_said_to_be() -> None:
    assert "hold the coders fixed" in told(
        world(corpus([read(f"d{n}", who) for n in range(3) for who in "ab"]))
    )


# ── a whole dataset ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A simulated project of 30 documents and 3 coders."""
    root = tmp_path_factory.mktemp("simulated") / "project"
    simulate(root, documents=30, n_coders=3)
    return root


@pytest.fixture(scope="module")
def found(simulated: Path) -> Agreement:
    return agree.agreement(find(simulated).dataset("simulated"), draws=200)


def main(of: Agreement, **wanted: Any) -> Estimate:
    """The one row that has these values."""
    rows = [row for row in of.estimates if all(getattr(row, name) == value for name, value in wanted.items())]
    assert len(rows) == 1, rows
    return rows[0]


def test_detection_joint_and_fields_come_with_intervals(found: Agreement) -> None:
    for wanted in (
        {"section": "detection", "measure": "alpha", "block": "all"},
        {"section": "joint", "block": "all", "theta": 0.4},
        {"field": "event_type", "section": "coding", "block": "all", "theta": 0.4},
        {"field": "events", "measure": "f1", "block": "all"},
        {"field": "event_type", "section": "evidence", "block": "all"},
    ):
        row = main(found, **wanted)
        assert row.estimate is not None
        assert row.low is not None
        assert row.high is not None
        assert row.low <= row.estimate <= row.high
        assert row.p_below_667 is not None
        assert row.n_documents > 10


def test_sections_stand_in_their_order(found: Agreement) -> None:
    sections = list(dict.fromkeys(row.section for row in found.estimates))
    assert sections == [
        "detection",
        "joint",
        "coding",
        "source",
        "support",
        "derived",
        "evidence",
        "difference",
    ]


def test_nominal_fields_have_percent_agreement_kappa_and_ac1_beside_alpha(found: Agreement) -> None:
    rows = [
        row
        for row in found.estimates
        if row.field == "event_type.root" and row.block == "all" and row.theta == 0.4
    ]
    assert [row.measure for row in rows] == [
        "alpha_pairwise_aligned",
        "percent_agreement",
        "gwet_ac1",
        "conger_kappa",
    ]


def test_theta_is_tried_at_other_values(found: Agreement) -> None:
    rows = [
        row
        for row in found.estimates
        if row.field == "event_type.leaf" and row.measure == "alpha_pairwise_aligned"
    ]
    assert {row.theta for row in rows if row.block == "all"} == {0.3, 0.4, 0.5}


def test_every_coder_is_left_out_once(found: Agreement) -> None:
    blocks = {row.block for row in found.estimates if row.section == "detection"}
    assert {f"without:{row['coder']}" for row in found.coders} <= blocks


def test_no_row_stands_twice(found: Agreement) -> None:
    keys = [(r.section, r.field, r.measure, r.level, r.block, r.theta) for r in found.estimates]
    assert len(keys) == len(set(keys))


def test_what_is_undefined_is_null_with_its_reason(found: Agreement) -> None:
    for row in found.estimates:
        assert (row.estimate is None) <= (row.reason is not None)
        for number in (row.estimate, row.low, row.high, row.coverage, row.prevalence):
            assert number is None or np.isfinite(number)


def test_confused_values_come_with_both_codings_and_their_places(found: Agreement) -> None:
    confusion = next(row for row in found.confusions if row.field == "event_type")
    case = confusion.cases[0]
    assert {*case.values} == {*confusion.values}
    assert all("/" in name for name in case.codings)
    assert case.spans[0] is not None
    assert case.spans[0][0] < case.spans[0][1]


def test_of_each_field_ten_confusions_are_listed_at_most(found: Agreement) -> None:
    fields_ = [row.field for row in found.confusions]
    assert max(fields_.count(name) for name in fields_) <= 10
    assert "sources.identity" in fields_


def test_matrices_are_there_at_leaf_and_root(found: Agreement) -> None:
    own = {matrix.level: matrix for matrix in found.matrices if matrix.field == "event_type"}
    assert own.keys() == {"leaf", "root"}
    assert sum(map(sum, own["leaf"].counts)) == pytest.approx(sum(map(sum, own["root"].counts)))


def test_the_same_seed_gives_the_same_numbers_and_another_does_not(simulated: Path, found: Agreement) -> None:
    dataset = find(simulated).dataset("simulated")
    assert agree.agreement(dataset, draws=200) == found
    other = agree.agreement(dataset, draws=200, seed=2)
    assert [row.estimate for row in other.estimates if row.section == "coding"] == [
        row.estimate for row in found.estimates if row.section == "coding"
    ]
    assert [row.low for row in other.estimates] != [row.low for row in found.estimates]


def test_decisions_and_links_change_nothing(simulated: Path, found: Agreement, tmp_path: Path) -> None:
    import shutil

    copy = Path(shutil.copytree(simulated, tmp_path / "copy"))
    for name in ("decisions.jsonl", "links.jsonl"):
        (copy / "datasets" / "simulated" / name).unlink(missing_ok=True)
    without = agree.agreement(find(copy).dataset("simulated"), draws=200)
    assert without.estimates == found.estimates


def test_the_order_of_lines_changes_nothing(simulated: Path, found: Agreement, tmp_path: Path) -> None:
    import shutil

    copy = Path(shutil.copytree(simulated, tmp_path / "copy"))
    for path in (copy / "datasets" / "simulated" / "readings").rglob("*.jsonl"):
        path.write_text("".join(reversed(path.read_text("utf-8").splitlines(keepends=True))), "utf-8")
    assert agree.agreement(find(copy).dataset("simulated"), draws=200).estimates == found.estimates


def test_one_version_of_the_codebook_can_be_asked_for(simulated: Path) -> None:
    dataset = find(simulated).dataset("simulated")
    found = agree.agreement(dataset, draws=100, codebook_version="1.0.1")
    assert not any(row.block.startswith("version:") for row in found.estimates)
    assert main(found, section="detection", measure="alpha", block="all").n_documents < 30
    with pytest.raises(DatasetError, match=r"no reading under version 9\.9\.9"):
        agree.agreement(dataset, codebook_version="9.9.9")


def test_drift_has_a_row_for_each_coder_version_and_window(found: Agreement) -> None:
    assert {row["coder"] for row in found.drift} == {row["coder"] for row in found.coders}
    assert all({"version", "window", "ewma", "limit", "flagged"} <= row.keys() for row in found.drift)


def test_how_often_a_coder_is_right_is_told_of_three_voters_and_not_of_two() -> None:
    three, two = (world(at_random(1, 30, names, faithful=True)) for names in ("abc", "ab"))
    assert {name: round(share, 1) for name, share in agree_coders.accuracies(three).items()} == {
        "a": 1.0,
        "b": 1.0,
        "c": 1.0,
    }
    assert agree_coders.accuracies(two) == {}


def test_the_first_dataset_says_that_nothing_can_be_concluded() -> None:
    found = agree.agreement(find(Path(__file__).parent).dataset("iraq-militias-2025"))
    assert (
        main(found, section="detection", measure="alpha", block="all").reason
        == "no two voters read the same document"
    )
    own = main(found, field="event_type", section="coding", block="self-consistency", theta=0.4)
    assert own.estimate == 1.0
    assert own.low is None
    assert own.reason is not None
    assert "nothing can be concluded about others" in found.cautions[0]
    assert "self-consistency, not reliability" in found.cautions[1]


def test_an_unpaired_block_gives_no_units() -> None:
    of = world(corpus([read("d1", "ann"), read("d2", "bob")]))
    nobody = fields_pairs.block("nobody", of.corpus.coders, [], of.corpus.read)
    assert len(of.detection.units(nobody).codes) == 0
