"""Checks of a foreign file as it stands: its columns as text, before any of them is mapped.

What they find is damage that a map would carry over or hide: two ways to say that nothing is known, names that differ only on the
keyboard, letters read in the wrong encoding, codes that lost their zeros, ids in a column of names, lists that no longer go together.
"""

from eventcode.checks.surface.check import check
from eventcode.checks.surface.hints import Hints
from eventcode.checks.surface.rules import RULES

__all__ = ["RULES", "Hints", "check"]
