"""The nouns of a codebook and of a check: frozen dataclasses without any input or output."""

from __future__ import annotations

from eventcode.model.book import Codebook
from eventcode.model.findings import Finding, RuleCount
from eventcode.model.nouns import (
    ACTS,
    CODER_KINDS,
    EMPTY,
    MISSING_REASONS,
    ROLES,
    SEVERITIES,
    STATUSES,
    TIERS,
    Actor,
    EventType,
    Example,
    Exclude,
    Field,
    Guidance,
    Place,
    Relation,
    Rule,
    Term,
    Vocabulary,
)
from eventcode.model.ties import Acceptance, Crossing, DatePhrase, DateSpan, Migration, Step

__all__ = [
    "ACTS",
    "CODER_KINDS",
    "EMPTY",
    "MISSING_REASONS",
    "ROLES",
    "SEVERITIES",
    "STATUSES",
    "TIERS",
    "Acceptance",
    "Actor",
    "Codebook",
    "Crossing",
    "DatePhrase",
    "DateSpan",
    "EventType",
    "Example",
    "Exclude",
    "Field",
    "Finding",
    "Guidance",
    "Migration",
    "Place",
    "Relation",
    "Rule",
    "RuleCount",
    "Step",
    "Term",
    "Vocabulary",
]
