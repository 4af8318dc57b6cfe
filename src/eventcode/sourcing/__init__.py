"""Derivations from who told the reporter: origins, parties to the event, and the summary columns of a record.

Pure functions on rows (`dict` per row, `list` per table). A record is a coding, a report or an event: a set
of coding ids, of one document or of several. Nothing here depends on the order of rows, and all of it takes
time n log n in the rows.
"""

from eventcode.sourcing.explain import Explanation, Told, explain, render
from eventcode.sourcing.forest import Edge
from eventcode.sourcing.names import normal_name
from eventcode.sourcing.origins import VERSION, Origin, Origins
from eventcode.sourcing.summary import derive, origins, party_to_event

__all__ = [
    "VERSION",
    "Edge",
    "Explanation",
    "Origin",
    "Origins",
    "Told",
    "derive",
    "explain",
    "normal_name",
    "origins",
    "party_to_event",
    "render",
]
