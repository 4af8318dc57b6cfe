"""The report of agreement as a page."""

from __future__ import annotations

from eventcode.codebook.site.drawing import needed as needed
from eventcode.reliability.report.page import page as page
