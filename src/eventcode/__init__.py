"""eventcode: political event data from news text, from codebook to validated release.

>>> import eventcode
>>> events = eventcode.load("iraq-militias-2025")        # doctest: +SKIP
>>> events.groupby("event_type").size()                  # doctest: +SKIP
"""

from __future__ import annotations

TYPE_CHECKING = False  # typing costs more to import than all else here
if TYPE_CHECKING:
    from typing import Any

    from eventcode.codebook.load import load as load_codebook
    from eventcode.errors import EventcodeError
    from eventcode.model import Codebook, Finding
    from eventcode.pipeline.agree import agreement
    from eventcode.pipeline.check import check
    from eventcode.pipeline.load import load

__version__ = "0.1.0"
__all__ = [
    "Codebook",
    "EventcodeError",
    "Finding",
    "__version__",
    "agreement",
    "check",
    "load",
    "load_codebook",
]

_HOMES = {
    "load": ("eventcode.pipeline.load", "load"),
    "agreement": ("eventcode.pipeline.agree", "agreement"),
    "check": ("eventcode.pipeline.check", "check"),
    "load_codebook": ("eventcode.codebook.load", "load"),
    "Codebook": ("eventcode.model", "Codebook"),
    "Finding": ("eventcode.model", "Finding"),
    "EventcodeError": ("eventcode.errors", "EventcodeError"),
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for, so that `import eventcode` costs nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module 'eventcode' has no attribute '{name}'")
    from importlib import import_module

    module, attribute = _HOMES[name]
    return getattr(import_module(module), attribute)


def __dir__() -> list[str]:
    return sorted(__all__)
