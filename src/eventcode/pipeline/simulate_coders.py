"""What simulated coders make of a text whose truth is known: readings with errors at known rates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

import numpy as np

from eventcode import text
from eventcode.model import Codebook
from eventcode.pipeline.simulate_parts import Happening, Page, Span, Teller, Told, World, name, parts
from eventcode.pipeline.simulate_rates import LATER, Rates, Reader, confusions, rates
from eventcode.pipeline.simulate_texts import OPENINGS

HARMS = {"011": "air_strike", "013": "sanctions", "014": "other_force", "010": "unspecified"}
DEMANDS = {"021": "give_up_weapons", "022": "leave_place", "023": "submit_to_state", "020": "other"}
EXTENTS = ("all", "most", "some", "token")


def read(
    page: Page, world: World, reader: Reader, place: float, among: Sequence[str], book: Codebook,
    rng: np.random.Generator,
) -> tuple[dict[str, Any], dict[str, int | None]] | None:  # fmt: skip
    """(the line of a readings file, which event of the page each coding is of), or None where the coder did not read the page."""
    if rng.random() < reader.absent:
        return None
    work = _Work(page, world, rates(reader, place, page.difficulty), among, book, rng)
    codings = [*work.codings()]
    hour = datetime(2025, 9, 1, 8, tzinfo=timezone.utc) + timedelta(
        minutes=int(place * 40_000) + len(reader.id)
    )
    head = {
        "document": page.key, "coder": reader.id,
        "codebook": f"{book.id}@1.0.0" if place < LATER else book.reference, "revision": 1,
        "status": "coded" if codings else "no_event", "coded_at": f"{hour:%Y-%m-%dT%H:%M:%SZ}",
        "sample_role": "reliability" if page.drawn else "training",
        **({"inclusion_p": page.drawn} if page.drawn else {}),
    }  # fmt: skip
    body = {"sources": work.sources, "codings": codings} if codings else {}
    return {**head, **body}, work.truth


class _Work:
    """One coder at one page."""

    def __init__(
        self, page: Page, world: World, rates: Rates, among: Sequence[str], book: Codebook,
        rng: np.random.Generator,
    ) -> None:  # fmt: skip
        self.page, self.world, self.rates, self.among = page, world, rates, among
        self.book, self.rng = book, rng
        self.sources: list[dict[str, Any]] = []
        self.truth: dict[str, int | None] = {}
        self.seen: dict[
            int | None, str
        ] = {}  # the key of a teller's source; that of the own voice under None

    def codings(self) -> Iterator[dict[str, Any]]:
        """What the coder finds, in the order of the text."""
        told = [(t, i) for i, t in enumerate(self.page.told) if not self._errs("missed")]
        added = [(t, None) for t in self.page.tempting if self._errs("added")]
        for number, (event, truth) in enumerate(
            sorted([*told, *added], key=lambda row: row[0].spans["sentence"])
        ):
            key = f"e{number + 1}"
            self.truth[key] = truth
            yield self._coding(key, event, self.world.happenings[event.happening])

    def _coding(self, key: str, event: Told, it: Happening) -> dict[str, Any]:
        code = self._code(it.code)
        source, teller = self._source(event.teller, event.spans)
        own = teller is None
        setting = it.setting if not self._errs("field") else "unknown"
        coding: dict[str, Any] = {
            "key": key, "event_type": code, "realis": self._realis(it, code),
            "setting": "unknown" if own and setting == "private" else setting,
            **self._when(it), **self._where(it), **self._terms(code), **self._object(code, event, it),
        }  # fmt: skip
        coding["participants"] = [*self._participants(code, it, event)]
        coding["support"] = [*self._support(source, teller, event)]
        shown = ["event_type", *(["place_name"] if coding["place_precision"] == "town" else [])]
        shown += ["date"] if "date" in event.spans and len(coding.get("date", "")) == 10 else []
        coding["evidence"] = [{"field": name, **self._span(event.spans[name])} for name in shown]
        return coding

    def _support(self, source: str, teller: Teller | None, event: Told) -> Iterator[dict[str, Any]]:
        yield {
            "source": source, "stance": self._other("asserts", "stance", ("asserts", "confirms")),
            "knowledge": self._other(teller.knowledge if teller else "unknown", "knowledge"),
            "quote_form": self._other("indirect", "quote_form") if teller else "own_words",
            "scope_basis": "same_sentence", "evidence": [self._span(event.spans["sentence"])],
        }  # fmt: skip
        second = event.second
        if second is None or self._errs("source"):
            return
        other, teller = self._source(
            second.teller, {"teller": self.page.tellers[second.teller].span or second.span}
        )
        if other != source and teller is not None:
            yield {
                "source": other, "stance": self._other(second.stance, "stance", ("confirms", "denies", "doubts")),
                "knowledge": self._other(teller.knowledge, "knowledge"), "quote_form": "indirect",
                "scope_basis": self._other("same_sentence", "scope_basis", ("same_sentence", "same_paragraph")),
                "evidence": [self._span(second.span)],
            }  # fmt: skip

    # ── what it is ────────────────────────────────────────────────────────────────────────────────────────────────────

    def _code(self, code: str) -> str:
        if not self._errs("code"):
            return code
        odds = confusions(self.book, code, self.among)
        return str(self.rng.choice([*odds], p=[*odds.values()]))

    def _realis(self, it: Happening, code: str) -> str:
        allowed = [value for value in OPENINGS if value in self.book.event_types[code].realis]
        value = self._pick(allowed) if self._errs("field") else it.realis
        return value if value in allowed else "occurred"

    def _when(self, it: Happening) -> dict[str, Any]:
        if not self._errs("date"):
            return {"date": it.day.isoformat()}
        if self.rng.random() < 0.4:
            return {"date": f"{it.day:%Y-%m}"}
        return {"date": (it.day - timedelta(days=int(self.rng.integers(1, 4)))).isoformat()}

    def _where(self, it: Happening) -> dict[str, Any]:
        if it.place == it.province or self._errs("place"):
            return {"place_name": it.province, "place_precision": "admin1", "admin1": it.province}
        return {"place_name": it.place, "place_precision": "town", "admin1": it.province}

    def _terms(self, code: str) -> dict[str, Any]:
        root = self.book.root(code)
        if root == "010":
            return {"harm": [HARMS[code]]}
        if root != "020":
            return {}
        own = [DEMANDS.get(code, "stop_attacks")]
        return {"demand": [*own, *(["stop_attacks"] if self._errs("field") and code in DEMANDS else [])]}

    def _object(self, code: str, event: Told, it: Happening) -> dict[str, Any]:
        root = self.book.root(code)
        found: dict[str, Any] = {}
        if root in parts()["objects"]:
            found["object"] = [
                self._pick(parts()["objects"][root]) if self._errs("field") else event.objects[0]
            ]
        if root in ("030", "060", "070", "080"):
            found["extent"] = self._extent(code, event.extent)
        if root == "110":
            deaths = it.deaths
            if deaths is not None and self._errs("field"):
                deaths += 1
            found |= (
                {"fatalities_best_missing": "not_stated"} if deaths is None else {"fatalities_best": deaths}
            )
        return found

    def _extent(self, code: str, extent: str) -> str:
        """A step up or down on the scale; what the code fixes stays."""
        if self._errs("field") and extent in EXTENTS:
            extent = EXTENTS[min(max(EXTENTS.index(extent) + int(self.rng.choice([-1, 1])), 0), 3)]
        if code == "075":
            return extent if extent in ("all", "unknown") else "all"
        return "most" if code == "074" and extent == "all" else extent

    # ── who ───────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _participants(self, code: str, it: Happening, event: Told) -> Iterator[dict[str, Any]]:
        required = self.book.event_types[code].requires
        for role in ("actor", "recipient", "about"):
            actor = getattr(it, role)
            if actor is None and role not in required:
                continue
            row: dict[str, Any] = {"role": role, "position": 0}
            if actor is None:
                yield {**row, "actor_missing": "not_stated"}
            elif not self._errs("actor"):
                yield {**row, "actor_id": actor, "name_as_printed": name(actor)}
            elif role == "actor" or self.rng.random() < 0.4:
                cast = next(ids for ids in parts()["casts"].values() if actor in ids)
                other = self._pick(cast)
                yield {**row, "actor_id": other, "name_as_printed": name(other)}
            elif role in required:
                yield {**row, "actor_missing": "cannot_tell"}

    def _source(self, number: int, spans: Mapping[str, Span]) -> tuple[str, Teller | None]:
        """The key of the source that the coder takes, and the teller; None where it is the page's own voice."""
        teller = self.page.tellers[number]
        if number in self.seen:
            return self.seen[number], teller
        if teller.is_["identity"] == "own_voice" or ("sentence" in spans and self._errs("source")):
            if None not in self.seen:
                self._add({"identity": "own_voice"}, spans["sentence"], None)
            return self.seen[None], None
        said = dict(teller.wrong if teller.wrong and self._errs("identity") else teller.is_)
        if "affiliations" in said and self._errs("field"):
            said = {**said, "affiliations": ["unknown"]}
            said.pop("affiliation_actors", None)
        medium = self._other(str(said.get("medium", "not_stated")), "medium")
        self._add({**said, "medium": medium}, teller.span or spans["teller"], number)
        return self.seen[number], teller

    def _add(self, said: Mapping[str, Any], span: Span, number: int | None) -> None:
        key = f"s{len(self.sources) + 1}"
        self.seen[number] = key
        self.sources.append({"key": key, **said, "evidence": [self._span(span)]})

    # ── chance ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _errs(self, what: str) -> bool:
        return bool(self.rng.random() < getattr(self.rates, what))

    def _pick(self, values: Sequence[Any]) -> Any:
        return values[int(self.rng.integers(len(values)))]

    def _other(self, value: str, vocabulary: str, among: Sequence[str] = ()) -> str:
        """The value, or at the rate of `field` another of its list, or of those `among` it."""
        if not self._errs("field"):
            return value
        listed = among or [*self.book.vocabularies[vocabulary].values]
        return str(self._pick([other for other in listed if other != value]))

    def _span(self, span: Span) -> dict[str, Any]:
        """Evidence for a span, whose ends a word more or less may move."""
        start, end = span
        words = self.page.text
        if self._errs("span"):
            cut = words.find(" ", start, end)
            start = cut + 1 if 0 <= cut < end - 12 else start
        if self._errs("span") and end - start > 20:
            cut = words.rfind(" ", start, end)
            end = cut if cut > start + 12 else end
        salt = "".join(f"{int(n):02x}" for n in self.rng.integers(0, 256, 8))
        found = text.span(words, start, end, salt)
        return {"start": found.start, "end": found.end, "salt": found.salt, "quote_hash": found.quote_hash}
