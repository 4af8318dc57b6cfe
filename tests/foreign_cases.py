"""Invented rows in the columns of other people's files."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

UCDP = {
    "id": "1001", "relid": "VEL-2024-1-7-1", "year": "2024", "active_year": "1", "code_status": "Clear", "type_of_violence": "1",
    "conflict_dset_id": "7", "conflict_new_id": "70", "conflict_name": "Velmar: Government", "dyad_dset_id": "8", "dyad_new_id": "80",
    "dyad_name": "Government of Velmar - Northern Council", "side_a_dset_id": "1", "side_a_new_id": "10", "side_a": "Government of Velmar",
    "side_b_dset_id": "2", "side_b_new_id": "20", "side_b": "Northern Council", "number_of_sources": "2",
    "source_article": '"Delta Press,2024-05-04,Rain; three dead in Lisane";"River Radio,2024-05-05,Fighting goes on"',
    "source_office": "Delta Press;River Radio", "source_date": "2024-05-04;2024-05-05",
    "source_headline": "Rain; three dead in Lisane;Fighting goes on", "source_original": "police", "where_prec": "1",
    "where_coordinates": "Lisane town", "where_description": "near the well of Lisane", "adm_1": "North province",
    "adm_2": "Lisane district", "latitude": "1.5", "longitude": "36.5", "geom_wkt": "POINT (36.5 1.5)", "priogrid_gid": "1",
    "country": "Kenya", "country_id": "501", "region": "Africa", "event_clarity": "1", "date_prec": "1",
    "date_start": "2024-05-03 00:00:00.000", "date_end": "2024-05-03 00:00:00.000", "deaths_a": "1", "deaths_b": "2",
    "deaths_civilians": "0", "deaths_unknown": "0", "best": "3", "high": "3", "low": "2", "gwnoa": "501", "gwnob": "",
}  # fmt: skip
OLD_UCDP = {
    name: value
    for name, value in UCDP.items()
    if name not in ("relid", "code_status", "where_description", "gwnoa") and not name.endswith("_dset_id")
}
ACLED = {
    "event_id_cnty": "VEL1", "event_date": "03 January 2024", "year": "2024", "time_precision": "1", "disorder_type": "Political violence",
    "event_type": "Battles", "sub_event_type": "Armed clash", "actor1": "Military Forces of Velmar (2020-)",
    "assoc_actor_1": "Police Forces of Velmar (2020-); River Guard", "inter1": "State forces", "actor2": "Northern Council",
    "assoc_actor_2": "", "inter2": "Rebel group", "interaction": "State forces-Rebel group", "civilian_targeting": "", "iso": "404",
    "region": "Eastern Africa", "country": "Kenya", "admin1": "North", "admin2": "Lisane", "admin3": "", "location": "Lisane",
    "latitude": "1.5", "longitude": "36.5", "geo_precision": "1", "source": "Delta Press; Undisclosed Source; River Radio",
    "source_scale": "Local partner-National", "notes": "Invented.", "fatalities": "3", "tags": "crowd size=no report; women targeted",
    "timestamp": "1705000000",
}  # fmt: skip
OLD_ACLED = {
    **{name: value for name, value in ACLED.items() if name not in ("disorder_type", "civilian_targeting", "tags")},
    "data_id": "5", "event_id_no_cnty": "1", "iso3": "KEN", "inter1": "1", "inter2": "2", "interaction": "12", "event_date": "2020-01-03", "year": "2020",
}  # fmt: skip


def delimited(rows: list[dict[str, str]], delimiter: str = ",") -> bytes:
    """Rows as delimited text with a header."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def put(folder: Path, name: str, rows: list[dict[str, Any]]) -> Path:
    """Rows as a file of the kind that its name says."""
    path = folder / name
    if name.endswith(".json"):
        path.write_text(json.dumps({"status": 200, "data": rows}), "utf-8")
    elif name.endswith(".jsonl"):
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    elif name.endswith(".parquet"):
        import pyarrow as pa
        import pyarrow.parquet as pq

        pq.write_table(pa.Table.from_pylist(rows), path)
    else:
        path.write_bytes(delimited(rows, "\t" if ".tsv" in name else ","))
    return path
