"""Invented rows of machine-coded files (GDELT, ICEWS, Phoenix, PLOVER), and what a check of them finds."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from eventcode.checks.result import Result
from eventcode.formats.foreign.registry import MAPS
from eventcode.pipeline.foreign import check_foreign

Row = dict[str, Any]

PLACE = {"Type": "4", "FullName": "Ostrova, Karsa", "CountryCode": "GM", "ADM1Code": "GM01", "ADM2Code": "17", "Lat": "52.5", "Long": "13.4",
         "FeatureID": "-1746443"}  # fmt: skip
GDELT: Row = {
    "GLOBALEVENTID": "700000001", "SQLDATE": "20170630", "MonthYear": "201706", "Year": "2017", "FractionDate": "2017.4932",
    "Actor1Code": "USAGOV", "Actor1Name": "PRESIDENT", "Actor1CountryCode": "USA", "Actor1Type1Code": "GOV",
    "Actor2Code": "ROMMOS", "Actor2Name": "IMAM", "Actor2CountryCode": "ROM", "Actor2Religion1Code": "MOS",
    "IsRootEvent": "1", "EventCode": "040", "EventBaseCode": "040", "EventRootCode": "04", "QuadClass": "1", "GoldsteinScale": "1.0",
    "NumMentions": "5", "NumSources": "1", "NumArticles": "5", "AvgTone": "-0.11641443538999001",
    **{f"{what}Geo_{part}": value for what in ("Actor1", "Actor2", "Action") for part, value in PLACE.items()},
    "DATEADDED": "20170701234500", "SOURCEURL": "http://www.bell.example/news/1?a=b",
}  # fmt: skip
MENTION: Row = {
    "GLOBALEVENTID": "700000001", "EventTimeDate": "20170701234500", "MentionTimeDate": "20170701234500", "MentionType": "1",
    "MentionSourceName": "bell.example", "MentionIdentifier": "http://www.bell.example/news/1", "SentenceID": "2",
    "Actor1CharOffset": "-1", "Actor2CharOffset": "142", "ActionCharOffset": "158", "InRawText": "1", "Confidence": "50",
    "MentionDocLen": "5402", "MentionDocTone": "-0.11", "MentionDocTranslationInfo": "srclc:fra;eng:Moses 2.1.1 / Europarl",
}  # fmt: skip
ICEWS: Row = {
    "Event ID": "1", "Event Date": "2014-06-20", "Source Name": "Citizen (Karsa)", "Source Sectors": "General Population / Civilian / Social,Social",
    "Source Country": "Russian Federation", "Event Text": "Consult", "CAMEO Code": "40", "Intensity": "1.0", "Target Name": "Police (Karsa)",
    "Target Sectors": "Government,Police", "Target Country": "Germany", "Story ID": "9001", "Sentence Number": "2",
    "Publisher": "The Bell", "City": "Ostrova", "District": "", "Province": "Lisane", "Country": "Germany", "Latitude": "52.5",
    "Longitude": "13.4",
}  # fmt: skip
PHOENIX: Row = {
    "EventID": "0_v0.2.0", "Date": "20140620", "Year": "2014", "Month": "06", "Day": "20", "SourceActorFull": "INDPTY",
    "SourceActorEntity": "IND", "SourceActorRole": "PTY", "SourceActorAttribute": "", "TargetActorFull": "IMGMUSISI",
    "TargetActorEntity": "IMG", "TargetActorRole": "", "TargetActorAttribute": "MUS;ISI", "EventCode": "043", "EventRootCode": "04",
    "PentaClass": "1", "GoldsteinScore": "2.8", "Issues": "SECURITY_SERVICES,1;NAMED_TERROR_GROUP,2", "Lat": "28.6", "Lon": "77.2",
    "LocationName": "Ostrova", "StateName": "Lisane", "CountryCode": "IND", "SentenceID": "53a49741421a_1;53a49741421b_4",
    "URLs": "http://bell.example/1;http://horn.example/2", "NewsSources": "bell_world;horn",
}  # fmt: skip
PETRARCH: Row = {
    "Date": "20140620", "Source": "INDPTY", "Target": "PAK", "EventCode": "043", "Issues": "", "SentenceIDs": "AFP_0001_2",
    "URL": "http://bell.example/1", "StorySource": "AFP",
}  # fmt: skip
PLOVER: Row = {
    "id": "X-1", "date": "2016-07-24", "source": [{"code": "USA", "sector": "GOV", "actor_text": "the president"}],
    "recipient": [{"code": "CAN"}], "event": ["ASSAULT"], "mode": ["drone"], "context": ["military", "territory"], "quad_code": 4,
    "event_loc": {"name": "Ostrova", "cc3": "CAN", "latitude": 45.5, "longitude": -73.5, "geonameid": 6077243},
    "text": "A secret sentence.", "coder": "anna", "coded_date": "2016-12-19", "cite_info": {"language": "en", "publication": "The Bell"},
}  # fmt: skip


@lru_cache
def header(layout: str) -> list[str]:
    """The names of the columns of a file without names, as its map has them."""
    names: list[str] = yaml.safe_load((MAPS / f"{layout}.yaml").read_text("utf-8"))["reading"]["header"]
    return names


def write_tabs(
    path: Path, rows: Sequence[Mapping[str, Any]], names: Sequence[str], *, headed: bool = False
) -> Path:
    """Rows cut at tabs, with a row of names or without."""
    lines = ["\t".join(str(row.get(name, "")) for name in names) for row in rows]
    path.write_text("\n".join(["\t".join(names)] * headed + lines) + "\n", "utf-8")
    return path


def write_json(path: Path, rows: Sequence[Mapping[str, Any]]) -> Path:
    """Rows as a list of objects, or one a line where the name says so."""
    text = "".join(json.dumps(row) + "\n" for row in rows) if path.suffix == ".jsonl" else json.dumps(rows)
    path.write_text(text, "utf-8")
    return path


def failed(result: Result) -> dict[str, int]:
    """The rules that a file broke, and how often; flags too."""
    return {count.rule: count.failed for count in result.counts if count.failed}


def places(result: Result) -> set[tuple[str, int]]:
    """(rule, line) of every finding."""
    return {(one.rule, one.place.line or 0) for one in result.findings if one.place is not None}


def found(path: Path, form: str) -> dict[str, int]:
    """What a check of a file finds, rule by rule."""
    return failed(check_foreign(path, form))
