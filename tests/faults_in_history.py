"""Faults in migrations and date phrases, each with the words of the linter."""

from __future__ import annotations

from typing import Any

from tiny_codebook import Files
from tiny_parts import Change, Fault


def migrated(*steps: dict[str, Any], since: str = "1.0.0", to: str = "1.2.0") -> Change:
    """The codebook with one migration of these steps."""

    def change(found: Files) -> None:
        found["migrations/one.yaml"] = {"since": since, "to": to, "steps": list(steps)}

    return change


def dated(*phrases: dict[str, Any]) -> Change:
    """The codebook with a table of date phrases."""

    def change(found: Files) -> None:
        found["dates.yaml"] = {"phrases": [{"precision": "1", **phrase} for phrase in phrases]}

    return change


RENAME = {"do": "rename_code", "of": "009", "to": "010"}
YESTERDAY = {
    "phrase": "yesterday", "start": "-1d", "end": "-1d",
    "examples": [{"phrase": "yesterday", "published": "2025-06-16", "start": "2025-06-15", "end": "2025-06-15"}],
}  # fmt: skip


def twice(found: Files) -> None:
    migrated(RENAME)(found)
    found["migrations/two.yaml"] = {"since": "1.1.0", "to": "1.2.0", "steps": [{**RENAME, "of": "008"}]}


FAULTS: list[Fault] = [
    ("migrations", twice, "two migrations lead to 1.2.0"),
    ("migrations", migrated(RENAME, since="1.2.0"), "the migration leads from 1.2.0 back to 1.2.0"),
    ("migrations", migrated(RENAME, to="2.0.0"), "the migration leads to 2.0.0, and the codebook is 1.2.0"),
    ("migrations", migrated({**RENAME, "of": "010"}), "rename_code 010: the code is still in the codebook"),
    ("migrations", migrated({**RENAME, "to": "012"}), "rename_code 009: there is no code '012'"),
    ("migrations", migrated({**RENAME, "to": ["010", "011"]}), "rename_code 009: it leads to 2 codes"),
    ("migrations", migrated({"do": "split_code", "of": "009", "to": "010"}), "split_code 009: a split has two codes or more"),
    (
        "migrations",
        migrated({"do": "split_code", "of": "009", "to": ["010", "011"], "field": "extent", "value": {"all": "020"}}),
        "split_code 009: the value decides for '020', which is not under to:",
    ),
    (
        "migrations",
        migrated({"do": "split_code", "of": "009", "to": ["010", "020"], "field": "outcomes", "value": {"all": "010"}}),
        "split_code 009: there is no field codings.outcomes",
    ),
    (
        "migrations",
        migrated({"do": "split_code", "of": "009", "to": ["010", "020"], "field": "extent", "value": {"most": "010"}}),
        "split_code 009: 'most' is no value of extent",
    ),
    (
        "migrations",
        migrated({"do": "split_code", "of": "009", "to": ["010", "020"], "field": "extent"}),
        "split_code 009: a split is decided by a field and its values",
    ),
    ("migrations", migrated({"do": "redefine_code", "of": "012"}), "redefine_code 012: there is no such code"),
    ("migrations", migrated({"do": "rename_field", "of": "sites", "to": "n_site"}), "rename_field sites: there is no field 'n_site'"),
    ("migrations", migrated({"do": "add_field", "of": "n_site", "value": 1}), "add_field n_site: there is no field codings.n_site"),
    ("migrations", migrated({"do": "add_field", "of": "n_sites"}), "add_field n_sites: a new field gets a value or a missing reason"),
    (
        "migrations",
        migrated({"do": "add_field", "of": "deadline", "missing": "cannot_tell"}),
        "add_field deadline: the field has no missing reason 'cannot_tell'",
    ),
    ("migrations", migrated({"do": "add_field", "of": "setting", "value": "open"}), "add_field setting: 'open' is no value of setting"),
    ("migrations", migrated({"do": "rename_value", "of": "most", "to": "all"}), "rename_value most: it names no field"),
    (
        "migrations",
        migrated({"do": "rename_value", "field": "size", "of": "most", "to": "all"}),
        "rename_value most: there is no field codings.size",
    ),
    (
        "migrations",
        migrated({"do": "remove_value", "field": "extent", "of": "some"}),
        "remove_value some: 'some' is still a value of extent",
    ),
    (
        "migrations",
        migrated({"do": "rename_value", "field": "extent", "of": "most", "to": "much"}),
        "rename_value most: there is no value 'much'",
    ),
    ("date-phrases", dated(YESTERDAY, YESTERDAY), "the phrase 'yesterday' stands twice"),
    (
        "date-phrases",
        dated({**YESTERDAY, "phrase": "yester(day"}),
        "the phrase 'yester(day' is no regular expression: missing ), unterminated subpattern at position 6",
    ),
    ("date-phrases", dated({**YESTERDAY, "start": "-1days"}), "'-1days' of 'yesterday': '-1days' is no step"),
    ("date-phrases", dated({**YESTERDAY, "start": "-{n}d"}), "'-{n}d' of 'yesterday': the phrase has no group 'n'"),
    ("date-phrases", dated({**YESTERDAY, "start": "weekday"}), "'weekday' of 'yesterday': the phrase has no group 'weekday'"),
    ("date-phrases", dated({**YESTERDAY, "examples": []}), "the phrase 'yesterday' has no example"),
    (
        "date-phrases",
        dated({**YESTERDAY, "start": "-2d"}),
        "'yesterday', published 2025-06-16: 2025-06-15 to 2025-06-15, precision 1, by 'yesterday' is expected, "
        "and it comes out as 2025-06-14 to 2025-06-15, precision 1, by 'yesterday'",
    ),
]  # fmt: skip
