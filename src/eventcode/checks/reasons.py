"""Why the rules exist that nobody wrote, and the findings that no rule of a codebook makes."""

from __future__ import annotations

from eventcode.errors import EventcodeError
from eventcode.model import Rule

STAGE = "stage"  # the kind of what no rule of a codebook finds: journal, adjudication, evidence, waivers

# Generated rules whose id says no kind: why each of them exists.
WHY_ONE = {
    "codings.realis-fits-code": "a code that only words can have must not carry a deed's realis, or the other way round",
    "codings.date-reported": "a report that is older than its event shows a wrong year or an announcement coded as a deed",
    "codings.role-required": "an act without its actor, or a demand without its addressee, says nothing about anybody",
    "codings.evidence-required": "without the words, nobody can look up why a value was given",
    "readings.status-agrees": "a page with nothing to code and a page nobody finished must not look alike",
    "participants.actor-or-missing": "a cell that says both who it was and that nobody knows would be counted twice",
    "participants.actor-named": "a role without a name or a reason cannot be told from a slip",
    "evidence.one-owner": "a span that justifies two things cannot follow either of them when one is corrected",
    "evidence.field-named": "a span that justifies no answer cannot be looked up from any",
    "evidence.span-order": "a span that ends before it starts holds no words",
    "evidence.inside-text": "an offset beyond the text was counted in another text or in bytes",
    "evidence.anchored": "a quote that the text does not have was retyped, or is of another document",
    "evidence.hashed": "without salt and hash nobody can verify the span later",
}
# Generated rules by the end of their id. The longest that fits counts.
WHY_KIND = {
    "required-by-code": "the event type makes the field necessary: a pledge of withdrawal needs its place",
    "required": "an empty answer cannot be told from a question that was skipped",
    "not-applicable": "an answer to a question that was not put would be counted with those that were",
    "reason-code": "a reason outside the list would be lost in every count of missing values",
    "value-or-reason": "missing values stay apart from forgotten ones only if each has its reason",
    "code": "a value outside the closed list has no definition, and every later count would leave it out",
    "minimum": "a number below what is possible is a slip",
    "maximum": "a number above what is possible is a slip",
    "pattern": "a value written otherwise cannot be matched with its like",
    "words": "what is printed in a text may be quoted shortly, not copied",
    "precision": "the bounds and the precision of a date must say the same",
    "span": "a month that begins on its third day is no month, and every count by month takes it for one",
    "placeholder": "the first or last day that a program knows becomes the oldest or newest event of the data",
    "bounds": "sums of low and high numbers are published as bounds, and one row out of order makes them false",
    "with-lon": "half a pair of coordinates is no place, and programs put it on the equator or on the meridian of Greenwich",
    "order": "an interval that runs backwards drops out of every query by date without a word",
    "unique": "two rows of one key make every join count double",
    "exists": "a key that leads nowhere drops its row out of every join",
}
# Findings that no rule of a codebook makes: (severity, what it says, what to do).
OTHER = {
    "readings.one-successor": ("error", "one coder and document have a revision number twice", "give the later one the next number"),
    "readings.recode": (
        "error", "no migration could carry a coding over; as a warning: its code means something else today",
        "code it anew, as a next revision",
    ),
    "readings.revision-gap": ("error", "a revision stands there without the one before it", "number corrections one after the other"),
    "evidence.quote-matches": ("error", "the quoted words are not at that place of the text", "copy the words from the text again"),
    "adjudication.ungrouped": ("error", "a coding of a document that several coders read is in no group", "record a group decision"),
    "adjudication.undecided": ("error", "the codings of a group differ in a field, and nobody decided", "record a field decision"),
    "adjudication.sources-undecided": ("error", "nobody decided whose sources are taken", "record a sources decision"),
    "adjudication.grouped-twice": ("error", "a coding is in two groups", "leave it in one of them"),
    "adjudication.not-a-value": ("error", "what a field decision chose is no value of the field", "correct `chosen`"),
    "adjudication.report-twice": ("error", "two groups give one report key", "name one of them otherwise with `report`"),
    "adjudication.decision-of-nothing": (
        "error", "a decision names a document, coding, report, field or reader that is not there", "correct the decision",
    ),
    "adjudication.link-of-nothing": ("error", "a link names a report or an event that is not there", "correct links.jsonl"),
    "adjudication.linked-twice": ("error", "a report is linked to two events", "correct links.jsonl"),
    "adjudication.unrelated-and-same": (
        "error", "two reports are said to be unrelated, and are one event, directly or through others", "take one of the links out",
    ),
    "adjudication.linkers-differ": (
        "error", "two people's links contradict each other", "agree on one; a second person's own links belong in links-second.jsonl",
    ),
    "adjudication.related-to-itself": (
        "error", "an event is linked as a part of itself or as an answer to itself", "take the relation out, or what makes them one event",
    ),
    "adjudication.related-twice": ("error", "two events are linked by two relations", "leave the one that says most"),
    "adjudication.relation-ring": (
        "error", "events are parts of each other, or answer each other, in a ring",
        "a relation goes from the part to the whole, from the answer to what it answers",
    ),
    "adjudication.answer-before": (
        "warning", "a counter or retaliation was over before the event began that it answers",
        "turn the relation round, or look at the dates",
    ),
    "agreement.below-minimum": (
        "error", "the lower bound of a coefficient does not reach the minimum that the dataset card demands, or there is none",
        "see `eventcode agree`: clarify the codes that are confused, train, double-code more documents; or waive it on record",
    ),
    "waivers.expired": ("error", "a waiver's last day is over", "mend the data, or renew the waiver"),
    "waivers.count": ("error", "a waiver expects another number of findings", "look at what changed, then correct the count"),
    "waivers.open": ("error", "a waiver names neither a key nor a count", "give the row's key, or the expected count"),
    "waivers.unused": ("warning", "a waiver waives nothing", "remove it"),
}  # fmt: skip


def why(rule: Rule) -> str:
    """Why a rule exists, a generated one too; EventcodeError for a generated one of a kind that has no line here yet."""
    if not rule.generated:
        return rule.why
    ends = [end for end in WHY_KIND if rule.id.endswith(f"-{end}")]
    if rule.id in WHY_ONE or ends:
        return WHY_ONE.get(rule.id) or WHY_KIND[max(ends, key=len)]
    raise EventcodeError(
        f"the rule {rule.id} has no line in the documentation", hint="say in checks/reasons.py why it exists"
    )


def stages() -> dict[str, Rule]:
    """The findings that no rule of a codebook makes, as rules."""
    return {
        id_: Rule(id_, id_.partition(".")[0], severity, says, remedy, kind=STAGE)
        for id_, (severity, says, remedy) in OTHER.items()
    }
