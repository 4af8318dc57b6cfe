"""Values that changed while nothing says that they did: the same revision, the same last release, the same version of the codebook.

Who keeps a copy of the data looks at these marks to see what to fetch again, and would miss such a change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from eventcode.release import diff_sql

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

Row = Mapping[str, Any]
IN_READINGS = ("codings", "sources", "support", "participants")


def silent(
    connection: duckdb.DuckDBPyConnection,
    changes: Sequence[Row],
    codebooks: tuple[str, str],
    before: Mapping[str, pa.Table],
    now: Mapping[str, pa.Table],
) -> dict[tuple[str, str], str]:
    """The rows of `changes` that came silently, by table and key, with what stayed as it was."""
    tables = {row["table"] for row in changes}
    unrevised = dict(connection.execute(diff_sql.UNREVISED).fetchall()) if tables & {*IN_READINGS} else {}
    dated = all("last_modified_release" in side["events"].column_names for side in (before, now))
    undated = dict(connection.execute(diff_sql.UNDATED).fetchall()) if dated and "events" in tables else {}
    found: dict[tuple[str, str], str] = {}
    for row in changes:
        table, key = row["table"], row["key"]
        if table in IN_READINGS:
            revision = _revision(key, unrevised)
            if revision is not None:
                found[table, key] = f"revision {revision}"
        elif table == "events" and row["change"] == "changed" and key in undated:
            found[table, key] = f"last_modified_release {undated[key]}"
        elif table in diff_sql.CODEBOOK_TABLES and codebooks[0] == codebooks[1] != "none":
            found[table, key] = f"codebook {codebooks[0]}"
    return found


def _revision(key: str, unrevised: Mapping[str, int]) -> int | None:
    """The revision of the reading that a row belongs to: its lineage begins with that of the reading."""
    lineage = key
    while "/" in lineage:
        lineage = lineage.rpartition("/")[0]
        if lineage in unrevised:
            return unrevised[lineage]
    return None
