"""A codebook as DDI Codebook 2.5: a study description, and a variable for each field with its question, categories and level."""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.etree import ElementTree as ET

from eventcode.model import Codebook, EventType, Field

SPACE = "ddi:codebook:2_5"
SCHEMA = "http://www.ddialliance.org/Specification/DDI-Codebook/2.5/XMLSchema/codebook.xsd"
NATURES = {"nominal": "nominal", "ordinal": "ordinal", "interval": "interval", "ratio": "ratio"}
REPRESENTED = {
    "string": "text", "code": "code", "set": "code", "integer": "numeric", "number": "numeric", "boolean": "code", "date": "datetime",
    "actor": "code", "actors": "code", "source": "text", "list": "text",
}  # fmt: skip
TREE = "event_type"
_FORBIDDEN = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml(codebook: Codebook) -> bytes:
    """The codebook as a DDI document, the same bytes for the same codebook."""
    root = ET.Element("codeBook", {"version": "2.5", "xmlns": SPACE, "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
                                   "xsi:schemaLocation": f"{SPACE} {SCHEMA}", "ID": _id("codebook", codebook.id)})  # fmt: skip
    _study(root, codebook)
    data = _add(root, "dataDscr")
    for table in dict.fromkeys(table for table, _ in codebook.fields):
        ids = " ".join(_id("var", table, field.name) for field in codebook.fields_of(table))
        group = _add(
            data, "varGrp", ID=_id("group", table), name=table, type="other", otherType="table", var=ids
        )
        _add(group, "labl", table)
    for field in codebook.fields.values():
        _variable(data, codebook, field)
    ET.indent(root)
    body: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return body + b"\n"


def _add(above: ET.Element, tag: str, text: str = "", **attributes: str) -> ET.Element:
    """An element below `above`; characters that XML forbids are left out of its text."""
    found = ET.SubElement(above, tag, {key: _FORBIDDEN.sub("", value) for key, value in attributes.items()})
    found.text = _FORBIDDEN.sub("", " ".join(text.split())) or None
    return found


def _id(*parts: str) -> str:
    """An xs:ID: letters, digits, `_`, `-` and `.`; any other character is written by its number, so that no two meet."""
    return "-".join(re.sub(r"[^A-Za-z0-9_.]", lambda found: f"_{ord(found[0]):x}_", part) for part in parts)


# ── the study ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _study(root: ET.Element, codebook: Codebook) -> None:
    study = _add(root, "stdyDscr")
    citation = _add(study, "citation")
    titles = _add(citation, "titlStmt")
    _add(titles, "titl", codebook.title)
    _add(titles, "IDNo", codebook.reference, agency="eventcode")
    if codebook.authors:
        people = _add(citation, "rspStmt")
        for author in codebook.authors:
            _add(
                people,
                "AuthEnty",
                str(author["name"]),
                **({"affiliation": str(author["affiliation"])} if author.get("affiliation") else {}),
            )
    _add(_add(citation, "prodStmt"), "copyright", codebook.licence)
    _add(
        _add(citation, "verStmt"),
        "version",
        f"{codebook.version}{f' (edition {codebook.edition})' if codebook.edition else ''}",
    )
    about = _add(study, "stdyInfo")
    _add(about, "abstract", codebook.description)
    summary = _add(about, "sumDscr")
    if codebook.unit:
        _add(summary, "anlyUnit", codebook.unit)
    _add(summary, "dataKind", "Event data coded from texts")
    _add(_add(_add(study, "dataAccs"), "useStmt"), "conditions", codebook.licence)
    if codebook.references:
        others = _add(study, "othrStdyMat")
        for reference in codebook.references:
            _add(others, "relPubl", reference)


# ── variables ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _variable(data: ET.Element, codebook: Codebook, field: Field) -> None:
    """A field; the order of the elements is that of the schema."""
    kind = {"nature": NATURES.get(field.level, "other")}
    unit = {"measUnit": field.unit} if field.unit else {}
    whole = _id("var", field.table, field.name)
    variable = _add(
        data, "var", ID=whole, name=field.name, intrvl="contin" if field.type == "number" else "discrete", **kind, **unit,
        representationType=REPRESENTED[field.type],
    )  # fmt: skip
    _add(variable, "labl", field.label)
    question = _add(variable, "qstn")
    _add(question, "qstnLit", field.question)
    if field.help:
        _add(question, "ivuInstr", field.help)
    _range(variable, field)
    if field.applies_if:
        _add(variable, "universe", field.applies_if, clusion="I")
    if field.section:
        _add(variable, "txt", f"Section: {field.section}")
    _categories(variable, codebook, field, whole)
    concepts = {"vocab": field.vocabulary} if field.vocabulary else {}
    _add(variable, "concept", field.vocabulary or field.label, **concepts)
    _add(
        variable,
        "varFormat",
        type="numeric" if field.type in ("integer", "number") else "character",
        schema="other",
        otherSchema=field.type,
    )
    _add(variable, "notes", field.level, type="level of measurement")


def _range(variable: ET.Element, field: Field) -> None:
    if field.minimum is None and field.maximum is None:
        return
    ends = {
        name: f"{value:g}"
        for name, value in (("min", field.minimum), ("max", field.maximum))
        if value is not None
    }
    _add(_add(variable, "valrng"), "range", UNITS="INT" if field.type == "integer" else "REAL", **ends)


def _categories(variable: ET.Element, codebook: Codebook, field: Field, whole: str) -> None:
    """The values with those that stand for a missing answer; the tree of codes as groups, each a code and what is below it."""
    if field.vocabulary == TREE:
        _groups(variable, codebook, whole)
        for kind in codebook.event_types.values():
            missing = "Y" if kind.act == "none" else "N"
            _category(
                variable, f"{whole}-{_id('code', kind.code)}", kind.code, kind.label, kind.definition, missing
            )
    elif field.vocabulary:
        for term in codebook.vocabularies[field.vocabulary].terms:
            unknown = {*field.missing_values, *codebook.vocabularies[field.vocabulary].missing_values}
            _category(
                variable,
                f"{whole}-{_id('value', term.value)}",
                term.value,
                term.label,
                term.definition,
                "Y" if term.value in unknown else "N",
            )
    elif field.type == "boolean":
        for value in ("true", "false"):
            _category(variable, f"{whole}-{_id('value', value)}", value, value, "", "N")
    reasons = codebook.vocabularies.get("missing_reason")
    for reason in field.missing:
        term_ = reasons.get(reason) if reasons else None
        _category(
            variable,
            f"{whole}-{_id('missing', reason)}",
            reason,
            term_.label if term_ else reason,
            term_.definition if term_ else "",
            "Y",
        )


def _category(variable: ET.Element, own: str, value: str, label: str, text: str, missing: str) -> None:
    category = _add(variable, "catgry", ID=own, missing=missing)
    valued = _add(category, "catValu")
    valued.text = _FORBIDDEN.sub("", value)
    _add(category, "labl", label)
    if text:
        _add(category, "txt", text)


def _groups(variable: ET.Element, codebook: Codebook, whole: str) -> None:
    levels = {kind.code: depth for depth, kind in codebook.walk()}
    parents: Mapping[str, tuple[EventType, ...]] = {
        code: codebook.children(code) for code in codebook.event_types if codebook.children(code)
    }
    for code, below in parents.items():
        kind = codebook.event_types[code]
        own = " ".join(f"{whole}-{_id('code', child.code)}" for child in (kind, *below))
        groups = " ".join(f"{whole}-{_id('group', child.code)}" for child in below if child.code in parents)
        more = {"catGrp": groups} if groups else {}
        group = _add(
            variable,
            "catgryGrp",
            ID=f"{whole}-{_id('group', code)}",
            catgry=own,
            levelno=str(levels[code]),
            **more,
        )
        _add(group, "labl", f"{code} {kind.label}")
        _add(group, "txt", kind.definition)
