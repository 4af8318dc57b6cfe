"""The SQL behind `release.diff`: what names a row for good, and which rows differ. `{s}` is the side, old or new."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from eventcode.tables import TEXTS

if TYPE_CHECKING:
    import pyarrow as pa

Tables = Mapping[str, "pa.Table"]
ORDERED = ("via",)
CODEBOOK_TABLES = ("codes", "fields", "vocabularies")

_DOCUMENT = "coalesce(d.document_key, d.document_id)"
_CURRENT = (
    "(SELECT r.*, coalesce(d.document_key, r.document_id) || '/' || r.coder_id AS lineage FROM {s}_readings r "
    "LEFT JOIN {s}_documents d ON d.document_id = r.document_id QUALIFY row_number() "
    "OVER (PARTITION BY r.document_id, r.coder_id ORDER BY r.revision DESC, r.reading_id) = 1)"
)
_TOLD = f"{{s}}_codings c JOIN {_CURRENT} r ON r.reading_id = c.reading_id"

# How each table's rows are named, and where from.
KEYS: Mapping[str, str] = {
    "events": "SELECT x.event_id AS k, x.* FROM {s}_events x",
    "reports": f"SELECT {_DOCUMENT} || '/' || x.report_key AS k, x.* FROM {{s}}_reports x "
    "LEFT JOIN {s}_documents d ON d.document_id = x.document_id",
    "documents": f"SELECT {_DOCUMENT} AS k, d.* FROM {{s}}_documents d",
    "readings": f"SELECT r.lineage AS k, r.* FROM {_CURRENT} r WHERE r.coder_kind <> 'adjudicated'",
    "codings": f"SELECT r.lineage || '/' || c.key AS k, c.* FROM {_TOLD} WHERE r.coder_kind <> 'adjudicated'",
    "sources": f"SELECT r.lineage || '/' || x.key AS k, x.* FROM {{s}}_sources x JOIN {_CURRENT} r ON r.reading_id = x.reading_id",
    "support": f"SELECT r.lineage || '/' || c.key || '/' || coalesce(o.key, x.source_id) || coalesce('/' || x.field, '') AS k, x.* "
    f"FROM {_TOLD} JOIN {{s}}_support x ON x.coding_id = c.coding_id LEFT JOIN {{s}}_sources o ON o.source_id = x.source_id",
    "participants": "SELECT r.lineage || '/' || c.key || '/' || x.role || '/' || x.position AS k, x.* "
    f"FROM {_TOLD} JOIN {{s}}_participants x ON x.coding_id = c.coding_id",
    "links": f"SELECT x.event_id || '/' || {_DOCUMENT} || '/' || x.report_key AS k, x.* FROM {{s}}_links x "
    "LEFT JOIN {s}_documents d ON d.document_id = x.document_id",
    "event_links": "SELECT x.event_id || '/' || x.other_event_id AS k, x.* FROM {s}_event_links x",
    "actors": "SELECT x.actor_id AS k, x.* FROM {s}_actors x",
    "actor_relations": "SELECT concat_ws('/', x.actor_id, x.relation, x.parent_id, x.valid_from) AS k, x.* FROM {s}_actor_relations x",
    "publishers": "SELECT concat_ws('/', x.publisher_id, x.country, x.period) AS k, x.* FROM {s}_publishers x",
    "codes": "SELECT x.code AS k, x.* FROM {s}_codes x",
    "fields": "SELECT x.\"table\" || '.' || x.name AS k, x.* FROM {s}_fields x",
    "vocabularies": "SELECT x.vocabulary || '/' || x.value AS k, x.* FROM {s}_vocabularies x",
}  # fmt: skip

# Ids that change with every correction, stamps, and what only a release fills.
IGNORED = (
    "reading_id", "coding_id", "source_id", "support_id", "report_id", "adopted_from", "coded_at", "codebook_id", "codebook_version",
    "codebook_digest", "first_release", "last_modified_release",
)  # fmt: skip

# Readings of people and programs that have the same revision on both sides, so that nothing in them may differ.
UNREVISED = (
    f"SELECT o.lineage, o.revision FROM {_CURRENT.format(s='old')} o JOIN {_CURRENT.format(s='new')} n "
    "ON n.lineage = o.lineage AND n.revision = o.revision WHERE o.coder_kind <> 'adjudicated'"
)
# Events that say that no release has changed them since.
UNDATED = (
    "SELECT o.event_id, o.last_modified_release FROM old_events o JOIN new_events n ON n.event_id = o.event_id "
    "AND n.last_modified_release = o.last_modified_release"
)

GONE = (
    "WITH gone AS (SELECT event_id FROM old_events WHERE event_id NOT IN (SELECT event_id FROM new_events)), "
    f"was AS (SELECT o.event_id, {_DOCUMENT} AS document, o.report_key FROM old_reports o JOIN gone USING (event_id) "
    "LEFT JOIN old_documents d ON d.document_id = o.document_id), "
    f"is_now AS (SELECT {_DOCUMENT} AS document, n.report_key, n.event_id FROM new_reports n "
    "LEFT JOIN new_documents d ON d.document_id = n.document_id), "
    f"page AS (SELECT {_DOCUMENT} AS document, bool_and(r.status = 'withdrawn') AS withdrawn FROM new_documents d "
    f"LEFT JOIN {_CURRENT.format(s='new')} r ON r.document_id = d.document_id AND r.coder_kind <> 'adjudicated' GROUP BY ALL) "
    "SELECT gone.event_id, list(DISTINCT is_now.event_id) FILTER (is_now.event_id IS NOT NULL), count(page.document), "
    "coalesce(bool_and(page.withdrawn), FALSE) FROM gone LEFT JOIN was ON was.event_id = gone.event_id "
    "LEFT JOIN is_now ON is_now.document = was.document AND is_now.report_key = was.report_key "
    "LEFT JOIN page ON page.document = was.document GROUP BY gone.event_id ORDER BY gone.event_id"
)


def columns(name: str, before: Tables, now: Tables) -> list[str]:
    """The columns that are compared: those of either side, without ids and what the key is made of."""
    every = dict.fromkeys([*now[name].column_names, *before[name].column_names])
    return [column for column in every if column not in IGNORED and column not in _PARTS.get(name, ())]


_PARTS: Mapping[str, Sequence[str]] = {
    "events": ("event_id",),
    "reports": ("document_id", "report_key"),
    "readings": ("document_id", "coder_id"),
    "codings": ("key",),
    "sources": ("key",),
    "support": ("field",),
    "participants": ("role", "position"),
    "links": ("event_id", "document_id", "report_key"),
    "event_links": ("event_id", "other_event_id"),
    "actors": ("actor_id",),
    "actor_relations": ("actor_id", "relation", "parent_id", "valid_from"),
    "publishers": ("publisher_id", "country", "period"),
    "codes": ("code",),
    "fields": ("table", "name"),
    "vocabularies": ("vocabulary", "value"),
}


def keyed(name: str, side: str) -> str:
    """The rows of one side with their key `k`."""
    return KEYS[name].format(s=side)


def differing(name: str, compared: Sequence[str], before: Tables, now: Tables) -> str:
    """Key, gone, new, and both values of each compared column, of every row of a table that differs. Rows of one key are paired in
    their order."""
    sides = (keyed(name, "old"), keyed(name, "new"))
    return unlike(*sides, compared, before[name], now[name])


def unlike(
    old: str, new: str, compared: Sequence[str], before: pa.Table, now: pa.Table, *, unique: bool = False
) -> str:
    """The same of two queries that give rows with a key `k`; where `unique` says that no key is there twice, nothing is put in order."""
    pairs = [_pair(column, before, now) for column in compared]
    shown = "".join(f", {a.format(t='o')}, {b.format(t='n')}" for a, b in pairs)
    unlike_ = (
        " OR ".join(f"{a.format(t='o')} IS DISTINCT FROM {b.format(t='n')}" for a, b in pairs) or "FALSE"
    )
    sides = (_numbered(old, compared, before, unique), _numbered(new, compared, now, unique))
    return (
        f"WITH o AS ({sides[0]}), n AS ({sides[1]}) "
        f"SELECT coalesce(o.k, n.k) || CASE WHEN coalesce(o.i, n.i) > 1 THEN '#' || coalesce(o.i, n.i) ELSE '' END AS k, "
        f"n.k IS NULL, o.k IS NULL{shown} FROM o FULL JOIN n ON o.k = n.k AND o.i = n.i "
        f"WHERE o.k IS NULL OR n.k IS NULL OR {unlike_} ORDER BY 1"
    )


def _numbered(rows: str, compared: Sequence[str], table: pa.Table, unique: bool) -> str:
    known = [c for c in compared if c in table.column_names]
    order = ", ".join(quoted(c) for c in known) or "k"
    number = "1" if unique else f"row_number() OVER (PARTITION BY k ORDER BY {order})"
    return f"SELECT *, {number} AS i FROM ({rows}) WHERE k IS NOT NULL"


def quoted(name: str) -> str:
    """A column's name as SQL has it."""
    return '"' + name.replace('"', '""') + '"'


def _pair(column: str, before: pa.Table, now: pa.Table) -> tuple[str, str]:
    """SQL for both values of a column; as text where the two sides have different types."""
    pair = _value(column, before), _value(column, now)
    kinds = {str(table.schema.field(column).type) for table in (before, now) if column in table.column_names}
    return (f"CAST({pair[0]} AS VARCHAR)", f"CAST({pair[1]} AS VARCHAR)") if len(kinds) > 1 else pair


def _value(column: str, table: pa.Table) -> str:
    """SQL for a column's value on the side `{t}`: null where that side has no such column, sets sorted, no empty list."""
    if column not in table.column_names:
        return "NULL"
    own = f"{{t}}.{quoted(column).replace('{', '{{').replace('}', '}}')}"
    if str(table.schema.field(column).type).startswith(TEXTS.split("<")[0]):
        return f"nullif({own if column in ORDERED else f'list_sort({own})'}, [])"
    return own
