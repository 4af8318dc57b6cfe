"""What great_expectations found, in words: `2 of 14 differ: 999 (e3), …`. The words depend on the data alone, never on its libraries."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from eventcode.checks.frames import key_of
from eventcode.checks.suite import Statement, number

if TYPE_CHECKING:
    import pandas as pd

SHOWN = 5
Found = Mapping[str, Any]


def observed(statement: Statement, result: Any, frame: pd.DataFrame) -> str:
    """What was found in the frame of the statement's table, from a validation result of great_expectations."""
    problem = _exception(result.exception_info)
    if not problem:
        return _WORDS[statement.observe](result.result, statement, frame)
    filled = statement.column not in frame.columns or bool(frame[statement.column].notna().any())
    return problem if filled else "no value"


def _exception(info: Found) -> str:
    """Why a figure could not be computed; empty if it could. great_expectations nests the reason under an id of its own."""
    if info.get("raised_exception") is False:
        return ""
    inner = info if "exception_message" in info else next(iter(info.values()), {})
    message = str(inner.get("exception_message", "")).strip() or "no reason given"
    return f"not computed: {message.splitlines()[0]}"


def _value(found: Found, said: Statement, frame: pd.DataFrame) -> str:
    value = found.get("observed_value")
    if value is None or value != value:
        return "no value"
    return number(value.item() if hasattr(value, "item") else value)


def _quantile(found: Found, said: Statement, frame: pd.DataFrame) -> str:
    return _value({"observed_value": found["observed_value"]["values"][0]}, said, frame)


def _columns(found: Found, said: Statement, frame: pd.DataFrame) -> str:
    return _missing(found.get("details", {}).get("mismatched", {}).get("missing", []))


def _covered(found: Found, said: Statement, frame: pd.DataFrame) -> str:
    return _missing(found.get("partial_missing_list", []))


def _missing(names: list[Any]) -> str:
    return f"missing: {', '.join(sorted(str(name) for name in names))}" if names else "all there"


def _filled(found: Found) -> int:
    """The rows that were looked at: those with a value."""
    return int(found["element_count"]) - int(found.get("missing_count") or 0)


def _rows(found: Found, said: Statement, frame: pd.DataFrame) -> str:
    """How many rows differ, and the first few with their keys."""
    wrong, all_ = int(found["unexpected_count"]), _filled(found)
    if not wrong:
        return f"{all_} of {all_} hold"
    first = _first(found.get("partial_unexpected_list", []), said, frame)
    return f"{wrong} of {all_} differ: {', '.join([*first, '…'] if wrong > len(first) else first)}"


def _first(values: list[Any], said: Statement, frame: pd.DataFrame) -> list[str]:
    """The first rows that differ, as `value (key)`, from the first values that do.

    great_expectations can name the rows itself, but takes a tenth of a millisecond for every row that differs, shown or not.
    """
    column, nulls = frame[said.column], said.type == "expect_column_values_to_not_be_null"
    rows = frame[column.isna() if nulls else column.isin(values)].head(SHOWN)
    key = [name for name in key_of(said.table) if name in frame.columns and name != said.column]
    shown = ["nothing" if nulls else str(value) for value in rows[said.column]]
    keys = ["/".join(str(rows[name].iloc[i]) for name in key) for i in range(len(rows))]
    return [f"{value} ({key})" if key else value for value, key in zip(shown, keys, strict=True)]


def _share(found: Found, said: Statement, frame: pd.DataFrame) -> str:
    return _part(_filled(found) - int(found["unexpected_count"]), _filled(found))


def _not_share(found: Found, said: Statement, frame: pd.DataFrame) -> str:
    return _part(int(found["unexpected_count"]), _filled(found))


def _part(part: int, whole: int) -> str:
    return f"{number(part / whole)} ({part} of {whole})" if whole else "no value"


def _errors(found: Found, said: Statement, frame: pd.DataFrame) -> str:
    """How many errors are open, and in which rules."""
    errors = frame[frame["severity"] == "error"]
    failing = errors[errors["open"] > 0]
    names = [f"{rule} ({n})" for rule, n in zip(failing["rule"], failing["open"], strict=True)]
    listed = [*names[:SHOWN], "…"] if len(names) > SHOWN else names
    total = f"{int(errors['open'].sum())} open, {int(errors['waived'].sum())} waived, in {len(errors)} rules"
    return total + (f": {', '.join(listed)}" if listed else "")


_WORDS: dict[str, Callable[[Found, Statement, pd.DataFrame], str]] = {
    "value": _value,
    "quantile": _quantile,
    "columns": _columns,
    "covered": _covered,
    "rows": _rows,
    "share": _share,
    "not_share": _not_share,
    "errors": _errors,
}
