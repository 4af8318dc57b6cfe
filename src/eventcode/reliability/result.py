"""What the agreement of a dataset comes to: the rows of the table `agreement`, and what a report shows beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from eventcode.reliability.fields import named

MAIN = (
    "alpha",
    "alpha_pairwise_aligned",
    "alpha_joint",
    "alpha_u",
)  # chance-corrected: not what is printed beside them
HEADLINE = ("detection", "joint", "event_type", "event_type.root")
BLOCKS = ("all", "self-consistency")  # what a report is about: all voters, else the runs of one
NO_PAIRS = "no document was read by two coders"  # why there is no coefficient
LOW, HIGH = 0.667, 0.800  # Krippendorff's thresholds; they apply to the lower bound of the interval


@dataclass(frozen=True, slots=True)
class Estimate:
    """A coefficient of one field in one block of coders, with its uncertainty: a row of the table `agreement`.

    `section` is detection, joint, coding, source, support, derived, evidence, difference, gold, adjudicated or linking. `block` is `all`,
    `self-consistency`, `person–person`, `machine–machine`, `person–machine`, `without:CODER` or `version:X.Y.Z`; of adjudicators and
    linkers `pair:A·B`; against gold `coder:A`; of a difference `version:NEW·OLD` or `coder:A·B`. `estimate`, `low`, `high` (95%) and
    `standard_error` are null where the coefficient is undefined, and `reason` says why. `coverage` is the share of what could have
    been compared that was. `prevalence` is the share of the most frequent value.
    """

    section: str
    table: str | None
    field: str | None
    measure: str
    level: str
    block: str
    estimate: float | None
    low: float | None = None
    high: float | None = None
    standard_error: float | None = None
    p_below_667: float | None = None
    p_below_800: float | None = None
    reason: str | None = None
    n_documents: int = 0
    n_units: int = 0
    n_coders: int = 0
    coverage: float | None = None
    prevalence: float | None = None
    theta: float | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """A place where two coders differed: the document's key, and the coding, the value and the span (start, end; None without evidence)
    of each."""

    document: str
    codings: tuple[str, str]  # coder/key
    values: tuple[str, str]
    spans: tuple[tuple[int, int] | None, tuple[int, int] | None]


@dataclass(frozen=True, slots=True)
class Confusion:
    """Two values of a field that coders gave to the same thing, how often (weighted pairs), and where."""

    field: str
    values: tuple[str, str]
    count: float
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """What coders said of the same things, value by value: `counts[i][j]`, symmetric between coders, or rows gold and columns coder."""

    field: str
    level: str  # leaf or root
    rows: str  # coder, or gold
    values: tuple[str, ...]
    counts: tuple[tuple[float, ...], ...]
    columns: str = "coder"  # with rows of gold the coder's id


@dataclass(frozen=True, slots=True, repr=False)
class Agreement:
    """The agreement of a dataset's coders before adjudication.

    `settings` are those used (weights, tau, theta, thetas, seed, draws, blocks' voters); `cautions` say in sentences what cannot be
    concluded and why; `coders` has a row per coder (id, kind, voter, version, n_documents, n_codings, …), `drift` a row per coder ×
    version × window.
    """

    dataset: str
    codebook: str
    settings: Mapping[str, Any]
    estimates: tuple[Estimate, ...]
    confusions: tuple[Confusion, ...] = ()
    matrices: tuple[Matrix, ...] = ()
    coders: tuple[Mapping[str, Any], ...] = ()
    drift: tuple[Mapping[str, Any], ...] = ()
    cautions: tuple[str, ...] = ()

    def rows(self) -> list[dict[str, Any]]:
        """The estimates as dicts, a row each, with the attributes of `Estimate` as columns."""
        return [asdict(row) for row in self.estimates]

    def first(self) -> list[Estimate]:
        """The coefficients that the settings name, among all voters, or of the runs of one where there is one."""
        theta = self.settings.get("theta")
        rows = [
            row
            for row in self.estimates
            if row.block in BLOCKS and row.measure in MAIN and row.theta in (None, theta)
        ]
        chosen: list[Estimate] = []
        for name in self.settings.get("headline", HEADLINE):
            own = [row for row in rows if named(row.section, row.field) == name]
            chosen += sorted(own, key=lambda row: (row.estimate is None, BLOCKS.index(row.block)))[:1]
        return chosen

    def __repr__(self) -> str:
        """What it is of, how many estimates there are, and those that stand first."""
        first = [
            f"{named(row.section, row.field)} {'undefined' if row.estimate is None else f'{row.estimate:.3f}'}"
            for row in self.first()
        ]
        n = len(self.estimates)
        told = ", ".join([f"{n} estimate{'' if n == 1 else 's'}", *first])
        return f"<Agreement of {self.dataset}, {self.codebook}: {told}>"
