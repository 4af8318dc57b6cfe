"""The table `agreement` of a build, and the minimum that the card sets on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from eventcode.checks import waivers
from eventcode.checks.reasons import OTHER
from eventcode.codebook import views
from eventcode.model import Codebook, Finding, Place
from eventcode.pipeline.agree_main import ALL, headline, is_main
from eventcode.pipeline.inputs import Inputs
from eventcode.project import Dataset
from eventcode.reliability.fields import named
from eventcode.reliability.report import words
from eventcode.reliability.result import NO_PAIRS, Agreement, Estimate
from eventcode.tables import TABLES

BELOW = "agreement.below-minimum"
DIGITS = 6  # what is published does not hang on the last bits of a sum


def read_twice(read: Inputs) -> bool:
    """Whether two coders read a document; else there is nothing to measure, and nothing heavy is imported."""
    seen: dict[str, set[str]] = {}
    for own in read.current:
        if own.reading["status"] in ("coded", "no_event"):
            seen.setdefault(own.document_id, set()).add(own.coder)
    return any(len(coders) > 1 for coders in seen.values())


def measured(read: Inputs) -> Agreement | None:
    """The agreement of a dataset as the card settles it; None where nothing was read twice.

    DatasetError where the card names a measure that nobody knows.
    """
    if (read.dataset.card.get("reliability") or {}).keys() & {"minimum", "headline"}:
        from eventcode.pipeline.agree_settings import compared

        compared(read.dataset, read.codebook)
    if not read_twice(read):
        return None
    from eventcode.pipeline import agree, agree_settings

    return agree.of(read, agree.world_of(read, agree_settings.plan(read.dataset))).agreement


def demanded(read: Inputs) -> list[Finding]:
    """What falls short of the card's minimum; agreement is measured only where there is one."""
    return findings(read.dataset, measured(read)) if minimum(read.dataset) else []


def rows(found: Agreement, codebook: Codebook) -> list[dict[str, Any]]:
    """The estimates as rows of the table `agreement`, rounded to six digits."""
    names = [
        name
        for name in TABLES["agreement"].columns
        if name not in ("agreement_id", "seed", "draws", *views.stamp(codebook))
    ]
    settings = {name: found.settings[name] for name in ("seed", "draws")}
    return [
        {
            "agreement_id": row_id(row),
            **{name: _plain(getattr(row, name)) for name in names},
            **settings,
            **views.stamp(codebook),
        }
        for row in found.estimates
    ]


def row_id(row: Estimate) -> str:
    """What names an estimate: section, field, measure, level and block, and theta where codings were paired."""
    parts = [row.section, row.field, row.measure, row.level, row.block, row.theta]
    return "/".join(str(part) for part in parts if part is not None)


def _plain(value: Any) -> Any:
    return round(float(value), DIGITS) + 0.0 if isinstance(value, float) else value


def told(found: Agreement) -> dict[str, Any]:
    """What a manifest and a data card say of agreement beside the table: the rows that stand first, the cautions, the settings."""
    return {
        "headline": [row_id(row) for row in headline(found)], "cautions": list(found.cautions), "settings": dict(found.settings),
    }  # fmt: skip


# ── the gate ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def minimum(dataset: Dataset) -> dict[str, float]:
    """What the card demands of lower bounds, by the name of the measure."""
    return dict((dataset.card.get("reliability") or {}).get("minimum", {}))


def findings(dataset: Dataset, found: Agreement | None) -> list[Finding]:
    """What falls short of the card's minimum: a lower bound that is below it, or that there is none of, with the reason.

    `found` is None where nothing was read twice.
    """
    wanted = minimum(dataset)
    if not wanted:
        return []
    known = {} if found is None else _measured(found)
    return [
        problem
        for name, least in sorted(wanted.items())
        for problem in _short(dataset, name, least, known, found)
    ]


def short(read: Inputs, found: Agreement) -> list[Finding]:
    """The same with the waivers of the dataset that cover it."""
    day = date.fromisoformat(read.dataset.card["as_of"])
    told, _ = waivers.apply(findings(read.dataset, found), (), read.waivers, day)
    return [finding for finding in told if finding.rule == BELOW]


def _measured(found: Agreement) -> dict[str, Estimate]:
    """The coefficient of every item among all voters, by its name."""
    return {
        named(r.section, r.field): r for r in found.estimates if r.block == ALL and is_main(r, found.settings)
    }


def _short(
    dataset: Dataset, name: str, least: float, known: Mapping[str, Estimate], found: Agreement | None
) -> Iterator[Finding]:
    row = known.get(name)
    if row is not None and row.low is not None and row.low >= least:
        return
    if row is None:
        why = NO_PAIRS if found is None else "no two voters answered it of the same thing"
        message = f"{name} must reach {least:g}, and there is no coefficient: {why}"
    elif row.low is None:
        message = f"the lower bound of {name} must reach {least:g}, and there is none: {row.reason or 'no interval can be given'}"
    else:
        message = (
            f"the lower bound of {name} is {words.number(row.low)}, and the card demands {least:g} "
            f"(estimate {words.number(row.estimate)}, 95% from {words.interval(row)})"
        )
    severity, _, hint = OTHER[BELOW]
    place = Place(
        dataset.document.file,
        dataset.document.line(("reliability", "minimum", name)),
        f"reliability.minimum.{name}",
    )
    yield Finding(BELOW, severity, "agreement", name, message, hint, row=name, field="low", place=place)
