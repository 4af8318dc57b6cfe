"""Events as records of PLOVER, in JSON: an object per event, and no words of the text."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from eventcode.codebook.crosswalk import Crosswalk
from eventcode.formats.export.cells import country, interval, sides, span
from eventcode.formats.export.losses import Losses
from eventcode.formats.export.records import HAPPENED, Party, Record, Tables, records
from eventcode.model import Codebook

TARGET = "plover"
PLACED = (
    "event_id", "event_type", "realis", "date_start", "date_end", "date_precision", "place_name", "country", "context", "historical",
    "future", "hypothetical", "negation", "codebook_id", "codebook_version", "event_types", "modes", "source_countries",
    "source_sectors", "recipient_countries", "recipient_sectors",
)  # fmt: skip
BACK = {
    "size": "size",
    "dead": "dead",
    "injured": "injured",
    "coder": "coded_by",
    "dateCoded": "coded_on_start",
    "version": "record_version",
}
OWN = (*BACK.values(), "coded_on_end", "coded_on_precision")
FLAGS = ("historical", "future", "hypothetical", "negation")


def write(
    tables: Tables, codebook: Codebook, target: Codebook, walk: Crosswalk | None, losses: Losses
) -> tuple[bytes, int]:
    """The file, and how many events are in it; what has no place is told to `losses`."""
    only = HAPPENED if walk is not None else None  # PLOVER's own codings say by flags what did not happen
    found = [
        _record(record, codebook, target, losses)
        for record in records(tables, codebook, walk, losses, only=only)
    ]
    losses.unplaced(tables["events"], (*PLACED, *(OWN if walk is None else ())), "PLOVER has no key for it")
    return (json.dumps(found, ensure_ascii=False, indent=1) + "\n").encode(), len(found)


def _record(record: Record, codebook: Codebook, target: Codebook, losses: Losses) -> dict[str, Any]:
    event = record.event
    one, two = sides(record, "PLOVER", losses)
    known = record.code if record.code in target.event_types else None
    root, _, mode = (known or "").partition(".")
    contexts = event.get("context") or [
        value for value in record.implied.get("context", "").split("|") if value
    ]
    languages = {row["language"] for row in record.documents if row["language"]}
    whole = {
        "id": record.id, "date": _date(record, losses), "source": _parties(record, one), "target": _parties(record, two),
        "event": root or None, "mode": mode or None, "context": ", ".join(contexts) or None,
        "eventLoc": _place(record, codebook, losses),
        **{flag: True for flag in FLAGS if event.get(flag)},
        "language": next(iter(languages)) if len(languages) == 1 else None,
        "publication": "; ".join(str(row["name"]) for row in record.outlets) or None,
        "version": codebook.reference, **record.back(BACK, BACK),
    }  # fmt: skip
    return {key: value for key, value in whole.items() if value not in (None, "", [], {})}


def _date(record: Record, losses: Losses) -> str | None:
    """The day; a date of several days has no place in a record, and is told."""
    event, days = record.event, span(record.event)
    if days == 1:
        return str(event["date_start"])
    if event.get("date_start") or event.get("date_end"):
        losses.tell("date", "PLOVER holds one day: left empty", interval(event))
    return None


def _parties(record: Record, parties: Sequence[Party]) -> list[dict[str, str]]:
    found = []
    for party in parties:
        code, sector = party.country, ""
        if record.own and party.id:  # PLOVER's own: three letters, then the sector
            code, sector = party.id[:3], party.id[3:]
        found.append(
            {
                "actorText": party.name,
                **({"code": code} if code else {}),
                **({"sector": sector} if sector else {}),
            }
        )
    return found


def _place(record: Record, codebook: Codebook, losses: Losses) -> dict[str, Any]:
    value = record.event.get("country")
    code = country(codebook, value, "iso2")
    if value and not code:
        losses.tell("country", "it has no code of two letters: left empty", value)
    found = {"name": record.event.get("place_name"), "country code": code}
    return {key: value for key, value in found.items() if value is not None}
