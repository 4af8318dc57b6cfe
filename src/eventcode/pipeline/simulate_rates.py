"""Who the simulated coders are, how often each errs, and which codes they confuse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

from eventcode.model import Codebook

SIBLING = 0.7  # of confused codes, those taken for another of the same root
LOOKALIKE = 0.2  # those taken for one that the codebook warns of; the rest are taken for any other
HABIT = 0.6  # of either, those taken for the first of them, by all coders alike
LATER = 0.25  # of the documents, read under the first version of the codebook
UNCLEAR = 1.4  # times the rate of confused codes under the first version
AGAIN = 0.6  # of the documents, those that a second run of a machine reads in the very same way
LARGEST = 0.9  # no rate exceeds it, however difficult the page


@dataclass(frozen=True, slots=True)
class Rates:
    """How often a coder errs on a page of difficulty 1: each is the probability per event, source or field."""

    missed: float = 0.06  # an event is not coded
    added: float = 0.12  # a sentence that only seems to tell an event is coded
    code: float = 0.12  # another code is given
    date: float = 0.08  # the day is off, or only the month is given
    place: float = 0.08  # the province instead of the town
    actor: float = 0.06  # one who acts or is acted on is missed, or taken for another
    field: float = 0.1  # another value in any other field
    source: float = 0.06  # a source is missed, and its event told in the page's own voice
    identity: float = 0.1  # named and anonymous are confused, or what kind of anonymity it is
    span: float = 0.3  # the words marked begin or end elsewhere


@dataclass(frozen=True, slots=True)
class Reader:
    """A simulated coder. From the share `turns` of the documents on, every rate of codes and events is `worse` times as high."""

    id: str
    kind: str
    version: str
    note: str
    rates: Rates = field(default_factory=Rates)
    turns: float = 1.0
    worse: float = 1.0
    absent: float = 0.03  # the share of documents that the coder did not read
    repeats: str | None = None  # the coder whose second run it is


MACHINE = Rates(
    missed=0.1, added=0.3, code=0.2, date=0.04, place=0.05, actor=0.08, field=0.14, source=0.12, identity=0.2
)
VERSION = "simulated model 1"
READERS = (
    Reader("anna", "person", "training 1", "Simulated. Trained together with ben."),
    Reader("ben", "person", "training 1", "Simulated. Trained together with anna."),
    Reader("carla", "person", "training 1", "Simulated. Errs more in the last two fifths.", turns=0.6, worse=4.0, absent=0.1),
    Reader("machine", "llm", VERSION, "Simulated. One run.", MACHINE, absent=0.0),
    Reader("machine-again", "llm", VERSION, "Simulated. A second run of the same model.", MACHINE, absent=0.0, repeats="machine"),
)  # fmt: skip


def rates(reader: Reader, place: float, difficulty: float) -> Rates:
    """The rates of a coder on one page; `place` from 0 to 1 is where it stands in the order of reading."""
    late = reader.worse if place >= reader.turns else 1.0
    unclear = UNCLEAR if place < LATER else 1.0
    found = {name: rate * difficulty for name, rate in asdict(reader.rates).items()}
    found |= {name: found[name] * late for name in ("missed", "added", "code", "field")}
    found["code"] *= unclear
    return Rates(**{name: min(rate, LARGEST) for name, rate in found.items()})


def confusions(book: Codebook, code: str, among: Sequence[str]) -> dict[str, float]:
    """The probability of every wrong code, once a code is confused: siblings first, then the look-alikes that the codebook names."""
    root = book.root(code)
    siblings = [other for other in among if other not in (code, root) and book.root(other) == root]
    siblings += [root] if code != root else []
    warned = [row.see for row in book.event_types[code].excludes if row.see]
    alike = [
        other for other in dict.fromkeys(warned) if other in among and other != code and other not in siblings
    ]
    rest = [other for other in among if other != code and other not in siblings and other not in alike]
    odds: dict[str, float] = {}
    for group, share, habit in (
        (siblings, SIBLING, HABIT),
        (alike, LOOKALIKE, HABIT),
        (rest, 1 - SIBLING - LOOKALIKE, 0.0),
    ):
        odds |= {other: share * (1 - habit) / len(group) for other in group}
        odds |= {other: odds[other] + share * habit for other in group[:1]}
    whole = sum(odds.values())
    return {other: share / whole for other, share in odds.items()}
