"""A small codebook, map and file for tests of importing: everything in them is invented."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import yaml

from eventcode.codebook.load import load
from eventcode.formats import mapping
from eventcode.model import Codebook

CARD = {
    "id": "small", "title": "Small", "version": "1.2.0", "kind": "codebook", "licence": "CC0-1.0", "description": "For tests.",
}  # fmt: skip
EVENTS = [
    {
        "code": "010",
        "name": "march",
        "label": "March",
        "act": "deed",
        "definition": "People march.",
        "realis": ["occurred"],
    },
    {
        "code": "020",
        "name": "strike",
        "label": "Strike",
        "act": "deed",
        "definition": "People strike.",
        "realis": ["occurred"],
    },
]


def _field(name: str, kind: str, **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "table": "codings",
        "label": name,
        "question": f"{name}?",
        "type": kind,
        "level": "nominal",
        **more,
    }


FIELDS = [
    _field("event_type", "code", vocabulary="event_type"),
    _field("date", "date"),
    _field("target", "code", vocabulary="target", missing=["not_stated", "not_coded"]),
    _field("forms", "set", vocabulary="form"),
    _field("grounds", "set", vocabulary="form"),
    _field("place_name", "string"),
    _field("deaths", "integer"),
    _field("lat", "number"),
    _field("damage", "boolean"),
    _field("first_1", "set", vocabulary="form"),
    _field("first_2", "set", vocabulary="form"),
]
VOCABULARIES = {"target": ["police", "voters"], "form": ["arson", "riot"]}

MAP: dict[str, Any] = {
    "file": "small.parquet",
    "producer": "somebody",
    "codebook": "small@1",
    "coder": "them",
    "repeat": ["1", "2"],
    "ignore": {"unit": {"why": "always the same", "only": ["report"]}},
    "parts": {"source": {"column": "source", "pattern": r"(?P<outlet>.+?) \((?P<day>[0-9-]+)\) (?P<title>.*)"}},
    "documents": {
        "identity": ["source"],
        "key": "{source.outlet} {source.day}",
        "values": {
            "publisher": {"column": "source.outlet", "slug": True},
            "title": "source.title",
            "published_at": "source.day",
        },
    },
    "codings": {
        "key": "id",
        "values": {
            "event_type": {"column": "kind", "recode": {"March": "010", "Strike": "020"}},
            "date": {"from": "start", "to": "end"},
            "target": {
                "column": "target", "recode": "targets", "missing": {"": "not_coded", "Unknown": "not_stated"},
                "when_null": "not_coded",
            },
            "forms": {"columns": ["actor{n}_form"], "split": ";", "recode": "forms", "missing": {"": None}},
            "first_{n}": {"column": "actor{n}_form", "split": ";", "recode": "forms", "missing": {"": None}},
            "deaths": "deaths",
            "damage": "damage",
        },
        "participants": [
            {"role": "actor", "where": {"actor{n}_did": "1"}, "values": {"actor_id": "actor{n}_id"}},
            {
                "role": "about", "where": {"actor{n}_id": {"present": True}, "actor{n}_did": "0"},
                "values": {"actor_id": {"column": "actor{n}_id", "missing": {"X-0": "not_stated"}}},
            },
        ],
        "open_roles": {"actor": "cannot_tell"},
    },
    "links": {"event": "event", "reason": "they say so"},
    "publishers": [
        {"values": {"publisher_id": {"column": "source.outlet", "slug": True}, "name": "source.outlet"}},
    ],
    "actors": [
        {
            "where": {"actor{n}_id": {"present": True, "unlike": "-0$"}},
            "values": {"id": "actor{n}_id", "name": "actor{n}_id", "kind": {"value": "group"}},
        },
    ],
    "recodes": {
        "targets": {"Police": "police", "Voters": "voters"},
        "forms": {"Arson": "arson", "Riot": "riot", "Victim": None},
    },
}  # fmt: skip

ROW: dict[str, Any] = {
    "id": "r1", "event": "E-1", "unit": "report", "source": "The Bell (2020-05-02) Fire in Lisane", "kind": "March",
    "start": "2020-05-01", "end": "2020-05-01", "target": "Police", "deaths": 2, "damage": 1,
    "actor1_id": "X-1", "actor1_did": 1.0, "actor1_form": "Arson; Riot",
    "actor2_id": None, "actor2_did": 0.0, "actor2_form": None,
}  # fmt: skip


def row(**other: Any) -> dict[str, Any]:
    """A row of the small file, with some columns changed."""
    return {**ROW, **other}


def codebook(folder: Path) -> Codebook:
    """The small codebook, written to a folder and loaded."""
    small = folder / "small"
    files: dict[str, Any] = {
        "codebook.yaml": CARD, "events/all.yaml": {"event_types": EVENTS}, "fields.yaml": {"fields": FIELDS},
        **{
            f"vocabularies/{name}.yaml": {"id": name, "title": name, "terms": [{"value": v, "label": v} for v in values]}
            for name, values in VOCABULARIES.items()
        },
    }  # fmt: skip
    for name, content in files.items():
        (small / name).parent.mkdir(parents=True, exist_ok=True)
        (small / name).write_text(yaml.safe_dump(content, sort_keys=False), "utf-8")
    return load(small)


def write_map(folder: Path, plain: Any = None) -> Path:
    """A map as YAML, MAP by default."""
    path = folder / "map.yaml"
    path.write_text(
        yaml.dump(plain or MAP, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=1000), "utf-8"
    )
    return path


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


def write_rows(folder: Path, rows: list[dict[str, Any]], suffix: str = ".parquet") -> Path:
    """Rows as a file."""
    path = folder / f"small{suffix}"
    table = pa.Table.from_pylist(rows)
    if suffix == ".parquet":
        pyarrow.parquet.write_table(table, path)
    else:
        pyarrow.csv.write_csv(table, path)
    return path


def imported(folder: Path, *rows: dict[str, Any], plain: Any = None) -> mapping.Imported:
    """What a map (MAP by default) makes of rows."""
    small = codebook(folder)
    found = mapping.read_map(write_map(folder, plain), small)
    return mapping.apply(found, write_rows(folder, list(rows)), small)


def codings(result: mapping.Imported) -> list[dict[str, Any]]:
    """All codings of an import, in order."""
    return [coding for reading, _ in result.readings for coding in reading["codings"]]
