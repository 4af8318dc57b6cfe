"""A coder, documents and a reading with something of everything, for tests of workbooks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from eventcode.readings import Coder, Row

CODER = Coder("reader-1", "person")
DOCUMENTS: list[Row] = [
    {
        "key": "doc-1",
        "document_id": "text:1",
        "title": "A report",
        "url": "https://example.org/1",
        "publisher": "example",
    },
    {"key": "doc-2", "document_id": "text:2", "title": "Another"},
]
READING: Row = {
    "document": "doc-1", "coder": "reader-1", "codebook": "small@1.2.0", "revision": 2, "status": "coded",
    "coded_at": "2025-06-20T10:00:00Z", "note": "=1+1",
    "sources": [{"key": "s1", "identity": "anonymous", "via": ["Delta; Press", "s2"], "source_name_missing": "withheld"}],
    "codings": [
        {
            "key": "e1", "event_type": "011", "realis": "occurred", "date_start": "2025-01-01", "date_end": "2025-01-31",
            "date_precision": "month", "means": ["paper", "convoy"], "complete": True, "lat": 0.1 + 0.2,
            "participants": [{"role": "actor", "position": 0, "actor_id": "front"}],
            "support": [{"source": "s1", "stance": "asserts", "evidence": [{"start": 3, "end": 9}]}],
            "evidence": [{"field": "event_type", "start": 3, "end": 30}],
        },
    ],
}  # fmt: skip

Book = Any
Said = tuple[str, str, str]
SMALL_READING: Row = {
    "document": "doc-1", "coder": "reader-1", "codebook": "small@1.2.0", "revision": 1, "status": "coded",
    "sources": [{"key": "s1", "identity": "own_voice"}],
    "codings": [
        {
            "key": "e1", "event_type": "011", "realis": "occurred", "date_start": "2025-01-02", "date_end": "2025-01-02",
            "date_precision": "day", "participants": [{"role": "actor", "position": 0, "actor_id": "front"}],
            "support": [{"source": "s1", "stance": "asserts", "evidence": [{"start": 3, "end": 9}]}],
        },
        {"key": "e2", "event_type": "021"},
    ],
}  # fmt: skip


def put(sheet: str, cell: str, value: object) -> Callable[[Book], None]:
    """A change that puts a value into a cell."""

    def change(book: Book) -> None:
        book[sheet][cell] = value

    return change
