"""Which public function answers a reference case: metric × level, whatever the layout of the data."""

from __future__ import annotations

import difflib
import re
from collections.abc import Hashable, Mapping
from typing import Any

from eventcode.reliability import alpha as alphas
from eventcode.reliability import distances, hierarchy, kappa
from eventcode.reliability.reference_layouts import (
    COINCIDENCES,
    Case,
    NotKnownError,
    keyed,
    read_tree,
    read_units,
    square,
)
from eventcode.reliability.reference_others import OTHERS, Answer, said, shaped
from eventcode.reliability.units import Coefficient, Units

FAMILY = """
krippendorff krippendorffs alpha mvalpha multi valued multivalued mv set sets masi jaccard dice hierarchical tree wu palmer level cost
costs root leaf nominal ordinal interval ratio custom distance missing pairwise aligned coefficient
"""
ALPHAS = frozenset(FAMILY.split())
BY_VALUE = r"\b(by|per) (category|value|class|code)\b|\b(category|value) ?wise\b|\bcategory( specific)?\b"
BESIDE = """
missing with weighted unweighted nominal ordinal interval ratio linear quadratic radical custom coefficient
"""
SAID = frozenset(BESIDE.split())  # words that a metric's name does not hang on
NAMES = {
    "percent_agreement": r"((percent|percentage|observed|raw|simple|pairwise) )?agreement|pa",
    "cohen_kappa": r"(cohens? )?kappa",
    "fleiss_kappa": r"(fleiss|multi) (kappa|pi)|scotts? pi|pi",
    "conger_kappa": r"(conger|hubert|davies fleiss)s? kappa",
    "brennan_prediger": r"brennan prediger( kappa)?|bp|bennetts? s|s( score)?|fleiss kappa randolph|"
    r"(randolphs? )?(free marginal )?(multirater )?kappa( free)?",
    "gwet_ac1": r"(gwets? )?ac ?1",
    "gwet_ac2": r"(gwets? )?ac ?2",
}

# What metrics are called when a message lists them; other names of the same are understood.
KNOWN = (
    "krippendorff_alpha", "krippendorff_alpha_by_category", "masi_alpha", "multi_valued_alpha", "hierarchical_alpha",
    *NAMES, "weighted_kappa", "fleiss_kappa_by_category", "masi_distance", "jaccard_distance", "wu_palmer_distance",
    "level_cost_distance", "alpha_u", "gamma", "gamma_disorder", "dawid_skene_priors", "dawid_skene_posteriors",
    "dawid_skene_classes", "dawid_skene_error_rates", "dawid_skene_log_likelihood", "event_alignment_pairs",
    "event_alignment_gain", "linking_pairwise", "linking_b_cubed", "wilson_interval",
)  # fmt: skip


def measure(case: Case) -> Answer:
    """What our functions say of a case; NotKnownError where it asks for something else."""
    name = re.sub(r"[' ]+", " ", case.text("metric").replace("'s", "s")).strip()
    if not name:
        raise NotKnownError(f"the case names no metric; known are {', '.join(KNOWN)}")
    for pattern, answer in OTHERS:
        if found := re.fullmatch(pattern, name):
            return answer(case, found)
    kept, by_value = re.subn(BY_VALUE, "", name)
    words = kept.split()
    if {"alpha", "mvalpha"} & {*words} and ALPHAS.issuperset(words):
        of = read_units(case)
        return _each(case, alphas.by_value(of)) if by_value else said(_alpha(case, of))
    short = " ".join(word for word in words if word not in SAID)
    for known, pattern in NAMES.items():
        if re.fullmatch(pattern, short):
            if re.search(COINCIDENCES, case.layout):
                raise NotKnownError("a matrix of coincidences tells alpha and nothing else")
            if by_value and known == "fleiss_kappa":
                return _each(case, kappa.fleiss_by_category(read_units(case)))
            if not by_value:
                weighted = known == "cohen_kappa" and "weighted" in words
                return _coefficient(case, "weighted_kappa" if weighted else known)
    raise NotKnownError(_not_known(case.get("metric"), name))


def _not_known(metric: object, name: str) -> str:
    """That a metric is not known, and those that are, the nearest first."""
    near = difflib.get_close_matches(name.replace(" ", "_"), KNOWN, 3, 0.5)
    guess = f": did you mean '{near[0]}'?" if near else ";"
    others = [*near[1:], *(one for one in KNOWN if one not in near)]
    return (
        f"metric {metric!r} is not known{guess} {'Also known' if near else 'known'} are {', '.join(others)}"
    )


def _each(case: Case, found: Mapping[Hashable, Coefficient]) -> Answer:
    return shaped(case, tuple(map(str, found)), tuple(one.estimate for one in found.values())), None


def _coefficient(case: Case, name: str) -> Answer:
    of = read_units(case)
    unweighted = name in ("percent_agreement", "cohen_kappa", "gwet_ac1")
    weighting = _weighting(case, of, unweighted)
    if name == "cohen_kappa":
        return said(kappa.cohen_kappa(of) if weighting is None else kappa.weighted_kappa(of, weighting))
    if name == "gwet_ac1":
        return said(kappa.gwet_ac1(of) if weighting is None else kappa.gwet_ac2(of, weighting))
    if name in ("weighted_kappa", "gwet_ac2"):
        if weighting is None and not re.search(r"nominal|identity|unweighted", case.text("level", "weights")):
            raise NotKnownError(f"level {case.get('level')!r} names no weights")
        return said(getattr(kappa, name)(of, weighting))
    return said(getattr(kappa, name)(of, weighting))


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
        tree = read_tree(case)
        costs = case.get("level_costs", "costs")
        if re.search(r"\broot\b", words):
            return alphas.alpha(hierarchy.at_root(of, tree), "nominal")
        if re.search(r"\bleaf\b", words):
            return alphas.alpha(of, "nominal")
        return alphas.alpha(of, "hierarchical", tree=tree, distance=costs)
    weights = f"{case.text('weights', 'weighting')} {words if given is None else ''}"
    if found := re.search(r"\b(linear|quadratic|squared|radical)\b", weights):
        name = found.group().replace("squared", "quadratic")
        return alphas.alpha(of, "custom", distance=kappa.weights_between(of.values, name))
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
