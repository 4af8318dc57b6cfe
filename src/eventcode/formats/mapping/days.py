"""How other people write a day, and what it is in ISO 8601."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timezone

from eventcode import dates

_NAMES = {name[:length]: i for i, name in enumerate(dates.MONTHS, 1) for length in (3, len(name))}


def day(text: str, form: str) -> str | None:
    """The day, month or year that `text` names in a form of `FORMS`; None where it does not."""
    return FORMS[form](text.strip())


def is_none(text: str, form: str) -> bool:
    """Whether `text` is written in a form, and in no other, but is no day of the calendar."""
    like = _WRITTEN.get(form)
    text = text.strip()
    if like is None or not re.fullmatch(like, text):
        return False
    return not any(day(text, other) for other in FORMS if other != "unix")


_WRITTEN = {
    "ISO": "[0-9]{4}-[0-9]{2}-[0-9]{2}", "YYYYMMDD": "[0-9]{8}", "YYYYMMDDHHMMSS": "[0-9]{14}",
    "DD.MM.YYYY": "[0-9]{1,2}[.][0-9]{1,2}[.][0-9]{4}",
    "DD/MM/YYYY": "[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}", "MM/DD/YYYY": "[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}",
    "DD Month YYYY": "[0-9]{1,2} [A-Za-z]+ [0-9]{4}", "DD-Mon-YYYY": "[0-9]{1,2}-[A-Za-z]+-[0-9]{4}",
}  # fmt: skip


def _numbers(pattern: str) -> Callable[[str], str | None]:
    """A form of digits whose groups are y and perhaps m and d."""
    compiled = re.compile(pattern)

    def read(text: str) -> str | None:
        match = compiled.fullmatch(text)
        return _valid(*(match.groupdict().get(name) for name in "ymd")) if match else None

    return read


def _valid(year: str | None, month: str | None, day_: str | None) -> str | None:
    written = "-".join(part.zfill(2) for part in (year, month, day_) if part is not None)
    return written if not day_ or dates.is_day(written) else None


def _named(pattern: str) -> Callable[[str], str | None]:
    """A form with the name of a month in English, whole or its first three letters."""
    compiled = re.compile(pattern)

    def read(text: str) -> str | None:
        match = compiled.fullmatch(text)
        month = _NAMES.get(match["m"].casefold()) if match else None
        return _valid(match["y"], str(month), match["d"]) if match and month else None

    return read


def _unix(text: str) -> str | None:
    if not re.fullmatch(r"-?[0-9]{1,11}", text):
        return None
    return datetime.fromtimestamp(int(text), timezone.utc).date().isoformat()


def _iso(text: str) -> str | None:
    cut = re.fullmatch(
        r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?(Z|[+-][0-9]{2}:?[0-9]{2})?",
        text,
    )
    try:
        dates.parse(cut[1] if cut else text)
    except ValueError:
        return None
    return cut[1] if cut else text


FORMS: dict[str, Callable[[str], str | None]] = {
    "ISO": _iso,
    "YYYYMMDD": _numbers(r"(?P<y>[0-9]{4})(?P<m>[0-9]{2})(?P<d>[0-9]{2})"),
    "YYYYMMDDHHMMSS": _numbers(r"(?P<y>[0-9]{4})(?P<m>[0-9]{2})(?P<d>[0-9]{2})[0-9]{6}"),
    "YYYYMM": _numbers(r"(?P<y>[0-9]{4})(?P<m>0[1-9]|1[0-2])"),
    "YYYY": _numbers(r"(?P<y>[0-9]{4})"),
    "DD Month YYYY": _named(r"(?P<d>[0-9]{1,2}) (?P<m>[A-Za-z]+) (?P<y>[0-9]{4})"),
    "DD-Mon-YYYY": _named(r"(?P<d>[0-9]{1,2})-(?P<m>[A-Za-z]{3})-(?P<y>[0-9]{4})"),
    "DD.MM.YYYY": _numbers(r"(?P<d>[0-9]{1,2})[.](?P<m>[0-9]{1,2})[.](?P<y>[0-9]{4})"),
    "DD/MM/YYYY": _numbers(r"(?P<d>[0-9]{1,2})/(?P<m>[0-9]{1,2})/(?P<y>[0-9]{4})"),
    "MM/DD/YYYY": _numbers(r"(?P<m>[0-9]{1,2})/(?P<d>[0-9]{1,2})/(?P<y>[0-9]{4})"),
    "unix": _unix,
}
