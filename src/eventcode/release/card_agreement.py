"""The section of the data card that says how far coders agree, and what that does not show."""

from __future__ import annotations

from typing import Any

from eventcode.release.card_facts import Facts
from eventcode.release.markdown import bullets, paragraph, table

COLUMNS = (
    "agreement_id", "section", "table", "field", "measure", "block", "estimate", "low", "high", "n_documents", "n_units",
    "coverage", "reason",
)  # fmt: skip
MEASURES = {
    "alpha": "Krippendorff's alpha", "alpha_pairwise_aligned": "Krippendorff's alpha of paired codings",
    "alpha_joint": "joint coefficient", "alpha_u": "alpha_U",
}  # fmt: skip
WHAT = (
    "Measured on what each coder said, before adjudication. An interval says what other documents of the kind would give with the same "
    "coders; coverage is the share of the answers that could be compared. Every field is in `agreement.parquet`."
)


def agreement(facts: Facts) -> str:
    """The rows that stand first and the cautions; empty where no document was read twice."""
    if not facts.agreement:
        return ""
    held = {row["agreement_id"]: row for row in facts.rows("agreement", *COLUMNS)}
    first = [held[name] for name in facts.agreement["headline"] if name in held]
    head = ("what", "measure", "coders", "estimate", "95% interval", "documents", "units", "coverage")
    body = table(head, [_row(row) for row in first], right=(5, 6, 7))
    cautions = facts.agreement["cautions"]
    parts = [
        paragraph(WHAT),
        body,
        _reasons(first),
        "What this does not show:" if cautions else "",
        bullets(cautions),
    ]
    return "\n\n".join(part for part in parts if part)


def _row(row: dict[str, Any]) -> tuple[object, ...]:
    interval = "–" if row["low"] is None else f"{_number(row['low'])} to {_number(row['high'])}"
    estimate = "–" if row["estimate"] is None else _number(row["estimate"])
    coverage = "–" if row["coverage"] is None else _per_cent(row["coverage"])
    measure = MEASURES.get(row["measure"], row["measure"].replace("_", " "))
    return (
        _what(row),
        measure,
        row["block"],
        estimate,
        interval,
        f"{row['n_documents']:,}",
        f"{row['n_units']:,}",
        coverage,
    )


def _number(value: float) -> str:
    """A coefficient as the other reports print it: `.742`, `−.015`, `1.000`."""
    told = f"{abs(value):.3f}"
    return ("−" if value < 0 and float(told) else "") + (told[1:] if told.startswith("0.") else told)


def _per_cent(share: float) -> str:
    """In whole per cent, never rounded to all."""
    return ">99%" if 0.995 <= share < 1 - 1e-6 else f"{share:.0%}"


def _what(row: dict[str, Any]) -> str:
    return {"detection": "event or none", "joint": "finding and coding"}.get(
        row["section"], f"`{row['table']}.{row['field']}`"
    )


def _reasons(rows: list[dict[str, Any]]) -> str:
    """Why a coefficient or an interval is not there."""
    missing = [
        (_what(row), "coefficient" if row["estimate"] is None else "interval", row["reason"]) for row in rows
    ]
    return bullets(f"{what}: no {lacks}; {why}" for what, lacks, why in missing if why)
