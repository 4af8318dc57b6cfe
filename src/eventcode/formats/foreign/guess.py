"""A draft of a map for a file that no format fits: what each column holds, and what it may be. A person decides."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator

from eventcode.codebook import views
from eventcode.formats.foreign.profile import MANY, Profile, profile
from eventcode.formats.mapping.cells import slug
from eventcode.formats.mapping.slots import BOOLEANS, DECIMAL, WHOLE
from eventcode.formats.tabular.tables import ForeignTable, Reading
from eventcode.model import Codebook, Field
from eventcode.readings import date_fields

SHOWN = 4
WIDTH = 120  # letters of a comment
WIDE = 40  # letters of an example
ENOUGH = 0.9
_SYNONYMS = {
    "date": ("eventdate", "date", "datestart", "startdate", "sqldate", "day"),
    "place_name": ("placename", "location", "place", "city", "town", "locality"),
    "lat": ("lat", "latitude", "ycoord", "y"),
    "lon": ("lon", "lng", "long", "longitude", "xcoord", "x"),
    "country": ("country", "iso3", "iso", "countrycode", "countryname"),
    "admin1": ("admin1", "adm1", "province", "state", "governorate"),
    "event_type": ("eventtype", "type", "eventcode", "code", "subeventtype"),
}
_DOCUMENTS = {
    "url": ("url", "sourceurl", "link", "sourcelink"),
    "title": ("title", "headline", "sourceheadline"),
    "published_at": ("published", "publishedat", "publicationdate", "pubdate", "sourcedate"),
}
_IDS = ("id", "eventid", "dataid", "globaleventid", "rowid", "key", "reportid", "incidentid")


def draft(table: ForeignTable, reading: Reading, codebook: Codebook, known: str = "") -> str:
    """A map as YAML with comments: every column is mapped to what it seems to be, or stands under ignore: to be decided.

    `known` names the format whose columns these are, if there is one.
    """
    return "".join(f"{line}\n" for line in _Draft(table, reading, codebook, known).lines())


class _Draft:
    def __init__(self, table: ForeignTable, reading: Reading, codebook: Codebook, known: str) -> None:
        self.table, self.reading, self.codebook, self.known = table, reading, codebook, known
        self.profiles = profile(table)
        self.left = {one.name: one for one in self.profiles}
        self.rows = self.profiles[0].rows if self.profiles else 0

    def lines(self) -> Iterator[str]:
        key = self._key()
        address, titles = self._document()
        values = list(self._values())
        yield from self._head()
        yield from self._how()
        yield ""
        yield "documents:"
        whole = address or key
        yield f"  identity: [{_quoted(whole)}]   # rows that are alike in this are of one document" + (
            "" if address or not self.apart else ": here every row has its own"
        )
        yield f"  key: {_quoted('{' + whole + '}')}"
        yield "  values:"
        yield from titles or [f"    title: {_quoted(key)}   # TODO: what the document is called"]
        yield ""
        yield from self._codings(key, values)
        yield ""
        yield "# What is left. Move what you want under values:, and say of the rest why it is left out."
        yield "ignore:" if self.left else "# nothing"
        for one in self.left.values():
            yield f"  # {_told(one)}"
            yield f"  {_quoted(one.name)}: {_quoted('TODO: ' + self._idea(one))}"

    def _head(self) -> Iterator[str]:
        name = slug(self.table.file.partition(".")[0]) or "file"
        yield "---"
        if self.known:
            yield f"# The columns are those of a format that is known: --from {self.known} reads the file, and no map is needed."
        yield f"# Drafted from {self.table.file} ({self.rows:,} rows, {len(self.profiles):,} columns) for {self.codebook.reference}."
        yield "# All of it is guessed from names and values. Decide each TODO, read the rest against the producers' own description,"
        yield f"# and then: eventcode import --map THIS --codebook {self.codebook.id} {self.table.file} --to FOLDER"
        yield f"file: {_quoted(self.table.file)}"
        yield f"producer: {name}   # who made the file: ids of documents are made with it"
        yield f"codebook: {self.codebook.id}@{self.codebook.version.partition('.')[0]}"
        yield f"coder: {name}"

    def _codings(self, key: str, values: list[str]) -> Iterator[str]:
        yield "codings:"
        yield f"  key: {_quoted(key)}   # " + (
            "tells one row from all others"
            if self.apart
            else "TODO: no column tells one row from all others; several do it as {one} {other}"
        )
        yield "  values:"
        yield from values
        if (
            not any(line.startswith("    realis:") for line in values)
            and ("codings", "realis") in self.codebook.fields
        ):
            yield "    realis: {value: occurred}   # guessed: the file tells of what happened"
        yield from self._unfilled(values)

    def _unfilled(self, values: list[str]) -> Iterator[str]:
        """The fields of a coding that no column seems to hold, as comments, with those that a coding must have first."""
        filled = {line.split(":")[0].strip() for line in values} | {"realis"}
        fields = [spec for spec in self.codebook.fields_of("codings") if spec.name not in filled]
        for told, names in (
            ("TODO: a coding must have these, and no column was found for them", [spec.name for spec in fields if spec.required is True]),
            ("no column was found for", [spec.name for spec in fields if spec.required is not True]),
        ):  # fmt: skip
            if names:
                yield from (f"    # {line}" for line in textwrap.wrap(f"{told}: {', '.join(names)}", WIDTH))

    def _how(self) -> Iterator[str]:
        said = []
        if self.reading.delimiter:
            said.append(f"  delimiter: {_quoted(self.reading.delimiter)}")
        if self.reading.encoding:
            said.append(f"  encoding: {self.reading.encoding}")
        if any(one.empty for one in self.profiles):
            said.append('  nulls: [""]   # an empty cell is nothing')
        if said:
            yield "reading:"
            yield from said

    def _key(self) -> str:
        alone = [
            one
            for one in self.profiles
            if one.filled == self.rows and not one.more and len(one.values) == self.rows
        ]
        many = [one for one in self.profiles if one.filled == self.rows and one.more and one.kind != "days"]
        alone = [one for one in alone if one.kind != "days"]  # a day tells rows apart by chance
        named = [one for one in [*alone, *many] if _bare(one.name) in _IDS or one.name.lower().endswith("id")]
        dateless = sorted(
            (one for one in self.profiles if one.kind != "days"), key=lambda one: -len(one.values)
        )
        self.apart = bool(named or alone or many)
        chosen = (named or alone or many or dateless or self.profiles)[0].name
        self.left.pop(chosen, None)
        return chosen

    def _document(self) -> tuple[str | None, list[str]]:
        address, lines = None, []
        for column, names in _DOCUMENTS.items():
            one = next((one for one in self.left.values() if _bare(one.name) in names and one.filled), None)
            if one is None or (column == "published_at" and len(one.forms) != 1):
                continue
            if column == "url":
                address = one.name
            form = f", form: {one.forms[0]}" if column == "published_at" and one.forms != ["ISO"] else ""
            cell = _quoted(one.name) if not form else f"{{column: {_quoted(one.name)}{form}}}"
            lines.append(f"    {column}: {cell}   # by its name. {_told(one)}")
            self.left.pop(one.name)
        return address, lines

    def _values(self) -> Iterator[str]:
        for spec in self.codebook.fields_of("codings"):
            found = self._column(spec)
            if found is not None:
                one, why, cell = found
                self.left.pop(one.name)
                yield f"    {spec.name}: {cell}   # {why}. {_told(one)}"

    def _column(self, spec: Field) -> tuple[Profile, str, str] | None:
        """The column that seems to hold a field, why it seems so, and the cell."""
        names = {_bare(spec.name), _bare(spec.label), *_SYNONYMS.get(spec.name, ())}
        for one in self.left.values():
            if _bare(one.name) in names and one.values:
                cell = self._cell(spec, one)
                if cell is not None:
                    return one, "by its name", cell
        if spec.type not in ("code", "set"):
            return None
        for one in self.left.values():
            if (
                one.kind == "text"
                and len(one.values) > 1
                and _share(one, set(views.allowed(self.codebook, spec))) >= ENOUGH
            ):
                cell = self._cell(spec, one)
                if cell is not None:
                    return one, "by its values, which may be of something else", cell
        return None

    def _cell(self, spec: Field, one: Profile) -> str | None:
        """How the column would be mapped; None where its values are nothing that the field takes."""
        parts = [f"column: {_quoted(one.name)}"]
        if spec.name in date_fields(self.codebook, "codings"):
            if len(one.forms) != 1:
                return None
            parts += [] if one.forms == ["ISO"] else [f"form: {one.forms[0]}"]
        elif spec.type in ("integer", "number"):
            if not one.all_are(WHOLE if spec.type == "integer" else DECIMAL):
                return None
        elif spec.type in ("code", "set"):
            how = self._list(spec, one)
            if how is None:
                return None
            parts += how
        elif spec.type == "boolean" and not one.values.keys() <= BOOLEANS.keys():
            return None
        if spec.missing and (one.nulls or one.empty):
            parts.append(f"when_null: {'not_coded' if 'not_coded' in spec.missing else spec.missing[0]}")
        return _quoted(one.name) if len(parts) == 1 else f"{{{', '.join(parts)}}}"

    def _list(self, spec: Field, one: Profile) -> list[str] | None:
        if _share(one, set(views.allowed(self.codebook, spec))) >= ENOUGH:
            return []
        listed = self.codebook.vocabularies.get(spec.vocabulary or "")
        labels = {term.label.casefold() for term in listed.terms} if listed else set()
        if (
            listed
            and sum(n for text, n in one.values.items() if text.casefold() in labels) >= ENOUGH * one.filled
        ):
            return ["by: label"]
        return None

    def _idea(self, one: Profile) -> str:
        if not one.filled:
            return "nothing stands in it"
        if len(one.values) == 1 and not one.more:
            return "it says the same in every row that says anything"
        if len(one.forms) > 1:
            return f"days in a form that could be {' or '.join(one.forms)}"
        return "what is it?"


def _share(one: Profile, allowed: set[str]) -> float:
    return sum(n for text, n in one.values.items() if text in allowed) / one.filled if one.filled else 0.0


def _bare(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _told(one: Profile) -> str:
    """A profile in a line."""
    share = 100 * one.filled / one.rows if one.rows else 0
    full = "all filled" if one.filled == one.rows else f"{share:.0f} % filled" if one.filled else "empty"
    different = f"over {MANY:,}" if one.more else f"{len(one.values):,}"
    examples = ", ".join(_quoted(text[:WIDE]) for text, _ in one.values.most_common(SHOWN))
    forms = f" ({', '.join(one.forms)})" if one.forms else ""
    return f"{one.kind}{forms}, {full}, {different} different: {examples}".rstrip(": ")


def _quoted(text: str) -> str:
    """A text as YAML, in quotation marks where it needs them."""
    plain = re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", text) and text.lower() not in (
        "true",
        "false",
        "null",
        "yes",
        "no",
        "on",
        "off",
        "y",
        "n",
    )
    return text if plain else json.dumps(text, ensure_ascii=False)
