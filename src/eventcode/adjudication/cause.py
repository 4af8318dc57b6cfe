"""Why coders differed: the closed list that decisions take `cause` from, and a tally by field that shows where the codebook fails."""

from __future__ import annotations

from collections.abc import Iterable

from eventcode.readings import Row

CAUSES = {
    "text_ambiguous": "the text can be read in both ways",
    "codebook_gap": "the codebook does not say, or not clearly enough",
    "coder_slip": "the text and the codebook are clear; somebody overlooked or mistyped something",
    "rule_conflict": "two rules of the codebook ask for different things",
    "source_conflict": "the sources in the text contradict each other",
}  # the same list as in decision.schema.json
REPORT, SOURCES = "(which report)", "(whose sources)"
NO_CAUSE = "no_cause"


def tally(decisions: Iterable[Row]) -> list[Row]:
    """A row per field, or kind of decision: how often each cause was given and how often none; the field with most decisions first."""
    counts: dict[str, dict[str, int]] = {}
    for decision in decisions:
        own = counts.setdefault(_about(decision), dict.fromkeys((*CAUSES, NO_CAUSE), 0))
        own[decision.get("cause") or NO_CAUSE] += 1
    rows = [{"about": about, "decisions": sum(own.values()), **own} for about, own in counts.items()]
    return sorted(rows, key=lambda row: (-row["decisions"], row["about"]))


def _about(decision: Row) -> str:
    if decision["kind"] == "field":
        return str(decision.get("field"))
    return REPORT if decision["kind"] == "group" else SOURCES
