"""Events that may hang together: suggestions for the relations between events, which nobody but a person decides.

| suggested | where |
|---|---|
| `sub_event` | no actor that the other event has not, the days and the place within those of the other event, and one of the two smaller |
| `retaliation` | actor and recipient change roles, within `days` after the other event was over |
| `counter` | actor and recipient change roles, while the other event went on |
| `campaign` | at least three events of one code by one actor, each within `days` of the one before; each is linked to the first |
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import inf

from eventcode.adjudication.candidates import neighbours
from eventcode.adjudication.linking_likeness import Settings, Told, gap, roles_change
from eventcode.model import Codebook

FEWEST = 3  # events that make a campaign
ORDER = ("retaliation", "counter", "sub_event", "campaign")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A relation that may hold, from the event of `one` to that of `other`, and why."""

    one: Told
    other: Told
    relation: str
    why: str


def merged(members: Sequence[Told]) -> Told:
    """An event as one `Told`: the days that all its reports allow (else all their days), the first place stated, and everybody named."""
    start, end = max(one.start for one in members), min(one.end for one in members)
    if start > end:
        start, end = min(one.start for one in members), max(one.end for one in members)
    placed = min(members, key=lambda one: [value is None for value in (one.place, one.admin1, one.country)])
    return replace(
        members[0], start=start, end=end, country=placed.country, admin1=placed.admin1, place=placed.place,
        roles={role: frozenset().union(*(one.roles[role] for one in members)) for role in members[0].roles},
        kin={role: frozenset().union(*(one.kin[role] for one in members)) for role in members[0].kin},
    )  # fmt: skip


def suggestions(
    found: Sequence[Told],
    settings: Settings,
    codebook: Codebook,
    *,
    settled: Collection[frozenset[str]] = (),
    alike: Collection[frozenset[str]] = (),
) -> list[Suggestion]:
    """What may hang together among events, one suggestion for each pair.

    Pairs of events in `settled` are left out. Those in `alike` may be one event, so that only a change of roles is suggested of them.
    """
    held: dict[frozenset[str], Suggestion] = {}
    every = [
        *_reversed(found, settings, codebook),
        *_within(found, settings, codebook),
        *_campaigns(found, settings, codebook),
    ]
    for one in sorted(every, key=lambda s: (ORDER.index(s.relation), s.one.name, s.other.name)):
        pair = frozenset((one.one.event, one.other.event))
        if pair not in settled and (pair not in alike or one.relation in ("retaliation", "counter")):
            held.setdefault(pair, one)
    return [*held.values()]


def _reversed(found: Sequence[Told], settings: Settings, codebook: Codebook) -> Iterator[Suggestion]:
    """Pairs in which those who acted on others are acted on by them."""
    blocks: dict[tuple[str, str], list[int]] = {}
    for number, one in enumerate(found):
        if inf not in (one.end, -one.start):
            for actor in one.kin["actor"]:
                for recipient in one.kin["recipient"]:
                    if actor != recipient:
                        first, second = sorted((actor, recipient))
                        blocks.setdefault((first, second), []).append(number)
    for (first, second), members in sorted(blocks.items()):
        for i, j in neighbours(found, members, settings.days, settings.window):
            if j < 0 or not roles_change(found[i], found[j]):
                continue
            earlier, later = sorted((found[i], found[j]), key=lambda one: (one.start, one.end, one.name))
            after = later.start > earlier.end
            days = int(gap(earlier, later))
            when = f"{days} {'day' if days == 1 else 'days'} later" if after else "on the same days"
            why = f"{_name(first, codebook)} and {_name(second, codebook)} change roles, {when}"
            yield Suggestion(later, earlier, "retaliation" if after else "counter", why)


def _within(found: Sequence[Told], settings: Settings, codebook: Codebook) -> Iterator[Suggestion]:
    """Pairs of which one lies within the days and the place of the other, with no other actor."""
    for actor, members in sorted(_by_actor(found).items()):
        for i, j in neighbours(found, members, 0, settings.window):
            if j < 0:
                continue
            for part, whole in ((found[i], found[j]), (found[j], found[i])):
                if not part.roles["actor"] <= whole.roles["actor"]:
                    continue
                days, place = _days_within(part, whole), _place_within(part, whole)
                if None not in (days, place) and (days or place):
                    smaller = " and ".join(
                        word for word, is_smaller in (("days", days), ("place", place)) if is_smaller
                    )
                    yield Suggestion(
                        part, whole, "sub_event", f"{_name(actor, codebook)} in both; the {smaller} within"
                    )


def _days_within(part: Told, whole: Told) -> bool | None:
    """Whether the days of one are fewer and within those of the other; None where they do not lie within, or where a side is open."""
    if -inf < whole.start <= part.start and part.end <= whole.end < inf:
        return (part.start, part.end) != (whole.start, whole.end)
    return None


def _place_within(part: Told, whole: Told) -> bool | None:
    """Whether a place is smaller than and within that of the other, which states fewer levels; None where it does not lie within, or where
    the other states none."""
    levels = ("country", "admin1", "place")
    mine, theirs = ([getattr(one, level) for level in levels] for one in (part, whole))
    stated = [level for level in range(len(levels)) if theirs[level]]
    if not stated or any(mine[level] != theirs[level] for level in stated):
        return None
    return any(mine[level] for level in range(stated[-1] + 1, len(levels)))


def _campaigns(found: Sequence[Told], settings: Settings, codebook: Codebook) -> Iterator[Suggestion]:
    """Runs of events of one code by one actor, each within the days of the one before; the later ones belong to the first."""
    for actor, members in sorted(_by_actor(found).items()):
        codes = sorted({found[number].code for number in members})
        for code in codes:
            told = sorted(
                (
                    found[n]
                    for n in members
                    if found[n].code == code and inf not in (found[n].end, -found[n].start)
                ),
                key=lambda one: (one.start, one.end, one.name),
            )
            for run in _runs(told, settings.days):
                kind = codebook.event_types.get(code)
                label = f" ({kind.label})" if kind else ""
                what = f"{len(run)} events of {code}{label} by {_name(actor, codebook)}"
                why = f"{what}, each within {settings.days} days of the one before"
                yield from (Suggestion(one, run[0], "campaign", why) for one in run[1:])


def _runs(told: Sequence[Told], days: int) -> Iterator[list[Told]]:
    run: list[Told] = []
    last = -inf
    for one in told:
        if run and one.start > last + days:
            if len(run) >= FEWEST:
                yield run
            run = []
        run.append(one)
        last = max(last, one.end) if len(run) > 1 else one.end
    if len(run) >= FEWEST:
        yield run


def _name(actor: str, codebook: Codebook) -> str:
    known = codebook.actors.get(actor)
    return known.name if known else actor


def _by_actor(found: Iterable[Told]) -> dict[str, list[int]]:
    held: dict[str, list[int]] = {}
    for number, one in enumerate(found):
        for actor in one.roles["actor"]:
            held.setdefault(actor, []).append(number)
    return held
