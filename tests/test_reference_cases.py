"""Published cases of any metric, level and layout, run through the public functions as `eventcode agree --reference` does."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from eventcode.errors import EventcodeError
from eventcode.reliability import reference, reference_metrics
from test_alpha import FOUR, THREE
from test_kappa import ABSTRACTORS, COHEN, PSYCHIATRIC

SHARED = os.environ.get("EVENTCODE_SHARED")
PATH = Path(SHARED or "none") / "data" / "reliability" / "reference_public.json"
UNITS, TABLE, COUNTS = "units x coders (null = missing)", "contingency table", "units x categories counts"
TREE = {"march": "protest", "strike": "protest", "beating": "assault"}
SPANS = [["i", "c", 0, 10], ["j", "c", 2, 10], ["i", "k", 20, 5], ["j", "k", 20, 5]]
MARKED = [
    {"annotator": "A", "start": 1, "end": 5, "category": "a"}, {"annotator": "A", "start": 6, "end": 10, "category": "b"},
    {"annotator": "B", "start": 2, "end": 6, "category": "a"}, {"annotator": "B", "start": 7, "end": 11, "category": "b"},
]  # fmt: skip


def case(
    metric: str, level: str, layout: str, matrix: Any, expected: Any, tolerance: float = 1e-5, **more: Any
) -> dict[str, Any]:
    return {
        "name": metric,
        "metric": metric,
        "level": level,
        "layout": layout,
        "matrix": matrix,
        "expected": expected,
        "tolerance": tolerance,
        **more,
    }


@pytest.mark.skipif(
    not PATH.is_file(), reason=f"EVENTCODE_SHARED names no folder with {'/'.join(PATH.parts[-3:])}"
)
def test_every_case_of_the_reference_file_is_hit() -> None:
    verdicts = reference.run(json.loads(PATH.read_text("utf-8")))
    assert len(verdicts) == 28
    assert [verdict for verdict in verdicts if not verdict.passed] == []
    assert not reference.failed(verdicts)


HITS = [
    case("krippendorff_alpha", "nominal", UNITS, FOUR, 0.743, 0.001),
    case(
        "krippendorff_alpha",
        "ratio",
        "coders x units",
        [list(row) for row in zip(*THREE, strict=True)],
        0.483,
        0.001,
    ),
    case(
        "krippendorff_alpha",
        "interval",
        "raters x items",
        [list(row) for row in zip(*THREE, strict=True)],
        0.547,
        0.001,
    ),
    case(
        "krippendorff_alpha",
        "nominal",
        "units x coders (0 = missing)",
        [[cell or 0 for cell in row] for row in FOUR],
        0.743,
        0.001,
    ),
    case("krippendorff_alpha", "interval", TABLE, ABSTRACTORS, 0.8926487),
    case("krippendorff_alpha", "nominal", TABLE, ABSTRACTORS, 0.7972585),
    case("krippendorff_alpha", "custom_distance", UNITS, [["a", "b"], ["b", "b"]], 0, distance={"a|b": 0.5}),
    case("krippendorff_alpha", "custom", UNITS, [[1, 2], [2, 2]], 0, distance=[[0, 3], [3, 0]]),
    case("krippendorff_alpha", "set_masi", UNITS, [[["a"], ["a", "b"]], [["b"], ["b"]]], 0.5),
    case(
        "krippendorff_alpha", "set", UNITS, [[["a"], ["a", "b"]], [["b"], ["b"]]], 4 / 7, distance="jaccard"
    ),
    case("jaccard_alpha", "set", UNITS, [[["a"], ["a", "b"]], [["b"], ["b"]]], 4 / 7),
    case(
        "multi_valued_alpha",
        "nominal_sets",
        UNITS,
        [[["a"]] * 3, [["b"], ["b"], ["b", "d"]], [["d"]] * 3],
        0.895,
        0.001,
    ),
    case(
        "hierarchical_alpha",
        "wu_palmer",
        UNITS,
        [["march", "strike"], ["beating", "beating"]],
        2 / 3,
        tree=TREE,
    ),
    case(
        "hierarchical_alpha",
        "level_costs",
        UNITS,
        [["march", "strike"], ["beating", "beating"]],
        2 / 3,
        tree=TREE,
        level_costs=[1, 0.5],
    ),
    case("hierarchical_alpha", "root", UNITS, [["march", "strike"], ["beating", "beating"]], 1, tree=TREE),
    case("percent_agreement", "nominal", UNITS, FOUR, 0.81818),
    case("percent_agreement", "ordinal", UNITS, FOUR, 0.81818),
    case("percent_agreement", "quadratic", TABLE, ABSTRACTORS, 0.9725),
    case("cohen_kappa", "nominal", "contingency table rater1 x rater2", COHEN, 0.492, 0.001),
    case(
        "cohen_kappa",
        "nominal",
        "list of [coder, unit, value]",
        [["a", 1, "x"], ["b", 1, "x"], ["a", 2, "y"], ["b", 2, "y"]],
        1,
    ),
    case(
        "cohen_kappa",
        "nominal",
        "unit -> coder -> label",
        {"1": {"a": "x", "b": "x"}, "2": {"a": "y", "b": "y"}},
        1,
    ),
    case(
        "weighted_kappa",
        "custom_disagreement_weights",
        TABLE,
        COHEN,
        0.348,
        0.001,
        disagreement_weights=[[0, 1, 3], [1, 0, 6], [3, 6, 0]],
    ),
    case(
        "weighted_kappa",
        "custom",
        TABLE,
        COHEN,
        0.348,
        0.001,
        agreement_weights=[[6, 5, 3], [5, 6, 0], [3, 0, 6]],
    ),
    case("cohen_kappa", "nominal", "coder -> labels", {"a": ["x", "y"], "b": ["x", "y"]}, 1),
    case("weighted_kappa", "quadratic", TABLE, ABSTRACTORS, 0.8921569),
    case("weighted_kappa", "interval", TABLE, ABSTRACTORS, 0.8921569),
    case("quadratic_weighted_kappa", "ordinal", TABLE, ABSTRACTORS, 0.8921569),
    case("fleiss_kappa", "nominal", COUNTS, PSYCHIATRIC, 0.43, 0.001),
    case("fleiss_kappa_missing", "nominal", UNITS, FOUR, 0.76117),
    case("fleiss_kappa", "nominal", UNITS, FOUR, 0.86494, weights="quadratic"),
    case(
        "fleiss_kappa_by_category",
        "nominal",
        "counts",
        PSYCHIATRIC,
        [0.245, 0.245, 0.52, 0.471, 0.566],
        0.001,
    ),
    case("fleiss_kappa_by_category", "nominal", UNITS, [["x", "x"], ["y", "y"]], {"x": 1, "y": 1}),
    case("scott_pi", "nominal", TABLE, ABSTRACTORS, 0.7962397),
    case("conger_kappa", "quadratic", UNITS, FOUR, 0.85771),
    case("brennan_prediger", "quadratic", UNITS, FOUR, 0.90152),
    case("bennett_s", "nominal", TABLE, ABSTRACTORS, 0.835),
    case("gwet_ac1", "nominal", TABLE, ABSTRACTORS, 0.8493305),
    case("gwet_ac2", "quadratic", TABLE, ABSTRACTORS, 0.9402369),
    case("gwet_ac2", "ordinal", UNITS, FOUR, 0.899, 0.001),
    case("masi_distance", "set", "two sets", [[1], [1, 2]], 2 / 3),
    case("jaccard_distance", "set", "two sets", [[1], [1, 2]], 0.5),
    case("wu_palmer_distance", "hierarchical", "two codes", ["march", "strike"], 0.5, tree=TREE),
    case(
        "alpha_u_2004",
        "unitizing",
        "[coder, category, start, length]; continuum begin 0 length 40",
        SPANS,
        [0.9, 0.9, 1.0],
        0.1,
    ),
    case(
        "alpha_u",
        "unitizing",
        "[coder, category, start, end]; begin 0 end 40",
        [[*row[:3], row[2] + row[3]] for row in SPANS],
        1.0,
        category="k",
    ),
    case(
        "gamma_best_alignment_disorder",
        "unitizing",
        "list of units",
        MARKED,
        0.0625,
        params={"alpha": 1, "beta": 1, "deltaEmpty": 1},
    ),
    case("gamma", "unitizing", "list of units", MARKED, 0.9, 0.1),
    case(
        "event_alignment_total_gain",
        "theta=0.3",
        "similarity matrix",
        [[0.9, 0.8], [0.8, 0.1]],
        1,
        expected_pairs=[[0, 1], [1, 0]],
    ),
    case("wilson_interval", "95%", "[successes, trials]", [9, 10], [0.5958, 0.9821], 0.0001),
    case("b_cubed", "partition", "two partitions", [[[1, 2], [3]], [[1, 2, 3]]], [5 / 9, 1, 5 / 7]),
    case(
        "b_cubed",
        "partition",
        "two partitions",
        [[[1, 2], [3]], [[1, 2, 3]]],
        {"precision": 5 / 9, "recall": 1, "f1": 5 / 7},
    ),
    case("krippendorff_alpha_masi", "set", UNITS, [[["a"], ["a", "b"]], [["b"], ["b"]]], 0.5),
    case("weighted_kappa_quadratic", "ordinal", TABLE, ABSTRACTORS, 0.8921569),
    case("pairwise_f1", "partition", "two partitions", [["a", "a", "b"], ["x", "x", "x"]], 0.5),
]


LIKERT = [[20, 5, 1, 0], [4, 15, 6, 1], [0, 5, 18, 4], [0, 1, 3, 12]]
ARTSTEIN = [[46, 0, 0], [6, 32, 6], [0, 0, 10]]  # Artstein & Poesio 2008, p. 568
HALF = {"STAT|IReq": 1, "STAT|Chck": 0.5, "IReq": {"Chck": 0.5}}
KRIPPENDORFF = [
    [i, "A", *span] for i, spans in (("i", ((2, 8), (14, 6))), ("j", ((4, 4), (15, 2)))) for span in spans
]
LONG = [[i, "A", 50_000 * start, 50_000 * length] for i, _, start, length in KRIPPENDORFF]
TEXT = "[coder, category, start, length]; continuum begin 0 length"
BAGGA = {"response": ["12345", "6789ABC"], "truth": ["12345", "67", "89ABC"]}
AGREED = {str(unit): {"1": [1 + unit % 2] * 2, "2": [1 + unit % 2], "3": [1 + unit % 2]} for unit in range(4)}
MORE = [
    case("gwet_ac1", "unweighted", TABLE, LIKERT, 0.58046),  # irrCAC 1.4
    case("gwet_ac2", "quadratic", TABLE, LIKERT, 0.84028),
    case("weighted_kappa", "custom_distance", TABLE, ARTSTEIN, 0.8163, 1e-4, distance=HALF, values=["STAT", "IReq", "Chck"]),
    case("scotts_pi", "nominal", "cross-tabulation", ARTSTEIN, 0.7995, 1e-4),
    case("bennett_s", "nominal", TABLE, [[20, 10], [20, 50]], 0.4),
    case("multi_pi", "nominal", "raters by 2 items", [["x", "y"], ["x", "y"]], 1),
    case("pa", "nominal", "", [["x", "y"], ["x", "x"]], 0.5),
    case("randolph_kappa", "nominal", "list of pairs", [["Yes", "Yes"], ["Yes", "No"]], 0),
    case("krippendorff_alpha", "quadratic", UNITS, FOUR, 0.849, 0.001),
    case("krippendorff_alpha", "nominal", UNITS, FOUR, 0.849, 0.001, weights="quadratic"),
    case("krippendorff_alpha_by_category", "nominal", UNITS, THREE, [0.381, 0.711, 0.717, 0.764], 0.001),
    case("fleiss_kappa_categorywise", "nominal", "counts", PSYCHIATRIC, [0.245, 0.245, 0.52, 0.471, 0.566], 0.001),
    case("krippendorff_alpha", "nominal", "coincidence matrix", [[10, 4], [4, 2]], 0.095, 0.001),
    case("krippendorff_alpha", "nominal", UNITS, [[1, 1], [1, 1]], float("nan")),
    case("alpha_u_1995_observed_disagreement", "unitizing", f"{TEXT} 24", KRIPPENDORFF, 0.03125),
    case("alpha_u_1995", "unitizing", f"{TEXT} 1200000", LONG, 0.553, 0.001),  # its limit in long texts
    case("alpha_u_2004", "unitizing", f"{TEXT} 40", SPANS, {"overall": 0.9, "c": 0.9, "k": 1}, 0.1),
    case("gamma_observed_disorder", "unitizing", "list of units", MARKED, 0.0625),
    case("gamma_expected_disorder", "unitizing", "list of units", MARKED, 0.55, 0.1),
    case("event_alignment_n_pairs", "theta=0.3", "similarity", [[0.9, 0.8], [0.8, 0.1]], 2),
    case("event_alignment_total_similarity", "theta=0.3", "similarity", [[0.9, 0.8], [0.8, 0.1]], 1.6),
    case("b_cubed_precision", "partition", "two partitions", {k: [[*c] for c in v] for k, v in BAGGA.items()}, 16 / 21),
    case("masi", "set", "two sets", {"A": [1], "B": [1, 2]}, 2 / 3),
    case("hierarchical_alpha", "wu_palmer", UNITS, [["march", "strike"], ["beating", "beating"]], 2 / 3,
         children={"protest": ["march", "strike"], "assault": ["beating"]}),
    case("wilson_ci", "95%", "k of n", {"k": 9, "n": 10}, [0.5958, 0.9821], 1e-4),
    case("dawid_skene_loglikelihood", "nominal", "unit -> coder -> list of labels", AGREED, -2.7726, 1e-4),
    case("dawid_skene_map", "nominal", "unit -> coder -> list of labels", AGREED, {"0": "1", "1": 2, "2": 1, "3": 2}),
    case("dawid_skene_error_rates_coder_3", "nominal", "unit -> coder -> list of labels", AGREED, [[1, 0], [0, 1]]),
    case("dawid_skene_posterior", "nominal", "unit -> coder -> list of labels", AGREED, [[1, 0], [0, 1]] * 2),
]  # fmt: skip


@pytest.mark.parametrize("about", MORE, ids=lambda about: f"{about['metric']} {about['layout'][:20]}")
def test_other_names_of_metrics_and_layouts_are_understood(about: dict[str, Any]) -> None:
    [verdict] = reference.run([about])
    assert verdict.passed, verdict


@pytest.mark.parametrize(
    "about", HITS, ids=lambda about: f"{about['metric']} {about['level']} {about['layout'][:20]}"
)
def test_cases_in_other_layouts_and_levels_are_answered(about: dict[str, Any]) -> None:
    [verdict] = reference.run([about])
    assert verdict.passed, verdict


def test_dawid_and_skene_of_one_layout_or_another() -> None:
    said = {
        str(unit): {"1": [1 + unit % 2] * 2, "2": [1 + unit % 2], "3": [1 + unit % 2]} for unit in range(8)
    }
    wide = [[1 + unit % 2] * 3 for unit in range(8)]
    cases = [
        case("dawid_skene_class_priors", "nominal", "unit -> coder -> list of labels", said, [0.5, 0.5])
        | {"name": "first"},
        case("dawid_skene_confusion_obs2", "nominal", "as above", "see first", [[1, 0], [0, 1]]),
        case("dawid_skene_error_rates", "nominal", UNITS, wide, [[[1, 0], [0, 1]]] * 3),
        case("dawid_skene_map_class", "nominal", UNITS, wide, [1, 2] * 4),
    ]
    assert [verdict.passed for verdict in reference.run(cases)] == [True] * 4


def test_undefined_is_expected_as_null() -> None:
    [verdict] = reference.run([case("krippendorff_alpha", "nominal", UNITS, [[1, 1], [1, 1]], None)])
    assert verdict.passed
    assert (
        verdict.reason
        == "every value is the same: without variation there is no telling agreement from chance"
    )


@pytest.mark.parametrize(
    ("about", "reason"),
    [
        (case("sorcery", "nominal", UNITS, FOUR, 1), "metric 'sorcery' is not known"),
        (case("cronbach_alpha", "interval", UNITS, FOUR, 1), "metric 'cronbach_alpha' is not known"),
        (case("krippendorff_alpha", "circular", UNITS, FOUR, 1), "level 'circular' is not known"),
        (case("cohen_kappa", "sparkling", TABLE, COHEN, 1), "level 'sparkling' is not known"),
        (case("gwet_ac2", "bipolar", TABLE, COHEN, 1), "no weights of the sort bipolar"),
        (case("weighted_kappa", "custom", TABLE, COHEN, 1), "no weights of the sort custom"),
        (case("cohen_kappa", "nominal", "a heap", COHEN, 1), "layout 'a heap' is not known"),
        (
            case("cohen_kappa", "nominal", "coincidence matrix", [[1, 0], [0, 1]], 1),
            "tells alpha and nothing else",
        ),
        (
            case("dawid_skene_confusion_obs9", "nominal", UNITS, FOUR, 1),
            "no confusion of '9': the coders are 1, 2, 3, 4",
        ),
        (case("dawid_skene_priors_obs1", "nominal", UNITS, FOUR, 1), "no priors of '1'"),
        (case("alpha_u", "unitizing", "list of units", {}, 1), "the matrix is no list of spans"),
        (case("cohen_kappa", "nominal", UNITS, "see another", 1), "which is no case of the file"),
        (case("hierarchical_alpha", "wu_palmer", UNITS, FOUR, 1), "the case has no tree"),
        (case("multi_valued_alpha", "interval", UNITS, [[["a"], ["b"]]], 1), "takes nominal labels"),
        (case("krippendorff_alpha", "interval", UNITS, [["a", "b"]], 1), "level interval with the value 'a'"),
        (case("cohen_kappa", "nominal", UNITS, [[1, 1], 3], 1), "the case cannot be read"),
        (case("cohen_kappa", "nominal", UNITS, FOUR, 1), "Cohen's kappa compares two coders"),
        (case("kohen_kappa", "nominal", UNITS, FOUR, 1), "did you mean 'cohen_kappa'? Also known are "),
        (
            {"name": "none", "matrix": FOUR, "expected": 1},
            "the case names no metric; known are krippendorff_alpha, ",
        ),
        ({"name": "bare", "metric": "cohen_kappa"}, "the case expects nothing"),
        ({"name": "no data", "metric": "cohen_kappa", "expected": 1}, "the case has no matrix"),
        (
            case(
                "event_alignment_pairs", "theta=0.3", "similarity", [[0.9]], [[0, 0]], expected_pairs=[[0, 1]]
            ),
            "other pairs: [[0, 0]]",
        ),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_what_is_not_known_is_a_miss_with_its_reason(about: dict[str, Any], reason: str) -> None:
    [verdict] = reference.run([about])
    assert not verdict.passed
    assert reason in str(verdict.reason)


@pytest.mark.parametrize("metric", reference_metrics.KNOWN)
def test_every_metric_that_is_listed_is_known(metric: str) -> None:
    [verdict] = reference.run([case(metric, "nominal", UNITS, FOUR, 1)])
    assert "metric" not in str(verdict.reason)


def test_a_case_without_a_metric_has_none_in_the_table() -> None:
    for about in ({"metric": None}, {}):
        [verdict] = reference.run([{"name": "none", "matrix": FOUR, "expected": 1, **about}])
        assert verdict.metric == "–"


def test_a_value_beyond_the_tolerance_or_of_another_shape_is_a_miss() -> None:
    beyond = case("percent_agreement", "nominal", UNITS, FOUR, 0.82)
    shape = case("fleiss_kappa_by_category", "nominal", "counts", PSYCHIATRIC, [0.245], 1)
    nothing = case("percent_agreement", "nominal", UNITS, FOUR, None)
    assert [verdict.passed for verdict in reference.run([beyond, shape, nothing])] == [False] * 3


def test_the_table_has_a_line_a_case_and_counts_the_hits() -> None:
    good, bad = (
        case("gwet_ac1", "nominal", TABLE, ABSTRACTORS, 0.8493305),
        case("sorcery", "nominal", UNITS, FOUR, [1, 2]),
    )
    verdicts = reference.run([good, bad])
    assert reference.table(verdicts).splitlines() == [
        "case      metric    expected   got        verdict",
        "gwet_ac1  gwet_ac1  0.8493305  0.8493305  hit",
        "sorcery   sorcery   [1, 2]     –          MISS",
        f"  → metric 'sorcery' is not known; known are {', '.join(reference_metrics.KNOWN)}",
        "",
        "1 of 2 cases hit",
    ]
    assert reference.failed(verdicts)
    assert reference.failed([])


@pytest.mark.parametrize("content", [{}, "cases", [1]])
def test_a_file_without_a_list_of_cases_is_refused(content: Any) -> None:
    with pytest.raises(EventcodeError, match="holds a list of cases"):
        reference.run(content)
