"""Reference cases whose metric is no coefficient of units: distances, spans, error rates, alignments, shares, partitions."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from eventcode.reliability import distances, hierarchy
from eventcode.reliability.reference_layouts import (
    Case,
    NotKnownError,
    keyed,
    read_continuum,
    read_labels,
    read_tree,
)
from eventcode.reliability.units import Coefficient

ERRORS = "error|confusion"
Answer = tuple[Any, str | None]  # what a function says, and the reason where it says None


def said(found: Coefficient) -> Answer:
    """The estimate, or the reason why there is none."""
    return found.estimate, found.reason


def shaped(case: Case, names: tuple[str, ...], values: tuple[Any, ...]) -> Any:
    """Several values as a list, or by name where the case expects an object."""
    return dict(zip(names, values, strict=True)) if isinstance(case.get("expected"), Mapping) else [*values]


def _set_distance(case: Case, found: re.Match[str]) -> Answer:
    one, other = (frozenset(side) for side in _sides(case))
    far = distances.SETS[found.group(1)](one, other)
    return (1 - far if found.group(2) == "similarity" else far), None


def _sides(case: Case) -> list[Any]:
    """The two things that a case compares, given as a list or as an object."""
    return [*case.matrix.values()] if isinstance(case.matrix, Mapping) else [*case.matrix]


def _tree_distance(case: Case, found: re.Match[str]) -> Answer:
    tree = read_tree(case)
    costs = case.get("level_costs", "costs")
    one, other = _sides(case)
    far = (hierarchy.wu_palmer(tree) if costs is None else hierarchy.level_costs(tree, costs))(one, other)
    return (1 - far if found.group(2) == "similarity" else far), None


def _dawid_skene(case: Case, found: re.Match[str]) -> Answer:
    from eventcode.reliability.dawid_skene import dawid_skene

    settings = {
        name: case.get(name) for name in ("smoothing", "gold", "values") if case.get(name) is not None
    }
    model = dawid_skene(read_labels(case), **settings)
    what, voter = found.group("what"), found.group("voter")
    values, voters = tuple(map(str, model.values)), tuple(map(str, model.voters))
    if voter is not None:
        rates = dict(zip(map(str.lower, voters), model.rates.tolist(), strict=True))
        if voter not in rates or not re.search(ERRORS, what):
            raise NotKnownError(f"no {what} of {voter!r}: the coders are {', '.join(voters)}")
        return rates[voter], None
    if "prior" in what:
        return shaped(case, values, tuple(model.priors.tolist())), None
    if "lik" in what:
        return model.log_likelihood, None
    names_of_units = tuple(map(str, model.units))
    if "posterior" in what:
        return shaped(case, names_of_units, tuple(model.posteriors.tolist())), None
    if re.search(ERRORS, what):
        return shaped(case, voters, tuple(model.rates.tolist())), None
    return shaped(case, names_of_units, tuple(model.decided.values())), None


def _alpha_u(case: Case, found: re.Match[str]) -> Answer:
    from eventcode.reliability.unitizing import alpha_u, disagreements

    continuum = read_continuum(case)
    expected, category = case.get("expected"), case.get("category")
    wanted = None if category is None else str(category)
    if side := found.group("side"):
        return disagreements(continuum, wanted)[side == "expected"], None
    whole = alpha_u([continuum], wanted)
    if not isinstance(expected, list | Mapping):
        return said(whole)
    names = case.get("categories", default=sorted({span.category for span in continuum.spans}))
    each = {str(name): alpha_u([continuum], str(name)).estimate for name in names}
    if isinstance(expected, Mapping):
        of_all = dict.fromkeys(("all", "overall"), whole.estimate)
        return {name: (of_all | each).get(name) for name in map(str, expected)}, whole.reason
    return [whole.estimate, *each.values()], whole.reason


def _gamma(case: Case, found: re.Match[str]) -> Answer:
    from eventcode.reliability.gamma import gamma
    from eventcode.reliability.gamma_alignment import Dissimilarity, best_alignment

    table = case.get("category_distance", "categorical_dissimilarity")
    unlike = Dissimilarity(
        alpha=float(case.get("alpha", default=1.0)),
        beta=float(case.get("beta", default=1.0)),
        empty=float(case.get("deltaEmpty", "delta_empty", "deltaempty", default=1.0)),
        distance=distances.named(keyed(table)) if isinstance(table, Mapping) else None,
    )
    continuum = read_continuum(case, begin=0)
    what = found.group("what") or ""
    if what and "expected" not in what:
        return best_alignment(continuum, unlike).disorder, None
    sampler = str(
        case.get("sampler", default="statistical")
    )  # as pygamma-agreement, which published figures come from
    drawn = gamma([continuum], unlike, seed=int(case.get("seed", default=1)), sampler=sampler)
    return (drawn.expected, drawn.coefficient.reason) if what else said(drawn.coefficient)


def _assignment(case: Case, found: re.Match[str]) -> Answer:
    from eventcode.reliability.assign import assign

    theta = case.get("theta", default=None)
    if theta is None:
        theta = float(re.findall(r"theta ?= ?([\d.]+)", case.text("level"))[0])
    table = np.asarray(case.matrix, dtype=np.float64)
    pairs = assign(table, theta)
    wanted = case.get("expected_pairs")
    if wanted is not None and sorted(map(list, wanted)) != sorted(map(list, pairs)):
        return None, f"other pairs: {[list(pair) for pair in pairs]}"
    gain = float(sum(table[i, j] - theta for i, j in pairs))
    answers = {"pairs": [list(pair) for pair in pairs], "n pairs": len(pairs), "gain": gain, "total gain": gain,
               "total similarity": gain + theta * len(pairs)}  # fmt: skip
    return answers[found.group("what")], None


def _wilson(case: Case, found: re.Match[str]) -> Answer:
    from eventcode.reliability.wilson import wilson

    matrix = case.matrix if case.about.get("matrix") is not None else None
    if isinstance(matrix, Mapping):
        matrix = [*matrix.values()]
    k, n = matrix if matrix is not None else (case.get("k", "successes"), case.get("n", "trials"))
    stated = re.findall(r"\d*\.?\d+", case.text("level"))
    confidence = float(case.get("confidence", default=stated[0] if stated else 0.95))
    bounds = wilson(k, n, confidence / 100 if confidence > 1 else confidence)
    return shaped(case, ("low", "high"), bounds), None


def _linking(case: Case, found: re.Match[str]) -> Answer:
    from eventcode.reliability.linking import linking

    first, second = map(_partition, _sides(case))
    if isinstance(case.matrix, Mapping) and re.match(SECOND, next(iter(case.matrix)).lower()):
        first, second = second, first
    both = linking(first, second)
    score = both.pairwise if found.group(1) == "pairwise" else both.b_cubed
    part = (found.group(2) or "").strip()
    if part:
        return getattr(score, "f1" if part.startswith("f") else part), score.reason
    if not isinstance(case.get("expected"), list | Mapping):
        return score.f1, score.reason
    return shaped(
        case, ("precision", "recall", "f1"), (score.precision, score.recall, score.f1)
    ), score.reason


def _partition(side: Any) -> dict[str, Any]:
    """Thing → cluster, from such an object, from clusters of things, or from the cluster of each thing in turn."""
    if isinstance(side, Mapping):
        return {str(thing): cluster for thing, cluster in side.items()}
    if all(isinstance(cluster, list) for cluster in side):
        return {str(thing): number for number, cluster in enumerate(side) for thing in cluster}
    return {str(number): cluster for number, cluster in enumerate(side)}


SECOND = r"system|response|predict|second|test"  # what a partition is called that is held against another
OTHERS: tuple[tuple[str, Callable[[Case, re.Match[str]], Answer]], ...] = (
    (r"(masi|jaccard|dice)(?: (distance|similarity))?", _set_distance),
    (r"(wu palmer|hierarchical|tree|level cost) (distance|similarity)", _tree_distance),
    (r"dawid skene (?P<what>(?:class )?priors?|log ?lik(?:elihood)?|posteriors?|"
     r"(?:map )?(?:class(?:es)?|labels?)|map|(?:error rates?|confusion)(?: matri(?:x|ces))?)"
     r"(?: ?(?:of )?(?:obs(?:erver)?|coder|rater|annotator)? ?(?P<voter>\w+))?", _dawid_skene),
    (r"(?:krippendorffs? )?(?:alpha u|unitizing alpha|u alpha)(?: (?:1995|2004))?(?: (?P<side>observed|expected) disagreement)?",
     _alpha_u),
    (r"gamma(?: agreement)?(?P<what>(?: best alignment| observed| expected)? disorder)?", _gamma),
    (r"(?:event )?alignment (?P<what>(?:total )?gain|total similarity|n pairs|pairs)", _assignment),
    (r"(?:linking )?(b ?cubed|b3|pairwise)( precision| recall| f1?| f ?(?:score|measure))?", _linking),
    (r"wilson(?: score)?(?: interval| ci)?", _wilson),
)  # fmt: skip
