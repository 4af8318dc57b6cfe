"""A small build folder made by hand: two pages, one reader, the adjudicated readings, two events, every table written.

The texts are ours. `world()` gives rows that a test may change before `write` makes a build of them.
"""

from __future__ import annotations

import copy
import json
import shutil
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from eventcode import identity, text
from eventcode.bundled import codebook_folder
from eventcode.checks.context import actor_rows, relation_rows
from eventcode.codebook import views
from eventcode.codebook.load import load
from eventcode.formats import parquet
from eventcode.model import Codebook
from eventcode.readings import Coder, explode, normalise
from eventcode.release import card, manifest, metadata
from eventcode.tables import TABLES, build

Row = dict[str, Any]
World = dict[str, list[Row]]

TEXTS = {
    "page-1": "The Northern Brigades closed a camp near Hit on 3 May, police said. Ali Hasan, a medic, saw ten trucks leave "
    "that morning. A commander, who asked not to be named, confirmed that the fighters had gone.",
    "page-2": "The Northern Brigades said on 5 May that they might hand over their rockets if foreign troops left the country.",
}
CARD: Row = {
    "title": "Camps and promises", "description": "A small dataset made by hand, to test releases with.", "licence": "CC-BY-4.0",
    "codebook": "disarmament@1", "date": "2025-07-01", "as_of": "2025-06-30",
    "people": [{"name": "Ada Example", "role": "author", "orcid": "0000-0000-0000-0001", "affiliation": "Example University"}],
    "coders": [{"id": "reader-1", "kind": "llm", "version": "1", "note": "Read with the codebook only"}],
    "coverage": {"time": "May 2025", "places": ["Iraq"], "note": "Two pages, chosen by hand."},
    "keywords": ["disarmament", "tests"], "methods": "One reader read both pages once.",
    "limits": ["Two pages prove a format, not a finding."], "ethics": "Nobody in these data is real.",
    "sources": [{"title": "Two pages of our own", "licence": "CC0-1.0"}],
}  # fmt: skip


@cache
def codebook() -> Codebook:
    """The codebook that the build is made under."""
    return load("disarmament")


def document_id(key: str) -> str:
    return identity.text_document_id(text.canonical(TEXTS[key]))


def texts() -> dict[str, str]:
    """Canonical texts by document id."""
    return {document_id(key): text.canonical(TEXTS[key]) for key in TEXTS}


def quoted(key: str, quote: str, **more: Any) -> Row:
    """An evidence span, with a salt that is the same each time."""
    start, end = text.locate(text.canonical(TEXTS[key]), quote)
    found = text.span(text.canonical(TEXTS[key]), start, end, salt="5a17")
    return {**more, "start": start, "end": end, "salt": found.salt, "quote_hash": found.quote_hash}


def _source(key: str, **more: Any) -> Row:
    return {
        "key": key, "n_persons": 1, "n_persons_basis": "exact", "source_kind": "person", "tenure": "current",
        "medium": "not_stated", **more,
    }  # fmt: skip


def _support(source: str, evidence: Row, **more: Any) -> Row:
    return {
        "source": source, "stance": "asserts", "knowledge": "eyewitness", "quote_form": "indirect", "scope_basis": "same_sentence",
        "evidence": [evidence], **more,
    }  # fmt: skip


def _readings() -> dict[str, Row]:
    page_1 = {
        "status": "coded", "coded_at": "2025-06-20T10:00:00Z", "sample_role": "production",
        "sources": [
            _source("s1", identity="named", source_name="Police", source_kind="organization", n_persons=None,
                    n_persons_basis="not_applicable", affiliations=["police"], evidence=[quoted("page-1", "police said")]),
            _source("s2", identity="named", source_name="Ali Hasan", source_descriptor="a medic", position="medic",
                    affiliations=["civilian"], evidence=[quoted("page-1", "Ali Hasan, a medic")]),
            _source("s3", identity="anonymous", anonymity="stated_no_reason", source_descriptor="a commander", position="fighter",
                    affiliations=["armed_group"], evidence=[quoted("page-1", "A commander, who asked not to be named")]),
        ],
        "codings": [
            {
                "key": "e1", "event_type": "072", "realis": "occurred", "setting": "public", "date": "2025-05-03", "place_name": "Hit",
                "country": "IRQ",
                "participants": [{"role": "actor", "actor_missing": "cannot_tell", "name_as_printed": "The Northern Brigades"}],
                "support": [
                    _support("s1", quoted("page-1", "closed a camp near Hit on 3 May, police said")),
                    _support("s2", quoted("page-1", "saw ten trucks leave that morning")),
                    _support("s3", quoted("page-1", "confirmed that the fighters had gone"), stance="confirms"),
                ],
                "evidence": [quoted("page-1", "closed a camp", field="event_type"), quoted("page-1", "saw ten trucks", field="realis")],
            }
        ],
    }  # fmt: skip
    page_2 = {
        "status": "coded", "coded_at": "2025-06-21T10:00:00Z", "sample_role": "production",
        "sources": [_source("s1", identity="own_voice", source_kind=None, n_persons=None, n_persons_basis=None, tenure=None, medium=None)],
        "codings": [
            {
                "key": "e1", "event_type": "035", "realis": "occurred", "setting": "public", "date": "2025-05-05",
                "place_name_missing": "not_stated",
                "participants": [{"role": "actor", "actor_missing": "cannot_tell", "name_as_printed": "The Northern Brigades"}],
                "support": [_support("s1", quoted("page-2", "said on 5 May that they might hand over"), knowledge="unknown")],
                "evidence": [quoted("page-2", "might hand over their rockets", field="event_type")],
            }
        ],
    }  # fmt: skip
    return {"page-1": page_1, "page-2": page_2}


def reading(world: World, key: str, raw: Row, coder: Coder, revision: int = 1) -> str:
    """Add the rows of a reading; returns its id."""
    head = {"document": key, "coder": coder.id, "codebook": codebook().reference, "revision": revision}
    clean, problems = normalise(copy.deepcopy({**head, **raw}), codebook())
    assert not problems, problems
    for name, rows in explode(clean, document_id(key), coder, codebook()).tables.items():
        world.setdefault(name, []).extend(rows)
    return str(world["readings"][-1]["reading_id"])


def world(**changed: Row) -> World:
    """The rows of every table; `page_1` and `page_2` replace what the reader says of that page."""
    found: World = {name: [] for name in TABLES if name not in ("changes", "deletions", "withheld")}
    found["documents"] = [_document(key) for key in TEXTS]
    said = {key: {**raw, **changed.get(key.replace("-", "_"), {})} for key, raw in _readings().items()}
    for key, raw in said.items():
        own = reading(found, key, raw, Coder("reader-1", "llm", "1"))
        reading(
            found, key, {**raw, "coded_at": None, "adopted_from": own}, Coder("adjudicated", "adjudicated")
        )
        found["readings"][-1]["adopted_from"] = own
        for coding in (
            row for row in found["codings"] if row["reading_id"] == found["readings"][-1]["reading_id"]
        ):
            _report(found, key, coding)
    book = codebook()
    found |= {
        "codes": views.codes(book),
        "fields": views.fields(book),
        "vocabularies": views.vocabularies(book),
    }
    found |= {"actors": actor_rows(book), "actor_relations": relation_rows(book)}
    found["rule_counts"] = [
        {
            "rule": "sourcing.named-needs-name",
            "severity": "error",
            "table": "sources",
            "rows": 8,
            "passed": 8,
            "failed": 0,
            "unknown": 0,
            "waived": 0,
        }
    ]
    return found


def _document(key: str) -> Row:
    return {
        "document_id": document_id(key), "document_key": key, "url": f"https://example.org/{key}", "title": f"Our {key}", "language": "en",
        "published_at_start": "2025-05-06", "published_at_end": "2025-05-06", "published_at_precision": "day",
        "n_chars": len(text.canonical(TEXTS[key])), "text_version": text.VERSION, "text_licence": "CC0-1.0",
        "document_relation": "original",
    }  # fmt: skip


SOURCING = {
    "origins_min": 1, "origins_max": 3, "origins_version": "1", "n_articles": 1, "n_outlets": 1, "n_sources": 3, "n_named": 2,
    "n_anonymous_stated": 1, "n_anonymous_unexplained": 0, "n_denying": 0, "contested": False, "identification": "mixed",
    "independence": "several_outside", "distance": "direct",
}  # fmt: skip


def _report(world: World, key: str, coding: Row) -> None:
    """A report of the coding, and the event that it founds."""
    own = document_id(key)
    event = identity.content_id(["event", own, coding["key"]])
    stamp = views.stamp(codebook())
    body = (
        {name: value for name, value in coding.items() if name not in ("coding_id", "reading_id", "key")}
        | SOURCING
        | stamp
    )
    report = identity.content_id(["report", own, coding["key"]])
    world["reports"].append(
        {
            "report_id": report,
            "document_id": own,
            "report_key": coding["key"],
            "coding_id": coding["coding_id"],
            "event_id": event,
            **body,
        }
    )
    known = views.columns(codebook(), "events")
    kept = {name: value for name, value in body.items() if name in known}
    world["events"].append({"event_id": event, "status": "candidate", "n_reports": 1, **kept})


def write(folder: Path, rows: World, dataset_card: Row | None = None, gate: str = "passed") -> Path:
    """A build folder of these rows, as `eventcode build` lays it out."""
    folder.mkdir(parents=True)
    book, own = codebook(), dataset_card or CARD
    tables, entries = {}, {}
    for name, own_rows in rows.items():
        table = build(views.columns(book, name), own_rows).cast(views.schema(book, name))
        parquet.write(folder / f"{name}.parquet", table, TABLES[name].key, metadata={"dataset": "camps"})
        tables[name] = parquet.read(folder / f"{name}.parquet")
        entries[name] = manifest.entry(folder / f"{name}.parquet", table, TABLES[name].key)
    package = metadata.datapackage("camps", own, book, tables, entries)
    (folder / "datapackage.json").write_bytes(metadata.render(package))
    (folder / "CITATION.cff").write_bytes(metadata.citation_cff(own))
    (folder / "README.md").write_bytes(card.render(card.Facts("camps", own, book, tables, entries)))
    for module in (book.id, "sourcing"):
        shutil.copytree(codebook_folder() / module, folder / "codebook" / module)
    (folder / "expectations.json").write_text("{}\n")
    (folder / "gate.json").write_text(json.dumps({"gate": gate}) + "\n")
    found = {
        "dataset": "camps", "input_digest": "0" * 64, "inputs": {"dataset.yaml": "0" * 64},
        "codebook": {"id": book.id, "version": book.version, "digest": book.digest}, "tool": {"eventcode": "0.1.0"},
        "as_of": own["as_of"], "tables": entries, "files": manifest.others(folder),
        "findings": {"error": 0, "warning": 0, "flag": 0, "waived": 0}, "gate": gate,
    }  # fmt: skip
    (folder / "manifest.json").write_bytes(manifest.render(found))
    return folder


def day(value: str) -> date:
    return date.fromisoformat(value)
