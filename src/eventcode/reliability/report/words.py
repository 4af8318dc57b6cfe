"""Numbers and verdicts of a report of agreement, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from eventcode.model import ROLES, Codebook
from eventcode.reliability.result import HIGH, LOW, Estimate

PARTS = {
    "root": "root", "leaf": "leaf", "stated": "whether it is stated", "exact": "exactly the same",
}  # fmt: skip
MEASURES = {
    "alpha": "Krippendorff’s alpha", "alpha_pairwise_aligned": "alpha over aligned pairs", "alpha_joint": "joint coefficient",
    "percent_agreement": "percent agreement", "cohen_kappa": "Cohen’s kappa", "conger_kappa": "Conger’s kappa", "gwet_ac1": "Gwet’s AC1",
    "alpha_u": "unitizing alpha", "gamma": "gamma", "pairwise_f1": "pairwise F1", "b_cubed_f1": "B³", "f1": "F1",
    "accuracy": "share right",
}  # fmt: skip
SETTINGS = {
    "weights": "weights, where codings are paired", "source_weights": "weights, where sources are paired",
    "tau": "τ, days after which the likeness of dates has fallen to 37%", "kilometres": "kilometres, the same for places",
    "theta": "θ, above which two are paired", "thetas": "θ tried", "draws": "draws of the bootstrap",
    "samples": "sample roles kept", "minimum": "lower bounds demanded", "codebook_version": "version of the codebook kept",
}  # fmt: skip
SIGNS = {"high": "●", "middle": "◆", "low": "▼", "open": "■"}
THRESHOLDS = tuple(f"{bound:.3f}"[1:] for bound in (LOW, HIGH))
VERDICTS = {
    "high": f"the whole interval lies at {THRESHOLDS[1]} or above: enough to rely on",
    "middle": f"the interval lies above {THRESHOLDS[0]} and reaches below {THRESHOLDS[1]}: for tentative conclusions alone",
    "low": f"the interval reaches below {THRESHOLDS[0]}: not enough to conclude from",
    "open": "there is no interval, so nothing can be said",
}
COLOURS = {"high": "--good", "middle": "--warn", "low": "--bad", "open": "--soft"}
NAMES = {  # of what is no field of a codebook
    "place": "Place in its hierarchy", "origins_min": "Origins, at least", "origins_max": "Origins, at most", "n_sources": "Sources",
    "n_named": "Named sources", "n_anonymous_stated": "Unnamed sources who asked for it",
    "n_anonymous_unexplained": "Unnamed sources, unexplained", "n_denying": "Denying sources", "contested": "Affirmed and denied",
    "party_to_event": "Party to the event", "joint": "Joint coefficient",
}  # fmt: skip
EVERYTHING = {"samples": "all that were read twice", "codebook_version": "all"}  # what None means
BLOCKS = {"all": "all coders", "self-consistency": "runs of one voter"}


def number(value: float | None, digits: int = 3) -> str:
    """A coefficient without its leading zero, as is usual, and with a true minus; nothing for None: `.742`, `−.015`, `1.000`."""
    if value is None:
        return ""
    told = f"{abs(value):.{digits}f}"
    sign = "−" if value < 0 and float(told) else ""
    return sign + (told[1:] if told.startswith("0.") else told)


def short(value: float) -> str:
    """A number as somebody wrote it, without its leading zero: `.75`."""
    return f"{value:g}".removeprefix("0") if 0 < value < 1 else f"{value:g}"


def signed(value: float | None, digits: int = 3) -> str:
    """A difference with its sign: `+.020`, `−.011`."""
    told = number(value, digits)
    return told if not told or told.startswith("−") or not float(told) else f"+{told}"


def interval(row: Estimate) -> str:
    """The interval of an estimate: `.661 to .812`."""
    return "" if row.low is None or row.high is None else f"{number(row.low)} to {number(row.high)}"


def per_cent(share: float | None) -> str:
    """A share in whole per cent, never rounded to nothing or to all."""
    if share is None:
        return ""
    if 0 < share < 0.005:
        return "<1%"
    return ">99%" if 0.995 <= share < 1 - 1e-9 else f"{share:.0%}"


def chance(share: float | None) -> str:
    """A probability, never rounded to nothing or to all."""
    if share is None:
        return ""
    return "<.001" if share < 0.001 else ">.999" if share > 0.999 else number(share)


def count(value: float) -> str:
    """A count; weights may make it broken: `1,204`, `12.5`."""
    return f"{value:,.0f}" if abs(value - round(value)) < 0.05 else f"{value:,.1f}"


def verdict(row: Estimate) -> str:
    """high, middle, low or open: where the lower bound of the interval lies. The thresholds are Krippendorff's (2004, p. 241)."""
    if row.estimate is None or row.low is None:
        return "open"
    return "high" if row.low >= HIGH else "middle" if row.low >= LOW else "low"


def section_name(section: str) -> str:
    """What a section of the table `agreement` is called."""
    return "Joint coefficient" if section == "joint" else section.capitalize()


def field(book: Codebook, table: str | None, name: str | None, section: str = "") -> str:
    """What a field is called."""
    if not name or section in ("detection", "joint"):
        return section_name(section)
    base, _, part = name.partition(".")
    known = book.fields.get((table or "codings", base))
    label = known.label if known else NAMES.get(base) or base.replace("_", " ").capitalize()
    if base in ROLES:
        label = base.capitalize()
    return f"{label} ({PARTS.get(part, part)})" if part else label


def measure(name: str) -> str:
    """What a measure is called."""
    return MEASURES.get(name, name.replace("_", " "))


def block(name: str) -> str:
    """Which coders are compared, in words."""
    kind, _, rest = name.partition(":")
    if not rest:
        return BLOCKS.get(name, name)
    said = {
        "without": f"without {rest}",
        "pair": rest.replace("·", " and "),
        "version": f"codebook {rest}",
        "coder": rest,
    }
    return said.get(kind, name)


def sides(name: str) -> str:
    """What a difference is of: `version 1.0.1 against 1.0.0`, `anna against ben`."""
    kind, _, rest = name.partition(":")
    return ("version " if kind == "version" else "") + rest.replace("·", " against ")


def difference(row: Estimate) -> str:
    """A difference with its interval, or why there is none: `+.020, −.092 to .131`."""
    if row.estimate is None:
        return f"no difference: {row.reason}"
    return f"{signed(row.estimate)}, {interval(row) or f'no interval: {row.reason}'}"


def settled(name: str, value: Any) -> str:
    """A setting on one line; a coder who is a voter of its own stands there once."""
    if name == "voters" and isinstance(value, Mapping):
        return ", ".join(coder if coder == own else f"{coder} (of {own})" for coder, own in value.items())
    return EVERYTHING[name] if value is None and name in EVERYTHING else setting(value)


def setting(value: Any) -> str:
    """A value of a setting on one line."""
    if value is None or value in ((), [], {}):
        return "none"
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {setting(child)}" for key, child in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(map(setting, value))
    return f"{value:g}" if isinstance(value, float) else str(value)
