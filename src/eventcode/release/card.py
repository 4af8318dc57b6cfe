"""README.md of a build or a release: the data card. The same bytes for the same tables, card and codebook."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from eventcode.model import SEVERITIES
from eventcode.release.card_agreement import agreement
from eventcode.release.card_counts import sourcing, types
from eventcode.release.card_facts import Card, Facts, Rows
from eventcode.release.card_reference import columns, files
from eventcode.release.markdown import bullets, count, paragraph, table, were
from eventcode.release.metadata import LICENCES, citation
from eventcode.tables import NOT_RELEASED

__all__ = ["Facts", "render"]

KINDS = {
    "person": "a person",
    "rules": "a program that follows written patterns",
    "learned": "a trained model",
    "llm": "a large language model",
    "imported": "taken over from another dataset",
    "adjudicated": "computed from the readings and the recorded decisions",
}
ORDER = (
    "events",
    "reports",
    "codings",
    "sources",
    "support",
    "participants",
    "evidence",
    "documents",
    "readings",
)


def render(facts: Facts) -> bytes:
    """The data card's bytes."""
    ordered = sorted(facts.tables, key=lambda n: (ORDER.index(n) if n in ORDER else len(ORDER), n))
    shown = [
        name
        for name in ordered
        if name in facts.entries and (facts.version is None or name not in NOT_RELEASED)
    ]
    parts = [
        _title(facts),
        _section("What is in it", _glance(facts)),
        _section("How it was made", _made(facts)),
        _section("Do the coders agree", agreement(facts)),
        _section("Events by type", types(facts)),
        _section("Who told it", sourcing(facts)),
        _section("What the checks found", _found(facts)),
        _section("What these data cannot show", _limits(facts)),
        _section("People in the data", paragraph(facts.card.get("ethics", ""))),
        _section("Load it", _load(facts)),
        _section("Licence and citation", _rights(facts)),
        _section("Columns", columns(facts.codebook, facts.tables, shown)),
        _section("Files", files(facts.entries, shown)),
    ]
    return ("\n\n".join(part for part in parts if part) + "\n").encode()


def _section(title: str, text: str) -> str:
    return f"## {title}\n\n{text}" if text else ""


def _title(facts: Facts) -> str:
    kind = f"release {facts.version}" if facts.version else "a build, which may still change"
    line = f"`{facts.name}`, **{kind}** · {facts.card['date']} · {facts.card['licence']} · codebook {facts.codebook.reference}"
    return "\n\n".join(
        part
        for part in (f"# {facts.card['title']}", line, paragraph(facts.card.get("description", "")))
        if part
    )


# ── what is in it, how it was made ────────────────────────────────────────────────────────────────────────────────────


def _glance(facts: Facts) -> str:
    coverage = facts.card.get("coverage", {})
    whole = [
        (count(facts.count("events"), "event"), "what remains after reports of one happening are linked")
    ]
    whole += [
        (count(facts.count("reports"), "report"), "an event as one document tells it"),
        (count(facts.count("documents"), "document"), "what was read"),
        (
            count(len({r["reading_id"] for r in facts.rows("readings", "reading_id")}), "reading"),
            "one coder's account of one document",
        ),
    ]
    told = [
        ("Time", coverage.get("time")),
        ("Places", ", ".join(coverage.get("places", ()))),
        ("As of", facts.card.get("as_of")),
    ]
    told += [("Dates of the events", _span(facts))]
    known = [*whole, *((f"{name}", value) for name, value in told if value)]
    unit = f"What counts as one coding: {facts.codebook.unit}" if facts.codebook.unit else ""
    parts = [
        table(("at a glance", ""), known),
        *map(paragraph, (coverage.get("note", ""), unit, facts.changed)),
    ]
    return "\n\n".join(part for part in parts if part)


def _span(facts: Facts) -> str:
    days = [
        day
        for row in facts.rows("events", "date_start", "date_end")
        for day in row.values()
        if day is not None
    ]
    return f"{min(days)} to {max(days)}" if days else ""


def _made(facts: Facts) -> str:
    readings = facts.rows("readings", "document_id", "coder_id", "coder_kind", "revision")
    notes = {coder["id"]: coder for coder in facts.card.get("coders", ())}
    coders = sorted(
        {
            (row["coder_kind"] == "adjudicated", str(row["coder_id"]), str(row["coder_kind"]))
            for row in readings
        }
    )
    rows = [_coder(name, kind, readings, notes.get(name, {})) for _, name, kind in coders]
    parts = [
        paragraph(facts.card.get("methods", "")),
        table(("coder", "who that is", "documents", "corrections", "note"), rows, right=(2, 3)),
        paragraph(_passes(readings, bool(facts.agreement))),
        paragraph(_decided(facts)),
    ]
    return "\n\n".join(part for part in parts if part)


def _coder(name: str, kind: str, readings: Rows, note: Card) -> Sequence[object]:
    own = [row for row in readings if row["coder_id"] == name]
    documents = len({row["document_id"] for row in own})
    remark = ". ".join(
        str(part) for part in (note.get("version") and f"Version {note['version']}", note.get("note")) if part
    )
    return (f"`{name}`", KINDS.get(kind, kind), f"{documents:,}", f"{len(own) - documents:,}", remark)


def _passes(readings: Rows, measured: bool) -> str:
    read = Counter(
        pair[0]
        for pair in {(r["document_id"], r["coder_id"]) for r in readings if r["coder_kind"] != "adjudicated"}
    )
    passes = sorted(Counter(read.values()).items())
    told = [
        f"{count(documents, 'document was', 'documents were')} read by {count(n, 'coder')}"
        for n, documents in passes
    ]
    unknown = "" if measured else " No document was read twice, so nothing is known of how well coders agree."
    return f"{', '.join(told)}.{unknown}" if told else ""


def _decided(facts: Facts) -> str:
    """How many decisions and links stand behind the reports and events."""
    kinds = Counter(str(row["kind"]) for row in facts.rows("decisions", "kind"))
    links = facts.count("links") + facts.count("event_links")
    told = [count(number, f"{kind} decision") for kind, number in sorted(kinds.items())] + (
        [count(links, "link")] if links else []
    )
    return (
        f"Where readings had to be reconciled or reports linked, it was recorded: {', '.join(told)}."
        if told
        else ""
    )


# ── checks, limits, use ───────────────────────────────────────────────────────────────────────────────────────────────


def _found(facts: Facts) -> str:
    counts = facts.rows("rule_counts", "rule", "severity", "rows", "failed", "unknown", "waived")
    if not counts:
        return ""
    stand = ", ".join(count(_standing(counts, name), name) for name in SEVERITIES)
    waived = sum(row["waived"] or 0 for row in counts)
    text = (
        f"{count(len(counts), 'rule')} {were(len(counts))} run. What stands: {stand}; {count(waived, 'finding')} {were(waived)} "
        "accepted on record. An error is a mistake, a warning may be one, a flag is a fact about the news and no mistake. Unknown: "
        "the rule could not be decided for want of a value."
    )
    met = sorted(
        (row for row in counts if row["failed"]),
        key=lambda row: (SEVERITIES.index(row["severity"]), row["rule"]),
    )
    numbers = ("failed", "waived", "unknown", "rows")
    rows = [(row["rule"], row["severity"], *(f"{row[name] or 0:,}" for name in numbers)) for row in met]
    found = table(("rule", "severity", "found", "waived", "unknown", "of rows"), rows, right=(2, 3, 4, 5))
    return "\n\n".join(part for part in (paragraph(text), found, _waivers(facts), _not_asked(facts)) if part)


def _standing(counts: Rows, severity: str) -> int:
    return sum(row["failed"] - (row["waived"] or 0) for row in counts if row["severity"] == severity)


def _waivers(facts: Facts) -> str:
    rows = [row for row in facts.rows("findings", "rule", "waived") if row["waived"]]
    grouped = sorted(Counter((str(row["rule"]), str(row["waived"])) for row in rows).items())
    body = table(
        ("accepted", "findings", "by whom and why"),
        [(rule, f"{n:,}", why) for (rule, why), n in grouped],
        right=(1,),
    )
    return body


def _not_asked(facts: Facts) -> str:
    """The rules that were left out, by reason."""
    reasons: dict[str, list[str]] = {}
    for rule, why in facts.not_asked.items():
        reasons.setdefault(why, []).append(f"`{rule}`")
    lines = [f"{why}: {', '.join(sorted(rules))}" for why, rules in sorted(reasons.items())]
    return f"Rules that were not asked, and why:\n\n{bullets(lines)}" if lines else ""


def _limits(facts: Facts) -> str:
    always = [
        "What no document of this corpus tells is not in it: a place or a month without events is not one where nothing happened.",
        "An event is what sources said and pages printed. `realis`, the sourcing columns and `contested` say how far to trust it.",
    ]
    return bullets([*facts.card.get("limits", ()), *always])


def _load(facts: Facts) -> str:
    version = f', version="{facts.version}"' if facts.version else ""
    return _LOAD.replace('"NAME"', f'"{facts.name}"{version}')


_LOAD = """Codes are text (`010` stays `010`), sets are lists of text, a date is an interval (`date_start`, `date_end`,
`date_precision`), and a missing value is null with its reason beside it in `…_missing`. Labels are in `codes.parquet` and
`vocabularies.parquet`.

```python
import eventcode                       # codes as categoricals, labels at hand
events = eventcode.load("NAME")

import pandas as pd                    # the Arrow backend keeps lists, dates and nulls as they are
events = pd.read_parquet("events.parquet", dtype_backend="pyarrow")

import polars as pl
events = pl.read_parquet("events.parquet")

import duckdb                          # labels joined, nothing loaded
duckdb.sql("SELECT e.event_type, c.label, count(*) AS n FROM 'events.parquet' e "
           "JOIN 'codes.parquet' c ON c.code = e.event_type GROUP BY ALL ORDER BY n DESC")
```

```r
events <- arrow::read_parquet("events.parquet")
```

```stata
import parquet using events.parquet, clear   // StataNow; before it: ssc install pq
```"""


def _rights(facts: Facts) -> str:
    licence = str(facts.card["licence"])
    link = f" ({LICENCES[licence]})" if licence in LICENCES else ""
    sources = [
        ". ".join(
            str(part).rstrip(".")
            for part in (row["title"], row.get("url"), row.get("licence"), row.get("note"))
            if part
        )
        for row in facts.card.get("sources", ())
    ]
    made_from = f"Made from:\n\n{bullets(sources)}" if sources else ""
    cite = f"Please cite it as\n\n> {citation(facts.card, facts.version)}\n\nor from `CITATION.cff`."
    text = (
        f"The data: {licence}{link}. The texts that were read are not part of them: the tables hold offsets and salted hashes, with "
        f"which `eventcode evidence verify {facts.name} --texts FOLDER` checks every quotation for whoever holds a copy."
    )
    return "\n\n".join(part for part in (paragraph(text), made_from, cite) if part)
