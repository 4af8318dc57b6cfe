"""What a reference case brings, in the shapes in which such data are published."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from eventcode.errors import EventcodeError
from eventcode.reliability.unitizing import Continuum, Span
from eventcode.reliability.units import Units, from_coincidences, from_contingency, from_counts, units

CODERS = r"\b(coder|rater|annotator|observer|judge|reader|reviewer|expert|assessor|scorer)s?"
THINGS = r"\b(unit|item|subject|object|document|patient|case|text|sentence|event|question)s?\b"
COINCIDENCES = r"coinciden"
VALUES = r"\b(value|categor(y|ie)|class(e)?|label|code)s?\b"


class NotKnownError(EventcodeError):
    """A metric, level, layout or setting of a case that is not known here."""


@dataclass(frozen=True, slots=True)
class Case:
    """One case of a file, and all of them by name, for a matrix may stand with another."""

    about: Mapping[str, Any]
    others: Mapping[str, Mapping[str, Any]]

    def get(self, *names: str, default: Any = None) -> Any:
        """The first of several keys that the case has, itself or in its `params`."""
        params = self.about.get("params")
        for held in (self.about, params if isinstance(params, Mapping) else {}):
            for name in names:
                if held.get(name) is not None:
                    return held[name]
        return default

    def text(self, *names: str) -> str:
        """Keys as lower-case words."""
        return " ".join(re.sub(r"[_\-–]+", " ", str(self.get(name, default="")).lower()) for name in names)

    @property
    def matrix(self) -> Any:
        """The data, of this case or of the one it points to."""
        return self._source().get("matrix")

    @property
    def layout(self) -> str:
        """How the data lie: of the case that holds them."""
        words = str(self._source().get("layout", "")).lower().replace("×", "x").replace("_", " ")
        return re.sub(r"\bx (\d+ )?", "x ", re.sub(r"\bby\b", "x", words))

    def _source(self) -> Mapping[str, Any]:
        about, seen = self.about, set()
        while isinstance(about.get("matrix"), str):
            name = re.sub(r"^(see|as in|as)\s+", "", about["matrix"].strip())
            if name in seen or name not in self.others:
                raise NotKnownError(f"the matrix is {about['matrix']!r}, which is no case of the file")
            seen.add(name)
            about = self.others[name]
        if about.get("matrix") is None:
            raise NotKnownError("the case has no matrix")
        return about


def read_units(case: Case) -> Units:
    """The units of a case: a table units × coders or coders × units, of counts, of contingency, or a list of what each coder said
    of each unit.
    """
    layout, matrix = case.layout, case.matrix
    if isinstance(matrix, Mapping):
        return units(_nested(matrix), values=case.get("values", "categories"))
    values = case.get("values", "categories", "order", "labels")
    weights = case.get("unit_weights")
    if re.search(COINCIDENCES, layout):
        return from_coincidences(matrix, values or range(1, len(matrix) + 1))
    if re.search(rf"contingency|confusion|cross ?-?tab|{CODERS} ?(1|a|one) x {CODERS} ?(2|b|two)", layout):
        return from_contingency(matrix, values or range(1, len(matrix) + 1))
    if re.search(rf"\bcounts?\b|distribution|{THINGS} x {VALUES}", layout):
        return from_counts(matrix, values or range(1, len(matrix[0]) + 1), weights=weights)
    if re.search(rf"{CODERS} x {THINGS}", layout):
        return units(
            _said(case, [list(row) for row in zip(*matrix, strict=True)]), values=values, weights=weights
        )
    if not layout or re.search(rf"{THINGS} x {CODERS}|\bpairs\b", layout):
        return units(_said(case, matrix), values=values, weights=weights)
    if all(re.search(word, layout) for word in (CODERS, THINGS, VALUES)) or re.search(
        r"\blong\b|triple", layout
    ):
        return units(_wide(layout, matrix), values=values)
    raise NotKnownError(f"layout {layout!r} is not known")


def read_continuum(case: Case, begin: int | None = None) -> Continuum:
    """Spans of coders: lists [coder, category, start, length or end], or objects; from the first start to the last end unless the
    case says otherwise.
    """
    layout, spans = case.layout, []
    if not re.search(r"start|units|spans|segments", layout):
        raise NotKnownError(f"layout {layout!r} is not known")
    if not isinstance(case.matrix, list):
        raise NotKnownError("the matrix is no list of spans")
    for row in case.matrix:
        if isinstance(row, Mapping):
            coder = next(row[name] for name in ("annotator", "coder", "rater", "observer") if name in row)
            category = next((row[name] for name in ("category", "value", "label") if name in row), "")
            start, last, lengthy = row["start"], row.get("end", row.get("length")), "end" not in row
        else:
            coder, category, start, last = row
            lengthy = bool(re.search(r"start, *length", layout))
        end = start + last if lengthy else last
        spans.append(Span(str(coder), str(category), start, end))
    about = case.get("continuum", default={})
    bounds = {**(about if isinstance(about, Mapping) else {}), **_bounds(layout)}
    first = min((span.start for span in spans), default=0) if begin is None else begin
    begin = case.get("begin", default=bounds.get("begin", first))
    length = case.get("length", default=bounds.get("length"))
    last = case.get("end", default=bounds.get("end", max((span.end for span in spans), default=begin)))
    coders = case.get("coders", "annotators", default=sorted({span.coder for span in spans}))
    return Continuum(
        begin, begin + length if length is not None else last, tuple(map(str, coders)), tuple(spans)
    )


def read_labels(case: Case) -> dict[Any, dict[str, list[Any]]]:
    """Unit → coder → labels, from such an object or from units × coders."""
    matrix = case.matrix
    if isinstance(matrix, Mapping):
        return {
            unit: {
                str(coder): said if isinstance(said, list) else [said]
                for coder, said in of.items()
                if said is not None
            }
            for unit, of in matrix.items()
        }
    of_units = read_units(case)
    names = [str(number + 1) for number in range(len(of_units.coders))]
    return {
        unit: {name: [of_units.values[code]] for name, code in zip(names, row, strict=True) if code >= 0}
        for unit, row in enumerate(of_units.codes.tolist())
    }


def read_tree(case: Case) -> dict[Any, Any]:
    """The parent of each value, from such an object or from one of the children of each."""
    tree = case.get("tree", "parents", "parent", "hierarchy", "children")
    if not isinstance(tree, Mapping):
        raise NotKnownError("the case has no tree: value → parent")
    if any(isinstance(below, list) for below in tree.values()):
        return {child: parent for parent, below in tree.items() for child in below or ()}
    return dict(tree)


def keyed(table: Mapping[str, Any]) -> dict[tuple[Hashable, Hashable], float]:
    """A distance written "A|B": 0.5, or "A": {"B": 0.5}, as pairs of values."""
    pairs: dict[tuple[Hashable, Hashable], float] = {}
    for name, value in table.items():
        if isinstance(value, Mapping):
            pairs |= {(name, other): float(far) for other, far in value.items()}
            continue
        one, bar, other = name.partition("|")
        if not bar:
            raise NotKnownError(f"the distance {name!r} names no two values", "write A|B")
        pairs[one, other] = float(value)
    return pairs


def square(case: Case, given: Any, values: tuple[Any, ...]) -> Any:
    """Disagreements of all pairs of values: a table as it stands, "A|B" → number as a table in the order of values."""
    if not isinstance(given, Mapping):
        return np.asarray(given, dtype=np.float64)
    pairs = keyed(given)
    found = np.zeros((len(values), len(values)))
    for row, one in enumerate(values):
        for column, other in enumerate(values):
            if one != other:
                found[row, column] = pairs.get(
                    (str(one), str(other)), pairs.get((str(other), str(one)), np.nan)
                )
    if np.isnan(found).any():
        raise NotKnownError(f"{case.get('name')}: a pair of values has no distance")
    return found


def _bounds(layout: str) -> dict[str, int]:
    return {name: int(number) for name, number in re.findall(r"(begin|length|end)\s*[:=]?\s*(\d+)", layout)}


def _said(case: Case, rows: Any) -> list[list[Any]]:
    """Rows with None where the case has another mark for what is missing, such as "0 = missing" in the words of the layout."""
    named = re.search(r"([^\s(]+) ?(=|is|means) ?missing", case.layout)
    mark = str(case.get("missing", default=named.group(1) if named else "null"))
    return [[None if str(cell) == mark else cell for cell in row] for row in rows]


def _wide(layout: str, rows: Any) -> list[list[Any]]:
    """A row a unit from a list of [unit, coder, value] in the order that the layout names, or of objects with such keys."""
    where = {
        name: re.search(pattern, layout)
        for name, pattern in (("unit", THINGS), ("coder", CODERS), ("value", VALUES))
    }
    order = sorted(where, key=lambda name: found.start() if (found := where[name]) else len(layout))
    said: dict[Any, dict[Any, Any]] = {}
    for row in rows:
        if isinstance(row, Mapping):
            cells = {name: next(row[key] for key in row if re.fullmatch(pattern, key))
                     for name, pattern in (("unit", THINGS), ("coder", CODERS), ("value", VALUES))}  # fmt: skip
        else:
            cells = dict(zip(order, row, strict=True))
        said.setdefault(cells["unit"], {})[cells["coder"]] = cells["value"]
    coders = sorted({coder for of in said.values() for coder in of}, key=str)
    return [[of.get(coder) for coder in coders] for of in said.values()]


def _nested(matrix: Any) -> list[list[Any]]:
    """A row a unit from unit → coder → one label, or from coder → the label of each unit."""
    if all(isinstance(of, list) for of in matrix.values()):
        return [list(row) for row in zip(*matrix.values(), strict=True)]
    coders = sorted({coder for of in matrix.values() for coder in of}, key=str)
    rows = []
    for of in matrix.values():
        given = [of.get(coder) for coder in coders]
        if any(isinstance(one, list) and len(one) != 1 for one in given):
            raise NotKnownError(
                "a coder said several things of one unit", "only Dawid–Skene takes repeat codings"
            )
        rows.append([one[0] if isinstance(one, list) else one for one in given])
    return rows
