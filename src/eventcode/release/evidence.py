"""Evidence against texts: does each span still hold the words that it was made from?

`located` says for every evidence row of a build which document it is of and what it is evidence for; `verify` compares it with
the texts at hand. Both are pure; `texts_in` reads a folder of texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from eventcode import text
from eventcode.formats.text_files import texts_in
from eventcode.readings import Row

__all__ = ["STATUSES", "located", "texts_in", "verify"]

STATUSES = ("verified", "moved", "different", "missing")
Tables = Mapping[str, Sequence[Row]]


def located(tables: Tables) -> list[Row]:
    """The evidence rows of a build, each with `document_id` and `lineage` added.

    The lineage is `document/coder/coding/field`, `document/coder/coding/support/source`, or `document/coder/source`; a row whose owner is
    not there (a broken foreign key, which the checks report) has neither.
    """
    index = {name: _by(tables.get(name, ()), key) for name, key in _KEYS.items()}
    return [{**row, **_owner(row, index)} for row in tables.get("evidence", ())]


_KEYS = {
    "documents": "document_id",
    "readings": "reading_id",
    "codings": "coding_id",
    "sources": "source_id",
    "support": "support_id",
}
Index = Mapping[str, Mapping[Any, Row]]


def _by(rows: Iterable[Row], key: str) -> dict[Any, Row]:
    return {row[key]: row for row in rows}


def _owner(row: Row, index: Index) -> Row:
    source = index["sources"].get(row.get("source_id"))
    support = index["support"].get(row.get("support_id"))
    coding = index["codings"].get(support["coding_id"] if support else row.get("coding_id"))
    reading = index["readings"].get((coding or source or {}).get("reading_id"))
    if reading is None:
        return {"document_id": None, "lineage": None}
    teller = index["sources"].get(support["source_id"]) if support else source
    parts = [coding and coding["key"], support and "support", teller and teller["key"], row.get("field")]
    return {
        "document_id": reading["document_id"],
        "lineage": "/".join(
            [reading_lineage(reading, index["documents"]), *(str(part) for part in parts if part)]
        ),
    }


def reading_lineage(reading: Row, documents: Mapping[Any, Row]) -> str:
    """`document/coder`, by the document's key where it has one."""
    document = documents.get(reading["document_id"], {})
    return f"{document.get('document_key') or reading['document_id']}/{reading['coder_id']}"


def verify(evidence: Iterable[Row], documents: Iterable[Row], texts: Mapping[str, str]) -> list[Row]:
    """What became of each span: rows of evidence_id, lineage, document, start, end, status, new_start, new_end.

    `evidence` is what `located` gives, `texts` canonical texts by document id. Statuses: `verified`; `moved`, the same words stand at
    new_start to new_end; `different`, they stand nowhere; `missing`, there is no text of the document, or the row has no
    hash to compare.
    """
    names = {row["document_id"]: row.get("document_key") or row["document_id"] for row in documents}
    return [_verdict(row, names, texts) for row in evidence]


def _verdict(row: Row, names: Mapping[str, str], texts: Mapping[str, str]) -> Row:
    own = row["document_id"]
    found = text.Verdict("missing")
    if own in texts and row.get("quote_hash") and row.get("salt") is not None:
        found = text.verify(texts[own], text.Span(row["start"], row["end"], row["salt"], row["quote_hash"]))
    return {
        "evidence_id": row["evidence_id"], "lineage": row["lineage"], "document": names.get(own, own), "start": row["start"],
        "end": row["end"], "status": found.status, "new_start": found.start, "new_end": found.end,
    }  # fmt: skip


def counts(rows: Iterable[Row]) -> dict[str, int]:
    """How many rows have each status, in the order of STATUSES."""
    found = dict.fromkeys(STATUSES, 0)
    for row in rows:
        found[row["status"]] += 1
    return found
