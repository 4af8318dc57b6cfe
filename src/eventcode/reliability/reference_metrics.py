"""Which public function answers a reference case: metric × level, whatever the layout of the data."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from eventcode.reliability import alpha as alphas
from eventcode.reliability import distances, hierarchy, kappa
from eventcode.reliability.reference_layouts import (
    Case,
    NotKnownError,
    keyed,
    read_continuum,
    read_labels,
    read_units,
    square,
)
from eventcode.reliability.units import Coefficient, Units

Answer = tuple[Any, str | None]  # what a function says, and the reason where it says None
FAMILY = """
krippendorff krippendorffs alpha mvalpha multi valued multivalued mv set sets masi jaccard dice hierarchical tree wu palmer level cost
costs root leaf nominal ordinal interval ratio custom distance missing pairwise aligned coefficient
"""
ALPHAS = frozenset(FAMILY.split())
BESIDE = """
missing with weighted unweighted nominal ordinal interval ratio linear quadratic radical custom coefficient
"""
SAID = frozenset(BESIDE.split())  # words that a metric's name does not hang on
NAMES = {
    "percent_agreement": r"(percent|percentage|observed|raw|simple|pairwise) agreement",
    "cohen_kappa": r"(cohens? )?kappa",
    "fleiss_kappa": r"fleiss kappa|scotts? pi",
    "fleiss_by_category": r"fleiss kappa (by|per) (category|value|class)|fleiss category kappa",
    "conger_kappa": r"(conger|hubert)s? kappa",
    "brennan_prediger": r"brennan prediger( kappa)?|bennetts? s|randolphs? kappa|free marginal kappa",
    "gwet_ac1": r"(gwets? )?ac ?1",
    "gwet_ac2": r"(gwets? )?ac ?2",
}


def measure(case: Case) -> Answer:
    """What our functions say of a case; NotKnownError where it asks for something else."""
    words = case.text("metric").replace("'", "").split()
    for pattern, answer in OTHERS:
        if found := re.fullmatch(pattern, " ".join(words)):
            return answer(case, found)
    if {"alpha", "mvalpha"} & {*words} and ALPHAS.issuperset(words):
        return _said(_alpha(case, read_units(case)))
    short = " ".join(word for word in words if word not in SAID)
    for name, pattern in NAMES.items():
        if re.fullmatch(pattern, short):
            return _coefficient(
                case, "weighted_kappa" if name == "cohen_kappa" and "weighted" in words else name
            )
    raise NotKnownError(f"metric {case.get('metric')!r} is not known")


def _coefficient(case: Case, name: str) -> Answer:
    of = read_units(case)
    if name == "fleiss_by_category":
        found = kappa.fleiss_by_category(of)
        by_value = {str(value): one.estimate for value, one in found.items()}
        return (by_value if isinstance(case.get("expected"), Mapping) else [*by_value.values()]), None
    unweighted = name in ("percent_agreement", "cohen_kappa", "gwet_ac1")
    weighting = _weighting(case, of, unweighted)
    if name == "cohen_kappa":
        return _said(kappa.cohen_kappa(of) if weighting is None else kappa.weighted_kappa(of, weighting))
    if name == "gwet_ac1":
        return _said(kappa.gwet_ac1(of) if weighting is None else kappa.gwet_ac2(of, weighting))
    if name in ("weighted_kappa", "gwet_ac2"):
        if weighting is None and not re.search(r"nominal|identity|unweighted", case.text("level", "weights")):
            raise NotKnownError(f"level {case.get('level')!r} names no weights")
        return _said(getattr(kappa, name)(of, weighting))
    return _said(getattr(kappa, name)(of, weighting))


def _alpha(case: Case, of: Units) -> Coefficient:
    words = case.text("metric", "level")
    given = case.get("distance", "disagreement_weights", "distances")
    if re.search(r"multi ?valued|\bmv ?alpha", words):
        if re.search(r"ordinal|interval|ratio", words):
            raise NotKnownError(f"level {case.get('level')!r}: multi-valued alpha takes nominal labels")
        return alphas.alpha(of, "multi_valued")
    sort = re.search(r"masi|jaccard|dice", f"{words} {given if isinstance(given, str) else ''}")
    if sort or re.search(r"\bsets?\b", words):
        return alphas.alpha(of, "set", distance=sort.group() if sort else None)
    if re.search(r"hierarch|wu palmer|\btree\b|level costs?", words):
        tree = case.get("tree", "parents", "parent", "hierarchy")
        if not isinstance(tree, Mapping):
            raise NotKnownError("the case has no tree: value → parent")
        costs = case.get("level_costs", "costs")
        if re.search(r"\broot\b", words):
            return alphas.alpha(hierarchy.at_root(of, tree), "nominal")
        if re.search(r"\bleaf\b", words):
            return alphas.alpha(of, "nominal")
        return alphas.alpha(of, "hierarchical", tree=tree, distance=costs)
    if given is not None and not isinstance(given, str):
        return alphas.alpha(of, "custom", distance=_named(given, of) if isinstance(given, Mapping) else given)
    for level in ("nominal", "ordinal", "interval", "ratio"):
        if re.search(rf"\b{level}\b", words):
            return alphas.alpha(of, level)
    raise NotKnownError(
        f"level {case.get('level')!r} is not known" + ("" if given is None else f", distance {given!r}")
    )


def _named(given: Mapping[str, Any], of: Units) -> distances.Distance:
    pairs, names = keyed(given), {value: str(value) for value in of.values}
    far = distances.named(pairs)
    return lambda one, other: far(names[one], names[other])


def _weighting(case: Case, of: Units, levelled: bool) -> Any:
    """The weighting of a kappa: a table of disagreement, a name, or None for none.

    Of measures that are unweighted by their name (`levelled`) ordinal, interval and ratio say what the values are, of others how
    they are weighted.
    """
    table = case.get("disagreement_weights", "distance", "distances")
    if table is not None and not isinstance(table, str):
        return square(case, table, of.values)
    agree = case.get("agreement_weights", "weights", "weighting")
    if agree is not None and not isinstance(agree, str):
        near = square(case, agree, of.values)
        return near if not near.diagonal().any() else near.max() - near
    words = f"{case.text('weights', 'weighting', 'distance')} {case.text('metric', 'level')}"
    if levelled:
        words = re.sub(r"\b(ordinal|interval|ratio)$", "", words)
    for pattern, name in (
        (r"quadratic|squared|interval", "quadratic"),
        (r"linear|equal", "linear"),
        (r"ordinal", "ordinal"),
        (r"radical", "radical"),
        (r"ratio", "ratio"),
    ):
        if re.search(rf"\b({pattern})\b", words):
            return name
    if unknown := re.search(r"\b(custom|circular|bipolar)\b", words):
        raise NotKnownError(
            f"level {case.get('level')!r}: no weights of the sort {unknown.group()} with the case"
        )
    level = case.text("level").strip()
    plain = r"nominal|identity|unweighted|weighted|binary|categor|^$"
    if re.search(f"{plain}|ordinal|interval|ratio" if levelled else plain, level):
        return None
    raise NotKnownError(f"level {case.get('level')!r} is not known")


def _said(found: Coefficient) -> Answer:
    return found.estimate, found.reason


# ── metrics that are no coefficient of units ──────────────────────────────────────────────────────────────────────────


def _set_distance(case: Case, found: re.Match[str]) -> Answer:
    one, other = (frozenset(side) for side in case.matrix)
    far = distances.SETS[found.group(1)](one, other)
    return (1 - far if found.group(2) == "similarity" else far), None


def _tree_distance(case: Case, found: re.Match[str]) -> Answer:
    tree = case.get("tree", "parents", "hierarchy")
    if not isinstance(tree, Mapping):
        raise NotKnownError("the case has no tree: value → parent")
    costs = case.get("level_costs", "costs")
    one, other = case.matrix
    far = (hierarchy.wu_palmer(tree) if costs is None else hierarchy.level_costs(tree, costs))(one, other)
    return (1 - far if found.group(2) == "similarity" else far), None


def _dawid_skene(case: Case, found: re.Match[str]) -> Answer:
    from eventcode.reliability.dawid_skene import dawid_skene

    settings = {
        name: case.get(name) for name in ("smoothing", "gold", "values") if case.get(name) is not None
    }
    model = dawid_skene(read_labels(case), **settings)
    what = found.group(1)
    if what == "class priors" or what == "priors":
        return model.priors.tolist(), None
    if what == "error rates" or what == "confusion":
        return model.rates.tolist(), None
    if what in ("map class", "labels", "classes"):
        return [*model.decided.values()], None
    if what == "posteriors":
        return model.posteriors.tolist(), None
    if what in ("log likelihood", "loglik"):
        return model.log_likelihood, None
    [name] = re.findall(r"\w+$", re.sub(r"(obs(erver)?|coder|rater|annotator) ?(?=\d)", "", what))
    voter = next((voter for voter in model.voters if voter.lower() == name), None)
    if voter is None:
        raise NotKnownError(f"no coder {name!r} among {', '.join(model.voters)}")
    return model.matrix(voter).tolist(), None


def _alpha_u(case: Case, found: re.Match[str]) -> Answer:
    from eventcode.reliability.unitizing import alpha_u

    continuum = read_continuum(case)
    expected, category = case.get("expected"), case.get("category")
    whole = alpha_u([continuum], None if category is None else str(category))
    if not isinstance(expected, list):
        return _said(whole)
    categories = case.get("categories", default=sorted({span.category for span in continuum.spans}))
    return [whole.estimate, *(alpha_u([continuum], str(name)).estimate for name in categories)], whole.reason


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
    if found.group(1):
        return best_alignment(continuum, unlike).disorder, None
    sampler = str(
        case.get("sampler", default="statistical")
    )  # as pygamma-agreement, which published figures come from
    said = gamma([continuum], unlike, seed=int(case.get("seed", default=1)), sampler=sampler).coefficient
    return said.estimate, said.reason


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
    if "pairs" in found.group():
        return [list(pair) for pair in pairs], None
    return float(sum(table[i, j] - theta for i, j in pairs)), None


def _wilson(case: Case, found: re.Match[str]) -> Answer:
    from eventcode.reliability.wilson import wilson

    matrix = case.matrix if case.about.get("matrix") is not None else None
    k, n = matrix if matrix is not None else (case.get("k", "successes"), case.get("n", "trials"))
    said = re.findall(r"[\d.]+", case.text("level"))
    confidence = float(case.get("confidence", default=said[0] if said else 0.95))
    bounds = wilson(k, n, confidence / 100 if confidence > 1 else confidence)
    return _shaped(case, ("low", "high"), bounds), None


def _linking(case: Case, found: re.Match[str]) -> Answer:
    from eventcode.reliability.linking import linking

    sides = [*case.matrix.values()] if isinstance(case.matrix, Mapping) else case.matrix
    first, second = map(_partition, sides)
    both = linking(first, second)
    score = both.pairwise if found.group(1) == "pairwise" else both.b_cubed
    part = (found.group(2) or "").strip()
    if part:
        return getattr(score, part), score.reason
    if not isinstance(case.get("expected"), list | Mapping):
        return score.f1, score.reason
    return _shaped(
        case, ("precision", "recall", "f1"), (score.precision, score.recall, score.f1)
    ), score.reason


def _shaped(case: Case, names: tuple[str, ...], values: tuple[float | None, ...]) -> Any:
    """Several values as a list, or by name where the case expects an object."""
    return dict(zip(names, values, strict=True)) if isinstance(case.get("expected"), Mapping) else [*values]


def _partition(side: Any) -> dict[str, Any]:
    """Thing → cluster, from such an object, from clusters of things, or from the cluster of each thing in turn."""
    if isinstance(side, Mapping):
        return {str(thing): cluster for thing, cluster in side.items()}
    if all(isinstance(cluster, list) for cluster in side):
        return {str(thing): number for number, cluster in enumerate(side) for thing in cluster}
    return {str(number): cluster for number, cluster in enumerate(side)}


OTHERS: tuple[tuple[str, Callable[[Case, re.Match[str]], Answer]], ...] = (
    (r"(masi|jaccard|dice) (distance|similarity)", _set_distance),
    (r"(wu palmer|hierarchical|tree|level cost) (distance|similarity)", _tree_distance),
    (r"dawid skene (.+)", _dawid_skene),
    (r"(krippendorff )?(alpha u|unitizing alpha|u alpha)( 1995| 2004)?", _alpha_u),
    (r"gamma( best alignment disorder| disorder)?", _gamma),
    (r"event alignment (total gain|pairs)|alignment (total gain|pairs)", _assignment),
    (r"(b cubed|b3|bcubed|pairwise)( precision| recall| f1)?", _linking),
    (r"wilson( score)?( interval)?", _wilson),
)
