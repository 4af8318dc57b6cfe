"""Events in the columns of ACLED (those of 2023 and later), as CSV."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from eventcode.codebook.crosswalk import Crosswalk
from eventcode.formats.export.cells import cells, country, country_name, first, interval, joined, sides, span
from eventcode.formats.export.losses import Losses
from eventcode.formats.export.records import Party, Record, Row, Tables, records
from eventcode.model import Codebook

TARGET = "acled"
COLUMNS = (
    "event_id_cnty", "event_date", "year", "time_precision", "disorder_type", "event_type", "sub_event_type", "actor1", "assoc_actor_1",
    "inter1", "actor2", "assoc_actor_2", "inter2", "interaction", "civilian_targeting", "iso", "region", "country", "admin1", "admin2",
    "admin3", "location", "latitude", "longitude", "geo_precision", "source", "source_scale", "notes", "fatalities", "tags", "timestamp",
)  # fmt: skip
PLACED = (
    "event_id", "event_type", "realis", "date_start", "date_end", "date_precision", "time_precision", "disorder_type", "inter1", "inter2",
    "interaction", "civilian_targeting", "country", "admin1", "place_name", "place_precision", "lat", "lon", "geo_precision",
)  # fmt: skip
BACK = (
    "region",
    "admin2",
    "admin3",
    "tags",
    "timestamp",
    "notes",
    *(f"population_{size}" for size in ("1km", "2km", "5km", "best")),
)
OWN = ("parent_type", "source_scale", "source_names")  # of ACLED's own data
DEATHS = ("fatalities_best", "fatalities_low", "fatalities", "best_best", "best", "low")
GEO_PRECISION = {"site": "1", "town": "1", "admin2": "2", "admin1": "3"}
SCALES = ("Local partner", "New media", "Subnational", "National", "Regional", "International", "Other")
OUTLETS = {value: value.capitalize() for value in ("subnational", "national", "regional", "international")}
NOWHERE = {"notes": "not taken in, since ACLED's terms do not allow its notes to be passed on: left empty"}
NOBODY = "0"  # the kind of a second actor that does not exist
OPEN = "../.."  # no date at all
ABOUT = {"about_day": "2", "about_month": "3"}


def write(
    tables: Tables, codebook: Codebook, target: Codebook, walk: Crosswalk | None, losses: Losses
) -> tuple[bytes, int]:
    """The file, and how many events are in it; what has no place is told to `losses`."""
    used: set[str] = {*PLACED}
    rows = [
        _row(record, codebook, target, losses, used) for record in records(tables, codebook, walk, losses)
    ]
    losses.unplaced(tables["events"], used, "ACLED has no column for it")
    losses.empty(COLUMNS, rows, NOWHERE if walk is None else {})
    population = [name for name in BACK if name.startswith("population") and any(name in row for row in rows)]
    return cells((*COLUMNS, *population), rows), len(rows)


def _row(
    record: Record, codebook: Codebook, target: Codebook, losses: Losses, used: set[str]
) -> dict[str, Any]:
    event = record.event
    column, deaths = first(event, *DEATHS)
    used.update(DEATHS)
    for name in DEATHS:
        if name != column and event.get(name) not in (None, deaths):
            losses.tell(name, f"ACLED has one figure, and {column} is kept")
    one, two = sides(record, "ACLED", losses)
    back = record.back(BACK, {})
    used.update(back, OWN if record.own else ())
    return {
        **back, "event_id_cnty": record.id, **_when(event, losses), **_what(record, target),
        "disorder_type": "; ".join(event.get("disorder_type") or ()) or None,
        **_actors("1", one, record, losses), **_actors("2", two, record, losses), **_kinds(record, codebook),
        "civilian_targeting": "Civilian targeting" if event.get("civilian_targeting") else None,
        **_where(record, codebook, losses), **_sources(record, losses), "notes": back.get("notes") or _notes(record, losses),
        "fatalities": deaths,
    }  # fmt: skip


def _when(event: Row, losses: Losses) -> dict[str, Any]:
    """The first day and how exact it is. A date that is open, or of more than a month, has no place and is told."""
    days, start = span(event), event.get("date_start")
    precision = event.get("time_precision") or ABOUT.get(str(event.get("date_precision")))
    if precision is None and days is not None and days <= 31:
        precision = "1" if days == 1 else "2" if days <= 7 else "3"
    if start is None or precision is None:
        if interval(event) != OPEN:
            losses.tell(
                "date", "ACLED dates no event less exactly than to a month: left empty", interval(event)
            )
        return {}
    if days != 1:
        losses.tell("date", "only the first day is kept, with time_precision", interval(event))
    return {"event_date": start, "year": start.year, "time_precision": precision}


def _what(record: Record, target: Codebook) -> dict[str, Any]:
    """A code of the first level is an event type; one below it a sub-event type of its root."""
    if record.code is None or record.code not in target.event_types:
        return {}
    root = target.root(record.code)
    return {"event_type": root, "sub_event_type": record.code if record.code != root else None}


def _actors(number: str, parties: Sequence[Party], record: Record, losses: Losses) -> dict[str, Any]:
    """The first is the actor, the others go along with it."""
    if not parties:
        return {}
    names = (party.name for party in parties[1:])
    others = joined(names, "participants", losses, each=bool(record.own))
    return {f"actor{number}": parties[0].name, f"assoc_actor_{number}": others or None}


def _kinds(record: Record, codebook: Codebook) -> dict[str, Any]:
    """The kinds by name. Where there is no second actor ACLED leaves its kind empty."""
    event = record.event
    kinds = {name: _label(codebook, name, event.get(name)) for name in ("inter1", "inter2", "interaction")}
    nobody = event.get("inter2") == NOBODY and not record.parties.get("recipient")
    return {**kinds, "inter2": None} if nobody else kinds


def _label(codebook: Codebook, name: str, value: str | None) -> str | None:
    vocabulary = codebook.vocabularies.get(name.rstrip("12"))
    term = vocabulary.get(value) if vocabulary and value else None
    return term.label if term else value


def _where(record: Record, codebook: Codebook, losses: Losses) -> dict[str, Any]:
    event = record.event
    precision = event.get("geo_precision") or GEO_PRECISION.get(str(event.get("place_precision")))
    if precision is None and event.get("place_precision"):
        losses.tell(
            "place_precision",
            "ACLED knows places, parts of regions and regions: left empty",
            event["place_precision"],
        )
    code = event.get("country")
    return {
        "iso": country(codebook, code, "iso_numeric"), "country": country_name(record, codebook, losses), "admin1": event.get("admin1"),
        "location": event.get("place_name"), "latitude": event.get("lat"), "longitude": event.get("lon"), "geo_precision": precision,
    }  # fmt: skip


def _sources(record: Record, losses: Losses) -> dict[str, Any]:
    """The outlets, or in ACLED's own data the sources, for there the record itself is the document."""
    given = record.own.get("source_names") or (str(row["name"]) for row in record.outlets)
    return {
        "source": joined(given, "publishers", losses, each=bool(record.own)) or None,
        "source_scale": _scale(record, losses),
    }


def _scale(record: Record, losses: Losses) -> str | None:
    """One or two scales; more have no place, and none is chosen. ACLED's own cell goes back as it was, right or wrong."""
    own = record.own.get("source_scale")
    if own:
        return str(own)
    given = [atom for row in record.reports for atom in str(row.get("source_scale") or "").split("-")]
    scales = {
        *given,
        *(OUTLETS.get(str(row.get("outlet_scale")), "") for row in record.outlets if not any(given)),
    }
    for scale in sorted(scales.difference(SCALES, ("",))):
        losses.tell("source_scale", "ACLED knows no such scale: left out", scale)
    found = [scale for scale in SCALES if scale in scales]
    if len(found) > 2:
        losses.tell("source_scale", "ACLED joins two scales at most: left empty", "-".join(found))
        return None
    return "-".join(found) or None


def _notes(record: Record, losses: Losses) -> str | None:
    """The coder's own summary, where all reports have one and the same."""
    found = [*dict.fromkeys(row["summary"] for row in record.reports if row.get("summary"))]
    if len(found) > 1:
        losses.tell("summary", "the reports have several, and none is chosen: left empty")
    return found[0] if len(found) == 1 else None
