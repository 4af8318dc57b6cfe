"""Faults of rules that only show when they are held against every row that there can be, each with the words of the linter."""

from __future__ import annotations

from typing import Any

from tiny_codebook import RULE, Files
from tiny_parts import Change, Fault, codes, fields, rule


def ruled(when: str | None, require: str, **more: Any) -> Change:
    """The codebook with its rule rewritten."""

    def change(found: Files) -> None:
        rule(found).update(when=when, require=require, **more)
        if when is None:
            del rule(found)["when"]

    return change


def beside(when: str | None, require: str, **more: Any) -> Change:
    """The codebook with a second rule, `tiny.other`."""

    def change(found: Files) -> None:
        other = {**RULE, "id": "tiny.other", "when": when, "require": require, **more}
        found["rules.yaml"]["rules"].append({key: value for key, value in other.items() if value is not None})

    return change


def both(*changes: Change) -> Change:
    """One change after another."""

    def change(found: Files) -> None:
        for one in changes:
            one(found)

    return change


def _contradicted(other: str, where: str, one: str = "tiny.some-sites") -> str:
    return f"rules {one} and {other} contradict each other: no row can meet both where {where}"


WHEN = "rule tiny.some-sites can never fire: its when is never true"
REQUIRE = "rule tiny.some-sites can never fire: its require is never false where its when is true"
FAULTS: list[Fault] = [
    ("rule-fires", ruled("setting = 'public' and setting = 'private'", "n_sites > 0"), WHEN),
    ("rule-fires", ruled("type.act = 'word' and type.code = '020'", "n_sites > 0"), WHEN),
    ("rule-fires", ruled("n_sites > 3 and n_sites < 4", "setting = 'public'"), WHEN),
    ("rule-fires", ruled("deadline_start < deadline_end and deadline_end < deadline_start", "n_sites > 0"), WHEN),
    ("rule-fires", ruled("length(deadline_precision) > 3 and deadline_precision is null", "n_sites > 0"), WHEN),
    ("rule-fires", ruled("setting = null", "n_sites > 0"), WHEN),
    ("rule-fires", ruled("n_sites >= 5", "n_sites > 0"), REQUIRE),
    ("rule-fires", ruled("list_contains(type.requires, 'deadline')", "type.act = 'word'"), REQUIRE),
    ("rule-fires", ruled(None, "extent = 'all' or extent <> 'all'"), REQUIRE),
    (
        "rules-contradict",
        beside("realis = 'planned'", "n_sites = 0"),
        _contradicted("tiny.other", "event_type is '020' and realis is 'planned'"),
    ),
    (
        "rules-contradict",
        beside(None, "n_sites is null or n_sites < 0"),
        _contradicted("tiny.other", "event_type is '020'"),
    ),
    (
        "rules-contradict",
        ruled("type.code = '020'", "deadline_precision is not null"),
        _contradicted("codings.deadline-not-applicable", "event_type is '020'"),
    ),
    (
        "rules-contradict",
        ruled("type.code = '020'", "deadline_start > '2020-01-01'"),
        _contradicted("codings.deadline-not-applicable", "event_type is '020'"),
    ),
    (
        "rules-contradict",
        ruled("type.code = '011'", "deadline_precision is null and deadline_missing is null"),
        _contradicted("codings.deadline-required-by-code", "event_type is '011'"),
    ),
    (
        "rules-contradict",
        ruled("realis = 'planned'", "setting is null"),
        _contradicted("codings.setting-required", "realis is 'planned'"),
    ),
    (
        "rules-contradict",
        both(ruled("type.code = '020'", "realis = 'planned'"), lambda f: codes(f)[2].update(realis=["occurred"])),
        _contradicted("codings.realis-fits-code", "event_type is '020' and realis is 'occurred'"),
    ),
    (
        "rules-contradict",
        both(ruled("type.root = '010'", "realis = 'planned'"), lambda f: codes(f)[1].update(realis=["occurred"])),
        _contradicted("codings.realis-fits-code", "event_type is '011' and realis is 'occurred'"),
    ),
    (
        "rules-contradict",
        ruled("type.code = '020'", "n_sites > 100"),
        _contradicted("codings.n_sites-maximum", "event_type is '020' and n_sites is 0"),
    ),
    (
        "required-applies",
        lambda f: fields(f)[3].update(applies_if="type.code = '011' and setting <> 'private'"),
        "codings.deadline is required by code 011 and does not apply where setting is 'private'",
    ),
    (
        "required-applies",
        lambda f: fields(f)[3].update(applies_if="extent = 'all' and n_sites > 1"),
        "codings.deadline is required by code 011 and does not apply where extent is 'all' and n_sites is 0",
    ),
    (
        "required-applies",
        lambda f: fields(f)[4].update(applies_if="setting = 'public' and setting = 'private'"),
        "codings.extent applies to no code at all",
    ),
]  # fmt: skip
