"""The sheets of a codebook's workbook and their columns."""

from __future__ import annotations

from dataclasses import dataclass

from eventcode.codebook.crosswalk import MATCHES
from eventcode.model import ACTS, MISSING_REASONS, SEVERITIES, TIERS

TYPES = ("string", "code", "set", "integer", "number", "boolean", "date", "actor", "actors", "source", "list")
LEVELS = ("nominal", "ordinal", "interval", "ratio", "set", "hierarchical", "text")
TABLES = ("codings", "sources", "support", "documents")
AGGREGATES = ("same", "most_specific", "union", "range", "interval", "any", "min", "max", "all", "none")
EVIDENCE = ("required", "optional", "none")
TIES = ("member_of", "part_of", "sponsored_by", "leads", "serves")
RULE_KINDS = (
    "row",
    "unique",
    "exists",
    "acyclic",
    "constant_within",
    "twins",
    "near_duplicate",
    "equals_derived",
    "not_both",
    "builtin",
)
YES_NO = ("yes", "no")
NAME = r"[a-z][a-z0-9_]*"
ID = r"[a-z][a-z0-9_-]*"
VERSION = r"[0-9]+\.[0-9]+\.[0-9]+"
LIST_NAME = "The name of the list: small letters, digits, _, a letter first."
VERSION_HELP = "Three numbers with dots between: 1.2.0"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet. `of` is a closed list, or `sheet.column` of the workbook whose entries may be chosen.

    `under` says in which mapping of the entry the value stands (`triggers`), `as_` under which key. `also` are other headings that mean
    the column.
    """

    name: str
    kind: str = "text"
    width: float = 16
    help: str = ""
    must: bool = False
    of: tuple[str, ...] | str = ()
    under: str = ""
    as_: str = ""
    pattern: str = ""
    also: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The key of the entry that the column fills."""
        return self.as_ or self.name


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its entries' columns, and what it is for. `open` sheets take further columns."""

    name: str
    about: str
    columns: tuple[Column, ...]
    open: bool = False
    always: bool = False

    @property
    def known(self) -> dict[str, Column]:
        """The columns by name."""
        return {column.name: column for column in self.columns}


C = Column
CARD = Sheet(
    "codebook", "What the codebook is: one line for each key.", always=True,
    columns=(C("key", "name", 22, "What is said.", True), C("value", "asis", 90, "What it is."), C("meaning", "asis", 62,
    "Not read back.")),
)  # fmt: skip
AUTHORS = Sheet(
    "authors", "Who wrote it.", always=True,
    columns=(C("name", "name", 34, "The person or group.", True), C("role", width=24), C("orcid", "key", 24), C("affiliation", width=34),
             C("email", "key", 28)),
)  # fmt: skip
SCALES = Sheet(
    "scales", "Scales that scores lie on. The intensity of event types lies on the scale named intensity.",
    columns=(
        C("scale", "key", 14, "Its name.", True), C("title", "name", 28, "", True), C("edition", "key", 12, "Which edition of it.", True),
        C("minimum", "number", 11, "", True), C("maximum", "number", 11, "", True),
        C("direction", "text", 50, "What the two ends mean.", True), C("note", "text", 60),
        C("editions", "yaml", 40, "Other editions whose scores are given: id: what it is, one a line."),
    ),
)  # fmt: skip
CODES = Sheet(
    "codes", "The event types: one line for each code, in the order of the tree.", always=True,
    columns=(
        C("code", "key", 11, "The code, as text: 010 keeps its zero. Three digits throughout is a good habit.", True,
          also=("event_code", "cameo_code", "id")),
        C("label", "name", 30, "What coders read.", True, also=("name_of_code", "event_type", "title")),
        C("parent", "key", 11, "The code above it; empty for a root.", of="codes.code", also=("parent_code", "root")),
        C("act", "key", 9, "word (said), deed (done), mixed (a root of both), none (no event: for examples only).", True, ACTS),
        C("definition", "text", 62, "One sentence that decides.", True, also=("description", "meaning")),
        C("includes", "lines", 40, "What is meant as well, one a line."),
        C("excludes", "excludes", 48, "What is not meant → the code to use instead, one a line.", also=("look_alikes",)),
        C("realis", "keys", 24, "What a coding of this code may say in the field realis; none for a code that is no event.", True),
        C("requires", "keys", 20, "Roles (actor, recipient, about) and fields that must be filled."),
        C("quad", "key", 22, "Verbal or material, cooperation or conflict.", of="values.quad", also=("quadclass", "quad_class")),
        C("intensity", "number", 10, "The score on the scale named intensity.", also=("goldstein", "plover_score", "score")),
        C("other_intensities", "yaml", 22, "Scores in other editions of the scale: edition: number, one a line."),
        C("verbs", "lines", 20, "Verbs that point to the code, one a line.", under="triggers"),
        C("nouns", "lines", 20, "Nouns that point to the code, one a line.", under="triggers"),
        C("phrases", "lines", 30, "Phrases that decide for the code, one a line.", under="triggers"),
        C("tier", "key", 10, "Follows from parent and act if it is left empty.", of=TIERS),
        C("stata_value", "integer", 11, "A whole number for Stata, for every code or for none."),
        C("note", "text", 50), C("name", "key", 26, "A short name that never changes: small letters, digits, _.", True, pattern=NAME),
    ),
)  # fmt: skip
FIELDS = Sheet(
    "fields", "The questions put to the coder: one line each.", always=True,
    columns=(
        C("table", "key", 11, "What it is asked of.", True, TABLES),
        C("name", "key", 24, "The column in the data: small letters, digits, _.", True, pattern=NAME, also=("variable", "column")),
        C("label", "name", 26, "The heading.", True), C("question", "text", 46, "As the coder reads it.", True),
        C("help", "text", 56, "More words for the coder.", also=("hint", "description")),
        C("type", "key", 11, "string; code (one of a list), set (several); integer, number, boolean, date; actor, actors, source, list.",
          True, TYPES),
        C("level", "key", 13, "Decides how agreement is measured.", True, LEVELS),
        C("vocabulary", "key", 20, "The list of values, for code and set. event_type is the codes.", of="vocabularies.vocabulary",
          also=("list",)),
        C("required", "boolean", 10, "Whether an answer is owed wherever the question applies.", of=YES_NO),
        C("applies_if", "text", 40, "When the question is put: type.code = '011'. Always, if it is left empty."),
        C("missing", "keys", 22, f"Reasons that may stand for a value: {', '.join(MISSING_REASONS)}."),
        C("missing_values", "keys", 18, "Values of the list that mean unknown."),
        C("always_answerable", "boolean", 11, "yes where every text answers the question.", of=YES_NO),
        C("evidence", "key", 11, "Whether words of the text must be given.", of=EVIDENCE), C("minimum", "number", 10), C("maximum",
          "number", 10),
        C("unit", "text", 12, "Of a number."), C("pattern", "text", 20, "A regular expression that the value must match."),
        C("max_words", "integer", 10), C("scale_best", "any", 14, "For ordinal fields: the best value.", under="scale", as_="best"),
        C("scale_worst", "any", 14, "The worst value.", under="scale", as_="worst"), C("scale_note", "text", 24, under="scale", as_="note"),
        C("aggregate", "key", 14, "How reports become an event.", of=AGGREGATES), C("section", "text", 16,
          "The heading above it in the coding form."),
    ),
)  # fmt: skip
VOCABULARIES = Sheet(
    "vocabularies", "The closed lists; their values stand on the next sheet.", always=True,
    columns=(
        C("vocabulary", "key", 24, LIST_NAME, True, as_="id", pattern=NAME, also=("list", "id")),
        C("title", "text", 34, "", True), C("definition", "text", 80),
        C("missing_values", "keys", 24, "Values that mean unknown."),
    ),
)  # fmt: skip
VALUES = Sheet(
    "values", "The values of the closed lists. Further columns become attributes of the value.", open=True, always=True,
    columns=(
        C("vocabulary", "key", 24, LIST_NAME, True, "vocabularies.vocabulary", pattern=NAME, also=("list", "list_name")),
        C("value", "key", 24, "As it stands in the data.", True, also=("code",)), C("label", "text", 34, "What coders read.", True),
        C("definition", "text", 70), C("parent", "key", 16, "The value above it."),
    ),
)  # fmt: skip
GUIDANCE = Sheet(
    "guidance", "Decision rules for coders.", always=True,
    columns=(C("id", "key", 10, "", True), C("title", "text", 34, "", True), C("text", "text", 84, "", True), C("example", "text", 60)),
)  # fmt: skip
RULES = Sheet(
    "rules", "What must hold in the data. Types, lists, required fields and the like need no rule.", always=True,
    columns=(
        C("id", "key", 30, "codebook.what-must-hold", True), C("table", "key", 13, "Whose rows it is about.", True),
        C("field", "key", 18, "The column that a finding points at."), C("severity", "key", 10, "", True, SEVERITIES),
        C("when", "text", 40, "Where it applies, as an SQL condition."), C("require", "text", 40, "What must be true there."),
        C("message", "text", 44, "What is wrong; {column} shows a value.", True), C("hint", "text", 40, "The remedy.", True), C("why",
          "text", 44),
        C("examples_pass", "yaml", 44, "Rows that pass, as YAML.", under="examples", as_="pass"),
        C("examples_fail", "yaml", 44, "Rows that fail, as YAML.", under="examples", as_="fail"),
        C("kind", "key", 14, "For rules about several rows.", of=RULE_KINDS), C("columns", "keys", 18), C("within", "keys", 16),
        C("references", "key", 14), C("reference_columns", "keys", 16), C("parent", "key", 12), C("days", "integer", 8), C("builtin",
          "key", 18),
        C("definition", "text", 30), C("codes_of", "key", 14, "In a module: the codebook whose codes the examples use."),
    ),
)  # fmt: skip
EXAMPLES = Sheet(
    "examples", "Texts and what must come of them: tests, and what coders learn from.", always=True,
    columns=(
        C("name", "text", 30, "", True), C("text", "text", 70, "Your own words, never copied from the news.", True),
        C("expect", "coded", 44, "Codes with commas between, none for no event, or YAML for more than the code."),
        C("not", "keys", 16, "Codes that a hasty reader might choose."), C("negative", "key", 11,
          "The code for no event that the text stands for."),
        C("note", "text", 44, "Why."), C("sources", "yaml", 34), C("support", "yaml", 30), C("document", "yaml", 24),
        C("codes_of", "key", 14, "In a module: the codebook whose codes it uses."),
    ),
)  # fmt: skip
ACTORS = Sheet(
    "actors", "Who acts, speaks or is spoken of.", always=True,
    columns=(
        C("id", "key", 28, "Small letters, digits, . _ -", True, pattern="[a-z0-9_.-]+"), C("name", "name", 36, "", True),
        C("kind", "key", 18, "", True, "values.actor_kind"), C("country", "key", 10, "ISO 3166 code of three letters."),
        C("aliases", "lines", 40, "Names as news prints them, one a line."), C("valid_from", "key", 12,
          "From when: 2014, 2014-06 or a day."),
        C("valid_to", "key", 12), C("note", "text", 50),
    ),
)  # fmt: skip
TIES_SHEET = Sheet(
    "ties", "Whom actors belong to.",
    columns=(
        C("actor", "key", 28, "", True, "actors.id", as_="of"), C("relation", "key", 16, "", True, TIES),
        C("to_actor", "key", 28, "", True, "actors.id", as_="actor"), C("from", "key", 12, "From when."), C("to", "key", 12, "Until when."),
    ),
)  # fmt: skip
CROSSWALKS = Sheet(
    "crosswalks", "What a code is in another codebook.", always=True,
    columns=(
        C("code", "key", 14, "", True), C("target_codebook", "key", 18, "", True), C("target_version", "key", 16, "", True),
        C("target_code", "key", 26, "Empty for match none."), C("match", "key", 10, "Read from here: broad, the target is broader.", True,
          MATCHES),
        C("note", "text", 70), C("target_fields", "text", 30, "Fields of the target that the code implies: context=military"),
        C("vocabulary", "key", 18, "Where a value, and no code, is mapped: its list."), C("target_vocabulary", "key", 18),
    ),
)  # fmt: skip
DATES = Sheet(
    "dates", "Words that date something, counted from the day of publication.",
    columns=(
        C("phrase", "text", 44, "A regular expression.", True), C("start", "text", 20, "", True), C("end", "text", 20, "", True),
        C("precision", "key", 14, "", True), C("basis", "text", 16), C("note", "text", 50), C("examples", "yaml", 40),
    ),
)  # fmt: skip
MIGRATIONS = Sheet(
    "migrations", "How readings made under earlier versions are read: one line for each step.",
    columns=(
        C("from_version", "key", 14, VERSION_HELP, True, as_="since", pattern=VERSION),
        C("to_version", "key", 14, VERSION_HELP, True, as_="until", pattern=VERSION), C("do", "key", 18, "", True),
        C("of", "key", 20, "", True), C("becomes", "keys", 22, as_="to"), C("table", "key", 12), C("field", "key", 18), C("value", "any",
          16),
        C("missing", "key", 14), C("why", "text", 60),
    ),
)  # fmt: skip
ACCEPTED = Sheet(
    "accepted", "Warnings of the linter that you know of, and why they may stand.",
    columns=(C("rule", "key", 22, "", True), C("of", "lines", 40, "Where; everywhere, if it is left empty."), C("why", "text", 90, "",
    True)),
)  # fmt: skip
SHEETS = (CARD, AUTHORS, SCALES, CODES, FIELDS, VOCABULARIES, VALUES, GUIDANCE, RULES, EXAMPLES, ACTORS, TIES_SHEET, CROSSWALKS, DATES,
          MIGRATIONS, ACCEPTED)  # fmt: skip
BY_NAME = {sheet.name: sheet for sheet in SHEETS}
README = "read me"

# The keys of the sheet `codebook`, with the kind of their value and what they mean.
KEYS: dict[str, tuple[str, str]] = {
    "id": ("key", "Its short name: small letters, digits, - and _; the name of its folder."),
    "title": ("text", "What it is called."),
    "version": ("key", "Three numbers. First: the meaning of a code changed. Second: a new code or field. Third: wording."),
    "kind": ("key", "codebook, or module for fields and rules that others use."),
    "edition": ("key", "The edition of the published standard that it follows, if it follows one."),
    "licence": ("text", "Under which terms others may use it, such as CC-BY-4.0."),
    "description": ("text", "What it is about."),
    "unit": ("text", "What counts as one coding."),
    "uses": ("keys", "Modules whose fields, lists and rules are part of it: sourcing@1, record@1."),
    "extends": ("key", "The codebook that it builds on, as plover@1."),
    "references": ("lines", "Publications to cite, one a line."),
    "removes event_types": ("keys", "Codes of the codebook it extends that are not in it."),
    "removes fields": ("keys", "Fields that are not in it, as codings.place_name."),
    "removes rules": ("keys", "Rules that are not in it."),
    "removes vocabularies": ("keys", "Lists that are not in it."),
    "removes actors": ("keys", "Actors that are not in it."),
    "removes guidance": ("keys", "Decision rules that are not in it."),
    "removes examples": ("lines", "Examples that are not in it, one a line."),
    "actors title": ("text", "What its list of actors is called."),
    "actors definition": ("text", "Who is in the list of actors."),
    "dates field": ("key", "The field whose values the precisions of the date phrases are."),
    "dates spans": ("yaml", "The precisions with the least and the most days that each stands for."),
}  # fmt: skip
