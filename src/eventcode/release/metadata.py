"""`datapackage.json` (Data Package v2) and `CITATION.cff`, from the dataset card, the codebook and the tables."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from eventcode import shape
from eventcode.errors import DatasetError, Problem, refuse
from eventcode.model import Codebook, Field
from eventcode.release.columns import Column, describe
from eventcode.tables import TABLES
from eventcode.yamlfile import dotted

if TYPE_CHECKING:
    import pyarrow as pa

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
SMALL = 40  # a closed list of at most so many values stands in the column's constraints
LICENCES = {
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC-BY-SA-4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
    "CC-BY-NC-4.0": "https://creativecommons.org/licenses/by-nc/4.0/",
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "ODbL-1.0": "https://opendatacommons.org/licenses/odbl/1-0/",
}
TYPES = {
    "text": "string", "whole number": "integer", "number": "number", "true or false": "boolean", "date": "date",
    "list of texts": "array",
}  # fmt: skip

Plain = dict[str, Any]
Card = Mapping[str, Any]


def datapackage(
    name: str,
    card: Card,
    codebook: Codebook,
    tables: Mapping[str, pa.Table],
    entries: Mapping[str, Plain],
    version: str | None = None,
) -> Plain:
    """The descriptor of a folder of tables; `entries` are the manifest's. Its date is the card's, never the clock's."""
    head = {
        "$schema": PROFILE, "name": re.sub(r"[^a-z0-9._-]+", "-", name.lower()), "id": card.get("doi"), "title": card["title"],
        "description": card.get("description"), "version": version, "created": f"{card['date']}T00:00:00Z",
        "homepage": card.get("homepage"), "licenses": [licence(str(card["licence"]))],
        "contributors": [_contributor(person) for person in card.get("people", ())],
        "keywords": card.get("keywords"), "sources": [_source(source) for source in card.get("sources", ())],
        "coverage": card.get("coverage"),
        "codebook": {"name": codebook.id, "title": codebook.title, "version": codebook.version, "digest": codebook.digest},
    }  # fmt: skip
    return _some(head) | {
        "resources": [_resource(codebook, n, tables, entries[n]) for n in tables if n in entries]
    }


def validate(package: Plain) -> None:
    """Refuse a descriptor that the Data Package profile refuses: DatasetError lists where and why."""
    profile = shape.vendored("datapackage-2.0")
    problems = [
        Problem(m, hint, "datapackage.json", path=dotted(path))
        for path, m, hint in shape.violations(package, profile)
    ]
    refuse(DatasetError, "the metadata do not fit the Data Package profile", problems, "correct dataset.yaml")


def render(package: Plain) -> bytes:
    """The descriptor's bytes, the same for the same content."""
    return (json.dumps(package, indent=2, ensure_ascii=False) + "\n").encode()


def licence(text: str) -> Plain:
    """A licence as the profile wants it: an identifier, and a link where it is a known one."""
    identifier = re.sub(r"[^-a-zA-Z0-9._]+", "-", text.strip()).strip("-")
    title = text if text != identifier else None
    return _some({"name": identifier, "path": LICENCES.get(identifier), "title": title})


def _some(plain: Plain) -> Plain:
    return {key: value for key, value in plain.items() if value is not None and value != [] and value != {}}


def _contributor(person: Card) -> Plain:
    orcid = person.get("orcid")
    path = orcid if not orcid or str(orcid).startswith("http") else f"https://orcid.org/{orcid}"
    roles = [person["role"]] if person.get("role") else []
    return _some(
        {
            "title": person["name"],
            "roles": roles,
            "organization": person.get("affiliation"),
            "email": person.get("email"),
            "path": path,
        }
    )


def _source(source: Card) -> Plain:
    return _some(
        {
            "title": source["title"],
            "path": source.get("url"),
            "licence": source.get("licence"),
            "note": source.get("note"),
        }
    )


# ── one table ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _resource(codebook: Codebook, name: str, tables: Mapping[str, pa.Table], entry: Plain) -> Plain:
    columns = describe(codebook, name, tables[name].schema)
    table = TABLES[name]
    keys = [*_foreign(name, tables)]
    schema = {
        "fields": [_field(codebook, column, name) for column in columns], "primaryKey": [*table.key], "missingValues": [],
        **({"foreignKeys": keys} if keys else {}),
    }  # fmt: skip
    return {
        "name": name, "type": "table", "path": entry["file"], "format": "parquet", "mediatype": "application/vnd.apache.parquet",
        "title": name.replace("_", " ").capitalize(), "description": table.about, "bytes": entry["bytes"], "hash": entry["file_hash"],
        "rows": entry["rows"], "contentHash": entry["content_hash"], "schema": schema,
    }  # fmt: skip


def _foreign(name: str, tables: Mapping[str, pa.Table]) -> Iterator[Plain]:
    """The columns of a table that hold another's key, where that table is in the folder."""
    held = dict(TABLES[name].keys)
    if "event_type" in tables[name].column_names:
        held["event_type"] = "codes"
    for column, target in held.items():
        if target in tables and column in tables[name].column_names:
            yield {"fields": [column], "reference": {"resource": target, "fields": [TABLES[target].key[0]]}}


def _field(codebook: Codebook, column: Column, table: str) -> Plain:
    plain: Plain = {"name": column.name, "type": TYPES[column.kind], "title": column.title}
    own = column.field if column.field and not column.part else None
    told = {
        "description": column.description or None,
        "constraints": _constraints(column, own, table),
        "categories": _categories(codebook, column, own),
        "unit": own.unit if own else None,
        "measurementLevel": own.level if own else None,
        "unknownValues": [*own.missing_values] if own else [],
        "missingReasons": [*own.missing] if own and table != "events" else [],
        "missingReasonField": f"{column.name}_missing" if own and own.missing and table != "events" else None,
    }
    return plain | _some(told)


def _constraints(column: Column, field: Field | None, table: str) -> Plain:
    found: Plain = {"required": True} if column.name in TABLES[table].key and table != "changes" else {}
    if column.kind == "list of texts":
        enum = {"enum": [*column.values]} if 0 < len(column.values) <= SMALL else {}
        return found | {"jsonSchema": {"type": "array", "items": {"type": "string", **enum}}}
    if column.kind == "text" and 0 < len(column.values) <= SMALL:
        found["enum"] = [*column.values]
    if field and column.kind in ("whole number", "number"):
        found |= _some({"minimum": field.minimum, "maximum": field.maximum})
    if field and field.pattern and column.kind == "text":
        found["pattern"] = field.pattern
    return found


def _categories(codebook: Codebook, column: Column, field: Field | None) -> list[Plain]:
    """Values with their labels, for a column of text with a small closed list."""
    name = field.vocabulary if field else column.name
    vocabulary = codebook.vocabularies.get(name or "")
    if column.kind != "text" or vocabulary is None or not 0 < len(column.values) <= SMALL:
        return []
    return [{"value": term.value, "label": term.label} for term in vocabulary.terms]


# ── the citation ──────────────────────────────────────────────────────────────────────────────────────────────────────


def citation_cff(card: Card, version: str | None = None) -> bytes:
    """CITATION.cff (1.2.0) of the dataset. People are given by their whole name: which part is the family name is not guessed."""
    import yaml

    people = [
        _some({"name": p["name"], "orcid": _contributor(p).get("path"), "email": p.get("email")})
        for p in card.get("people", ())
    ]
    identifier = str(licence(str(card["licence"]))["name"])
    plain = {
        "cff-version": "1.2.0", "message": "If you use this dataset, please cite it as below.", "type": "dataset",
        "title": card["title"], "version": version, "date-released": str(card["date"]),
        "authors": people or [{"name": f"The makers of {card['title']}"}], "license": identifier if identifier == card["licence"] else None,
        "doi": _doi(card) or None, "url": card.get("homepage"), "abstract": card.get("description"), "keywords": card.get("keywords"),
    }  # fmt: skip
    return yaml.safe_dump(_some(plain), sort_keys=False, allow_unicode=True, width=110).encode()


def citation(card: Card, version: str | None = None) -> str:
    """The dataset in one line of a reference list: the card's own words, else put together from it."""
    if card.get("citation"):
        return " ".join(str(card["citation"]).split())
    people = ", ".join(str(person["name"]) for person in card.get("people", ()))
    year = f"({str(card['date'])[:4]})"
    parts = [f"{people} {year}".strip(), str(card["title"]), *([f"Version {version}"] if version else [])]
    doi = _doi(card)
    address = f"https://doi.org/{doi}" if doi else str(card.get("homepage") or "")
    return f"{'. '.join(parts)}. {address}".strip()


def _doi(card: Card) -> str:
    """The card's DOI without a resolver before it."""
    return str(card.get("doi") or "").removeprefix("https://doi.org/").removeprefix("doi:")
