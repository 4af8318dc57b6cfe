"""Values of a list that mean unknown, told by their labels and by the numbers that surveys use for them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from eventcode.codebook.sheet.records import Entry
from eventcode.codebook.sheet.told import Report
from eventcode.codebook.slugs import slug

NUMBERS = ("9", "98", "99", "998", "999", "-9", "-98", "-99", "-999")
WORDS = {
    "cannot be told", "can not be told", "cannot tell", "cannot be determined", "cannot be coded", "don t know", "dont know",
    "do not know", "does not know", "not known", "dk", "not stated", "not reported", "not specified", "not mentioned", "not available",
    "no information", "no data", "missing", "unknown", "unclear", "uncertain", "not applicable", "does not apply", "n a", "no answer",
    "no response", "refused", "refusal", "unbekannt", "weiss nicht", "keine angabe", "k a", "nicht bekannt", "unklar",
    "trifft nicht zu", "inconnu", "ne sait pas", "sans reponse", "non precise", "desconocido", "no sabe", "no contesta", "no responde",
}  # fmt: skip
_SUBSTANTIVE = re.compile(
    r"\b(other|others|else|none|sonstige\w*|andere\w*|autre|autres|otro|otra|otros|otras)\b"
)
_NUMBER = re.compile(r"-?[0-9]{1,9}")
ATTRIBUTE = "missing_values"


def mark(lists: Iterable[Entry], values: Iterable[Entry], fields: Iterable[Entry], report: Report) -> None:
    """Give `missing_values` to every list of which nothing is said: neither by itself, nor by a column of its sheet, nor by a field."""
    told = {entry.plain.get("vocabulary") for entry in fields if entry.plain.get(ATTRIBUTE)}
    terms: dict[str, dict[str, str]] = {}
    for entry in values:
        labels = terms.setdefault(str(entry.plain.get("vocabulary")), {})
        labels[str(entry.plain.get("value", ""))] = str(entry.plain.get("label", ""))
    for entry in lists:
        of = str(entry.plain.get("id", ""))
        if ATTRIBUTE in entry.plain or ATTRIBUTE in entry.heads or of in told:
            continue
        labels = terms.get(of, {})
        found = [value for value in labels if means_unknown(value, labels)]
        if found and len(found) < len(labels):
            entry.plain[ATTRIBUTE] = found
            for value in found:
                what = "taken for no answer: take it out where it is one"
                report.add("vocabularies", ATTRIBUTE, what, f"{of}: {value} = {labels[value]}", todo=True)


def means_unknown(value: str, labels: Mapping[str, str]) -> bool:
    """Whether a value of a list (with the label of each) stands for no answer: by its label, or by a number that surveys use so.

    A number that the others count up to, or that is not the last of them, is a value like them.
    """
    said = _said(labels[value])
    if said in WORDS or _said(value) in WORDS:
        return True
    if value not in NUMBERS or _SUBSTANTIVE.search(said):
        return False
    number = int(value)
    others = [int(other) for other in labels if _NUMBER.fullmatch(other) and other not in NUMBERS]
    before = str(number - 1)
    if any(other < 0 for other in others) if number < 0 else any(other > number for other in others):
        return False
    return number < 0 or before not in labels or means_unknown(before, labels)


def _said(text: str) -> str:
    """A label in small letters without accents, marks and what stands in brackets."""
    return slug(re.sub(r"\(.*?\)|\[.*?\]", "", text), " ")
