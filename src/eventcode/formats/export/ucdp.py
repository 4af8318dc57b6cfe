"""Events in the columns of UCDP GED (23.1), as CSV."""

from __future__ import annotations

from typing import Any

from eventcode.codebook.crosswalk import Crosswalk
from eventcode.formats.export.cells import cells, country, country_name, first, interval, joined, sides, span
from eventcode.formats.export.losses import Losses
from eventcode.formats.export.records import Record, Row, Tables, records
from eventcode.model import Codebook

TARGET = "ucdp"
COLUMNS = (
    "id", "relid", "year", "active_year", "code_status", "type_of_violence", "conflict_dset_id", "conflict_new_id", "conflict_name",
    "dyad_dset_id", "dyad_new_id", "dyad_name", "side_a_dset_id", "side_a_new_id", "side_a", "side_b_dset_id", "side_b_new_id", "side_b",
    "number_of_sources", "source_article", "source_office", "source_date", "source_headline", "source_original", "where_prec",
    "where_coordinates", "where_description", "adm_1", "adm_2", "latitude", "longitude", "geom_wkt", "priogrid_gid", "country",
    "country_id", "region", "event_clarity", "date_prec", "date_start", "date_end", "deaths_a", "deaths_b", "deaths_civilians",
    "deaths_unknown", "best", "high", "low", "gwnoa", "gwnob",
)  # fmt: skip
PLACED = (
    "event_id", "event_type", "realis", "date_start", "date_end", "date_precision", "date_prec", "country", "admin1", "place_name",
    "place_precision", "where_prec", "lat", "lon", "dyad_name", "active_year", "event_clarity",
)  # fmt: skip
BACK = (
    "relid", "code_status", "conflict_new_id", "conflict_name", "dyad_new_id", "number_of_sources", "source_article", "source_headline",
    "source_original", "where_description", "adm_2", "region", "gwnoa", "gwnob",
)  # fmt: skip
RENAMED = {"conflict_new_id": "conflict_id", "dyad_new_id": "dyad_id", "adm_2": "admin2"}
LISTS = ("source_office", "source_date")
OWN = "ucdp."
SIDES = ("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown")
DEATHS = {
    "best": ("best_best", "best", "fatalities_best", "fatalities"),
    "low": ("low", "best_low", "fatalities_low"),
    "high": ("high", "best_high", "fatalities_high"),
}
WHERE_PRECISION = {"site": "1", "town": "1", "admin2": "3", "admin1": "4", "country": "6"}
NOWHERE = {
    **dict.fromkeys(
        ("conflict_dset_id", "dyad_dset_id", "side_a_dset_id", "side_b_dset_id"),
        "a column of the form that our tables do not have: the ids of before 17.1",
    ),
    "priogrid_gid": "a column of the form that our tables do not have: it follows from the coordinates",
}
UNCOUNTED = "-1"  # UCDP's own way to say that the sources were not counted


def write(
    tables: Tables, codebook: Codebook, target: Codebook, walk: Crosswalk | None, losses: Losses
) -> tuple[bytes, int]:
    """The file, and how many events are in it; what has no place is told to `losses`."""
    used: set[str] = {*PLACED}
    rows = [
        _row(record, codebook, target, losses, used) for record in records(tables, codebook, walk, losses)
    ]
    losses.unplaced(tables["events"], used, "UCDP has no column for it")
    losses.empty(COLUMNS, rows, NOWHERE)
    return cells(COLUMNS, rows), len(rows)


def _row(
    record: Record, codebook: Codebook, target: Codebook, losses: Losses, used: set[str]
) -> dict[str, Any]:
    event = record.event
    named = {
        side: joined((party.name for party in parties), "participants", losses) or None
        for side, parties in zip(("side_a", "side_b"), sides(record, "UCDP", losses), strict=True)
    }
    dyad = " - ".join(str(name) for name in named.values() if name)
    back, deaths = record.back(BACK, RENAMED), _deaths(event, used)
    if record.own and event.get("number_of_sources_missing") == "not_coded":
        back["number_of_sources"] = UNCOUNTED
        used.add("number_of_sources_missing")
    used.update(RENAMED.get(name, name) for name in back)
    used.update(LISTS if record.own else ())
    made = {
        "id": record.id, **_when(event, losses), "active_year": event.get("active_year"),
        "type_of_violence": _type(record, deaths["best"], target, losses), **named,
        "dyad_name": event.get("dyad_name") or (dyad if all(named.values()) else None), **_sources(record, losses),
        **_where(record, codebook, losses), "event_clarity": event.get("event_clarity"), **deaths,
        "side_a_new_id": _number(record, "actor"), "side_b_new_id": _number(record, "recipient"),
    }  # fmt: skip
    return {**made, **back}


def _type(record: Record, deaths: int | None, target: Codebook, losses: Losses) -> str | None:
    """The type of violence. UCDP has types for deadly events alone: a crosswalk leads to them only from events with a death."""
    if record.code not in target.event_types:
        return None
    if not record.own and not deaths:
        losses.tell(
            "event_type",
            "UCDP has types for deadly events alone, and no death is told: left empty",
            record.event["event_type"],
        )
        return None
    return record.code


def _number(record: Record, role: str) -> str | None:
    """The producer's own number of the first actor in a role."""
    ids = [
        str(party.id)
        for party in record.parties.get(role, ())
        if record.own and str(party.id).startswith(OWN)
    ]
    return ids[0].removeprefix(OWN) if ids else None


def _when(event: Row, losses: Losses) -> dict[str, Any]:
    """Both days and how exact they are; what is open or longer than a year has no place."""
    days, start, end = span(event), event.get("date_start"), event.get("date_end")
    if days is None or days > 366 or start is None:
        if start or end:
            losses.tell(
                "date", "UCDP dates no event less exactly than to a year: left empty", interval(event)
            )
        return {}
    limits = ((1, "1"), (6, "2"), (7, "3"), (31, "4"), (366, "5"))
    given = event.get("date_prec") or ("2" if event.get("date_precision") == "about_day" else None)
    precision = given or next(code for most, code in limits if days <= most)
    if start.year != event["date_end"].year:
        told = "it reaches into another year, and `year` is that of the first day"
        losses.tell("date", told, interval(event))
    return {"year": start.year, "date_prec": precision, "date_start": start, "date_end": end}


def _sources(record: Record, losses: Losses) -> dict[str, Any]:
    """One entry per document in each list; a headline or a day that is not known is empty there, so that the lists stay parallel."""
    if record.own:
        kept = {name: record.own.get(name) or () for name in LISTS}
        return {name: ";".join(map(str, values)) or None for name, values in kept.items()}
    names = {row["publisher_id"]: str(row["name"]) for row in record.outlets}
    offices = [names.get(row["publisher"], "") for row in record.documents]
    days = [str(row["published_at_start"] or "") for row in record.documents]
    titles = [row["title"] or "" for row in record.documents]
    article = ";".join(
        '"' + ",".join(part.replace('"', "'") for part in parts) + '"'
        for parts in zip(offices, days, titles, strict=True)
    )
    told = (
        row.get("source_name") or row.get("source_descriptor") or row.get("source_kind")
        for row in record.sources
    )
    return {
        "number_of_sources": len(record.documents) or None, "source_article": article or None,
        "source_office": _parallel(offices, losses), "source_date": _parallel(days, losses), "source_headline": _parallel(titles, losses),
        "source_original": joined((str(name) for name in told if name), "sources", losses, ";") or None,
    }  # fmt: skip


def _parallel(values: list[str], losses: Losses) -> str | None:
    return ";".join(joined([value], "documents", losses) for value in values) if any(values) else None


def _where(record: Record, codebook: Codebook, losses: Losses) -> dict[str, Any]:
    event = record.event
    precision = event.get("where_prec") or WHERE_PRECISION.get(str(event.get("place_precision")))
    if precision is None and event.get("place_precision"):
        losses.tell("place_precision", "UCDP has no such precision: left empty", event["place_precision"])
    lat, lon, code = event.get("lat"), event.get("lon"), event.get("country")
    there = lat is not None and lon is not None
    if record.own and there:
        losses.tell("geom_wkt.rewritten", "made of latitude and longitude, which may have fewer decimals")
    return {
        "where_prec": precision, "where_coordinates": event.get("place_name"), "adm_1": event.get("admin1"), "latitude": lat,
        "longitude": lon, "geom_wkt": f"POINT ({lon:.15g} {lat:.15g})" if there else None,
        "country": country_name(record, codebook, losses),
        "country_id": country(codebook, code, "gw"),
    }  # fmt: skip


def _deaths(event: Row, used: set[str]) -> dict[str, Any]:
    """The deaths by side where the dataset has them; else all of them are deaths whose side is unknown."""
    found: dict[str, Any] = {}
    for name, columns in {**DEATHS, **{side: (f"{side}_best", side) for side in SIDES}}.items():
        column, found[name] = first(event, *columns)
        used.update([column] if column else [])
    if found["best"] is not None and all(found[side] is None for side in SIDES):
        found |= {"deaths_a": 0, "deaths_b": 0, "deaths_civilians": 0, "deaths_unknown": found["best"]}
    return found
