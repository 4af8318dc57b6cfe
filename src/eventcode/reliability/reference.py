"""Published cases run through the public functions: what a case expects, what it got, and whether that is within its tolerance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eventcode.errors import EventcodeError
from eventcode.reliability.reference_layouts import Case, NotKnownError
from eventcode.reliability.reference_metrics import measure

TOLERANCE = 1e-6  # of a case that states none


@dataclass(frozen=True, slots=True)
class Verdict:
    """A case, what it expects, what our functions say, and whether that is a hit; `reason` tells why something else was not
    comparable or is None.
    """

    name: str
    metric: str
    expected: Any
    got: Any
    passed: bool
    reason: str | None = None


def run(cases: Any) -> list[Verdict]:
    """A verdict for each case of a reference file: a list of objects with name, layout, matrix, metric, level, expected and tolerance.

    A matrix may be the words "see NAME" of another case. A case whose metric, level or layout is not known, or that lacks
    something, is a miss with its reason. EventcodeError: the file holds something else than a list of objects.
    """
    if not isinstance(cases, list) or not all(isinstance(case, dict) for case in cases):
        raise EventcodeError("a reference file holds a list of cases", "give a JSON list of objects")
    named = {str(case.get("name")): case for case in cases}
    return [_verdict(Case(case, named)) for case in cases]


def _verdict(case: Case) -> Verdict:
    name, metric = str(case.get("name", "a case without name")), str(case.get("metric", default="–"))
    expected = case.get("expected")

    def verdict(got: Any, passed: bool, reason: str | None = None) -> Verdict:
        return Verdict(name, metric, expected, got, passed, reason)

    if "expected" not in case.about:
        return verdict(None, False, "the case expects nothing")
    try:
        got, reason = measure(case)
    except NotKnownError as error:
        return verdict(None, False, error.message)
    except EventcodeError as error:
        return verdict(None, False, f"{error.message} → {error.hint}" if error.hint else error.message)
    except Exception as error:  # whatever a strange case does, the others are run
        return verdict(None, False, f"the case cannot be read: {type(error).__name__}: {error}")
    tolerance = case.get("tolerance", default=TOLERANCE)
    if not _number(tolerance) or not tolerance >= 0:
        return verdict(got, False, f"the tolerance is {tolerance!r}, no number from 0")
    return verdict(got, close(expected, got, float(tolerance)), reason)


def close(expected: Any, got: Any, tolerance: float) -> bool:
    """Whether numbers lie within the tolerance, one by one in lists and objects; anything else must be the same.

    None and NaN are both undefined, and a value may stand as a number or in words.
    """
    if isinstance(expected, Mapping):
        return (
            isinstance(got, Mapping)
            and {str(key) for key in expected} == {str(key) for key in got}
            and all(
                close(value, {str(k): v for k, v in got.items()}[str(key)], tolerance)
                for key, value in expected.items()
            )
        )
    if isinstance(expected, Sequence) and not isinstance(expected, str):
        same = isinstance(got, Sequence) and not isinstance(got, str) and len(expected) == len(got)
        return same and all(close(one, other, tolerance) for one, other in zip(expected, got, strict=True))
    if _number(expected) and _number(got):
        return bool(abs(expected - got) <= tolerance * (1 + 1e-9))
    if expected is None or got is None:
        return expected is got or expected != expected
    return str(expected) == str(got)


def failed(verdicts: Sequence[Verdict]) -> bool:
    """Whether a case is missed, or there was none to hit."""
    return not verdicts or not all(verdict.passed for verdict in verdicts)


def table(verdicts: Sequence[Verdict]) -> str:
    """A line a case: name, metric, expected, got, verdict; reasons below; the count at the end."""
    rows = [("case", "metric", "expected", "got", "verdict")]
    rows += [
        (v.name, v.metric, _short(v.expected), _short(v.got), "hit" if v.passed else "MISS") for v in verdicts
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]) - 1)]
    lines = []
    for row, of in zip(rows, [None, *verdicts], strict=True):
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        lines.append("  ".join([*cells, row[-1]]))
        if of is not None and of.reason is not None:
            lines.append(f"  → {of.reason}")
    hits = sum(verdict.passed for verdict in verdicts)
    return "\n".join([*lines, "", f"{hits} of {len(verdicts)} cases hit"])


def _short(value: Any) -> str:
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float | Mapping | Sequence)
        or isinstance(value, str)
    ):
        return "–" if value is None else str(value)
    if isinstance(value, float | int):
        return f"{value:.7g}"
    parts = (
        [f"{key}: {_short(one)}" for key, one in value.items()]
        if isinstance(value, Mapping)
        else [*map(_short, value)]
    )
    text = ", ".join(parts)
    return f"[{text}]" if len(text) <= 38 else f"[{text[:37]}…]"


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
