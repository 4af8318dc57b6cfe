"""How many documents to double-code, so that the 95% interval of alpha has a given half-width.

Without data, for a binary field and large samples. Let p be the prevalence, a the true alpha, E = 2p(1 − p) the
disagreement expected by chance and q = (1 − a)·E the observed one. Of a unit that k of m coders gave the rarer value, d
= 2k(m − k)/(m(m − 1)) is the share of pairs of coders that differ and f = k/m. Then alpha ≈ 1 − d̄ / (2·f̄·(1 − f̄)), a
function of two means over independent units, and by the delta method the variance of alpha in n units is V/n, where V
is the variance over units of

    −(d − q)/E + 2(1 − 2p)·(q/E²)·(f − p).

With two coders only k = 1 disagrees: Var d = q(1 − q), Var f = p(1 − p) − q/4, Cov(d, f) = q(1 − 2p)/2, so that

    V = q·(1 − q − (1 − a)²·(1 − 2p)²) / E² = (1 − a)·((1 − a)(1 − 2a) + a(2 − a)/(2p(1 − p))),

the variance of the intraclass kappa (Bloch & Kraemer 1989, 2 × 2 kappa coefficients, Biometrics 45: 269–287) and, at
equal marginals, that of Cohen's kappa (Fleiss, Cohen & Everitt 1969, Psychological Bulletin 72: 323–327). With more
coders k is not given by p and a; here each coder tells the truth with probability √a and otherwise gives the rarer
value with probability p, which leaves p and a as they are. A half-width w needs n = V·(1.96/w)² independent units:
1,121 at p = .15, a = .80, w = .05 and two coders. Simulated alphas of 1,120 such units have a half-width of .0502.

Events of a document are not independent. The design effect is the variance of alpha by document over that by unit; it
multiplies n, and is 1 + (b − 1)·ρ for b units a document that correlate by ρ (Kish 1965, Survey Sampling, section 5.4).
Where there are data, all of this is read off them instead: the influence of each document and of each unit
(`jackknife`), and the number of documents at which the interval of `intervals` would have the half-width.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil, isfinite, sqrt
from typing import Any

import numpy as np

from eventcode.errors import EventcodeError
from eventcode.reliability import jackknife
from eventcode.reliability.alpha import alpha as alpha_of
from eventcode.reliability.intervals import LEVEL, TINY
from eventcode.reliability.patterns import patterns
from eventcode.reliability.units import Coefficient, Numbers, Units, comparable

ALPHA, PREVALENCE, CODERS, UNITS_PER_DOCUMENT, CORRELATION = 0.80, 0.15, 2, 5.0, 0.5  # without data
FEWEST = 10  # documents below which nothing is read off them
FEW = 30  # documents below which the design effect is hardly known
MOST = 10**9
DRAWN = "documents are drawn at random from those that will be coded, and each is read by all coders, who stay the same"


@dataclass(frozen=True, slots=True)
class Plan:
    """How many documents to double-code in all and how many units they give, those coded already included.

    Not every document has something to compare: of the `n_read` read twice `n_documents` have, a `share` (None where that
    is not known), and `documents` counts both. It is the number to draw from all documents.
    `documents_low` and `documents_high` bound that number with 95% confidence where it comes from data. `estimate` is
    the alpha reckoned with, `prevalence` the share of the rarer value (without data) or of the commonest (with data).
    `reason` says why data that were given could not be used, `assumptions` what the numbers rest on, in sentences.
    """

    documents: int
    units: int
    design_effect: float
    half_width: float
    estimate: float
    prevalence: float
    coders: float
    units_per_document: float
    documents_low: int | None
    documents_high: int | None
    n_documents: int
    reason: str | None
    assumptions: tuple[str, ...]
    n_read: int = 0
    share: float | None = None


def independent_units(
    half_width: float, *, alpha: float = ALPHA, prevalence: float = PREVALENCE, coders: int = CODERS
) -> int:
    """The units that a binary field needs if they were independent, rounded up (the module has the derivation).

    EventcodeError outside 0 < half_width < 1, 0 < alpha < 1, 0 < prevalence < 1, coders ≥ 2.
    """
    _within(half_width, "a half-width")
    from scipy.special import ndtri

    z = float(ndtri((1 + LEVEL) / 2))
    return ceil(unit_variance(alpha, prevalence, coders) * (z / half_width) ** 2)


def unit_variance(alpha: float, prevalence: float, coders: int = CODERS) -> float:
    """V of the module: n times the variance of alpha in n independent units."""
    _within(alpha, "an alpha")
    _within(prevalence, "a prevalence")
    if coders < 2:
        raise EventcodeError(f"{coders} coder", "it takes two coders or more to agree")
    from scipy.special import comb

    k = np.arange(coders + 1)
    told, p = sqrt(alpha), prevalence
    share = np.zeros(coders + 1)
    for truth, chance in ((told + (1 - told) * p, p), ((1 - told) * p, 1 - p)):
        share += chance * comb(coders, k) * truth**k * (1 - truth) ** (coders - k)
    differ, given = 2 * k * (coders - k) / (coders * (coders - 1)), k / coders
    expected = 2 * p * (1 - p)
    q = (1 - alpha) * expected
    moved = -(differ - q) / expected + 2 * (1 - 2 * p) * q / expected**2 * (given - p)
    return float(share @ moved**2)


def plan(
    units: Units | None,
    level: str,
    half_width: float,
    *,
    distance: Any = None,
    tree: Any = None,
    assumed_alpha: float = ALPHA,
    prevalence: float = PREVALENCE,
    coders: int = CODERS,
    units_per_document: float | None = None,
    design_effect: float | None = None,
    read: int | None = None,
) -> Plan:
    """How many documents to double-code for a 95% interval of ± `half_width`: from `units` where they tell, else for a
    binary field from the assumptions that follow.

    Without `units_per_document` it is that of `units`, or 5; without `design_effect` units of a document are taken to
    correlate by .5, which makes it 3 at 5 units a document. `read` is how many documents were read twice, those without
    units included; without it all are taken to have some. Other arguments as in `alpha.alpha`. EventcodeError: numbers
    outside their range.
    """
    _within(half_width, "a half-width")
    compared = _compared(
        units,
        level,
        half_width,
        distance,
        tree,
        assumed_alpha,
        prevalence,
        coders,
        units_per_document,
        design_effect,
    )
    return _to_read(compared, compared.n_documents if read is None else read)


def _to_read(compared: Plan, read: int) -> Plan:
    """A plan of documents with something to compare as one of documents to read, by the share of those `read` that have it."""
    n = compared.n_documents
    if n == 0 or read < n:
        taken = ("every document that is read twice is taken to have something to compare",) if read else ()
        return replace(compared, n_read=read, assumptions=(*compared.assumptions, *taken))

    def scaled(documents: int) -> int:
        return ceil(round(documents * read / n, 6))

    low, high = compared.documents_low, compared.documents_high
    said = f"as large a share of the documents has something to compare as of the {read:,} read twice: {n / read:.0%}"
    return replace(
        compared, documents=scaled(compared.documents), documents_low=None if low is None else scaled(low),
        documents_high=None if high is None else scaled(high), n_read=read, share=n / read,
        assumptions=(*compared.assumptions, said) if n < read else compared.assumptions,
    )  # fmt: skip


def _compared(
    units: Units | None,
    level: str,
    half_width: float,
    distance: Any,
    tree: Any,
    assumed_alpha: float,
    prevalence: float,
    coders: int,
    units_per_document: float | None,
    design_effect: float | None,
) -> Plan:
    """The plan in documents with something to compare."""
    n, reason = 0, None
    if units is not None:
        found = alpha_of(units, level, distance=distance, tree=tree)
        n, reason = found.n_documents, _unusable(found)
        if reason is None and found.estimate is not None:
            moved, singly = _influences(units, level, distance, tree)
            if jackknife.standard_error(moved) > TINY:
                return _of_data(units, found.estimate, moved, singly, half_width)
            reason = f"the {n} documents all say the same, which does not tell how alpha varies"
        if units_per_document is None and n:
            units_per_document = found.n_units / n
    needed = independent_units(half_width, alpha=assumed_alpha, prevalence=prevalence, coders=coders)
    each = UNITS_PER_DOCUMENT if units_per_document is None else units_per_document
    effect = 1 + CORRELATION * max(0.0, each - 1) if design_effect is None else design_effect
    said = (
        f"a binary field whose rarer value has {prevalence:.0%}, with an alpha of {_bare(assumed_alpha)} between {coders} coders: "
        f"{needed:,} units if they were independent",
        f"{each:.3g} units a document, and a design effect of {effect:.3g}, which is assumed, not estimated"
        if each > 1
        else "one unit a document, so that units are independent",
        DRAWN,
    )
    documents = ceil(round(needed * effect / each, 6))
    return Plan(
        documents, ceil(round(documents * each, 6)), effect, half_width, assumed_alpha, prevalence, coders, each,
        None, None, n, reason, said,
    )  # fmt: skip


def _unusable(found: Coefficient) -> str | None:
    """Why an alpha does not tell how it varies from document to document; None where it may."""
    n = found.n_documents
    if found.estimate is None:
        return f"there is no alpha yet: {found.reason}"
    if n < FEWEST:
        count = "1 document does" if n == 1 else f"{n} documents do"
        return f"{count} not tell how alpha varies from one to the next; {FEWEST} are the least"
    if found.estimate >= 1 - TINY:
        return f"nobody disagreed in {n} documents, which does not tell how alpha varies"
    return None


def _influences(units: Units, level: str, distance: Any, tree: Any) -> tuple[Numbers, Numbers]:
    """The influence on alpha of each document, and of each unit as if it were a document of its own."""
    alone = Units(units.codes, units.values, np.arange(len(units.codes)), units.weights, units.coders)
    by_document, by_unit = (
        jackknife.influence(patterns(own), level, own.values, distance=distance, tree=tree)
        for own in (units, alone)
    )
    return by_document, by_unit


def _of_data(units: Units, estimate: float, moved: Numbers, singly: Numbers, half_width: float) -> Plan:
    from scipy.special import chdtri

    n, error = len(moved), jackknife.standard_error(moved)
    effect = error**2 / jackknife.standard_error(singly) ** 2
    freedom = jackknife.freedom(moved)
    documents, low, high = (
        _documents(estimate, error * sqrt(n * factor), freedom / n, half_width)
        for factor in (1, *(freedom / float(chdtri(freedom, tail)) for tail in (0.025, 0.975)))
    )
    used = comparable(units)
    said_by = (units.codes[used] >= 0).sum(axis=1)
    each = len(singly) / n
    prevalence = float(np.bincount(units.codes[used][units.codes[used] >= 0]).max() / said_by.sum())
    said = [
        f"alpha stays at {_bare(estimate)}, with {each:.1f} units a document and {said_by.mean():.1f} coders a unit",
        f"the design effect, {effect:.1f}, is that of the {n} documents with something to compare",
        DRAWN,
    ]
    if n < FEW:
        said.insert(2, f"{n} documents are few: plan again when {FEW} or more have been double-coded")
    return Plan(
        documents, ceil(documents * each), effect, half_width, estimate, prevalence, float(said_by.mean()), each,
        low, high, n, None, tuple(said),
    )  # fmt: skip


def _documents(estimate: float, spread: float, freedom: float, half_width: float) -> int:
    """The least number of documents n ≥ 2 at which the interval of `intervals` is no wider than twice `half_width`, for
    a standard error of spread/√n with `freedom` degrees of freedom a document.
    """
    from scipy.special import stdtrit

    inner = min(max(estimate, TINY - 1), 1 - TINY)

    def reached(n: int) -> bool:
        reach = (
            float(stdtrit(max(1.0, min(freedom * n, n - 1.0)), (1 + LEVEL) / 2))
            * spread
            / sqrt(n)
            / (1 - inner**2)
        )
        centre = np.arctanh(inner)
        return bool((np.tanh(centre + reach) - np.tanh(centre - reach)) / 2 <= half_width)

    few, many = 1, 2
    while not reached(many) and many < MOST:
        few, many = many, 2 * many
    while many - few > 1:
        middle = (few + many) // 2
        few, many = (few, middle) if reached(middle) else (middle, many)
    return many


def _bare(number: float) -> str:
    """`.80`: a coefficient without its leading zero."""
    return f"{number:.2f}".replace("0.", ".", 1) if abs(number) < 0.995 else f"{number:.2f}"


def _within(number: float, what: str) -> None:
    if not (isfinite(number) and 0 < number < 1):
        raise EventcodeError(f"{what} of {number:g}", "give a number between 0 and 1, such as .05")
